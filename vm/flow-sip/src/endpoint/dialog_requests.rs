//! Requests within a dialog (RFC 3261 12.2.2): BYE, re-INVITE, INFO, and the ACK of an acceptance.

use std::sync::Arc;

use super::{Endpoint, Request};
use crate::call::{Phase, TheirOffer};
use crate::event::{CallHandle, EndCause, Event};
use crate::text;
use crate::time::Time;
use crate::transaction::{Claim, ResponseHead};
use crate::vocabulary::{Known, Method};
use crate::wire::{Body, Core, HeaderId, Lines, session_description};

impl Endpoint {
    pub(super) fn dialog_request(
        &mut self,
        now: Time,
        request: &Request<'_>,
        core: &Core<'_>,
        key: Arc<[u8]>,
        tag: &[u8],
    ) {
        let Some(handle) = self.dialog_of(core, tag) else {
            return self.request_outside(request, core, tag);
        };
        let Some(call) = self.calls.get_mut(handle.index as usize) else { return };
        let bye = request.method.is(Known::Bye);
        if call.ended && !bye {
            self.counters.unknown_dialogs += 1;
            return self.answer(request, core, 481, None, b"");
        }
        let fresh = call.dialog.as_mut().is_some_and(|dialog| dialog.accept_cseq(core.cseq));
        if !fresh {
            return self.answer(request, core, 500, Some("CSeq Out Of Order"), b"");
        }
        match request.method {
            Method::Known(Known::Bye) => self.bye(now, request, core, key, handle),
            Method::Known(Known::Invite) => self.offer(now, request, core, key, handle),
            Method::Known(Known::Info) => self.info(now, request, core, key, handle),
            Method::Known(Known::Notify) => self.notify(now, request, core, key, handle),
            // Whom a call is with is the flow's to say: who wants to hand it on, rings somebody on their own.
            Method::Known(Known::Refer) => self.answer(request, core, 603, None, b""),
            Method::Known(Known::Options) => self.answer_options(request, core),
            _ => self.answer_unknown_method(request, core),
        }
    }

    /// The call whose dialog a request names: Call-ID and both tags must agree.
    fn dialog_of(&self, core: &Core<'_>, tag: &[u8]) -> Option<CallHandle> {
        let index = *self.calls_by_tag.get(std::str::from_utf8(tag).ok()?)?;
        let call = self.calls.get(index as usize)?;
        call.dialog.as_ref().is_some_and(|dialog| dialog.owns(core)).then_some(call.handle)
    }

    /// A request with a tag that is no call's. A BYE that crosses ours is agreed to.
    fn request_outside(&mut self, request: &Request<'_>, core: &Core<'_>, tag: &[u8]) {
        let crossing = std::str::from_utf8(tag).is_ok_and(|tag| self.byes_by_tag.contains_key(tag));
        if crossing && request.method.is(Known::Bye) {
            return self.answer(request, core, 200, None, b"");
        }
        self.counters.unknown_dialogs += 1;
        self.answer(request, core, 481, None, b"");
    }

    fn head(&self, request: &Request<'_>, core: &Core<'_>) -> ResponseHead {
        ResponseHead::new(request.message, core, request.transport, request.source, "")
    }

    fn bye(&mut self, now: Time, request: &Request<'_>, core: &Core<'_>, key: Arc<[u8]>, handle: CallHandle) {
        let head = self.head(request, core);
        match self.add_server(now, key, head, core.cseq, false) {
            Some(index) => self.respond_plain(now, index, 200, None, b""),
            // At the limit a repeated BYE will be answered 481, which ends it as well.
            None => self.answer(request, core, 200, None, b""),
        }
        self.drop_offers(now, handle);
        if let Some(call) = self.calls.get(handle.index as usize)
            && let Phase::Incoming { server, .. } = call.phase
        {
            self.respond_plain(now, server, 487, None, b"");
        }
        self.end_call(handle, EndCause::ByRemote);
    }

