//! Mistakes in words: what the parser and the lexer have to say, for people who write flows.

use flow_diagnostics::{Applicability, Code, Diagnostic, Edit, FileId, Fix, Location, Span};

use crate::actions::Actions;
use crate::codes;
use crate::items_to_ast::Failure;
use crate::text_to_tokens::{Complaint, Tok, Token};

/// A place where the grammar stopped.
pub(crate) struct Mistake<'a> {
    pub file: FileId,
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub failure: &'a Failure,
}

/// How the tokens of an item are mended so that the rest can be read.
pub(crate) enum Mend {
    /// This is missing before the token.
    Insert(Tok),
    /// The token means this.
    Replace(Tok),
    /// The clause around it is left out.
    LeaveOut,
}

pub(crate) fn explain(mistake: &Mistake<'_>) -> (Diagnostic, Mend) {
    let span = mistake
        .tokens
        .get(mistake.failure.at)
        .or(mistake.tokens.last())
        .map_or(Span::default(), |t| t.span());
    (
        Diagnostic::error(
            codes::UNEXPECTED,
            format!("this does not belong here {:?}", mistake.failure.expected),
            span.at(mistake.file),
            "unexpected",
        ),
        Mend::LeaveOut,
    )
}

pub(crate) fn too_deep(at: Location) -> Diagnostic {
    Diagnostic::error(codes::TOO_DEEP, "this is nested too deeply", at, "over 250 levels")
        .with_help("give the inner parts names of their own with `let`, `fn` or a block")
}

pub(crate) fn in_hole(actions: &Actions<'_>, tokens: &[Token], at: usize, inside: Span) -> Diagnostic {
    let span = tokens.get(at).map_or(inside, |token| token.span());
    Diagnostic::error(codes::BAD_HOLE, "this hole cannot be read", span.at(actions.file), "not expected here")
}

pub(crate) fn hidden_characters(_file: FileId, _text: &str) -> Vec<Diagnostic> {
    Vec::new()
}

fn fix(title: &str, applicability: Applicability, location: Location, text: &str) -> Fix {
    Fix { title: title.to_owned(), applicability, edits: vec![Edit { location, text: text.to_owned() }] }
}

pub(crate) fn complaint(file: FileId, _text: &str, complaint: Complaint) -> Option<Diagnostic> {
    let _ = (fix, Code(1));
    let span = match complaint {
        Complaint::StrangeCharacters(s)
        | Complaint::Semicolon(s)
        | Complaint::ForeignArrow(s)
        | Complaint::ForeignWord(s, _)
        | Complaint::ForeignQuotes(s)
        | Complaint::ForeignName(s)
        | Complaint::UnclosedText(s)
        | Complaint::BadNumber(s)
        | Complaint::BadDate(s)
        | Complaint::BlockComment(s) => s,
    };
    Some(Diagnostic::error(codes::STRANGE_CHARACTER, "strange", span.at(file), "strange"))
}
