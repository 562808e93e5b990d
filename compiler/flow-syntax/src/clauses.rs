//! Finds the clause around a mistake: the smallest whole thing that can be left out of an item.

use std::ops::Range;

use crate::text_to_tokens::{Tok, Token};

/// What stands between a pair of braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Before or outside all braces.
    Header,
    Flow,
    Body,
    Calendar,
    Holidays,
    Service,
    Campaign,
    Test,
    /// Things with commas between: fields, variants, skills.
    List,
    /// One condition, or budget lines.
    Other,
}

/// The innermost braces around token `at`.
pub(crate) struct Group {
    pub place: Place,
    /// Index of its `{`.
    pub open: usize,
}

/// The place that token `at` stands in.
pub(crate) fn group_of(tokens: &[Token], at: usize) -> Group {
    let mut groups: Vec<Group> = Vec::new();
    for (index, token) in tokens.iter().enumerate().take(at) {
        match token.tok {
            Tok::OpenBrace => {
                let place = match groups.last() {
                    None => place_of_item(tokens),
                    Some(Group { place: Place::Flow | Place::Body, .. }) => Place::Body,
                    Some(_) => Place::Other,
                };
                groups.push(Group { place, open: index });
            }
            Tok::CloseBrace => {
                groups.pop();
            }
            _ => {}
        }
    }
    groups.pop().unwrap_or(Group { place: Place::Header, open: 0 })
}

fn place_of_item(tokens: &[Token]) -> Place {
    let word = tokens.iter().map(|token| token.tok).find(|tok| *tok != Tok::Public);
    match word {
        Some(Tok::Flow) => Place::Flow,
        Some(Tok::Queue) => Place::Body,
        Some(Tok::Calendar) => Place::Calendar,
        Some(Tok::Holidays) => Place::Holidays,
        Some(Tok::Service) => Place::Service,
        Some(Tok::Campaign) => Place::Campaign,
        Some(Tok::Test) => Place::Test,
        Some(Tok::Record | Tok::Enum | Tok::Agent) => Place::List,
        _ => Place::Other,
    }
}

/// The tokens to leave out because of the mistake at `at`; `None` when nothing smaller than the item is whole.
pub(crate) fn around(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let group = group_of(tokens, at);
    if group.place == Place::Header || group.place == Place::Other {
        return None;
    }
    let close = closer(tokens, group.open);
    let starts: Vec<usize> = starts(tokens, &group, close);
    let range = if group.place == Place::List {
        let start = starts.iter().copied().take_while(|start| *start <= at).last().unwrap_or(group.open + 1);
        start..starts.iter().copied().find(|start| *start > at).unwrap_or(close)
    } else if starts.contains(&at) && starts.first() != Some(&at) {
        // A clause begins here, so the one before it is not finished.
        starts.iter().copied().take_while(|start| *start < at).last().unwrap_or(group.open + 1)..at
    } else {
        let start = starts.iter().copied().take_while(|start| *start <= at).last().unwrap_or(group.open + 1);
        start.min(at)..starts.iter().copied().find(|start| *start > at).unwrap_or(close)
    };
    (!range.is_empty()).then_some(range)
}

/// The tokens of the line that the mistake at `at` stands on, without brackets whose partners stand elsewhere; `None`
/// when there is nothing but those.
pub(crate) fn line_around(text: &str, tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let begins = |index: usize| {
        let before = index.checked_sub(1).and_then(|before| tokens.get(before)).map_or(0, |token| token.end);
        let gap = text.get(before as usize..tokens[index].start as usize);
        index == 0 || gap.is_some_and(|gap| gap.contains('\n'))
    };
    let place = at.min(tokens.len().checked_sub(1)?);
    let mut start = place;
    let mut depth = 0usize;
    while !begins(start) {
        match tokens[start - 1].tok {
            Tok::CloseBrace => depth += 1,
            Tok::OpenBrace if depth == 0 => break,
            Tok::OpenBrace => depth -= 1,
            _ => {}
        }
        start -= 1;
    }
    let mut end = start;
    depth = 0;
    while end < tokens.len() && (end == start || depth > 0 || !begins(end)) {
        match tokens[end].tok {
            Tok::OpenBrace => depth += 1,
            Tok::CloseBrace if depth == 0 => break,
            Tok::CloseBrace => depth -= 1,
            _ => {}
        }
        end += 1;
    }
    (start < end && depth == 0).then_some(start..end)
}

