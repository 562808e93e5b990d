//! `let x = crm.customer(n)`: a service is asked, and the call waits for its answer.
//!
//! Whatever is in the way of an answer that fits is one outcome. The limit of time is kept here, by the switch's
//! own timers: an answer that comes later is about a request that nobody has open, and is dropped.

use flow_bytecode::Datum;
use flow_bytecode::program::Operation;

use crate::boundary::{
    Asked, NoReply, Output, Reply, RequestId, Secret, Secretive, ServiceRequest, SpeechItem, StoryLine,
};
use crate::call::{Call, Requesting, Wait};
use crate::services::{self, json};
use crate::switch::Switch;

const ANSWERED: u16 = 0;
const FAILED: u16 = 1;
/// What is heard while a service takes its time.
const WORKING_SOUND: &str = "tone/working";
/// As many requests as a call's record lists.
const GREATEST_ASKED: usize = 500;

impl Switch {
    /// Asks a service.
    pub(super) fn request(&mut self, call: &mut Call, index: u16, arguments: Vec<Datum>) {
        let loaded = call.loaded.clone();
        let program = &loaded.program;
        let Some(operation) = program.operations.get(usize::from(index)) else {
            return self.finish(call, FAILED, &[]);
        };
        let now = self.now.monotonic;
        self.last_request += 1;
        let id = RequestId(self.last_request);
        self.story(call, |_| StoryLine::Requested(services::display(program, operation, &arguments)));
        call.wait = Wait::Request(Box::new(Requesting {
            request: id,
            operation: index,
            since: now,
            deadline: now.saturating_add(operation.within_millis.saturating_mul(1000)),
            working: Some(now.saturating_add(self.options.working_millis.saturating_mul(1000))),
            play: None,
        }));
        let target = match services::target(program, operation, &arguments) {
            Ok(target) => target,
            Err(why) => return self.no_answer(call, why),
        };
        let body = services::body(program, operation, &arguments).map(Secret::new);
        let arguments = arguments.into_iter().zip(&operation.params);
        let arguments = arguments.map(|(value, param)| Secretive { value, secret: param.secret });
        self.requests.insert(id, call.id);
        self.outputs.push_back(Output::Request(Box::new(ServiceRequest {
            id,
            program: loaded.id,
            operation: index,
            service: operation.service,
            name: services::name(program, operation),
            call: call.record.call.clone(),
            method: operation.method,
            target,
            body,
            within_millis: operation.within_millis,
            arguments: arguments.collect(),
        })));
    }

    /// A service has answered, or will not.
    pub(crate) fn replied(&mut self, call: &mut Call, id: RequestId, reply: Reply) {
        let Wait::Request(asked) = &call.wait else { return };
        if asked.request != id {
            return;
        }
        let loaded = call.loaded.clone();
        let program = &loaded.program;
        let Some(operation) = program.operations.get(usize::from(asked.operation)) else { return };
        let answer = match reply {
            Reply::Failed(why) => Err(why.text().to_owned()),
            Reply::Answered { status, body } => answer(program, operation, status, &body),
        };
        match answer {
            Ok(value) => {
                self.note_request(call, None);
                self.finish(call, ANSWERED, &[value]);
            }
            Err(why) => self.no_answer(call, why),
        }
    }

    /// Time has passed while a service is asked.
    pub(crate) fn request_due(&mut self, call: &mut Call) {
        let now = self.now.monotonic;
        let Wait::Request(asked) = &mut call.wait else { return };
        if asked.deadline <= now {
            self.requests.remove(&asked.request);
            return self.no_answer(call, NoReply::TimedOut.text().to_owned());
        }
        if asked.working.take_if(|at| *at <= now).is_none() {
            return;
        }
        // A call that was not answered yet goes on ringing.
        let (Some(leg), true) = (call.leg, call.answered) else { return };
        let play = self.play(call, leg, vec![SpeechItem::Standard(WORKING_SOUND)], false, true);
        if let Wait::Request(asked) = &mut call.wait {
            asked.play = play;
        }
    }

    fn no_answer(&mut self, call: &mut Call, why: String) {
        self.note_request(call, Some(why));
        self.finish(call, FAILED, &[]);
    }

    /// What came of the request, for the record and the story; the working sound ends.
    fn note_request(&mut self, call: &mut Call, failed: Option<String>) {
        let Wait::Request(asked) = &call.wait else { return };
        if let (Some(leg), Some(play)) = (call.leg, asked.play) {
            self.outputs.push_back(Output::Stop(leg, play));
        }
        let program = &call.loaded.program;
        let operation = program.operations.get(usize::from(asked.operation));
        let what = operation.map_or_else(String::new, |operation| services::name(program, operation));
        let millis = self.now.monotonic.saturating_sub(asked.since) / 1000;
        let at = call.at(asked.since);
        self.story(call, |_| match &failed {
            None => StoryLine::Replied { what: what.clone(), millis },
            Some(why) => StoryLine::RequestFailed { what: what.clone(), why: why.clone() },
        });
        if call.record.requests.len() < GREATEST_ASKED {
            call.record.requests.push(Asked { what, at, millis, failed });
        }
    }
}

/// The value of an answer.
fn answer(
    program: &flow_bytecode::VerifiedProgram,
    operation: &Operation,
    status: u16,
    body: &[u8],
) -> Result<Datum, String> {
    let schema = operation.result.and_then(|id| Some((id, program.schemas.get(id as usize)?)));
    let optional =
        schema.is_some_and(|(_, schema)| matches!(program.ty(schema.ty), flow_bytecode::Type::Option(_)));
    match (status, schema) {
        (404, Some(_)) if optional => Ok(Datum::None),
        (200..=299, None) => Ok(Datum::Bool(true)),
        (200..=299, Some(_)) if optional && body.is_empty() => Ok(Datum::None),
        (200..=299, Some((id, _))) => json::decode(program, id, body).map_err(|misfit| misfit.to_string()),
        (status, _) => Err(format!("status {status}")),
    }
}
