//! Days near now by their names: today, tomorrow, Saturday, November 27.

use flow_bytecode::program::Reading;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::values::Said;
use super::{Tongue, Voice, english, spanish};

/// A day as it is called from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Called {
    Yesterday,
    Today,
    Tomorrow,
    /// Within the week: 0 is Monday.
    Weekday(i8),
    /// Month, day, and the year when it is another than now's.
    Day(i8, i8, Option<i16>),
}

pub(super) fn date(voice: &Voice<'_>, tongue: Tongue, days: i32) -> Said {
    let Some(day) = date_of(days) else { return Said::default() };
    let today = voice.zones.first().and_then(|zone| local(voice.unix_millis, zone)).map(|now| now.date());
    tongue.day(called(day, today.unwrap_or(day)))
}

pub(super) fn datetime(voice: &Voice<'_>, tongue: Tongue, millis: i64, zone: u16, reading: Reading) -> Said {
    let zone = voice.zones.get(usize::from(zone)).cloned().unwrap_or(TimeZone::UTC);
    let (Some(then), Some(now)) = (local(millis, &zone), local(voice.unix_millis, &zone)) else {
        return Said::default();
    };
    let time = || tongue.time(i32::from(then.hour()) * 60 + i32::from(then.minute()));
    let day = || tongue.day(called(then.date(), now.date()));
    match reading {
        Reading::Date => day(),
        Reading::Time => time(),
        _ => tongue.day_and_time(day(), time()),
    }
}

fn local(millis: i64, zone: &TimeZone) -> Option<jiff::civil::DateTime> {
    Some(zone.to_datetime(Timestamp::from_millisecond(millis).ok()?))
}

fn date_of(days: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn called(day: Date, today: Date) -> Called {
    let ahead = today.until(day).map_or(i32::MAX, |span| span.get_days());
    match ahead {
        -1 => Called::Yesterday,
        0 => Called::Today,
        1 => Called::Tomorrow,
        2..=6 => Called::Weekday(day.weekday().to_monday_zero_offset()),
        _ => Called::Day(day.month(), day.day(), (day.year() != today.year()).then_some(day.year())),
    }
}

impl Tongue {
    fn day(self, called: Called) -> Said {
        match self {
            Tongue::English => english::day(called),
            Tongue::Spanish => spanish::day(called),
        }
    }

    fn day_and_time(self, day: Said, time: Said) -> Said {
        match self {
            Tongue::English => english::day_and_time(day, time),
            Tongue::Spanish => spanish::day_and_time(day, time),
        }
    }
}

#[cfg(test)]
mod tests {
    use flow_bytecode::Program;

    use super::*;

    fn told(language: &str, millis: i64) -> String {
        let program = Program { languages: vec![language.to_owned()], ..Program::default() };
        let zones = [TimeZone::get("America/New_York").expect("the zone is bundled")];
        // Friday 27 November 2026, noon in New York.
        let voice = Voice { program: &program, zones: &zones, language: 0, unix_millis: 1_795_798_800_000 };
        let said = datetime(&voice, voice.tongue(), millis, 0, Reading::Plain);
        format!("{} = {}", said.display, said.clips.join(" "))
    }

    #[test]
    fn times_near_now_are_called_by_name() {
        const HOUR: i64 = 3_600_000;
        let noon = 1_795_798_800_000;
        let mut table = Vec::new();
        for language in ["en", "es"] {
            for hours in [-24, 0, 5, 21, 22, 70, 24 * 10, 24 * 60] {
                table.push(told(language, noon + hours * HOUR + 5 * 60_000 * i64::from(hours == 21)));
            }
        }
        insta::assert_snapshot!(table.join("\n"));
    }
}
