//! Text to tokens: words, literals, signs and comments with their byte spans.
//!
//! It never fails: what is not of the language becomes [`Tok::Unknown`] and a diagnostic, and the parser
//! goes on. It knows nothing of items or grammar rules; text literals are only measured here (their escapes
//! and holes are read by `text_literal`), and comments go to a side table.

use flow_diagnostics::Span;
use logos::Logos;

pub(crate) use crate::tok::Tok;

/// How deep texts may stand in the holes of texts (`"{a else "{b}"}"` is two).
pub(crate) const MAX_TEXT_NESTING: usize = 4;

/// How many bytes of a file may be looked at in vain for the ends of holes.
const MAX_WASTED: usize = 1 << 22;

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub tok: Tok,
    pub start: u32,
    pub end: u32,
}

impl Token {
    /// Its bytes.
    pub(crate) fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// What a comment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentKind {
    /// `//`
    Line,
    /// `///`: about what follows.
    Doc,
    /// `//!`: about the file.
    FileDoc,
}

/// A comment, kept for documentation and for the formatter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// From its slashes to the end of its line.
    pub span: Span,
    /// What it is for.
    pub kind: CommentKind,
    /// Nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// The tokens of `text`, in order, with the bytes counted from `offset`. Comments are pushed to `comments`,
/// complaints to `complain`.
pub(crate) fn tokens_of(
    text: &str,
    offset: u32,
    comments: &mut Vec<Comment>,
    mut complain: impl FnMut(Complaint),
) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5 + 8);
    let mut lexer = Tok::lexer(text);
    let mut wasted = 0;
    let mut strange = false;
    while let Some(read) = lexer.next() {
        let mut range = lexer.span();
        let read = match read {
            Ok(Tok::Text) => {
                let (length, closed) = text_length(lexer.remainder(), &mut wasted);
                lexer.bump(length);
                Ok(if closed { Tok::Text } else { Tok::UnclosedText })
            }
            Ok(Tok::ForeignText) => {
                let (length, read) = foreign_text_length(&text[range.clone()], lexer.remainder());
                lexer.bump(length);
                Ok(read)
            }
            read => read,
        };
        range.end = lexer.span().end;
        let span = Span::new(offset + range.start as u32, offset + range.end as u32);
        let slice = &text[range.clone()];
        let is_comment = matches!(read, Ok(Tok::Hash)) && !key_follows(text, offset, &tokens);
        let mut push = |tok: Tok| tokens.push(Token { tok, start: span.start, end: span.end });
        match read.unwrap_or(Tok::Unknown) {
            Tok::Comment => comments.push(Comment {
                span: Span::new(span.start, span.start + slice.trim_end().len() as u32),
                kind: comment_kind(slice),
                own_line: text[..range.start]
                    .chars()
                    .rev()
                    .find(|c| !" \t\r\x0C\u{FEFF}".contains(*c))
                    .is_none_or(|c| c == '\n'),
            }),
            Tok::Semicolon => complain(Complaint::Semicolon(span)),
            Tok::ForeignArrow => {
                complain(Complaint::ForeignArrow(span));
                push(Tok::Arrow);
            }
            Tok::ForeignAnd => {
                complain(Complaint::ForeignWord(span, "and"));
                push(Tok::And);
            }
            Tok::ForeignOr => {
                complain(Complaint::ForeignWord(span, "or"));
                push(Tok::Or);
            }
            Tok::ForeignNot => {
                complain(Complaint::ForeignWord(span, "not"));
                push(Tok::Not);
            }
            Tok::ForeignText => {
                complain(Complaint::ForeignQuotes(span));
                push(Tok::Text);
            }
            Tok::ForeignIdent => {
                complain(Complaint::ForeignName(span));
                push(Tok::Ident);
            }
            Tok::UnclosedText => {
                complain(Complaint::UnclosedText(span));
                push(Tok::Text);
            }
            Tok::BadNumber => {
                complain(Complaint::BadNumber(span));
                push(if crate::foreign::clock(slice).is_some() { Tok::Clock } else { Tok::Duration });
            }
            Tok::BadDate => {
                complain(Complaint::BadDate(span));
                push(if slice.contains('T') { Tok::DateTime } else { Tok::Date });
            }
            Tok::BlockComment => {
                let rest = lexer.remainder();
                let length = rest.find("*/").map_or(rest.len(), |at| at + 2);
                lexer.bump(length);
                complain(Complaint::BlockComment(Span::new(span.start, span.end + length as u32)));
            }
            Tok::Hash if is_comment => {
                let length = lexer.remainder().find('\n').unwrap_or(lexer.remainder().len());
                lexer.bump(length);
                complain(Complaint::ForeignComment(span));
            }
            Tok::Unknown => {
                strange = true;
                // A run of strange characters is one complaint.
                match tokens.last_mut() {
                    Some(last) if last.tok == Tok::Unknown && last.end == span.start => last.end = span.end,
                    _ => tokens.push(Token { tok: Tok::Unknown, start: span.start, end: span.end }),
                }
            }
            tok => push(tok),
        }
    }
    if strange {
        tokens.retain(|token| {
            if token.tok == Tok::Unknown {
                complain(Complaint::StrangeCharacters(token.span()));
            }
            token.tok != Tok::Unknown
        });
    }
    tokens
}

