//! What the driver decides before the first packet: where the node listens and how much it takes on.

use flow_sip::{Codec, Listener};

/// How a [`Node`](crate::Node) is set up.
#[derive(Clone)]
pub struct Config {
    /// The sockets of the driver on which SIP is spoken, at least one. Their addresses are what peers are
    /// told, for signalling and for media.
    pub listeners: Vec<Listener>,
    /// Chance for tags, call names and draws, from the operating system; with a fixed seed every run is the
    /// same.
    pub seed: [u8; 32],
    /// Calls at once; an INVITE beyond them is refused with 503 and `Retry-After`.
    pub calls: usize,
    /// How long a call's place stays taken after it, in microseconds: as long as its port rests. Each call at
    /// once has two ports to itself.
    pub rest_micros: u64,
    /// Codecs that we speak, best first.
    pub codecs: Vec<Codec>,
    /// The `User-Agent` of our requests.
    pub user_agent: Option<String>,
    /// Whether `Output::Story` lines are made.
    pub stories: bool,
    /// Whom we may call, and which number we may show.
    pub outbound: flow_switch::Outbound,
    /// Where telephone numbers are called: a SIP URI without a user.
    pub trunk: Option<String>,
    /// The languages in which callers are understood when they speak.
    pub listens: Vec<String>,
}

/// Seconds that a refused caller is asked to wait before trying again (RFC 3261 section 20.33).
pub(crate) const RETRY_AFTER: u32 = 5;

/// The packet length that our session descriptions ask for, in milliseconds.
pub(crate) const PTIME: u16 = 20;

/// Media orders that one leg may collect before its media is open; more are a defect of the flow and
/// dropped.
pub(crate) const PENDING_ORDERS: usize = 64;

impl Config {
    /// A configuration with the usual limits.
    pub fn new(listeners: Vec<Listener>, seed: [u8; 32]) -> Config {
        Config {
            listeners,
            seed,
            calls: 2_000,
            rest_micros: 0,
            codecs: vec![Codec::Pcmu, Codec::Pcma],
            user_agent: Some("flowc".to_owned()),
            stories: true,
            outbound: flow_switch::Outbound::default(),
            trunk: None,
            listens: Vec::new(),
        }
    }
}
