//! GitLab's code quality report: a list of findings with fingerprints, by which a merge request shows what it
//! would bring and what it would mend.

use serde::Serialize;

use super::document::{json, line_character};
use super::fingerprint::fingerprints;
use crate::{Diagnostic, Severity, SourceMap};

#[derive(Serialize)]
struct Finding<'a> {
    check_name: String,
    description: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

pub(super) fn render(sources: &SourceMap, diagnostics: &[&Diagnostic]) -> String {
    let findings: Vec<Finding<'_>> = diagnostics
        .iter()
        .zip(fingerprints(sources, diagnostics))
        .map(|(diagnostic, fingerprint)| finding(sources, diagnostic, fingerprint))
        .collect();
    json(&findings)
}

fn finding<'a>(sources: &'a SourceMap, diagnostic: &'a Diagnostic, fingerprint: String) -> Finding<'a> {
    let place = diagnostic.primary.location;
    let point = |byte| {
        let (line, column) = line_character(sources, place.file, byte);
        Point { line, column }
    };
    Finding {
        check_name: diagnostic.code.to_string(),
        description: &diagnostic.message,
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
        },
        location: Place {
            // GitLab does not find a file by a path that begins with `./`.
            path: sources.file(place.file).path.trim_start_matches("./"),
            positions: Positions { begin: point(place.span.start), end: point(place.span.end) },
        },
    }
}
