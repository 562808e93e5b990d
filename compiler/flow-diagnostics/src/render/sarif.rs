//! SARIF 2.1.0 (OASIS), as code scanning of GitHub, GitLab and Azure reads it: one run, its rules with their
//! pages, results with stable fingerprints and fixes. Paths are relative to `%SRCROOT%`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::concise::severity;
use super::document::{json as document, line_character, uri_path, url};
use super::fingerprint::fingerprints;
use super::{Options, plain};
use crate::codes::{phase, section, title};
use crate::{Code, Diagnostic, Fix, Location, SourceMap};

/// Raised when fingerprints are made otherwise: SARIF names their kind with it.
const FINGERPRINT: &str = "flowcLine/v1";

pub(super) fn render(sources: &SourceMap, diagnostics: &[&Diagnostic], options: &Options) -> String {
    let codes: BTreeSet<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code, options)).collect();
    let prints = fingerprints(sources, diagnostics);
    let results: Vec<Value> = diagnostics
        .iter()
        .zip(prints)
        .map(|(diagnostic, print)| result(sources, &codes, diagnostic, print))
        .collect();
    let mut driver = json!({
        "name": "flowc",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    if let Some(book) = options.book {
        driver["informationUri"] = json!(book);
    }
    document(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                "%SRCROOT%": { "description": { "text": "the folder that flowc was started in" } }
            },
            "results": results,
        }],
    }))
}

fn rule(code: Code, options: &Options) -> Value {
    let meaning = section(code, "What it means");
    let why = section(code, "Why it matters on a call");
    let right = section(code, "Right");
    let mut rule = json!({
        "id": code.to_string(),
        "shortDescription": { "text": or(title(code), "no page explains this code") },
        "fullDescription": { "text": or(meaning, title(code)) },
        "help": {
            "text": format!("{meaning}\n\n{why}"),
            "markdown": format!("{meaning}\n\n{why}\n\n**Right**\n\n{right}"),
        },
        "properties": { "tags": [phase(code)] },
    });
    if options.book.is_some() {
        rule["helpUri"] = json!(url(options.book, code));
    }
    rule
}

fn result(sources: &SourceMap, codes: &[Code], diagnostic: &Diagnostic, print: String) -> Value {
    let mut text = diagnostic.message.clone();
    for more in [&diagnostic.primary.text].into_iter().filter(|label| !label.is_empty()) {
        text.push_str(&format!(": {more}"));
    }
    for help in &diagnostic.helps {
        text.push_str(&format!("\nhelp: {help}"));
    }
    for note in &diagnostic.notes {
        text.push_str(&format!("\nnote: {note}"));
    }
    let related: Vec<Value> = diagnostic
        .secondary
        .iter()
        .enumerate()
        .map(|(id, label)| {
            let mut place = location(sources, label.location);
            place["id"] = json!(id);
            place["message"] = json!({ "text": plain::line(&label.text) });
            place
        })
        .collect();
    let fixes: Vec<Value> = diagnostic.fixes.iter().map(|change| fix(sources, change)).collect();
    let mut result = json!({
        "ruleId": diagnostic.code.to_string(),
        "ruleIndex": codes.binary_search(&diagnostic.code).unwrap_or_default(),
        "level": severity(diagnostic.severity),
        "message": { "text": text },
        "locations": [location(sources, diagnostic.primary.location)],
        "partialFingerprints": { FINGERPRINT: print },
    });
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if !fixes.is_empty() {
        result["fixes"] = json!(fixes);
    }
    result
}

fn location(sources: &SourceMap, location: Location) -> Value {
    let artifact = artifact(sources, location);
    json!({ "physicalLocation": { "artifactLocation": artifact, "region": region(sources, location) } })
}

/// A path from where one stands, or an absolute one as it is.
fn artifact(sources: &SourceMap, location: Location) -> Value {
    let path = &sources.file(location.file).path;
    if path.starts_with('/') {
        return json!({ "uri": format!("file://{}", uri_path(path)) });
    }
    json!({ "uri": uri_path(path), "uriBaseId": "%SRCROOT%" })
}

fn region(sources: &SourceMap, location: Location) -> Value {
    let (line, column) = line_character(sources, location.file, location.span.start);
    let (end_line, end_column) = line_character(sources, location.file, location.span.end);
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

fn fix(sources: &SourceMap, fix: &Fix) -> Value {
    let mut changes: BTreeMap<u32, (Value, Vec<Value>)> = BTreeMap::new();
    for edit in &fix.edits {
        let (_, replacements) = changes
            .entry(edit.location.file.0)
            .or_insert_with(|| (artifact(sources, edit.location), Vec::new()));
        let mut replacement = Map::new();
        replacement.insert("deletedRegion".into(), region(sources, edit.location));
        if !edit.text.is_empty() {
            replacement.insert("insertedContent".into(), json!({ "text": edit.text }));
        }
        replacements.push(Value::Object(replacement));
    }
    let changes: Vec<Value> = changes
        .into_values()
        .map(|(artifact, replacements)| json!({ "artifactLocation": artifact, "replacements": replacements }))
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text }
}
