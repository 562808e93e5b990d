//! One RTP session: the media side of one call leg.
//!
//! Datagrams and instants come in, packets, samples and events go out; see the crate's law. The parts know
//! their own matters: [`crate::source`] who may speak, [`crate::stream`] what we send, [`crate::playlist`] what is
//! played, [`crate::recorder`] what is recorded. This file is where they meet.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use crate::codec::Codec;
use crate::digit::{Digit, DigitSource};
use crate::event::{Event, PlaybackEnd, PlaybackId, RecordingEnd, RecordingId};
use crate::playlist::{Player, Playlist, Step};
use crate::recorder::{Recorder, RecordingLimits};
use crate::remote::Remote;
use crate::rtcp;
use crate::rtp::{HEADER_LEN, Header, Packet};
use crate::sound::FRAME;
use crate::source::{Source, Verdict};
use crate::stats::{Reception, Stats};
use crate::stream::{MAX_PACKET, Stream};
use crate::telephone_event::{DigitEvent, Receiver, Sender, SenderStep};
use crate::time::Time;

/// RTP packets that a peer gets before it proved to be where its SDP says (10 s).
pub const UNPROVEN_PACKETS: u32 = 500;
/// A slot that is handled later than this takes a new phase instead of catching up.
const CATCH_UP: Duration = Duration::from_millis(100);
/// RTCP reports go out this often (RFC 3550 §6.2).
const REPORT_INTERVAL: Duration = Duration::from_secs(5);
/// Events that wait to be fetched; a driver that keeps the law never has so many.
const MAX_EVENTS: usize = 256;

/// What a driver can set for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionConfig {
    /// After so long without RTP and RTCP the media is lost; `None` for never. Not counted while the direction
    /// says that the peer sends nothing.
    pub media_timeout: Option<Duration>,
}

impl Default for SessionConfig {
    fn default() -> SessionConfig {
        SessionConfig { media_timeout: Some(Duration::from_secs(60)) }
    }
}

/// Chance, handed in by the driver: where the numbers of our stream begin (RFC 3550 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamStart {
    /// Our SSRC.
    pub ssrc: u32,
    /// Our first sequence number.
    pub sequence: u16,
    /// Our timestamp at the instant of opening.
    pub timestamp: u32,
}

/// Which of the two sockets a packet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The even port.
    Rtp,
    /// The odd port.
    Rtcp,
}

/// A packet to send: the first `len` octets of the buffer that the driver gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transmit {
    /// From which socket.
    pub channel: Channel,
    /// Where to.
    pub to: SocketAddr,
    /// How long it is.
    pub len: usize,
}

/// What a session hands to the other side of its bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forward<'a> {
    header: Header,
    payload: &'a [u8],
    content: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Audio(Codec),
    TelephoneEvent,
}

#[derive(Debug)]
struct Playback {
    id: PlaybackId,
    player: Player,
    barge_in: bool,
}

/// One RTP session.
#[derive(Debug)]
pub struct Session {
    config: SessionConfig,
    remote: Option<Remote>,
    source: Option<Source>,
    stream: Stream,
    /// When the next frame of a prompt or a key is due.
    slot: Option<Time>,
    playback: Option<Playback>,
    digits_out: Sender,
    unproven_sent: u32,
    digits_in: Receiver,
    reception: Option<Reception>,
    /// When the peer was last heard, by RTP or RTCP, or was first expected to be.
    last_heard: Time,
    heard: bool,
    lost: bool,
    recorder: Option<Box<Recorder>>,
    /// The last samples of a recording that is over.
    recorded: VecDeque<(RecordingId, Vec<i16>)>,
    next_report: Option<Time>,
    reported_packets: u64,
    /// The peer's last sender report: the middle of its NTP timestamp, and when it came.
    last_sender_report: Option<(u32, Time)>,
    events: VecDeque<Event>,
    stats: Stats,
}

impl Session {
    /// A session that knows no peer yet.
    pub fn new(config: SessionConfig, start: StreamStart, now: Time) -> Session {
        Session {
            config,
            remote: None,
            source: None,
            stream: Stream::new(start.ssrc, start.sequence, start.timestamp, now),
            slot: None,
            playback: None,
            digits_out: Sender::default(),
            unproven_sent: 0,
            digits_in: Receiver::default(),
            reception: None,
            last_heard: now,
            heard: false,
            lost: false,
            recorder: None,
            recorded: VecDeque::new(),
            next_report: None,
            reported_packets: 0,
            last_sender_report: None,
            events: VecDeque::new(),
            stats: Stats::default(),
        }
    }

