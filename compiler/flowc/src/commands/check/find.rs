//! Which projects a path stands for.
//!
//! A project, or a file, stands for itself. Any other folder stands for every project below it and every `.flow`
//! file that is in none, in the order of their paths, without what `.gitignore` leaves out.

use std::path::{Path, PathBuf};

use flow_project::Problem;
use ignore::WalkBuilder;

/// More than anybody keeps in one folder; a bound for folders that hold something else.
const MOST: usize = 10_000;

/// Whether a folder is a project.
fn is_project(folder: &Path) -> bool {
    folder.join("flow.toml").is_file() || folder.join("src/main.flow").is_file()
}

/// The projects and files of all paths, in order, each once.
///
/// # Errors
/// When a folder holds no flows, or too many.
pub(super) fn projects(paths: &[String]) -> Result<Vec<String>, Problem> {
    let mut found: Vec<String> = Vec::new();
    for path in paths {
        let folder = Path::new(path);
        let inside = match path != "-" && folder.is_dir() && !is_project(folder) {
            true => below(path)?,
            false => vec![path.clone()],
        };
        for path in inside {
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn below(folder: &str) -> Result<Vec<String>, Problem> {
    let mut roots: Vec<PathBuf> = Vec::new();
    let mut flows: Vec<PathBuf> = Vec::new();
    let walk = WalkBuilder::new(folder)
        // A folder that is no repository may have a `.gitignore` as well.
        .require_git(false)
        .follow_links(false)
        .sort_by_file_name(Ord::cmp)
        .build();
    for entry in walk {
        let entry = entry.map_err(|error| Problem {
            what: format!("{folder} cannot be read: {error}"),
            action: "make the folder readable, or name what is to be checked".into(),
        })?;
        let path = entry.path();
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            if is_project(path) {
                roots.push(path.to_owned());
            }
        } else if path.extension().is_some_and(|ending| ending == "flow") {
            flows.push(path.to_owned());
        }
        if roots.len() + flows.len() > MOST {
            return Err(Problem {
                what: format!("{folder} has more than {MOST} flows"),
                action: "name the projects that are to be checked".into(),
            });
        }
    }
    flows.retain(|flow| !roots.iter().any(|root| flow.starts_with(root)));
    let mut all: Vec<PathBuf> = roots.into_iter().chain(flows).collect();
    all.sort();
    if all.is_empty() {
        return Err(Problem {
            what: format!("there are no flows in {folder}"),
            action: "name a `.flow` file, a folder that has `flow.toml`, or a folder that has some of these"
                .into(),
        });
    }
    Ok(all.iter().map(|path| path.strip_prefix(".").unwrap_or(path).to_string_lossy().into_owned()).collect())
}

/// The project that a file belongs to: the nearest folder above it that is one.
pub(super) fn project_of(file: &str) -> Option<String> {
    let mut folder = Path::new(file).parent();
    while let Some(here) = folder {
        let path = if here.as_os_str().is_empty() { Path::new(".") } else { here };
        if is_project(path) {
            return Some(path.to_string_lossy().into_owned());
        }
        folder = here.parent();
    }
    None
}
