//! The switch itself: inputs are led to the call that they are about, and what calls ask for comes out.
//!
//! While a call is worked on it is out of its table, so that everything else can be reached from it; what has
//! to happen to *other* calls is left as a job and done when it is back ([`Switch::settle`]).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use flow_bytecode::{Datum, VerifiedProgram};

use crate::agents::Agents;
use crate::boundary::{
    CallId, Callback, Counted, Digit, Failure, HangUp, Incoming, Input, LegId, Now, Outcome, Output, PlayId,
    ProgramId, RecordingId, RequestId,
};
use crate::calendars::Hours;
use crate::call::{Call, Wait};
use crate::callbacks::Callbacks;
use crate::campaigns::Campaigns;
use crate::chance::Chance;
use crate::effects::conference::Rooms;
use crate::effects::dial::AddressBook;
use crate::effects::question;
use crate::limits::Limits;
use crate::options::Options;
use crate::programs::Loaded;
use crate::promises::Promises;
use crate::queues::{Queues, Whose};
use crate::sealing::Sealing;
use crate::table::Table;
use crate::timers::Timers;

/// Where the driver's clock stands at its zero on ours, in microseconds (34 years): so that what began before
/// a restart, when the driver's clock was another, has a time.
const EPOCH: u64 = 1 << 50;

/// Callbacks that are looked at in one go.
const CALLBACKS_AT_ONCE: usize = 500;

/// The driver's instant on our clock.
pub(crate) fn on_our_clock(now: Now) -> Now {
    Now { monotonic: now.monotonic.saturating_add(EPOCH), ..now }
}

/// All calls of one node.
#[derive(Debug)]
pub struct Switch {
    pub(crate) options: Options,
    pub(crate) now: Now,
    pub(crate) chance: Chance,
    pub(crate) sealing: Sealing,
    pub(crate) programs: Vec<Arc<Loaded>>,
    pub(crate) calls: Table<Box<Call>>,
    /// Every party's call.
    pub(crate) legs: Table<CallId>,
    timers: Timers,
    pub(crate) agents: Agents,
    pub(crate) queues: Queues,
    pub(crate) limits: Limits,
    pub(crate) addresses: AddressBook,
    pub(crate) rooms: Rooms,
    pub(crate) callbacks: Callbacks,
    pub(crate) campaigns: Campaigns,
    /// Nobody is called by ourselves any more.
    pub(crate) stopping: bool,
    /// Levers that are thrown, by name.
    pub(crate) levers: BTreeMap<String, bool>,
    /// Calendars by program and index, as far as they were looked up.
    pub(crate) hours: RefCell<BTreeMap<(u32, u16), Hours>>,
    pub(crate) outputs: VecDeque<Output>,
    pub(crate) jobs: VecDeque<(CallId, Job)>,
    /// Whether free people and waiting callers have to be brought together.
    pub(crate) dispatch_due: bool,
    pub(crate) last_request: u64,
    /// What the disk was asked to keep.
    pub(crate) promises: Promises,
    /// Who waits for a service.
    pub(crate) requests: BTreeMap<RequestId, CallId>,
    /// Who waits for recordings whose leg is gone.
    pub(crate) recordings: BTreeMap<LegId, CallId>,
    /// Agents whose screens show something.
    pub(crate) shown: BTreeSet<u32>,
    /// Calls that a defect of ours has ended.
    pub(crate) defects: u64,
}

/// What is left to be done to a call once it is back in its table.
#[derive(Debug)]
pub(crate) enum Job {
    /// Ring these agents for its place.
    Offer(Vec<u32>),
    /// The world has changed: whether its stay in the queue still makes sense.
    Reconsider,
    /// Somebody came into its conference room, or left it.
    RoomChanged,
}

/// What happened to one leg.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LegEvent {
    Answered,
    Failed(Failure),
    HungUp(HangUp),
    Digit(Digit),
    Played(PlayId),
    Recorded { recording: RecordingId, millis: u64, speech_millis: u64 },
    RecordingFailed(RecordingId),
    Held(bool),
    MixFailed,
    Detected { machine: bool },
    Transferred(bool),
}

