//! Makes the table of the embedded sounds: every WAV file under `sounds/`, by its path without the ending, with the
//! words that `sounds/words` lists for it.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where we are"))
        .join("sounds");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort();
    let words = words(&root.join("words"));
    let mut table = String::from("&[\n");
    for (name, path) in found {
        let words = words.get(&name).map_or("", String::as_str);
        writeln!(table, "    ({name:?}, {words:?}, include_bytes!({path:?})),")
            .expect("a string takes everything");
    }
    table.push(']');
    let out =
        PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo says where to write")).join("sounds.rs");
    std::fs::write(out, table).expect("the table can be written");
}

/// The words of each clip: `LANGUAGE.txt` has a line `name|words` or `name|words|as the voice is told` for each.
fn words(folder: &Path) -> BTreeMap<String, String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut words = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("the folder can be read").path();
        let language = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let list = std::fs::read_to_string(&path).expect("a list of words is text");
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('|');
            if let (Some(name), Some(said)) = (columns.next(), columns.next()) {
                words.insert(format!("{language}/{name}"), said.to_owned());
            }
        }
    }
    words
}

/// Adds the sounds of a folder. Each folder is watched, so that a new file is seen.
fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, PathBuf)>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "wav") {
            let name = path.with_extension("");
            let name = name.strip_prefix(root).expect("it is below its root");
            let name = name.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            found.push((name, path));
        }
    }
}
