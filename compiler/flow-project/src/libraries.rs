//! The libraries of a project: the folders that its `[libraries]` names, and those that they name in turn.
//!
//! A [`Home`] is a folder whose files see each other by their own names: the project first, then every library,
//! once, however many ways lead to it. This module finds them and says what is wrong with a declaration; it reads
//! no flows.

use std::collections::BTreeSet;

use flow_check::Library;
use flow_diagnostics::{Code, Diagnostic, Interner, Location, Severity, SourceFile};

use crate::codes;
use crate::files::FileKind;
use crate::load::{MANIFEST, folder_of};
use crate::manifest::{Declared, MAIN, Manifest};
use crate::modules::{Modules, is_name, join};
use crate::toml_reader::MOST_BYTES;

/// Libraries of a project and of its libraries, all together.
const MOST_LIBRARIES: usize = 64;
/// Where a library's flows are, if it has such a folder, and its main file there.
const SOURCE: &str = "src";
const MAIN_FILE: &str = "main.flow";

/// The project's own home.
pub(crate) const PROJECT: usize = 0;

/// A folder whose files see each other by their own names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Home {
    /// The folder, from the project's; empty for the project itself.
    pub(crate) folder: String,
    /// Where its flows are, from the project's folder.
    pub(crate) source: String,
    /// Its main file, from the project's folder, if it has one.
    pub(crate) main: Option<String>,
    /// How the names of its modules begin in the program.
    pub(crate) prefix: Vec<String>,
    /// The libraries that it declares, with the home that each is; `None` for one that cannot be read.
    pub(crate) uses: Vec<(Declared, Option<usize>)>,
    /// The one name of its folder.
    place: String,
    /// Where it was declared first.
    location: Option<Location>,
}

impl Home {
    /// The project.
    pub(crate) fn project(source: &str, main: &str) -> Self {
        let source = if source == "." { "" } else { source };
        Self { source: source.to_owned(), main: Some(main.to_owned()), ..Self::default() }
    }

    /// The name by which messages call it.
    fn named(&self) -> String {
        if self.prefix.is_empty() { "this project".into() } else { format!("`{}`", self.prefix.join(".")) }
    }
}

/// Finds every library that the project may reach, and reports what keeps one from being used.
pub(crate) fn find(modules: &mut Modules<'_>, manifest: &Manifest) {
    modules.homes[PROJECT].place = modules.files.place(&modules.path(""));
    let mut declared = vec![manifest.libraries.clone()];
    let mut next = 0;
    while next < declared.len() {
        let here = declared[next].clone();
        // One folder may have many names, but not without end.
        if let Some(first) = here.get(MOST_LIBRARIES) {
            report(modules, first.path_location, "one more", too_many());
        }
        for library in here.into_iter().take(MOST_LIBRARIES) {
            let found = match enter(modules, next, &library) {
                Some(Entered { home, declares: Some(more) }) => {
                    declared.push(more);
                    Some(home)
                }
                Some(Entered { home, declares: None }) => Some(home),
                None => None,
            };
            modules.homes[next].uses.push((library, found));
        }
        next += 1;
    }
    circles(modules);
    overlaps(modules);
}

/// What the checker has to know of the homes.
pub(crate) fn for_check(homes: &[Home], interner: &mut Interner) -> Vec<Library> {
    let libraries = homes.iter().map(|home| Library {
        prefix: home.prefix.iter().map(|part| interner.intern(part)).collect(),
        uses: home.uses.iter().map(|(declared, home)| (interner.intern(&declared.name), *home)).collect(),
    });
    libraries.collect()
}

/// A library that was found; with what it declares if it was not known before.
struct Entered {
    home: usize,
    declares: Option<Vec<Declared>>,
}

/// What is wrong with a declaration.
struct Wrong {
    code: Code,
    what: String,
    help: String,
}

impl Wrong {
    fn folder(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code: codes::LIBRARY_FOLDER, what: what.into(), help: help.into() }
    }

    fn name(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code: codes::LIBRARY_NAME, what: what.into(), help: help.into() }
    }
}

fn too_many() -> Wrong {
    Wrong::folder(
        format!("a project has {MOST_LIBRARIES} libraries at most, with those of its libraries"),
        "put files that are used together into one library",
    )
}

/// The home that a declaration leads to; what is wrong with it is reported.
fn enter(modules: &mut Modules<'_>, from: usize, declared: &Declared) -> Option<Entered> {
    if let Some(wrong) = name_is_wrong(modules, from, declared) {
        report(modules, declared.location, "named here", wrong);
        return None;
    }
    match home_of(modules, from, declared) {
        Ok(entered) => Some(entered),
        Err(wrong) => {
            report(modules, declared.path_location, "this folder", wrong);
            None
        }
    }
}

