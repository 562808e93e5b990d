//! A node, phones, media that takes its time, and the network between them, all in virtual time.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use flow_bytecode::VerifiedProgram;
use flow_node::{Admin, Config, Input, MediaCommand, MediaEvent, Node, Output, SessionId};
use flow_sip::{Time, TransportId};
use flow_switch::boundary::{CallRecord, Digit, Now, PlayId, RecordingId, SpeechItem, StoreId};

use crate::phone::{Act, Phone, listener};

/// How long a packet travels, in microseconds.
const TRAVEL: u64 = 1_000;
/// How long every piece of speech lasts, in microseconds.
const PIECE: u64 = 1_000_000;
/// Where the node listens.
pub const NODE: &str = "127.0.0.1:5060";
/// Monday, 2 March 2026, 12:00 UTC.
const NOON: i64 = 1_772_452_800_000;

/// Everything that a test needs.
pub struct World {
    micros: u64,
    node: Node,
    phones: Vec<Phone>,
    program: Arc<VerifiedProgram>,
    due: BTreeMap<(u64, u64), Due>,
    sequence: u64,
    media: BTreeMap<SessionId, Session>,
    /// Says of the n-th packet whether it is lost.
    pub loses: Box<dyn FnMut(u64) -> bool>,
    /// What happened, to be read.
    pub ladder: String,
    /// The records of calls that are over.
    pub records: Vec<CallRecord>,
    /// Whether the disk takes what is stored.
    pub disk_works: bool,
    /// Whether packets appear in the ladder.
    pub show_packets: bool,
}

enum Due {
    Packet { to: SocketAddr, from: SocketAddr, bytes: Vec<u8> },
    Media(MediaEvent),
    Stored(StoreId),
}

#[derive(Default)]
struct Session {
    playing: Option<(PlayId, bool)>,
    recording: Option<(RecordingId, u64)>,
}

impl World {
    /// A node with this program.
    pub fn new(program: Arc<VerifiedProgram>) -> World {
        let mut node = Node::new(Config { calls: 3, ..Config::new(vec![listener(address(NODE))], [9; 32]) });
        node.load(Now { monotonic: 1_000_000, unix_millis: NOON }, program.clone(), Vec::new());
        let mut world = World {
            micros: 1_000_000,
            node,
            phones: Vec::new(),
            program,
            due: BTreeMap::new(),
            sequence: 0,
            media: BTreeMap::new(),
            loses: Box::new(|_| false),
            ladder: String::new(),
            records: Vec::new(),
            disk_works: true,
            show_packets: true,
        };
        world.settle();
        world
    }

    /// Adds a phone and gives its place.
    pub fn phone(&mut self, name: &'static str, at: &str) -> usize {
        let seed = self.phones.len() as u8 + 20;
        self.phones.push(Phone::new(name, address(at), seed));
        self.phones.len() - 1
    }

    /// A phone, to be looked at or set.
    pub fn at(&mut self, phone: usize) -> &mut Phone {
        &mut self.phones[phone]
    }

    /// A phone calls a user of the node.
    pub fn dial(&mut self, phone: usize, user: &str) {
        let now = Time(self.micros);
        self.phones[phone].dial(now, &format!("sip:{user}@{NODE}"), address(NODE));
        self.settle();
    }

    /// Its user hangs up, or gives up.
    pub fn hang_up(&mut self, phone: usize) {
        let now = Time(self.micros);
        self.phones[phone].hang_up(now);
        self.settle();
    }

    /// Its user answers.
    pub fn pick_up(&mut self, phone: usize) {
        let now = Time(self.micros);
        self.phones[phone].pick_up(now);
        self.settle();
    }

    /// Its user declines with a status.
    pub fn decline(&mut self, phone: usize, code: u16) {
        let now = Time(self.micros);
        self.phones[phone].decline(now, code);
        self.settle();
    }

    /// Its user puts us on hold, or takes us back.
    pub fn hold(&mut self, phone: usize, held: bool) {
        let now = Time(self.micros);
        self.phones[phone].hold(now, held);
        self.settle();
    }

    /// Keys pressed by the caller whose media was opened first and is open still.
    pub fn press(&mut self, keys: &str) {
        for key in keys.bytes() {
            let Some((&session, state)) = self.media.iter_mut().next() else { return };
            let cut = state.playing.take_if(|(_, barge_in)| *barge_in);
            if let Some((play, _)) = cut {
                self.feed(Input::Media(MediaEvent::PlaybackFinished { session, play, cut: true }));
            }
            self.end_recording(session, true);
            let digit = Digit::new(key).expect("a key");
            self.feed(Input::Media(MediaEvent::Digit { session, digit }));
        }
    }

    /// No packets come any more from the caller whose media was opened first.
    pub fn lose_media(&mut self) {
        if let Some(&session) = self.media.keys().next() {
            self.feed(Input::Media(MediaEvent::MediaLost { session }));
        }
    }

