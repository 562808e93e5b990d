//! The syntax tree: what the text says, before anybody asks whether it makes sense.
//!
//! It knows nothing of types, kinds' rules or other files. Every node that a message may point at carries
//! its [`Span`]; names are interned [`Symbol`]s, so that later passes compare integers. A broken item stays
//! in the tree as [`ItemKind::Broken`], and its neighbours are whole.

mod blocks;
mod calendars;
mod expressions;
mod items;
mod several;
mod tests;

pub use blocks::*;
pub use calendars::*;
pub use expressions::*;
pub use items::*;
pub use several::Several;
pub use tests::*;

use flow_diagnostics::{Span, Symbol};

/// A name with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    pub symbol: Symbol,
    pub span: Span,
}

/// `a.b.c`: one name or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub names: Several<Name>,
    pub span: Span,
}

impl Path {
    /// One name.
    pub fn of(name: Name) -> Self {
        Self { names: Several::one(name), span: name.span }
    }

    /// The name within what this one names.
    pub(crate) fn dot(self, name: Name) -> Self {
        Self { names: self.names.and(name), span: self.span.to(name.span) }
    }
}

/// Text between quotes, unescaped; `parts` alternates text and holes. A literal without holes has one text
/// part (or none when it is empty).
#[derive(Debug, Clone, PartialEq)]
pub struct TextLiteral {
    pub parts: Several<TextPart>,
    /// The literal with its quotes.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TextPart {
    Text(Box<str>),
    Hole(Box<Hole>),
}

/// `{expr}`, `{n as digits}`, `{n plural one "caller" other "callers"}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Hole {
    pub value: Expr,
    /// `as READING`.
    pub reading: Option<Name>,
    /// `plural CLASS "text" …`.
    pub plural: Vec<(Name, Box<str>)>,
    pub span: Span,
}

/// A span of time in milliseconds (`1h30m` is 5,400,000).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationLiteral {
    pub millis: u64,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntLiteral {
    pub value: i64,
    pub span: Span,
}

/// A calendar date as written; whether it exists is asked later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: i16,
    pub month: u8,
    pub day: u8,
}

/// A time of day as written, in minutes and seconds since midnight; `24:00` is allowed as an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}
