//! Files on this machine, and the one that comes from standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use flow_project::{FileKind, FileSystem, Link, Problem, normal};

/// The largest file and the largest standard input that is read; of what is larger, one byte more, so that it shows.
const MOST_BYTES: u64 = 64 << 20;

/// The disk, with perhaps one file that is not on it.
#[derive(Debug, Default)]
pub struct Disk {
    /// What standard input holds, and the path it stands for.
    input: Option<(String, Vec<u8>)>,
}

impl Disk {
    /// The disk with standard input as the file of a path.
    pub fn with_input(path: &str) -> Result<Self, Problem> {
        let mut bytes = Vec::new();
        io::stdin().take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Problem {
            what: format!("standard input cannot be read: {}", reason(&error)),
            action: "name a file instead of `-`".into(),
        })?;
        Ok(Self { input: Some((path.to_owned(), bytes)) })
    }
}

impl FileSystem for Disk {
    fn kind(&self, path: &str) -> Option<FileKind> {
        if self.input.as_ref().is_some_and(|(name, _)| same(name, path)) {
            return Some(FileKind::File);
        }
        let metadata = fs::metadata(path).ok()?;
        if metadata.is_dir() { Some(FileKind::Folder) } else { Some(FileKind::File) }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        match &self.input {
            Some((name, bytes)) if same(name, path) => Ok(bytes.clone()),
            _ => regular(path),
        }
    }

    fn link(&self, root: &str, path: &str) -> Link {
        if self.input.as_ref().is_some_and(|(name, _)| same(name, path)) {
            return Link::None;
        }
        let root = if root.is_empty() { "." } else { root };
        match (fs::canonicalize(root), fs::canonicalize(path)) {
            (Ok(root), Ok(path)) if !path.starts_with(&root) => Link::Outside,
            _ if fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink()) => Link::Inside,
            _ => Link::None,
        }
    }

    fn place(&self, path: &str) -> String {
        // A path that is no text has no place that could be compared; it stays what it is.
        let full = fs::canonicalize(path).ok().and_then(|full| full.into_os_string().into_string().ok());
        full.unwrap_or_else(|| normal(path))
    }

    fn list(&self, path: &str) -> Result<Vec<String>, String> {
        let mut names = Vec::new();
        for entry in fs::read_dir(path).map_err(|error| reason(&error))? {
            let entry = entry.map_err(|error| reason(&error))?;
            // A name that is no text cannot be written after `use` either.
            if let Ok(name) = entry.file_name().into_string() {
                names.push(name);
            }
        }
        // A file that an editor has and the disk has not yet.
        if let Some((input, _)) = &self.input
            && let Some((folder, name)) = input.rsplit_once('/').or(Some((".", input)))
            && same(folder, path)
            && !names.iter().any(|have| have == name)
        {
            names.push(name.to_owned());
        }
        names.sort();
        Ok(names)
    }
}

/// A file's bytes. Pipes and devices are refused before they are opened: some never end, some wait for ever.
pub fn regular(path: &str) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| reason(&error))?;
    if !metadata.is_file() {
        return Err("it is a pipe or a device, not a file".into());
    }
    let mut bytes = Vec::with_capacity(metadata.len().min(MOST_BYTES) as usize);
    let file = fs::File::open(path).map_err(|error| reason(&error))?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    Ok(bytes)
}

fn same(one: &str, other: &str) -> bool {
    Path::new(one).components().eq(Path::new(other).components())
        || Path::new(".").join(one).components().eq(Path::new(other).components())
}

/// Why a file operation failed, in a few words and without numbers.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}
