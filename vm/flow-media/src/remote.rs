//! What offer and answer settled about the other side of a session.

use std::net::SocketAddr;

use crate::codec::Codec;

/// Which way audio may go, seen from us (RFC 3264 §5.1, after the answer).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Both ways.
    #[default]
    SendReceive,
    /// We may send; the peer will not.
    SendOnly,
    /// The peer may send; we must not: it put us on hold.
    ReceiveOnly,
    /// Neither.
    Inactive,
}

impl Direction {
    /// Whether we may send audio.
    pub const fn sends(self) -> bool {
        matches!(self, Direction::SendReceive | Direction::SendOnly)
    }

    /// Whether the peer may send audio.
    pub const fn receives(self) -> bool {
        matches!(self, Direction::SendReceive | Direction::ReceiveOnly)
    }
}

/// The other side of a session, as its SDP describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remote {
    /// Where the SDP says that it hears RTP.
    pub rtp: SocketAddr,
    /// Where it hears RTCP: `a=rtcp`, else the next port. `None` switches our RTCP off.
    pub rtcp: Option<SocketAddr>,
    /// The host that the signalling came from. When it is not the host of the SDP, a NAT is evident, and the
    /// true address of the media is learnt from that host fast.
    pub signalling: Option<std::net::IpAddr>,
    /// The codec that we send, and expect.
    pub codec: Codec,
    /// The payload type of that codec.
    pub payload_type: u8,
    /// The payload type of `telephone-event/8000` (RFC 4733), if it was negotiated.
    pub telephone_event: Option<u8>,
    /// Which way audio may go.
    pub direction: Direction,
    /// Whether the peer proved to be at this address (it sent the ACK from the host that the SDP names). As
    /// long as it did not, and no RTP or RTCP came from there, it gets [`crate::UNPROVEN_PACKETS`] at most: nobody can aim
    /// our media at a stranger.
    pub proven: bool,
}

impl Remote {
    /// A peer at `rtp` that speaks `codec` by its static payload type, both ways, proven, RTCP on the next port, with
    /// telephone-event 101.
    pub fn new(rtp: SocketAddr, codec: Codec) -> Remote {
        let rtcp = rtp.port().checked_add(1).map(|port| SocketAddr::new(rtp.ip(), port));
        Remote {
            rtp,
            rtcp,
            signalling: None,
            codec,
            payload_type: codec.static_payload_type().unwrap_or(96),
            telephone_event: Some(101),
            direction: Direction::SendReceive,
            proven: true,
        }
    }
}
