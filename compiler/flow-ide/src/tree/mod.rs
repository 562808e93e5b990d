//! The phone tree as callers know it: what they hear, what they may press, where that leads; and beside it the hours,
//! the queues, and what happens to what they say.
//!
//! [`phone_tree`] makes a [`page::Page`] of a checked project, which [`html()`] and [`markdown()`] write.

mod beside;
mod html;
mod markdown;
mod page;
mod phrases;
mod told;

use flow_check::hir::Program;
use flow_diagnostics::SourceMap;

use crate::graph::{EntryKind, Graph, Written, graph};
pub use html::html;
pub use markdown::markdown;
pub use page::{Inline, Item, Page, Part};

/// The page of a project.
pub fn phone_tree(program: &Program, sources: &SourceMap) -> Page {
    let graph = graph(program, sources);
    let written = Written::of(sources, &graph.language);
    let mut parts = Vec::new();
    let main = graph.flows.iter().find(|flow| !flow.library);
    let main = main.and_then(|flow| sources.iter().find(|(_, file)| file.path == flow.place.file));
    parts.extend(main.and_then(|(file, _)| written.file_doc(file)).map(Part::text));
    for (number, flow) in graph.flows.iter().enumerate() {
        parts.push(Part::Heading {
            level: 2,
            id: told::flow_anchor(number),
            text: heading(&graph, &flow.id),
        });
        parts.extend(flow.doc.as_deref().map(Part::text));
        parts.extend(told::flow(&graph, number));
    }
    parts.extend(beside::calendars(program, sources, &written));
    parts.extend(beside::queues(program, &written));
    parts.extend(beside::recorded(&graph));
    parts.extend(beside::secrets(program, &graph));
    parts.extend(beside::services(program, &graph, &written));
    Page { title: format!("The phone tree of {}", graph.project), language: graph.language, parts }
}

/// "When you call +15550100", or the flow's name.
fn heading(graph: &Graph, flow: &str) -> String {
    let of = |kind: EntryKind| {
        let names = graph.entries.iter().filter(move |entry| entry.flow == flow && entry.kind == kind);
        names.map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    match (of(EntryKind::Inbound), of(EntryKind::Campaign)) {
        (numbers, _) if !numbers.is_empty() => format!("When you call {numbers}"),
        (_, campaigns) if !campaigns.is_empty() => format!("When we call you: {campaigns}"),
        _ => format!("The flow {flow}"),
    }
}
