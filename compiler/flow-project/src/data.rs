//! The files that tables and rosters are read from: `from "agents.csv"`, from the folder of the project or library on.

use std::collections::BTreeSet;

use flow_check::DataFile;
use flow_diagnostics::SourceFile;
use flow_syntax::ast::{ItemKind, TextLiteral, TextPart};

use crate::files::FileKind;
use crate::libraries::PROJECT;
use crate::modules::{Modules, join};

/// The largest file that is read.
const MOST_BYTES: usize = 16 << 20;
/// The most files that are read.
const MOST_FILES: usize = 1_000;

/// Reads each file that an item names, once, into the sources.
pub(crate) fn read(modules: &mut Modules<'_>) -> Vec<DataFile> {
    let mut paths: Vec<(usize, String)> = Vec::new();
    let mut seen = BTreeSet::new();
    for module in &modules.parsed {
        for item in &module.parsed.file.items {
            let from = match &item.kind {
                ItemKind::Table { from, .. } | ItemKind::Roster(from) => from,
                _ => continue,
            };
            let path = (module.home, text(from));
            if seen.insert(path.clone()) {
                paths.push(path);
            }
        }
    }
    let mut left = MOST_FILES;
    let mut next = |(library, path): (usize, String)| {
        if left == 0 {
            return DataFile {
                library,
                path,
                text: Err(format!("a project has {MOST_FILES} such files at most")),
            };
        }
        left -= 1;
        file(modules, library, path)
    };
    paths.into_iter().map(&mut next).collect()
}

fn file(modules: &mut Modules<'_>, library: usize, path: String) -> DataFile {
    let refused = |why: &str| DataFile { library, path: path.clone(), text: Err(why.to_owned()) };
    if path.starts_with('/')
        || path.contains('\\')
        || path.split('/').any(|part| part == ".." || part.is_empty())
    {
        return refused(if library == PROJECT {
            "it leads out of the project"
        } else {
            "it leads out of the library"
        });
    }
    let relative = join(&modules.homes[library].folder, &path);
    let full = modules.path(&relative);
    if modules.files.kind(&full) != Some(FileKind::File) {
        return refused("there is no such file");
    }
    if modules.leads_out(library, &full) {
        return refused("it is a link that leads out of its project or library");
    }
    let bytes = match modules.files.read(&full) {
        Ok(bytes) if bytes.len() > MOST_BYTES => return refused("it is larger than 16 MB"),
        Ok(bytes) => bytes,
        Err(why) => return refused(&why),
    };
    match String::from_utf8(bytes) {
        Ok(text) => {
            let file = modules.sources.add(SourceFile::new(relative, text.clone()));
            if library != PROJECT {
                modules.foreign.insert(file);
            }
            DataFile { library, path, text: Ok((file, text)) }
        }
        Err(_) => refused("it is not UTF-8"),
    }
}

fn text(literal: &TextLiteral) -> String {
    let parts = literal.parts.iter().map(|part| match part {
        TextPart::Text(text) => &**text,
        TextPart::Hole(_) => "",
    });
    parts.collect()
}
