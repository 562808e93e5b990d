//! The boundary between the switch and whoever drives it: inputs, outputs, and the ids that both use.
//!
//! Every id is a slot and a generation, so that an event about something that is gone is recognised and
//! dropped. Ids are given by the switch only.

// The fields of inputs, records and stories are named by what they are; what is not plain has its sentence.
#![allow(missing_docs)]

use flow_bytecode::Datum;
pub use flow_bytecode::program::Method;

pub use crate::services::Secret;

/// The instant of an input. Timers run on `monotonic`; calendars and records read `unix_millis`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// Microseconds since an epoch of the driver's; never runs backwards.
    pub monotonic: u64,
    /// Milliseconds since 1970-01-01T00:00Z; may jump.
    pub unix_millis: i64,
}

pub use crate::outbound_boundary::{Callback, CallbackState, CampaignRow, CampaignRun, Placed, RowState};

impl Now {
    /// The instant of the timers' clock at a time in milliseconds since 1970, as far as both clocks agree.
    pub(crate) fn at_unix(self, unix_millis: i64) -> u64 {
        let ahead = unix_millis.saturating_sub(self.unix_millis).max(0).unsigned_abs();
        self.monotonic.saturating_add(ahead.saturating_mul(1000))
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            /// Place in a table; reused.
            pub slot: u32,
            /// Tells one use of the place from the next.
            pub generation: u32,
        }
    )* };
}

ids! {
    /// One call: a caller (or someone we called) and the coroutine that serves them.
    CallId;
    /// One party's connection.
    LegId;
}

/// One playback on a leg; larger is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayId(pub u32);

/// One recording on a leg; larger is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordingId(pub u32);

/// A conference room, while there is anybody in it; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(pub u32);

/// A program that calls run on; calls finish on the one they began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProgramId(pub u32);

/// A call that has come in and wants to be served; the answer is the id of its leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// What runs.
    pub program: ProgramId,
    /// Index of the flow in that program's functions.
    pub flow: u16,
    /// The number (E.164) or name that was called.
    pub called: String,
    /// E.164 with its plus when it is one; `None` when withheld.
    pub caller: Option<String>,
    /// The display name that came with it.
    pub caller_name: Option<String>,
    /// Whether the network vouches for the caller's number.
    pub attested: bool,
    /// A name for the call in records that is unique for ever (from the driver's randomness).
    pub name: String,
    /// False when no key can ever arrive (no telephone-event, no INFO): the flow takes `no_input` at once.
    pub keys_can_arrive: bool,
}

/// What happened to a leg or to the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A leg that we called is ringing.
    Ringing(LegId),
    /// A leg that we called has answered and its media is open.
    Answered(LegId),
    /// A leg that we called will not answer. The leg is gone.
    Failed(LegId, Failure),
    /// The party hung up, or its connection is lost. The leg is gone, its bridge with it; a recording of it
    /// that was running is ended, and its `RecordingFinished` follows still.
    HungUp(LegId, HangUp),
    /// A key, when it was released.
    Digit(LegId, Digit),
    /// A playback ended by itself, or was cut by a key: then it follows that key's `Digit`. Not sent for a
    /// playback that was stopped.
    PlaybackFinished(LegId, PlayId),
    /// A recording ended; `speech_millis` is 0 when nothing was said. When a key ended it, that key is not
    /// reported.
    RecordingFinished { leg: LegId, recording: RecordingId, millis: u64, speech_millis: u64 },
    /// A recording could not be made.
    RecordingFailed { leg: LegId, recording: RecordingId },
    /// The party put us on hold, or took us back.
    Held(LegId, bool),
    /// What `Store` asked is on disk (`true`) or cannot be (`false`).
    Stored(StoreId, bool),
    /// Who picked up the call, as `Detect` asked: a machine, or a person.
    Detected { leg: LegId, machine: bool },
    /// The party of a leg was handed on, as `Transfer` asked; the leg is to be hung up.
    Transferred(LegId),
    /// The party of a leg could not be handed on; it is still there.
    TransferFailed(LegId),
    /// What `Request` asked has an answer, or will have none.
    Replied(RequestId, Reply),
    /// A lever of the deployment was thrown or put back, by its name.
    Lever { name: String, thrown: bool },
    /// A person signs in, or off; by the agent's name.
    Presence { agent: String, ready: bool },
    /// The people of the deployment are these now. Who stays keeps their state; who is not named is offered no
    /// calls any more.
    Roster(Vec<Person>),
    /// A person who is signed in is at other work and is not offered calls, or is free again.
    Occupied { agent: String, occupied: bool },
    /// The agent of that name, who talks with a caller, starts an assist of the block: by its label, its flow's
    /// name or its number.
    Assist { agent: String, assist: String },
    /// Everybody in the conference room of that name is put out of it.
    CloseRoom { room: String },
    /// A leg cannot be mixed into its room.
    MixFailed(LegId),
    /// Time has passed; due timers are looked at.
    Deadline,
}

