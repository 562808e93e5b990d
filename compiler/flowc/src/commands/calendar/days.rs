//! One day of a calendar as people speak of it: its hours, its reason, and whether it is like its weekday.

use flow_check::calendar_intervals::{Clock, intervals, weekday_of};

use super::{Asked, shown};

/// A day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Since 1970-01-01.
    pub number: i32,
    /// When it is open, by the clocks; `24:00` is midnight at its end.
    pub hours: Vec<(String, String)>,
    /// The state that it has longest while it is shut; `closed` for plain closed time. Index into the
    /// calendar's states.
    pub shut: usize,
    /// Whether a line above the weekly ones has a say.
    pub is_special: bool,
    /// The rule that makes it special, by its place.
    pub rule: Option<usize>,
    /// The holiday's name.
    pub holiday: Option<String>,
}

impl Day {
    /// `08:30-13:00, 14:00-18:00`, `all day`, or the state in which it is shut.
    pub fn text(&self, states: &[String]) -> String {
        if self.hours.is_empty() {
            return states[self.shut].clone();
        }
        if self.hours.len() == 1 && self.hours[0] == ("00:00".to_owned(), "24:00".to_owned()) {
            return "all day".into();
        }
        self.hours.iter().map(|(from, until)| format!("{from}-{until}")).collect::<Vec<_>>().join(", ")
    }
}

impl Asked {
    /// The days from one to another.
    pub fn days(&self, clock: &Clock, first: i32, last: i32) -> Vec<Day> {
        let thrown = self.thrown();
        let laid = intervals(&self.calendar, clock, first..=last, &thrown);
        let rules = &self.calendar.rules;
        let mut at = 0;
        let mut out = Vec::new();
        for number in first..=last {
            let (from, until) = (clock.instant(number, 0), clock.instant(number + 1, 0));
            while laid.get(at).is_some_and(|i| i.until <= from) {
                at += 1;
            }
            let mut day =
                Day { number, hours: Vec::new(), shut: 1, is_special: false, rule: None, holiday: None };
            let mut longest = 0;
            let mut open: Vec<(i64, i64)> = Vec::new();
            for interval in laid[at..].iter().take_while(|i| i.from < until) {
                let (begin, end) = (interval.from.max(from), interval.until.min(until));
                if let Some(rule) = interval.rule.filter(|rule| rules[*rule].rank < 4) {
                    day.is_special = true;
                    day.rule.get_or_insert(rule);
                    if day.holiday.is_none() {
                        day.holiday = shown::holiday(&rules[rule], number);
                    }
                }
                if interval.state != 0 {
                    if end - begin > longest && interval.rule.is_some() {
                        longest = end - begin;
                        day.shut = interval.state;
                    }
                    continue;
                }
                match open.last_mut() {
                    Some(last) if last.1 == begin => last.1 = end,
                    _ => open.push((begin, end)),
                }
            }
            let clock_text = |instant: i64| match instant == until {
                true => "24:00".to_owned(),
                false => shown::time(clock.reading(instant).1),
            };
            day.hours = open.iter().map(|(begin, end)| (clock_text(*begin), clock_text(*end))).collect();
            out.push(day);
        }
        out
    }
}

/// The hours of each weekday as they mostly are among some days: of the days that no other line touches.
pub fn week(days: &[Day]) -> [Option<&Day>; 7] {
    std::array::from_fn(|weekday| {
        let mut plain = days.iter().filter(|d| !d.is_special && usize::from(weekday_of(d.number)) == weekday);
        // The last is past the year's first night, into which an odd day may run.
        plain.next_back()
    })
}
