//! Bytes to a [`Message`], without copying, in one pass over the lines.

use super::message::{Line, Message, Start};
use super::names::HeaderId;
use crate::config::Limits;
use crate::text;
use crate::vocabulary::Method;

/// What was wrong with a message that could be read nevertheless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The start line breaks the grammar.
    StartLine,
    /// Another version than SIP/2.0.
    Version,
    /// A line that is no header.
    HeaderLine,
    /// A header that may be there once is there twice.
    Repeated,
    /// More header lines or Vias than we read.
    TooMany,
    /// The packet ends before the headers do.
    Truncated,
    /// `Content-Length` is no number.
    Length,
    /// `Content-Length` is more than the packet holds.
    ShortBody,
    /// The body is longer than we read.
    LongBody,
}

impl Defect {
    /// The status and phrase that tell the sender.
    pub(crate) fn status(self) -> (u16, &'static str) {
        match self {
            Defect::StartLine => (400, "Bad Request Line"),
            Defect::Version => (505, "Version Not Supported"),
            Defect::HeaderLine => (400, "Bad Header Line"),
            Defect::Repeated => (400, "Repeated Header"),
            Defect::TooMany => (400, "Too Many Headers"),
            Defect::Truncated => (400, "Headers Without End"),
            Defect::Length => (400, "Bad Content-Length"),
            Defect::ShortBody => (400, "Body Shorter Than Content-Length"),
            Defect::LongBody => (413, "Request Entity Too Large"),
        }
    }
}

/// What a packet turned out to be.
#[derive(Debug)]
pub(crate) enum Reading<'a> {
    /// A message, perhaps with a defect.
    Message(Message<'a>),
    /// Nothing but line ends (RFC 5626 3.5.1).
    KeepAlive,
    /// Not SIP.
    Unreadable,
}

/// Reads one datagram.
pub(crate) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Reading<'a> {
    if bytes.len() > limits.message_bytes {
        return Reading::Unreadable;
    }
    // RFC 3261 7.5: line ends before the start line are skipped.
    let begin = bytes.iter().position(|b| *b != b'\r' && *b != b'\n');
    let Some(begin) = begin else { return Reading::KeepAlive };
    let mut cursor = Cursor { bytes, at: begin };
    let mut defect = None;
    let Some(line) = cursor.line() else { return Reading::Unreadable };
    let Some(start) = start_line(line, &mut defect) else { return Reading::Unreadable };
    let lines = header_lines(&mut cursor, limits, &mut defect);
    let rest = &bytes[cursor.at..];
    let mut message = Message { start, lines, body: rest, defect };
    set_body(&mut message, rest, limits);
    check_counts(&mut message, limits);
    Reading::Message(message)
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The next line without its end. `None` when no line end follows.
    fn line(&mut self) -> Option<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let end = memchr::memchr(b'\n', rest)?;
        self.at += end + 1;
        Some(rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]))
    }

    /// The next line with the lines that are folded to it.
    fn folded_line(&mut self) -> Option<&'a [u8]> {
        let begin = self.at;
        let mut line = self.line()?;
        // An empty line ends the headers, whatever follows it.
        while !line.is_empty() && matches!(self.bytes.get(self.at), Some(b' ' | b'\t')) {
            let Some(next) = self.line() else { break };
            let end = self.at - 1;
            let end = if self.bytes[..end].ends_with(b"\r") { end - 1 } else { end };
            line = &self.bytes[begin..end];
            if next.is_empty() {
                break;
            }
        }
        Some(line)
    }
}

fn start_line<'a>(line: &'a [u8], defect: &mut Option<Defect>) -> Option<Start<'a>> {
    if line.len() >= 8 && line[..4].eq_ignore_ascii_case(b"SIP/") && line.contains(&b' ') {
        return status_line(line);
    }
    let trimmed = text::trim(line);
    let last = memchr::memrchr(b' ', trimmed)?;
    let first = memchr::memchr(b' ', trimmed)?;
    let version = &trimmed[last + 1..];
    if version.len() < 5 || !version[..4].eq_ignore_ascii_case(b"SIP/") || first == last {
        return None;
    }
    if !version[4..].eq_ignore_ascii_case(b"2.0") {
        *defect = Some(Defect::Version);
    }
    let (method, uri) = (&trimmed[..first], &trimmed[first + 1..last]);
    if !text::is_token(method) {
        return None;
    }
    let strange = uri.is_empty() || uri.iter().any(|b| b.is_ascii_whitespace() || *b == b'<' || *b == b'>');
    if (strange || trimmed.len() != line.len()) && defect.is_none() {
        *defect = Some(Defect::StartLine);
    }
    Some(Start::Request { method: Method::read(method), uri })
}

fn status_line(line: &[u8]) -> Option<Start<'_>> {
    let mut parts = line.splitn(3, |b| *b == b' ');
    let version = parts.next()?;
    let code = parts.next()?;
    let reason = parts.next().unwrap_or_default();
    if !version.eq_ignore_ascii_case(b"SIP/2.0") || code.len() != 3 {
        return None;
    }
    let code = u16::try_from(text::number(code)?).ok().filter(|code| (100..700).contains(code))?;
    Some(Start::Response { code, reason })
}

fn header_lines<'a>(cursor: &mut Cursor<'a>, limits: &Limits, defect: &mut Option<Defect>) -> Vec<Line<'a>> {
    let mut lines = Vec::with_capacity(16);
    loop {
        let Some(line) = cursor.folded_line() else {
            defect.get_or_insert(Defect::Truncated);
            cursor.at = cursor.bytes.len();
            return lines;
        };
        if line.is_empty() {
            return lines;
        }
        if lines.len() >= limits.headers {
            // The rest is walked over for the body's sake, and the message refused.
            defect.get_or_insert(Defect::TooMany);
            continue;
        }
        let colon = memchr::memchr(b':', line);
        let name = text::trim(&line[..colon.unwrap_or(0)]);
        match colon {
            Some(colon) if text::is_token(name) && !line[0].is_ascii_whitespace() => {
                let value = text::trim(&line[colon + 1..]);
                lines.push(Line { id: HeaderId::read(name), name, value });
            }
            _ => {
                defect.get_or_insert(Defect::HeaderLine);
            }
        }
    }
}

/// RFC 3261 18.3: on datagrams a missing length means all of the rest, excess bytes are dropped, and a
/// length beyond the end is an error.
fn set_body<'a>(message: &mut Message<'a>, rest: &'a [u8], limits: &Limits) {
    let Some(value) = message.header(HeaderId::ContentLength) else {
        if rest.len() > limits.body_bytes {
            message.defect.get_or_insert(Defect::LongBody);
        }
        return;
    };
    match text::number(value).map(|length| usize::try_from(length).unwrap_or(usize::MAX)) {
        None => {
            message.defect.get_or_insert(Defect::Length);
        }
        Some(length) if length > rest.len() => {
            message.defect.get_or_insert(Defect::ShortBody);
        }
        Some(length) if length > limits.body_bytes => {
            message.defect.get_or_insert(Defect::LongBody);
        }
        Some(length) => message.body = &rest[..length],
    }
}

fn check_counts(message: &mut Message<'_>, limits: &Limits) {
    let mut seen = 0u32;
    for line in &message.lines {
        if line.id.is_single() {
            let bit = 1 << (line.id as u32);
            if seen & bit != 0 {
                message.defect.get_or_insert(Defect::Repeated);
            }
            seen |= bit;
        }
    }
    if message.list(HeaderId::Via).nth(limits.vias).is_some() {
        message.defect.get_or_insert(Defect::TooMany);
    }
}
