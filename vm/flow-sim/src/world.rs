//! The world: a switch, a clock that jumps, and people.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use flow_bytecode::{Datum, VerifiedProgram};
use flow_switch::boundary::{
    CallRecord, Digit, HangUp, Incoming, Input, LegId, Message, Now, PlayId, ProgramId, RecordingId, RoomId,
    Sent, Story,
};
use flow_switch::{NotStarted, Options, SnapshotError, Switch};

use crate::disk::Disk;
use crate::durations::Durations;
use crate::people::{Answering, Person};
use crate::services::{Played, Services};
use crate::speaking::Listening;

/// As many happenings as are worked on at one instant; more is a loop.
const GREATEST_AT_ONCE: u32 = 100_000;

/// Something that was seen, with its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Milliseconds since 1970.
    pub unix_millis: i64,
    /// What it was.
    pub what: What,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A line of a call's story.
    Story(Story),
    /// Somebody begins to hear something.
    Heard(Heard),
    /// An address is rung.
    Rings {
        /// Which.
        address: String,
    },
    /// The person at an address, or a caller, was hung up by the switch.
    HungUp(LegId),
    /// A call was refused with a SIP status.
    Declined(LegId, u16),
    /// Names and values on an agent's screen.
    Shown {
        /// The agent's name.
        agent: String,
        /// Names and values.
        fields: Vec<(String, String)>,
    },
    /// Two people hear each other.
    Joined(LegId, LegId),
    /// Something about the recording of a call.
    Recording(Recording),
    /// A message was left.
    Left(Message),
    /// Something is kept to be delivered to a service.
    Sent(Box<Sent>),
    /// A call is over.
    Record(Box<CallRecord>),
}

/// What happens to the recording of a call itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recording {
    /// A party is recorded from now on.
    Began {
        /// Whose leg.
        leg: LegId,
        /// The file's name.
        name: String,
        /// 0 the caller, 1 the other.
        channel: u8,
    },
    /// Silence is kept instead of what a party says, or what it says again.
    Paused {
        /// Whose leg.
        leg: LegId,
        /// Which of the two.
        paused: bool,
    },
    /// A party is not recorded any more.
    Stopped {
        /// Whose leg.
        leg: LegId,
    },
}

/// What somebody hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Whose leg.
    pub leg: LegId,
    /// The address, when it is not a caller.
    pub address: Option<String>,
    /// The words.
    pub words: String,
    /// Whether it goes on for ever, as music does.
    pub music: bool,
    /// How far into it they begin to hear it.
    pub from_millis: u64,
}

/// One party.
#[derive(Debug)]
pub(crate) struct Party {
    pub(crate) address: Option<String>,
    pub(crate) person: Person,
    pub(crate) playing: Option<(PlayId, bool)>,
    pub(crate) recording: Option<(RecordingId, u64)>,
    /// What is listened for.
    pub(crate) listening: Option<Listening>,
    /// The recording of the call that this party is in.
    pub(crate) tap: Option<RecordingId>,
    /// The conference room.
    pub(crate) room: Option<RoomId>,
    /// Whom they hear.
    pub(crate) bridged: Option<LegId>,
    /// Whether they were ever joined with somebody.
    pub(crate) joined: bool,
    /// The talk that they will leave by themselves.
    pub(crate) leaves: Option<u64>,
    /// How long a caller speaks after the tone, in milliseconds.
    pub(crate) speaks: u64,
}

/// What is going to happen.
#[derive(Debug)]
pub(crate) enum Plan {
    Input(Input),
    Played(LegId, PlayId),
    Recorded(LegId, RecordingId),
    Press(LegId, u8),
    /// Of the talk of this number.
    LeaveTalk(LegId, u64),
}

/// A switch in virtual time.
#[derive(Debug)]
pub struct World {
    pub(crate) switch: Switch,
    pub(crate) now: Now,
    /// How long things take to be spoken.
    pub durations: Durations,
    /// What people do whom nobody described.
    pub stranger: Person,
    /// How long a caller speaks after the tone, in milliseconds.
    pub message_millis: u64,
    /// Whether everybody is a machine, where a flow asks.
    pub machines_answer: bool,
    /// Whether messages can be stored.
    pub disk_works: bool,
    /// So many more are refused by the disk, before it works again.
    pub disk_refuses: u32,
    /// Whether it is told when what is played has ended: whoever plays may have a defect.
    pub playback_ends: bool,
    /// Whether what callers say is understood, where the switch listens at all.
    pub recogniser_works: bool,
    /// Whether conferences can be mixed.
    pub mixer_works: bool,
    pub(crate) machines: BTreeSet<String>,
    pub(crate) disk: Disk,
    /// Who answers for services; what nobody gave fails at once.
    pub services: Box<dyn Services>,
    pub(crate) people: BTreeMap<String, Person>,
    pub(crate) parties: BTreeMap<LegId, Party>,
    pub(crate) plans: BTreeMap<(u64, u64), Plan>,
    pub(crate) planned: u64,
    pub(crate) seen: VecDeque<Seen>,
    pub(crate) records: Vec<CallRecord>,
}

