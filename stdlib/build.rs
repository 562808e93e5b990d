//! Makes the table of the embedded sounds: every WAV file under `sounds/`, by its path without the ending.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where we are"))
        .join("sounds");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort();
    let mut table = String::from("&[\n");
    for (name, path) in found {
        writeln!(table, "    ({name:?}, include_bytes!({path:?})),").expect("a string takes everything");
    }
    table.push(']');
    let out =
        PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo says where to write")).join("sounds.rs");
    std::fs::write(out, table).expect("the table can be written");
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
