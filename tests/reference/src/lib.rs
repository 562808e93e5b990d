//! What a checked program means, told as plainly as possible.
//!
//! [`run`] takes one call through a program as `flow-check` left it, statement by statement, over a tree of values.
//! Whatever the call asks of the world it asks a [`World`], which says what comes of it. So the same world can be put
//! around the machine that runs the program's bytecode, and both must ask the same things, in the same order.
//!
//! It is written to be read, not to be fast, and shares nothing with what it judges: it knows no registers, no
//! bytecode, and neither `flow-lower` nor `flow-vm`. Nothing that ships may depend on it.

mod arithmetic;
mod builtins;
mod call;
mod evaluate;
mod exits;
mod heard;
mod moments;
mod plurals;
mod sentences;
mod shown;
mod speech;
mod statements;
mod value;
mod waits;
mod world;
mod written;

pub use call::{End, Fault, run};
pub use shown::shown;
pub use value::Value;
pub use world::{Answer, Deed, Given, Sort, World};
