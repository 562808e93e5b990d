//! Call coroutines: events in, effects out, as plain data.
//!
//! One call is one [`Fiber`]. It knows no clock, no socket and no telephone: its owner hands it events
//! ([`Fiber::handle`]) and drains what it asks for ([`Fiber::poll`]) until it waits, yields or is over. That is
//! the law: **drain before the next event**. A fiber holds no pointer and no part of Rust's stack; it can be
//! written to bytes at every wait and read back elsewhere.
//!
//! ```text
//! let mut fiber = Fiber::new(&program, flow, &[])?;
//! loop {
//!     match fiber.poll(&program) {
//!         Output::Begin { op, entry } => begin(op, fiber.arguments(&program)),
//!         Output::Cancel { op } => cancel(op),
//!         Output::Entered { block } => record(block),
//!         Output::Yielded => put_at_the_end_of_the_ready_queue(),
//!         Output::Waiting => fiber.handle(&program, next_event())?,
//!         Output::Ended | Output::Trapped(_) => break,
//!     }
//! }
//! ```

mod arena;
mod arguments;
mod compact;
mod events;
mod fiber;
mod format;
mod frames;
pub mod limits;
mod numbers;
mod pures;
mod run;
mod same;
mod snapshot;
mod speech;
mod step;
mod value;

pub use arena::Text;
pub use arguments::{Arguments, Value};
pub use events::{Event, Handled, Refused};
pub use fiber::{ArgumentError, Fiber, Op, Output, Trap};
pub use snapshot::SnapshotError;
pub use speech::SpeechView;
