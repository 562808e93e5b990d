//! URIs as SIP uses them (RFC 3261 19.1, RFC 3966): `sip:`, `sips:`, `tel:` and any other scheme.
//!
//! The text is kept as it came and is written back unchanged; the parts are views into it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::str::FromStr;

/// A URI. Equality is that of the text; for the comparison of RFC 3261 19.1.4 compare the parts.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Uri {
    text: Box<str>,
    scheme: u16,
    user: Range<u16>,
    host: Range<u16>,
    port: u16,
    parameters: Range<u16>,
}

/// Why a text is no URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidUri;

impl fmt::Display for InvalidUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a URI that SIP can use")
    }
}

impl std::error::Error for InvalidUri {}

impl Uri {
    /// Bytes of the longest URI that is read.
    pub const LONGEST: usize = 4_096;

    /// Reads a URI from the bytes of a message. Bytes outside UTF-8 are read as Latin-1.
    pub fn parse(bytes: &[u8]) -> Result<Uri, InvalidUri> {
        if bytes.is_empty() || bytes.len() > Uri::LONGEST {
            return Err(InvalidUri);
        }
        crate::text::decode(bytes).parse()
    }

    /// `sip:user@host:port`; the user is escaped where it must be.
    pub fn sip(user: Option<&str>, address: SocketAddr) -> Uri {
        let mut text = String::from("sip:");
        if let Some(user) = user.filter(|user| !user.is_empty()) {
            escape_user(user, &mut text);
            text.push('@');
        }
        text.push_str(&address.to_string());
        match text.parse() {
            Ok(uri) => uri,
            Err(InvalidUri) => Uri::sip(None, address),
        }
    }

    /// The scheme as written, without the colon.
    pub fn scheme(&self) -> &str {
        &self.text[..usize::from(self.scheme)]
    }

    /// Whether it is a `sip:` or `sips:` URI, the only ones with a host to send to.
    pub fn is_sip(&self) -> bool {
        self.scheme().eq_ignore_ascii_case("sip") || self.is_secure()
    }

    /// Whether it is a `sips:` URI.
    pub fn is_secure(&self) -> bool {
        self.scheme().eq_ignore_ascii_case("sips")
    }

    /// The user part as written, without a password; the number of a `tel:` URI; empty when absent.
    pub fn user_text(&self) -> &str {
        let user = self.part(&self.user);
        if self.is_sip() { user.split(':').next().unwrap_or(user) } else { user }
    }

    /// The user part with its escapes undone; the number of a `tel:` URI; empty when absent. Whoever
    /// wrote it may have escaped any character, control characters among them.
    pub fn user(&self) -> String {
        unescape(self.user_text())
    }

    /// The host as written (IPv6 addresses keep their brackets); empty for other schemes than SIP.
    pub fn host(&self) -> &str {
        self.part(&self.host)
    }

    /// The port, when one is written.
    pub fn port(&self) -> Option<u16> {
        (self.port != 0).then_some(self.port)
    }

    /// The host as an address, when it is written as one.
    pub fn host_address(&self) -> Option<IpAddr> {
        host_address(self.host())
    }

    /// Where a request for this URI goes when its host is an address: 5060 when no port is written.
    pub fn socket_address(&self) -> Option<SocketAddr> {
        let host =
            self.parameter("maddr").flatten().and_then(host_address).or_else(|| self.host_address())?;
        Some(SocketAddr::new(host, self.port().unwrap_or(if self.is_secure() { 5061 } else { 5060 })))
    }

    /// A parameter: `None` when absent, `Some(None)` when it has no value.
    pub fn parameter(&self, name: &str) -> Option<Option<&str>> {
        self.part(&self.parameters).split(';').filter(|parameter| !parameter.is_empty()).find_map(
            |parameter| {
                let (key, value) = match parameter.split_once('=') {
                    Some((key, value)) => (key, Some(value)),
                    None => (parameter, None),
                };
                key.trim().eq_ignore_ascii_case(name).then_some(value.map(str::trim))
            },
        )
    }

    /// The URI as text, as it came.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn part(&self, range: &Range<u16>) -> &str {
        self.text.get(usize::from(range.start)..usize::from(range.end)).unwrap_or_default()
    }
}

impl FromStr for Uri {
    type Err = InvalidUri;

