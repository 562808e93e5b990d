//! What an [`Endpoint`](crate::Endpoint) tells its driver: packets to send and things that happened.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::address::NameAddr;
use crate::config::TransportId;
use crate::uri::Uri;

/// One call as SIP sees it: an INVITE and the dialog that comes of it. A handle is never used twice
/// (the generation tells a new call in an old place), so a late command reaches nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallHandle {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

/// Something for the driver to do or to know. Drain [`poll`](crate::Endpoint::poll) to `None` after
/// every `handle_*` and after every command.
#[derive(Debug, Clone)]
pub enum Output {
    /// Send this datagram.
    Transmit {
        /// The socket to send from.
        transport: TransportId,
        /// Where to.
        destination: SocketAddr,
        /// The message; shared with the transaction that may send it again.
        bytes: Arc<[u8]>,
    },
    /// Something happened on a call.
    Event(Event),
}

/// What happened on a call. Every call that was announced by [`Event::Incoming`] or made by
/// [`Endpoint::invite`](crate::Endpoint::invite) ends in exactly one [`Event::Ended`], its last event.
#[derive(Debug, Clone)]
pub enum Event {
    /// Somebody calls. Answer with `ring`, `accept` or `reject`.
    Incoming {
        /// The new call.
        call: CallHandle,
        /// What they ask for.
        request: Box<IncomingInvite>,
    },
    /// A provisional response (101 to 199) to our INVITE. The same one may come again.
    Progress {
        /// The call.
        call: CallHandle,
        /// 180 when it rings, 183 when media comes early, …
        code: u16,
        /// Their answer, when one came along.
        sdp: Option<Vec<u8>>,
    },
    /// Our INVITE was accepted. Without an offer of ours, `sdp` is theirs: answer with `answer_offer`.
    Answered {
        /// The call.
        call: CallHandle,
        /// Their answer (or offer); absent only when it came in a provisional response before.
        sdp: Option<Vec<u8>>,
    },
    /// The first ACK for our 200 arrived: the call that came in stands.
    Acknowledged {
        /// The call.
        call: CallHandle,
    },
    /// A re-INVITE: answer with `answer_offer` or `refuse_offer`. Without `sdp` they ask for our offer.
    Offer {
        /// The call.
        call: CallHandle,
        /// Their offer.
        sdp: Option<Vec<u8>>,
    },
    /// They gave up a re-INVITE that we had not answered yet; what was agreed before stands.
    OfferWithdrawn {
        /// The call.
        call: CallHandle,
    },
    /// The answer to an offer of ours: to `reinvite`, or to the offer in a 200 whose INVITE had none.
    AnswerReceived {
        /// The call.
        call: CallHandle,
        /// Their answer; absent when they broke the rule to send one.
        sdp: Option<Vec<u8>>,
    },
    /// Our `reinvite` came to nothing; what was agreed before stands.
    OfferRefused {
        /// The call.
        call: CallHandle,
        /// Their status, 408 when nobody answered, 491 when offers kept crossing or one is on its way.
        code: u16,
    },
    /// An INFO request, already answered 200.
    Info {
        /// The call.
        call: CallHandle,
        /// Such as `application/dtmf-relay`; lower case, without parameters, empty when absent.
        content_type: String,
        /// As it came.
        body: Vec<u8>,
    },
    /// Our REFER was answered: with 202 the peer tries, with 300 and above (408 when no answer came) it does not.
    ReferAnswered {
        /// The call.
        call: CallHandle,
        /// Their status, 200 to 699.
        code: u16,
    },
    /// How the call goes that the peer makes for our REFER: a provisional status, then a final one.
    ReferProgress {
        /// The call.
        call: CallHandle,
        /// The status of that other call, 100 to 699.
        code: u16,
    },
    /// The call is over. What SIP has left to do (retransmit a BYE, say) it does by itself.
    Ended {
        /// The call; the handle is good for nothing from here on.
        call: CallHandle,
        /// Why.
        cause: EndCause,
    },
}

/// Why a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndCause {
    /// They sent BYE.
    ByRemote,
    /// They cancelled their INVITE before we had answered it.
    Cancelled,
    /// They refused our INVITE.
    Rejected {
        /// The final status, 300 to 699.
        code: u16,
        /// Their reason phrase.
        reason: String,
    },
    /// We refused their INVITE.
    Declined {
        /// Our status.
        code: u16,
    },
    /// Nobody answered our INVITE, or a re-INVITE; or it rang for three minutes and nothing came after.
    Timeout,
    /// Our 200 was never acknowledged (64 × T1, 32 seconds); a BYE was sent.
    NoAck,
    /// The driver said that the peer cannot be reached.
    TransportError,
    /// `hang_up`.
    LocalHangUp,
}

/// A call that came in.
#[derive(Debug, Clone)]
pub struct IncomingInvite {
    /// The socket it came to.
    pub transport: TransportId,
    /// The address it really came from.
    pub source: SocketAddr,
    /// Whom they call.
    pub request_uri: Uri,
    /// Who they say they are. Unproven.
    pub from: NameAddr,
    /// Whom they first dialled.
    pub to: NameAddr,
    /// The Call-ID; bytes outside UTF-8 are read as Latin-1.
    pub call_id: String,
    /// Their session description; without one, our 200 carries the offer.
    pub offer: Option<Vec<u8>>,
    /// Their `Allow` names INFO.
    pub allow_info: bool,
    /// The whole message as it came.
    pub raw: Arc<[u8]>,
}

impl IncomingInvite {
    /// The values of a header, in order, each unfolded, compact form and case aside. Headers that are
    /// lists are not cut at commas.
    pub fn header_values(&self, name: &str) -> Vec<String> {
        crate::wire::header_values(&self.raw, name)
    }
}
