//! Dialogs (RFC 3261 12): what both ends remember of each other, and the requests made from it.

use std::net::{IpAddr, SocketAddr};

use crate::address::AddressValue;
use crate::config::{Limits, TransportId};
use crate::text;
use crate::uri::Uri;
use crate::wire::{Core, HeaderId, Lines, Message, push_unfolded};

/// A dialog, or the half of one that an unanswered INVITE is.
#[derive(Debug, Clone)]
pub(crate) struct Dialog {
    call_id: Box<[u8]>,
    /// The value of From in our requests, tag included.
    local: Box<[u8]>,
    /// The value of To in our requests, tag included.
    remote: Box<[u8]>,
    pub(crate) local_tag: Box<str>,
    /// Empty for peers older than RFC 3261.
    remote_tag: Box<[u8]>,
    local_cseq: u32,
    remote_cseq: Option<u32>,
    /// Their Contact: where our requests are addressed to.
    target: Box<[u8]>,
    routes: Box<[Box<[u8]>]>,
    pub(crate) transport: TransportId,
    /// Where they were last heard from.
    source: SocketAddr,
    /// Their Contact is behind an address translator: the source is where they are reached.
    behind_nat: bool,
    /// Whether we chose the Call-ID (decides who waits longer after glare, RFC 3261 14.1).
    pub(crate) owns_call_id: bool,
}

/// Why a message makes no dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadContact;

impl Dialog {
    /// The dialog of an INVITE that came in; `tag` is our To tag.
    pub(crate) fn incoming(
        message: &Message<'_>,
        core: &Core<'_>,
        (transport, source): (TransportId, SocketAddr),
        tag: &str,
        limits: &Limits,
    ) -> Result<Dialog, BadContact> {
        let target = contact(message).ok_or(BadContact)?;
        let mut local = unfolded(message.header(HeaderId::To));
        local.extend_from_slice(b";tag=");
        local.extend_from_slice(tag.as_bytes());
        Ok(Dialog {
            call_id: core.call_id.into(),
            local: local.into_boxed_slice(),
            remote: unfolded(message.header(HeaderId::From)).into_boxed_slice(),
            local_tag: tag.into(),
            remote_tag: core.from.tag().unwrap_or_default().into(),
            local_cseq: 0,
            remote_cseq: Some(core.cseq),
            behind_nat: is_behind_nat(message, core, target, source),
            target: target.into(),
            routes: routes(message, limits),
            transport,
            source,
            owns_call_id: false,
        })
    }

    /// The dialog that a 2xx makes of an INVITE of ours.
    pub(crate) fn outgoing(
        response: &Message<'_>,
        core: &Core<'_>,
        (transport, source): (TransportId, SocketAddr),
        limits: &Limits,
    ) -> Dialog {
        // A 2xx without a usable Contact is still a call: it is reached where it answered from.
        let target = contact(response).unwrap_or(core.to.uri);
        let mut routes = routes(response, limits);
        routes.reverse();
        Dialog {
            call_id: core.call_id.into(),
            local: unfolded(response.header(HeaderId::From)).into_boxed_slice(),
            remote: unfolded(response.header(HeaderId::To)).into_boxed_slice(),
            local_tag: text::decode(core.from.tag().unwrap_or_default()).into(),
            remote_tag: core.to.tag().unwrap_or_default().into(),
            local_cseq: core.cseq,
            remote_cseq: None,
            behind_nat: answers_from_behind_nat(response, target, source),
            target: target.into(),
            routes,
            transport,
            source,
            owns_call_id: true,
        }
    }

    /// Whether a request belongs here, its To tag having led to this dialog.
    pub(crate) fn owns(&self, core: &Core<'_>) -> bool {
        *self.call_id == *core.call_id && *self.remote_tag == *core.from.tag().unwrap_or_default()
    }

    /// Whether a response with this To tag is from this dialog's other end.
    pub(crate) fn is_with(&self, to_tag: Option<&[u8]>) -> bool {
        *self.remote_tag == *to_tag.unwrap_or_default()
    }

    /// The tag of the other end.
    pub(crate) fn remote_tag(&self) -> &[u8] {
        &self.remote_tag
    }