/// Who takes a caller's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listens {
    /// A question, a queue or a room that may be seen.
    Open,
    /// A question for a secret.
    Secret,
    /// Nobody yet: they are kept for who asks next.
    Ahead,
}

impl Switch {
    /// A switch without programs and calls.
    pub fn new(options: Options) -> Self {
        Self {
            now: Now::default(),
            chance: Chance::new(options.seed),
            sealing: Sealing::new(options.sealing_secret),
            programs: Vec::new(),
            calls: Table::default(),
            legs: Table::default(),
            timers: Timers::default(),
            agents: Agents::default(),
            queues: Queues::default(),
            limits: Limits::default(),
            addresses: AddressBook::default(),
            rooms: Rooms::default(),
            callbacks: Callbacks::default(),
            campaigns: Campaigns::default(),
            stopping: false,
            levers: BTreeMap::new(),
            hours: RefCell::default(),
            outputs: VecDeque::new(),
            jobs: VecDeque::new(),
            dispatch_due: false,
            last_request: 0,
            promises: Promises::default(),
            requests: BTreeMap::new(),
            recordings: BTreeMap::new(),
            shown: BTreeSet::new(),
            defects: 0,
            options,
        }
    }

    /// Takes a program in. Agents and queues are deployment-wide by name: those of the newest program hold,
    /// and agents are there unless `Input::Presence` says otherwise. Calls finish on the program that they
    /// began with. `settings` are in the program's order.
    pub fn load(&mut self, now: Now, program: Arc<VerifiedProgram>, settings: Vec<Datum>) -> ProgramId {
        self.now = on_our_clock(now);
        let now = self.now;
        let id = ProgramId(self.programs.len() as u32);
        self.agents.load(now.monotonic, &program);
        let queues = self.queues.load(&program, &mut self.agents);
        self.programs.push(Arc::new(Loaded::new(id, program, settings, queues)));
        self.reconsider_all();
        self.settle();
        id
    }

    /// A call has come in: gives its leg, and outputs about it may wait at once.
    pub fn incoming(&mut self, now: Now, incoming: Incoming) -> LegId {
        self.now = on_our_clock(now);
        let leg = self.begin_call(incoming);
        self.settle();
        leg
    }

    /// Something has happened. Inputs about what is gone are dropped.
    pub fn handle(&mut self, now: Now, input: Input) {
        self.now = on_our_clock(now);
        match input {
            Input::Ringing(_) => {}
            Input::Answered(leg) => self.leg(leg, LegEvent::Answered),
            Input::Failed(leg, failure) => self.leg(leg, LegEvent::Failed(failure)),
            Input::HungUp(leg, how) => self.leg(leg, LegEvent::HungUp(how)),
            Input::Digit(leg, digit) => self.leg(leg, LegEvent::Digit(digit)),
            Input::PlaybackFinished(leg, play) => self.leg(leg, LegEvent::Played(play)),
            Input::RecordingFinished { leg, recording, millis, speech_millis } => {
                self.leg(leg, LegEvent::Recorded { recording, millis, speech_millis });
            }
            Input::RecordingFailed { leg, recording } => self.leg(leg, LegEvent::RecordingFailed(recording)),
            Input::Held(leg, held) => self.leg(leg, LegEvent::Held(held)),
            Input::Stored(store, done) => self.store_answered(store, done),
            Input::Replied(request, reply) => {
                if let Some(call) = self.requests.remove(&request) {
                    self.with_call(call, |switch, call| switch.replied(call, request, reply));
                }
            }
            Input::Detected { leg, machine } => self.leg(leg, LegEvent::Detected { machine }),
            Input::Transferred(leg) => self.leg(leg, LegEvent::Transferred(true)),
            Input::TransferFailed(leg) => self.leg(leg, LegEvent::Transferred(false)),
            Input::Lever { name, thrown } => {
                self.levers.insert(name, thrown);
                self.hours.get_mut().clear();
                self.reconsider_all();
            }
            Input::Presence { agent, ready } => {
                if let Some(index) = self.agents.named(&agent) {
                    self.agents.get_mut(index).here = ready;
                    self.agent_changed(index);
                    self.reconsider_all();
                }
            }
            Input::Occupied { agent, occupied } => {
                if let Some(index) = self.agents.named(&agent) {
                    self.agents.get_mut(index).occupied = occupied;
                    self.agent_changed(index);
                }
            }
            Input::Assist { agent, assist } => self.assist_by_name(&agent, &assist),
            Input::CloseRoom { room } => self.close_room(&room),
            Input::MixFailed(leg) => self.leg(leg, LegEvent::MixFailed),
            Input::Roster(people) => {
                self.agents.employ(self.now.monotonic, &people);
                self.reconsider_all();
            }
            Input::Deadline => {}
        }
        self.pass_time();
        self.settle();
    }

