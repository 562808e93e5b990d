//! Parses and checks sources as a project would, and renders what is said about them.
#![allow(dead_code, reason = "each test uses a part of it")]

use flow_check::{Checked, Module, Options, check};
use flow_diagnostics::render::{Format, Options as Look, render};
use flow_diagnostics::{Diagnostic, FileId, Interner, SourceFile, SourceMap};

/// The answer to one source: what the parser and the checker said, and the program.
pub struct Answer {
    pub sources: SourceMap,
    pub syntax: Vec<Diagnostic>,
    pub checked: Checked,
}

impl Answer {
    /// Everything said, parser first.
    pub fn all(&self) -> Vec<Diagnostic> {
        self.syntax.iter().chain(&self.checked.diagnostics).cloned().collect()
    }

    /// As a person sees it, without colour.
    pub fn text(&self) -> String {
        render(Format::Text, &self.sources, &self.all(), &Look::default())
    }
}

/// Checks a main file and others by name (`shared`, `acme.shared`).
pub fn check_files(main: &str, others: &[(&str, &str)]) -> Answer {
    let mut sources = SourceMap::default();
    let mut interner = Interner::default();
    let mut syntax = Vec::new();
    let mut parsed = Vec::new();
    let mut left_out = Vec::new();
    let named = std::iter::once(("", main)).chain(others.iter().copied());
    for (name, text) in named {
        let path =
            if name.is_empty() { "main.flow".to_owned() } else { format!("{}.flow", name.replace('.', "/")) };
        let file: FileId = sources.add(SourceFile::new(path, text));
        let result = flow_syntax::parse(file, text, &mut interner);
        syntax.extend(result.diagnostics);
        left_out.extend(result.left_out.iter().map(|s| s.at(file)));
        let name = name.split('.').filter(|n| !n.is_empty()).map(|n| interner.intern(n)).collect::<Vec<_>>();
        parsed.push((name, file, result.file));
    }
    let modules: Vec<Module<'_>> =
        parsed.iter().map(|(name, file, ast)| Module { name: name.clone(), file: *file, ast }).collect();
    // 2026-01-01, so that what is said of dates that are over does not depend on the clock.
    let options = Options { project: "test".into(), left_out, today: Some(20_454), ..Options::default() };
    let checked = check(&modules, &interner, &options);
    Answer { sources, syntax, checked }
}

/// Checks one file.
pub fn check_text(text: &str) -> Answer {
    check_files(text, &[])
}
