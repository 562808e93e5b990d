//! Which files `flowc fmt` is about, and how one is replaced.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flow_project::{Problem, library_folders, normal};
use ignore::WalkBuilder;

use crate::disk::{reason, regular};

/// The files that are named, and the `.flow` files of the folders that are named: what `.gitignore` names and
/// what is hidden is passed over, and so are the libraries of a project that are within it. Each file once, in the order of names.
///
/// # Errors
/// When a path leads nowhere, or a folder holds no flow at all.
pub(super) fn found(paths: &[String]) -> Result<Vec<String>, Problem> {
    let mut files = Vec::new();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|error| Problem {
            what: format!("{path} cannot be read: {}", reason(&error)),
            action: "name a project, a folder or a `.flow` file".into(),
        })?;
        if !metadata.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        let mut libraries = Vec::new();
        for entry in WalkBuilder::new(path).require_git(false).sort_by_file_name(Ord::cmp).build() {
            let entry = entry.map_err(|error| Problem {
                what: format!("{path} cannot be searched: {error}"),
                action: "name only folders that may be read".into(),
            })?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if is_file && entry.path().extension().is_some_and(|ending| ending == "flow") {
                inside.push(entry.into_path());
            } else if is_file && entry.file_name() == "flow.toml" {
                libraries.extend(libraries_within(entry.path()));
            }
        }
        inside.retain(|file| !libraries.iter().any(|library| file.starts_with(library)));
        if inside.is_empty() {
            return Err(Problem {
                what: format!("there is no `.flow` file in {path}"),
                action: "name a project, a folder with flows or a `.flow` file".into(),
            });
        }
        files.extend(inside.iter().map(|file| shown(file)));
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// The folders below that of a `flow.toml` that it names as libraries: they are of others. A library beside the
/// project is laid out like whatever else is in the folder that was named.
fn libraries_within(manifest: &Path) -> Vec<PathBuf> {
    let text = manifest.to_str().and_then(|path| regular(path).ok()).unwrap_or_default();
    let folders = library_folders(&String::from_utf8_lossy(&text)).into_iter().map(|path| normal(&path));
    let within = folders.filter(|path| path != "." && !path.starts_with("..") && !path.starts_with('/'));
    within.map(|path| manifest.with_file_name("").join(path)).collect()
}

/// `./src/main.flow` is called `src/main.flow`.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// Puts a text in the place of a file's own. It is written beside the file and then takes its place, so that a
/// disk that is full, or a machine that stops, costs nobody their flow.
///
/// # Errors
/// When it cannot be written; the file is as it was then.
pub(in crate::commands) fn replace(path: &str, text: &str) -> Result<(), Problem> {
    let problem = |error: std::io::Error| Problem {
        what: format!("{path} cannot be changed: {}", reason(&error)),
        action: "make the file and its folder writable, or see what would change with `--diff`".into(),
    };
    // Behind a symbolic link the file that it leads to is replaced, not the link.
    let target = fs::canonicalize(path).map_err(problem)?;
    let metadata = fs::metadata(&target).map_err(problem)?;
    if metadata.permissions().readonly() {
        return Err(problem(std::io::ErrorKind::PermissionDenied.into()));
    }
    let beside = beside(&target);
    let written = fs::File::create_new(&beside).and_then(|mut file| {
        file.set_permissions(metadata.permissions())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, &target)).map_err(|error| {
        // What was begun beside the file is of no use to anybody.
        let _ = fs::remove_file(&beside);
        problem(error)
    })
}

/// A name that no other program uses, in the file's folder.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    target.with_file_name(format!(".{name}.{}.fmt", std::process::id()))
}
