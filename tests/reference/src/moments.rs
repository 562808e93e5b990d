//! Dates and instants as calendars and clocks on the wall show them; beyond their years, the nearest that they have.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400_000;

/// Whole days in a span of time, rounded down.
pub(crate) fn whole_days(millis: i64) -> i64 {
    millis.div_euclid(DAY)
}

/// The date of a number of days since 1970-01-01.
pub(crate) fn date(days: i64) -> Date {
    let found = Span::new().try_days(days).and_then(|span| Date::constant(1970, 1, 1).checked_add(span));
    found.unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
}

/// Days since 1970-01-01.
pub(crate) fn days(date: Date) -> i64 {
    date.since(Date::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()))
}

/// What the clocks of a zone show at an instant.
pub(crate) fn local(millis: i64, zone: &str) -> DateTime {
    let nearest = if millis < 0 { Timestamp::MIN } else { Timestamp::MAX };
    let instant = Timestamp::from_millisecond(millis).unwrap_or(nearest);
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    instant.to_zoned(zone).datetime()
}

/// Milliseconds of the day.
pub(crate) fn clock(at: DateTime) -> i64 {
    let seconds = i64::from(at.hour()) * 3600 + i64::from(at.minute()) * 60 + i64::from(at.second());
    seconds * 1000 + i64::from(at.millisecond())
}
