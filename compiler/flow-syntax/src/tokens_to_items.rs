//! Tokens to items: brackets are balanced, then the stream is cut where an item begins.
//!
//! One unclosed brace must not swallow the next flow. So brackets are looked at before the grammar is: when
//! they do not match, indentation says where one is missing, and it is put in and reported. It knows the
//! words that begin items, and nothing else of the grammar.

use flow_diagnostics::{Applicability, Diagnostic, Edit, FileId, Fix, Span};

use crate::clauses::{Place, begins_clause};
use crate::codes;
use crate::text_to_tokens::{Tok, Token};

/// More brackets are mended without a word: each report looks through the tokens.
const MAX_REPORTS: usize = 64;
/// How many open braces are looked at for one of the same indentation.
const FARTHEST: usize = 256;

/// How many brackets may be open at once: far more than can be read (`nesting`), and few enough for a file that is
/// nothing but brackets. What stands deeper is left out.
const MOST_OPEN: usize = 1 << 16;

/// Whether a word can begin an item.
pub(crate) fn begins_item(tok: Tok) -> bool {
    matches!(
        tok,
        Tok::Public
            | Tok::Edition
            | Tok::Use
            | Tok::Inbound
            | Tok::Timezone
            | Tok::Setting
            | Tok::Switch
            | Tok::Const
            | Tok::Enum
            | Tok::Record
            | Tok::Fn
            | Tok::Table
            | Tok::Prompt
            | Tok::Calendar
            | Tok::Holidays
            | Tok::Service
            | Tok::Skill
            | Tok::Team
            | Tok::Agent
            | Tok::Roster
            | Tok::Limit
            | Tok::Queue
            | Tok::Flow
            | Tok::Campaign
            | Tok::Test
            | Tok::Always
            | Tok::Never
            | Tok::Budget
    )
}

/// Whether `next` can follow the word `word` at the beginning of an item.
fn fits(word: Tok, next: Option<Tok>) -> bool {
    let Some(next) = next else { return false };
    match word {
        Tok::Edition => next == Tok::Int,
        Tok::Inbound | Tok::Timezone | Tok::Test | Tok::Always | Tok::Never => next == Tok::Text,
        Tok::Roster => next == Tok::From,
        Tok::Public => begins_item(next),
        _ => next.is_word(),
    }
}

/// Tokens with all brackets in pairs, and the diagnostics for those that were not.
pub(crate) fn balance(text: &str, file: FileId, tokens: Vec<Token>) -> (Vec<Token>, Vec<Diagnostic>) {
    if is_balanced(&tokens) {
        return (tokens, Vec::new());
    }
    Balancer {
        text,
        file,
        tokens: Vec::with_capacity(tokens.len() + 8),
        open: Vec::new(),
        waiting: [0; 3],
        beyond: 0,
        diagnostics: Vec::new(),
    }
    .run(&tokens)
}

fn is_balanced(tokens: &[Token]) -> bool {
    let mut open = Vec::new();
    for token in tokens.iter().filter(|token| token.tok.is_bracket()) {
        if let Some(closer) = closer_of(token.tok) {
            open.push(closer);
        } else if open.pop() != Some(token.tok) {
            return false;
        }
    }
    open.is_empty()
}

fn closer_of(tok: Tok) -> Option<Tok> {
    match tok {
        Tok::OpenBrace => Some(Tok::CloseBrace),
        Tok::OpenParen => Some(Tok::CloseParen),
        Tok::OpenBracket => Some(Tok::CloseBracket),
        _ => None,
    }
}

/// Braces, parentheses and brackets by number.
fn kind_of(closer: Tok) -> usize {
    match closer {
        Tok::CloseBrace => 0,
        Tok::CloseParen => 1,
        _ => 2,
    }
}

fn is_closer(tok: Tok) -> bool {
    matches!(tok, Tok::CloseBrace | Tok::CloseParen | Tok::CloseBracket)
}

