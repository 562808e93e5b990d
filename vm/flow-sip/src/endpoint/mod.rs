//! The endpoint: every listener, transaction and call of a node, and the ways between them.
//!
//! This module holds the tables and the small steps that all others share; `requests`, `dialog_requests`,
//! `responses` and `deadlines` say what happens when something comes in, `commands` what the driver may
//! ask for.

mod commands;
mod deadlines;
mod dialog_requests;
mod incoming;
mod refer;
mod requests;
mod responses;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

use slab::Slab;

pub use commands::Invite;

use crate::call::{Call, Phase};
use crate::config::{Config, Listener, TransportId};
use crate::counters::Counters;
use crate::dialog::Dialog;
use crate::event::{CallHandle, EndCause, Event, Output};
use crate::random::Random;
use crate::time::Time;
use crate::timers::{Owner, Timers};
use crate::transaction::{Claim, ClientTransaction, ServerTransaction};
use crate::vocabulary::{ALLOW, Known, name};
use crate::wire::{Lines, Message, Reading, Start, read};

/// The SIP side of a node: all its listeners, all its calls.
pub struct Endpoint {
    config: Config,
    ways: Vec<Way>,
    random: Random,
    counters: Counters,
    outbox: VecDeque<Output>,
    timers: Timers,
    calls: Slab<Call>,
    generation: u32,
    servers: Slab<ServerTransaction>,
    clients: Slab<ClientTransaction>,
    servers_by_key: HashMap<Arc<[u8]>, u32>,
    servers_by_merge: HashMap<Arc<[u8]>, u32>,
    clients_by_branch: HashMap<Box<str>, u32>,
    cancels_by_branch: HashMap<Box<str>, u32>,
    calls_by_tag: HashMap<Box<str>, u32>,
    byes_by_tag: HashMap<Box<str>, u32>,
}

/// A listener, with what is written into every message that leaves by it.
struct Way {
    id: TransportId,
    address: SocketAddr,
    /// Via up to the first parameter.
    via: String,
    /// Contact and Allow.
    dialog_headers: Box<[u8]>,
}

impl Way {
    fn new(listener: &Listener) -> Way {
        let mut lines = Lines::bare();
        lines.header("Contact", format!("<sip:{}>", listener.address).as_bytes());
        lines.header("Allow", ALLOW.as_bytes());
        Way {
            id: listener.id,
            address: listener.address,
            via: format!("SIP/2.0/{} {}", listener.protocol.via_name(), listener.address),
            dialog_headers: lines.into_lines(),
        }
    }
}

/// The cookie that every branch of RFC 3261 begins with.
const COOKIE: &str = "z9hG4bK";

impl Endpoint {
    /// An endpoint without calls. Sends nothing by itself.
    pub fn new(config: Config) -> Endpoint {
        Endpoint {
            random: Random::new(config.seed),
            ways: config.listeners.iter().map(Way::new).collect(),
            config,
            counters: Counters::default(),
            outbox: VecDeque::new(),
            timers: Timers::default(),
            calls: Slab::new(),
            generation: 0,
            servers: Slab::new(),
            clients: Slab::new(),
            servers_by_key: HashMap::new(),
            servers_by_merge: HashMap::new(),
            clients_by_branch: HashMap::new(),
            cancels_by_branch: HashMap::new(),
            calls_by_tag: HashMap::new(),
            byes_by_tag: HashMap::new(),
        }
    }

    /// A datagram arrived on a listener.
    pub fn handle_datagram(&mut self, now: Time, transport: TransportId, source: SocketAddr, bytes: &[u8]) {
        self.counters.received += 1;
        // Nobody can be answered on port 0, and an unknown listener has no address to answer from.
        if source.port() == 0 || self.way(transport).is_none() {
            self.counters.unreadable += 1;
            return;
        }
        let limits = self.config.limits.clone();
        match read(bytes, &limits) {
            Reading::KeepAlive => self.counters.keep_alives += 1,
            Reading::Unreadable => self.counters.unreadable += 1,
            Reading::Message(message) => match message.start {
                Start::Request { method, uri } => {
                    let request = Request { message: &message, method, uri, transport, source, raw: bytes };
                    self.request(now, &request);
                }
                Start::Response { code, reason } => self.response(now, &message, code, reason, source),
            },
        }
    }

    /// When `handle_deadline` wants to be called next.
    pub fn next_deadline(&self) -> Option<Time> {
        self.timers.next()
    }

    /// The next thing to do or to know. After every `handle_*` and every command, drain to `None`.
    pub fn poll(&mut self) -> Option<Output> {
        self.outbox.pop_front()
    }

