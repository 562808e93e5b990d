//! One call: its coroutine, what it waits for, and what will be its record.

use std::collections::VecDeque;
use std::sync::Arc;

use flow_bytecode::Datum;
use flow_vm::{Fiber, Op};

use crate::boundary::{
    CallId, CallRecord, LegId, Message, Now, Outcome, PlayId, RecordingId, RequestId, SpeechItem, StoreId,
};
use crate::campaigns::RowOf;
use crate::collector::{Collector, TYPED_AHEAD};
use crate::programs::Loaded;
use crate::recording::Recorded;
use crate::request::{DialRequest, Question, StayRequest, VoicemailRequest};
use crate::ringing::{Parked, Reach, Rung, Talk};
use crate::speech::Utterance;

/// A call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) id: CallId,
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) fiber: Fiber,
    /// The effect in flight.
    pub(crate) op: Op,
    /// Whether the coroutine has been handed an event since it was last polled.
    pub(crate) ready: bool,
    /// The caller's leg, until it is gone.
    pub(crate) leg: Option<LegId>,
    pub(crate) began: Now,
    pub(crate) answered: bool,
    pub(crate) attested: bool,
    /// No key can ever arrive.
    pub(crate) deaf: bool,
    /// Index into the program's languages.
    pub(crate) language: u16,
    pub(crate) typed: VecDeque<u8>,
    /// A key that ended a value by length may be followed by the value's `until` key: until then it is dropped.
    pub(crate) swallow: Option<(u8, u64)>,
    pub(crate) wait: Wait,
    /// The caller's place in a queue, also while it is kept.
    pub(crate) place: Option<u32>,
    /// The stay whose timed entries have run, by bit, for this place.
    pub(crate) fired: (u16, u64),
    /// Index into the program's blocks, from the call's start on.
    pub(crate) way: Vec<(u16, u64)>,
    pub(crate) record: Box<CallRecord>,
    pub(crate) outcome: Option<Outcome>,
    /// When the call was over: the monotonic time.
    pub(crate) over: Option<u64>,
    pub(crate) last_play: u32,
    pub(crate) last_recording: u32,
    pub(crate) messages: u32,
    pub(crate) sends: u32,
    /// A recording that outlives the caller, or a message that is being stored after the call.
    pub(crate) closing: Option<Closing>,
    /// Talks that wait for the end of an assist, the innermost last.
    pub(crate) parked: Vec<Parked>,
    /// The recording of the call itself.
    pub(crate) recorded: Recorded,
    /// Callbacks that were booked.
    pub(crate) booked: u32,
    /// The flow that follows the talk of a callback, and its arguments.
    pub(crate) afterwards: Option<(u16, Vec<Datum>)>,
    /// The row of a campaign that this call is for.
    pub(crate) row: Option<RowOf>,
    /// Nobody was called so far, so there is nothing to record.
    pub(crate) silent: bool,
    /// Addresses of nobody's whose screens show something of this call.
    pub(crate) shown: Vec<String>,
}

/// What keeps a call that is over from leaving its record yet.
#[derive(Debug)]
pub(crate) struct Closing {
    pub(crate) voicemail: Voicemail,
    pub(crate) deadline: u64,
}

/// What a call waits for.
#[derive(Debug)]
pub(crate) enum Wait {
    /// Nothing: its coroutine is at work, or it is over.
    Nothing,
    Say {
        play: PlayId,
        cut: bool,
        /// When its end is no longer waited for.
        until: u64,
    },
    Ask(Box<Ask>),
    Queue(Box<Stay>),
    Dial(Box<Dialling>),
    Voicemail(Box<Voicemail>),
    /// The talk goes on after an assist.
    Talking(Box<Option<Talk>>),
    Conference(Box<Conferring>),
    /// A callback is on its way to the disk.
    Booking(Box<Booking>),
    /// People are called for a callback.
    CallingBack(Box<CallingBack>),
    /// That a campaign's row is called is on its way to the disk.
    RowKept(Box<RowKept>),
    /// The phone of a campaign's row rings, until then.
    Placing {
        until: u64,
    },
    /// Who picked up is listened for, until then.
    Detect {
        until: u64,
    },
    Transfer(Box<Handing>),
    /// A service is asked.
    Request(Box<Requesting>),
    /// The disk is to have something first.
    Disk(Box<Storing>),
    /// Words of our own before a hang-up.
    Apology {
        play: PlayId,
        until: u64,
    },
}

