//! What comes in: whose it is, what it counts for, and the keys in it.

use std::net::SocketAddr;

use super::{Content, Forward, Session};
use crate::codec::Codec;
use crate::digit::{Digit, DigitSource};
use crate::event::{Event, PlaybackEnd, RecordingEnd};
use crate::remote::Remote;
use crate::rtcp;
use crate::rtp::{Header, MalformedPacket, Packet};
use crate::source::Verdict;
use crate::stats::Reception;
use crate::telephone_event::{DigitEvent, Receiver};
use crate::time::Time;

impl Session {
    /// Takes a datagram from the RTP socket. What it returns is for the other side of a bridge, if there is
    /// one: hand it to that session's [`Session::forward`] before the next datagram.
    pub fn receive_rtp<'a>(
        &mut self,
        from: SocketAddr,
        datagram: &'a [u8],
        now: Time,
    ) -> Option<Forward<'a>> {
        let Packet { header, payload } = match Packet::read(datagram) {
            Ok(packet) => packet,
            // RTCP multiplexed on the RTP port (RFC 5761), whether or not it was agreed upon.
            Err(MalformedPacket::Rtcp) => {
                self.receive_rtcp(from, datagram, now);
                return None;
            }
            Err(_) => {
                self.stats.malformed += 1;
                return None;
            }
        };
        let (Some(source), Some(remote)) = (&mut self.source, self.remote) else {
            self.stats.strangers += 1;
            return None;
        };
        match source.judge_rtp(from, header.ssrc, header.sequence, now) {
            Verdict::Drop => {
                self.stats.strangers += 1;
                return None;
            }
            Verdict::AcceptNew => self.begin_stream(header),
            Verdict::Accept => {}
        }
        self.hear(now);
        let content = content(&remote, header.payload_type);
        let is_key = content == Some(Content::TelephoneEvent);
        if !self.packet_budget.spend(now) || (is_key && !self.key_budget.spend(now)) {
            self.stats.excess += 1;
            return None;
        }
        self.count(header, payload, matches!(content, Some(Content::Audio(_))), now);
        match content? {
            Content::TelephoneEvent => self.key_packet(header.timestamp, payload, now),
            Content::Audio(codec) => {
                if let Some(detector) = &mut self.detector
                    && let Some(answerer) = detector.listen(payload.iter().map(|&byte| codec.sample(byte)))
                {
                    self.detector = None;
                    self.report(Event::Detected(answerer));
                }
                if let Some(recorder) = &mut self.recorder {
                    let samples = payload.iter().map(|&byte| codec.sample(byte));
                    recorder.packet(header.timestamp, samples, now);
                }
                if self.listener.is_some() {
                    let samples = payload.iter().map(|&byte| codec.sample(byte));
                    self.hear_packet(header.timestamp, samples, now);
                }
                if self.tap.is_some() {
                    let samples = payload.iter().map(|&byte| codec.sample(byte));
                    self.tap_packet(header.timestamp, samples, now);
                }
            }
        }
        let content = content?;
        Some(Forward { header, payload, content })
    }

    fn begin_stream(&mut self, header: Header) {
        let first = self.reception.is_none();
        self.heard = true;
        self.fold_reception();
        self.reception = Some(Reception::new(header.ssrc, header.sequence));
        self.with_digits(|digits, report| digits.finish(report));
        self.digits_in = Receiver::default();
        if let Some(recorder) = &mut self.recorder {
            recorder.new_stream();
        }
        if let Some(tap) = &mut self.tap {
            tap.recorder.new_stream();
        }
        self.hear_new_stream();
        if first {
            self.report(Event::MediaHeard);
        }
    }

    fn hear(&mut self, now: Time) {
        self.last_heard = now;
        self.lost = false;
    }

    fn count(&mut self, header: Header, payload: &[u8], clocked: bool, now: Time) {
        self.stats.packets_received += 1;
        self.stats.octets_received += payload.len() as u64;
        if let Some(reception) = &mut self.reception {
            reception.packet(header.sequence, header.timestamp, clocked, now);
        }
    }

    /// Keeps the counts of the stream that ends.
    fn fold_reception(&mut self) {
        if let Some(reception) = self.reception.take() {
            self.stats.lost += reception.lost();
            self.stats.jitter = reception.jitter();
        }
    }

    fn key_packet(&mut self, timestamp: u32, payload: &[u8], now: Time) {
        self.with_digits(|digits, report| digits.packet(timestamp, payload, now, report));
    }

    /// Lets the receiver of keys do something, and does what its reports ask for.
    pub(super) fn with_digits(&mut self, act: impl FnOnce(&mut Receiver, &mut dyn FnMut(DigitEvent))) {
        // One packet ends one press, begins another and may end that too.
        let mut said = [None; 4];
        let mut count = 0;
        act(&mut self.digits_in, &mut |event| {
            if let Some(place) = said.get_mut(count) {
                *place = Some(event);
                count += 1;
            }
        });
        for event in said.into_iter().flatten() {
            match event {
                DigitEvent::Started(digit) => self.digit_started(digit),
                DigitEvent::Ended(digit, held) => {
                    self.stats.digits += 1;
                    self.report(Event::Digit { digit, source: DigitSource::Rtp, held });
                }
            }
        }
    }

    fn digit_started(&mut self, digit: Digit) {
        self.report(Event::DigitStarted { digit, source: DigitSource::Rtp });
        if self.playback.as_ref().is_some_and(|playback| playback.barge_in) {
            self.end_playback(PlaybackEnd::BargedIn);
        }
        if self.recorder.as_ref().is_some_and(|recorder| recorder.limits.digit_ends) {
            self.end_recording(RecordingEnd::Digit);
        }
    }

    /// Takes a datagram from the RTCP socket.
    pub fn receive_rtcp(&mut self, from: SocketAddr, datagram: &[u8], now: Time) {
        let Some(source) = &mut self.source else {
            self.stats.strangers += 1;
            return;
        };
        let Some(report) = rtcp::read_report(datagram, self.stream.ssrc()) else {
            self.stats.malformed += 1;
            return;
        };
        if !source.judge_rtcp(from) {
            self.stats.strangers += 1;
            return;
        }
        self.hear(now);
        self.heard = true;
        if let Some(sender) = report.sender {
            self.last_sender_report = Some(((sender.ntp >> 16) as u32, now));
        }
        if let Some(reception) = report.reception {
            self.stats.peer_fraction_lost = reception.fraction_lost;
        }
    }
}

/// What a payload type means in this session. PCMU and PCMA are understood whichever was negotiated: their
/// payload types can mean nothing else.
fn content(remote: &Remote, payload_type: u8) -> Option<Content> {
    if remote.telephone_event == Some(payload_type) {
        Some(Content::TelephoneEvent)
    } else if payload_type == remote.payload_type {
        Some(Content::Audio(remote.codec))
    } else {
        Codec::from_static_payload_type(payload_type).map(Content::Audio)
    }
}
