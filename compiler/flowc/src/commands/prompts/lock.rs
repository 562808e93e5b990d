//! `prompts/prompts.lock`: which words each audio file was made with, and which files are drafts.
//!
//! A sentence's file is named by its words, so a changed sentence asks for a new file, and the old one is left over. A
//! recording with a name of its own keeps the name when its words change: only the lock knows that they did. The
//! lock stands beside the audio and goes with it into version control.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flow_bytecode::prompts::{FOLDER, PromptKind, sum};
use flow_project::Problem;

use crate::audio::Voiced;

/// The first line of the file.
const HEADING: &str =
    "# Made by flowc prompts: state, sum of the words, sum of the audio, file. Keep it with the audio.";

/// How an audio file stands to the words that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// Nobody can hear it.
    Missing,
    /// Its words have changed since it was recorded.
    Stale,
    /// A machine's voice, until a person records it.
    Draft,
    /// Audio that the lock does not know, or that says the words.
    There,
    /// One of the standard library's sounds.
    Shipped,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            State::Missing => "missing",
            State::Stale => "stale",
            State::Draft => "draft",
            State::There => "there",
            State::Shipped => "shipped",
        }
    }
}

/// What the lock says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    draft: bool,
    words: String,
    audio: String,
}

/// The lock of a project.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    entries: BTreeMap<String, Entry>,
}

fn path(root: &Path) -> PathBuf {
    root.join(FOLDER).join("prompts.lock")
}

impl Lock {
    /// The lock of a project; empty when there is none. Lines that cannot be read are left out.
    pub(crate) fn read(root: &Path) -> Lock {
        let text = std::fs::read_to_string(path(root)).unwrap_or_default();
        Lock { entries: text.lines().filter_map(entry).collect() }
    }

    /// Writes it, when there is something to write.
    pub(super) fn write(&self, root: &Path) -> Result<(), Problem> {
        if self.entries.is_empty() && !path(root).is_file() {
            return Ok(());
        }
        let mut text = format!("{HEADING}\n");
        for (file, entry) in &self.entries {
            let state = if entry.draft { "draft" } else { "recorded" };
            text.push_str(&format!("{state} {} {} {file}\n", entry.words, entry.audio));
        }
        std::fs::write(path(root), text).map_err(|error| Problem {
            what: format!("{} cannot be written: {error}", path(root).display()),
            action: "make the project's folder writable".into(),
        })
    }

    /// How a prompt stands.
    pub(super) fn state(&self, voiced: &Voiced) -> State {
        let Some(path) = &voiced.path else {
            return if voiced.there { State::Shipped } else { State::Missing };
        };
        let Some(entry) = self.entries.get(&voiced.prompt.file) else { return State::There };
        if !std::fs::read(path).is_ok_and(|audio| sum(&audio) == entry.audio) {
            // Somebody has made it anew since.
            return State::There;
        }
        match entry.draft {
            _ if entry.words != sum(voiced.prompt.text.as_bytes()) => State::Stale,
            true => State::Draft,
            false => State::There,
        }
    }

    /// Notes what there is: drafts that were just made, and audio that is new or was made anew. What is stale stays so.
    pub(super) fn note(&mut self, voiced: &[Voiced], drafted: &[String]) {
        for entry in voiced.iter().filter(|entry| entry.prompt.kind != PromptKind::Sound) {
            let Some(Ok(audio)) = entry.path.as_ref().map(std::fs::read) else { continue };
            let file = &entry.prompt.file;
            let draft = drafted.contains(file);
            if draft || self.state(entry) == State::There {
                let words = sum(entry.prompt.text.as_bytes());
                self.entries.insert(file.clone(), Entry { draft, words, audio: sum(&audio) });
            }
        }
    }

    /// Forgets the files that no prompt asks for.
    pub(super) fn keep(&mut self, voiced: &[Voiced]) {
        self.entries.retain(|file, _| voiced.iter().any(|entry| entry.prompt.file == *file));
    }

    /// How many of these are a machine's voice.
    pub(crate) fn drafts(&self, voiced: &[Voiced]) -> usize {
        voiced.iter().filter(|entry| self.state(entry) == State::Draft).count()
    }

    /// The recordings whose words have changed.
    pub(crate) fn stale<'v>(&self, voiced: &'v [Voiced]) -> Vec<&'v Voiced> {
        voiced.iter().filter(|entry| self.state(entry) == State::Stale).collect()
    }
}

fn entry(line: &str) -> Option<(String, Entry)> {
    let mut parts = line.splitn(4, ' ');
    let draft = match parts.next()? {
        "draft" => true,
        "recorded" => false,
        _ => return None,
    };
    let (words, audio, file) = (parts.next()?.to_owned(), parts.next()?.to_owned(), parts.next()?.to_owned());
    Some((file, Entry { draft, words, audio }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_not_ours_are_left_out() {
        assert_eq!(entry(HEADING), None);
        assert_eq!(entry("draft 01 02"), None);
        let (file, read) = entry("draft 01234567 89abcdef prompts/en/thank you.wav").unwrap();
        assert_eq!(file, "prompts/en/thank you.wav");
        assert!(read.draft);
        assert_eq!(read.words, "01234567");
    }
}
