//! The media threads on the loopback, with sockets of our own as the peers.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use flow_media::{
    Codec, Command, Digit, DigitSource, Event, HEADER_LEN, Header, MediaEvent, OpenError, Packet,
    PlaybackEnd, PlaybackId, Playlist, RecordingEnd, RecordingId, RecordingLimits, Remote, SessionId, Sound,
    event_payload, read_wav,
};

use super::{Media, MediaConfig};

/// Media threads and what they say.
struct Rig {
    media: Media,
    events: Receiver<MediaEvent>,
}

/// A telephone: one socket and the numbers of its stream.
struct Phone {
    socket: UdpSocket,
    server: SocketAddr,
    sequence: u16,
    timestamp: u32,
}

fn rig(ports: std::ops::RangeInclusive<u16>, threads: usize) -> Rig {
    let (sender, events) = channel();
    let config = MediaConfig { threads, ..MediaConfig::new(Ipv4Addr::LOCALHOST.into(), ports) };
    let sink = Arc::new(move |event| {
        let _ = sender.send(event);
    });
    Rig { media: Media::start(config, sink).unwrap(), events }
}

impl Rig {
    fn next(&self) -> MediaEvent {
        match self.events.recv_timeout(Duration::from_secs(5)) {
            Ok(event) => event,
            Err(error) => panic!("no event: {error}"),
        }
    }

    fn next_of(&self, session: SessionId) -> Event {
        match self.next() {
            MediaEvent::Session { session: of, event } if of == session => event,
            other => panic!("not of {session:?}: {other:?}"),
        }
    }

    /// Opens a session with a telephone at its other end.
    fn call(&self, number: u64, codec: Codec) -> (SessionId, Phone) {
        let session = SessionId(number);
        self.media.send(Command::Open { session, shard: 0 });
        let MediaEvent::Opened { port, .. } = self.next() else { panic!("not opened") };
        assert_eq!(port % 2, 0);
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        let remote = Remote::new(socket.local_addr().unwrap(), codec);
        self.media.send(Command::SetRemote { session, remote });
        let server = (Ipv4Addr::LOCALHOST, port).into();
        (session, Phone { socket, server, sequence: 65_530, timestamp: 4_000_000_000 })
    }

    fn play(&self, session: SessionId, id: u64, seconds: usize, level: i16, barge_in: bool) {
        let playlist = Playlist::once(Arc::new(Sound::from_samples(&vec![level; seconds * 8_000])));
        self.media.send(Command::Play {
            session,
            id: PlaybackId(id),
            playlist,
            barge_in,
            from: Duration::ZERO,
        });
    }
}

impl Phone {
    fn send(&mut self, payload_type: u8, payload: &[u8], ticks: u32) {
        let mut packet = vec![0; HEADER_LEN];
        let (sequence, timestamp) = (self.sequence, self.timestamp);
        Header { marker: false, payload_type, sequence, timestamp, ssrc: 7 }.write(&mut packet);
        packet.extend_from_slice(payload);
        self.socket.send_to(&packet, self.server).unwrap();
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(ticks);
    }

    fn hear(&self) -> (Header, Vec<u8>) {
        let mut buffer = [0; 2_000];
        let (len, from) = self.socket.recv_from(&mut buffer).expect("a packet");
        assert_eq!(from, self.server, "symmetric");
        let packet = Packet::read(&buffer[..len]).unwrap();
        (packet.header, packet.payload.to_vec())
    }

    fn hears_nothing_for(&self, span: Duration) -> bool {
        self.socket.set_read_timeout(Some(span)).unwrap();
        let heard = self.socket.recv_from(&mut [0; 2_000]).is_ok();
        self.socket.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        !heard
    }
}

