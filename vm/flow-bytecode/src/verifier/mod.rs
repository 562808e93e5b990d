//! From a [`Program`] to a [`VerifiedProgram`], the only thing that the machine runs.
//!
//! Knows nothing of source text and nothing of running calls. One pass over the tables, then one linear pass
//! over each function, without a fixpoint, because the program carries type maps. What a writer of programs
//! (`flow-lower`) must know:
//!
//! # Tables
//! - `types` is deduplicated (equal types have one index), and a type's components stand **before** it.
//! - `texts` are at most 4 KB each; a function has at most 255 registers; its code is not empty.
//! - `jump_tables` hold absolute indices into `Program::code`; a table is not empty. Its last entry also takes
//!   every index beyond. Two `switch`es of one function may share a table.
//! - An `inbound` flow has no parameters.
//!
//! # Type maps
//! A map stands, sorted by `at` within its function,
//! - at every **jump target** (of jumps and jump tables): it lists the registers that are live there. Every
//!   edge into it, falling through included, must have those registers with those types; all others are
//!   unreadable from there on;
//! - at **`on_hangup`**: the registers that the handler reads; see below;
//! - optionally **after `perform`, `wait` and `run`**, at the instruction that follows: it lists the registers
//!   that live on across the wait, *without* those that the instruction writes (they are known; listing them
//!   does no harm). Without such a map every assigned register lives on. Write it: what is dead is dropped
//!   from the arena and from snapshots. Such a place that is also a jump target follows the first rule, and
//!   forgets which outcome it was.
//! - nowhere else is it needed; where it stands it narrows what is readable.
//!
//! The entry of a function needs no map (its parameters are in registers 0, 1, …) unless it is jumped to.
//! Instructions that cannot be reached and have no map are only checked to be instructions.
//!
//! # Outcomes
//! `perform`, `wait` and `run` consume their argument registers and then write R\[A\] (an `Int`: the outcome's
//! index, reports counted after the outcomes) and the data in R\[A+1\], …: registers from A to the last
//! argument or datum, whichever is further, are unassigned afterwards but for the results.
//! - With a single outcome (and no report) its data is readable at once.
//! - With several, the data is readable behind a **`switch` on R\[A\]**, in the target of that outcome's index,
//!   whose map may list R\[A+1\], … with the types of that outcome's data. Between the two, R\[A\] and the data
//!   registers must not be written, and no map may stand that is jumped to. The last entry of the table, when
//!   it stands for several outcomes, has the data that all of them have in common.
//!
//! # Effects that report
//! After `perform` or `wait` of an effect with reports, `switch` on R\[A\] follows **as the very next
//! instruction** (emit it again after each `wait`, with the same table), and no entry of its table stands for
//! both outcomes and reports. In the target of a report the effect is in flight: at-once effects may be
//! performed, and every path must reach `wait` (of that entry) or `cancel` (of that entry) before `perform` of
//! any other effect, `run`, `goto`, `give` or `end`. Paths that join must agree on what is in flight, and code
//! that runs with an effect in flight must be laid out *behind* an edge that leads to it (no map says so: the
//! pass learns it from the first edge).
//!
//! # Hang-up
//! `on_hangup` is the last part of its function: from there to the function's end is the handler. No jump leads
//! into or out of it; it performs at-once effects only, and has no `run`, `goto`, `give`, `wait`, `cancel`.
//! Every path of it ends with `end` or a trap. The registers of the map at `on_hangup` must live on across
//! *every* `perform`, `wait` and `run` of the function (they must be in the maps after them).
//!
//! # Kinds of functions
//! A pure function has no `perform`, `wait`, `cancel`, `run`, `give`, `goto`, `block`, `end`; it leaves by
//! `return`. A flow has no `return`. `goto` leads to a flow that gives nothing, or exactly what this one gives.

mod flow;
mod library;
mod outbound;
mod services;
mod signatures;
mod tables;

use crate::fault::{Fault, FaultKind};
use crate::instruction::Instruction;
use crate::program::Program;
use crate::steps::Machine;
use crate::types::{Type, TypeId};
use crate::verified::{Decoded, VerifiedProgram};

/// Faults reported at most: what is broken that often is broken at the root.
const FAULTS: usize = 64;

/// Checks a program against every rule; all faults found (at most 64), in the order of the program.
pub fn verify(program: Program) -> Result<VerifiedProgram, Vec<Fault>> {
    let mut checker = Checker { program: &program, comparable: Vec::new(), faults: Vec::new() };
    checker.tables();
    let mut points = Vec::new();
    let mut zones = Vec::new();
    let mut code = Vec::new();
    if checker.faults.is_empty() {
        code = checker.decode();
        zones = checker.zones();
    }
    if checker.faults.is_empty() {
        for index in 0..program.functions.len() {
            checker.function(index as u16, &code, &mut points);
        }
    }
    let mut faults = checker.faults;
    if !faults.is_empty() {
        faults.truncate(FAULTS);
        return Err(faults);
    }
    points.sort_by_key(|point| point.at);
    let machine = Machine::new(&program, &code, true);
    let identity = crate::container::identity(&program);
    Ok(VerifiedProgram { program, identity, decoded: code, machine, points, time_zones: zones })
}

/// The rules at work on one program.
struct Checker<'a> {
    program: &'a Program,
    /// By type: whether two of its values can be told apart.
    comparable: Vec<bool>,
    faults: Vec<Fault>,
}

impl<'a> Checker<'a> {
    fn fault(&mut self, kind: FaultKind, message: impl Into<String>) {
        self.faults.push(Fault { kind, at: None, message: message.into() });
    }

    fn fault_at(&mut self, kind: FaultKind, at: u32, message: impl Into<String>) {
        self.faults.push(Fault { kind, at: Some(at), message: message.into() });
    }

    /// The type of an index; callers have checked the table of types.
    fn ty(&self, id: TypeId) -> &'a Type {
        &self.program.types[usize::from(id.0)]
    }

    /// The index of a type, when the program has it.
    fn id_of(&self, ty: &Type) -> Option<TypeId> {
        self.program.types.iter().position(|have| have == ty).map(|index| TypeId(index as u16))
    }

    fn decode(&mut self) -> Vec<Decoded> {
        let mut code = Vec::with_capacity(self.program.code.len());
        for (at, word) in self.program.code.iter().enumerate() {
            match Decoded::new(Instruction(*word)) {
                Some(decoded) => code.push(decoded),
                None => {
                    self.fault_at(
                        FaultKind::Opcode,
                        at as u32,
                        format!("0x{:02x} is no operation", word & 0xff),
                    );
                    if self.faults.len() >= FAULTS {
                        break;
                    }
                }
            }
        }
        code
    }

    fn zones(&mut self) -> Vec<jiff::tz::TimeZone> {
        let mut zones = Vec::new();
        for name in &self.program.zones {
            match jiff::tz::TimeZone::get(name) {
                Ok(zone) => zones.push(zone),
                Err(_) => self.fault(FaultKind::Index, format!("`{name}` is no time zone")),
            }
        }
        zones
    }
}
