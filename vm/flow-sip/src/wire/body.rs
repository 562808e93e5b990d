//! Which part of a body is the session description (RFC 3261 7.4, RFC 2046, RFC 5621).

use super::message::Message;
use super::names::HeaderId;
use crate::text;

/// What a body holds for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body<'a> {
    /// Nothing, or something that the sender does not mind being ignored.
    None,
    /// A session description.
    Sdp(&'a [u8]),
    /// Something that we do not understand and must not ignore: 415.
    Unsupported,
}

/// Finds the session description of a message.
pub(crate) fn session_description<'a>(message: &Message<'a>) -> Body<'a> {
    if message.body.is_empty() {
        return Body::None;
    }
    let encoded = message.list(HeaderId::ContentEncoding).any(|c| !c.eq_ignore_ascii_case(b"identity"));
    let disposition = message.header(HeaderId::ContentDisposition).unwrap_or_default();
    let optional = text::parameter(after_type(disposition), "handling")
        .is_some_and(|handling| handling.eq_ignore_ascii_case(b"optional"));
    let unknown = if optional { Body::None } else { Body::Unsupported };
    if encoded {
        return unknown;
    }
    // RFC 3261 20.15: a body without a type is taken for a session description.
    let content_type = message.header(HeaderId::ContentType).unwrap_or(b"application/sdp");
    part(content_type, message.body, 0).unwrap_or(unknown)
}

/// The bare media type of a `Content-Type` value.
pub(crate) fn media_type(content_type: &[u8]) -> &[u8] {
    let end = memchr::memchr(b';', content_type).unwrap_or(content_type.len());
    text::trim(&content_type[..end])
}

fn after_type(value: &[u8]) -> &[u8] {
    &value[memchr::memchr(b';', value).unwrap_or(value.len())..]
}

/// A multipart in a multipart is looked into, but not forever.
const DEEPEST: usize = 3;

fn part<'a>(content_type: &[u8], body: &'a [u8], depth: usize) -> Option<Body<'a>> {
    let kind = media_type(content_type);
    if kind.eq_ignore_ascii_case(b"application/sdp") {
        return Some(Body::Sdp(body));
    }
    if depth >= DEEPEST || kind.len() < 10 || !kind[..10].eq_ignore_ascii_case(b"multipart/") {
        return None;
    }
    let boundary = text::parameter(after_type(content_type), "boundary")?;
    let boundary = match boundary {
        [b'"', inner @ .., b'"'] => inner,
        plain => plain,
    };
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    parts(body, boundary).find_map(|bytes| {
        let (content_type, content) = split_part(bytes);
        part(content_type.unwrap_or(b"text/plain"), content, depth + 1)
    })
}

/// The texts between the delimiter lines.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> impl Iterator<Item = &'a [u8]> + use<'a> {
    let mut delimiter = b"--".to_vec();
    delimiter.extend_from_slice(boundary);
    let finder = memchr::memmem::Finder::new(&delimiter).into_owned();
    let mut begin = finder.find(body).map(|at| at + delimiter.len());
    std::iter::from_fn(move || {
        let rest = &body[begin?..];
        if rest.starts_with(b"--") {
            return None;
        }
        let end = finder.find(rest)?;
        begin = begin.map(|begin| begin + end + delimiter.len());
        let text = &rest[..end];
        let line = memchr::memchr(b'\n', text)?;
        let text = &text[line + 1..];
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        Some(text.strip_suffix(b"\r").unwrap_or(text))
    })
}

/// The type of a part and what follows its headers.
fn split_part(part: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let mut content_type = None;
    let mut rest = part;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let line = text::trim(&rest[..end]);
        rest = &rest[end + 1..];
        if line.is_empty() {
            break;
        }
        if let Some(colon) = memchr::memchr(b':', line)
            && HeaderId::read(text::trim(&line[..colon])) == HeaderId::ContentType
        {
            content_type = Some(text::trim(&line[colon + 1..]));
        }
    }
    (content_type, rest)
}