    fn from_str(text: &str) -> Result<Uri, InvalidUri> {
        if text.is_empty() || text.len() > 2 * Uri::LONGEST {
            return Err(InvalidUri);
        }
        let scheme = text.find(':').ok_or(InvalidUri)?;
        let bytes = text.as_bytes();
        let named = bytes[..scheme].iter().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b));
        if scheme == 0 || !bytes[0].is_ascii_alphabetic() || !named {
            return Err(InvalidUri);
        }
        if text.chars().any(|c| c.is_control() || c == ' ' || c == '<' || c == '>') {
            return Err(InvalidUri);
        }
        let rest = scheme + 1;
        if !text[..scheme].eq_ignore_ascii_case("sip") && !text[..scheme].eq_ignore_ascii_case("sips") {
            let end = text[rest..].find([';', '?']).map_or(text.len(), |at| rest + at);
            if end == rest {
                return Err(InvalidUri);
            }
            return Ok(Uri {
                scheme: narrow(scheme),
                user: narrow(rest)..narrow(end),
                host: 0..0,
                port: 0,
                parameters: narrow(end)..narrow(text.len()),
                text: text.into(),
            });
        }
        // The user part may hold `;` and `?`, so the `@` is looked for first. It may not hold an `@`
        // itself, but a header part may, so the first one counts.
        let (user, host) = match text[rest..].find('@') {
            Some(at) => (rest..rest + at, rest + at + 1),
            None => (rest..rest, rest),
        };
        if !escapes_are_whole(&text[user.clone()]) {
            return Err(InvalidUri);
        }
        let end = text[host..].find([';', '?']).map_or(text.len(), |at| host + at);
        let (host, port) = split_host_port(&text[host..end], host)?;
        let parameters_end = text[end..].find('?').map_or(text.len(), |at| end + at);
        Ok(Uri {
            scheme: narrow(scheme),
            user: narrow(user.start)..narrow(user.end),
            host: narrow(host.start)..narrow(host.end),
            port,
            parameters: narrow(end)..narrow(parameters_end),
            text: text.into(),
        })
    }
}

/// The spans of a URI fit 16 bits because its length is limited.
fn narrow(offset: usize) -> u16 {
    u16::try_from(offset).unwrap_or(u16::MAX)
}

fn split_host_port(text: &str, offset: usize) -> Result<(Range<usize>, u16), InvalidUri> {
    let (length, port) = crate::text::host_and_port(text).ok_or(InvalidUri)?;
    Ok((offset..offset + length, port.unwrap_or(0)))
}

/// Reads an address from a host part: dotted, or IPv6 in brackets.
pub(crate) fn host_address(host: &str) -> Option<IpAddr> {
    match host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) => inner.parse().ok().map(IpAddr::V6),
        None => host.parse().ok().map(IpAddr::V4),
    }
}

fn escapes_are_whole(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'%', bytes).all(|at| {
        bytes.get(at + 1).is_some_and(u8::is_ascii_hexdigit)
            && bytes.get(at + 2).is_some_and(u8::is_ascii_hexdigit)
    })
}

fn unescape(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    crate::text::decode(&out)
}

fn escape_user(user: &str, out: &mut String) {
    for byte in user.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,;?/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Uri {
        text.parse().unwrap()
    }

    #[test]
    fn parts_of_a_sip_uri() {
        let uri = uri("sip:al%69ce:secret@[2001:db8::10]:5070;transport=udp;lr?subject=a@b");
        assert_eq!(uri.user(), "alice");
        assert_eq!(uri.host(), "[2001:db8::10]");
        assert_eq!(uri.port(), Some(5070));
        assert_eq!(uri.parameter("LR"), Some(None));
        assert_eq!(uri.parameter("transport"), Some(Some("udp")));
        assert_eq!(uri.parameter("subject"), None);
        assert_eq!(uri.socket_address(), Some("[2001:db8::10]:5070".parse().unwrap()));
    }

    #[test]
    fn user_parts_with_reserved_characters_belong_to_the_user() {
        let uri = uri("sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com");
        assert_eq!(uri.user(), "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
        assert_eq!(uri.host(), "example.com");
    }

    #[test]
    fn telephone_numbers_and_unknown_schemes_are_uris() {
        assert_eq!(uri("tel:+49-30-1234;phone-context=x").user(), "+49-30-1234");
        assert_eq!(uri("nobodyKnowsThisScheme:totallyopaquecontent").host(), "");
    }

    #[test]
    fn what_is_no_uri_is_refused() {
        for bad in
            ["", "sip:", "sip:@", "1sip:a@b", "sip:a@b:70000", "sip:a@[::1", "sip:a b@c", "sip:%4@c", "x"]
        {
            assert_eq!(bad.parse::<Uri>(), Err(InvalidUri), "{bad}");
        }
    }

    #[test]
    fn a_made_uri_escapes_its_user() {
        let uri = Uri::sip(Some("a b@c"), "127.0.0.1:5060".parse().unwrap());
        assert_eq!(uri.as_str(), "sip:a%20b%40c@127.0.0.1:5060");
        assert_eq!(uri.user(), "a b@c");
    }
}
