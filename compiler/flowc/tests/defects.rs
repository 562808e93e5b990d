//! Mistakes that were found in the official examples of other systems, in words of ours: `tests/defects/`. Each is
//! refused or warned of by the real binary; the mended file beside it is without a warning. What they were, and which
//! of them cannot even be written, is told in the book's page "Defects that do not compile".
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/defects")
}

/// Files without their ending.
fn names() -> BTreeSet<String> {
    let folder = std::fs::read_dir(folder()).expect("the folder of defects");
    let names = folder.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter_map(|name| name.strip_suffix(".flow").map(str::to_owned)).collect()
}

fn flowc(arguments: &[&str]) -> Output {
    let all = [&["--color", "never"], arguments].concat();
    Command::new(env!("CARGO_BIN_EXE_flowc")).args(all).current_dir(folder()).output().expect("flowc runs")
}

fn check(name: &str, more: &[&str]) -> Output {
    let file = format!("{name}.flow");
    flowc(&[&["check", file.as_str(), "--today", "2026-01-01"], more].concat())
}

/// The kinds of defect that only more than `check` can see.
const SEEN_LATER: [&str; 1] = ["D08"];

#[test]
fn each_is_refused_or_warned_of() {
    for name in names() {
        if name.ends_with("-mended") || SEEN_LATER.contains(&name.as_str()) {
            continue;
        }
        let output = check(&name, &[]);
        let told =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(told.contains("error[F") || told.contains("warning[F"), "{name} passes: {told}");
        assert!(!check(&name, &["-D", "warnings"]).status.success(), "{name}");
        insta::assert_snapshot!(format!("{name}"), told);
    }
}

#[test]
fn what_is_mended_is_without_a_warning() {
    for name in names().iter().filter(|name| name.ends_with("-mended")) {
        let output = check(name, &["-D", "warnings"]);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

/// A sound that nobody recorded is told with the prompts, and `run` does not start without it.
#[test]
fn a_sound_that_is_missing_is_told() {
    let output = flowc(&["prompts", "D08.flow", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("ivr/welcome-new.wav"), "{told}");
}

/// Which weeks have a third Monday is not what the original's rule asks; ours answers by the day.
#[test]
fn the_third_monday_is_the_third_monday() {
    for (day, holiday) in
        [("2026-01-19", true), ("2026-01-12", false), ("2027-01-18", true), ("2028-01-17", true)]
    {
        let at = format!("{day}T12:00");
        let output = flowc(&["calendar", "explain", "D02-mended.flow", "office", "--at", &at]);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(
            told.contains("holiday"),
            holiday,
            "{day}: {told}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
