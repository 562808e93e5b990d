//! Promised callbacks: who is to be called, since when, and when next. Each has a place in its queue, in line when
//! it may be made and away while it rests.
//!
//! Nothing here knows of legs; what a call to somebody is stands in `effects::calling_back`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use slab::Slab;

use crate::boundary::{CallId, Callback, StoreId};
use crate::programs::Loaded;

/// As many callbacks as are promised at most; beyond, the booking fails.
const GREATEST_CALLBACKS: usize = 20_000;

/// A callback that is promised, or about to be.
#[derive(Debug)]
pub(crate) struct Booked {
    pub(crate) row: Callback,
    pub(crate) loaded: Arc<Loaded>,
    /// The deployment's number of its queue.
    pub(crate) queue: u32,
    pub(crate) place: u32,
    pub(crate) stage: Stage,
    /// The call that booked it, while that goes on.
    booked_by: Option<CallId>,
    /// When it is looked at again.
    due: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// On its way to the disk, for this request; the call that waits for that.
    Storing(StoreId, CallId),
    /// Its time has not come.
    Resting,
    /// In line.
    Waiting,
    /// People are called for it.
    Calling(CallId),
}

impl Stage {
    /// Whether this call waits until it is on disk.
    pub(crate) fn is_stored_for(self, call: CallId) -> bool {
        matches!(self, Self::Storing(_, own) if own == call)
    }
}

/// All callbacks.
#[derive(Debug, Default)]
pub(crate) struct Callbacks {
    list: Slab<Booked>,
    by_number: BTreeMap<(String, u32), u32>,
    due: BTreeSet<(u64, u32)>,
    storing: BTreeMap<StoreId, u32>,
    /// What was booked by calls that go on: nobody is called back while still on the line.
    by_call: BTreeMap<CallId, Vec<u32>>,
    /// Given up before the disk had answered.
    pub(crate) withdrawn: BTreeMap<StoreId, Callback>,
}

impl Callbacks {
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.list.len() >= GREATEST_CALLBACKS
    }

    /// Whether a number has a callback in a queue.
    pub(crate) fn has(&self, number: &str, queue: u32) -> bool {
        self.by_number.contains_key(&(number.to_owned(), queue))
    }

    /// What [`Callbacks::insert`] will call the next one.
    pub(crate) fn next_index(&self) -> u32 {
        self.list.vacant_key() as u32
    }

    pub(crate) fn insert(
        &mut self,
        row: Callback,
        loaded: Arc<Loaded>,
        queue: u32,
        place: u32,
        stage: Stage,
    ) -> u32 {
        let key = (row.number.clone(), queue);
        let booked_by = match stage {
            Stage::Storing(_, call) => Some(call),
            _ => None,
        };
        let booked = Booked { row, loaded, queue, place, stage, booked_by, due: None };
        let index = self.list.insert(booked) as u32;
        self.by_number.insert(key, index);
        if let Stage::Storing(store, call) = stage {
            self.storing.insert(store, index);
            self.by_call.entry(call).or_default().push(index);
        }
        index
    }

    pub(crate) fn get(&self, index: u32) -> Option<&Booked> {
        self.list.get(index as usize)
    }

    pub(crate) fn get_mut(&mut self, index: u32) -> Option<&mut Booked> {
        self.list.get_mut(index as usize)
    }

    /// The callback that a call is made for. An index alone may be another's by now: a promise that is kept gives
    /// its number back while its call goes on.
    pub(crate) fn called_by(&mut self, index: u32, call: CallId) -> Option<&mut Booked> {
        self.get_mut(index).filter(|booked| booked.stage == Stage::Calling(call))
    }

    /// Takes a callback out, for good.
    pub(crate) fn remove(&mut self, index: u32) -> Option<Booked> {
        self.set_due(index, None);
        let booked = self.list.try_remove(index as usize)?;
        self.by_number.remove(&(booked.row.number.clone(), booked.queue));
        if let Stage::Storing(store, _) = booked.stage {
            self.storing.remove(&store);
        }
        if let Some(call) = booked.booked_by
            && let Some(all) = self.by_call.get_mut(&call)
        {
            all.retain(|other| *other != index);
            if all.is_empty() {
                self.by_call.remove(&call);
            }
        }
        Some(booked)
    }

    /// The callback that a request to store was about.
    pub(crate) fn stored(&mut self, store: StoreId) -> Option<u32> {
        self.storing.remove(&store)
    }

    /// Whether a request to store is a booking's, which nobody was promised yet.
    pub(crate) fn is_booking(&self, store: StoreId) -> bool {
        self.storing.contains_key(&store) || self.withdrawn.contains_key(&store)
    }

    /// Whether the call that booked it goes on.
    pub(crate) fn is_on_the_line(&self, index: u32) -> bool {
        self.get(index).is_some_and(|booked| booked.booked_by.is_some())
    }

    /// A call is over: what it had booked.
    pub(crate) fn call_over(&mut self, call: CallId) -> Vec<u32> {
        let all = self.by_call.remove(&call).unwrap_or_default();
        for index in &all {
            if let Some(booked) = self.get_mut(*index) {
                booked.booked_by = None;
            }
        }
        all
    }

    /// Sets, moves or cancels when a callback is looked at again.
    pub(crate) fn set_due(&mut self, index: u32, at: Option<u64>) {
        let Some(booked) = self.list.get_mut(index as usize) else { return };
        if let Some(before) = booked.due.take() {
            self.due.remove(&(before, index));
        }
        if let Some(at) = at {
            booked.due = Some(at);
            self.due.insert((at, index));
        }
    }

    pub(crate) fn next_due(&self) -> Option<u64> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes the first that is due.
    pub(crate) fn pop_due(&mut self, now: u64) -> Option<u32> {
        let (at, index) = *self.due.first()?;
        if at > now {
            return None;
        }
        self.set_due(index, None);
        Some(index)
    }

    /// Everything that is not being called: to be looked at anew when the world has changed.
    pub(crate) fn all(&self) -> Vec<u32> {
        let still =
            self.list.iter().filter(|(_, booked)| matches!(booked.stage, Stage::Resting | Stage::Waiting));
        still.map(|(index, _)| index as u32).collect()
    }

    /// Whether a number is being called for a callback.
    pub(crate) fn is_calling(&self, number: &str) -> bool {
        let mut same = self.by_number.range((number.to_owned(), 0)..=(number.to_owned(), u32::MAX));
        same.any(|(_, index)| {
            self.get(*index).is_some_and(|booked| matches!(booked.stage, Stage::Calling(_)))
        })
    }

    /// How many wait in a queue, those that rest included.
    pub(crate) fn count_of(&self, queue: u32) -> usize {
        self.list.iter().filter(|(_, booked)| booked.queue == queue).count()
    }
}
