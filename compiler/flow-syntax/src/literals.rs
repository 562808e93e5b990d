//! Figures, dates and times from their text. Pure functions: a literal in, the nearest value and what is
//! wrong with it out.

use flow_diagnostics::{Code, Diagnostic, Location};

use crate::ast::{Date, TimeOfDay};
use crate::codes;

/// The most keys that one choice may have.
pub(crate) const MAX_KEYS: usize = 16;
/// The longest time that may be written: ten years of days.
const MAX_MILLIS: u64 = 3660 * 86_400_000;

/// A value, and what is wrong with how it was written.
pub(crate) struct Read<T> {
    pub value: T,
    pub problem: Option<Problem>,
}

/// What can be wrong with a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    IntTooLarge,
    DurationTooLong,
    NoSuchDate,
    NoSuchTime,
    Keys,
}

impl Problem {
    pub(crate) fn diagnostic(self, at: Location) -> Diagnostic {
        let (code, message, label, help): (Code, _, _, _) = match self {
            Problem::IntTooLarge => (
                codes::NUMBER_TOO_LARGE,
                "this number is too large",
                "more than 9,223,372,036,854,775,807",
                "write account numbers and the like as text: `\"…\"` keeps every figure",
            ),
            Problem::DurationTooLong => (
                codes::NUMBER_TOO_LARGE,
                "this time span is too long",
                "more than ten years",
                "nothing in a call lasts that long; write a shorter time, like `90s` or `2d`",
            ),
            Problem::NoSuchDate => (
                codes::NO_SUCH_DATE,
                "there is no such date",
                "not in the calendar",
                "dates are year, month and day: `2026-03-31`",
            ),
            Problem::NoSuchTime => (
                codes::NO_SUCH_DATE,
                "there is no such time of day",
                "not on the clock",
                "times go from `00:00` to `24:00`, with seconds if need be: `08:30:15`",
            ),
            Problem::Keys => (
                codes::NOT_A_KEY,
                "a telephone has no such key",
                "not made of 0-9, `*` and `#`",
                "write the keys that the caller presses, at most sixteen: `1`, `12`, `*`, `#` or `\"*9\"`",
            ),
        };
        Diagnostic::error(code, message, at, label).with_help(help)
    }
}

fn whole<T>(value: T) -> Read<T> {
    Read { value, problem: None }
}

/// `42`, `30%`.
pub(crate) fn int(written: &str) -> Read<i64> {
    match written.trim_end_matches('%').parse() {
        Ok(value) => whole(value),
        Err(_) => Read { value: i64::MAX, problem: Some(Problem::IntTooLarge) },
    }
}

/// `1h30m` in milliseconds.
pub(crate) fn duration(written: &str) -> Read<u64> {
    let mut total: u64 = 0;
    let mut rest = written;
    while !rest.is_empty() {
        let figures = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters = rest[figures..].bytes().take_while(|b| !b.is_ascii_digit()).count();
        let unit = match &rest[figures..figures + letters] {
            "ms" => 1,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => 1_000,
        };
        let value = rest[..figures].parse::<u64>().unwrap_or(u64::MAX);
        total = total.saturating_add(value.saturating_mul(unit));
        rest = &rest[figures + letters..];
    }
    if total > MAX_MILLIS {
        return Read { value: MAX_MILLIS, problem: Some(Problem::DurationTooLong) };
    }
    whole(total)
}

/// `2026-11-27`.
pub(crate) fn date(written: &str) -> Read<Date> {
    let mut parts = written.split('-').map(|part| part.parse::<u16>().unwrap_or(0));
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let date = Date {
        year: year.unwrap_or(0).min(9999) as i16,
        month: month.unwrap_or(0).min(99) as u8,
        day: day.unwrap_or(0).min(99) as u8,
    };
    let leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    let days = match date.month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    if (1..=days).contains(&date.day) {
        return whole(date);
    }
    let near = Date { month: date.month.clamp(1, 12), day: date.day.clamp(1, 28), ..date };
    Read { value: near, problem: Some(Problem::NoSuchDate) }
}

/// `08:30`, `08:30:15`, and `24:00`, where a day ends.
pub(crate) fn time(written: &str) -> Read<TimeOfDay> {
    // `9am` was reported, and is read as what it means.
    let meant = crate::foreign::clock(written);
    let written = meant.as_deref().unwrap_or(written);
    let mut parts = written.split(':').map(|part| part.parse::<u8>().unwrap_or(99));
    let (hour, minute, second) = (parts.next(), parts.next(), parts.next());
    let time =
        TimeOfDay { hour: hour.unwrap_or(0), minute: minute.unwrap_or(0), second: second.unwrap_or(0) };
    let end_of_day = time == TimeOfDay { hour: 24, minute: 0, second: 0 };
    if end_of_day || (time.hour < 24 && time.minute < 60 && time.second < 60) {
        return whole(time);
    }
    let near =
        TimeOfDay { hour: time.hour.min(23), minute: time.minute.min(59), second: time.second.min(59) };
    Read { value: near, problem: Some(Problem::NoSuchTime) }
}
