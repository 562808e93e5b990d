//! What a calendar says of an instant, and when that changes.
//!
//! Pure: the instant, the zones and the switches' levers are passed in. The rules of the language:
//!
//! - Ranks: 1 switch, 2 date, 3 yearly, 4 weekly. On a civil day the smallest rank decides that has a rule for
//!   it; rules of one rank add up.
//! - Above weekly, a rule with hours replaces the whole day: outside its hours that day is closed.
//! - Within a rank, a calendar's own rules win over inherited ones for the hours that they name.
//! - Ranges are half open. One that ends before it starts runs into the next day; there it holds its ground
//!   against rules of its own rank and lower, and ends at midnight where a higher rank decides that day.
//! - Unlisted time is closed.
//! - A time that the clocks skip is read as much later as they skip; of one that they show twice, the first is
//!   meant. So a day's ranges are stretches of instants, and have one meaning on every day.

mod days;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::program::{Calendar, CalendarRule, DaySet};
use crate::text::instant_of;

/// The state "open".
pub const OPEN: u16 = 0;
/// The state "closed", for plain closed time.
pub const CLOSED: u16 = 1;
/// How far ahead is looked for an opening or a closing: ten years and a few days.
const HORIZON_DAYS: usize = 3660;
const SWITCH: u8 = 1;
const WEEKLY: u8 = 4;

/// A calendar to be asked, with the world as it is now.
struct Asked<'a> {
    calendar: &'a Calendar,
    zone: &'a TimeZone,
    switches: &'a dyn Fn(u16) -> bool,
}

/// The calendar's state at an instant (milliseconds since 1970), and the rule that gave it; no rule is unlisted
/// time. `zones` are the program's, by index; `switches` says which levers are thrown.
pub fn state_at(
    millis: i64,
    calendar: &Calendar,
    zones: &[TimeZone],
    switches: &dyn Fn(u16) -> bool,
) -> (u16, Option<usize>) {
    match zones.get(usize::from(calendar.zone)) {
        Some(zone) => Asked { calendar, zone, switches }.state(millis),
        None => (CLOSED, None),
    }
}

/// The first instant after `millis` at which the calendar becomes open; `None` when it does not within ten
/// years, as while a lever keeps it shut.
pub fn next_open(
    millis: i64,
    calendar: &Calendar,
    zones: &[TimeZone],
    switches: &dyn Fn(u16) -> bool,
) -> Option<i64> {
    let zone = zones.get(usize::from(calendar.zone))?;
    Asked { calendar, zone, switches }.next(millis, true)
}

/// The first instant after `millis` at which the calendar ceases to be open; `None` when it does not within
/// ten years.
pub fn closes(
    millis: i64,
    calendar: &Calendar,
    zones: &[TimeZone],
    switches: &dyn Fn(u16) -> bool,
) -> Option<i64> {
    let zone = zones.get(usize::from(calendar.zone))?;
    Asked { calendar, zone, switches }.next(millis, false)
}

