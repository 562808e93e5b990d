//! Pieces of speech as text for people: stories, the terminal, tests.

use flow_bytecode::Program;

use crate::boundary::SpeechItem;

/// What is heard, as text. Sounds without words are named in brackets.
pub fn display(program: &Program, items: &[SpeechItem]) -> String {
    let mut line = String::new();
    for item in items {
        match item {
            SpeechItem::Text { text, .. } | SpeechItem::Recording { words: text, .. } => {
                join(&mut line, program.texts.get(*text as usize).map_or("", String::as_str));
            }
            SpeechItem::Sound(name) => {
                join(
                    &mut line,
                    &format!("[{}]", program.texts.get(*name as usize).map_or("", String::as_str)),
                );
            }
            SpeechItem::Standard(name) => match standard_words(name) {
                Some(words) => join(&mut line, words),
                None => join(&mut line, &format!("[{name}]")),
            },
            SpeechItem::Words { display, .. } => join(&mut line, display),
            SpeechItem::Synthesise { text, .. } => join(&mut line, text),
            SpeechItem::Silence(_) => {}
        }
    }
    line
}

/// The words of the standard sentences that the switch itself speaks.
pub(crate) fn standard_words(name: &str) -> Option<&'static str> {
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
