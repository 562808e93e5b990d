//! How many packets a peer may send: its own flood costs its own call, not the agent's line nor the node's time.

use crate::time::Time;

/// A bucket that fills at a steady rate and is emptied by packets.
#[derive(Debug)]
pub(crate) struct Budget {
    per_second: u32,
    burst: u32,
    left: u32,
    filled: Time,
}

impl Budget {
    /// A full bucket.
    pub(crate) fn new(per_second: u32, burst: u32, now: Time) -> Budget {
        Budget { per_second, burst, left: burst, filled: now }
    }

    /// Takes one packet out; says whether there was room for it.
    pub(crate) fn spend(&mut self, now: Time) -> bool {
        let earned = now.since(self.filled).as_micros() * u128::from(self.per_second) / 1_000_000;
        if earned > 0 {
            let earned = u32::try_from(earned).unwrap_or(u32::MAX);
            self.left = self.left.saturating_add(earned).min(self.burst);
            self.filled = now;
        }
        let room = self.left > 0;
        self.left = self.left.saturating_sub(1);
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_only_the_rate() {
        let mut budget = Budget::new(100, 50, Time(0));
        let passed = |budget: &mut Budget, from: u64, to: u64| {
            (from..to).filter(|&millis| (0..10).any(|_| budget.spend(Time::from_millis(millis)))).count()
        };
        assert_eq!((0..200).filter(|_| budget.spend(Time(0))).count(), 50);
        assert_eq!(passed(&mut budget, 0, 1_000), 99, "a hundred a second");
    }

    #[test]
    fn an_ordinary_stream_always_passes() {
        let mut budget = Budget::new(100, 50, Time(0));
        assert!((0..10_000).all(|n| budget.spend(Time::from_millis(n * 20))));
    }
}
