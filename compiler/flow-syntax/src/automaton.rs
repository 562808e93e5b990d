//! Runs the tables that LALRPOP makes of the grammar.
//!
//! LALRPOP's own driver is made for error recovery, which this grammar has none of; this one does nothing but shift
//! and reduce, and costs half. And it knows of words: one that has no place of its own where it stands is read as a
//! name. In the grammar that would be a rule with a hundred forms, and a reduction for every name of a file.

use lalrpop_util::ParseError as Error;
use lalrpop_util::state_machine::{ParseError, ParseResult, ParserAction, ParserDefinition, TokenTriple};

use crate::text_to_tokens::Tok;

/// How deep most items go; deeper ones make the stacks grow.
const USUAL_DEPTH: usize = 48;

/// What a word is taken for first where it may be two things: what follows it tells.
pub(crate) fn reading(tok: Tok, next: Option<Tok>) -> Tok {
    match tok {
        // `say es "Hola."` has a language, `say greeting` a name.
        Tok::Ident if next != Some(Tok::Text) => Tok::Name,
        // `given agent dana busy`, but `given agent.find(_) answers none`.
        Tok::Switch | Tok::Table | Tok::Agent | Tok::Draw
            if matches!(next, Some(Tok::Dot | Tok::OpenParen)) =>
        {
            Tok::Name
        }
        tok => tok,
    }
}

/// What a word is taken for when the first reading does not fit.
fn second_reading(tok: Tok) -> Option<Tok> {
    match tok {
        Tok::Name => Some(Tok::Ident),
        tok if tok.is_word() => Some(Tok::Name),
        _ => None,
    }
}

/// Reads all tokens.
pub(crate) fn drive<D, I>(mut definition: D, tokens: I) -> ParseResult<D>
where
    D: ParserDefinition<Token = Tok, Location = u32>,
    I: Iterator<Item = Result<TokenTriple<D>, ParseError<D>>>,
{
    let mut state = definition.start_state();
    let mut states = Vec::with_capacity(USUAL_DEPTH);
    let mut symbols = Vec::with_capacity(USUAL_DEPTH);
    let mut last_end = definition.start_location();
    states.push(state);
    for token in tokens {
        let (start, mut tok, end) = token?;
        let mut other = second_reading(tok);
        let mut index = definition.token_to_index(&tok);
        // A token that the grammar has not is refused like one that does not fit.
        while let Some(terminal) = index {
            let action = definition.action(state, terminal);
            if let Some(next) = action.as_shift() {
                symbols.push((start, definition.token_to_symbol(terminal, tok), end));
                states.push(next);
                state = next;
                break;
            }
            if let Some(rule) = action.as_reduce() {
                if let Some(result) = definition.reduce(rule, Some(&start), &mut states, &mut symbols) {
                    return result;
                }
                state = states.last().copied().unwrap_or(state);
                continue;
            }
            index = other.take().and_then(|second| {
                tok = second;
                definition.token_to_index(&tok)
            });
        }
        if index.is_none() {
            let expected = definition.expected_tokens_from_states(&states);
            return Err(Error::UnrecognizedToken { token: (start, tok, end), expected });
        }
        last_end = end;
    }
    loop {
        let Some(rule) = definition.eof_action(state).as_reduce() else {
            let expected = definition.expected_tokens_from_states(&states);
            return Err(Error::UnrecognizedEof { location: last_end, expected });
        };
        if let Some(result) = definition.reduce(rule, None, &mut states, &mut symbols) {
            return result;
        }
        state = states.last().copied().unwrap_or(state);
    }
}
