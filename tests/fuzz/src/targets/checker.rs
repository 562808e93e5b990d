//! Text to a program: what has no error compiles, passes the verifier, and is the same when it is read again.

use flow_bytecode::{Program, container, verify};
use flow_project::{Loaded, Memory, load_on};

use super::parser::said;

/// 2026-01-01: what is said of dates hangs on no clock.
pub(super) const TODAY: i32 = 20_454;

/// Any bytes.
pub(super) fn run(bytes: &[u8]) {
    let mut files = Memory::default();
    files.insert("p/main.flow", bytes.to_vec());
    answered(&load_on(&files, "p/main.flow", TODAY).expect("a file in memory is read"));
}

/// What every project that was read keeps to.
pub(super) fn answered(loaded: &Loaded) {
    assert_eq!(loaded.has_errors(), loaded.program.is_none(), "a program or an error, and never both");
    said(&loaded.sources, &loaded.diagnostics);
    let Some(program) = &loaded.program else { return };
    match flow_lower::lower(program, &loaded.sources) {
        Ok(code) => {
            let bytes = container::encode(&code);
            assert!(container::decode(&bytes).as_ref() == Ok(&code), "it is not read as it was written");
            if let Err(faults) = verify(code) {
                match flow_lower::limits::beyond(program, &faults) {
                    Some(limits) => said(&loaded.sources, &limits),
                    None => panic!("the verifier refuses what was compiled: {faults:?}"),
                }
            }
        }
        Err(limits) => {
            assert!(!limits.is_empty());
            said(&loaded.sources, &limits);
        }
    }
}

/// The program of a flow that stands alone and has no mistakes.
pub fn compiled(text: &str) -> Option<Program> {
    let files = Memory::new([("p/main.flow", text)]);
    let loaded = load_on(&files, "p/main.flow", TODAY).ok()?;
    flow_lower::lower(loaded.program.as_ref()?, &loaded.sources).ok()
}
