//! What is drawn of a flow before it has places: boxes with a row for each way out.

use crate::graph::{Edge, EdgeOrigin, FlowGraph, NodeKind, causes_text, grouped};

use super::wrap::{fitted, width, wrapped};

/// Columns of text in a box.
const COLUMNS: usize = 46;
/// Lines of what is said, and of what is done.
const SAID_LINES: usize = 4;
const DONE_LINES: usize = 4;
/// Lines of a row.
const ROW_LINES: usize = 2;
/// Columns of a target's name.
const TARGET: usize = 20;

/// Heights, in pixels.
pub(super) const HEAD: i64 = 30;
pub(super) const LINE: i64 = 16;
pub(super) const PADDING: i64 = 8;

/// What a box is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BoxKind {
    Node(NodeKind),
    /// What applies in every block of the flow.
    Defaults,
}

/// A box, its texts broken into lines.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) kind: BoxKind,
    /// The stable id of its node.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) said: Vec<String>,
    pub(super) done: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// All of what is said, and the documentation: shown when pointed at.
    pub(super) title: String,
}

/// One way out.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) lines: Vec<String>,
    /// The target's name as shown.
    pub(super) target: String,
    /// Index of the target's card; its own when the block asks again.
    pub(super) to: usize,
    pub(super) again: bool,
    /// All of the text: shown when pointed at.
    pub(super) title: String,
}

impl Row {
    fn height(&self) -> i64 {
        self.lines.len().max(1) as i64 * LINE + 4
    }
}

impl Card {
    pub(super) fn text_height(&self) -> i64 {
        let lines = (self.said.len() + self.done.len()) as i64;
        if lines == 0 { 0 } else { lines * LINE + PADDING }
    }

    pub(super) fn height(&self) -> i64 {
        let rows: i64 = self.rows.iter().map(Row::height).sum();
        let rows = if self.rows.is_empty() { 0 } else { rows + PADDING };
        HEAD + self.text_height() + rows
    }

    /// The top of each row, from the box's top.
    pub(super) fn row_tops(&self) -> Vec<i64> {
        let mut top = HEAD + self.text_height() + PADDING / 2;
        let mut tops = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            tops.push(top);
            top += row.height();
        }
        tops
    }

    /// Where the line of a row begins, from the box's top.
    pub(super) fn ports(&self) -> Vec<i64> {
        self.row_tops().iter().zip(&self.rows).map(|(top, row)| top + row.height() / 2).collect()
    }
}

/// The boxes of a flow: its nodes in order, then what applies everywhere.
pub(super) fn cards(flow: &FlowGraph) -> Vec<Card> {
    let index: std::collections::BTreeMap<&str, usize> =
        flow.nodes.iter().enumerate().map(|(index, node)| (node.id.as_str(), index)).collect();
    let mut cards: Vec<Card> = flow
        .nodes
        .iter()
        .map(|node| {
            let said = match node.says.join(" ") {
                text if text.is_empty() => text,
                text => format!("“{text}”"),
            };
            let mut done: Vec<String> = node.does.clone();
            done.extend(node.visits.map(|count| format!("at most {count} visits")));
            let title: Vec<&str> = node
                .doc
                .iter()
                .chain([&said])
                .chain(&done)
                .map(String::as_str)
                .filter(|t| !t.is_empty())
                .collect();
            let title = title.join("\n");
            let done = done.iter().flat_map(|done| wrapped(done, COLUMNS, 2)).take(DONE_LINES).collect();
            Card {
                kind: BoxKind::Node(node.kind),
                id: node.id.clone(),
                name: fitted(&node.name, 30),
                said: wrapped(&said, COLUMNS, SAID_LINES),
                done,
                rows: Vec::new(),
                title,
            }
        })
        .collect();
    for group in grouped(&flow.edges) {
        let first = group[0];
        let (Some(&from), Some(&to)) = (index.get(first.from.as_str()), index.get(first.to.as_str())) else {
            continue;
        };
        let row = row(&label(&group), &flow.nodes[to].name, to, first.again);
        cards[from].rows.push(row);
    }
    if !flow.defaults.is_empty() {
        let at = cards.len();
        let mut card = Card {
            kind: BoxKind::Defaults,
            id: format!("{}/anywhere", flow.id),
            name: "anywhere in this flow".into(),
            said: wrapped("Where a block says nothing else:", COLUMNS, 1),
            done: Vec::new(),
            rows: Vec::new(),
            title: "What applies in every block that says nothing else".into(),
        };
        for default in &flow.defaults {
            let to = default.to.as_ref().and_then(|to| index.get(to.as_str())).copied();
            let name = to.map_or("", |to| flow.nodes[to].name.as_str());
            card.rows.push(row(&causes_text(&default.causes), name, to.unwrap_or(at), to.is_none()));
        }
        cards.push(card);
    }
    cards
}

fn row(label: &str, target: &str, to: usize, again: bool) -> Row {
    let target = if again { "again".to_owned() } else { fitted(target, TARGET) };
    let room = COLUMNS.saturating_sub(width(&target) + 4);
    let title = if again { format!("{label}: again") } else { format!("{label} → {target}") };
    Row { lines: wrapped(label, room, ROW_LINES), target, to, again, title }
}

fn label(group: &[&Edge]) -> String {
    let texts: Vec<String> = group.iter().map(|edge| causes_text(&edge.causes)).collect();
    let text = texts.join(", ");
    let text = match group[0].origin {
        EdgeOrigin::Otherwise => format!("otherwise ({text})"),
        EdgeOrigin::Own | EdgeOrigin::Flow => text,
    };
    match group[0].says.join(" ") {
        says if says.is_empty() => text,
        says => format!("{text}: “{says}”"),
    }
}
