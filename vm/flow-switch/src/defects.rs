//! What a defect of ours does: it ends the call that was being worked on, with its record, and no other.
//!
//! A panic in the work on one call may leave that call half done, so nothing of it is trusted but its legs, which
//! the switch knows by itself. All of them are hung up, the people among them are free, and the place is given up.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::boundary::{LegId, Outcome, StoryLine};
use crate::call::{Call, Wait};
use crate::switch::Switch;

/// The code of a defect of flowc itself, in records and stories.
const CODE: &str = "F0750";
const MESSAGE: &str = "a defect of flowc has ended the call";

/// Does a piece of work that a defect may end half done. Says whether it was done whole.
pub(crate) fn survives(work: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(work)).is_ok()
}

impl Switch {
    /// Ends a call that a defect has left half done.
    pub(crate) fn break_off(&mut self, mut call: Call) {
        self.defects = self.defects.saturating_add(1);
        let legs: Vec<LegId> = self
            .legs
            .iter()
            .filter(|(.., owner)| **owner == call.id)
            .map(|(slot, generation, _)| LegId { slot, generation })
            .collect();
        for leg in legs {
            self.hang_up(leg);
        }
        let talks = call.talk_now().into_iter().chain(call.parked.iter().filter_map(|p| p.talk.as_ref()));
        let mut people: Vec<u32> = talks.filter_map(|talk| talk.agent).collect();
        if let Some(Some(reach)) = call.reach() {
            people.extend(reach.rung.iter().filter_map(|rung| rung.agent));
        }
        // Whom the person was found for keeps the promise, and somebody else is found.
        let promised = match &call.wait {
            Wait::CallingBack(back) => {
                people.extend(back.customer.as_ref().and_then(|customer| customer.rung.agent));
                Some(back.index)
            }
            _ => None,
        };
        for agent in people {
            self.agents.let_go(agent);
            self.agent_changed(agent);
        }
        // A place that the queues know no more is no place to leave.
        if let Some(place) = call.place.take().filter(|place| self.queues.is_of(*place, call.id)) {
            self.queues.leave(Some(place));
        }
        self.rooms.forget(call.id);
        self.promises.forget(call.id);
        self.requests.retain(|_, owner| *owner != call.id);
        self.recordings.retain(|_, owner| *owner != call.id);
        let place = call.block_name();
        let fault = || (CODE.to_owned(), MESSAGE.to_owned(), place.clone());
        let (code, message, at) = fault();
        self.story(&call, |_| StoryLine::Fault { code, message, place: at });
        let (code, message, at) = fault();
        call.outcome = Some(Outcome::Fault { code, message, place: at });
        call.over.get_or_insert(self.now.monotonic);
        if let Some(index) = promised {
            self.back_in_line(index, call.id);
        }
        self.close(call);
        self.dispatch_due = true;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use flow_bytecode::Effect;
    use flow_bytecode::instruction::{Instruction, Opcode};
    use flow_bytecode::program::{
        Block, Constant, EffectEntry, Function, FunctionKind, Program, Template, TypeMap,
    };
    use flow_bytecode::types::{Type, TypeId};
    use flow_bytecode::verifier::verify;

    use super::*;
    use crate::Options;
    use crate::agents::Busy;
    use crate::boundary::{CallId, Incoming, Now, Output, PlayId, ProgramId, StoreId};
    use crate::call::{Booking, CallingBack, Customer, Requesting, RowKept, Storing};
    use crate::ringing::{Progress, Reach, Rung, Who};

    /// A flow that says something and waits for its end.
    fn program() -> Program {
        let text = |text: &str| text.to_owned();
        Program {
            languages: vec![text("en")],
            zones: vec![text("UTC")],
            texts: vec![text("line"), text("hello"), text("greet"), text("Hello.")],
            types: vec![Type::Speech, Type::Bool, Type::Int],
            constants: vec![Constant::Bool(true)],
            templates: vec![Template {
                arguments: Vec::new(),
                variants: vec![flow_bytecode::program::TemplateVariant {
                    language: None,
                    pieces: vec![flow_bytecode::program::Piece::Text(3)],
                }],
                in_turn: false,
            }],
            effects: vec![EffectEntry {
                effect: Effect::Say,
                arguments: vec![TypeId(0), TypeId(1)],
                outcomes: vec![Vec::new()],
            }],
            blocks: vec![Block { flow: 0, name: 1, kind: 2 }],
            code: [
                Instruction::abx(Opcode::Block, 0, 0),
                Instruction::abx(Opcode::Speech, 0, 0),
                Instruction::abx(Opcode::Load, 1, 0),
                Instruction::abx(Opcode::Perform, 0, 0),
                Instruction::abc(Opcode::End, 0, 0, 0),
            ]
            .map(|instruction| instruction.0)
            .to_vec(),
            functions: vec![Function {
                name: 0,
                kind: FunctionKind::Flow { gives: Vec::new() },
                params: Vec::new(),
                registers: 2,
                code: (0, 5),
                on_hangup: None,
                maps: vec![TypeMap { at: 4, registers: vec![(0, TypeId(2))] }],
            }],
            ..Program::default()
        }
    }

    fn call(switch: &mut Switch, name: &str) -> LegId {
        switch.incoming(
            Now::default(),
            Incoming {
                program: ProgramId(0),
                flow: 0,
                called: String::new(),
                caller: None,
                caller_name: None,
                attested: false,
                name: name.to_owned(),
                keys_can_arrive: true,
            },
        )
    }

    #[test]
    fn a_panic_ends_its_call_with_a_record_and_no_other() {
        let mut switch = Switch::new(Options::default());
        let program = verify(program()).unwrap_or_else(|faults| panic!("{faults:?}"));
        switch.load(Now::default(), Arc::new(program), Vec::new());
        let (broken, other) = (call(&mut switch, "broken"), call(&mut switch, "other"));
        while switch.poll().is_some() {}
        assert_eq!((switch.calls(), switch.legs()), (2, 2));
        let id: CallId = *switch.legs.get(broken.slot, broken.generation).expect("its call");
        switch.with_call(id, |_, _| panic!("a defect, for this test"));
        switch.settle();
        let mut hung_up = Vec::new();
        let mut records = Vec::new();
        while let Some(output) = switch.poll() {
            match output {
                Output::HangUp(leg) => hung_up.push(leg),
                Output::CallRecord(record) => records.push((record.call, record.outcome)),
                _ => {}
            }
        }
        assert_eq!(hung_up, [broken]);
        assert!(
            matches!(&records[..], [(call, Outcome::Fault { code, .. })] if call == "broken" && code == CODE)
        );
        assert_eq!((switch.calls(), switch.legs(), switch.defects()), (1, 1, 1));
        assert!(switch.block(other).is_some(), "the other call goes on");
    }

    /// Puts a call of its own into a wait, and lets the work on it panic.
    fn broken(switch: &mut Switch, wait: impl FnOnce(&mut Switch, &mut Call) -> Wait) {
        let leg = call(switch, "waits");
        let id = *switch.legs.get(leg.slot, leg.generation).expect("its call");
        let mut wait = Some(wait);
        switch.with_call(id, |switch, call| {
            if let Some(wait) = wait.take() {
                call.wait = wait(switch, call);
            }
            panic!("a defect, for this test");
        });
        switch.settle();
        while switch.poll().is_some() {}
    }

    /// A phone of the only agent, who is rung or talks.
    fn rung(switch: &mut Switch, call: &Call) -> Rung {
        let (slot, generation) = switch.legs.insert_with(|_, _| call.id);
        switch.agents.get_mut(0).busy = Busy::Talking;
        Rung {
            leg: LegId { slot, generation },
            who: Who::Agent(0),
            agent: Some(0),
            progress: Progress::Ringing,
        }
    }

    #[test]
    fn whoever_waits_for_a_call_that_breaks_is_free_again() {
        let mut switch = Switch::new(Options::default());
        let program = verify(program()).unwrap_or_else(|faults| panic!("{faults:?}"));
        switch.load(Now::default(), Arc::new(program), Vec::new());
        let person = crate::boundary::Person {
            name: "ann".into(),
            address: "sip:ann@h".into(),
            teams: Vec::new(),
            skills: Vec::new(),
        };
        switch.handle(Now::default(), crate::boundary::Input::Roster(vec![person]));
        let until = u64::MAX;
        let back = |reach, customer| {
            Wait::CallingBack(Box::new(CallingBack {
                index: 0,
                queue: 0,
                born: 0,
                whisper: None,
                show: Vec::new(),
                reach,
                customer,
                talk: None,
            }))
        };
        // A phone rings, and a person waits while the customer's phone rings.
        broken(&mut switch, |switch, call| back(Some(Reach { rung: vec![rung(switch, call)], until }), None));
        assert_eq!((switch.legs(), switch.engaged_agents(), switch.defects()), (0, 0, 1));
        broken(&mut switch, |switch, call| {
            let rung = rung(switch, call);
            let (slot, generation) = switch.legs.insert_with(|_, _| call.id);
            let leg = LegId { slot, generation };
            back(None, Some(Customer { leg, rung, until, music: None }))
        });
        assert_eq!((switch.legs(), switch.engaged_agents(), switch.defects()), (0, 0, 2));
        broken(&mut switch, |switch, call| {
            let request = crate::boundary::RequestId(7);
            switch.requests.insert(request, call.id);
            let asked =
                Requesting { request, operation: 0, since: 0, deadline: until, working: None, play: None };
            Wait::Request(Box::new(asked))
        });
        assert!(switch.requests.is_empty(), "nobody waits for the answer");
        broken(&mut switch, |switch, call| {
            let store = StoreId(9);
            switch.promises.waits(store, call.id);
            let what = String::new();
            Wait::Disk(Box::new(Storing { store, deadline: until, what, outcomes: (0, 0) }))
        });
        for wait in [
            Wait::Nothing,
            Wait::Say { play: PlayId(1), cut: false, until },
            Wait::Apology { play: PlayId(1), until },
            Wait::Placing { until },
            Wait::Detect { until },
            Wait::Booking(Box::new(Booking { index: 0, deadline: until, had_place: false })),
            Wait::Talking(Box::new(None)),
            Wait::RowKept(Box::new(RowKept {
                store: StoreId(9),
                deadline: until,
                number: String::new(),
                from: None,
            })),
        ] {
            broken(&mut switch, |_, _| wait);
        }
        assert_eq!((switch.calls(), switch.legs(), switch.engaged_agents()), (0, 0, 0));
        assert_eq!(switch.defects(), 12);
        assert!(switch.is_idle());
    }
}
