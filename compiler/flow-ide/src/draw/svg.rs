//! SVG that a browser shows and a reader with a screen reader can follow: each box is a group with a title, each way
//! out names where it leads and links there.

use std::fmt::Write as _;

use super::boxes::{Card, HEAD, LINE, PADDING, Row, cards};
use super::icons::{family, label, path};
use super::layout::{Layout, Line, RowWay, WIDTH, layout};
use super::style::sheet;
use super::{escaped, wrap};
use crate::graph::{EntryKind, FlowGraph, Graph};

/// Around the picture.
const MARGIN: i64 = 24;
/// Above the boxes of a flow.
const TITLE: i64 = 64;
/// Between flows.
const FLOW_GAP: i64 = 48;

/// The graph as one picture, flow below flow.
pub fn svg(graph: &Graph) -> String {
    let mut body = String::new();
    let (mut width, mut top) = (640, MARGIN);
    for (number, flow) in graph.flows.iter().enumerate() {
        let cards = cards(flow);
        let places = layout(&cards);
        heading(&mut body, graph, flow, top);
        draw(&mut body, number, &cards, &places, top + TITLE);
        width = width.max(places.width);
        top += TITLE + places.height + FLOW_GAP;
    }
    let (width, height) = (width + 2 * MARGIN, top.max(120));
    let names: Vec<&str> = graph.flows.iter().map(|flow| flow.id.as_str()).collect();
    let blocks: usize = graph.flows.iter().map(|flow| flow.nodes.len()).sum();
    let title = escaped(&format!("Call flows of {}", graph.project));
    let described = match names.as_slice() {
        [] => "There are no flows.".to_owned(),
        names => format!("{blocks} places where a call can be, in the flows {}.", names.join(", ")),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"graphics-document document\" aria-labelledby=\"title about\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"about\">{}</desc>\n<style>{}</style>\n\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"tip\" d=\"M0 0l8 4-8 4z\"/></marker></defs>\n\
         <rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n{body}</svg>\n",
        escaped(&described),
        sheet(),
    )
}

fn heading(out: &mut String, graph: &Graph, flow: &FlowGraph, top: i64) {
    let mut about: Vec<String> = Vec::new();
    for entry in graph.entries.iter().filter(|entry| entry.flow == flow.id) {
        about.push(match entry.kind {
            EntryKind::Inbound => format!("answers {}", entry.name),
            EntryKind::Campaign => format!("begins for calls of the campaign {}", entry.name),
        });
    }
    if flow.library {
        about.push("comes with flowc".into());
    }
    if !flow.gives.is_empty() {
        about.push(format!("gives {}", flow.gives.join(", ")));
    }
    about.extend(flow.doc.as_ref().map(|doc| doc.split_whitespace().collect::<Vec<_>>().join(" ")));
    let name = escaped(&flow.id);
    let about = escaped(&wrap::fitted(&about.join(" · "), 120));
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(
        out,
        "<text class=\"flow\" x=\"{MARGIN}\" y=\"{}\">{name}</text>\n\
         <text class=\"about\" x=\"{MARGIN}\" y=\"{}\">{about}</text>",
        top + 20,
        top + 42,
    );
}

fn draw(out: &mut String, flow: usize, cards: &[Card], places: &Layout, top: i64) {
    for line in &places.lines {
        draw_line(out, line, cards, top);
    }
    for (index, (x, y)) in places.places.iter().enumerate() {
        draw_card(out, flow, index, cards, &places.ways[index], (x + MARGIN, y + top));
    }
}

fn draw_line(out: &mut String, line: &Line, cards: &[Card], top: i64) {
    let mut d = String::new();
    for (number, (x, y)) in line.points.iter().enumerate() {
        let (x, y) = (x + MARGIN, y + top);
        match number {
            0 => {
                let _ = write!(d, "M{x} {y}");
            }
            // Points come in pairs: to a column's left side by a curve, through the column straight.
            n if n % 2 == 1 => {
                let (before_x, before_y) = line.points[number - 1];
                let (before_x, before_y) = (before_x + MARGIN, before_y + top);
                let middle = (before_x + x) / 2;
                let _ = write!(d, "C{middle} {before_y} {middle} {y} {x} {y}");
            }
            _ => {
                let _ = write!(d, "H{x}");
            }
        }
    }
    let dashed = if is_dashed(&cards[line.from]) { " dashed" } else { "" };
    let _ = writeln!(out, "<path class=\"line{dashed}\" d=\"{d}\" marker-end=\"url(#tip)\"/>");
}

