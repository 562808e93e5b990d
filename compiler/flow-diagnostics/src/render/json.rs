//! One JSON document. Its shape is a promise of its own: it is written from the structs below, never from
//! the model, and `schema` counts its changes.

use serde::Serialize;

use super::concise::severity;
use super::{Options, document};
use crate::{Applicability, Diagnostic, Location, Severity, SourceMap};

/// Raised when a field changes its meaning or goes; new fields do not raise it.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: String,
    /// Of the code's explanation: a link, or the way within the book.
    url: String,
    severity: &'static str,
    message: &'a str,
    file: &'a str,
    primary: Place<'a>,
    related: Vec<Related<'a>>,
    notes: &'a [String],
    helps: &'a [String],
    fixes: Vec<FixEntry<'a>>,
}

/// Bytes from 0; lines and columns from 1, columns in bytes of UTF-8.
#[derive(Serialize)]
struct Point {
    byte: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Place<'a> {
    start: Point,
    end: Point,
    label: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    file: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct FixEntry<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<EditEntry<'a>>,
}

#[derive(Serialize)]
struct EditEntry<'a> {
    file: &'a str,
    start: u32,
    end: u32,
    text: &'a str,
}

pub(super) fn render(sources: &SourceMap, diagnostics: &[&Diagnostic], options: &Options) -> String {
    let count = |wanted| diagnostics.iter().filter(|diagnostic| diagnostic.severity == wanted).count();
    let written = Document {
        schema: SCHEMA,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        diagnostics: diagnostics.iter().map(|diagnostic| entry(sources, diagnostic, options)).collect(),
    };
    document::json(&written)
}

fn entry<'a>(sources: &'a SourceMap, diagnostic: &'a Diagnostic, options: &Options) -> Entry<'a> {
    let path = |location: Location| sources.file(location.file).path.as_str();
    Entry {
        code: diagnostic.code.to_string(),
        url: document::url(options.book, diagnostic.code),
        severity: severity(diagnostic.severity),
        message: &diagnostic.message,
        file: path(diagnostic.primary.location),
        primary: place(sources, diagnostic.primary.location, &diagnostic.primary.text),
        related: diagnostic
            .secondary
            .iter()
            .map(|label| Related {
                file: path(label.location),
                place: place(sources, label.location, &label.text),
            })
            .collect(),
        notes: &diagnostic.notes,
        helps: &diagnostic.helps,
        fixes: diagnostic
            .fixes
            .iter()
            .map(|fix| FixEntry {
                title: &fix.title,
                applicability: match fix.applicability {
                    Applicability::Safe => "safe",
                    Applicability::Unsafe => "unsafe",
                },
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| EditEntry {
                        file: path(edit.location),
                        start: edit.location.span.start,
                        end: edit.location.span.end,
                        text: &edit.text,
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn place<'a>(sources: &SourceMap, location: Location, label: &'a str) -> Place<'a> {
    let point = |byte| {
        let (line, column) = sources.file(location.file).line_column(byte);
        Point { byte, line, column }
    };
    Place { start: point(location.span.start), end: point(location.span.end), label }
}
