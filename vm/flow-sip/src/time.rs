//! Time as the driver tells it: microseconds on a monotonic clock whose beginning the driver chooses.
//!
//! This crate never asks what time it is; `std::time::Instant` cannot be made up in a test, so a number
//! stands for it.

use std::ops::{Add, Sub};
use std::time::Duration;

/// An instant, in microseconds since the driver's own epoch. Never runs backwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

impl Time {
    /// The driver's epoch.
    pub const ZERO: Time = Time(0);

    /// The instant that lies `milliseconds` after the driver's epoch.
    pub const fn from_millis(milliseconds: u64) -> Time {
        Time(milliseconds.saturating_mul(1_000))
    }

    /// The time since `earlier`; zero when `earlier` is later.
    pub const fn since(self, earlier: Time) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Time {
    type Output = Time;

    fn add(self, duration: Duration) -> Time {
        Time(self.0.saturating_add(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)))
    }
}

impl Sub for Time {
    type Output = Duration;

    fn sub(self, earlier: Time) -> Duration {
        self.since(earlier)
    }
}
