//! The audio codecs a session can speak, and how to get from one to another.
//!
//! A codec here is what a payload type stands for; the rest of the crate asks it for sizes and rates instead
//! of assuming them, so that G.722 and Opus are additions to this file.

pub mod g711;

/// An audio codec of RTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// G.711 μ-law, static payload type 0 (RFC 3551 §4.5.14).
    Pcmu,
    /// G.711 A-law, static payload type 8 (RFC 3551 §4.5.14).
    Pcma,
}

impl Codec {
    /// The payload type that RFC 3551 §6 fixes for this codec, if it fixes one.
    pub const fn static_payload_type(self) -> Option<u8> {
        match self {
            Codec::Pcmu => Some(0),
            Codec::Pcma => Some(8),
        }
    }

    /// The codec that RFC 3551 §6 fixes for this payload type, if we speak it.
    pub const fn from_static_payload_type(payload_type: u8) -> Option<Codec> {
        match payload_type {
            0 => Some(Codec::Pcmu),
            8 => Some(Codec::Pcma),
            _ => None,
        }
    }

    /// The name used in SDP `a=rtpmap` (RFC 3551 §6).
    pub const fn encoding_name(self) -> &'static str {
        match self {
            Codec::Pcmu => "PCMU",
            Codec::Pcma => "PCMA",
        }
    }

    /// Ticks of the RTP timestamp per second.
    pub const fn clock_rate(self) -> u32 {
        match self {
            Codec::Pcmu | Codec::Pcma => 8_000,
        }
    }

    /// The sample that one octet of a payload stands for.
    pub(crate) fn sample(self, octet: u8) -> i16 {
        match self {
            Codec::Pcmu => g711::ulaw_to_linear(octet),
            Codec::Pcma => g711::alaw_to_linear(octet),
        }
    }

    /// Appends the samples that `payload` carries, 16 bits at 8 kHz.
    pub fn decode(self, payload: &[u8], samples: &mut Vec<i16>) {
        samples.extend(payload.iter().map(|&octet| self.sample(octet)));
    }

    /// The payload that carries `samples`, 16 bits at 8 kHz.
    pub fn encode(self, samples: &[i16]) -> Vec<u8> {
        match self {
            Codec::Pcmu => samples.iter().map(|&sample| g711::linear_to_ulaw(sample)).collect(),
            Codec::Pcma => samples.iter().map(|&sample| g711::linear_to_alaw(sample)).collect(),
        }
    }

    /// Writes `payload` of this codec into `out` as a payload of codec `to`, and returns its length.
    /// `out` must be at least as long as `payload`.
    pub fn transcode(self, to: Codec, payload: &[u8], out: &mut [u8]) -> usize {
        let out = &mut out[..payload.len()];
        match (self, to) {
            (Codec::Pcmu, Codec::Pcma) => translate(payload, out, &g711::ULAW_TO_ALAW),
            (Codec::Pcma, Codec::Pcmu) => translate(payload, out, &g711::ALAW_TO_ULAW),
            (Codec::Pcmu, Codec::Pcmu) | (Codec::Pcma, Codec::Pcma) => out.copy_from_slice(payload),
        }
        payload.len()
    }
}

fn translate(payload: &[u8], out: &mut [u8], table: &[u8; 256]) {
    for (to, &from) in out.iter_mut().zip(payload) {
        *to = table[usize::from(from)];
    }
}
