//! Lines that are too long, in the one obvious way.
//!
//! A line is broken where its parts are largest: before the exit, before what may be said instead of a key, before
//! each language, behind each comma, before each `when`, each `else`, each `or`, each `and`, and last within brackets.
//! What follows stands further to the right. A part that is still too long is broken in the same way.

use flow_syntax::PieceKind;

use crate::columns::Line;
use crate::pieces::Source;
use crate::spacing::is_apart;
use crate::{INDENT, WIDTH};

/// Words before a list that gets lines of its own.
const BEFORE_LIST: &[&str] =
    &["show", "sees", "ring", "skill", "team", "inbound", "gives", "on", "retry", "say", "in", "speaks"];

/// Words that begin the last part of a clause.
const TAILS: &[&str] = &["leads", "within", "recording", "scale", "answers"];

/// Where a line may be broken, the largest parts first.
const WAYS: [Way; 11] = [
    Way::Exit,
    Way::Word("gives"),
    Way::Instead,
    Way::Languages,
    Way::Commas,
    Way::When,
    Way::Word("else"),
    Way::Word("or"),
    Way::Word("and"),
    Way::Tails,
    Way::Brackets,
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Before `-> x`, or the `else` before it.
    Exit,
    /// Before `or say`.
    Instead,
    Languages,
    When,
    Word(&'static str),
    Commas,
    Tails,
    Brackets,
}

/// Puts the pieces `first..end` in lines.
pub(crate) fn put<'a>(
    source: &Source<'a>,
    first: usize,
    end: usize,
    indent: usize,
    lines: &mut Vec<Line<'a>>,
) {
    // A comment within ends its line whatever stands there.
    let mut start = first;
    let mut here = indent;
    for at in first + 1..=end {
        if at < end && !source.comes_after_comment(at) {
            continue;
        }
        let kept = if stays_broken(source, start, at) { kept_way(source, start, at) } else { None };
        part(source, start, at, here, kept, lines);
        if at < end {
            if let Some(line) = lines.last_mut() {
                line.remark = source.behind(at - 1);
            }
            here = indent + INDENT;
            lines.extend(source.before(at).iter().map(|note| Line::note(here, note.text)));
        }
        start = at;
    }
}

/// Whether these pieces stay in lines though they fit on one: an author who gives each language or each case its
/// line means it.
pub(crate) fn stays_broken(source: &Source<'_>, first: usize, end: usize) -> bool {
    exit(source, first, end).is_none() && kept_way(source, first, end).is_some()
}

fn kept_way(source: &Source<'_>, first: usize, end: usize) -> Option<Way> {
    let broken = |way: &Way| points(source, first, end, *way).iter().any(|at| source.begins_line(*at));
    [Way::Languages, Way::When].into_iter().find(broken)
}

/// The exit that ends a clause.
pub(crate) fn exit(source: &Source<'_>, first: usize, end: usize) -> Option<usize> {
    outer(source, first, end).rfind(|at| *at > first && matches!(source.word(*at), "->" | "return"))
}

/// Where each language of a sentence begins, if there are several.
pub(crate) fn languages(source: &Source<'_>, first: usize, end: usize) -> Vec<usize> {
    points(source, first, end, Way::Languages)
}

/// The places of `first..end` that are in no brackets, brackets themselves included.
fn outer<'s>(
    source: &'s Source<'_>,
    first: usize,
    end: usize,
) -> impl DoubleEndedIterator<Item = usize> + 's {
    let mut places = Vec::new();
    let mut at = first;
    while at < end {
        places.push(at);
        let closer = source.closer(at);
        // A bracket that is closed elsewhere holds nothing here.
        at = if closer > at && closer < end { closer } else { at + 1 };
    }
    places.into_iter()
}

