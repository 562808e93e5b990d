//! What a call does not go on without until the disk has it, for a second at most: what it counts, and what it
//! sends. What is counted decides the way of the call, so a count that is not on disk in time is as if the limit
//! were reached. What is sent never changes the call.

use flow_bytecode::Datum;

use crate::boundary::{Counted, Sent, StoreId, Stored, StoryLine};
use crate::call::{Call, Storing, Wait};
use crate::services;
use crate::switch::Switch;

const COUNTED: u16 = 0;
const REACHED: u16 = 1;
const DONE: u16 = 0;
/// As many sends as a call's record lists.
const GREATEST_SENDS: usize = 500;

impl Switch {
    /// Adds one to a limit's counter for a key.
    pub(super) fn count(&mut self, call: &mut Call, index: u16, key: &str) {
        let loaded = call.loaded.clone();
        let Some(limit) = loaded.program.limits.get(usize::from(index)) else {
            return self.finish(call, REACHED, &[]);
        };
        let name = loaded.text(limit.name);
        let span = super::micros(i64::try_from(limit.per_millis).unwrap_or(i64::MAX));
        if !self.limits.count(name, key, limit.count, span, self.now.monotonic) {
            return self.finish(call, REACHED, &[]);
        }
        let counted = Counted {
            limit: name.to_owned(),
            key: key.to_owned(),
            unix_millis: self.now.unix_millis,
            span_millis: limit.per_millis,
        };
        self.store_first(call, Stored::Counted(counted), format!("the count of {name}"), (COUNTED, REACHED));
    }

    /// The same where nothing decides and nothing is waited for: after a hang-up.
    pub(super) fn tally(&mut self, call: &Call, index: u16, key: &str) {
        let loaded = call.loaded.clone();
        let Some(limit) = loaded.program.limits.get(usize::from(index)) else { return };
        let name = loaded.text(limit.name);
        let span = super::micros(i64::try_from(limit.per_millis).unwrap_or(i64::MAX));
        if self.limits.count(name, key, limit.count, span, self.now.monotonic) {
            self.ask_disk(Stored::Counted(Counted {
                limit: name.to_owned(),
                key: key.to_owned(),
                unix_millis: self.now.unix_millis,
                span_millis: limit.per_millis,
            }));
        }
    }

    /// Hands something over to be sent.
    pub(super) fn send(&mut self, call: &mut Call, operation: u16, arguments: &[Datum]) {
        match self.sent(call, operation, arguments) {
            Some((what, sent)) => self.store_first(call, Stored::Sent(Box::new(sent)), what, (DONE, DONE)),
            None => self.finish(call, DONE, &[]),
        }
    }

    /// The same where nothing may be waited for.
    pub(super) fn post(&mut self, call: &mut Call, operation: u16, arguments: &[Datum]) {
        if let Some((_, sent)) = self.sent(call, operation, arguments) {
            self.ask_disk(Stored::Sent(Box::new(sent)));
        }
    }

    fn sent(&mut self, call: &mut Call, index: u16, arguments: &[Datum]) -> Option<(String, Sent)> {
        let loaded = call.loaded.clone();
        let program = &loaded.program;
        let operation = program.operations.get(usize::from(index))?;
        let service = program.services.get(usize::from(operation.service))?;
        let what = services::name(program, operation);
        let target = match services::target(program, operation, arguments) {
            Ok(target) => target,
            Err(why) => {
                call.record.oddities = call.record.oddities.saturating_add(1);
                self.story(call, |_| StoryLine::RequestFailed { what, why });
                return None;
            }
        };
        call.sends = call.sends.saturating_add(1);
        let sent = Sent {
            key: format!("{}-{}", call.record.call, call.sends),
            call: call.record.call.clone(),
            service: loaded.text(service.name).to_owned(),
            operation: loaded.text(operation.name).to_owned(),
            method: operation.method.word().to_owned(),
            target,
            body: services::body(program, operation, arguments),
            unix_millis: self.now.unix_millis,
        };
        self.story(call, |_| StoryLine::Sent(services::display(program, operation, arguments)));
        if call.record.sends.len() < GREATEST_SENDS {
            call.record.sends.push(what.clone());
        }
        Some((what, sent))
    }

    fn store_first(&mut self, call: &mut Call, stored: Stored, what: String, outcomes: (u16, u16)) {
        let store = self.ask_disk(stored);
        self.promises.waits(store, call.id);
        let deadline = self.now.monotonic.saturating_add(self.options.decide_millis.saturating_mul(1000));
        call.wait = Wait::Disk(Box::new(Storing { store, deadline, what, outcomes }));
    }

    /// The disk has it, or cannot.
    pub(crate) fn disk_answered(&mut self, call: &mut Call, store: StoreId, done: bool) {
        let Wait::Disk(storing) = &call.wait else { return };
        if storing.store != store {
            return;
        }
        let (outcomes, what) = (storing.outcomes, storing.what.clone());
        if !done {
            call.record.oddities = call.record.oddities.saturating_add(1);
            self.story(call, |_| StoryLine::NotStored(what));
        }
        self.finish(call, if done { outcomes.0 } else { outcomes.1 }, &[]);
    }

    /// The disk has not answered in time.
    pub(crate) fn disk_due(&mut self, call: &mut Call) {
        let Wait::Disk(storing) = &call.wait else { return };
        if storing.deadline <= self.now.monotonic {
            let store = storing.store;
            self.promises.waits_no_longer(store);
            self.disk_answered(call, store, false);
        }
    }
}
