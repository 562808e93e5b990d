//! Decimals and money in words: "12 pounds 50".

use flow_bytecode::decimal::{Decimal, Money, to_i64};

use super::Tongue;
use super::values::Said;

/// The words of a currency: one of it, several, and what it is for, in a language.
struct Words {
    tongue: Tongue,
    code: &'static str,
    one: &'static str,
    many: &'static str,
}

const fn words(tongue: Tongue, code: &'static str, one: &'static str, many: &'static str) -> Words {
    Words { tongue, code, one, many }
}

const WORDS: &[Words] = &[
    words(Tongue::English, "AUD", "Australian dollar", "Australian dollars"),
    words(Tongue::English, "CAD", "Canadian dollar", "Canadian dollars"),
    words(Tongue::English, "CHF", "franc", "francs"),
    words(Tongue::English, "EUR", "euro", "euros"),
    words(Tongue::English, "GBP", "pound", "pounds"),
    words(Tongue::English, "JPY", "yen", "yen"),
    words(Tongue::English, "MXN", "peso", "pesos"),
    words(Tongue::English, "USD", "dollar", "dollars"),
    words(Tongue::Spanish, "AUD", "dólar australiano", "dólares australianos"),
    words(Tongue::Spanish, "CAD", "dólar canadiense", "dólares canadienses"),
    words(Tongue::Spanish, "CHF", "franco", "francos"),
    words(Tongue::Spanish, "EUR", "euro", "euros"),
    words(Tongue::Spanish, "GBP", "libra", "libras"),
    words(Tongue::Spanish, "JPY", "yen", "yenes"),
    words(Tongue::Spanish, "MXN", "peso", "pesos"),
    words(Tongue::Spanish, "USD", "dólar", "dólares"),
];

/// A decimal: the whole part as a number, then the digits after the point one by one.
pub(super) fn decimal(tongue: Tongue, number: Decimal) -> Said {
    let display = number.to_string();
    let (whole, digits) = display.split_once('.').unwrap_or((&display, ""));
    let mut clips = match whole.parse::<i64>() {
        Ok(0) if number.is_sign_negative() && !digits.is_empty() => {
            let mut clips = tongue.cardinal(-1).clips;
            clips.truncate(1);
            clips.extend(tongue.cardinal(0).clips);
            clips
        }
        Ok(whole) => tongue.cardinal(whole).clips,
        Err(_) => tongue.spelled(whole).clips,
    };
    if !digits.is_empty() {
        clips.extend(tongue.spelled(".").clips);
        clips.extend(tongue.spelled(digits).clips);
    }
    Said { display, clips }
}

/// An amount by the words of its currency; a voice says it, because no currency is among the shipped words.
pub(super) fn money(tongue: Tongue, money: Money) -> Said {
    let digits = money.currency.digits();
    let written = money.to_string();
    let amount = written.split_once(' ').map_or("", |(_, amount)| amount);
    let code = money.currency.code();
    let found = WORDS.iter().find(|words| words.tongue == tongue && words.code == code);
    let (Some(words), true) = (found, money.amount.scale() <= digits) else {
        return Said { display: format!("{amount} {code}"), clips: Vec::new() };
    };
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let one = to_i64(money.amount.trunc().abs()) == Some(1);
    let mut display = format!("{whole} {}", if one { words.one } else { words.many });
    if fraction.bytes().any(|digit| digit != b'0') {
        let with = if tongue == Tongue::Spanish { " con" } else { "" };
        display.push_str(&format!("{with} {fraction}"));
    }
    Said { display, clips: Vec::new() }
}

#[cfg(test)]
mod tests {
    use flow_bytecode::decimal::{Currency, read};

    use super::*;

    fn told(tongue: Tongue, amount: &str, code: &str) -> String {
        let currency = Currency::new(code).expect("a code");
        money(tongue, Money::new(read(amount).expect("a number"), currency)).display
    }

    #[test]
    fn amounts_are_told_by_the_words_of_their_currency() {
        assert_eq!(told(Tongue::English, "12.50", "GBP"), "12 pounds 50");
        assert_eq!(told(Tongue::English, "1", "USD"), "1 dollar");
        assert_eq!(told(Tongue::English, "-3.05", "EUR"), "-3 euros 05");
        assert_eq!(told(Tongue::English, "0.335", "EUR"), "0.335 EUR");
        assert_eq!(told(Tongue::English, "7", "SEK"), "7.00 SEK");
        assert_eq!(told(Tongue::Spanish, "2.10", "EUR"), "2 euros con 10");
        assert_eq!(told(Tongue::Spanish, "1", "GBP"), "1 libra");
    }

    #[test]
    fn a_decimal_is_told_digit_by_digit_after_its_point() {
        let said = decimal(Tongue::English, read("-0.25").expect("a number"));
        assert_eq!(said.display, "-0.25");
        assert_eq!(
            said.clips.join(" ").replace("en/", ""),
            "word/minus number/0 word/point number/2 number/5"
        );
    }
}