    /// Whether nothing is left: no call, no transaction, no timer, nothing to poll.
    pub fn is_idle(&self) -> bool {
        self.outbox.is_empty()
            && self.timers.is_empty()
            && self.calls.is_empty()
            && self.servers.is_empty()
            && self.clients.is_empty()
            && self.servers_by_key.is_empty()
            && self.servers_by_merge.is_empty()
            && self.clients_by_branch.is_empty()
            && self.cancels_by_branch.is_empty()
            && self.calls_by_tag.is_empty()
            && self.byes_by_tag.is_empty()
    }

    /// Calls that are not over yet.
    pub fn calls(&self) -> usize {
        self.calls.len()
    }

    /// The counts so far.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    fn way(&self, transport: TransportId) -> Option<&Way> {
        self.ways.iter().find(|way| way.id == transport)
    }

    fn tell(&mut self, event: Event) {
        self.outbox.push_back(Output::Event(event));
    }

    fn transmit(&mut self, transport: TransportId, destination: SocketAddr, bytes: Arc<[u8]>) {
        self.counters.sent += 1;
        self.outbox.push_back(Output::Transmit { transport, destination, bytes });
    }

    /// A Via value with a fresh branch, and the branch.
    fn fresh_via(&mut self, transport: TransportId) -> (String, String) {
        let branch = format!("{COOKIE}{}", self.random.token());
        (self.via(transport, &branch), branch)
    }

    fn via(&self, transport: TransportId, branch: &str) -> String {
        let sent_by = self.way(transport).map_or("SIP/2.0/UDP invalid", |way| &way.via);
        format!("{sent_by};branch={branch};rport")
    }

    /// The headers that tell a peer where we are and what we can do; for requests and responses that
    /// make or refresh a dialog.
    fn dialog_headers(&self, transport: TransportId) -> &[u8] {
        self.way(transport).map_or(b"", |way| &way.dialog_headers)
    }

    fn user_agent(&self, lines: &mut Lines) {
        if let Some(user_agent) = &self.config.user_agent {
            lines.header("User-Agent", user_agent.as_bytes());
        }
    }

    // Calls.

    fn call(&mut self, handle: CallHandle) -> Option<&mut Call> {
        let call = self.calls.get_mut(handle.index as usize)?;
        (call.handle == handle && !call.ended).then_some(call)
    }

    fn add_call(&mut self, phase: Phase, dialog: Option<Dialog>) -> CallHandle {
        let entry = self.calls.vacant_entry();
        self.generation = self.generation.wrapping_add(1);
        let handle = CallHandle { index: entry.key() as u32, generation: self.generation };
        if let Some(dialog) = &dialog {
            self.calls_by_tag.insert(dialog.local_tag.clone(), handle.index);
        }
        entry.insert(Call::new(handle, phase, dialog));
        handle
    }

    fn set_dialog(&mut self, handle: CallHandle, dialog: Dialog) {
        if let Some(call) = self.calls.get_mut(handle.index as usize) {
            self.calls_by_tag.insert(dialog.local_tag.clone(), handle.index);
            call.dialog = Some(Box::new(dialog));
        }
    }

    /// Brings the timer of a call in line with its state.
    fn settle_call(&mut self, handle: CallHandle) {
        if let Some(call) = self.calls.get_mut(handle.index as usize) {
            let wanted = call.deadline();
            self.timers.set(Owner::Call(handle.index), &mut call.timer, wanted);
        }
    }

    /// Tells the end of a call and forgets it. Its transactions go on by themselves.
    fn end_call(&mut self, handle: CallHandle, cause: EndCause) {
        if self.call(handle).is_some() {
            self.tell(Event::Ended { call: handle, cause });
        }
        self.forget_call(handle);
    }

    fn forget_call(&mut self, handle: CallHandle) -> Option<Call> {
        let index = handle.index as usize;
        self.calls.get(index).filter(|call| call.handle == handle)?;
        let mut call = self.calls.remove(index);
        self.timers.set(Owner::Call(handle.index), &mut call.timer, None);
        if let Some(dialog) = &call.dialog {
            self.calls_by_tag.remove(&dialog.local_tag);
        }
        Some(call)
    }

    /// Forgets a call and tells the peer with a BYE.
    fn leave_call(&mut self, now: Time, handle: CallHandle) {
        if let Some(mut dialog) = self.forget_call(handle).and_then(|call| call.dialog) {
            self.send_bye(now, &mut dialog);
        }
    }

    // Server transactions.

    fn settle_server(&mut self, index: u32) {
        if let Some(server) = self.servers.get_mut(index as usize) {
            let wanted = server.deadline();
            self.timers.set(Owner::Server(index), &mut server.timer, wanted);
        }
    }

    fn forget_server(&mut self, index: u32) {
        if let Some(mut server) = self.servers.try_remove(index as usize) {
            self.timers.set(Owner::Server(index), &mut server.timer, None);
            self.servers_by_key.remove(&server.key);
            if let Some(key) = &server.merge_key {
                self.servers_by_merge.remove(key);
            }
        }
    }

    /// Sends a response on a transaction that still owes one.
    fn respond(&mut self, now: Time, index: u32, code: u16, bytes: Vec<u8>) -> Option<Arc<[u8]>> {
        let server = self.servers.get_mut(index as usize).filter(|server| server.is_pending())?;
        let bytes: Arc<[u8]> = bytes.into();
        server.respond(now, code, Arc::clone(&bytes));
        let (transport, destination) = (server.transport, server.destination);
        self.settle_server(index);
        self.transmit(transport, destination, Arc::clone(&bytes));
        Some(bytes)
    }

    /// The same with a response without a body.
    fn respond_plain(&mut self, now: Time, index: u32, code: u16, reason: Option<&str>, headers: &[u8]) {
        let head = self.servers.get(index as usize).and_then(|server| server.head.as_ref());
        if let Some(bytes) = head.map(|head| head.plain(code, reason, headers)) {
            self.respond(now, index, code, bytes);
        }
    }

    // Client transactions.

    fn settle_client(&mut self, index: u32) {
        if let Some(client) = self.clients.get_mut(index as usize) {
            let wanted = client.deadline();
            self.timers.set(Owner::Client(index), &mut client.timer, wanted);
        }
    }

    fn forget_client(&mut self, index: u32) {
        if let Some(mut client) = self.clients.try_remove(index as usize) {
            self.timers.set(Owner::Client(index), &mut client.timer, None);
            let table = if client.cancel { &mut self.cancels_by_branch } else { &mut self.clients_by_branch };
            table.remove(&client.branch);
            if let Some(tag) = &client.dialog_tag
                && self.byes_by_tag.get(tag) == Some(&index)
            {
                self.byes_by_tag.remove(tag);
            }
        }
    }

    /// Sends a request and watches over it.
    fn send_request(&mut self, client: ClientTransaction) -> u32 {
        let (transport, destination) = (client.transport, client.destination);
        let bytes = Arc::clone(&client.request);
        let entry = self.clients.vacant_entry();
        let index = entry.key() as u32;
        let table = if client.cancel { &mut self.cancels_by_branch } else { &mut self.clients_by_branch };
        table.insert(client.branch.clone(), index);
        if let Some(tag) = &client.dialog_tag {
            self.byes_by_tag.insert(tag.clone(), index);
        }
        entry.insert(client);
        self.settle_client(index);
        self.transmit(transport, destination, bytes);
        index
    }

    /// Sends BYE in a dialog that nobody else will use any more.
    fn send_bye(&mut self, now: Time, dialog: &mut Dialog) {
        let (via, branch) = self.fresh_via(dialog.transport);
        let cseq = dialog.next_cseq();
        let mut lines = dialog.request(name(Known::Bye), cseq, &via);
        self.user_agent(&mut lines);
        let way = (dialog.transport, dialog.next_hop());
        let mut client =
            ClientTransaction::new(now, branch, lines.finish(None).into(), way, false, Claim::Nobody);
        client.dialog_tag = Some(dialog.local_tag.clone());
        self.send_request(client);
    }

    /// The ACK for a 2xx (RFC 3261 13.2.2.4), with our answer when the 2xx carried an offer.
    fn ack(&mut self, dialog: &Dialog, cseq: u32, sdp: Option<&[u8]>) -> Arc<[u8]> {
        let (via, _) = self.fresh_via(dialog.transport);
        let lines = dialog.request(name(Known::Ack), cseq, &via);
        lines.finish(sdp.map(|sdp| ("application/sdp", sdp))).into()
    }

    /// Gives up a pending INVITE of ours: CANCEL as soon as it is allowed; an acceptance that crosses it
    /// is acknowledged and hung up.
    fn abandon(&mut self, now: Time, index: u32, claim: Claim) {
        if let Some(client) = self.clients.get_mut(index as usize) {
            client.claim = claim;
            if client.want_cancel() {
                self.send_cancel(now, index);
            }
        }
    }
}

/// A request as it came in.
struct Request<'a> {
    message: &'a Message<'a>,
    method: crate::vocabulary::Method<'a>,
    uri: &'a [u8],
    transport: TransportId,
    source: SocketAddr,
    raw: &'a [u8],
}
