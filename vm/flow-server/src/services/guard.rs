//! How often a service is asked while it fails, and how many ask at once.

use std::time::{Duration, Instant};

use flow_switch::boundary::NoReply;

/// Requests to one service that are under way at once.
const MOST_AT_ONCE: usize = 64;
/// Failures in a row after which a service is left alone.
const FAILURES: u32 = 5;
/// For how long; then one request tries again.
const LEFT_ALONE: Duration = Duration::from_secs(5);

/// What is known of one service.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    under_way: usize,
    failures: u32,
    /// Until when it is left alone.
    until: Option<Instant>,
    /// Whether one request tries whether it is back.
    trying: bool,
}

impl Guard {
    /// Whether a request may begin now; it is over with [`Guard::over`].
    pub(crate) fn begin(&mut self, now: Instant) -> Result<(), NoReply> {
        if let Some(until) = self.until {
            if now < until || self.trying {
                return Err(NoReply::LeftAlone);
            }
            self.trying = true;
        }
        if self.under_way >= MOST_AT_ONCE {
            self.trying = false;
            return Err(NoReply::Crowded);
        }
        self.under_way += 1;
        Ok(())
    }

    /// A request is over.
    pub(crate) fn over(&mut self, now: Instant, failed: bool) {
        self.under_way = self.under_way.saturating_sub(1);
        if !failed {
            *self = Guard { under_way: self.under_way, ..Guard::default() };
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            self.until = Some(now + LEFT_ALONE);
            self.trying = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_keeps_failing_is_left_alone_and_tried_again() {
        let (mut guard, start) = (Guard::default(), Instant::now());
        for _ in 0..FAILURES {
            assert_eq!(guard.begin(start), Ok(()));
            guard.over(start, true);
        }
        assert_eq!(guard.begin(start), Err(NoReply::LeftAlone));
        let later = start + LEFT_ALONE;
        assert_eq!(guard.begin(later), Ok(()), "one tries");
        assert_eq!(guard.begin(later), Err(NoReply::LeftAlone), "and only one");
        guard.over(later, true);
        assert_eq!(guard.begin(later), Err(NoReply::LeftAlone));
        let back = later + LEFT_ALONE;
        assert_eq!(guard.begin(back), Ok(()));
        guard.over(back, false);
        assert_eq!((guard.begin(back), guard.begin(back)), (Ok(()), Ok(())));
    }

    #[test]
    fn no_more_than_so_many_ask_at_once() {
        let (mut guard, now) = (Guard::default(), Instant::now());
        for _ in 0..MOST_AT_ONCE {
            assert_eq!(guard.begin(now), Ok(()));
        }
        assert_eq!(guard.begin(now), Err(NoReply::Crowded));
        guard.over(now, false);
        assert_eq!(guard.begin(now), Ok(()));
    }
}
