//! One media thread: its loop, its legs, and the turn that each of them gets.
//!
//! A pass of the loop does the orders, then what is due, then what arrived. Each part is bounded, and so is what
//! one socket may take of it: a flood on one port costs its own packets, not the phase of another call.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flow_media::{
    Channel, Command, Event, MAX_PACKET, MediaEvent, OpenError, Session, SessionConfig, SessionId, Speech,
    StreamStart, Time, Transmit,
};
use mio::{Events, Interest, Poll, Token};
use slab::Slab;

use super::deadlines::Deadlines;
use super::ports::PortPool;
use super::recording::Recordings;
use super::rooms::Rooms;
use super::sockets::Pair;
use super::{EventSink, MediaConfig, SpeechPipe};

/// The token of the waker; the sockets of leg `k` have `2k` and `2k + 1`.
pub(super) const WAKE: Token = Token(usize::MAX);
/// Orders that one pass does.
const ORDERS: usize = 1_024;
/// Legs that are due, and get their turn, in one pass.
const DUE: usize = 1_024;
/// Datagrams that one socket may deliver in one pass.
const DATAGRAMS: usize = 16;
/// Sockets that may deliver in one pass.
const SOCKETS: usize = 256;

/// What a media thread is told.
pub(super) enum Order {
    /// By the driver.
    Command(Command),
    /// To listen to one utterance of a session, of this name.
    Listen(SessionId, u32, SpeechPipe),
    /// To listen to it no longer.
    StopListening(SessionId, u32),
    /// To close everything and end.
    Shutdown,
}

struct Leg {
    name: SessionId,
    session: Session,
    pair: Pair,
    /// The other side of the bridge.
    bridged: Option<usize>,
    /// The instant of its living entry among the deadlines.
    armed: Option<Time>,
    /// Whether its RTP and its RTCP socket wait in the backlog.
    waiting: [bool; 2],
    /// Whether it ever recorded: then its last event goes behind that of the recording.
    recorded: bool,
    /// The conference room that it is in.
    room: Option<u32>,
    /// The utterance that is listened for, and where it goes.
    listening: Option<(u32, SpeechPipe)>,
}

pub(super) struct Worker {
    poll: Poll,
    orders: Receiver<Order>,
    sink: EventSink,
    host: IpAddr,
    config: SessionConfig,
    ports: Arc<Mutex<PortPool>>,
    recordings: Recordings,
    rooms: Rooms,
    /// What a member of a room has just said.
    said: Vec<i16>,
    spares: VecDeque<Pair>,
    spare_target: usize,
    legs: Slab<Leg>,
    names: HashMap<SessionId, usize>,
    deadlines: Deadlines,
    /// Tokens of sockets that may have more to read.
    backlog: VecDeque<usize>,
    epoch: Instant,
    chance: RandomState,
    drawn: u64,
    incoming: Box<[u8; MAX_PACKET]>,
    outgoing: Box<[u8; MAX_PACKET]>,
}

impl Worker {
    pub(super) fn new(
        poll: Poll,
        orders: Receiver<Order>,
        sink: EventSink,
        config: &MediaConfig,
        ports: Arc<Mutex<PortPool>>,
        spare: usize,
        (recordings, rooms, epoch): (Recordings, Rooms, Instant),
    ) -> Worker {
        Worker {
            poll,
            orders,
            sink,
            host: config.bind,
            config: config.session,
            ports,
            recordings,
            rooms,
            said: Vec::new(),
            spares: VecDeque::new(),
            spare_target: spare,
            legs: Slab::new(),
            names: HashMap::new(),
            deadlines: Deadlines::default(),
            backlog: VecDeque::new(),
            epoch,
            chance: RandomState::new(),
            drawn: 0,
            incoming: Box::new([0; MAX_PACKET]),
            outgoing: Box::new([0; MAX_PACKET]),
        }
    }

    fn now(&self) -> Time {
        Time::default() + self.epoch.elapsed()
    }