fn report(modules: &mut Modules<'_>, at: Location, label: &str, wrong: Wrong) {
    modules.diagnostics.push(Diagnostic::error(wrong.code, wrong.what, at, label).with_help(wrong.help));
}

fn name_is_wrong(modules: &Modules<'_>, from: usize, declared: &Declared) -> Option<Wrong> {
    let name = &declared.name;
    if name == "std" {
        return Some(Wrong::name(
            "a library cannot be called `std`: that is the standard library",
            "give it another name; what stands after `use` begins with it",
        ));
    }
    if !is_name(name) {
        return Some(Wrong::name(
            format!("`{name}` cannot be written after `use`"),
            "name a library with small letters, digits and `_`",
        ));
    }
    let own = join(&modules.homes[from].source, name);
    let file = format!("{own}.flow");
    let is_module = modules.files.kind(&modules.path(&file)) == Some(FileKind::File);
    if is_module || modules.has_flows(from, &own) {
        let what = if is_module { file } else { format!("{own}/") };
        return Some(Wrong::name(
            format!("`{name}` is a library and {what} too: `use {name}` could mean both"),
            "give one of them another name",
        ));
    }
    None
}

fn home_of(modules: &mut Modules<'_>, from: usize, declared: &Declared) -> Result<Entered, Wrong> {
    let path = declared.path.trim_end_matches('/');
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', '\0']) {
        return Err(Wrong::folder(
            format!("the library `{}` is not given as a relative path: \"{}\"", declared.name, declared.path),
            "write the way from the folder of this `flow.toml`: \"../common\"",
        ));
    }
    let folder = normal(&join(&modules.homes[from].folder, path));
    let full = modules.path(&folder);
    match modules.files.kind(&full) {
        Some(FileKind::Folder) => {}
        Some(FileKind::File) => {
            return Err(Wrong::folder(
                format!("{folder} is a file, and a library is a folder"),
                "name the folder that the library's files are in",
            ));
        }
        None => {
            return Err(Wrong::folder(
                format!("there is no folder {folder} for the library `{}`", declared.name),
                "write the way from the folder of this `flow.toml`, and fetch the library if it is not there",
            ));
        }
    }
    let place = modules.files.place(&full);
    if let Some(home) = modules.homes.iter().position(|home| home.place == place) {
        return Ok(Entered { home, declares: None });
    }
    if modules.homes.len() > MOST_LIBRARIES {
        return Err(too_many());
    }
    let number = modules.homes.len();
    let mut prefix = modules.homes[from].prefix.clone();
    prefix.push(declared.name.clone());
    modules.homes.push(Home {
        folder: folder.clone(),
        prefix,
        place,
        location: Some(declared.path_location),
        ..Home::default()
    });
    furnish(modules, number)
        .map(|declares| Entered { home: number, declares: Some(declares) })
        .inspect_err(|_| modules.homes.truncate(number))
}

/// Reads what a library says of itself, and finds where its flows are.
fn furnish(modules: &mut Modules<'_>, number: usize) -> Result<Vec<Declared>, Wrong> {
    let folder = modules.homes[number].folder.clone();
    let manifest = own_manifest(modules, number, &folder)?;
    let is_file = |path: &str| modules.files.kind(&modules.path(path)) == Some(FileKind::File);
    let sources = join(&folder, SOURCE);
    let entry = manifest.entry.as_str();
    let (source, main) = if entry != MAIN {
        let leaves = entry.starts_with('/') || entry.split('/').any(|part| part == "..");
        let entry = normal(&join(&folder, entry));
        if leaves || !is_file(&entry) {
            return Err(Wrong::folder(
                format!("the `entry` of the library {folder} is no file of it: {}", manifest.entry),
                "mend `entry` in the library's `flow.toml`, or take it out",
            ));
        }
        (folder_of(&entry).to_owned(), entry)
    } else if modules.has_flows(number, &sources) {
        let main = join(&sources, MAIN_FILE);
        (sources, main)
    } else {
        (folder.clone(), join(&folder, MAIN_FILE))
    };
    if !modules.has_flows(number, &source) {
        return Err(Wrong::folder(
            format!("there are no flows in {folder}, nor in {sources}", sources = join(&folder, SOURCE)),
            "name a folder that has `.flow` files, or a `src` with some",
        ));
    }
    let main = is_file(&main).then_some(main);
    let home = &mut modules.homes[number];
    (home.source, home.main) = (source, main);
    Ok(manifest.libraries)
}

