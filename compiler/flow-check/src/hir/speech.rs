//! What is heard.

use flow_diagnostics::Location;

use super::{Expr, LanguageId, PromptId};

#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    pub kind: SpokenKind,
    pub location: Location,
}

impl Spoken {
    /// Words of one language.
    pub fn words(words: Words, location: Location) -> Self {
        Self { kind: SpokenKind::Words { variants: Box::new([words]), in_turn: false }, location }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum SpokenKind {
    /// One variant per language; `in_turn` plays all of them.
    Words {
        variants: Box<[Words]>,
        in_turn: bool,
    },
    /// A shared prompt with its arguments.
    Prompt(PromptId, Box<[Expr]>),
    When {
        arms: Box<[(Expr, Spoken)]>,
        otherwise: Box<Spoken>,
    },
    /// One after the other.
    Sequence(Box<[Spoken]>),
    /// A sound file without words.
    Sound(Box<str>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    pub language: LanguageId,
    pub segments: Box<[Segment]>,
    /// A recording that has exactly these words.
    pub recording: Option<Box<str>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Segment {
    Text(Box<str>),
    /// The words with which a choice ends where the call is listened to, and those where it is not: "press 1 or say
    /// buy.", "press 1."
    Listening {
        heard: Box<str>,
        deaf: Box<str>,
    },
    Hole {
        value: Box<Expr>,
        reading: Reading,
    },
    /// CLDR plural class and text.
    Plural(Box<Plural>),
}

/// A text that a number chooses.
#[derive(Debug, Clone, PartialEq)]
pub struct Plural {
    pub value: Expr,
    pub forms: Vec<(PluralClass, Box<str>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// By type.
    Plain,
    Digits,
    Ordinal,
    Spelled,
    Date,
    Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PluralClass {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}
