//! A value in words: what a person would write, and the shipped clips that say it.

use std::fmt;

/// One word or phrase of a language: as it is written, and the shipped clip of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: &'static str,
    pub(super) clip: &'static str,
}

/// A value in words. Without clips a voice has to say it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) display: String,
    pub(super) clips: Vec<&'static str>,
}

impl Said {
    /// A word, seen and heard.
    pub(super) fn word(&mut self, word: &Word) {
        self.show(word.text);
        self.clips.push(word.clip);
    }

    /// Something that is seen here; its clips are added by themselves.
    pub(super) fn show(&mut self, text: impl fmt::Display) {
        use fmt::Write;
        if !self.display.is_empty() {
            self.display.push(' ');
        }
        // A string takes everything.
        let _ = write!(self.display, "{text}");
    }

    /// A mark that is seen directly behind what stands there, and not heard.
    pub(super) fn mark(&mut self, mark: &str) {
        self.display.push_str(mark);
    }

    /// What was made apart.
    pub(super) fn append(&mut self, other: Said) {
        if !other.display.is_empty() {
            self.show(other.display);
        }
        self.clips.extend(other.clips);
    }
}

/// The names of clips below one folder: `clips!("en/number/", "0" "1")`.
macro_rules! clips {
    ($folder:literal, $($name:literal)*) => { [$(concat!($folder, $name)),*] };
}

/// Words with the clips that say them: `words!("en/day/", "Monday" = "monday", …)`.
macro_rules! words {
    ($folder:literal, $($text:literal = $clip:literal),* $(,)?) => {
        [$(word!($folder, $text = $clip)),*]
    };
}

/// One word with its clip.
macro_rules! word {
    ($folder:literal, $text:literal = $clip:literal) => {
        crate::speech::said::Word { text: $text, clip: concat!($folder, $clip) }
    };
}

pub(super) use {clips, word, words};
