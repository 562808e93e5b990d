//! Virtual time and scripted people around the switch.
//!
//! A [`World`] is a switch with a clock that jumps from one happening to the next, callers who hear, press and
//! hang up, and people at addresses who answer, talk, decline or let it ring. It is deterministic: the same
//! seed and the same steps give the same calls. It knows nothing of SIP, audio or files: how long something is
//! spoken is estimated from its words ([`Durations`]).

mod disk;
mod durations;
mod outputs;
mod people;
mod services;
mod speaking;
mod world;

pub use disk::Disk;
pub use durations::Durations;
pub use flow_switch;
pub use people::{Answering, Person};
pub use services::{Given, Play, Played, Services};
pub use speaking::Listening;
pub use world::{Heard, Recording, Seen, What, World};
