//! Transactions (RFC 3261 17 with RFC 6026): one request and its responses, repeated as an unreliable
//! transport needs it. Each is a small machine that is told the time and answers with bytes to send;
//! none knows of calls, dialogs or other transactions.

mod client;
mod server;

pub(crate) use client::{Claim, ClientDeadline, ClientTransaction, Heard, SentAck};
pub(crate) use server::{ResponseHead, ServerDeadline, ServerTransaction};

use std::sync::Arc;
use std::time::Duration;

use crate::vocabulary::{Known, Method, name};
use crate::wire::{Core, Via};

/// Round-trip estimate (RFC 3261 17.1.1.1).
pub(crate) const T1: Duration = Duration::from_millis(500);
/// Longest time between retransmissions.
pub(crate) const T2: Duration = Duration::from_secs(4);
/// Longest life of a message in the network.
pub(crate) const T4: Duration = Duration::from_secs(5);
/// Timers B, F, H, J, L, M: 64 × T1.
pub(crate) const GIVE_UP: Duration = Duration::from_secs(32);
/// An INVITE of ours of which nothing was heard for so long after a provisional response is cancelled.
/// (Timer C; RFC 3261 16.6 gives it to proxies, and what waits behind them should not wait longer.)
pub(crate) const RINGS_TOO_LONG: Duration = Duration::from_secs(185);
/// An INVITE that is not answered by then gets 100 Trying (RFC 3261 17.2.1).
pub(crate) const TRYING: Duration = Duration::from_millis(200);

/// The interval after this one: twice as long, but not longer than T2.
pub(crate) fn doubled(interval: Duration) -> Duration {
    (interval * 2).min(T2)
}

/// What requests of one server transaction have in common (RFC 3261 17.2.3). ACK belongs to INVITE.
pub(crate) fn server_key(core: &Core<'_>, method: Method<'_>, uri: &[u8]) -> Arc<[u8]> {
    let method = if method.is(Known::Ack) { name(Known::Invite).as_bytes() } else { method.bytes() };
    let mut key = Vec::with_capacity(96);
    let mut part = |bytes: &[u8]| {
        key.extend_from_slice(bytes);
        key.push(0);
    };
    part(method);
    if let Some(branch) = core.via.unique_branch() {
        part(branch);
        part_of_sender(&core.via, &mut part);
    } else {
        // RFC 2543: no unique branch. The To tag is left out, so that the ACK for our refusal, which
        // has one, finds the INVITE, which had none; Call-ID, From tag and CSeq are unique without it.
        part(uri);
        part(core.call_id);
        part(core.from.tag().unwrap_or_default());
        part(&core.cseq.to_be_bytes());
        part(core.via.branch().unwrap_or_default());
        part_of_sender(&core.via, &mut part);
    }
    key.into()
}

fn part_of_sender(via: &Via<'_>, part: &mut impl FnMut(&[u8])) {
    part(via.host.to_ascii_lowercase().as_bytes());
    part(&via.port.unwrap_or(5060).to_be_bytes());
}

/// What copies of one INVITE that came by different ways have in common (RFC 3261 8.2.2.2).
pub(crate) fn merge_key(core: &Core<'_>) -> Arc<[u8]> {
    let mut key = Vec::with_capacity(64);
    key.extend_from_slice(core.from.tag().unwrap_or_default());
    key.push(0);
    key.extend_from_slice(core.call_id);
    key.push(0);
    key.extend_from_slice(&core.cseq.to_be_bytes());
    key.into()
}
