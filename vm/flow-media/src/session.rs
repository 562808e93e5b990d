//! One RTP session: the media side of one call leg.
//!
//! Datagrams and instants come in, packets, samples and events go out; see the crate's law. The parts know
//! their own matters: [`crate::source`] who may speak, [`crate::stream`] what we send, [`crate::playlist`] what is
//! played, [`crate::recorder`] what is recorded. Here and
//! in the two files below they meet.

mod listening;
mod mixing;
mod receiving;
mod sending;
mod tap;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use crate::budget::Budget;
use crate::codec::Codec;
use crate::detector::Detector;
use crate::digit::Digit;
use crate::event::{Event, PlaybackEnd, PlaybackId, RecordingEnd, RecordingId};
use crate::playlist::{Player, Playlist};
use crate::recorder::{Recorder, RecordingLimits};
use crate::remote::Remote;
use crate::rtp::Header;
use crate::source::Source;
use crate::stats::{Reception, Stats};
use crate::stream::Stream;
use crate::telephone_event::{Receiver, Sender};
use crate::time::Time;
use listening::Listener;
use tap::Tap;

/// RTP packets that a peer gets before it proved to be where its SDP says (10 s).
pub const UNPROVEN_PACKETS: u32 = 500;
/// RTP packets that a peer may send each second, and at once: ten times what 20 ms packets need.
const PACKETS_PER_SECOND: u32 = 500;
/// How many of them may be telephone-events: three times what a key that is held needs.
const KEY_PACKETS_PER_SECOND: u32 = 150;
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

impl Forward<'_> {
    /// The timestamp of its packet.
    pub fn timestamp(&self) -> u32 {
        self.header.timestamp
    }

    /// Its samples, behind those that are there; whether it holds audio at all.
    pub fn decode(&self, samples: &mut Vec<i16>) -> bool {
        let Content::Audio(codec) = self.content else { return false };
        codec.decode(self.payload, samples);
        true
    }
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
    /// What the peer may send, and how much of it keys.
    packet_budget: Budget,
    key_budget: Budget,
    reception: Option<Reception>,
    /// When the peer was last heard, by RTP or RTCP, or was first expected to be.
    last_heard: Time,
    heard: bool,
    lost: bool,
    recorder: Option<Box<Recorder>>,
    /// The recording of the call.
    tap: Option<Box<Tap>>,
    /// When the mixer is asked next, in a conference.
    mix_slot: Option<Time>,
    /// Listens who picked up, until it knows.
    detector: Option<Box<Detector>>,
    /// Listens to what the peer says.
    listener: Option<Box<Listener>>,
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
            packet_budget: Budget::new(PACKETS_PER_SECOND, PACKETS_PER_SECOND, now),
            key_budget: Budget::new(KEY_PACKETS_PER_SECOND, KEY_PACKETS_PER_SECOND, now),
            reception: None,
            last_heard: now,
            heard: false,
            lost: false,
            recorder: None,
            tap: None,
            mix_slot: None,
            detector: None,
            listener: None,
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
        self.play_from(id, playlist, barge_in, Duration::ZERO, now);
    }

    /// The same from so far into it; over its end where it repeats.
    pub fn play_from(
        &mut self,
        id: PlaybackId,
        playlist: Playlist,
        barge_in: bool,
        from: Duration,
        now: Time,
    ) {
        self.end_playback(PlaybackEnd::Replaced);
        let mut player = Player::new(playlist);
        player.skip(from);
        self.playback = Some(Playback { id, player, barge_in });
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

    /// Listens who picked up; `Detected` follows, or nothing where it cannot be told.
    pub fn detect(&mut self) {
        self.detector = Some(Box::default());
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
        self.stop_tap(id, now);
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

    /// Ends everything: the playback, the recording, the key that is down. Writes the RTCP BYE, if there is
    /// anybody to say it to, into `out`, which holds at least [`crate::MAX_PACKET`] octets. Fetch the last samples and events after it.
    pub fn close(&mut self, now: Time, out: &mut [u8]) -> Option<Transmit> {
        self.with_digits(|digits, report| digits.finish(report));
        self.end_playback(PlaybackEnd::Stopped);
        self.advance_recording(now);
        self.end_recording(RecordingEnd::Stopped);
        self.advance_tap(now);
        self.end_tap(RecordingEnd::Stopped);
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
        let taken = |recorder: &mut Recorder| recorder.take(false).map(|samples| (recorder.id, samples));
        let message = self.recorder.as_deref_mut().and_then(taken);
        message.or_else(|| self.tap.as_mut().and_then(|tap| taken(&mut tap.recorder)))
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
        let tap = self.tap.as_ref().map(|tap| tap.recorder.next_deadline());
        [
            slot,
            tap,
            self.mix_deadline(),
            self.listening_deadline(),
            self.next_report,
            self.digits_in.next_deadline(),
            recorder,
            self.loss_deadline(),
        ]
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
