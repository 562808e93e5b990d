//! A telephone that rings for less than anybody needs to get to it.

use flow_diagnostics::{Applicability, Diagnostic, Edit, Fix};
use flow_syntax::ast::{ElementKind, Setting};

use crate::{Found, Project, codes, tree};

/// Milliseconds: telephones ring about every six seconds, so that this is two rings.
const LEAST: u64 = 10_000;

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    for file in project.own_files() {
        for block in tree::flows(file).flat_map(tree::blocks) {
            for element in &block.body.elements {
                let ElementKind::Setting(Setting::Ring { period, .. }) = &element.kind else { continue };
                if period.millis >= LEAST {
                    continue;
                }
                let at = period.span.at(file.file);
                found.push(
                    Diagnostic::warning(
                        codes::SHORT_RING,
                        "this rings too briefly to be answered",
                        at,
                        "a telephone rings about every six seconds",
                    )
                    .with_help("ring for 20 seconds, as most offices do")
                    .with_fix(Fix {
                        title: "ring for 20 seconds".into(),
                        applicability: Applicability::Unsafe,
                        edits: vec![Edit { location: at, text: "20s".into() }],
                    }),
                );
            }
        }
    }
}
