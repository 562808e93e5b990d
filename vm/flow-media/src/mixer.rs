//! A conference: everybody hears everybody else.
//!
//! What each member says is laid on one common clock, the driver's, by its own timestamps, so that packets which come
//! out of order or bunched find their place; a member whose clock runs away is taken up anew. Whoever listens takes
//! 20 ms at a time, a little behind that clock: the sum of all others, cut at the greatest level rather than wrapped.
//! Nothing here knows of sockets or threads.

use std::time::Duration;

use crate::command::SessionId;
use crate::sound::FRAME_SAMPLES;
use crate::time::Time;

/// Samples that are kept of each member: a second.
const RING: u64 = 8_000;
/// How far behind the clock is listened: what comes later than this is not heard.
const DELAY: u64 = 480;
/// How much later than it says a packet may come before the member's clock is taken anew: while it is still heard.
const LATE: u64 = 320;
/// How much earlier: a tenth of a second.
const EARLY: u64 = 800;

/// One room.
#[derive(Debug, Default)]
pub struct Mixer {
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    id: SessionId,
    ring: Box<[i16]>,
    /// The end of the last sample.
    filled: u64,
    /// A timestamp of the member's and its place.
    anchor: Option<(u32, u64)>,
}

impl Mixer {
    /// Takes a member in, once.
    pub fn join(&mut self, id: SessionId) {
        if !self.members.iter().any(|member| member.id == id) {
            let ring = vec![0; RING as usize].into_boxed_slice();
            self.members.push(Member { id, ring, filled: 0, anchor: None });
        }
    }

    /// Lets a member go.
    pub fn leave(&mut self, id: SessionId) {
        self.members.retain(|member| member.id != id);
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// What a member has said, with the timestamp of its packet (RFC 3550 §5.1).
    pub fn put(&mut self, id: SessionId, timestamp: u32, samples: &[i16], now: Time) {
        if let Some(member) = self.members.iter_mut().find(|member| member.id == id) {
            member.put(timestamp, samples, place(now));
        }
    }

    /// The 20 ms that a member hears at an instant: everybody else.
    pub fn take(&self, id: SessionId, at: Time) -> [i16; FRAME_SAMPLES] {
        let mut sum = [0_i32; FRAME_SAMPLES];
        let Some(from) = place(at).checked_sub(DELAY + FRAME_SAMPLES as u64) else {
            return [0; FRAME_SAMPLES];
        };
        for member in self.members.iter().filter(|member| member.id != id) {
            for (index, sum) in sum.iter_mut().enumerate() {
                *sum += i32::from(member.sample(from + index as u64));
            }
        }
        sum.map(|sum| sum.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16)
    }
}

impl Member {
    fn put(&mut self, timestamp: u32, samples: &[i16], arrival: u64) {
        let samples = &samples[..samples.len().min(RING as usize / 2)];
        let told = self.anchor.and_then(|(anchor, place)| {
            place.checked_add_signed(i64::from(timestamp.wrapping_sub(anchor) as i32))
        });
        let place =
            told.filter(|place| *place + LATE >= arrival && *place <= arrival + EARLY).unwrap_or(arrival);
        self.anchor = Some((timestamp, place));
        // What was not said is silence, not what was said a second ago.
        let gap = self.filled.max(place.saturating_sub(RING));
        for silent in gap..place {
            self.ring[(silent % RING) as usize] = 0;
        }
        for (offset, sample) in samples.iter().enumerate() {
            self.ring[((place + offset as u64) % RING) as usize] = *sample;
        }
        self.filled = self.filled.max(place + samples.len() as u64);
    }