    /// Takes note of the CSeq of a request; refuses one that is older than the last (12.2.2).
    pub(crate) fn accept_cseq(&mut self, cseq: u32) -> bool {
        if self.remote_cseq.is_some_and(|last| cseq < last) {
            return false;
        }
        self.remote_cseq = Some(cseq);
        true
    }

    /// Takes the new Contact of a re-INVITE or of the 2xx to ours (12.2, target refresh).
    pub(crate) fn refresh_target(&mut self, message: &Message<'_>, source: SocketAddr) {
        self.source = source;
        if let Some(target) = contact(message)
            && *target != *self.target
        {
            self.target = target.into();
        }
    }

    /// The number of the next request of ours.
    pub(crate) fn next_cseq(&mut self) -> u32 {
        self.local_cseq += 1;
        self.local_cseq
    }

    /// The first lines of a request within the dialog; the caller adds what is special to it.
    pub(crate) fn request(&self, method: &str, cseq: u32, via: &str) -> Lines {
        let strict = self
            .routes
            .first()
            .and_then(|first| AddressValue::parse(first))
            .filter(|first| Uri::parse(first.uri).is_ok_and(|uri| uri.parameter("lr").is_none()));
        let uri = strict.map_or(&*self.target, |first| first.uri);
        let mut lines = Lines::request(method.as_bytes(), uri);
        lines.header("Via", via.as_bytes());
        for route in self.routes.iter().skip(usize::from(strict.is_some())) {
            lines.header("Route", route);
        }
        if strict.is_some() {
            let mut last = vec![b'<'];
            last.extend_from_slice(&self.target);
            last.push(b'>');
            lines.header("Route", &last);
        }
        lines.number("Max-Forwards", 70);
        lines.header("From", &self.local).header("To", &self.remote);
        lines.header("Call-ID", &self.call_id).cseq(cseq, method.as_bytes());
        lines
    }

    /// Where requests within the dialog are sent to: the first route, else their Contact, when that is
    /// an address; names are not resolved here, so a peer that gave one is reached where it was heard.
    pub(crate) fn next_hop(&self) -> SocketAddr {
        if let Some(route) = self.routes.first() {
            return AddressValue::parse(route)
                .and_then(|value| Uri::parse(value.uri).ok())
                .and_then(|uri| uri.socket_address())
                .unwrap_or(self.source);
        }
        if self.behind_nat {
            return self.source;
        }
        Uri::parse(&self.target).ok().and_then(|uri| uri.socket_address()).unwrap_or(self.source)
    }
}

/// The URI of the first Contact, when it is one that SIP requests can be sent to.
fn contact<'a>(message: &Message<'a>) -> Option<&'a [u8]> {
    let value = message.list(HeaderId::Contact).next()?;
    let uri = AddressValue::parse(value)?.uri;
    Uri::parse(uri).is_ok_and(|uri| uri.is_sip()).then_some(uri)
}

fn routes(message: &Message<'_>, limits: &Limits) -> Box<[Box<[u8]>]> {
    message
        .list(HeaderId::RecordRoute)
        .take(limits.routes)
        .map(|value| unfolded(Some(value)).into_boxed_slice())
        .collect()
}

/// A phone behind an address translator writes the same private address into Via and Contact, and its
/// packets come from another one. With a proxy on the way the Contact is the proxy's business.
fn is_behind_nat(message: &Message<'_>, core: &Core<'_>, contact: &[u8], source: SocketAddr) -> bool {
    if message.header(HeaderId::RecordRoute).is_some() {
        return false;
    }
    let via = crate::uri::host_address(core.via.host);
    let contact = Uri::parse(contact).ok().and_then(|uri| uri.host_address());
    via.is_some_and(|via| via != source.ip()) && contact == via
}

/// A response has no Via of its sender; a private Contact in an answer from a public address says as much.
fn answers_from_behind_nat(message: &Message<'_>, contact: &[u8], source: SocketAddr) -> bool {
    let contact = Uri::parse(contact).ok().and_then(|uri| uri.host_address());
    message.header(HeaderId::RecordRoute).is_none()
        && contact.is_some_and(is_private)
        && !is_private(source.ip())
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

fn unfolded(value: Option<&[u8]>) -> Vec<u8> {
    let mut out = Vec::with_capacity(96);
    push_unfolded(&mut out, value.unwrap_or_default());
    out
}
