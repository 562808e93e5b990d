//! What the lexer has to say, in words.

use flow_diagnostics::{Applicability, Code, Diagnostic, Edit, FileId, Fix, Location, Span};

use crate::codes;
use crate::text_to_tokens::Complaint;

/// The diagnostic of a complaint; none when another says it already.
pub(crate) fn diagnostic(file: FileId, text: &str, complaint: Complaint) -> Option<Diagnostic> {
    let slice = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or("");
    let error = |code: Code, message: String, span: Span, label: &str| {
        Diagnostic::error(code, message, span.at(file), label)
    };
    Some(match complaint {
        Complaint::StrangeCharacters(span) => return strange(file, slice(span), span),
        Complaint::Semicolon(span) => {
            error(codes::SEMICOLON, "`;` is not needed".into(), span, "nothing ends with a `;`")
                .with_help("remove it")
                .with_fix(safe("remove the `;`", span.at(file), ""))
        }
        Complaint::ForeignArrow(span) => {
            let written = slice(span);
            error(
                codes::FOREIGN_ARROW,
                format!("the arrow is written `->`, not `{written}`"),
                span,
                "not an arrow",
            )
            .with_help("write `->`")
            .with_fix(safe("write `->`", span.at(file), "->"))
        }
        Complaint::ForeignWord(span, word) => {
            let written = slice(span);
            let blank = if word == "not" { "not " } else { word };
            error(
                codes::FOREIGN_OPERATOR,
                format!("`{written}` is written `{word}`"),
                span,
                "a sign of other languages",
            )
            .with_help(format!("write `{word}`"))
            .with_fix(safe(&format!("write `{word}`"), span.at(file), blank))
        }
        Complaint::ForeignQuotes(span) => {
            let written = slice(span);
            let open = written.chars().next().map_or(0, char::len_utf8);
            let close = written.chars().next_back().map_or(0, char::len_utf8);
            let words = written.get(open..written.len().saturating_sub(close)).unwrap_or("");
            let diagnostic = error(
                codes::FOREIGN_QUOTES,
                "a text stands between `\"` quotes".into(),
                span,
                "other quotes",
            );
            if words.contains(['"', '\\']) {
                diagnostic.with_help("write `\"` before and after it, and `\\\"` for quotes within")
            } else {
                diagnostic.with_help("write `\"` before and after it").with_fix(safe(
                    "write `\"` quotes",
                    span.at(file),
                    &format!("\"{words}\""),
                ))
            }
        }
        Complaint::ForeignName(span) => {
            let written = slice(span);
            error(
                codes::BAD_NAME,
                format!("`{written}` cannot be a name"),
                span,
                "has letters other than a to z",
            )
            .with_help("names are made of a-z, A-Z, 0-9 and `_`; what callers hear goes between quotes")
        }
        Complaint::UnclosedText(span) => error(
            codes::UNCLOSED_TEXT,
            "this text has no closing quote".into(),
            span,
            "goes on to the end of the line",
        )
        .with_help("add `\"` where the text ends; a text stays on one line")
        .with_fix(unsafe_fix("add the closing `\"`", Span::new(span.end, span.end).at(file), "\"")),
        Complaint::BadNumber(span) => bad_number(file, slice(span), span),
        Complaint::BadDate(span) => {
            let written = slice(span);
            let diagnostic = error(
                codes::NO_SUCH_DATE,
                format!("`{written}` is not a whole date"),
                span,
                "month and day have two figures",
            );
            match padded(written) {
                Some(right) => diagnostic.with_help(format!("write `{right}`")).with_fix(safe(
                    &format!("write `{right}`"),
                    span.at(file),
                    &right,
                )),
                None => {
                    diagnostic.with_help("write dates like `2026-03-05`, with a time like `2026-03-05T09:00`")
                }
            }
        }
        Complaint::BlockComment(span) => error(
            codes::BLOCK_COMMENT,
            "comments begin with `//`".into(),
            Span::new(span.start, (span.start + 2).min(span.end)),
            "there is no `/*` comment",
        )
        .with_help("write `//` before each line of it"),
        Complaint::ForeignComment(span) => error(
            codes::BLOCK_COMMENT,
            "comments begin with `//`".into(),
            span,
            "there is no `#` comment, and no key is asked for here",
        )
        .with_help("write `//`")
        .with_fix(safe("write `//`", span.at(file), "//")),
    })
}

/// Characters outside the language: blanks of other kinds are put right, the rest is named.
fn strange(file: FileId, written: &str, span: Span) -> Option<Diagnostic> {
    if written.chars().all(is_hidden) {
        return None;
    }
    let at = span.at(file);
    if written.chars().all(char::is_whitespace) {
        return Some(
            Diagnostic::error(
                codes::STRANGE_CHARACTER,
                "this is not an ordinary blank",
                at,
                numbers(written),
            )
            .with_help("write a blank")
            .with_fix(safe("write a blank", at, " ")),
        );
    }
    let (message, help) = match written {
        "'" => ("this quote has no partner".to_owned(), "a text stands between `\"` quotes, on one line"),
        "@" | "$" | "&" | "|" | "^" | "~" | "\\" | "`" => {
            (format!("`{written}` means nothing here"), "remove it; inside a text it may stand as it is")
        }
        _ => (
            format!(
                "{} means nothing here",
                if written.chars().count() == 1 { "this character" } else { "this" }
            ),
            "remove it; inside a text it may stand as it is",
        ),
    };
    Some(Diagnostic::error(codes::STRANGE_CHARACTER, message, at, numbers(written)).with_help(help))
}

