//! The driver of the grammar: reads one item's tokens, and when they cannot be read, mends them and reads
//! them anew, so that a broken clause leaves its neighbours whole.
//!
//! LALRPOP's own recovery knows nothing of brackets: it would resume at a `press` inside the block that it
//! gave up. Here the clause with the mistake is found by its brackets and its first word (`clauses`), and
//! left out as a whole; or, when it is plain what was meant, the missing sign is put in.

use std::cell::Cell;

use flow_diagnostics::{Applicability, Diagnostic, Span};
use lalrpop_util::ParseError;

use crate::actions::{Actions, Root};
use crate::ast::Item;
use crate::clauses;
use crate::grammar::RootParser;
use crate::nesting;
use crate::parse::{MAX_DIAGNOSTICS, broken};
use crate::syntax_error::{self, Mend, Mistake};
use crate::text_to_tokens::{Tok, Token, tokens_of};

/// The most mistakes mended in one item.
const MAX_MENDS: usize = 64;

/// Reads the tokens of one item.
pub(crate) fn item(actions: &mut Actions<'_>, tokens: &[Token]) -> Item {
    // Nobody will be told of this one, and there is no program anyway: the parser only reports errors.
    if actions.diagnostics.len() >= MAX_DIAGNOSTICS {
        return broken(actions, tokens);
    }
    if let Some(span) = nesting::too_deep(tokens) {
        actions.diagnostics.push(syntax_error::too_deep(span.at(actions.file)));
        return broken(actions, tokens);
    }
    match read(actions, Tok::StartItem, tokens) {
        Ok(Root::Item(item)) => *item,
        Ok(Root::Hole(_)) => broken(actions, tokens),
        Err(at) => mended_item(actions, tokens, at),
    }
}

/// Reads the inside of a hole; the mistakes are reported.
pub(crate) fn hole(actions: &mut Actions<'_>, inside: Span) -> Option<Root> {
    let (file, text) = (actions.file, actions.text);
    let source = text.get(inside.start as usize..inside.end as usize)?;
    let mut comments = Vec::new();
    let mut complaints = Vec::new();
    let tokens = tokens_of(source, inside.start, &mut comments, |complaint| complaints.push(complaint));
    actions.hole_words.extend(tokens.iter().filter(|token| token.tok.is_word()).map(|token| token.span()));
    let before = actions.diagnostics.len();
    actions
        .diagnostics
        .extend(complaints.into_iter().filter_map(|it| syntax_error::complaint(file, text, it)));
    if let Some(span) = nesting::too_deep(&tokens) {
        actions.diagnostics.push(syntax_error::too_deep(span.at(file)));
        return None;
    }
    match read(actions, Tok::StartHole, &tokens) {
        Ok(root) => Some(root),
        Err(failure) => {
            if actions.diagnostics.len() == before {
                let diagnostic = syntax_error::in_hole(actions, &tokens, &failure, inside);
                actions.diagnostics.push(diagnostic);
            }
            None
        }
    }
}

/// Where the parser stopped, and what it would have taken there.
pub(crate) struct Failure {
    /// Index of the token that does not fit; the number of tokens when they end too early.
    pub at: usize,
    pub expected: Vec<String>,
}

/// One reading. What it complained of is forgotten when it fails: it is read again.
fn read(actions: &mut Actions<'_>, start: Tok, tokens: &[Token]) -> Result<Root, Failure> {
    let marks =
        (actions.diagnostics.len(), actions.declared.len(), actions.hole_words.len(), actions.elements.len());
    let clauses = actions.clauses.as_ref().map_or(0, Vec::len);
    let pulled = Cell::new(0);
    let first = tokens.first().map_or(0, |token| token.start);
    let source = std::iter::once((first, start, first)).chain(tokens.iter().map(|token| {
        pulled.set(pulled.get() + 1);
        (token.start, token.tok, token.end)
    }));
    RootParser::new().parse(actions, source).map_err(|error| {
        actions.diagnostics.truncate(marks.0);
        actions.declared.truncate(marks.1);
        actions.hole_words.truncate(marks.2);
        actions.elements.truncate(marks.3);
        if let Some(list) = &mut actions.clauses {
            list.truncate(clauses);
        }
        match error {
            ParseError::UnrecognizedToken { expected, .. } => {
                Failure { at: usize::saturating_sub(pulled.get(), 1), expected }
            }
            ParseError::UnrecognizedEof { expected, .. } => Failure { at: tokens.len(), expected },
            _ => Failure { at: usize::saturating_sub(pulled.get(), 1), expected: Vec::new() },
        }
    })
}

