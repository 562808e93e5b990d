//! What callers say for a value: the keys that they would have pressed for it.
//!
//! The result is keys and no value, so that one path judges length, range and validity whether a caller spoke or
//! pressed. What may mean two things ("half past two") gives both, the likelier first. It is pure and knows no
//! calls and no recognisers: a text goes in, written with words or with figures as recognisers do. Each language
//! is a file of words; the rules that put words together are here for all of them. In a language without a file
//! figures are understood, and no words.

mod amounts;
mod answers;
mod dates;
mod english;
mod numbers;
mod pieces;
mod spanish;
#[cfg(test)]
mod tests;
mod times;
mod words;

use flow_bytecode::program::Form;

use crate::forms::DateOrder;
use pieces::{Piece, pieces};

/// As many ways to understand a text as are given at most.
const GREATEST_READINGS: usize = 6;

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The value; none for free speech.
    pub form: Option<Form>,
    /// What the call speaks, as BCP 47 writes it.
    pub language: &'a str,
    /// The number that was called: it may tell in which order people say dates.
    pub called: &'a str,
    /// Today where the call is, in days since 1970-01-01, for "tomorrow".
    pub today: i64,
}

/// One way to understand what was said.
#[derive(Clone, PartialEq, Eq)]
pub enum Understood {
    /// The keys a caller would press for it, without the key that ends it: figures, and `*` for the point of an amount.
    Keys(String),
    /// Free speech, without blanks around it.
    Text(String),
}

// What was said may be secret, so that no log shows it by chance.
impl std::fmt::Debug for Understood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Keys(keys) => write!(f, "Keys({} keys)", keys.len()),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
        }
    }
}

/// How a text may be understood, the likeliest first; empty when it is no such value. The work is bounded: a text of
/// more than 1000 bytes or 100 words is no value.
pub fn understand(asked: &Asked<'_>, text: &str) -> Vec<Understood> {
    let Some(form) = asked.form else {
        let text = text.trim();
        return if text.is_empty() { Vec::new() } else { vec![Understood::Text(text.to_owned())] };
    };
    let lexicon = words::of(asked.language);
    let readings = match form {
        Form::Money(currency) => amounts::money(lexicon, asked.language, currency, text),
        _ => match pieces(text, lexicon, &[]) {
            Some(pieces) => value(form, &pieces, asked),
            None => Vec::new(),
        },
    };
    let mut distinct = Vec::new();
    for keys in readings {
        let reading = Understood::Keys(keys);
        if distinct.len() < GREATEST_READINGS && !distinct.contains(&reading) {
            distinct.push(reading);
        }
    }
    distinct
}

fn value(form: Form, pieces: &[Piece], asked: &Asked<'_>) -> Vec<String> {
    if form == Form::YesNo {
        return answers::yes_no(pieces).into_iter().map(str::to_owned).collect();
    }
    let Some(said) = core(pieces) else { return Vec::new() };
    match form {
        Form::Digits => numbers::digits(said),
        Form::Number => numbers::number(said),
        Form::Phone => numbers::phone(said),
        Form::Date => dates::dates(said, DateOrder::of(asked.language, asked.called), asked.today),
        Form::Time => times::times(said),
        Form::Money(_) | Form::YesNo | Form::Speech => Vec::new(),
    }
}

/// The part of what was said that can be a value: words that we do not know may stand around it ("it is …, thank
/// you"), but not inside, where they could turn its meaning ("five, no, I mean six").
fn core(pieces: &[Piece]) -> Option<&[Piece]> {
    let mut found = None;
    for part in pieces.split(|piece| *piece == Piece::Unknown) {
        if part.iter().any(Piece::is_core) {
            if found.is_some() {
                return None;
            }
            found = Some(part);
        }
    }
    let mut part = found?;
    let idle = |piece: &Piece| matches!(piece, Piece::Meant(meaning) if meaning.is_link());
    while let [first, rest @ ..] = part
        && idle(first)
    {
        part = rest;
    }
    while let [rest @ .., last] = part
        && idle(last)
    {
        part = rest;
    }
    Some(part)
}
