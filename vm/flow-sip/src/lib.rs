//! SIP and SDP without input or output: wire, transactions, dialogs, offer and answer.
//!
//! An [`Endpoint`] is the SIP side of a node: a user agent that answers and makes any number of calls
//! over all its listeners. It is told of datagrams and of the time, and says what to send and what
//! happened. It has no socket, no clock, no randomness but its seed, and has never heard of flows,
//! queues or agents; what two of its calls have to do with each other (a B2BUA) is decided above it.
//!
//! # The law
//!
//! After every `handle_*` and after every command, drain [`Endpoint::poll`] to `None`; then wait until a
//! datagram comes or [`Endpoint::next_deadline`] has passed. The same inputs in the same order give the
//! same outputs.
//!
//! ```
//! use flow_sip::{Config, Endpoint, Event, Invite, Limits, Listener, NameAddr, Output, Protocol, Time, TransportId, Uri};
//!
//! let endpoint = |address: &str, seed| {
//!     let listener = Listener { id: TransportId(0), protocol: Protocol::Udp, address: address.parse().unwrap() };
//!     let limits = Limits::default();
//!     Endpoint::new(Config { listeners: vec![listener], user_agent: None, seed: [seed; 32], limits })
//! };
//! let (mut phone, mut server) = (endpoint("127.0.0.1:5060", 1), endpoint("127.0.0.2:5060", 2));
//!
//! let support: Uri = "sip:support@127.0.0.2".parse().unwrap();
//! phone.invite(Time::ZERO, Invite {
//!     transport: TransportId(0),
//!     destination: support.socket_address().unwrap(),
//!     request_uri: support.clone(),
//!     from: NameAddr::with_display("Ada", "sip:ada@127.0.0.1".parse().unwrap()),
//!     to: NameAddr::new(support),
//!     sdp: None,
//!     headers: Vec::new(),
//! });
//! while let Some(output) = phone.poll() {
//!     if let Output::Transmit { bytes, .. } = output {
//!         server.handle_datagram(Time::ZERO, TransportId(0), "127.0.0.1:5060".parse().unwrap(), &bytes);
//!     }
//! }
//! let Some(Output::Event(Event::Incoming { call, request })) = server.poll() else { panic!() };
//! assert_eq!((request.request_uri.user().as_str(), request.from.display.as_deref()), ("support", Some("Ada")));
//! server.ring(Time::ZERO, call, 180, None);
//! ```
//!
//! # Layers
//!
//! ```text
//! Endpoint           tables and ways: requests, responses, deadlines, commands
//!   Call             an INVITE, its dialog, its open offers                      RFC 3261 13-15
//!   Dialog           tags, CSeq both ways, route set, remote target              RFC 3261 12
//!   transactions     repetition and give-up, one small machine per request      RFC 3261 17, 6026
//!   wire             bytes to messages that are views, and back                  RFC 3261 7, 18, 25; 3581
//! MediaSession       offers and answers of one call; uses sdp                    RFC 3264, 8866
//! ```
//!
//! A call that is over is forgotten at once. What SIP has left to do then (absorb a repeated INVITE,
//! repeat a BYE, acknowledge and hang up a 2xx that crossed our CANCEL) is in the transactions, which
//! carry all that it takes; so a finished call costs two small transactions for 32 seconds and nothing
//! after. Answers to requests that have no call are stateless: they cost nothing that lasts.
//!
//! # Why the reader is ours
//!
//! `rsip` 0.4 serves as vocabulary (its `Method`) and as an oracle: a test reads plain messages with both
//! and compares. It cannot be the reader. It knows no IPv6 address in a Via, no `tel:` URI, no folded
//! line, no blank before a colon, no compact form of a header that it types, and no bytes outside UTF-8;
//! all of these are in messages that phones send, and treating `To :` as another header than `To` has
//! been a way around other servers' checks. It also compares methods without case, writes reason phrases
//! as Rust names, and copies every header. A test keeps this list true.
//!
//! # What is left for later, and where it goes
//!
//! Reliable provisional responses (a field of `Call` beside `unacknowledged`), session timers (a deadline
//! of `Call`), digest (a new attempt of a client transaction's request), TCP and TLS (a `Protocol`; its
//! transactions are built without retransmission), REFER and UPDATE (`dialog_requests`).
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
