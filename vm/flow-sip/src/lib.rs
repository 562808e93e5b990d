//! SIP and SDP without input or output: wire, transactions, dialogs, offer and answer.
mod address;
mod call;
mod config;
mod counters;
mod dialog;
mod endpoint;
mod event;
mod offer_answer;
mod random;
mod sdp;
mod text;
mod time;
mod timers;
mod transaction;
mod uri;
mod vocabulary;
mod wire;

pub use address::NameAddr;
pub use config::{Config, Limits, Listener, Protocol, TransportId};
pub use counters::Counters;
pub use endpoint::{Endpoint, Invite};
pub use event::{CallHandle, EndCause, Event, IncomingInvite, Output};
pub use offer_answer::{Answer, Codec, Direction, LocalMedia, MediaSession, Negotiated, NegotiationError};
pub use time::Time;
pub use uri::{InvalidUri, Uri};
