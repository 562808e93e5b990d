//! What went through a session, counted as RFC 3550 appendix A counts it.

use crate::time::Time;

/// Counts of one session since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// RTP packets sent.
    pub packets_sent: u64,
    /// Octets of RTP payload sent.
    pub octets_sent: u64,
    /// RTP packets accepted.
    pub packets_received: u64,
    /// Octets of RTP payload accepted.
    pub octets_received: u64,
    /// Packets that should have come and did not; negative when duplicates outnumber losses (A.3).
    pub lost: i64,
    /// Interarrival jitter, in ticks of the RTP clock (A.8).
    pub jitter: u32,
    /// Presses of keys that were reported.
    pub digits: u64,
    /// Datagrams that were no RTP or RTCP.
    pub malformed: u64,
    /// Packets of strangers: another address or SSRC than the peer's.
    pub strangers: u64,
    /// Packets of the peer beyond what any call needs, dropped.
    pub excess: u64,
    /// The peer's view of what we send: the last fraction lost that it reported, in 1/256.
    pub peer_fraction_lost: u8,
}

/// Sequence numbers and jitter of one incoming stream (RFC 3550 A.1, A.3, A.8).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reception {
    pub(crate) ssrc: u32,
    base: u64,
    highest: u64,
    received: u64,
    /// Estimate of the jitter, in 1/16 ticks.
    jitter: u32,
    transit: Option<u32>,
    prior_expected: u64,
    prior_received: u64,
}

impl Reception {
    pub(crate) fn new(ssrc: u32, sequence: u16) -> Reception {
        // One cycle up, so that a packet from before the first one has a place.
        let base = 0x1_0000 + u64::from(sequence);
        Reception {
            ssrc,
            base,
            highest: base.saturating_sub(1),
            received: 0,
            jitter: 0,
            transit: None,
            prior_expected: 0,
            prior_received: 0,
        }
    }

    /// Counts a packet. `clocked` says whether its timestamp tells when it was sampled (audio does; the packets of
    /// one telephone-event all bear the same).
    pub(crate) fn packet(&mut self, sequence: u16, timestamp: u32, clocked: bool, now: Time) {
        self.received += 1;
        let step = sequence.wrapping_sub(self.highest as u16) as i16;
        if step > 0 {
            self.highest += step as u64;
        } else {
            let place = self.highest.saturating_sub(u64::from(step.unsigned_abs()));
            self.base = self.base.min(place);
        }
        if !clocked {
            return;
        }
        let arrival = (now.0.wrapping_mul(8) / 1_000) as u32;
        let transit = arrival.wrapping_sub(timestamp);
        if let Some(before) = self.transit {
            let delta = (transit.wrapping_sub(before) as i32).unsigned_abs();
            // A jump of the sender's clock is no jitter.
            if delta < 80_000 {
                self.jitter = (self.jitter + delta).saturating_sub((self.jitter + 8) >> 4);
            }
        }
        self.transit = Some(transit);
    }

    pub(crate) fn jitter(&self) -> u32 {
        self.jitter >> 4
    }

    pub(crate) fn extended_highest(&self) -> u32 {
        (self.highest - 0x1_0000) as u32
    }

    fn expected(&self) -> u64 {
        (self.highest + 1).saturating_sub(self.base)
    }

    pub(crate) fn lost(&self) -> i64 {
        self.expected() as i64 - self.received as i64
    }

    /// The fraction lost since the last call, in 1/256 (A.3).
    pub(crate) fn take_fraction_lost(&mut self) -> u8 {
        let expected = self.expected() - self.prior_expected.min(self.expected());
        let received = self.received - self.prior_received;
        self.prior_expected = self.expected();
        self.prior_received = self.received;
        let lost = expected.saturating_sub(received);
        (lost << 8).checked_div(expected).unwrap_or(0).min(255) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_duplicates_and_the_wrap_are_counted() {
        let mut reception = Reception::new(1, 65_533);
        // 65533, 65534, (65535 lost), 0, 0 again, 2, 1 late: seven places, one missing, one double.
        for (n, sequence) in [65_533u16, 65_534, 0, 0, 2, 1].into_iter().enumerate() {
            reception.packet(sequence, 0, false, Time::from_millis(20 * n as u64));
        }
        assert_eq!(reception.lost(), 0, "one lost, one twice");
        assert_eq!(reception.extended_highest(), 0x1_0002);
        reception.packet(5, 0, false, Time(0));
        assert_eq!(reception.lost(), 2);
        assert_eq!(reception.take_fraction_lost(), (2u32 * 256 / 9) as u8);
        assert_eq!(reception.take_fraction_lost(), 0);
    }

    #[test]
    fn even_spacing_has_no_jitter_and_uneven_spacing_has() {
        let mut even = Reception::new(1, 0);
        let mut uneven = Reception::new(1, 0);
        for n in 0..200u16 {
            let on_time = u64::from(n) * 20_000;
            even.packet(n, u32::from(n) * 160, true, Time(on_time));
            uneven.packet(n, u32::from(n) * 160, true, Time(on_time + u64::from(n % 2) * 10_000));
        }
        assert_eq!(even.jitter(), 0);
        // Every packet is 10 ms off its neighbour: the estimate tends to 80 ticks.
        assert!((75..=80).contains(&uneven.jitter()), "{}", uneven.jitter());
    }
}
