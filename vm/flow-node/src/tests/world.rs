//! A node's connections, some phones, and the network between them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;

use flow_sip::{
    CallHandle, Codec, Direction, Endpoint, Event, Invite, Listener, LocalMedia, MediaSession, NameAddr,
    Protocol, Time, TransportId, Uri,
};
use flow_switch::boundary::{Input, LegId, Now, Output as Order};

use crate::boundary::{MediaCommand, MediaEvent, Output, ResolveId};
use crate::config::Config;
use crate::connections::{Connections, Happening};

/// How long a packet travels, in microseconds.
const TRAVEL: u64 = 1_000;

/// Where the node listens.
pub(super) const NODE: &str = "127.0.0.1:5060";

/// A phone: an endpoint, and what its user has seen.
pub(super) struct Phone {
    name: &'static str,
    address: SocketAddr,
    pub(super) endpoint: Endpoint,
    pub(super) session: MediaSession,
    pub(super) call: Option<CallHandle>,
    pub(super) offered: Option<Vec<u8>>,
    /// Whether an INVITE is answered at once.
    pub(super) answers: bool,
    /// Whether it hears nothing any more.
    pub(super) dead: bool,
}

/// Everything.
pub(super) struct World {
    pub(super) micros: u64,
    pub(super) node: Connections,
    pub(super) phones: Vec<Phone>,
    /// Packets under way: when, for whom, from whom.
    wire: BTreeMap<(u64, u64), (SocketAddr, SocketAddr, Vec<u8>)>,
    sent: u64,
    /// Each packet is lost when this says so.
    pub(super) loses: Box<dyn FnMut(u64) -> bool>,
    pub(super) ladder: String,
    /// The legs of calls that came in, in order.
    pub(super) legs: Vec<LegId>,
    next_port: u16,
    pub(super) ports_open: usize,
    /// Whether the media threads have a port to give.
    pub(super) ports_left: bool,
}

impl World {
    pub(super) fn new() -> World {
        let config = Config::new(vec![listener(NODE)], [1; 32]);
        World {
            micros: 1_000_000,
            node: Connections::new(&config),
            phones: Vec::new(),
            wire: BTreeMap::new(),
            sent: 0,
            loses: Box::new(|_| false),
            ladder: String::new(),
            legs: Vec::new(),
            next_port: 20_000,
            ports_open: 0,
            ports_left: true,
        }
    }

    /// Adds a phone and gives its place.
    pub(super) fn phone(&mut self, name: &'static str, address: &str) -> usize {
        let at: SocketAddr = address.parse().unwrap();
        let seed = [self.phones.len() as u8 + 2; 32];
        let endpoint = Endpoint::new(flow_sip::Config {
            listeners: vec![listener(address)],
            user_agent: None,
            seed,
            limits: flow_sip::Limits::default(),
        });
        let session = session(SocketAddr::new(at.ip(), 4_000), vec![Codec::Pcma, Codec::Pcmu]);
        self.phones.push(Phone {
            name,
            address: at,
            endpoint,
            session,
            call: None,
            offered: None,
            answers: false,
            dead: false,
        });
        self.phones.len() - 1
    }

    /// A phone calls the node.
    pub(super) fn call(&mut self, phone: usize, user: &str, with_offer: bool) {
        let target: Uri = format!("sip:{user}@{NODE}").parse().unwrap();
        let now = Time(self.micros);
        let phone = &mut self.phones[phone];
        let from = Uri::sip(Some("+15550123"), phone.address);
        let sdp = with_offer.then(|| phone.session.offer(Direction::SendRecv));
        let call = phone.endpoint.invite(
            now,
            Invite {
                transport: TransportId(0),
                destination: NODE.parse().unwrap(),
                to: NameAddr::new(target.clone()),
                request_uri: target,
                from: NameAddr::with_display("Ada", from),
                sdp,
                headers: Vec::new(),
            },
        );
        phone.call = Some(call);
        self.settle();
    }

    /// The user of a phone does something.
    pub(super) fn on_phone(&mut self, phone: usize, act: impl FnOnce(&mut Endpoint, Time, CallHandle)) {
        let now = Time(self.micros);
        let phone = &mut self.phones[phone];
        let call = phone.call.expect("the phone has a call");
        act(&mut phone.endpoint, now, call);
        self.settle();
    }

    /// The user of a phone offers another direction.
    pub(super) fn reinvite(&mut self, phone: usize, direction: Direction) {
        let sdp = self.phones[phone].session.offer(direction);
        self.on_phone(phone, |endpoint, now, call| endpoint.reinvite(now, call, &sdp));
    }

    /// The switch orders.
    pub(super) fn order(&mut self, order: Order) {
        let now = self.now();
        assert!(self.node.order(now, order).is_none(), "an order about legs is carried out");
        self.settle();
    }

    pub(super) fn media(&mut self, event: MediaEvent) {
        let now = self.now();
        self.node.media(now, event);
        self.settle();
    }

