//! Legs of the switch as SIP calls and media sessions: orders in, what became of them out.
//!
//! Knows nothing of flows, queues and programs. `incoming` serves those who call us, `outgoing` those whom
//! we call, `streams` everything that is audio.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::SocketAddr;

use flow_sip::{CallHandle, EndCause, Endpoint, Event, IncomingInvite, Listener, Time, TransportId, Uri};
use flow_switch::boundary::{self as switch, LegId, Now};

use crate::boundary::{MediaCommand, Output, ResolveId, SessionId};
use crate::config::{Config, RETRY_AFTER};
use crate::failure;
use crate::info;
use crate::leg::{KeyWay, Leg, Legs, Referred, Stage};

/// All legs of a node.
pub(crate) struct Connections {
    pub(crate) endpoint: Endpoint,
    pub(crate) listeners: Vec<Listener>,
    pub(crate) codecs: Vec<flow_sip::Codec>,
    /// Where telephone numbers are called.
    pub(crate) trunk: Option<Uri>,
    pub(crate) legs: Legs,
    pub(crate) by_handle: HashMap<CallHandle, LegId>,
    pub(crate) resolving: HashMap<ResolveId, LegId>,
    pub(crate) next_resolve: u64,
    next_shard: u32,
    /// Media sessions that were opened and are not closed yet.
    pub(crate) sessions: BTreeSet<SessionId>,
    happenings: VecDeque<Happening>,
}

/// What came of an event or an order.
pub(crate) enum Happening {
    /// Something for the driver.
    Output(Output),
    /// Something for the switch.
    Switch(switch::Input),
    /// Somebody calls: to be adopted or refused.
    Incoming(CallHandle, Box<IncomingInvite>),
}

/// The instant as SIP counts it.
pub(crate) fn sip_time(now: Now) -> Time {
    Time(now.monotonic)
}

impl Connections {
    pub(crate) fn new(config: &Config) -> Connections {
        let endpoint = Endpoint::new(flow_sip::Config {
            listeners: config.listeners.clone(),
            user_agent: config.user_agent.clone(),
            seed: config.seed,
            limits: flow_sip::Limits::default(),
        });
        Connections {
            endpoint,
            listeners: config.listeners.clone(),
            codecs: config.codecs.clone(),
            trunk: config.trunk.as_ref().and_then(|trunk| trunk.parse().ok()),
            legs: Legs::default(),
            by_handle: HashMap::new(),
            resolving: HashMap::new(),
            next_resolve: 0,
            next_shard: 0,
            sessions: BTreeSet::new(),
            happenings: VecDeque::new(),
        }
    }

    /// A datagram arrived.
    pub(crate) fn datagram(&mut self, now: Now, transport: TransportId, source: SocketAddr, bytes: &[u8]) {
        self.endpoint.handle_datagram(sip_time(now), transport, source, bytes);
        self.pump(now);
    }

    /// Time has passed.
    pub(crate) fn deadline(&mut self, now: Now) {
        self.endpoint.handle_deadline(sip_time(now));
        self.pump(now);
    }

    /// A datagram could not be sent.
    pub(crate) fn unreachable(&mut self, now: Now, transport: TransportId, destination: SocketAddr) {
        self.endpoint.handle_unreachable(sip_time(now), transport, destination);
        self.pump(now);
    }

