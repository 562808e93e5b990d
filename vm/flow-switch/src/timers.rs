//! Deadlines: one for each owner, earliest first.
//!
//! An owner (a call or an agent) has at most one deadline outstanding, the nearest of all that it waits for;
//! so moving and cancelling are the common operations and both find their entry by the owner's number. An
//! outstanding deadline costs 16 bytes in the heap and 4 in the owner's table.

/// Deadlines by owner.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    heap: Vec<Entry>,
    /// By owner: where in the heap it is, plus one; 0 for nowhere.
    places: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: u64,
    owner: u32,
}

impl Timers {
    /// Sets, moves or (with `None`) cancels the deadline of an owner.
    pub(crate) fn set(&mut self, owner: u32, at: Option<u64>) {
        let index = owner as usize;
        if index >= self.places.len() {
            if at.is_none() {
                return;
            }
            self.places.resize(index + 1, 0);
        }
        match (self.places[index], at) {
            (0, None) => {}
            (0, Some(at)) => {
                self.heap.push(Entry { at, owner });
                self.rise(self.heap.len() - 1);
            }
            (place, Some(at)) => {
                let place = place as usize - 1;
                let before = self.heap[place].at;
                self.heap[place].at = at;
                if at < before {
                    self.rise(place);
                } else if at > before {
                    self.sink(place);
                }
            }
            (place, None) => self.remove(place as usize - 1),
        }
    }

    /// The earliest deadline.
    pub(crate) fn next(&self) -> Option<u64> {
        self.heap.first().map(|entry| entry.at)
    }

    /// Takes the owner of the earliest deadline, when it is due. Owners due at the same time come by number.
    pub(crate) fn pop(&mut self, now: u64) -> Option<u32> {
        let first = *self.heap.first()?;
        if first.at > now {
            return None;
        }
        self.remove(0);
        Some(first.owner)
    }

    fn remove(&mut self, place: usize) {
        let removed = self.heap.swap_remove(place);
        self.places[removed.owner as usize] = 0;
        if place < self.heap.len() {
            self.rise(place);
            let owner = self.heap[place].owner;
            self.sink(self.places[owner as usize] as usize - 1);
        }
    }

    fn rise(&mut self, mut place: usize) {
        let entry = self.heap[place];
        while place > 0 {
            let parent = (place - 1) / 2;
            if self.heap[parent] <= entry {
                break;
            }
            self.put(place, self.heap[parent]);
            place = parent;
        }
        self.put(place, entry);
    }

    fn sink(&mut self, mut place: usize) {
        let entry = self.heap[place];
        loop {
            let mut child = 2 * place + 1;
            if child >= self.heap.len() {
                break;
            }
            if child + 1 < self.heap.len() && self.heap[child + 1] < self.heap[child] {
                child += 1;
            }
            if entry <= self.heap[child] {
                break;
            }
            self.put(place, self.heap[child]);
            place = child;
        }
        self.put(place, entry);
    }

    fn put(&mut self, place: usize, entry: Entry) {
        self.heap[place] = entry;
        self.places[entry.owner as usize] = place as u32 + 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn behaves_like_a_sorted_map(steps in prop::collection::vec((0_u32..40, prop::option::of(0_u64..1000)), 1..300)) {
            let mut timers = Timers::default();
            let mut model = BTreeMap::new();
            for (owner, at) in steps {
                timers.set(owner, at);
                match at {
                    Some(at) => model.insert(owner, at),
                    None => model.remove(&owner),
                };
                prop_assert_eq!(timers.next(), model.values().min().copied());
            }
            let mut expected: Vec<_> = model.into_iter().map(|(owner, at)| (at, owner)).collect();
            expected.sort_unstable();
            for (at, owner) in expected {
                prop_assert_eq!(timers.pop(at.wrapping_sub(1).min(at)), if at == 0 { Some(owner) } else { None });
                if at > 0 {
                    prop_assert_eq!(timers.pop(at), Some(owner));
                }
            }
            prop_assert_eq!(timers.next(), None);
        }
    }
}
