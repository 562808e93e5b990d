//! `// allow F0802: three rooms, three keys` — a comment that allows a warning in one place, and says why.
//!
//! At the end of a line it is about that line; on a line of its own, about the next line that says anything. Only
//! warnings can be allowed. A comment without a reason, of an unknown code, of an error, or that allows nothing is
//! itself reported, with a fix that takes it out.

use std::collections::BTreeMap;

use flow_diagnostics::{
    Applicability, Code, Diagnostic, Edit, Fix, Location, Severity, Span, all_codes, explain, nearest,
};
use flow_syntax::{Comment, CommentKind};

use crate::{File, Project, codes};

/// A comment that allows something.
struct Allowance<'a> {
    /// Its codes as written, with their places.
    codes: Vec<(&'a str, Span)>,
    has_reason: bool,
    /// The line that it is about, from 1.
    line: u32,
    comment: Comment,
}

/// The most comments that are reported: a bound for hostile text.
const MOST_REPORTS: usize = 1_000;

/// Takes out what comments allow, and reports what is wrong with them.
pub(crate) fn apply(project: &Project<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut wrong = Vec::new();
    let mut allowed = vec![false; diagnostics.len()];
    for file in project.own_files().filter(|file| allows_something(file)) {
        let lines = Lines::of(file.text);
        let said = Said::of(file, &lines, diagnostics);
        for allowance in allowances(file, &lines) {
            for (written, at) in &allowance.codes {
                match judge(project, &said, &allowance, written) {
                    Ok(here) => here.iter().for_each(|index| allowed[*index] = true),
                    Err(why) if wrong.len() < MOST_REPORTS => {
                        wrong.push(why.diagnostic(file, &allowance, written, at.at(file.file)));
                    }
                    Err(_) => {}
                }
            }
        }
    }
    let mut allowed = allowed.into_iter();
    diagnostics.retain(|_| !allowed.next().unwrap_or(false));
    diagnostics.extend(wrong);
}

/// What is said about a file, by line and code.
#[derive(Default)]
struct Said {
    /// Indices of the diagnostics, and whether one of them is an error.
    places: BTreeMap<(u32, Code), (Vec<usize>, bool)>,
}

impl Said {
    fn of(file: &File<'_>, lines: &Lines, diagnostics: &[Diagnostic]) -> Self {
        let mut said = Self::default();
        let here = diagnostics.iter().enumerate().filter(|(_, d)| d.primary.location.file == file.file);
        for (index, diagnostic) in here {
            let line = lines.line(diagnostic.primary.location.span.start);
            let (indices, error) = said.places.entry((line, diagnostic.code)).or_default();
            indices.push(index);
            *error |= diagnostic.severity == Severity::Error;
        }
        said
    }
}

/// Whether a closer look is worth it: most files allow nothing.
fn allows_something(file: &File<'_>) -> bool {
    file.comments.iter().any(|comment| {
        let text = file.text.get(comment.span.start as usize..comment.span.end as usize);
        text.and_then(|text| text.strip_prefix("//"))
            .is_some_and(|text| text.trim_start().starts_with("allow "))
    })
}

/// What is wrong with an allowance.
enum Wrong {
    NoReason,
    UnknownCode,
    Error,
    Nothing,
}

/// The diagnostics that an allowance takes out, or what is wrong with it.
fn judge<'s>(
    project: &Project<'_>,
    said: &'s Said,
    allowance: &Allowance<'_>,
    written: &str,
) -> Result<&'s [usize], Wrong> {
    let code = code_of(written).ok_or(Wrong::UnknownCode)?;
    match said.places.get(&(allowance.line, code)) {
        Some((_, true)) => Err(Wrong::Error),
        Some(_) if !allowance.has_reason => Err(Wrong::NoReason),
        Some((here, false)) => Ok(here),
        // Without a program no lint was asked: what a comment is for cannot be told.
        None if project.program.is_none() => Ok(&[]),
        None => Err(Wrong::Nothing),
    }
}

