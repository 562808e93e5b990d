//! Two people who talk: the join, holds, the end.

use flow_bytecode::Datum;

use crate::agents::Busy;
use crate::boundary::{LegId, Outcome, Output, SpeechItem, StoryLine, Talk as TalkRecord};
use crate::call::{Call, Wait};
use crate::ringing::{Rung, Talk, Who};
use crate::switch::{LegEvent, Switch};

impl Switch {
    /// Joins the caller and somebody who has picked up.
    pub(super) fn join(&mut self, call: &mut Call, rung: Rung) {
        let Some(caller) = call.leg else { return };
        self.stop_ringing_but(call, Some(rung.leg));
        if let Some(reach) = call.reach() {
            *reach = None;
        }
        self.stop_sound(call);
        self.outputs.push_back(Output::Bridge(caller, rung.leg));
        let name = self.name_of(call, rung.who);
        if let Who::Agent(agent) = rung.who {
            self.agents.get_mut(agent).busy = Busy::Talking;
        }
        self.served(call, name.clone());
        self.story(call, |_| StoryLine::Talking(name));
        let since = self.now.monotonic;
        if let Some(talk) = call.talk() {
            *talk = Some(Talk { leg: rung.leg, who: rung.who, since, held: None, recall: None });
        }
    }

    /// What happened to the leg of the person who talks with the caller.
    pub(super) fn talking(&mut self, call: &mut Call, leg: LegId, event: LegEvent) {
        match event {
            LegEvent::HungUp(how) => {
                self.legs.release(leg.slot);
                let by = if how == crate::boundary::HangUp::ByParty { "agent" } else { "lost" };
                self.talk_over(call, by);
            }
            LegEvent::Failed(_) => {
                self.legs.release(leg.slot);
                self.talk_over(call, "lost");
            }
            LegEvent::Held(held) => self.held(call, leg, held),
            _ => {}
        }
    }

    /// The person has left, and the caller is still there.
    fn talk_over(&mut self, call: &mut Call, by: &str) {
        self.end_hold(call);
        let Some((name, millis)) = self.end_talk(call, by) else { return };
        self.finish(call, 0, &[Datum::Text(name), Datum::Duration(millis as i64)]);
    }

    /// Writes the talk down and lets the person go.
    fn end_talk(&mut self, call: &mut Call, by: &str) -> Option<(String, u64)> {
        let talk = call.talk()?.take()?;
        let now = self.now.monotonic;
        let micros = now.saturating_sub(talk.since);
        let name = self.name_of(call, talk.who);
        match (talk.who, &call.wait) {
            (Who::Agent(agent), Wait::Queue(stay)) => {
                let queue = call.loaded.queues.get(usize::from(stay.request.queue)).copied();
                let wrap = queue.map_or(0, |queue| self.queues.wrap_micros(queue));
                if let Some(queue) = queue {
                    self.queues.served(queue, micros);
                }
                self.agents.talked(agent, now, micros, wrap);
                self.agent_changed(agent);
            }
            (Who::Address(_), _) => self.addresses.talked(&name, now, micros),
            _ => {}
        }
        let millis = micros / 1000;
        call.record.talks.push(TalkRecord {
            with: name.clone(),
            at: call.at(talk.since),
            millis,
            ended_by: by.to_owned(),
        });
        self.story(call, |_| StoryLine::TalkEnded { with: name.clone(), by: by.to_owned() });
        Some((name, millis))
    }

    /// The call ends while two people talk: the person is hung up.
    pub(super) fn break_talk(&mut self, call: &mut Call) {
        let leg = call.talk().and_then(|talk| talk.as_ref().map(|talk| talk.leg));
        if let Some(leg) = leg {
            self.hang_up(leg);
            let by = match call.outcome {
                Some(Outcome::CallerHungUp { .. }) => "caller",
                _ => "lost",
            };
            self.end_talk(call, by);
        }
    }

    /// The person holds the caller, who hears music, or takes the caller back.
    fn held(&mut self, call: &mut Call, leg: LegId, held: bool) {
        let Some(caller) = call.leg else { return };
        let recall = recall_millis(call);
        let Some(Some(talk)) = call.talk() else { return };
        if held == talk.held.is_some() {
            return;
        }
        if held {
            self.outputs.push_back(Output::Unbridge(caller, leg));
            let play = self.play(call, caller, vec![SpeechItem::Standard("hold/calm")], false, true);
            let until = recall.map(|millis| self.now.monotonic.saturating_add(millis.saturating_mul(1000)));
            if let Some(Some(talk)) = call.talk() {
                talk.held = play;
                talk.recall = until;
            }
        } else {
            self.end_hold(call);
            self.outputs.push_back(Output::Bridge(caller, leg));
        }
    }

    fn end_hold(&mut self, call: &mut Call) {
        let caller = call.leg;
        let Some(Some(talk)) = call.talk() else { return };
        talk.recall = None;
        if let (Some(play), Some(caller)) = (talk.held.take(), caller) {
            self.outputs.push_back(Output::Stop(caller, play));
        }
    }

    /// Whether a hold has lasted too long, which ends the talk as failed.
    pub(super) fn hold_due(&mut self, call: &mut Call) -> bool {
        let now = self.now.monotonic;
        let due = call
            .talk()
            .and_then(|talk| talk.as_ref())
            .and_then(|talk| talk.recall.filter(|until| *until <= now).map(|_| talk.leg));
        let Some(leg) = due else { return false };
        self.end_hold(call);
        self.hang_up(leg);
        self.end_talk(call, "lost");
        let failed = if matches!(call.wait, Wait::Queue(_)) { 4 } else { 3 };
        self.finish(call, failed, &[]);
        true
    }
}

fn recall_millis(call: &Call) -> Option<u64> {
    let program = &call.loaded.program;
    match &call.wait {
        Wait::Queue(stay) => program.stays.get(usize::from(stay.request.stay))?.recall_millis,
        Wait::Dial(dial) => program.rings.get(usize::from(dial.request.rings))?.recall_millis,
        _ => None,
    }
}
