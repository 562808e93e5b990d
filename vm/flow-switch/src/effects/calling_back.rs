//! A callback's turn: a person is found first and hears the whisper, then the customer is called; they talk, and a
//! customer who stays on the line goes on to the flow that follows.

use flow_vm::Fiber;

use crate::agents::Busy;
use crate::boundary::{
    CallId, CallRecord, Callback, CallbackState, Failure, LegId, Outcome, Output, Placed, QueueVisit,
    SpeechItem, StoryLine,
};
use crate::call::{Call, CallingBack, Customer, Wait};
use crate::callbacks::Stage;
use crate::ringing::{Rung, Talk, Who};
use crate::switch::{LegEvent, Switch};

/// The longest that a callback rests before the calendar and the clock are looked at again: clocks jump.
const LONGEST_REST_MICROS: u64 = 3_600_000_000;
/// How long it waits where the same number is being called already, or there is no room for a call.
const SHORT_REST_MICROS: u64 = 15_000_000;

impl Switch {
    /// A callback that was promised before the server started.
    pub(crate) fn take_up_callback(
        &mut self,
        row: Callback,
        loaded: std::sync::Arc<crate::programs::Loaded>,
    ) {
        let Some(queue) = self.queues.named(&row.queue) else {
            return self.callback_is_over(row, "queue_gone");
        };
        if self.callbacks.has(&row.number, queue) || self.callbacks.is_full() {
            return;
        }
        let now = self.now.monotonic;
        let age = self.now.unix_millis.saturating_sub(row.born).max(0).unsigned_abs().saturating_mul(1000);
        let since = now.saturating_sub(age);
        let whose = crate::queues::Whose::Callback(self.callbacks.next_index());
        let place = self.queues.take_up(whose, queue, row.priority, since, since, now);
        let index = self.callbacks.insert(row, loaded, queue, place, Stage::Resting);
        self.callback_due(index);
    }

    fn callback_is_over(&mut self, mut row: Callback, how: &str) {
        row.state = CallbackState::Over { how: how.to_owned(), at: self.now.unix_millis };
        self.keep(row);
    }

    /// Takes a callback out of its queue, for good.
    fn callback_done(&mut self, index: u32, how: &str) {
        if let Some(booked) = self.callbacks.remove(index) {
            self.queues.leave(Some(booked.place));
            self.callback_is_over(booked.row, how);
            self.dispatch_due = true;
        }
    }

    /// Whether a callback may be made now: then it is in line, else it rests.
    pub(crate) fn callback_due(&mut self, index: u32) {
        let unix = self.now.unix_millis;
        let Some(booked) = self.callbacks.get(index) else { return };
        if !matches!(booked.stage, Stage::Resting | Stage::Waiting) {
            return;
        }
        if unix >= booked.row.expires {
            return self.callback_done(index, "expired");
        }
        if self.callbacks.is_on_the_line(index) {
            return self.rest(index, None);
        }
        let (place, loaded, next) = (booked.place, booked.loaded.clone(), booked.row.not_before);
        if unix < next {
            return self.rest(index, Some(next));
        }
        let table = loaded.program.callbacks.get(usize::from(booked.row.table));
        let during = table.and_then(|table| table.during);
        if let Some(calendar) = during
            && !self.is_open(&loaded, calendar)
        {
            let opens = match self.next_open(&loaded, calendar) {
                Some(flow_bytecode::Datum::DateTime(at, _)) => Some(at),
                _ => None,
            };
            return self.rest(index, opens);
        }
        self.queues.back(place);
        self.dispatch_due = true;
        let now = self.now.monotonic;
        let closes = during.and_then(|calendar| self.closes_at(&loaded, calendar));
        let change = self.queues.next_change(place, now);
        if let Some(booked) = self.callbacks.get_mut(index) {
            booked.stage = Stage::Waiting;
            let expires = self.now.at_unix(booked.row.expires);
            let longest = now.saturating_add(LONGEST_REST_MICROS);
            let due = [closes, change].into_iter().flatten().fold(expires.min(longest), u64::min);
            self.callbacks.set_due(index, Some(due.max(now + 1)));
        }
    }

