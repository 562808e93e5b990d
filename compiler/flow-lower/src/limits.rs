//! What a program may be refused for here: it is too large for the machine, or needs what the machine of
//! this edition does not have.

use flow_bytecode::{Fault, FaultKind};
use flow_check::hir;
use flow_diagnostics::{Code, Diagnostic, FileId, Location, Span};

use crate::Lowering;
use crate::assembler::MOST_REGISTERS;

/// A table of the program is full.
pub const TOO_LARGE: Code = Code(650);
/// A flow or function needs more registers than a frame has.
pub const TOO_MANY_REGISTERS: Code = Code(651);
/// A flow's code is longer than a branch can reach.
pub const TOO_LONG: Code = Code(652);
/// The language has it, this machine does not yet.
pub const NOT_YET: Code = Code(653);

/// All codes of this crate.
pub const CODES: &[Code] = &[TOO_LARGE, TOO_MANY_REGISTERS, TOO_LONG, NOT_YET];

/// What the verifier's faults mean to the author of a project, when all of them are limits of the machine; `None`
/// when one is a fault of this crate.
pub fn beyond(hir: &hir::Program, faults: &[Fault]) -> Option<Vec<Diagnostic>> {
    if faults.is_empty() || faults.iter().any(|fault| fault.kind != FaultKind::Limit) {
        return None;
    }
    let start = Location { file: FileId(0), span: Span::default() };
    let at = hir.flows.first().map_or(start, |flow| flow.location);
    let said = faults.iter().map(|fault| {
        let message = format!("the program is too large for the machine: {}", fault.message);
        Diagnostic::error(TOO_LARGE, message, at, "in the project that begins here")
            .with_help("split it: fewer choices in one menu, fewer types in types, shorter texts")
    });
    Some(said.collect())
}

impl Lowering<'_> {
    pub(crate) fn too_many_registers(&mut self, name: &str, at: Location) {
        let message = format!("`{name}` keeps more than {MOST_REGISTERS} values at once");
        self.diagnostics.push(
            Diagnostic::error(TOO_MANY_REGISTERS, message, at, "too much to remember at once")
                .with_help("split it: move some of its blocks to a flow of their own and `run` that"),
        );
    }

    pub(crate) fn too_long(&mut self, name: &str, at: Location) {
        let message = format!("the code of `{name}` is too long for one flow");
        self.diagnostics.push(
            Diagnostic::error(TOO_LONG, message, at, "too long")
                .with_help("split it: move some of its blocks to a flow of their own and `run` that"),
        );
    }

    pub(crate) fn too_large(&mut self, what: &str, at: Location) {
        let message = format!("the project has more than 65,536 different {what}");
        self.diagnostics.push(
            Diagnostic::error(TOO_LARGE, message, at, "in the project that begins here")
                .with_help("split the project in two, each with its own numbers"),
        );
    }

    pub(crate) fn unsupported(&mut self, at: Location, what: &str) {
        if self.diagnostics.iter().any(|have| have.code == NOT_YET && have.primary.location == at) {
            return;
        }
        let message = format!("this version cannot run {what} yet");
        self.diagnostics.push(Diagnostic::error(NOT_YET, message, at, "not yet"));
    }
}
