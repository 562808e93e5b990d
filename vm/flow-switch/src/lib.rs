//! Call control in the language of calls: legs, bridges, queues, agents, call records.
//!
//! The switch runs every call's coroutine and does what its effects ask, by commands to *legs* (one leg is
//! one party's connection). Who carries the legs out (SIP and RTP, or a scripted person in virtual time) is
//! not its business: it has never heard of SIP, sockets or files. Time and chance are passed in.
//!
//! The law: after every [`Switch::handle`], drain [`Switch::poll`] before the next.

mod agents;
pub mod boundary;
mod calendars;
mod call;
mod callbacks;
mod campaigns;
mod chance;
pub mod collector;
mod defects;
mod dialled;
mod drive;
mod effects;
mod forms;
mod limits;
mod listening_boundary;
mod options;
mod outbound;
mod outbound_boundary;
mod policy;
mod programs;
mod promises;
mod queues;
mod recording;
mod records;
mod request;
mod ringing;
mod sealing;
pub mod services;
mod snapshot;
pub mod speech;
mod story;
mod switch;
mod table;
mod timers;
mod words;

pub use dialled::{EMERGENCY, numbers_of};
pub use effects::NotStarted;
pub use options::Options;
pub use policy::{Outbound, PREMIUM, Refusal};
pub use snapshot::SnapshotError;
pub use switch::{Listens, Switch};
