//! What one packet costs before any system call. `cargo bench -p flow-media --bench packet`

use std::net::SocketAddr;
use std::sync::Arc;

use divan::{Bencher, black_box};
use flow_media::{
    Codec, HEADER_LEN, Header, MAX_PACKET, PlaybackId, Playlist, RecordingId, RecordingLimits, Remote,
    Session, SessionConfig, Sound, StreamStart, Time,
};

fn main() {
    divan::main();
}

fn peer() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], 4_000))
}

fn session(codec: Codec) -> Session {
    let mut session = Session::new(
        SessionConfig { media_timeout: None },
        StreamStart { ssrc: 1, sequence: 0, timestamp: 0 },
        Time(0),
    );
    session.set_remote(Remote { rtcp: None, ..Remote::new(peer(), codec) }, Time(0));
    session
}

/// A packet of a peer's stream, the `n`th.
fn packet(n: u32) -> [u8; HEADER_LEN + 160] {
    let mut packet = [0x80; HEADER_LEN + 160];
    let header = Header {
        marker: false,
        payload_type: 0,
        sequence: n as u16,
        timestamp: n.wrapping_mul(160),
        ssrc: 7,
    };
    header.write(&mut packet);
    packet
}

#[divan::bench]
fn play_one(bencher: Bencher) {
    let mut session = session(Codec::Pcmu);
    let music = Arc::new(Sound::from_samples(&[1_000; 80_000]));
    session.play(PlaybackId(1), Playlist::looped(music), true, Time(0));
    let mut out = [0; MAX_PACKET];
    let mut now = Time(0);
    bencher.bench_local(|| {
        let sent = session.poll_transmit(now, &mut out);
        let idle = session.poll_transmit(now, &mut out);
        now = session.next_deadline().unwrap_or_default();
        black_box((sent, idle))
    });
}

#[divan::bench]
fn receive_one(bencher: Bencher) {
    let mut session = session(Codec::Pcmu);
    let mut n = 0u32;
    bencher.bench_local(|| {
        n += 1;
        session.receive_rtp(peer(), &packet(n), Time(u64::from(n) * 20_000)).is_some()
    });
}

#[divan::bench]
fn receive_and_record_one(bencher: Bencher) {
    let mut session = session(Codec::Pcmu);
    let limits = RecordingLimits {
        max_duration: std::time::Duration::from_secs(14_000),
        silence: None,
        no_speech: None,
        digit_ends: false,
    };
    session.record(RecordingId(1), limits, Time(0));
    let mut out = [0; MAX_PACKET];
    let mut n = 0u32;
    bencher.bench_local(|| {
        n += 1;
        let now = Time(u64::from(n) * 20_000);
        session.receive_rtp(peer(), &packet(n), now);
        session.poll_transmit(now, &mut out);
        session.poll_recorded()
    });
}

#[divan::bench(args = [Codec::Pcmu, Codec::Pcma])]
fn bridge_one(bencher: Bencher, to: Codec) {
    let (mut a, mut b) = (session(Codec::Pcmu), session(to));
    let mut out = [0; MAX_PACKET];
    let mut n = 0u32;
    bencher.bench_local(|| {
        n += 1;
        let now = Time(u64::from(n) * 20_000);
        let packet = packet(n);
        a.receive_rtp(peer(), &packet, now).and_then(|forward| b.forward(&forward, now, &mut out))
    });
}
