//! What is heard.

use flow_diagnostics::Location;

use super::{Expr, LanguageId, PromptId};

#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    pub kind: SpokenKind,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum SpokenKind {
    /// One variant per language; `in_turn` plays all of them.
    Words {
        variants: Vec<Words>,
        in_turn: bool,
    },
    /// A shared prompt with its arguments.
    Prompt(PromptId, Vec<Expr>),
    When {
        arms: Vec<(Expr, Spoken)>,
        otherwise: Box<Spoken>,
    },
    /// One after the other.
    Sequence(Vec<Spoken>),
    /// A sound file without words.
    Sound(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    pub language: LanguageId,
    pub segments: Vec<Segment>,
    /// A recording that has exactly these words.
    pub recording: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Segment {
    Text(String),
    /// The words with which a choice ends where the call is listened to, and those where it is not: "press 1 or say
    /// buy.", "press 1."
    Listening {
        heard: String,
        deaf: String,
    },
    Hole {
        value: Expr,
        reading: Reading,
    },
    /// CLDR plural class and text.
    Plural {
        value: Expr,
        forms: Vec<(PluralClass, String)>,
    },
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
