//! One deterministic node: switch and SIP behind [`Input`] and [`Output`].
//!
//! Pure and single-threaded: no socket, clock, file or thread is in here, and the same inputs give the same
//! outputs. It knows which leg of the switch is which SIP call and which media session, and which address is
//! which flow; it knows nothing of how flows run, how packets travel, or how audio is made.

mod admission;
mod boundary;
mod caller;
mod chance;
mod config;
mod connections;
mod failure;
mod incoming;
mod info;
mod leg;
mod node;
mod numbers;
mod outgoing;
mod streams;
#[cfg(test)]
mod tests;
mod transfer;

pub use boundary::{Admin, Input, MediaCommand, MediaEvent, Output, Remote, ResolveId, SessionId};
pub use config::Config;
pub use node::Node;
pub use numbers::{AddressBook, Target, number};
