//! Blanks within a line: whether two neighbouring pieces stand together.
//!
//! It looks at the two pieces and at what stands before them, never at the source's own blanks.

use flow_syntax::PieceKind;

use crate::pieces::Source;

/// Words before which nothing is called: a bracket behind them opens an expression.
const BEFORE_EXPRESSION: &[&str] = &["if", "with", "to", "from", "answers", "expect"];

/// Generic types: `list[text]`, `map[text, int]`.
const GENERIC: &[&str] = &["list", "map"];

/// Whether a blank stands between the piece at `at` and the one before it.
pub(crate) fn is_apart(source: &Source<'_>, at: usize) -> bool {
    let (before, here) = (source.word(at - 1), source.word(at));
    match (before, here) {
        ("(" | "[", _) | (_, ")" | "]" | "," | "?" | ":") => false,
        ("." | "?." | "..", _) | (_, "." | "?." | "..") => false,
        ("-", _) if is_sign_of_number(source, at - 1) => false,
        (_, "(") => !is_called(source, at - 1),
        (_, "[") => !GENERIC.contains(&before),
        _ => true,
    }
}

/// Whether the `-` at a place belongs to what follows.
fn is_sign_of_number(source: &Source<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    match source.kind(before) {
        PieceKind::Sign => !matches!(source.word(before), ")" | "]" | "?" | "_"),
        PieceKind::HardWord => !matches!(source.word(before), "true" | "false" | "none"),
        PieceKind::Word => {
            // `after 5m priority -1`
            let timed = before > 0 && source.kind(before - 1) == PieceKind::Figure;
            timed || source.clause(before).is_some() || BEFORE_EXPRESSION.contains(&source.word(before))
        }
        PieceKind::Name | PieceKind::Text | PieceKind::Figure => false,
    }
}

/// Whether a parenthesis behind the piece at a place gives it arguments or parameters.
fn is_called(source: &Source<'_>, at: usize) -> bool {
    match source.kind(at) {
        PieceKind::Name => true,
        PieceKind::Word => {
            source.clause(at).is_none() && !BEFORE_EXPRESSION.contains(&source.word(at))
                || at > 0 && matches!(source.word(at - 1), "." | "->" | "return")
        }
        PieceKind::Sign => matches!(source.word(at), ")" | "]"),
        PieceKind::HardWord | PieceKind::Text | PieceKind::Figure => false,
    }
}
