//! A case that breaks a target, made smaller as long as it still does.

/// Takes out ever smaller stretches while `fails`; gives up after some thousand tries.
pub fn shrink(mut bytes: Vec<u8>, whole_lines: bool, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut tries = 3_000;
    if whole_lines {
        let mut lines: Vec<Vec<u8>> =
            bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        without(&mut lines, &mut tries, |lines| fails(&lines.concat()));
        bytes = lines.concat();
        without(&mut bytes, &mut tries, |bytes| fails(bytes));
    }
    bytes
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
