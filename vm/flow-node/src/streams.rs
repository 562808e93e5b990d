//! The audio of legs: opening, connecting, hold, keys, and the orders that wait for media.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use flow_sip::{CallHandle, LocalMedia, Negotiated, TransportId};
use flow_switch::boundary::{Digit, Failure, HangUp, Input, LegId, Now};

use crate::boundary::{MediaCommand, MediaEvent, Remote, SessionId};
use crate::config::PTIME;
use crate::connections::{Connections, sip_time};
use crate::leg::{KeyWay, Leg, Stage, holds_us, is_at_home};

/// Stands for a port that is not open yet, where only the codecs matter.
pub(crate) const ANY_PORT: u16 = 9;

impl Connections {
    /// The media threads report.
    pub(crate) fn media(&mut self, now: Now, event: MediaEvent) {
        match event {
            MediaEvent::Opened { session, port } => {
                let id = session.leg();
                self.answer_with_port(now, id, port);
                self.invite_with_port(now, id, port);
            }
            MediaEvent::OpenFailed { session, .. } => {
                self.sessions.remove(&session);
                let id = session.leg();
                match self.legs.get(id).map(|leg| leg.incoming) {
                    Some(true) => self.answer_without_port(now, id),
                    Some(false) => self.fail(now, id, Failure::Unreachable),
                    None => {}
                }
            }
            MediaEvent::Digit { session, digit } => self.key(session.leg(), digit, KeyWay::Media),
            MediaEvent::PlaybackFinished { session, play, cut } => {
                let id = session.leg();
                let Some(leg) = self.legs.get(id) else { return };
                if leg.playing.take_if(|(current, _)| *current == play).is_none() {
                    return;
                }
                if cut {
                    leg.cut = Some(play);
                } else {
                    self.tell_switch(Input::PlaybackFinished(id, play));
                }
            }
            // Of a leg that is gone, too: what a caller said before hanging up is kept.
            MediaEvent::RecordingFinished { session, recording, millis, spoken, by_key } => {
                let id = session.leg();
                if let Some(leg) = self.legs.get(id) {
                    let running = leg.recording.take_if(|current| *current == recording).is_some();
                    leg.swallow_key |= by_key && running;
                }
                let speech_millis = if spoken { millis } else { 0 };
                self.tell_switch(Input::RecordingFinished { leg: id, recording, millis, speech_millis });
            }
            MediaEvent::RecordingFailed { session, recording } => {
                self.tell_switch(Input::RecordingFailed { leg: session.leg(), recording });
            }
            MediaEvent::Detected { session, machine } => {
                self.tell_switch(Input::Detected { leg: session.leg(), machine });
            }
            MediaEvent::WordUnderstood { session, listening } => {
                self.tell_switch(Input::WordUnderstood(session.leg(), listening));
            }
            MediaEvent::Heard { session, listening, hypotheses } => {
                self.tell_switch(Input::Heard { leg: session.leg(), listening, hypotheses });
            }
            MediaEvent::ListenFailed { session, listening } => {
                self.tell_switch(Input::ListenFailed(session.leg(), listening));
            }
            MediaEvent::MediaLost { session } => {
                let id = session.leg();
                if self.legs.get(id).is_some() {
                    self.abandon(now, id, Input::HungUp(id, HangUp::MediaLost));
                }
            }
            MediaEvent::Closed { session } => {
                self.sessions.remove(&session);
            }
        }
        self.pump(now);
    }

    /// A key; the first way that brings one to a leg is the only one that counts, so that a phone which
    /// sends both is not heard twice.
    pub(crate) fn key(&mut self, id: LegId, digit: Digit, way: KeyWay) {
        let Some(leg) = self.legs.get(id) else { return };
        if !leg.takes_key(way) {
            return;
        }
        // The media thread ends a playback and a recording by itself for its own keys; of those that come
        // by INFO it never hears.
        let session = leg.session_id();
        let mut orders = Vec::new();
        let ended = leg.recording.take();
        if way == KeyWay::Info {
            if let Some(recording) = ended {
                orders.push(MediaCommand::StopRecord { session, recording });
            }
            if let Some((play, _)) = leg.playing.take_if(|(_, barge_in)| *barge_in) {
                leg.cut = Some(play);
                orders.push(MediaCommand::Stop { session, play });
            }
        }
        // The end of the recording may be told before its key or after it: files are another thread's work.
        let swallowed = std::mem::take(&mut leg.swallow_key) || ended.is_some();
        let cut = leg.cut.take();
        for order in orders {
            self.media_order(id, order);
        }
        if !swallowed {
            self.tell_switch(Input::Digit(id, digit));
        }
        if let Some(play) = cut {
            self.tell_switch(Input::PlaybackFinished(id, play));
        }
    }

