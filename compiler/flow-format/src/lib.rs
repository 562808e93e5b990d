//! Flows as they are written: text in, the same flows in the one layout out.
//!
//! There are no options. What decides the layout is the text's own pieces and clauses (`flow_syntax::Layout`),
//! not its blanks; the few things an author decides are kept: blank lines, whether a block that fits stands on
//! one line, whether two short settings share a line. The way of a text: `pieces` puts comments to their
//! pieces, `tree` finds bodies and clauses, `print` writes them in lines with the help of `spacing` (blanks
//! within a line) and `long` (lines that are too long), `columns` aligns what `shapes` names, and `same`
//! compares what came out with what went in. This crate knows nothing of types, files or what a flow may do.

mod columns;
mod long;
mod markdown;
mod pieces;
mod print;
mod same;
mod shapes;
mod spacing;
mod tree;

pub use markdown::markdown;

use flow_diagnostics::{FileId, Interner, Severity};
use flow_syntax::{MAX_BYTES, Parsed, parse_with_layout};

use crate::pieces::Source;

/// The most characters in a line, unless one word or text alone has more.
pub const WIDTH: usize = 120;
/// The most words, signs and comments of a text that is laid out: ten of them take a kilobyte meanwhile.
pub const MAX_PIECES: usize = 6_000_000;
/// How much further a body stands to the right than what it belongs to.
pub const INDENT: usize = 4;

/// A text in the one layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// The text; it ends with a new line unless it is empty.
    pub text: String,
    /// How many items could not be read, and were left as they are.
    pub left_alone: usize,
}

/// Why a text was not formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The text is larger than anything that is read.
    TooLarge,
    /// What came out would not mean the same: a fault of this crate.
    OtherMeaning,
    /// A comment would have been lost: a fault of this crate.
    LostComment,
}

/// Lays out a file. Items that cannot be read stay as they are, byte for byte, but for line ends.
///
/// # Errors
/// When the text is too large; or when the result is not the same flow with the same comments, which is never
/// given out.
pub fn format(text: &str) -> Result<Formatted, Fault> {
    if text.len() > MAX_BYTES {
        return Err(Fault::TooLarge);
    }
    let unix = if text.contains("\r\n") { Some(text.replace("\r\n", "\n")) } else { None };
    let text = unix.as_deref().unwrap_or(text);
    let mut interner = Interner::default();
    let (before, layout) = parse_with_layout(FileId(0), text, &mut interner);
    if layout.pieces.len() + before.comments.len() > MAX_PIECES {
        return Err(Fault::TooLarge);
    }
    let source = Source::new(text, layout, &before.comments);
    let printed = print::file(&source, &before);
    let (after, layout) = parse_with_layout(FileId(0), &printed.text, &mut interner);
    let fault = same::difference(text, &before, &printed.text, &after);
    // A text that breaks off within a literal is read otherwise once it ends with a new line.
    let settled = !has_errors(&before) || {
        let source = Source::new(&printed.text, layout, &after.comments);
        print::file(&source, &after).text == printed.text
    };
    match fault {
        None if settled => Ok(printed),
        // Where items cannot be read, what is said of their neighbours may hang on the layout: all stays.
        _ if has_errors(&before) => {
            Ok(Formatted { text: text.to_owned(), left_alone: before.file.items.len().max(1) })
        }
        Some(fault) => Err(fault),
        None => Ok(printed),
    }
}

fn has_errors(parsed: &Parsed) -> bool {
    parsed.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