    pub(super) fn resolved(&mut self, question: u64, address: Option<&str>) {
        let now = self.now();
        self.node.resolved(now, ResolveId(question), address.map(|text| text.parse().unwrap()));
        self.settle();
    }

    pub(super) fn datagram(&mut self, source: &str, bytes: &[u8]) {
        let now = self.now();
        self.node.datagram(now, TransportId(0), source.parse().unwrap(), bytes);
        self.settle();
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, duration: Duration) {
        let end = self.micros + duration.as_micros() as u64;
        loop {
            let packet = self.wire.keys().next().map(|(at, _)| *at);
            let phones =
                self.phones.iter().filter_map(|phone| phone.endpoint.next_deadline().map(|time| time.0));
            let due = phones.chain(self.node.next_deadline()).chain(packet).min();
            let Some(due) = due.filter(|due| *due <= end) else { break };
            self.micros = self.micros.max(due);
            if packet == Some(due) {
                let ((_, _), (to, from, bytes)) = self.wire.pop_first().unwrap();
                self.deliver(to, from, &bytes);
            } else {
                let now = self.now();
                if self.node.next_deadline().is_some_and(|at| at <= self.micros) {
                    self.node.deadline(now);
                }
                for phone in &mut self.phones {
                    if phone.endpoint.next_deadline().is_some_and(|at| at.0 <= self.micros) {
                        phone.endpoint.handle_deadline(Time(self.micros));
                    }
                }
            }
            self.settle();
        }
        self.micros = end;
    }

    pub(super) fn pass_millis(&mut self, millis: u64) {
        self.pass(Duration::from_millis(millis));
    }

    fn deliver(&mut self, to: SocketAddr, from: SocketAddr, bytes: &[u8]) {
        if to == NODE.parse().unwrap() {
            let now = self.now();
            self.node.datagram(now, TransportId(0), from, bytes);
        } else if let Some(phone) = self.phones.iter_mut().find(|phone| phone.address == to && !phone.dead) {
            phone.endpoint.handle_datagram(Time(self.micros), TransportId(0), from, bytes);
        }
    }

    fn settle(&mut self) {
        loop {
            let mut quiet = true;
            while let Some(happening) = self.node.poll() {
                quiet = false;
                self.happened(happening);
            }
            for index in 0..self.phones.len() {
                while let Some(output) = self.phones[index].endpoint.poll() {
                    quiet = false;
                    self.phone_output(index, output);
                }
            }
            if quiet {
                return;
            }
        }
    }

    fn happened(&mut self, happening: Happening) {
        let now = self.now();
        match happening {
            Happening::Output(Output::Transmit { destination, bytes, .. }) => {
                self.transmit(NODE.parse().unwrap(), destination, &bytes);
            }
            Happening::Output(Output::Media(command)) => self.media_command(command),
            Happening::Output(other) => self.note(&format!("{other:?}")),
            Happening::Switch(input) => {
                let told = told(&input);
                self.note(&format!("the switch hears {told}"));
            }
            Happening::Incoming(call, request) => match self.node.assess(&request) {
                Err(error) => self.node.refuse(now, call, error.status()),
                Ok(prospect) => {
                    let leg = LegId { slot: self.legs.len() as u32, generation: 7 };
                    self.note(&format!(
                        "the switch hears of a call to {}, keys {}",
                        request.request_uri.user(),
                        if prospect.keys_can_arrive { "can come" } else { "cannot come" }
                    ));
                    self.legs.push(leg);
                    self.node.adopt(leg, call, *request);
                }
            },
        }
    }

    fn media_command(&mut self, command: MediaCommand) {
        let now = self.now();
        match command {
            MediaCommand::Open { session, .. } => {
                let event = if self.ports_left {
                    self.ports_open += 1;
                    self.next_port += 2;
                    MediaEvent::Opened { session, port: self.next_port }
                } else {
                    MediaEvent::OpenFailed { session, reason: "every RTP port is in use".into() }
                };
                self.node.media(now, event);
            }
            MediaCommand::Close { session } => {
                self.ports_open -= 1;
                self.note("media: close");
                self.node.media(now, MediaEvent::Closed { session });
            }
            MediaCommand::SetRemote { remote, .. } => self.note(&format!(
                "media: to {} {:?} {:?}{}",
                remote.negotiated.remote,
                remote.negotiated.codec,
                remote.negotiated.direction,
                if remote.proven { "" } else { ", unproven" }
            )),
            MediaCommand::Play { play, .. } => self.note(&format!("media: play {}", play.0)),
            MediaCommand::Stop { play, .. } => self.note(&format!("media: stop {}", play.0)),
            MediaCommand::Bridge { .. } => self.note("media: bridge"),
            MediaCommand::Unbridge { .. } => self.note("media: unbridge"),
            MediaCommand::SetProven { .. } => self.note("media: proven"),
            MediaCommand::Record { name, .. } => self.note(&format!("media: record {name}")),
            MediaCommand::RecordCall { name, channel, .. } => {
                self.note(&format!("media: record the call into {name}, channel {channel}"));
            }
            MediaCommand::PauseRecord { paused, .. } => {
                self.note(&format!("media: recording paused {paused}"))
            }
            MediaCommand::Mix { room, .. } => self.note(&format!("media: into room {room}")),
            MediaCommand::Unmix { .. } => self.note("media: out of the room"),
            MediaCommand::Listen { language, .. } => self.note(&format!("media: listen in {language}")),
            MediaCommand::StopListening { .. } => self.note("media: listen no longer"),
            MediaCommand::Detect { .. } => self.note("media: who picked up?"),
            MediaCommand::StopRecord { .. } => self.note("media: stop recording"),
        }
    }

