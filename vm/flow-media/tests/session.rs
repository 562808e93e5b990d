//! A session as its peer hears it, in virtual time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use flow_media::{
    Channel, Codec, Digit, Direction, Event, HEADER_LEN, Header, MAX_PACKET, Packet, PlaybackEnd, PlaybackId,
    Playlist, PlaylistItem, RecordingEnd, RecordingId, RecordingLimits, Remote, Session, SessionConfig,
    Sound, Speech, StreamStart, Time, event_payload, read_report, write_report,
};

const PEER: &str = "192.0.2.1:4000";
const STRANGER: &str = "198.51.100.9:6000";
const OURS: u32 = 0xCAFE;

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// One packet that a session sent.
#[derive(Debug, Clone, PartialEq)]
struct Sent {
    /// Microseconds.
    at: u64,
    to: SocketAddr,
    header: Header,
    payload: Vec<u8>,
}

/// A session, its clock, and everything that came out of it.
struct Line {
    session: Session,
    now: Time,
    sent: Vec<Sent>,
    reports: Vec<(u64, SocketAddr, Vec<u8>)>,
    events: Vec<(u64, Event)>,
    recorded: Vec<i16>,
    /// The peer's next sequence number and timestamp.
    sequence: u16,
    timestamp: u32,
}

fn line(remote: Remote) -> Line {
    let start = StreamStart { ssrc: OURS, sequence: 65_534, timestamp: u32::MAX - 200 };
    let mut session = Session::new(SessionConfig::default(), start, Time(0));
    session.set_remote(remote, Time(0));
    let (sequence, timestamp) = (65_500, u32::MAX - 5_000);
    Line {
        session,
        now: Time(0),
        sent: vec![],
        reports: vec![],
        events: vec![],
        recorded: vec![],
        sequence,
        timestamp,
    }
}

fn pcmu() -> Remote {
    Remote::new(address(PEER), Codec::Pcmu)
}

impl Line {
    /// Lets time pass, stopping at each deadline as a driver does.
    fn run_until(&mut self, micros: u64) {
        loop {
            self.drain();
            match self.session.next_deadline() {
                Some(due) if due.0 <= micros => {
                    assert!(due >= self.now, "a deadline is in the past after draining: {due:?}");
                    self.now = due;
                }
                _ => break,
            }
        }
        self.now = Time(micros);
        self.drain();
    }

    fn drain(&mut self) {
        let mut out = [0; MAX_PACKET];
        while let Some(transmit) = self.session.poll_transmit(self.now, &mut out) {
            let bytes = &out[..transmit.len];
            match transmit.channel {
                Channel::Rtp => self.sent.push(sent(self.now, transmit.to, bytes)),
                Channel::Rtcp => self.reports.push((self.now.0, transmit.to, bytes.to_vec())),
            }
        }
        while let Some((_, samples)) = self.session.poll_recorded() {
            self.recorded.extend(samples);
        }
        while let Some(event) = self.session.poll_event() {
            self.events.push((self.now.0, event));
        }
    }

    fn play(&mut self, id: u64, items: Vec<PlaylistItem>, repeat: bool) {
        self.session.play(PlaybackId(id), Playlist { items, repeat }, true, self.now);
        self.drain();
    }

    fn receive(&mut self, from: &str, ssrc: u32, payload_type: u8, payload: &[u8]) {
        let packet = packet(self.sequence, self.timestamp, ssrc, payload_type, payload);
        self.session.receive_rtp(address(from), &packet, self.now);
        self.drain();
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(160);
    }

    fn told(&self) -> Vec<Event> {
        self.events.iter().map(|event| event.1).collect()
    }
}

fn sent(now: Time, to: SocketAddr, bytes: &[u8]) -> Sent {
    let packet = Packet::read(bytes).unwrap();
    Sent { at: now.0, to, header: packet.header, payload: packet.payload.to_vec() }
}

fn packet(sequence: u16, timestamp: u32, ssrc: u32, payload_type: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0; HEADER_LEN];
    Header { marker: false, payload_type, sequence, timestamp, ssrc }.write(&mut packet);
    packet.extend_from_slice(payload);
    packet
}

