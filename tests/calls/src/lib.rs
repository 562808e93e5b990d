//! Whole calls in virtual time: a flow is compiled, a node runs it, and phones made of our own SIP endpoint
//! call it over a network of this crate's. What happened is a ladder that a person can read.

mod compile;
mod phone;
mod world;

pub use compile::{compile, compile_with};
pub use phone::Phone;
pub use world::World;
