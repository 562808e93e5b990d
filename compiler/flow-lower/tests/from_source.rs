//! From text to bytecode that verifies: the examples and one flow for each kind of wait.

use flow_bytecode::verify;
use flow_check::{Module, Options, check};
use flow_diagnostics::render::{Format, render};
use flow_diagnostics::{Interner, SourceFile, SourceMap};

/// The listing of a project of one file and, if it uses it, the library's holidays.
fn compiled(text: &str) -> flow_bytecode::VerifiedProgram {
    let mut sources = SourceMap::default();
    let mut interner = Interner::default();
    let files = [
        ("main.flow", text),
        ("std/holidays/us.flow", include_str!("../../../stdlib/flows/std/holidays/us.flow")),
    ];
    let mut trees = Vec::new();
    for (path, text) in files {
        let file = sources.add(SourceFile::new(path, text));
        let parsed = flow_syntax::parse(file, text, &mut interner);
        assert_eq!(render(Format::Concise, &sources, &parsed.diagnostics, &Default::default()), "");
        let name = path.trim_end_matches(".flow").split('/').filter(|part| *part != "main");
        let name = name.map(|part| interner.intern(part)).collect::<Vec<_>>();
        trees.push((name, file, parsed.file));
    }
    if !text.contains("use std.") {
        trees.truncate(1);
    }
    let modules: Vec<_> =
        trees.iter().map(|(name, file, ast)| Module { name: name.clone(), file: *file, ast }).collect();
    let checked = check(&modules, &interner, &Options { project: "test".into(), ..Options::default() });
    assert_eq!(render(Format::Concise, &sources, &checked.diagnostics, &Default::default()), "");
    let program = flow_lower::lower(&checked.program.expect("checked"), &sources).expect("lowered");
    verify(program).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn the_examples_verify() {
    compiled(include_str!("../../../examples/hello/src/main.flow"));
    compiled(include_str!("../../../examples/support/src/main.flow"));
}

/// The flow with its listing; equal texts give equal listings.
fn shown(text: &str) -> String {
    let listing = flow_bytecode::disassemble::listing(&compiled(text));
    assert_eq!(listing, flow_bytecode::disassemble::listing(&compiled(text)));
    format!("{text}\n----\n{listing}")
}

#[test]
fn menus() {
    insta::assert_snapshot!(shown(include_str!("flows/menu.flow")));
}

#[test]
fn collections() {
    insta::assert_snapshot!(shown(include_str!("flows/collect.flow")));
}

#[test]
fn queues() {
    insta::assert_snapshot!(shown(include_str!("flows/queue.flow")));
}

#[test]
fn people() {
    insta::assert_snapshot!(shown(include_str!("flows/people.flow")));
}

#[test]
fn hours_runs_and_decisions() {
    insta::assert_snapshot!(shown(include_str!("flows/hours.flow")));
}

#[test]
fn flows_that_lead_back_hand_on_their_counts() {
    insta::assert_snapshot!(shown(include_str!("flows/rounds.flow")));
}