/// One of the people of the deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// A SIP URI.
    pub address: String,
    pub teams: Vec<String>,
    /// Skills with levels.
    pub skills: Vec<(String, u32)>,
}

/// One of the sixteen keys (RFC 4733 section 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digit(u8);

impl Digit {
    /// `0`-`9`, `*`, `#`, `A`-`D`.
    pub const fn new(ascii: u8) -> Option<Digit> {
        match ascii {
            b'0'..=b'9' | b'*' | b'#' | b'A'..=b'D' => Some(Digit(ascii)),
            _ => None,
        }
    }

    /// The key as ASCII.
    pub const fn ascii(self) -> u8 {
        self.0
    }
}

/// Why a leg that we called did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// 486, 600.
    Busy,
    /// It rang out: 408, 480, 487 by the other side.
    NoAnswer,
    /// 603 and other refusals by the person.
    Declined,
    /// No such address, no route, no answer at all, no media in common.
    Unreachable,
}

/// How a leg ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HangUp {
    /// The party hung up.
    ByParty,
    /// No packets came for too long.
    MediaLost,
    /// The connection failed (no ACK, transport error).
    ConnectionLost,
}

/// What the switch asks of its driver.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Tell the caller that it is ringing.
    Ring(LegId),
    /// Answer the caller. Commands that need media may follow at once; they wait for it.
    Answer(LegId),
    /// Refuse a call that was not answered, with a SIP status. The leg is gone.
    Decline(LegId, u16),
    /// Call an address for a call, on the same media thread as `near`. Answered by `Ringing`, `Answered` or
    /// `Failed`.
    Dial { leg: LegId, near: LegId, address: String, from: Option<String>, display: Option<String> },
    /// End a leg in whatever state it is (cancel, bye, refuse). The leg is gone, its bridge with it: no input
    /// about it follows that the switch would heed, but for the `RecordingFinished` of a recording.
    HangUp(LegId),
    /// Play, in place of what was playing. With `barge_in` the driver stops it by itself when a key goes
    /// down. With `repeat` it begins anew at its end. It begins `from_millis` after its beginning, counted over
    /// its end where it repeats: music goes on where it was.
    Play {
        leg: LegId,
        play: PlayId,
        program: ProgramId,
        items: Vec<SpeechItem>,
        barge_in: bool,
        repeat: bool,
        from_millis: u64,
    },
    /// Stop a playback that may be running still.
    Stop(LegId, PlayId),
    /// Join two legs so that they hear each other.
    Bridge(LegId, LegId),
    /// Part two legs that are both there still.
    Unbridge(LegId, LegId),
    /// Record the party of a leg into a file of this name (without folder and ending), ended by itself after
    /// `longest_millis`, or by a silence of `silence_millis` after something was said, or by any key.
    Record {
        leg: LegId,
        recording: RecordingId,
        name: String,
        longest_millis: u64,
        silence_millis: Option<u64>,
    },
    /// Record the party of a leg into one channel (0 the caller, 1 the other) of the call's recording of this
    /// name, beside a message that may be recorded, until `StopRecording` or the end of the leg. The file is as
    /// long as since its first channel began; keys that are heard are left out.
    RecordCall { leg: LegId, recording: RecordingId, name: String, channel: u8 },
    /// Keep silence instead of what the party of a `RecordCall` says, or what it says again.
    PauseRecording(LegId, RecordingId, bool),
    /// End a recording; `RecordingFinished` follows still.
    StopRecording(LegId, RecordingId),
    /// Put a leg into a room: it hears everybody else there, and they hear it. While something is played to a
    /// leg it hears that alone. Answered by `MixFailed` when that cannot be done.
    Mix(LegId, RoomId),
    /// Take a leg that is there still out of its room.
    Unmix(LegId, RoomId),
    /// Listen whether a person or a machine is on a leg; answered by `Detected`, or by nothing where it cannot
    /// be told.
    Detect(LegId),
    /// Hand the party of a leg on to an address, for good (RFC 3515); answered by `Transferred` or
    /// `TransferFailed`. A later one replaces an earlier one.
    Transfer { leg: LegId, address: String },
    /// Show names and values on an agent's screen, in place of what was there; none when the call is over.
    Show { agent: String, fields: Vec<(String, String)> },
    /// Ask a service; answered by `Replied`. An answer that comes after the limit is dropped.
    Request(Box<ServiceRequest>),
    /// Keep something on disk; answered by `Stored`.
    Store(StoreId, Stored),
    /// The one record of a call that is over.
    CallRecord(Box<CallRecord>),
    /// A line of a call's story, when stories are on.
    Story(Story),
}

