//! Programs made of chance: well typed by construction, so that nearly all of them compile, and full of what
//! compilers get wrong.

mod blocks;
mod expressions;
mod items;
mod statements;
mod types;

use std::collections::BTreeSet;

use crate::random::Random;
use types::Kind;

/// A program of a sequence of numbers.
pub fn of_chance(random: &mut Random) -> String {
    let seed = random.number();
    Maker::new(Choices { bytes: &[], random: Random::new(seed, 0), made_up: true }).program()
}

/// A program of bytes, each of which chooses something; where they end, the first of everything is taken.
pub fn of_bytes(bytes: &[u8]) -> String {
    Maker::new(Choices { bytes, random: Random::new(0, 0), made_up: false }).program()
}

/// Where decisions come from.
struct Choices<'b> {
    bytes: &'b [u8],
    random: Random,
    made_up: bool,
}

impl Choices<'_> {
    fn below(&mut self, end: usize) -> usize {
        if self.made_up {
            return self.random.below(end);
        }
        match self.bytes {
            [byte, rest @ ..] => {
                self.bytes = rest;
                usize::from(*byte) % end.max(1)
            }
            [] => 0,
        }
    }

    fn once_in(&mut self, times: usize) -> bool {
        // The first of everything is the plain thing.
        self.below(times) == times - 1
    }
}

/// A name that can be read, and what it holds.
#[derive(Debug, Clone)]
struct Name {
    text: String,
    kind: Kind,
    is_state: bool,
}

/// A block that is to be written.
#[derive(Debug, Clone)]
struct Plan {
    name: String,
    params: Vec<(String, Kind)>,
}

/// A variant of an enum, with its data.
type Variant = (String, Vec<(String, Kind)>);

/// What a flow gives, with its data.
type Outcome = (String, Vec<Kind>);

/// A program in the making.
struct Maker<'b> {
    choices: Choices<'b>,
    out: String,
    /// For names that nothing else has.
    count: usize,
    /// Two languages, so that everything is said twice.
    bilingual: bool,
    records: Vec<(String, Vec<(String, Kind)>)>,
    enums: Vec<(String, Vec<Variant>)>,
    functions: Vec<(String, Vec<Kind>, Kind)>,
    prompts: Vec<(String, Vec<Kind>)>,
    settings: Vec<(String, Kind)>,
    limits: Vec<(String, Vec<Kind>)>,
    operations: Vec<(String, Vec<Kind>, Option<Kind>)>,
    /// Flows that give something: their name, parameters, and outcomes with data.
    helpers: Vec<(String, Vec<Kind>, Vec<Outcome>)>,
    scope: Vec<Name>,
    plans: Vec<Plan>,
    /// What the flow in the making gives; nothing when it only ends.
    gives: Vec<(String, Vec<Kind>)>,
    /// Outcomes that blocks of the flow in the making leave to it.
    defaults: BTreeSet<&'static str>,
    /// Whether the world may be asked here: not in functions, constants and first values.
    in_call: bool,
    in_queue: bool,
}

impl<'b> Maker<'b> {
    fn new(choices: Choices<'b>) -> Self {
        Self {
            choices,
            out: String::new(),
            count: 0,
            bilingual: false,
            records: Vec::new(),
            enums: Vec::new(),
            functions: Vec::new(),
            prompts: Vec::new(),
            settings: Vec::new(),
            limits: Vec::new(),
            operations: Vec::new(),
            helpers: Vec::new(),
            scope: Vec::new(),
            plans: Vec::new(),
            gives: Vec::new(),
            defaults: BTreeSet::new(),
            in_call: false,
            in_queue: false,
        }
    }

    fn below(&mut self, end: usize) -> usize {
        self.choices.below(end)
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.choices.once_in(times)
    }

    /// One of several things of the program's, of which there is one at least.
    fn any<T: Clone>(&mut self, of: impl Fn(&Self) -> &Vec<T>) -> T {
        let index = self.choices.below(of(self).len());
        of(self)[index].clone()
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn fresh(&mut self, letter: &str) -> String {
        self.count += 1;
        format!("{letter}{}", self.count)
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }
}