    /// Offer and answer are settled for the first time: media may flow, and what waited for it goes out.
    /// `reached` says that the peer has answered something that we sent it.
    pub(crate) fn connect(&mut self, id: LegId, negotiated: Negotiated, reached: bool) {
        let Some(leg) = self.legs.get(id) else { return };
        leg.stage = Stage::Connected;
        let held = holds_us(&negotiated);
        leg.held = held;
        let pending = std::mem::take(&mut leg.pending);
        let proven = reached && is_at_home(&negotiated, leg.peer.ip());
        let remote = Remote { negotiated, signalling: leg.peer.ip(), proven };
        self.tell_media(MediaCommand::SetRemote { session: SessionId::of(id), remote });
        for command in pending {
            match command {
                MediaCommand::Bridge { a, b } => self.bridge(a.leg(), b.leg()),
                command => self.media_order(id, command),
            }
        }
        if held {
            self.tell_switch(Input::Held(id, true));
        }
    }

    /// A re-INVITE: hold, resume, another address or codec.
    pub(crate) fn offered_anew(&mut self, now: Now, call: CallHandle, sdp: Option<&[u8]>) {
        let Some(leg) = self.leg_of(call) else { return };
        let id = leg.id;
        let Some(session) = &mut leg.session else {
            self.endpoint.refuse_offer(sip_time(now), call, 488);
            return;
        };
        match sdp {
            None => {
                let ours = session.offer(flow_sip::Direction::SendRecv);
                self.endpoint.answer_offer(sip_time(now), call, &ours);
            }
            Some(offer) => match session.answer(offer, flow_sip::Direction::SendRecv) {
                Ok(answer) => {
                    self.endpoint.answer_offer(sip_time(now), call, &answer.sdp);
                    self.renegotiated(id, answer.negotiated);
                }
                Err(error) => self.endpoint.refuse_offer(sip_time(now), call, error.status()),
            },
        }
    }

    /// A later offer and answer are settled. What is being played keeps its place.
    pub(crate) fn renegotiated(&mut self, id: LegId, negotiated: Negotiated) {
        let Some(leg) = self.legs.get(id) else { return };
        let held = holds_us(&negotiated);
        let changed = std::mem::replace(&mut leg.held, held) != held;
        let proven = is_at_home(&negotiated, leg.peer.ip());
        let remote = Remote { negotiated, signalling: leg.peer.ip(), proven };
        self.tell_media(MediaCommand::SetRemote { session: SessionId::of(id), remote });
        if changed {
            self.tell_switch(Input::Held(id, held));
        }
    }

    /// Hands an order to the media threads, now or when media can flow.
    pub(crate) fn media_order(&mut self, id: LegId, command: MediaCommand) {
        let Some(leg) = self.legs.get(id) else { return };
        if leg.is_connected() {
            self.tell_media(command);
        } else {
            leg.hold_back(command);
        }
    }

    /// Joins two legs as soon as both are connected.
    pub(crate) fn bridge(&mut self, a: LegId, b: LegId) {
        let command = MediaCommand::Bridge { a: SessionId::of(a), b: SessionId::of(b) };
        for id in [a, b] {
            match self.legs.get(id) {
                None => return,
                Some(leg) if !leg.is_connected() => {
                    leg.hold_back(command);
                    return;
                }
                Some(_) => {}
            }
        }
        self.tell_media(command);
    }

    /// Closes the media of a leg that goes.
    pub(crate) fn close_media(&mut self, leg: &Leg) {
        let session = leg.session_id();
        if leg.has_media() && self.sessions.contains(&session) {
            self.tell_media(MediaCommand::Close { session });
        }
    }

    /// Our side of a leg's audio.
    pub(crate) fn local_media(&self, transport: TransportId, port: u16, number: u32) -> LocalMedia {
        let ip = self.listener(transport).map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |found| found.address.ip());
        LocalMedia {
            address: SocketAddr::new(ip, port),
            codecs: self.codecs.clone(),
            telephone_event: true,
            ptime: PTIME,
            session_id: u64::from(number) + 1,
        }
    }
}
