//! What every source file keeps to.
#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// All files below the root that are ours, by ending.
fn files(ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder is readable") {
            let path = entry.expect("an entry is readable").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_string();
            let is_hidden = name.starts_with('.') && name != ".ci";
            if path.is_dir() {
                if !is_hidden && name != "target" && name != "node_modules" && name != "state" {
                    walk(&path, ending, found);
                }
            } else if name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new(ROOT), ending, &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(ROOT).expect("below the root").display().to_string();
            (name, std::fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

#[track_caller]
fn report(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    report(
        files(".rs")
            .into_iter()
            .filter(|(_, text)| !text.starts_with("//!"))
            .map(|(name, _)| format!("{name}: the first line should begin with `//!` and say what it is for"))
            .collect(),
    );
}

#[test]
fn modules_are_small() {
    report(
        files(".rs")
            .into_iter()
            .filter(|(_, text)| text.lines().count() > 800)
            .map(|(name, text)| format!("{name}: {} lines; split it by job", text.lines().count()))
            .collect(),
    );
}

#[test]
fn nothing_is_left_open_or_ignored() {
    let marks = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("FIX", "ME"),
        concat!("#[ig", "nore"),
    ];
    report(
        files(".rs")
            .into_iter()
            .flat_map(|(name, text)| {
                let found: Vec<String> = text
                    .lines()
                    .enumerate()
                    .filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)))
                    .map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim()))
                    .collect();
                found
            })
            .collect(),
    );
}

#[test]
fn no_module_is_a_drawer() {
    report(
        files(".rs")
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| {
                let stem = name.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
                ["util", "utils", "helpers", "misc", "common_stuff"].contains(&stem)
            })
            .collect(),
    );
}

#[test]
fn text_files_end_clean() {
    let mut wrong = Vec::new();
    for ending in [".rs", ".md", ".toml", ".flow", ".lalrpop", ".sh", ".js"] {
        for (name, text) in files(ending) {
            // Inputs of tests may be odd on purpose.
            if name.contains("/fixtures/") || name.contains("/corpus/") {
                continue;
            }
            if text.contains('\r') {
                wrong.push(format!("{name}: has carriage returns"));
            }
            if let Some(at) = text.lines().position(|line| line.ends_with([' ', '\t'])) {
                wrong.push(format!("{name}:{}: trailing white space", at + 1));
            }
            if !text.is_empty() && !text.ends_with('\n') {
                wrong.push(format!("{name}: no newline at the end"));
            }
        }
    }
    report(wrong);
}

#[test]
fn the_error_renderer_is_one_file() {
    let named: Vec<String> = files(".rs")
        .into_iter()
        .filter(|(name, text)| name.starts_with("compiler/") && text.contains("use ariadne"))
        .map(|(name, _)| name)
        .collect();
    assert!(named.len() <= 1, "ariadne is named in {named:?}; one file owns it");
}

#[test]
fn the_top_level_is_as_agreed() {
    let expected = [
        ".ci",
        ".pre-commit-hooks.yaml",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "book",
        "clippy.toml",
        "compiler",
        "deny.toml",
        "editors",
        "examples",
        "rustfmt.toml",
        "stdlib",
        "tests",
        "vm",
    ];
    let mut unexpected: Vec<String> = std::fs::read_dir(ROOT)
        .expect("the root is readable")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().to_string())
        .filter(|name| !expected.contains(&name.as_str()) && !name.starts_with(".git") && name != "target")
        .collect();
    unexpected.sort();
    assert!(unexpected.is_empty(), "{unexpected:?} should live inside one of the folders");
}

#[test]
fn the_book_lists_every_page() {
    let summary = std::fs::read_to_string(format!("{ROOT}/book/src/SUMMARY.md")).expect("a summary");
    let wrong: Vec<String> = files(".md")
        .into_iter()
        .filter_map(|(name, _)| name.strip_prefix("book/src/").map(String::from))
        .filter(|name| name != "SUMMARY.md" && !summary.contains(&format!("({name})")))
        .map(|name| format!("book/src/{name} is not in SUMMARY.md"))
        .collect();
    report(wrong);
}
