//! Looks for bytes of a kind in long texts, many at once: written so that the compiler makes vector instructions.

/// How many bytes are looked at together.
const TOGETHER: usize = 16;

/// Whether any byte is `wanted`.
pub(crate) fn any(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> bool {
    let (pieces, rest) = bytes.as_chunks::<TOGETHER>();
    if pieces.iter().any(|piece| any_in(piece, &wanted)) {
        return true;
    }
    // What is left over is looked at with some bytes before it again, which is cheaper than one by one.
    match bytes.last_chunk::<TOGETHER>() {
        Some(last) => !rest.is_empty() && any_in(last, &wanted),
        None => rest.iter().any(|byte| wanted(*byte)),
    }
}

/// Where the first byte is that is `wanted`; the length when there is none.
pub(crate) fn find(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    let (pieces, _) = bytes.as_chunks::<TOGETHER>();
    let plain = pieces.iter().take_while(|piece| !any_in(piece, &wanted)).count() * TOGETHER;
    let rest = &bytes[plain..];
    plain + rest.iter().position(|byte| wanted(*byte)).unwrap_or(rest.len())
}

/// No branches: every byte is looked at, whatever those before it are.
fn any_in(piece: &[u8; TOGETHER], wanted: impl Fn(u8) -> bool) -> bool {
    piece.iter().fold(0, |any, byte| any | u8::from(wanted(*byte))) != 0
}

#[cfg(test)]
mod tests {
    use super::{any, find};

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for length in 0..70 {
            let plain = vec![b'a'; length];
            assert!(!any(&plain, |b| b == b'x'));
            assert_eq!(find(&plain, |b| b == b'x'), length);
            for at in 0..length {
                let mut bytes = plain.clone();
                bytes[at] = b'x';
                assert!(any(&bytes, |b| b == b'x'), "{at} of {length}");
                assert_eq!(find(&bytes, |b| b == b'x'), at, "{at} of {length}");
            }
        }
    }
}
