//! The outer boundary, in the language of machines: what a driver tells a node and what a node asks of it.
//!
//! The law: after every [`Node::handle`](crate::Node::handle), drain [`Node::poll`](crate::Node::poll) to
//! `None` before the next.

use std::net::SocketAddr;
use std::sync::Arc;

use flow_sip::{Negotiated, TransportId};
use flow_switch::boundary::{
    CallRecord, Digit, Hints, Hypothesis, LegId, ListenId, Person, PlayId, ProgramId, RecordingId, Reply,
    RequestId, ServiceRequest, SpeechItem, StoreId, Stored, Story,
};

/// Names one media session (one leg's RTP) among all; never used twice in the life of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

impl SessionId {
    pub(crate) fn of(leg: LegId) -> SessionId {
        SessionId(u64::from(leg.generation) << 32 | u64::from(leg.slot))
    }

    pub(crate) fn leg(self) -> LegId {
        LegId { slot: self.0 as u32, generation: (self.0 >> 32) as u32 }
    }
}

/// One question for the address of a name; numbers are given by the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResolveId(pub u64);

/// Something that happened outside.
#[derive(Debug, Clone)]
pub enum Input {
    /// A datagram arrived on a listener.
    Datagram {
        /// Which listener.
        transport: TransportId,
        /// Where it came from.
        source: SocketAddr,
        /// What it holds.
        bytes: Vec<u8>,
    },
    /// A datagram could not be sent there.
    Unreachable {
        /// From which listener.
        transport: TransportId,
        /// Where to.
        destination: SocketAddr,
    },
    /// Time has passed.
    Deadline,
    /// The media threads report.
    Media(MediaEvent),
    /// What came of an `Output::Request`.
    Replied(RequestId, Reply),
    /// What `Output::Store` asked is on disk, or cannot be.
    Stored(StoreId, bool),
    /// The answer to `Output::Resolve`: the address, or `None` when there is none.
    Resolved(ResolveId, Option<SocketAddr>),
    /// An operator's word.
    Admin(Admin),
}

/// What an operator may say to a running node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admin {
    /// A lever is thrown, or put back.
    Lever {
        /// Its name in the program.
        name: String,
        /// Whether it is thrown.
        thrown: bool,
    },
    /// A person may be offered calls, or not.
    Presence {
        /// The agent's name in the program.
        agent: String,
        /// Whether calls may come.
        ready: bool,
    },
    /// An agent who talks starts an assist for the caller.
    Assist {
        /// The agent's name in the program.
        agent: String,
        /// The flow's name, the label, or the number.
        assist: String,
    },
    /// Everybody is put out of a conference room.
    CloseRoom {
        /// Its name.
        room: String,
    },
    /// Start a campaign over the rows of its table.
    Campaign {
        /// The program that it is in.
        program: ProgramId,
        /// Its name.
        campaign: String,
    },
    /// The people of the deployment are these now.
    Roster(Vec<Person>),
    /// Take no new calls; those in progress go on.
    Drain,
    /// End every call now, with its record.
    EndAll,
}

/// What the node asks of its driver.
#[derive(Debug, Clone)]
pub enum Output {
    /// Send a datagram.
    Transmit {
        /// From which listener.
        transport: TransportId,
        /// Where to.
        destination: SocketAddr,
        /// The message.
        bytes: Arc<[u8]>,
    },
    /// Find the address of a host; answered by `Input::Resolved`, always.
    Resolve {
        /// To be given back.
        id: ResolveId,
        /// A host name.
        host: String,
        /// To be put into the address.
        port: u16,
    },
    /// An order to the media threads.
    Media(MediaCommand),
    /// Keep something on disk; answered by `Input::Stored`.
    Store(StoreId, Stored),
    /// Ask a service; answered by `Input::Replied`.
    Request(Box<ServiceRequest>),
    /// The one record of a call that is over.
    CallRecord(Box<CallRecord>),
    /// A line of a call's story.
    Story(Story),
    /// Names and values for an agent's screen.
    Show {
        /// The agent's name.
        agent: String,
        /// What to show.
        fields: Vec<(String, String)>,
    },
    /// A call was refused before any flow heard of it.
    Refused {
        /// Who asked.
        source: SocketAddr,
        /// What they asked for, as they wrote it.
        called: String,
        /// The SIP status they got.
        code: u16,
    },
}

