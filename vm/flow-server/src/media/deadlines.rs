//! When each leg is due next.
//!
//! A heap with at most one living entry for each leg: an earlier deadline gets a new entry and the old one dies in
//! place; a later one waits for its entry to come up. So a deadline that each packet puts off costs nothing.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use flow_media::Time;

#[derive(Default)]
pub(super) struct Deadlines {
    heap: BinaryHeap<Reverse<(Time, usize)>>,
}

impl Deadlines {
    /// Sees to it that leg `key`, whose living entry is `armed`, comes up at `due` or before.
    pub(super) fn arm(&mut self, key: usize, armed: &mut Option<Time>, due: Option<Time>) {
        if let Some(due) = due.filter(|&due| armed.is_none_or(|armed| due < armed)) {
            *armed = Some(due);
            self.heap.push(Reverse((due, key)));
        }
    }

    /// The next entry that is due, dead or alive: it is alive if its instant is the one that its leg is armed for.
    pub(super) fn pop(&mut self, now: Time) -> Option<(Time, usize)> {
        let &Reverse(entry) = self.heap.peek().filter(|entry| entry.0.0 <= now)?;
        self.heap.pop();
        Some(entry)
    }

    pub(super) fn next(&self) -> Option<Time> {
        self.heap.peek().map(|entry| entry.0.0)
    }
}