/// The `flow.toml` of a library; only what it says of its files and libraries counts.
fn own_manifest(modules: &mut Modules<'_>, number: usize, folder: &str) -> Result<Manifest, Wrong> {
    let path = join(folder, MANIFEST);
    let full = modules.path(&path);
    if modules.files.kind(&full) != Some(FileKind::File) {
        return Ok(Manifest::without("library", MAIN));
    }
    let unreadable = |why: &str| {
        Wrong::folder(format!("{path} cannot be read: {why}"), "make the library's `flow.toml` readable")
    };
    if modules.leads_out(number, &full) {
        return Err(unreadable("it is a link that leads out of the library"));
    }
    let bytes = modules.files.read(&full).map_err(|why| unreadable(&why))?;
    let kept = bytes.len().min(MOST_BYTES + 1);
    let text = String::from_utf8_lossy(&bytes[..kept]).into_owned();
    let file = modules.sources.add(SourceFile::new(path, text.clone()));
    modules.foreign.insert(file);
    let mut said = Vec::new();
    let manifest = Manifest::read(file, &text, "library", &mut said);
    said.retain(|diagnostic| diagnostic.severity == Severity::Error);
    modules.diagnostics.extend(said);
    Ok(manifest)
}

/// Reports each way on which libraries lead back to one of themselves, or to the project.
fn circles(modules: &mut Modules<'_>) {
    let mut found = Vec::new();
    let mut done = BTreeSet::new();
    visit(&modules.homes, PROJECT, &mut Vec::new(), &mut done, &mut found);
    for (at, circle) in found {
        let named: Vec<String> = circle.iter().map(|home| modules.homes[*home].named()).collect();
        let what = format!("libraries use each other in a circle: {}", named.join(", then "));
        let help = "move what both need into a library of its own";
        let wrong = Wrong { code: codes::LIBRARY_CIRCLE, what, help: help.into() };
        report(modules, at, "closes the circle", wrong);
    }
}

fn visit(
    homes: &[Home],
    home: usize,
    way: &mut Vec<usize>,
    done: &mut BTreeSet<usize>,
    found: &mut Vec<(Location, Vec<usize>)>,
) {
    way.push(home);
    for (declared, next) in &homes[home].uses {
        let Some(next) = *next else { continue };
        if let Some(start) = way.iter().position(|before| *before == next) {
            let circle = way[start..].iter().copied().chain([next]).collect();
            found.push((declared.location, circle));
        } else if !done.contains(&next) {
            visit(homes, next, way, done, found);
        }
    }
    way.pop();
    done.insert(home);
}

/// Reports libraries whose flows are among those of another, or of the project: each would have two names.
fn overlaps(modules: &mut Modules<'_>) {
    let place = |home: &Home| modules.files.place(&modules.path(&home.source));
    let places: Vec<String> = modules.homes.iter().map(place).collect();
    let mut found = Vec::new();
    for (number, home) in modules.homes.iter().enumerate() {
        let other = (0..number).find(|other| {
            is_below(&places[number], &places[*other]) || is_below(&places[*other], &places[number])
        });
        let (Some(other), Some(at)) = (other, home.location) else { continue };
        let what = format!(
            "the flows of {} and of {} are in the same folder",
            home.named(),
            modules.homes[other].named()
        );
        found.push((at, what));
    }
    for (at, what) in found {
        let help = "put the library's files beside the others: a file has one name";
        report(modules, at, "holds the others, or is held by them", Wrong::folder(what, help));
    }
}

/// Whether a path is that of a folder, or of something in it.
fn is_below(path: &str, folder: &str) -> bool {
    match folder {
        "" | "." => !is_up(path) && !path.starts_with('/'),
        folder => path.strip_prefix(folder).is_some_and(|rest| {
            rest.is_empty() || folder.ends_with('/') || rest.starts_with('/') && !is_up(&rest[1..])
        }),
    }
}

fn is_up(path: &str) -> bool {
    path == ".." || path.starts_with("../")
}

/// A path without `.`, and without `..` but at its start.
pub fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let is_absolute = path.starts_with('/');
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    match (is_absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".into(),
        (false, false) => parts.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_below, normal};

    #[test]
    fn paths_are_brought_to_one_form() {
        assert_eq!(normal("shop/../common/src"), "common/src");
        assert_eq!(normal("./../common/./a"), "../common/a");
        assert_eq!(normal("../../a"), "../../a");
        assert_eq!(normal("/../a/.."), "/");
        assert_eq!(normal("a/.."), ".");
    }

    #[test]
    fn a_folder_holds_what_is_below_it_and_no_namesake() {
        assert!(is_below("a/b", "a") && is_below("a", "a") && is_below("a", ".") && is_below("/a", "/"));
        assert!(!is_below("ab", "a") && !is_below("../a", ".") && !is_below("/a", "."));
    }
}