impl World {
    /// A world whose clock stands at a time in milliseconds since 1970.
    pub fn new(options: Options, unix_millis: i64) -> Self {
        Self {
            switch: Switch::new(options),
            now: Now { monotonic: 0, unix_millis },
            durations: Durations::default(),
            stranger: Person::default(),
            message_millis: 4_000,
            machines_answer: false,
            disk_works: true,
            disk_refuses: 0,
            mixer_works: true,
            recogniser_works: true,
            playback_ends: true,
            machines: BTreeSet::new(),
            disk: Disk::default(),
            services: Box::new(Played::default()),
            people: BTreeMap::new(),
            parties: BTreeMap::new(),
            plans: BTreeMap::new(),
            planned: 0,
            seen: VecDeque::new(),
            records: Vec::new(),
        }
    }

    /// The switch.
    pub fn switch(&self) -> &Switch {
        &self.switch
    }

    /// The clock.
    pub fn now(&self) -> Now {
        self.now
    }

    /// Loads a program.
    pub fn load(&mut self, program: Arc<VerifiedProgram>, settings: Vec<Datum>) -> ProgramId {
        let id = self.switch.load(self.now, program, settings);
        self.drain();
        id
    }

    /// Says what the person at an address does.
    pub fn person(&mut self, address: &str, person: Person) {
        self.people.insert(address.to_owned(), person);
    }

    /// A machine picks up at an address, or no longer.
    pub fn machine(&mut self, address: &str, machine: bool) {
        if machine {
            self.machines.insert(address.to_owned());
        } else {
            self.machines.remove(address);
        }
    }

    /// What is kept of callbacks and campaigns.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Gives a switch that was started anew what another world's disk has kept.
    pub fn restore_disk(&mut self, program: ProgramId, disk: Disk) {
        for callback in disk.waiting() {
            self.switch.restore_callback(self.now, program, callback.clone());
        }
        for run in disk.under_way() {
            self.switch.resume_campaign(self.now, program, run.clone());
        }
        self.disk = disk;
        self.drain();
    }

    /// An operator starts a campaign over the rows of its table.
    ///
    /// # Errors
    /// When there is none of this name, it runs already, or is too large.
    pub fn start_campaign(&mut self, program: ProgramId, campaign: &str, id: &str) -> Result<(), NotStarted> {
        let started = self.switch.start_campaign(self.now, program, campaign, id.to_owned());
        self.drain();
        started
    }

    /// An agent signs in or off.
    pub fn presence(&mut self, agent: &str, ready: bool) {
        self.tell(Input::Presence { agent: agent.to_owned(), ready });
    }

    /// An agent who is signed in is at other work, or free again.
    pub fn occupied(&mut self, agent: &str, occupied: bool) {
        self.tell(Input::Occupied { agent: agent.to_owned(), occupied });
    }

    /// A lever is thrown or put back.
    pub fn lever(&mut self, name: &str, thrown: bool) {
        self.tell(Input::Lever { name: name.to_owned(), thrown });
    }

    /// A call comes in.
    pub fn call(&mut self, incoming: Incoming) -> LegId {
        let leg = self.switch.incoming(self.now, incoming);
        self.comes(leg);
        leg
    }

    /// A waiting call as bytes.
    ///
    /// # Errors
    /// When there is no such call, or it is over.
    pub fn snapshot(&self, leg: LegId) -> Result<Vec<u8>, SnapshotError> {
        self.switch.snapshot_call(self.now, leg)
    }

    /// A call goes on that was snapshotted elsewhere.
    ///
    /// # Errors
    /// When the bytes are no snapshot of a call of that program.
    pub fn restore(&mut self, program: ProgramId, bytes: &[u8]) -> Result<LegId, SnapshotError> {
        let leg = self.switch.restore_call(self.now, program, bytes)?;
        self.comes(leg);
        Ok(leg)
    }

    fn comes(&mut self, leg: LegId) {
        let person = Person { answering: Answering::Never, talks: None, accepts: None };
        let party = Party {
            address: None,
            person,
            playing: None,
            recording: None,
            listening: None,
            tap: None,
            room: None,
            bridged: None,
            joined: false,
            leaves: None,
            speaks: self.message_millis,
        };
        self.parties.insert(leg, party);
        self.drain();
    }

