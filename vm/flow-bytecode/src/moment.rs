//! What a date, a time of day and an instant are made of, as clocks and calendars on the wall show it.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::text::{date_of, instant_of};

const EPOCH: Date = Date::constant(1970, 1, 1);
const MILLIS_PER_SECOND: i64 = 1000;

/// Days since 1970-01-01 of a date.
fn days_of(date: Date) -> i64 {
    // Both are dates of the library's calendar, whose whole length is far below 32 bits of days.
    EPOCH.until(date).map_or(0, |span| i64::from(span.get_days()))
}

fn local(millis: i64, zone: &TimeZone) -> DateTime {
    zone.to_datetime(instant_of(millis))
}

/// The date of an instant in a zone, in days since 1970-01-01.
pub fn date_at(millis: i64, zone: &TimeZone) -> i64 {
    days_of(local(millis, zone).date())
}

/// The time of day of an instant in a zone, in milliseconds.
pub fn time_at(millis: i64, zone: &TimeZone) -> i64 {
    let time = local(millis, zone).time();
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    seconds * MILLIS_PER_SECOND + i64::from(time.millisecond())
}

/// The year of a date.
pub fn year(days: i64) -> i64 {
    i64::from(date_of(days).year())
}

/// The month of a date, from 1.
pub fn month(days: i64) -> i64 {
    i64::from(date_of(days).month())
}

/// The day of the month of a date, from 1.
pub fn day(days: i64) -> i64 {
    i64::from(date_of(days).day())
}

/// The weekday of a date: 1 is Monday, 7 Sunday.
pub fn weekday(days: i64) -> i64 {
    i64::from(date_of(days).weekday().to_monday_one_offset())
}

/// The date of a year, month and day, in days since 1970-01-01; `None` when there is no such day.
pub fn date(year: i64, month: i64, day: i64) -> Option<i32> {
    let date = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    i32::try_from(days_of(date)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_taken_apart_and_put_together() {
        let days = date(2026, 11, 27).expect("a day");
        assert_eq!((year(days.into()), month(days.into()), day(days.into())), (2026, 11, 27));
        assert_eq!(weekday(days.into()), 5, "a Friday");
        assert_eq!(date(2026, 2, 29), None);
        assert_eq!(date(2028, 2, 29).map(|days| weekday(days.into())), Some(2));
    }

    #[test]
    fn an_instant_is_read_by_its_zone() {
        let zone = TimeZone::get("America/New_York").expect("a zone");
        // 2026-03-08T01:30 in New York, half an hour before the clocks move forward.
        let millis = 1_772_951_400_000;
        assert_eq!(date_at(millis, &zone), i64::from(date(2026, 3, 8).expect("a day")));
        assert_eq!(time_at(millis, &zone), 90 * 60_000);
        assert_eq!(time_at(millis + 3_600_000, &zone), 210 * 60_000, "02:30 is skipped");
    }
}