    /// When the endpoint wants to be woken, in microseconds.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        self.endpoint.next_deadline().map(|time| time.0)
    }

    /// The next thing that happened.
    pub(crate) fn poll(&mut self) -> Option<Happening> {
        self.happenings.pop_front()
    }

    /// Whether nothing is left: no leg, no port, no transaction.
    pub(crate) fn is_idle(&self) -> bool {
        self.is_quiet() && self.resolving.is_empty() && self.endpoint.is_idle()
    }

    /// Whether no leg and no port is left.
    pub(crate) fn is_quiet(&self) -> bool {
        self.legs.count() == 0
            && self.sessions.is_empty()
            && self.by_handle.is_empty()
            && self.happenings.is_empty()
    }

    /// The switch orders something about a leg. What is not about a leg comes back.
    pub(crate) fn order(&mut self, now: Now, order: switch::Output) -> Option<switch::Output> {
        match order {
            switch::Output::Ring(leg) => self.ring(now, leg),
            switch::Output::Answer(leg) => self.answer(leg),
            switch::Output::Decline(leg, code) => self.decline(now, leg, code),
            switch::Output::Dial { leg, near, address, from, display } => {
                self.dial(now, leg, near, &address, from, display);
            }
            switch::Output::HangUp(leg) => self.hang_up(now, leg),
            switch::Output::Play { leg, play, program, items, barge_in, repeat, from_millis } => {
                if let Some(known) = self.legs.get(leg) {
                    known.playing = Some((play, barge_in));
                    let session = known.session_id();
                    let command =
                        MediaCommand::Play { session, play, program, items, barge_in, repeat, from_millis };
                    self.media_order(leg, command);
                }
            }
            switch::Output::Stop(leg, play) => {
                if let Some(known) = self.legs.get(leg) {
                    known.playing.take_if(|(current, _)| *current == play);
                    self.media_order(leg, MediaCommand::Stop { session: SessionId::of(leg), play });
                }
            }
            switch::Output::Bridge(a, b) => self.bridge(a, b),
            switch::Output::Unbridge(a, b) => {
                // Either side does; the one that still has its media is asked.
                let leg = if self.legs.get(a).is_some() { a } else { b };
                self.media_order(leg, MediaCommand::Unbridge { session: SessionId::of(leg) });
            }
            switch::Output::Record { leg, recording, name, longest_millis, silence_millis } => {
                if let Some(known) = self.legs.get(leg) {
                    known.recording = Some(recording);
                }
                let session = SessionId::of(leg);
                let command =
                    MediaCommand::Record { session, recording, name, longest_millis, silence_millis };
                self.media_order(leg, command);
            }
            switch::Output::StopRecording(leg, recording) => {
                self.media_order(leg, MediaCommand::StopRecord { session: SessionId::of(leg), recording });
            }
            switch::Output::RecordCall { leg, recording, name, channel } => {
                let session = SessionId::of(leg);
                self.media_order(leg, MediaCommand::RecordCall { session, recording, name, channel });
            }
            switch::Output::PauseRecording(leg, recording, paused) => {
                let session = SessionId::of(leg);
                self.media_order(leg, MediaCommand::PauseRecord { session, recording, paused });
            }
            switch::Output::Mix(leg, room) => {
                self.media_order(leg, MediaCommand::Mix { session: SessionId::of(leg), room: room.0 });
            }
            switch::Output::Unmix(leg, _) => {
                self.media_order(leg, MediaCommand::Unmix { session: SessionId::of(leg) });
            }
            switch::Output::Transfer { leg, address } => self.transfer(now, leg, &address),
            switch::Output::Listen { leg, listening, language, hints } => {
                let session = SessionId::of(leg);
                self.media_order(leg, MediaCommand::Listen { session, listening, language, hints });
            }
            switch::Output::StopListening(leg, listening) => {
                self.media_order(leg, MediaCommand::StopListening { session: SessionId::of(leg), listening });
            }
            switch::Output::Detect(leg) => {
                let session = SessionId::of(leg);
                self.media_order(leg, MediaCommand::Detect { session });
            }
            other => return Some(other),
        }
        self.pump(now);
        None
    }

    /// Refuses a call that no leg was made for.
    pub(crate) fn refuse(&mut self, now: Now, call: CallHandle, code: u16) {
        let retry_after = (code == 503).then_some(RETRY_AFTER);
        self.endpoint.turn_away(sip_time(now), call, code, retry_after);
        self.pump(now);
    }

    /// Takes what the endpoint has until it has no more, the packets first among equals.
    pub(crate) fn pump(&mut self, now: Now) {
        while let Some(output) = self.endpoint.poll() {
            match output {
                flow_sip::Output::Transmit { transport, destination, bytes } => {
                    self.tell_driver(Output::Transmit { transport, destination, bytes });
                }
                flow_sip::Output::Event(event) => self.event(now, event),
            }
        }
    }

    fn event(&mut self, now: Now, event: Event) {
        match event {
            Event::Incoming { call, request } => {
                self.happenings.push_back(Happening::Incoming(call, request));
            }
            Event::Progress { call, code, sdp } => self.progress(call, code, sdp.as_deref()),
            Event::Answered { call, sdp } => self.answered(now, call, sdp.as_deref()),
            Event::Acknowledged { call } => self.acknowledged(call),
            Event::Offer { call, sdp } => self.offered_anew(now, call, sdp.as_deref()),
            Event::AnswerReceived { call, sdp } => self.answer_came(now, call, sdp.as_deref()),
            Event::OfferWithdrawn { .. } | Event::OfferRefused { .. } => {}
            Event::Info { call, content_type, body } => {
                if let Some(digit) = info::digit(&content_type, &body)
                    && let Some(leg) = self.leg_of(call)
                {
                    let id = leg.id;
                    self.key(id, digit, KeyWay::Info);
                }
            }
            Event::ReferAnswered { call, code } => self.refer_answered(call, code),
            Event::ReferProgress { call, code } => self.refer_progress(call, code),
            Event::Ended { call, cause } => self.ended(call, &cause),
        }
    }

    /// SIP says that a call is over.
    fn ended(&mut self, call: CallHandle, cause: &EndCause) {
        let Some(id) = self.by_handle.remove(&call) else { return };
        let Some(leg) = self.legs.remove(id) else { return };
        self.close_media(&leg);
        self.fail_recording(&leg);
        let input = match leg.stage {
            // A peer that has taken over may leave by itself.
            _ if leg.referred == Referred::Accepted && *cause == EndCause::ByRemote => {
                switch::Input::Transferred(id)
            }
            Stage::Calling => switch::Input::Failed(id, failure::failure(cause, leg.rang)),
            _ => switch::Input::HungUp(id, failure::hang_up(cause)),
        };
        self.tell_switch(input);
    }

    /// The switch ends a leg, whatever its state.
    fn hang_up(&mut self, now: Now, id: LegId) {
        let Some(leg) = self.forget(id) else { return };
        if let Some(call) = leg.sip {
            self.endpoint.hang_up(sip_time(now), call);
        }
    }

    /// We end a leg that cannot go on, and tell the switch.
    pub(crate) fn abandon(&mut self, now: Now, id: LegId, input: switch::Input) {
        self.hang_up(now, id);
        self.tell_switch(input);
    }

    /// Takes a leg out of every table and closes its media. Its SIP call is left to the caller.
    pub(crate) fn forget(&mut self, id: LegId) -> Option<Box<Leg>> {
        let leg = self.legs.remove(id)?;
        if let Some(call) = leg.sip {
            self.by_handle.remove(&call);
        }
        self.close_media(&leg);
        self.fail_recording(&leg);
        Some(leg)
    }

    /// A recording that still waited for media when its leg went will never be.
    fn fail_recording(&mut self, leg: &Leg) {
        if let Some(recording) = leg.recording.filter(|_| !leg.is_connected()) {
            self.tell_switch(switch::Input::RecordingFailed { leg: leg.id, recording });
        }
    }

    pub(crate) fn leg_of(&mut self, call: CallHandle) -> Option<&mut Leg> {
        self.legs.get(*self.by_handle.get(&call)?)
    }

    pub(crate) fn listener(&self, transport: TransportId) -> Option<&Listener> {
        self.listeners.iter().find(|listener| listener.id == transport)
    }

    /// Media threads take their sessions in turn.
    pub(crate) fn take_shard(&mut self) -> u32 {
        self.next_shard = self.next_shard.wrapping_add(1);
        self.next_shard
    }

    pub(crate) fn tell_driver(&mut self, output: Output) {
        self.happenings.push_back(Happening::Output(output));
    }

    pub(crate) fn tell_media(&mut self, command: MediaCommand) {
        self.tell_driver(Output::Media(command));
    }

    pub(crate) fn tell_switch(&mut self, input: switch::Input) {
        self.happenings.push_back(Happening::Switch(input));
    }
}
