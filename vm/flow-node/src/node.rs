//! The node: what comes in is led to SIP, media or the switch, and on from there until all is quiet.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;

use flow_bytecode::program::FunctionKind;
use flow_bytecode::{Datum, Program, VerifiedProgram};
use flow_sip::{CallHandle, Counters, IncomingInvite};
use flow_switch::boundary::{self as switch, Callback, CampaignRun, Incoming, Now, ProgramId};
use flow_switch::{NotStarted, Options, Switch};

use crate::admission::Admission;
use crate::boundary::{Admin, Input, Output};
use crate::caller::caller;
use crate::chance::Chance;
use crate::config::Config;
use crate::connections::{Connections, Happening};
use crate::numbers::{AddressBook, Target};

/// One deterministic node. See [`Input`] and [`Output`] for the law of its use.
pub struct Node {
    switch: Switch,
    connections: Connections,
    addresses: AddressBook,
    chance: Chance,
    admission: Admission,
    draining: bool,
    outputs: VecDeque<Output>,
}

impl Node {
    /// A node without programs: it answers 404 to every call.
    pub fn new(config: Config) -> Node {
        let mut chance = Chance::new(&config.seed);
        let options = Options {
            seed: chance.next(),
            sealing_secret: config.seed,
            stories: config.stories,
            outbound: config.outbound.clone(),
            listens: config.listens.clone(),
            ..Options::default()
        };
        Node {
            switch: Switch::new(options),
            connections: Connections::new(&config),
            addresses: AddressBook::new(),
            chance,
            admission: Admission::new(config.calls, config.rest_micros),
            draining: false,
            outputs: VecDeque::new(),
        }
    }

    /// Loads a program, with the values of its settings in its order. New calls run on it; those in progress
    /// finish on the program that they began with.
    pub fn load(&mut self, now: Now, program: Arc<VerifiedProgram>, settings: Vec<Datum>) -> ProgramId {
        let id = self.switch.load(now, program.clone(), settings);
        self.addresses = addresses(&program, id);
        self.settle(now);
        id
    }

    /// A callback that was promised before, on the program that it was booked on.
    pub fn restore_callback(&mut self, now: Now, program: ProgramId, callback: Callback) {
        self.switch.restore_callback(now, program, callback);
        self.drain_switch(now);
        self.settle(now);
    }

    /// A campaign that was under way before.
    pub fn resume_campaign(&mut self, now: Now, program: ProgramId, run: CampaignRun) {
        self.switch.resume_campaign(now, program, run);
        self.drain_switch(now);
        self.settle(now);
    }

    /// Starts a campaign over the rows of its table.
    ///
    /// # Errors
    /// When there is none of this name, it runs already, or is too large.
    pub fn start_campaign(&mut self, now: Now, program: ProgramId, campaign: &str) -> Result<(), NotStarted> {
        let id = self.chance.name(now.unix_millis);
        let started = self.switch.start_campaign(now, program, campaign, id);
        self.drain_switch(now);
        self.settle(now);
        started
    }

    /// Takes up what was counted before a restart.
    pub fn counted(&mut self, now: Now, counted: &[switch::Counted]) {
        self.switch.counted(now, counted);
    }