    /// An operator's word.
    pub fn admin(&mut self, admin: Admin) {
        self.feed(Input::Admin(admin));
    }

    /// A datagram from anywhere.
    pub fn datagram(&mut self, source: &str, bytes: &[u8]) {
        let source = address(source);
        self.feed(Input::Datagram { transport: TransportId(0), source, bytes: bytes.to_vec() });
    }

    /// Lets time pass.
    pub fn pass_millis(&mut self, millis: u64) {
        let end = self.micros + millis * 1_000;
        loop {
            let first = self.due.keys().next().map(|(at, _)| *at);
            let phones =
                self.phones.iter().filter_map(|phone| phone.endpoint.next_deadline().map(|time| time.0));
            let next = phones.chain(self.node.next_deadline()).chain(first).min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.micros = self.micros.max(next);
            if first == Some(next)
                && let Some((_, due)) = self.due.pop_first()
            {
                self.happen(due);
                continue;
            }
            if self.node.next_deadline().is_some_and(|at| at <= self.micros) {
                self.feed(Input::Deadline);
            }
            for phone in &mut self.phones {
                if phone.endpoint.next_deadline().is_some_and(|at| at.0 <= self.micros) {
                    phone.endpoint.handle_deadline(Time(self.micros));
                }
            }
            self.settle();
        }
        self.micros = end;
    }

    /// How many media sessions are open.
    pub fn open_ports(&self) -> usize {
        self.media.len()
    }