    /// Takes up what was counted before a restart, in any order.
    pub fn counted(&mut self, now: Now, counted: &[Counted]) {
        self.now = on_our_clock(now);
        let mut counted: Vec<&Counted> = counted.iter().collect();
        // The newest first: there may be more than there is room for.
        counted.sort_by_key(|counted| std::cmp::Reverse(counted.unix_millis));
        for counted in counted {
            let ago = now.unix_millis.saturating_sub(counted.unix_millis).max(0).unsigned_abs();
            let at = self.now.monotonic.saturating_sub(ago.saturating_mul(1000));
            self.limits.restore(&counted.limit, &counted.key, counted.span_millis.saturating_mul(1000), at);
        }
    }

    /// The next thing that the driver is to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When `Input::Deadline` is due, in monotonic microseconds.
    pub fn next_deadline(&self) -> Option<u64> {
        let next = [
            self.timers.next(),
            self.callbacks.next_due(),
            self.campaigns.next_due(),
            self.promises.next_due(),
        ];
        next.into_iter().flatten().min().map(|at| at.saturating_sub(EPOCH))
    }

    /// How many calls there are.
    pub fn calls(&self) -> usize {
        self.calls.len()
    }

    /// How many legs there are.
    pub fn legs(&self) -> usize {
        self.legs.len()
    }

    /// How many agents' phones ring or are in use.
    pub fn engaged_agents(&self) -> usize {
        self.agents.engaged()
    }

    /// Whether there is no call and no leg, and nothing waits to be polled.
    pub fn is_idle(&self) -> bool {
        self.calls.len() == 0 && self.legs.len() == 0 && self.outputs.is_empty()
    }

    /// How many calls were ended by a defect of ours.
    pub fn defects(&self) -> u64 {
        self.defects
    }

    /// A callback that was promised before, to be made on the program that it was booked on.
    pub fn restore_callback(&mut self, now: Now, program: ProgramId, callback: Callback) {
        self.now = on_our_clock(now);
        if let Some(loaded) = self.programs.get(program.0 as usize).cloned() {
            self.take_up_callback(callback, loaded);
            self.settle();
        }
    }

    /// How many callbacks are promised.
    pub fn callbacks(&self) -> usize {
        self.callbacks.len()
    }

    /// How many callbacks are promised in the queue of a name.
    pub fn callbacks_in(&self, queue: &str) -> usize {
        self.queues.named(queue).map_or(0, |queue| self.callbacks.count_of(queue))
    }

    /// Calls nobody by ourselves any more: callbacks and campaigns wait for the next start.
    pub fn stop_calling(&mut self) {
        self.stopping = true;
    }

    /// Ends every call at once: each leaves its record, at the latest when its message is stored.
    pub fn shutdown(&mut self, now: Now) {
        self.now = on_our_clock(now);
        self.stop_calling();
        for (slot, generation) in self.calls.names() {
            self.with_call(CallId { slot, generation }, |switch, call| {
                let block = call.block_name();
                switch.put_down(call, Outcome::Shutdown { block });
            });
        }
        self.settle();
    }

    /// The call of a leg: its block's name and kind, for those who watch.
    pub fn block(&self, leg: LegId) -> Option<(&str, &str)> {
        let id = self.legs.get(leg.slot, leg.generation)?;
        let call = self.calls.get(id.slot, id.generation)?;
        let block = call.loaded.program.blocks.get(usize::from(call.block()?))?;
        Some((call.loaded.text(block.kind), call.loaded.text(block.name)))
    }

