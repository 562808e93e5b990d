//! Walks and measures of the syntax tree that several lints share.

use std::collections::BTreeSet;

use flow_diagnostics::{Interner, Symbol};
use flow_syntax::ast::{
    Block, Body, Choice, Element, ElementKind, Expr, ExprKind, Flow, FlowPart, Go, ItemKind, Label, Setting,
    Speech, Spoken, SpokenKind, Statement, TextLiteral, TextPart, Timely,
};

use crate::File;

/// The flows of a file.
pub(crate) fn flows<'a>(file: &File<'a>) -> impl Iterator<Item = &'a Flow> + use<'a> {
    file.ast.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Flow(flow) => Some(&**flow),
        _ => None,
    })
}

/// The blocks of a flow.
pub(crate) fn blocks(flow: &Flow) -> impl Iterator<Item = &Block> {
    flow.parts.iter().filter_map(|part| match part {
        FlowPart::Block(block) => Some(&**block),
        _ => None,
    })
}

/// The choices that a flow gives to its blocks.
pub(crate) fn flow_choices(flow: &Flow) -> impl Iterator<Item = &Choice> {
    flow.parts.iter().filter_map(|part| match part {
        FlowPart::Choice(choice) => Some(&**choice),
        _ => None,
    })
}

/// The choices that a block writes itself, those of `after` left out.
pub(crate) fn own_choices(block: &Block) -> impl Iterator<Item = &Choice> {
    block.body.elements.iter().filter_map(|element| match &element.kind {
        ElementKind::Choice(choice) => Some(&**choice),
        _ => None,
    })
}

/// The choices that callers of a menu hear: its own, and those of the flow whose key it does not bind itself.
pub(crate) fn spoken_choices<'a>(flow: &'a Flow, menu: &'a Block) -> Vec<&'a Choice> {
    let bound: BTreeSet<&str> = own_choices(menu).map(|choice| &*choice.key.keys).collect();
    let inherited = flow_choices(flow).filter(|choice| !bound.contains(&*choice.key.keys));
    own_choices(menu).chain(inherited).filter(|choice| choice.silently.is_none()).collect()
}

/// The word of a block's kind.
pub(crate) fn kind<'i>(interner: &'i Interner, block: &Block) -> &'i str {
    interner.name(block.kind.symbol)
}

/// Calls `take` with a body and every body within it.
pub(crate) fn each_body<'a>(body: &'a Body, take: &mut dyn FnMut(&'a Body)) {
    take(body);
    for element in &body.elements {
        if let Some(inner) = inner_body(element) {
            each_body(inner, take);
        }
    }
}

fn inner_body(element: &Element) -> Option<&Body> {
    let go = match &element.kind {
        ElementKind::Statement(Statement::If { body, .. } | Statement::Each { body, .. }) => {
            return Some(body);
        }
        ElementKind::Timed(timed) => match &timed.what {
            Timely::Choice(choice) => &choice.go,
            _ => return None,
        },
        ElementKind::Arm(arm) => &arm.go,
        ElementKind::Choice(choice) => &choice.go,
        ElementKind::When { go, .. } | ElementKind::Otherwise(go) | ElementKind::Share { go, .. } => go,
        ElementKind::Statement(_) | ElementKind::Setting(_) | ElementKind::Exit(_) => return None,
    };
    match go {
        Go::Body(body) => Some(body),
        Go::Exit(_) => None,
    }
}

/// What a body says before it goes on, in order.
pub(crate) fn speeches(body: &Body) -> impl Iterator<Item = &Spoken> {
    body.elements.iter().filter_map(|element| match &element.kind {
        ElementKind::Statement(Statement::Speech(Speech::Say(spoken) | Speech::Announce(spoken))) => {
            Some(spoken)
        }
        _ => None,
    })
}

/// What a block asks, if it has words of its own for it.
pub(crate) fn ask(block: &Block) -> Option<&Spoken> {
    block.body.elements.iter().find_map(|element| match &element.kind {
        ElementKind::Setting(Setting::Ask(spoken)) => Some(spoken),
        _ => None,
    })
}

/// The texts of something spoken, in one list per language or case: a caller hears one of the lists.
pub(crate) fn texts(spoken: &Spoken) -> Vec<Vec<&TextLiteral>> {
    match &spoken.kind {
        SpokenKind::Languages { variants, in_turn: true } => {
            vec![variants.iter().map(|variant| &variant.text).collect()]
        }
        SpokenKind::Languages { variants, .. } => {
            variants.iter().map(|variant| vec![&variant.text]).collect()
        }
        SpokenKind::Expr { value, .. } => {
            let mut found = Vec::new();
            texts_of(value, &mut found, 0);
            found.into_iter().map(|text| vec![text]).collect()
        }
    }
}

/// The texts that a value may be.
fn texts_of<'a>(value: &'a Expr, found: &mut Vec<&'a TextLiteral>, depth: usize) {
    match &value.kind {
        _ if depth > 64 => {}
        ExprKind::Text(text) => found.push(text),
        ExprKind::When(decision) => {
            for (_, value) in &decision.arms {
                texts_of(value, found, depth + 1);
            }
            texts_of(&decision.otherwise, found, depth + 1);
        }
        ExprKind::Else { of, otherwise } => {
            texts_of(of, found, depth + 1);
            texts_of(otherwise, found, depth + 1);
        }
        _ => {}
    }
}

/// The words of a text in small letters, a hole as a blank.
pub(crate) fn plain(text: &TextLiteral) -> String {
    let mut plain = String::new();
    for part in &text.parts {
        match part {
            TextPart::Text(text) if text.is_ascii() => {
                let from = plain.len();
                plain.push_str(text);
                plain[from..].make_ascii_lowercase();
            }
            TextPart::Text(text) => plain.push_str(&text.to_lowercase()),
            TextPart::Hole(_) => plain.push(' '),
        }
    }
    plain
}

/// The texts of a choice's label.
pub(crate) fn label_texts(choice: &Choice) -> Vec<&TextLiteral> {
    match choice.label.as_ref().map(|(_, label)| label) {
        Some(Label::Text(text)) => vec![text],
        Some(Label::Languages(variants)) => variants.iter().map(|variant| &variant.text).collect(),
        Some(Label::Prompt { .. }) | None => Vec::new(),
    }
}

/// The one name that an expression is, if it is a name.
pub(crate) fn name_of(value: &Expr) -> Option<Symbol> {
    match value.kind {
        ExprKind::Name(symbol) => Some(symbol),
        _ => None,
    }
}
