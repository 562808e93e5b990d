//! A world of chance: what it says follows from a seed, and everything is written down.

use std::collections::BTreeMap;
use std::fmt::Write;

use flow_check::hir::{Program, TypeKind};
use flow_reference::{Answer, Deed, Given, Sort, Value, World, shown};
use rust_decimal::Decimal;

use crate::random::Random;

/// Effects of one call, after which the caller hangs up.
const MOST_EFFECTS: usize = 60;
/// Values in values, for types that hold themselves.
const DEEPEST: u32 = 4;
/// The first report of `queue` is due once, as the stay begins.
const DUE: usize = 7;

/// Something that happened, in order.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Entered(String),
    Asked { line: String, answer: Answer },
    WaitedOn { answer: Answer },
    Cancelled,
}

/// What happened, and what was read meanwhile.
pub(super) struct Script<'p> {
    program: &'p Program,
    random: Random,
    seed: u64,
    pub(super) events: Vec<Event>,
    /// By how many effects were answered before: what was read, and what it was.
    pub(super) read: Vec<BTreeMap<String, Value>>,
    greeted: bool,
}

impl<'p> Script<'p> {
    pub(super) fn new(program: &'p Program, mut random: Random) -> Self {
        let seed = random.number();
        Self { program, random, seed, events: Vec::new(), read: vec![BTreeMap::new()], greeted: false }
    }

    /// How many effects were answered.
    pub(super) fn effects(&self) -> usize {
        self.read.len() - 1
    }

    /// The last that happened, for people.
    pub(super) fn told(&self) -> String {
        let mut out = String::new();
        let from = self.events.len().saturating_sub(12);
        for event in &self.events[from..] {
            // Writing to a String cannot fail.
            let _ = match event {
                Event::Entered(block) => writeln!(out, "  in {block}"),
                Event::Asked { line, answer } => writeln!(out, "  {line} => {}", said(answer)),
                Event::WaitedOn { answer } => writeln!(out, "  … => {}", said(answer)),
                Event::Cancelled => writeln!(out, "  cancelled"),
            };
        }
        for (line, value) in self.read.last().into_iter().flatten() {
            let _ = writeln!(out, "  read {line}: {}", shown(value));
        }
        out
    }

    fn answer_of(&mut self, deed: &Deed) -> Answer {
        let ends = self.effects() > MOST_EFFECTS || self.random.once_in(24);
        if deed.sort == Sort::Waits && ends {
            return Answer::HungUp;
        }
        let can = |data: &[Given]| !data.contains(&Given::Below(0));
        let possible: Vec<usize> = (0..deed.outcomes.len()).filter(|it| can(&deed.outcomes[*it])).collect();
        if possible.is_empty() {
            return Answer::HungUp;
        }
        // What only says something comes more often than what ends it.
        let reports: Vec<usize> = possible.iter().copied().filter(|it| *it >= deed.reports_from).collect();
        let from = if !reports.is_empty() && self.random.once_in(2) { &reports } else { &possible };
        let outcome = from[self.random.below(from.len())];
        let mut data: Vec<Value> = deed.outcomes[outcome]
            .iter()
            .map(|given| match given {
                Given::Of(kind) => value(self.program, kind, &mut self.random, 0),
                Given::Below(end) => Value::Int(self.random.below(*end) as i64),
            })
            .collect();
        if deed.word == "queue" && outcome == DUE && matches!(data[..], [Value::Int(0)]) {
            if self.greeted && deed.outcomes[DUE] != [Given::Below(1)] {
                data = vec![Value::Int(1)];
            } else if self.greeted {
                return Answer::HungUp;
            }
            self.greeted = true;
        }
        Answer::Came { outcome, data, then_hangs_up: self.random.once_in(60) }
    }

    fn goes_on(&mut self) {
        self.read.push(BTreeMap::new());
    }
}

fn said(answer: &Answer) -> String {
    match answer {
        Answer::HungUp => "the caller hangs up".into(),
        Answer::Came { outcome, data, then_hangs_up } => {
            let data: Vec<String> = data.iter().map(shown).collect();
            let gone = if *then_hangs_up { ", then the caller hangs up" } else { "" };
            format!("{outcome}({}){gone}", data.join(", "))
        }
    }
}

impl World for Script<'_> {
    fn answer(&mut self, deed: &Deed) -> Answer {
        let line = format!("{} {}", deed.word, deed.arguments.join(" | "));
        if deed.sort == Sort::Sample {
            let now = self.read.len() - 1;
            if let Some(value) = self.read[now].get(&line) {
                return Answer::Came { outcome: 0, data: vec![value.clone()], then_hangs_up: false };
            }
            let sum = line.bytes().fold(self.seed, |sum, byte| sum.wrapping_mul(31) ^ u64::from(byte));
            let mut random = Random::new(sum, now as u64);
            let read = match deed.outcomes.first().and_then(|data| data.first()) {
                Some(Given::Of(kind)) => value(self.program, kind, &mut random, 0),
                Some(Given::Below(end)) => Value::Int(random.below(*end) as i64),
                None => Value::None,
            };
            self.read[now].insert(line, read.clone());
            return Answer::Came { outcome: 0, data: vec![read], then_hangs_up: false };
        }
        if deed.word == "queue" {
            self.greeted = false;
        }
        let answer = self.answer_of(deed);
        self.events.push(Event::Asked { line, answer: answer.clone() });
        self.goes_on();
        answer
    }

    fn next(&mut self, deed: &Deed) -> Answer {
        let answer = self.answer_of(deed);
        self.events.push(Event::WaitedOn { answer: answer.clone() });
        self.goes_on();
        answer
    }

    fn cancelled(&mut self) {
        self.events.push(Event::Cancelled);
    }

    fn entered(&mut self, flow: &str, block: &str) {
        self.events.push(Event::Entered(format!("{flow}.{block}")));
    }
}

