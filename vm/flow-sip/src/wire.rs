//! The wire.
pub(crate) fn header_values(_raw: &[u8], _name: &str) -> Vec<String> {
    Vec::new()
}