    /// Whether a leg is there still.
    pub fn is_there(&self, leg: LegId) -> bool {
        self.parties.contains_key(&leg)
    }

    /// Whether somebody talks with somebody else.
    pub fn is_talking(&self, leg: LegId) -> bool {
        self.parties.get(&leg).is_some_and(|party| party.bridged.is_some())
    }

    /// The caller of a leg, or the person at it, presses a key.
    pub fn press(&mut self, leg: LegId, key: u8) {
        let Some(party) = self.parties.get(&leg) else { return };
        if let Some((recording, _)) = party.recording {
            return self.end_recording(leg, recording);
        }
        let Some(digit) = Digit::new(key) else { return };
        let cut = party.playing.filter(|(_, barge_in)| *barge_in).map(|(play, _)| play);
        self.tell(Input::Digit(leg, digit));
        if let Some(play) = cut
            && let Some(party) = self.parties.get_mut(&leg)
            && party.playing.is_some_and(|(own, _)| own == play)
        {
            party.playing = None;
            self.tell(Input::PlaybackFinished(leg, play));
        }
    }

    /// Somebody hangs up.
    pub fn hang_up(&mut self, leg: LegId, how: HangUp) {
        if let Some(party) = self.take_away(leg) {
            self.tell(Input::HungUp(leg, how));
            self.late_recording(leg, &party);
        }
    }

    /// An agent who talks starts an assist of the block: by its flow's name, its label or its number.
    pub fn assist(&mut self, agent: &str, assist: &str) {
        self.tell(Input::Assist { agent: agent.to_owned(), assist: assist.to_owned() });
    }

    /// A conference room is closed.
    pub fn close_room(&mut self, room: &str) {
        self.tell(Input::CloseRoom { room: room.to_owned() });
    }

    /// How many others a caller hears in a conference room.
    pub fn hears_in_room(&self, leg: LegId) -> usize {
        let Some(party) = self.parties.get(&leg).filter(|party| party.playing.is_none()) else { return 0 };
        let Some(room) = party.room else { return 0 };
        self.parties.values().filter(|other| other.room == Some(room)).count() - 1
    }

    /// Somebody puts the other on hold, or takes them back.
    pub fn hold(&mut self, leg: LegId, held: bool) {
        self.tell(Input::Held(leg, held));
    }

    /// The legs of those at an address, oldest first.
    pub fn legs_at(&self, address: &str) -> Vec<LegId> {
        let there = self.parties.iter().filter(|(_, party)| party.address.as_deref() == Some(address));
        there.map(|(leg, _)| *leg).collect()
    }

    /// The legs of everybody who was called and talks.
    pub fn talking(&self) -> Vec<LegId> {
        let there =
            self.parties.iter().filter(|(_, party)| party.address.is_some() && party.bridged.is_some());
        there.map(|(leg, _)| *leg).collect()
    }

    /// Whether anybody's phone rings.
    pub fn is_ringing(&self) -> bool {
        // Who is kept waiting in a talk has been joined before.
        self.parties.values().any(|party| party.address.is_some() && !party.joined)
    }

    /// Whether a service has been asked and its answer is on its way, or the disk has something to keep.
    pub fn is_asking(&self) -> bool {
        let asked = |plan: &Plan| matches!(plan, Plan::Input(Input::Replied(..) | Input::Stored(..)));
        self.plans.values().any(asked)
    }

    /// When something happens next, in monotonic microseconds.
    pub fn next(&self) -> Option<u64> {
        let plan = self.plans.keys().next().map(|(at, _)| *at);
        [plan, self.switch.next_deadline()].into_iter().flatten().min()
    }

    /// Lets time pass until there is something to see or nothing will happen any more before `until`
    /// (monotonic microseconds); tells whether something was seen.
    pub fn step(&mut self, until: u64) -> bool {
        for _ in 0..GREATEST_AT_ONCE {
            if !self.seen.is_empty() {
                return true;
            }
            match self.next() {
                Some(at) if at <= until => self.happen(at),
                _ => {
                    self.pass(until);
                    return false;
                }
            }
        }
        false
    }

    /// Lets so many milliseconds pass.
    pub fn wait(&mut self, millis: u64) {
        let until = self.now.monotonic.saturating_add(millis.saturating_mul(1000));
        self.run_until(until);
    }

    /// Lets time pass until then, in monotonic microseconds.
    pub fn run_until(&mut self, until: u64) {
        for _ in 0..GREATEST_AT_ONCE {
            match self.next() {
                Some(at) if at <= until => self.happen(at),
                _ => break,
            }
        }
        self.pass(until);
    }

