//! Those who call us: from the INVITE to the answer.

use flow_sip::{CallHandle, IncomingInvite, MediaSession, NegotiationError};
use flow_switch::boundary::{HangUp, Input, LegId, Now};

use crate::boundary::MediaCommand;
use crate::config::RETRY_AFTER;
use crate::connections::{Connections, sip_time};
use crate::leg::{Leg, Stage, is_at_home};
use crate::streams;

/// What an offer lets us expect before the flow begins.
pub(crate) struct Prospect {
    /// Whether keys can come at all.
    pub(crate) keys_can_arrive: bool,
}

impl Connections {
    /// Whether an INVITE could be answered, before any flow hears of it. Without an offer everything is
    /// still possible; our own will ask for it.
    pub(crate) fn assess(&self, request: &IncomingInvite) -> Result<Prospect, NegotiationError> {
        let Some(offer) = &request.offer else { return Ok(Prospect { keys_can_arrive: true }) };
        let mut rehearsal = MediaSession::new(self.local_media(request.transport, streams::ANY_PORT, 0));
        let answer = rehearsal.answer(offer, flow_sip::Direction::SendRecv)?;
        let keys_can_arrive = answer.negotiated.telephone_event.is_some() || request.allow_info;
        Ok(Prospect { keys_can_arrive })
    }

    /// Makes a leg of a call that the switch took.
    pub(crate) fn adopt(&mut self, id: LegId, call: CallHandle, request: IncomingInvite) {
        let shard = self.take_shard();
        let stage = Stage::Offered(request.offer);
        let mut leg = Leg::new(id, stage, request.transport, request.source, shard);
        leg.sip = Some(call);
        self.by_handle.insert(call, id);
        self.legs.insert(leg);
    }

    /// The switch lets the caller hear that it rings.
    pub(crate) fn ring(&mut self, now: Now, id: LegId) {
        let call =
            self.legs.get(id).filter(|leg| matches!(leg.stage, Stage::Offered(_))).and_then(|leg| leg.sip);
        if let Some(call) = call {
            self.endpoint.ring(sip_time(now), call, 180, None);
        }
    }

    /// The switch answers: the port first, then the 200 that names it.
    pub(crate) fn answer(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(id) else { return };
        let Stage::Offered(offer) = &mut leg.stage else { return };
        leg.stage = Stage::Opening(offer.take());
        let shard = leg.shard;
        self.open_media(id, shard);
    }

    /// The switch refuses a call that was not answered.
    pub(crate) fn decline(&mut self, now: Now, id: LegId, code: u16) {
        let Some(leg) = self.forget(id) else { return };
        let Some(call) = leg.sip else { return };
        let code = if (300..700).contains(&code) { code } else { 480 };
        let retry_after = (code == 503).then_some(RETRY_AFTER);
        self.endpoint.reject(sip_time(now), call, code, None, retry_after);
    }

    /// The port of a leg that we answer is open.
    pub(crate) fn answer_with_port(&mut self, now: Now, id: LegId, port: u16) {
        let Some(leg) = self.legs.get(id) else { return };
        let Stage::Opening(offer) = &mut leg.stage else { return };
        let (offer, transport, call) = (offer.take(), leg.transport, leg.sip);
        let Some(call) = call else { return };
        let mut session = MediaSession::new(self.local_media(transport, port, id.slot));
        match offer {
            None => {
                let ours = session.offer(flow_sip::Direction::SendRecv);
                if let Some(leg) = self.legs.get(id) {
                    leg.session = Some(session);
                    leg.stage = Stage::OfferSent;
                }
                self.endpoint.accept(sip_time(now), call, &ours);
            }
            Some(offer) => match session.answer(&offer, flow_sip::Direction::SendRecv) {
                Ok(answer) => {
                    if let Some(leg) = self.legs.get(id) {
                        leg.session = Some(session);
                    }
                    self.endpoint.accept(sip_time(now), call, &answer.sdp);
                    // The 200 goes out before the first packet of audio.
                    self.pump(now);
                    self.connect(id, answer.negotiated, false);
                }
                Err(error) => {
                    // It was rehearsed when the call came in, so this is the rare offer that fits one port
                    // and not another.
                    self.forget(id);
                    self.endpoint.reject(sip_time(now), call, error.status(), None, None);
                    self.tell_switch(Input::HungUp(id, HangUp::ConnectionLost));
                }
            },
        }
    }

    /// No port for a leg that we wanted to answer.
    pub(crate) fn answer_without_port(&mut self, now: Now, id: LegId) {
        let Some(leg) = self.forget(id) else { return };
        if let Some(call) = leg.sip {
            self.endpoint.reject(sip_time(now), call, 503, None, Some(RETRY_AFTER));
        }
        self.tell_switch(Input::HungUp(id, HangUp::ConnectionLost));
    }

    /// The ACK for our 200: the caller is where its signalling comes from.
    pub(crate) fn acknowledged(&mut self, call: CallHandle) {
        let Some(leg) = self.leg_of(call).filter(|leg| leg.is_connected()) else { return };
        let settled = leg.session.as_ref().and_then(MediaSession::negotiated);
        if settled.is_some_and(|negotiated| is_at_home(negotiated, leg.peer.ip())) {
            let session = leg.session_id();
            self.tell_media(MediaCommand::SetProven { session });
        }
    }

    /// The answer to our offer in a 200 has come with the ACK.
    pub(crate) fn answer_came(&mut self, now: Now, call: CallHandle, sdp: Option<&[u8]>) {
        let Some(leg) = self.leg_of(call) else { return };
        let id = leg.id;
        let Some(session) = &mut leg.session else { return };
        let settled = sdp.and_then(|sdp| session.receive_answer(sdp).ok());
        match (settled, leg.is_connected()) {
            (Some(negotiated), false) => self.connect(id, negotiated, true),
            (Some(negotiated), true) => self.renegotiated(id, negotiated),
            (None, false) => self.abandon(now, id, Input::HungUp(id, HangUp::ConnectionLost)),
            (None, true) => {}
        }
    }

    /// Opens the media of a leg.
    pub(crate) fn open_media(&mut self, id: LegId, shard: u32) {
        let session = crate::boundary::SessionId::of(id);
        self.sessions.insert(session);
        self.tell_media(MediaCommand::Open { session, shard });
    }
}
