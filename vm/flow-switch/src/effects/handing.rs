//! Who picked up, and calls that are handed away for good.

use crate::boundary::{Outcome, Output, StoryLine};
use crate::call::{Call, Handing, Wait};
use crate::switch::Switch;

/// Outcomes of `detect`, by number.
const HUMAN: u16 = 0;
const MACHINE: u16 = 1;
const UNKNOWN: u16 = 2;
/// The outcome of `transfer`.
const FAILED: u16 = 0;

impl Switch {
    /// Listens who picked up.
    pub(super) fn detect(&mut self, call: &mut Call, longest_micros: u64) {
        self.answer(call);
        let Some(leg) = call.leg else { return self.finish(call, UNKNOWN, &[]) };
        call.wait = Wait::Detect { until: self.now.monotonic.saturating_add(longest_micros) };
        self.outputs.push_back(Output::Detect(leg));
    }

    /// It is known who picked up.
    pub(crate) fn detected(&mut self, call: &mut Call, machine: bool) {
        if matches!(call.wait, Wait::Detect { .. }) {
            let who = if machine { "a machine" } else { "a person" };
            self.story(call, |_| StoryLine::Noted(format!("{who} picked up")));
            self.finish(call, if machine { MACHINE } else { HUMAN }, &[]);
        }
    }

    /// It is not known in time.
    pub(crate) fn detect_due(&mut self, call: &mut Call) {
        if matches!(call.wait, Wait::Detect { until } if until <= self.now.monotonic) {
            self.story(call, |_| StoryLine::Noted("it cannot be told who picked up".to_owned()));
            self.finish(call, UNKNOWN, &[]);
        }
    }

    /// Hands the call away: to the first address that takes it.
    pub(super) fn transfer(&mut self, call: &mut Call, rings: u16, addresses: Vec<String>) {
        self.answer(call);
        call.wait = Wait::Transfer(Box::new(Handing { rings, addresses, next: 0, until: 0 }));
        self.next_transfer(call);
    }

    fn next_transfer(&mut self, call: &mut Call) {
        let loaded = call.loaded.clone();
        loop {
            let Wait::Transfer(handing) = &mut call.wait else { return };
            let Some(address) = handing.addresses.get(handing.next).cloned() else {
                return self.finish(call, FAILED, &[]);
            };
            let table = loaded.program.rings.get(usize::from(handing.rings));
            let rings = table.map_or(&[][..], |table| table.rings.as_slice());
            let mut taken = 0;
            let ring = rings.iter().find(|(count, _)| {
                taken += usize::from(*count);
                handing.next < taken
            });
            let millis = ring.map_or(0, |(_, millis)| *millis);
            handing.next += 1;
            handing.until = self.now.monotonic.saturating_add(millis.saturating_mul(1000));
            if !self.may_dial(&loaded, &address) {
                self.not_handed(call, &address, "not allowed");
                continue;
            }
            let Some(leg) = call.leg else { return };
            self.story(call, |_| StoryLine::Noted(format!("is handed to {address}")));
            self.outputs.push_back(Output::Transfer { leg, address });
            return;
        }
    }

    fn not_handed(&mut self, call: &Call, address: &str, why: &str) {
        self.story(call, |_| StoryLine::NotReached { who: address.to_owned(), why: why.to_owned() });
    }

    /// The other side took the call, or could not.
    pub(crate) fn transferred(&mut self, call: &mut Call, done: bool) {
        let Wait::Transfer(handing) = &call.wait else { return };
        let to = handing.addresses.get(handing.next.saturating_sub(1)).cloned().unwrap_or_default();
        if done {
            let block = call.block_name();
            self.put_down(call, Outcome::Transferred { block, to });
        } else {
            self.not_handed(call, &to, "the transfer failed");
            self.next_transfer(call);
        }
    }

    /// Nobody took it in time.
    pub(crate) fn transfer_due(&mut self, call: &mut Call) {
        if matches!(&call.wait, Wait::Transfer(handing) if handing.until <= self.now.monotonic) {
            self.transferred(call, false);
        }
    }
}
