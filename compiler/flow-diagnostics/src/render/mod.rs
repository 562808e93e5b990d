//! Diagnostics to text, one file per format.
//!
//! A format is a function from files and diagnostics to text; a new one is a new file and an arm of
//! [`render`]. Nothing here decides what is said.

mod concise;
mod document;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod plain;
mod rdjson;
mod sarif;
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
    /// SARIF 2.1.0: for code scanning.
    Sarif,
    /// Workflow commands: notes beside the lines of a change on GitHub.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Test results as build servers read them.
    Junit,
    /// reviewdog's JSON.
    Rdjson,
}

impl Format {
    /// The words of `--format`, each with its format.
    pub const ALL: [(&'static str, Format); 8] = [
        ("text", Format::Text),
        ("concise", Format::Concise),
        ("json", Format::Json),
        ("sarif", Format::Sarif),
        ("github", Format::Github),
        ("gitlab", Format::Gitlab),
        ("junit", Format::Junit),
        ("rdjson", Format::Rdjson),
    ];

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
    /// The address of the published book, for links to explanations; none is known to most builds.
    pub book: Option<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Self { color: false, ascii: false, max: 20, width: 88, book: None }
    }
}

/// A text of several lines that a terminal may be given: what it would obey is replaced by signs.
pub fn harmless(text: &str) -> String {
    plain::source(text)
}

/// A JSON document of which nothing is a sign that a terminal would obey: in its strings such signs stand by number,
/// as JSON writes them (RFC 8259 section 7), and mean the same.
pub fn harmless_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            c if plain::is_unprintable(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out
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
    let shown = if options.max == 0 { all.len() } else { options.max.min(all.len()) };
    let mut out = match format {
        Format::Text => text::render(sources, &all[..shown], options),
        Format::Concise => concise::render(sources, &all[..shown]),
        // For machines: never shortened.
        Format::Json => return json::render(sources, &all, options),
        Format::Sarif => return sarif::render(sources, &all, options),
        Format::Github => return github::render(sources, &all),
        Format::Gitlab => return gitlab::render(sources, &all),
        Format::Junit => return junit::render(sources, &all),
        Format::Rdjson => return rdjson::render(sources, &all, options),
    };
    if shown < all.len() {
        out.push_str(&format!("and {} more; `--max 0` shows all\n", all.len() - shown));
    }
    out
}
