//! The machine in the world of a script: it must ask the same, and is told the same.

use std::collections::BTreeSet;

use flow_bytecode::{Datum, TrapReason, VerifiedProgram};
use flow_reference::{Answer, End, Fault, Value};
use flow_vm::{Event as Happens, Fiber, Op, Output, Trap};

use super::Compared;
use super::told::{line, name_of};
use super::world::{Event, Script};
use flow_bytecode::decimal::{Currency, Money};

/// Turns of one call between two events: the machine's budget is used up long before.
const TURNS: u32 = 5_000;

/// Takes the call through the machine.
pub(super) fn play(
    code: &VerifiedProgram,
    flow: usize,
    arguments: &[Value],
    script: &Script<'_>,
    end: End,
) -> Compared {
    let arguments: Vec<Datum> = arguments.iter().map(datum).collect();
    let fiber = match Fiber::new(code, flow as u16, &arguments) {
        Ok(fiber) => fiber,
        Err(flow_vm::ArgumentError::Argument(_)) => {
            return Compared::Undecided("arguments are too large".into());
        }
        Err(why) => return Compared::Different(why.to_string()),
    };
    let mut play = Play { code, fiber, script, end, at: 0, answered: 0, read: BTreeSet::new() };
    match play.until_it_ends() {
        Ok(compared) => compared,
        Err(why) => {
            let before = play.at.saturating_sub(6);
            let told: Vec<String> =
                script.events[before..].iter().take(9).map(|event| format!("  {event:?}")).collect();
            Compared::Different(format!(
                "{why}\nthe reference ({end:?}), from event {before} of {}:\n{}",
                script.events.len(),
                told.join("\n")
            ))
        }
    }
}

struct Play<'a> {
    code: &'a VerifiedProgram,
    fiber: Fiber,
    script: &'a Script<'a>,
    end: End,
    /// The next event of the script.
    at: usize,
    /// Effects that were answered.
    answered: usize,
    /// What was read since the last.
    read: BTreeSet<String>,
}

impl<'a> Play<'a> {
    fn until_it_ends(&mut self) -> Result<Compared, String> {
        let mut turns = 0;
        loop {
            let gave_up = matches!(self.end, End::TooLong | End::Unknown);
            if gave_up && self.at == self.script.events.len() {
                return Ok(Compared::Undecided(format!("the reference ends: {:?}", self.end)));
            }
            match self.fiber.poll(self.code) {
                Output::Yielded => {
                    turns += 1;
                    if turns > TURNS {
                        return Err("the machine does not come to an end".into());
                    }
                }
                Output::Entered { block } => {
                    let name = name_of(self.code, block);
                    match self.next() {
                        Some(Event::Entered(expected)) if *expected == name => {}
                        _ => return Err(format!("the machine enters {name}")),
                    }
                }
                Output::Cancel { .. } => match self.next() {
                    Some(Event::Cancelled) => {}
                    _ => return Err("the machine cancels its effect".into()),
                },
                Output::Begin { op, entry } => self.begins(op, entry)?,
                Output::Waiting => match (self.next(), self.fiber.in_flight(self.code)) {
                    (Some(Event::WaitedOn { answer }), Some((op, entry))) => {
                        let answer = answer.clone();
                        self.say(op, entry, &answer)?;
                    }
                    _ => return Err("the machine waits on".into()),
                },
                Output::Ended => return self.over(None),
                Output::Trapped(trap) => return self.over(Some(trap)),
            }
        }
    }