    /// Takes one input. Drain [`Node::poll`] afterwards.
    pub fn handle(&mut self, now: Now, input: Input) {
        match input {
            Input::Datagram { transport, source, bytes } => {
                self.connections.datagram(now, transport, source, &bytes);
            }
            Input::Unreachable { transport, destination } => {
                self.connections.unreachable(now, transport, destination);
            }
            Input::Deadline => {
                self.connections.deadline(now);
                self.tell_switch(now, switch::Input::Deadline);
            }
            Input::Media(event) => self.connections.media(now, event),
            Input::Resolved(question, address) => self.connections.resolved(now, question, address),
            Input::Replied(id, reply) => self.tell_switch(now, switch::Input::Replied(id, reply)),
            Input::Stored(id, stored) => self.tell_switch(now, switch::Input::Stored(id, stored)),
            Input::Admin(Admin::Lever { name, thrown }) => {
                self.tell_switch(now, switch::Input::Lever { name, thrown });
            }
            Input::Admin(Admin::Presence { agent, ready }) => {
                self.tell_switch(now, switch::Input::Presence { agent, ready });
            }
            Input::Admin(Admin::Assist { agent, assist }) => {
                self.tell_switch(now, switch::Input::Assist { agent, assist });
            }
            Input::Admin(Admin::CloseRoom { room }) => {
                self.tell_switch(now, switch::Input::CloseRoom { room });
            }
            Input::Admin(Admin::Campaign { program, campaign }) => {
                // Whoever asked has looked whether there is one, and that it does not run.
                let _ = self.start_campaign(now, program, &campaign);
            }
            Input::Admin(Admin::Roster(people)) => self.tell_switch(now, switch::Input::Roster(people)),
            Input::Admin(Admin::Drain) => {
                self.draining = true;
                self.switch.stop_calling();
            }
            Input::Admin(Admin::EndAll) => {
                self.draining = true;
                self.switch.shutdown(now);
                self.drain_switch(now);
            }
        }
        self.settle(now);
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When `Input::Deadline` is due next, in the microseconds of `Now::monotonic`.
    pub fn next_deadline(&self) -> Option<u64> {
        [self.switch.next_deadline(), self.connections.next_deadline()].into_iter().flatten().min()
    }

    /// How many calls are in progress.
    pub fn calls(&self) -> usize {
        self.switch.calls()
    }

    /// Whether nothing is left of any call: no leg, no port, no transaction, nothing to poll.
    pub fn is_idle(&self) -> bool {
        self.outputs.is_empty() && self.connections.is_idle() && self.switch.is_idle()
    }

    /// Whether no call and no port is left; SIP may still have old transactions to forget.
    pub fn is_quiet(&self) -> bool {
        self.outputs.is_empty() && self.connections.is_quiet() && self.switch.is_idle()
    }

    /// How many calls were ended by a defect of ours.
    pub fn defects(&self) -> u64 {
        self.switch.defects()
    }

    /// What SIP dropped, refused and repeated so far.
    pub fn sip_counters(&self) -> Counters {
        self.connections.endpoint.counters()
    }

    /// Leads happenings on until there are no more.
    fn settle(&mut self, now: Now) {
        while let Some(happening) = self.connections.poll() {
            match happening {
                Happening::Output(output) => self.outputs.push_back(output),
                Happening::Switch(input) => self.tell_switch(now, input),
                Happening::Incoming(call, request) => self.incoming(now, call, *request),
            }
        }
    }

    fn tell_switch(&mut self, now: Now, input: switch::Input) {
        self.switch.handle(now, input);
        self.drain_switch(now);
    }

    fn drain_switch(&mut self, now: Now) {
        while let Some(order) = self.switch.poll() {
            let Some(other) = self.connections.order(now, order) else { continue };
            let output = match other {
                switch::Output::Request(request) => Output::Request(request),
                switch::Output::Store(id, what) => Output::Store(id, what),
                switch::Output::CallRecord(record) => {
                    self.admission.leave(now.monotonic, &record.call);
                    Output::CallRecord(record)
                }
                switch::Output::Story(story) => Output::Story(story),
                switch::Output::Show { agent, fields } => Output::Show { agent, fields },
                // Orders about legs do not come back from the connections.
                _ => continue,
            };
            self.outputs.push_back(output);
        }
    }

    /// Somebody calls: the flow of that address hears of it, or nobody does.
    fn incoming(&mut self, now: Now, call: CallHandle, request: IncomingInvite) {
        // The listener decides, not the source: a phone on this machine may well show the address of its
        // network card, and nobody else reaches a loopback address.
        let local = self
            .connections
            .listener(request.transport)
            .is_some_and(|found| found.address.ip().is_loopback());
        let Some((target, called)) = self.addresses.find(&request.request_uri, local) else {
            return self.refuse(now, call, &request, 404);
        };
        if self.draining || !self.admission.has_room(now.monotonic, request.source.ip()) {
            return self.refuse(now, call, &request, 503);
        }
        let prospect = match self.connections.assess(&request) {
            Ok(prospect) => prospect,
            Err(error) => return self.refuse(now, call, &request, error.status()),
        };
        let caller = caller(&request);
        let incoming = Incoming {
            program: target.program,
            flow: target.flow,
            called,
            caller: caller.number,
            caller_name: caller.name,
            attested: false,
            name: self.chance.name(now.unix_millis),
            keys_can_arrive: prospect.keys_can_arrive,
        };
        self.admission.enter(&incoming.name, request.source.ip());
        let leg = self.switch.incoming(now, incoming);
        self.connections.adopt(leg, call, request);
        self.drain_switch(now);
    }

    fn refuse(&mut self, now: Now, call: CallHandle, request: &IncomingInvite, code: u16) {
        self.connections.refuse(now, call, code);
        let (source, called): (SocketAddr, String) =
            (request.source, request.request_uri.as_str().to_owned());
        self.outputs.push_back(Output::Refused { source, called, code });
    }
}

/// The addresses of a program: its bound numbers for everybody, its flows' names for this machine. Flows
/// that need arguments or give outcomes are parts of others, not addresses.
fn addresses(program: &Program, id: ProgramId) -> AddressBook {
    let text = |index: u32| program.texts.get(index as usize).map(String::as_str).unwrap_or_default();
    let mut book = AddressBook::new();
    for (index, function) in (0u16..).zip(&program.functions) {
        if matches!(&function.kind, FunctionKind::Flow { gives } if gives.is_empty())
            && function.params.is_empty()
        {
            book.name_flow(text(function.name), Target { program: id, flow: index });
        }
    }
    for inbound in &program.inbound {
        book.bind(text(inbound.number), Target { program: id, flow: inbound.flow });
    }
    book
}