    /// Who would take a key of this caller now, for those who watch: what may be secret is not to be shown.
    pub fn listens(&self, leg: LegId) -> Option<Listens> {
        let id = self.legs.get(leg.slot, leg.generation)?;
        let call = self.calls.get(id.slot, id.generation)?;
        Some(match &call.wait {
            Wait::Ask(ask) if question::is_secret(call, ask) => Listens::Secret,
            Wait::Ask(_) | Wait::Queue(_) | Wait::Voicemail(_) | Wait::Conference(_) | Wait::Talking(_) => {
                Listens::Open
            }
            _ => Listens::Ahead,
        })
    }

    /// The program of an id.
    pub fn program(&self, id: ProgramId) -> Option<&VerifiedProgram> {
        Some(&self.programs.get(id.0 as usize)?.program)
    }

    fn leg(&mut self, leg: LegId, event: LegEvent) {
        let own = self.legs.get(leg.slot, leg.generation).copied();
        // A recording may outlive its leg.
        let Some(id) = own.or_else(|| self.recordings.get(&leg).copied()) else { return };
        self.with_call(id, |switch, call| {
            if let LegEvent::RecordingFailed(recording) = event
                && switch.tap_failed(call, recording)
            {
                return;
            }
            if call.leg == Some(leg) {
                switch.caller(call, leg, event);
            } else if own.is_none() {
                switch.late_recording(call, event);
            } else {
                switch.called(call, leg, event);
            }
        });
    }

    /// Works on a call, runs its coroutine when that has something to do, and sees to its deadline and end.
    pub(crate) fn with_call(&mut self, id: CallId, work: impl FnOnce(&mut Self, &mut Call)) {
        let Some(mut call) = self.calls.take(id.slot, id.generation) else { return };
        let whole = crate::defects::survives(|| {
            work(self, &mut call);
            self.drive(&mut call);
            self.see_to_recording(&mut call);
        });
        if !whole {
            return self.break_off(*call);
        }
        if call.over.is_some() && call.closing.is_none() {
            self.close(*call);
            return;
        }
        let own = call.deadline(self.options.greatest_call_millis.saturating_mul(1000));
        let place = call.place.and_then(|place| {
            let away = self.queues.place(place).away_since;
            let kept =
                away.map(|since| since.saturating_add(self.options.place_kept_millis.saturating_mul(1000)));
            [kept, self.queues.next_change(place, self.now.monotonic)].into_iter().flatten().min()
        });
        self.timers.set(id.slot * 2, [own, place].into_iter().flatten().min());
        self.calls.put(id.slot, call);
    }

    /// Gives the places of a call that has left its record to others.
    pub(crate) fn forget(&mut self, id: CallId) {
        self.timers.set(id.slot * 2, None);
        self.calls.release(id.slot);
        // Who booked a call back has hung up: it may be made.
        for booked in self.callbacks.call_over(id) {
            self.callbacks.set_due(booked, Some(self.now.monotonic));
        }
    }

    /// An agent's state is another: its timer is set, and callers who wait may have a chance.
    pub(crate) fn agent_changed(&mut self, agent: u32) {
        let deadline = self.agents.get(agent).deadline(self.now.monotonic);
        self.timers.set(agent * 2 + 1, deadline);
        self.dispatch_due = true;
        // What was shown is of a call that is over, its after-call work included.
        if self.agents.get(agent).is_at_no_call() && self.shown.remove(&agent) {
            let agent = self.agents.get(agent).name.clone();
            self.outputs.push_back(Output::Show { agent, fields: Vec::new() });
        }
    }

    fn reconsider_all(&mut self) {
        for call in self.queues.calls() {
            self.jobs.push_back((call, Job::Reconsider));
        }
        for booked in self.callbacks.all() {
            self.callbacks.set_due(booked, Some(self.now.monotonic));
        }
        for run in self.campaigns.all() {
            self.campaigns.set_due(run, Some(self.now.monotonic));
        }
        self.dispatch_due = true;
    }