/// Some value of a type, often one at an edge.
pub(super) fn value(program: &Program, kind: &TypeKind, random: &mut Random, depth: u32) -> Value {
    let number = random.number();
    let deeper = depth < DEEPEST;
    let pick = |of: &[i64]| of[number as usize % of.len()];
    let mut some = |kind: &TypeKind| value(program, kind, random, depth + 1);
    match kind {
        TypeKind::Bool => Value::Bool(number & 1 == 1),
        TypeKind::Int => {
            Value::Int(pick(&[0, 1, -1, 2, 3, 7, 12, 255, 256, i64::MAX, i64::MIN, number as i64]))
        }
        TypeKind::Decimal => Value::decimal(decimal(number)),
        TypeKind::Money => {
            let code = [*b"EUR", *b"EUR", *b"EUR", *b"USD", *b"JPY", *b"KWD"][number as usize / 64 % 6];
            Value::money(decimal(number), code)
        }
        TypeKind::Digits => Value::Text("4711".repeat(4)[..1 + number as usize % 16].into()),
        TypeKind::Phone => Value::Text(format!("+{}", 1_000 + number % 1_000_000_000)),
        TypeKind::Duration => Value::Duration(pick(&[
            0,
            1,
            -1,
            999,
            60_000,
            86_400_000,
            -86_400_001,
            90_061_001,
            i64::MAX,
            i64::MIN,
            number as i64 >> 24,
        ])),
        TypeKind::Date => Value::Date(pick(&[
            0,
            -1,
            20_454,
            20_512,
            47_482,
            -719_528,
            2_932_896,
            i32::MAX.into(),
            i32::MIN.into(),
            number as i64 % 40_000,
        ])),
        TypeKind::Time => Value::Time(pick(&[0, 43_200_000, 86_399_999, (number % 86_400_000) as i64])),
        TypeKind::DateTime => {
            let farthest = (1 << 46) - 1;
            let moments = [0, 1_772_951_400_000, 1_792_886_400_000, -1, farthest, -farthest];
            let at = if number & 1 == 0 { pick(&moments) } else { number as i64 % 2_000_000_000_000 };
            Value::DateTime(at, number as usize / 7 % program.zones.len().max(1))
        }
        TypeKind::Language => Value::Language(number as usize % program.languages.len().max(1)),
        TypeKind::PublicKey => Value::Text("A".repeat(43) + "="),
        TypeKind::Optional(of) if deeper && !number.is_multiple_of(3) => Value::Some(Box::new(some(of))),
        TypeKind::Optional(_) => Value::None,
        TypeKind::List(of) => {
            let count = if deeper { number % 5 } else { 0 };
            Value::List((0..count).map(|_| some(of)).collect())
        }
        TypeKind::Map(key, of) => {
            let count = if deeper { number % 4 } else { 0 };
            let mut entries: Vec<(Value, Value)> = Vec::new();
            for _ in 0..count {
                let (name, found) = (some(key), some(of));
                // A world that says one key twice is no honest one.
                if entries.iter().all(|(have, _)| !have.is_same(&name)) {
                    entries.push((name, found));
                }
            }
            Value::Map(entries)
        }
        TypeKind::Record(id) => {
            Value::Record(program.records[*id].fields.iter().map(|field| some(&field.ty.kind)).collect())
        }
        TypeKind::Enum(id) => {
            let variants = &program.enums[*id].variants;
            let index = number as usize % variants.len().max(1);
            let data = variants.get(index).map_or(&[][..], |variant| &variant.fields);
            Value::Variant(index, data.iter().map(|field| some(&field.ty.kind)).collect())
        }
        TypeKind::Text | TypeKind::Nothing | TypeKind::Unknown => Value::Text(
            ["", "x", "é", "12", " -7 ", "1.50", "+15550123", "a longer text with words", "Ada"]
                [number as usize % 9]
                .into(),
        ),
    }
}

fn decimal(number: u64) -> Decimal {
    if number.is_multiple_of(4) {
        return Decimal::from([0i64, 1, -1, 100][number as usize / 4 % 4]);
    }
    let small = number.is_multiple_of(3);
    let digits = if small { number as i64 % 100_000 } else { number as i64 };
    let wide = i128::from(digits) * if number.is_multiple_of(5) { 1_000_000_007 } else { 1 };
    Decimal::from_i128_with_scale(wide, if small { 2 } else { (number % 29) as u32 })
}
