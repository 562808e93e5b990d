//! A menu or a collection that waits less than a person needs to take the telephone from the ear and press a key.

use flow_diagnostics::{Applicability, Diagnostic, Edit, Fix};
use flow_syntax::ast::{ElementKind, Setting};

use crate::{Found, Project, codes, tree};

/// Milliseconds that a person needs at least.
const LEAST: u64 = 3_000;

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    for file in project.own_files() {
        for block in tree::flows(file).flat_map(tree::blocks) {
            if !matches!(tree::kind(project.interner, block), "menu" | "collect" | "survey") {
                continue;
            }
            for element in &block.body.elements {
                let ElementKind::Setting(Setting::Duration { word, value }) = &element.kind else { continue };
                if project.interner.name(word.symbol) != "wait" || value.millis >= LEAST {
                    continue;
                }
                let at = value.span.at(file.file);
                found.push(
                    Diagnostic::warning(
                        codes::SHORT_WAIT,
                        "callers cannot answer that fast",
                        at,
                        "a person needs three seconds to find a key, and five to think",
                    )
                    .with_help("write `wait 5s`, or leave it out: five seconds are the default")
                    .with_fix(Fix {
                        title: "wait for five seconds".into(),
                        applicability: Applicability::Unsafe,
                        edits: vec![Edit { location: at, text: "5s".into() }],
                    }),
                );
            }
        }
    }
}
