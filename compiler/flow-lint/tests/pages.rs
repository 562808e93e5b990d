//! Every page of a code of this crate keeps its word: its wrong example gives exactly its code, its right example
//! gives nothing, and where the wrong one has a fix, the fixed one parses and no longer gives the code.

mod common;

use std::collections::BTreeSet;

use common::{Answer, fixed, lint_files, lint_text};
use flow_diagnostics::{Code, all_codes, codes::section};
use flow_lint::{Config, LINTS, codes};

/// The files of a section: the main one first.
fn files(code: Code, heading: &str) -> Vec<(&'static str, &'static str)> {
    let mut out = Vec::new();
    for fence in section(code, heading).split("```flow").skip(1) {
        if let Some((name, text)) = fence.split_once('\n') {
            out.push((name.trim(), text.split("```").next().unwrap_or("")));
        }
    }
    out
}

/// The one about `flow.toml` is tested where that is read.
fn ours() -> impl Iterator<Item = Code> {
    all_codes().filter(|code| (800..840).contains(&code.0) && *code != codes::NO_LEVEL)
}

fn answer(code: Code, heading: &str) -> Answer {
    let files = files(code, heading);
    assert!(!files.is_empty(), "{code}: no example under {heading}");
    lint_files(&files, &Config::default())
}

#[test]
fn wrong_examples_give_their_code_and_right_ones_nothing() {
    let mut problems = Vec::new();
    for code in ours() {
        let wrong = answer(code, "Wrong");
        let mut found: BTreeSet<String> = wrong.diagnostics.iter().map(|d| d.code.to_string()).collect();
        // What a comment failed to allow is still reported.
        if matches!(code, codes::NO_REASON | codes::ALLOWS_ERROR) {
            found.retain(|other| *other == code.to_string());
        }
        if found != BTreeSet::from([code.to_string()]) {
            problems.push(format!("{code}: the wrong example gives {found:?}\n{}", wrong.text()));
        }
        let right = answer(code, "Right");
        if !right.diagnostics.is_empty() {
            problems.push(format!("{code}: the right example is not fine\n{}", right.text()));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_lint_has_a_page_and_a_code_of_its_own() {
    let pages: BTreeSet<Code> = all_codes().collect();
    let lints: BTreeSet<Code> = LINTS.iter().map(|lint| lint.code).collect();
    assert_eq!(lints.len(), LINTS.len());
    assert!(lints.iter().all(|code| pages.contains(code) && (800..830).contains(&code.0)));
}

#[test]
fn what_is_said_about_every_wrong_example() {
    for code in ours() {
        insta::assert_snapshot!(code.to_string(), answer(code, "Wrong").text());
    }
}

#[test]
fn a_fix_leaves_a_file_that_is_fine() {
    let mut fixes = 0;
    for code in ours() {
        let wrong = answer(code, "Wrong");
        if !wrong.diagnostics.iter().any(|diagnostic| diagnostic.code == code && !diagnostic.fixes.is_empty())
        {
            continue;
        }
        fixes += 1;
        let after = lint_text(&fixed(&wrong));
        let left: Vec<_> = after.diagnostics.iter().filter(|diagnostic| diagnostic.code == code).collect();
        assert!(left.is_empty(), "{code}: {}", after.text());
        let torn = after.diagnostics.iter().any(|diagnostic| diagnostic.code.0 < 100);
        assert!(!torn, "{code}: {}", after.text());
    }
    assert!(fixes >= 6, "{fixes}");
}
