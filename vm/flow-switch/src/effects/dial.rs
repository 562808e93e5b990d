//! Dialling: addresses are rung as the table of rings says, one step after the other.

use std::collections::{BTreeMap, VecDeque};

use flow_bytecode::program::Pick;

use crate::boundary::{ProgramId, StoryLine};
use crate::call::{Call, Dialling, Sound, Wait};
use crate::request::DialRequest;
use crate::ringing::Who;
use crate::switch::Switch;

/// Outcomes of `dial`, by number.
const BUSY: u16 = 1;
const NO_ANSWER: u16 = 2;
const FAILED: u16 = 3;
/// As many phones as ring at once.
const GREATEST_AT_ONCE: usize = 32;
/// As many addresses as are remembered; beyond, the memory begins anew.
const GREATEST_BOOK: usize = 10_000;

/// What is known of addresses that were rung: who was talked to when, and how much.
#[derive(Debug, Default)]
pub(crate) struct AddressBook {
    used: BTreeMap<String, Used>,
    /// Where round robin goes on, by program, table and step.
    hands: BTreeMap<(ProgramId, u16, usize), u32>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Used {
    last: u64,
    calls: u32,
    micros: u64,
}

impl AddressBook {
    pub(super) fn talked(&mut self, address: &str, now: u64, micros: u64) {
        if self.used.len() >= GREATEST_BOOK {
            self.used.clear();
        }
        let used = self.used.entry(address.to_owned()).or_default();
        used.last = now;
        used.calls = used.calls.saturating_add(1);
        used.micros = used.micros.saturating_add(micros);
    }

    fn of(&self, address: &str) -> Used {
        self.used.get(address).copied().unwrap_or_default()
    }
}

impl Switch {
    /// Rings addresses.
    pub(super) fn dial(&mut self, call: &mut Call, request: DialRequest) {
        self.answer(call);
        call.typed.clear();
        let shown = request.from.as_deref();
        if shown.is_some_and(|from| !self.options.outbound.may_show(from, call.loaded.own_numbers())) {
            self.story(call, |_| StoryLine::Noted("the number to be shown is not allowed".to_owned()));
            return self.finish(call, FAILED, &[]);
        }
        call.wait = Wait::Dial(Box::new(Dialling {
            request,
            step: 0,
            taken: 0,
            order: VecDeque::new(),
            sound: Sound::default(),
            reach: None,
            talk: None,
            tried: 0,
            busy: 0,
            unreachable: 0,
        }));
        self.resume_sound(call);
        self.next_ring(call);
    }

    /// Rings whoever comes next; when nobody is left, the effect is over.
    pub(super) fn next_ring(&mut self, call: &mut Call) {
        let loaded = call.loaded.clone();
        loop {
            let Wait::Dial(dial) = &mut call.wait else { return };
            let Some(table) = loaded.program.rings.get(usize::from(dial.request.rings)) else {
                return self.finish(call, FAILED, &[]);
            };
            if dial.order.is_empty() {
                let Some((count, _)) = table.rings.get(dial.step) else { return self.nobody_left(call) };
                let from = dial.taken;
                let to = (from + usize::from(*count)).min(dial.request.addresses.len());
                let among: Vec<u32> = (from as u32..to as u32).collect();
                let (step, rings) = (dial.step, dial.request.rings);
                dial.step += 1;
                dial.taken = to;
                let order = self.order(call, table.pick, among, (loaded.id, rings, step));
                let Wait::Dial(dial) = &mut call.wait else { return };
                dial.order = order.into();
                continue;
            }
            let millis = table.rings.get(dial.step - 1).map_or(0, |(_, millis)| *millis);
            let at_once = if table.pick == Pick::All { GREATEST_AT_ONCE } else { 1 };
            let next = dial.order.len().min(at_once);
            let whom: Vec<Who> = dial.order.drain(..next).map(Who::Address).collect();
            let from = dial.request.from.clone();
            let until = self.now.monotonic.saturating_add(millis.saturating_mul(1000));
            return self.ring(call, &whom, until, from.as_deref());
        }
    }

    /// The addresses of one step in the order that its strategy rings them.
    fn order(
        &mut self,
        call: &Call,
        pick: Pick,
        mut among: Vec<u32>,
        step: (ProgramId, u16, usize),
    ) -> Vec<u32> {
        let Wait::Dial(dial) = &call.wait else { return among };
        let used =
            |index: &u32| self.addresses.of(dial.request.addresses.get(*index as usize).map_or("", |a| a));
        match pick {
            Pick::All | Pick::InOrder | Pick::Best(_) => {}
            Pick::LongestIdle => among.sort_by_key(|index| used(index).last),
            Pick::LeastBusy => among.sort_by_key(|index| used(index).micros),
            Pick::FewestCalls => among.sort_by_key(|index| used(index).calls),
            Pick::RoundRobin => {
                let hand = self.addresses.hands.entry(step).or_insert(0);
                if !among.is_empty() {
                    let first = *hand as usize % among.len();
                    among.rotate_left(first);
                    *hand = first as u32 + 1;
                }
            }
            Pick::Random => self.chance.shuffle(&mut among),
        }
        among
    }

    fn nobody_left(&mut self, call: &mut Call) {
        self.stop_sound(call);
        let Wait::Dial(dial) = &call.wait else { return };
        let outcome = match dial.tried {
            0 => FAILED,
            tried if tried == dial.busy => BUSY,
            tried if tried == dial.unreachable => FAILED,
            _ => NO_ANSWER,
        };
        self.finish(call, outcome, &[]);
    }

    /// The call ends while it rings or talks.
    pub(super) fn drop_dial(&mut self, call: &mut Call, dial: Dialling) {
        call.wait = Wait::Dial(Box::new(dial));
        self.stop_ringing(call);
        self.stop_sound(call);
        self.break_talk(call);
        call.wait = Wait::Nothing;
    }
}
