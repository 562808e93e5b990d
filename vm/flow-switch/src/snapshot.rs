//! A waiting call as bytes, and back: its coroutine, its place in a queue, what will be its record.
//!
//! What it waits for is not carried on where it was: a restored call begins the awaited effect anew. A
//! question is asked again, a place in a queue is taken up with its age, phones ring again, a message is
//! recorded from its start; who was talking comes back to the queue or is rung again. Keys typed ahead are
//! left out, as they may be secret. The record says of a talk that was going on that the server ended it.

use flow_bytecode::Datum;
use flow_bytecode::decimal::{self, Currency, Money};
use flow_vm::Fiber;
use serde::{Deserialize, Serialize};

use crate::boundary::{CallId, CallRecord, LegId, Now, ProgramId};
use crate::call::{Call, Wait};
use crate::queues::Whose;
use crate::request::StayRequest;
use crate::speech::{Argument, Utterance};
use crate::switch::{Switch, on_our_clock};

/// The greatest snapshot that is read.
const GREATEST_BYTES: usize = 4 << 20;
/// What snapshots begin with; the last byte is the version.
const MAGIC: &[u8; 8] = b"flowcal\x01";

/// Why a snapshot is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotError {
    /// There is no such call, or it is over.
    NotWaiting,
    /// These bytes are no snapshot.
    Form,
    /// It is of another program, or contradicts it.
    Program,
}

impl std::fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotWaiting => "the call is not waiting",
            Self::Form => "these bytes are no snapshot of a call",
            Self::Program => "the snapshot is of another program",
        })
    }
}

impl std::error::Error for SnapshotError {}