fn sound(millis: usize) -> PlaylistItem {
    PlaylistItem::Sound(Arc::new(Sound::from_samples(&vec![8_000; millis * 8])))
}

fn key(key: char, end: bool, ticks: u16) -> [u8; 4] {
    event_payload(Digit::from_char(key).unwrap(), end, ticks)
}

fn finished(id: u64, end: PlaybackEnd) -> Event {
    Event::PlaybackFinished { id: PlaybackId(id), end }
}

#[test]
fn a_prompt_starts_at_once_and_keeps_its_phase() {
    let mut line = line(pcmu());
    line.run_until(7_300);
    line.play(1, vec![sound(100)], false);
    line.run_until(500_000);
    let times: Vec<u64> = line.sent.iter().map(|packet| packet.at).collect();
    assert_eq!(times, [7_300, 27_300, 47_300, 67_300, 87_300]);
    let markers: Vec<bool> = line.sent.iter().map(|packet| packet.header.marker).collect();
    assert_eq!(markers, [true, false, false, false, false]);
    for pair in line.sent.windows(2) {
        assert_eq!(pair[1].header.sequence, pair[0].header.sequence.wrapping_add(1));
        assert_eq!(pair[1].header.timestamp, pair[0].header.timestamp.wrapping_add(160));
    }
    assert!(line.sent.iter().all(|packet| packet.header.ssrc == OURS && packet.payload.len() == 160));
    assert_eq!(line.events, [(107_300, finished(1, PlaybackEnd::Completed))]);
}

#[test]
fn a_late_driver_catches_up_in_phase() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(1_000)], false);
    // The driver oversleeps by 45 ms once: two packets go out together, the third is on time again.
    line.now = Time(65_000);
    line.run_until(200_000);
    let times: Vec<u64> = line.sent.iter().map(|packet| packet.at / 1_000).collect();
    assert_eq!(times[..7], [0, 65, 65, 65, 80, 100, 120]);
    assert_eq!(line.sent[6].header.timestamp, line.sent[0].header.timestamp.wrapping_add(6 * 160));
}

#[test]
fn a_driver_that_was_away_for_long_begins_a_new_spurt_instead_of_a_burst() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(1_000)], false);
    line.now = Time(700_000);
    line.run_until(741_000);
    let rest: Vec<_> =
        line.sent[1..].iter().map(|packet| (packet.at / 1_000, packet.header.marker)).collect();
    assert_eq!(rest, [(700, true), (720, false), (740, false)]);
    assert_eq!(line.sent[1].header.timestamp, line.sent[0].header.timestamp.wrapping_add(5_600));
}

#[test]
fn gaps_are_silent_and_time_goes_on_in_them() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(40), PlaylistItem::Silence(Duration::from_millis(60)), sound(20)], false);
    line.run_until(500_000);
    let sent: Vec<_> = line.sent.iter().map(|p| (p.at / 1_000, p.header.marker)).collect();
    assert_eq!(sent, [(0, true), (20, false), (100, true)]);
    assert_eq!(line.sent[2].header.sequence, line.sent[0].header.sequence.wrapping_add(2));
    assert_eq!(line.sent[2].header.timestamp, line.sent[0].header.timestamp.wrapping_add(800));
    assert_eq!(line.events, [(120_000, finished(1, PlaybackEnd::Completed))]);
}

#[test]
fn between_prompts_nothing_is_sent() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(20)], false);
    line.run_until(10_000_000);
    line.play(2, vec![sound(20)], false);
    line.run_until(11_000_000);
    assert_eq!(line.sent.len(), 2);
    assert!(line.sent[1].header.marker);
    assert_eq!(line.sent[1].header.timestamp, line.sent[0].header.timestamp.wrapping_add(80_000));
    assert_eq!(line.sent[1].header.sequence, line.sent[0].header.sequence.wrapping_add(1));
}