/// Where `first..end` may be broken: what stands at these places begins a line.
fn points(source: &Source<'_>, first: usize, end: usize, way: Way) -> Vec<usize> {
    let inside = |at: &usize| *at > first;
    match way {
        Way::Exit => {
            let before = |at: usize| if source.word(at - 1) == "else" { at - 1 } else { at };
            exit(source, first, end).map(before).filter(inside).into_iter().collect()
        }
        Way::Instead => {
            let instead = |at: &usize| source.word(*at) == "or" && source.word(*at + 1) == "say";
            outer(source, first, end).filter(inside).filter(instead).collect()
        }
        Way::Languages => {
            let language = |at: &usize| {
                source.kind(*at) == PieceKind::Name
                    && *at + 1 < end
                    && source.kind(*at + 1) == PieceKind::Text
                    && (*at == 0 || source.word(*at - 1) != ".")
            };
            let found: Vec<usize> = outer(source, first, end).filter(language).collect();
            if found.len() < 2 { Vec::new() } else { found.into_iter().filter(inside).collect() }
        }
        Way::When => {
            let case = |at: &usize| matches!(source.word(*at), "when" | "otherwise");
            outer(source, first, end).filter(inside).filter(case).collect()
        }
        Way::Word(word) => {
            outer(source, first, end).filter(inside).filter(|at| source.word(*at) == word).collect()
        }
        Way::Commas => {
            let behind: Vec<usize> =
                outer(source, first, end).filter(|at| source.word(*at) == "," && *at + 1 < end).collect();
            let Some(comma) = behind.first() else { return Vec::new() };
            let head = outer(source, first, *comma).rfind(|at| BEFORE_LIST.contains(&source.word(*at)));
            head.into_iter().chain(behind).map(|at| at + 1).filter(inside).collect()
        }
        Way::Tails => {
            let tail = |at: &usize| TAILS.contains(&source.word(*at));
            outer(source, first, end).filter(inside).filter(tail).collect()
        }
        Way::Brackets => Vec::new(),
    }
}

fn part<'a>(
    source: &Source<'a>,
    first: usize,
    end: usize,
    indent: usize,
    kept: Option<Way>,
    lines: &mut Vec<Line<'a>>,
) {
    let flat = side_by_side(source, first, end);
    if kept.is_none() && indent + flat.chars().count() <= WIDTH {
        return lines.push(Line::code(indent, flat));
    }
    let ways = WAYS.into_iter().map(|way| (way, points(source, first, end, way)));
    let chosen =
        ways.filter(|(_, points)| !points.is_empty()).find(|(way, _)| kept.is_none_or(|it| it == *way));
    if let Some((_, points)) = chosen {
        let starts = std::iter::once(first).chain(points.iter().copied());
        let ends = points.iter().copied().chain([end]);
        for (start, end) in starts.zip(ends) {
            if start > first && joins_bracket(source, start, end, lines) {
                continue;
            }
            let indent = if start == first { indent } else { indent + INDENT };
            part(source, start, end, indent, None, lines);
        }
    } else if let Some(open) = longest_brackets(source, first, end) {
        let close = source.closer(open);
        lines.push(Line::code(indent, side_by_side(source, first, open + 1)));
        let mut start = open + 1;
        for at in outer(source, open + 1, close) {
            if source.word(at) == "," && at + 1 < close {
                part(source, start, at + 1, indent + INDENT, None, lines);
                start = at + 1;
            }
        }
        part(source, start, close, indent + INDENT, None, lines);
        part(source, close, end, indent, None, lines);
    } else {
        lines.push(Line::code(indent, flat));
    }
}

/// Whether `start..end` went behind a closing bracket that had a line to itself.
fn joins_bracket(source: &Source<'_>, start: usize, end: usize, lines: &mut [Line<'_>]) -> bool {
    let Some(line) = lines.last_mut().filter(|line| matches!(line.text.as_str(), ")" | "]")) else {
        return false;
    };
    let rest = side_by_side(source, start, end);
    let fits = line.indent + 2 + rest.chars().count() <= WIDTH;
    if fits {
        line.text.push(' ');
        line.text.push_str(&rest);
    }
    fits
}

/// The pair of brackets with the most in it.
fn longest_brackets(source: &Source<'_>, first: usize, end: usize) -> Option<usize> {
    let pairs = outer(source, first, end).filter(|at| {
        let closer = source.closer(*at);
        matches!(source.word(*at), "(" | "[") && closer > *at + 1 && closer < end
    });
    pairs.max_by_key(|at| source.bytes(source.closer(*at)).start - source.bytes(*at).end)
}

/// Pieces on one line. A comma before a closing bracket says nothing.
fn side_by_side(source: &Source<'_>, first: usize, end: usize) -> String {
    let mut text = String::new();
    for at in first..end {
        let closes = matches!(source.word(at + 1), ")" | "]");
        if source.word(at) == "," && closes && !source.comes_after_comment(at + 1) {
            continue;
        }
        if at > first && is_apart(source, at) {
            text.push(' ');
        }
        text.push_str(source.word(at));
    }
    text
}