/// One request to store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreId(pub u64);

/// One request to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// What a service is asked. Where it is and how it knows us stands in
/// [`places`](crate::services::places) of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRequest {
    pub id: RequestId,
    pub program: ProgramId,
    /// Index into the program's operations.
    pub operation: u16,
    /// Index into the program's services.
    pub service: u16,
    /// `crm.customer`
    pub name: String,
    pub call: String,
    pub method: Method,
    /// Path and query, encoded; it follows the service's address.
    pub target: String,
    /// A JSON object.
    pub body: Option<Secret>,
    pub within_millis: u64,
    /// By parameter, for those who play the service.
    pub arguments: Vec<Secretive>,
}

/// A value that may be secret: then `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secretive {
    pub value: Datum,
    pub secret: bool,
}

impl std::fmt::Debug for Secretive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.secret { f.write_str("••••") } else { self.value.fmt(f) }
    }
}

/// What came of a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    /// The service answered, with an HTTP status and perhaps a body.
    Answered { status: u16, body: Vec<u8> },
    /// It did not.
    Failed(NoReply),
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // A body may hold what is declared secret.
            Reply::Answered { status, body } => write!(f, "Answered({status}, {} bytes)", body.len()),
            Reply::Failed(why) => write!(f, "Failed({why:?})"),
        }
    }
}

/// Why a service gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoReply {
    /// No connection, or it broke.
    Unreachable,
    /// Nothing came within the limit.
    TimedOut,
    /// More came than is read.
    TooLarge,
    /// It failed too often just now and is left alone for a while.
    LeftAlone,
    /// As many requests to it as may be are under way.
    Crowded,
}

impl NoReply {
    /// In a few words.
    pub const fn text(self) -> &'static str {
        match self {
            NoReply::Unreachable => "no connection",
            NoReply::TimedOut => "no answer in time",
            NoReply::TooLarge => "an answer that is too large",
            NoReply::LeftAlone => "left alone after failing too often",
            NoReply::Crowded => "too many requests at once",
        }
    }
}

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// A message that a caller left.
    Message(Message),
    /// A callback as it is now, in place of what was kept of it.
    Callback(Box<Callback>),
    /// A campaign that was started, with its rows.
    Campaign(Box<CampaignRun>),
    /// How far a row of a campaign is.
    CampaignRow { run: String, row: u32, attempts: u32, next: i64, state: RowState },
    /// Every row of a campaign is done.
    CampaignEnded { run: String, at: i64 },
    /// Something to be delivered to a service.
    Sent(Box<Sent>),
    /// One more was counted for a limit.
    Counted(Counted),
    /// A limit's counter for a key was cleared.
    Cleared { limit: String, key: String },
}

