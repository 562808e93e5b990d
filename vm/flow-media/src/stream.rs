//! The RTP stream that a session sends: one SSRC, one sequence, one clock, whatever feeds it.
//!
//! Prompts, keys and forwarded packets take turns in it. The timestamps follow the driver's clock: a talk-spurt
//! begins at the instant's own timestamp (or, if that is already covered, right after), and runs on in steps of
//! its frames. So the timeline is right across gaps, and a new prompt keeps its own phase.

use crate::rtp::{HEADER_LEN, Header};
use crate::sound::FRAME_SAMPLES;
use crate::telephone_event::PAYLOAD_LEN;
use crate::time::Time;

/// The longest RTP packet that is sent, forwarded or looked at.
pub const MAX_PACKET: usize = 1_500;
/// A step of the sequence number by more than this, while forwarding, is a new beginning.
const SEQUENCE_JUMP: u16 = 200;
/// So many packets after the beginning, packets from before it cannot arrive any more.
const BEGINNING: u32 = 1_000;

#[derive(Debug)]
pub(crate) struct Stream {
    ssrc: u32,
    next_sequence: u16,
    /// An instant and its timestamp.
    clock: (Time, u32),
    /// The first timestamp that nothing has been sent for yet; `None` before the first packet.
    covered: Option<u32>,
    /// Whether the last thing sent was audio of our own, which the next frame continues.
    talking: bool,
    event_timestamp: u32,
    forwarding: Option<Forwarding>,
    pub(crate) packets: u64,
    pub(crate) octets: u64,
}

/// How a peer's packets are renumbered into this stream.
#[derive(Debug, Clone, Copy)]
struct Forwarding {
    ssrc: u32,
    sequence_offset: u16,
    timestamp_offset: u32,
    first: u16,
    last: u16,
    count: u32,
}

impl Stream {
    pub(crate) fn new(ssrc: u32, sequence: u16, timestamp: u32, now: Time) -> Stream {
        Stream {
            ssrc,
            next_sequence: sequence,
            clock: (now, timestamp),
            covered: None,
            talking: false,
            event_timestamp: timestamp,
            forwarding: None,
            packets: 0,
            octets: 0,
        }
    }

    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// The timestamp of an instant.
    pub(crate) fn timestamp(&self, at: Time) -> u32 {
        let ticks = at.since(self.clock.0).as_micros() / 125;
        self.clock.1.wrapping_add(ticks as u32)
    }

    /// What is sent next does not continue what was sent before.
    pub(crate) fn pause(&mut self) {
        self.talking = false;
        self.forwarding = None;
    }

    /// The timestamp at which a talk-spurt or an event begins at an instant.
    fn beginning(&self, at: Time) -> u32 {
        let natural = self.timestamp(at);
        match self.covered {
            Some(covered) if (natural.wrapping_sub(covered) as i32) < 0 => covered,
            _ => natural,
        }
    }

    /// Writes one frame of our own audio.
    pub(crate) fn audio(&mut self, at: Time, payload_type: u8, payload: &[u8], out: &mut [u8]) -> usize {
        let marker = !self.talking;
        let timestamp = match self.covered {
            Some(covered) if self.talking => covered,
            _ => self.beginning(at),
        };
        self.talking = true;
        self.forwarding = None;
        self.covered = Some(timestamp.wrapping_add(FRAME_SAMPLES as u32));
        self.write(marker, payload_type, timestamp, payload, out)
    }

    /// Writes one packet of a telephone-event of our own.
    pub(crate) fn event(
        &mut self,
        at: Time,
        payload_type: u8,
        payload: &[u8; PAYLOAD_LEN],
        begins: bool,
        out: &mut [u8],
    ) -> usize {
        if begins {
            self.event_timestamp = self.beginning(at);
        }
        let ticks = u16::from_be_bytes([payload[2], payload[3]]);
        self.covered = Some(self.event_timestamp.wrapping_add(u32::from(ticks)));
        self.pause();
        self.write(begins, payload_type, self.event_timestamp, payload, out)
    }

    fn write(
        &mut self,
        marker: bool,
        payload_type: u8,
        timestamp: u32,
        payload: &[u8],
        out: &mut [u8],
    ) -> usize {
        let header =
            Header { marker, payload_type, sequence: self.next_sequence, timestamp, ssrc: self.ssrc };
        header.write(out);
        out[HEADER_LEN..HEADER_LEN + payload.len()].copy_from_slice(payload);
        self.next_sequence = self.next_sequence.wrapping_add(1);
        self.count(payload.len())
    }

    fn count(&mut self, payload: usize) -> usize {
        self.packets += 1;
        self.octets += payload as u64;
        HEADER_LEN + payload
    }

    /// Writes the header for a packet of another stream, whose payload (of `length` octets, for `ticks` ticks) the
    /// caller puts behind it. Gaps and the order of the other stream are kept, so that this peer sees its losses.
    /// Returns the length of the packet; `None` if the packet is from before the bridge.
    pub(crate) fn forward(
        &mut self,
        at: Time,
        header: &Header,
        payload_type: u8,
        length: usize,
        ticks: u32,
        out: &mut [u8],
    ) -> Option<usize> {
        let known = self.forwarding.filter(|known| {
            let step = header.sequence.wrapping_sub(known.last) as i16;
            known.ssrc == header.ssrc && step.unsigned_abs() <= SEQUENCE_JUMP
        });
        let begins = known.is_none();
        let mut forwarding = known.unwrap_or_else(|| Forwarding {
            ssrc: header.ssrc,
            sequence_offset: self.next_sequence.wrapping_sub(header.sequence),
            timestamp_offset: self.beginning(at).wrapping_sub(header.timestamp),
            first: header.sequence,
            last: header.sequence,
            count: 0,
        });
        if forwarding.count < BEGINNING && (header.sequence.wrapping_sub(forwarding.first) as i16) < 0 {
            return None;
        }
        if (header.sequence.wrapping_sub(forwarding.last) as i16) > 0 {
            forwarding.last = header.sequence;
        }
        forwarding.count = forwarding.count.saturating_add(1);
        self.forwarding = Some(forwarding);
        self.talking = false;
        let sequence = header.sequence.wrapping_add(forwarding.sequence_offset);
        let timestamp = header.timestamp.wrapping_add(forwarding.timestamp_offset);
        Header { marker: header.marker || begins, payload_type, sequence, timestamp, ssrc: self.ssrc }
            .write(out);
        if (sequence.wrapping_sub(self.next_sequence) as i16) >= 0 {
            self.next_sequence = sequence.wrapping_add(1);
        }
        let end = timestamp.wrapping_add(ticks);
        if self.covered.is_none_or(|covered| (end.wrapping_sub(covered) as i32) > 0) {
            self.covered = Some(end);
        }
        Some(self.count(length))
    }
}
