//! Assists: the person who talks with the caller starts a flow for them, and waits without hearing it.
//!
//! The effect in which they talked is over for the coroutine, which runs the flow; the talk is kept aside
//! ([`Parked`]) until the coroutine joins the two again. If the person leaves meanwhile, the flow goes on to its
//! end, and the talk is over then.

use flow_bytecode::Datum;
use flow_bytecode::program::Assist;

use crate::boundary::{AssistRecord, LegId, Output, SpeechItem, StoryLine};
use crate::call::{Call, Wait};
use crate::ringing::{Parked, Terms};
use crate::switch::{LegEvent, Switch};

/// Outcomes of `rejoin`, by number.
const ASSIST: u16 = 1;
pub(super) const FAILED: u16 = 2;
/// How long after the star the digit of an assist may come.
const STAR_MICROS: u64 = 5_000_000;
/// The person hears this; it is short and repeated.
const SILENCE: SpeechItem = SpeechItem::Silence(1_000);
/// As many assists as a call's record lists.
const GREATEST_ASSISTS: usize = 1_000;

impl Switch {
    /// A key of the person who talks: a star and the number of an assist start it.
    pub(super) fn assist_key(&mut self, call: &mut Call, key: u8) {
        let now = self.now.monotonic;
        let Some(Some(talk)) = call.talk() else { return };
        let star = talk.star.take().filter(|until| *until >= now);
        match (key, star) {
            (b'*', _) => talk.star = Some(now.saturating_add(STAR_MICROS)),
            (b'1'..=b'9', Some(_)) => self.start_assist(call, usize::from(key - b'1')),
            _ => {}
        }
    }

    /// The agent of that name starts an assist, wherever they talk.
    pub(crate) fn assist_by_name(&mut self, agent: &str, assist: &str) {
        let index = self.agents.named(agent);
        let found = self.calls.names().into_iter().find(|(slot, generation)| {
            let talk = self.calls.get(*slot, *generation).and_then(|call| call.talk_now());
            talk.is_some_and(|talk| (index.is_some() && talk.agent == index) || talk.name == agent)
        });
        let Some((slot, generation)) = found else { return };
        self.with_call(crate::boundary::CallId { slot, generation }, |switch, call| {
            let number = call.talk_now().and_then(|talk| {
                let all = assists(call, talk.terms);
                let text = |id: u32| call.loaded.text(id);
                let named = all.iter().position(|a| text(a.flow) == assist || text(a.label) == assist);
                let counted = || assist.parse::<usize>().ok()?.checked_sub(1);
                named.or_else(counted)
            });
            if let Some(number) = number {
                switch.start_assist(call, number);
            }
        });
    }

    /// The two are parted, and the coroutine runs the flow.
    fn start_assist(&mut self, call: &mut Call, number: usize) {
        let Some(caller) = call.leg else { return };
        let Some(talk) = call.talk_now() else { return };
        let Some(assist) = assists(call, talk.terms).get(number) else { return };
        if !talk.is_joined() {
            return;
        }
        let label = call.loaded.text(assist.label).to_owned();
        let outcome = match call.wait {
            Wait::Queue(_) => super::queue::ASSIST,
            Wait::Dial(_) => super::dial::ASSIST,
            _ => ASSIST,
        };
        let Some(talk) = call.talk().and_then(Option::take) else { return };
        self.outputs.push_back(Output::Unbridge(caller, talk.leg));
        let silence = self.play(call, talk.leg, vec![SILENCE], false, true);
        let entry = call.record.assists.len();
        if entry < GREATEST_ASSISTS {
            call.record.assists.push(AssistRecord {
                label: label.clone(),
                by: talk.name.clone(),
                at: call.at(self.now.monotonic),
                result: None,
            });
        }
        let (by, told) = (talk.name.clone(), label.clone());
        self.story(call, |_| StoryLine::Assisting { by, label: told });
        let name = talk.name.clone();
        call.typed.clear();
        call.parked.push(Parked { talk: Some(talk), silence, name, millis: 0, label, entry, holds: false });
        self.finish(call, outcome, &[Datum::Int(number as i64)]);
    }

    /// The flow has given its result: the person sees it, and the two are joined again.
    pub(super) fn rejoin(&mut self, call: &mut Call, result: String) {
        let Some(parked) = call.parked.pop() else {
            // A restart has parted them for good.
            return self.finish(call, 0, &[Datum::Text(String::new()), Datum::Duration(0)]);
        };
        if let Some(entry) = call.record.assists.get_mut(parked.entry) {
            entry.result = Some(result.clone());
        }
        let (label, told) = (parked.label.clone(), result.clone());
        self.story(call, |_| StoryLine::Assisted { label, result: told });
        let Some(talk) = parked.talk else {
            let data = [Datum::Text(parked.name), Datum::Duration(parked.millis as i64)];
            return self.finish(call, 0, &data);
        };
        let (leg, name) = (talk.leg, talk.name.clone());
        self.outputs.push_back(Output::Show { agent: name.clone(), fields: vec![(parked.label, result)] });
        if let Some(play) = parked.silence {
            self.outputs.push_back(Output::Stop(leg, play));
        }
        call.wait = Wait::Talking(Box::new(Some(talk)));
        self.story(call, |_| StoryLine::Talking(name));
        self.join_again(call);
        if parked.holds {
            self.held(call, true);
        }
        self.talk_due(call);
    }

    /// The number of the talk, among those set aside, that a leg is in.
    pub(super) fn parked_at(call: &Call, leg: LegId) -> Option<usize> {
        call.parked.iter().position(|parked| parked.talk.as_ref().is_some_and(|talk| talk.leg == leg))
    }

    /// What happened to the leg of a person who waits for the result of an assist.
    pub(super) fn parked_event(&mut self, call: &mut Call, index: usize, leg: LegId, event: LegEvent) {
        let by = match event {
            LegEvent::HungUp(how) => super::talk::left_as(how),
            LegEvent::Failed(_) => "lost",
            LegEvent::Held(held) => {
                call.parked[index].holds = held;
                return;
            }
            _ => return,
        };
        self.legs.release(leg.slot);
        let Some(talk) = call.parked[index].talk.take() else { return };
        let (_, millis) = self.write_talk(call, &talk, by);
        call.parked[index].millis = millis;
    }

    /// The call is over: who waits for a result is hung up.
    pub(crate) fn end_parked(&mut self, call: &mut Call) {
        for parked in std::mem::take(&mut call.parked) {
            if let Some(talk) = parked.talk {
                self.hang_up(talk.leg);
                let by = super::talk::broken_by(call);
                self.write_talk(call, &talk, by);
            }
        }
    }

    /// What the person may start, for their screen: keys and labels.
    pub(super) fn assists_shown(call: &Call) -> Vec<(String, String)> {
        let terms = match &call.wait {
            Wait::Queue(stay) => Terms::Stay(stay.request.stay),
            Wait::Dial(dial) => Terms::Rings(dial.request.rings),
            _ => return Vec::new(),
        };
        let all = assists(call, terms).iter().enumerate().take(9);
        all.map(|(index, assist)| (format!("*{}", index + 1), call.loaded.text(assist.label).to_owned()))
            .collect()
    }
}

fn assists(call: &Call, terms: Terms) -> &[Assist] {
    let program = &call.loaded.program;
    let list = match terms {
        Terms::Stay(stay) => program.stays.get(usize::from(stay)).map(|table| &table.assists),
        Terms::Rings(rings) => program.rings.get(usize::from(rings)).map(|table| &table.assists),
    };
    list.map_or(&[], Vec::as_slice)
}