    /// What offer and answer settled. What plays goes on; what is learnt of the peer is kept unless it moved.
    pub fn set_remote(&mut self, remote: Remote, now: Time) {
        let expected_before = self.remote.is_some_and(|known| known.direction.receives());
        if !expected_before {
            self.last_heard = now;
        }
        match &mut self.source {
            Some(source) => source.rename(remote.rtp, remote.rtcp, remote.signalling, now),
            None => self.source = Some(Source::new(remote.rtp, remote.rtcp, remote.signalling, now)),
        }
        if self.remote.is_none_or(|known| known.rtp != remote.rtp) {
            self.unproven_sent = 0;
            self.heard = false;
        }
        if self.remote.is_none() {
            // A prompt may have been waiting for somebody to hear it.
            self.slot = self.slot.map(|_| now);
            // Not all sessions report at the same instant.
            let phase = Duration::from_millis(u64::from(self.stream.ssrc() % 4_000));
            self.next_report = remote.rtcp.map(|_| now + Duration::from_secs(1) + phase);
        }
        self.remote = Some(remote);
    }

    /// The peer proved to be where its SDP says.
    pub fn set_proven(&mut self) {
        if let Some(remote) = &mut self.remote {
            remote.proven = true;
        }
    }

    /// Plays, at once, in place of what is being played. With `barge_in`, a key that goes down stops it.
    pub fn play(&mut self, id: PlaybackId, playlist: Playlist, barge_in: bool, now: Time) {
        self.end_playback(PlaybackEnd::Replaced);
        self.playback = Some(Playback { id, player: Player::new(playlist), barge_in });
        if self.digits_out.is_idle() {
            self.stream.pause();
            self.slot = Some(now);
        }
    }

    /// Stops a playback, if it is still the current one.
    pub fn stop(&mut self, id: PlaybackId) {
        if self.playback.as_ref().is_some_and(|playback| playback.id == id) {
            self.end_playback(PlaybackEnd::Stopped);
        }
    }

    fn end_playback(&mut self, end: PlaybackEnd) {
        if let Some(playback) = self.playback.take() {
            self.stream.pause();
            if self.digits_out.is_idle() {
                self.slot = None;
            }
            self.report(Event::PlaybackFinished { id: playback.id, end });
        }
    }

    /// Begins a recording in place of the one that is running.
    pub fn record(&mut self, id: RecordingId, limits: RecordingLimits, now: Time) {
        self.end_recording(RecordingEnd::Stopped);
        self.recorder = Some(Box::new(Recorder::new(id, limits, now)));
    }

    /// Ends a recording, if it is still running.
    pub fn stop_record(&mut self, id: RecordingId, now: Time) {
        if self.recorder.as_ref().is_some_and(|recorder| recorder.id == id) {
            self.advance_recording(now);
            self.end_recording(RecordingEnd::Stopped);
        }
    }

    fn advance_recording(&mut self, now: Time) {
        if let Some(end) = self.recorder.as_mut().and_then(|recorder| recorder.advance(now)) {
            self.end_recording(end);
        }
    }

    fn end_recording(&mut self, end: RecordingEnd) {
        let Some(mut recorder) = self.recorder.take() else { return };
        if end != RecordingEnd::Silence {
            recorder.flush();
        }
        if let Some(samples) = recorder.take(true) {
            self.recorded.push_back((recorder.id, samples));
        }
        let (duration, spoken) = (recorder.duration(), recorder.spoken());
        self.report(Event::RecordingFinished { id: recorder.id, duration, end, spoken });
    }

    /// Sends keys as telephone-events, after those that are still being sent. Nothing is sent to a peer that
    /// did not negotiate them.
    pub fn send_digits(&mut self, digits: &[Digit], now: Time) {
        if self.remote.is_none_or(|remote| remote.telephone_event.is_none()) {
            return;
        }
        self.digits_out.push(digits);
        if !self.digits_out.is_idle() {
            self.slot.get_or_insert(now);
        }
    }

