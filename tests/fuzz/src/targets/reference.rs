//! Programs that compile, run twice: the machine does what the reference interpreter does, effect by effect.
//!
//! The bytes are a flow's text. Such as begin with a zero byte are choices instead, of which a program is made that
//! nearly always compiles.

use flow_project::{Memory, load_on};

use super::checker::TODAY;
use crate::programs;
use crate::reference::{Compared, compare};

/// Calls through each flow.
const CALLS: u64 = 3;

/// Any bytes.
pub(super) fn run(bytes: &[u8]) {
    let text = match bytes.split_first() {
        Some((0, choices)) => programs::of_bytes(choices).into_bytes(),
        _ => bytes.to_vec(),
    };
    let sum = text.iter().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let mut files = Memory::default();
    files.insert("p/main.flow", text);
    let loaded = load_on(&files, "p/main.flow", TODAY).expect("a file in memory is read");
    for compared in compare(&loaded, sum, CALLS).unwrap_or_default() {
        if let Compared::Different(why) = compared {
            panic!("{why}");
        }
    }
}
