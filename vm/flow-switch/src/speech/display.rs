//! Pieces of speech as text for people: stories, the terminal, tests.

use std::borrow::Cow;

use flow_bytecode::Program;

use crate::boundary::SpeechItem;

/// What is heard, as text. Sounds without words are named in brackets.
pub fn display(program: &Program, items: &[SpeechItem]) -> String {
    let mut line = String::new();
    for item in items {
        join(&mut line, &display_item(program, item));
    }
    line
}

/// One piece as text.
pub fn display_item<'a>(program: &'a Program, item: &'a SpeechItem) -> Cow<'a, str> {
    let text = |index: u32| program.texts.get(index as usize).map_or("", String::as_str);
    match item {
        SpeechItem::Text { text: index, .. } | SpeechItem::Recording { words: index, .. } => {
            text(*index).into()
        }
        SpeechItem::Sound(name) => format!("[{}]", text(*name)).into(),
        SpeechItem::Standard(name) => match standard_words(name) {
            Some(words) => words.into(),
            None => format!("[{name}]").into(),
        },
        SpeechItem::Words { display, .. } => display.into(),
        SpeechItem::Synthesise { text, .. } => text.into(),
        SpeechItem::Silence(_) => "".into(),
    }
}

/// The words of the standard sentences that the switch itself speaks.
fn standard_words(name: &str) -> Option<&'static str> {
    match name {
        "en/prompt/something-went-wrong" => {
            Some("We are sorry, something went wrong. Please call again later. Goodbye.")
        }
        "es/prompt/something-went-wrong" => {
            Some("Lo sentimos, algo ha fallado. Por favor, llame más tarde. Adiós.")
        }
        _ => None,
    }
}

/// Puts a space between two pieces unless one is there, or punctuation or an apostrophe follows.
fn join(line: &mut String, piece: &str) {
    let Some(first) = piece.chars().next() else { return };
    let tight = line.is_empty()
        || line.ends_with(char::is_whitespace)
        || first.is_whitespace()
        || matches!(first, '.' | ',' | ';' | ':' | '!' | '?' | '…' | ')' | '\'' | '’');
    if !tight {
        line.push(' ');
    }
    line.push_str(piece);
}