#[test]
fn a_prompt_is_heard_from_end_to_end_and_its_end_is_told() {
    let rig = rig(21_000..=21_099, 1);
    let (session, phone) = rig.call(1, Codec::Pcma);
    let begun = Instant::now();
    rig.play(session, 5, 1, 8_000, false);
    let (first, payload) = phone.hear();
    assert!(begun.elapsed() < Duration::from_millis(100), "it starts at once");
    assert!(first.marker);
    assert_eq!((first.payload_type, payload.len()), (8, 160));
    for n in 1..50u32 {
        let (header, _) = phone.hear();
        assert!(!header.marker);
        assert_eq!(header.ssrc, first.ssrc);
        assert_eq!(header.sequence, first.sequence.wrapping_add(n as u16));
        assert_eq!(header.timestamp, first.timestamp.wrapping_add(n * 160));
    }
    let finished = Event::PlaybackFinished { id: PlaybackId(5), end: PlaybackEnd::Completed };
    assert_eq!(rig.next_of(session), finished);
    assert!((900..1_500).contains(&begun.elapsed().as_millis()), "in real time: {:?}", begun.elapsed());
    rig.media.send(Command::Close { session });
    let MediaEvent::Closed { stats, .. } = rig.next() else { panic!("not closed") };
    assert_eq!((stats.packets_sent, stats.octets_sent), (50, 8_000));
}

