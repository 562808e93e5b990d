//! A page as HTML that needs nothing else: no scripts, no network, light and dark, and on paper.

use std::fmt::Write as _;

use super::page::{Inline, Item, Page, Part};
use crate::draw::escaped;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.5 system-ui,'Segoe UI',Helvetica,Arial,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;\
color:#1b1f24;background:#fff}\
h1,h2,h3{line-height:1.2}h2{margin-top:2.5rem;border-bottom:1px solid #d0d7de;padding-bottom:.3rem}\
ul{padding-left:1.4rem;border-left:2px solid #d0d7de}li{margin:.25rem 0}\
q{font-style:italic}a{color:#1f5fbf}:target{background:#fff3c4}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;\
border-bottom:1px solid #d0d7de}\
@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#79b8ff}:target{background:#4d3b00}\
h2,ul,th,td{border-color:#30363d}}\
@media print{body{max-width:none;margin:0;color:#000;background:#fff}a{color:inherit;text-decoration:none}\
h2,h3{break-after:avoid}li,tr{break-inside:avoid-page}}";

/// The page as one HTML file.
pub fn html(page: &Page) -> String {
    let title = escaped(&page.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        escaped(&page.language),
    );
    for part in &page.parts {
        // Writing to a String cannot fail.
        let _ = match part {
            Part::Heading { level, id, text } => {
                writeln!(out, "<h{level} id=\"{}\">{}</h{level}>", escaped(id), escaped(text))
            }
            Part::Paragraph(text) => writeln!(out, "<p>{}</p>", inlines(text)),
            Part::List(items) => {
                list(&mut out, items);
                Ok(())
            }
            Part::Table { head, rows } => {
                table(&mut out, head, rows);
                Ok(())
            }
        };
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn list(out: &mut String, items: &[Item]) {
    out.push_str("<ul>\n");
    for item in items {
        let id = item.id.as_ref().map_or_else(String::new, |id| format!(" id=\"{}\"", escaped(id)));
        let _ = write!(out, "<li{id}>{}", inlines(&item.text));
        if !item.items.is_empty() {
            out.push('\n');
            list(out, &item.items);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn table(out: &mut String, head: &[&str], rows: &[Vec<String>]) {
    let cells = |tag: &str, cells: &mut dyn Iterator<Item = &str>| {
        cells.map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect::<String>()
    };
    let _ =
        writeln!(out, "<table>\n<thead><tr>{}</tr></thead>\n<tbody>", cells("th", &mut head.iter().copied()));
    for row in rows {
        let _ = writeln!(out, "<tr>{}</tr>", cells("td", &mut row.iter().map(String::as_str)));
    }
    out.push_str("</tbody>\n</table>\n");
}

fn inlines(pieces: &[Inline]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let _ = match piece {
            Inline::Text(text) => write!(out, "{}", escaped(text)),
            Inline::Strong(text) => write!(out, "<strong>{}</strong>", escaped(text)),
            Inline::Said(text) => write!(out, "<q>{}</q>", escaped(text)),
            Inline::Link { to, text } => write!(out, "<a href=\"#{}\">{}</a>", escaped(to), escaped(text)),
        };
    }
    out
}
