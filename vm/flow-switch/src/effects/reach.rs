//! Phones that are rung for a call, from the ring to the join.

use crate::agents::Busy;
use crate::boundary::{Digit, Failure, LegId, Output, PlayId, StoryLine};
use crate::call::{Call, Wait};
use crate::programs::Loaded;
use crate::ringing::{Progress, Reach, Rung, Who};
use crate::speech::Utterance;
use crate::switch::{LegEvent, Switch};

impl Switch {
    /// These agents are free for the call's place: their phones ring.
    pub(crate) fn offer(&mut self, call: &mut Call, agents: &[u32]) {
        let waits = match &call.wait {
            Wait::Queue(stay) => stay.reach.is_none() && stay.talk.is_none() && call.place.is_some(),
            _ => false,
        };
        if !waits {
            for agent in agents {
                self.agents.let_go(*agent);
                self.agent_changed(*agent);
            }
            return;
        }
        let until = self.now.monotonic.saturating_add(self.options.agent_ring_millis.saturating_mul(1000));
        let whom: Vec<Who> = agents.iter().map(|agent| Who::Agent(*agent)).collect();
        self.ring(call, &whom, until, None);
    }

    /// Rings phones at the same time.
    pub(super) fn ring(&mut self, call: &mut Call, whom: &[Who], until: u64, from: Option<&str>) {
        if call.leg.is_none() && !matches!(call.wait, Wait::CallingBack(_)) {
            return;
        }
        let mut rung = Vec::with_capacity(whom.len());
        for who in whom {
            if let Who::Address(_) = *who {
                let address = self.name_of(call, *who);
                if !self.may_dial(&call.loaded, &address) {
                    self.not_reached(call, *who, Failure::Unreachable);
                    continue;
                }
            }
            let agent = match *who {
                Who::Agent(agent) => Some(agent),
                Who::Address(_) => self.agents.at_address(&self.name_of(call, *who)),
            };
            if let (Who::Address(_), Some(agent)) = (*who, agent) {
                if self.agents.is_engaged(agent) {
                    self.not_reached(call, *who, Failure::Busy);
                    continue;
                }
                self.agents.get_mut(agent).busy = Busy::Ringing;
                self.agent_changed(agent);
            }
            let mut fields = shown(call);
            fields.extend(Self::assists_shown(call));
            if !fields.is_empty() {
                self.shown.extend(agent);
                let shown = agent.map(|agent| self.agents.get(agent).name.clone());
                if agent.is_none() {
                    call.shown.push(self.name_of(call, *who));
                }
                let agent = shown.unwrap_or_else(|| self.name_of(call, *who));
                self.outputs.push_back(Output::Show { agent, fields });
            }
            if let Some(leg) = self.ring_one(call, *who, from) {
                rung.push(Rung { leg, who: *who, agent, progress: Progress::Ringing });
            }
        }
        if rung.is_empty() {
            return self.nobody_came(call);
        }
        if let Some(reach) = call.reach() {
            *reach = Some(Reach { rung, until });
        }
    }

    /// Whether an address may be called for somebody who calls: a telephone number may not always.
    pub(super) fn may_dial(&self, loaded: &Loaded, address: &str) -> bool {
        self.options.outbound.may_reach(address, loaded.is_written(address), loaded.own_numbers())
    }

    /// Rings one phone; `None` when there is no caller any more.
    pub(super) fn ring_one(&mut self, call: &Call, who: Who, from: Option<&str>) -> Option<LegId> {
        let (name, address) = (self.name_of(call, who), self.address_of(call, who));
        self.ring_address(call, name, address, from)
    }

    /// Where somebody is rung.
    pub(super) fn address_of(&self, call: &Call, who: Who) -> String {
        match who {
            Who::Agent(agent) => self.agents.get(agent).address.clone(),
            Who::Address(_) => self.name_of(call, who),
        }
    }

    /// Rings an address for a call; `None` when there is no caller any more.
    pub(super) fn ring_address(
        &mut self,
        call: &Call,
        name: String,
        address: String,
        from: Option<&str>,
    ) -> Option<LegId> {
        let near = call.leg;
        if near.is_none() && !matches!(call.wait, Wait::CallingBack(_)) {
            return None;
        }
        let (slot, generation) = self.legs.insert_with(|_, _| call.id);
        let leg = LegId { slot, generation };
        self.outputs.push_back(Output::Dial {
            leg,
            near: near.unwrap_or(leg),
            address,
            from: from.map(str::to_owned).or_else(|| call.record.caller.clone()),
            display: call.record.caller_name.clone(),
        });
        if self.options.stories {
            self.story(call, |_| StoryLine::Calling(name));
        }
        Some(leg)
    }

