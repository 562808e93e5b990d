//! Characters that a terminal would obey, or that hide what is written: never printed as they are.

/// Whether a character moves the cursor, starts an escape sequence, turns the direction of writing, or has
/// no looks at all.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// A message on one line: what cannot be printed is written by number.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            c if is_unprintable(c) => out.push_str(&format!("\\u{{{:X}}}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// A file's text with every byte in its place, and nothing that a terminal obeys. Line ends other than `\n`
/// and `\r\n` go too, so that all count the same lines.
pub(crate) fn source(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if chars.peek() == Some(&'\n') => out.push(c),
            c if is_unprintable(c) => out.push(match c.len_utf8() {
                1 => '?',
                2 => '·',
                3 => '\u{FFFD}',
                _ => '\u{1FBC4}',
            }),
            c => out.push(c),
        }
    }
    out
}
