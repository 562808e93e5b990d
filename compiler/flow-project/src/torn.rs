//! What the parser lost, so that nothing untrue is said of the rest.
//!
//! A flow of which a part could not be read may lack names and arms that stand in that part: nothing more is said of
//! it. Other flows of the file are whole, and are judged as ever. What others are built on (a record, an enum, a
//! service, a bracket that closes nothing) hides more: then nothing is said of its file.

use flow_diagnostics::{Applicability, Diagnostic, FileId, Location, Severity, Span};
use flow_syntax::ast::ItemKind;

use crate::modules::ParsedModule;

/// F0001, F0012 and F0013: how the file falls into items is not known.
const WHOLE_FILE: [u16; 3] = [1, 12, 13];

/// The places of which nothing more is said.
pub(crate) struct Torn {
    files: Vec<FileId>,
    items: Vec<Location>,
    /// Files that lack something, so that what they leave unused may be used there.
    lacking: Vec<FileId>,
}

impl Torn {
    /// What is torn, by what was read and what was said of it.
    pub(crate) fn of(parsed: &[ParsedModule], said: &[Diagnostic]) -> Self {
        let mut torn = Self { files: Vec::new(), items: Vec::new(), lacking: Vec::new() };
        for module in parsed {
            torn.look_at(module, said);
        }
        // A table or roster that cannot be read, and what else is no flow.
        let others = said.iter().map(|diagnostic| diagnostic.primary.location.file);
        torn.files.extend(others.filter(|file| !parsed.iter().any(|module| module.file == *file)));
        torn
    }

    fn look_at(&mut self, module: &ParsedModule, said: &[Diagnostic]) {
        let file = module.file;
        let errors = said.iter().filter(|d| d.severity == Severity::Error && d.primary.location.file == file);
        let mut lost: Vec<Span> = module.parsed.left_out.clone();
        for error in errors {
            if WHOLE_FILE.contains(&error.code.0) {
                self.files.push(file);
                return;
            }
            // What can only be meant in one way was read in that way.
            if !error.fixes.iter().any(|fix| fix.applicability == Applicability::Safe) {
                lost.push(error.primary.location.span);
            }
        }
        for item in &module.parsed.file.items {
            let holds = |span: &Span| {
                item.span.start <= span.start && span.start < item.span.end.max(item.span.start + 1)
            };
            let is_torn = matches!(item.kind, ItemKind::Broken { .. }) || lost.iter().any(holds);
            if !is_torn {
                continue;
            }
            self.lacking.push(file);
            match &item.kind {
                // Whoever names these needs no more of them than their name.
                ItemKind::Flow(_) | ItemKind::Queue { .. } | ItemKind::Broken { name: Some(_), .. } => {
                    self.items.push(item.span.at(file));
                }
                _ => {
                    self.files.push(file);
                    return;
                }
            }
        }
        let outside = |span: &Span| {
            !module
                .parsed
                .file
                .items
                .iter()
                .any(|item| item.span.start <= span.start && span.start <= item.span.end)
        };
        if lost.iter().any(outside) {
            self.files.push(file);
        }
    }

    /// Whether something that was found is said.
    pub(crate) fn leaves(&self, diagnostic: &Diagnostic) -> bool {
        let at = diagnostic.primary.location;
        let inside = |item: &Location| {
            item.file == at.file && item.span.start <= at.span.start && at.span.start <= item.span.end
        };
        let unsure = diagnostic.severity != Severity::Error && self.lacking.contains(&at.file);
        !unsure && !self.files.contains(&at.file) && !self.items.iter().any(inside)
    }
}
