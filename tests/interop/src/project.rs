//! A project of one flow in a folder of its own, with tones for prompts, so that ears can tell them apart.

use std::path::{Path, PathBuf};

use crate::audio;

/// A project folder; removed when dropped.
pub struct Project {
    /// Where it is.
    pub folder: PathBuf,
}

impl Project {
    /// Makes a project of this source. Each recording is a name, a frequency and its seconds.
    pub fn new(name: &str, source: &str, recordings: &[(&str, f64, f64)]) -> Project {
        let folder = std::env::temp_dir().join(format!("flow-interop-{name}-{}", std::process::id()));
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(folder.join("src")).expect("a folder can be made");
        std::fs::write(folder.join("flow.toml"), format!("[project]\nname = \"{name}\"\n")).expect("a file");
        std::fs::write(folder.join("src/main.flow"), source).expect("a file");
        for (recording, hertz, seconds) in recordings {
            audio::write_tone(&folder.join(format!("prompts/{recording}.wav")), *hertz, *seconds);
        }
        Project { folder }
    }

    /// A copy of a project of the repository, without the state of earlier runs.
    pub fn copy(name: &str, from: &Path) -> Project {
        let folder = std::env::temp_dir().join(format!("flow-interop-{name}-{}", std::process::id()));
        std::fs::remove_dir_all(&folder).ok();
        copy(from, &folder);
        Project { folder }
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            std::fs::remove_dir_all(&self.folder).ok();
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("a project is readable").flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_name() == "state" {
            continue;
        }
        if source.is_dir() {
            copy(&source, &target);
        } else {
            std::fs::copy(&source, &target).expect("a file can be copied");
        }
    }
}
