//! The files of a project and the names by which they `use` each other.

use std::collections::BTreeSet;

use flow_diagnostics::{Diagnostic, FileId, Interner, SourceFile, SourceMap, Span, Symbol};
use flow_syntax::ast::{ItemKind, Path};
use flow_syntax::{Parsed, decode, parse};

use crate::codes;
use crate::files::{FileKind, FileSystem, Link};
use crate::libraries::{Home, PROJECT, normal};
use crate::load::Problem;

/// Projects of more files are refused: something else is being read.
const MOST_FILES: usize = 10_000;
/// Folders within folders, at most.
const DEEPEST: usize = 16;
/// Names that are looked at in folders, at most, whatever they are.
const MOST_NAMES: usize = 100_000;

/// One parsed file.
pub(crate) struct ParsedModule {
    /// Empty for the main file.
    pub(crate) name: Vec<Symbol>,
    /// The project or library that it is of.
    pub(crate) home: usize,
    pub(crate) file: FileId,
    pub(crate) parsed: Parsed,
}

/// The files read so far.
pub(crate) struct Modules<'f> {
    pub(crate) files: &'f dyn FileSystem,
    /// The project's folder.
    pub(crate) root: String,
    pub(crate) sources: SourceMap,
    pub(crate) interner: Interner,
    pub(crate) parsed: Vec<ParsedModule>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The project, then its libraries.
    pub(crate) homes: Vec<Home>,
    /// Files of libraries, which are not the reader's to change.
    pub(crate) foreign: BTreeSet<FileId>,
    /// Modules that are loaded: the home, and the way from there.
    seen: BTreeSet<(usize, String)>,
}

impl<'f> Modules<'f> {
    pub(crate) fn new(files: &'f dyn FileSystem, root: String) -> Self {
        Self {
            files,
            root,
            sources: SourceMap::default(),
            interner: Interner::default(),
            parsed: Vec::new(),
            diagnostics: Vec::new(),
            homes: vec![Home::default()],
            foreign: BTreeSet::new(),
            seen: BTreeSet::new(),
        }
    }

    /// A path of the project, for the file system.
    pub(crate) fn path(&self, relative: &str) -> String {
        match relative {
            "" => self.root.clone(),
            relative if relative.starts_with("..") => normal(&join(&self.root, relative)),
            relative => join(&self.root, relative),
        }
    }

    /// Whether links on the way to a path lead out of the project or library that it is to be of.
    pub(crate) fn leads_out(&self, home: usize, path: &str) -> bool {
        self.files.link(&self.path(&self.homes[home].folder), path) == Link::Outside
    }

    /// Reads and parses a file of the project.
    pub(crate) fn add_file(&mut self, relative: &str, name: &[&str]) -> Result<(), Problem> {
        self.add_file_of(PROJECT, relative, name)
    }

    /// Reads and parses a file of the project or of a library; its name is the way from there.
    fn add_file_of(&mut self, home: usize, relative: &str, name: &[&str]) -> Result<(), Problem> {
        let path = self.path(relative);
        if self.leads_out(home, &path) {
            let whole = if home == PROJECT { "project" } else { "library" };
            return Err(Problem {
                what: format!("{path} is a link that leads out of the {whole}"),
                action: format!("keep all flows of a {whole} in its folder: copy the file instead"),
            });
        }
        let bytes = self.files.read(&path).map_err(|why| Problem {
            what: format!("{path} cannot be read: {why}"),
            action: "make the file readable, or name another".into(),
        })?;
        self.seen.insert((home, name.join(".")));
        let id = FileId(self.sources.iter().count() as u32);
        match decode(id, bytes) {
            Ok(text) => self.add_text(home, relative, name, text),
            Err(diagnostic) => {
                self.sources.add(SourceFile::new(relative, ""));
                self.diagnostics.push(*diagnostic);
            }
        }
        Ok(())
    }

    fn add_text(&mut self, home: usize, path: &str, name: &[&str], text: String) {
        let file = self.sources.add(SourceFile::new(path, text));
        let parsed = parse(file, &self.sources.file(file).text, &mut self.interner);
        self.diagnostics.extend(parsed.diagnostics.iter().cloned());
        let prefix = self.homes[home].prefix.iter().map(String::as_str);
        let name = prefix.chain(name.iter().copied()).map(|part| self.interner.intern(part)).collect();
        if home != PROJECT {
            self.foreign.insert(file);
        }
        self.parsed.push(ParsedModule { name, home, file, parsed });
    }

    /// All other files below a folder, each a module named after its way from there.
    pub(crate) fn add_folder(&mut self, folder: &str, except: &str) -> Result<(), Problem> {
        let mut found = Vec::new();
        self.find(folder, &mut Vec::new(), &mut found, &mut 0)?;
        for (relative, name) in found {
            if relative == except {
                continue;
            }
            let parts: Vec<&str> = name.iter().map(String::as_str).collect();
            self.add_file(&relative, &parts)?;
            if let Some(part) = parts.iter().find(|part| !is_name(part)) {
                self.misnamed(part);
            }
        }
        Ok(())
    }

    /// Says that the file read last cannot be used by others.
    fn misnamed(&mut self, part: &str) {
        let Some(file) = self.parsed.last().map(|module| module.file) else { return };
        let message = format!("`{part}` cannot be written after `use`");
        let at = Span::default().at(file);
        self.diagnostics.push(
            Diagnostic::error(codes::FILE_NAME, message, at, "in this file's path")
                .with_help("name files and folders with small letters, digits and `_`"),
        );
    }