    pub(crate) fn pass_time(&mut self) {
        self.ask_again();
        while let Some(owner) = self.timers.pop(self.now.monotonic) {
            let index = owner / 2;
            if owner % 2 == 1 {
                self.agents.due(index, self.now.monotonic);
                self.agent_changed(index);
            } else if let Some(generation) = self.calls.generation(index) {
                self.with_call(CallId { slot: index, generation }, Self::due);
            }
            self.settle();
        }
        // When all of them are due at once, calls have their turn between: the rest is still due.
        for _ in 0..CALLBACKS_AT_ONCE {
            let Some(booked) = self.callbacks.pop_due(self.now.monotonic) else { break };
            self.callback_due(booked);
        }
        self.settle();
        while let Some(run) = self.campaigns.pop_due(self.now.monotonic) {
            self.campaign_due(run);
            self.settle();
        }
    }

    pub(crate) fn settle(&mut self) {
        loop {
            if let Some((id, job)) = self.jobs.pop_front() {
                let there = self.calls.get(id.slot, id.generation).is_some();
                match job {
                    Job::Offer(agents) if there => {
                        self.with_call(id, |switch, call| switch.offer(call, &agents));
                    }
                    Job::Offer(agents) => {
                        for agent in agents {
                            self.agents.let_go(agent);
                            self.agent_changed(agent);
                        }
                    }
                    Job::RoomChanged => self.with_call(id, Self::room_changed),
                    Job::Reconsider => self.with_call(id, Self::reconsider),
                }
            } else if std::mem::take(&mut self.dispatch_due) {
                let offers = self.queues.dispatch(self.now.monotonic, &self.agents, &mut self.chance);
                for (whose, agents) in offers {
                    for agent in &agents {
                        self.agents.get_mut(*agent).busy = crate::agents::Busy::Ringing;
                    }
                    match whose {
                        Whose::Call(call) => self.jobs.push_back((call, Job::Offer(agents))),
                        Whose::Callback(booked) => self.call_back(booked, &agents),
                    }
                }
            } else {
                return;
            }
        }
    }

    /// Time has passed for a call.
    fn due(&mut self, call: &mut Call) {
        let now = self.now.monotonic;
        if call.over.is_none() && call.at(now) >= self.options.greatest_call_millis {
            let block = call.block_name();
            return self.put_down(call, Outcome::TooLong { block });
        }
        if let Some(place) = call.place {
            let kept = self.options.place_kept_millis.saturating_mul(1000);
            match self.queues.place(place).away_since {
                Some(since) if since.saturating_add(kept) <= now => {
                    self.queues.leave(call.place.take());
                }
                _ => self.dispatch_due = true,
            }
        }
        if call.closing.as_ref().is_some_and(|closing| closing.deadline <= now) {
            return self.give_up_closing(call);
        }
        match &call.wait {
            Wait::Ask(ask) if ask.deadline.is_some_and(|at| at <= now) => self.question_due(call),
            Wait::Queue(_) => self.stay_due(call),
            Wait::Dial(_) => self.reach_due(call),
            Wait::Voicemail(_) => self.voicemail_due(call),
            Wait::Booking(_) => self.booking_due(call),
            Wait::CallingBack(_) => self.calling_back_due(call),
            Wait::Placing { until } if *until <= now => self.row_rang_out(call),
            Wait::Detect { .. } => self.detect_due(call),
            Wait::Transfer(_) => self.transfer_due(call),
            Wait::Request(_) => self.request_due(call),
            Wait::Disk(_) => self.disk_due(call),
            Wait::RowKept(_) => self.row_kept_due(call),
            Wait::Apology { until, .. } if *until <= now => self.apologised(call),
            Wait::Talking(_) => drop(self.talk_due(call)),
            Wait::Conference(_) => self.room_due(call),
            Wait::Say { play, until, .. } if *until <= now => {
                // Who plays it has forgotten to say that it is over: nobody waits for that for ever.
                let play = *play;
                call.record.oddities = call.record.oddities.saturating_add(1);
                if let Some(leg) = call.leg {
                    self.outputs.push_back(Output::Stop(leg, play));
                }
                self.played(call, play);
            }
            _ => {}
        }
    }
}
