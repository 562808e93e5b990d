//! The limits that a program must keep, in one place and each with its reason. Those of a running call are in
//! `flow-vm`.

/// Registers of a frame: operands have 8 bits.
pub const REGISTERS: usize = 255;
/// Bytes of one text: what a person can be told or shown at once; an answer that is longer is refused.
pub const TEXT_BYTES: usize = 4096;
/// Instructions of a program: 4 MiB of code is far beyond any call flow, and bounds what a verifier does.
pub const INSTRUCTIONS: usize = 1 << 20;
/// Entries of any table that instructions index with 16 bits.
pub const TABLE: usize = 1 << 16;
/// Texts of a program; indexed with 32 bits.
pub const TEXTS: usize = 1 << 20;
/// Entries of one jump table.
pub const JUMPS: usize = 4096;
/// How deep types nest: values are walked by recursion, so this bounds the walker's stack.
pub const TYPE_DEPTH: usize = 16;
/// Fields of a record or variant, arguments of a template: they stand in registers.
pub const FIELDS: usize = 64;
/// Variants of an enum.
pub const VARIANTS: usize = 1024;
/// Phrases that one question listens for in one language: a caller cannot keep more apart, and each is compared
/// with what was heard.
pub const PHRASES: usize = 256;
/// Bytes of one phrase: 120 characters, whatever the script.
pub const PHRASE_BYTES: usize = 480;
/// Bytes of a container: read whole before it is trusted.
pub const CONTAINER_BYTES: usize = 16 << 20;