/// An open bracket and where its line begins to have text.
#[derive(Clone, Copy)]
struct Open {
    token: Token,
    /// Column of the first token of its line, from 0.
    indent: u32,
    line_start: u32,
}

struct Balancer<'a> {
    text: &'a str,
    file: FileId,
    tokens: Vec<Token>,
    open: Vec<Open>,
    /// How many of `open` wait for each kind of closer.
    waiting: [usize; 3],
    /// How many brackets are open beyond [`MOST_OPEN`].
    beyond: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Balancer<'_> {
    fn run(mut self, source: &[Token]) -> (Vec<Token>, Vec<Diagnostic>) {
        let mut line_start = 0;
        let mut indent = 0;
        let mut before = 0;
        for (at, token) in source.iter().enumerate() {
            let between = self.text.get(before as usize..token.start as usize).unwrap_or("");
            let first = at == 0 || between.contains('\n');
            if first {
                line_start = between.rfind('\n').map_or(before, |at| before + at as u32 + 1);
                indent = token.start - line_start;
            }
            before = token.end;
            if first
                && indent == 0
                && begins_item(token.tok)
                && fits(token.tok, source.get(at + 1).map(|t| t.tok))
            {
                self.beyond = 0;
                while let Some(open) = self.open.pop() {
                    self.never_closed(open, Some(*token));
                }
            }
            if self.beyond > 0 || (self.open.len() >= MOST_OPEN && closer_of(token.tok).is_some()) {
                self.beyond += usize::from(closer_of(token.tok).is_some());
                self.beyond -= usize::from(is_closer(token.tok));
            } else if let Some(closer) = closer_of(token.tok) {
                self.waiting[kind_of(closer)] += 1;
                self.open.push(Open { token: *token, indent, line_start });
                self.tokens.push(*token);
            } else if is_closer(token.tok) {
                self.close(*token, first, indent, line_start);
            } else {
                self.tokens.push(*token);
            }
        }
        while let Some(open) = self.open.pop() {
            self.never_closed(open, None);
        }
        (self.tokens, self.diagnostics)
    }

    fn close(&mut self, token: Token, first: bool, indent: u32, line_start: u32) {
        if self.waiting[kind_of(token.tok)] == 0 {
            return self.closes_nothing(token);
        }
        let partner = self.open.iter().rposition(|open| closer_of(open.token.tok) == Some(token.tok));
        let Some(partner) = partner else { return self.closes_nothing(token) };
        // What stands open inside its partner is never closed.
        while self.open.len() > partner + 1 {
            if let Some(open) = self.open.pop() {
                self.never_closed(open, Some(token));
            }
        }
        // A brace that begins its line belongs to the brace whose line begins at the same column.
        if first && token.tok == Tok::CloseBrace {
            let same = |open: &Open| open.token.tok == Tok::OpenBrace && open.indent == indent;
            let near = &self.open[self.open.len().saturating_sub(FARTHEST)..];
            match self.open.last() {
                Some(open)
                    if open.line_start != line_start && open.indent > indent && near.iter().any(same) =>
                {
                    // … and so does what stands open between the two.
                    let inside = |open: &mut Open| open.indent > indent || open.token.tok != Tok::OpenBrace;
                    while let Some(open) = self.open.pop_if(inside) {
                        self.never_closed(open, Some(token));
                    }
                }
                Some(open) if open.indent < indent && open.line_start != line_start => {
                    return self.closes_nothing(token);
                }
                _ => {}
            }
        }
        self.open.pop();
        self.waiting[kind_of(token.tok)] -= 1;
        self.tokens.push(token);
    }

    fn closes_nothing(&mut self, token: Token) {
        if token.tok != Tok::CloseBrace
            && let Some(open) = self.open.pop_if(|open| open.token.tok != Tok::OpenBrace)
        {
            return self.wrong_closer(open, token);
        }
        if self.diagnostics.len() >= MAX_REPORTS {
            return;
        }
        let sign = self.slice(token);
        let at = token.span().at(self.file);
        self.diagnostics.push(
            Diagnostic::error(
                codes::STRAY_BRACKET,
                format!("this `{sign}` closes nothing"),
                at,
                "nothing is open here",
            )
            .with_help(format!("remove this `{sign}`, or add its partner where the block begins")),
        );
    }

    /// `(a]`: one bracket closed by another.
    fn wrong_closer(&mut self, open: Open, token: Token) {
        let Some(closer) = closer_of(open.token.tok) else { return };
        self.waiting[kind_of(closer)] -= 1;
        self.tokens.push(Token { tok: closer, ..token });
        if self.diagnostics.len() >= MAX_REPORTS {
            return;
        }
        let (sign, right) = (self.slice(token), sign_of(closer));
        let at = token.span().at(self.file);
        let opener = self.slice(open.token);
        self.diagnostics.push(
            Diagnostic::error(
                codes::STRAY_BRACKET,
                format!("`{sign}` does not close `{opener}`"),
                at,
                "the wrong bracket",
            )
            .with_label(open.token.span().at(self.file), "opened here")
            .with_help(format!("write `{right}`"))
            .with_fix(Fix {
                title: format!("write `{right}`"),
                applicability: Applicability::Unsafe,
                edits: vec![Edit { location: at, text: right.to_owned() }],
            }),
        );
    }

    fn slice(&self, token: Token) -> String {
        self.text.get(token.start as usize..token.end as usize).unwrap_or("").to_owned()
    }

    /// Puts in the closer of `open` and reports it; `stopper` is what showed that it is missing.
    fn never_closed(&mut self, open: Open, stopper: Option<Token>) {
        let Some(closer) = closer_of(open.token.tok) else { return };
        self.waiting[kind_of(closer)] -= 1;
        if self.diagnostics.len() >= MAX_REPORTS {
            let end = self.tokens.last().map_or(open.token.end, |last| last.end);
            self.tokens.push(Token { tok: closer, start: end, end });
            return;
        }
        let index = self.suggested_index(open);
        let end = self.tokens[index - 1].end;
        self.tokens.insert(index, Token { tok: closer, start: end, end });
        let (sign, partner) = (self.slice(open.token), sign_of(closer));
        let mut diagnostic = Diagnostic::error(
            codes::UNCLOSED_BRACKET,
            format!("this `{sign}` is never closed"),
            open.token.span().at(self.file),
            "opened here",
        );
        if let Some(stopper) = stopper {
            let label = if begins_item(stopper.tok) {
                format!("{} starts before the `{partner}`", a_new(&self.slice(stopper)))
            } else {
                format!("closes something that was opened before the `{sign}`")
            };
            diagnostic = diagnostic.with_label(stopper.span().at(self.file), label);
        }
        let behind = self.text.get(open.token.end as usize..end as usize).unwrap_or("");
        let (help, inserted) = if closer == Tok::CloseBrace && behind.contains('\n') {
            let line = 1 + self.text.as_bytes()[..end as usize].iter().filter(|b| **b == b'\n').count();
            let indent = " ".repeat(open.indent as usize);
            let help =
                format!("add `{partner}` after line {line}: the indentation suggests that it ends there");
            (help, format!("\n{indent}{partner}"))
        } else {
            let last = self.slice(self.tokens[index - 1]);
            (format!("add `{partner}` behind `{last}`"), partner.to_owned())
        };
        self.diagnostics.push(diagnostic.with_help(help).with_fix(Fix {
            title: format!("add `{partner}`"),
            applicability: Applicability::Unsafe,
            edits: vec![Edit { location: Span::new(end, end).at(self.file), text: inserted }],
        }));
    }

    /// Where the missing closer of `open` should stand among the tokens so far: behind the last line that is
    /// indented deeper than its own; a parenthesis ends before an arrow and a block besides.
    fn suggested_index(&self, open: Open) -> usize {
        let brace = open.token.tok == Tok::OpenBrace;
        let mut index = self.tokens.partition_point(|token| token.start < open.token.end);
        let mut at = open.token.end;
        let mut depth = 0usize;
        while let Some(token) = self.tokens.get(index) {
            let between = self.text.get(at as usize..token.start as usize).unwrap_or("");
            let begins_line = between.rfind('\n').map(|newline| token.start - (at + newline as u32 + 1));
            let ends = match begins_line {
                Some(indent) => indent <= open.indent || (!brace && begins_clause(Place::Body, token.tok)),
                None => false,
            };
            let ends = ends || (!brace && matches!(token.tok, Tok::Arrow | Tok::OpenBrace));
            if depth == 0 && ends {
                break;
            }
            if closer_of(token.tok).is_some() {
                depth += 1;
            } else if is_closer(token.tok) {
                depth = depth.saturating_sub(1);
            }
            at = token.end;
            index += 1;
        }
        index
    }
}

