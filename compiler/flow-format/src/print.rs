//! Items and clauses to lines.
//!
//! Everything that fits stands on one line if its author wrote it on one; bodies that do not are opened, and what
//! cannot be opened goes to [`crate::long`].

use flow_diagnostics::Severity;
use flow_syntax::ast::{Item, ItemKind};
use flow_syntax::{ClauseKind, Parsed};

use crate::columns::{self, Cell, Line};
use crate::long;
use crate::pieces::{Note, Source};
use crate::shapes::{self, Column, END};
use crate::spacing::is_apart;
use crate::tree::{self, Body, Clause};
use crate::{Formatted, INDENT, WIDTH};

/// A stretch of a file.
enum Stretch {
    /// An item that can be read, by its places.
    Item(usize, usize),
    /// What stays as it is, by its first place and its bytes.
    Raw(usize, usize, usize),
}

/// The file in its layout; nothing is compared yet.
pub(crate) fn file(source: &Source<'_>, parsed: &Parsed) -> Formatted {
    let mut lines = Vec::new();
    let mut left_alone = 0;
    // Whether what was written last goes over several lines, so that a blank one follows.
    let mut tall = false;
    for stretch in stretches(source, parsed) {
        match stretch {
            Stretch::Item(first, end) => {
                let clause = tree::item(source, first, end);
                let mut own = Vec::new();
                put_clause(source, &clause, 0, None, &mut own);
                let opened = clause.body.is_some() && own.len() > 1;
                put_notes(&clause.notes, 0, tall || opened, &mut lines);
                if clause.blank || (clause.notes.is_empty() && (tall || opened)) {
                    put_blank(&mut lines);
                }
                lines.append(&mut own);
                tall = opened;
            }
            Stretch::Raw(first, start, end) => {
                left_alone += 1;
                put_notes(&source.before(first), 0, tall, &mut lines);
                if source.blank_before(first) {
                    put_blank(&mut lines);
                }
                lines.push(Line::raw(source.text.get(start..end).unwrap_or("")));
                tall = false;
            }
        }
    }
    // Behind a stretch that goes to the end of the text there is nothing left.
    if !source.has_debris_before(source.len()) {
        put_notes(&source.before(source.len()), 0, tall, &mut lines);
    }
    Formatted { text: columns::text(lines), left_alone }
}

/// The file cut into items that can be read and stretches that cannot.
fn stretches(source: &Source<'_>, parsed: &Parsed) -> Vec<Stretch> {
    let items: Vec<&Item> = parsed.file.items.iter().collect();
    let starts: Vec<usize> = items.iter().map(|item| source.place(item.span.start)).collect();
    let errors = Wrong::of(parsed);
    // Each with the place where it begins, where it ends, and whether it can be read.
    let mut found: Vec<(usize, usize, bool)> = Vec::new();
    if starts.first().copied().unwrap_or(source.len()) > 0 {
        found.push((0, starts.first().copied().unwrap_or(source.len()), false));
    }
    for (index, item) in items.iter().enumerate() {
        let first = starts[index];
        let next = starts.get(index + 1).copied().unwrap_or(source.len());
        if first >= next {
            continue;
        }
        let whole = source.place(item.span.end) == next && !matches!(item.kind, ItemKind::Broken { .. });
        let debris = (first + 1..next).any(|at| source.has_debris_before(at));
        let good = whole && !debris && !errors.within(source.bytes(first).start, source.bytes(next - 1).end);
        match found.last_mut() {
            Some(last) if source.has_debris_before(first) => {
                last.1 = next;
                last.2 = false;
            }
            None if source.has_debris_before(first) => found.push((first, next, false)),
            _ => found.push((first, next, good)),
        }
    }
    let debris_first = source.has_debris_before(0);
    let debris_last = source.has_debris_before(source.len());
    let count = found.len();
    if count == 0 && (debris_first || debris_last) {
        return vec![Stretch::Raw(source.len(), 0, source.text.trim_end().len())];
    }
    let stretches = found.into_iter().enumerate().map(|(index, (first, end, good))| {
        let begins = index == 0 && debris_first;
        let ends = index + 1 == count && debris_last;
        if good && !begins && !ends {
            return Stretch::Item(first, end);
        }
        let start = if begins { 0 } else { line_start(source, first) };
        let stop = if ends { source.text.len() } else { line_end(source, end - 1) };
        Stretch::Raw(first, start, source.text[..stop].trim_end().len())
    });
    stretches.collect()
}

/// Where errors are, and what was left out, by their bytes in order.
struct Wrong(Vec<(u32, u32)>);