#[test]
fn hold_music_goes_on_for_ever_and_stops_when_told() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(60)], true);
    line.run_until(60_010_000);
    assert_eq!(line.sent.len(), 3_001);
    assert_eq!(line.sent.iter().filter(|packet| packet.header.marker).count(), 1);
    line.session.stop(PlaybackId(99));
    line.run_until(60_030_000);
    assert_eq!(line.sent.len(), 3_002, "another playback's stop is not its own");
    line.session.stop(PlaybackId(1));
    line.run_until(61_000_000);
    assert_eq!(line.sent.len(), 3_002);
    assert_eq!(line.told(), [Event::MediaLost, finished(1, PlaybackEnd::Stopped)]);
}

#[test]
fn a_new_prompt_takes_the_place_of_the_one_before() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(1_000)], false);
    line.run_until(47_000);
    line.play(2, vec![sound(40)], false);
    line.run_until(1_000_000);
    let sent: Vec<_> = line.sent.iter().map(|packet| (packet.at / 1_000, packet.header.marker)).collect();
    assert_eq!(sent, [(0, true), (20, false), (40, false), (47, true), (67, false)]);
    assert_eq!(line.told(), [finished(1, PlaybackEnd::Replaced), finished(2, PlaybackEnd::Completed)]);
    // Nothing is sent twice for the same samples, and the clock comes back to the wall's after it.
    let first = line.sent[0].header.timestamp;
    let offsets: Vec<u32> =
        line.sent.iter().map(|packet| packet.header.timestamp.wrapping_sub(first)).collect();
    assert_eq!(offsets, [0, 160, 320, 480, 640]);
}

#[test]
fn a_prompt_waits_for_somebody_to_hear_it() {
    let start = StreamStart { ssrc: OURS, sequence: 0, timestamp: 0 };
    let mut session = Session::new(SessionConfig::default(), start, Time(0));
    let playlist = Playlist::once(Arc::new(Sound::from_samples(&[8_000; 320])));
    session.play(PlaybackId(1), playlist, false, Time(0));
    assert_eq!(session.next_deadline(), None);
    session.set_remote(pcmu(), Time(500_000));
    let mut out = [0; MAX_PACKET];
    assert!(session.poll_transmit(Time(500_000), &mut out).is_some());
    assert!(session.poll_transmit(Time(500_000), &mut out).is_none());
}

#[test]
fn a_peer_that_put_us_on_hold_gets_nothing_while_the_prompt_goes_on() {
    let mut line = line(Remote { direction: Direction::ReceiveOnly, ..pcmu() });
    line.play(1, vec![sound(100)], false);
    line.run_until(50_000);
    line.session.set_remote(pcmu(), line.now);
    line.run_until(500_000);
    assert_eq!(line.sent.iter().map(|packet| packet.at / 1_000).collect::<Vec<_>>(), [60, 80]);
    assert_eq!(line.events, [(100_000, finished(1, PlaybackEnd::Completed))]);
}

#[test]
fn a_key_stops_a_prompt_at_its_first_packet() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(5_000)], false);
    line.run_until(1_005_000);
    let before = line.sent.len();
    line.receive(PEER, 7, 101, &key('5', false, 160));
    line.run_until(1_025_000);
    line.receive(PEER, 7, 101, &key('5', true, 320));
    line.run_until(2_000_000);
    assert_eq!(line.sent.len(), before, "not one packet more");
    let told = format!("{:?}", line.told());
    assert!(told.starts_with("[MediaHeard, DigitStarted"), "{told}");
    assert_eq!(line.told()[2], finished(1, PlaybackEnd::BargedIn));
    // The timestamp of the second packet of the same key differs here: that makes it another press.
    assert_eq!(line.session.stats().digits, 2);
}

#[test]
fn a_stranger_neither_presses_keys_nor_diverts_the_prompt() {
    let mut line = line(pcmu());
    line.receive(PEER, 7, 0, &[0xFF; 160]);
    line.play(1, vec![sound(2_000)], true);
    for _ in 0..50 {
        let later = line.now.0 + 20_000;
        line.run_until(later);
        line.receive(STRANGER, 7, 101, &key('7', true, 160));
        line.receive(STRANGER, 9, 0, &[0; 160]);
    }
    assert_eq!(line.told(), [Event::MediaHeard]);
    assert!(line.sent.iter().all(|packet| packet.to == address(PEER)));
    assert_eq!(line.session.stats().strangers, 100);
}

