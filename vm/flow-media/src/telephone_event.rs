//! Keys as RTP packets (RFC 4733): a receiver that reports each press exactly once, and a sender.

use std::collections::VecDeque;
use std::time::Duration;

use crate::digit::Digit;
use crate::time::Time;

/// Octets of the payload of one event.
pub const PAYLOAD_LEN: usize = 4;
/// An event whose end got lost is over after so long without a packet.
const END_LOST: Duration = Duration::from_millis(100);
/// The longest duration that one packet can state; a longer event goes on in a new segment (§2.5.1.3).
const SEGMENT: u32 = 0xFFFF;
/// Timestamps of past events that are remembered, to know their late packets.
const REMEMBERED: usize = 8;
/// The volume that we send, in -dBm0.
const VOLUME: u8 = 10;
/// How often the end of an event is sent (§2.5.1.4).
const ENDS: u8 = 3;
/// Ticks of one 20 ms packet.
const TICKS: u16 = 160;
/// Keys that may wait to be sent.
const QUEUE: usize = 64;

/// What the receiver says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigitEvent {
    /// A key went down.
    Started(Digit),
    /// The key came up, having been held so long.
    Ended(Digit, Duration),
}

/// Puts together the presses of one incoming stream.
#[derive(Debug, Default)]
pub struct Receiver {
    current: Option<Press>,
    /// Timestamps of presses, and of segments of presses, that are over.
    past: [Option<u32>; REMEMBERED],
    next_past: usize,
}

#[derive(Debug, Clone, Copy)]
struct Press {
    digit: Digit,
    timestamp: u32,
    /// Ticks of the segments before this one.
    before: u32,
    ticks: u16,
    last_packet: Time,
}

impl Press {
    fn held(&self) -> Duration {
        Duration::from_micros((u64::from(self.before) + u64::from(self.ticks)) * 125)
    }
}

impl Receiver {
    /// Takes the payload of a telephone-event packet and tells `report` what it means. Events that are no keys,
    /// and payloads that are too short, mean nothing.
    pub fn packet(&mut self, timestamp: u32, payload: &[u8], now: Time, report: &mut dyn FnMut(DigitEvent)) {
        self.timeout(now, report);
        let Some(&[event, flags, high, low]) = payload.first_chunk::<PAYLOAD_LEN>() else { return };
        let Some(digit) = Digit::from_event(event) else { return };
        let end = flags & 0x80 != 0;
        let ticks = u16::from_be_bytes([high, low]);
        if self.past.contains(&Some(timestamp)) {
            return;
        }
        match &mut self.current {
            Some(press) if press.timestamp == timestamp => {
                // The same press cannot change its key.
                if press.digit != digit {
                    return;
                }
                press.ticks = press.ticks.max(ticks);
                press.last_packet = now;
            }
            Some(press) if press.digit == digit && continues(press.timestamp, timestamp) => {
                let over = press.timestamp;
                press.before = press.before.saturating_add(SEGMENT);
                press.timestamp = timestamp;
                press.ticks = ticks;
                press.last_packet = now;
                self.remember(over);
            }
            _ => {
                self.finish(report);
                report(DigitEvent::Started(digit));
                self.current = Some(Press { digit, timestamp, before: 0, ticks, last_packet: now });
            }
        }
        if end {
            self.finish(report);
        }
    }

    /// Ends a press whose end was lost, when its time is up.
    pub fn timeout(&mut self, now: Time, report: &mut dyn FnMut(DigitEvent)) {
        if self.next_deadline().is_some_and(|deadline| now >= deadline) {
            self.finish(report);
        }
    }

    /// Whether a key is down.
    pub fn is_down(&self) -> bool {
        self.current.is_some()
    }

    /// When [`Receiver::timeout`] will have something to do.
    pub fn next_deadline(&self) -> Option<Time> {
        self.current.map(|press| press.last_packet + END_LOST)
    }

    /// Ends the press that is going on, if any: the stream is over.
    pub fn finish(&mut self, report: &mut dyn FnMut(DigitEvent)) {
        if let Some(press) = self.current.take() {
            self.remember(press.timestamp);
            report(DigitEvent::Ended(press.digit, press.held()));
        }
    }

    fn remember(&mut self, timestamp: u32) {
        self.past[self.next_past] = Some(timestamp);
        self.next_past = (self.next_past + 1) % REMEMBERED;
    }
}

/// Whether `next` is the segment that follows a full one. Some senders count the segment as 0x10000.
fn continues(timestamp: u32, next: u32) -> bool {
    matches!(next.wrapping_sub(timestamp), SEGMENT | 0x1_0000)
}

/// Sends keys, one packet each 20 ms while there is something to send.
#[derive(Debug, Default)]
pub struct Sender {
    waiting: VecDeque<Digit>,
    current: Option<Sending>,
}

