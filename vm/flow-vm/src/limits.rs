//! The limits of a running call, in one place and each with its reason; those of a program are in
//! `flow_bytecode::limits`.

pub use flow_bytecode::limits::TEXT_BYTES;

/// Flows and functions that run each other: deeper is a loop, not a structure.
pub const FRAMES: u8 = 32;
/// Bytes that a call remembers beyond its registers: a thousand waiting calls are 64 MB at worst.
pub const ARENA_BYTES: usize = 64 << 10;
/// Sentences within sentences: they are walked by recursion.
pub const SPEECH_DEPTH: u32 = 16;
/// Instructions before another call's turn: about ten microseconds, of which 20 ms of audio hold thousands.
pub const SLICE: u32 = 1_000;
/// Instructions for one event: a flow that needs more does not wait for anything.
pub const BUDGET: u32 = 200_000;
/// Garbage that is left lying in an arena: copying sooner costs more than the bytes.
pub const GARBAGE_BYTES: usize = 128;
/// Bytes of a snapshot: all registers of all frames and a full arena, twice over.
pub const SNAPSHOT_BYTES: usize = 256 << 10;
