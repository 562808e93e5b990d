//! What a flow may do and callers would not thank for: menus that are too long, prompts that nobody hears to
//! their end, numbers that cost a fortune.
//!
//! [`lint`] looks at a project that has no errors; each lint is a file of its own under `lints/` and a page in
//! `flow-diagnostics/codes`. [`settle`] then applies what people have decided: comments that allow a warning in
//! one place, and the levels of `flow.toml`. It knows nothing of disks, of `flow.toml`'s syntax, or of how a
//! message looks; and it never reports an error of its own accord.

pub mod codes;
mod config;
mod lints;
mod suppressions;
mod tree;

pub use config::{Config, Level};
pub use lints::{LINTS, Lint};

use flow_check::hir;
use flow_diagnostics::{Diagnostic, FileId, Interner};
use flow_syntax::{Comment, ast};

/// One file of the project.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Where its spans point.
    pub file: FileId,
    /// Its text.
    pub text: &'a str,
    /// What it says.
    pub ast: &'a ast::File,
    /// Its comments, in order.
    pub comments: &'a [Comment],
    /// The file in which calls begin.
    pub is_main: bool,
    /// It is shipped with flowc: not the reader's to change, so nothing is said about it.
    pub is_library: bool,
}

/// What the lints look at.
#[derive(Debug, Clone, Copy)]
pub struct Project<'a> {
    /// All files, in the order of their ids.
    pub files: &'a [File<'a>],
    /// The names of their syntax trees.
    pub interner: &'a Interner,
    /// The checked program; `None` when there are errors, and then no lint is asked.
    pub program: Option<&'a hir::Program>,
    /// What `flow.toml` says about lints.
    pub config: &'a Config,
}

impl<'a> Project<'a> {
    /// The files that the reader may change.
    pub(crate) fn own_files(&self) -> impl Iterator<Item = &'a File<'a>> + use<'a> {
        self.files.iter().filter(|file| !file.is_library)
    }

    /// Whether a place is in a file that the reader may change.
    pub(crate) fn is_own(&self, file: FileId) -> bool {
        self.files.iter().any(|f| f.file == file && !f.is_library)
    }
}

/// The most warnings of lints that a project gets, as the checker has it: a bound for hostile text.
const MOST_FOUND: usize = 10_000;

/// What the lints found.
#[derive(Debug, Default)]
pub struct Found {
    all: Vec<Diagnostic>,
}

impl Found {
    /// Adds a warning, unless there are more than anybody reads.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.all.len() < MOST_FOUND {
            self.all.push(diagnostic);
        }
    }
}

/// Asks every lint, unless the program has errors.
pub fn lint(project: &Project<'_>) -> Vec<Diagnostic> {
    let mut found = Found::default();
    if project.program.is_some() {
        for lint in LINTS {
            if project.config.level(lint.code) != Some(Level::Allow) {
                (lint.check)(project, &mut found);
            }
        }
    }
    found.all
}

/// Takes out what comments and levels allow, makes errors of what is denied, and adds what is wrong with the
/// comments themselves.
pub fn settle(project: &Project<'_>, diagnostics: &mut Vec<Diagnostic>) {
    suppressions::apply(project, diagnostics);
    project.config.apply(diagnostics);
}
