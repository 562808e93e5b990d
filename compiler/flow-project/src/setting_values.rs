//! Values of settings as `flow.toml` writes them: dates, times, moments, numbers, amounts and keys as text.
//!
//! What a text means, and nothing of who asks: the manifest's check and the run both read by this.

use jiff::civil;

/// The day of `2026-11-27`, in days since 1970-01-01.
pub fn date_days(text: &str) -> Option<i32> {
    let date: civil::Date = plain(text, 10)?.parse().ok()?;
    Some(civil::date(1970, 1, 1).until(date).ok()?.get_days())
}

/// The time of day of `08:30` or `08:30:15`, in milliseconds.
pub fn time_millis(text: &str) -> Option<i32> {
    if text.len() != 5 && text.len() != 8 {
        return None;
    }
    let mut parts = text.split(':').map(|part| part.parse::<i32>().ok().filter(|_| part.len() == 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let fits = hour < 24 && minute < 60 && second < 60 && !text.contains(['+', '-']);
    fits.then_some(((60 * hour + minute) * 60 + second) * 1000)
}

/// The instant of `2026-11-27T08:30` in a zone, in milliseconds since 1970. Where clocks skip it, it moves
/// forward; where they repeat it, the first is meant.
pub fn datetime_millis(text: &str, zone: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let date: civil::Date = plain(date, 10)?.parse().ok()?;
    let minutes = i64::from(time_millis(time)?) / 1000;
    let local = date.at(0, 0, 0, 0).checked_add(jiff::Span::new().seconds(minutes)).ok()?;
    let zone = jiff::tz::TimeZone::get(zone).ok()?;
    Some(zone.to_ambiguous_zoned(local).compatible().ok()?.timestamp().as_millisecond())
}

/// Whether a text is a number with at most one point.
pub fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && plain(fraction) && whole.len() + fraction.len() <= 28
}

/// The currency and the amount of `EUR 12.50`, as texts.
pub fn amount_parts(text: &str) -> Option<(&str, &str)> {
    let (code, amount) = text.split_once(' ')?;
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_code && is_decimal(amount)).then_some((code, amount))
}

/// Whether a text is 32 bytes in base64, as an X25519 public key is written.
pub fn is_public_key(text: &str) -> bool {
    let Some(digits) = text.strip_suffix('=') else { return false };
    // The last digit holds two bits that mean nothing, and have to be zero.
    digits.len() == 43
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        && digits.bytes().last().is_some_and(|last| b"AEIMQUYcgkosw048".contains(&last))
}

/// A text of exactly so many bytes, without the signs that a date library would take besides.
fn plain(text: &str, length: usize) -> Option<&str> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_as_in_a_flow() {
        assert_eq!(date_days("1970-01-02"), Some(1));
        assert_eq!(date_days("2026-02-30"), None);
        assert_eq!(date_days("26-02-03"), None);
        assert_eq!(time_millis("08:30"), Some(30_600_000));
        for odd in ["8:30", "24:00", "08:60", "08:30:", "-8:30", "08-30"] {
            assert_eq!(time_millis(odd), None, "{odd}");
        }
        assert_eq!(datetime_millis("1970-01-01T01:00", "Europe/Madrid"), Some(0));
        assert_eq!(datetime_millis("1970-01-01 01:00", "Europe/Madrid"), None);
    }

    #[test]
    fn amounts_and_keys() {
        assert_eq!(amount_parts("EUR 12.50"), Some(("EUR", "12.50")));
        for odd in ["EUR", "EUR12", "eur 1", "EUR 1e3", "EUR  1"] {
            assert_eq!(amount_parts(odd), None, "{odd}");
        }
        assert!(is_public_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        assert!(!is_public_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB="));
        assert!(!is_public_key("AAAA"));
    }
}
