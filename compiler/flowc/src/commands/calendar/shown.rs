//! How days, instants, stretches of time and lines of a calendar are written.

use flow_check::calendar_intervals::{Clock, civil_of, kept, weekday_of};
use flow_check::hir::{CalendarRule, DaySet};

use super::Asked;
use crate::output::path_of;

const WEEK: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `2026-12-24`
pub fn date(day: i32) -> String {
    let (year, month, day) = civil_of(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `Thursday, 2026-12-24`
pub fn day(day: i32) -> String {
    format!("{}, {}", WEEK[usize::from(weekday_of(day))], date(day))
}

/// `Thu`
pub fn weekday(day: i32) -> &'static str {
    &WEEK[usize::from(weekday_of(day))][..3]
}

/// What the clocks show at an instant: `Thursday, 2026-12-24 13:00`.
pub fn instant(clock: &Clock, instant: i64) -> String {
    let (on, second) = clock.reading(instant);
    format!("{} {}", day(on), time(second))
}

/// `13:00`, of a second of the day.
pub fn time(second: i64) -> String {
    match second % 60 {
        0 => format!("{:02}:{:02}", second / 3600, second / 60 % 60),
        rest => format!("{:02}:{:02}:{rest:02}", second / 3600, second / 60 % 60),
    }
}

/// `2d 14h30m`, in minutes as time runs, whatever the clocks do.
pub fn duration(seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let mut out = Vec::new();
    if days > 0 {
        out.push(format!("{days}d"));
    }
    match (hours, minutes) {
        (0, 0) => {}
        (0, minutes) => out.push(format!("{minutes}m")),
        (hours, 0) => out.push(format!("{hours}h")),
        (hours, minutes) => out.push(format!("{hours}h{minutes:02}m")),
    }
    if out.is_empty() { "no time".into() } else { out.join(" ") }
}

/// What a rank is about.
pub fn rank(rank: u8) -> &'static str {
    match rank {
        1 => "a switch",
        2 => "a date",
        3 => "a day of every year",
        _ => "the week",
    }
}

/// A line of the source.
pub struct Line {
    /// `src/main.flow`, from where one stands.
    pub path: String,
    pub number: u32,
    /// The rule as it is written, on one line.
    pub text: String,
}

impl Asked {
    /// Where a rule is written, and how.
    pub fn line(&self, rule: &CalendarRule) -> Line {
        let file = self.loaded.sources.file(rule.location.file);
        let span = rule.location.span;
        let written = file.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        Line {
            path: path_of(&self.loaded, &file.path),
            number: file.line_column(span.start).0,
            text: written.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

/// The name of the holiday that a rule keeps on a day.
pub fn holiday(rule: &CalendarRule, day: i32) -> Option<String> {
    let DaySet::Holidays(list) = &rule.days else { return None };
    let year = civil_of(day).0;
    let kept = (year - 1..=year + 1).flat_map(|year| kept(list, year));
    let names: Vec<&str> = kept
        .filter(|(on, _)| *on == day)
        .map(|(_, index)| list[index].name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}
