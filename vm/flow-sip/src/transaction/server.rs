//! Server transactions: a request that came in (RFC 3261 17.2, RFC 6026 7.1).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::{GIVE_UP, T1, T4, TRYING, doubled};
use crate::config::TransportId;
use crate::event::CallHandle;
use crate::time::Time;
use crate::vocabulary::reason_phrase;
use crate::wire::{Core, HeaderId, Lines, Message, push_unfolded, top_via};

/// What every response to one request repeats from it, and the way back.
pub(crate) struct ResponseHead {
    /// Via, From, To (with our tag), Call-ID, CSeq.
    lines: Box<[u8]>,
    /// Record-Route, for responses that make a dialog.
    record_route: Box<[u8]>,
    pub(crate) transport: TransportId,
    pub(crate) destination: SocketAddr,
}

impl ResponseHead {
    /// Copies what responses repeat. A tag is added to To when it has none.
    pub(crate) fn new(
        message: &Message<'_>,
        core: &Core<'_>,
        transport: TransportId,
        source: SocketAddr,
        tag: &str,
    ) -> ResponseHead {
        let mut lines = Lines::bare();
        copy_vias(message, source, &mut lines);
        lines.header("From", message.header(HeaderId::From).unwrap_or_default());
        let to = message.header(HeaderId::To).unwrap_or_default();
        if core.to.tag().is_some() {
            lines.header("To", to);
        } else {
            let mut tagged = Vec::with_capacity(to.len() + tag.len() + 5);
            push_unfolded(&mut tagged, to);
            tagged.extend_from_slice(b";tag=");
            tagged.extend_from_slice(tag.as_bytes());
            lines.header("To", &tagged);
        }
        lines.header("Call-ID", core.call_id).cseq(core.cseq, core.cseq_method.bytes());
        let mut record_route = Lines::bare();
        for value in message.headers(HeaderId::RecordRoute) {
            record_route.header("Record-Route", value);
        }
        // RFC 3261 18.2.2 and RFC 3581: back to where it came from, to the port that it asks for.
        let port = if core.via.asks_rport() { source.port() } else { core.via.port.unwrap_or(5060) };
        ResponseHead {
            lines: lines.into_lines(),
            record_route: record_route.into_lines(),
            transport,
            destination: SocketAddr::new(source.ip(), port),
        }
    }

    /// A response without a body; further headers as lines.
    pub(crate) fn plain(&self, code: u16, reason: Option<&str>, headers: &[u8]) -> Vec<u8> {
        let mut lines = Lines::response(code, reason.unwrap_or(reason_phrase(code)));
        lines.lines(&self.lines).lines(headers);
        lines.finish(None)
    }

    /// A response within (or making) a dialog: Record-Route, further headers, a session description.
    pub(crate) fn dialog(&self, code: u16, headers: &[u8], sdp: Option<&[u8]>) -> Vec<u8> {
        let mut lines = Lines::response(code, reason_phrase(code));
        lines.lines(&self.lines).lines(&self.record_route).lines(headers);
        lines.finish(sdp.map(|sdp| ("application/sdp", sdp)))
    }
}

