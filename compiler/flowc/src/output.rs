//! What is printed, and where: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use flow_diagnostics::render::{Format, Options, harmless, harmless_json, render};
use flow_diagnostics::{Diagnostic, Severity, SourceFile, SourceMap};
use flow_project::{Loaded, Problem, normal};

/// `--format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum OutputFormat {
    /// For people.
    #[default]
    Text,
    /// One line each, for editors and `grep`.
    Concise,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, for GitHub Actions.
    Github,
    /// Code quality report, for GitLab.
    Gitlab,
    /// JUnit XML, for build servers.
    Junit,
    /// For reviewdog.
    Rdjson,
    /// github where GITHUB_ACTIONS is set, else text.
    Auto,
    /// A picture.
    Svg,
    /// Graphviz.
    Dot,
    /// A picture that pages and wikis draw themselves.
    Mermaid,
    /// A page for a browser or paper.
    Html,
    /// A page as Markdown.
    Markdown,
}

impl OutputFormat {
    /// What every command can do; a drawing or a page is what `graph` and `doc` make.
    const GENERAL: &[Self] = &[
        Self::Text,
        Self::Concise,
        Self::Json,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Rdjson,
        Self::Auto,
    ];

    /// Reads the general formats.
    pub fn general() -> impl clap::builder::TypedValueParser<Value = Self> {
        Self::among(Self::GENERAL)
    }

    /// Reads some of the formats, and names just those in the help.
    pub fn among(formats: &'static [Self]) -> impl clap::builder::TypedValueParser<Value = Self> {
        let values = formats.iter().filter_map(clap::ValueEnum::to_possible_value);
        PossibleValuesParser::new(values).try_map(|word| <Self as clap::ValueEnum>::from_str(&word, false))
    }

    /// The format meant by `auto`; every other is meant as it is.
    pub fn resolved(self) -> Self {
        let in_workflow = || std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        match self {
            Self::Auto if in_workflow() => Self::Github,
            Self::Auto => Self::Text,
            other => other,
        }
    }
}

/// `--color`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How to print.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// The format asked for.
    pub format: OutputFormat,
    /// Whether to colour, and when.
    pub color: ColorChoice,
    /// The most diagnostics for people; 0 is all.
    pub max: usize,
}

impl Output {
    /// Prints diagnostics as the command's result.
    pub fn result_diagnostics(&self, sources: &SourceMap, diagnostics: &[Diagnostic]) {
        let color = self.colored(io::stdout().is_terminal());
        self.result(&render(self.renderer(), sources, diagnostics, &self.options(color)));
    }

    /// Prints diagnostics of a command whose result is something else.
    pub fn side_diagnostics(&self, loaded: &Loaded, diagnostics: &[Diagnostic]) {
        let color = self.colored(io::stderr().is_terminal());
        // A document has no place among other messages.
        let format = if self.format == OutputFormat::Concise { Format::Concise } else { Format::Text };
        let sources = named_from_here(loaded, diagnostics);
        self.note(&render(format, &sources, diagnostics, &self.options(color)));
    }

    /// Prints to standard output. A reader that has gone away is no failure.
    pub fn result(&self, text: &str) {
        let mut out = io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Prints what holds words of others (a flow's, a caller's, a service's) to standard output: nothing in it steers a
    /// terminal or turns the direction of writing. A JSON document means the same afterwards.
    pub fn shown(&self, text: &str) {
        match text.trim_start().starts_with(['{', '[']) {
            true => self.result(&harmless_json(text)),
            false => self.result(&harmless(text)),
        }
    }

    /// Prints to standard error.
    pub fn note(&self, text: &str) {
        let mut out = io::stderr().lock();
        let _ = out.write_all(text.as_bytes());
    }

    /// Says why flowc could not do its work.
    pub fn problem(&self, problem: &Problem) {
        self.note(&format!("flowc: {}\n  help: {}\n", problem.what, problem.action));
    }

    fn renderer(&self) -> Format {
        match self.format {
            OutputFormat::Text
            | OutputFormat::Auto
            | OutputFormat::Svg
            | OutputFormat::Dot
            | OutputFormat::Mermaid
            | OutputFormat::Html
            | OutputFormat::Markdown => Format::Text,
            OutputFormat::Concise => Format::Concise,
            OutputFormat::Json => Format::Json,
            OutputFormat::Sarif => Format::Sarif,
            OutputFormat::Github => Format::Github,
            OutputFormat::Gitlab => Format::Gitlab,
            OutputFormat::Junit => Format::Junit,
            OutputFormat::Rdjson => Format::Rdjson,
        }
    }

    fn options(&self, color: bool) -> Options {
        // Whoever publishes the book knows its address when flowc is built.
        Options { color, max: self.max, book: option_env!("FLOWC_BOOK_URL"), ..Options::default() }
    }

    fn colored(&self, is_terminal: bool) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                is_terminal && !refused
            }
        }
    }
}

/// The way to a file of a project from where one stands. Files of the standard library are nowhere on the disk
/// and keep their names.
pub fn path_of(loaded: &Loaded, path: &str) -> String {
    match loaded.root.as_str() {
        _ if is_standard(path) => path.to_owned(),
        "" | "." => path.to_owned(),
        // A library's file.
        root if path.starts_with("../") => normal(&format!("{root}/{path}")),
        root => format!("{}/{path}", root.trim_end_matches('/')),
    }
}

/// Whether a file is the standard library's.
pub fn is_standard(path: &str) -> bool {
    path.starts_with("std/")
}

/// The sources with paths that a terminal or an editor can open. The compiler itself names files from the
/// project's folder, so that its output does not depend on where it was started.
fn named_from_here(loaded: &Loaded, diagnostics: &[Diagnostic]) -> SourceMap {
    let mut sources = SourceMap::default();
    if !diagnostics.is_empty() {
        for (_, file) in loaded.sources.iter() {
            sources.add(SourceFile::new(path_of(loaded, &file.path), file.text.clone()));
        }
    }
    sources
}

/// "2 errors, 1 warning".
pub fn counted(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
    let counted = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        count => Some(format!("{count} {word}s")),
    };
    let parts: Vec<String> =
        [counted(errors, "error"), counted(warnings, "warning")].into_iter().flatten().collect();
    if parts.is_empty() { "no problems".into() } else { parts.join(", ") }
}