    /// An agent's name, or an address.
    pub(crate) fn name_of(&self, call: &Call, who: Who) -> String {
        match (who, &call.wait) {
            (Who::Agent(agent), _) => self.agents.get(agent).name.clone(),
            (Who::Address(index), Wait::Dial(dial)) => {
                dial.request.addresses.get(index as usize).cloned().unwrap_or_default()
            }
            (Who::Address(_), _) => String::new(),
        }
    }

    /// What happened to a leg that we called.
    pub(crate) fn called(&mut self, call: &mut Call, leg: LegId, event: LegEvent) {
        if call.talk().is_some_and(|talk| talk.as_ref().is_some_and(|talk| talk.leg == leg)) {
            return self.talking(call, leg, event);
        }
        if let Some(index) = Self::parked_at(call, leg) {
            return self.parked_event(call, index, leg, event);
        }
        if self.customer_event(call, leg, event) {
            return;
        }
        let found = call
            .reach()
            .and_then(|reach| reach.as_ref())
            .and_then(|reach| reach.position(leg).map(|index| reach.rung[index]));
        let Some(rung) = found else { return };
        match event {
            LegEvent::Answered if rung.progress == Progress::Ringing => self.picked_up(call, rung),
            LegEvent::Failed(failure) => {
                self.legs.release(leg.slot);
                self.did_not_come(call, leg, failure);
            }
            LegEvent::HungUp(_) => {
                self.legs.release(leg.slot);
                self.did_not_come(call, leg, Failure::NoAnswer);
            }
            LegEvent::Played(play) => self.whispered(call, rung, play),
            LegEvent::Digit(digit) => self.accepting(call, rung, digit),
            _ => {}
        }
    }

    /// Somebody picked up. Where a key has to accept, the other phones ring on.
    fn picked_up(&mut self, call: &mut Call, rung: Rung) {
        if accept(call).is_none() {
            self.stop_ringing_but(call, Some(rung.leg));
        }
        let items = whisper(call).map(|words| self.render(call, &words)).unwrap_or_default();
        let until = self.patience(call, &items);
        match self.play(call, rung.leg, items, true, false) {
            Some(play) => set_progress(call, rung.leg, Progress::Whisper(play, until)),
            None => self.after_whisper(call, rung),
        }
    }

    fn whispered(&mut self, call: &mut Call, rung: Rung, play: PlayId) {
        if matches!(rung.progress, Progress::Whisper(own, _) if own == play) {
            self.after_whisper(call, rung);
        }
    }

    fn after_whisper(&mut self, call: &mut Call, rung: Rung) {
        match accept(call) {
            Some((_, within)) => {
                let until = self.now.monotonic.saturating_add(within.saturating_mul(1000));
                set_progress(call, rung.leg, Progress::Accept(until));
            }
            None => self.join(call, rung),
        }
    }

    fn accepting(&mut self, call: &mut Call, rung: Rung, digit: Digit) {
        let play = match rung.progress {
            Progress::Ringing => return,
            Progress::Whisper(play, _) => Some(play),
            Progress::Accept(_) => None,
        };
        match accept(call) {
            Some((key, _)) if key != digit.ascii() => {}
            _ => {
                if let Some(play) = play {
                    self.outputs.push_back(Output::Stop(rung.leg, play));
                }
                self.join(call, rung);
            }
        }
    }

    /// A phone that was rung does not come; its leg is gone.
    fn did_not_come(&mut self, call: &mut Call, leg: LegId, failure: Failure) {
        let Some(Some(reach)) = call.reach() else { return };
        let Some(index) = reach.position(leg) else { return };
        let rung = reach.rung.remove(index);
        let empty = reach.rung.is_empty();
        self.not_reached(call, rung.who, failure);
        if let Some(agent) = rung.agent {
            match rung.who {
                Who::Agent(_) => {
                    let now = self.now.monotonic;
                    let pause = self.options.agent_pause_millis.saturating_mul(1000);
                    self.agents.pause(agent, now, now.saturating_add(pause));
                }
                Who::Address(_) => self.agents.let_go(agent),
            }
            self.agent_changed(agent);
        }
        if empty {
            self.nobody_came(call);
        }
    }

