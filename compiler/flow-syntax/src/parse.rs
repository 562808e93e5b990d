//! The way in: bytes to text, text to a tree.

use flow_diagnostics::{Applicability, Diagnostic, Edit, FileId, Fix, Interner, Span};

use crate::actions::{Actions, NameCase};
use crate::ast::{File, Item, ItemKind};
use crate::layout::Layout;
use crate::text_to_tokens::{Comment, Token, tokens_of};
use crate::{ast, codes, documentation, items_to_ast, syntax_error, tokens_to_items};

/// The largest file that is read.
pub const MAX_BYTES: usize = 64 << 20;

/// What could be read of a file, and what could not.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The tree. What could not be read is left out or [`ItemKind::Broken`].
    pub file: File,
    /// All comments in order.
    pub comments: Vec<Comment>,
    /// In the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// What was left out of items that are otherwise whole: a body that holds one of these spans misses
    /// something, so a later pass should not complain of what it lacks.
    pub left_out: Vec<Span>,
}

/// Bytes to text. The diagnostic says where they are not UTF-8.
pub fn decode(file: FileId, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
        let byte = error.as_bytes().get(at).copied().unwrap_or(0);
        let place = Span::default().at(file);
        let message = format!("this file is not UTF-8 text: line {line} has the byte 0x{byte:02X}");
        Box::new(
            Diagnostic::error(codes::NOT_TEXT, message, place, format!("byte {at} cannot be read"))
                .with_help("save the file as UTF-8; every editor can"),
        )
    })
}

/// Reads a file. Total: it never fails and never panics, whatever the text.
pub fn parse(file: FileId, text: &str, interner: &mut Interner) -> Parsed {
    read(file, text, interner, None)
}

/// Like [`parse`], and tells of what pieces the text is made, for whoever writes it anew.
pub fn parse_with_layout(file: FileId, text: &str, interner: &mut Interner) -> (Parsed, Layout) {
    let mut layout = Layout::default();
    let parsed = read(file, text, interner, Some(&mut layout));
    (parsed, layout)
}

fn read(file: FileId, text: &str, interner: &mut Interner, layout: Option<&mut Layout>) -> Parsed {
    if text.len() > MAX_BYTES {
        let diagnostic = Diagnostic::error(
            codes::NOT_TEXT,
            "this file is too large",
            Span::default().at(file),
            "over 64 MiB",
        )
        .with_help("cut it into several files, and name what they share with `use`");
        return Parsed { diagnostics: vec![diagnostic], ..Parsed::default() };
    }
    let mut comments = Vec::new();
    let mut diagnostics = syntax_error::hidden_characters(file, text);
    let mut spoilt = Vec::new();
    let tokens = tokens_of(text, 0, &mut comments, |complaint| {
        spoilt.extend(complaint.spoils());
        if diagnostics.len() >= MAX_DIAGNOSTICS {
            return;
        }
        if let Some(diagnostic) = syntax_error::complaint(file, text, complaint) {
            diagnostics.push(diagnostic);
        }
    });
    let (tokens, unbalanced) = tokens_to_items::balance(text, file, tokens);
    diagnostics.extend(unbalanced);

    let mut actions = Actions::new(file, text, interner, &comments);
    actions.diagnostics = diagnostics;
    spoilt.sort_unstable();
    actions.spoilt = spoilt;
    actions.clauses = layout.is_some().then(Vec::new);
    let runs = tokens_to_items::cut(text, &tokens);
    let items = runs.into_iter().map(|run| items_to_ast::item(&mut actions, &tokens[run])).collect();
    report_cases(&mut actions, &tokens);
    if let Some(layout) = layout {
        *layout = Layout::of(&tokens, actions.clauses.take().unwrap_or_default());
    }

    let Actions { mut diagnostics, left_out, .. } = actions;
    diagnostics.sort_by_key(|diagnostic| diagnostic.primary.location);
    diagnostics.dedup();
    diagnostics.truncate(MAX_DIAGNOSTICS);
    let file = File { doc: documentation::of_file(text, &comments), items };
    Parsed { file, comments, diagnostics, left_out }
}

