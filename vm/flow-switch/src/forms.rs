//! What keys mean as a value: numbers, telephone numbers, dates, times, amounts.
//!
//! Pure: it knows keys, the number that was called and the language, and nothing of calls. What is no value
//! (the 31st of February, 25 o'clock) is none, and counts as a wrong key.

use flow_bytecode::decimal::{self, Currency, Money};
use flow_bytecode::program::Form;
use flow_bytecode::{Datum, moment, numbering};

const MILLIS_PER_MINUTE: i32 = 60_000;

/// The value of keys in ASCII; none when they mean nothing.
pub(crate) fn value(form: Form, keys: &[u8], called: &str, language: &str) -> Option<Datum> {
    let text = std::str::from_utf8(keys).ok()?;
    Some(match form {
        Form::Digits => Datum::Text(text.to_owned()),
        Form::Number => Datum::Int(text.parse().ok()?),
        Form::Phone => Datum::Text(numbering::e164(text, called)?),
        Form::Date => Datum::Date(date(text, DateOrder::of(language, called))?),
        Form::Time => Datum::Time(time(text)?),
        Form::Money(currency) => Datum::Money(money(text, currency)?),
        Form::YesNo => match text {
            "1" => Datum::Bool(true),
            "2" => Datum::Bool(false),
            _ => return None,
        },
    })
}

/// In which order people write a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DateOrder {
    MonthDayYear,
    DayMonthYear,
    YearMonthDay,
}

impl DateOrder {
    /// By the language's region, else by its custom; English without a region by the number that was called.
    fn of(language: &str, called: &str) -> Self {
        let (base, region) = language.split_once('-').unwrap_or((language, ""));
        match (base, region) {
            (_, "US") => Self::MonthDayYear,
            (_, "CA" | "CN" | "HU" | "JP" | "KR" | "LT" | "SE" | "TW") => Self::YearMonthDay,
            ("en", "") if called.starts_with("+1") => Self::MonthDayYear,
            ("hu" | "ja" | "ko" | "lt" | "sv" | "zh", _) => Self::YearMonthDay,
            _ => Self::DayMonthYear,
        }
    }
}

/// Eight digits as days since 1970.
fn date(text: &str, order: DateOrder) -> Option<i32> {
    if text.len() != 8 {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = match order {
        DateOrder::MonthDayYear => (part(4, 8)?, part(0, 2)?, part(2, 4)?),
        DateOrder::DayMonthYear => (part(4, 8)?, part(2, 4)?, part(0, 2)?),
        DateOrder::YearMonthDay => (part(0, 4)?, part(4, 6)?, part(6, 8)?),
    };
    moment::date(year, month, day)
}

/// Four digits of a day of 24 hours as milliseconds.
fn time(text: &str) -> Option<i32> {
    if text.len() != 4 {
        return None;
    }
    let (hour, minute) = (text.get(..2)?.parse::<i32>().ok()?, text.get(2..)?.parse::<i32>().ok()?);
    (hour < 24 && minute < 60).then_some((60 * hour + minute) * MILLIS_PER_MINUTE)
}

/// Digits with at most one star for the point, and no more after it than the currency has.
fn money(text: &str, currency: Currency) -> Option<Money> {
    let amount = decimal::read(&text.replace('*', "."))?;
    (amount.scale() <= currency.digits()).then(|| Money::new(amount, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(form: Form, keys: &str, called: &str, language: &str) -> Option<Datum> {
        value(form, keys.as_bytes(), called, language)
    }

    #[test]
    fn a_date_is_keyed_in_the_order_of_its_place() {
        let christmas = moment::date(2026, 12, 25).map(Datum::Date);
        assert_eq!(told(Form::Date, "12252026", "+15550100", "en"), christmas);
        assert_eq!(told(Form::Date, "25122026", "+442079460000", "en"), christmas);
        assert_eq!(told(Form::Date, "25122026", "+15550100", "es"), christmas);
        assert_eq!(told(Form::Date, "20261225", "+46850100", "sv"), christmas);
        assert_eq!(told(Form::Date, "31022026", "", "es"), None, "no such day");
    }

    #[test]
    fn a_telephone_number_is_one_of_its_country_or_a_wrong_key() {
        let phone = |keys, called| told(Form::Phone, keys, called, "en");
        assert_eq!(phone("600000001", "+34910000000"), Some(Datum::Text("+34600000001".into())));
        assert_eq!(phone("5550123", "+12125550100"), None, "the area is missing");
    }

    #[test]
    fn a_time_has_24_hours() {
        assert_eq!(told(Form::Time, "0830", "", "en"), Some(Datum::Time(30_600_000)));
        assert_eq!(told(Form::Time, "2400", "", "en"), None);
        assert_eq!(told(Form::Time, "1260", "", "en"), None);
    }

    #[test]
    fn a_star_is_the_point_of_an_amount() {
        let euro = Currency::new("EUR").expect("a code");
        let amount = |text: &str| told(Form::Money(euro), text, "", "en").map(|datum| format!("{datum:?}"));
        assert_eq!(money("12*50", euro).map(|money| money.to_string()).as_deref(), Some("EUR 12.50"));
        assert!(amount("12").is_some());
        assert_eq!(amount("1*2*3"), None);
        assert_eq!(amount("1*234"), None);
        assert_eq!(amount("*5"), None);
        assert_eq!(told(Form::Money(Currency::new("JPY").expect("a code")), "1*5", "", "en"), None);
    }
}