/// The Via lines of a response; all but the first value as they came.
fn copy_vias(message: &Message<'_>, source: SocketAddr, lines: &mut Lines) {
    for (place, value) in message.list(HeaderId::Via).enumerate() {
        match (place, crate::wire::Via::parse(value)) {
            (0, Some(via)) => lines.header("Via", &top_via(&via, source)),
            _ => lines.header("Via", value),
        };
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// No final response yet.
    Proceeding,
    /// A final response was sent: not a 2xx when it is an INVITE.
    Completed,
    /// INVITE only: the ACK for a refusal came.
    Confirmed,
    /// INVITE only: a 2xx was sent, which the call repeats.
    Accepted,
}

/// What a deadline wants.
pub(crate) enum ServerDeadline {
    /// Send this (again).
    Send(Arc<[u8]>),
    /// The transaction is over.
    Finished,
    /// Nothing yet.
    Wait,
}

/// A request that came in and our response to it.
pub(crate) struct ServerTransaction {
    pub(crate) key: Arc<[u8]>,
    /// Set for INVITEs that made a call.
    pub(crate) merge_key: Option<Arc<[u8]>>,
    /// Given up with the final response: what is left of a finished call stays small.
    pub(crate) head: Option<Box<ResponseHead>>,
    pub(crate) transport: TransportId,
    pub(crate) destination: SocketAddr,
    /// The call that has to answer.
    pub(crate) call: Option<CallHandle>,
    pub(crate) cseq: u32,
    invite: bool,
    state: State,
    response: Option<Arc<[u8]>>,
    interval: Duration,
    send_at: Option<Time>,
    ends_at: Option<Time>,
    /// What the timer queue knows.
    pub(crate) timer: Option<Time>,
}

impl ServerTransaction {
    /// A transaction that waits for its response. INVITEs are answered 100 after a while.
    pub(crate) fn new(now: Time, key: Arc<[u8]>, head: ResponseHead, cseq: u32, invite: bool) -> Self {
        ServerTransaction {
            key,
            merge_key: None,
            transport: head.transport,
            destination: head.destination,
            head: Some(Box::new(head)),
            call: None,
            cseq,
            invite,
            state: State::Proceeding,
            response: None,
            interval: T1,
            send_at: invite.then(|| now + TRYING),
            ends_at: None,
            timer: None,
        }
    }

    /// Whether a final response is still owed.
    pub(crate) fn is_pending(&self) -> bool {
        self.state == State::Proceeding
    }

    /// Takes our response; send it now. The transaction repeats it, unless it is a 2xx to an INVITE.
    pub(crate) fn respond(&mut self, now: Time, code: u16, bytes: Arc<[u8]>) {
        self.send_at = None;
        if code < 200 {
            self.response = Some(bytes);
            return;
        }
        self.ends_at = Some(now + GIVE_UP);
        self.head = None;
        if self.invite && code < 300 {
            self.state = State::Accepted;
            self.response = None;
        } else {
            self.state = State::Completed;
            self.response = Some(bytes);
            if self.invite {
                self.send_at = Some(now + self.interval);
            }
        }
    }

    /// The request came again: what to send again, if anything.
    pub(crate) fn repeated(&self) -> Option<Arc<[u8]>> {
        match self.state {
            State::Proceeding | State::Completed => self.response.clone(),
            State::Confirmed | State::Accepted => None,
        }
    }

    /// An ACK with the branch of the INVITE. Says whether it was meant for a refusal; the ACK for a 2xx
    /// belongs to the dialog, even with that branch.
    pub(crate) fn acknowledged(&mut self, now: Time) -> bool {
        match self.state {
            State::Completed => {
                self.state = State::Confirmed;
                self.response = None;
                self.send_at = None;
                self.ends_at = Some(now + T4);
                true
            }
            State::Confirmed => true,
            State::Proceeding | State::Accepted => false,
        }
    }

    /// When it wants to be woken.
    pub(crate) fn deadline(&self) -> Option<Time> {
        [self.send_at, self.ends_at].into_iter().flatten().min()
    }

    /// A deadline has come.
    pub(crate) fn wake(&mut self, now: Time) -> ServerDeadline {
        if self.ends_at.is_some_and(|at| at <= now) {
            return ServerDeadline::Finished;
        }
        if self.send_at.is_none_or(|at| at > now) {
            return ServerDeadline::Wait;
        }
        if let Some(head) = &self.head {
            let trying: Arc<[u8]> = head.plain(100, None, b"").into();
            self.send_at = None;
            self.response = Some(Arc::clone(&trying));
            return ServerDeadline::Send(trying);
        }
        self.interval = doubled(self.interval);
        self.send_at = Some(now + self.interval);
        self.response.clone().map_or(ServerDeadline::Wait, ServerDeadline::Send)
    }
}