impl Wrong {
    fn of(parsed: &Parsed) -> Self {
        let errors = parsed.diagnostics.iter().filter(|it| it.severity == Severity::Error);
        let spans = errors.map(|it| it.primary.location.span).chain(parsed.left_out.iter().copied());
        let mut list: Vec<(u32, u32)> = spans.map(|span| (span.start, span.end)).collect();
        list.sort_unstable();
        Self(list)
    }

    /// Whether an error begins within these bytes.
    fn within(&self, start: usize, end: usize) -> bool {
        let from = self.0.partition_point(|wrong| (wrong.0 as usize) < start);
        self.0.get(from).is_some_and(|wrong| wrong.0 as usize <= end)
    }
}

/// The beginning of a piece, with the blanks before it if it begins its line.
fn line_start(source: &Source<'_>, at: usize) -> usize {
    let start = source.bytes(at).start;
    let before = source.text[..start].trim_end_matches([' ', '\t']);
    if before.is_empty() || before.ends_with('\n') { before.len() } else { start }
}

/// The end of a piece, with the comment behind it if it ends its line.
fn line_end(source: &Source<'_>, at: usize) -> usize {
    let end = source.bytes(at).end;
    let line = end + source.text[end..].find('\n').unwrap_or(source.text.len() - end);
    if source.bytes(at + 1).start >= line { line } else { end }
}

fn put_blank(lines: &mut Vec<Line<'_>>) {
    if !lines.is_empty() {
        lines.push(Line::blank());
    }
}

/// Comments; a blank line comes before the first if asked for, and never at the beginning of all.
fn put_notes<'a>(notes: &[Note<'a>], indent: usize, apart: bool, lines: &mut Vec<Line<'a>>) {
    for (index, note) in notes.iter().enumerate() {
        if note.blank || (index == 0 && apart) {
            put_blank(lines);
        }
        lines.push(Line::note(indent, note.text));
    }
}

/// A clause without the comments before it. `family` is what the arm before it begins with.
fn put_clause<'a>(
    source: &Source<'a>,
    clause: &Clause<'a>,
    indent: usize,
    family: Option<&str>,
    lines: &mut Vec<Line<'a>>,
) {
    if let Some(mut line) = flat_line(source, clause, indent, family) {
        line.remark = clause.remark;
        return lines.push(line);
    }
    let head = clause.body.as_ref().map_or(clause.end, |body| body.open);
    let before = lines.len();
    long::put(source, clause.first, head, indent, lines);
    if let Some(body) = &clause.body {
        open_body(source, body, indent, lines.len() - before == 1, lines);
        let empty = body.clauses.is_empty() && body.tail.is_empty() && source.behind(body.open).is_none();
        match lines.last_mut() {
            Some(line) if empty => line.text.push_str(" }"),
            _ => {
                put_body(source, body, indent + INDENT, lines);
                lines.push(Line::code(indent, "}".to_owned()));
            }
        }
    }
    if let Some(line) = lines.last_mut() {
        line.remark = clause.remark;
    }
}

/// The brace: behind its head, or on a line of its own below a head of several lines.
fn open_body<'a>(
    source: &Source<'a>,
    body: &Body<'a>,
    indent: usize,
    short: bool,
    lines: &mut Vec<Line<'a>>,
) {
    let comments = source.comes_after_comment(body.open);
    match lines.last_mut() {
        Some(line) if short && !comments && line.indent + line.text.chars().count() + 2 <= WIDTH => {
            line.text.push_str(" {");
        }
        last => {
            if let Some(line) = last {
                line.remark = source.behind(body.open - 1);
            }
            let notes = source.before(body.open).into_iter();
            lines.extend(notes.map(|note| Line::note(indent + INDENT, note.text)));
            lines.push(Line::code(indent, "{".to_owned()));
        }
    }
    if let Some(line) = lines.last_mut() {
        line.remark = source.behind(body.open);
    }
}

