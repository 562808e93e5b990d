//! `flowc check --fix` and `--diff`: the changes that diagnostics offer, tried in memory first.
//!
//! A change is kept only if its file can be read as well after it as before. Nothing is written before all changes
//! of a project are known.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal};

use flow_diagnostics::render::harmless;
use flow_diagnostics::{Applicability, Diagnostic, Edit, FileId, Fix, Interner, Severity, SourceMap};
use flow_project::{FileKind, FileSystem, Link, Loaded, Problem, load};
use similar::TextDiff;

use crate::disk::{Disk, reason};
use crate::output::{is_standard, path_of};

/// Mending one mistake may uncover another, but not for ever.
const MOST_ROUNDS: usize = 10;
/// Each try reads a file anew.
const MOST_TRIES: usize = 100;
/// Lines of a patch around each change.
const CONTEXT: usize = 3;

/// What would become of the files of a project.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// How many fixes were taken.
    pub(super) made: usize,
    /// By path: the text before, the text after.
    files: BTreeMap<String, (String, String)>,
}

/// Takes the fixes of a project until none is left.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn changes(path: &str, stdin_filename: &str, least: Applicability) -> Result<Changes, Problem> {
    if path == "-" {
        return Err(Problem {
            what: format!("standard input cannot be changed (it stands for {stdin_filename})"),
            action: "name a file or a folder after `--fix`".into(),
        });
    }
    let mut disk = Changed::default();
    let mut changes = Changes::default();
    for _ in 0..MOST_ROUNDS {
        let loaded = load(&disk, path)?;
        let round = round(&loaded, least);
        if round.is_empty() {
            break;
        }
        for (file, (count, text)) in round {
            let source = loaded.sources.file(file);
            let path = path_of(&loaded, &source.path);
            changes.made += count;
            let entry = changes.files.entry(path.clone());
            entry.or_insert_with(|| (source.text.clone(), String::new())).1.clone_from(&text);
            disk.texts.insert(path, text);
        }
    }
    Ok(changes)
}

impl Changes {
    /// All changes as one patch.
    pub(super) fn patch(&self) -> String {
        let mut out = String::new();
        for (path, (before, after)) in &self.files {
            let diff = TextDiff::from_lines(before.as_str(), after);
            let path = harmless(path).replace('\n', "?");
            let (old, new) = (format!("a/{path}"), format!("b/{path}"));
            out.push_str(&diff.unified_diff().context_radius(CONTEXT).header(&old, &new).to_string());
        }
        // A patch that is to be applied must be exact; one that is looked at must not do anything.
        if io::stdout().is_terminal() { harmless(&out) } else { out }
    }

    /// Writes the files.
    ///
    /// # Errors
    /// When a file cannot be written; those before it are changed.
    pub(super) fn write(&self) -> Result<(), Problem> {
        for (path, (_, after)) in &self.files {
            fs::write(path, after).map_err(|error| Problem {
                what: format!("{path} cannot be changed: {}", reason(&error)),
                action: "make the file writable, or leave `--fix` out".into(),
            })?;
        }
        Ok(())
    }
}

/// The disk as it would be after the changes so far.
#[derive(Debug, Default)]
struct Changed {
    disk: Disk,
    texts: BTreeMap<String, String>,
}

impl FileSystem for Changed {
    fn kind(&self, path: &str) -> Option<FileKind> {
        self.disk.kind(path)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let changed = self.texts.get(path.trim_start_matches("./"));
        changed.map_or_else(|| self.disk.read(path), |text| Ok(text.clone().into_bytes()))
    }

    fn list(&self, path: &str) -> Result<Vec<String>, String> {
        self.disk.list(path)
    }

    fn link(&self, root: &str, path: &str) -> Link {
        self.disk.link(root, path)
    }
}

/// The new text of each file that changes, with the number of fixes in it. Of fixes that overlap the first
/// is made; the next round sees what has become of the other.
fn round(loaded: &Loaded, least: Applicability) -> BTreeMap<FileId, (usize, String)> {
    let sources = &loaded.sources;
    let mut taken: BTreeMap<FileId, (usize, Vec<&Edit>)> = BTreeMap::new();
    for fix in loaded.diagnostics.iter().filter_map(|diagnostic| offered(diagnostic, least)) {
        let Some(file) = fix.edits.first().map(|edit| edit.location.file) else { continue };
        let (count, edits) = taken.entry(file).or_default();
        let ours = !is_standard(&sources.file(file).path);
        let clear = fix
            .edits
            .iter()
            .all(|edit| ours && edit.location.file == file && edits.iter().all(|other| apart(edit, other)));
        if clear {
            *count += 1;
            edits.extend(&fix.edits);
        }
    }
    let changed = taken.into_iter().filter_map(|(file, (count, edits))| {
        let before = &sources.file(file).text;
        if let Some(after) = applied(sources, file, &edits).filter(|after| reads_as_well(before, after)) {
            return (after != *before).then_some((file, (count, after)));
        }
        // One of them spoils the file: the first that does not is taken alone, the next round sees the others.
        let single = loaded.diagnostics.iter().filter_map(|diagnostic| offered(diagnostic, least));
        let mut single = single.take(MOST_TRIES);
        single.find_map(|fix| {
            let here = fix.edits.iter().all(|edit| edit.location.file == file);
            let edits: Vec<&Edit> = fix.edits.iter().collect();
            let after = applied(sources, file, &edits).filter(|after| here && after != before)?;
            reads_as_well(before, &after).then_some((file, (1, after)))
        })
    });
    changed.collect()
}

fn offered(diagnostic: &Diagnostic, least: Applicability) -> Option<&Fix> {
    diagnostic
        .fixes
        .iter()
        .find(|fix| fix.applicability == Applicability::Safe || least == Applicability::Unsafe)
}

/// The text of a file after some edits that do not overlap; `None` when one of them is not within it.
fn applied(sources: &SourceMap, file: FileId, edits: &[&Edit]) -> Option<String> {
    let text = &sources.file(file).text;
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.location.span.start);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        let span = edit.location.span;
        out.push_str(text.get(from..span.start as usize)?);
        out.push_str(&edit.text);
        from = span.end as usize;
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

/// Whether a text has no more mistakes of reading than another.
fn reads_as_well(before: &str, after: &str) -> bool {
    let mistakes = |text: &str| {
        let parsed = flow_syntax::parse(FileId(0), text, &mut Interner::default());
        parsed.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    };
    mistakes(after) <= mistakes(before)
}

fn apart(one: &Edit, other: &Edit) -> bool {
    let (one, other) = (one.location.span, other.location.span);
    one.end < other.start || other.end < one.start
}
