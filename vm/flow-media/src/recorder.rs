//! What a caller says, put in order and filled up with silence, until a limit ends it.
//!
//! Packets are placed by their timestamps into a ring of [`SLOTS`] frames, which is silence where nothing
//! came. A clock of the recorder's own writes the ring out [`DELAY`] later, so that a recording is as long as
//! it lasted, whatever the network did; late, double and reordered packets find their place or are dropped.

use std::time::Duration;

use crate::event::{RecordingEnd, RecordingId};
use crate::sound::{FRAME, FRAME_SAMPLES};
use crate::time::Time;

/// Frames that the ring holds.
const SLOTS: usize = 64;
const RING: u64 = (SLOTS * FRAME_SAMPLES) as u64;
/// How late a packet may come and still be recorded.
const DELAY: Duration = Duration::from_millis(60);
/// Packets in a row that come too late before the sender's clock is taken anew.
const LATE_LIMIT: u8 = 5;
/// A frame whose root mean square is above this is voice: about -42 dB of full scale.
pub(crate) const VOICE_LEVEL: i64 = 260;
/// Frames in a row that make a voice; less is a click.
pub(crate) const VOICE_FRAMES: u8 = 3;
/// Samples that are handed over at once: 200 ms.
const CHUNK: usize = 1_600;
/// The longest recording, whatever the limits say.
const LONGEST: Duration = Duration::from_secs(4 * 3_600);

/// When a recording ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordingLimits {
    /// After so long; four hours at most.
    pub max_duration: Duration,
    /// After so much silence once the caller has spoken.
    pub silence: Option<Duration>,
    /// After so much silence when the caller has not spoken at all.
    pub no_speech: Option<Duration>,
    /// When a key goes down.
    pub digit_ends: bool,
}