    /// Takes a datagram from the RTP socket. What it returns is for the other side of a bridge, if there is
    /// one: hand it to that session's [`Session::forward`] before the next datagram.
    pub fn receive_rtp<'a>(
        &mut self,
        from: SocketAddr,
        datagram: &'a [u8],
        now: Time,
    ) -> Option<Forward<'a>> {
        let Ok(Packet { header, payload }) = Packet::read(datagram) else {
            self.stats.malformed += 1;
            return None;
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
        self.count(header, payload, matches!(content, Some(Content::Audio(_))), now);
        match content? {
            Content::TelephoneEvent => self.key_packet(header.timestamp, payload, now),
            Content::Audio(codec) => {
                if let Some(recorder) = &mut self.recorder {
                    let samples = payload.iter().map(|&byte| codec.sample(byte));
                    recorder.packet(header.timestamp, samples, now);
                }
            }
        }
        let content = content?;
        Some(Forward { header, payload, content })
    }

    fn begin_stream(&mut self, header: Header) {
        let first = !self.heard;
        self.heard = true;
        self.fold_reception();
        self.reception = Some(Reception::new(header.ssrc, header.sequence));
        self.with_digits(|digits, report| digits.finish(report));
        self.digits_in = Receiver::default();
        if let Some(recorder) = &mut self.recorder {
            recorder.new_stream();
        }
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
    fn with_digits(&mut self, act: impl FnOnce(&mut Receiver, &mut dyn FnMut(DigitEvent))) {
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

    /// Writes a packet of the other side of the bridge for this session's peer into `out`, which holds at least
    /// [`MAX_PACKET`] octets. Nothing is sent while a prompt plays to this peer, nor telephone-events to one that
    /// did not negotiate them.
    pub fn forward(&mut self, forward: &Forward<'_>, now: Time, out: &mut [u8]) -> Option<Transmit> {
        let remote = self.remote.filter(|remote| remote.direction.sends())?;
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

    fn transmit(&self, remote: &Remote, len: usize) -> Transmit {
        let to = self.source.as_ref().map_or(remote.rtp, Source::rtp_address);
        Transmit { channel: Channel::Rtp, to, len }
    }

    /// Does what is due and writes the next packet to send into `out`, which holds at least [`MAX_PACKET`] octets;
    /// `None` when nothing more is due.
    pub fn poll_transmit(&mut self, now: Time, out: &mut [u8]) -> Option<Transmit> {
        self.with_digits(|digits, report| digits.timeout(now, report));
        self.advance_recording(now);
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
        let allowed = remote.direction.sends();
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

    fn notice_loss(&mut self, now: Time) {
        if self.loss_deadline().is_some_and(|deadline| deadline <= now) {
            self.lost = true;
            self.report(Event::MediaLost);
        }
    }

    fn loss_deadline(&self) -> Option<Time> {
        let expected = self.remote.is_some_and(|remote| remote.direction.receives()) && !self.lost;
        self.config.media_timeout.filter(|_| expected).map(|timeout| self.last_heard + timeout)
    }

    fn poll_report(&mut self, now: Time, out: &mut [u8]) -> Option<Transmit> {
        if self.next_report.is_none_or(|due| now < due) {
            return None;
        }
        self.next_report = Some(now + REPORT_INTERVAL);
        self.write_report(now, false, out)
    }

    fn write_report(&mut self, now: Time, goodbye: bool, out: &mut [u8]) -> Option<Transmit> {
        let to = self.source.as_ref()?.rtcp_address()?;
        if !self.remote.is_some_and(|remote| remote.proven || self.heard) {
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

    /// Ends everything: the playback, the recording, the key that is down. Writes the RTCP BYE, if there is
    /// anybody to say it to, into `out`, which holds at least [`MAX_PACKET`] octets. Fetch the last samples and events after it.
    pub fn close(&mut self, now: Time, out: &mut [u8]) -> Option<Transmit> {
        self.with_digits(|digits, report| digits.finish(report));
        self.end_playback(PlaybackEnd::Stopped);
        self.advance_recording(now);
        self.end_recording(RecordingEnd::Stopped);
        self.slot = None;
        if self.stream.packets == 0 && self.reception.is_none() {
            return None;
        }
        self.write_report(now, true, out)
    }

    /// The next samples of a recording, 16 bits at 8 kHz. Fetch them before the events: a
    /// `RecordingFinished` comes after all of its samples.
    pub fn poll_recorded(&mut self) -> Option<(RecordingId, Vec<i16>)> {
        if let Some(last) = self.recorded.pop_front() {
            return Some(last);
        }
        let recorder = self.recorder.as_mut()?;
        recorder.take(false).map(|samples| (recorder.id, samples))
    }

    /// The next event.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    fn report(&mut self, event: Event) {
        if self.events.len() < MAX_EVENTS {
            self.events.push_back(event);
        }
    }

    /// When [`Session::poll_transmit`] will have something to do.
    pub fn next_deadline(&self) -> Option<Time> {
        let slot = self.slot.filter(|_| self.remote.is_some());
        let recorder = self.recorder.as_ref().map(|recorder| recorder.next_deadline());
        [slot, self.next_report, self.digits_in.next_deadline(), recorder, self.loss_deadline()]
            .into_iter()
            .flatten()
            .min()
    }

    /// What went through so far.
    pub fn stats(&self) -> Stats {
        let mut stats = self.stats;
        stats.packets_sent = self.stream.packets;
        stats.octets_sent = self.stream.octets;
        if let Some(reception) = &self.reception {
            stats.lost += reception.lost();
            stats.jitter = reception.jitter();
        }
        stats
    }
}

/// Whether a peer may get one more packet; counts it in `sent` while the peer is neither proven nor heard.
fn may_send(remote: &Remote, heard: bool, sent: &mut u32) -> bool {
    if remote.proven || heard {
        return true;
    }
    *sent = sent.saturating_add(1);
    *sent <= UNPROVEN_PACKETS
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