#[test]
fn a_key_stops_the_prompt_without_the_driver() {
    let rig = rig(21_100..=21_199, 1);
    let (session, mut phone) = rig.call(1, Codec::Pcmu);
    rig.play(session, 5, 30, 8_000, true);
    for _ in 0..5 {
        phone.hear();
    }
    let five = Digit::from_char('5').unwrap();
    let pressed = Instant::now();
    phone.send(101, &event_payload(five, false, 160), 0);
    let started = Event::DigitStarted { digit: five, source: DigitSource::Rtp };
    assert_eq!(rig.next_of(session), Event::MediaHeard);
    assert_eq!(rig.next_of(session), started);
    let barged = Event::PlaybackFinished { id: PlaybackId(5), end: PlaybackEnd::BargedIn };
    assert_eq!(rig.next_of(session), barged);
    phone.socket.set_nonblocking(true).unwrap();
    while pressed.elapsed() < Duration::from_millis(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    while phone.socket.recv_from(&mut [0; 2_000]).is_ok() {}
    phone.socket.set_nonblocking(false).unwrap();
    assert!(phone.hears_nothing_for(Duration::from_millis(100)), "nothing later than 60 ms after the key");
    for _ in 0..3 {
        phone.send(101, &event_payload(five, true, 800), 0);
    }
    let Event::Digit { digit, .. } = rig.next_of(session) else { panic!("no digit") };
    assert_eq!(digit, five);
    assert!(matches!(rig.events.recv_timeout(Duration::from_millis(200)), Err(RecvTimeoutError::Timeout)));
}

#[test]
fn the_two_sides_of_a_bridge_hear_each_other() {
    let rig = rig(21_200..=21_299, 2);
    let (a, mut caller) = rig.call(1, Codec::Pcmu);
    let (b, mut agent) = rig.call(2, Codec::Pcma);
    rig.media.send(Command::Bridge { a, b });
    // PCMU full scale is 0x80; in PCMA it is 0xAA.
    for n in 0..10 {
        caller.send(0, &[0x80; 160], 160);
        let (header, payload) = agent.hear();
        assert_eq!((header.marker, header.payload_type), (n == 0, 8));
        assert_eq!(payload, [0xAA; 160]);
        agent.send(8, &[0xAA; 160], 160);
        let (header, payload) = caller.hear();
        assert_eq!((header.marker, header.payload_type), (n == 0, 0));
        assert_eq!(payload, [0x80; 160]);
    }
    rig.media.send(Command::Unbridge { session: b });
    assert_eq!(rig.next_of(a), Event::MediaHeard);
    assert_eq!(rig.next_of(b), Event::MediaHeard);
    caller.send(0, &[0x80; 160], 160);
    assert!(agent.hears_nothing_for(Duration::from_millis(100)));
}

#[test]
fn keys_are_sent_to_a_peer() {
    let rig = rig(21_300..=21_399, 1);
    let (session, phone) = rig.call(1, Codec::Pcmu);
    let digits: Vec<Digit> = "1#".chars().filter_map(Digit::from_char).collect();
    rig.media.send(Command::SendDigits { session, digits });
    let packets: Vec<(Header, Vec<u8>)> = (0..16).map(|_| phone.hear()).collect();
    assert!(packets.iter().all(|(header, payload)| header.payload_type == 101 && payload.len() == 4));
    let keys: Vec<u8> =
        packets.iter().filter(|(header, _)| header.marker).map(|(_, payload)| payload[0]).collect();
    assert_eq!(keys, [1, 11]);
    assert_ne!(packets[0].0.timestamp, packets[8].0.timestamp);
}

#[test]
fn a_message_is_recorded_into_a_playable_file() {
    let folder = std::env::temp_dir().join(format!("flow-media-{}", std::process::id()));
    let path = folder.join("messages/1.wav");
    let rig = rig(21_400..=21_499, 1);
    let (session, mut phone) = rig.call(1, Codec::Pcmu);
    let limits = RecordingLimits { digit_ends: true, ..RecordingLimits::default() };
    rig.media.send(Command::Record { session, id: RecordingId(9), path: path.clone(), limits });
    for _ in 0..75 {
        phone.send(0, &[0x80; 160], 160);
        std::thread::sleep(Duration::from_millis(20));
    }
    let so_far = read_wav(&std::fs::read(&path).unwrap()).unwrap();
    assert!(so_far.len() >= 8_000, "playable while it grows: {} samples", so_far.len());
    phone.send(101, &event_payload(Digit::from_char('#').unwrap(), true, 160), 0);
    let finished = loop {
        if let MediaEvent::Session { event: Event::RecordingFinished { id, duration, end, spoken }, .. } =
            rig.next()
        {
            break (id, duration, end, spoken);
        }
    };
    assert_eq!((finished.0, finished.2, finished.3), (RecordingId(9), RecordingEnd::Digit, true));
    let samples = read_wav(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(Duration::from_micros(samples.len() as u64 * 125), finished.1);
    let loud = samples.iter().filter(|&&sample| sample > 30_000).count();
    assert!(loud >= 73 * 160, "what was said is in it: {loud} samples");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_recording_that_cannot_be_written_fails_and_the_call_goes_on() {
    let rig = rig(21_500..=21_599, 1);
    let (session, phone) = rig.call(1, Codec::Pcmu);
    let path = "/proc/no/such/place.wav".into();
    rig.media.send(Command::Record { session, id: RecordingId(9), path, limits: RecordingLimits::default() });
    rig.media.send(Command::StopRecord { session, id: RecordingId(9) });
    let Event::RecordingFinished { end, .. } = rig.next_of(session) else { panic!("not finished") };
    assert_eq!(end, RecordingEnd::Failed);
    rig.play(session, 5, 1, 8_000, false);
    phone.hear();
}

#[test]
fn ports_run_out_with_an_error_and_rest_after_a_call() {
    let rig = rig(21_600..=21_603, 1);
    for number in 1..=2 {
        rig.call(number, Codec::Pcmu);
    }
    let failed = |session| MediaEvent::OpenFailed { session, error: OpenError::PortsExhausted };
    rig.media.send(Command::Open { session: SessionId(3), shard: 0 });
    assert_eq!(rig.next(), failed(SessionId(3)));
    rig.media.send(Command::Close { session: SessionId(1) });
    assert!(matches!(rig.next(), MediaEvent::Closed { .. }));
    rig.media.send(Command::Open { session: SessionId(4), shard: 0 });
    assert_eq!(rig.next(), failed(SessionId(4)), "the port rests for a while");
}

#[test]
fn a_flood_on_one_port_does_not_starve_another_call() {
    let rig = rig(21_700..=21_799, 1);
    let (_, victim) = rig.call(1, Codec::Pcmu);
    let (session, phone) = rig.call(2, Codec::Pcmu);
    rig.play(session, 5, 2, 8_000, false);
    let mut last = None;
    let mut worst = Duration::ZERO;
    for _ in 0..50 {
        // A thousand packets of a stranger for each 20 ms of prompt.
        for _ in 0..1_000 {
            let _ = phone.socket.send_to(&[0x80; 172], victim.server);
        }
        phone.hear();
        let now = Instant::now();
        worst = worst.max(last.map_or(Duration::ZERO, |before| now - before));
        last = Some(now);
    }
    assert!(worst < Duration::from_millis(200), "the longest gap was {worst:?}");
}

#[test]
fn packets_of_any_bytes_change_nothing() {
    let rig = rig(21_800..=21_899, 1);
    let (session, phone) = rig.call(1, Codec::Pcmu);
    for len in 0..200usize {
        let noise: Vec<u8> = (0..len).map(|n| (n * 37 + len * 11) as u8 ^ 0x80).collect();
        phone.socket.send_to(&noise, phone.server).unwrap();
    }
    rig.play(session, 5, 1, 8_000, false);
    assert_eq!(phone.hear().0.payload_type, 0);
}

#[test]
fn when_the_server_ends_its_recordings_are_whole_and_its_sessions_closed() {
    let folder = std::env::temp_dir().join(format!("flow-media-end-{}", std::process::id()));
    let path = folder.join("1.wav");
    let rig = rig(21_900..=21_999, 1);
    let (session, mut phone) = rig.call(1, Codec::Pcmu);
    let limits = RecordingLimits::default();
    rig.media.send(Command::Record { session, id: RecordingId(9), path: path.clone(), limits });
    for _ in 0..10 {
        phone.send(0, &[0x80; 160], 160);
        std::thread::sleep(Duration::from_millis(20));
    }
    let Rig { media, events } = rig;
    drop(media);
    let told: Vec<MediaEvent> = events.iter().collect();
    assert!(matches!(
        told[told.len() - 2],
        MediaEvent::Session { event: Event::RecordingFinished { .. }, .. }
    ));
    assert!(matches!(told[told.len() - 1], MediaEvent::Closed { .. }), "the last event");
    let samples = read_wav(&std::fs::read(&path).unwrap()).unwrap();
    assert!(
        samples.iter().filter(|&&sample| sample > 30_000).count() >= 8 * 160,
        "{} samples",
        samples.len()
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_shipped_sound_can_be_played_and_heard() {
    for name in flow_stdlib::sounds::names() {
        let file = flow_stdlib::sounds::sound(name).unwrap();
        let samples = read_wav(file).unwrap_or_else(|error| panic!("{name}: {error}"));
        let energy: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
        let level = (energy / samples.len() as f64).sqrt();
        // Working sounds are there to be noticed, not to be listened to.
        assert!((400.0..12_000.0).contains(&level), "{name}: level {level:.0}");
    }
}

/// Everybody in `phones` says their level for a while, 20 ms after 20 ms; gives the levels that each hears last.
fn confer(phones: &mut [(Phone, u8, u8)], frames: usize) -> Vec<i16> {
    let mut heard = vec![0; phones.len()];
    for frame in 0..frames {
        // What is heard at first may be of before, and a busy machine leaves gaps: the loudest of the end counts.
        if frame == frames / 2 {
            heard.fill(0);
        }
        let begun = Instant::now();
        for (phone, payload_type, octet) in phones.iter_mut() {
            phone.send(*payload_type, &[*octet; 160], 160);
        }
        std::thread::sleep(Duration::from_millis(20).saturating_sub(begun.elapsed()));
        for (index, (phone, payload_type, _)) in phones.iter().enumerate() {
            phone.socket.set_nonblocking(true).unwrap();
            let mut buffer = [0; 2_000];
            while let Ok((len, _)) = phone.socket.recv_from(&mut buffer) {
                let packet = Packet::read(&buffer[..len]).unwrap();
                let codec = Codec::from_static_payload_type(*payload_type).unwrap();
                let mut samples = Vec::new();
                codec.decode(packet.payload, &mut samples);
                heard[index] = heard[index].max(samples[80]);
            }
            phone.socket.set_nonblocking(false).unwrap();
        }
    }
    heard
}

#[test]
fn in_a_room_everybody_hears_everybody_else_across_threads_and_codecs() {
    let rig = rig(22_000..=22_099, 2);
    let codecs = [Codec::Pcmu, Codec::Pcma, Codec::Pcmu];
    let levels = [4_000_i16, 8_000, 1_000];
    let mut phones = Vec::new();
    for (index, codec) in codecs.into_iter().enumerate() {
        // `call` opens on the first thread; the room is not of one thread.
        let session = SessionId(index as u64 + 1);
        rig.media.send(Command::Open { session, shard: index as u32 });
        let MediaEvent::Opened { port, .. } = rig.next() else { panic!("not opened") };
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let remote = Remote::new(socket.local_addr().unwrap(), codec);
        rig.media.send(Command::SetRemote { session, remote });
        let server = (Ipv4Addr::LOCALHOST, port).into();
        let phone = Phone { socket, server, sequence: 65_530, timestamp: 4_000_000_000 };
        let octet = codec.encode(&[levels[index]])[0];
        phones.push((phone, codec.static_payload_type().unwrap(), octet));
        rig.media.send(Command::Mix { session, room: 7 });
    }
    let near = |heard: i16, expected: i32| (i32::from(heard) - expected).abs() < expected / 16 + 16;
    let heard = confer(&mut phones, 60);
    assert!(near(heard[0], 9_000) && near(heard[1], 5_000) && near(heard[2], 12_000), "{heard:?}");
    rig.media.send(Command::Unmix { session: SessionId(2) });
    let heard = confer(&mut phones, 60);
    assert!(near(heard[0], 1_000) && near(heard[2], 4_000), "who has left is not heard: {heard:?}");
}

#[test]
fn a_call_is_recorded_in_two_channels_without_keys_and_pauses() {
    let folder = std::env::temp_dir().join(format!("flow-media-call-{}", std::process::id()));
    let path = folder.join("recordings/1-r1.wav");
    let rig = rig(22_100..=22_199, 1);
    let (a, mut caller) = rig.call(1, Codec::Pcmu);
    let (b, mut agent) = rig.call(2, Codec::Pcma);
    let record = |session, id, channel| Command::RecordCall {
        session,
        id: RecordingId(id),
        path: path.clone(),
        channel,
    };
    rig.media.send(record(a, 1, 0));
    let mut say = |frames: usize, both: bool| {
        for _ in 0..frames {
            caller.send(0, &[0x80; 160], 160);
            if both {
                agent.send(8, &[0xAA; 160], 160);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    say(25, false);
    rig.media.send(record(b, 2, 1));
    say(25, true);
    for session in [(a, 1), (b, 2)] {
        rig.media.send(Command::PauseRecord { session: session.0, id: RecordingId(session.1), paused: true });
    }
    say(25, true);
    for session in [(a, 1), (b, 2)] {
        rig.media.send(Command::PauseRecord {
            session: session.0,
            id: RecordingId(session.1),
            paused: false,
        });
    }
    say(10, true);
    // A gateway sends the tone of a key as sound, too.
    caller.send(101, &event_payload(Digit::from_char('5').unwrap(), false, 160), 0);
    for _ in 0..10 {
        caller.send(101, &event_payload(Digit::from_char('5').unwrap(), false, 800), 0);
        caller.timestamp = caller.timestamp.wrapping_add(160);
        caller.send(0, &[0x80; 160], 0);
        std::thread::sleep(Duration::from_millis(20));
    }
    rig.media.send(Command::Close { session: a });
    rig.media.send(Command::Close { session: b });
    let mut ended = 0;
    while ended < 2 {
        if let MediaEvent::Session { event: Event::RecordingFinished { end, .. }, .. } = rig.next() {
            assert_eq!(end, RecordingEnd::Stopped);
            ended += 1;
        }
    }
    let octets = std::fs::read(&path).unwrap();
    let length = u32::from_le_bytes(octets[40..44].try_into().unwrap()) as usize;
    assert_eq!((octets[22], length), (2, octets.len() - 44), "two channels, and the header is true");
    let sample = |at: &[u8]| i32::from(i16::from_le_bytes([at[0], at[1]]));
    // Of each 20 ms whether it is loud. A busy machine sends late, so that only counts and order are certain.
    let loud = |channel: usize| -> Vec<usize> {
        let frames = octets[44..].chunks_exact(640).enumerate();
        let loud = frames.filter(|(_, frame)| sample(&frame[320 + 2 * channel..]) > 30_000);
        loud.map(|(index, _)| index).collect()
    };
    let (left, right) = (loud(0), loud(1));
    // Of 95 and 85 packets, 25 each fell into the pause, and ten of the caller's into a key.
    assert!((30..=63).contains(&left.len()), "left: {left:?}");
    assert!((15..=38).contains(&right.len()), "right: {right:?}");
    assert!(right[0] >= left[0] + 15, "the other is heard from the talk on: {} {}", left[0], right[0]);
    let pause = |heard: &[usize]| heard.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
    assert!(pause(&left) >= 20 && pause(&right) >= 20, "nothing is kept while it pauses: {left:?} {right:?}");
    std::fs::remove_dir_all(folder).unwrap();
}
