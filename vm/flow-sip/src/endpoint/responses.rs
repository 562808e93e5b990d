//! Responses that come in: to the transaction by the branch, then to the call that claims it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::Endpoint;
use crate::call::{AwaitedAnswer, Phase};
use crate::config::{Limits, TransportId};
use crate::dialog::Dialog;
use crate::event::{CallHandle, EndCause, Event};
use crate::text;
use crate::time::Time;
use crate::transaction::{Claim, ClientTransaction, Heard, SentAck};
use crate::vocabulary::{Known, name};
use crate::wire::{Body, Core, HeaderId, Lines, Message, Reading, Start, read, session_description};

/// How often a re-INVITE of ours is tried again after crossing one of theirs.
const MOST_CROSSINGS: u8 = 4;

impl Endpoint {
    pub(super) fn response(
        &mut self,
        now: Time,
        message: &Message<'_>,
        code: u16,
        reason: &[u8],
        source: SocketAddr,
    ) {
        let found = match message.core() {
            Ok(core) if message.defect.is_none() => self.client_of(&core).map(|index| (core, index)),
            _ => None,
        };
        let Some((core, index)) = found else {
            self.counters.stray_responses += 1;
            return;
        };
        let Some(client) = self.clients.get_mut(index as usize) else { return };
        match client.hear(now, code) {
            Heard::Repetition => {}
            Heard::RefusalAgain => {
                let (transport, destination) = (client.transport, client.destination);
                if let Some(ack) = client.refusal_ack.clone() {
                    self.counters.retransmitted += 1;
                    self.transmit(transport, destination, ack);
                }
            }
            Heard::News => {
                let (invite, claim) = (client.invite, client.claim);
                self.settle_client(index);
                if let Claim::Refer(handle) = claim {
                    self.refer_answered(handle, code);
                }
                if invite {
                    self.invite_response(now, index, message, &core, (code, reason), source);
                }
            }
        }
    }

    /// The transaction that a response answers: our address in the one Via that is left, our branch,
    /// and the method of the request (RFC 3261 17.1.3, 18.1.2).
    fn client_of(&self, core: &Core<'_>) -> Option<u32> {
        let host = crate::uri::host_address(core.via.host)?;
        let sent_by = SocketAddr::new(host, core.via.port.unwrap_or(5060));
        self.ways.iter().find(|way| way.address == sent_by)?;
        let branch = std::str::from_utf8(core.via.branch()?).ok()?;
        let cancel = core.cseq_method.is(Known::Cancel);
        let table = if cancel { &self.cancels_by_branch } else { &self.clients_by_branch };
        let index = *table.get(branch)?;
        let client = self.clients.get(index as usize)?;
        (client.invite == core.cseq_method.is(Known::Invite)).then_some(index)
    }

    fn invite_response(
        &mut self,
        now: Time,
        index: u32,
        message: &Message<'_>,
        core: &Core<'_>,
        (code, reason): (u16, &[u8]),
        source: SocketAddr,
    ) {
        match code {
            ..200 => self.progress(now, index, message, code),
            200..300 => self.acceptance(now, index, message, core, source),
            _ => self.refusal(now, index, message, code, reason),
        }
    }

    fn progress(&mut self, now: Time, index: u32, message: &Message<'_>, code: u16) {
        let Some(client) = self.clients.get(index as usize) else { return };
        let claim = client.claim;
        if client.may_cancel() {
            self.send_cancel(now, index);
        }
        if let Claim::Invite(handle) = claim
            && code > 100
            && self.call(handle).is_some()
        {
            self.tell(Event::Progress { call: handle, code, sdp: sdp_of(message) });
        }
    }

