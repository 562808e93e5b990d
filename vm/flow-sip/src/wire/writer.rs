//! Messages to bytes: small helpers around one growing buffer.

use std::net::{IpAddr, SocketAddr};

use super::names::{HeaderId, long_form};
use super::via::Via;
use crate::text;

/// A message in the making: lines, then an empty line and the body.
pub(crate) struct Lines {
    bytes: Vec<u8>,
}

impl Lines {
    /// A request.
    pub(crate) fn request(method: &[u8], uri: &[u8]) -> Lines {
        let mut bytes = Vec::with_capacity(768);
        bytes.extend_from_slice(method);
        bytes.push(b' ');
        bytes.extend_from_slice(uri);
        bytes.extend_from_slice(b" SIP/2.0\r\n");
        Lines { bytes }
    }

    /// A response.
    pub(crate) fn response(code: u16, reason: &str) -> Lines {
        let mut bytes = Vec::with_capacity(768);
        bytes.extend_from_slice(b"SIP/2.0 ");
        push_number(&mut bytes, u64::from(code));
        bytes.push(b' ');
        push_unfolded(&mut bytes, reason.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        Lines { bytes }
    }

    /// Nothing yet: lines to be put into a message later.
    pub(crate) fn bare() -> Lines {
        Lines { bytes: Vec::with_capacity(512) }
    }

    /// A header; line ends in the value become blanks, so that a value never becomes a header.
    pub(crate) fn header(&mut self, name: &str, value: &[u8]) -> &mut Lines {
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(b": ");
        push_unfolded(&mut self.bytes, value);
        self.bytes.extend_from_slice(b"\r\n");
        self
    }

    /// A header whose value is a number.
    pub(crate) fn number(&mut self, name: &str, value: u64) -> &mut Lines {
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(b": ");
        push_number(&mut self.bytes, value);
        self.bytes.extend_from_slice(b"\r\n");
        self
    }

    /// `CSeq`.
    pub(crate) fn cseq(&mut self, number: u32, method: &[u8]) -> &mut Lines {
        self.bytes.extend_from_slice(b"CSeq: ");
        push_number(&mut self.bytes, u64::from(number));
        self.bytes.push(b' ');
        self.bytes.extend_from_slice(method);
        self.bytes.extend_from_slice(b"\r\n");
        self
    }

    /// Lines made before, line ends included.
    pub(crate) fn lines(&mut self, lines: &[u8]) -> &mut Lines {
        self.bytes.extend_from_slice(lines);
        self
    }

    /// The lines so far.
    pub(crate) fn into_lines(self) -> Box<[u8]> {
        self.bytes.into_boxed_slice()
    }

    /// The message: with a body of this type, or without.
    pub(crate) fn finish(mut self, body: Option<(&str, &[u8])>) -> Vec<u8> {
        if let Some((content_type, _)) = body {
            self.header("Content-Type", content_type.as_bytes());
        }
        let body = body.map(|(_, body)| body).unwrap_or_default();
        self.number("Content-Length", body.len() as u64);
        self.bytes.extend_from_slice(b"\r\n");
        self.bytes.extend_from_slice(body);
        self.bytes
    }
}

/// Appends a decimal number.
pub(crate) fn push_number(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a header value on one line: each run of blanks around a line end becomes one blank.
pub(crate) fn push_unfolded(out: &mut Vec<u8>, value: &[u8]) {
    let mut rest = value;
    while let Some(end) = memchr::memchr3(b'\r', b'\n', 0, rest) {
        out.extend_from_slice(rest[..end].trim_ascii_end());
        out.push(b' ');
        rest = rest[end + 1..].trim_ascii_start();
    }
    out.extend_from_slice(rest);
}

/// Appends an address; the usual kind without the machinery of `format!`.
fn push_address(out: &mut Vec<u8>, address: IpAddr) {
    match address {
        IpAddr::V4(address) => {
            for (place, octet) in address.octets().into_iter().enumerate() {
                if place > 0 {
                    out.push(b'.');
                }
                push_number(out, u64::from(octet));
            }
        }
        IpAddr::V6(address) => out.extend_from_slice(address.to_string().as_bytes()),
    }
}

/// The topmost Via of a response: the one of the request with what we saw of its sender (RFC 3261
/// 18.2.1, RFC 3581 4).
pub(crate) fn top_via(via: &Via<'_>, source: SocketAddr) -> Vec<u8> {
    let mut out = Vec::with_capacity(via.text.len() + 40);
    let head = &via.text[..via.text.len() - via.parameters.len()];
    push_unfolded(&mut out, text::trim(head));
    for parameter in text::split_outside_quotes(via.parameters, b';').filter(|p| !p.is_empty()) {
        let end = memchr::memchr(b'=', parameter).unwrap_or(parameter.len());
        let name = text::trim(&parameter[..end]);
        if !name.eq_ignore_ascii_case(b"rport") && !name.eq_ignore_ascii_case(b"received") {
            out.push(b';');
            push_unfolded(&mut out, parameter);
        }
    }
    let same_host = crate::uri::host_address(via.host) == Some(source.ip());
    if !same_host || via.asks_rport() {
        out.extend_from_slice(b";received=");
        push_address(&mut out, source.ip());
    }
    if via.asks_rport() {
        out.extend_from_slice(b";rport=");
        push_number(&mut out, u64::from(source.port()));
    }
    out
}

/// Whether a header may be added to a request from outside: not one that the dialog, the transaction or
/// the body needs.
pub(crate) fn may_be_added(name: &str) -> bool {
    let name = long_form(name.as_bytes());
    let ours = !matches!(HeaderId::read(name), HeaderId::Other);
    text::is_token(name)
        && !ours
        && ![&b"Supported"[..], b"User-Agent", b"MIME-Version"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
}
