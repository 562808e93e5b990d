//! Names with addresses, as From, To, Contact, Route and Record-Route hold them (RFC 3261 20.10).

use std::fmt;

use crate::text;
use crate::uri::Uri;

/// A display name and a URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAddr {
    /// The name for people, without quotes and control characters.
    pub display: Option<String>,
    /// The address.
    pub uri: Uri,
}

impl NameAddr {
    /// An address without a name.
    pub fn new(uri: Uri) -> NameAddr {
        NameAddr { display: None, uri }
    }

    /// An address with a name.
    pub fn with_display(display: &str, uri: Uri) -> NameAddr {
        NameAddr { display: Some(display.to_owned()), uri }
    }

    /// Reads one value and drops its parameters.
    pub fn parse(value: &[u8]) -> Option<NameAddr> {
        AddressValue::parse(value)?.name_addr()
    }
}

impl fmt::Display for NameAddr {
    /// As a header value: the name quoted and cleaned, the address in angle brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(display) = self.display.as_deref().filter(|display| !display.is_empty()) {
            f.write_str("\"")?;
            for c in display.chars().filter(|c| !c.is_control()) {
                if c == '"' || c == '\\' {
                    f.write_str("\\")?;
                }
                write!(f, "{c}")?;
            }
            f.write_str("\" ")?;
        }
        write!(f, "<{}>", self.uri)
    }
}

/// One value of such a header as views into the message: what a dialog needs without copying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AddressValue<'a> {
    /// As written: quoted or a run of tokens, or empty.
    display: &'a [u8],
    /// The URI as written.
    pub(crate) uri: &'a [u8],
    /// From the first `;` on.
    parameters: &'a [u8],
}

impl<'a> AddressValue<'a> {
    /// Reads one value. `None` when quotes or brackets are left open, or there is no URI in it.
    pub(crate) fn parse(value: &'a [u8]) -> Option<AddressValue<'a>> {
        let value = text::trim(value);
        let bracket = open_bracket(value)?;
        let Some(open) = bracket else {
            // Without brackets everything after the first `;` belongs to the header (RFC 3261 20).
            let end = memchr::memchr(b';', value).unwrap_or(value.len());
            let uri = text::trim(&value[..end]);
            if uri.is_empty() || uri.contains(&b',') || uri.contains(&b'?') {
                return None;
            }
            return Some(AddressValue { display: b"", uri, parameters: &value[end..] });
        };
        let close = open + memchr::memchr(b'>', &value[open..])?;
        let parameters = text::trim(&value[close + 1..]);
        if !parameters.is_empty() && parameters[0] != b';' {
            return None;
        }
        let display = text::trim(&value[..open]);
        let plausible = display.first() == Some(&b'"') && display.len() >= 2 && display.last() == Some(&b'"')
            || display.iter().all(|b| text::is_token_byte(*b) || b.is_ascii_whitespace() || *b >= 0x80);
        if !plausible {
            return None;
        }
        Some(AddressValue { display, uri: text::trim(&value[open + 1..close]), parameters })
    }

    /// The `tag` parameter; empty tags count as none.
    pub(crate) fn tag(&self) -> Option<&'a [u8]> {
        text::parameter(self.parameters, "tag").filter(|tag| !tag.is_empty())
    }

    /// The value as an owned name and address.
    pub(crate) fn name_addr(&self) -> Option<NameAddr> {
        let uri = Uri::parse(self.uri).ok()?;
        let display = match self.display {
            [] => None,
            [b'"', inner @ .., b'"'] => Some(unquote(inner)),
            tokens => Some(text::decode_readable(tokens)),
        };
        Some(NameAddr { display: display.filter(|display| !display.is_empty()), uri })
    }
}

/// Where the `<` outside the quoted name stands; `None` when the quotes never close.
fn open_bracket(value: &[u8]) -> Option<Option<usize>> {
    let mut at = 0;
    let mut quoted = false;
    while at < value.len() {
        match value[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b'<' if !quoted => return Some(Some(at)),
            _ => {}
        }
        at += 1;
    }
    if quoted { None } else { Some(None) }
}

fn unquote(inner: &[u8]) -> String {
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied();
    while let Some(byte) = bytes.next() {
        out.push(if byte == b'\\' { bytes.next().unwrap_or(b'\\') } else { byte });
    }
    text::decode_readable(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_quoted_plain_and_absent() {
        let quoted =
            NameAddr::parse(br#""J Rosenberg \\\"" <sip:j@example.com;lr> ; tag = 98asjd8"#).unwrap();
        assert_eq!(quoted.display.as_deref(), Some(r#"J Rosenberg \""#));
        assert_eq!(quoted.uri.as_str(), "sip:j@example.com;lr");
        let plain = NameAddr::parse(b"Bell, Alexander <sip:a@b>");
        assert_eq!(plain, None, "a comma needs quotes");
        let bare = AddressValue::parse(b"sip:caller@example.com;tag=1;x").unwrap();
        assert_eq!(bare.tag(), Some(&b"1"[..]));
        assert_eq!(bare.uri, b"sip:caller@example.com");
    }

    #[test]
    fn broken_values_are_refused() {
        for bad in [&b"\"open <sip:a@b>"[..], b"<sip:a@b", b"", b";tag=1", b"<sip:a@b> x", b"sip:a@b?h=1"] {
            assert!(NameAddr::parse(bad).is_none(), "{}", text::decode(bad));
        }
    }

    #[test]
    fn control_characters_never_reach_a_reader() {
        let hostile = NameAddr::parse(b"\"a\x1b[2J\x07b\" <sip:a@b>").unwrap();
        assert_eq!(hostile.display.as_deref(), Some("a[2Jb"));
        let out = NameAddr::with_display("x\r\nVia: y\"", "sip:a@b".parse().unwrap()).to_string();
        assert_eq!(out, "\"xVia: y\\\"\" <sip:a@b>");
    }

    #[test]
    fn latin_1_names_keep_their_letters() {
        assert_eq!(NameAddr::parse(b"\"J\xf6rg\" <sip:j@b>").unwrap().display.as_deref(), Some("J\u{f6}rg"));
    }
}
