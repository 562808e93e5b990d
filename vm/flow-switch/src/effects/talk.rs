//! Two people who talk: the join, holds on either side, the end.

use flow_bytecode::Datum;

use crate::agents::Busy;
use crate::boundary::{HangUp, LegId, Outcome, Output, SpeechItem, StoryLine, Talk as TalkRecord};
use crate::call::{Call, Wait};
use crate::ringing::{Rung, Talk, Terms, Who};
use crate::switch::{LegEvent, Switch};

/// What the one who is held hears.
const HOLD_MUSIC: SpeechItem = SpeechItem::Standard("hold/calm");

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
        let since = self.now.monotonic;
        let terms = terms(call);
        let talk = Talk {
            leg: rung.leg,
            who: rung.who,
            address: self.address_of(call, rung.who),
            name: name.clone(),
            terms,
            queue: match &call.wait {
                Wait::Queue(stay) => call.loaded.queues.get(usize::from(stay.request.queue)).copied(),
                Wait::CallingBack(back) => Some(back.queue),
                _ => None,
            },
            agent: rung.agent,
            since,
            until: longest(call, terms).map(|millis| since.saturating_add(millis.saturating_mul(1000))),
            held: None,
            holding: None,
            star: None,
            recall: None,
            rung_back: false,
        };
        self.story(call, |_| StoryLine::Talking(name));
        if let Some(place) = call.talk() {
            *place = Some(talk);
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
                self.talk_over(call, left_as(how));
            }
            LegEvent::Failed(_) => {
                self.legs.release(leg.slot);
                self.talk_over(call, "lost");
            }
            LegEvent::Held(held) if !is_rung_back(call) => self.held(call, held),
            LegEvent::Digit(digit) => self.assist_key(call, digit.ascii()),
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
        Some(self.write_talk(call, &talk, by))
    }

    /// The same for a talk that is out of its call.
    pub(super) fn write_talk(&mut self, call: &mut Call, talk: &Talk, by: &str) -> (String, u64) {
        let now = self.now.monotonic;
        let micros = now.saturating_sub(talk.since);
        match talk.who {
            Who::Agent(agent) => {
                let wrap = talk.queue.map_or(0, |queue| self.queues.wrap_micros(queue));
                if let Some(queue) = talk.queue {
                    self.queues.served(queue, micros);
                }
                self.agents.talked(agent, now, micros, wrap);
                self.agent_changed(agent);
            }
            Who::Address(_) => {
                self.addresses.talked(&talk.name, now, micros);
                if let Some(agent) = talk.agent {
                    self.agents.talked(agent, now, micros, 0);
                    self.agent_changed(agent);
                }
            }
        }
        let millis = micros / 1000;
        call.record.talks.push(TalkRecord {
            with: talk.name.clone(),
            at: call.at(talk.since),
            millis,
            ended_by: by.to_owned(),
        });
        self.story(call, |_| StoryLine::TalkEnded { with: talk.name.clone(), by: by.to_owned() });
        (talk.name.clone(), millis)
    }

    /// The call ends while two people talk: the person is hung up.
    pub(super) fn break_talk(&mut self, call: &mut Call) {
        let leg = call.talk_now().map(|talk| talk.leg);
        if let Some(leg) = leg {
            self.hang_up(leg);
            let by = broken_by(call);
            self.end_talk(call, by);
        }
    }

    /// The person holds the caller, who hears music, or takes the caller back.
    pub(super) fn held(&mut self, call: &mut Call, held: bool) {
        let Some(caller) = call.leg else { return };
        let recall = call.talk_now().and_then(|talk| recall_millis(call, talk.terms));
        let Some(talk) = call.talk_now() else { return };
        if held == talk.held.is_some() {
            return;
        }
        let (leg, joined, name) = (talk.leg, talk.is_joined(), talk.name.clone());
        self.story(call, |_| StoryLine::Holding { who: name, held });
        if held {
            if joined {
                self.outputs.push_back(Output::Unbridge(caller, leg));
            }
            let play = self.play(call, caller, vec![HOLD_MUSIC], false, true);
            let until = recall.map(|millis| self.now.monotonic.saturating_add(millis.saturating_mul(1000)));
            if let Some(Some(talk)) = call.talk() {
                talk.held = play;
                talk.recall = until;
            }
        } else {
            self.end_hold(call);
            self.join_again(call);
        }
    }

    /// The caller holds the person, who hears music, or takes the person back.
    pub(crate) fn caller_holds(&mut self, call: &mut Call, held: bool) {
        let Some(caller) = call.leg else { return };
        let Some(talk) = call.talk_now().filter(|talk| !talk.rung_back) else { return };
        if held == talk.holding.is_some() {
            return;
        }
        let (leg, joined) = (talk.leg, talk.is_joined());
        self.story(call, |_| StoryLine::Holding { who: "the caller".to_owned(), held });
        if held {
            if joined {
                self.outputs.push_back(Output::Unbridge(caller, leg));
            }
            let play = self.play(call, leg, vec![HOLD_MUSIC], false, true);
            if let Some(Some(talk)) = call.talk() {
                talk.holding = play;
            }
        } else {
            if let Some(Some(talk)) = call.talk()
                && let Some(play) = talk.holding.take()
            {
                self.outputs.push_back(Output::Stop(leg, play));
            }
            self.join_again(call);
        }
    }

    /// Lets the two hear each other, when neither holds the other.
    pub(super) fn join_again(&mut self, call: &mut Call) {
        let Some(caller) = call.leg else { return };
        if let Some(talk) = call.talk_now().filter(|talk| talk.is_joined()) {
            self.outputs.push_back(Output::Bridge(caller, talk.leg));
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

    /// Time has passed for two who talk. A hold that has lasted too long: the person is rung back; who does not
    /// come then has left, and the block has failed. A talk that has lasted as long as it may is over.
    pub(crate) fn talk_due(&mut self, call: &mut Call) -> bool {
        let now = self.now.monotonic;
        let Some(talk) = call.talk_now() else { return false };
        let (leg, rung_back) = (talk.leg, talk.rung_back);
        if talk.until.is_some_and(|until| until <= now) {
            self.hang_up(leg);
            self.talk_over(call, "server");
            return true;
        }
        if talk.recall.is_none_or(|until| until > now) {
            return false;
        }
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
        let Some(talk) = call.talk_now() else { return };
        let (name, address) = (talk.name.clone(), talk.address.clone());
        let Some(leg) = self.ring_address(call, name, address, None) else { return };
        if let Some(Some(talk)) = call.talk() {
            talk.leg = leg;
            talk.rung_back = true;
            talk.holding = None;
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
        if let Some(name) = call.talk_now().map(|talk| talk.name.clone()) {
            self.story(call, |_| StoryLine::Talking(name));
        }
    }

    /// Nobody came back; the leg is gone.
    fn recall_failed(&mut self, call: &mut Call) {
        self.end_hold(call);
        self.end_talk(call, "agent");
        let failed = match call.wait {
            Wait::Queue(_) => super::queue::FAILED,
            Wait::Dial(_) => super::dial::FAILED,
            _ => super::assist::FAILED,
        };
        self.finish(call, failed, &[]);
    }
}

fn is_rung_back(call: &mut Call) -> bool {
    call.talk_now().is_some_and(|talk| talk.rung_back)
}

/// Who has left, as records say it.
pub(super) fn left_as(how: HangUp) -> &'static str {
    if how == HangUp::ByParty { "agent" } else { "lost" }
}

/// Who has ended a talk that ends with its call, as records say it.
pub(super) fn broken_by(call: &Call) -> &'static str {
    match call.outcome {
        Some(Outcome::CallerHungUp { .. }) => "caller",
        Some(Outcome::TooLong { .. } | Outcome::Shutdown { .. } | Outcome::Ended { .. }) => "server",
        _ => "lost",
    }
}

/// Where what holds for the talk of this wait is written.
fn terms(call: &Call) -> Terms {
    match &call.wait {
        Wait::Dial(dial) => Terms::Rings(dial.request.rings),
        Wait::Queue(stay) => Terms::Stay(stay.request.stay),
        _ => Terms::Stay(u16::MAX),
    }
}

fn recall_millis(call: &Call, terms: Terms) -> Option<u64> {
    let program = &call.loaded.program;
    match terms {
        Terms::Stay(stay) => program.stays.get(usize::from(stay))?.recall_millis,
        Terms::Rings(rings) => program.rings.get(usize::from(rings))?.recall_millis,
    }
}

fn longest(call: &Call, terms: Terms) -> Option<u64> {
    match terms {
        Terms::Stay(_) => None,
        Terms::Rings(rings) => call.loaded.program.rings.get(usize::from(rings))?.longest_millis,
    }
}
