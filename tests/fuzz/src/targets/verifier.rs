//! Bytes to a program that may run: refused, or the same when it is written and read again.

use flow_bytecode::{container, disassemble, verify};

/// Any bytes.
pub(super) fn run(bytes: &[u8]) {
    let _ = container::describe(bytes);
    let Ok(program) = container::decode(bytes) else { return };
    let again = container::decode(&container::encode(&program));
    assert!(again.as_ref() == Ok(&program), "it is not read as it was written");
    match verify(program) {
        Ok(verified) => {
            disassemble::listing(&verified);
        }
        Err(faults) => {
            for fault in faults {
                assert!(!fault.to_string().is_empty());
            }
        }
    }
}