/// A callback that is being booked.
#[derive(Debug)]
pub(crate) struct Booking {
    /// Among the switch's callbacks.
    pub(crate) index: u32,
    /// Of the disk.
    pub(crate) deadline: u64,
    /// The caller gave a place for it.
    pub(crate) had_place: bool,
}

/// A campaign's row that is to be called once the disk knows.
#[derive(Debug)]
pub(crate) struct RowKept {
    pub(crate) store: StoreId,
    pub(crate) deadline: u64,
    pub(crate) number: String,
    pub(crate) from: Option<String>,
}

/// A callback whose turn has come.
#[derive(Debug)]
pub(crate) struct CallingBack {
    pub(crate) index: u32,
    /// The deployment's number of its queue.
    pub(crate) queue: u32,
    /// When the age of its place began.
    pub(crate) born: u64,
    pub(crate) whisper: Option<Utterance>,
    pub(crate) show: Vec<String>,
    pub(crate) reach: Option<Reach>,
    pub(crate) customer: Option<Customer>,
    pub(crate) talk: Option<Talk>,
}

/// The customer is called; a person waits for that.
#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) leg: LegId,
    pub(crate) rung: Rung,
    pub(crate) until: u64,
    /// What the person hears.
    pub(crate) music: Option<PlayId>,
}

/// A call that is being handed on.
#[derive(Debug)]
pub(crate) struct Handing {
    /// Index into `Program::rings`.
    pub(crate) rings: u16,
    pub(crate) addresses: Vec<String>,
    /// The address that comes next.
    pub(crate) next: usize,
    pub(crate) until: u64,
}

/// A question that is being asked.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) question: Question,
    pub(crate) play: Option<PlayId>,
    pub(crate) collector: Collector,
    /// Of the first key, or of the next.
    pub(crate) deadline: Option<u64>,
    pub(crate) misses: u8,
}

/// A stay in a queue, the talk included.
#[derive(Debug)]
pub(crate) struct Stay {
    pub(crate) request: StayRequest,
    pub(crate) entered: u64,
    pub(crate) longest: u64,
    /// Choices that may be pressed, by bit.
    pub(crate) live: u64,
    pub(crate) collector: Collector,
    pub(crate) gap: Option<u64>,
    /// Entries to come: index, when it is due, and how often it repeats.
    pub(crate) timed: Vec<(u16, u64, Option<u64>)>,
    pub(crate) sound: Sound,
    /// When the calendar of the stay is looked at again.
    pub(crate) during: Option<u64>,
    pub(crate) reach: Option<Reach>,
    pub(crate) talk: Option<Talk>,
}

/// What the caller hears while waiting: music, and sentences over it.
#[derive(Debug, Default)]
pub(crate) struct Sound {
    pub(crate) music: Option<PlayId>,
    /// Since when the music plays, and how much of it was heard before that, in microseconds.
    pub(crate) since: u64,
    pub(crate) heard: u64,
    pub(crate) sentence: Option<PlayId>,
    /// When the end of the sentence is no longer waited for.
    pub(crate) until: Option<u64>,
    pub(crate) next: VecDeque<Vec<SpeechItem>>,
}

/// A service that is asked.
#[derive(Debug)]
pub(crate) struct Requesting {
    pub(crate) request: RequestId,
    pub(crate) operation: u16,
    pub(crate) since: u64,
    pub(crate) deadline: u64,
    /// When the caller is to hear that we are at it.
    pub(crate) working: Option<u64>,
    pub(crate) play: Option<PlayId>,
}

/// Something that the disk is to have before the call goes on.
#[derive(Debug)]
pub(crate) struct Storing {
    pub(crate) store: StoreId,
    pub(crate) deadline: u64,
    /// What it is, for people.
    pub(crate) what: String,
    /// The outcome when the disk has it, and when it does not.
    pub(crate) outcomes: (u16, u16),
}

