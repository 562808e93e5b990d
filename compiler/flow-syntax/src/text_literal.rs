//! Text literals from their source: escapes, doubled braces and holes.
//!
//! A hole is read by the same grammar as everything else, with the start token for holes.

use flow_diagnostics::{Diagnostic, Span};

use crate::actions::{Actions, Root};
use crate::ast::*;
use crate::bytes;
use crate::codes;
use crate::items_to_ast;
use crate::text_to_tokens::{MAX_TEXT_NESTING, hole_length};

impl Actions<'_> {
    /// The literal at a span, quotes included.
    pub(crate) fn text(&mut self, start: u32, end: u32) -> TextLiteral {
        TextLiteral { parts: self.text_parts(start, end, true), span: Span::new(start, end) }
    }

    /// A literal in which holes are not read: the words of a plural form.
    pub(crate) fn plain_text(&mut self, start: u32, end: u32) -> Box<str> {
        match self.text_parts(start, end, false).as_slice() {
            [.., TextPart::Text(text)] => text.clone(),
            _ => "".into(),
        }
    }

    fn text_parts(&mut self, start: u32, end: u32, with_holes: bool) -> Several<TextPart> {
        let (from, to) = inner(self.slice(start, end));
        let (from, to) = (start + from, start + to);
        let source = self.text;
        let inside = source.get(from as usize..to as usize).unwrap_or("");
        let special = |b: u8| (b == b'\\') | (b == b'{') | (b == b'}');
        if !bytes::any(inside.as_bytes(), special) {
            return if inside.is_empty() {
                Several::default()
            } else {
                Several::one(TextPart::Text(inside.into()))
            };
        }
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut at = 0;
        // One report a text: behind an open hole nothing is sure.
        let mut failed = false;
        loop {
            let plain = bytes::find(&inside.as_bytes()[at..], special);
            text.push_str(&inside[at..at + plain]);
            at += plain;
            let Some(c) = inside[at..].chars().next() else { break };
            let here = from + at as u32;
            let rest = &inside[at + c.len_utf8()..];
            at += match c {
                '\\' => self.escape(here, rest, &mut text),
                '{' if rest.starts_with('{') => {
                    text.push('{');
                    2
                }
                '}' => {
                    text.push('}');
                    if rest.starts_with('}') { 2 } else { 1 }
                }
                '{' if with_holes && !failed => match hole_length(rest) {
                    Ok(length) => {
                        if let Some(hole) = self.hole(here + 1, here + 1 + length as u32) {
                            if !text.is_empty() {
                                parts.push(TextPart::Text(std::mem::take(&mut text).into()));
                            }
                            parts.push(TextPart::Hole(Box::new(hole)));
                        }
                        1 + length
                    }
                    Err(_) => {
                        failed = true;
                        self.unclosed_hole(here);
                        text.push('{');
                        1
                    }
                },
                '{' if !with_holes => {
                    self.hole_in_a_form(here);
                    text.push('{');
                    1
                }
                c => {
                    text.push(c);
                    c.len_utf8()
                }
            };
        }
        if !text.is_empty() {
            parts.push(TextPart::Text(text.into()));
        }
        parts.into()
    }

    /// The forms of a plural are words: a brace in one would be read out.
    fn hole_in_a_form(&mut self, here: u32) {
        let at = Span::new(here, here + 1).at(self.file);
        self.diagnostics.push(
            Diagnostic::error(
                codes::BAD_HOLE,
                "the words of a plural form have no holes",
                at,
                "read out as a brace",
            )
            .with_help(
                "put the hole before it: `{n} {n plural one \"caller\" other \"callers\"}`; `{{` is a brace",
            ),
        );
    }

    /// After a backslash at `here`: pushes what it stands for and says how many bytes it took.
    fn escape(&mut self, here: u32, rest: &str, text: &mut String) -> usize {
        let simple = match rest.as_bytes().first() {
            Some(b'"') => Some('"'),
            Some(b'\\') => Some('\\'),
            Some(b'n') => Some('\n'),
            Some(b't') => Some('\t'),
            Some(b'{') => Some('{'),
            Some(b'}') => Some('}'),
            _ => None,
        };
        if let Some(c) = simple {
            text.push(c);
            return 2;
        }
        if let Some(code) =
            rest.strip_prefix("u{").and_then(|rest| rest.split_once('}')).map(|(code, _)| code)
        {
            let length = 1 + 2 + code.len() + 1;
            match u32::from_str_radix(code, 16).ok().and_then(char::from_u32) {
                Some(c) if !c.is_control() => text.push(c),
                _ => self
                    .complain_escape(Span::new(here, here + length as u32), "no character has this number"),
            }
            return length;
        }
        let next = rest.chars().next().map_or(0, char::len_utf8);
        self.complain_escape(Span::new(here, here + 1 + next as u32), "means nothing after a backslash");
        text.push_str(&rest[..next]);
        1 + next
    }

    fn complain_escape(&mut self, span: Span, label: &str) {
        self.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_ESCAPE, "this backslash stands for nothing", span.at(self.file), label)
                .with_help("write `\\\"` for a quote, `\\\\` for a backslash, `\\n` for a new line, `\\u{e9}` for a character by number"),
        );
    }

    fn unclosed_hole(&mut self, here: u32) {
        let at = Span::new(here, here + 1).at(self.file);
        self.diagnostics.push(
            Diagnostic::error(codes::BAD_HOLE, "this `{` is never closed in its text", at, "opened here")
                .with_help("close the hole with `}`, or write `{{` for a brace that is read as it stands"),
        );
    }

    /// Reads what stands between the braces.
    fn hole(&mut self, start: u32, end: u32) -> Option<Hole> {
        let span = Span::new(start - 1, end);
        let inner = Span::new(start, end - 1);
        if self.slice(inner.start, inner.end).trim().is_empty() {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::BAD_HOLE,
                    "this hole is empty",
                    span.at(self.file),
                    "nothing to read aloud",
                )
                .with_help("name what the caller should hear: `{position}`, or write `{{` for a brace"),
            );
            return None;
        }
        if self.text_nesting >= MAX_TEXT_NESTING {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::TOO_DEEP,
                    "texts are nested too deeply",
                    span.at(self.file),
                    "a hole in a text in a hole in a text",
                )
                .with_help("give the inner text a name with `let` or `prompt`, and put the name here"),
            );
            return None;
        }
        self.text_nesting += 1;
        let read = items_to_ast::hole(self, inner);
        self.text_nesting -= 1;
        match read {
            Some(Root::Hole(mut hole)) => {
                hole.span = span;
                Some(*hole)
            }
            _ => Some(Hole {
                value: Expr { kind: ExprKind::Broken, span: inner },
                reading: None,
                plural: Vec::new(),
                span,
            }),
        }
    }
}

/// Where the words of a literal begin and end, without its quotes of whatever kind.
fn inner(literal: &str) -> (u32, u32) {
    // Nearly all.
    if let [b'"', .., before, b'"'] = literal.as_bytes()
        && *before != b'\\'
    {
        return (1, literal.len() as u32 - 1);
    }
    let open = literal.chars().next().map_or(0, char::len_utf8);
    let close = match literal.chars().next_back() {
        Some(c)
            if literal.len() > open
                && matches!(c, '"' | '\'' | '’' | '”' | '“' | '»')
                && is_closed(literal) =>
        {
            c.len_utf8()
        }
        _ => 0,
    };
    (open as u32, (literal.len() - close) as u32)
}

/// Whether a literal's last quote closes it: an escaped one does not.
fn is_closed(literal: &str) -> bool {
    let mut before = literal.chars();
    before.next_back();
    before.as_str().bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 0
}