#[derive(Debug, Clone, Copy)]
struct Sending {
    digit: Digit,
    phase: Phase,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// Packets of the key being held, so many sent.
    Held(u16),
    /// Packets with the E bit, so many sent.
    End(u8),
    /// Silence after the key, so many frames.
    Pause(u8),
}

/// How long a key is held: 5 packets, 100 ms.
const HELD_PACKETS: u16 = 5;
/// Frames of silence after a key: 60 ms, 100 ms with the repeated ends.
const PAUSE_FRAMES: u8 = 3;

/// What a sender has for one 20 ms slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderStep {
    /// An event packet.
    Packet {
        /// The four octets of the payload.
        payload: [u8; PAYLOAD_LEN],
        /// Whether the event begins: set the marker and take a new timestamp; the packets after it keep that timestamp.
        begins: bool,
    },
    /// Nothing is sent in this slot, but the sender is not done.
    Pause,
    /// Nothing to send.
    Idle,
}

impl Sender {
    /// Adds keys. More than 64 waiting keys are dropped.
    pub fn push(&mut self, digits: &[Digit]) {
        let room = QUEUE.saturating_sub(self.waiting.len());
        self.waiting.extend(digits.iter().take(room));
    }

    /// Whether there is nothing left to send.
    pub fn is_idle(&self) -> bool {
        self.current.is_none() && self.waiting.is_empty()
    }

    /// What the next 20 ms slot carries.
    pub fn step(&mut self) -> SenderStep {
        let Some(sending) = &mut self.current else {
            let Some(digit) = self.waiting.pop_front() else { return SenderStep::Idle };
            self.current = Some(Sending { digit, phase: Phase::Held(1) });
            return SenderStep::Packet { payload: payload(digit, false, TICKS), begins: true };
        };
        let digit = sending.digit;
        match sending.phase {
            Phase::Held(sent) if sent < HELD_PACKETS => {
                sending.phase = Phase::Held(sent + 1);
                SenderStep::Packet { payload: payload(digit, false, TICKS * (sent + 1)), begins: false }
            }
            Phase::Held(_) => {
                sending.phase = Phase::End(1);
                SenderStep::Packet { payload: payload(digit, true, TICKS * HELD_PACKETS), begins: false }
            }
            Phase::End(sent) if sent < ENDS => {
                sending.phase = Phase::End(sent + 1);
                SenderStep::Packet { payload: payload(digit, true, TICKS * HELD_PACKETS), begins: false }
            }
            Phase::End(_) => {
                sending.phase = Phase::Pause(1);
                SenderStep::Pause
            }
            Phase::Pause(frames) if frames < PAUSE_FRAMES => {
                sending.phase = Phase::Pause(frames + 1);
                SenderStep::Pause
            }
            Phase::Pause(_) => {
                self.current = None;
                self.step()
            }
        }
    }
}