    /// A 2xx to an INVITE of ours, perhaps one of several (RFC 3261 13.2.2.4).
    fn acceptance(
        &mut self,
        now: Time,
        index: u32,
        message: &Message<'_>,
        core: &Core<'_>,
        source: SocketAddr,
    ) {
        let Some(client) = self.clients.get(index as usize) else { return };
        let tag = core.to.tag().unwrap_or_default();
        let (transport, claim, known) = (client.transport, client.claim, client.acks.len());
        if let Some(ack) = client.acks.iter().find(|ack| *ack.to_tag == *tag) {
            let (bytes, destination) = (Arc::clone(&ack.bytes), ack.destination);
            self.counters.retransmitted += 1;
            return self.transmit(transport, destination, bytes);
        }
        if known >= self.config.limits.forks {
            self.counters.dropped_by_limit += 1;
            return;
        }
        let way = (transport, source);
        match claim {
            Claim::Invite(handle) => self.call_accepted(now, index, message, core, way, handle),
            Claim::Reinvite(handle) => self.reinvite_accepted(index, message, core, source, handle),
            Claim::Abandoned => self.decline_acceptance(now, index, message, core, way),
            Claim::Nobody | Claim::Refer(_) => {
                let dialog = Dialog::outgoing(message, core, way, &self.config.limits);
                self.send_ack(index, &dialog, core.cseq, tag, None);
            }
        }
    }

    fn call_accepted(
        &mut self,
        now: Time,
        index: u32,
        message: &Message<'_>,
        core: &Core<'_>,
        way: (TransportId, SocketAddr),
        handle: CallHandle,
    ) {
        let waiting = self.call(handle).is_some_and(|call| matches!(call.phase, Phase::Outgoing { .. }));
        if !waiting {
            let ours = self
                .calls
                .get(handle.index as usize)
                .filter(|call| call.handle == handle)
                .and_then(|call| call.dialog.as_ref())
                .is_some_and(|dialog| dialog.is_with(core.to.tag()));
            // Without an ACK yet, the 2xx of our own dialog waits for the answer to its offer.
            if !ours {
                self.decline_acceptance(now, index, message, core, way);
            }
            return;
        }
        let dialog = Dialog::outgoing(message, core, way, &self.config.limits);
        let sdp = sdp_of(message);
        let offered = self.clients.get(index as usize).is_some_and(has_offer);
        if offered {
            self.send_ack(index, &dialog, core.cseq, core.to.tag().unwrap_or_default(), None);
        }
        self.set_dialog(handle, dialog);
        if let Some(call) = self.call(handle) {
            call.phase = Phase::Established;
            call.awaited_answer = (!offered).then_some(AwaitedAnswer { client: index, cseq: core.cseq });
        }
        self.tell(Event::Answered { call: handle, sdp });
    }

    fn reinvite_accepted(
        &mut self,
        index: u32,
        message: &Message<'_>,
        core: &Core<'_>,
        source: SocketAddr,
        handle: CallHandle,
    ) {
        let Some(call) = self.call(handle) else { return };
        let Some(dialog) = call.dialog.as_mut().filter(|dialog| dialog.is_with(core.to.tag())) else {
            return;
        };
        dialog.refresh_target(message, source);
        let dialog = dialog.clone();
        call.our_offer = None;
        self.send_ack(index, &dialog, core.cseq, core.to.tag().unwrap_or_default(), None);
        self.tell(Event::AnswerReceived { call: handle, sdp: sdp_of(message) });
    }

    /// An acceptance that nobody wants: a fork that came late, or a call hung up in the meantime.
    fn decline_acceptance(
        &mut self,
        now: Time,
        index: u32,
        message: &Message<'_>,
        core: &Core<'_>,
        way: (TransportId, SocketAddr),
    ) {
        let mut dialog = Dialog::outgoing(message, core, way, &self.config.limits);
        self.send_ack(index, &dialog, core.cseq, core.to.tag().unwrap_or_default(), None);
        self.send_bye(now, &mut dialog);
    }

    /// Sends the ACK of an acceptance and keeps it for the time the acceptance may be repeated.
    pub(super) fn send_ack(
        &mut self,
        index: u32,
        dialog: &Dialog,
        cseq: u32,
        tag: &[u8],
        sdp: Option<&[u8]>,
    ) {
        let bytes = self.ack(dialog, cseq, sdp);
        let destination = dialog.next_hop();
        if let Some(client) = self.clients.get_mut(index as usize) {
            client.acks.push(SentAck { to_tag: tag.into(), bytes: Arc::clone(&bytes), destination });
        }
        self.transmit(dialog.transport, destination, bytes);
    }

