//! Goodbye is said, and then the `end` says it again.

use std::collections::BTreeMap;

use flow_diagnostics::{Diagnostic, Span, Symbol};
use flow_syntax::ast::{Block, Body, ElementKind, ExitKind, Spoken};

use crate::{Found, Project, codes, tree};

/// How people part, in small letters.
const GOODBYES: &[&str] = &[
    "goodbye",
    "good bye",
    "good-bye",
    "bye-bye",
    "adiós",
    "adios",
    "hasta luego",
    "auf wiederhören",
    "au revoir",
    "arrivederci",
    "tot ziens",
];

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    for file in project.own_files() {
        for flow in tree::flows(file) {
            let ends: BTreeMap<Symbol, Span> = tree::blocks(flow)
                .filter(|block| tree::kind(project.interner, block) == "end")
                .filter_map(|block| Some((block.name.symbol, goodbye(tree::speeches(&block.body).last()?)?)))
                .collect();
            if ends.is_empty() {
                continue;
            }
            for block in tree::blocks(flow) {
                each_parting(block, &mut |spoken, target| {
                    let Some(first) = goodbye(spoken) else { return };
                    let Some(second) = ends.get(&target) else { return };
                    found.push(
                        Diagnostic::warning(
                            codes::GOODBYE_TWICE,
                            "the call says goodbye twice",
                            first.at(file.file),
                            "goodbye here",
                        )
                        .with_label(second.at(file.file), "and again at once")
                        .with_help("leave it to the `end`"),
                    );
                });
            }
        }
    }
}

/// Calls `take` with what is said last before an exit, and where the exit leads.
fn each_parting<'a>(block: &'a Block, take: &mut dyn FnMut(&'a Spoken, Symbol)) {
    tree::each_body(&block.body, &mut |body: &'a Body| {
        let Some(last) = tree::speeches(body).last() else { return };
        for element in &body.elements {
            if let ElementKind::Exit(exit) = &element.kind
                && let ExitKind::To { target, .. } = &exit.kind
                && let [name] = target.names.as_slice()
            {
                take(last, name.symbol);
            }
        }
    });
}

/// Where goodbye is said, if it is the end of what is said.
fn goodbye(spoken: &Spoken) -> Option<Span> {
    let mut texts = tree::texts(spoken).into_iter().flatten();
    let parts = texts.find(|text| {
        let words = tree::plain(text);
        let words = words.trim_end_matches(|c: char| !c.is_alphanumeric());
        GOODBYES.iter().any(|goodbye| words.ends_with(goodbye))
    })?;
    Some(parts.span)
}