    /// A callback's time has not come; it is looked at again then, or within the hour.
    fn rest(&mut self, index: u32, until_unix: Option<i64>) {
        let now = self.now;
        let Some(booked) = self.callbacks.get_mut(index) else { return };
        booked.stage = Stage::Resting;
        let expires = now.at_unix(booked.row.expires);
        let until = until_unix.map_or(u64::MAX, |at| now.at_unix(at)).min(expires);
        let until = until.min(now.monotonic.saturating_add(LONGEST_REST_MICROS));
        self.queues.away(now.monotonic, booked.place);
        self.callbacks.set_due(index, Some(until.max(now.monotonic + 1)));
    }

    fn rest_shortly(&mut self, index: u32) {
        self.rest(index, None);
        let at = self.now.monotonic.saturating_add(SHORT_REST_MICROS);
        self.callbacks.set_due(index, Some(at));
    }

    /// These agents are free for a callback.
    pub(crate) fn call_back(&mut self, index: u32, agents: &[u32]) {
        let ready = !self.stopping && self.calls.len() < self.options.greatest_calls;
        let waiting = self.callbacks.get(index).filter(|booked| booked.stage == Stage::Waiting);
        let number = waiting.map(|booked| booked.row.number.clone());
        let used = number.as_ref().is_some_and(|number| self.is_called(number));
        let (Some(number), true, false) = (number, ready, used) else {
            for agent in agents {
                self.agents.let_go(*agent);
                self.agent_changed(*agent);
            }
            if self.callbacks.get(index).is_some_and(|booked| booked.stage == Stage::Waiting) {
                self.rest_shortly(index);
            }
            return;
        };
        let Some(booked) = self.callbacks.get(index) else { return };
        let (row, loaded, place) = (booked.row.clone(), booked.loaded.clone(), booked.place);
        let record = CallRecord {
            flow: row.flow.clone(),
            called: row.from.clone().unwrap_or_default(),
            caller: Some(number),
            caller_name: row.caller_name.clone(),
            placed: Some(Placed { kind: "callback".into(), of: row.id.clone(), attempt: row.attempts + 1 }),
            ..CallRecord::new(format!("{}-{}", row.id, row.attempts + 1), self.now.unix_millis)
        };
        let back = CallingBack {
            index,
            queue: booked.queue,
            born: self.queues.parts(place).0,
            whisper: row.whisper.as_deref().and_then(crate::snapshot::said),
            show: row.show.clone(),
            reach: None,
            customer: None,
            talk: None,
        };
        let id = self.place_call(loaded, Fiber::nothing(), record, Wait::CallingBack(Box::new(back)));
        if let Some(booked) = self.callbacks.get_mut(index) {
            booked.stage = Stage::Calling(id);
        }
        self.callbacks.set_due(index, None);
        self.with_call(id, |switch, call| {
            call.language = row.language;
            call.silent = true;
            switch.offer_callback(call, agents);
        });
    }

    fn offer_callback(&mut self, call: &mut Call, agents: &[u32]) {
        let until = self.now.monotonic.saturating_add(self.options.agent_ring_millis.saturating_mul(1000));
        let whom: Vec<Who> = agents.iter().map(|agent| Who::Agent(*agent)).collect();
        self.ring(call, &whom, until, None);
    }

    /// A person is there: now the customer is called.
    pub(super) fn call_customer(&mut self, call: &mut Call, rung: Rung) {
        self.stop_ringing_but(call, Some(rung.leg));
        if let Some(agent) = rung.agent {
            self.agents.get_mut(agent).busy = Busy::Talking;
        }
        let music = self.play(call, rung.leg, vec![SpeechItem::Standard("tone/ringback")], false, true);
        let (slot, generation) = self.legs.insert_with(|_, _| call.id);
        let leg = LegId { slot, generation };
        let until = self.now.monotonic.saturating_add(self.options.customer_ring_millis.saturating_mul(1000));
        let Wait::CallingBack(back) = &mut call.wait else { return };
        back.reach = None;
        back.customer = Some(Customer { leg, rung, until, music });
        let index = back.index;
        let Some(booked) = self.callbacks.called_by(index, call.id) else { return };
        booked.row.attempts += 1;
        let (number, from) = (booked.row.number.clone(), booked.row.from.clone());
        let from = from.or_else(|| booked.loaded.own_numbers().next().map(str::to_owned));
        call.silent = false;
        let queue = booked.row.queue.clone();
        self.story(call, |_| StoryLine::Noted(format!("a call back in {queue}")));
        self.story(call, |_| StoryLine::Calling(number.clone()));
        self.outputs.push_back(Output::Dial { leg, near: rung.leg, address: number, from, display: None });
    }

