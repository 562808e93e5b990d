//! Each target, for some hundred cases and over all that once broke it. `FUZZ_CASES=…` makes it more.
#![allow(clippy::disallowed_methods)]

use flow_fuzz::run::{Seeds, complaint, run};
use flow_fuzz::{TARGETS, corpus};

fn smoke(name: &str, cases: u64) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    for (file, bytes) in corpus::regressions(name) {
        if let Some(why) = complaint(target, &bytes) {
            panic!("corpus/{name}/{file}: {why}");
        }
    }
    let cases = std::env::var("FUZZ_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(cases);
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    let seeds = Seeds::of(target.input);
    if let Err(broken) = run(target, &seeds, seed, 0, |number| number >= cases) {
        let text = String::from_utf8_lossy(&broken.bytes);
        panic!("case {} of seed {seed}: {}\n---\n{text}\n---", broken.number, broken.why);
    }
}

#[test]
fn lexer() {
    smoke("lexer", 600);
}

#[test]
fn parser() {
    smoke("parser", 300);
}

#[test]
fn checker() {
    smoke("checker", 120);
}

#[test]
fn project() {
    smoke("project", 60);
}

#[test]
fn formatter() {
    smoke("formatter", 300);
}

#[test]
fn verifier() {
    smoke("verifier", 3_000);
}

#[test]
fn machine() {
    smoke("machine", 1_000);
}

#[test]
fn reference() {
    smoke("reference", 40);
}

#[test]
fn libfuzzer_has_every_target() {
    let folder = corpus::root().join("tests/fuzz/fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
    for target in TARGETS {
        let name = target.name;
        let file = folder.join(format!("fuzz_targets/{name}.rs"));
        let text = std::fs::read_to_string(file).unwrap_or_else(|_| panic!("no fuzz_targets/{name}.rs"));
        assert!(text.contains(&format!("target(\"{name}\")")), "{text}");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name} is in no [[bin]]");
    }
}

#[test]
fn there_is_something_to_change() {
    assert!(corpus::texts().len() > 100, "flows and pages are found");
    assert!(corpus::programs().len() > 10, "flows that compile are found");
    for target in TARGETS {
        // A target that is content with anything would find nothing: those of containers read real programs.
        assert!(complaint(&target, b"flow main {").is_none(), "{}", target.name);
    }
}
