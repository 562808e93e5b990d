//! Pieces to clauses: which stand in which body, and in which order they are written.
//!
//! A clause is what may have a line of its own; it has a body when it ends in braces. Nothing of lines or blanks
//! is known here.

use flow_syntax::ClauseKind;

use crate::pieces::{Note, Source};

/// Something that may have a line of its own: an item, a part of a flow, an element of a body, a field.
#[derive(Debug, Clone)]
pub(crate) struct Clause<'a> {
    /// Its first piece.
    pub first: usize,
    /// One past its last.
    pub end: usize,
    pub kind: ClauseKind,
    /// The comments before it.
    pub notes: Vec<Note<'a>>,
    /// Whether a blank line stands before it, behind the comments.
    pub blank: bool,
    /// The comment that ends its line.
    pub remark: Option<&'a str>,
    pub body: Option<Body<'a>>,
}

/// What stands between braces.
#[derive(Debug, Clone)]
pub(crate) struct Body<'a> {
    /// The brace.
    pub open: usize,
    /// Its partner.
    pub close: usize,
    /// Whether commas stand between the clauses.
    pub list: bool,
    pub clauses: Vec<Clause<'a>>,
    /// The comments before the closing brace.
    pub tail: Vec<Note<'a>>,
}

/// What a body belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// A list of fields, variants or skills.
    List,
    /// A flow: what has a body in it is a block.
    Flow,
    /// A block, or a shared queue: its clauses have an order.
    Block,
    Other,
}

/// The item between two places.
pub(crate) fn item<'a>(source: &Source<'a>, first: usize, end: usize) -> Clause<'a> {
    let word = source.word(if source.word(first) == "public" { first + 1 } else { first });
    let owner = match word {
        "record" | "enum" | "agent" => Owner::List,
        "flow" => Owner::Flow,
        "queue" => Owner::Block,
        _ => Owner::Other,
    };
    clause(source, first, end, ClauseKind::Part, owner)
}

fn clause<'a>(source: &Source<'a>, first: usize, end: usize, kind: ClauseKind, owner: Owner) -> Clause<'a> {
    let mut at = first;
    while at < end && source.word(at) != "{" {
        at = source.closer(at) + 1;
    }
    let body = (at < end).then(|| body(source, at, source.closer(at), owner));
    Clause {
        first,
        end,
        kind,
        notes: source.before(first),
        blank: source.blank_before(first),
        remark: source.behind(end - 1),
        body,
    }
}

fn body<'a>(source: &Source<'a>, open: usize, close: usize, owner: Owner) -> Body<'a> {
    let mut starts = Vec::new();
    let mut commas = Vec::new();
    let mut at = open + 1;
    while at < close {
        if at == open + 1
            || source.clause(at).is_some()
            || owner == Owner::List && commas.last() == Some(&(at - 1))
        {
            starts.push(at);
        }
        if source.word(at) == "," {
            commas.push(at);
        }
        at = source.closer(at) + 1;
    }
    let list = owner == Owner::List;
    let mut clauses: Vec<Clause<'a>> = Vec::with_capacity(starts.len());
    // Comments before a comma: the comma is moved behind what it follows, and they come after it.
    let mut left = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let mut end = starts.get(index + 1).copied().unwrap_or(close);
        let comma = list && commas.binary_search(&(end - 1)).is_ok();
        if comma {
            end -= 1;
        }
        let kind = source.clause(*start).unwrap_or(ClauseKind::Part);
        let inner = match owner {
            Owner::Flow if !matches!(source.word(*start), "on" | "press") => Owner::Block,
            _ => Owner::Other,
        };
        let mut one = clause(source, *start, end.max(*start + 1), kind, inner);
        if !left.is_empty() {
            left.append(&mut one.notes);
            one.notes = std::mem::take(&mut left);
        }
        if comma {
            left = source.before(end);
            match (one.remark, source.behind(end)) {
                (None, remark) => one.remark = remark,
                (Some(_), Some(text)) => left.push(Note { text, blank: false }),
                (Some(_), None) => {}
            }
        }
        clauses.push(one);
    }
    if owner == Owner::Block {
        put_in_order(source, &mut clauses);
    }
    left.append(&mut source.before(close));
    Body { open, close, list, clauses, tail: left }
}

/// Statements, settings, arms. A body in which a statement follows a decision, or anything an exit, is left alone:
/// its author has to say what was meant.
fn put_in_order(source: &Source<'_>, clauses: &mut [Clause<'_>]) {
    let decides = |clause: &Clause<'_>| matches!(source.word(clause.first), "when" | "share" | "otherwise");
    if may_be_moved(clauses.iter().map(|clause| (clause.kind, decides(clause)))) {
        clauses.sort_by_key(|clause| rank(clause.kind));
    }
}

/// Whether clauses, each with its kind and whether it decides, say the same in the order of their kinds.
pub(crate) fn may_be_moved(clauses: impl Iterator<Item = (ClauseKind, bool)>) -> bool {
    let (mut decided, mut over) = (false, false);
    for (kind, decides) in clauses {
        if over || (decided && kind == ClauseKind::Statement) {
            return false;
        }
        decided |= decides;
        over = kind == ClauseKind::Exit;
    }
    true
}

/// Where a clause of a block stands among the others.
pub(crate) fn rank(kind: ClauseKind) -> u8 {
    match kind {
        ClauseKind::Statement => 0,
        ClauseKind::Setting => 1,
        ClauseKind::Arm => 2,
        ClauseKind::Exit => 3,
        ClauseKind::Part => 4,
    }
}
