//! The contract between compiler and machine: instructions, types, effects, tables, container, verifier.
//!
//! A [`Program`] is what the compiler makes; a [`VerifiedProgram`] is the only thing that the machine runs.
//! This crate knows nothing of source text beyond spans in the source map, and nothing of telephones
//! beyond the names and types of effects.

pub mod base64;
pub mod calendar;
pub mod container;
pub mod decimal;
pub mod disassemble;
pub mod effects;
pub mod fault;
pub mod instruction;
pub mod limits;
pub mod moment;
pub mod numbering;
pub mod plain;
pub mod plurals;
pub mod program;
pub mod prompt_uses;
pub mod prompts;
pub mod pures;
pub mod services;
pub mod steps;
pub mod text;
pub mod trap;
pub mod types;
pub mod verified;
pub mod verifier;

pub use effects::Effect;
pub use fault::{Fault, FaultKind};
pub use instruction::{Instruction, Opcode};
pub use program::Program;
pub use trap::TrapReason;
pub use types::{Datum, Type, TypeId};
pub use verified::VerifiedProgram;
pub use verifier::verify;
