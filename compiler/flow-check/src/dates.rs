//! Dates, times and instants as written: whether they exist, and as numbers.

use flow_diagnostics::Location;
use flow_syntax::ast::{Date, TimeOfDay};

use crate::codes;
use crate::context::{Checker, Say};
use crate::hir::{DaySet, HolidayDay, ZoneId};

/// Days since 1970-01-01 of a date that exists.
pub(crate) fn days(date: Date) -> Option<i32> {
    let civil = civil(date)?;
    let epoch = jiff::civil::date(1970, 1, 1);
    Some(epoch.until(civil).ok()?.get_days())
}

fn civil(date: Date) -> Option<jiff::civil::Date> {
    jiff::civil::Date::new(date.year, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}

impl Checker<'_> {
    /// Days since 1970-01-01, or a complaint.
    pub fn date(&mut self, at: Location, date: Date) -> Option<i32> {
        let found = days(date);
        if found.is_none() {
            let Date { year, month, day } = date;
            self.error(
                codes::IMPOSSIBLE_DATE,
                at,
                format!("there is no date {year:04}-{month:02}-{day:02}"),
                "does not exist",
            );
        }
        found
    }

    /// Milliseconds since midnight, or a complaint. 24:00 stands only at the end of hours in a calendar.
    pub fn time_of_day(&mut self, at: Location, time: TimeOfDay) -> Option<i32> {
        let TimeOfDay { hour, minute, second } = time;
        if hour > 23 || minute > 59 || second > 59 {
            self.error(
                codes::IMPOSSIBLE_DATE,
                at,
                format!("there is no time {hour:02}:{minute:02}"),
                "does not exist",
            );
            return None;
        }
        Some(((i32::from(hour) * 60 + i32::from(minute)) * 60 + i32::from(second)) * 1000)
    }

    /// The instant of a written date and time in the file's zone, in milliseconds since 1970.
    pub fn datetime(
        &mut self,
        module: usize,
        at: Location,
        date: Date,
        time: TimeOfDay,
    ) -> Option<(i64, ZoneId)> {
        self.date(at, date)?;
        self.time_of_day(at, time)?;
        let Some(zone) = self.module_zones[module] else {
            self.error(codes::TIMEZONE, at, "this moment has no time zone", "in which zone?")
                .add_help("say it once in this file: `timezone \"Europe/Madrid\"`");
            return None;
        };
        let civil = civil(date)?;
        let hour = i8::try_from(time.hour).ok()?;
        let minute = i8::try_from(time.minute).ok()?;
        let local = civil.at(hour, minute, i8::try_from(time.second).ok()?, 0);
        let zone_data = jiff::tz::TimeZone::get(&self.program.zones[zone]).ok()?;
        let moment = zone_data.to_ambiguous_zoned(local);
        if moment.is_ambiguous() {
            let text = match moment.offset() {
                jiff::tz::AmbiguousOffset::Gap { .. } => {
                    "the clocks skip this time; the moment after is meant"
                }
                _ => "the clocks show this time twice; the first is meant",
            };
            self.warning(codes::CLOCK_CHANGE, at, text, "a change of clocks");
        }
        Some((moment.compatible().ok()?.timestamp().as_millisecond(), zone))
    }
}

/// `2026-11-27`
pub(crate) fn text(day: i32) -> String {
    let epoch = jiff::civil::date(1970, 1, 1);
    let span = jiff::Span::new().try_days(day);
    span.and_then(|span| epoch.checked_add(span)).map_or_else(|_| day.to_string(), |date| date.to_string())
}

/// The days of a rule of every year in one year.
pub(crate) fn in_year(rule: &DaySet, year: i16) -> Vec<i32> {
    match rule {
        DaySet::Yearly(month, day) => yearly(year, *month, *day).into_iter().collect(),
        DaySet::Nth(nth, weekday, month) => nth_day(year, *nth, *weekday, *month).into_iter().collect(),
        DaySet::Holidays(list) => {
            let days = list.iter().filter_map(|holiday| {
                let day = match holiday.day {
                    HolidayDay::Yearly(month, day) => yearly(year, month, day),
                    HolidayDay::Nth(nth, weekday, month) => nth_day(year, nth, weekday, month),
                    HolidayDay::Easter(offset) => easter(year).map(|e| e + i32::from(offset)),
                }?;
                // A day on a weekend is kept on the nearest weekday.
                Some(match (holiday.observed, crate::calendars::weekday_of(day)) {
                    (true, 5) => day - 1,
                    (true, 6) => day + 1,
                    _ => day,
                })
            });
            days.collect()
        }
        _ => Vec::new(),
    }
}

fn yearly(year: i16, month: u8, day: u8) -> Option<i32> {
    days(Date { year, month, day })
}

fn nth_day(year: i16, nth: u8, weekday: u8, month: u8) -> Option<i32> {
    let in_month = (1..=31).filter_map(|day| yearly(year, month, day));
    let mut matching = in_month.filter(|d| crate::calendars::weekday_of(*d) == weekday);
    match nth {
        0 => matching.next_back(),
        n => matching.nth(usize::from(n) - 1),
    }
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm, Meeus 1991).
fn easter(year: i16) -> Option<i32> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    yearly(year, u8::try_from(n / 31).ok()?, u8::try_from(n % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feasts_fall_where_the_almanac_says() {
        assert_eq!(text(easter(2026).unwrap()), "2026-04-05");
        assert_eq!(text(easter(2025).unwrap()), "2025-04-20");
        // Thanksgiving of 2026 is the fourth Thursday of November.
        assert_eq!(text(nth_day(2026, 4, 3, 11).unwrap()), "2026-11-26");
        assert_eq!(text(nth_day(2026, 0, 0, 5).unwrap()), "2026-05-25");
    }
}