    /// Tells, and counts, that somebody was not reached.
    fn not_reached(&mut self, call: &mut Call, who: Who, failure: Failure) {
        if self.options.stories {
            let (who, why) = (self.name_of(call, who), why(failure).to_owned());
            self.story(call, |_| StoryLine::NotReached { who, why });
        }
        if let Wait::Dial(dial) = &mut call.wait {
            dial.tried += 1;
            dial.busy += u32::from(failure == Failure::Busy);
            dial.unreachable += u32::from(failure == Failure::Unreachable);
        }
    }

    fn nobody_came(&mut self, call: &mut Call) {
        if let Some(reach) = call.reach() {
            *reach = None;
        }
        match call.wait {
            Wait::Queue(_) => {
                if let Some(place) = call.place {
                    self.queues.set_engaged(place, false);
                    self.dispatch_due = true;
                }
                // Who answered held off the end of the wait: the calendar, or that everybody signed off.
                self.reconsider(call);
            }
            Wait::Dial(_) => self.next_ring(call),
            Wait::CallingBack(_) => self.nobody_for_callback(call),
            _ => {}
        }
    }

    /// Time has passed for phones that ring, for those who have to accept, and for who is on hold.
    pub(crate) fn reach_due(&mut self, call: &mut Call) {
        let now = self.now.monotonic;
        if self.talk_due(call) {
            return;
        }
        self.sound_due(call);
        let Some(Some(reach)) = call.reach() else { return };
        let until = reach.until;
        let stuck: Vec<Rung> = reach.rung.iter().copied().filter(|rung| is_stuck(rung, now)).collect();
        for rung in stuck {
            call.record.oddities = call.record.oddities.saturating_add(1);
            self.after_whisper(call, rung);
        }
        let Some(Some(reach)) = call.reach() else { return };
        let late: Vec<LegId> = reach
            .rung
            .iter()
            .filter(|rung| match rung.progress {
                Progress::Ringing => until <= now,
                Progress::Accept(until) => until <= now,
                Progress::Whisper(..) => false,
            })
            .map(|rung| rung.leg)
            .collect();
        for leg in late {
            self.hang_up(leg);
            self.did_not_come(call, leg, Failure::NoAnswer);
        }
    }

    /// No phone rings for this call any more.
    pub(super) fn stop_ringing(&mut self, call: &mut Call) {
        self.stop_ringing_but(call, None);
        if let Some(reach) = call.reach() {
            *reach = None;
        }
        if let Some(place) = call.place {
            self.queues.set_engaged(place, false);
        }
    }

    pub(super) fn stop_ringing_but(&mut self, call: &mut Call, but: Option<LegId>) {
        let Some(Some(reach)) = call.reach() else { return };
        let others: Vec<Rung> = reach.rung.iter().copied().filter(|rung| Some(rung.leg) != but).collect();
        reach.rung.retain(|rung| Some(rung.leg) == but);
        for rung in others {
            self.hang_up(rung.leg);
            if let Some(agent) = rung.agent {
                self.agents.let_go(agent);
                self.agent_changed(agent);
            }
        }
    }
}

/// Whether the end of a whisper was waited for in vain.
fn is_stuck(rung: &Rung, now: u64) -> bool {
    matches!(rung.progress, Progress::Whisper(_, until) if until <= now)
}

fn set_progress(call: &mut Call, leg: LegId, progress: Progress) {
    if let Some(Some(reach)) = call.reach()
        && let Some(index) = reach.position(leg)
    {
        reach.rung[index].progress = progress;
    }
}

/// What the person hears before the join.
fn whisper(call: &Call) -> Option<Utterance> {
    match &call.wait {
        Wait::Queue(stay) => stay.request.whisper.clone(),
        Wait::Dial(dial) => dial.request.whisper.clone(),
        Wait::CallingBack(back) => back.whisper.clone(),
        _ => None,
    }
}

/// The key that the person has to press, and within how many milliseconds.
fn accept(call: &Call) -> Option<(u8, u64)> {
    match &call.wait {
        Wait::Dial(dial) => call.loaded.program.rings.get(usize::from(dial.request.rings))?.accept,
        _ => None,
    }
}

/// Names and values for the person's screen.
fn shown(call: &Call) -> Vec<(String, String)> {
    let show = match &call.wait {
        Wait::Queue(stay) => &stay.request.show,
        Wait::Dial(dial) => &dial.request.show,
        Wait::CallingBack(back) => &back.show,
        _ => return Vec::new(),
    };
    show.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

fn why(failure: Failure) -> &'static str {
    match failure {
        Failure::Busy => "busy",
        Failure::NoAnswer => "no answer",
        Failure::Declined => "declined",
        Failure::Unreachable => "unreachable",
    }
}