/// How many tokens a text has, comments left out: what reading them alone takes can be measured with it.
pub fn token_count(text: &str) -> usize {
    tokens_of(text, 0, &mut Vec::new(), |_| ()).len()
}

/// What the lexer has to say; `syntax_error` words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Complaint {
    StrangeCharacters(Span),
    Semicolon(Span),
    ForeignArrow(Span),
    /// `&&` for `and`.
    ForeignWord(Span, &'static str),
    ForeignQuotes(Span),
    ForeignName(Span),
    UnclosedText(Span),
    BadNumber(Span),
    BadDate(Span),
    BlockComment(Span),
    /// `# …`
    ForeignComment(Span),
}

impl Complaint {
    /// Where the text is so broken that what follows on its line says nothing.
    pub(crate) fn spoils(self) -> Option<u32> {
        match self {
            Complaint::StrangeCharacters(span)
            | Complaint::UnclosedText(span)
            | Complaint::BlockComment(span) => Some(span.start),
            _ => None,
        }
    }
}

/// Whether the word before is one that a key follows, so that a `#` is one.
fn key_follows(text: &str, offset: u32, tokens: &[Token]) -> bool {
    let Some(last) = tokens.last() else { return false };
    // `*#` and `1#` are keys of several signs.
    let sign = matches!(last.tok, Tok::Hash | Tok::Star | Tok::Int);
    sign || matches!(
        &text[(last.start - offset) as usize..(last.end - offset) as usize],
        "press" | "presses" | "until" | "accept"
    )
}

fn comment_kind(comment: &str) -> CommentKind {
    if comment.starts_with("//!") {
        CommentKind::FileDoc
    } else if comment.starts_with("///") && !comment.starts_with("////") {
        CommentKind::Doc
    } else {
        CommentKind::Line
    }
}

/// After an opening quote: how many bytes the text goes on, its closing quote included, and whether there is
/// one. A text never leaves its line. A hole may hold texts of its own; when a hole is not closed on the line
/// the text ends at the next quote instead. `wasted` counts the bytes looked at in vain, so that a file full
/// of open holes does not take for ever.
fn text_length(rest: &str, wasted: &mut usize) -> (usize, bool) {
    let bytes = rest.as_bytes();
    let mut at = 0;
    let mut holes = *wasted < MAX_WASTED;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return (at + 1, true),
            b'\n' => break,
            b'\\' if bytes.get(at + 1).is_some_and(|b| *b != b'\n') => at += 2,
            b'{' if bytes.get(at + 1) == Some(&b'{') => at += 2,
            b'{' if holes => match hole_length(&rest[at + 1..]) {
                Ok(length) => at += 1 + length,
                Err(looked_at) => {
                    *wasted += looked_at;
                    holes = false;
                    at += 1;
                }
            },
            _ => at += 1,
        }
    }
    let line = &rest[..floor(rest, at.min(bytes.len()))];
    (before_what_follows(line).trim_end_matches(['\r', ' ', '\t']).len(), false)
}

/// The part of a text without its closing quote that was most likely meant to be spoken: up to an arrow, or up to
/// the braces at the end of its line that close nothing in it.
fn before_what_follows(line: &str) -> &str {
    let mut text = line.split(" ->").next().unwrap_or(line);
    let mut unopened = text.matches('}').count().saturating_sub(text.matches('{').count());
    while let Some(rest) =
        text.trim_end().strip_suffix('}').filter(|rest| unopened > 0 && rest.ends_with([' ', '}']))
    {
        unopened -= 1;
        text = rest;
    }
    text
}

/// After the `{` of a hole: how many bytes it goes on, its `}` included, if it is closed on its line; else how
/// many bytes were looked at.
pub(crate) fn hole_length(rest: &str) -> Result<usize, usize> {
    let bytes = rest.as_bytes();
    // Even: in a hole; odd: in a text within a hole.
    let mut depth = 0;
    let mut at = 0;
    while at < bytes.len() {
        let in_text = depth % 2 == 1;
        match bytes[at] {
            b'\n' => return Err(at),
            b'}' if depth == 0 => return Ok(at + 1),
            b'}' if !in_text => depth -= 1,
            b'"' if in_text => depth -= 1,
            b'"' => depth += 1,
            b'\\' if in_text => at += 1,
            b'{' if in_text && bytes.get(at + 1) == Some(&b'{') => at += 1,
            b'{' if in_text => depth += 1,
            _ => {}
        }
        at += 1;
    }
    Err(at.min(bytes.len()))
}

/// The nearest character boundary at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// After a quote of another kind: a text when its partner stands on the same line, else a strange character.
fn foreign_text_length(open: &str, rest: &str) -> (usize, Tok) {
    let closers: &[char] = match open {
        "'" => &['\''],
        "‘" => &['’'],
        "„" => &['“', '”', '"'],
        "«" => &['»'],
        _ => &['”', '"'],
    };
    let line = rest.split('\n').next().unwrap_or("");
    match line.find(closers) {
        Some(at) => (at + line[at..].chars().next().map_or(0, char::len_utf8), Tok::ForeignText),
        None => (0, Tok::Unknown),
    }
}
