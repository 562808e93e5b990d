//! Services that are played: what each operation answers, after how long, or that it fails.
//!
//! Whoever drives a [`World`](crate::World) may also answer requests by other means, such as the real services:
//! anything that implements [`Services`].

use flow_bytecode::{Datum, VerifiedProgram};
use flow_switch::boundary::{NoReply, Reply, ServiceRequest};
use flow_switch::services::json;

/// Answers requests, each with the milliseconds that the answer takes.
pub trait Services: std::fmt::Debug {
    /// What comes of a request of this program.
    fn ask(&mut self, program: &VerifiedProgram, request: &ServiceRequest) -> (Reply, u64);
}

/// What a played operation does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Play {
    /// A value of the type that it declares; an option's nothing is a 404.
    Value(Datum),
    /// A status and a body, whatever they are.
    Http(u16, Vec<u8>),
    /// There is no connection.
    Fails,
}

/// One line of the play. The first that fits a request holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// `crm.customer`
    pub name: String,
    /// For each parameter what it must be; `None`, and what is left out at the end, fits everything.
    pub arguments: Vec<Option<Datum>>,
    /// What it does.
    pub play: Play,
    /// Milliseconds until then.
    pub after: u64,
}

/// Services as somebody gave them. What nobody gave fails at once.
#[derive(Debug, Clone, Default)]
pub struct Played {
    given: Vec<Given>,
}

impl Played {
    /// Adds a line; it goes before those that were there.
    pub fn give(&mut self, given: Given) {
        self.given.insert(0, given);
    }
}

impl Services for Played {
    fn ask(&mut self, program: &VerifiedProgram, request: &ServiceRequest) -> (Reply, u64) {
        let fits = |given: &&Given| {
            given.name == request.name
                && given.arguments.iter().enumerate().all(|(index, wanted)| match wanted {
                    Some(wanted) => request.arguments.get(index).is_some_and(|have| have.value == *wanted),
                    None => true,
                })
        };
        let Some(given) = self.given.iter().find(fits) else {
            return (Reply::Failed(NoReply::Unreachable), 0);
        };
        let reply = match &given.play {
            Play::Fails => Reply::Failed(NoReply::Unreachable),
            Play::Http(status, body) => Reply::Answered { status: *status, body: body.clone() },
            Play::Value(Datum::None) => Reply::Answered { status: 404, body: Vec::new() },
            Play::Value(value) => {
                let operation = program.operations.get(usize::from(request.operation));
                let body = match operation.and_then(|operation| operation.result) {
                    Some(schema) => json::encode(program, schema, value).to_string().into_bytes(),
                    None => Vec::new(),
                };
                Reply::Answered { status: 200, body }
            }
        };
        (reply, given.after)
    }
}
