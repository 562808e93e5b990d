//! A case that breaks a target, made smaller as long as it still does.

/// Takes out ever smaller stretches while `fails`; gives up after some thousand tries.
pub fn shrink(mut bytes: Vec<u8>, whole_lines: bool, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut tries = 6_000;
    if whole_lines {
        let mut lines: Vec<Vec<u8>> =
            bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        without(&mut lines, &mut tries, |lines| fails(&lines.concat()));
        bytes = lines.concat();
        brackets(&mut bytes, &mut tries, &fails);
        without(&mut bytes, &mut tries, |bytes| fails(bytes));
    }
    bytes
}

/// Takes out brackets with all that is in them, and puts in the place of brackets what is in them.
fn brackets(bytes: &mut Vec<u8>, tries: &mut u32, fails: impl Fn(&[u8]) -> bool) {
    let mut at = 0;
    while at < bytes.len() {
        let Some(end) = end_of(bytes, at) else {
            at += 1;
            continue;
        };
        let without = |from: usize, to: usize| [&bytes[..from], &bytes[to..]].concat();
        let inner = [&bytes[..at], &bytes[at + 1..end], &bytes[end + 1..]].concat();
        let first = bytes[at..end].iter().position(|byte| *byte == b',').map(|comma| at + comma);
        let smaller = [
            Some(without(at, end + 1)),
            Some(inner),
            first.map(|comma| without(at + 1, comma + 1)),
            first.map(|comma| without(comma, end)),
        ];
        let Some(left) = tries.checked_sub(smaller.len() as u32) else { return };
        *tries = left;
        match smaller.into_iter().flatten().find(|bytes| fails(bytes)) {
            Some(smaller) => *bytes = smaller,
            None => at += 1,
        }
    }
}

/// Where the bracket at a place is closed.
fn end_of(bytes: &[u8], at: usize) -> Option<usize> {
    let closing = match bytes[at] {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        _ => return None,
    };
    let mut depth = 0;
    for (index, byte) in bytes.iter().enumerate().skip(at) {
        if *byte == bytes[at] {
            depth += 1;
        } else if *byte == closing {
            depth -= 1;
            if depth == 0 {
                return Some(index);
            }
        }
    }
    None
}

fn without<T: Clone>(parts: &mut Vec<T>, tries: &mut u32, fails: impl Fn(&[T]) -> bool) {
    let mut size = parts.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < parts.len() {
            if *tries == 0 {
                return;
            }
            *tries -= 1;
            let mut fewer = parts.clone();
            fewer.drain(at..(at + size).min(parts.len()));
            if fails(&fewer) {
                *parts = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
}
