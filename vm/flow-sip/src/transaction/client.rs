//! Client transactions: a request of ours (RFC 3261 17.1, RFC 6026 7.2).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::{GIVE_UP, RINGS_TOO_LONG, T1, T2, T4, doubled};
use crate::config::TransportId;
use crate::event::CallHandle;
use crate::time::Time;

/// Who wants to know how a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// A call that we make: its first INVITE.
    Invite(CallHandle),
    /// A call that stands: an INVITE within it.
    Reinvite(CallHandle),
    /// A call that stands: a REFER within it.
    Refer(CallHandle),
    /// Nobody any more. An INVITE that is accepted all the same is acknowledged and hung up.
    Abandoned,
    /// Nobody, and an acceptance is only acknowledged, because a BYE is on its way already.
    Nobody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing heard yet.
    Calling,
    /// A provisional response was heard.
    Proceeding,
    /// A final response was heard: not a 2xx when it is an INVITE.
    Completed,
    /// INVITE only: a 2xx was heard; more may come from other forks.
    Accepted,
}

/// What a response means to the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Pass it on.
    News,
    /// A refusal of an INVITE came again: acknowledge it again.
    RefusalAgain,
    /// Nothing new.
    Repetition,
}

/// What a deadline wants.
pub(crate) enum ClientDeadline {
    /// Send the request again.
    Send(Arc<[u8]>),
    /// No final response came: the transaction is over.
    TimedOut,
    /// No final response came to an INVITE that was answered provisionally: it is to be cancelled.
    RingsTooLong,
    /// The transaction is over as it should be.
    Finished,
    /// Nothing yet.
    Wait,
}

/// An ACK for one 2xx, to be sent again when the 2xx comes again.
pub(crate) struct SentAck {
    pub(crate) to_tag: Box<[u8]>,
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) destination: SocketAddr,
}

/// A request of ours on its way.
pub(crate) struct ClientTransaction {
    /// Our branch; with `cancel` what responses find the transaction by.
    pub(crate) branch: Box<str>,
    /// CANCEL shares the branch of its INVITE.
    pub(crate) cancel: bool,
    pub(crate) request: Arc<[u8]>,
    pub(crate) transport: TransportId,
    pub(crate) destination: SocketAddr,
    pub(crate) claim: Claim,
    pub(crate) invite: bool,
    /// The ACK for a refusal.
    pub(crate) refusal_ack: Option<Arc<[u8]>>,
    /// The ACKs for acceptances.
    pub(crate) acks: Vec<SentAck>,
    /// A BYE keeps the tag of its dialog, so that their BYE, crossing ours, is answered 200.
    pub(crate) dialog_tag: Option<Box<str>>,
    cancelled: Cancel,
    state: State,
    interval: Duration,
    send_at: Option<Time>,
    ends_at: Option<Time>,
    /// What the timer queue knows.
    pub(crate) timer: Option<Time>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cancel {
    No,
    Wanted,
    Sent,
}

impl ClientTransaction {
    /// A request that has just been sent.
    pub(crate) fn new(
        now: Time,
        branch: String,
        request: Arc<[u8]>,
        (transport, destination): (TransportId, SocketAddr),
        invite: bool,
        claim: Claim,
    ) -> ClientTransaction {
        ClientTransaction {
            branch: branch.into_boxed_str(),
            cancel: false,
            request,
            transport,
            destination,
            claim,
            invite,
            refusal_ack: None,
            acks: Vec::new(),
            dialog_tag: None,
            cancelled: Cancel::No,
            state: State::Calling,
            interval: T1,
            send_at: Some(now + T1),
            ends_at: Some(now + GIVE_UP),
            timer: None,
        }
    }

    /// Whether a final response is still awaited.
    pub(crate) fn is_pending(&self) -> bool {
        matches!(self.state, State::Calling | State::Proceeding)
    }

    /// A response came.
    pub(crate) fn hear(&mut self, now: Time, code: u16) -> Heard {
        match self.state {
            State::Completed if self.invite && code >= 300 => Heard::RefusalAgain,
            State::Completed => Heard::Repetition,
            State::Accepted if (200..300).contains(&code) => Heard::News,
            State::Accepted => Heard::Repetition,
            State::Calling | State::Proceeding => {
                self.advance(now, code);
                Heard::News
            }
        }
    }

    fn advance(&mut self, now: Time, code: u16) {
        if code < 200 {
            self.state = State::Proceeding;
            if self.invite {
                self.send_at = None;
                // A cancelled INVITE is not waited for any longer (RFC 3261 9.1).
                if self.cancelled != Cancel::Sent {
                    self.ends_at = Some(now + RINGS_TOO_LONG);
                }
            } else {
                self.interval = T2;
            }
            return;
        }
        self.send_at = None;
        self.state = if self.invite && code < 300 { State::Accepted } else { State::Completed };
        // Timers D and M for INVITE, K for the rest.
        self.ends_at = Some(now + if self.invite { GIVE_UP } else { T4 });
    }

    /// The caller wants the INVITE cancelled. Says whether the CANCEL may be sent now; before the first
    /// provisional response it may not (RFC 3261 9.1).
    pub(crate) fn want_cancel(&mut self) -> bool {
        if self.invite && self.is_pending() && self.cancelled == Cancel::No {
            self.cancelled = Cancel::Wanted;
        }
        self.may_cancel()
    }

    /// Whether a CANCEL is wanted and may be sent now.
    pub(crate) fn may_cancel(&self) -> bool {
        self.cancelled == Cancel::Wanted && self.state == State::Proceeding
    }

    /// The CANCEL was sent.
    pub(crate) fn cancel_sent(&mut self, now: Time) {
        self.cancelled = Cancel::Sent;
        self.ends_at = Some(now + GIVE_UP);
    }

    /// When it wants to be woken.
    pub(crate) fn deadline(&self) -> Option<Time> {
        [self.send_at, self.ends_at].into_iter().flatten().min()
    }

    /// A deadline has come.
    pub(crate) fn wake(&mut self, now: Time) -> ClientDeadline {
        if self.ends_at.is_some_and(|at| at <= now) {
            if self.invite && self.state == State::Proceeding && self.cancelled == Cancel::No {
                self.ends_at = None;
                return ClientDeadline::RingsTooLong;
            }
            return if self.is_pending() { ClientDeadline::TimedOut } else { ClientDeadline::Finished };
        }
        if self.send_at.is_none_or(|at| at > now) {
            return ClientDeadline::Wait;
        }
        // Timer A doubles without bound, timer E up to T2.
        self.interval = if self.invite { self.interval * 2 } else { doubled(self.interval) };
        self.send_at = Some(now + self.interval);
        ClientDeadline::Send(Arc::clone(&self.request))
    }
}
