//! Values as text, the way `text(x)` and text templates write them: for people who read, the same in every
//! language. What is *spoken* is rendered by the switch, by language.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::types::Type;

/// Whether values of the type can be written as text.
pub fn has_words(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bool
            | Type::Int
            | Type::Decimal
            | Type::Money
            | Type::Text
            | Type::Digits
            | Type::Phone
            | Type::Duration
            | Type::Date
            | Type::Time
            | Type::DateTime
            | Type::Language
    )
}

/// `1h30m`, `800ms`, `-5s`; nothing is `0s`.
pub fn write_duration(out: &mut String, millis: i64) {
    if millis == 0 {
        return out.push_str("0s");
    }
    if millis < 0 {
        out.push('-');
    }
    let mut rest = millis.unsigned_abs();
    for (unit, name) in [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")] {
        if rest >= unit {
            let _ = write!(out, "{}{name}", rest / unit);
            rest %= unit;
        }
    }
}

/// `2026-11-27`, of days since 1970-01-01; beyond the calendar's years, the nearest day in it.
pub fn write_date(out: &mut String, days: i64) {
    let _ = write!(out, "{}", date_of(days));
}

/// `08:30`, of milliseconds of the day; seconds only when there are any.
pub fn write_time(out: &mut String, millis: i64) {
    let seconds = millis.rem_euclid(86_400_000) / 1000;
    let _ = write!(out, "{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 {
        let _ = write!(out, ":{:02}", seconds % 60);
    }
}

/// `2026-03-03T12:00`, an instant of milliseconds since 1970 as its zone's clocks show it.
pub fn write_datetime(out: &mut String, millis: i64, zone: &TimeZone) {
    let local = zone.to_datetime(instant_of(millis));
    let _ = write!(out, "{}T{:02}:{:02}", local.date(), local.hour(), local.minute());
}

/// The nearest instant that the time library knows.
pub(crate) fn instant_of(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// The nearest day that the time library knows.
pub(crate) fn date_of(days: i64) -> Date {
    let span = i32::try_from(days).ok().and_then(|days| jiff::Span::new().try_days(days).ok());
    let epoch = Date::constant(1970, 1, 1);
    match span.and_then(|span| epoch.checked_add(span).ok()) {
        Some(date) => date,
        None if days < 0 => Date::MIN,
        None => Date::MAX,
    }
}