    fn sample(&self, at: u64) -> i16 {
        if at < self.filled && at + RING >= self.filled { self.ring[(at % RING) as usize] } else { 0 }
    }
}

/// An instant as a number of samples.
fn place(at: Time) -> u64 {
    (at.since(Time::default()).as_micros() / Duration::from_micros(125).as_micros()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SessionId = SessionId(1);
    const B: SessionId = SessionId(2);
    const C: SessionId = SessionId(3);

    /// A room in which A says 1,000 and B says 200 for a second, C nothing; `level` of what each hears in the middle.
    fn talk(jitter: impl Fn(u64) -> u64, drift: u32) -> [i16; 3] {
        let mut mixer = Mixer::default();
        for id in [A, B, C] {
            mixer.join(id);
        }
        let mut packets: Vec<(u64, SessionId, u32, i16)> = Vec::new();
        for n in 0..50_u64 {
            packets.push((1_000 + n * 20 + jitter(n), A, n as u32 * 160, 1_000));
            packets.push((1_007 + n * 20, B, (u32::MAX - 80).wrapping_add(n as u32 * (160 + drift)), 200));
        }
        packets.sort_by_key(|(ms, ..)| *ms);
        let mut heard = [0; 3];
        for ms in 1_000..1_600 {
            for (_, id, timestamp, level) in packets.iter().filter(|packet| packet.0 == ms) {
                mixer.put(*id, *timestamp, &[*level; 160], Time::from_millis(ms));
            }
            if ms == 1_500 {
                heard = [A, B, C].map(|id| mixer.take(id, Time::from_millis(ms))[80]);
            }
        }
        heard
    }

    #[test]
    fn everybody_hears_everybody_else() {
        assert_eq!(talk(|_| 0, 0), [200, 1_000, 1_200]);
    }

    #[test]
    fn packets_that_come_in_bunches_or_out_of_order_find_their_place() {
        assert_eq!(talk(|n| if n % 3 == 0 { 40 } else { 0 }, 0), [200, 1_000, 1_200]);
    }

    #[test]
    fn a_clock_that_runs_away_is_followed() {
        assert_eq!(talk(|_| 0, 40), [200, 1_000, 1_200]);
    }

    #[test]
    fn a_clock_that_is_slow_is_heard_all_the_time() {
        let mut mixer = Mixer::default();
        mixer.join(A);
        mixer.join(B);
        let mut silent = 0;
        for ms in 0..4_000 {
            let now = Time::from_millis(1_000 + ms);
            // Its 20 ms last 22 of ours.
            if ms % 22 == 0 {
                mixer.put(A, (ms / 22) as u32 * 160, &[1_000; 160], now);
            }
            if ms > 200 && ms % 20 == 0 {
                silent += usize::from(mixer.take(B, now) == [0; 160]);
            }
        }
        // It has too little to say, by a tenth; what it says is heard.
        assert!(silent <= 4_000 / 20 / 8, "{silent} frames of 190 are silent");
    }

    #[test]
    fn loud_voices_are_cut_and_not_wrapped() {
        let mut mixer = Mixer::default();
        for id in [A, B, C] {
            mixer.join(id);
        }
        let now = Time::from_millis(1_000);
        mixer.put(A, 0, &[30_000; 1_600], now);
        mixer.put(B, 0, &[30_000; 1_600], now);
        assert_eq!(mixer.take(C, Time::from_millis(1_150))[0], i16::MAX);
        assert_eq!(mixer.take(A, Time::from_millis(1_150))[0], 30_000);
    }

    #[test]
    fn who_falls_silent_or_leaves_is_not_heard_again() {
        let mut mixer = Mixer::default();
        mixer.join(A);
        mixer.join(B);
        mixer.put(A, 0, &[5_000; 160], Time::from_millis(1_000));
        assert_eq!(mixer.take(B, Time::from_millis(1_085))[0], 5_000);
        // A second later the same places of the ring are read.
        assert_eq!(mixer.take(B, Time::from_millis(2_085))[0], 0);
        mixer.put(A, 8_800, &[5_000; 160], Time::from_millis(2_100));
        assert_eq!(mixer.take(B, Time::from_millis(2_085))[0], 0);
        mixer.leave(A);
        assert_eq!(mixer.take(B, Time::from_millis(2_185))[0], 0);
        assert!(!mixer.is_empty());
    }
}
