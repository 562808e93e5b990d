//! Currencies: their codes, and amounts written in them.

/// The code of a currency (ISO 4217), when a name has its form: three capital letters.
pub(crate) fn code(name: &str) -> Option<[u8; 3]> {
    let bytes: [u8; 3] = name.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_uppercase).then_some(bytes)
}