#[test]
fn an_attack_from_before_the_first_packet_gets_nothing() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(4_000)], false);
    for n in 0..200 {
        line.run_until(n * 20_000);
        line.receive(STRANGER, 9, 101, &key('7', true, 160));
        if n >= 60 {
            let own = packet(n as u16, n as u32 * 160, 7, 0, &[0xFF; 160]);
            line.session.receive_rtp(address(PEER), &own, line.now);
        }
    }
    assert!(line.sent.iter().all(|packet| packet.to == address(PEER)));
    assert_eq!(line.session.stats().digits, 0);
    assert_eq!(line.session.stats().packets_received, 140);
}

#[test]
fn an_unproven_silent_peer_gets_ten_seconds_at_most() {
    let mut line = line(Remote { proven: false, ..pcmu() });
    line.play(1, vec![sound(1_000)], true);
    line.run_until(30_000_000);
    assert_eq!(line.sent.len(), 500);
    assert!(line.reports.is_empty());
    line.session.set_proven();
    line.run_until(31_000_000);
    assert_eq!(line.sent.len(), 550);
    assert!(line.sent[500].header.marker);
}

#[test]
fn a_caller_who_vanishes_is_noticed_once() {
    let mut line = line(pcmu());
    line.run_until(1_000_000);
    line.receive(PEER, 7, 0, &[0xFF; 160]);
    line.run_until(50_000_000);
    let mut report = [0; 128];
    let len = write_report(&mut report, 7, None, None, false);
    line.session.receive_rtcp(address("192.0.2.1:4001"), &report[..len], line.now);
    line.run_until(300_000_000);
    assert_eq!(line.events, [(1_000_000, Event::MediaHeard), (110_000_000, Event::MediaLost)]);
}

#[test]
fn reports_on_the_rtp_port_count_as_life_but_not_as_malformed() {
    let mut line = line(pcmu());
    line.run_until(50_000_000);
    let mut report = [0; 128];
    let len = write_report(&mut report, 7, None, None, false);
    line.session.receive_rtp(address(PEER), &report[..len], line.now);
    line.session.receive_rtp(address(STRANGER), &report[..len], line.now);
    line.run_until(100_000_000);
    assert_eq!(line.events, []);
    assert_eq!((line.session.stats().malformed, line.session.stats().strangers), (0, 1));
}

#[test]
fn a_peer_that_floods_its_own_session_is_cut_to_a_bearable_rate() {
    let mut line = line(pcmu());
    // Ten seconds of a thousand presses each second.
    for n in 0..10_000u64 {
        line.run_until(n * 1_000);
        line.receive(PEER, 7, 101, &key('5', true, 160));
    }
    let presses = line.session.stats().digits;
    assert!((1_000..1_700).contains(&presses), "150 a second: {presses}");
    assert_eq!(line.session.stats().excess + line.session.stats().packets_received, 10_000);
}

#[test]
fn nothing_goes_to_nobody_or_to_everybody() {
    for to in [
        "0.0.0.0:4000",
        "224.0.0.1:4000",
        "255.255.255.255:4000",
        "192.0.2.1:0",
        "[::]:4000",
        "[ff02::1]:4000",
    ] {
        let mut line = line(Remote::new(address(to), Codec::Pcmu));
        line.play(1, vec![sound(100)], false);
        line.run_until(20_000_000);
        assert_eq!(line.sent, [], "{to}");
        assert!(!line.reports.iter().any(|report| report.1.ip().is_unspecified()), "{to}");
        assert_eq!(line.events, [(100_000, finished(1, PlaybackEnd::Completed))], "{to}");
    }
}

#[test]
fn silence_on_hold_is_no_loss() {
    let mut line = line(Remote { direction: Direction::SendOnly, ..pcmu() });
    line.run_until(300_000_000);
    line.session.set_remote(pcmu(), line.now);
    line.run_until(350_000_000);
    assert_eq!(line.events, []);
    line.run_until(361_000_000);
    assert_eq!(line.events, [(360_000_000, Event::MediaLost)]);
}

