//! A zone's clocks over some years: from minutes of a civil day to instants and back, in whole seconds.

use std::ops::{Range, RangeInclusive};

use super::days::DAY;

/// No zone changes its clocks more often in the years that are looked at.
const MOST_CHANGES: usize = 1_000;

/// When the clocks of a zone change, over a span of days. The default is UTC's: they never do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clock {
    first_offset: i64,
    changes: Vec<Change>,
}

/// One change of clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Seconds since 1970.
    pub at: i64,
    /// Seconds east of Greenwich before it.
    pub before: i64,
    /// The same after it.
    pub after: i64,
}

impl Change {
    /// Whether the clocks skip time; else they show it twice.
    pub fn skips(self) -> bool {
        self.after > self.before
    }

    /// The wall clock's readings that are skipped or shown twice: seconds since 1970-01-01 on that clock.
    pub fn readings(self) -> Range<i64> {
        let (old, new) = (self.at + self.before, self.at + self.after);
        old.min(new)..old.max(new)
    }
}

impl Clock {
    /// The clocks of a zone of the database, right for the days given; `None` for a zone that does not exist.
    pub fn new(zone: &str, days: RangeInclusive<i32>) -> Option<Self> {
        let zone = jiff::tz::TimeZone::get(zone).ok()?;
        let instant = |day: i32| jiff::Timestamp::from_second(i64::from(day) * DAY).ok();
        let (from, until) =
            (instant(days.start().saturating_sub(400))?, instant(days.end().saturating_add(400))?);
        let first_offset = i64::from(zone.to_offset(from).seconds());
        let mut before = first_offset;
        let mut changes = Vec::new();
        for change in zone.following(from).take_while(|c| c.timestamp() <= until).take(MOST_CHANGES) {
            let after = i64::from(change.offset().seconds());
            if after != before {
                changes.push(Change { at: change.timestamp().as_second(), before, after });
            }
            before = after;
        }
        Some(Self { first_offset, changes })
    }

    /// The changes, in order.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The readings that are skipped (true) or shown twice from the day before a day to the day after it, counted
    /// from the day's start: days for which these are equal pass alike.
    pub(super) fn changes_around(&self, day: i32) -> Vec<(i64, i64, bool)> {
        let start = i64::from(day) * DAY;
        let (from, until) = (start - DAY, start + 2 * DAY);
        let first = self.changes.partition_point(|c| c.readings().end < from);
        let near = self.changes[first..].iter().take_while(|c| c.readings().start <= until);
        near.map(|c| (c.readings().start - start, c.readings().end - start, c.skips())).collect()
    }

    /// The instant at which the clocks show a minute of a day (1440 is the next day's first), in seconds since
    /// 1970. A reading that they skip is read as much later as they skip; of one shown twice the first is meant.
    pub fn instant(&self, day: i32, minute: u16) -> i64 {
        let reading = i64::from(day) * DAY + i64::from(minute) * 60;
        let past = self.changes.partition_point(|c| c.readings().end <= reading);
        reading - past.checked_sub(1).map_or(self.first_offset, |i| self.changes[i].after)
    }

    /// What the clocks show at an instant: the day, and the second of the day.
    pub fn reading(&self, instant: i64) -> (i32, i64) {
        let past = self.changes.partition_point(|c| c.at <= instant);
        let local = instant + past.checked_sub(1).map_or(self.first_offset, |i| self.changes[i].after);
        (local.div_euclid(DAY) as i32, local.rem_euclid(DAY))
    }
}