impl Default for RecordingLimits {
    /// Two minutes; five seconds of silence; ten without a word; any key.
    fn default() -> RecordingLimits {
        RecordingLimits {
            max_duration: Duration::from_secs(120),
            silence: Some(Duration::from_secs(5)),
            no_speech: Some(Duration::from_secs(10)),
            digit_ends: true,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Recorder {
    pub(crate) id: RecordingId,
    pub(crate) limits: RecordingLimits,
    started: Time,
    ring: Box<[i16]>,
    /// Samples taken out of the ring so far.
    written: u64,
    /// The end of the last sample put in.
    filled: u64,
    /// A timestamp of the sender and its place.
    anchor: Option<(u32, u64)>,
    late: u8,
    out: Vec<i16>,
    voice_run: u8,
    silent_frames: u32,
    spoken: bool,
}

impl Recorder {
    pub(crate) fn new(id: RecordingId, limits: RecordingLimits, now: Time) -> Recorder {
        let limits = RecordingLimits { max_duration: limits.max_duration.min(LONGEST), ..limits };
        Recorder {
            id,
            limits,
            started: now,
            ring: vec![0; RING as usize].into_boxed_slice(),
            written: 0,
            filled: 0,
            anchor: None,
            late: 0,
            out: Vec::with_capacity(CHUNK),
            voice_run: 0,
            silent_frames: 0,
            spoken: false,
        }
    }

    /// Another stream begins: its timestamps have nothing to do with those before.
    pub(crate) fn new_stream(&mut self) {
        self.anchor = None;
    }

    /// Puts the samples of one packet into their place.
    pub(crate) fn packet(&mut self, timestamp: u32, samples: impl ExactSizeIterator<Item = i16>, now: Time) {
        let length = samples.len() as u64;
        let arrival = samples_in(now.since(self.started));
        let place = match self.anchor {
            Some((anchor, place)) => {
                place.checked_add_signed(i64::from(timestamp.wrapping_sub(anchor) as i32))
            }
            None => Some(arrival),
        };
        let fits = |place: &u64| *place >= self.written && place + length <= self.written + RING;
        let place = match place.filter(fits) {
            Some(place) => place,
            None => {
                self.late = self.late.saturating_add(1);
                if self.late < LATE_LIMIT || !fits(&arrival) {
                    return;
                }
                arrival
            }
        };
        self.late = 0;
        self.anchor = Some((timestamp, place));
        for (offset, sample) in samples.enumerate() {
            self.ring[((place + offset as u64) % RING) as usize] = sample;
        }
        self.filled = self.filled.max(place + length);
    }

    /// When [`Recorder::advance`] will have something to do.
    pub(crate) fn next_deadline(&self) -> Time {
        let frames = u32::try_from(self.written / FRAME_SAMPLES as u64).unwrap_or(u32::MAX);
        self.started + DELAY + FRAME * frames.saturating_add(1)
    }

    /// Writes out what is due, and says why the recording ends if it does.
    pub(crate) fn advance(&mut self, now: Time) -> Option<RecordingEnd> {
        while self.next_deadline() <= now {
            if let Some(end) = self.write_frame() {
                return Some(end);
            }
        }
        None
    }

    /// Writes out what has been received: the recording is over.
    pub(crate) fn flush(&mut self) {
        while self.written < self.filled && self.duration() < self.limits.max_duration {
            self.write_frame();
        }
    }

    fn write_frame(&mut self) -> Option<RecordingEnd> {
        let start = (self.written % RING) as usize;
        let frame = &mut self.ring[start..start + FRAME_SAMPLES];
        let energy: i64 = frame.iter().map(|&sample| i64::from(sample).pow(2)).sum();
        self.out.extend_from_slice(frame);
        frame.fill(0);
        self.written += FRAME_SAMPLES as u64;
        self.listen(energy > VOICE_LEVEL.pow(2) * FRAME_SAMPLES as i64);
        if self.duration() >= self.limits.max_duration {
            return Some(RecordingEnd::MaxDuration);
        }
        let limit = if self.spoken { self.limits.silence } else { self.limits.no_speech };
        limit.filter(|&limit| FRAME * self.silent_frames >= limit).map(|_| RecordingEnd::Silence)
    }

    fn listen(&mut self, loud: bool) {
        self.voice_run = if loud { self.voice_run.saturating_add(1) } else { 0 };
        if self.voice_run >= VOICE_FRAMES {
            self.spoken = true;
            self.silent_frames = 0;
        } else {
            self.silent_frames = self.silent_frames.saturating_add(1);
        }
    }

    pub(crate) fn duration(&self) -> Duration {
        Duration::from_micros(self.written * 125)
    }

    pub(crate) fn spoken(&self) -> bool {
        self.spoken
    }

    /// The samples that are ready to be handed over; with `all`, however few.
    pub(crate) fn take(&mut self, all: bool) -> Option<Vec<i16>> {
        if self.out.is_empty() || (self.out.len() < CHUNK && !all) {
            return None;
        }
        Some(std::mem::replace(&mut self.out, Vec::with_capacity(CHUNK)))
    }
}

fn samples_in(span: Duration) -> u64 {
    (span.as_micros() / 125) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: RecordingLimits = RecordingLimits {
        max_duration: Duration::from_secs(10),
        silence: Some(Duration::from_millis(500)),
        no_speech: Some(Duration::from_secs(1)),
        digit_ends: false,
    };

    /// Runs a recorder over packets (arrival in ms, timestamp, level); returns it and how and when it ended.
    fn record(packets: &[(u64, u32, i16)], until_ms: u64) -> (Recorder, Option<(u64, RecordingEnd)>) {
        let mut recorder = Recorder::new(RecordingId(1), LIMITS, Time(0));
        let mut end = None;
        for ms in 0..until_ms {
            let now = Time::from_millis(ms);
            for &(_, timestamp, level) in packets.iter().filter(|packet| packet.0 == ms) {
                recorder.packet(timestamp, std::iter::repeat_n(level, 160), now);
            }
            end = recorder.advance(now).map(|end| (ms, end));
            if end.is_some() {
                break;
            }
        }
        (recorder, end)
    }

    /// The recording as one character per frame: its level in thousands.
    fn shape(recorder: &Recorder) -> String {
        recorder.out.chunks(160).map(|frame| char::from(b'0' + (frame[80] / 1_000) as u8)).collect()
    }

    #[test]
    fn reordered_double_and_lost_packets() {
        let packets = [
            (0, 100, 1_000),
            (20, 420, 3_000),
            (25, 260, 2_000),
            (40, 420, 3_000),
            (80, 740, 5_000),
            (100, 900, 6_000),
        ];
        let (recorder, _) = record(&packets, 260);
        assert_eq!(shape(&recorder), "1230560000"[..shape(&recorder).len()]);
        assert!(recorder.out.len() >= 6 * 160);
    }

    #[test]
    fn a_packet_that_comes_after_its_time_is_dropped_and_leaves_silence() {
        let (recorder, _) = record(&[(0, 0, 1_000), (200, 160, 2_000), (201, 1_600, 3_000)], 400);
        assert_eq!(&shape(&recorder)[..11], "10000000003");
    }

    #[test]
    fn a_jump_of_the_senders_clock_is_followed_after_five_packets() {
        let packets: Vec<_> =
            (0..12u32).map(|n| (u64::from(n) * 20, 5_000_000 * (n / 3) + n * 160, 4_000)).collect();
        let steady: Vec<_> = (0..20u32)
            .map(|n| (u64::from(n) * 20, if n < 5 { n * 160 } else { 90_000_000 + n * 160 }, 4_000))
            .collect();
        assert_eq!(&shape(&record(&steady, 500).0)[..20], "44444000044444444444");
        assert!(record(&packets, 400).0.out.len() >= 10 * 160);
    }

    #[test]
    fn silence_after_speech_ends_it() {
        let voice: Vec<_> = (0..50u32).map(|n| (u64::from(n) * 20, n * 160, 4_000)).collect();
        let (recorder, end) = record(&voice, 5_000);
        assert!(recorder.spoken());
        assert_eq!(
            end,
            Some((1_560, RecordingEnd::Silence)),
            "one second of voice, half a second of silence"
        );
        assert_eq!(recorder.duration(), Duration::from_millis(1_500));
    }

    #[test]
    fn never_a_word_ends_it() {
        let click = [(100, 0, 9_000)];
        let (recorder, end) = record(&click, 5_000);
        assert!(!recorder.spoken(), "one loud frame is a click");
        assert_eq!(end, Some((1_060, RecordingEnd::Silence)));
    }

    #[test]
    fn it_is_never_longer_than_allowed() {
        let voice: Vec<_> = (0..1_000u32).map(|n| (u64::from(n) * 20, n * 160, 4_000)).collect();
        let (recorder, end) = record(&voice, 20_000);
        assert_eq!(end.unwrap().1, RecordingEnd::MaxDuration);
        assert_eq!(recorder.out.len(), 80_000);
    }

    #[test]
    fn flushing_keeps_what_was_heard_last() {
        let voice: Vec<_> = (0..10u32).map(|n| (u64::from(n) * 20, n * 160, 4_000)).collect();
        let (mut recorder, _) = record(&voice, 182);
        recorder.flush();
        assert_eq!(shape(&recorder), "4444444444");
    }
}
