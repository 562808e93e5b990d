//! What the driver may ask for. A command for a call that is over, or that is not in the state for it,
//! is ignored and counted: commands and events cross, and the driver's next poll tells it.

use std::net::SocketAddr;
use std::sync::Arc;

use super::deadlines::REFRESH;
use super::{COOKIE, Endpoint};
use crate::address::NameAddr;
use crate::call::{OurOffer, Phase, Unacknowledged};
use crate::config::TransportId;
use crate::event::{CallHandle, EndCause, Event};
use crate::text;
use crate::time::Time;
use crate::transaction::{Claim, ClientTransaction};
use crate::uri::Uri;
use crate::vocabulary::{Known, name, reason_phrase};
use crate::wire::{Lines, may_be_added};

/// A call to make.
#[derive(Debug, Clone)]
pub struct Invite {
    /// The socket to send from.
    pub transport: TransportId,
    /// Where to send the INVITE (the next hop, resolved).
    pub destination: SocketAddr,
    /// Whom to call.
    pub request_uri: Uri,
    /// Who calls.
    pub from: NameAddr,
    /// Whom we call, for the To header.
    pub to: NameAddr,
    /// Our offer; without one their 200 carries it, and `answer_offer` answers in the ACK.
    pub sdp: Option<Vec<u8>>,
    /// Further headers, name and value. Line ends in them become blanks; headers that the dialog
    /// itself needs (Via, From, To, Call-ID, CSeq, Contact, Content-Length, …) are left out.
    /// `Max-Forwards` is taken when it is a number (70 otherwise): a B2BUA counts it down.
    pub headers: Vec<(String, String)>,
}

impl Endpoint {
    /// Answers an incoming INVITE provisionally (180 Ringing, 183 Session Progress, …).
    pub fn ring(&mut self, now: Time, call: CallHandle, code: u16, sdp: Option<&[u8]>) {
        let Some((server, _)) = self.incoming_phase(call).filter(|_| (101..200).contains(&code)) else {
            return self.ignore();
        };
        let Some(bytes) = self.dialog_response(server, code, sdp) else { return self.ignore() };
        self.respond(now, server, code, bytes);
        if let Some(call) = self.call(call) {
            call.refresh_at = Some(now + REFRESH);
        }
        self.settle_call(call);
    }

    /// Answers an incoming INVITE with 200. `sdp` is the answer to its offer, or our offer when it had
    /// none. Repeated until the ACK comes; when none comes in 32 seconds the call ends with `NoAck`.
    pub fn accept(&mut self, now: Time, call: CallHandle, sdp: &[u8]) {
        let Some((server, offered)) = self.incoming_phase(call) else { return self.ignore() };
        self.send_acceptance(now, call, server, sdp, !offered, true);
        if let Some(call) = self.call(call) {
            call.phase = Phase::Established;
            call.refresh_at = None;
        }
        self.settle_call(call);
    }

    /// Refuses an incoming INVITE with a final status from 300 to 699 (others become 500). Ends the call.
    pub fn reject(
        &mut self,
        now: Time,
        call: CallHandle,
        code: u16,
        reason: Option<&str>,
        retry_after: Option<u32>,
    ) {
        let Some((server, _)) = self.incoming_phase(call) else { return self.ignore() };
        let code = if (300..700).contains(&code) { code } else { 500 };
        let mut headers = Lines::bare();
        if let Some(seconds) = retry_after {
            headers.number("Retry-After", u64::from(seconds));
        }
        self.respond_plain(now, server, code, reason, &headers.into_lines());
        self.end_call(call, EndCause::Declined { code });
    }

    /// Refuses an incoming INVITE and forgets it: the answer is sent once and no ACK is waited for (RFC 3261
    /// 8.2.7), so that a flood of strangers leaves nothing behind, and who forges the address of another cannot
    /// make us repeat ourselves to him. A caller that missed the answer asks again, as a new call.
    pub fn turn_away(&mut self, now: Time, call: CallHandle, code: u16, retry_after: Option<u32>) {
        let server = self.incoming_phase(call).map(|(server, _)| server);
        self.reject(now, call, code, None, retry_after);
        if let Some(server) = server {
            self.forget_server(server);
        }
    }