/// An order to the media threads. Each session is opened once and closed once, whatever happens between.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaCommand {
    /// Open a port; answered by `Opened` or `OpenFailed`.
    Open {
        /// The session's name.
        session: SessionId,
        /// Which thread, modulo their number; two legs that may be joined share one.
        shard: u32,
    },
    /// What offer and answer settled; again after each new one.
    SetRemote {
        /// Of which session.
        session: SessionId,
        /// The other side.
        remote: Remote,
    },
    /// The peer proved to be where its session description says.
    SetProven {
        /// Of which session.
        session: SessionId,
    },
    /// Play, in place of what is being played.
    Play {
        /// To which session.
        session: SessionId,
        /// The playback's name within the session.
        play: PlayId,
        /// Whose texts and sounds the items name.
        program: ProgramId,
        /// What to play, in order.
        items: Vec<SpeechItem>,
        /// Whether a key that goes down stops it.
        barge_in: bool,
        /// Whether it begins anew at its end.
        repeat: bool,
        /// How far into it it begins; over its end where it repeats.
        from_millis: u64,
    },
    /// Stop a playback, if it is still the current one.
    Stop {
        /// To which session.
        session: SessionId,
        /// Which.
        play: PlayId,
    },
    /// Join two sessions of one thread.
    Bridge {
        /// One.
        a: SessionId,
        /// The other.
        b: SessionId,
    },
    /// Take a session and its partner out of their bridge.
    Unbridge {
        /// Either.
        session: SessionId,
    },
    /// Record what the party says.
    Record {
        /// Of which session.
        session: SessionId,
        /// The recording's name within the session.
        recording: RecordingId,
        /// The file's name, without folder and ending.
        name: String,
        /// It ends by itself then.
        longest_millis: u64,
        /// It ends after so much silence.
        silence_millis: Option<u64>,
    },
    /// Record the party into one channel of a file that the other party of the call may have as well, beside a
    /// recording that `Record` began.
    RecordCall {
        /// Of which session.
        session: SessionId,
        /// The recording's name within the session.
        recording: RecordingId,
        /// The file's name, without folder and ending.
        name: String,
        /// 0 is left, 1 is right.
        channel: u8,
    },
    /// Keep silence in a `RecordCall`, or what is said again.
    PauseRecord {
        /// Of which session.
        session: SessionId,
        /// Which.
        recording: RecordingId,
        /// Which of the two.
        paused: bool,
    },
    /// Put a session into a room: it hears everybody else there. Sessions of one room may be on any threads.
    Mix {
        /// Which session.
        session: SessionId,
        /// The room's number.
        room: u32,
    },
    /// Take a session out of its room.
    Unmix {
        /// Which session.
        session: SessionId,
    },
    /// End a recording; `RecordingFinished` follows.
    StopRecord {
        /// Of which session.
        session: SessionId,
        /// Which.
        recording: RecordingId,
    },
    /// Listen whether a person or a machine speaks; answered by `Detected`, or by nothing.
    Detect {
        /// On which session.
        session: SessionId,
    },
    /// Listen to one utterance, in place of one that is listened for; answered by `WordUnderstood` and then `Heard`,
    /// or by `ListenFailed`, or by nothing while nothing is said.
    Listen {
        /// On which session.
        session: SessionId,
        /// The utterance's name.
        listening: ListenId,
        /// The language that is spoken: `en`, `es-MX`.
        language: String,
        /// What is likely to be said.
        hints: Hints,
    },
    /// Listen no longer; what was under way may still be answered.
    StopListening {
        /// On which session.
        session: SessionId,
        /// Which.
        listening: ListenId,
    },
    /// Close a session; answered by `Closed`, its last event.
    Close {
        /// Which.
        session: SessionId,
    },
}

/// The other side of a media session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Address, codec, payload types and direction.
    pub negotiated: Negotiated,
    /// The host that the signalling comes from, to tell a NAT by.
    pub signalling: std::net::IpAddr,
    /// Whether the peer proved to be at its address; if not, it gets a few packets only.
    pub proven: bool,
}

/// What the media threads report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaEvent {
    /// A session is open.
    Opened {
        /// Which.
        session: SessionId,
        /// Where it hears RTP.
        port: u16,
    },
    /// A session could not be opened; it needs no closing.
    OpenFailed {
        /// Which.
        session: SessionId,
        /// Why, for people.
        reason: String,
    },
    /// A key came up.
    Digit {
        /// Of which session.
        session: SessionId,
        /// The key.
        digit: Digit,
    },
    /// A playback was played to its end, or cut by a key that went down; the key's `Digit` follows. Not
    /// reported for others.
    PlaybackFinished {
        /// Of which session.
        session: SessionId,
        /// Which.
        play: PlayId,
        /// Whether a key cut it.
        cut: bool,
    },
    /// A recording is over.
    RecordingFinished {
        /// Of which session.
        session: SessionId,
        /// Which.
        recording: RecordingId,
        /// How long it is.
        millis: u64,
        /// Whether a voice was heard in it.
        spoken: bool,
        /// Whether a key that went down ended it; the key's `Digit` follows.
        by_key: bool,
    },
    /// A recording could not be made.
    RecordingFailed {
        /// Of which session.
        session: SessionId,
        /// Which.
        recording: RecordingId,
    },
    /// Who picked up.
    Detected {
        /// On which session.
        session: SessionId,
        /// A machine, else a person.
        machine: bool,
    },
    /// The first word of an utterance was understood.
    WordUnderstood {
        /// On which session.
        session: SessionId,
        /// Which utterance.
        listening: ListenId,
    },
    /// What was said.
    Heard {
        /// On which session.
        session: SessionId,
        /// Which utterance.
        listening: ListenId,
        /// The best first; none when nobody understood it.
        hypotheses: Vec<Hypothesis>,
    },
    /// Nobody can listen now.
    ListenFailed {
        /// On which session.
        session: SessionId,
        /// Which utterance.
        listening: ListenId,
    },
    /// No packets come any more.
    MediaLost {
        /// Of which session.
        session: SessionId,
    },
    /// A session is closed; its last event.
    Closed {
        /// Which.
        session: SessionId,
    },
}
