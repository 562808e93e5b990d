//! The picture for people: lines of the flow, marks, notes and helps. The only file that knows ariadne.
//!
//! ariadne is kept behind a wall because of what it does left alone (0.6): it counts characters where we
//! count bytes; it splits a report whose labels come out of order; it leaks colour when told not to; it
//! leaves blanks at line ends and does not wrap.

use std::fmt;

use ariadne::{Cache, CharSet, Color, Config, IndexType, Label, Report, ReportKind, Source};

use super::{Options, concise, plain};
use crate::{Diagnostic, FileId, Severity, SourceMap, Span};

/// Notes and helps are never wider.
const WIDEST: usize = 88;
/// And never narrower, however small the terminal says it is.
const NARROWEST: usize = 30;
/// Bytes of the longest line of a flow that is drawn. Nobody finds a mark in a longer one, and a file of one line of
/// megabytes would be printed whole for each of its problems.
const LONGEST_LINE: usize = 1_000;

pub(super) fn render(sources: &SourceMap, diagnostics: &[&Diagnostic], options: &Options) -> String {
    let mut files = Files { sources, read: sources.iter().map(|_| None).collect() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let report = report(&mut files, diagnostic, options);
        out.push_str(&report.unwrap_or_else(|| unframed(sources, diagnostic)));
        out.push('\n');
    }
    out
}

/// The files as ariadne reads them, each made once.
struct Files<'a> {
    sources: &'a SourceMap,
    read: Vec<Option<Source<String>>>,
}

impl Files<'_> {
    fn path(&self, file: FileId) -> String {
        plain::line(&self.sources.file(file).path)
    }
}

impl Cache<FileId> for &mut Files<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl fmt::Debug> {
        let text = &self.sources.file(*id).text;
        let slot = self.read.get_mut(id.0 as usize).ok_or("no such file")?;
        Ok::<_, &str>(slot.get_or_insert_with(|| Source::from(plain::source(text))))
    }

    fn display<'a>(&self, id: &'a FileId) -> Option<impl fmt::Display + 'a> {
        Some(self.path(*id))
    }
}

/// A place as ariadne has it.
type Place = (FileId, std::ops::Range<usize>);

/// The framed report; `None` when there is no text to frame, or its lines are too long for a frame.
fn report(files: &mut Files<'_>, diagnostic: &Diagnostic, options: &Options) -> Option<String> {
    let (name, color) = match diagnostic.severity {
        Severity::Error => ("error", Color::Red),
        Severity::Warning => ("warning", Color::Yellow),
    };
    let kind = format!("{name}[{}]", diagnostic.code);
    let place = |location: crate::Location| -> Option<Place> {
        let text = &files.sources.file(location.file).text;
        let range = visible(text, location.span)?;
        let drawn = line_fits(text, range.start) && line_fits(text, range.end);
        drawn.then_some((location.file, range))
    };
    let primary = place(diagnostic.primary.location)?;
    let mut labels = vec![(primary.clone(), &diagnostic.primary.text, color)];
    for label in &diagnostic.secondary {
        labels.push((place(label.location)?, &label.text, Color::Blue));
    }
    labels.sort_by_key(|(place, ..)| (place.0, place.1.start, place.1.end));

    let config = Config::default()
        .with_index_type(IndexType::Byte)
        .with_char_set(if options.ascii { CharSet::Ascii } else { CharSet::Unicode })
        .with_color(true)
        .with_tab_width(4);
    let mut builder =
        Report::build(ReportKind::Custom(&kind, color), primary)
            .with_config(config)
            .with_message(plain::line(&diagnostic.message))
            .with_labels(labels.into_iter().map(|(place, text, color)| {
                Label::new(place).with_message(plain::line(text)).with_color(color)
            }));
    let width = options.width.clamp(NARROWEST, WIDEST);
    for help in helps(diagnostic) {
        builder.add_help(wrapped(&plain::line(&help), width));
    }
    for note in &diagnostic.notes {
        builder.add_note(wrapped(&plain::line(note), width));
    }
    let mut bytes = Vec::new();
    builder.finish().write(&mut *files, &mut bytes).ok()?;
    let drawn = String::from_utf8(bytes).ok()?;
    let drawn = if options.color { drawn } else { without_color(&drawn) };
    Some(drawn.lines().map(|line| format!("{}\n", line.trim_end())).collect())
}

/// The one line, helps and notes: for a file without text.
fn unframed(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let mut out = concise::line(sources, diagnostic) + "\n";
    if !diagnostic.primary.text.is_empty() {
        out.push_str(&format!("  {}\n", plain::line(&diagnostic.primary.text)));
    }
    for help in helps(diagnostic) {
        out.push_str(&format!("  Help: {}\n", plain::line(&help)));
    }
    for note in &diagnostic.notes {
        out.push_str(&format!("  Note: {}\n", plain::line(note)));
    }
    out
}

/// The helps; where none was written, what a fix would do.
fn helps(diagnostic: &Diagnostic) -> Vec<String> {
    if diagnostic.helps.is_empty() {
        return diagnostic.fixes.iter().take(1).map(|fix| fix.title.clone()).collect();
    }
    diagnostic.helps.clone()
}

/// A span that ariadne can draw: inside the text, on whole characters, and not empty. `None` for an empty
/// text.
fn visible(text: &str, span: Span) -> Option<std::ops::Range<usize>> {
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor((span.start as usize).min(text.len()));
    let mut end = (span.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    if start < end {
        return Some(start..end);
    }
    // Nothing: mark the character here, or at a line's end the one before.
    match text[start..].chars().next() {
        Some(c) if c != '\n' && c != '\r' => Some(start..start + c.len_utf8()),
        _ => match text[..start].chars().next_back() {
            Some(c) => Some(start - c.len_utf8()..start),
            None => text.chars().next().map(|c| 0..c.len_utf8()),
        },
    }
}

/// Whether the line around a place is short enough to be drawn.
fn line_fits(text: &str, at: usize) -> bool {
    let (before, after) = text.as_bytes().split_at(at);
    let left = before.iter().rev().take(LONGEST_LINE).take_while(|&&byte| byte != b'\n').count();
    let right = after.iter().take(LONGEST_LINE).take_while(|&&byte| byte != b'\n').count();
    left + right < LONGEST_LINE
}

/// Breaks a text at blanks, no line longer than `width` unless a word is.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// A text without the colour sequences `ESC [ … m`.
fn without_color(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(&rest[..at]);
        let sequence = &rest[at + 2..];
        let end = sequence.find(|c: char| c.is_ascii_alphabetic()).map_or(sequence.len(), |end| end + 1);
        rest = &sequence[end..];
    }
    out.push_str(rest);
    out
}
