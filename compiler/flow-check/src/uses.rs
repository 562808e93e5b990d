//! Whose files a path after `use` is about: the file's own project or library, one that it declares, or the
//! standard library.
//!
//! Files are known by the library that they are of and their way within it. So a library's files see each other
//! by the names that they have there, whatever the project calls the library; and nobody sees the files of a
//! library that he has not declared himself, although another library uses it.

use std::collections::HashMap;

use flow_diagnostics::Symbol;

use crate::context::Checker;

/// How the standard library's paths begin.
const STANDARD: &str = "std";

/// Files that see each other by their own names: those of a library, or of the project that uses libraries.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// How the names of its modules begin in the program; empty for the project.
    pub prefix: Vec<Symbol>,
    /// The libraries that its files may use: the name, and the number of the library. `None` is one that cannot be
    /// read, which has been reported.
    pub uses: Vec<(Symbol, Option<usize>)>,
}

/// What a path after `use` is about.
pub(crate) struct Meant {
    /// The number of the library.
    library: usize,
    /// The way from there: of a module, or of a module and an item.
    way: Vec<Symbol>,
    /// The shortest way that is a module's: a library's main file is seen from outside of it only.
    least: usize,
}

/// The modules by the library that they are of, and their way within it.
pub(crate) struct ModulePaths(HashMap<(usize, Vec<Symbol>), usize>);

impl ModulePaths {
    /// The module of a path, if the whole path is one's.
    pub fn module(&self, meant: &Meant) -> Option<usize> {
        self.find(meant, meant.way.len())
    }

    /// The module of a path whose last name is an item's.
    pub fn module_of_item(&self, meant: &Meant) -> Option<usize> {
        self.find(meant, meant.way.len().checked_sub(1)?)
    }

    fn find(&self, meant: &Meant, length: usize) -> Option<usize> {
        if length < meant.least {
            return None;
        }
        self.0.get(&(meant.library, meant.way[..length].to_vec())).copied()
    }
}

impl Checker<'_> {
    /// All modules but the project's main file, which nobody uses.
    pub(crate) fn module_paths(&self) -> ModulePaths {
        let modules = self.modules.iter().enumerate().filter(|(_, module)| !module.name.is_empty());
        let paths = modules.map(|(index, module)| {
            let library = self.library_of(index);
            ((library, module.name[self.prefix(library)..].to_vec()), index)
        });
        ModulePaths(paths.collect())
    }

    /// What a path is about that stands in a module; `None` when it has been reported already.
    pub(crate) fn meant(&self, module: usize, path: &[Symbol]) -> Option<Meant> {
        let own = self.library_of(module);
        let first = path.first().copied();
        if first.is_some_and(|first| self.name(first) == STANDARD) {
            return Some(Meant { library: 0, way: path.to_vec(), least: 1 });
        }
        let uses = self.options.libraries.get(own).map_or(&[][..], |library| &library.uses);
        match uses.iter().find(|(name, _)| Some(*name) == first) {
            Some((_, library)) => Some(Meant { library: (*library)?, way: path[1..].to_vec(), least: 0 }),
            None => Some(Meant { library: own, way: path.to_vec(), least: 1 }),
        }
    }

    /// The modules that a module may use, as it would write them.
    pub(crate) fn usable_modules(&self, from: usize) -> Vec<String> {
        let own = self.library_of(from);
        let uses = self.options.libraries.get(own).map_or(&[][..], |library| &library.uses);
        let mut written = Vec::new();
        for (index, module) in self.modules.iter().enumerate().filter(|(_, module)| !module.name.is_empty()) {
            let library = self.library_of(index);
            let way = &module.name[self.prefix(library)..];
            let is_standard = way.first().is_some_and(|first| self.name(*first) == STANDARD);
            let declared = uses.iter().find(|(_, used)| *used == Some(library) && library != own);
            let parts: Vec<&str> = match declared {
                _ if library == own || is_standard => way.iter().map(|part| self.name(*part)).collect(),
                Some((name, _)) => [name].into_iter().chain(way).map(|part| self.name(*part)).collect(),
                None => continue,
            };
            if !parts.is_empty() {
                written.push(parts.join("."));
            }
        }
        written
    }

    /// The number of the library that a module is of.
    pub(crate) fn library_of(&self, module: usize) -> usize {
        self.options.library_of.get(module).copied().unwrap_or(0)
    }

    /// How many names of a module's name are the library's.
    fn prefix(&self, library: usize) -> usize {
        self.options.libraries.get(library).map_or(0, |library| library.prefix.len())
    }
}
