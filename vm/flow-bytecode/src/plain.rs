//! Values of types without parts as people and files write them: in tables, settings, JSON strings and URLs.
//!
//! `true` · `42` · `12.5` · `EUR 12.50` · text as it is · digits · `+15550123` · `1h30m` · `2026-11-27` · `08:30` · an instant with its
//! offset (`2026-03-03T12:00:00Z`), or as the clocks of the program's zone show it · a language's code. What is
//! written can be read again.

use std::fmt::Write;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::decimal::{self, Currency, Money};
use crate::program::Program;
use crate::text;
use crate::types::{Datum, Type};

/// The value of a type that a text says; `None` when it does not.
pub fn read(program: &Program, zone: &TimeZone, ty: &Type, written: &str) -> Option<Datum> {
    Some(match ty {
        Type::Bool => Datum::Bool(written.parse().ok()?),
        Type::Int => Datum::Int(written.parse().ok()?),
        Type::Decimal => Datum::Decimal(decimal::read(written)?),
        Type::Money => {
            let (code, amount) = written.split_once(' ')?;
            Datum::Money(Money::new(decimal::read(amount)?, Currency::new(code)?))
        }
        Type::PublicKey => crate::base64::public_key(written).map(|_| Datum::Text(written.to_owned()))?,
        Type::Text => Datum::Text(written.to_owned()),
        Type::Digits => {
            let only_digits = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
            only_digits.then(|| Datum::Text(written.to_owned()))?
        }
        Type::Phone => is_phone(written).then(|| Datum::Text(written.to_owned()))?,
        Type::Duration => Datum::Duration(read_duration(written)?),
        Type::Date => Datum::Date(read_date(written)?),
        Type::Time => Datum::Time(read_time(written)?),
        Type::DateTime => Datum::DateTime(read_instant(written, zone)?, 0),
        Type::Language => {
            let index = program.languages.iter().position(|code| code == written)?;
            Datum::Language(u16::try_from(index).ok()?)
        }
        _ => return None,
    })
}

/// A value as text that [`read`] understands; `None` of what has parts.
pub fn write(program: &Program, value: &Datum) -> Option<String> {
    let mut out = String::new();
    match value {
        Datum::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Datum::Int(value) => {
            // Writing to a String cannot fail.
            let _ = write!(out, "{value}");
        }
        Datum::Decimal(number) => {
            let _ = write!(out, "{}", number.normalize());
        }
        Datum::Money(money) => {
            let _ = write!(out, "{} {}", money.currency, money.amount.normalize());
        }
        Datum::Text(text) => out.push_str(text),
        Datum::Duration(millis) => text::write_duration(&mut out, *millis),
        Datum::Date(days) => text::write_date(&mut out, i64::from(*days)),
        Datum::Time(millis) => text::write_time(&mut out, i64::from(*millis)),
        Datum::DateTime(millis, _) => {
            let _ = write!(out, "{}", text::instant_of(*millis));
        }
        Datum::Language(index) => out.push_str(program.languages.get(usize::from(*index))?),
        _ => return None,
    }
    Some(out)
}

/// E.164: a plus and 4 to 15 digits, of which the first is no nought.
pub fn is_phone(written: &str) -> bool {
    let Some(digits) = written.strip_prefix('+') else { return false };
    (4..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

/// A span of time as in a flow, in milliseconds: `500ms`, `20s`, `1h30m`, the largest unit first.
pub fn read_duration(written: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 5] =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    let mut rest = written;
    let mut total: i64 = 0;
    let mut smaller = &UNITS[..];
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        let after = &rest[digits..];
        let unit = after.find(|character: char| character.is_ascii_digit()).unwrap_or(after.len());
        let at = smaller.iter().position(|(name, _)| *name == &after[..unit])?;
        total = total.checked_add(count.checked_mul(smaller[at].1)?)?;
        smaller = &smaller[at + 1..];
        rest = &after[unit..];
    }
    (!written.is_empty()).then_some(total)
}

fn read_date(written: &str) -> Option<i32> {
    // The library reads more forms than a table should have.
    let plain = written.len() == 10 && written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date: Date = plain.then(|| written.parse().ok())??;
    let days = date.since(Date::constant(1970, 1, 1)).ok()?.get_days();
    Some(days)
}

fn read_time(written: &str) -> Option<i32> {
    let plain =
        written.len() >= 5 && written.bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte));
    let time: Time = plain.then(|| written.parse().ok())??;
    let seconds = (i32::from(time.hour()) * 60 + i32::from(time.minute())) * 60 + i32::from(time.second());
    Some(seconds * 1000 + i32::from(time.millisecond()))
}

fn read_instant(written: &str, zone: &TimeZone) -> Option<i64> {
    let instant = match written.parse::<jiff::Timestamp>() {
        Ok(instant) => instant,
        Err(_) => zone.to_timestamp(written.parse::<DateTime>().ok()?).ok()?,
    };
    Some(instant.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_again() {
        let program = Program { languages: vec!["en".into(), "es".into()], ..Program::default() };
        let zone = TimeZone::UTC;
        for (ty, value) in [
            (Type::Bool, Datum::Bool(true)),
            (Type::Int, Datum::Int(-42)),
            (Type::Text, Datum::Text("a b".into())),
            (Type::Digits, Datum::Text("0042".into())),
            (Type::Phone, Datum::Text("+15550123".into())),
            (Type::Duration, Datum::Duration(5_400_500)),
            (Type::Date, Datum::Date(20_000)),
            (Type::Time, Datum::Time(30_600_000)),
            (Type::DateTime, Datum::DateTime(1_772_539_200_000, 0)),
            (Type::Language, Datum::Language(1)),
        ] {
            let written = write(&program, &value).unwrap();
            assert_eq!(read(&program, &zone, &ty, &written), Some(value), "{written}");
        }
    }

    #[test]
    fn an_instant_without_an_offset_is_in_the_programs_zone() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let program = Program::default();
        let read = |text| read(&program, &zone, &Type::DateTime, text);
        assert_eq!(read("2026-03-03T12:00"), read("2026-03-03T17:00:00Z"));
        assert_eq!(read("2026-03-03T12:00:00-05:00"), read("2026-03-03T17:00:00Z"));
    }

    #[test]
    fn what_is_not_a_value_is_none() {
        let (program, zone) = (Program::default(), TimeZone::UTC);
        for (ty, text) in [
            (Type::Bool, "yes"),
            (Type::Int, "1.5"),
            (Type::Digits, ""),
            (Type::Digits, "12a"),
            (Type::Phone, "5550123"),
            (Type::Phone, "+0123456"),
            (Type::Duration, "1"),
            (Type::Date, "2026-02-30"),
            (Type::Date, "tomorrow"),
            (Type::Time, "25:00"),
            (Type::DateTime, "soon"),
            (Type::Language, "xx"),
        ] {
            assert_eq!(read(&program, &zone, &ty, text), None, "{text}");
        }
    }
}