impl Wrong {
    fn diagnostic(
        self,
        file: &File<'_>,
        allowance: &Allowance<'_>,
        written: &str,
        at: Location,
    ) -> Diagnostic {
        let diagnostic = match self {
            Wrong::NoReason => Diagnostic::warning(
                codes::NO_REASON,
                format!("this allows {written} and does not say why"),
                at,
                "so it allows nothing",
            )
            .with_help(format!("write the reason after a colon: `// allow {written}: …`")),
            Wrong::UnknownCode => {
                let known: Vec<String> = all_codes().map(|code| code.to_string()).collect();
                let near = nearest(written, known.iter().map(String::as_str));
                let help = match near.first() {
                    Some(near) => format!("write `{near}`, or remove the comment"),
                    None => "`flowc explain --list` lists every code".into(),
                };
                let message = format!("there is no code `{written}`");
                Diagnostic::warning(codes::UNKNOWN_CODE, message, at, "allows nothing").with_help(help)
            }
            Wrong::Error => Diagnostic::warning(
                codes::ALLOWS_ERROR,
                format!("{written} is an error here, and an error cannot be allowed"),
                at,
                "allows nothing",
            )
            .with_help("mend what is wrong; only warnings can be allowed"),
            Wrong::Nothing => Diagnostic::warning(
                codes::ALLOWS_NOTHING,
                format!("nothing here would be reported as {written}"),
                at,
                "allows nothing",
            )
            .with_help("remove it; or put it on the line that the message names, or on the line before"),
        };
        match self {
            // The reason is what is missing, and nobody can write it but who allowed it.
            Wrong::NoReason => diagnostic,
            _ => diagnostic.with_fix(removal(file, allowance, written)),
        }
    }
}

fn code_of(written: &str) -> Option<Code> {
    let number = written.strip_prefix('F').filter(|digits| digits.len() == 4)?.parse().ok()?;
    explain(written).map(|_| Code(number))
}

/// All allowances of a file. A comment that begins otherwise is any comment.
fn allowances<'a>(file: &File<'a>, lines: &Lines) -> Vec<Allowance<'a>> {
    let next = next_lines(file.text);
    let comments = file.comments.iter().filter(|comment| comment.kind == CommentKind::Line);
    let found = comments.filter_map(|comment| {
        let text = file.text.get(comment.span.start as usize..comment.span.end as usize)?;
        let begin = text.strip_prefix("//")?.trim_start();
        let list = begin.strip_prefix("allow ")?;
        let (list, reason) = list.split_once(':').unwrap_or((list, ""));
        let mut codes = Vec::new();
        for part in list.split(',') {
            let written = part.trim();
            // `// allow for a pause here` is about something else.
            let sort = written.strip_prefix(['F', 'f'])?;
            if !sort.starts_with(|c: char| c.is_ascii_digit()) || written.contains(' ') {
                return None;
            }
            let start = written.as_ptr() as usize - file.text.as_ptr() as usize;
            codes.push((written, Span::new(start as u32, (start + written.len()) as u32)));
        }
        let line = if comment.own_line {
            *next.get(lines.line(comment.span.start) as usize)?
        } else {
            lines.line(comment.span.start)
        };
        let has_reason = reason.chars().any(char::is_alphanumeric);
        Some(Allowance { codes, has_reason, line, comment: *comment })
    });
    found.collect()
}

/// For each line, from 1, itself or the next that has more than a comment; the last lines may have none.
fn next_lines(text: &str) -> Vec<u32> {
    let mut next = vec![0];
    for (index, line) in text.split('\n').enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with("//") {
            next.resize(index + 2, index as u32 + 1);
        }
    }
    next
}

/// Takes one code out of a comment, or the comment when it is its last.
fn removal(file: &File<'_>, allowance: &Allowance<'_>, written: &str) -> Fix {
    let text = file.text;
    let (start, end) = (allowance.comment.span.start as usize, allowance.comment.span.end as usize);
    let fix = |title: String, start: usize, end: usize| Fix {
        title,
        applicability: Applicability::Safe,
        edits: vec![Edit {
            location: Span::new(start as u32, end as u32).at(file.file),
            text: String::new(),
        }],
    };
    if let [first, .., last] = allowance.codes.as_slice() {
        let own = allowance.codes.iter().position(|(code, _)| *code == written).unwrap_or(0);
        let place = allowance.codes[own].1;
        let (start, end) = if place == last.1 && place != first.1 {
            (allowance.codes[own - 1].1.end, place.end)
        } else {
            (place.start, allowance.codes[own + 1].1.start)
        };
        return fix(format!("take {written} out of the comment"), start as usize, end as usize);
    }
    let blank = text[..start].len() - text[..start].trim_end_matches([' ', '\t']).len();
    // A line of its own goes with its end; behind something, the blanks before it go.
    let after = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    let end = if allowance.comment.own_line { after } else { end };
    fix("remove the comment".into(), start - blank, end)
}

/// Where the lines of a text begin.
struct Lines(Vec<u32>);

impl Lines {
    fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect())
    }

    /// The line of a byte, from 1.
    fn line(&self, byte: u32) -> u32 {
        self.0.partition_point(|start| *start <= byte) as u32
    }
}
