//! Small readers of bytes that several header parsers share: characters, tokens, host and port.

/// Bytes as text: UTF-8 where they are, Latin-1 otherwise, so that nothing is lost.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// Like [`decode`], without control characters: for texts that people will read.
pub(crate) fn decode_readable(bytes: &[u8]) -> String {
    let mut text = decode(bytes);
    text.retain(|c| !c.is_control());
    text
}

/// Without white space (line ends of folding among it) at both ends.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

/// Whether a byte may stand in a token (RFC 3261 25.1).
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte)
}

/// Whether the bytes are a token: not empty, and nothing else in them.
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().copied().all(is_token_byte)
}

/// A decimal number that fits, without sign or blanks.
pub(crate) fn number(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    bytes.iter().try_fold(0u64, |value, digit| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

/// Reads `host` or `host:port`: the length of the host and the port. Hosts are names, dotted addresses
/// or IPv6 addresses in brackets.
pub(crate) fn host_and_port(text: &str) -> Option<(usize, Option<u16>)> {
    let length = if text.starts_with('[') {
        let end = text.find(']')? + 1;
        text[1..end - 1].parse::<std::net::Ipv6Addr>().ok()?;
        end
    } else {
        let end = text.find(':').unwrap_or(text.len());
        let host = text.get(..end)?;
        let valid = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b == b'_';
        if host.is_empty() || !host.bytes().all(valid) {
            return None;
        }
        end
    };
    match text.get(length..)? {
        "" => Some((length, None)),
        rest => {
            let port = number(rest.strip_prefix(':')?.as_bytes())?;
            let port = u16::try_from(port).ok().filter(|port| *port != 0)?;
            Some((length, Some(port)))
        }
    }
}

/// Cuts a header value at a separator outside quotes and angle brackets.
pub(crate) fn split_outside_quotes(value: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    // Most values have neither, and are cut without looking at each byte.
    let plain = memchr::memchr2(b'"', b'<', value).is_none();
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let cut = if plain { memchr::memchr(separator, text) } else { find_outside_quotes(text, separator) };
        rest = cut.map(|at| &text[at + 1..]);
        Some(trim(cut.map_or(text, |at| &text[..at])))
    })
}

fn find_outside_quotes(text: &[u8], separator: u8) -> Option<usize> {
    let (mut quoted, mut angle, mut at) = (false, false, 0);
    while at < text.len() {
        match text[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b'<' if !quoted => angle = true,
            b'>' if !quoted => angle = false,
            byte if byte == separator && !quoted && !angle => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The value of a parameter in `;a=b;c`: `None` when absent, `Some(b"")` without a value.
pub(crate) fn parameter<'a>(parameters: &'a [u8], name: &str) -> Option<&'a [u8]> {
    split_outside_quotes(parameters, b';').find_map(|parameter| {
        let (key, value) = match memchr::memchr(b'=', parameter) {
            Some(at) => (trim(&parameter[..at]), trim(&parameter[at + 1..])),
            None => (parameter, &b""[..]),
        };
        key.eq_ignore_ascii_case(name.as_bytes()).then_some(value)
    })
}
