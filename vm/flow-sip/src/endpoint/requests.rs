//! Requests that come in: what is wrong with them, which transaction they belong to, and the answers
//! that need no memory.
//!
//! Refusals here are stateless (RFC 3261 8.2.7): the same request gets the same answer with the same
//! tag, so a flood of bad requests costs nothing that lasts.

use std::sync::Arc;

use super::{Endpoint, Request};
use crate::time::Time;
use crate::transaction::{ResponseHead, server_key};
use crate::vocabulary::{ALLOW, Known, Method};
use crate::wire::{Core, HeaderId, Lines};

impl Endpoint {
    pub(super) fn request(&mut self, now: Time, request: &Request<'_>) {
        let ack = request.method.is(Known::Ack);
        if let Some(defect) = request.message.defect {
            let (code, problem) = defect.status();
            return self.refuse_malformed(request, code, problem);
        }
        let core = match request.message.core() {
            Ok(core) => core,
            Err(problem) => return self.refuse_malformed(request, 400, problem),
        };
        let key = server_key(&core, request.method, request.uri);
        let known = self.servers_by_key.get(&key).copied();
        if ack {
            return self.acknowledgement(now, request, &core, known);
        }
        if let Some(index) = known {
            return self.repeat_response(index);
        }
        if request.method.is(Known::Cancel) {
            return self.cancel(now, request, &core);
        }
        if let Some(tag) = core.to.tag() {
            return self.dialog_request(now, request, &core, key, tag);
        }
        match request.message.max_forwards() {
            Err(problem) => return self.refuse_malformed(request, 400, problem),
            Ok(Some(0)) => return self.answer(request, &core, 483, None, b""),
            Ok(_) => {}
        }
        match request.method {
            Method::Known(Known::Invite) => self.incoming_invite(now, request, &core, key),
            Method::Known(Known::Options) if self.requires_nothing(request, &core) => {
                self.answer_options(request, &core);
            }
            Method::Known(Known::Options) => {}
            Method::Known(Known::Bye | Known::Info | Known::Update | Known::PRack) => {
                self.counters.unknown_dialogs += 1;
                self.answer(request, &core, 481, None, b"");
            }
            _ => self.answer_unknown_method(request, &core),
        }
    }

    /// Sends a response and keeps nothing.
    pub(super) fn answer(
        &mut self,
        request: &Request<'_>,
        core: &Core<'_>,
        code: u16,
        reason: Option<&str>,
        headers: &[u8],
    ) {
        let tag = self.stateless_tag(core);
        let head = ResponseHead::new(request.message, core, request.transport, request.source, &tag);
        let bytes = head.plain(code, reason, headers);
        self.transmit(head.transport, head.destination, bytes.into());
    }

    fn stateless_tag(&self, core: &Core<'_>) -> String {
        let branch = core.via.branch().unwrap_or_default();
        self.random.fingerprint(&[branch, core.call_id, core.from.tag().unwrap_or_default()])
    }

    pub(super) fn answer_options(&mut self, request: &Request<'_>, core: &Core<'_>) {
        let mut headers = Lines::bare();
        headers.header("Allow", ALLOW.as_bytes()).header("Accept", b"application/sdp");
        self.answer(request, core, 200, None, &headers.into_lines());
    }

    pub(super) fn answer_unknown_method(&mut self, request: &Request<'_>, core: &Core<'_>) {
        let code = if matches!(request.method, Method::Known(_)) { 405 } else { 501 };
        let mut headers = Lines::bare();
        headers.header("Allow", ALLOW.as_bytes());
        self.answer(request, core, code, None, &headers.into_lines());
    }

    /// Refuses extensions that the request insists on (RFC 3261 8.2.2.3); we know none. Says whether
    /// the request may be served.
    pub(super) fn requires_nothing(&mut self, request: &Request<'_>, core: &Core<'_>) -> bool {
        let mut headers = Lines::bare();
        let mut unknown = false;
        for option in request.message.list(HeaderId::Require) {
            headers.header("Unsupported", option);
            unknown = true;
        }
        if unknown {
            self.answer(request, core, 420, None, &headers.into_lines());
        }
        !unknown
    }

    /// Answers a broken request, when it says clearly enough where the answer belongs.
    fn refuse_malformed(&mut self, request: &Request<'_>, code: u16, problem: &str) {
        let message = request.message;
        let Some(via) = message.top_via().filter(|_| !request.method.is(Known::Ack)) else {
            self.counters.unreadable += 1;
            return;
        };
        self.counters.malformed += 1;
        if let Ok(core) = message.core() {
            return self.answer(request, &core, code, Some(problem), b"");
        }
        let mut lines = Lines::response(code, problem);
        lines.header("Via", &crate::wire::top_via(&via, request.source));
        for value in message.list(HeaderId::Via).skip(1) {
            lines.header("Via", value);
        }
        for (id, name) in [
            (HeaderId::From, "From"),
            (HeaderId::To, "To"),
            (HeaderId::CallId, "Call-ID"),
            (HeaderId::CSeq, "CSeq"),
        ] {
            if let Some(value) = message.header(id) {
                lines.header(name, value);
            }
        }
        let port = if via.asks_rport() { request.source.port() } else { via.port.unwrap_or(5060) };
        let destination = std::net::SocketAddr::new(request.source.ip(), port);
        self.transmit(request.transport, destination, lines.finish(None).into());
    }

    fn repeat_response(&mut self, index: u32) {
        let Some(server) = self.servers.get(index as usize) else { return };
        let (transport, destination) = (server.transport, server.destination);
        if let Some(bytes) = server.repeated() {
            self.counters.retransmitted += 1;
            self.transmit(transport, destination, bytes);
        }
    }

    /// ACK: of a refusal by its branch, of an acceptance by its dialog.
    fn acknowledgement(&mut self, now: Time, request: &Request<'_>, core: &Core<'_>, known: Option<u32>) {
        if let Some(index) = known
            && let Some(server) = self.servers.get_mut(index as usize)
            && server.acknowledged(now)
        {
            return self.settle_server(index);
        }
        if !self.dialog_ack(now, request, core) {
            self.counters.stray_acks += 1;
        }
    }

    /// CANCEL: it has the branch of its INVITE (RFC 3261 9.2).
    fn cancel(&mut self, now: Time, request: &Request<'_>, core: &Core<'_>) {
        let key = server_key(core, Method::Known(Known::Invite), request.uri);
        let Some(index) = self.servers_by_key.get(&key).copied() else {
            self.counters.unknown_dialogs += 1;
            return self.answer(request, core, 481, None, b"");
        };
        self.answer(request, core, 200, None, b"");
        let Some(server) = self.servers.get(index as usize).filter(|server| server.is_pending()) else {
            return;
        };
        let call = server.call;
        self.respond_plain(now, index, 487, None, b"");
        if let Some(handle) = call {
            self.invite_cancelled(now, handle, index);
        }
    }

    /// Makes a transaction for a request; `None` at the limit.
    pub(super) fn add_server(
        &mut self,
        now: Time,
        key: Arc<[u8]>,
        head: ResponseHead,
        cseq: u32,
        invite: bool,
    ) -> Option<u32> {
        if self.servers.len() >= self.config.limits.server_transactions {
            return None;
        }
        let transaction =
            crate::transaction::ServerTransaction::new(now, Arc::clone(&key), head, cseq, invite);
        let index = self.servers.insert(transaction) as u32;
        self.servers_by_key.insert(key, index);
        self.settle_server(index);
        Some(index)
    }
}
