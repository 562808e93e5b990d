//! Loading: find the files, parse them, check them together.

use std::collections::BTreeSet;

use flow_check::{Module, Options, check, hir};
use flow_diagnostics::{Diagnostic, FileId, Interner, Severity, SourceFile, SourceMap};
use flow_syntax::ast::ItemKind;

use crate::codes;
use crate::files::{FileKind, FileSystem};
use crate::libraries::{self, Home, PROJECT};
use crate::manifest::{MAIN, Manifest};
use crate::modules::{Modules, ParsedModule};
use crate::overrides;
use crate::toml_reader::MOST_BYTES;
use crate::torn::Torn;

/// The manifest's name.
pub(crate) const MANIFEST: &str = "flow.toml";

/// Why a project cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What happened, with the path.
    pub what: String,
    /// What to do about it.
    pub action: String,
}

/// A project that was read.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The project's folder, as given; for a single file the folder it is in.
    pub root: String,
    /// All files that were read; paths are relative to the root.
    pub sources: SourceMap,
    /// What `flow.toml` says.
    pub manifest: Manifest,
    /// The checked program, with the manifest's addresses; only without errors.
    pub program: Option<hir::Program>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// The files of libraries that the project names.
    foreign: BTreeSet<FileId>,
}

impl Loaded {
    /// Whether anything stands in the way of building.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether a file is of a library that the project names in `flow.toml`: others use it too, so nothing but the
    /// library's own project changes it.
    pub fn is_library(&self, file: FileId) -> bool {
        self.foreign.contains(&file)
    }
}

/// Reads and checks a project: a folder with `flow.toml` or `src/main.flow`, its `flow.toml`, or one `.flow`
/// file.
///
/// # Errors
/// When there is nothing to read; what is wrong in what was read is in [`Loaded::diagnostics`].
pub fn load(files: &dyn FileSystem, path: &str) -> Result<Loaded, Problem> {
    load_from(files, path, None)
}

/// The same, with calendars looked at from a day on, in days since 1970 (`flow_check::Options::today`).
///
/// # Errors
/// As [`load`].
pub fn load_on(files: &dyn FileSystem, path: &str, today: i32) -> Result<Loaded, Problem> {
    load_from(files, path, Some(today))
}

fn load_from(files: &dyn FileSystem, path: &str, today: Option<i32>) -> Result<Loaded, Problem> {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let path = if path.is_empty() { "." } else { path };
    match files.kind(path) {
        Some(FileKind::Folder) => load_folder(files, path, today),
        Some(FileKind::File) if path.ends_with(".flow") => load_file(files, path, today),
        Some(FileKind::File) if file_name(path) == MANIFEST => load_folder(files, folder_of(path), today),
        Some(FileKind::File) => Err(Problem {
            what: format!("{path} is neither a `.flow` file nor a project"),
            action: "name a `.flow` file, or a folder that has `flow.toml`".into(),
        }),
        None => Err(Problem {
            what: format!("there is no {path}"),
            action: "name a `.flow` file, or a folder that has `flow.toml`".into(),
        }),
    }
}

fn load_folder(files: &dyn FileSystem, root: &str, today: Option<i32>) -> Result<Loaded, Problem> {
    let mut modules = Modules::new(files, root.to_owned());
    let name = match file_name(root) {
        "." | ".." | "" => "project",
        name => name,
    };
    let manifest_path = modules.path(MANIFEST);
    let manifest = match files.kind(&manifest_path) {
        Some(FileKind::File) => {
            let bytes = files.read(&manifest_path).map_err(|why| Problem {
                what: format!("{manifest_path} cannot be read: {why}"),
                action: "make the file readable".into(),
            })?;
            // Of one that is too large, one byte more than it may have, so that it shows.
            let kept = bytes.len().min(MOST_BYTES + 1);
            let text = String::from_utf8_lossy(&bytes[..kept]).into_owned();
            let file = modules.sources.add(SourceFile::new(MANIFEST, text.clone()));
            Manifest::read(file, &text, name, &mut modules.diagnostics)
        }
        _ => Manifest::without(name, MAIN),
    };
    let entry = manifest.entry.clone();
    if entry.split('/').any(|part| part == "..") {
        return Err(Problem {
            what: format!("`entry` in {MANIFEST} leads out of the project: {entry}"),
            action: "keep all flows of a project in its folder".into(),
        });
    }
    if files.kind(&modules.path(&entry)) != Some(FileKind::File) {
        return Err(Problem {
            what: format!("the project {root} has no {entry}"),
            action: format!(
                "write its first flow there, or name another file: `entry = \"…\"` in {MANIFEST}"
            ),
        });
    }
    let folder = folder_of(&entry).to_owned();
    modules.homes[PROJECT] = Home::project(&folder, &entry);
    libraries::find(&mut modules, &manifest);
    modules.add_file(&entry, &[])?;
    if folder != "." {
        modules.add_folder(&folder, &entry)?;
    }
    modules.add_used(folder == ".")?;
    Ok(finish(modules, manifest, today))
}