/// Something that a call sends, to be delivered at least once.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sent {
    /// Unique for ever; it goes along with each attempt, so that a second one does no harm.
    pub key: String,
    pub call: String,
    /// The service's name and its operation's.
    pub service: String,
    pub operation: String,
    /// As HTTP writes it.
    pub method: String,
    pub target: String,
    /// A JSON object; nothing secret is in it.
    pub body: Option<String>,
    pub unix_millis: i64,
}

/// That something was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub limit: String,
    pub key: String,
    pub unix_millis: i64,
    /// For how long it counts.
    pub span_millis: u64,
}

/// A caller's message.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Message {
    /// The name that `Record` gave.
    pub name: String,
    pub call: String,
    /// `mailto:…` and the like.
    pub deliver_to: String,
    pub caller: Option<String>,
    pub flow: String,
    pub block: String,
    pub unix_millis: i64,
    pub millis: u64,
}

/// A piece of what is played. Texts are indices into the program's texts, so that a prompt is found by a
/// number; words made at run time are names of shipped words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpeechItem {
    /// A recordable unit of the program in a language (an index into `Program::languages`).
    Text { text: u32, language: u16 },
    /// A recording by name, with its words.
    Recording { name: u32, words: u32, language: u16 },
    /// A sound by name, without words.
    Sound(u32),
    /// A sound of the standard library: `tone/beep`, `hold/calm`.
    Standard(&'static str),
    /// A value read aloud: as a person would write it, and the shipped words that say it.
    Words { display: String, clips: Vec<&'static str>, language: u16 },
    /// A text known only at run time, to be synthesised or spelled.
    Synthesise { text: String, language: u16 },
    /// Milliseconds of silence.
    Silence(u32),
}

/// How a call went; exactly one for each call.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CallRecord {
    pub call: String,
    pub flow: String,
    pub called: String,
    pub caller: Option<String>,
    pub caller_name: Option<String>,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub started: i64,
    /// Milliseconds after `started`; `None` when it was never answered.
    pub answered_after: Option<u64>,
    /// Milliseconds from start to end.
    pub duration: u64,
    pub outcome: Outcome,
    /// The blocks in the order they were entered.
    pub way: Vec<Step>,
    pub marks: Vec<Mark>,
    pub ratings: Vec<Rating>,
    pub queues: Vec<QueueVisit>,
    pub talks: Vec<Talk>,
    /// Names of messages left.
    pub messages: Vec<String>,
    /// Names of the recordings of the call itself.
    #[serde(default)]
    pub recordings: Vec<String>,
    /// What persons started for the caller.
    #[serde(default)]
    pub assists: Vec<AssistRecord>,
    #[serde(default)]
    pub conferences: Vec<ConferenceVisit>,
    /// What services were asked, and what came of it.
    #[serde(default)]
    pub requests: Vec<Asked>,
    /// Names of what was handed over to be sent.
    #[serde(default)]
    pub sends: Vec<String>,
    /// Keys that arrived while nothing could use them, events dropped, and the like; 0 when all is well.
    pub oddities: u32,
    /// Ids of callbacks that were booked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callbacks: Vec<String>,
    /// When the call was made by us; the `caller` is then who was called, and `called` the number shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed: Option<Placed>,
}