    /// What happened to a leg while the customer is called; false when it is of no concern.
    pub(super) fn customer_event(&mut self, call: &mut Call, leg: LegId, event: LegEvent) -> bool {
        let Wait::CallingBack(back) = &mut call.wait else { return false };
        let Some(customer) =
            back.customer.take_if(|customer| customer.leg == leg || customer.rung.leg == leg)
        else {
            return false;
        };
        let is_customer = customer.leg == leg;
        match event {
            LegEvent::Answered if is_customer => self.customer_came(call, customer),
            LegEvent::Failed(failure) if is_customer => {
                self.legs.release(leg.slot);
                self.customer_did_not_come(call, customer, failure);
            }
            LegEvent::HungUp(_) if is_customer => {
                self.legs.release(leg.slot);
                self.customer_did_not_come(call, customer, Failure::NoAnswer);
            }
            LegEvent::HungUp(_) | LegEvent::Failed(_) => {
                self.legs.release(leg.slot);
                self.hang_up(customer.leg);
                self.person_left(call, customer.rung);
            }
            _ => {
                if let Wait::CallingBack(back) = &mut call.wait {
                    back.customer = Some(customer);
                }
            }
        }
        true
    }

    /// The customer has rung out.
    pub(crate) fn calling_back_due(&mut self, call: &mut Call) {
        let now = self.now.monotonic;
        let Wait::CallingBack(back) = &mut call.wait else { return };
        match back.customer.take_if(|customer| customer.until <= now) {
            Some(customer) => {
                self.hang_up(customer.leg);
                self.customer_did_not_come(call, customer, Failure::NoAnswer);
            }
            None => self.reach_due(call),
        }
    }

    /// The two talk; the promise is kept.
    fn customer_came(&mut self, call: &mut Call, customer: Customer) {
        let Customer { leg, rung, music, .. } = customer;
        call.leg = Some(leg);
        call.answered = true;
        call.record.answered_after = Some(call.at(self.now.monotonic));
        if let Some(play) = music {
            self.outputs.push_back(Output::Stop(rung.leg, play));
        }
        self.outputs.push_back(Output::Bridge(leg, rung.leg));
        let (name, address) = (self.name_of(call, rung.who), self.address_of(call, rung.who));
        let since = self.now.monotonic;
        let Wait::CallingBack(back) = &mut call.wait else { return };
        back.talk = Some(Talk {
            leg: rung.leg,
            who: rung.who,
            address,
            name: name.clone(),
            terms: crate::ringing::Terms::Stay(u16::MAX),
            queue: Some(back.queue),
            agent: rung.agent,
            since,
            until: None,
            holding: None,
            star: None,
            held: None,
            recall: None,
            rung_back: false,
        });
        let (index, queue, born) = (back.index, back.queue, back.born);
        // What follows the talk is taken along: the row is over.
        let follows = self.callbacks.called_by(index, call.id).map(|booked| {
            let table = booked.loaded.program.callbacks.get(usize::from(booked.row.table));
            (table.and_then(|table| table.afterwards), booked.row.arguments.clone())
        });
        let promised = follows.is_some();
        call.afterwards = follows.and_then(|(flow, arguments)| Some((flow?, arguments)));
        call.record.queues.push(QueueVisit {
            queue: self.queues.name(queue).to_owned(),
            at: 0,
            waited: since.saturating_sub(born) / 1000,
            outcome: "talked".to_owned(),
            agent: Some(name.clone()),
        });
        self.story(call, |_| StoryLine::Talking(name));
        if promised {
            self.callback_done(index, "talked");
        }
    }

    /// The customer was not reached: the person is let go, and the callback rests until it is tried again.
    fn customer_did_not_come(&mut self, call: &mut Call, customer: Customer, failure: Failure) {
        self.hang_up(customer.rung.leg);
        if let Some(agent) = customer.rung.agent {
            self.agents.let_go(agent);
            self.agent_changed(agent);
        }
        let why = crate::outbound::why(failure);
        let number = call.record.caller.clone().unwrap_or_default();
        self.story(call, |_| StoryLine::NotReached { who: number, why: why.replace('_', " ") });
        let Wait::CallingBack(back) = std::mem::replace(&mut call.wait, Wait::Nothing) else { return };
        call.outcome = Some(Outcome::NotReached { why: why.to_owned() });
        self.end(call);
        let Some(booked) = self.callbacks.called_by(back.index, call.id) else { return };
        let table = booked.loaded.program.callbacks.get(usize::from(booked.row.table));
        let retry = table.and_then(|table| table.retry);
        match crate::outbound::again(retry, failure, booked.row.attempts) {
            Some(millis) => {
                booked.row.not_before = self.now.unix_millis.saturating_add(millis);
                booked.stage = Stage::Resting;
                let row = booked.row.clone();
                self.queues.set_engaged(booked.place, false);
                self.keep(row);
                self.callback_due(back.index);
            }
            None => self.callback_done(back.index, why),
        }
    }