/// Addresses that are being rung, the talk included.
#[derive(Debug)]
pub(crate) struct Dialling {
    pub(crate) request: DialRequest,
    /// The step of the ring table that comes next, and the addresses of this step still to be rung.
    pub(crate) step: usize,
    pub(crate) taken: usize,
    pub(crate) order: VecDeque<u32>,
    pub(crate) sound: Sound,
    pub(crate) reach: Option<Reach>,
    pub(crate) talk: Option<Talk>,
    pub(crate) tried: u32,
    pub(crate) busy: u32,
    pub(crate) unreachable: u32,
}

/// A message that is being recorded.
#[derive(Debug)]
pub(crate) struct Voicemail {
    pub(crate) request: VoicemailRequest,
    /// The caller's leg, which the recording may outlive.
    pub(crate) leg: LegId,
    pub(crate) name: String,
    pub(crate) stage: Stage,
    pub(crate) flow: u16,
    pub(crate) block: Option<u16>,
}

/// A stay in a conference room.
#[derive(Debug)]
pub(crate) struct Conferring {
    pub(crate) room: String,
    pub(crate) since: u64,
    pub(crate) until: u64,
    pub(crate) music: SpeechItem,
    /// What the caller hears while nobody else is there.
    pub(crate) playing: Option<PlayId>,
}

#[derive(Debug)]
pub(crate) enum Stage {
    /// Until then at most, as with what follows.
    Tone(PlayId, u64),
    Recording(RecordingId, u64),
    Storing {
        store: StoreId,
        deadline: u64,
        message: Box<Message>,
    },
}

impl Call {
    /// A call whose coroutine has not run yet.
    pub(crate) fn new(
        id: CallId,
        leg: LegId,
        began: Now,
        loaded: Arc<Loaded>,
        fiber: Fiber,
        record: CallRecord,
    ) -> Call {
        Call {
            id,
            loaded,
            fiber,
            op: Op(0),
            ready: true,
            leg: Some(leg),
            began,
            answered: false,
            attested: false,
            deaf: false,
            language: 0,
            typed: VecDeque::new(),
            swallow: None,
            wait: Wait::Nothing,
            place: None,
            fired: (0, 0),
            way: Vec::new(),
            record: Box::new(record),
            outcome: None,
            over: None,
            last_play: 0,
            last_recording: 0,
            messages: 0,
            sends: 0,
            closing: None,
            parked: Vec::new(),
            recorded: Recorded::default(),
            booked: 0,
            afterwards: None,
            row: None,
            silent: false,
            shown: Vec::new(),
        }
    }

    /// Keeps a key for later; tells whether there was room.
    pub(crate) fn type_ahead(&mut self, key: u8) -> bool {
        if self.typed.len() < TYPED_AHEAD {
            self.typed.push_back(key);
            return true;
        }
        self.record.oddities = self.record.oddities.saturating_add(1);
        false
    }

    pub(crate) fn next_play(&mut self) -> PlayId {
        self.last_play += 1;
        PlayId(self.last_play)
    }

    /// The block that the call is in.
    pub(crate) fn block(&self) -> Option<u16> {
        self.way.last().map(|(block, _)| *block)
    }

    pub(crate) fn block_name(&self) -> String {
        let block = self.block().and_then(|block| self.loaded.program.blocks.get(usize::from(block)));
        block.map_or_else(String::new, |block| self.loaded.text(block.name).to_owned())
    }

    /// Milliseconds since the call began.
    pub(crate) fn at(&self, now: u64) -> u64 {
        now.saturating_sub(self.began.monotonic) / 1000
    }

