//! Which telephone numbers an address reaches: a gateway dials the user of a SIP address as it stands, so a number
//! is a number in `sip:…@gateway` as well. The checker reads the addresses that a flow names itself in the same way; a
//! test keeps the two equal.

/// What the world dials in an emergency. Who calls them by machine binds people whom somebody else needs.
pub const EMERGENCY: &[&str] = &["000", "112", "911", "999"];

/// Fewer digits are an extension of somebody's own exchange.
const FEWEST_DIGITS: usize = 7;

/// The numbers that ringing an address may reach, E.164 with their plus; one that is dialled without a country is
/// read in every way that a gateway may take it. An emergency number stands as it is dialled. None for a name.
pub fn numbers_of(address: &str) -> Vec<String> {
    let Some(dialled) = user_of(address).map(|user| plain(&user)) else { return Vec::new() };
    let (international, digits) = match dialled.strip_prefix('+') {
        Some(digits) => (true, digits),
        None => (false, dialled.as_str()),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    if EMERGENCY.contains(&digits) {
        return vec![digits.to_owned()];
    }
    if international {
        return vec![format!("+{digits}")];
    }
    if digits.len() < FEWEST_DIGITS {
        return Vec::new();
    }
    if let Some(rest) = digits.strip_prefix("00").or_else(|| digits.strip_prefix("011")) {
        return vec![format!("+{rest}")];
    }
    let mut readings = vec![format!("+{digits}")];
    if digits.len() == 10 && !digits.starts_with(['0', '1']) {
        readings.push(format!("+1{digits}"));
    }
    readings
}

/// What a SIP or telephone URI asks for (RFC 3261 section 19.1, RFC 3966), without password and parameters; a number
/// alone is that itself.
fn user_of(address: &str) -> Option<String> {
    let (scheme, rest) = match address.split_once(':') {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => (String::new(), address),
    };
    let user = match scheme.as_str() {
        "sip" | "sips" => rest.rsplit_once('@')?.0,
        "tel" | "" => rest,
        _ => return None,
    };
    let user = unescaped(user);
    Some(user.split([';', ':', '?', ',']).next().unwrap_or_default().to_owned())
}

/// `%31` is `1` (RFC 3986 section 2.1).
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let escaped = escaped.and_then(|hex| std::str::from_utf8(hex).ok());
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Without what only helps the eye (RFC 3966 section 5.1.1).
fn plain(user: &str) -> String {
    user.chars().filter(|c| !matches!(c, '-' | '.' | '(' | ')' | ' ' | '\t' | '/')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_however_it_is_written() {
        for same in [
            "+19005551234",
            "sip:+19005551234@gw.example",
            "SIPS:+19005551234@gw.example:5061;transport=tls",
            "sip:+1-900-555-1234@gw.example",
            "sip:+1(900)555.1234;phone-context=x@gw.example;user=phone",
            "sip:%2B1%39005551234@gw.example",
            "sip:+19005551234:secret@gw.example",
            "tel:+1-900-555-1234;ext=1",
            "sip:0019005551234@gw.example",
            "sip:01119005551234@gw.example",
            "sip:19005551234@gw.example",
        ] {
            assert_eq!(numbers_of(same), ["+19005551234"], "{same}");
        }
        assert_eq!(numbers_of("sip:9005551234@gw"), ["+9005551234", "+19005551234"]);
        for emergency in ["sip:911@gw.example", "sip:9%31%31@gw", "sip:+911@gw", "tel:9-1-1", "911"] {
            assert_eq!(numbers_of(emergency), ["911"], "{emergency}");
        }
        for name in [
            "sip:ana@pbx.example",
            "sip:2001@pbx.example",
            "sip:pbx.example",
            "sip:%@x",
            "sip:%4@x",
            "",
            "mailto:x",
        ] {
            assert!(numbers_of(name).is_empty(), "{name}");
        }
    }
}
