//! A text as the pieces that a value is made of: figures, marks between them, and words by what they mean.

use super::words::{Lexicon, Meaning};
use crate::speech::tongue::folded;

/// Bytes of a text that is looked at.
const LONGEST_TEXT: usize = 1000;
/// Words and figures of it.
const MOST_TOKENS: usize = 100;

/// One piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Figures `0` to `9`, at least one.
    Figures(String),
    /// A sign directly between figures, or before them.
    Mark(char),
    Meant(Meaning),
    /// A word that says nothing to us.
    Unknown,
}

impl Piece {
    /// Whether a value can be made of it.
    pub(super) fn is_core(&self) -> bool {
        match self {
            Self::Figures(_) => true,
            Self::Meant(meaning) => meaning.is_core(),
            Self::Mark(_) | Self::Unknown => false,
        }
    }
}

enum Token {
    Word(String),
    Figures(String),
    Mark(char),
}

/// Words that mean something for one value only, beside those of the language.
pub(super) type Extra = (String, Meaning);

/// The pieces of a text, without fillers; none when it is too long to be a value.
pub(super) fn pieces(text: &str, lexicon: &Lexicon, extra: &[Extra]) -> Option<Vec<Piece>> {
    if text.len() > LONGEST_TEXT {
        return None;
    }
    let tokens = tokens(text);
    if tokens.len() > MOST_TOKENS {
        return None;
    }
    let mut pieces = Vec::new();
    let mut rest = &tokens[..];
    while let [first, after @ ..] = rest {
        rest = after;
        pieces.push(match first {
            Token::Figures(figures) => Piece::Figures(figures.clone()),
            Token::Mark(mark) => Piece::Mark(*mark),
            Token::Word(_) => {
                let own = extra.iter().map(|(phrase, meaning)| (phrase.as_str(), *meaning));
                let known = own.chain(lexicon.words.iter().copied());
                let fits =
                    known.filter_map(|(phrase, meaning)| Some((length_at(phrase, &tokens, after)?, meaning)));
                // Of equally long ones the first is meant, so that what is asked for goes before the language.
                let best = fits.fold(None, |best: Option<(usize, Meaning)>, fit| match best {
                    Some(best) if best.0 >= fit.0 => Some(best),
                    _ => Some(fit),
                });
                match best {
                    Some((length, meaning)) => {
                        rest = after.get(length - 1..).unwrap_or_default();
                        if meaning == Meaning::Filler {
                            continue;
                        }
                        Piece::Meant(meaning)
                    }
                    None => Piece::Unknown,
                }
            }
        });
    }
    Some(pieces)
}

/// How many words a phrase has, when it stands at the word before `after`.
fn length_at(phrase: &str, tokens: &[Token], after: &[Token]) -> Option<usize> {
    let here = tokens.get(tokens.len() - after.len() - 1..)?;
    let mut length = 0;
    for wanted in phrase.split(' ') {
        match here.get(length) {
            Some(Token::Word(word)) if word == wanted => length += 1,
            _ => return None,
        }
    }
    Some(length)
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut before = None;
    let mut characters = text.chars().map(bare).filter(|character| !is_accent(*character)).peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match character {
            '0'..='9' => match tokens.last_mut() {
                Some(Token::Figures(figures)) if is_figure(before) => figures.push(character),
                _ => tokens.push(Token::Figures(character.into())),
            },
            _ if character.is_alphabetic() => match tokens.last_mut() {
                Some(Token::Word(word)) if before.is_some_and(char::is_alphabetic) => word.push(character),
                _ => tokens.push(Token::Word(character.into())),
            },
            // Signs that leave a word open: "o'clock", "p.m.".
            '\'' | '’' => continue,
            '.' if is_initial(tokens.last(), before) && next.is_some_and(char::is_alphabetic) => continue,
            '.' | ',' | ':' | '/' | '-' if is_figure(before) && is_figure(next) => {
                tokens.push(Token::Mark(character))
            }
            '-' if is_figure(next) && !before.is_some_and(char::is_alphanumeric) => {
                tokens.push(Token::Mark(character));
            }
            '+' | '$' | '€' | '£' | '¥' => tokens.push(Token::Mark(character)),
            _ => {}
        }
        before = Some(character);
    }
    tokens
}

fn is_figure(character: Option<char>) -> bool {
    character.is_some_and(|character| character.is_ascii_digit())
}

/// Whether the last token is one letter, and nothing came after it: the "p" of "p.m.".
fn is_initial(token: Option<&Token>, before: Option<char>) -> bool {
    before.is_some_and(char::is_alphabetic)
        && matches!(token, Some(Token::Word(word)) if word.chars().nth(1).is_none())
}

/// A letter in small and without its accent; `ñ` too, since recognisers write either.
fn bare(character: char) -> char {
    match folded(character) {
        'ñ' => 'n',
        other => other,
    }
}

/// A mark that Unicode writes behind its letter.
fn is_accent(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// A word of the speaking side in the form in which it is found here.
pub(super) fn plain(text: &str) -> String {
    let words: Vec<String> = tokens(text)
        .into_iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(word),
            _ => None,
        })
        .collect();
    words.join(" ")
}