    fn next(&mut self) -> Option<&'a Event> {
        self.at += 1;
        self.script.events.get(self.at - 1)
    }

    fn begins(&mut self, op: Op, entry: u16) -> Result<(), String> {
        let line = line(self.code, entry, &self.fiber.arguments(self.code));
        if super::told::is_sample(self.code, entry) {
            let Some(value) = self.script.read.get(self.answered).and_then(|read| read.get(&line)) else {
                return Err(format!("the machine reads {line}, and the reference does not"));
            };
            self.read.insert(line);
            let answer = Answer::Came { outcome: 0, data: vec![value.clone()], then_hangs_up: false };
            return self.tell(op, entry, &answer);
        }
        match self.next() {
            Some(Event::Asked { line: expected, answer }) if *expected == line => {
                let answer = answer.clone();
                self.say(op, entry, &answer)
            }
            Some(Event::Asked { line: expected, .. }) => {
                Err(format!("the machine    asks {line}\nthe reference asks {expected}"))
            }
            _ => Err(format!("the machine asks {line}")),
        }
    }

    /// What an effect that is no reading is told; the readings before it must have been the same.
    fn say(&mut self, op: Op, entry: u16, answer: &Answer) -> Result<(), String> {
        self.all_was_read()?;
        self.answered += 1;
        self.read.clear();
        self.tell(op, entry, answer)
    }

    fn all_was_read(&self) -> Result<(), String> {
        let read = self.script.read.get(self.answered);
        match read.into_iter().flatten().find(|(line, _)| !self.read.contains(*line)) {
            Some((line, _)) => Err(format!("the reference reads {line}, and the machine does not")),
            None => Ok(()),
        }
    }

    fn tell(&mut self, op: Op, entry: u16, answer: &Answer) -> Result<(), String> {
        let Answer::Came { outcome, data, then_hangs_up } = answer else {
            return self.happens(Happens::HungUp);
        };
        let data: Vec<Datum> = data.iter().map(datum).collect();
        let outcomes = self.code.effects[usize::from(entry)].effect.outcome_count();
        let which = *outcome as u16;
        self.happens(match which.checked_sub(outcomes) {
            None => Happens::Finished { op, outcome: which, data: &data },
            Some(report) => Happens::Reported { op, report, data: &data },
        })?;
        if *then_hangs_up { self.happens(Happens::HungUp) } else { Ok(()) }
    }

    fn happens(&mut self, event: Happens<'_>) -> Result<(), String> {
        match self.fiber.handle(self.code, event) {
            Ok(flow_vm::Handled::Stale) if !matches!(event, Happens::HungUp) => {
                Err("an answer came too late".into())
            }
            Ok(_) => Ok(()),
            Err(why) => Err(format!("the machine refuses {event:?}: {why}")),
        }
    }

    fn over(&mut self, trap: Option<Trap>) -> Result<Compared, String> {
        let place = |trap: Trap| {
            let at = trap.location(self.code).map_or(0, |(_, place)| place.line);
            format!("{:?} in line {at}", trap.reason)
        };
        let reason = trap.map(|trap| trap.reason);
        // The machine's own limits: the reference has no arena and counts otherwise.
        if let (
            Some(trap),
            Some(TrapReason::ArenaFull | TrapReason::LoopWithoutWait | TrapReason::SpeechTooDeep),
        ) = (trap, reason)
        {
            return Ok(Compared::Undecided(place(trap)));
        }
        let fits = match (self.end, reason) {
            (End::Over, None) => true,
            (End::Fault(fault), Some(reason)) => reason_of(fault) == Some(reason),
            _ => false,
        };
        if !fits || self.at != self.script.events.len() {
            return Err(format!("the machine ends: {}", trap.map_or("all is said".into(), place)));
        }
        if trap.is_none() {
            self.all_was_read()?;
        }
        Ok(Compared::Same(self.script.effects()))
    }
}

fn reason_of(fault: Fault) -> Option<TrapReason> {
    Some(match fault {
        Fault::Overflow => TrapReason::Overflow,
        Fault::DivideByZero => TrapReason::DivideByZero,
        Fault::MixedCurrencies => TrapReason::MixedCurrencies,
        Fault::TextTooLong => TrapReason::TextTooLong,
        Fault::TooDeep => TrapReason::TooManyFrames,
        Fault::Unreachable => TrapReason::Unreachable,
        Fault::Impossible => return None,
    })
}

/// A value as the machine is given it.
fn datum(value: &Value) -> Datum {
    let all = |values: &[Value]| values.iter().map(datum).collect();
    match value {
        Value::Bool(truth) => Datum::Bool(*truth),
        Value::Int(number) => Datum::Int(*number),
        Value::Decimal(number) => Datum::Decimal(*number),
        Value::Money(amount, code) => {
            let currency = std::str::from_utf8(code).ok().and_then(Currency::new);
            Datum::Money(Money::new(*amount, currency.unwrap_or(Currency::NONE)))
        }
        Value::Text(text) => Datum::Text(text.clone()),
        Value::Duration(millis) => Datum::Duration(*millis),
        Value::Date(days) => Datum::Date(*days as i32),
        Value::Time(millis) => Datum::Time(*millis as i32),
        Value::DateTime(millis, zone) => Datum::DateTime(*millis, *zone as u16),
        Value::Language(index) => Datum::Language(*index as u16),
        Value::None => Datum::None,
        Value::Some(inner) => Datum::Some(Box::new(datum(inner))),
        Value::List(items) => Datum::List(all(items)),
        Value::Map(entries) => {
            Datum::Map(entries.iter().map(|(key, value)| (datum(key), datum(value))).collect())
        }
        Value::Record(fields) => Datum::Record(all(fields)),
        Value::Variant(index, data) => Datum::Variant(*index as u16, all(data)),
    }
}