    /// Calls somebody. At a limit, or on an unknown listener, the call ends at once with
    /// `Rejected { code: 503, .. }`.
    pub fn invite(&mut self, now: Time, invite: Invite) -> CallHandle {
        let full = self.calls.len() >= self.config.limits.calls
            || self.clients.len() >= self.config.limits.client_transactions;
        if full || self.way(invite.transport).is_none() {
            self.counters.refused_by_limit += 1;
            self.generation = self.generation.wrapping_add(1);
            let call = CallHandle { index: u32::MAX, generation: self.generation };
            let cause = EndCause::Rejected { code: 503, reason: reason_phrase(503).to_owned() };
            self.tell(Event::Ended { call, cause });
            return call;
        }
        let branch = format!("{COOKIE}{}", self.random.token());
        let request = self.write_invite(&invite, &branch);
        // The call is entered first, so that the transaction can name it, and learns its number after.
        let call = self.add_call(Phase::Outgoing { client: u32::MAX }, None);
        let way = (invite.transport, invite.destination);
        let client = ClientTransaction::new(now, branch, request, way, true, Claim::Invite(call));
        let client = self.send_request(client);
        if let Some(call) = self.call(call) {
            call.phase = Phase::Outgoing { client };
        }
        self.counters.outgoing_calls += 1;
        call
    }

