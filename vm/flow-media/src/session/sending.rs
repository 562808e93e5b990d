//! What goes out: prompts and keys in their slots, forwarded packets, and RTCP reports.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::{Channel, Content, Forward, Session, Transmit, UNPROVEN_PACKETS};
use crate::event::PlaybackEnd;
use crate::playlist::Step;
use crate::remote::Remote;
use crate::rtcp;
use crate::rtp::HEADER_LEN;
use crate::sound::FRAME;
use crate::source::Source;
use crate::stream::MAX_PACKET;
use crate::telephone_event::SenderStep;
use crate::time::Time;

/// A slot that is handled later than this takes a new phase instead of catching up.
pub(super) const CATCH_UP: Duration = Duration::from_millis(100);
/// RTCP reports go out this often (RFC 3550 §6.2).
const REPORT_INTERVAL: Duration = Duration::from_secs(5);

impl Session {
    /// Writes a packet of the other side of the bridge for this session's peer into `out`, which holds at least
    /// [`MAX_PACKET`] octets. Nothing is sent while a prompt plays to this peer, nor telephone-events to one that
    /// did not negotiate them.
    pub fn forward(&mut self, forward: &Forward<'_>, now: Time, out: &mut [u8]) -> Option<Transmit> {
        let remote = self.remote.filter(|remote| self.may_reach(remote))?;
        if self.playback.is_some()
            || !self.digits_out.is_idle()
            || HEADER_LEN + forward.payload.len() > MAX_PACKET
        {
            return None;
        }
        let length = forward.payload.len();
        let (payload_type, ticks) = match forward.content {
            Content::Audio(_) => (remote.payload_type, length as u32),
            Content::TelephoneEvent => (remote.telephone_event?, 0),
        };
        if !may_send(&remote, self.heard, &mut self.unproven_sent) {
            return None;
        }
        let len = self.stream.forward(now, &forward.header, payload_type, length, ticks, out)?;
        let place = &mut out[HEADER_LEN..len];
        match forward.content {
            Content::Audio(codec) => {
                codec.transcode(remote.codec, forward.payload, place);
            }
            Content::TelephoneEvent => place.copy_from_slice(forward.payload),
        }
        Some(self.transmit(&remote, len))
    }

    /// Whether audio may go to the peer, and its address can be one: the SDP may say `0.0.0.0` for hold, or name a
    /// group of hosts, which no call is for.
    pub(super) fn may_reach(&self, remote: &Remote) -> bool {
        let to = self.address(remote);
        let broadcast = to.ip() == IpAddr::V4(Ipv4Addr::BROADCAST);
        let one_host = !to.ip().is_unspecified() && !to.ip().is_multicast() && !broadcast;
        remote.direction.sends() && one_host && to.port() != 0
    }

    fn address(&self, remote: &Remote) -> SocketAddr {
        self.source.as_ref().map_or(remote.rtp, Source::rtp_address)
    }

    pub(super) fn transmit(&self, remote: &Remote, len: usize) -> Transmit {
        Transmit { channel: Channel::Rtp, to: self.address(remote), len }
    }

    /// Does what is due and writes the next packet to send into `out`, which holds at least [`MAX_PACKET`] octets;
    /// `None` when nothing more is due.
    pub fn poll_transmit(&mut self, now: Time, out: &mut [u8]) -> Option<Transmit> {
        self.with_digits(|digits, report| digits.timeout(now, report));
        self.advance_recording(now);
        self.advance_tap(now);
        self.advance_listening(now);
        self.notice_loss(now);
        while let (Some(slot), Some(remote)) = (self.slot.filter(|&slot| slot <= now), self.remote) {
            if let Some(transmit) = self.fill_slot(slot, remote, now, out) {
                return Some(transmit);
            }
        }
        self.poll_report(now, out)
    }

    /// Does one 20 ms slot. Returns nothing if the slot carries no packet.
    fn fill_slot(&mut self, slot: Time, remote: Remote, now: Time, out: &mut [u8]) -> Option<Transmit> {
        // A driver that was held up catches up a little; after more, the stream begins anew in its phase.
        let at = if now.since(slot) > CATCH_UP {
            self.stream.pause();
            now
        } else {
            slot
        };
        self.slot = Some(at + FRAME);
        let allowed = self.may_reach(&remote);
        match self.digits_out.step() {
            SenderStep::Packet { payload, begins } => {
                let payload_type = remote.telephone_event.filter(|_| allowed)?;
                if !may_send(&remote, self.heard, &mut self.unproven_sent) {
                    return None;
                }
                let len = self.stream.event(at, payload_type, &payload, begins, out);
                return Some(self.transmit(&remote, len));
            }
            SenderStep::Pause => return None,
            SenderStep::Idle => {}
        }
        let Some(playback) = &mut self.playback else {
            self.slot = None;
            return None;
        };
        match playback.player.step(remote.codec) {
            Step::Payload(payload) if allowed && may_send(&remote, self.heard, &mut self.unproven_sent) => {
                let len = self.stream.audio(at, remote.payload_type, payload, out);
                Some(self.transmit(&remote, len))
            }
            Step::Payload(_) | Step::Gap => {
                self.stream.pause();
                None
            }
            Step::End => {
                self.end_playback(PlaybackEnd::Completed);
                None
            }
        }
    }

    fn poll_report(&mut self, now: Time, out: &mut [u8]) -> Option<Transmit> {
        if self.next_report.is_none_or(|due| now < due) {
            return None;
        }
        self.next_report = Some(now + REPORT_INTERVAL);
        self.write_report(now, false, out)
    }

    pub(super) fn write_report(&mut self, now: Time, goodbye: bool, out: &mut [u8]) -> Option<Transmit> {
        let to = self.source.as_ref()?.rtcp_address()?;
        let remote = self.remote.filter(|remote| remote.proven || self.heard)?;
        // Reports go to the host that the audio goes to: `a=rtcp` must not aim them at a third one.
        if to.ip().is_unspecified() || to.ip() != self.address(&remote).ip() {
            return None;
        }
        let sent = self.stream.packets > self.reported_packets;
        self.reported_packets = self.stream.packets;
        let sender = sent.then(|| rtcp::SenderInfo {
            ntp: ((now.0 / 1_000_000) << 32) | (((now.0 % 1_000_000) << 32) / 1_000_000),
            rtp_timestamp: self.stream.timestamp(now),
            packets: self.stream.packets as u32,
            octets: self.stream.octets as u32,
        });
        let (last, delay) = self.last_sender_report.map_or((0, 0), |(middle, at)| {
            (middle, (now.since(at).as_micros() * 65_536 / 1_000_000).min(u128::from(u32::MAX)) as u32)
        });
        let reception = self.reception.as_mut().map(|reception| rtcp::ReceptionReport {
            ssrc: reception.ssrc,
            fraction_lost: reception.take_fraction_lost(),
            cumulative_lost: reception.lost().clamp(-0x80_0000, 0x7F_FFFF) as i32,
            highest_sequence: reception.extended_highest(),
            jitter: reception.jitter(),
            last_sender_report: last,
            delay,
        });
        let len = rtcp::write_report(out, self.stream.ssrc(), sender, reception, goodbye);
        Some(Transmit { channel: Channel::Rtcp, to, len })
    }
}

/// Whether a peer may get one more packet; counts it in `sent` while the peer is neither proven nor heard.
pub(super) fn may_send(remote: &Remote, heard: bool, sent: &mut u32) -> bool {
    if remote.proven || heard {
        return true;
    }
    *sent = sent.saturating_add(1);
    *sent <= UNPROVEN_PACKETS
}
