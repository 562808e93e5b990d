//! What `flowc run` starts: SIP sockets, media threads, the store, HTTP, and the stories of calls.
//!
//! Here the outside world is met: clocks, sockets, files and threads. One thread owns the node; RTP never
//! enters it, and neither a slow disk, a slow terminal nor a slow reader of metrics holds it up.

#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod audio;
mod catalogue;
mod counts;
mod error;
mod http;
mod levers;
pub mod media;
mod metrics;
mod orders;
mod outbox;
mod promised;
mod records;
mod roster;
mod screens;
mod server;
mod services;
mod sockets;
mod starting;
mod story;
mod threads;
mod voice;

pub use catalogue::{SoundFiles, is_shipped};
pub use error::StartError;
pub use flow_switch::Outbound;
pub use flow_switch::boundary::{
    CallRecord, Callback, CallbackState, CampaignRun, Outcome, Person, RowState,
};
pub use levers::{LeverChange, change_lever, read_levers};
pub use orders::{Named, Order, give_order, known_names, order_answer, read_orders};
pub use outbox::{Destinations, EmailConfig, EmailTls, OutboxEntry, read_outbox, retry_outbox};
pub use promised::{Promised, promised, read_callbacks, read_campaigns, read_program};
pub use records::{Keep, each_record, read_messages, read_records};
pub use server::{KeptProgram, Ready, RosterSource, Server, ServerConfig, StopHandle};
pub use services::{LiveServices, problem as service_problem};
pub use voice::{Voice, VoiceError};
