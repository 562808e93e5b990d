//! Of what pieces a text is made, and where its clauses begin: what whoever lays out text needs besides the tree.
//!
//! The tree knows what is meant; how something was written (a figure with its unit, parentheses, a comma at the
//! end of a list) is in the pieces only.

use flow_diagnostics::Span;

use crate::ast::ElementKind;
use crate::text_to_tokens::{Tok, Token};

/// A word, a literal or a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes.
    pub span: Span,
    /// What it is.
    pub kind: PieceKind,
}

/// What a piece is, as far as layout is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A word that is never a name: `when`, `else`.
    HardWord,
    /// A word that has a meaning in some places: `press`, `menu`, `for`.
    Word,
    /// Any other name.
    Name,
    /// `"…"`, holes and all.
    Text,
    /// A figure, a date, a time.
    Figure,
    /// A sign.
    Sign,
}

/// Where something begins that may have a line of its own: an element of a body, a part of a flow, a rule of a
/// calendar, a step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// The first byte.
    pub start: u32,
    /// What it is.
    pub kind: ClauseKind,
}

/// The kinds of clauses: a block has its statements first, then settings, then arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClauseKind {
    /// `let`, `say`, `do` …
    Statement,
    /// `ask`, `longest`, `every 45s …`
    Setting,
    /// `on`, `press`, `when`, `otherwise`, `share`
    Arm,
    /// `-> block`, `return outcome`
    Exit,
    /// What stands in anything but a block.
    Part,
}

impl ClauseKind {
    /// The kind of an element of a body.
    pub fn of(element: &ElementKind) -> Self {
        match element {
            ElementKind::Statement(_) => ClauseKind::Statement,
            ElementKind::Setting(_) | ElementKind::Timed(_) => ClauseKind::Setting,
            ElementKind::Arm(_)
            | ElementKind::Choice(_)
            | ElementKind::When { .. }
            | ElementKind::Otherwise(_)
            | ElementKind::Share { .. } => ClauseKind::Arm,
            ElementKind::Exit(_) => ClauseKind::Exit,
        }
    }
}

/// The pieces of a file and its clauses, both in order. What the reader put in or left out to go on after a
/// mistake is missing from them.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// All words, literals and signs.
    pub pieces: Vec<Piece>,
    /// Where clauses begin.
    pub clauses: Vec<Clause>,
}

impl Layout {
    pub(crate) fn of(tokens: &[Token], mut clauses: Vec<Clause>) -> Self {
        clauses.sort_by_key(|clause| clause.start);
        let written = tokens.iter().filter(|token| token.start < token.end);
        let pieces = written.map(|token| Piece { span: token.span(), kind: kind_of(token.tok) }).collect();
        Self { pieces, clauses }
    }
}

fn kind_of(tok: Tok) -> PieceKind {
    match tok {
        Tok::Text => PieceKind::Text,
        Tok::Ident => PieceKind::Name,
        tok if tok.is_word() => PieceKind::Word,
        tok if tok.is_literal() => PieceKind::Figure,
        tok if (tok as u8) < (Tok::Public as u8) => PieceKind::HardWord,
        _ => PieceKind::Sign,
    }
}
