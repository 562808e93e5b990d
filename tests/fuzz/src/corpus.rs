//! What cases are made of: every flow of the repository, the examples in its pages, and what once broke a target.

use std::fs;
use std::path::{Path, PathBuf};

use flow_bytecode::container;

use crate::targets::compiled;
use crate::texts::Seed;

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where the files of a target are that are replayed by each test run.
pub fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// What once broke a target, by file name.
pub fn regressions(target: &str) -> Vec<(String, Vec<u8>)> {
    files_of(&folder(target), "case")
        .into_iter()
        .filter_map(|path| Some((path.file_name()?.to_string_lossy().into_owned(), fs::read(&path).ok()?)))
        .collect()
}

/// Flows, and examples out of pages.
pub fn texts() -> Vec<Seed> {
    let root = root();
    let mut texts = Vec::new();
    for folder in ["examples", "stdlib", "compiler", "vm", "tests"] {
        texts.extend(
            files_of(&root.join(folder), "flow").iter().filter_map(|file| fs::read_to_string(file).ok()),
        );
    }
    for folder in ["book/src", "compiler/flow-diagnostics/codes"] {
        for file in files_of(&root.join(folder), "md") {
            texts.extend(fences(&fs::read_to_string(file).unwrap_or_default(), "flow"));
        }
    }
    texts.into_iter().filter(|text| !text.trim().is_empty()).map(Seed::new).collect()
}

/// Every `flow.toml`, and what pages show of it.
pub fn manifests() -> Vec<Seed> {
    let root = root();
    let mut texts = Vec::new();
    for folder in ["examples", "stdlib/templates", "tests"] {
        let files = files_of(&root.join(folder), "toml");
        let own = files.iter().filter(|file| file.ends_with("flow.toml"));
        texts.extend(own.filter_map(|file| fs::read_to_string(file).ok()));
    }
    for folder in ["book/src", "compiler/flow-diagnostics/codes"] {
        for file in files_of(&root.join(folder), "md") {
            texts.extend(fences(&fs::read_to_string(file).unwrap_or_default(), "toml"));
        }
    }
    texts.into_iter().map(Seed::new).collect()
}

/// The containers of all flows that compile alone.
pub fn programs() -> Vec<Vec<u8>> {
    let seeds = texts();
    let programs = seeds.iter().filter_map(|seed| compiled(&seed.text));
    programs.map(|program| container::encode(&program)).filter(|bytes| bytes.len() < 20_000).collect()
}

/// The examples of a language in a page.
fn fences(page: &str, language: &str) -> Vec<String> {
    let mut flows = Vec::new();
    let mut inside: Option<String> = None;
    for line in page.split_inclusive('\n') {
        let fence = line.trim_start().starts_with("```");
        match &mut inside {
            Some(_) if fence => flows.extend(inside.take()),
            Some(text) => text.push_str(line),
            None if fence && line.trim().trim_start_matches('`').starts_with(language) => {
                inside = Some(String::new())
            }
            None => {}
        }
    }
    flows
}

fn files_of(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