impl CallRecord {
    /// The record of a call that begins, by its name.
    pub fn new(call: String, started: i64) -> CallRecord {
        CallRecord {
            call,
            flow: String::new(),
            called: String::new(),
            caller: None,
            caller_name: None,
            started,
            answered_after: None,
            duration: 0,
            outcome: Outcome::Declined { code: 503 },
            way: Vec::new(),
            marks: Vec::new(),
            ratings: Vec::new(),
            queues: Vec::new(),
            talks: Vec::new(),
            messages: Vec::new(),
            recordings: Vec::new(),
            assists: Vec::new(),
            conferences: Vec::new(),
            requests: Vec::new(),
            sends: Vec::new(),
            oddities: 0,
            callbacks: Vec::new(),
            placed: None,
        }
    }
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Outcome {
    /// The flow said goodbye in this block.
    Ended { block: String },
    /// The caller hung up in this block.
    CallerHungUp { block: String },
    /// The caller's connection was lost in this block.
    Lost { block: String },
    /// Refused before it was answered.
    Declined { code: u16 },
    /// A fault of the program; the caller heard an apology.
    Fault { code: String, message: String, place: String },
    /// The server stopped.
    Shutdown { block: String },
    /// It had lasted as long as the deployment lets a call last.
    TooLong { block: String },
    /// It was handed on to an address, for good.
    Transferred { block: String, to: String },
    /// We called, and nobody came: `busy`, `no_answer`, `declined`, `unreachable`, `agent_left`.
    NotReached { why: String },
}

/// A block that the call entered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    pub flow: String,
    pub block: String,
    /// Milliseconds after the start of the call.
    pub at: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mark {
    pub name: String,
    pub value: Option<String>,
    pub at: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rating {
    pub question: String,
    /// `None` when the caller did not answer.
    pub score: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct QueueVisit {
    pub queue: String,
    pub at: u64,
    /// Milliseconds waited.
    pub waited: u64,
    /// `talked`, `timeout`, `full`, `unstaffed`, `closed`, `left` (by a key), `abandoned` (the caller hung up or
    /// was lost), `ended` (by the server).
    pub outcome: String,
    pub agent: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Talk {
    /// The agent's name or the address.
    pub with: String,
    pub at: u64,
    pub millis: u64,
    /// Who left first: `agent`, `caller`, `lost` (a connection), or `server` when it ended the call.
    pub ended_by: String,
}

/// One assist.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AssistRecord {
    pub label: String,
    /// The agent's name or the address of who started it.
    pub by: String,
    pub at: u64,
    /// The outcome; `None` when the call ended before there was one.
    pub result: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ConferenceVisit {
    pub room: String,
    pub at: u64,
    pub millis: u64,
    /// `left`, `ended`, `failed`, or `hangup`.
    pub outcome: String,
}

/// A service that was asked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    /// `crm.customer`
    pub what: String,
    /// Milliseconds after the start of the call.
    pub at: u64,
    pub millis: u64,
    /// Why there was no answer that fits; `None` when there was.
    pub failed: Option<String>,
}

/// A line of a call's story, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    pub call: String,
    pub unix_millis: i64,
    pub line: StoryLine,
}

/// What happened, told so that secrets never appear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoryLine {
    /// The call came in.
    Began {
        called: String,
        caller: Option<String>,
        flow: String,
    },
    Answered,
    /// A block was entered, by its kind and name.
    Entered {
        kind: String,
        block: String,
    },
    /// What is being said, as text.
    Said(String),
    /// What was pressed; masked (`••••`) while a secret is taken.
    Pressed(String),
    NoInput,
    NoMatch(String),
    /// A place in a queue.
    Queued {
        queue: String,
        position: u32,
    },
    /// Someone's phone rings.
    Calling(String),
    /// A phone that rang does not come.
    NotReached {
        who: String,
        why: String,
    },
    /// Two people talk.
    Talking(String),
    TalkEnded {
        with: String,
        by: String,
    },
    /// Somebody in a talk puts the other on hold, or takes them back.
    Holding {
        who: String,
        held: bool,
    },
    /// The person who talks starts something for the caller, and waits.
    Assisting {
        by: String,
        label: String,
    },
    /// What came of it.
    Assisted {
        label: String,
        result: String,
    },
    /// Who is recorded from now on: `nobody`, `caller`, `agent`, `both`; or `failed`, when it cannot be kept.
    Recording(String),
    /// A room was entered, with so many others in it.
    Conferring {
        room: String,
        others: u32,
    },
    Recorded {
        name: String,
        millis: u64,
    },
    Rated {
        question: String,
        score: Option<i64>,
    },
    Marked {
        name: String,
        value: Option<String>,
    },
    /// A service is asked: `crm.verify("7", ••••)`.
    Requested(String),
    /// It has answered.
    Replied {
        what: String,
        millis: u64,
    },
    /// It has not, or what it said does not fit.
    RequestFailed {
        what: String,
        why: String,
    },
    /// Something is handed over to be sent.
    Sent(String),
    /// The disk did not take it in time: what was to be counted or sent.
    NotStored(String),
    Fault {
        code: String,
        message: String,
        place: String,
    },
    Ended(String),
    /// Anything else that happened, in words.
    Noted(String),
}
