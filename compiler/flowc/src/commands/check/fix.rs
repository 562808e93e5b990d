//! `flowc check --fix`: the changes that diagnostics call safe, made in the files.

use std::collections::BTreeMap;
use std::fs;

use flow_diagnostics::{Applicability, Diagnostic, Edit, FileId, SourceMap};
use flow_project::{Loaded, Problem};

use super::read;
use crate::disk::reason;
use crate::output::{is_standard, path_of};

/// Mending one mistake may uncover another, but not for ever.
const MOST_ROUNDS: usize = 10;

/// Changes the files of a project until no safe fix is left; gives how many were made.
///
/// # Errors
/// When a file cannot be read or written; what was changed before stays changed.
pub(super) fn apply(path: &str) -> Result<usize, Problem> {
    if path == "-" {
        return Err(Problem {
            what: "standard input cannot be changed".into(),
            action: "name a file or a folder after `--fix`".into(),
        });
    }
    let mut made = 0;
    for _ in 0..MOST_ROUNDS {
        let loaded = read(path, "")?;
        let changed = changes(&loaded.sources, &loaded.diagnostics);
        if changed.is_empty() {
            break;
        }
        for (file, (count, text)) in changed {
            write(&loaded, file, &text)?;
            made += count;
        }
    }
    Ok(made)
}

fn write(loaded: &Loaded, file: FileId, text: &str) -> Result<(), Problem> {
    let path = path_of(loaded, &loaded.sources.file(file).path);
    fs::write(&path, text).map_err(|error| Problem {
        what: format!("{path} cannot be changed: {}", reason(&error)),
        action: "make the file writable, or leave `--fix` out".into(),
    })
}

/// The new text of each file that changes, with the number of fixes in it. Of fixes that overlap the first
/// is made; the next round sees what has become of the other.
fn changes(sources: &SourceMap, diagnostics: &[Diagnostic]) -> BTreeMap<FileId, (usize, String)> {
    let mut edits: BTreeMap<FileId, (usize, Vec<&Edit>)> = BTreeMap::new();
    let safe = diagnostics.iter().filter_map(|diagnostic| {
        diagnostic.fixes.iter().find(|fix| fix.applicability == Applicability::Safe)
    });
    for fix in safe {
        let Some(file) = fix.edits.first().map(|edit| edit.location.file) else { continue };
        let (count, taken) = edits.entry(file).or_default();
        let ours = !is_standard(&sources.file(file).path);
        let clear = fix
            .edits
            .iter()
            .all(|edit| ours && edit.location.file == file && taken.iter().all(|other| apart(edit, other)));
        if clear {
            *count += 1;
            taken.extend(&fix.edits);
        }
    }
    let changed = edits.into_iter().filter_map(|(file, (count, mut edits))| {
        edits.sort_by_key(|edit| edit.location.span.start);
        let text = &sources.file(file).text;
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for edit in edits {
            let span = edit.location.span;
            out.push_str(text.get(from..span.start as usize)?);
            out.push_str(&edit.text);
            from = span.end as usize;
        }
        out.push_str(text.get(from..)?);
        (out != **text).then_some((file, (count, out)))
    });
    changed.collect()
}

fn apart(one: &Edit, other: &Edit) -> bool {
    let (one, other) = (one.location.span, other.location.span);
    one.end < other.start || other.end < one.start
}
