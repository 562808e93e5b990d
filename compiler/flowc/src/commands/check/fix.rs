//! `flowc check --fix` and `--diff`: the changes that diagnostics offer, tried in memory first.
//!
//! A change is kept only if its file can be read as well after it as before, and no line that it changed has a new
//! error. Nothing is written before all changes of a project are known.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal};

use flow_diagnostics::render::harmless;
use flow_diagnostics::{Applicability, Code, Diagnostic, Edit, FileId, Fix, Interner, Severity, SourceMap};
use flow_project::{FileKind, FileSystem, Link, Loaded, Problem, load_on};
use similar::TextDiff;

use crate::commands::fmt::files::replace;
use crate::disk::Disk;
use crate::output::{is_standard, path_of};

/// Mending one mistake may uncover another, but not for ever.
const MOST_ROUNDS: usize = 10;
/// Each try reads the project anew.
const MOST_TRIES: usize = 20;

/// How a project is read, with the changes so far.
type Load<'a> = dyn Fn(&Changed) -> Result<Loaded, Problem> + 'a;
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
pub(super) fn changes(
    path: &str,
    stdin_filename: &str,
    least: Applicability,
    today: i32,
) -> Result<Changes, Problem> {
    if path == "-" {
        return Err(Problem {
            what: format!("standard input cannot be changed (it stands for {stdin_filename})"),
            action: "name a file or a folder after `--fix`".into(),
        });
    }
    let mut disk = Changed::default();
    let mut changes = Changes::default();
    let load = |disk: &Changed| load_on(disk, path, today);
    for _ in 0..MOST_ROUNDS {
        let loaded = load(&disk)?;
        let round = round(&disk, &loaded, least, &load)?;
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
            replace(path, after)?;
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

    fn place(&self, path: &str) -> String {
        self.disk.place(path)
    }

    fn link(&self, root: &str, path: &str) -> Link {
        self.disk.link(root, path)
    }
}

/// The new text of each file that changes, with the number of fixes in it. Of fixes that overlap the first
/// is made; the next round sees what has become of the other.
///
/// A fix is tried first: it is not made when what it changed then has a mistake that was not there before.
fn round(
    disk: &Changed,
    loaded: &Loaded,
    least: Applicability,
    load: &Load<'_>,
) -> Result<BTreeMap<FileId, (usize, String)>, Problem> {
    let mut refused: BTreeSet<usize> = BTreeSet::new();
    for _ in 0..MOST_TRIES {
        let taken = chosen(loaded, least, &refused);
        let mut texts = BTreeMap::new();
        let mut spoilt = false;
        let mut tried = Changed { disk: Disk::default(), texts: disk.texts.clone() };
        for (file, fixes) in &taken {
            let edits: Vec<&Edit> = fixes.iter().flat_map(|(_, fix)| &fix.edits).collect();
            let Some(after) = applied(&loaded.sources, *file, &edits) else { continue };
            let before = &loaded.sources.file(*file).text;
            if !reads_as_well(before, &after) {
                // One of them spoils the file: each is asked by itself.
                spoilt = true;
                let spoils = |fix: &&(usize, &Fix)| {
                    let edits: Vec<&Edit> = fix.1.edits.iter().collect();
                    applied(&loaded.sources, *file, &edits).is_none_or(|after| !reads_as_well(before, &after))
                };
                let all = refused.len();
                refused.extend(fixes.iter().take(MOST_TRIES).filter(spoils).map(|(number, _)| *number));
                if refused.len() == all {
                    // None does alone, but all together: the last waits for the next round.
                    refused.extend(fixes.last().map(|(number, _)| *number));
                }
                continue;
            }
            if after != *before {
                tried.texts.insert(path_of(loaded, &loaded.sources.file(*file).path), after.clone());
                texts.insert(*file, (fixes.len(), after));
            }
        }
        if spoilt {
            continue;
        }
        if texts.is_empty() {
            return Ok(texts);
        }
        let then = load(&tried)?;
        let harmful = harmful(loaded, &then, &taken);
        if harmful.is_empty() {
            return Ok(texts);
        }
        refused.extend(harmful);
    }
    Ok(BTreeMap::new())
}

/// The fixes that are to be made in each file, none over another, by the number of their diagnostic.
fn chosen<'l>(
    loaded: &'l Loaded,
    least: Applicability,
    refused: &BTreeSet<usize>,
) -> BTreeMap<FileId, Vec<(usize, &'l Fix)>> {
    let sources = &loaded.sources;
    let mut taken: BTreeMap<FileId, Vec<(usize, &Fix)>> = BTreeMap::new();
    for (number, diagnostic) in loaded.diagnostics.iter().enumerate() {
        let Some(fix) = offered(diagnostic, least).filter(|_| !refused.contains(&number)) else { continue };
        let Some(file) = fix.edits.first().map(|edit| edit.location.file) else { continue };
        if is_standard(&sources.file(file).path) || loaded.is_library(file) {
            continue;
        }
        let here = taken.entry(file).or_default();
        let others = || here.iter().flat_map(|(_, fix)| &fix.edits);
        let clear = fix
            .edits
            .iter()
            .all(|edit| edit.location.file == file && others().all(|other| apart(edit, other)));
        if clear {
            here.push((number, fix));
        }
    }
    taken.retain(|_, fixes| !fixes.is_empty());
    taken
}

/// The fixes after which a line that they changed has an error that it did not have before. One that the next round
/// mends was hidden by the first of its line.
fn harmful(before: &Loaded, after: &Loaded, taken: &BTreeMap<FileId, Vec<(usize, &Fix)>>) -> Vec<usize> {
    let mut harmful = Vec::new();
    for (file, fixes) in taken {
        let source = before.sources.file(*file);
        let then = after.sources.iter().find(|(_, other)| other.path == source.path);
        let Some((then, text)) = then else { continue };
        let errors = |loaded: &Loaded, file: FileId| -> Vec<(Code, String, u32)> {
            let here = loaded.diagnostics.iter().filter(|d| d.severity == Severity::Error);
            let here = here.filter(|d| d.fixes.iter().all(|fix| fix.applicability != Applicability::Safe));
            here.filter(|d| d.primary.location.file == file)
                .map(|d| (d.code, d.message.clone(), d.primary.location.span.start))
                .collect()
        };
        let had = errors(before, *file);
        let new: Vec<u32> = errors(after, then)
            .into_iter()
            .filter(|(code, message, _)| !had.iter().any(|(c, m, _)| c == code && m == message))
            .map(|(_, _, at)| text.line_column(at).0)
            .collect();
        let all = || fixes.iter().flat_map(|(_, fix)| &fix.edits);
        for (number, fix) in fixes {
            // Where an edit is after those before it moved it.
            let lines = fix.edits.iter().flat_map(|edit| {
                let start = edit.location.span.start;
                let moved: i64 = all()
                    .filter(|other| other.location.span.end <= start && !std::ptr::eq(*other, edit))
                    .map(|other| {
                        other.text.len() as i64
                            - i64::from(other.location.span.end - other.location.span.start)
                    })
                    .sum();
                let at = u32::try_from(i64::from(start) + moved).unwrap_or(0);
                text.line_column(at).0..=text.line_column(at + edit.text.len() as u32).0
            });
            if lines.into_iter().any(|line| new.contains(&line)) {
                harmful.push(*number);
            }
        }
    }
    harmful
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
