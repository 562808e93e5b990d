//! Header names: which ones this crate reads, and the one-letter forms.

/// The headers that this crate looks at. All others are kept and can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderId {
    Via,
    From,
    To,
    CallId,
    CSeq,
    MaxForwards,
    Contact,
    ContentType,
    ContentLength,
    ContentEncoding,
    ContentDisposition,
    RecordRoute,
    Route,
    Require,
    Allow,
    Other,
}

impl HeaderId {
    /// Recognises a name in any case, long or compact (RFC 3261 7.3.3).
    pub(crate) fn read(name: &[u8]) -> HeaderId {
        const NAMES: [(&str, HeaderId); 15] = [
            ("Via", HeaderId::Via),
            ("From", HeaderId::From),
            ("To", HeaderId::To),
            ("Call-ID", HeaderId::CallId),
            ("CSeq", HeaderId::CSeq),
            ("Max-Forwards", HeaderId::MaxForwards),
            ("Contact", HeaderId::Contact),
            ("Content-Type", HeaderId::ContentType),
            ("Content-Length", HeaderId::ContentLength),
            ("Content-Encoding", HeaderId::ContentEncoding),
            ("Content-Disposition", HeaderId::ContentDisposition),
            ("Record-Route", HeaderId::RecordRoute),
            ("Route", HeaderId::Route),
            ("Require", HeaderId::Require),
            ("Allow", HeaderId::Allow),
        ];
        if let [letter] = name {
            return match letter.to_ascii_lowercase() {
                b'v' => HeaderId::Via,
                b'f' => HeaderId::From,
                b't' => HeaderId::To,
                b'i' => HeaderId::CallId,
                b'm' => HeaderId::Contact,
                b'c' => HeaderId::ContentType,
                b'l' => HeaderId::ContentLength,
                b'e' => HeaderId::ContentEncoding,
                _ => HeaderId::Other,
            };
        }
        NAMES
            .iter()
            .find(|(known, _)| known.len() == name.len() && name.eq_ignore_ascii_case(known.as_bytes()))
            .map_or(HeaderId::Other, |(_, id)| *id)
    }

    /// Whether a message may have one value of it only.
    pub(crate) fn is_single(self) -> bool {
        matches!(
            self,
            HeaderId::From
                | HeaderId::To
                | HeaderId::CallId
                | HeaderId::CSeq
                | HeaderId::MaxForwards
                | HeaderId::ContentType
                | HeaderId::ContentLength
                | HeaderId::ContentDisposition
        )
    }
}

/// The long form of a header name, when it is a registered one-letter form.
pub(crate) fn long_form(name: &[u8]) -> &[u8] {
    let [letter] = name else { return name };
    match letter.to_ascii_lowercase() {
        b'a' => b"Accept-Contact",
        b'b' => b"Referred-By",
        b'c' => b"Content-Type",
        b'd' => b"Request-Disposition",
        b'e' => b"Content-Encoding",
        b'f' => b"From",
        b'i' => b"Call-ID",
        b'j' => b"Reject-Contact",
        b'k' => b"Supported",
        b'l' => b"Content-Length",
        b'm' => b"Contact",
        b'o' => b"Event",
        b'r' => b"Refer-To",
        b's' => b"Subject",
        b't' => b"To",
        b'u' => b"Allow-Events",
        b'v' => b"Via",
        b'x' => b"Session-Expires",
        b'y' => b"Identity",
        _ => name,
    }
}
