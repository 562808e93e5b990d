//! A page as Markdown. Anchors are HTML, which every reader of Markdown knows.

use std::fmt::Write as _;

use super::page::{Inline, Item, Page, Part};
use crate::draw::plain;

/// The page as one Markdown file.
pub fn markdown(page: &Page) -> String {
    let mut out = format!("# {}\n", escaped(&page.title));
    for part in &page.parts {
        out.push('\n');
        // Writing to a String cannot fail.
        let _ = match part {
            Part::Heading { level, id, text } => {
                let signs = "#".repeat(usize::from(*level));
                writeln!(out, "{signs} <a id=\"{id}\"></a>{}", escaped(text))
            }
            Part::Paragraph(text) => writeln!(out, "{}", inlines(text)),
            Part::List(items) => {
                list(&mut out, items, 0);
                Ok(())
            }
            Part::Table { head, rows } => {
                let line = |cells: &mut dyn Iterator<Item = String>| {
                    cells.fold(String::from("|"), |line, cell| format!("{line} {cell} |"))
                };
                let _ = writeln!(out, "{}", line(&mut head.iter().map(|cell| escaped(cell))));
                let _ = writeln!(out, "{}", line(&mut head.iter().map(|_| "---".to_owned())));
                for row in rows {
                    let _ = writeln!(out, "{}", line(&mut row.iter().map(|cell| escaped(cell))));
                }
                Ok(())
            }
        };
    }
    out
}

fn list(out: &mut String, items: &[Item], depth: usize) {
    for item in items {
        let id = item.id.as_ref().map_or_else(String::new, |id| format!("<a id=\"{id}\"></a>"));
        let _ = writeln!(out, "{}- {id}{}", "  ".repeat(depth), inlines(&item.text));
        list(out, &item.items, depth + 1);
    }
}

fn inlines(pieces: &[Inline]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let _ = match piece {
            Inline::Text(text) => write!(out, "{}", escaped(text)),
            Inline::Strong(text) => write!(out, "**{}**", escaped(text)),
            Inline::Said(text) => write!(out, "“{}”", escaped(text)),
            Inline::Link { to, text } => write!(out, "[{}](#{to})", escaped(text)),
        };
    }
    out
}

/// Text in one line, without what Markdown or HTML would read as a sign.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for (number, word) in plain(text).split_whitespace().enumerate() {
        if number > 0 {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                    out.push('\\');
                    out.push(c);
                }
                c => out.push(c),
            }
        }
    }
    // Blanks at the edges part a word from its neighbour in bold.
    let (before, after) = (text.starts_with(' '), text.ends_with(' '));
    format!("{}{out}{}", if before { " " } else { "" }, if after && !out.is_empty() { " " } else { "" })
}
