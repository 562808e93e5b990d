//! The part of the boundary about callers who speak: what is listened for, and what was heard.
//!
//! It knows nothing of recognisers: who hears and how is the driver's business.

// The fields are named by what they are; what is not plain has its sentence.
#![allow(missing_docs)]

/// One utterance that is listened for on a leg; larger is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListenId(pub u32);

/// What a caller is likely to say, for a recogniser to prefer. None of it is secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// Words that select something, as the flow writes them.
    pub phrases: Vec<String>,
    /// A value that may be said instead.
    pub form: Option<SpokenForm>,
}

/// A value that is said, by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpokenForm {
    /// Digits one by one, both ends included.
    Digits {
        least: u16,
        most: u16,
    },
    Number,
    Phone,
    Date,
    Time,
    Money,
    YesNo,
    /// Anything.
    Free,
}

/// One way to understand an utterance.
#[derive(Clone, PartialEq, Eq)]
pub struct Hypothesis {
    pub text: String,
    /// How likely, of 1000.
    pub per_mille: u16,
}

// What was said may be secret, so a log of inputs does not show it.
impl std::fmt::Debug for Hypothesis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hypothesis({} bytes, {} of 1000)", self.text.len(), self.per_mille)
    }
}
