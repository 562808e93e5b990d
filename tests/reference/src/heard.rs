//! What is heard, worked out: for each language the words, and the values in them.
//!
//! It is told as people hear it, so marks and blanks count for nothing: of words only letters and digits are kept.

use flow_check::hir::Reading;

/// One of the things that are heard one after the other.
#[derive(Debug)]
pub(crate) enum Part {
    /// Words by language; all of them in turn, or those of one.
    Words { variants: Vec<(usize, Vec<Piece>)>, in_turn: bool },
    /// A sound without words.
    Sound(String),
    /// Something that was decided by itself, whose language is chosen by itself.
    Apart(Vec<Part>),
}

#[derive(Debug)]
pub(crate) enum Piece {
    Words(String),
    Hole(String, Reading),
    Plural(String, Vec<(String, String)>),
    Recording(String, String),
    Apart(Vec<Part>),
}

/// The trace of something heard: what each language of the program's hears.
pub(crate) fn told(parts: &[Part], languages: usize) -> String {
    let each = (0..languages).map(|language| in_language(parts, Some(language)).trim().to_owned());
    format!("<{}>", each.collect::<Vec<_>>().join(" / "))
}

/// Only letters and digits, so that layout does not count.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What one who listens in a language hears.
fn in_language(parts: &[Part], language: Option<usize>) -> String {
    let has = |part: &Part, wanted: usize| match part {
        Part::Words { variants, .. } => variants.iter().any(|(of, _)| *of == wanted),
        Part::Sound(_) | Part::Apart(_) => false,
    };
    let words = || parts.iter().filter(|part| matches!(part, Part::Words { .. }));
    // Who hears nothing in the own language hears all of it in the first that there is.
    let first = words().find_map(|part| match part {
        Part::Words { variants, .. } => variants.first().map(|(of, _)| *of),
        _ => None,
    });
    let language = match (language, first) {
        (Some(own), Some(first)) if !words().any(|part| has(part, own)) => Some(first),
        (own, _) => own,
    };
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Sound(name) => out.push_str(&format!(" sound({name})")),
            Part::Apart(parts) => out.push_str(&in_language(parts, language)),
            Part::Words { variants, in_turn: true } => {
                for (of, pieces) in variants {
                    tell(pieces, Some(*of), &mut out);
                }
            }
            Part::Words { variants, in_turn: false } => {
                let own = variants.iter().find(|(of, _)| Some(*of) == language).or(variants.first());
                if let Some((_, pieces)) = own {
                    tell(pieces, language, &mut out);
                }
            }
        }
    }
    out
}

fn tell(pieces: &[Piece], language: Option<usize>, out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Words(text) => out.push_str(&letters(text)),
            Piece::Hole(value, reading) => out.push_str(&format!(" {{{value}:{reading:?}}} ")),
            Piece::Plural(value, forms) => {
                let forms: Vec<String> =
                    forms.iter().map(|(class, text)| format!("{class}={}", letters(text))).collect();
                out.push_str(&format!(" {{{value} plural {}}} ", forms.join(" ")));
            }
            Piece::Recording(name, words) => out.push_str(&format!(" {name}({}) ", letters(words))),
            Piece::Apart(parts) => out.push_str(&in_language(parts, language)),
        }
    }
}