    /// Runs until it is told to end.
    pub(super) fn run(&mut self) {
        let mut events = Events::with_capacity(1_024);
        let mut busy = false;
        loop {
            let wait = if busy || !self.backlog.is_empty() { Some(Duration::ZERO) } else { self.wait() };
            if let Err(error) = self.poll.poll(&mut events, wait)
                && error.kind() != std::io::ErrorKind::Interrupted
            {
                // Nothing that a media thread does makes its own poll fail; without it there is no media.
                self.close_all();
                return;
            }
            for event in &events {
                if event.token() != WAKE {
                    self.queue(event.token().0);
                }
            }
            match self.do_orders() {
                Some(more) => busy = more,
                None => {
                    self.close_all();
                    return;
                }
            }
            busy |= self.do_due();
            self.read_backlog();
            busy |= self.refill_spares();
        }
    }

    fn wait(&self) -> Option<Duration> {
        self.deadlines.next().map(|next| next.since(self.now()))
    }

    /// Puts a socket that has something to read into the backlog, once.
    fn queue(&mut self, token: usize) {
        if let Some(leg) = self.legs.get_mut(token / 2)
            && !std::mem::replace(&mut leg.waiting[token % 2], true)
        {
            self.backlog.push_back(token);
        }
    }

    /// Does the orders that wait. Says whether there may be more; nothing if the thread has to end.
    fn do_orders(&mut self) -> Option<bool> {
        for _ in 0..ORDERS {
            match self.orders.try_recv() {
                Ok(Order::Command(command)) => {
                    let key = self.names.get(&command.session()).copied().unwrap_or(usize::MAX);
                    self.guarded(key, |worker| worker.command(command));
                }
                Ok(Order::Listen(session, listening, pipe)) => {
                    let now = self.now();
                    if let Some(leg) = self.leg(session) {
                        leg.listening = Some((listening, pipe));
                        leg.session.listen(now);
                    }
                }
                Ok(Order::StopListening(session, listening)) => {
                    if let Some(leg) = self.leg(session)
                        && leg.listening.take_if(|(current, _)| *current == listening).is_some()
                    {
                        leg.session.stop_listening();
                    }
                }
                Ok(Order::Shutdown) => return None,
                Err(std::sync::mpsc::TryRecvError::Empty) => return Some(false),
                Err(std::sync::mpsc::TryRecvError::Disconnected) => return None,
            }
        }
        Some(true)
    }

    fn leg(&mut self, session: SessionId) -> Option<&mut Leg> {
        self.names.get(&session).and_then(|key| self.legs.get_mut(*key))
    }

    fn command(&mut self, command: Command) {
        let now = self.now();
        let name = command.session();
        if let Command::Open { session, .. } = command {
            return self.open(session, now);
        }
        let Some(&key) = self.names.get(&name) else { return };
        let leg = &mut self.legs[key];
        match command {
            Command::Open { .. } => {}
            Command::SetRemote { remote, .. } => leg.session.set_remote(remote, now),
            Command::SetProven { .. } => leg.session.set_proven(),
            Command::Play { id, playlist, barge_in, from, .. } => {
                leg.session.play_from(id, playlist, barge_in, from, now);
            }
            Command::Stop { id, .. } => leg.session.stop(id),
            Command::Bridge { b, .. } => {
                if let Some(&other) = self.names.get(&b).filter(|&&other| other != key) {
                    self.unbridge(key);
                    self.unbridge(other);
                    self.legs[key].bridged = Some(other);
                    self.legs[other].bridged = Some(key);
                }
            }
            Command::Unbridge { .. } => self.unbridge(key),
            Command::Record { id, path, limits, .. } => {
                leg.recorded = true;
                leg.session.record(id, limits, now);
                // What the recording before it still has to say goes first.
                self.serve(key, now);
                self.recordings.begin(name, id, path);
            }
            Command::RecordCall { id, path, channel, .. } => {
                leg.recorded = true;
                leg.session.tap(id, now);
                self.serve(key, now);
                self.recordings.begin_channel(name, id, path, channel);
            }
            Command::PauseRecord { id, paused, .. } => leg.session.pause_tap(id, paused),
            Command::Mix { room, .. } => {
                self.leave_room(key);
                let leg = &mut self.legs[key];
                leg.room = Some(room);
                leg.session.listen_to_mixer(true, now);
                self.rooms.join(room, name);
            }
            Command::Unmix { .. } => {
                self.leave_room(key);
                self.legs[key].session.listen_to_mixer(false, now);
            }
            Command::Detect { .. } => leg.session.detect(),
            Command::StopRecord { id, .. } => leg.session.stop_record(id, now),
            Command::SendDigits { digits, .. } => leg.session.send_digits(&digits, now),
            Command::Close { .. } => return self.close(key, now),
        }
        self.serve(key, now);
    }