#[test]
fn reports_tell_the_peer_how_its_stream_arrives() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(20_000)], false);
    for n in 0..500u64 {
        line.run_until(n * 20_000);
        // Every tenth packet is lost.
        if n % 10 == 9 {
            line.sequence = line.sequence.wrapping_add(1);
            line.timestamp = line.timestamp.wrapping_add(160);
        } else {
            line.receive(PEER, 7, 0, &[0xFF; 160]);
        }
    }
    assert_eq!(line.reports.len(), 2);
    let (at, to, bytes) = &line.reports[1];
    assert_eq!(*to, address("192.0.2.1:4001"));
    assert_eq!(at - line.reports[0].0, 5_000_000);
    let report = read_report(bytes, 7).unwrap();
    assert_eq!(report.ssrc, OURS);
    assert_eq!(u64::from(report.sender.unwrap().packets), at / 20_000 + 1);
    let reception = report.reception.unwrap();
    assert!((24..=27).contains(&reception.fraction_lost), "a tenth: {}", reception.fraction_lost);
    assert!((1..8_000).contains(&reception.jitter) || reception.jitter == 0);
    assert_eq!(line.session.stats().lost, 49, "the fiftieth is not missed yet");
}

#[test]
fn the_jitter_of_an_even_stream_is_nought() {
    let mut line = line(pcmu());
    for n in 0..100u64 {
        line.run_until(n * 20_000);
        line.receive(PEER, 7, 0, &[0xFF; 160]);
    }
    assert_eq!(line.session.stats().jitter, 0);
    assert_eq!(line.session.stats().lost, 0);
    assert_eq!((line.session.stats().packets_received, line.session.stats().octets_received), (100, 16_000));
}

/// Sends `packets` of `a`'s peer through the bridge to `b`'s.
fn bridge(a: &mut Line, b: &mut Line, packets: &[Vec<u8>]) {
    let mut out = [0; MAX_PACKET];
    for packet in packets {
        let Some(forward) = a.session.receive_rtp(address(PEER), packet, a.now) else { continue };
        if let Some(transmit) = b.session.forward(&forward, b.now, &mut out) {
            let sent = sent(b.now, transmit.to, &out[..transmit.len]);
            b.sent.push(sent);
        }
    }
    a.drain();
    b.drain();
}

#[test]
fn a_bridge_transcodes_and_renumbers_and_keeps_losses_visible() {
    let mut caller = line(pcmu());
    let mut agent =
        line(Remote { telephone_event: Some(97), ..Remote::new(address("203.0.113.5:9000"), Codec::Pcma) });
    agent.play(1, vec![sound(20)], false);
    agent.run_until(1_000_000);
    caller.run_until(1_000_000);
    let last = agent.sent[0].header;
    bridge(
        &mut caller,
        &mut agent,
        &[
            packet(100, 5_000, 7, 0, &[0x80; 160]),
            packet(101, 5_160, 7, 0, &[0x80; 160]),
            packet(103, 5_480, 7, 101, &key('5', false, 160)),
            packet(104, 5_480, 7, 101, &key('5', true, 160)),
            packet(105, 5_640, 7, 13, &[0]),
            packet(106, 5_640, 7, 0, &[0x80; 80]),
        ],
    );
    let passed = &agent.sent[1..];
    let numbers: Vec<u16> = passed.iter().map(|p| p.header.sequence.wrapping_sub(last.sequence)).collect();
    assert_eq!(numbers, [1, 2, 4, 5, 7]);
    let ticks: Vec<u32> = passed.iter().map(|p| p.header.timestamp.wrapping_sub(last.timestamp)).collect();
    assert_eq!(ticks, [8_000, 8_160, 8_480, 8_480, 8_640]);
    let kinds: Vec<(u8, bool)> = passed.iter().map(|p| (p.header.payload_type, p.header.marker)).collect();
    assert_eq!(kinds, [(8, true), (8, false), (97, false), (97, false), (8, false)]);
    assert!(passed.iter().all(|p| p.header.ssrc == OURS && p.to == address("203.0.113.5:9000")));
    assert_eq!(passed[0].payload, [0xAA; 160], "full scale in μ-law is full scale in A-law");
    assert_eq!(passed[3].payload, key('5', true, 160));
    assert!(
        caller.told().iter().any(|event| matches!(event, Event::Digit { .. })),
        "and the key is reported"
    );
    // A prompt to the agent takes the place of the caller's voice, which comes back with a new beginning.
    agent.play(2, vec![sound(20)], false);
    bridge(&mut caller, &mut agent, &[packet(107, 5_800, 7, 0, &[0x80; 160])]);
    assert_eq!(agent.sent.len(), 7, "only the prompt");
    agent.run_until(2_000_000);
    bridge(&mut caller, &mut agent, &[packet(108, 5_960, 7, 0, &[0x80; 160])]);
    assert_eq!(agent.sent.len(), 8);
    let (prompt, voice) = (agent.sent[6].header, agent.sent[7].header);
    assert!(voice.marker);
    assert_eq!(voice.sequence, prompt.sequence.wrapping_add(1));
    assert_eq!(voice.timestamp, last.timestamp.wrapping_add(16_000), "two seconds after the first prompt");
}