/// Index of the `}` of the `{` at `open`; the number of tokens when there is none.
fn closer(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.tok {
            Tok::OpenBrace => depth += 1,
            Tok::CloseBrace => {
                depth -= 1;
                if depth == 0 {
                    return index;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// Where clauses begin between the braces of a group.
fn starts(tokens: &[Token], group: &Group, close: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut depth = 0usize;
    // Whether the clause being gone through has yet to name where the call goes.
    let mut wants_exit = false;
    for index in group.open + 1..close {
        let before = tokens[index - 1].tok;
        let tok = tokens[index].tok;
        let first = index == group.open + 1;
        if depth == 0 {
            let begins = match group.place {
                Place::List => first || before == Tok::Comma,
                Place::Body if matches!(tok, Tok::Arrow | Tok::Return) => {
                    let own = !wants_exit && before != Tok::Else;
                    wants_exit = false;
                    own
                }
                // What follows a word that begins one is its operand, whatever it is called.
                _ if starts.last() == Some(&(index - 1)) && !stands_alone(before) => false,
                place => begins_clause(place, tok) && (first || before.ends_operand()),
            };
            if begins {
                starts.push(index);
                wants_exit = matches!(
                    tok,
                    Tok::On | Tok::Press | Tok::When | Tok::Otherwise | Tok::Share | Tok::Visits
                );
            }
        }
        match tok {
            Tok::OpenBrace | Tok::OpenParen | Tok::OpenBracket => depth += 1,
            Tok::CloseBrace | Tok::CloseParen | Tok::CloseBracket => {
                depth = depth.saturating_sub(1);
                // A body is a place to go.
                wants_exit &= tok != Tok::CloseBrace || depth > 0;
            }
            _ => {}
        }
    }
    starts
}

/// Whether a word can be a whole clause.
fn stands_alone(tok: Tok) -> bool {
    matches!(tok, Tok::Discard | Tok::Confirm | Tok::Agents | Tok::Otherwise)
}

/// Whether a word begins a clause of a place.
pub(crate) fn begins_clause(place: Place, tok: Tok) -> bool {
    match place {
        Place::Flow => {
            matches!(tok, Tok::Speaks | Tok::State | Tok::On | Tok::Press | Tok::KKind | Tok::Queue)
        }
        Place::Body => begins_element(tok),
        Place::Calendar => matches!(tok, Tok::Timezone | Tok::Open | Tok::Closed),
        Place::Holidays => tok == Tok::Day,
        Place::Service => tok == Tok::KMethod,
        Place::Campaign => matches!(
            tok,
            Tok::From | Tok::Call | Tok::During | Tok::Pace | Tok::KInt | Tok::Retry | Tok::Skip
        ),
        Place::Test => matches!(
            tok,
            Tok::At
                | Tok::Given
                | Tok::Party
                | Tok::Time
                | Tok::Call
                | Tok::Caller
                | Tok::Agent
                | Tok::Expect
        ),
        Place::Header | Place::List | Place::Other => false,
    }
}

/// Words that begin a statement, a setting or an arm; exits are told apart by what is before them.
fn begins_element(tok: Tok) -> bool {
    matches!(
        tok,
        Tok::Let
            | Tok::Set
            | Tok::Say
            | Tok::Announce
            | Tok::Play
            | Tok::Do
            | Tok::Send
            | Tok::Count
            | Tok::Reset
            | Tok::If
            | Tok::Each
            | Tok::Mark
            | Tok::Discard
            | Tok::Visits
            | Tok::KSpoken
            | Tok::Again
            | Tok::KDuration
            | Tok::Take
            | Tok::Check
            | Tok::Confirm
            | Tok::During
            | Tok::Calendar
            | Tok::Join
            | Tok::Accept
            | Tok::From
            | Tok::Agents
            | Tok::Priority
            | Tok::Capacity
            | Tok::KInt
            | Tok::KExpr
            | Tok::Pick
            | Tok::Prefer
            | Tok::Music
            | Tok::Ring
            | Tok::Show
            | Tok::Assist
            | Tok::Flow
            | Tok::Afterwards
            | Tok::Deliver
            | Tok::Question
            | Tok::Retry
            | Tok::Every
            | Tok::After
            | Tok::On
            | Tok::Press
            | Tok::When
            | Tok::Otherwise
            | Tok::Share
    )
}

/// Index of the word that begins the clause before or around token `at`.
pub(crate) fn first_index(tokens: &[Token], at: usize) -> Option<usize> {
    let group = group_of(tokens, at);
    if matches!(group.place, Place::Header | Place::Other | Place::List) {
        return tokens.iter().position(|token| token.tok != Tok::Public);
    }
    let close = closer(tokens, group.open);
    starts(tokens, &group, close).into_iter().take_while(|start| *start < at).last()
}

/// The word that begins the clause before or around token `at`.
pub(crate) fn first_word(tokens: &[Token], at: usize) -> Option<Tok> {
    first_index(tokens, at).map(|index| tokens[index].tok)
}
