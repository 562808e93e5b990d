//! The RTP header (RFC 3550 §5.1), read without trust and written without allocation.

/// Octets of the header that we write: no CSRC, no extension.
pub const HEADER_LEN: usize = 12;

/// The fields of an RTP header that matter to an end point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Marker: the first packet of a talk-spurt or of an event.
    pub marker: bool,
    /// Payload type, 0-127.
    pub payload_type: u8,
    /// Sequence number.
    pub sequence: u16,
    /// Timestamp in ticks of the payload's clock.
    pub timestamp: u32,
    /// Synchronisation source.
    pub ssrc: u32,
}

impl Header {
    /// Writes the header into the first [`HEADER_LEN`] octets of `out`, which must be that long.
    pub fn write(&self, out: &mut [u8]) {
        out[0] = 0x80;
        out[1] = (u8::from(self.marker) << 7) | (self.payload_type & 0x7F);
        out[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        out[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        out[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
    }
}

/// An RTP packet: its header, and its payload without CSRC list, extension and padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The header.
    pub header: Header,
    /// The payload; may be empty.
    pub payload: &'a [u8],
}

/// Why a datagram is not an RTP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MalformedPacket {
    /// Shorter than its own header, CSRC list or extension.
    Truncated,
    /// The version is not 2: STUN, DTLS or noise.
    Version,
    /// The padding says that it is longer than the payload, or of no length.
    Padding,
    /// The payload types 72-76 are RTCP that strayed (RFC 5761 §4).
    Rtcp,
}

impl<'a> Packet<'a> {
    /// Reads a datagram. Never panics, whatever the bytes.
    pub fn read(datagram: &'a [u8]) -> Result<Packet<'a>, MalformedPacket> {
        let (fixed, mut rest) =
            datagram.split_first_chunk::<HEADER_LEN>().ok_or(MalformedPacket::Truncated)?;
        if fixed[0] >> 6 != 2 {
            return Err(MalformedPacket::Version);
        }
        let payload_type = fixed[1] & 0x7F;
        if (72..=76).contains(&payload_type) {
            return Err(MalformedPacket::Rtcp);
        }
        let csrc_len = usize::from(fixed[0] & 0x0F) * 4;
        rest = rest.get(csrc_len..).ok_or(MalformedPacket::Truncated)?;
        if fixed[0] & 0x10 != 0 {
            let (head, body) = rest.split_first_chunk::<4>().ok_or(MalformedPacket::Truncated)?;
            let words = usize::from(u16::from_be_bytes([head[2], head[3]]));
            rest = body.get(words * 4..).ok_or(MalformedPacket::Truncated)?;
        }
        if fixed[0] & 0x20 != 0 {
            let padding = usize::from(*rest.last().ok_or(MalformedPacket::Padding)?);
            if padding == 0 || padding > rest.len() {
                return Err(MalformedPacket::Padding);
            }
            rest = &rest[..rest.len() - padding];
        }
        let header = Header {
            marker: fixed[1] & 0x80 != 0,
            payload_type,
            sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
            timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
        };
        Ok(Packet { header, payload: rest })
    }
}
