//! Everything that is said about all projects of one command, as one document.

use std::collections::BTreeMap;

use flow_diagnostics::{Diagnostic, FileId, SourceFile, SourceMap};
use flow_project::Loaded;

use crate::output::path_of;

/// The files and diagnostics of several projects, by paths from where one stands.
#[derive(Debug, Default)]
pub struct Report {
    /// Each file once, however many projects read it.
    pub sources: SourceMap,
    /// What is said.
    pub diagnostics: Vec<Diagnostic>,
    known: BTreeMap<String, FileId>,
}

impl Report {
    /// Adds what is said about a project; files of which nothing is said only where `all_files` are to be named.
    pub fn add(&mut self, loaded: &Loaded, all_files: bool) {
        if loaded.diagnostics.is_empty() && !all_files {
            return;
        }
        let mut moved = Vec::new();
        for (_, file) in loaded.sources.iter() {
            let path = path_of(loaded, &file.path);
            let known = self.known.get(&path).copied();
            let id = known.filter(|id| self.sources.file(*id).text == file.text).unwrap_or_else(|| {
                let id = self.sources.add(SourceFile::new(path.clone(), file.text.clone()));
                self.known.insert(path, id);
                id
            });
            moved.push(id);
        }
        // A file that two others use is read with each of them: renderers leave out what is said twice.
        let diagnostics = loaded.diagnostics.iter().cloned();
        let moved =
            diagnostics.map(|diagnostic| diagnostic.moved(|at| at.span.at(moved[at.file.0 as usize])));
        self.diagnostics.extend(moved);
    }
}
