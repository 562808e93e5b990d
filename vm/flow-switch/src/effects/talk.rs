//! Two people who talk: the join, holds, the end.

use flow_bytecode::Datum;

use crate::agents::Busy;
use crate::boundary::{LegId, Outcome, Output, SpeechItem, StoryLine, Talk as TalkRecord};
use crate::call::{Call, Wait};
use crate::ringing::{Rung, Talk, Who};
use crate::switch::{LegEvent, Switch};

/// The outcome `failed` of `queue` and of `dial`, by number.
const QUEUE_FAILED: u16 = 4;
const DIAL_FAILED: u16 = 3;

impl Switch {
    /// Joins the caller and somebody who has picked up.
    pub(super) fn join(&mut self, call: &mut Call, rung: Rung) {
        if matches!(call.wait, Wait::CallingBack(_)) {
            return self.call_customer(call, rung);
        }
        let Some(caller) = call.leg else { return };
        self.stop_ringing_but(call, Some(rung.leg));
        if let Some(reach) = call.reach() {
            *reach = None;
        }
        self.stop_sound(call);
        self.outputs.push_back(Output::Bridge(caller, rung.leg));
        let name = self.name_of(call, rung.who);
        if let Some(agent) = rung.agent {
            self.agents.get_mut(agent).busy = Busy::Talking;
        }
        self.served(call, name.clone());
        self.story(call, |_| StoryLine::Talking(name));
        let since = self.now.monotonic;
        if let Some(talk) = call.talk() {
            *talk = Some(Talk {
                leg: rung.leg,
                who: rung.who,
                agent: rung.agent,
                since,
                held: None,
                recall: None,
                rung_back: false,
            });
        }
    }

    /// What happened to the leg of the person who talks with the caller.
    pub(super) fn talking(&mut self, call: &mut Call, leg: LegId, event: LegEvent) {
        match event {
            LegEvent::HungUp(_) | LegEvent::Failed(_) if is_rung_back(call) => {
                self.legs.release(leg.slot);
                self.recall_failed(call);
            }
            LegEvent::Answered if is_rung_back(call) => self.came_back(call, leg),
            LegEvent::HungUp(how) => {
                self.legs.release(leg.slot);
                let by = if how == crate::boundary::HangUp::ByParty { "agent" } else { "lost" };
                self.talk_over(call, by);
            }
            LegEvent::Failed(_) => {
                self.legs.release(leg.slot);
                self.talk_over(call, "lost");
            }
            LegEvent::Held(held) if !is_rung_back(call) => self.held(call, leg, held),
            _ => {}
        }
    }

    /// The person has left, and the caller is still there.
    fn talk_over(&mut self, call: &mut Call, by: &str) {
        self.end_hold(call);
        let Some((name, millis)) = self.end_talk(call, by) else { return };
        if matches!(call.wait, Wait::CallingBack(_)) {
            return self.after_callback(call);
        }
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
            (Who::Agent(agent), Wait::CallingBack(back)) => {
                let (queue, wrap) = (back.queue, self.queues.wrap_micros(back.queue));
                self.queues.served(queue, micros);
                self.agents.talked(agent, now, micros, wrap);
                self.agent_changed(agent);
            }
            (Who::Address(_), _) => {
                self.addresses.talked(&name, now, micros);
                if let Some(agent) = talk.agent {
                    self.agents.talked(agent, now, micros, 0);
                    self.agent_changed(agent);
                }
            }
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
                Some(Outcome::TooLong { .. } | Outcome::Shutdown { .. }) => "server",
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

    /// Whether a hold has lasted too long: the person is rung back. Who does not come then has left, and the
    /// block has failed.
    pub(super) fn hold_due(&mut self, call: &mut Call) -> bool {
        let now = self.now.monotonic;
        let Some(Some(talk)) = call.talk() else { return false };
        if talk.recall.is_none_or(|until| until > now) {
            return false;
        }
        let (leg, rung_back) = (talk.leg, talk.rung_back);
        self.hang_up(leg);
        if rung_back {
            self.recall_failed(call)
        } else {
            self.ring_back(call)
        }
        true
    }

    /// Rings the person who holds the caller; the caller goes on hearing the music of the hold.
    fn ring_back(&mut self, call: &mut Call) {
        let ring_micros = self.options.agent_ring_millis.saturating_mul(1000);
        let until = self.now.monotonic.saturating_add(ring_micros);
        let Some(Some(talk)) = call.talk() else { return };
        let who = talk.who;
        let Some(leg) = self.ring_one(call, who, None) else { return };
        if let Some(Some(talk)) = call.talk() {
            talk.leg = leg;
            talk.rung_back = true;
            talk.recall = Some(until);
        }
    }

    /// The person who was rung back is there again.
    fn came_back(&mut self, call: &mut Call, leg: LegId) {
        let Some(caller) = call.leg else { return };
        self.end_hold(call);
        if let Some(Some(talk)) = call.talk() {
            talk.rung_back = false;
        }
        self.outputs.push_back(Output::Bridge(caller, leg));
        let who = call.talk().and_then(|talk| talk.as_ref().map(|talk| talk.who));
        if let Some(who) = who {
            let name = self.name_of(call, who);
            self.story(call, |_| StoryLine::Talking(name));
        }
    }

    /// Nobody came back; the leg is gone.
    fn recall_failed(&mut self, call: &mut Call) {
        self.end_hold(call);
        self.end_talk(call, "agent");
        let failed = if matches!(call.wait, Wait::Queue(_)) { QUEUE_FAILED } else { DIAL_FAILED };
        self.finish(call, failed, &[]);
    }
}

fn is_rung_back(call: &mut Call) -> bool {
    call.talk().and_then(|talk| talk.as_ref()).is_some_and(|talk| talk.rung_back)
}

fn recall_millis(call: &Call) -> Option<u64> {
    let program = &call.loaded.program;
    match &call.wait {
        Wait::Queue(stay) => program.stays.get(usize::from(stay.request.stay))?.recall_millis,
        Wait::Dial(dial) => program.rings.get(usize::from(dial.request.rings))?.recall_millis,
        _ => None,
    }
}