    fn unbridge(&mut self, key: usize) {
        if let Some(other) = self.legs.get_mut(key).and_then(|leg| leg.bridged.take())
            && let Some(other) = self.legs.get_mut(other)
        {
            other.bridged = None;
        }
    }

    fn leave_room(&mut self, key: usize) {
        if let Some(leg) = self.legs.get_mut(key)
            && let Some(room) = leg.room.take()
        {
            self.rooms.leave(room, leg.name);
        }
    }

    fn open(&mut self, name: SessionId, now: Time) {
        if self.names.contains_key(&name) {
            return;
        }
        match self.open_leg(name, now) {
            Ok(port) => (self.sink)(MediaEvent::Opened { session: name, port }),
            Err(error) => (self.sink)(MediaEvent::OpenFailed { session: name, error }),
        }
    }

    fn open_leg(&mut self, name: SessionId, now: Time) -> Result<u16, OpenError> {
        let mut pair = match self.spares.pop_front() {
            Some(pair) => pair,
            None => Pair::open(self.host, &self.ports)?,
        };
        let entry = self.legs.vacant_entry();
        let key = entry.key();
        let registry = self.poll.registry();
        registry
            .register(&mut pair.rtp, Token(2 * key), Interest::READABLE)
            .and_then(|()| registry.register(&mut pair.rtcp, Token(2 * key + 1), Interest::READABLE))
            .map_err(|error| OpenError::Socket(error.to_string()))?;
        self.drawn += 1;
        let draw = self.chance.hash_one((self.drawn, name));
        let more = self.chance.hash_one((draw, self.drawn));
        let start = StreamStart { ssrc: draw as u32, sequence: (draw >> 32) as u16, timestamp: more as u32 };
        let port = pair.port;
        entry.insert(Leg {
            name,
            session: Session::new(self.config, start, now),
            pair,
            bridged: None,
            armed: None,
            waiting: [false; 2],
            recorded: false,
            room: None,
            listening: None,
        });
        self.names.insert(name, key);
        Ok(port)
    }

    /// Gives their turn to the legs that are due. Says whether some are left.
    fn do_due(&mut self) -> bool {
        let now = self.now();
        for _ in 0..DUE {
            let Some((due, key)) = self.deadlines.pop(now) else { return false };
            if let Some(leg) = self.legs.get_mut(key).filter(|leg| leg.armed == Some(due)) {
                leg.armed = None;
                self.guarded(key, |worker| worker.serve(key, now));
            }
        }
        true
    }

    /// Gives a leg its turn. A panic in it is a defect of ours that ends this leg and no other: it is dropped as it
    /// is, and reported closed.
    fn guarded<T>(&mut self, key: usize, turn: impl FnOnce(&mut Worker) -> T) -> Option<T> {
        let result = catch_unwind(AssertUnwindSafe(|| turn(self))).ok();
        if result.is_none() {
            self.unbridge(key);
            self.leave_room(key);
            if let Some(leg) = self.legs.try_remove(key) {
                self.drop_leg(leg);
            }
        }
        result
    }

    /// A leg's turn: everything that it has to send, hand over and say.
    fn serve(&mut self, key: usize, now: Time) {
        let leg = &mut self.legs[key];
        while let Some(transmit) = leg.session.poll_transmit(now, &mut self.outgoing[..]) {
            send(&leg.pair, &transmit, &self.outgoing[..]);
        }
        while let Some(room) = leg.room
            && let Some(at) = leg.session.mix_due(now)
        {
            let heard = self.rooms.take(room, leg.name, at);
            if let Some(transmit) = leg.session.send_mixed(&heard, &mut self.outgoing[..]) {
                send(&leg.pair, &transmit, &self.outgoing[..]);
            }
        }
        hand_over_speech(leg);
        tell(leg, &self.recordings, &self.sink);
        self.deadlines.arm(key, &mut leg.armed, leg.session.next_deadline());
    }

    /// Reads what arrived, a little of each socket, in the order in which they spoke up.
    fn read_backlog(&mut self) {
        for _ in 0..self.backlog.len().min(SOCKETS) {
            let Some(token) = self.backlog.pop_front() else { return };
            let Some(leg) = self.legs.get_mut(token / 2) else { continue };
            leg.waiting[token % 2] = false;
            if self.guarded(token / 2, |worker| worker.read(token)) == Some(true) {
                self.queue(token);
            }
        }
    }

