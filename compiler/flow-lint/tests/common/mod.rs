//! Parses, checks and lints sources as a project would.
#![allow(dead_code, reason = "each test uses a part of it")]

use flow_check::{Module, Options, check};
use flow_diagnostics::render::{Format, Options as Look, render};
use flow_diagnostics::{Diagnostic, Interner, Severity, SourceFile, SourceMap};
use flow_lint::{Config, File, Project, lint, settle};

/// What is said about a project.
pub struct Answer {
    pub sources: SourceMap,
    pub diagnostics: Vec<Diagnostic>,
}

impl Answer {
    /// As a person sees it, without colour.
    pub fn text(&self) -> String {
        render(Format::Text, &self.sources, &self.diagnostics, &Look::default())
    }

    /// The codes with their lines, in the order of their places.
    pub fn codes(&self) -> Vec<String> {
        let mut found: Vec<&Diagnostic> = self.diagnostics.iter().collect();
        found.sort_by_key(|diagnostic| (diagnostic.primary.location, diagnostic.code));
        let line = |diagnostic: &Diagnostic| {
            let at = diagnostic.primary.location;
            self.sources.file(at.file).line_column(at.span.start).0
        };
        found
            .into_iter()
            .map(|diagnostic| format!("{} in line {}", diagnostic.code, line(diagnostic)))
            .collect()
    }
}

/// Files by name, the first the main one; the others as `use` names them (`shared`, `std.x`).
pub fn lint_files(files: &[(&str, &str)], config: &Config) -> Answer {
    let mut sources = SourceMap::default();
    let mut interner = Interner::default();
    let mut parsed = Vec::new();
    let mut diagnostics = Vec::new();
    for (index, (name, text)) in files.iter().enumerate() {
        let path =
            if index == 0 { "main.flow".to_owned() } else { format!("{}.flow", name.replace('.', "/")) };
        let file = sources.add(SourceFile::new(path, *text));
        let mut result = flow_syntax::parse(file, text, &mut interner);
        diagnostics.append(&mut result.diagnostics);
        let parts = if index == 0 { "" } else { name };
        let name: Vec<_> = parts.split('.').filter(|n| !n.is_empty()).map(|n| interner.intern(n)).collect();
        parsed.push((name, file, result));
    }
    let modules: Vec<Module<'_>> = parsed
        .iter()
        .map(|(name, file, parsed)| Module { name: name.clone(), file: *file, ast: &parsed.file })
        .collect();
    let checked = check(&modules, &interner, &Options { project: "test".into(), ..Options::default() });
    diagnostics.extend(checked.diagnostics);
    let clean = diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error);
    let program = checked.program.filter(|_| clean);
    let files: Vec<File<'_>> = parsed
        .iter()
        .zip(files)
        .enumerate()
        .map(|(index, ((_, file, parsed), (name, text)))| File {
            file: *file,
            text,
            ast: &parsed.file,
            comments: &parsed.comments,
            is_main: index == 0,
            is_library: name.starts_with("std"),
        })
        .collect();
    let project = Project { files: &files, interner: &interner, program: program.as_ref(), config };
    diagnostics.extend(lint(&project));
    settle(&project, &mut diagnostics);
    Answer { sources, diagnostics }
}

/// One file with the usual limits.
pub fn lint_text(text: &str) -> Answer {
    lint_files(&[("main", text)], &Config::default())
}

/// Applies the fixes of all diagnostics of one file, first come first.
pub fn fixed(answer: &Answer) -> String {
    let text = &answer.sources.file(flow_diagnostics::FileId(0)).text;
    let mut edits: Vec<_> = answer
        .diagnostics
        .iter()
        .filter_map(|diagnostic| diagnostic.fixes.first())
        .flat_map(|fix| &fix.edits)
        .collect();
    edits.sort_by_key(|edit| edit.location.span.start);
    let mut out = String::new();
    let mut from = 0;
    for edit in edits {
        let span = edit.location.span;
        if (span.start as usize) < from {
            continue;
        }
        out.push_str(&text[from..span.start as usize]);
        out.push_str(&edit.text);
        from = span.end as usize;
    }
    out + &text[from..]
}
