//! A project of several files: a manifest, flows that `use` each other, tables. The text is cut at lines
//! `=== PATH`; what stands before the first is `src/main.flow`.

use flow_project::{Memory, load_on};

use super::checker::{TODAY, answered};

/// Any bytes.
pub(super) fn run(bytes: &[u8]) {
    let mut files = Memory::default();
    let mut path = "p/src/main.flow".to_owned();
    let mut text: Vec<u8> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"=== ") {
            Some(name) => {
                files.insert(std::mem::take(&mut path), std::mem::take(&mut text));
                path = format!("p/{}", String::from_utf8_lossy(name).trim_end());
            }
            None => text.extend(line),
        }
    }
    files.insert(path, text);
    if let Ok(loaded) = load_on(&files, "p", TODAY) {
        answered(&loaded);
    }
}
