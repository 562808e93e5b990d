//! JUnit's XML, which every build server shows: one suite for each file, one test case for each problem.
//!
//! Errors are failures. Warnings are cases that pass and say so in their output, so that the report fails when
//! `flowc` does. A file without problems is one case that passes.

use super::concise::{self, severity};
use super::plain;
use crate::{Diagnostic, FileId, Severity, SourceMap};

pub(super) fn render(sources: &SourceMap, diagnostics: &[&Diagnostic]) -> String {
    let failures = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    let mut suites = String::new();
    let mut cases = 0;
    for (file, source) in sources.iter() {
        let here: Vec<&Diagnostic> =
            diagnostics.iter().copied().filter(|d| d.primary.location.file == file).collect();
        cases += here.len().max(1);
        suites.push_str(&suite(sources, file, &source.path, &here));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"flowc\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\">\n\
         {suites}</testsuites>\n"
    )
}

fn suite(sources: &SourceMap, file: FileId, path: &str, here: &[&Diagnostic]) -> String {
    let path = escaped(path);
    let failures = here.iter().filter(|d| d.severity == Severity::Error).count();
    let mut out = format!(
        "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">\n",
        here.len().max(1)
    );
    if here.is_empty() {
        out.push_str(&format!("    <testcase name=\"no problems\" classname=\"{path}\"/>\n"));
    }
    for diagnostic in here {
        let (line, column) = sources.file(file).line_column(diagnostic.primary.location.span.start);
        let message = escaped(&diagnostic.message);
        out.push_str(&format!(
            "    <testcase name=\"{}: {message}\" classname=\"{path}\" line=\"{line}\" column=\"{column}\">\n",
            diagnostic.code
        ));
        let mut text = escaped(&concise::line(sources, diagnostic));
        if !diagnostic.primary.text.is_empty() {
            text.push_str(&format!("\n{}", escaped(&diagnostic.primary.text)));
        }
        for help in &diagnostic.helps {
            text.push_str(&format!("\nhelp: {}", escaped(help)));
        }
        match diagnostic.severity {
            Severity::Error => out.push_str(&format!(
                "      <failure type=\"{}\" message=\"{message}\">{text}</failure>\n",
                severity(diagnostic.severity)
            )),
            Severity::Warning => out.push_str(&format!("      <system-out>{text}</system-out>\n")),
        }
        out.push_str("    </testcase>\n");
    }
    out.push_str("  </testsuite>\n");
    out
}

/// A text as content or attribute: on one line, and without the characters that XML has no way to write.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain::line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
