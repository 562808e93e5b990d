//! An INVITE from outside any dialog: the checks of RFC 3261 8.2 and 13.3, then a new call.

use std::sync::Arc;

use super::{Endpoint, Request};
use crate::call::Phase;
use crate::dialog::Dialog;
use crate::event::{CallHandle, EndCause, Event, IncomingInvite};
use crate::text;
use crate::time::Time;
use crate::transaction::{ResponseHead, merge_key};
use crate::uri::Uri;
use crate::vocabulary::{Known, name};
use crate::wire::{Body, Core, HeaderId, Lines, session_description};

/// What a sender that we refuse for lack of room is told to wait, in seconds.
const RETRY_AFTER: u64 = 5;

impl Endpoint {
    pub(super) fn incoming_invite(
        &mut self,
        now: Time,
        request: &Request<'_>,
        core: &Core<'_>,
        key: Arc<[u8]>,
    ) {
        let merge = merge_key(core);
        if self.servers_by_merge.contains_key(&merge) {
            return self.answer(request, core, 482, None, b"");
        }
        let Some(offer) = self.invite_body(request, core) else { return };
        if request.uri.len() > Uri::LONGEST {
            return self.answer(request, core, 414, None, b"");
        }
        let Ok(request_uri) = Uri::parse(request.uri) else {
            return self.answer(request, core, 400, Some("Bad Request-URI"), b"");
        };
        if !request_uri.is_sip() && !request_uri.scheme().eq_ignore_ascii_case("tel") {
            return self.answer(request, core, 416, None, b"");
        }
        let (Some(from), Some(to)) = (core.from.name_addr(), core.to.name_addr()) else {
            return self.answer(request, core, 400, Some("Bad From Or To"), b"");
        };
        if request.message.list(HeaderId::RecordRoute).nth(self.config.limits.routes).is_some() {
            return self.answer(request, core, 400, Some("Too Many Routes"), b"");
        }
        if self.calls.len() >= self.config.limits.calls {
            return self.refuse_by_limit(request, core);
        }
        let tag = self.random.token();
        let way = (request.transport, request.source);
        let Ok(dialog) = Dialog::incoming(request.message, core, way, &tag, &self.config.limits) else {
            return self.answer(request, core, 400, Some("Bad Contact"), b"");
        };
        let head = ResponseHead::new(request.message, core, request.transport, request.source, &tag);
        let Some(server) = self.add_server(now, key, head, core.cseq, true) else {
            return self.refuse_by_limit(request, core);
        };
        let call = self.add_call(Phase::Incoming { server, offered: offer.is_some() }, Some(dialog));
        if let Some(transaction) = self.servers.get_mut(server as usize) {
            transaction.call = Some(call);
            transaction.merge_key = Some(Arc::clone(&merge));
            self.servers_by_merge.insert(merge, server);
        }
        self.counters.incoming_calls += 1;
        let info = name(Known::Info).as_bytes();
        let request = IncomingInvite {
            transport: request.transport,
            source: request.source,
            request_uri,
            from,
            to,
            call_id: text::decode_readable(core.call_id),
            offer: offer.map(<[u8]>::to_vec),
            allow_info: request.message.list(HeaderId::Allow).any(|method| method == info),
            raw: request.raw.into(),
        };
        self.tell(Event::Incoming { call, request: Box::new(request) });
    }

    /// The offer of an INVITE, in a dialog or not. `None` when the request was refused.
    pub(super) fn invite_body<'a>(
        &mut self,
        request: &Request<'a>,
        core: &Core<'_>,
    ) -> Option<Option<&'a [u8]>> {
        if !self.requires_nothing(request, core) {
            return None;
        }
        match session_description(request.message) {
            Body::None => Some(None),
            Body::Sdp(offer) => Some(Some(offer)),
            Body::Unsupported => {
                let mut headers = Lines::bare();
                headers.header("Accept", b"application/sdp").header("Accept-Encoding", b"identity");
                self.answer(request, core, 415, None, &headers.into_lines());
                None
            }
        }
    }

    pub(super) fn refuse_by_limit(&mut self, request: &Request<'_>, core: &Core<'_>) {
        self.counters.refused_by_limit += 1;
        let mut headers = Lines::bare();
        headers.number("Retry-After", RETRY_AFTER);
        self.answer(request, core, 503, None, &headers.into_lines());
    }

    /// A pending INVITE of a call was cancelled and answered 487.
    pub(super) fn invite_cancelled(&mut self, now: Time, handle: CallHandle, server: u32) {
        let Some(call) = self.call(handle) else { return };
        if matches!(call.phase, Phase::Incoming { .. }) {
            return self.end_call(handle, EndCause::Cancelled);
        }
        if call.their_offer.is_some_and(|offer| offer.server == server) {
            call.their_offer = None;
            self.tell(Event::OfferWithdrawn { call: handle });
            self.send_waiting_offer(now, handle);
        }
    }
}