#[test]
fn a_peer_without_telephone_events_gets_none() {
    let mut caller = line(pcmu());
    let mut agent = line(Remote { telephone_event: None, ..pcmu() });
    bridge(&mut caller, &mut agent, &[packet(1, 0, 7, 101, &key('5', true, 160))]);
    agent.session.send_digits(&[Digit::from_char('5').unwrap()], Time(0));
    agent.run_until(1_000_000);
    assert_eq!(agent.sent, []);
}

#[test]
fn keys_sent_during_a_prompt_hold_it_up() {
    let mut line = line(pcmu());
    line.play(1, vec![sound(60)], false);
    line.run_until(10_000);
    line.session.send_digits(&[Digit::from_char('5').unwrap()], line.now);
    line.run_until(1_000_000);
    let kinds: String =
        line.sent.iter().map(|p| if p.header.payload_type == 101 { 'k' } else { 'a' }).collect();
    assert_eq!(kinds, "akkkkkkkkaa");
    for pair in line.sent.windows(2) {
        assert_eq!((pair[1].at - pair[0].at) % 20_000, 0, "in the phase of the prompt");
        let step = pair[1].header.timestamp.wrapping_sub(pair[0].header.timestamp) as i32;
        assert!(step >= 0, "timestamps never go back: {step}");
    }
}

#[test]
fn a_message_is_recorded_until_the_caller_falls_silent() {
    let mut line = line(pcmu());
    let limits = RecordingLimits { silence: Some(Duration::from_secs(2)), ..RecordingLimits::default() };
    line.session.record(RecordingId(3), limits, line.now);
    for n in 0..150u64 {
        line.run_until(n * 20_000);
        line.receive(PEER, 7, 0, &[0x80; 160]);
    }
    line.run_until(30_000_000);
    let duration = Duration::from_secs(5);
    let end =
        Event::RecordingFinished { id: RecordingId(3), duration, end: RecordingEnd::Silence, spoken: true };
    assert_eq!(line.told()[1], end);
    assert_eq!(line.recorded.len(), 40_000);
    assert!(line.recorded[..24_000].iter().all(|&sample| sample == 32_124));
    assert!(line.recorded[24_000..].iter().all(|&sample| sample == 0));
}

#[test]
fn a_stranger_is_not_in_the_recording() {
    let mut line = line(pcmu());
    line.receive(PEER, 7, 0, &[0xFF; 160]);
    line.session.record(RecordingId(3), RecordingLimits::default(), line.now);
    for n in 0..50u64 {
        line.run_until(n * 20_000);
        line.receive(STRANGER, 7, 0, &[0x80; 160]);
    }
    line.session.stop_record(RecordingId(3), line.now);
    line.drain();
    assert!(!line.recorded.is_empty());
    assert!(line.recorded.iter().all(|&sample| sample == 0));
}