/// More than anybody reads; a bound for hostile text.
pub(crate) const MAX_DIAGNOSTICS: usize = 10_000;

/// Names in the wrong case: reported where they are declared; the fix changes every use in the file.
fn report_cases(actions: &mut Actions<'_>, tokens: &[Token]) {
    let declared = std::mem::take(&mut actions.declared);
    let mut seen = Vec::new();
    for (name, case) in declared {
        let written = actions.slice(name.span.start, name.span.end);
        if fits_case(written, case) || !written.is_ascii() || seen.contains(&name.symbol) {
            continue;
        }
        let written = written.to_owned();
        if seen.len() >= MAX_CASE_REPORTS {
            return;
        }
        seen.push(name.symbol);
        let right = in_case(&written, case);
        let (message, label) = match case {
            NameCase::Snake => (
                format!("`{written}` is not written like a name"),
                "names are small letters, figures and `_`",
            ),
            NameCase::Camel => (
                format!("`{written}` is not written like a type"),
                "types begin with a capital and have no `_`",
            ),
        };
        let at = name.span.at(actions.file);
        let mut diagnostic =
            Diagnostic::error(codes::BAD_NAME, message, at, label).with_help(format!("call it `{right}`"));
        let in_tokens = tokens.iter().filter(|token| token.tok.is_word()).map(|token| token.span());
        let uses = in_tokens.chain(actions.hole_words.iter().copied());
        let edits: Vec<Edit> = uses
            .filter(|span| actions.slice(span.start, span.end) == written)
            .map(|span| Edit { location: span.at(actions.file), text: right.clone() })
            .collect();
        let taken = tokens.iter().any(|token| actions.slice(token.start, token.end) == right);
        diagnostic = diagnostic.with_fix(Fix {
            title: format!("rename it to `{right}` in this file"),
            applicability: if taken { Applicability::Unsafe } else { Applicability::Safe },
            edits,
        });
        actions.diagnostics.push(diagnostic);
    }
}

/// Each report looks through the whole file for uses.
const MAX_CASE_REPORTS: usize = 50;

fn fits_case(name: &str, case: NameCase) -> bool {
    match case {
        NameCase::Snake => !name.bytes().any(|b| b.is_ascii_uppercase()),
        NameCase::Camel => name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('_'),
    }
}

fn in_case(name: &str, case: NameCase) -> String {
    let mut right = String::with_capacity(name.len() + 4);
    match case {
        NameCase::Snake => {
            let mut before_small = false;
            for c in name.chars() {
                if c.is_ascii_uppercase() && before_small {
                    right.push('_');
                }
                before_small = c.is_ascii_lowercase() || c.is_ascii_digit();
                right.push(c.to_ascii_lowercase());
            }
        }
        NameCase::Camel => {
            for part in name.split('_').filter(|part| !part.is_empty()) {
                right.push_str(&part[..1].to_ascii_uppercase());
                right.push_str(&part[1..]);
            }
        }
    }
    right
}

/// An item that could not be read.
pub(crate) fn broken(actions: &mut Actions<'_>, tokens: &[Token]) -> Item {
    let (start, end) = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => (first.start, last.end),
        _ => (0, 0),
    };
    let public = tokens.first().is_some_and(|token| token.tok == crate::text_to_tokens::Tok::Public);
    let mut words = tokens.iter().skip(usize::from(public));
    let mut name = |token: Option<&Token>| -> Option<ast::Name> {
        let token = token.filter(|token| token.tok.is_word())?;
        Some(actions.name(token.start, token.end))
    };
    let word = name(words.next());
    let name = if word.is_some() { name(words.next()) } else { None };
    Item {
        public,
        doc: documentation::before(actions.text, actions.comments, start),
        kind: ItemKind::Broken { word, name },
        span: Span::new(start, end),
    }
}