impl Asked<'_> {
    fn state(&self, millis: i64) -> (u16, Option<usize>) {
        let date = self.zone.to_datetime(instant_of(millis)).date();
        self.state_on(date, millis)
    }

    /// The state at an instant of a civil day.
    fn state_on(&self, date: Date, millis: i64) -> (u16, Option<usize>) {
        let rank = self.rank(date);
        let before = date.yesterday().ok();
        // What runs over from the day before, where its rank is not beneath this day's.
        let spilling = before.and_then(|day| self.rank(day).map(|rank| (day, rank)));
        if let Some((day, spilling)) =
            spilling.filter(|(_, spilling)| rank.is_none_or(|rank| *spilling < rank))
        {
            let spill = |rule: &CalendarRule, own| self.runs_over(rule, own, spilling, day, millis);
            if let Some((index, rule)) = self.choose(spill) {
                return (rule.state, Some(index));
            }
        }
        let Some(rank) = rank else { return (CLOSED, None) };
        let covers = |rule: &CalendarRule, own| {
            let today = rule.inherited != own && rule.rank == rank && self.falls_on(rule, date);
            (today && self.covers(rule, date, millis))
                || before.is_some_and(|day| {
                    self.runs_over(rule, own, rank, day, millis) && self.rank(day) == Some(rank)
                })
        };
        if let Some((index, rule)) = self.choose(covers) {
            return (rule.state, Some(index));
        }
        let replaced = |rule: &CalendarRule| rank < WEEKLY && rule.rank == rank && self.falls_on(rule, date);
        (CLOSED, self.calendar.rules.iter().position(replaced))
    }

    /// The first of the calendar's own rules that holds, else the first inherited one.
    fn choose(&self, holds: impl Fn(&CalendarRule, bool) -> bool) -> Option<(usize, &CalendarRule)> {
        let rules = || self.calendar.rules.iter().enumerate();
        let own = rules().find(|(_, rule)| holds(rule, true));
        own.or_else(|| rules().find(|(_, rule)| holds(rule, false)))
    }

    /// The rank that decides a day.
    fn rank(&self, date: Date) -> Option<u8> {
        let ranks = self.calendar.rules.iter().filter(|rule| self.falls_on(rule, date)).map(|rule| rule.rank);
        ranks.min()
    }

    fn falls_on(&self, rule: &CalendarRule, date: Date) -> bool {
        match &rule.days {
            DaySet::Switch(index) => (self.switches)(*index),
            days => days::contains(days, date),
        }
    }

    /// Whether a rule's hours on a day, up to midnight, have the instant.
    fn covers(&self, rule: &CalendarRule, date: Date, millis: i64) -> bool {
        let within = |(start, end): (u16, u16)| {
            let end = if end < start { 1440 } else { end };
            (self.instant(date, start)..self.instant(date, end)).contains(&millis)
        };
        rule.hours.is_empty() || rule.hours.iter().copied().any(within)
    }

    /// Whether hours of a rule that began on a day run into the next and have the instant there.
    fn runs_over(&self, rule: &CalendarRule, own: bool, rank: u8, day: Date, millis: i64) -> bool {
        if rule.inherited == own || rule.rank != rank || rule.hours.is_empty() || !self.falls_on(rule, day) {
            return false;
        }
        let Ok(next) = day.tomorrow() else { return false };
        let over = rule.hours.iter().filter(|(start, end)| end < start);
        over.into_iter().any(|(_, end)| (self.instant(next, 0)..self.instant(next, *end)).contains(&millis))
    }

    /// The instant at which a day's clocks show a minute; minute 1440 is the next day's first.
    fn instant(&self, date: Date, minute: u16) -> i64 {
        let date = match minute {
            1440.. => date.tomorrow().unwrap_or(date),
            _ => date,
        };
        let minute = minute % 1440;
        let local = date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        match self.zone.to_ambiguous_zoned(local).compatible() {
            Ok(zoned) => zoned.timestamp().as_millisecond(),
            Err(_) => i64::MAX,
        }
    }

    /// The first change to open, or from open, after an instant.
    fn next(&self, millis: i64, opens: bool) -> Option<i64> {
        let thrown = |rule: &CalendarRule| {
            rule.rank == SWITCH && rule.hours.is_empty() && self.falls_on(rule, Date::constant(1970, 1, 1))
        };
        // A lever that decides every hour keeps the state as it is.
        if self.calendar.rules.iter().any(thrown) {
            return None;
        }
        let mut date = self.zone.to_datetime(instant_of(millis)).date();
        let mut open = self.state(millis).0 == OPEN;
        for _ in 0..HORIZON_DAYS {
            for boundary in self.boundaries(date) {
                if boundary <= millis {
                    continue;
                }
                let now = self.state_on(date, boundary).0 == OPEN;
                if now != open && now == opens {
                    return Some(boundary);
                }
                open = now;
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// The instants of a day at which its state may change, in order.
    fn boundaries(&self, date: Date) -> Vec<i64> {
        let mut boundaries = vec![self.instant(date, 0)];
        for rule in &self.calendar.rules {
            if rule.hours.is_empty() {
                continue;
            }
            if self.falls_on(rule, date) {
                for (start, end) in &rule.hours {
                    boundaries.push(self.instant(date, *start));
                    if end > start {
                        boundaries.push(self.instant(date, *end));
                    }
                }
            }
            if date.yesterday().is_ok_and(|before| self.falls_on(rule, before)) {
                let over = rule.hours.iter().filter(|(start, end)| end < start);
                boundaries.extend(over.map(|(_, end)| self.instant(date, *end)));
            }
        }
        // Midnight at its end is the next day's: who is open up to it may be open on.
        let end = self.instant(date, 1440);
        boundaries.retain(|boundary| *boundary < end);
        boundaries.sort_unstable();
        boundaries.dedup();
        boundaries
    }
}

#[cfg(test)]
mod tests;
