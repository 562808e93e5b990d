//! Programs that passed the verifier, run: whatever the code says, a call waits, ends or traps, and goes on from
//! a snapshot as if it had never been away.

use flow_bytecode::decimal::{Currency, Decimal, Money};
use flow_bytecode::{Datum, Type, TypeId, VerifiedProgram, container, verify};
use flow_vm::limits::{BUDGET, SLICE};
use flow_vm::{Event, Fiber, Output};

use crate::random::Random;

/// Events of one call: enough to pass each wait of a small program some times.
const EVENTS: usize = 40;
/// How often one event may be polled until the call waits: entered blocks and turns.
const POLLS: u32 = 2 * BUDGET + BUDGET / SLICE;
/// Values in values, for types that hold themselves.
const DEEPEST: u32 = 4;

/// Any bytes; what happens to the call follows from them too.
pub(super) fn run(bytes: &[u8]) {
    let Ok(program) = container::decode(bytes) else { return };
    let Ok(program) = verify(program) else { return };
    let sum = bytes.iter().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let mut random = Random::new(sum, 0);
    for flow in 0..program.functions.len().min(4) {
        let types = program.functions[flow].params.iter();
        let arguments: Vec<Datum> = types.map(|ty| datum(&program, *ty, &mut random, 0)).collect();
        if let Ok(fiber) = Fiber::new(&program, flow as u16, &arguments) {
            call(&program, fiber, &mut random);
        }
    }
}

fn call(program: &VerifiedProgram, mut fiber: Fiber, random: &mut Random) {
    for _ in 0..EVENTS {
        drain(program, &mut fiber);
        if fiber.is_over() {
            return;
        }
        let snapshot = fiber.snapshot(program).expect("a call that waits can be put away");
        let mut other = Fiber::restore(program, &snapshot).expect("what was put away is taken up");
        let before = random.clone();
        event(program, &mut fiber, random);
        event(program, &mut other, &mut before.clone());
        assert_eq!(
            drain(program, &mut fiber),
            drain(program, &mut other),
            "a restored call goes another way"
        );
    }
}

/// What a call does until it waits or is over.
fn drain(program: &VerifiedProgram, fiber: &mut Fiber) -> Vec<Output> {
    let mut outputs = Vec::new();
    for _ in 0..POLLS {
        let output = fiber.poll(program);
        // When it is another call's turn is no part of what a call does, nor of its snapshot.
        if outputs.len() < 1_000 && output != Output::Yielded {
            outputs.push(output);
        }
        match output {
            Output::Begin { .. } => {
                let arguments = fiber.arguments(program);
                for index in 0..arguments.len() {
                    arguments.value(index).expect("an argument that is counted").datum();
                }
            }
            Output::Waiting | Output::Ended | Output::Trapped(_) => return outputs,
            Output::Yielded | Output::Cancel { .. } | Output::Entered { .. } => {}
        }
    }
    panic!("the call neither waits nor ends");
}

fn event(program: &VerifiedProgram, fiber: &mut Fiber, random: &mut Random) {
    let Some((op, entry)) = fiber.in_flight(program) else { return };
    let entry = &program.effects[usize::from(entry)];
    if random.once_in(12) || entry.outcomes.is_empty() {
        let _ = fiber.handle(program, Event::HungUp);
        return;
    }
    let which = random.below(entry.outcomes.len());
    let data: Vec<Datum> = entry.outcomes[which].iter().map(|ty| datum(program, *ty, random, 0)).collect();
    let outcomes = usize::from(entry.effect.outcome_count());
    let event = match which.checked_sub(outcomes) {
        None => Event::Finished { op, outcome: which as u16, data: &data },
        Some(report) => Event::Reported { op, report: report as u16, data: &data },
    };
    // Refused data leave the call as it is; it hangs up, so that the call ends.
    if fiber.handle(program, event).is_err() {
        let _ = fiber.handle(program, Event::HungUp);
    }
}

/// Some value of a type.
fn datum(program: &VerifiedProgram, id: TypeId, random: &mut Random, depth: u32) -> Datum {
    let number = random.number();
    let deeper = depth < DEEPEST;
    let some = |id: &TypeId, random: &mut Random| datum(program, *id, random, depth + 1);
    match program.ty(id) {
        Type::Bool => Datum::Bool(number & 1 == 1),
        Type::Text => {
            Datum::Text(["", "x", "é", "12", "a longer text with words"][number as usize % 5].into())
        }
        Type::Digits => Datum::Text("7".repeat(number as usize % 12)),
        Type::Phone => Datum::Text(format!("+{}", number % 1_000_000_000)),
        Type::Duration => Datum::Duration([0, 1, -1, 90_061_001, i64::MAX, i64::MIN][number as usize % 6]),
        Type::Date => Datum::Date((number % 100_000) as i32),
        Type::Time => Datum::Time((number % 86_400_000) as i32),
        Type::DateTime => Datum::DateTime(number as i64 % 1_000_000_000_000, 0),
        Type::Language => Datum::Language(0),
        Type::Decimal => Datum::Decimal(decimal(number)),
        Type::Money => Datum::Money(Money::new(decimal(number), Currency::new("EUR").expect("a code"))),
        Type::PublicKey => Datum::Text("A".repeat(43) + "="),
        Type::Option(of) if deeper && !number.is_multiple_of(3) => Datum::Some(Box::new(some(of, random))),
        Type::Option(_) => Datum::None,
        Type::List(of) => {
            let count = if deeper { number % 4 } else { 0 };
            Datum::List((0..count).map(|_| some(of, random)).collect())
        }
        Type::Map(key, value) => {
            let count = if deeper { number % 3 } else { 0 };
            Datum::Map((0..count).map(|_| (some(key, random), some(value, random))).collect())
        }
        Type::Record(fields) if depth < 16 => {
            Datum::Record(fields.iter().map(|of| some(of, random)).collect())
        }
        Type::Enum(variants) if depth < 16 && !variants.is_empty() => {
            let tag = number as usize % variants.len();
            Datum::Variant(tag as u16, variants[tag].iter().map(|of| some(of, random)).collect())
        }
        _ => Datum::Int([0, 1, -1, 7, i64::MAX, i64::MIN, number as i64][number as usize % 7]),
    }
}

fn decimal(number: u64) -> Decimal {
    let wide = i128::from(number as i64) * if number.is_multiple_of(5) { 1_000_000_007 } else { 1 };
    Decimal::from_i128_with_scale(wide, (number % 29) as u32).normalize()
}
