//! Text to its layout: laid out the first time, with the same meaning and every comment, or told why not.

use flow_format::{Fault, format};

/// Any bytes.
pub(super) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // That meaning and comments are kept is `format`'s own check; that it finds itself at fault is a bug.
    let once = match format(text) {
        Ok(once) => once.text,
        Err(Fault::TooLarge) => return,
        Err(fault) => panic!("{fault:?}"),
    };
    match format(&once) {
        Ok(again) => assert!(again.text == once, "not laid out the first time"),
        Err(fault) => panic!("{fault:?} the second time"),
    }
}