fn put_body<'a>(source: &Source<'a>, body: &Body<'a>, indent: usize, lines: &mut Vec<Line<'a>>) {
    let mut family: Option<&str> = None;
    let in_lines = source.has_lines(body.open, body.close);
    for (index, clause) in body.clauses.iter().enumerate() {
        for (number, note) in clause.notes.iter().enumerate() {
            if note.blank && (index > 0 || number > 0) {
                lines.push(Line::blank());
            }
            lines.push(Line::note(indent, note.text));
        }
        if clause.blank && (index > 0 || !clause.notes.is_empty()) {
            lines.push(Line::blank());
        }
        let before = index.checked_sub(1).map(|before| &body.clauses[before]);
        if in_lines
            && let Some(before) = before
            && let Some(line) = lines.last_mut()
            && shares_line(source, before, clause)
            && let Some(next) = flat(source, clause)
            && indent + line.text.chars().count() + 2 + next.width <= WIDTH
        {
            line.text.push_str("  ");
            line.text.push_str(&next.text);
            line.remark = clause.remark;
            continue;
        }
        family = match source.word(clause.first) {
            word @ ("on" | "press" | "when" | "share") => Some(word),
            "otherwise" => family.or(Some("when")),
            _ => None,
        };
        put_clause(source, clause, indent, family, lines);
        if body.list
            && let Some(line) = lines.last_mut()
        {
            line.text.push(',');
        }
    }
    for (number, note) in body.tail.iter().enumerate() {
        if note.blank && (number > 0 || !body.clauses.is_empty()) {
            lines.push(Line::blank());
        }
        lines.push(Line::note(indent, note.text));
    }
}

/// Whether two settings were written on one line: `wait 6s  gap 3s`.
fn shares_line(source: &Source<'_>, before: &Clause<'_>, clause: &Clause<'_>) -> bool {
    before.kind == ClauseKind::Setting
        && clause.kind == ClauseKind::Setting
        && before.end == clause.first
        && !source.begins_line(clause.first)
        && !source.begins_line(before.first + 1)
        && before.body.is_none()
        && clause.body.is_none()
        && !source.has_lines(before.first, clause.first)
}

/// A clause on one line, if it fits and was not written on several.
fn flat_line<'a>(
    source: &Source<'a>,
    clause: &Clause<'a>,
    indent: usize,
    family: Option<&str>,
) -> Option<Line<'a>> {
    if let Some(body) = &clause.body
        && !body.clauses.is_empty()
        && source.has_lines(body.open, body.close)
    {
        return None;
    }
    if clause.body.is_none() && long::stays_broken(source, clause.first, clause.end) {
        return None;
    }
    let flat = flat(source, clause)?;
    if indent + flat.width > WIDTH {
        return None;
    }
    let places = shapes::columns(source, clause, indent, family);
    let cells = places.into_iter().filter_map(|column| flat.cell(column)).collect();
    Some(Line { cells, ..Line::code(indent, flat.text) })
}

/// A clause on one line, and where its pieces stand in it.
struct Flat {
    text: String,
    width: usize,
    /// Places, and characters from the beginning.
    at: Vec<(usize, usize)>,
}

impl Flat {
    fn push(&mut self, at: usize, word: &str, gap: &str) {
        self.text.push_str(gap);
        self.width += gap.len();
        self.at.push((at, self.width));
        self.text.push_str(word);
        self.width += word.chars().count();
    }

    fn cell(&self, column: Column) -> Option<Cell> {
        let Column { place, shape, most, extra } = column;
        let found = self.at.iter().find(|(at, _)| *at == place);
        let at = match place {
            END => self.width,
            _ => found?.1,
        };
        Some(Cell { at, shape, most, extra })
    }
}

fn flat(source: &Source<'_>, clause: &Clause<'_>) -> Option<Flat> {
    let mut flat = Flat { text: String::new(), width: 0, at: Vec::new() };
    push_clause(source, clause, "", &mut flat)?;
    Some(flat)
}

/// `None` when there is a comment within, or when it is longer than any line.
fn push_clause(source: &Source<'_>, clause: &Clause<'_>, gap: &str, flat: &mut Flat) -> Option<()> {
    let head = clause.body.as_ref().map_or(clause.end, |body| body.open + 1);
    push_run(source, clause.first, head, gap, flat)?;
    if let Some(body) = &clause.body {
        for (index, inner) in body.clauses.iter().enumerate() {
            if source.comes_after_comment(inner.first) || source.comes_after_comment(inner.end) {
                return None;
            }
            let gap = if index == 0 || body.list { " " } else { "  " };
            push_clause(source, inner, gap, flat)?;
            if body.list && index + 1 < body.clauses.len() {
                flat.push(inner.end, ",", "");
            }
        }
        if source.comes_after_comment(body.close) {
            return None;
        }
        flat.push(body.close, "}", " ");
    }
    Some(())
}

/// Pieces side by side.
fn push_run(source: &Source<'_>, first: usize, end: usize, gap: &str, flat: &mut Flat) -> Option<()> {
    for at in first..end {
        if at > first && source.comes_after_comment(at) || flat.width > WIDTH {
            return None;
        }
        if source.word(at) == "," && matches!(source.word(at + 1), ")" | "]") {
            continue;
        }
        let gap = match at {
            at if at == first => gap,
            at if is_apart(source, at) => " ",
            _ => "",
        };
        flat.push(at, source.word(at), gap);
    }
    Some(())
}
