//! One flow as nested lists. Each place is told once, where callers come to it soonest; elsewhere stands a link.

use std::collections::{BTreeMap, VecDeque};

use super::page::{Inline, Item, Part};
use super::phrases::phrase;
use crate::graph::{Edge, FlowGraph, Graph, Node, NodeKind, grouped};

/// Lists within lists; what is deeper begins a list of its own below.
const DEEPEST: usize = 8;

/// The anchor of a flow's heading.
pub(super) fn flow_anchor(number: usize) -> String {
    format!("flow-{number}")
}

/// A way as it is told: causes, what is said on it, and where it leads (nothing: the same again).
struct Way {
    text: Vec<Inline>,
    to: Option<usize>,
}

struct Teller<'a> {
    graph: &'a Graph,
    number: usize,
    flow: &'a FlowGraph,
    /// Of each node; those of the whole flow last.
    ways: Vec<Vec<Way>>,
    /// The way by which a node is told: node and number of the way.
    told_by: BTreeMap<usize, (usize, usize)>,
    /// Nodes that are told in a list of their own.
    further: VecDeque<usize>,
}

/// What is told of a flow.
pub(super) fn flow(graph: &Graph, number: usize) -> Vec<Part> {
    let flow = &graph.flows[number];
    let mut teller =
        Teller { graph, number, flow, ways: ways(flow), told_by: BTreeMap::new(), further: VecDeque::new() };
    teller.find_soonest();
    let mut parts = Vec::new();
    if !flow.nodes.is_empty() {
        parts.push(Part::List(teller.place(0, Vec::new(), 0)));
    }
    let anywhere = flow.nodes.len();
    if !teller.ways[anywhere].is_empty() {
        parts.push(Part::text("Anywhere, unless something else is said there:"));
        parts.push(Part::List(teller.leads(anywhere, 0)));
    }
    while let Some(node) = teller.further.pop_front() {
        parts.push(Part::text("Further on:"));
        parts.push(Part::List(teller.place(node, Vec::new(), 0)));
    }
    parts
}

fn ways(flow: &FlowGraph) -> Vec<Vec<Way>> {
    let index: BTreeMap<&str, usize> =
        flow.nodes.iter().enumerate().map(|(index, node)| (node.id.as_str(), index)).collect();
    let mut ways: Vec<Vec<Way>> = Vec::new();
    ways.resize_with(flow.nodes.len() + 1, Vec::new);
    for group in grouped(&flow.edges) {
        let first = group[0];
        if let Some(from) = index.get(first.from.as_str()) {
            let to = index.get(first.to.as_str()).copied().filter(|_| !first.again);
            ways[*from]
                .push(Way { text: way_text(&group, flow.nodes[*from].kind == NodeKind::AfterHours), to });
        }
    }
    for default in &flow.defaults {
        let to = default.to.as_ref().and_then(|to| index.get(to.as_str())).copied();
        ways[flow.nodes.len()].push(Way { text: vec![Inline::Strong(phrase(&default.causes, false))], to });
    }
    ways
}

fn way_text(group: &[&Edge], closed: bool) -> Vec<Inline> {
    let first = group[0];
    let names: Vec<String> = group
        .iter()
        .enumerate()
        .map(|(number, edge)| {
            let text = phrase(&edge.causes, closed);
            if number == 0 { text } else { lower(&text) }
        })
        .collect();
    let mut text = Vec::new();
    if !first.causes.is_empty() {
        text.push(Inline::Strong(names.join(", ")));
    }
    let says = first.says.join(" ");
    if !says.is_empty() {
        text.extend([Inline::Text(": you hear ".into()), Inline::Said(says)]);
    }
    text
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

impl Teller<'_> {
    /// Breadth first from the start, then from what applies anywhere.
    fn find_soonest(&mut self) {
        for root in [0, self.flow.nodes.len()] {
            let mut queue = VecDeque::from([root]);
            while let Some(node) = queue.pop_front() {
                for (number, way) in self.ways[node].iter().enumerate() {
                    if let Some(to) = way.to.filter(|to| *to != 0)
                        && !self.told_by.contains_key(&to)
                    {
                        self.told_by.insert(to, (node, number));
                        queue.push_back(to);
                    }
                }
            }
        }
    }

    /// A place: what happens there, then where it leads. `before` is the way that led here.
    fn place(&mut self, at: usize, before: Vec<Inline>, depth: usize) -> Vec<Item> {
        let mut items = Vec::new();
        let (mut at, mut text) = (at, before);
        loop {
            let node = &self.flow.nodes[at];
            if !text.is_empty() {
                text.push(Inline::Text(" → ".into()));
            }
            text.extend(self.node_text(node));
            // A block that just goes on is followed by the next in the same list.
            let next = match self.ways[at].as_slice() {
                [Way { text, to: Some(to) }] if text.is_empty() => Some(*to),
                _ => None,
            };
            let id = Some(self.anchor(at));
            match next.filter(|next| self.told_by.get(next) == Some(&(at, 0))) {
                Some(next) => {
                    items.push(Item { id, text: std::mem::take(&mut text), items: Vec::new() });
                    at = next;
                }
                None => {
                    let inner = self.leads(at, depth + 1);
                    items.push(Item { id, text, items: inner });
                    return items;
                }
            }
        }
    }

    /// The ways on from a place.
    fn leads(&mut self, at: usize, depth: usize) -> Vec<Item> {
        let mut items = Vec::new();
        for number in 0..self.ways[at].len() {
            let way = &self.ways[at][number];
            let (mut text, to) = (way.text.clone(), way.to);
            let Some(to) = to else {
                text.push(Inline::Text(" → the same again".into()));
                items.push(Item { id: None, text, items: Vec::new() });
                continue;
            };
            let told_here = self.told_by.get(&to) == Some(&(at, number));
            if told_here && depth < DEEPEST {
                items.extend(self.place(to, text, depth));
                continue;
            }
            if told_here {
                self.further.push_back(to);
            }
            text.push(Inline::Text(if text.is_empty() { "→ ".into() } else { " → ".into() }));
            text.push(Inline::Link { to: self.anchor(to), text: name(&self.flow.nodes[to]) });
            items.push(Item { id: None, text, items: Vec::new() });
        }
        items
    }

    fn node_text(&self, node: &Node) -> Vec<Inline> {
        let mut text = vec![Inline::Strong(name(node))];
        text.extend(node.doc.iter().map(|doc| Inline::Text(format!(" ({})", doc.trim()))));
        if !node.says.is_empty() {
            text.extend([Inline::Text(": you hear ".into()), Inline::Said(node.says.join(" "))]);
        }
        if !node.does.is_empty() {
            text.push(Inline::Text(format!(" · {}", node.does.join("; "))));
        }
        for flow in &node.flows {
            if let Some(number) = self.graph.flows.iter().position(|other| other.id == *flow) {
                text.extend([
                    Inline::Text(" · ".into()),
                    Inline::Link { to: flow_anchor(number), text: format!("the flow {flow}") },
                ]);
            }
        }
        match node.kind {
            NodeKind::End => text.push(Inline::Text(" The call ends.".into())),
            NodeKind::Return => text.push(Inline::Text(" (back to where this flow was run)".into())),
            _ => {}
        }
        text
    }

    fn anchor(&self, node: usize) -> String {
        format!("place-{}-{node}", self.number)
    }
}

fn name(node: &Node) -> String {
    node.name.replace('_', " ")
}
