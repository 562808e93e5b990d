//! Mermaid, for pages and wikis that draw it themselves.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::icons::{Family, family, label};
use super::{boxes::BoxKind, plain};
use crate::graph::{EdgeOrigin, FlowGraph, Graph, NodeKind, causes_text, shortened};

/// The most characters of what is said.
const SAID: usize = 60;

/// The graph as a Mermaid flowchart: a subgraph for each flow.
pub fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for family in Family::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "    classDef {} fill:{},color:#ffffff", family.word(), family.colour());
    }
    for (number, flow) in graph.flows.iter().enumerate() {
        let _ = writeln!(out, "    subgraph f{number}[\"{}\"]", escaped(&flow.id));
        flow_lines(&mut out, number, flow);
        out.push_str("    end\n");
    }
    out
}

fn flow_lines(out: &mut String, number: usize, flow: &FlowGraph) {
    let ids: BTreeMap<&str, String> = flow
        .nodes
        .iter()
        .enumerate()
        .map(|(index, node)| (node.id.as_str(), format!("f{number}b{index}")))
        .collect();
    for node in &flow.nodes {
        let kind = BoxKind::Node(node.kind);
        let mut text = format!("{}: {}", node.name, label(kind));
        if let Some(says) = node.says.first() {
            text.push_str(&format!("\n“{}”", shortened(says, SAID)));
        }
        let (open, close) = match node.kind {
            NodeKind::Route | NodeKind::AfterHours => ("{", "}"),
            NodeKind::End | NodeKind::Decline => ("([", "])"),
            _ => ("[", "]"),
        };
        let id = &ids[node.id.as_str()];
        let _ = writeln!(out, "        {id}{open}\"{}\"{close}:::{}", escaped(&text), family(kind).word());
    }
    for edge in flow.edges.iter().filter(|edge| edge.origin != EdgeOrigin::Flow) {
        if let (Some(from), Some(to)) = (ids.get(edge.from.as_str()), ids.get(edge.to.as_str())) {
            let _ = writeln!(out, "        {from} -->{} {to}", link(&causes_text(&edge.causes)));
        }
    }
    if flow.defaults.is_empty() {
        return;
    }
    let note = format!("f{number}any");
    let _ = writeln!(out, "        {note}[\"anywhere in this flow\"]:::defaults");
    for default in &flow.defaults {
        let to = default.to.as_ref().and_then(|to| ids.get(to.as_str())).unwrap_or(&note);
        let _ = writeln!(out, "        {note} -.->{} {to}", link(&causes_text(&default.causes)));
    }
}

fn link(label: &str) -> String {
    if label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(label)) }
}

/// Text within quotes: what Mermaid or Markdown could read as a sign of its own becomes its number.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        match c {
            '\n' => out.push_str("<br/>"),
            c if c.is_alphanumeric() || " ,.?!“”…:'-/()+=→".contains(c) => out.push(c),
            c => out.push_str(&format!("#{};", c as u32)),
        }
    }
    out
}
