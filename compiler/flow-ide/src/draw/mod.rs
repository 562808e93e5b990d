//! Drawings of the graph: SVG for people, DOT and Mermaid for other tools, JSON for programs.
//!
//! Each is a pure function of the graph, so equal graphs give equal bytes. They know nothing of the checked
//! program.

mod boxes;
mod dot;
mod icons;
mod layout;
mod mermaid;
mod style;
mod svg;
mod wrap;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use crate::graph::Graph;

/// The graph as JSON, as [`crate::graph`] describes it.
pub fn json(graph: &Graph) -> String {
    let text = serde_json::to_string_pretty(graph).unwrap_or_default();
    format!("{text}\n")
}

/// Text without what could steer a terminal or turn the direction of writing: those become `\u{fffd}`.
pub(crate) fn plain(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

/// Text within XML or HTML, also within quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