/// `U+00A0`, at most three of them.
fn numbers(written: &str) -> String {
    let mut list: Vec<String> = written.chars().take(3).map(|c| format!("U+{:04X}", c as u32)).collect();
    if written.chars().nth(3).is_some() {
        list.push("…".to_owned());
    }
    list.join(" ")
}

fn bad_number(file: FileId, written: &str, span: Span) -> Diagnostic {
    let figures = written.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let (number, unit) = written.split_at(figures);
    let at = span.at(file);
    if let Some(right) = crate::foreign::clock(written) {
        let title = format!("write `{right}`");
        // Midnight is the beginning of a day, and its end.
        let one_meaning = right != "00:00";
        return Diagnostic::error(codes::BAD_NUMBER, "times have 24 hours", at, "not a time of day")
            .with_help(title.clone())
            .with_fix(if one_meaning { safe(&title, at, &right) } else { unsafe_fix(&title, at, &right) });
    }
    let right = match unit {
        "sec" | "secs" | "second" | "seconds" => Some("s"),
        "min" | "mins" | "minute" | "minutes" => Some("m"),
        "hr" | "hrs" | "hour" | "hours" => Some("h"),
        "day" | "days" => Some("d"),
        "msec" | "millis" => Some("ms"),
        _ => None,
    };
    let help = "times are written in whole `ms`, `s`, `m`, `h` and `d`: `800ms`, `20s`, `1h30m`";
    if number.contains('.') {
        return Diagnostic::error(
            codes::BAD_NUMBER,
            format!("`{written}` is not a time span"),
            at,
            "not whole",
        )
        .with_help(help);
    }
    let diagnostic = Diagnostic::error(
        codes::BAD_NUMBER,
        format!("there is no unit `{unit}`"),
        at,
        "not a number, nor a time",
    );
    match right {
        Some(right) => {
            let right = format!("{number}{right}");
            diagnostic.with_help(format!("write `{right}`")).with_fix(safe(
                &format!("write `{right}`"),
                at,
                &right,
            ))
        }
        None => diagnostic.with_help(help),
    }
}

/// `2026-3-5` as `2026-03-05`, with its time.
fn padded(written: &str) -> Option<String> {
    let (date, time) = written.split_once('T').unwrap_or((written, ""));
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let date = format!("{year}-{month:0>2}-{day:0>2}");
    if time.is_empty() {
        return (!written.contains('T')).then_some(date);
    }
    let (hour, minute) = time.split_once(':')?;
    (minute.len() == 2).then(|| format!("{date}T{hour:0>2}:{minute}"))
}

/// Characters that hide what is written: they turn the direction of reading or cannot be seen.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{C}'))
        || matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
}

/// The most of them that are reported in one file.
const MAX_HIDDEN: usize = 20;

/// Reports hidden characters wherever they stand, texts and comments included.
pub(crate) fn hidden_characters(file: FileId, text: &str) -> Vec<Diagnostic> {
    // Most files have none, and that is seen by their bytes: many at once, without branches.
    let suspicious = |b: u8| {
        let control = (b < 0x20) & (b != b'\n') & (b != b'\r') & (b != b'\t') & (b != 0xC);
        control | (b == 0x7F) | (b == 0xC2) | (b == 0xD8) | (b == 0xE2)
    };
    let any = |bytes: &[u8]| bytes.iter().fold(false, |any, b| any | suspicious(*b));
    if !text.as_bytes().chunks(1024).any(any) {
        return Vec::new();
    }
    let hidden = text.char_indices().filter(|(_, c)| is_hidden(*c));
    hidden
        .take(MAX_HIDDEN)
        .map(|(at, c)| {
            let place = Span::new(at as u32, (at + c.len_utf8()) as u32).at(file);
            let number = c as u32;
            Diagnostic::error(
                codes::STRANGE_CHARACTER,
                "a character here cannot be seen",
                place,
                format!("U+{number:04X}"),
            )
            .with_note("such characters can make a flow look different from what it does")
            .with_help(format!("remove it; in a text, `\\u{{{number:x}}}` shows that it is there"))
            .with_fix(safe("remove it", place, ""))
        })
        .collect()
}

pub(crate) fn safe(title: &str, location: Location, text: &str) -> Fix {
    Fix {
        title: title.to_owned(),
        applicability: Applicability::Safe,
        edits: vec![Edit { location, text: text.to_owned() }],
    }
}

pub(crate) fn unsafe_fix(title: &str, location: Location, text: &str) -> Fix {
    Fix { applicability: Applicability::Unsafe, ..safe(title, location, text) }
}
