//! Offer and answer (RFC 3264) for one audio stream.

use std::net::SocketAddr;

/// An audio codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// G.711 µ-law, payload type 0.
    Pcmu,
    /// G.711 A-law, payload type 8.
    Pcma,
}

/// Who may send, as seen from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Both.
    #[default]
    SendRecv,
    /// Only we: they are on hold, and hear music if we play it.
    SendOnly,
    /// Only they: they hold us and may play music.
    RecvOnly,
    /// Nobody.
    Inactive,
}

impl Direction {
    /// Whether we may send.
    pub fn sends(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::SendOnly)
    }

    /// Whether they may send.
    pub fn receives(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::RecvOnly)
    }
}

/// Our side of the audio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalMedia {
    /// Where we receive RTP: an address that the peer can reach, and the port.
    pub address: SocketAddr,
    /// What we speak, best first.
    pub codecs: Vec<Codec>,
    /// Whether we take digits as telephone-event (RFC 4733).
    pub telephone_event: bool,
    /// The packet length that we prefer, in milliseconds.
    pub ptime: u16,
    /// The session id of the `o=` line; a number of the driver's choice, the same for the call's life.
    pub session_id: u64,
}

/// What both sides agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negotiated {
    /// Where to send RTP. The address is unspecified (`0.0.0.0`) when they take none now.
    pub remote: SocketAddr,
    /// What to send.
    pub codec: Codec,
    /// The payload type to send it under, and to expect.
    pub payload_type: u8,
    /// The payload type of telephone-event at 8000 Hz; `None`: no digits by RFC 4733.
    pub telephone_event: Option<u8>,
    /// From our side.
    pub direction: Direction,
    /// Milliseconds a packet that they would like to receive.
    pub ptime: u16,
}

/// An answer to send and what it settles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The session description.
    pub sdp: Vec<u8>,
    /// What it means.
    pub negotiated: Negotiated,
}

/// Why no agreement came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NegotiationError {
    /// Not a session description.
    Malformed,
    /// No audio over plain RTP offered, or it was refused with port 0.
    NoAudio,
    /// Audio, but no codec of ours.
    NoCommonCodec,
    /// The connection address is a name, not an address.
    UnresolvedAddress,
    /// An answer without an offer.
    NoOffer,
}

impl NegotiationError {
    /// The status that tells the offerer: 400 or 488.
    pub fn status(self) -> u16 {
        match self {
            NegotiationError::Malformed => 400,
            _ => 488,
        }
    }
}

/// The offers and answers of one call, one after another.
#[derive(Debug, Clone)]
pub struct MediaSession {
    negotiated: Option<Negotiated>,
}

impl MediaSession {
    /// A session in which nothing was said yet.
    pub fn new(_local: LocalMedia) -> MediaSession {
        MediaSession { negotiated: None }
    }

    /// Our offer. An offer that follows keeps the streams of the session and counts its version on.
    pub fn offer(&mut self, _direction: Direction) -> Vec<u8> {
        Vec::new()
    }

    /// Answers their offer; `direction` is the most that we want (hold: `SendOnly` or `Inactive`).
    pub fn answer(&mut self, _offer: &[u8], _direction: Direction) -> Result<Answer, NegotiationError> {
        Err(NegotiationError::Malformed)
    }

    /// Takes their answer to our last offer.
    pub fn receive_answer(&mut self, _answer: &[u8]) -> Result<Negotiated, NegotiationError> {
        Err(NegotiationError::NoOffer)
    }

    /// What was last agreed.
    pub fn negotiated(&self) -> Option<&Negotiated> {
        self.negotiated.as_ref()
    }
}
