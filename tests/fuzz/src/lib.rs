//! Bad input for every reader of the project: targets, the mutators that feed them, and what once broke them.
//!
//! A [`Target`] is a plain function over bytes that returns when all is well and panics when not. The same
//! functions are driven by `cargo test` (a few seconds, and all of `corpus/`) and by the runner of this crate
//! (`cargo run --release -p flow-fuzz -- parser --minutes 5`). Every case follows from a seed and a number, so
//! that a run that was killed can be repeated.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros)]

pub mod bounds;
pub mod containers;
pub mod corpus;
pub mod programs;
pub mod random;
pub mod reference;
pub mod run;
pub mod shrink;
pub mod targets;
pub mod texts;

pub use random::Random;
pub use targets::{Input, TARGETS, Target, target};
