//! CSV as RFC 4180 writes it, with the place of every field: what is wrong with a cell is shown where it stands,
//! which a reader that knows lines only cannot do. `csv` is the oracle of its tests.
//!
//! Fields are parted by commas, lines by LF or CRLF; a field may stand in quotes, with quotes doubled inside. Blank
//! lines are passed over, a byte order mark too.

use flow_diagnostics::Span;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub text: String,
    /// With its quotes.
    pub span: Span,
}

/// What cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub span: Span,
    pub what: &'static str,
}

/// The rows of a text.
pub(crate) fn read(text: &str) -> Result<Vec<Vec<Field>>, Unreadable> {
    let bytes = text.as_bytes();
    // Nobody sees it, and whatever reads the cell next may end there.
    if let Some(nul) = text.find('\0') {
        return Err(Unreadable { span: Span::new(nul as u32, nul as u32 + 1), what: "a NUL is no text" });
    }
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut rows = Vec::new();
    while at < bytes.len() {
        let mut row = Vec::new();
        loop {
            let (field, end) = field(text, at)?;
            row.push(field);
            at = end;
            match bytes.get(at) {
                Some(b',') => at += 1,
                Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => {
                    at += 2;
                    break;
                }
                Some(_) => {
                    at += 1;
                    break;
                }
                None => break,
            }
        }
        let blank =
            matches!(row.as_slice(), [only] if only.text.is_empty() && only.span.start == only.span.end);
        if !blank {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The field that begins here, and where it ends: at a comma, a line's end, or the text's.
fn field(text: &str, start: usize) -> Result<(Field, usize), Unreadable> {
    let bytes = text.as_bytes();
    let span = |end: usize| Span::new(start as u32, end as u32);
    let is_end = |at: usize| match bytes.get(at) {
        None | Some(b',' | b'\n') => true,
        Some(b'\r') => matches!(bytes.get(at + 1), None | Some(b'\n')),
        Some(_) => false,
    };
    if bytes.get(start) != Some(&b'"') {
        let mut end = start;
        while !is_end(end) {
            if bytes[end] == b'"' {
                return Err(Unreadable {
                    span: span(end + 1),
                    what: "a quote stands inside of a field without quotes",
                });
            }
            end += 1;
        }
        return Ok((Field { text: text[start..end].to_owned(), span: span(end) }, end));
    }
    let mut out = String::new();
    let mut at = start + 1;
    loop {
        let Some(quote) = text[at..].find('"').map(|found| at + found) else {
            return Err(Unreadable { span: span(start + 1), what: "a quote is opened and never closed" });
        };
        out.push_str(&text[at..quote]);
        at = quote + 1;
        if bytes.get(at) == Some(&b'"') {
            out.push('"');
            at += 1;
        } else if is_end(at) {
            return Ok((Field { text: out, span: span(at) }, at));
        } else {
            return Err(Unreadable { span: span(at), what: "something follows the closing quote" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        let rows = read(text).unwrap();
        rows.into_iter().map(|row| row.into_iter().map(|field| field.text).collect()).collect()
    }

    #[test]
    fn fields_lines_and_quotes() {
        let text = "\u{feff}id,name\r\n7,\"Ada, \"\"the\nfirst\"\"\"\n\n8,\n";
        assert_eq!(texts(text), [["id", "name"], ["7", "Ada, \"the\nfirst\""], ["8", ""]]);
        let rows = read(text).unwrap();
        let span = rows[1][1].span;
        assert_eq!(&text[span.start as usize..span.end as usize], "\"Ada, \"\"the\nfirst\"\"\"");
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        for (text, at) in [("a,\"b\nc", 2), ("a\"b", 0), ("\"a\"b", 0), ("a\nb\0", 3)] {
            assert_eq!(read(text).unwrap_err().span.start, at, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_the_oracle_writes(rows in prop::collection::vec(prop::collection::vec("[a-c ,\"\n\r]{0,6}", 3), 0..6)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            prop_assert_eq!(texts(std::str::from_utf8(&bytes).unwrap()), rows);
        }

        #[test]
        fn any_text_is_read_without_harm(text in "[a,\"\n\r€]{0,40}") {
            if let Ok(rows) = read(&text) {
                for field in rows.iter().flatten() {
                    prop_assert!(text.get(field.span.start as usize..field.span.end as usize).is_some());
                }
            }
        }
    }
}