/// The payload of one event packet (§2.3).
pub fn payload(digit: Digit, end: bool, ticks: u16) -> [u8; PAYLOAD_LEN] {
    let [high, low] = ticks.to_be_bytes();
    [digit.event(), (u8::from(end) << 7) | VOLUME, high, low]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line of a scenario: milliseconds, timestamp, key, `E` bit, duration in ticks.
    type Line = (u64, u32, char, bool, u16);

    /// Feeds a scenario and half a second of silence; returns what was reported, like `+5 -5`.
    fn heard(lines: &[Line]) -> String {
        let mut receiver = Receiver::default();
        let mut said = Vec::new();
        let mut report = |event| match event {
            DigitEvent::Started(digit) => said.push(format!("+{digit}")),
            DigitEvent::Ended(digit, held) => said.push(format!("-{digit}:{}", held.as_millis())),
        };
        for &(at, timestamp, key, end, ticks) in lines {
            let payload = payload(Digit::from_char(key).unwrap(), end, ticks);
            receiver.packet(timestamp, &payload, Time::from_millis(at), &mut report);
        }
        let end = lines.last().map_or(0, |line| line.0) + 500;
        receiver.timeout(Time::from_millis(end), &mut report);
        assert_eq!(receiver.next_deadline(), None);
        said.join(" ")
    }

    #[test]
    fn a_press_with_three_ends_is_one_press() {
        let lines = [
            (0, 8, '5', false, 160),
            (20, 8, '5', false, 320),
            (40, 8, '5', true, 480),
            (60, 8, '5', true, 480),
            (80, 8, '5', true, 480),
        ];
        assert_eq!(heard(&lines), "+5 -5:60");
    }

    #[test]
    fn a_press_whose_ends_are_lost_ends_by_itself() {
        assert_eq!(heard(&[(0, 8, '5', false, 160), (20, 8, '5', false, 320)]), "+5 -5:40");
    }

    #[test]
    fn a_late_packet_after_the_time_out_is_no_new_press() {
        assert_eq!(heard(&[(0, 8, '5', false, 160), (130, 8, '5', true, 1_040)]), "+5 -5:20");
    }

    #[test]
    fn a_press_of_which_only_an_end_arrives_counts() {
        assert_eq!(heard(&[(0, 8, '5', true, 480)]), "+5 -5:60");
    }

    #[test]
    fn duplicates_change_nothing() {
        let line = (0, 8, '5', false, 160);
        assert_eq!(heard(&[line, line, line, (20, 8, '5', true, 320), line]), "+5 -5:40");
    }

    #[test]
    fn an_end_that_overtakes_its_beginning_counts_once() {
        assert_eq!(
            heard(&[(0, 8, '5', true, 480), (1, 8, '5', false, 320), (2, 8, '5', false, 160)]),
            "+5 -5:60"
        );
    }

    #[test]
    fn the_next_press_ends_one_whose_ends_are_lost() {
        assert_eq!(
            heard(&[(0, 8, '1', false, 160), (60, 808, '1', false, 160), (80, 808, '1', true, 320)]),
            "+1 -1:20 +1 -1:40"
        );
    }

    #[test]
    fn late_packets_of_the_press_before_do_not_count_again() {
        let lines = [
            (0, 8, '1', true, 160),
            (40, 808, '2', false, 160),
            (41, 8, '1', true, 160),
            (60, 808, '2', true, 320),
        ];
        assert_eq!(heard(&lines), "+1 -1:20 +2 -2:40");
    }

    #[test]
    fn the_same_key_twice_is_two_presses() {
        assert_eq!(heard(&[(0, 8, '1', true, 160), (100, 1_608, '1', true, 160)]), "+1 -1:20 +1 -1:20");
    }

    #[test]
    fn timestamps_wrap() {
        let before = u32::MAX - 100;
        let after = before.wrapping_add(1_600);
        assert_eq!(
            heard(&[
                (0, before, '1', true, 160),
                (200, after, '2', true, 160),
                (201, before, '1', true, 160)
            ]),
            "+1 -1:20 +2 -2:20"
        );
    }

    #[test]
    fn a_key_held_beyond_one_segment_is_one_press() {
        let second = 8 + 0xFFFF;
        let lines = [
            (0, 8, '5', false, 160),
            (8_180, 8, '5', false, 65_440),
            (8_200, second, '5', false, 160),
            (8_201, 8, '5', false, 0xFFFF),
            (8_220, second, '5', true, 320),
        ];
        // Between the first two lines more than 100 ms pass; a real sender keeps sending.
        let steady: Vec<Line> = (0..410)
            .map(|n| (n * 20, 8, '5', false, (n * 160).min(0xFFFF) as u16))
            .chain(lines[2..].iter().copied())
            .collect();
        assert_eq!(heard(&steady), "+5 -5:8231");
    }

    #[test]
    fn sixteen_keys_in_a_row_are_sixteen_presses() {
        let mut lines = Vec::new();
        for (n, key) in "0123456789*#ABCD".chars().enumerate() {
            let (at, timestamp) = (n as u64 * 200, n as u32 * 1_600);
            lines.extend([
                (at, timestamp, key, false, 160),
                (at + 20, timestamp, key, true, 320),
                (at + 40, timestamp, key, true, 320),
            ]);
        }
        let expected: Vec<String> =
            "0123456789*#ABCD".chars().map(|key| format!("+{key} -{key}:40")).collect();
        assert_eq!(heard(&lines), expected.join(" "));
    }

    #[test]
    fn what_is_no_key_is_ignored() {
        let mut receiver = Receiver::default();
        let mut said = 0;
        for payload in [&[16u8, 0, 0, 160][..], &[255, 0x80, 0, 0], &[5, 0, 0], &[]] {
            receiver.packet(0, payload, Time(0), &mut |_| said += 1);
        }
        assert_eq!(said, 0);
    }

    #[test]
    fn what_the_sender_sends_the_receiver_hears() {
        let mut sender = Sender::default();
        let keys: Vec<Digit> = "15#".chars().filter_map(Digit::from_char).collect();
        sender.push(&keys);
        let mut receiver = Receiver::default();
        let mut said = Vec::new();
        let (mut slot, mut timestamp, mut ends) = (0u64, 0, 0);
        loop {
            match sender.step() {
                SenderStep::Packet { payload, begins } => {
                    if begins {
                        timestamp = slot as u32 * 160;
                    }
                    ends += u32::from(payload[1] & 0x80 != 0);
                    receiver.packet(timestamp, &payload, Time::from_millis(slot * 20), &mut |event| {
                        said.push(event)
                    });
                }
                SenderStep::Pause => {}
                SenderStep::Idle => break,
            }
            slot += 1;
        }
        let held = Duration::from_millis(100);
        let expected: Vec<DigitEvent> =
            keys.iter().flat_map(|&k| [DigitEvent::Started(k), DigitEvent::Ended(k, held)]).collect();
        assert_eq!(said, expected);
        assert_eq!(ends, 9, "three ends for each key");
        assert!(sender.is_idle());
    }
}