    fn refusal(&mut self, now: Time, index: u32, message: &Message<'_>, code: u16, reason: &[u8]) {
        let Some(client) = self.clients.get_mut(index as usize) else { return };
        let to = message.header(HeaderId::To);
        let Some(ack) = companion(&client.request, Known::Ack, to) else { return };
        client.refusal_ack = Some(Arc::clone(&ack));
        let (transport, destination, claim) = (client.transport, client.destination, client.claim);
        self.transmit(transport, destination, ack);
        match claim {
            Claim::Invite(handle) => {
                let reason = text::decode_readable(reason);
                self.end_call(handle, EndCause::Rejected { code, reason });
            }
            Claim::Reinvite(handle) => self.reinvite_refused(now, handle, code),
            Claim::Abandoned | Claim::Nobody | Claim::Refer(_) => {}
        }
    }

    /// Our re-INVITE was refused, or not answered at all (408).
    pub(super) fn reinvite_refused(&mut self, now: Time, handle: CallHandle, code: u16) {
        let Some(call) = self.call(handle) else { return };
        let owns_call_id = call.dialog.as_ref().is_some_and(|dialog| dialog.owns_call_id);
        let Some(offer) = &mut call.our_offer else { return };
        match code {
            491 if offer.crossed < MOST_CROSSINGS => {
                offer.client = None;
                offer.crossed += 1;
                // RFC 3261 14.1: the owner of the Call-ID waits longer, in steps of 10 ms.
                let steps = if owns_call_id { (210, 191) } else { (0, 201) };
                let wait = Duration::from_millis(10 * (steps.0 + self.random.below(steps.1)));
                if let Some(offer) = self.call(handle).and_then(|call| call.our_offer.as_mut()) {
                    offer.try_at = Some(now + wait);
                }
                self.settle_call(handle);
            }
            // RFC 3261 12.2.1.2: the peer knows no such dialog, or is gone.
            408 | 481 => {
                call.our_offer = None;
                let cause = if code == 408 { EndCause::Timeout } else { EndCause::ByRemote };
                self.leave_with(now, handle, cause);
            }
            _ => {
                call.our_offer = None;
                self.tell(Event::OfferRefused { call: handle, code });
            }
        }
    }

    /// Tells the end of a call that stands and sends BYE.
    pub(super) fn leave_with(&mut self, now: Time, handle: CallHandle, cause: EndCause) {
        self.drop_offers(now, handle);
        if let Some(call) = self.call(handle) {
            call.ended = true;
            self.tell(Event::Ended { call: handle, cause });
        }
        self.leave_call(now, handle);
    }

    /// Cancels a pending INVITE of ours.
    pub(super) fn send_cancel(&mut self, now: Time, index: u32) {
        let Some(client) = self.clients.get_mut(index as usize) else { return };
        let Some(request) = companion(&client.request, Known::Cancel, None) else { return };
        client.cancel_sent(now);
        let (branch, way) = (client.branch.to_string(), (client.transport, client.destination));
        let mut cancel = ClientTransaction::new(now, branch, request, way, false, Claim::Nobody);
        cancel.cancel = true;
        self.settle_client(index);
        self.send_request(cancel);
    }
}

fn sdp_of(message: &Message<'_>) -> Option<Vec<u8>> {
    match session_description(message) {
        Body::Sdp(sdp) => Some(sdp.to_vec()),
        Body::None | Body::Unsupported => None,
    }
}

/// Whether our INVITE carried an offer.
fn has_offer(client: &ClientTransaction) -> bool {
    !client.request.ends_with(b"\r\n\r\n")
}

/// The ACK of a refusal, or the CANCEL, of an INVITE: the same branch, Request-URI, Call-ID, From, Route
/// and CSeq number (RFC 3261 9.1, 17.1.1.3).
fn companion(invite: &[u8], method: Known, to: Option<&[u8]>) -> Option<Arc<[u8]>> {
    let Reading::Message(message) = read(invite, &Limits::NONE) else { return None };
    let Start::Request { uri, .. } = message.start else { return None };
    let core = message.core().ok()?;
    let mut lines = Lines::request(name(method).as_bytes(), uri);
    lines.header("Via", core.via.text);
    for route in message.headers(HeaderId::Route) {
        lines.header("Route", route);
    }
    lines.number("Max-Forwards", 70);
    lines.header("From", message.header(HeaderId::From)?);
    lines.header("To", to.or(message.header(HeaderId::To))?);
    lines.header("Call-ID", core.call_id).cseq(core.cseq, name(method).as_bytes());
    Some(lines.finish(None).into())
}
