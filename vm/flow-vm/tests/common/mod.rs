//! An owner of calls for tests: it answers effects by their types.

// Each test file uses a part of this.
#![allow(dead_code, unused_imports)]

#[path = "../../../flow-bytecode/tests/programs/mod.rs"]
mod programs;

use flow_bytecode::decimal::{Currency, Decimal, Money};
use flow_bytecode::{Datum, Type, TypeId, VerifiedProgram};
use flow_vm::{Event, Fiber, Op as Number, Output, Trap};
pub use programs::*;

/// Some value of a type, made of a number.
pub fn datum(program: &VerifiedProgram, id: TypeId, seed: u64) -> Datum {
    match program.ty(id) {
        Type::Bool => Datum::Bool(seed & 1 == 1),
        Type::Text => Datum::Text("x".repeat(seed as usize % 20)),
        Type::Digits => Datum::Text("7".repeat(seed as usize % 12)),
        Type::Phone => Datum::Text(format!("+{seed}")),
        Type::Duration => Datum::Duration(seed as i64 % 100_000),
        Type::Date => Datum::Date(seed as i32 % 100_000),
        Type::Time => Datum::Time((seed % 86_400_000) as i32),
        Type::DateTime => Datum::DateTime(seed as i64 % 1_000_000_000, 0),
        Type::Language => Datum::Language(0),
        Type::Option(of) if !seed.is_multiple_of(3) => Datum::Some(Box::new(datum(program, *of, seed / 3))),
        Type::Option(_) => Datum::None,
        Type::List(of) => {
            Datum::List((0..seed % 3).map(|index| datum(program, *of, seed / 3 + index)).collect())
        }
        Type::Decimal => Datum::Decimal(number(seed)),
        Type::Money => {
            let code = ["EUR", "USD", "JPY"][seed as usize % 3];
            Datum::Money(Money::new(number(seed), Currency::new(code).expect("a code")))
        }
        Type::PublicKey => Datum::Text("A".repeat(43) + "="),
        Type::Map(key, value) => {
            let mut entries: Vec<(Datum, Datum)> = Vec::new();
            for index in 0..seed % 4 {
                let key = datum(program, *key, seed / 3 + index);
                if entries.iter().all(|(have, _)| *have != key) {
                    entries.push((key, datum(program, *value, seed / 5 + index)));
                }
            }
            Datum::Map(entries)
        }
        Type::Record(types) => Datum::Record(types.iter().map(|of| datum(program, *of, seed / 2)).collect()),
        Type::Enum(variants) => {
            let tag = seed as usize % variants.len();
            Datum::Variant(tag as u16, variants[tag].iter().map(|of| datum(program, *of, seed / 2)).collect())
        }
        _ => Datum::Int(seed as i64 % 10),
    }
}

/// Some decimal: small ones, and ones that no slot holds.
fn number(seed: u64) -> Decimal {
    let wide = i128::from(seed as i64) * if seed.is_multiple_of(5) { 1_000_000_007 } else { 1 };
    Decimal::from_i128_with_scale(wide, (seed % 29) as u32).normalize()
}

/// What a call did since its last event, and what it waits for.
#[derive(Debug, PartialEq, Eq)]
pub struct Drained {
    pub outputs: Vec<Output>,
    /// Arguments at each `Begin`, as far as they mean something outside.
    pub arguments: Vec<Vec<Option<Datum>>>,
}

/// Polls until the call waits or is over.
pub fn drain(program: &VerifiedProgram, fiber: &mut Fiber) -> Drained {
    let mut drained = Drained { outputs: vec![], arguments: vec![] };
    for _ in 0..300_000 {
        let output = fiber.poll(program);
        drained.outputs.push(output);
        match output {
            Output::Begin { .. } => {
                let arguments = fiber.arguments(program);
                let data = (0..arguments.len()).map(|index| arguments.value(index).unwrap().datum());
                drained.arguments.push(data.collect());
            }
            Output::Waiting | Output::Ended | Output::Trapped(_) => return drained,
            Output::Yielded | Output::Cancel { .. } | Output::Entered { .. } => {}
        }
    }
    panic!("the call neither waits nor ends");
}

/// Answers the effect that the call waits for: an outcome or report by number, with fitting data.
pub fn answer(program: &VerifiedProgram, fiber: &mut Fiber, seed: u64) {
    let Some((op, entry)) = fiber.in_flight(program) else { return };
    let entry = &program.effects[usize::from(entry)];
    let which = seed as usize % entry.outcomes.len();
    let data: Vec<Datum> = entry.outcomes[which].iter().map(|id| datum(program, *id, seed / 7)).collect();
    let outcomes = usize::from(entry.effect.outcome_count());
    let event = match which.checked_sub(outcomes) {
        None => Event::Finished { op, outcome: which as u16, data: &data },
        Some(report) => Event::Reported { op, report: report as u16, data: &data },
    };
    fiber.handle(program, event).expect("the answer fits");
}

/// Answers the effect in flight with its first outcome and these data.
pub fn finish(program: &VerifiedProgram, fiber: &mut Fiber, data: &[Datum]) {
    let (op, _) = fiber.in_flight(program).expect("something is in flight");
    fiber.handle(program, Event::Finished { op, outcome: 0, data }).expect("the answer fits");
}

/// What a call ended as.
pub fn trap(drained: &Drained) -> Option<Trap> {
    match drained.outputs.last() {
        Some(Output::Trapped(trap)) => Some(*trap),
        _ => None,
    }
}

/// The number of the last effect begun.
pub fn begun(drained: &Drained) -> Option<(Number, u16)> {
    drained.outputs.iter().rev().find_map(|output| match output {
        Output::Begin { op, entry } => Some((*op, *entry)),
        _ => None,
    })
}
