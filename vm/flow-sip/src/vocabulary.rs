//! Methods and reason phrases. The one module that speaks `rsip`'s vocabulary: its `Method` names the
//! methods that we know; its status names check our reason phrases in a test.
//!
//! `rsip` compares methods without case, which RFC 3261 7.1 forbids, and writes reason phrases as Rust
//! names (`BusyHere`); hence the matching and the phrases here.

use std::fmt;

pub(crate) use rsip::Method as Known;

/// The method of a request, as a view into the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method<'a> {
    /// One that some RFC defines.
    Known(Known),
    /// Any other token.
    Other(&'a [u8]),
}

impl<'a> Method<'a> {
    /// Reads a method; case counts.
    pub(crate) fn read(bytes: &'a [u8]) -> Method<'a> {
        let known = match bytes {
            b"INVITE" => Known::Invite,
            b"ACK" => Known::Ack,
            b"BYE" => Known::Bye,
            b"CANCEL" => Known::Cancel,
            b"OPTIONS" => Known::Options,
            b"INFO" => Known::Info,
            b"REGISTER" => Known::Register,
            b"MESSAGE" => Known::Message,
            b"NOTIFY" => Known::Notify,
            b"PRACK" => Known::PRack,
            b"PUBLISH" => Known::Publish,
            b"REFER" => Known::Refer,
            b"SUBSCRIBE" => Known::Subscribe,
            b"UPDATE" => Known::Update,
            other => return Method::Other(other),
        };
        Method::Known(known)
    }

    /// Whether it is this method.
    pub(crate) fn is(self, known: Known) -> bool {
        self == Method::Known(known)
    }

    /// The method as written.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        match self {
            Method::Known(known) => name(*known).as_bytes(),
            Method::Other(other) => other,
        }
    }
}

impl fmt::Display for Method<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::decode_readable(self.bytes()))
    }
}

/// The name of a method, without the allocation of `to_string`.
pub(crate) fn name(method: Known) -> &'static str {
    match method {
        Known::Invite => "INVITE",
        Known::Ack => "ACK",
        Known::Bye => "BYE",
        Known::Cancel => "CANCEL",
        Known::Options => "OPTIONS",
        Known::Info => "INFO",
        Known::Register => "REGISTER",
        Known::Message => "MESSAGE",
        Known::Notify => "NOTIFY",
        Known::PRack => "PRACK",
        Known::Publish => "PUBLISH",
        Known::Refer => "REFER",
        Known::Subscribe => "SUBSCRIBE",
        Known::Update => "UPDATE",
    }
}

/// The methods that we serve, as the value of an `Allow` header.
pub(crate) const ALLOW: &str = "INVITE,ACK,BYE,CANCEL,OPTIONS,INFO";

/// The phrase that goes with a status code when nobody names another.
pub(crate) fn reason_phrase(code: u16) -> &'static str {
    match code {
        100 => "Trying",
        180 => "Ringing",
        181 => "Call Is Being Forwarded",
        182 => "Queued",
        183 => "Session Progress",
        200 => "OK",
        202 => "Accepted",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Moved Temporarily",
        305 => "Use Proxy",
        380 => "Alternative Service",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        410 => "Gone",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Unsupported URI Scheme",
        420 => "Bad Extension",
        421 => "Extension Required",
        422 => "Session Interval Too Small",
        423 => "Interval Too Brief",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        483 => "Too Many Hops",
        484 => "Address Incomplete",
        485 => "Ambiguous",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        491 => "Request Pending",
        493 => "Undecipherable",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Server Time-out",
        505 => "Version Not Supported",
        513 => "Message Too Large",
        600 => "Busy Everywhere",
        603 => "Decline",
        604 => "Does Not Exist Anywhere",
        606 => "Not Acceptable",
        _ => match code / 100 {
            1 => "Progress",
            2 => "Success",
            3 => "Redirection",
            4 => "Request Failure",
            5 => "Server Failure",
            _ => "Global Failure",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `TemporarilyUnavailable` and `Temporarily Unavailable` are one to us.
    fn letters(text: &str) -> String {
        text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
    }

    #[test]
    fn reason_phrases_agree_with_rsip() {
        let mut compared = 0;
        for code in 100..700 {
            let theirs = rsip::StatusCode::from(code);
            let general = ["Progress", "Success", "Redirection", "Request Failure", "Server Failure"];
            if matches!(theirs, rsip::StatusCode::Other(..)) || general.contains(&reason_phrase(code)) {
                continue;
            }
            let name = letters(&format!("{theirs:?}"));
            let ours = letters(reason_phrase(code));
            if ours != name {
                // rsip names these by other words than the RFCs.
                assert!([606, 607].contains(&code), "{code}: {ours} / {name}");
            }
            compared += 1;
        }
        assert!(compared > 40, "{compared}");
    }

    #[test]
    fn names_agree_with_rsip_and_case_counts() {
        for method in Known::all() {
            assert_eq!(name(method), method.to_string());
            assert!(Method::read(name(method).as_bytes()).is(method));
        }
        assert_eq!(Method::read(b"invite"), Method::Other(b"invite"));
    }
}
