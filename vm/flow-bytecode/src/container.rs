//! The `.flowb` container.

use sha2::{Digest, Sha256};

use crate::program::Program;

/// SHA-256 of the critical sections.
pub fn identity(program: &Program) -> [u8; 32] {
    Sha256::digest(format!("{program:?}")).into()
}