    fn write_invite(&mut self, invite: &Invite, branch: &str) -> Arc<[u8]> {
        let method = name(Known::Invite);
        let mut lines = Lines::request(method.as_bytes(), invite.request_uri.as_str().as_bytes());
        lines.header("Via", self.via(invite.transport, branch).as_bytes());
        let hops = invite
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("Max-Forwards"))
            .and_then(|(_, value)| text::number(value.trim().as_bytes()))
            .filter(|hops| *hops <= 255);
        lines.number("Max-Forwards", hops.unwrap_or(70));
        let from = format!("{};tag={}", invite.from, self.random.token());
        lines.header("From", from.as_bytes()).header("To", invite.to.to_string().as_bytes());
        lines.header("Call-ID", self.random.token().as_bytes()).cseq(1, method.as_bytes());
        lines.lines(self.dialog_headers(invite.transport));
        self.user_agent(&mut lines);
        for (name, value) in invite.headers.iter().filter(|(name, _)| may_be_added(name)) {
            lines.header(name, value.trim().as_bytes());
        }
        lines.finish(invite.sdp.as_deref().map(|sdp| ("application/sdp", sdp))).into()
    }

    /// Ends a call whatever its state: CANCEL, BYE or 603. `Ended { LocalHangUp }` follows at once; what
    /// SIP has left to do goes on by itself.
    pub fn hang_up(&mut self, now: Time, call: CallHandle) {
        let Some(state) = self.call(call) else { return self.ignore() };
        let waits_for_ack = state.unacknowledged.as_ref().is_some_and(|waiting| waiting.first);
        match state.phase {
            Phase::Incoming { server, .. } => {
                self.respond_plain(now, server, 603, None, b"");
                self.end_call(call, EndCause::LocalHangUp);
            }
            Phase::Outgoing { client } => {
                self.end_call(call, EndCause::LocalHangUp);
                self.abandon(now, client, Claim::Abandoned);
            }
            // RFC 3261 15: no BYE before the ACK for our 200 has come, or is not to be expected.
            Phase::Established if waits_for_ack => {
                state.ended = true;
                self.tell(Event::Ended { call, cause: EndCause::LocalHangUp });
            }
            Phase::Established => {
                self.acknowledge_without_answer(call);
                self.leave_with(now, call, EndCause::LocalHangUp);
            }
        }
    }

    /// An acceptance whose offer we do not answer any more is acknowledged before the BYE.
    fn acknowledge_without_answer(&mut self, handle: CallHandle) {
        let Some(call) = self.call(handle) else { return };
        let Some(awaited) = call.awaited_answer.take() else { return };
        if let Some(dialog) = call.dialog.clone() {
            self.send_ack(awaited.client, &dialog, awaited.cseq, dialog.remote_tag(), None);
        }
    }

    /// Offers a new session description within the call; `AnswerReceived` or `OfferRefused` follows.
    /// Waits its turn while another offer or an ACK is due; the newest wish replaces one that waits.
    pub fn reinvite(&mut self, now: Time, call: CallHandle, sdp: &[u8]) {
        let Some(state) = self.call(call).filter(|call| call.phase == Phase::Established) else {
            return self.ignore();
        };
        if state.offer_on_its_way() {
            return self.tell(Event::OfferRefused { call, code: 491 });
        }
        let (try_at, crossed) = state.our_offer.as_ref().map_or((None, 0), |old| (old.try_at, old.crossed));
        state.our_offer = Some(Box::new(OurOffer { sdp: sdp.into(), client: None, try_at, crossed }));
        if try_at.is_none() {
            self.send_waiting_offer(now, call);
        }
    }

    /// Sends our re-INVITE when it is its turn.
    pub(super) fn send_waiting_offer(&mut self, now: Time, handle: CallHandle) {
        let full = self.clients.len() >= self.config.limits.client_transactions;
        let Some(call) = self.call(handle).filter(|call| call.may_offer()) else { return };
        let Some(offer) = call.our_offer.as_mut().filter(|o| o.client.is_none() && o.try_at.is_none()) else {
            return;
        };
        if full {
            call.our_offer = None;
            return self.tell(Event::OfferRefused { call: handle, code: 503 });
        }
        let sdp = offer.sdp.clone();
        let Some(dialog) = call.dialog.as_mut() else { return };
        let cseq = dialog.next_cseq();
        let dialog = dialog.clone();
        let (via, branch) = self.fresh_via(dialog.transport);
        let mut lines = dialog.request(name(Known::Invite), cseq, &via);
        lines.lines(self.dialog_headers(dialog.transport));
        self.user_agent(&mut lines);
        let request: Arc<[u8]> = lines.finish(Some(("application/sdp", &sdp))).into();
        let way = (dialog.transport, dialog.next_hop());
        let client = ClientTransaction::new(now, branch, request, way, true, Claim::Reinvite(handle));
        let index = self.send_request(client);
        if let Some(offer) = self.call(handle).and_then(|call| call.our_offer.as_mut()) {
            offer.client = Some(index);
        }
    }

    /// Answers `Event::Offer` (with our offer when theirs was absent), or the offer that came with
    /// `Answered` when our INVITE had none.
    pub fn answer_offer(&mut self, now: Time, call: CallHandle, sdp: &[u8]) {
        let Some(state) = self.call(call) else { return self.ignore() };
        if let Some(awaited) = state.awaited_answer.take() {
            if let Some(dialog) = state.dialog.clone() {
                self.send_ack(awaited.client, &dialog, awaited.cseq, dialog.remote_tag(), Some(sdp));
            }
            return self.send_waiting_offer(now, call);
        }
        let Some(offer) = state.their_offer.take() else { return self.ignore() };
        self.send_acceptance(now, call, offer.server, sdp, !offer.offered, false);
        self.settle_call(call);
    }

    /// Refuses `Event::Offer` (488, say); what was agreed before stands.
    pub fn refuse_offer(&mut self, now: Time, call: CallHandle, code: u16) {
        let Some(offer) = self.call(call).and_then(|call| call.their_offer.take()) else {
            return self.ignore();
        };
        let code = if (300..700).contains(&code) { code } else { 488 };
        self.respond_plain(now, offer.server, code, None, b"");
        self.send_waiting_offer(now, call);
    }

    /// Sends a 200 to an INVITE and repeats it until the ACK comes.
    fn send_acceptance(
        &mut self,
        now: Time,
        handle: CallHandle,
        server: u32,
        sdp: &[u8],
        offered: bool,
        first: bool,
    ) {
        let Some(bytes) = self.dialog_response(server, 200, Some(sdp)) else { return };
        let Some(bytes) = self.respond(now, server, 200, bytes) else { return };
        let Some(server) = self.servers.get(server as usize) else { return };
        let (cseq, destination) = (server.cseq, server.destination);
        if let Some(call) = self.call(handle) {
            let waiting = Unacknowledged::new(now, cseq, (bytes, destination), offered, first);
            call.unacknowledged = Some(Box::new(waiting));
        }
    }

    fn dialog_response(&self, server: u32, code: u16, sdp: Option<&[u8]>) -> Option<Vec<u8>> {
        let head = self.servers.get(server as usize)?.head.as_ref()?;
        Some(head.dialog(code, self.dialog_headers(head.transport), sdp))
    }

    /// The server transaction of a call that waits for our answer, and whether it carried an offer.
    fn incoming_phase(&mut self, handle: CallHandle) -> Option<(u32, bool)> {
        match self.call(handle)?.phase {
            Phase::Incoming { server, offered } => Some((server, offered)),
            Phase::Outgoing { .. } | Phase::Established => None,
        }
    }

    fn ignore(&mut self) {
        self.counters.ignored_commands += 1;
    }
}
