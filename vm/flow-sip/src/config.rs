//! What the driver decides before the first message: where we listen, who we say we are, and how much
//! we are willing to remember.

use std::net::SocketAddr;

/// The driver's name for one of its sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransportId(pub u32);

/// How messages travel on a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// Datagrams: every message is one packet, and retransmission is ours.
    Udp,
}

impl Protocol {
    /// The transport as a Via header names it.
    pub(crate) fn via_name(self) -> &'static str {
        match self {
            Protocol::Udp => "UDP",
        }
    }
}

/// A socket of the driver on which SIP is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// What `handle_datagram` and `Output::Transmit` call this socket.
    pub id: TransportId,
    /// What is spoken on it.
    pub protocol: Protocol,
    /// The address that peers are told in Via and Contact. Never an unspecified one such as `0.0.0.0`.
    pub address: SocketAddr,
}

/// How an [`Endpoint`](crate::Endpoint) is set up.
#[derive(Clone)]
pub struct Config {
    /// The sockets, at least one.
    pub listeners: Vec<Listener>,
    /// The `User-Agent` of our requests. No header names us when absent, and no response ever does.
    pub user_agent: Option<String>,
    /// Where branches, tags and Call-IDs come from. Seeded from the operating system they are
    /// unguessable; with a fixed seed every run is the same.
    pub seed: [u8; 32],
    /// How much may be remembered at once.
    pub limits: Limits,
}

/// Bounds on everything that a peer can make grow. What does not fit is refused or dropped, and counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Calls (dialogs and INVITEs on their way); an INVITE beyond gets 503 with Retry-After.
    pub calls: usize,
    /// Server transactions alive, of all methods.
    pub server_transactions: usize,
    /// Client transactions alive, of all methods.
    pub client_transactions: usize,
    /// Bytes of the longest message read.
    pub message_bytes: usize,
    /// Bytes of the longest body read.
    pub body_bytes: usize,
    /// Header lines of a message.
    pub headers: usize,
    /// Via values of a message.
    pub vias: usize,
    /// Record-Route values that a dialog keeps.
    pub routes: usize,
    /// 2xx answers from different forks of one of our INVITEs that are acknowledged and hung up.
    pub forks: usize,
}

impl Limits {
    /// For messages that have passed the limits already, or are our own.
    pub(crate) const NONE: Limits = Limits {
        calls: usize::MAX,
        server_transactions: usize::MAX,
        client_transactions: usize::MAX,
        message_bytes: usize::MAX,
        body_bytes: usize::MAX,
        headers: usize::MAX,
        vias: usize::MAX,
        routes: usize::MAX,
        forks: usize::MAX,
    };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            calls: 50_000,
            server_transactions: 400_000,
            client_transactions: 400_000,
            message_bytes: 65_535,
            body_bytes: 32_768,
            headers: 256,
            vias: 64,
            routes: 16,
            forks: 16,
        }
    }
}
