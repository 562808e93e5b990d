//! Those whom we call: from the order to the answer. Only flows order calls; no packet from outside does.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use flow_sip::{CallHandle, Invite, MediaSession, NameAddr, TransportId, Uri};
use flow_switch::boundary::{Failure, Input, LegId, Now};

use crate::boundary::{Output, ResolveId};
use crate::connections::{Connections, sip_time};
use crate::leg::{Leg, Plan, Stage};
use crate::numbers;

impl Connections {
    /// The switch calls an address.
    pub(crate) fn dial(
        &mut self,
        now: Now,
        id: LegId,
        near: LegId,
        address: &str,
        from: Option<String>,
        display: Option<String>,
    ) {
        let shard = match self.legs.get(near) {
            Some(leg) => leg.shard,
            None => self.take_shard(),
        };
        let Some(uri) = self.uri_of(address).filter(is_reachable_by_udp) else {
            self.tell_switch(Input::Failed(id, Failure::Unreachable));
            return;
        };
        let destination = numeric_destination(&uri);
        let (host, port) = (uri.host().to_owned(), uri.port().unwrap_or(5060));
        let unknown = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
        let stage = Stage::Resolving(Plan { uri, from, display });
        let peer = destination.unwrap_or(unknown);
        self.legs.insert(Leg::new(id, stage, TransportId(0), peer, shard));
        match destination {
            Some(destination) => self.reserve(now, id, destination),
            None => {
                self.next_resolve += 1;
                let question = ResolveId(self.next_resolve);
                self.resolving.insert(question, id);
                self.tell_driver(Output::Resolve { id: question, host, port });
            }
        }
    }

    /// The URI of an address: of a telephone number, the one that the trunk knows it by.
    pub(crate) fn uri_of(&self, address: &str) -> Option<Uri> {
        if !address.starts_with('+') {
            return address.parse().ok();
        }
        let trunk = self.trunk.as_ref()?;
        let number = numbers::number(address)?;
        let port = trunk.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("sip:{number}@{}{port};user=phone", trunk.host()).parse().ok()
    }

    /// The address of a name is known, or that there is none.
    pub(crate) fn resolved(&mut self, now: Now, question: ResolveId, address: Option<SocketAddr>) {
        let Some(id) = self.resolving.remove(&question) else { return };
        match address {
            Some(address) => self.reserve(now, id, address),
            None => self.fail(now, id, Failure::Unreachable),
        }
        self.pump(now);
    }

    /// Opens the port that the INVITE will name.
    fn reserve(&mut self, now: Now, id: LegId, destination: SocketAddr) {
        let Some(transport) = self.transport_for(destination) else {
            self.fail(now, id, Failure::Unreachable);
            return;
        };
        let Some(leg) = self.legs.get(id) else { return };
        let stage = std::mem::replace(&mut leg.stage, Stage::Calling);
        leg.stage = match stage {
            Stage::Resolving(plan) => Stage::Reserving(plan),
            other => other,
        };
        leg.transport = transport;
        leg.peer = destination;
        let shard = leg.shard;
        self.open_media(id, shard);
    }

    /// The port of a leg that we call is open: the INVITE goes out.
    pub(crate) fn invite_with_port(&mut self, now: Now, id: LegId, port: u16) {
        let Some(leg) = self.legs.get(id) else { return };
        let stage = std::mem::replace(&mut leg.stage, Stage::Calling);
        let (transport, peer) = (leg.transport, leg.peer);
        let Stage::Reserving(plan) = stage else {
            leg.stage = stage;
            return;
        };
        let mut session = MediaSession::new(self.local_media(transport, port, id.slot));
        let offer = session.offer(flow_sip::Direction::SendRecv);
        let from = self.caller_shown(transport, plan.from.as_deref(), plan.display.as_deref());
        let call = self.endpoint.invite(
            sip_time(now),
            Invite {
                transport,
                destination: peer,
                to: NameAddr::new(plan.uri.clone()),
                request_uri: plan.uri,
                from,
                sdp: Some(offer),
                headers: Vec::new(),
            },
        );
        if let Some(leg) = self.legs.get(id) {
            leg.session = Some(session);
            leg.sip = Some(call);
        }
        self.by_handle.insert(call, id);
    }

    /// No port for a leg that we wanted to call.
    pub(crate) fn fail(&mut self, now: Now, id: LegId, failure: Failure) {
        if self.legs.get(id).is_some() {
            self.abandon(now, id, Input::Failed(id, failure));
        }
    }

    /// A provisional answer to our INVITE.
    pub(crate) fn progress(&mut self, call: CallHandle, code: u16, sdp: Option<&[u8]>) {
        let Some(leg) = self.leg_of(call) else { return };
        let id = leg.id;
        if let (Some(sdp), Some(session)) = (sdp, &mut leg.session) {
            // Early media is not played to anybody, but an answer in it counts (RFC 3261 section 13.2.1).
            // One that we cannot use is judged when the call is answered.
            let _ = session.receive_answer(sdp);
        }
        if matches!(code, 180..=183) && !std::mem::replace(&mut leg.rang, true) {
            self.tell_switch(Input::Ringing(id));
        }
    }

    /// Our INVITE was accepted.
    pub(crate) fn answered(&mut self, now: Now, call: CallHandle, sdp: Option<&[u8]>) {
        let Some(leg) = self.leg_of(call) else { return };
        let id = leg.id;
        let Some(session) = &mut leg.session else { return };
        let settled = match sdp {
            Some(sdp) => session.receive_answer(sdp).ok(),
            None => session.negotiated().cloned(),
        };
        match settled {
            Some(negotiated) => {
                self.connect(id, negotiated, true);
                self.tell_switch(Input::Answered(id));
            }
            None => self.fail(now, id, Failure::Unreachable),
        }
    }

    /// The listener that a destination is called from: of its family, and on this machine only for
    /// destinations on this machine.
    fn transport_for(&self, destination: SocketAddr) -> Option<TransportId> {
        let same_family = |address: SocketAddr| address.is_ipv4() == destination.is_ipv4();
        let local = destination.ip().is_loopback();
        let fitting = self.listeners.iter().filter(|listener| same_family(listener.address));
        let best = fitting.clone().find(|listener| listener.address.ip().is_loopback() == local);
        best.or_else(|| fitting.clone().next()).map(|listener| listener.id)
    }

    fn caller_shown(&self, transport: TransportId, from: Option<&str>, display: Option<&str>) -> NameAddr {
        let address = self.local_media(transport, 0, 0).address;
        let local = self.listener(transport).map_or(address, |listener| listener.address);
        let uri = match from {
            Some(text) if numbers::number(text).is_some() => Uri::sip(Some(text), local),
            Some(text) => text.parse().unwrap_or_else(|_| Uri::sip(Some(text), local)),
            None => Uri::sip(Some("anonymous"), local),
        };
        match display {
            Some(display) => NameAddr::with_display(display, uri),
            None => NameAddr::new(uri),
        }
    }
}

/// Whether we have a way to send to a URI: SIP over UDP only.
fn is_reachable_by_udp(uri: &Uri) -> bool {
    let udp = match uri.parameter("transport") {
        None => true,
        Some(value) => value.is_some_and(|value| value.eq_ignore_ascii_case("udp")),
    };
    uri.is_sip() && !uri.is_secure() && udp && !uri.host().is_empty()
}

/// Where a URI with a numeric host goes; names are asked for.
fn numeric_destination(uri: &Uri) -> Option<SocketAddr> {
    if uri.host().eq_ignore_ascii_case("localhost") {
        return Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), uri.port().unwrap_or(5060)));
    }
    uri.socket_address()
}
