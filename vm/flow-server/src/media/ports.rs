//! The range of RTP ports: which are free, and which rest after a call.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

/// Even ports whose next port is in the range too.
pub(super) struct PortPool {
    free: VecDeque<u16>,
    /// Ports that rest, each until an instant, in order.
    resting: VecDeque<(Instant, u16)>,
    quarantine: Duration,
    pairs: usize,
}

impl PortPool {
    pub(super) fn new(range: RangeInclusive<u16>, quarantine: Duration) -> PortPool {
        let end = *range.end();
        let mut ports: Vec<u16> = range.filter(|port| port % 2 == 0 && *port != 0 && *port < end).collect();
        // Not in order: the next call's port should be no guess.
        let chance = RandomState::new();
        ports.sort_by_cached_key(|port| chance.hash_one(port));
        PortPool { pairs: ports.len(), free: ports.into(), resting: VecDeque::new(), quarantine }
    }

    /// How many pairs the range has.
    pub(super) fn pairs(&self) -> usize {
        self.pairs
    }

    /// The port that has been free for longest; `None` if all are in use or rest.
    pub(super) fn take(&mut self, now: Instant) -> Option<u16> {
        while let Some(&(until, port)) = self.resting.front() {
            if until > now {
                break;
            }
            self.resting.pop_front();
            self.free.push_back(port);
        }
        self.free.pop_front()
    }

    /// Gives a port back. It rests first.
    pub(super) fn put_back(&mut self, port: u16, now: Instant) {
        self.resting.push_back((now + self.quarantine, port));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_even_ports_with_a_next_one_are_given_and_each_once() {
        let mut pool = PortPool::new(10_001..=10_008, Duration::from_secs(32));
        let now = Instant::now();
        let mut given: Vec<u16> = std::iter::from_fn(|| pool.take(now)).collect();
        given.sort_unstable();
        assert_eq!(given, [10_002, 10_004, 10_006]);
        assert_eq!(PortPool::new(10_001..=10_002, Duration::ZERO).pairs(), 0);
        assert_eq!(PortPool::new(65_534..=65_535, Duration::ZERO).pairs(), 1);
    }

    #[test]
    fn a_port_rests_before_it_is_used_again() {
        let mut pool = PortPool::new(10_000..=10_001, Duration::from_secs(32));
        let now = Instant::now();
        let port = pool.take(now).unwrap();
        pool.put_back(port, now);
        assert_eq!(pool.take(now + Duration::from_secs(31)), None);
        assert_eq!(pool.take(now + Duration::from_secs(32)), Some(port));
    }
}