#[test]
fn closing_ends_everything_and_says_goodbye() {
    let mut line = line(pcmu());
    line.receive(PEER, 7, 101, &key('5', false, 160));
    line.session.record(RecordingId(3), RecordingLimits::default(), line.now);
    line.play(1, vec![sound(1_000)], false);
    let mut out = [0; MAX_PACKET];
    let transmit = line.session.close(line.now, &mut out).expect("a goodbye");
    assert_eq!((transmit.channel, transmit.to), (Channel::Rtcp, address("192.0.2.1:4001")));
    assert!(read_report(&out[..transmit.len], 0).unwrap().goodbye);
    line.drain();
    let told = line.told();
    assert!(matches!(told[2], Event::Digit { .. }), "{told:?}");
    assert_eq!(told[3], finished(1, PlaybackEnd::Stopped));
    assert!(matches!(told[4], Event::RecordingFinished { end: RecordingEnd::Stopped, .. }));
}

/// G.711 of a voice: loud syllables with pauses.
fn spoken(millis: usize) -> Vec<u8> {
    let syllable =
        |at: usize| if at / 160 % 10 < 7 { if at.is_multiple_of(2) { 0x90 } else { 0x10 } } else { 0xFF };
    (0..millis * 8).map(syllable).collect()
}

impl Line {
    /// What is handed over of what the peer says, and how the utterance stands.
    fn utterance(&mut self, octets: &[u8]) -> (usize, Option<Speech>) {
        let (mut heard, mut stands) = (0, None);
        for payload in octets.chunks(160) {
            self.say(payload);
            match self.session.take_speech(|samples| heard += samples.len()) {
                Some(speech) => stands = Some(speech),
                None => break,
            }
        }
        (heard / 8, stands)
    }

    fn say(&mut self, payload: &[u8]) {
        self.now = Time(self.now.0 + 20_000);
        self.receive(PEER, 7, 0, payload);
    }
}

#[test]
fn who_is_listened_to_is_heard_from_the_first_word_to_the_pause_after_the_last() {
    let mut line = line(pcmu());
    let silence = [0xFF; 8_000];
    assert_eq!(line.utterance(&silence), (0, None), "nobody listens");
    line.session.listen(line.now);
    assert_eq!(line.utterance(&silence), (0, Some(Speech::Waiting)));
    let (heard, stands) = line.utterance(&spoken(800));
    assert!((900..=1_200).contains(&heard), "{heard}");
    assert_eq!(stands, Some(Speech::Speaking));
    let (heard, stands) = line.utterance(&silence);
    assert!((600..=720).contains(&heard), "{heard}");
    assert_eq!(stands, Some(Speech::Over));
    assert_eq!(line.utterance(&spoken(800)), (0, None), "one utterance is listened for");
}

#[test]
fn a_peer_that_sends_nothing_in_silence_has_spoken_all_the_same() {
    let mut line = line(pcmu());
    line.session.listen(line.now);
    line.utterance(&[0xFF; 3_200]);
    let (_, stands) = line.utterance(&spoken(600));
    assert_eq!(stands, Some(Speech::Speaking));
    let deadline = line.session.next_deadline().unwrap();
    assert!(deadline <= Time(line.now.0 + 700_000), "{deadline:?}");
    let mut buffer = [0; MAX_PACKET];
    let later = Time(line.now.0 + 700_000);
    while line.session.poll_transmit(later, &mut buffer).is_some() {}
    assert_eq!(line.session.take_speech(|_| ()), Some(Speech::Over));
    assert_eq!(line.session.take_speech(|_| ()), None);
}

#[test]
fn the_tone_of_a_key_is_no_speech() {
    let mut line = line(pcmu());
    line.session.listen(line.now);
    line.utterance(&[0xFF; 3_200]);
    line.receive(PEER, 7, 101, &key('5', false, 160));
    let (heard, stands) = line.utterance(&spoken(150));
    assert_eq!((heard, stands), (0, Some(Speech::Waiting)));
    line.session.stop_listening();
    assert_eq!(line.utterance(&spoken(800)), (0, None));
}
