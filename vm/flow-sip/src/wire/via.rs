//! Via values (RFC 3261 20.42, RFC 3581).

use crate::text;

/// One Via value as views into the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Via<'a> {
    /// `UDP`, as written.
    pub(crate) transport: &'a [u8],
    /// Host and port as written, blanks around the colon included.
    pub(crate) sent_by: &'a [u8],
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
    /// From the first `;` on.
    pub(crate) parameters: &'a [u8],
    /// The whole value.
    pub(crate) text: &'a [u8],
}

impl<'a> Via<'a> {
    /// Reads one value; blanks may stand around the slashes and the colon.
    pub(crate) fn parse(value: &'a [u8]) -> Option<Via<'a>> {
        let end = memchr::memchr(b';', value).unwrap_or(value.len());
        let (head, parameters) = value.split_at(end);
        let mut parts = head.splitn(3, |b| *b == b'/');
        let protocol = text::trim(parts.next()?);
        let version = text::trim(parts.next()?);
        if !protocol.eq_ignore_ascii_case(b"SIP") || version != b"2.0" {
            return None;
        }
        let rest = text::trim(parts.next()?);
        let blank = rest.iter().position(u8::is_ascii_whitespace)?;
        let (transport, sent_by) = (&rest[..blank], text::trim(&rest[blank..]));
        if !text::is_token(transport) {
            return None;
        }
        // The colon of the port is the last one that stands outside brackets.
        let host_end = match memchr::memrchr(b']', sent_by) {
            Some(bracket) => bracket + 1,
            None => memchr::memchr(b':', sent_by).unwrap_or(sent_by.len()),
        };
        let host = std::str::from_utf8(text::trim(&sent_by[..host_end])).ok()?;
        if text::host_and_port(host)? != (host.len(), None) {
            return None;
        }
        let port = match text::trim(&sent_by[host_end..]) {
            [] => None,
            [b':', digits @ ..] => {
                let port = text::number(text::trim(digits))?;
                Some(u16::try_from(port).ok().filter(|port| *port != 0)?)
            }
            _ => return None,
        };
        Some(Via { transport, sent_by, host, port, parameters, text: value })
    }

    /// The branch, when it promises to be unique (`z9hG4bK`, RFC 3261 8.1.1.7) and is more than that.
    pub(crate) fn unique_branch(&self) -> Option<&'a [u8]> {
        let branch = self.branch()?;
        let cookie = branch.get(..7)?;
        (cookie.eq_ignore_ascii_case(b"z9hG4bK") && branch.len() > 7).then_some(branch)
    }

    /// The branch, whatever it is.
    pub(crate) fn branch(&self) -> Option<&'a [u8]> {
        text::parameter(self.parameters, "branch").filter(|branch| !branch.is_empty())
    }

    /// Whether the sender asks for the port that it is seen from (RFC 3581).
    pub(crate) fn asks_rport(&self) -> bool {
        text::parameter(self.parameters, "rport").is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_where_the_grammar_allows_them() {
        let via = Via::parse(b"SIP  / 2.0\r\n /  UDP   192.0.2.2 : 5070 ;branch=z9hG4bKab;rport").unwrap();
        assert_eq!((via.transport, via.host, via.port), (&b"UDP"[..], "192.0.2.2", Some(5070)));
        assert_eq!(via.unique_branch(), Some(&b"z9hG4bKab"[..]));
        assert!(via.asks_rport());
    }

    #[test]
    fn ipv6_with_and_without_port() {
        let via = Via::parse(b"SIP/2.0/UDP [2001:db8::9:1]:5061;received=[::1];branch=z9hG4bK").unwrap();
        assert_eq!((via.host, via.port, via.unique_branch()), ("[2001:db8::9:1]", Some(5061), None));
        assert_eq!(Via::parse(b"SIP/2.0/TCP [::1]").unwrap().port, None);
    }

    #[test]
    fn what_is_no_via_is_refused() {
        for bad in [
            &b"SIP/2.0/UDP"[..],
            b"SIP/7.0/UDP host",
            b"SIP/2.0/UDP host:99999",
            b"SIP/2.0/UDP host:0",
            b"SIP/2.0/UDP [::1",
            b"SIP/2.0/UDP a b",
            b"",
        ] {
            assert_eq!(Via::parse(bad), None, "{}", text::decode(bad));
        }
    }
}
