//! Diagnostics to text, one file per format.
//!
//! A format is a function from files and diagnostics to text; a new one is a new file and an arm of
//! [`render`]. Nothing here decides what is said.

mod concise;
mod json;
mod plain;
mod text;

use crate::{Diagnostic, SourceMap};

/// How diagnostics look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// The lines of the flow with marks beneath: for people.
    #[default]
    Text,
    /// One line each: for editors, `grep` and logs.
    Concise,
    /// One document: for programs. Never shortened.
    Json,
}

impl Format {
    /// The words of `--format`, each with its format.
    pub const ALL: [(&'static str, Format); 3] =
        [("text", Format::Text), ("concise", Format::Concise), ("json", Format::Json)];

    /// The format of a word.
    pub fn from_word(word: &str) -> Option<Format> {
        Self::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, format)| format)
    }
}

/// What a reader can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// ANSI colours.
    pub color: bool,
    /// Only ASCII in frames and marks.
    pub ascii: bool,
    /// The most diagnostics shown for people; 0 is all.
    pub max: usize,
    /// Columns of the terminal; notes and helps are wrapped at 88 at most.
    pub width: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { color: false, ascii: false, max: 20, width: 88 }
    }
}

/// Diagnostics in order of file and place, each once.
pub fn sorted(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut list: Vec<&Diagnostic> = diagnostics.iter().collect();
    list.sort_by(|a, b| {
        (a.primary.location, a.code, &a.message).cmp(&(b.primary.location, b.code, &b.message))
    });
    list.dedup();
    list
}

/// All diagnostics as text of a format; empty when there are none, but for formats that are a document.
pub fn render(format: Format, sources: &SourceMap, diagnostics: &[Diagnostic], options: &Options) -> String {
    let all = sorted(diagnostics);
    if format == Format::Json {
        return json::render(sources, &all);
    }
    let shown = if options.max == 0 { all.len() } else { options.max.min(all.len()) };
    let mut out = match format {
        Format::Concise => concise::render(sources, &all[..shown]),
        _ => text::render(sources, &all[..shown], options),
    };
    if shown < all.len() {
        out.push_str(&format!("and {} more; `--max 0` shows all\n", all.len() - shown));
    }
    out
}