    fn find(
        &self,
        folder: &str,
        way: &mut Vec<String>,
        found: &mut Vec<(String, Vec<String>)>,
        looked_at: &mut usize,
    ) -> Result<(), Problem> {
        let path = self.path(folder);
        let names = self.files.list(&path).map_err(|why| Problem {
            what: format!("{path} cannot be listed: {why}"),
            action: "make the folder readable".into(),
        })?;
        for name in names {
            let inside = join(folder, &name);
            *looked_at += 1;
            if found.len() >= MOST_FILES || *looked_at > MOST_NAMES {
                return Err(Problem {
                    what: format!(
                        "{path} has more files than a project: {MOST_FILES} flows, {MOST_NAMES} names"
                    ),
                    action: "name the project's own folder".into(),
                });
            }
            match (self.files.kind(&self.path(&inside)), name.strip_suffix(".flow")) {
                (Some(FileKind::File), Some(stem)) => {
                    let mut module = way.clone();
                    module.push(stem.to_owned());
                    found.push((inside, module));
                }
                (Some(FileKind::Folder), _) if way.len() < DEEPEST && !name.starts_with('.') => {
                    match self.files.link(&self.root, &self.path(&inside)) {
                        Link::None => {
                            way.push(name);
                            self.find(&inside, way, found, looked_at)?;
                            way.pop();
                        }
                        // What it leads to has its own way, and perhaps leads back here.
                        Link::Inside => {}
                        Link::Outside => {
                            return Err(Problem {
                                what: format!(
                                    "{} is a link that leads out of the project",
                                    self.path(&inside)
                                ),
                                action: "keep all flows of a project in its folder".into(),
                            });
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether there is a `.flow` file anywhere below a folder of the project or of a library, links left out.
    pub(crate) fn has_flows(&self, home: usize, folder: &str) -> bool {
        let mut folders = vec![(folder.to_owned(), 0)];
        let mut looked_at = 0;
        while let Some((folder, depth)) = folders.pop() {
            let path = self.path(&folder);
            if self.files.kind(&path) != Some(FileKind::Folder) || self.leads_out(home, &path) {
                continue;
            }
            for name in self.files.list(&path).unwrap_or_default() {
                looked_at += 1;
                if looked_at > MOST_NAMES {
                    return false;
                }
                let inside = join(&folder, &name);
                match self.files.kind(&self.path(&inside)) {
                    Some(FileKind::File) if name.ends_with(".flow") => return true,
                    Some(FileKind::Folder)
                        if depth < DEEPEST
                            && !name.starts_with('.')
                            && self.files.link(&path, &self.path(&inside)) == Link::None =>
                    {
                        folders.push((inside, depth + 1));
                    }
                    _ => {}
                }
            }
        }
        false
    }

    /// Reads what is used and not yet there: files of libraries, and files beside a single file.
    pub(crate) fn add_used(&mut self, beside: bool) -> Result<(), Problem> {
        let mut next = 0;
        while next < self.parsed.len() {
            for used in self.uses(next) {
                self.add_used_path(self.parsed[next].home, &used, beside)?;
            }
            next += 1;
        }
        Ok(())
    }

    fn uses(&self, module: usize) -> Vec<Vec<String>> {
        let items = &self.parsed[module].parsed.file.items;
        let paths = items.iter().filter_map(|item| match &item.kind {
            ItemKind::Use { path, .. } => Some(self.names(path)),
            _ => None,
        });
        paths.collect()
    }

    fn names(&self, path: &Path) -> Vec<String> {
        path.names.iter().map(|name| self.interner.name(name.symbol).to_owned()).collect()
    }

    /// `use a.b.c` means the file `a/b/c.flow`, or the item `c` of `a/b.flow`.
    fn add_used_path(&mut self, from: usize, used: &[String], beside: bool) -> Result<(), Problem> {
        let declared =
            self.homes[from].uses.iter().find(|(declared, _)| used.first() == Some(&declared.name));
        let home = declared.map_or(Some(from), |(_, home)| *home);
        // Of a library the main file can be meant too, of one's own home it cannot.
        let (way, least) = if declared.is_some() { (&used[1..], 0) } else { (used, 1) };
        let is_standard = used.first().is_some_and(|first| first == "std");
        for length in [way.len(), way.len().saturating_sub(1)] {
            let parts: Vec<&str> = way[..length].iter().map(String::as_str).collect();
            if is_standard {
                let path = parts.join("/");
                if let Some(text) = flow_stdlib::flows::flow(&path) {
                    if self.seen.insert((PROJECT, parts.join("."))) {
                        self.add_text(PROJECT, &format!("{path}.flow"), &parts, text.to_owned());
                    }
                    return Ok(());
                }
                continue;
            }
            let Some(home) = home.filter(|home| length >= least && (*home != PROJECT || beside)) else {
                continue;
            };
            if self.seen.contains(&(home, parts.join("."))) {
                return Ok(());
            }
            if let Some(file) = self.file_of(home, &parts) {
                if self.parsed.len() >= MOST_FILES {
                    return Err(Problem {
                        what: format!("the project and its libraries have more than {MOST_FILES} flows"),
                        action: "use fewer files, or cut the project into several".into(),
                    });
                }
                return self.add_file_of(home, &file, &parts);
            }
        }
        Ok(())
    }

    /// The file that a way from a home leads to.
    fn file_of(&self, home: usize, parts: &[&str]) -> Option<String> {
        let Home { source, main, .. } = &self.homes[home];
        if parts.is_empty() {
            return main.clone().filter(|_| home != PROJECT);
        }
        let file = join(source, &format!("{}.flow", parts.join("/")));
        let is_module = main.as_ref() != Some(&file);
        (is_module && self.files.kind(&self.path(&file)) == Some(FileKind::File)).then_some(file)
    }
}

/// A path below a folder; the empty folder is where one stands.
pub(crate) fn join(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{}/{name}", folder.trim_end_matches('/')),
    }
}

/// Whether a word may stand in a `use`.
pub(crate) fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
