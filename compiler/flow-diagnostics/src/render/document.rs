//! What the formats for machines share: JSON that no terminal obeys, places in the units that others count in,
//! and where a code is documented.

use serde::Serialize;

use super::plain::is_unprintable;
use crate::{Code, FileId, SourceMap};

/// The page of the book with every code's explanation.
const PAGE: &str = "errors.html";

/// A value as a JSON document with a line end. Whatever a terminal would obey is escaped.
pub(super) fn json(value: &impl Serialize) -> String {
    // Numbers and texts only: it cannot fail.
    let json = serde_json::to_string_pretty(value).unwrap_or_default();
    // Outside of texts a document has no such character but line ends, so that escaping is safe everywhere.
    let mut out = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if c != '\n' && is_unprintable(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

/// Line and column of a byte, both from 1; the column counts characters (code points), as SARIF and the web
/// pages of code hosts do. A place beyond the text is its end.
pub(super) fn line_character(sources: &SourceMap, file: FileId, byte: u32) -> (u32, u32) {
    let source = sources.file(file);
    let mut at = (byte as usize).min(source.text.len());
    while !source.text.is_char_boundary(at) {
        at -= 1;
    }
    let (line, column) = source.line_column(at as u32);
    let start = at - (column as usize - 1);
    (line, source.text[start..at].chars().count() as u32 + 1)
}

/// The documentation of a code: a link when the address of the book is known, else the way within the book.
pub(super) fn url(book: Option<&str>, code: Code) -> String {
    match book {
        Some(book) => format!("{}/{PAGE}#{code}", book.trim_end_matches('/')),
        None => format!("{PAGE}#{code}"),
    }
}

/// A path as the path of a URI: all that is not plain is percent-encoded. Only `/` parts it.
pub(super) fn uri_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.trim_start_matches("./").bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => out.push(byte as char),
            byte if byte.is_ascii_alphanumeric() => out.push(byte as char),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