    /// The person hung up before the customer came: somebody else is found, and the try does not count.
    fn person_left(&mut self, call: &mut Call, rung: Rung) {
        if let Some(agent) = rung.agent {
            let now = self.now.monotonic;
            let pause = self.options.agent_pause_millis.saturating_mul(1000);
            self.agents.pause(agent, now, now.saturating_add(pause));
            self.agent_changed(agent);
        }
        if let Wait::CallingBack(back) = &call.wait
            && let Some(booked) = self.callbacks.called_by(back.index, call.id)
        {
            booked.row.attempts = booked.row.attempts.saturating_sub(1);
        }
        call.outcome = Some(Outcome::NotReached { why: "agent_left".to_owned() });
        self.nobody_for_callback(call);
    }

    /// Nobody serves the callback this time: it goes back into line.
    pub(super) fn nobody_for_callback(&mut self, call: &mut Call) {
        let Wait::CallingBack(back) = std::mem::replace(&mut call.wait, Wait::Nothing) else { return };
        self.back_in_line(back.index, call.id);
        call.outcome.get_or_insert(Outcome::NotReached { why: "no_agent".to_owned() });
        self.end(call);
    }

    /// The callback that a call was made for has not been served: it waits again.
    pub(crate) fn back_in_line(&mut self, index: u32, call: CallId) {
        if let Some(booked) = self.callbacks.called_by(index, call) {
            booked.stage = Stage::Waiting;
            self.queues.set_engaged(booked.place, false);
            self.callback_due(index);
        }
    }

    /// The person has left after the talk: the customer goes on, or is hung up.
    pub(super) fn after_callback(&mut self, call: &mut Call) {
        call.wait = Wait::Nothing;
        let begun = call.afterwards.take().and_then(|(flow, arguments)| {
            Some((flow, Fiber::new(&call.loaded.program, flow, &arguments).ok()?))
        });
        match begun {
            Some((flow, fiber)) => {
                call.record.flow = call.loaded.function_name(flow).to_owned();
                call.fiber = fiber;
                call.ready = true;
            }
            None => {
                let block = "callback".to_owned();
                self.story(call, |_| StoryLine::Ended("the talk is over".to_owned()));
                call.outcome.get_or_insert(Outcome::Ended { block });
                self.end(call);
            }
        }
    }

    /// The call ends while somebody is called for it, or while the two talk.
    pub(super) fn drop_calling_back(&mut self, call: &mut Call, back: CallingBack) {
        let index = back.index;
        call.wait = Wait::CallingBack(Box::new(back));
        self.stop_ringing(call);
        self.break_talk(call);
        let Wait::CallingBack(back) = std::mem::replace(&mut call.wait, Wait::Nothing) else { return };
        if let Some(customer) = back.customer {
            self.hang_up(customer.leg);
            self.hang_up(customer.rung.leg);
            if let Some(agent) = customer.rung.agent {
                self.agents.let_go(agent);
                self.agent_changed(agent);
            }
        }
        self.back_in_line(index, call.id);
    }

    /// A call of our own, without a leg so far; its coroutine has to be polled when it is one that runs.
    pub(crate) fn place_call(
        &mut self,
        loaded: std::sync::Arc<crate::programs::Loaded>,
        fiber: Fiber,
        record: CallRecord,
        wait: Wait,
    ) -> CallId {
        let now = self.now;
        let nobody = LegId { slot: u32::MAX, generation: 0 };
        let (slot, generation) = self.calls.insert_with(|slot, generation| {
            let id = CallId { slot, generation };
            let mut call = Call::new(id, nobody, now, loaded, fiber, record);
            call.leg = None;
            call.ready = false;
            call.wait = wait;
            Box::new(call)
        });
        CallId { slot, generation }
    }
}
