//! What is due: retransmissions, give-ups, and the turn of an offer that had to wait.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::Endpoint;
use crate::call::Phase;
use crate::config::TransportId;
use crate::event::{CallHandle, EndCause};
use crate::time::Time;
use crate::timers::Owner;
use crate::transaction::{Claim, ClientDeadline, ServerDeadline};

/// How often a provisional response is told again (RFC 3261 13.3.1.1).
pub(super) const REFRESH: Duration = Duration::from_secs(60);

impl Endpoint {
    /// The instant that `next_deadline` named has come (or passed).
    pub fn handle_deadline(&mut self, now: Time) {
        while let Some(owner) = self.timers.due(now) {
            match owner {
                Owner::Server(index) => self.server_due(now, index),
                Owner::Client(index) => self.client_due(now, index),
                Owner::Call(index) => self.call_due(now, index),
            }
        }
    }

    /// The driver could not send to `destination` (an ICMP error, no route): our unanswered requests
    /// to it have failed.
    pub fn handle_unreachable(&mut self, now: Time, transport: TransportId, destination: SocketAddr) {
        let failed: Vec<u32> = self
            .clients
            .iter()
            .filter(|(_, client)| client.is_pending())
            .filter(|(_, client)| client.transport == transport && client.destination == destination)
            .map(|(index, _)| index as u32)
            .collect();
        for index in failed {
            self.client_failed(now, index, EndCause::TransportError);
        }
    }

    fn server_due(&mut self, now: Time, index: u32) {
        let Some(server) = self.servers.get_mut(index as usize) else { return };
        server.timer = None;
        let again = !server.is_pending();
        let (transport, destination) = (server.transport, server.destination);
        match server.wake(now) {
            ServerDeadline::Send(bytes) => {
                self.counters.retransmitted += u64::from(again);
                self.transmit(transport, destination, bytes);
            }
            ServerDeadline::Finished => return self.forget_server(index),
            ServerDeadline::Wait => {}
        }
        self.settle_server(index);
    }

    fn client_due(&mut self, now: Time, index: u32) {
        let Some(client) = self.clients.get_mut(index as usize) else { return };
        client.timer = None;
        let (transport, destination) = (client.transport, client.destination);
        match client.wake(now) {
            ClientDeadline::Send(bytes) => {
                self.counters.retransmitted += 1;
                self.transmit(transport, destination, bytes);
            }
            ClientDeadline::TimedOut => return self.client_failed(now, index, EndCause::Timeout),
            ClientDeadline::RingsTooLong => self.rings_too_long(now, index),
            ClientDeadline::Finished => return self.forget_client(index),
            ClientDeadline::Wait => {}
        }
        self.settle_client(index);
    }

    /// A request of ours will not be answered any more.
    fn client_failed(&mut self, now: Time, index: u32, cause: EndCause) {
        let Some(client) = self.clients.get(index as usize) else { return };
        let claim = client.claim;
        self.forget_client(index);
        match claim {
            Claim::Invite(handle) => self.end_call(handle, cause),
            Claim::Reinvite(handle) if cause == EndCause::Timeout => self.reinvite_refused(now, handle, 408),
            Claim::Reinvite(handle) => self.leave_with(now, handle, cause),
            Claim::Refer(handle) => self.refer_answered(handle, 408),
            Claim::Abandoned | Claim::Nobody => {}
        }
    }

    /// Our INVITE was answered provisionally and then no more.
    fn rings_too_long(&mut self, now: Time, index: u32) {
        let Some(client) = self.clients.get(index as usize) else { return };
        match client.claim {
            Claim::Invite(handle) => {
                self.end_call(handle, EndCause::Timeout);
                self.abandon(now, index, Claim::Abandoned);
            }
            Claim::Reinvite(handle) => self.leave_with(now, handle, EndCause::Timeout),
            Claim::Abandoned | Claim::Nobody => self.abandon(now, index, client.claim),
            // Only an INVITE rings.
            Claim::Refer(_) => {}
        }
    }

    fn call_due(&mut self, now: Time, index: u32) {
        let Some(call) = self.calls.get_mut(index as usize) else { return };
        call.timer = None;
        let handle = call.handle;
        if call.unacknowledged.as_ref().is_some_and(|waiting| waiting.is_hopeless(now)) {
            return self.leave_with(now, handle, EndCause::NoAck);
        }
        let transport = call.dialog.as_ref().map(|dialog| dialog.transport);
        let again =
            call.unacknowledged.as_mut().filter(|waiting| waiting.deadline() <= now).and_then(|waiting| {
                waiting.is_due(now).then(|| (Arc::clone(&waiting.response), waiting.destination))
            });
        let refresh = call.refresh_at.is_some_and(|at| at <= now);
        let offer = call.our_offer.as_mut().and_then(|offer| offer.try_at.take_if(|at| *at <= now));
        if let (Some((bytes, destination)), Some(transport)) = (again, transport) {
            self.counters.retransmitted += 1;
            self.transmit(transport, destination, bytes);
        }
        if refresh {
            self.refresh_progress(now, handle);
        }
        if offer.is_some() {
            self.send_waiting_offer(now, handle);
        }
        self.settle_call(handle);
    }

    /// Tells the last provisional response again, for the proxies on the way.
    fn refresh_progress(&mut self, now: Time, handle: CallHandle) {
        let Some(call) = self.call(handle) else { return };
        call.refresh_at = None;
        let Phase::Incoming { server, .. } = call.phase else { return };
        call.refresh_at = Some(now + REFRESH);
        let Some(server) = self.servers.get(server as usize) else { return };
        let (transport, destination) = (server.transport, server.destination);
        if let Some(bytes) = server.repeated() {
            self.transmit(transport, destination, bytes);
        }
    }
}
