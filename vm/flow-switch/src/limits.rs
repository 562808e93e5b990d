//! Limits across calls: how often something was counted for a key within a while.

use std::collections::{BTreeMap, VecDeque};

/// As many keys as are counted at most; the oldest knowledge goes first.
const GREATEST_KEYS: usize = 200_000;

/// Counters by limit and key.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    counted: BTreeMap<(String, String), Counted>,
}

/// When something was counted, and for how long that matters.
#[derive(Debug, Default)]
struct Counted {
    times: VecDeque<u64>,
    span_micros: u64,
}

impl Limits {
    /// Adds one at this time; false when so many are there already within the span.
    pub(crate) fn count(&mut self, name: &str, key: &str, most: u32, span_micros: u64, now: u64) -> bool {
        if self.counted.len() >= GREATEST_KEYS {
            self.counted.retain(|_, counted| {
                counted.times.back().is_some_and(|last| now.saturating_sub(*last) < counted.span_micros)
            });
            if self.counted.len() >= GREATEST_KEYS {
                self.counted.pop_first();
            }
        }
        let counted = self.counted.entry((name.to_owned(), key.to_owned())).or_default();
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
    }

    /// Takes up one that was counted before.
    pub(crate) fn restore(&mut self, name: &str, key: &str, span_micros: u64, at: u64) {
        if self.counted.len() < GREATEST_KEYS {
            let counted = self.counted.entry((name.to_owned(), key.to_owned())).or_default();
            counted.span_micros = span_micros;
            counted.times.push_back(at);
        }
    }

    /// Forgets what was counted for a key.
    pub(crate) fn reset(&mut self, name: &str, key: &str) {
        self.counted.remove(&(name.to_owned(), key.to_owned()));
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
}
