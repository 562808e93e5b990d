//! Limits across calls: how often something was counted for a key within a while.
//!
//! Limits guard PINs, so they fail closed: when as many keys are counted as there is room for, a key that is not among
//! them is refused until the time of another is over. Nobody can push a key out by counting others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// As many keys as are counted at most.
pub(crate) const GREATEST_KEYS: usize = 200_000;

/// A limit's name and what it counts for.
type Key = (String, String);

/// Counters by limit and key.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    counted: BTreeMap<Key, Counted>,
    /// Every key by the time at which its newest count no longer matters.
    until: BTreeSet<(u64, Key)>,
}

/// When something was counted, in order, and for how long that matters.
#[derive(Debug, Default)]
struct Counted {
    times: VecDeque<u64>,
    span_micros: u64,
}

impl Counted {
    fn until(&self) -> u64 {
        self.times.back().map_or(0, |last| last.saturating_add(self.span_micros))
    }
}

impl Limits {
    /// Adds one at this time; false when so many are there already within the span, or when there is no room to
    /// count for another key.
    pub(crate) fn count(&mut self, name: &str, key: &str, most: u32, span_micros: u64, now: u64) -> bool {
        self.expire(now);
        let key = (name.to_owned(), key.to_owned());
        if !self.counted.contains_key(&key) && self.counted.len() >= GREATEST_KEYS {
            return false;
        }
        self.change(key, |counted| {
            counted.span_micros = span_micros;
            let times = &mut counted.times;
            while times.front().is_some_and(|first| now.saturating_sub(*first) >= span_micros) {
                times.pop_front();
            }
            if times.len() >= most as usize {
                return false;
            }
            times.push_back(now);
            true
        })
    }

    /// Takes up one that was counted before; the newest come first, so that those matter that matter longest.
    pub(crate) fn restore(&mut self, name: &str, key: &str, span_micros: u64, at: u64) {
        let key = (name.to_owned(), key.to_owned());
        if self.counted.contains_key(&key) || self.counted.len() < GREATEST_KEYS {
            self.change(key, |counted| {
                counted.span_micros = counted.span_micros.max(span_micros);
                let place = counted.times.partition_point(|time| *time <= at);
                counted.times.insert(place, at);
                true
            });
        }
    }

    /// Forgets what was counted for a key.
    pub(crate) fn reset(&mut self, name: &str, key: &str) {
        let key = (name.to_owned(), key.to_owned());
        if let Some(counted) = self.counted.remove(&key) {
            self.until.remove(&(counted.until(), key));
        }
    }

    /// Forgets keys whose time is over.
    fn expire(&mut self, now: u64) {
        while self.until.first().is_some_and(|(until, _)| *until <= now) {
            if let Some((_, key)) = self.until.pop_first() {
                self.counted.remove(&key);
            }
        }
    }

    /// Works on a key's counter, and files it under its new time.
    fn change(&mut self, key: Key, work: impl FnOnce(&mut Counted) -> bool) -> bool {
        let counted = self.counted.entry(key.clone()).or_default();
        let before = counted.until();
        let done = work(counted);
        let (until, empty) = (counted.until(), counted.times.is_empty());
        self.until.remove(&(before, key.clone()));
        if empty {
            self.counted.remove(&key);
        } else {
            self.until.insert((until, key));
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_slides() {
        let mut limits = Limits::default();
        let mut count = |now| limits.count("tries", "7", 2, 100, now);
        assert_eq!(
            [count(0), count(50), count(60), count(100), count(149), count(150)],
            [true, true, false, true, false, true]
        );
        limits.reset("tries", "7");
        assert!(limits.count("tries", "7", 1, 100, 151));
    }

    #[test]
    fn nobody_is_forgotten_for_strangers_and_strangers_are_refused_when_there_is_no_room() {
        let mut limits = Limits::default();
        assert!(limits.count("pin", "0", 1, 1_000, 0), "alphabetically the first");
        for stranger in 1..GREATEST_KEYS {
            assert!(limits.count("pin", &format!("s{stranger}"), 1, 1_000, 500));
        }
        assert!(!limits.count("pin", "0", 1, 1_000, 600), "still counted");
        assert!(!limits.count("pin", "another", 1, 1_000, 600), "no room: refused");
        // The time of the first is over: there is room for one.
        assert!(limits.count("pin", "another", 1, 1_000, 1_000));
        assert!(!limits.count("pin", "yet another", 1, 1_000, 1_000));
        assert!(limits.count("pin", "yet another", 1, 1_000, 1_500));
        assert_eq!(limits.counted.len(), 2);
        assert_eq!(limits.until.len(), 2);
    }

    #[test]
    fn what_was_counted_before_is_taken_up_in_any_order() {
        let mut limits = Limits::default();
        for at in [90, 10, 50] {
            limits.restore("tries", "7", 100, at);
        }
        assert!(!limits.count("tries", "7", 3, 100, 100));
        assert!(limits.count("tries", "7", 3, 100, 110), "the oldest is over");
    }
}
