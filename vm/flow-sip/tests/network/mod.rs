//! A network in virtual time for the tests: endpoints and bare addresses joined by links that delay,
//! lose, repeat and reorder datagrams as a seed says, and a log of what went over them.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use flow_sip::{
    CallHandle, Config, EndCause, Endpoint, Event, Invite, Limits, Listener, NameAddr, Output, Protocol,
    Time, TransportId, Uri,
};

pub const UDP: TransportId = TransportId(0);
pub const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                         m=audio 4000 RTP/AVP 0\r\n";
pub const ANSWER: &str = "v=0\r\no=- 2 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n\
                          m=audio 5000 RTP/AVP 0\r\n";

/// What the links do to datagrams, in percent.
#[derive(Clone, Copy, Default)]
pub struct Weather {
    pub loss: u64,
    pub repeats: u64,
    /// The longest extra delay, in milliseconds.
    pub jitter: u64,
}

pub struct Node {
    pub name: &'static str,
    pub address: SocketAddr,
    pub endpoint: Endpoint,
    pub events: Vec<Event>,
}

/// A datagram on its way.
#[derive(Clone)]
pub struct Packet {
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub bytes: Vec<u8>,
}

impl Packet {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

type Rule = Box<dyn FnMut(&Packet) -> bool>;

pub struct Network {
    pub now: Time,
    pub nodes: Vec<Node>,
    pub log: String,
    /// What arrived at addresses without an endpoint.
    pub inbox: Vec<Packet>,
    pub weather: Weather,
    /// Datagrams that the rule says yes to are lost.
    pub lose: Option<Rule>,
    names: BTreeMap<SocketAddr, &'static str>,
    packets: BTreeMap<(Time, u64), Packet>,
    sequence: u64,
    chance: u64,
}

/// The time from one end of a link to the other.
const DELAY: Duration = Duration::from_millis(10);

impl Network {
    pub fn new(names: &[&'static str], seed: u64) -> Network {
        Network::with_limits(names, seed, Limits::default())
    }

    pub fn with_limits(names: &[&'static str], seed: u64, limits: Limits) -> Network {
        let mut network = Network {
            now: Time::ZERO,
            nodes: Vec::new(),
            log: String::new(),
            inbox: Vec::new(),
            weather: Weather::default(),
            lose: None,
            names: BTreeMap::new(),
            packets: BTreeMap::new(),
            sequence: 0,
            chance: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        };
        for (place, name) in names.iter().enumerate() {
            let address = format!("127.0.0.{}:5060", place + 1).parse().unwrap();
            let mut bytes = [u8::try_from(place).unwrap(); 32];
            bytes[..8].copy_from_slice(&seed.to_le_bytes());
            let endpoint = Endpoint::new(Config {
                listeners: vec![Listener { id: UDP, protocol: Protocol::Udp, address }],
                user_agent: None,
                seed: bytes,
                limits: limits.clone(),
            });
            network.names.insert(address, name);
            network.nodes.push(Node { name, address, endpoint, events: Vec::new() });
        }
        network
    }

    /// Gives an address without an endpoint a name in the log.
    pub fn stranger(&mut self, name: &'static str, address: &str) -> SocketAddr {
        let address = address.parse().unwrap();
        self.names.insert(address, name);
        address
    }

    pub fn random(&mut self, bound: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance % bound.max(1)
    }

    /// Does something with an endpoint and drains it.
    pub fn at<T>(&mut self, node: usize, action: impl FnOnce(&mut Endpoint, Time) -> T) -> T {
        let result = action(&mut self.nodes[node].endpoint, self.now);
        self.drain(node);
        result
    }

    /// Sends bytes from an address without an endpoint.
    pub fn send(&mut self, from: SocketAddr, to: usize, text: &str) {
        let to = self.nodes[to].address;
        self.post(Packet { from, to, bytes: text.as_bytes().to_vec() });
    }

    fn drain(&mut self, node: usize) {
        while let Some(output) = self.nodes[node].endpoint.poll() {
            match output {
                Output::Transmit { destination, bytes, .. } => {
                    let from = self.nodes[node].address;
                    self.post(Packet { from, to: destination, bytes: bytes.to_vec() });
                }
                Output::Event(event) => {
                    let line = format!("{}  {}: {}\n", clock(self.now), self.nodes[node].name, told(&event));
                    self.log.push_str(&line);
                    self.nodes[node].events.push(event);
                }
            }
        }
    }

    fn post(&mut self, packet: Packet) {
        let ruled = self.lose.as_mut().is_some_and(|lose| lose(&packet));
        let lost = ruled || self.weather.loss > 0 && self.random(100) < self.weather.loss;
        let name = |address| self.names.get(address).copied().unwrap_or("?");
        let line = format!(
            "{}  {} -> {}  {}{}\n",
            clock(self.now),
            name(&packet.from),
            name(&packet.to),
            summary(&packet.bytes),
            if lost { "  (lost)" } else { "" }
        );
        self.log.push_str(&line);
        if lost {
            return;
        }
        let copies = 1 + u64::from(self.weather.repeats > 0 && self.random(100) < self.weather.repeats);
        for _ in 0..copies {
            let jitter = if self.weather.jitter > 0 { self.random(self.weather.jitter) } else { 0 };
            self.sequence += 1;
            let at = self.now + DELAY + Duration::from_millis(jitter);
            self.packets.insert((at, self.sequence), packet.clone());
        }
    }

    /// Lets time pass, everything in its order.
    pub fn run(&mut self, duration: Duration) {
        let end = self.now + duration;
        while self.step(end) {}
        self.now = end;
    }

    pub fn run_ms(&mut self, milliseconds: u64) {
        self.run(Duration::from_millis(milliseconds));
    }

    /// The next thing that happens before `end`, if anything does.
    pub fn step(&mut self, end: Time) -> bool {
        let packet = self.packets.keys().next().map(|(time, _)| *time);
        let deadline = (0..self.nodes.len())
            .filter_map(|node| self.nodes[node].endpoint.next_deadline().map(|time| (time, node)))
            .min();
        let packet_first = packet.is_some_and(|at| deadline.is_none_or(|(time, _)| at <= time));
        let at = if packet_first { packet } else { deadline.map(|(time, _)| time) };
        let Some(at) = at.filter(|at| *at <= end) else { return false };
        self.now = self.now.max(at);
        if packet_first {
            let (_, packet) = self.packets.pop_first().unwrap();
            match self.nodes.iter().position(|node| node.address == packet.to) {
                Some(node) => {
                    self.at(node, |endpoint, now| {
                        endpoint.handle_datagram(now, UDP, packet.from, &packet.bytes);
                    });
                }
                None => self.inbox.push(packet),
            }
        } else if let Some((_, node)) = deadline {
            self.at(node, |endpoint, now| endpoint.handle_deadline(now));
        }
        true
    }

    /// The first call between two nodes: the INVITE has arrived.
    pub fn call(&mut self, from: usize, to: usize) -> (CallHandle, CallHandle) {
        let invite = self.invite(from, self.nodes[to].address, Some(OFFER));
        let caller = self.at(from, |endpoint, now| endpoint.invite(now, invite));
        self.run_ms(10);
        (caller, self.incoming(to))
    }

    /// A call that has been answered and acknowledged.
    pub fn established(&mut self, from: usize, to: usize) -> (CallHandle, CallHandle) {
        let (caller, callee) = self.call(from, to);
        self.at(to, |endpoint, now| endpoint.accept(now, callee, ANSWER.as_bytes()));
        self.run_ms(50);
        (caller, callee)
    }

    pub fn invite(&self, from: usize, destination: SocketAddr, sdp: Option<&str>) -> Invite {
        let to = Uri::sip(Some("bob"), destination);
        Invite {
            transport: UDP,
            destination,
            request_uri: to.clone(),
            from: NameAddr::with_display("Alice", Uri::sip(Some("alice"), self.nodes[from].address)),
            to: NameAddr::new(to),
            sdp: sdp.map(|sdp| sdp.as_bytes().to_vec()),
            headers: Vec::new(),
        }
    }

    /// The last call that came in at a node.
    pub fn incoming(&self, node: usize) -> CallHandle {
        let incoming = self.nodes[node].events.iter().rev().find_map(|event| match event {
            Event::Incoming { call, .. } => Some(*call),
            _ => None,
        });
        incoming.expect("no call came in")
    }

    /// How the calls of a node ended, in order.
    pub fn ends(&self, node: usize) -> Vec<EndCause> {
        let cause = |event: &Event| match event {
            Event::Ended { cause, .. } => Some(cause.clone()),
            _ => None,
        };
        self.nodes[node].events.iter().filter_map(cause).collect()
    }

    /// Waits until every transaction has had its time, and checks that nothing is left anywhere.
    pub fn settle(&mut self) {
        let logged = self.log.len();
        self.run(Duration::from_secs(140));
        for node in &self.nodes {
            assert!(node.endpoint.is_idle(), "{} has something left:\n{}", node.name, self.log);
            assert_eq!(node.endpoint.next_deadline(), None);
        }
        let rest = self.log.split_off(logged);
        assert!(rest.is_empty(), "something happened after the ladder:\n{rest}");
    }
}

fn clock(time: Time) -> String {
    format!("{:>6}.{:03}", time.0 / 1_000_000, time.0 / 1_000 % 1_000)
}

/// One line for a message: its first line without the URI, CSeq where it is not plain, and its body.
fn summary(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let first = text.lines().find(|line| !line.is_empty()).unwrap_or("");
    let body = text.split_once("\r\n\r\n").is_some_and(|(_, body)| !body.is_empty());
    let cseq = text.lines().find_map(|line| line.strip_prefix("CSeq: ")).unwrap_or("?");
    let what = match first.strip_prefix("SIP/2.0 ") {
        Some(status) => format!("{status} ({cseq})"),
        None => {
            format!("{} ({})", first.split(' ').next().unwrap_or(""), cseq.split(' ').next().unwrap_or(""))
        }
    };
    if body { format!("{what} with body") } else { what }
}

fn told(event: &Event) -> String {
    let with = |sdp: &Option<Vec<u8>>| if sdp.is_some() { " with sdp" } else { "" };
    match event {
        Event::Incoming { request, .. } => format!("Incoming{}", with(&request.offer)),
        Event::Progress { code, sdp, .. } => format!("Progress {code}{}", with(sdp)),
        Event::Answered { sdp, .. } => format!("Answered{}", with(sdp)),
        Event::Acknowledged { .. } => "Acknowledged".into(),
        Event::Offer { sdp, .. } => format!("Offer{}", with(sdp)),
        Event::OfferWithdrawn { .. } => "OfferWithdrawn".into(),
        Event::AnswerReceived { sdp, .. } => format!("AnswerReceived{}", with(sdp)),
        Event::OfferRefused { code, .. } => format!("OfferRefused {code}"),
        Event::ReferAnswered { code, .. } => format!("ReferAnswered {code}"),
        Event::ReferProgress { code, .. } => format!("ReferProgress {code}"),
        Event::Info { content_type, .. } => format!("Info {content_type}"),
        Event::Ended { cause, .. } => format!("Ended {cause:?}"),
    }
}