    /// Checks that nothing is left of any call, after time enough for SIP to forget.
    ///
    /// # Panics
    /// With the ladder, when something is left.
    #[track_caller]
    pub fn assert_nothing_is_left(&mut self) {
        assert_eq!(self.open_ports(), 0, "open ports:\n{}", self.ladder);
        assert!(self.node.is_quiet(), "a call is left:\n{}", self.ladder);
        self.pass_millis(70_000);
        assert!(self.node.is_idle(), "something is left:\n{}", self.ladder);
        for phone in &self.phones {
            assert!(
                phone.dead || !phone.is_busy(),
                "{}'s phone has a call still:\n{}",
                phone.name,
                self.ladder
            );
        }
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Packet { to, from, bytes } if to == address(NODE) => {
                self.feed(Input::Datagram { transport: TransportId(0), source: from, bytes });
            }
            Due::Packet { to, from, bytes } => {
                let now = Time(self.micros);
                if let Some(phone) = self.phones.iter_mut().find(|phone| phone.address == to && !phone.dead) {
                    phone.endpoint.handle_datagram(now, TransportId(0), from, &bytes);
                }
                self.settle();
            }
            Due::Media(MediaEvent::PlaybackFinished { session, play, cut }) => {
                let Some(state) = self.media.get_mut(&session) else { return };
                if state.playing.take_if(|(current, _)| *current == play).is_some() {
                    self.feed(Input::Media(MediaEvent::PlaybackFinished { session, play, cut }));
                }
            }
            Due::Media(event) => self.feed(Input::Media(event)),
            Due::Stored(id) => {
                let works = self.disk_works;
                self.feed(Input::Stored(id, works));
            }
        }
    }

    fn feed(&mut self, input: Input) {
        self.node.handle(self.now(), input);
        self.settle();
    }

    fn settle(&mut self) {
        loop {
            let mut quiet = true;
            while let Some(output) = self.node.poll() {
                quiet = false;
                self.output(output);
            }
            for index in 0..self.phones.len() {
                while let Some(act) = self.phones[index].poll(Time(self.micros)) {
                    quiet = false;
                    match act {
                        Act::Send(to, bytes) if !self.phones[index].dead => {
                            let from = self.phones[index].address;
                            self.transmit(from, to, bytes);
                        }
                        Act::Note(text) => self.note(&text),
                        _ => {}
                    }
                }
            }
            if quiet {
                return;
            }
        }
    }

    fn output(&mut self, output: Output) {
        match output {
            Output::Transmit { destination, bytes, .. } => {
                self.transmit(address(NODE), destination, bytes.to_vec())
            }
            Output::Media(command) => self.command(command),
            Output::Story(story) => self.note(&format!("    {:?}", story.line)),
            Output::CallRecord(record) => {
                self.note(&format!("record: {:?}", record.outcome));
                self.records.push(*record);
            }
            Output::Store(id, _) => self.later(10_000, Due::Stored(id)),
            // No service answers here: the limit of time does.
            Output::Request(request) => self.note(&format!("asks {}", request.name)),
            Output::Refused { called, code, .. } => self.note(&format!("refused {called}: {code}")),
            Output::Show { agent, fields } => self.note(&format!("screen of {agent}: {fields:?}")),
            Output::Resolve { host, .. } => self.note(&format!("asks for the address of {host}")),
        }
    }

    fn command(&mut self, command: MediaCommand) {
        match command {
            MediaCommand::Open { session, .. } => {
                self.media.insert(session, Session::default());
                let port = 20_000 + 2 * session.0 as u16;
                self.later(100, Due::Media(MediaEvent::Opened { session, port }));
            }
            MediaCommand::Close { session } => {
                self.end_recording(session, false);
                self.media.remove(&session);
                self.later(100, Due::Media(MediaEvent::Closed { session }));
            }
            MediaCommand::Play { session, play, items, barge_in, repeat, .. } => {
                let pieces = items.len() as u64;
                self.note(&format!("    plays {}", self.words(&items)));
                if let Some(state) = self.media.get_mut(&session) {
                    state.playing = Some((play, barge_in));
                }
                if !repeat {
                    let finished = MediaEvent::PlaybackFinished { session, play, cut: false };
                    self.later(pieces * PIECE, Due::Media(finished));
                }
            }
            MediaCommand::Stop { session, play } => {
                if let Some(state) = self.media.get_mut(&session) {
                    state.playing.take_if(|(current, _)| *current == play);
                }
            }
            MediaCommand::Record { session, recording, .. } => {
                let begun = self.micros;
                if let Some(state) = self.media.get_mut(&session) {
                    state.recording = Some((recording, begun));
                }
                self.note("    records");
            }
            MediaCommand::RecordCall { channel, .. } => {
                self.note(&format!("    records the call, channel {channel}"));
            }
            MediaCommand::PauseRecord { paused, .. } => {
                self.note(if paused { "    the recording pauses" } else { "    the recording goes on" });
            }
            MediaCommand::Mix { room, .. } => self.note(&format!("    is in room {room}")),
            MediaCommand::Unmix { .. } => self.note("    is out of the room"),
            MediaCommand::StopRecord { session, .. } => self.end_recording(session, false),
            MediaCommand::Bridge { .. } => self.note("    two people hear each other"),
            MediaCommand::Unbridge { .. } => self.note("    they are parted"),
            MediaCommand::Listen { session, listening, .. } => {
                self.later(100, Due::Media(MediaEvent::ListenFailed { session, listening }));
            }
            MediaCommand::StopListening { .. }
            | MediaCommand::SetRemote { .. }
            | MediaCommand::SetProven { .. }
            | MediaCommand::Detect { .. } => {}
        }
    }

    fn end_recording(&mut self, session: SessionId, by_key: bool) {
        let Some(state) = self.media.get_mut(&session) else { return };
        let Some((recording, begun)) = state.recording.take() else { return };
        let millis = (self.micros - begun) / 1_000;
        let finished =
            MediaEvent::RecordingFinished { session, recording, millis, spoken: millis > 500, by_key };
        self.later(2_000, Due::Media(finished));
    }

    fn words(&self, items: &[SpeechItem]) -> String {
        let text = |index: u32| self.program.texts.get(index as usize).cloned().unwrap_or_default();
        let words = items.iter().map(|item| match item {
            SpeechItem::Text { text: index, .. } => text(*index),
            SpeechItem::Recording { words, .. } => text(*words),
            SpeechItem::Sound(name) => format!("[{}]", text(*name)),
            SpeechItem::Standard(name) => format!("[{name}]"),
            SpeechItem::Words { display, .. } => display.clone(),
            SpeechItem::Synthesise { text, .. } => text.clone(),
            SpeechItem::Silence(millis) => format!("[{millis} ms]"),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn transmit(&mut self, from: SocketAddr, to: SocketAddr, bytes: Vec<u8>) {
        let lost = (self.loses)(self.sequence);
        let first = String::from_utf8_lossy(&bytes).lines().next().unwrap_or_default().to_owned();
        let what = match first.strip_prefix("SIP/2.0 ") {
            Some(status) => status.to_owned(),
            None => first.split(' ').next().unwrap_or_default().to_owned(),
        };
        if self.show_packets {
            let lost = if lost { "  (lost)" } else { "" };
            self.note(&format!("{} -> {}  {what}{lost}", self.name(from), self.name(to)));
        }
        self.sequence += 1;
        if !lost {
            self.later(TRAVEL, Due::Packet { to, from, bytes });
        }
    }

    fn later(&mut self, micros: u64, due: Due) {
        self.sequence += 1;
        self.due.insert((self.micros + micros, self.sequence), due);
    }

    fn name(&self, at: SocketAddr) -> String {
        match self.phones.iter().find(|phone| phone.address == at) {
            Some(phone) => phone.name.to_owned(),
            None if at == address(NODE) => "node".to_owned(),
            None => at.to_string(),
        }
    }

    fn note(&mut self, text: &str) {
        let _ = writeln!(self.ladder, "{:>8.3}  {text}", (self.micros - 1_000_000) as f64 / 1e6);
    }

    fn now(&self) -> Now {
        Now { monotonic: self.micros, unix_millis: NOON + (self.micros / 1_000) as i64 - 1_000 }
    }
}

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}