    /// Whether somebody is being spoken to: what they hear has an end.
    pub fn is_spoken_to(&self, leg: LegId) -> bool {
        self.plans
            .values()
            .any(|plan| matches!(plan, Plan::Played(own, play) if *own == leg && self.plays(leg, *play)))
    }

    fn plays(&self, leg: LegId, play: PlayId) -> bool {
        self.parties.get(&leg).and_then(|party| party.playing).is_some_and(|(own, _)| own == play)
    }

    /// What was seen since this was last asked.
    pub fn seen(&mut self) -> Vec<Seen> {
        self.seen.drain(..).collect()
    }

    /// Records of the calls that are over.
    pub fn records(&self) -> &[CallRecord] {
        &self.records
    }

    /// Ends every call.
    pub fn shutdown(&mut self) {
        self.switch.shutdown(self.now);
        self.drain();
    }

    fn pass(&mut self, until: u64) {
        let passed = until.saturating_sub(self.now.monotonic);
        let before = self.now.monotonic / 1000;
        self.now.monotonic += passed;
        self.now.unix_millis += (self.now.monotonic / 1000 - before) as i64;
    }

    fn happen(&mut self, at: u64) {
        self.pass(at);
        let plan = self.plans.first_entry().filter(|entry| entry.key().0 <= at).map(|entry| entry.remove());
        match plan {
            None => self.tell(Input::Deadline),
            Some(Plan::Input(input)) => {
                let gone = match &input {
                    Input::Answered(leg) | Input::Ringing(leg) => !self.is_there(*leg),
                    Input::Failed(leg, _) => self.parties.remove(leg).is_none(),
                    _ => false,
                };
                if !gone {
                    if let Input::Answered(leg) = input {
                        self.accepts(leg);
                    }
                    self.tell(input);
                }
            }
            Some(Plan::Played(leg, play)) => {
                if self.plays(leg, play) {
                    if let Some(party) = self.parties.get_mut(&leg) {
                        party.playing = None;
                    }
                    self.tell(Input::PlaybackFinished(leg, play));
                }
            }
            Some(Plan::Recorded(leg, recording)) => self.end_recording(leg, recording),
            Some(Plan::Press(leg, key)) => self.press(leg, key),
            Some(Plan::LeaveTalk(leg, talk)) => {
                // Who is kept waiting (held, or by an assist) stays, and talks anew once joined again.
                let leaves = |party: &Party| {
                    party.leaves == Some(talk) && (party.bridged.is_some() || party.playing.is_none())
                };
                if self.parties.get(&leg).is_some_and(leaves) {
                    self.hang_up(leg, HangUp::ByParty);
                }
            }
        }
    }

    fn accepts(&mut self, leg: LegId) {
        let key = self.parties.get(&leg).and_then(|party| party.person.accepts);
        if let Some(key) = key {
            self.plan(1_000, Plan::Press(leg, key));
        }
    }

    fn end_recording(&mut self, leg: LegId, recording: RecordingId) {
        let now = self.now.monotonic;
        let Some(party) = self.parties.get_mut(&leg) else { return };
        let Some((own, since)) = party.recording else { return };
        if own == recording {
            party.recording = None;
            let millis = now.saturating_sub(since) / 1000;
            let speech_millis = millis.min(party.speaks);
            self.tell(Input::RecordingFinished { leg, recording, millis, speech_millis });
        }
    }

    /// A party is gone, and with it the bridge.
    pub(crate) fn take_away(&mut self, leg: LegId) -> Option<Party> {
        let party = self.parties.remove(&leg)?;
        if let Some(other) = party.bridged.and_then(|other| self.parties.get_mut(&other)) {
            other.bridged = None;
        }
        Some(party)
    }

    pub(crate) fn late_recording(&mut self, leg: LegId, party: &Party) {
        if let Some((recording, since)) = party.recording {
            let millis = self.now.monotonic.saturating_sub(since) / 1000;
            let speech_millis = millis.min(party.speaks);
            self.plan(0, Plan::Input(Input::RecordingFinished { leg, recording, millis, speech_millis }));
        }
    }

    pub(crate) fn tell(&mut self, input: Input) {
        self.switch.handle(self.now, input);
        self.drain();
    }

    pub(crate) fn plan(&mut self, millis: u64, plan: Plan) {
        self.planned += 1;
        let at = self.now.monotonic.saturating_add(millis.saturating_mul(1000));
        self.plans.insert((at, self.planned), plan);
    }

    pub(crate) fn see(&mut self, what: What) {
        self.seen.push_back(Seen { unix_millis: self.now.unix_millis, what });
    }
}
