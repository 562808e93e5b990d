//! DOT, for Graphviz and what reads its language.

use std::fmt::Write as _;

use super::icons::{family, label};
use super::{boxes::BoxKind, plain};
use crate::graph::{EdgeOrigin, FlowGraph, Graph, causes_text, shortened};

/// The most characters of what is said.
const SAID: usize = 60;

/// The graph in the DOT language: a cluster for each flow.
pub fn dot(graph: &Graph) -> String {
    let mut out = format!(
        "digraph {} {{\n    rankdir=LR;\n    node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", \
         fontcolor=white];\n    edge [fontname=\"Helvetica\", fontsize=10];\n",
        quoted(&graph.project),
    );
    for (number, flow) in graph.flows.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "    subgraph cluster_{number} {{\n        label={};", quoted(&flow.id));
        flow_lines(&mut out, flow);
        out.push_str("    }\n");
    }
    out.push_str("}\n");
    out
}

fn flow_lines(out: &mut String, flow: &FlowGraph) {
    for node in &flow.nodes {
        let kind = BoxKind::Node(node.kind);
        let mut text = format!("{}\n{}", node.name, label(kind));
        if let Some(says) = node.says.first() {
            text.push_str(&format!("\n“{}”", shortened(says, SAID)));
        }
        let _ = writeln!(
            out,
            "        {} [label={}, fillcolor=\"{}\"];",
            quoted(&node.id),
            quoted(&text),
            family(kind).colour(),
        );
    }
    for edge in flow.edges.iter().filter(|edge| edge.origin != EdgeOrigin::Flow) {
        let label = quoted(&causes_text(&edge.causes));
        let _ = writeln!(out, "        {} -> {} [label={label}];", quoted(&edge.from), quoted(&edge.to));
    }
    if flow.defaults.is_empty() {
        return;
    }
    let note = quoted(&format!("{}/anywhere", flow.id));
    let _ = writeln!(
        out,
        "        {note} [label=\"anywhere in this flow\", shape=note, style=dashed, fontcolor=black];"
    );
    for default in &flow.defaults {
        let to = default.to.as_ref().map_or_else(|| note.clone(), |to| quoted(to));
        let label = quoted(&causes_text(&default.causes));
        let _ = writeln!(out, "        {note} -> {to} [label={label}, style=dashed];");
    }
}

/// A quoted string. DOT gives backslashes a meaning of its own, so each is doubled.
fn quoted(text: &str) -> String {
    let text = plain(text).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}