    /// Reads one socket. Says whether there may be more.
    fn read(&mut self, token: usize) -> bool {
        let now = self.now();
        let key = token / 2;
        let mut more = true;
        for _ in 0..DATAGRAMS {
            let leg = &mut self.legs[key];
            let socket = if token.is_multiple_of(2) { &leg.pair.rtp } else { &leg.pair.rtcp };
            let (len, from) = match socket.recv_from(&mut self.incoming[..]) {
                Ok(received) => received,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    more = false;
                    break;
                }
                // An ICMP error of an earlier packet: nobody hears us there, which the media time-out tells.
                Err(_) => continue,
            };
            let datagram = &self.incoming[..len];
            if token % 2 == 1 {
                leg.session.receive_rtcp(from, datagram, now);
                continue;
            }
            let Some(forward) = leg.session.receive_rtp(from, datagram, now) else { continue };
            if let Some(room) = leg.room {
                self.said.clear();
                if forward.decode(&mut self.said) {
                    self.rooms.put(room, leg.name, forward.timestamp(), &self.said, now);
                }
                continue;
            }
            let Some(other) = leg.bridged.and_then(|other| self.legs.get_mut(other)) else { continue };
            if let Some(transmit) = other.session.forward(&forward, now, &mut self.outgoing[..]) {
                send(&other.pair, &transmit, &self.outgoing[..]);
            }
        }
        self.serve(key, now);
        more
    }

    /// Opens one more pair of sockets ahead of need. Says whether more are wanted.
    fn refill_spares(&mut self) -> bool {
        if self.spares.len() >= self.spare_target {
            return false;
        }
        let Ok(pair) = Pair::open(self.host, &self.ports) else { return false };
        self.spares.push_back(pair);
        self.spares.len() < self.spare_target
    }

    fn close(&mut self, key: usize, now: Time) {
        self.unbridge(key);
        self.leave_room(key);
        let Some(mut leg) = self.legs.try_remove(key) else { return };
        if let Some(transmit) = leg.session.close(now, &mut self.outgoing[..]) {
            send(&leg.pair, &transmit, &self.outgoing[..]);
        }
        tell(&mut leg, &self.recordings, &self.sink);
        self.drop_leg(leg);
    }

    /// The end of a leg: its sockets go, and its last event.
    fn drop_leg(&mut self, mut leg: Leg) {
        self.names.remove(&leg.name);
        let _ = self.poll.registry().deregister(&mut leg.pair.rtp);
        let _ = self.poll.registry().deregister(&mut leg.pair.rtcp);
        let closed = MediaEvent::Closed { session: leg.name, stats: Box::new(leg.session.stats()) };
        if leg.recorded {
            self.recordings.report(closed);
        } else {
            (self.sink)(closed);
        }
    }

    fn close_all(&mut self) {
        let now = self.now();
        let keys: Vec<usize> = self.legs.iter().map(|(key, _)| key).collect();
        for key in keys {
            self.close(key, now);
        }
    }
}

/// Sends a packet. One that the system does not take is lost, as any packet may be.
fn send(pair: &Pair, transmit: &Transmit, buffer: &[u8]) {
    let socket = match transmit.channel {
        Channel::Rtp => &pair.rtp,
        Channel::Rtcp => &pair.rtcp,
    };
    let _ = socket.send_to(&buffer[..transmit.len], transmit.to);
}

/// Hands over what a leg's peer said, if it is listened to.
fn hand_over_speech(leg: &mut Leg) {
    let Some((_, pipe)) = &leg.listening else { return };
    let speech = leg.session.take_speech(|samples| pipe.hear(samples));
    if speech == Some(Speech::Over)
        && let Some((_, pipe)) = leg.listening.take()
    {
        pipe.over();
    }
}

/// Hands over what a leg recorded and reports what happened to it.
fn tell(leg: &mut Leg, recordings: &Recordings, sink: &EventSink) {
    while let Some((id, samples)) = leg.session.poll_recorded() {
        recordings.samples(leg.name, id, samples);
    }
    while let Some(event) = leg.session.poll_event() {
        match event {
            Event::RecordingFinished { id, .. } => recordings.end(leg.name, id, event),
            event => sink(MediaEvent::Session { session: leg.name, event }),
        }
    }
}
