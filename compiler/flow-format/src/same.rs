//! Whether two texts are the same flows with the same comments.
//!
//! The trees are compared as they print themselves, item by item, without their places: so a node that the
//! language gets tomorrow is compared from its first day. The order in which a block's clauses stand says nothing,
//! as long as statements, settings and arms each keep theirs.

use std::fmt::Debug;

use flow_diagnostics::Code;
use flow_syntax::ast::{Body, ElementKind, FlowPart, Item, ItemKind};
use flow_syntax::{ClauseKind, Parsed};

use crate::Fault;
use crate::tree::{may_be_moved, rank};

/// What kept `after` from being `before` in another layout.
pub(crate) fn difference(text: &str, before: &Parsed, new: &str, after: &Parsed) -> Option<Fault> {
    let same = before.file.doc == after.file.doc
        && before.file.items.len() == after.file.items.len()
        && before.file.items.iter().zip(&after.file.items).all(|(one, other)| same_item(one, other))
        && codes(before) == codes(after);
    if !same {
        return Some(Fault::OtherMeaning);
    }
    (comments(text, before) != comments(new, after)).then_some(Fault::LostComment)
}

fn same_item(one: &Item, other: &Item) -> bool {
    shown(&ordered(one)) == shown(&ordered(other))
}

/// An item whose blocks have their clauses in order.
fn ordered(item: &Item) -> Item {
    let mut item = item.clone();
    match &mut item.kind {
        ItemKind::Flow(flow) => {
            for part in &mut flow.parts {
                if let FlowPart::Block(block) = part {
                    put_in_order(&mut block.body);
                }
            }
        }
        ItemKind::Queue { body, .. } => put_in_order(body),
        _ => {}
    }
    item
}

fn put_in_order(body: &mut Body) {
    let kinds = body.elements.iter().map(|element| {
        let decides = matches!(
            element.kind,
            ElementKind::When { .. } | ElementKind::Share { .. } | ElementKind::Otherwise(_)
        );
        (ClauseKind::of(&element.kind), decides)
    });
    if may_be_moved(kinds) {
        body.elements.sort_by_key(|element| rank(ClauseKind::of(&element.kind)));
    }
}

/// A node as it prints itself, without its places.
fn shown(node: &impl Debug) -> String {
    const PLACE: &str = "Span { start: ";
    let all = format!("{node:?}");
    let mut rest = all.as_str();
    let mut text = String::with_capacity(all.len() / 2);
    while let Some(at) = rest.find(PLACE) {
        text.push_str(&rest[..at]);
        let behind = &rest[at + PLACE.len()..];
        rest = behind.find('}').map_or("", |end| &behind[end + 1..]);
    }
    text.push_str(rest);
    text
}

/// What the reader complains of, whatever its place.
fn codes(parsed: &Parsed) -> Vec<Code> {
    let mut codes: Vec<Code> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes
}

fn comments<'a>(text: &'a str, parsed: &Parsed) -> Vec<&'a str> {
    let slice = |start: u32, end: u32| text.get(start as usize..end as usize).unwrap_or("");
    let all = parsed.comments.iter();
    let mut comments: Vec<&str> = all.map(|comment| slice(comment.span.start, comment.span.end)).collect();
    comments.sort_unstable();
    comments
}
