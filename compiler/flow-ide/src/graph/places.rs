//! Bytes to lines, and expressions to their source text.

use flow_diagnostics::{Location, SourceMap};

use super::Place;

/// Where something is written.
pub(crate) fn place(sources: &SourceMap, at: Location) -> Place {
    let file = sources.file(at.file);
    let (line, column) = file.line_column(at.span.start);
    let (end_line, end_column) = file.line_column(at.span.end);
    Place { file: file.path.clone(), line, column, end_line, end_column }
}

/// What is written there, in one line.
pub(super) fn text(sources: &SourceMap, at: Location) -> String {
    one_line(sources.file(at.file).slice(at.span))
}

/// Blanks and newlines become one blank.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
