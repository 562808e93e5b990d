//! A session in a conference: what it hears comes from a mixer, 20 ms at a time, in slots of its own.

use super::sending::{CATCH_UP, may_send};
use super::{Session, Transmit};
use crate::sound::{FRAME, FRAME_SAMPLES};
use crate::time::Time;

impl Session {
    /// Whether this session's peer is to hear a mixer from now on. While a prompt plays it hears that alone.
    pub fn listen_to_mixer(&mut self, listens: bool, now: Time) {
        self.stream.pause();
        self.mix_slot = listens.then_some(now);
    }

    /// When the mixer is to be asked for 20 ms next; not while something plays.
    pub(super) fn mix_deadline(&self) -> Option<Time> {
        let silent = self.playback.is_none() && self.digits_out.is_idle();
        self.mix_slot.filter(|_| silent && self.remote.is_some())
    }

    /// The instant whose 20 ms are due.
    pub fn mix_due(&mut self, now: Time) -> Option<Time> {
        let slot = self.mix_deadline().filter(|slot| *slot <= now)?;
        // A driver that was held up, or a prompt: the stream begins anew in its phase.
        if now.since(slot) > CATCH_UP {
            self.stream.pause();
            self.mix_slot = Some(now);
            return Some(now);
        }
        Some(slot)
    }

    /// Writes the packet of the 20 ms that were due into `out`, which holds at least [`crate::MAX_PACKET`] octets.
    pub fn send_mixed(&mut self, samples: &[i16; FRAME_SAMPLES], out: &mut [u8]) -> Option<Transmit> {
        let slot = self.mix_slot?;
        self.mix_slot = Some(slot + FRAME);
        let remote = self.remote.filter(|remote| self.may_reach(remote))?;
        if !may_send(&remote, self.heard, &mut self.unproven_sent) {
            return None;
        }
        let payload = remote.codec.encode(samples);
        let len = self.stream.audio(slot, remote.payload_type, &payload, out);
        Some(self.transmit(&remote, len))
    }
}
