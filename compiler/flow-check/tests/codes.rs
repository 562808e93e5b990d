//! Every page of `flow-diagnostics/codes` keeps its word: its wrong example gives exactly its code, its right
//! example gives nothing. A fence ```` ```flow NAME ```` is a second file, known to the first as `NAME`.

mod common;

use std::collections::BTreeSet;

use common::{Answer, check_files};
use flow_diagnostics::{Code, Diagnostic, all_codes, explain};

/// The files of a section: the main one first.
fn files<'p>(page: &'p str, heading: &str) -> Vec<(&'p str, &'p str)> {
    let Some(start) = page.find(&format!("\n## {heading}\n")) else { return Vec::new() };
    let section = &page[start + heading.len() + 5..];
    let section = section.find("\n## ").map_or(section, |end| &section[..end]);
    let mut out = Vec::new();
    let mut rest = section;
    while let Some(start) = rest.find("```flow") {
        let after = &rest[start + 7..];
        let Some((name, text)) = after.split_once('\n') else { break };
        let Some(end) = text.find("```") else { break };
        out.push((name.trim(), &text[..end]));
        rest = &text[end + 3..];
    }
    out
}

fn answer(files: &[(&str, &str)]) -> Answer {
    check_files(files[0].1, &files[1..])
}

/// Codes of the checker and the parser: those of other phases have tests of their own. F0001 is about bytes
/// that are no text, which a page cannot show.
fn is_ours(code: Code) -> bool {
    code.0 != 1 && (code.0 < 500 || (560..580).contains(&code.0) || (900..1000).contains(&code.0))
}

/// What is said about the files of a page. The examples of reading (F00xx) are judged by the parser alone: what
/// is torn has no meaning to check.
fn said(code: Code, answer: &Answer) -> Vec<Diagnostic> {
    if code.0 < 100 { answer.syntax.clone() } else { answer.all() }
}

#[test]
fn every_wrong_example_gives_its_code_and_no_other() {
    let mut problems = Vec::new();
    for code in all_codes().filter(|c| is_ours(*c)) {
        let page = explain(&code.to_string()).unwrap();
        let files = files(page, "Wrong");
        if files.is_empty() {
            problems.push(format!("{code}: no wrong example"));
            continue;
        }
        let answer = answer(&files);
        let found: BTreeSet<String> = said(code, &answer).iter().map(|d| d.code.to_string()).collect();
        if found != BTreeSet::from([code.to_string()]) {
            problems.push(format!("{code}: the wrong example gives {found:?}\n{}", answer.text()));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_right_example_gives_nothing() {
    let mut problems = Vec::new();
    for code in all_codes().filter(|c| is_ours(*c)) {
        let page = explain(&code.to_string()).unwrap();
        let files = files(page, "Right");
        if files.is_empty() {
            problems.push(format!("{code}: no right example"));
            continue;
        }
        let answer = answer(&files);
        let text = answer.text();
        if !said(code, &answer).is_empty() {
            problems.push(format!("{code}: the right example is not fine\n{text}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_code_of_the_checker_has_a_page() {
    let pages: BTreeSet<Code> = all_codes().collect();
    let missing: Vec<String> =
        flow_check::codes::ALL.iter().filter(|c| !pages.contains(c)).map(Code::to_string).collect();
    assert!(missing.is_empty(), "no page: {missing:?}");
}

#[test]
fn what_is_said_about_every_wrong_example() {
    // What is said about files of data is shown by the tests of `flow-project`, which has files.
    for code in flow_check::codes::ALL.iter().filter(|code| is_ours(**code)) {
        let page = explain(&code.to_string()).unwrap();
        let answer = answer(&files(page, "Wrong"));
        insta::assert_snapshot!(code.to_string(), answer.text());
    }
}
