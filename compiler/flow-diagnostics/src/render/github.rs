//! Workflow commands of GitHub Actions: printed in a workflow, they become notes beside the lines of a change.

use super::concise::severity;
use super::document::line_character;
use super::plain;
use crate::{Diagnostic, SourceMap};

pub(super) fn render(sources: &SourceMap, diagnostics: &[&Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| command(sources, diagnostic)).collect()
}

fn command(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let place = diagnostic.primary.location;
    let (line, column) = line_character(sources, place.file, place.span.start);
    let (end_line, end_column) = line_character(sources, place.file, place.span.end);
    let mut text = plain::line(&diagnostic.message);
    if !diagnostic.primary.text.is_empty() {
        text.push_str(&format!(": {}", plain::line(&diagnostic.primary.text)));
    }
    for help in &diagnostic.helps {
        text.push_str(&format!("\nhelp: {}", plain::line(help)));
    }
    format!(
        "::{} title=flowc {},file={},line={line},endLine={end_line},col={column},endColumn={end_column}::{}\n",
        severity(diagnostic.severity),
        diagnostic.code,
        property(&plain::line(sources.file(place.file).path.trim_start_matches("./"))),
        data(&text),
    )
}

/// What follows `::`: three characters mean something there.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property: two more.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