fn is_dashed(card: &Card) -> bool {
    card.kind == super::boxes::BoxKind::Defaults
}

fn draw_card(
    out: &mut String,
    flow: usize,
    index: usize,
    cards: &[Card],
    ways: &[RowWay],
    (x, y): (i64, i64),
) {
    let card = &cards[index];
    let family = family(card.kind).word();
    let dashed = if is_dashed(card) { " dashed" } else { "" };
    let height = card.height();
    let word = label(card.kind);
    let spoken = escaped(&format!("{}: {word}", card.name));
    let _ = write!(
        out,
        "<g id=\"{}\" data-id=\"{}\" role=\"group\" aria-label=\"{spoken}\">\n<title>{}</title>\n\
         <rect class=\"box{dashed}\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\n\
         <path class=\"{family}\" d=\"M{x} {}v-{}a6 6 0 0 1 6-6h{}a6 6 0 0 1 6 6v{}z\"/>\n\
         <path class=\"icon\" transform=\"translate({} {})\" d=\"{}\"/>\n\
         <text class=\"name\" x=\"{}\" y=\"{}\">{}</text>\n\
         <text class=\"word\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{word}</text>\n",
        anchor(flow, index),
        escaped(&card.id),
        escaped(if card.title.is_empty() { &card.name } else { &card.title }),
        y + HEAD,
        HEAD - 6,
        WIDTH - 12,
        HEAD - 6,
        x + 8,
        y + 7,
        path(card.kind),
        x + 32,
        y + 20,
        escaped(&card.name),
        x + WIDTH - 10,
        y + 19,
    );
    let mut baseline = y + HEAD + PADDING + 8;
    for (class, lines) in [("said", &card.said), ("done", &card.done)] {
        for line in lines {
            let _ = writeln!(
                out,
                "<text class=\"{class}\" x=\"{}\" y=\"{baseline}\">{}</text>",
                x + 10,
                escaped(line)
            );
            baseline += LINE;
        }
    }
    let tops = card.row_tops();
    if let Some(first) = tops.first().filter(|_| card.text_height() > 0) {
        let _ = writeln!(out, "<path class=\"rule\" d=\"M{x} {}h{WIDTH}\"/>", y + first - 2);
    }
    for ((row, row_top), way) in card.rows.iter().zip(tops).zip(ways) {
        draw_row(out, row, *way, &anchor(flow, row.to), (x, y + row_top));
    }
    out.push_str("</g>\n");
}

fn draw_row(out: &mut String, row: &Row, way: RowWay, to: &str, (x, y): (i64, i64)) {
    let _ = write!(out, "<g><title>{}</title>", escaped(&row.title));
    let mut baseline = y + 13;
    for line in &row.lines {
        let _ = write!(out, "<text x=\"{}\" y=\"{baseline}\">{}</text>", x + 10, escaped(line));
        baseline += LINE;
    }
    let last = if row.lines.is_empty() { baseline } else { baseline - LINE };
    let (class, sign) = match way {
        RowWay::Line => ("to", "→"),
        RowWay::Far => ("to", "⇢"),
        RowWay::Back => ("back", "↩"),
        RowWay::Again => ("back", "↻"),
    };
    let text = format!(
        "<text class=\"{class}\" x=\"{}\" y=\"{last}\" text-anchor=\"end\">{sign} {}</text>",
        x + WIDTH - 10,
        escaped(&row.target),
    );
    match way {
        RowWay::Again => out.push_str(&text),
        RowWay::Line | RowWay::Far | RowWay::Back => {
            let _ = write!(out, "<a href=\"#{to}\">{text}</a>");
        }
    }
    out.push_str("</g>\n");
}

/// The anchor of a box within the file. Names could hold what an anchor cannot; the stable id is in `data-id`.
fn anchor(flow: usize, card: usize) -> String {
    format!("f{flow}b{card}")
}