/// Reads an item in which something is wrong: reports, mends, reads anew.
fn mended_item(actions: &mut Actions<'_>, source: &[Token], mut failure: Failure) -> Item {
    let mut tokens = source.to_vec();
    let mut reports: Vec<Diagnostic> = Vec::new();
    let mut left_out = Vec::new();
    let mut mends = 0;
    let item = loop {
        mends += 1;
        let mistake = Mistake { file: actions.file, text: actions.text, tokens: &tokens, failure: &failure };
        let (diagnostic, mend) = syntax_error::explain(&mistake);
        let place = diagnostic.primary.location.span.start;
        let noise = actions.spoilt[..actions.spoilt.partition_point(|at| *at <= place)].last();
        let noise = noise.is_some_and(|at| same_line(actions.text, *at, place));
        let text = actions.text;
        let again = |earlier: &&mut Diagnostic| same_line(text, earlier.primary.location.span.start, place);
        match reports.iter_mut().find(again) {
            // A line that stays unreadable is lost: what was to mend it is no more than a guess.
            Some(earlier) if matches!(mend, Mend::LeaveOut | Mend::LeaveOutLine) => {
                earlier.fixes.iter_mut().for_each(|fix| fix.applicability = Applicability::Unsafe);
            }
            None if !noise => reports.push(diagnostic),
            _ => {}
        }
        match mend {
            Mend::Insert(tok) => {
                let at = failure.at.checked_sub(1).and_then(|at| tokens.get(at)).map_or(0, |token| token.end);
                tokens.insert(failure.at, Token { tok, start: at, end: at });
            }
            Mend::Replace(tok) => tokens[failure.at].tok = tok,
            Mend::DropBefore => {
                tokens.remove(failure.at - 1);
            }
            Mend::ReplaceAll(all) => {
                for (at, tok) in all {
                    tokens[at].tok = tok;
                }
            }
            Mend::LeaveOut | Mend::LeaveOutLine => match lost(actions.text, &tokens, failure.at, &mend) {
                Some(range) => {
                    left_out.push(Span::new(tokens[range.start].start, tokens[range.end - 1].end));
                    tokens.drain(range);
                }
                None => break broken(actions, source),
            },
        }
        if mends > MAX_MENDS || tokens.len() > actions.reread_budget {
            break broken(actions, source);
        }
        actions.reread_budget -= tokens.len();
        match read(actions, Tok::StartItem, &tokens) {
            Ok(Root::Item(item)) => break *item,
            Ok(Root::Hole(_)) => break broken(actions, source),
            Err(next) => failure = next,
        }
    };
    actions.diagnostics.append(&mut reports);
    actions.left_out.append(&mut left_out);
    item
}

/// What is left out for a mistake: its line, or the clause around it.
fn lost(text: &str, tokens: &[Token], at: usize, mend: &Mend) -> Option<std::ops::Range<usize>> {
    let line = matches!(mend, Mend::LeaveOutLine).then(|| clauses::line_around(text, tokens, at)).flatten();
    line.filter(|range| range.contains(&at)).or_else(|| clauses::around(tokens, at))
}

/// Whether two places stand on one line: the second mistake is most likely the first's doing.
fn same_line(text: &str, a: u32, b: u32) -> bool {
    text.get(a.min(b) as usize..a.max(b) as usize).is_some_and(|between| !between.contains('\n'))
}