    /// The nearest of all deadlines that this call has, but for those of its place.
    pub(crate) fn deadline(&self, greatest_micros: u64) -> Option<u64> {
        if let Some(closing) = &self.closing {
            return Some(closing.deadline);
        }
        let wait = match &self.wait {
            Wait::Nothing => None,
            Wait::Say { until, .. } => Some(*until),
            Wait::Talking(talk) => talk.as_ref().as_ref().and_then(Talk::deadline),
            Wait::Conference(stay) => Some(stay.until),
            Wait::Apology { until, .. } => Some(*until),
            Wait::Ask(ask) => ask.deadline,
            Wait::Request(asked) => Some(asked.working.map_or(asked.deadline, |at| at.min(asked.deadline))),
            Wait::Disk(storing) => Some(storing.deadline),
            Wait::RowKept(kept) => Some(kept.deadline),
            Wait::Queue(stay) => stay.deadline(),
            Wait::Dial(dial) => {
                let talk = dial.talk.as_ref().and_then(Talk::deadline);
                let reach = dial.reach.as_ref().and_then(Reach::deadline);
                [talk, reach, dial.sound.until].into_iter().flatten().min()
            }
            Wait::Booking(booking) => Some(booking.deadline),
            Wait::CallingBack(back) => {
                let customer = back.customer.as_ref().map(|customer| customer.until);
                [customer, back.reach.as_ref().and_then(Reach::deadline)].into_iter().flatten().min()
            }
            Wait::Placing { until } | Wait::Detect { until } => Some(*until),
            Wait::Transfer(handing) => Some(handing.until),
            Wait::Voicemail(voicemail) => match voicemail.stage {
                Stage::Storing { deadline, .. } => Some(deadline),
                Stage::Tone(_, until) | Stage::Recording(_, until) => Some(until),
            },
        };
        let end = self.began.monotonic.saturating_add(greatest_micros);
        Some(wait.map_or(end, |wait| wait.min(end)))
    }
}

impl Call {
    /// The phones that ring for this call.
    pub(crate) fn reach(&mut self) -> Option<&mut Option<Reach>> {
        match &mut self.wait {
            Wait::Queue(stay) => Some(&mut stay.reach),
            Wait::Dial(dial) => Some(&mut dial.reach),
            Wait::CallingBack(back) => Some(&mut back.reach),
            _ => None,
        }
    }

    /// The talk of this call.
    pub(crate) fn talk(&mut self) -> Option<&mut Option<Talk>> {
        match &mut self.wait {
            Wait::Queue(stay) => Some(&mut stay.talk),
            Wait::Dial(dial) => Some(&mut dial.talk),
            Wait::CallingBack(back) => Some(&mut back.talk),
            Wait::Talking(talk) => Some(talk),
            _ => None,
        }
    }

    /// The same, to look at.
    pub(crate) fn talk_now(&self) -> Option<&Talk> {
        match &self.wait {
            Wait::Queue(stay) => stay.talk.as_ref(),
            Wait::Dial(dial) => dial.talk.as_ref(),
            Wait::Talking(talk) => talk.as_ref().as_ref(),
            Wait::CallingBack(back) => back.talk.as_ref(),
            _ => None,
        }
    }

    /// What the caller hears while waiting for somebody.
    pub(crate) fn sound(&mut self) -> Option<&mut Sound> {
        match &mut self.wait {
            Wait::Queue(stay) => Some(&mut stay.sound),
            Wait::Dial(dial) => Some(&mut dial.sound),
            _ => None,
        }
    }
}

impl Storing {
    /// Whether it is something sent, which goes on whatever the disk says.
    pub(crate) fn is_send(&self) -> bool {
        self.outcomes.0 == self.outcomes.1
    }
}

impl Stay {
    /// Whether somebody has picked up for this caller and is not joined yet.
    pub(crate) fn is_answered(&self) -> bool {
        self.reach.as_ref().is_some_and(Reach::has_answer)
    }

    fn deadline(&self) -> Option<u64> {
        if let Some(talk) = &self.talk {
            return talk.deadline();
        }
        let timed = self.timed.iter().map(|(_, at, _)| *at).min();
        let reach = self.reach.as_ref().and_then(Reach::deadline);
        // Once somebody has answered, the wait no longer ends by time.
        let end = if self.is_answered() { None } else { self.during.into_iter().chain([self.longest]).min() };
        [self.gap, timed, reach, end, self.sound.until].into_iter().flatten().min()
    }
}