fn load_file(files: &dyn FileSystem, path: &str, today: Option<i32>) -> Result<Loaded, Problem> {
    let root = folder_of(path);
    let mut modules = Modules::new(files, root.to_owned());
    let name = file_name(path);
    modules.add_file(name, &[])?;
    modules.add_used(true)?;
    let manifest = Manifest::without(name.trim_end_matches(".flow"), name);
    Ok(finish(modules, manifest, today))
}

fn finish(mut modules: Modules<'_>, manifest: Manifest, today: Option<i32>) -> Loaded {
    let data = crate::data::read(&mut modules);
    let library_uses = libraries::for_check(&modules.homes, &mut modules.interner);
    let Modules { root, sources, interner, parsed, mut diagnostics, foreign, .. } = modules;
    diagnostics.extend(answered_by_libraries(&parsed));
    let options = Options {
        project: manifest.name.clone(),
        language: manifest.language.clone(),
        may_call: manifest.outbound.allow.clone().unwrap_or_default(),
        today,
        data,
        left_out: parsed
            .iter()
            .flat_map(|module| module.parsed.left_out.iter().map(|span| span.at(module.file)))
            .collect(),
        libraries: library_uses,
        library_of: parsed.iter().map(|module| module.home).collect(),
    };
    let units: Vec<Module<'_>> = parsed
        .iter()
        .map(|module| Module { name: module.name.clone(), file: module.file, ast: &module.parsed.file })
        .collect();
    let checked = check(&units, &interner, &options);
    let torn = Torn::new(&sources, &parsed);
    diagnostics.extend(checked.diagnostics.into_iter().filter(|said| torn.stands(said)));
    let mut program = checked.program;
    if let Some(program) = &mut program {
        overrides::apply(&manifest, program, &mut diagnostics);
    }
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        program = None;
    }
    let files: Vec<flow_lint::File<'_>> =
        parsed.iter().map(|module| lint_file(&sources, module, &interner)).collect();
    let project = flow_lint::Project {
        files: &files,
        interner: &interner,
        program: program.as_ref(),
        config: &manifest.lints,
    };
    diagnostics.extend(flow_lint::lint(&project));
    // Who uses a library can do nothing about its warnings.
    diagnostics
        .retain(|said| said.severity == Severity::Error || !foreign.contains(&said.primary.location.file));
    flow_lint::settle(&project, &mut diagnostics);
    // A lint that `flow.toml` denies is an error too.
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        program = None;
    }
    Loaded { root, sources, manifest, program, diagnostics, foreign }
}

/// Numbers are a deployment's: a library that is used answers none.
fn answered_by_libraries(parsed: &[ParsedModule]) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    for module in parsed.iter().filter(|module| module.home != PROJECT) {
        for item in &module.parsed.file.items {
            if matches!(item.kind, ItemKind::Inbound { .. }) {
                let at = item.span.at(module.file);
                let what = "a library answers no numbers";
                said.push(
                    Diagnostic::error(codes::LIBRARY_INBOUND, what, at, "in a file that a project uses")
                        .with_help(
                            "write the `inbound` in the project, and the flow in another file of the library",
                        ),
                );
            }
        }
    }
    said
}

fn lint_file<'a>(
    sources: &'a SourceMap,
    module: &'a ParsedModule,
    interner: &Interner,
) -> flow_lint::File<'a> {
    flow_lint::File {
        file: module.file,
        text: &sources.file(module.file).text,
        ast: &module.parsed.file,
        comments: &module.parsed.comments,
        is_main: module.name.is_empty(),
        is_library: module.home != PROJECT
            || module.name.first().is_some_and(|first| interner.name(*first) == "std"),
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder of a file; `.` when it is in none.
pub(crate) fn folder_of(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => ".",
    }
}

#[cfg(test)]
mod tests {
    use super::{file_name, folder_of};
    use crate::modules::join;

    #[test]
    fn paths_are_cut_at_the_last_slash() {
        assert_eq!((folder_of("a/b.flow"), file_name("a/b.flow")), ("a", "b.flow"));
        assert_eq!((folder_of("b.flow"), file_name("b.flow")), (".", "b.flow"));
        assert_eq!(folder_of("/b.flow"), "/");
        assert_eq!(join("/", "b"), "/b");
        assert_eq!(join("a", "b"), "a/b");
    }
}