/// All of a call but its coroutine.
#[derive(Debug, Serialize, Deserialize)]
struct Rest {
    record: CallRecord,
    /// Milliseconds that the call has lasted.
    lasted: u64,
    answered: bool,
    attested: bool,
    deaf: bool,
    language: u16,
    way: Vec<(u16, u64)>,
    messages: u32,
    #[serde(default)]
    booked: u32,
    #[serde(default)]
    sends: u32,
    fired: (u16, u64),
    /// Milliseconds of the place's age and of its time in the queue, its priority, the queue's name.
    place: Option<(u64, u64, u8, String)>,
    /// Milliseconds since the call came into the queue that it waits in.
    queued: Option<u64>,
    /// The stay that the coroutine has heard of already, whose arguments it no longer knows.
    stay: Option<StayParts>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StayParts {
    queue: u16,
    priority: i64,
    longest_micros: u64,
    stay: u16,
    prefer: Option<String>,
    prefer_micros: u64,
    whisper: Option<Said>,
    show: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Said {
    template: u16,
    arguments: Vec<SaidArgument>,
}

#[derive(Debug, Serialize, Deserialize)]
enum SaidArgument {
    Value(Value),
    Speech(Said),
}

/// A datum that may be spoken.
#[derive(Debug, Serialize, Deserialize)]
enum Value {
    Nothing,
    Int(i64),
    Decimal(String),
    Money(String, String),
    Text(String),
    Duration(i64),
    Date(i32),
    Time(i32),
    DateTime(i64, u16),
    Language(u16),
    Some(Box<Value>),
    List(Vec<Value>),
}

impl Switch {
    /// A waiting call as bytes.
    ///
    /// # Errors
    /// When there is no such call, or it is over.
    pub fn snapshot_call(&self, now: Now, leg: LegId) -> Result<Vec<u8>, SnapshotError> {
        let id = self.legs.get(leg.slot, leg.generation).ok_or(SnapshotError::NotWaiting)?;
        let call = self.calls.get(id.slot, id.generation).ok_or(SnapshotError::NotWaiting)?;
        if call.over.is_some() || call.leg != Some(leg) {
            return Err(SnapshotError::NotWaiting);
        }
        let fiber = call.fiber.snapshot(&call.loaded.program).map_err(|_| SnapshotError::NotWaiting)?;
        let now = on_our_clock(now).monotonic;
        let place = call.place.map(|place| {
            let (born, joined, priority, queue) = self.queues.parts(place);
            let millis = |since: u64| now.saturating_sub(since) / 1000;
            (millis(born), millis(joined), priority, self.queues.name(queue).to_owned())
        });
        let rest = Rest {
            record: self.record_so_far(call, now),
            lasted: call.at(now),
            answered: call.answered,
            attested: call.attested,
            deaf: call.deaf,
            language: call.language,
            way: call.way.clone(),
            messages: call.messages,
            booked: call.booked,
            // A send that waits for the disk begins anew, as the one that it was.
            sends: call.sends - u32::from(matches!(&call.wait, Wait::Disk(storing) if storing.is_send())),
            fired: call.fired,
            place,
            queued: match &call.wait {
                Wait::Queue(stay) if call.place.is_some() => Some(now.saturating_sub(stay.entered) / 1000),
                _ => None,
            },
            stay: match &call.wait {
                Wait::Queue(stay) => Some(StayParts::of(&stay.request)),
                _ => None,
            },
        };
        let rest = serde_json::to_vec(&rest).map_err(|_| SnapshotError::Form)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend((fiber.len() as u32).to_le_bytes());
        bytes.extend(fiber);
        bytes.extend(rest);
        Ok(bytes)
    }

    /// A call's record with the talk under way, which a restart ends.
    fn record_so_far(&self, call: &Call, now: u64) -> CallRecord {
        let mut record = (*call.record).clone();
        let talk = match &call.wait {
            Wait::Queue(stay) => stay.talk.as_ref(),
            Wait::Dial(dial) => dial.talk.as_ref(),
            _ => None,
        };
        if let Some(talk) = talk {
            record.talks.push(crate::boundary::Talk {
                with: self.name_of(call, talk.who),
                at: call.at(talk.since),
                millis: now.saturating_sub(talk.since) / 1000,
                ended_by: "server".to_owned(),
            });
        }
        record
    }

    /// The call of a snapshot, on a new leg of its caller. What it waits for begins anew.
    ///
    /// # Errors
    /// When the bytes are no snapshot of a call of that program.
    pub fn restore_call(
        &mut self,
        now: Now,
        program: ProgramId,
        bytes: &[u8],
    ) -> Result<LegId, SnapshotError> {
        let now = on_our_clock(now);
        self.now = now;
        let loaded = self.programs.get(program.0 as usize).cloned().ok_or(SnapshotError::Program)?;
        if bytes.len() > GREATEST_BYTES {
            return Err(SnapshotError::Form);
        }
        let bytes = bytes.strip_prefix(MAGIC).ok_or(SnapshotError::Form)?;
        let (length, bytes) = bytes.split_first_chunk::<4>().ok_or(SnapshotError::Form)?;
        let (fiber, rest) =
            bytes.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(SnapshotError::Form)?;
        let fiber = Fiber::restore(&loaded.program, fiber).map_err(|_| SnapshotError::Program)?;
        let rest: Rest = serde_json::from_slice(rest).map_err(|_| SnapshotError::Form)?;
        let Some((op, entry)) = fiber.in_flight(&loaded.program) else { return Err(SnapshotError::Program) };
        let reported = fiber.arguments(&loaded.program).is_empty();
        let blocks = loaded.program.blocks.len();
        if rest.way.iter().any(|(block, _)| usize::from(*block) >= blocks) {
            return Err(SnapshotError::Program);
        }
        let (slot, generation) = self.legs.insert_with(|_, _| CallId { slot: u32::MAX, generation: 0 });
        let leg = LegId { slot, generation };
        let began = Now {
            monotonic: now.monotonic.saturating_sub(rest.lasted.saturating_mul(1000)),
            unix_millis: rest.record.started,
        };
        let (slot, generation) = self.calls.insert_with(|slot, generation| {
            let id = CallId { slot, generation };
            let mut call = Call::new(id, leg, began, loaded.clone(), fiber, rest.record);
            call.op = op;
            call.ready = false;
            call.answered = rest.answered;
            call.attested = rest.attested;
            call.deaf = rest.deaf;
            call.language = rest.language.min(loaded.program.languages.len().saturating_sub(1) as u16);
            call.way = rest.way;
            call.messages = rest.messages;
            call.booked = rest.booked;
            call.sends = rest.sends;
            call.fired = rest.fired;
            Box::new(call)
        });
        let id = CallId { slot, generation };
        self.legs.put(leg.slot, id);
        if let Some((age, waited, priority, name)) = rest.place
            && let Some(queue) = self.queues.named(&name)
        {
            let since = |millis: u64| now.monotonic.saturating_sub(millis.saturating_mul(1000));
            let place = self.queues.take_up(
                Whose::Call(id),
                queue,
                priority,
                since(age),
                since(waited),
                now.monotonic,
            );
            self.with_call(id, |_, call| call.place = Some(place));
        }
        self.with_call(id, |switch, call| {
            match rest.stay {
                Some(parts) if reported => switch.join_queue(call, parts.request()),
                _ if reported => {
                    switch.put_down(call, crate::boundary::Outcome::Lost { block: call.block_name() });
                }
                _ => switch.begin(call, op, entry),
            }
            if let (Some(millis), Wait::Queue(stay)) = (rest.queued, &mut call.wait) {
                stay.entered = now.monotonic.saturating_sub(millis.saturating_mul(1000));
            }
        });
        self.settle();
        Ok(leg)
    }
}

/// A sentence as it is kept with a callback.
pub(crate) fn kept(utterance: &Utterance) -> Option<String> {
    serde_json::to_string(&Said::of(utterance)).ok()
}

/// A sentence that was kept.
pub(crate) fn said(kept: &str) -> Option<Utterance> {
    Some(serde_json::from_str::<Said>(kept).ok()?.utterance())
}

impl StayParts {
    fn of(request: &StayRequest) -> Self {
        Self {
            queue: request.queue,
            priority: request.priority,
            longest_micros: request.longest_micros,
            stay: request.stay,
            prefer: request.prefer.clone(),
            prefer_micros: request.prefer_micros,
            whisper: request.whisper.as_ref().map(Said::of),
            show: request.show.clone(),
        }
    }

    fn request(self) -> StayRequest {
        StayRequest {
            queue: self.queue,
            priority: self.priority,
            longest_micros: self.longest_micros,
            stay: self.stay,
            prefer: self.prefer,
            prefer_micros: self.prefer_micros,
            whisper: self.whisper.map(Said::utterance),
            show: self.show,
        }
    }
}

impl Said {
    fn of(utterance: &Utterance) -> Self {
        let arguments = utterance.arguments.iter().map(|argument| match argument {
            Argument::Value(value) => SaidArgument::Value(Value::of(value)),
            Argument::Speech(part) => SaidArgument::Speech(Said::of(part)),
        });
        Self { template: utterance.template, arguments: arguments.collect() }
    }

    fn utterance(self) -> Utterance {
        let arguments = self.arguments.into_iter().map(|argument| match argument {
            SaidArgument::Value(value) => Argument::Value(value.datum()),
            SaidArgument::Speech(part) => Argument::Speech(part.utterance()),
        });
        Utterance { template: self.template, arguments: arguments.collect() }
    }
}

impl Value {
    fn of(datum: &Datum) -> Self {
        match datum {
            Datum::Int(number) => Value::Int(*number),
            Datum::Decimal(number) => Value::Decimal(number.to_string()),
            Datum::Money(money) => Value::Money(money.amount.to_string(), money.currency.code().to_owned()),
            Datum::Text(text) => Value::Text(text.clone()),
            Datum::Duration(millis) => Value::Duration(*millis),
            Datum::Date(days) => Value::Date(*days),
            Datum::Time(millis) => Value::Time(*millis),
            Datum::DateTime(millis, zone) => Value::DateTime(*millis, *zone),
            Datum::Language(index) => Value::Language(*index),
            Datum::Some(inner) => Value::Some(Box::new(Value::of(inner))),
            Datum::List(elements) => Value::List(elements.iter().map(Value::of).collect()),
            Datum::Bool(_) | Datum::None | Datum::Map(_) | Datum::Record(_) | Datum::Variant(..) => {
                Value::Nothing
            }
        }
    }

    fn datum(self) -> Datum {
        match self {
            Value::Nothing => Datum::None,
            Value::Int(number) => Datum::Int(number),
            Value::Decimal(number) => decimal::read(&number).map_or(Datum::None, Datum::Decimal),
            Value::Money(amount, code) => match (decimal::read(&amount), Currency::new(&code)) {
                (Some(amount), Some(currency)) => Datum::Money(Money::new(amount, currency)),
                _ => Datum::None,
            },
            Value::Text(text) => Datum::Text(text),
            Value::Duration(millis) => Datum::Duration(millis),
            Value::Date(days) => Datum::Date(days),
            Value::Time(millis) => Datum::Time(millis),
            Value::DateTime(millis, zone) => Datum::DateTime(millis, zone),
            Value::Language(index) => Datum::Language(index),
            Value::Some(inner) => Datum::Some(Box::new(inner.datum())),
            Value::List(elements) => Datum::List(elements.into_iter().map(Value::datum).collect()),
        }
    }
}
