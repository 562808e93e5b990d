//! The endpoint: every call of a node.

use std::net::SocketAddr;

use crate::address::NameAddr;
use crate::config::{Config, TransportId};
use crate::counters::Counters;
use crate::event::{CallHandle, Output};
use crate::time::Time;
use crate::uri::Uri;

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
    pub headers: Vec<(String, String)>,
}

/// The SIP side of a node: all its listeners, all its calls.
pub struct Endpoint {
    counters: Counters,
}

impl Endpoint {
    /// An endpoint without calls. Sends nothing by itself.
    pub fn new(_config: Config) -> Endpoint {
        Endpoint { counters: Counters::default() }
    }

    /// A datagram arrived on a listener.
    pub fn handle_datagram(&mut self, _now: Time, _t: TransportId, _source: SocketAddr, _bytes: &[u8]) {}

    /// The instant that `next_deadline` named has come (or passed).
    pub fn handle_deadline(&mut self, _now: Time) {}

    /// The driver could not send to `destination` (an ICMP error, no route): our unanswered requests
    /// to it have failed.
    pub fn handle_unreachable(&mut self, _now: Time, _t: TransportId, _destination: SocketAddr) {}

    /// When `handle_deadline` wants to be called next.
    pub fn next_deadline(&self) -> Option<Time> {
        None
    }

    /// The next thing to do or to know. After every `handle_*` and every command, drain to `None`.
    pub fn poll(&mut self) -> Option<Output> {
        None
    }

    /// Answers an incoming INVITE provisionally (180 Ringing, 183 Session Progress, …).
    pub fn ring(&mut self, _now: Time, call: CallHandle, _code: u16, _sdp: Option<&[u8]>) {
        self.ignore(call);
    }

    /// Answers an incoming INVITE with 200. `sdp` is the answer to its offer, or our offer when it had
    /// none. Repeated until the ACK comes; when none comes in 32 seconds the call ends with `NoAck`.
    pub fn accept(&mut self, _now: Time, call: CallHandle, _sdp: &[u8]) {
        self.ignore(call);
    }

    /// Refuses an incoming INVITE with a final status from 300 to 699. Ends the call.
    pub fn reject(
        &mut self,
        _n: Time,
        call: CallHandle,
        _code: u16,
        _reason: Option<&str>,
        _retry_after: Option<u32>,
    ) {
        self.ignore(call);
    }

    /// Calls somebody. At a limit the call ends at once with `Rejected { code: 503, .. }`.
    pub fn invite(&mut self, _now: Time, _invite: Invite) -> CallHandle {
        CallHandle { index: 0, generation: 0 }
    }

    /// Ends a call whatever its state: CANCEL, BYE or 603. `Ended { LocalHangUp }` follows at once.
    pub fn hang_up(&mut self, _now: Time, call: CallHandle) {
        self.ignore(call);
    }

    /// Offers a new session description within the call. `AnswerReceived` or `OfferRefused` follows.
    pub fn reinvite(&mut self, _now: Time, call: CallHandle, _sdp: &[u8]) {
        self.ignore(call);
    }

    /// Answers `Event::Offer` (with our offer when theirs was absent), or an offer in `Answered`.
    pub fn answer_offer(&mut self, _now: Time, call: CallHandle, _sdp: &[u8]) {
        self.ignore(call);
    }

    /// Refuses `Event::Offer` (488, say); what was agreed before stands.
    pub fn refuse_offer(&mut self, _now: Time, call: CallHandle, _code: u16) {
        self.ignore(call);
    }

    /// Whether nothing is left: no call, no transaction, no timer.
    pub fn is_idle(&self) -> bool {
        true
    }

    /// The counts so far.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    fn ignore(&mut self, _call: CallHandle) {
        self.counters.ignored_commands += 1;
    }
}