    /// Answers or abandons what is open within a call that ends.
    pub(super) fn drop_offers(&mut self, now: Time, handle: CallHandle) {
        let Some(call) = self.calls.get_mut(handle.index as usize) else { return };
        let theirs = call.their_offer.take();
        let ours = call.our_offer.take().and_then(|offer| offer.client);
        if let Some(offer) = theirs {
            self.respond_plain(now, offer.server, 487, None, b"");
        }
        if let Some(client) = ours {
            self.abandon(now, client, Claim::Nobody);
        }
    }

    /// A re-INVITE (RFC 3261 14.2).
    fn offer(
        &mut self,
        now: Time,
        request: &Request<'_>,
        core: &Core<'_>,
        key: Arc<[u8]>,
        handle: CallHandle,
    ) {
        let Some(call) = self.call(handle) else { return };
        if call.their_offer.is_some() || matches!(call.phase, Phase::Incoming { .. }) {
            let wait = self.random.below(11);
            let mut headers = Lines::bare();
            headers.number("Retry-After", wait);
            return self.answer(request, core, 500, None, &headers.into_lines());
        }
        let our_offer_open = call.unacknowledged.as_ref().is_some_and(|waiting| waiting.offered);
        if call.offer_on_its_way() || call.awaited_answer.is_some() || our_offer_open {
            return self.answer(request, core, 491, None, b"");
        }
        let Some(offer) = self.invite_body(request, core) else { return };
        let head = self.head(request, core);
        let Some(server) = self.add_server(now, key, head, core.cseq, true) else {
            return self.refuse_by_limit(request, core);
        };
        if let Some(transaction) = self.servers.get_mut(server as usize) {
            transaction.call = Some(handle);
        }
        if let Some(call) = self.call(handle) {
            call.their_offer = Some(TheirOffer { server, offered: offer.is_some() });
            if let Some(dialog) = &mut call.dialog {
                dialog.refresh_target(request.message, request.source);
            }
        }
        self.tell(Event::Offer { call: handle, sdp: offer.map(<[u8]>::to_vec) });
    }

    fn info(
        &mut self,
        now: Time,
        request: &Request<'_>,
        core: &Core<'_>,
        key: Arc<[u8]>,
        handle: CallHandle,
    ) {
        if !self.requires_nothing(request, core) {
            return;
        }
        let head = self.head(request, core);
        let Some(index) = self.add_server(now, key, head, core.cseq, false) else {
            return self.refuse_by_limit(request, core);
        };
        self.respond_plain(now, index, 200, None, b"");
        let content_type = request.message.header(HeaderId::ContentType).unwrap_or_default();
        let content_type = text::decode_readable(crate::wire::media_type(content_type)).to_ascii_lowercase();
        self.tell(Event::Info { call: handle, content_type, body: request.message.body.to_vec() });
    }

    /// The ACK for a 2xx of ours. Says whether it belongs to a call; a repeated one does, and does
    /// nothing.
    pub(super) fn dialog_ack(&mut self, now: Time, request: &Request<'_>, core: &Core<'_>) -> bool {
        let Some(handle) = core.to.tag().and_then(|tag| self.dialog_of(core, tag)) else { return false };
        let Some(call) = self.calls.get_mut(handle.index as usize) else { return false };
        let matches = call.unacknowledged.as_ref().is_some_and(|waiting| waiting.cseq == core.cseq);
        let Some(waiting) = call.unacknowledged.take_if(|_| matches) else { return true };
        if call.ended {
            self.leave_call(now, handle);
            return true;
        }
        if waiting.first {
            self.tell(Event::Acknowledged { call: handle });
        }
        if waiting.offered {
            let sdp = match session_description(request.message) {
                Body::Sdp(answer) => Some(answer.to_vec()),
                Body::None | Body::Unsupported => None,
            };
            self.tell(Event::AnswerReceived { call: handle, sdp });
        }
        self.send_waiting_offer(now, handle);
        self.settle_call(handle);
        true
    }
}
