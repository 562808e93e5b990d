//! Dates, times and instants as written: whether they exist, and as numbers.

use flow_diagnostics::Location;
use flow_syntax::ast::{Date, TimeOfDay};

use crate::codes;
use crate::context::{Checker, Say};
use crate::hir::ZoneId;

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
