//! Two choices of one menu with the same words: whichever key a caller takes, it may be the wrong one.

use std::collections::BTreeMap;

use flow_diagnostics::Diagnostic;
use flow_syntax::ast::Choice;

use crate::{Found, Project, codes, tree};

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    for file in project.own_files() {
        for flow in tree::flows(file) {
            for menu in tree::blocks(flow).filter(|block| tree::kind(project.interner, block) == "menu") {
                let mut heard: BTreeMap<String, &Choice> = BTreeMap::new();
                for choice in tree::spoken_choices(flow, menu) {
                    let label: Vec<String> = tree::label_texts(choice).into_iter().map(tree::plain).collect();
                    let label = label.join("\n").trim().to_owned();
                    if label.is_empty() {
                        continue;
                    }
                    if let Some(first) = heard.get(&label) {
                        found.push(
                            Diagnostic::warning(
                                codes::SAME_LABEL,
                                format!(
                                    "keys {} and {} are offered for the same thing: \"{label}\"",
                                    first.key.keys, choice.key.keys
                                ),
                                choice.key.span.at(file.file),
                                "the same words again",
                            )
                            .with_label(first.key.span.at(file.file), "first offered here")
                            .with_help("say what is different about them, or leave one out"),
                        );
                        continue;
                    }
                    heard.insert(label, choice);
                }
            }
        }
    }
}
