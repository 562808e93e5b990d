//! What the disk is asked to keep, and who waits for its answer.
//!
//! Some are waited for by a call: it goes on when the answer is there. Promises (callbacks, campaigns and their rows)
//! have to be on disk as they are now, whoever waits: what the disk refused is asked for again until it has it, or
//! until something newer of the same promise is asked for.

use std::collections::{BTreeMap, VecDeque};

use crate::boundary::{CallId, Output, StoreId, Stored};
use crate::call::Wait;
use crate::switch::Switch;

/// How long a disk that refused is left alone, in microseconds.
const AGAIN_MICROS: u64 = 1_000_000;
/// As many as are asked for again in one go.
const AT_ONCE: usize = 1_000;

/// What a promise is, whichever state it is in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Promise {
    Callback(String),
    Campaign(String),
    Row(String, u32),
    Ended(String),
}

impl Promise {
    fn of(stored: &Stored) -> Option<Promise> {
        match stored {
            Stored::Callback(row) => Some(Promise::Callback(row.id.clone())),
            Stored::Campaign(run) => Some(Promise::Campaign(run.id.clone())),
            Stored::CampaignRow { run, row, .. } => Some(Promise::Row(run.clone(), *row)),
            Stored::CampaignEnded { run, .. } => Some(Promise::Ended(run.clone())),
            Stored::Message(_) | Stored::Sent(_) | Stored::Counted(_) | Stored::Cleared { .. } => None,
        }
    }
}

/// Everything that the disk has not answered yet, and what it refused.
#[derive(Debug, Default)]
pub(crate) struct Promises {
    last: u64,
    /// Calls that wait.
    calls: BTreeMap<StoreId, CallId>,
    /// Promises on their way to the disk.
    under_way: BTreeMap<StoreId, (Promise, Stored)>,
    /// The newest request about each of them.
    newest: BTreeMap<Promise, StoreId>,
    /// What the disk refused, to be asked for again.
    refused: BTreeMap<Promise, Stored>,
    /// Refused promises, the first to be asked for again at the front.
    order: VecDeque<Promise>,
    again_at: Option<u64>,
}

impl Promises {
    fn next(&mut self) -> StoreId {
        self.last += 1;
        StoreId(self.last)
    }

    /// A call waits for the answer.
    pub(crate) fn waits(&mut self, store: StoreId, call: CallId) {
        self.calls.insert(store, call);
    }

    /// The call waits no longer.
    pub(crate) fn waits_no_longer(&mut self, store: StoreId) {
        self.calls.remove(&store);
    }

    /// The call is gone.
    pub(crate) fn forget(&mut self, call: CallId) {
        self.calls.retain(|_, owner| *owner != call);
    }

    /// When what was refused is asked for again.
    pub(crate) fn next_due(&self) -> Option<u64> {
        self.again_at
    }
}

impl Switch {
    /// Asks the disk to keep something.
    pub(crate) fn ask_disk(&mut self, stored: Stored) -> StoreId {
        let store = self.promises.next();
        if let Some(promise) = Promise::of(&stored) {
            self.promises.refused.remove(&promise);
            self.promises.newest.insert(promise.clone(), store);
            self.promises.under_way.insert(store, (promise, stored.clone()));
        }
        self.outputs.push_back(Output::Store(store, stored));
        store
    }

    /// The disk has something, or cannot keep it.
    pub(crate) fn store_answered(&mut self, store: StoreId, done: bool) {
        if let Some((promise, stored)) = self.promises.under_way.remove(&store) {
            self.promise_answered(store, promise, stored, done);
        }
        match self.promises.calls.remove(&store) {
            Some(call) => self.with_call(call, |switch, call| match call.wait {
                Wait::Disk(_) => switch.disk_answered(call, store, done),
                Wait::RowKept(_) => switch.row_kept(call, store, done),
                _ => switch.stored(call, store, done),
            }),
            None => self.callback_stored(store, done),
        }
    }

    fn promise_answered(&mut self, store: StoreId, promise: Promise, stored: Stored, done: bool) {
        if self.promises.newest.get(&promise) != Some(&store) {
            return;
        }
        self.promises.newest.remove(&promise);
        if done {
            if let Promise::Campaign(run) = &promise {
                self.campaign_kept(run);
            }
            return;
        }
        // A booking that failed was never promised: its caller is told.
        if self.callbacks.is_booking(store) {
            return;
        }
        if self.promises.refused.insert(promise.clone(), stored).is_none() {
            self.promises.order.push_back(promise);
        }
        let again = self.now.monotonic.saturating_add(AGAIN_MICROS);
        self.promises.again_at.get_or_insert(again);
    }

    /// Asks again for what was refused.
    pub(crate) fn ask_again(&mut self) {
        if self.promises.again_at.is_none_or(|at| at > self.now.monotonic) {
            return;
        }
        self.promises.again_at = None;
        for _ in 0..AT_ONCE {
            let Some(promise) = self.promises.order.pop_front() else { return };
            // Something newer may have taken its place.
            if let Some(stored) = self.promises.refused.remove(&promise) {
                self.ask_disk(stored);
            }
        }
        if !self.promises.order.is_empty() {
            self.promises.again_at = Some(self.now.monotonic.saturating_add(1));
        }
    }
}
