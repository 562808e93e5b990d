//! All deadlines of an endpoint in one ordered queue. Each transaction and each call has one entry at
//! most, its next deadline, so a million retransmissions to come cost no more than their owners.

use std::collections::BTreeSet;

use crate::time::Time;

/// Whose deadline it is: the index of a slab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    Server(u32),
    Client(u32),
    Call(u32),
}

/// The queue.
#[derive(Default)]
pub(crate) struct Timers {
    queue: BTreeSet<(Time, Owner)>,
}

impl Timers {
    /// Moves an owner's deadline from `set`, which is updated, to `wanted`.
    pub(crate) fn set(&mut self, owner: Owner, set: &mut Option<Time>, wanted: Option<Time>) {
        if *set == wanted {
            return;
        }
        if let Some(time) = set.take() {
            self.queue.remove(&(time, owner));
        }
        if let Some(time) = wanted {
            self.queue.insert((time, owner));
        }
        *set = wanted;
    }

    /// The earliest deadline.
    pub(crate) fn next(&self) -> Option<Time> {
        self.queue.first().map(|(time, _)| *time)
    }

    /// An owner whose deadline has come. Its entry is gone: the owner has none set now.
    pub(crate) fn due(&mut self, now: Time) -> Option<Owner> {
        let first = *self.queue.first()?;
        if first.0 > now {
            return None;
        }
        self.queue.remove(&first);
        Some(first.1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}
