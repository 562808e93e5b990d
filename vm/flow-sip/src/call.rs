//! A call: one INVITE, the dialog that comes of it, and the offers within it. Plain state; the endpoint
//! moves it.

use std::sync::Arc;
use std::time::Duration;

use crate::dialog::Dialog;
use crate::event::CallHandle;
use crate::time::Time;
use crate::transaction::{GIVE_UP, T1, doubled};

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Their INVITE waits for our final response.
    Incoming {
        /// The server transaction.
        server: u32,
        /// Whether the INVITE carried an offer.
        offered: bool,
    },
    /// Our INVITE waits for their final response.
    Outgoing {
        /// The client transaction.
        client: u32,
    },
    /// A 2xx was sent or received.
    Established,
}

/// A 2xx of ours that waits for its ACK (RFC 3261 13.3.1.4).
pub(crate) struct Unacknowledged {
    pub(crate) cseq: u32,
    pub(crate) response: Arc<[u8]>,
    pub(crate) destination: std::net::SocketAddr,
    /// The 2xx carried our offer, so the ACK carries the answer.
    pub(crate) offered: bool,
    /// It answers the INVITE that made the call.
    pub(crate) first: bool,
    interval: Duration,
    send_at: Time,
    gives_up_at: Time,
}

impl Unacknowledged {
    pub(crate) fn new(
        now: Time,
        cseq: u32,
        (response, destination): (Arc<[u8]>, std::net::SocketAddr),
        offered: bool,
        first: bool,
    ) -> Unacknowledged {
        Unacknowledged {
            cseq,
            response,
            destination,
            offered,
            first,
            interval: T1,
            send_at: now + T1,
            gives_up_at: now + GIVE_UP,
        }
    }

    /// When something is to be done about it.
    pub(crate) fn deadline(&self) -> Time {
        self.send_at.min(self.gives_up_at)
    }

    /// Whether the peer has had its time.
    pub(crate) fn is_hopeless(&self, now: Time) -> bool {
        self.gives_up_at <= now
    }

    /// Whether it is to be sent again now; counts the interval on.
    pub(crate) fn is_due(&mut self, now: Time) -> bool {
        let due = self.send_at <= now;
        if due {
            self.interval = doubled(self.interval);
            self.send_at = now + self.interval;
        }
        due
    }
}

/// Their re-INVITE, which the driver has to answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TheirOffer {
    pub(crate) server: u32,
    /// It carried an offer; otherwise our answer is one.
    pub(crate) offered: bool,
}

/// Our wish for a re-INVITE, on its way or waiting for its turn.
pub(crate) struct OurOffer {
    pub(crate) sdp: Box<[u8]>,
    /// The client transaction, once it is on its way.
    pub(crate) client: Option<u32>,
    /// When to try again after glare; `None` waits for the ACK that is due first.
    pub(crate) try_at: Option<Time>,
    /// How often it crossed an offer of theirs.
    pub(crate) crossed: u8,
}

/// An acceptance of our INVITE that carries their offer: the ACK waits for our answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AwaitedAnswer {
    pub(crate) client: u32,
    pub(crate) cseq: u32,
}

/// One call.
pub(crate) struct Call {
    pub(crate) handle: CallHandle,
    pub(crate) phase: Phase,
    /// Absent until our INVITE is accepted.
    pub(crate) dialog: Option<Box<Dialog>>,
    /// `Ended` was told; what is left is to wait for an ACK and send BYE.
    pub(crate) ended: bool,
    pub(crate) unacknowledged: Option<Box<Unacknowledged>>,
    pub(crate) their_offer: Option<TheirOffer>,
    pub(crate) our_offer: Option<Box<OurOffer>>,
    pub(crate) awaited_answer: Option<AwaitedAnswer>,
    /// When a provisional response of ours is told again, so that proxies do not give up (13.3.1.1).
    pub(crate) refresh_at: Option<Time>,
    /// What the timer queue knows.
    pub(crate) timer: Option<Time>,
}

impl Call {
    pub(crate) fn new(handle: CallHandle, phase: Phase, dialog: Option<Dialog>) -> Call {
        Call {
            handle,
            phase,
            dialog: dialog.map(Box::new),
            ended: false,
            unacknowledged: None,
            their_offer: None,
            our_offer: None,
            awaited_answer: None,
            refresh_at: None,
            timer: None,
        }
    }

    /// When the call wants to be woken.
    pub(crate) fn deadline(&self) -> Option<Time> {
        let offer = self.our_offer.as_ref().and_then(|offer| offer.try_at);
        let ack = self.unacknowledged.as_ref().map(|waiting| waiting.deadline());
        [self.refresh_at, offer, ack].into_iter().flatten().min()
    }

    /// Whether a re-INVITE of ours may be sent now: the call stands, and no other offer is open.
    pub(crate) fn may_offer(&self) -> bool {
        self.phase == Phase::Established
            && !self.ended
            && self.unacknowledged.is_none()
            && self.their_offer.is_none()
            && self.awaited_answer.is_none()
    }

    /// Whether our re-INVITE is on its way.
    pub(crate) fn offer_on_its_way(&self) -> bool {
        self.our_offer.as_ref().is_some_and(|offer| offer.client.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transaction::{ClientTransaction, ServerTransaction};

    /// A hundred thousand waiting calls, and the transactions of 32 seconds at 5,000 calls a second, fit
    /// a small machine only while these stay small.
    #[test]
    fn a_call_and_its_transactions_are_small() {
        assert!(size_of::<Call>() <= 160, "{}", size_of::<Call>());
        assert!(size_of::<Dialog>() <= 256, "{}", size_of::<Dialog>());
        assert!(size_of::<ServerTransaction>() <= 256, "{}", size_of::<ServerTransaction>());
        assert!(size_of::<ClientTransaction>() <= 288, "{}", size_of::<ClientTransaction>());
    }
}
