//! reviewdog's JSON (`reviewdog -f=rdjson`): one document, columns in bytes, fixes as suggestions.

use serde_json::{Value, json};

use super::document::{json as document, url};
use super::{Options, plain};
use crate::{Diagnostic, Location, Severity, SourceMap};

pub(super) fn render(sources: &SourceMap, diagnostics: &[&Diagnostic], options: &Options) -> String {
    let entries: Vec<Value> =
        diagnostics.iter().map(|diagnostic| entry(sources, diagnostic, options)).collect();
    let mut source = json!({ "name": "flowc" });
    if let Some(book) = options.book {
        source["url"] = json!(book);
    }
    document(&json!({ "source": source, "severity": "WARNING", "diagnostics": entries }))
}

fn entry(sources: &SourceMap, diagnostic: &Diagnostic, options: &Options) -> Value {
    let place = diagnostic.primary.location;
    let mut message = diagnostic.message.clone();
    if !diagnostic.primary.text.is_empty() {
        message.push_str(&format!(": {}", diagnostic.primary.text));
    }
    for help in &diagnostic.helps {
        message.push_str(&format!("\nhelp: {help}"));
    }
    let mut code = json!({ "value": diagnostic.code.to_string() });
    if options.book.is_some() {
        code["url"] = json!(url(options.book, diagnostic.code));
    }
    // A suggestion is one place of the finding's own file: other changes cannot be said in this format.
    let suggestions: Vec<Value> = diagnostic
        .fixes
        .iter()
        .filter_map(|fix| match fix.edits.as_slice() {
            [edit] if edit.location.file == place.file => Some(edit),
            _ => None,
        })
        .map(|edit| json!({ "range": range(sources, edit.location), "text": edit.text }))
        .collect();
    let mut entry = json!({
        "message": message,
        "location": {
            "path": plain::line(sources.file(place.file).path.trim_start_matches("./")),
            "range": range(sources, place),
        },
        "severity": match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
        },
        "code": code,
    });
    if !suggestions.is_empty() {
        entry["suggestions"] = json!(suggestions);
    }
    entry
}

fn range(sources: &SourceMap, location: Location) -> Value {
    let point = |byte| {
        let (line, column) = sources.file(location.file).line_column(byte);
        json!({ "line": line, "column": column })
    };
    json!({ "start": point(location.span.start), "end": point(location.span.end) })
}
