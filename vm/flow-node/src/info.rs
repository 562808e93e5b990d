//! Keys in SIP INFO: `application/dtmf-relay` and `application/dtmf`, as phones send them.

use flow_switch::boundary::Digit;

/// The key of an INFO request; `None` when it holds none that we know.
pub(crate) fn digit(content_type: &str, body: &[u8]) -> Option<Digit> {
    let text = std::str::from_utf8(body).ok()?;
    match content_type {
        "application/dtmf-relay" => {
            let signal = text.lines().find_map(|line| {
                let (key, value) = line.split_once('=')?;
                key.trim().eq_ignore_ascii_case("signal").then(|| value.trim())
            })?;
            key(signal)
        }
        "application/dtmf" => key(text.trim()),
        _ => None,
    }
}

/// A key as its character, or `10` and `11` for star and pound as some phones write them.
fn key(text: &str) -> Option<Digit> {
    match text {
        "10" => Digit::new(b'*'),
        "11" => Digit::new(b'#'),
        _ => match text.as_bytes() {
            [one] => Digit::new(one.to_ascii_uppercase()),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_as_phones_write_them() {
        let ascii = |kind: &str, body: &str| digit(kind, body.as_bytes()).map(|digit| digit.ascii() as char);
        assert_eq!(ascii("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"), Some('5'));
        assert_eq!(ascii("application/dtmf-relay", "Signal= * \nDuration=100"), Some('*'));
        assert_eq!(ascii("application/dtmf-relay", "signal=11"), Some('#'));
        assert_eq!(ascii("application/dtmf", "a"), Some('A'));
        assert_eq!(ascii("application/dtmf-relay", "Duration=160"), None);
        assert_eq!(ascii("application/dtmf-relay", "Signal=55"), None);
        assert_eq!(ascii("text/plain", "Signal=5"), None);
        assert_eq!(digit("application/dtmf", &[0xff]), None);
    }
}