    fn phone_output(&mut self, index: usize, output: flow_sip::Output) {
        let now = Time(self.micros);
        let phone = &mut self.phones[index];
        match output {
            flow_sip::Output::Transmit { destination, bytes, .. } => {
                let (from, dead) = (phone.address, phone.dead);
                if !dead {
                    self.transmit(from, destination, &bytes);
                }
            }
            flow_sip::Output::Event(Event::Incoming { call, request }) => {
                phone.call = Some(call);
                phone.offered = request.offer;
                phone.endpoint.ring(now, call, 180, None);
                if phone.answers {
                    self.pick_up(index);
                }
            }
            flow_sip::Output::Event(Event::Answered { call, sdp: Some(sdp) }) => {
                if phone.session.receive_answer(&sdp).is_err()
                    && let Ok(answer) = phone.session.answer(&sdp, Direction::SendRecv)
                {
                    phone.endpoint.answer_offer(now, call, &answer.sdp);
                }
            }
            flow_sip::Output::Event(Event::AnswerReceived { sdp: Some(sdp), .. }) => {
                let _ = phone.session.receive_answer(&sdp);
            }
            flow_sip::Output::Event(Event::Ended { cause, .. }) => {
                phone.call = None;
                let line = format!("{} hears {cause:?}", phone.name);
                self.note(&line);
            }
            flow_sip::Output::Event(_) => {}
        }
    }

    /// The user of a ringing phone answers.
    pub(super) fn pick_up(&mut self, index: usize) {
        let now = Time(self.micros);
        let phone = &mut self.phones[index];
        let offer = phone.offered.take().expect("an offer came");
        let answer = phone.session.answer(&offer, Direction::SendRecv).expect("it can be answered");
        phone.endpoint.accept(now, phone.call.expect("a call"), &answer.sdp);
        self.settle();
    }

    fn transmit(&mut self, from: SocketAddr, to: SocketAddr, bytes: &[u8]) {
        self.sent += 1;
        let lost = (self.loses)(self.sent);
        let first = String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().to_owned();
        let what = match first.strip_prefix("SIP/2.0 ") {
            Some(status) => status.to_owned(),
            None => first.split(' ').next().unwrap_or_default().to_owned(),
        };
        let line =
            format!("{} -> {}  {what}{}", self.name(from), self.name(to), if lost { "  (lost)" } else { "" });
        self.note(&line);
        if !lost {
            self.wire.insert((self.micros + TRAVEL, self.sent), (to, from, bytes.to_vec()));
        }
    }

    fn name(&self, address: SocketAddr) -> String {
        let phone = self.phones.iter().find(|phone| phone.address == address);
        phone.map_or_else(
            || if address.to_string() == NODE { "node".to_owned() } else { address.to_string() },
            |phone| phone.name.to_owned(),
        )
    }

    pub(super) fn note(&mut self, text: &str) {
        let _ = writeln!(self.ladder, "{:>8.3}  {text}", (self.micros - 1_000_000) as f64 / 1e6);
    }

    pub(super) fn now(&self) -> Now {
        Now { monotonic: self.micros, unix_millis: 1_772_539_200_000 + (self.micros / 1_000) as i64 }
    }

    /// Nothing is left: no leg, no port, no transaction.
    #[track_caller]
    pub(super) fn assert_nothing_is_left(&mut self) {
        // Time enough for every transaction to be forgotten (timers H and J, 32 seconds).
        self.pass(Duration::from_secs(70));
        assert_eq!(self.ports_open, 0, "open ports:\n{}", self.ladder);
        assert!(self.node.is_idle(), "something is left:\n{}", self.ladder);
    }
}

fn told(input: &Input) -> String {
    let text = format!("{input:?}");
    // Ids are of no interest to a reader.
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("LegId {") {
        out.push_str(&rest[..at]);
        let slot = rest[at..].split("slot: ").nth(1).and_then(|part| part.split(',').next()).unwrap_or("?");
        let _ = write!(out, "leg {slot}");
        rest = &rest[at + rest[at..].find('}').unwrap_or(0) + 1..];
    }
    out + rest
}

fn listener(address: &str) -> Listener {
    Listener { id: TransportId(0), protocol: Protocol::Udp, address: address.parse().unwrap() }
}

pub(super) fn session(address: SocketAddr, codecs: Vec<Codec>) -> MediaSession {
    MediaSession::new(LocalMedia { address, codecs, telephone_event: true, ptime: 20, session_id: 1 })
}
