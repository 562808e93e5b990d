//! One line each: `main.flow:6:22: error[F0101] message`.

use super::plain;
use crate::{Diagnostic, Severity, SourceMap};

pub(super) fn render(sources: &SourceMap, diagnostics: &[&Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| line(sources, diagnostic) + "\n").collect()
}

/// The one line of a diagnostic, without its end.
pub(super) fn line(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let file = sources.file(diagnostic.primary.location.file);
    let (line, column) = file.line_column(diagnostic.primary.location.span.start);
    format!(
        "{}:{line}:{column}: {}[{}] {}",
        plain::line(&file.path),
        severity(diagnostic.severity),
        diagnostic.code,
        plain::line(&diagnostic.message)
    )
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
