//! What the interoperability tests are made of: a running `flowc`, other people's phones, and ears.
//!
//! Every test has loopback addresses of its own (`127.N.x.y`), so that tests run side by side without
//! sharing a port. All waits are bounded, and only processes that were started here are ended, by pid.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros)]

pub mod audio;
pub mod baresip;
pub mod caller;
pub mod project;
pub mod server;
pub mod sipp;

use std::time::{Duration, Instant};

/// Asks until it is so, for at most `limit`; says whether it came to be.
pub fn eventually(limit: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    loop {
        if is_so() {
            return true;
        }
        if start.elapsed() > limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
