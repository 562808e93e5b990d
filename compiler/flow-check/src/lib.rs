//! Names, types, outcomes and endings: the syntax tree becomes a checked program.
//!
//! [`check`] takes every file of a project, parsed, and answers with a [`hir::Program`] or with what is wrong,
//! never with both. Each question has a file of its own: `names` (who is who), `types` and `expressions`,
//! `spoken` (what is heard), `kinds` (the one table of block kinds), `blocks` and `endings` (what a block
//! does), `outcomes` (rule R2), `cycles` (R3), `reach`, `keys`, `calendars`, `people`, `secrets`.
//!
//! It knows nothing of files on a disk, of bytecode, or of how a message looks.

pub mod codes;
pub mod hir;
pub mod kinds;
pub mod plurals;

mod arithmetic;
mod blocks;
pub mod calendar_intervals;
mod calendar_reports;
mod calendars;
mod calls;
mod campaigns;
mod clauses;
mod context;
mod csv;
mod cycles;
mod dates;
mod dialled;
mod endings;
mod expressions;
mod flows;
mod forms;
mod items;
mod keys;
mod list_survey;
mod members;
mod money;
mod names;
mod near;
mod operators;
mod outbound;
mod outcomes;
mod people;
mod phrases;
mod premium;
mod properties;
mod questions;
mod reach;
mod requests;
mod roster;
mod scope;
mod secrets;
mod sentences;
mod services;
mod shapes;
mod spoken;
mod statements;
mod tables;
mod taken_numbers;
mod talks;
mod told_keys;
mod types;
mod uses;
mod values;
mod waits;
mod waits_for_people;
mod ways;
mod written_out;

pub use tables::DataFile;
pub use uses::Library;

use flow_diagnostics::{Diagnostic, FileId, Interner, Location, Severity, Symbol};
use flow_syntax::ast;

pub use dialled::{EMERGENCY, numbers_of};
pub use premium::PREMIUM;

/// One parsed file.
#[derive(Debug, Clone)]
pub struct Module<'a> {
    /// The path by which others `use` it (`acme.shared`); empty for the main file.
    pub name: Vec<Symbol>,
    /// Where its spans point.
    pub file: FileId,
    /// What it says.
    pub ast: &'a ast::File,
}

/// What the project says about itself.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The project's name.
    pub project: String,
    /// The default language; `None` takes the first that a flow `speaks`, else `en`.
    pub language: Option<String>,
    /// How numbers begin that the deployment may call; a premium number is permitted by nothing shorter than its
    /// own prefix.
    pub may_call: Vec<String>,
    /// What the parser left out of items that are otherwise whole (`Parsed::left_out`, of every file): of a
    /// body that holds one of these, nothing is said about what it lacks.
    pub left_out: Vec<Location>,
    /// The day from which calendars are looked at for ten years, in days since 1970: the driver's today. `None` is
    /// 2026-01-01, and says nothing of dates that are over or soon will be.
    pub today: Option<i32>,
    /// The files that tables and rosters are read from.
    pub data: Vec<DataFile>,
    /// The project itself, then the libraries that are used, by number. Without any, every file is the project's.
    pub libraries: Vec<Library>,
    /// By module, the number of the library that it is of; of what is not named here, 0.
    pub library_of: Vec<usize>,
}

/// The answer of [`check`].
#[derive(Debug, Clone)]
pub struct Checked {
    /// The program; only without errors.
    pub program: Option<hir::Program>,
    /// Errors and warnings, by file and position.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// Whether anything stands in the way of building.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }
}

/// Calls `take` with every exit of a block, in the order of the text: of its arms, choices, `visits` and `else`.
pub fn each_exit(block: &hir::Block, take: &mut dyn FnMut(&hir::Exit)) {
    cycles::each_exit(block, &mut |exit, _| take(exit));
}

/// Checks all files of a project together; the main file is the one with an empty name.
pub fn check(modules: &[Module<'_>], interner: &Interner, options: &Options) -> Checked {
    context::Checker::new(modules, interner, options).run()
}
