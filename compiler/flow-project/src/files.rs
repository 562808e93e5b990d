//! Where files come from: a trait, and the implementation in memory that tests and editors use.

use std::collections::BTreeMap;

use crate::libraries::normal;

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A file that can be read.
    File,
    /// A folder that can be listed.
    Folder,
}

/// Files by path; paths use `/`.
pub trait FileSystem {
    /// What is at a path; `None` when nothing is.
    fn kind(&self, path: &str) -> Option<FileKind>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Why it cannot be read, in a few words ("permission denied").
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// The names in a folder, in order.
    ///
    /// # Errors
    /// Why it cannot be listed, in a few words.
    fn list(&self, path: &str) -> Result<Vec<String>, String>;

    /// The one name of a place, whichever way leads to it: folders are the same if theirs are.
    fn place(&self, path: &str) -> String {
        normal(path)
    }

    /// Where a path leads when it goes over links, seen from a folder that it should stay in.
    fn link(&self, _root: &str, _path: &str) -> Link {
        Link::None
    }
}

/// Whether links stand on the way to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// None, or none that is known of.
    None,
    /// The path is a link to another place in the folder.
    Inside,
    /// Links lead out of the folder.
    Outside,
}

/// Files in memory, by path.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// Files with their texts.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        Self { files: files.collect() }
    }

    /// Puts a file at a path, in place of any that was there.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }
}

impl FileSystem for Memory {
    fn kind(&self, path: &str) -> Option<FileKind> {
        if self.files.contains_key(path) {
            return Some(FileKind::File);
        }
        let folder = format!("{path}/");
        self.files.keys().any(|file| file.starts_with(&folder)).then_some(FileKind::Folder)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.files.get(path).cloned().ok_or_else(|| "there is no such file".into())
    }

    fn list(&self, path: &str) -> Result<Vec<String>, String> {
        let folder = format!("{path}/");
        let inside = self.files.keys().filter_map(|file| file.strip_prefix(&folder));
        let mut names: Vec<String> =
            inside.map(|rest| rest.split('/').next().unwrap_or(rest).to_owned()).collect();
        names.dedup();
        Ok(names)
    }
}