/// How a closing bracket is written.
fn sign_of(closer: Tok) -> &'static str {
    match closer {
        Tok::CloseBrace => "}",
        Tok::CloseParen => ")",
        _ => "]",
    }
}

fn a_new(word: &str) -> String {
    match word {
        "public" => "a new item".to_owned(),
        word => format!("a new `{word}`"),
    }
}

/// Cuts balanced tokens into runs, one per item. A run that begins no item is one too; the parser reports it.
pub(crate) fn cut(text: &str, tokens: &[Token]) -> Vec<std::ops::Range<usize>> {
    let mut starts = Vec::new();
    let mut depth = 0usize;
    let mut next = 0;
    while let Some(token) = tokens.get(next) {
        let at = next;
        next += 1;
        // Nothing but the end is of interest inside of brackets.
        if depth > 0 && !token.tok.is_bracket() {
            let bracket = tokens[next..].iter().position(|token| token.tok.is_bracket());
            next = bracket.map_or(tokens.len(), |ahead| next + ahead);
            continue;
        }
        let cut = depth == 0
            && (at == 0
                || tokens[at - 1].tok == Tok::CloseBrace
                || starts_item(text, tokens, at, starts.last().copied())
                || looks_like_item(text, tokens, at));
        if cut {
            starts.push(at);
        }
        if closer_of(token.tok).is_some() {
            depth += 1;
        } else if is_closer(token.tok) {
            depth = depth.saturating_sub(1);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([tokens.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// A misspelt word of an item, as far as its looks go: at column one, before a name and what follows one.
fn looks_like_item(text: &str, tokens: &[Token], at: usize) -> bool {
    let next = |ahead: usize| tokens.get(at + ahead).map(|token| token.tok);
    tokens[at].tok.is_word()
        && is_column_one(text, tokens[at])
        && tokens[at - 1].tok.ends_operand()
        && next(1).is_some_and(Tok::is_word)
        && matches!(next(2), Some(Tok::OpenBrace | Tok::OpenParen | Tok::Assign | Tok::Colon))
}

fn is_column_one(text: &str, token: Token) -> bool {
    token.start == 0 || text.as_bytes().get(token.start as usize - 1) == Some(&b'\n')
}

fn starts_item(text: &str, tokens: &[Token], at: usize, item: Option<usize>) -> bool {
    let token = tokens[at];
    if !begins_item(token.tok) || !fits(token.tok, tokens.get(at + 1).map(|t| t.tok)) {
        return false;
    }
    let before = tokens[at - 1];
    if before.tok == Tok::Public {
        return false;
    }
    if is_column_one(text, token) {
        return true;
    }
    // Elsewhere a word of an item may be a name: it begins an item where two words stand side by side, and
    // the first of them is not one that asks for a name.
    let first =
        item.is_some_and(|item| item + 1 == at || (tokens[item].tok == Tok::Public && item + 2 == at));
    before.tok.ends_operand()
        && !first
        && !matches!(before.tok, Tok::As | Tok::Of | Tok::Like | Tok::At | Tok::With | Tok::From | Tok::Gives)
}
