//! Names, types, outcomes and endings: the syntax tree becomes a checked program.

pub mod hir;
pub mod kinds;
