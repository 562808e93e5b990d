//! What a media thread carries: many sessions on hold, spacing and cost of their packets.
//!
//! `cargo bench -p flow-server --bench media -- [SESSIONS] [SECONDS] [talk]`
//!
//! Each session plays music in a phase of its own. All but fifty send into one socket that nobody reads; the fifty are
//! read, and the spacing of their packets is what the figures tell. With `talk`, each caller sends a packet
//! of 20 ms too. The limit on open files (`ulimit -n`) must be above twice the sessions.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros)]

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use flow_media::{
    Codec, Command, HEADER_LEN, Header, MediaEvent, PlaybackId, Playlist, Remote, SessionId, Sound,
};
use flow_server::media::{Media, MediaConfig};

/// Sessions whose packets are read and timed.
const TIMED: usize = 50;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let number =
        |at: usize, default: usize| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(default);
    let (sessions, seconds) = (number(0, 200), number(1, 3));
    let talk = words.iter().any(|word| word == "talk");
    run(sessions.max(TIMED), seconds.max(1) as u64, talk);
}

fn run(sessions: usize, seconds: u64, talk: bool) {
    let (sender, events) = channel();
    let sink = Arc::new(move |event| {
        let _ = sender.send(event);
    });
    let config = MediaConfig::new(Ipv4Addr::LOCALHOST.into(), 12_000..=31_999);
    let media = Media::start(config, sink).expect("media threads");
    let unread = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a sink");
    let timed = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let address = |socket: &UdpSocket| socket.local_addr().expect("an address");

    // Six seconds of noise at the level of music; what is in the packets does not matter.
    let samples: Vec<i16> = (0..48_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 20) as i16).collect();
    let music = Arc::new(Sound::from_samples(&samples));
    let before = resident();
    let mut ports = Vec::new();
    for n in 0..sessions {
        let session = SessionId(n as u64);
        media.send(Command::Open { session, shard: 0 });
        match events.recv_timeout(Duration::from_secs(5)) {
            Ok(MediaEvent::Opened { port, .. }) => ports.push(port),
            other => {
                panic!("session {n} did not open: {other:?} (is `ulimit -n` above {}?)", 2 * sessions + 50)
            }
        }
        let to = address(if n < TIMED { &timed } else { &unread });
        media.send(Command::SetRemote { session, remote: Remote::new(to, Codec::Pcmu) });
    }
    // One playback at a time, so that the phases spread over every 20 ms.
    let begun = Instant::now();
    for n in 0..sessions {
        while begun.elapsed() < Duration::from_secs(1) * n as u32 / sessions as u32 {
            std::thread::sleep(Duration::from_micros(200));
        }
        let playlist = Playlist::looped(music.clone());
        media.send(Command::Play {
            session: SessionId(n as u64),
            id: PlaybackId(1),
            playlist,
            barge_in: false,
            from: Duration::ZERO,
        });
    }
    let stop = Arc::new(AtomicBool::new(false));
    let talker = talk.then(|| {
        let sources = [timed.try_clone().expect("a socket"), unread.try_clone().expect("a socket")];
        let (ports, stop) = (ports.clone(), stop.clone());
        std::thread::spawn(move || say(&sources, &ports, &stop))
    });
    std::thread::sleep(Duration::from_millis(500));
    let memory = resident().saturating_sub(before);

    let (cpu, soft, clock) = (media_cpu(), soft_interrupts(), Instant::now());
    let mut spacing = time_packets(&timed, Duration::from_secs(seconds));
    let (cpu, soft, clock) = (media_cpu() - cpu, soft_interrupts() - soft, clock.elapsed());
    stop.store(true, Ordering::Relaxed);
    if let Some(talker) = talker {
        talker.join().expect("the talker");
    }

    let mut first = first_packets(&media, &unread, &events, sessions as u64);
    let active = begun.elapsed().saturating_sub(Duration::from_millis(500));

    for n in 0..sessions {
        media.send(Command::Close { session: SessionId(n as u64) });
    }
    let (mut packets, mut heard, mut closed) = (0, 0, 0);
    while closed < sessions {
        if let MediaEvent::Closed { stats, .. } =
            events.recv_timeout(Duration::from_secs(5)).expect("an event")
        {
            packets += stats.packets_sent;
            heard += stats.packets_received;
            closed += 1;
        }
    }
    // What was sent in the time that was measured, as a part of the time in which the sessions played.
    let measured = packets as f64 * clock.as_secs_f64() / active.as_secs_f64();
    spacing.sort_unstable();
    let at = |part: f64| spacing[((spacing.len() - 1) as f64 * part) as usize] as f64 / 1_000.0;
    let near = spacing.iter().filter(|&&micros| (15_000..=25_000).contains(&micros)).count();
    println!("sessions {sessions}, {clock:.1?}, callers {}", if talk { "talking" } else { "silent" });
    println!("  packets sent      {packets} in all, {:.0} each second", measured / clock.as_secs_f64());
    println!("  packets heard     {heard}");
    println!("  CPU of the thread {:.1} % of a core", cpu.as_secs_f64() / clock.as_secs_f64() * 100.0);
    println!("  CPU per packet    {:.2} µs", cpu.as_secs_f64() * 1e6 / measured);
    println!(
        "  soft interrupts   {:.1} % of a core, {:.2} µs a packet, of the whole machine",
        soft.as_secs_f64() / clock.as_secs_f64() * 100.0,
        soft.as_secs_f64() * 1e6 / measured
    );
    println!("  memory            {:.1} KB each", memory as f64 / 1024.0 / sessions as f64);
    println!(
        "  spacing (ms)      p0.1 {:.2}  p1 {:.2}  p50 {:.2}  p99 {:.2}  p99.9 {:.2}  worst {:.2}",
        at(0.001),
        at(0.01),
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    );
    first.sort_unstable();
    let late = |part: usize| first[(first.len() - 1) * part / 100] as f64 / 1_000.0;
    println!("  order to packet   p50 {:.2} ms  p99 {:.2} ms, under this load", late(50), late(99));
    println!("  within 20 ± 5 ms  {:.2} %", near as f64 * 100.0 / spacing.len() as f64);
}

/// Microseconds from the order to play until the first packet of the prompt is there, a hundred times, on one session
/// more.
fn first_packets(media: &Media, unread: &UdpSocket, events: &Receiver<MediaEvent>, number: u64) -> Vec<u64> {
    let session = SessionId(number);
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(1))).expect("a time-out");
    media.send(Command::Open { session, shard: 0 });
    while !matches!(events.recv_timeout(Duration::from_secs(5)), Ok(MediaEvent::Opened { .. })) {}
    let remote = Remote::new(socket.local_addr().expect("an address"), Codec::Pcmu);
    media.send(Command::SetRemote { session, remote });
    let prompt = Arc::new(Sound::from_samples(&[1_000; 160]));
    let mut spans = Vec::new();
    for id in 0..100 {
        std::thread::sleep(Duration::from_millis(7));
        let begun = Instant::now();
        let playlist = Playlist::once(prompt.clone());
        media.send(Command::Play {
            session,
            id: PlaybackId(id),
            playlist,
            barge_in: false,
            from: Duration::ZERO,
        });
        socket.recv_from(&mut [0; 2_000]).expect("a packet");
        spans.push(begun.elapsed().as_micros() as u64);
    }
    // What comes back for this session is not counted with the others.
    media.send(Command::SetRemote {
        session,
        remote: Remote::new(unread.local_addr().expect("an address"), Codec::Pcmu),
    });
    spans
}

/// Microseconds between the packets of each of the timed sessions.
fn time_packets(socket: &UdpSocket, span: Duration) -> Vec<u64> {
    socket.set_read_timeout(Some(Duration::from_millis(200))).expect("a time-out");
    let begun = Instant::now();
    let mut last: HashMap<SocketAddr, Instant> = HashMap::new();
    let mut spacing = Vec::new();
    let mut buffer = [0; 2_000];
    // What waited in the socket until now says nothing about spacing.
    socket.set_nonblocking(true).expect("a mode");
    while socket.recv_from(&mut buffer).is_ok() {}
    socket.set_nonblocking(false).expect("a mode");
    while begun.elapsed() < span {
        let Ok((_, from)) = socket.recv_from(&mut buffer) else { continue };
        let now = Instant::now();
        if let Some(before) = last.insert(from, now) {
            spacing.push((now - before).as_micros() as u64);
        }
    }
    spacing
}

/// Sends each session a packet every 20 ms from the socket that its music goes to.
fn say(sources: &[UdpSocket; 2], ports: &[u16], stop: &AtomicBool) {
    let mut packet = [0xFF; HEADER_LEN + 160];
    let begun = Instant::now();
    let mut round = 0u32;
    while !stop.load(Ordering::Relaxed) {
        for (n, port) in ports.iter().enumerate() {
            // A tenth of the sessions, then a breath: the peers of real calls do not speak all at once.
            if n % (ports.len() / 10).max(1) == 0 {
                let due = Duration::from_millis(20) * round
                    + Duration::from_millis(2) * (n * 10 / ports.len()) as u32;
                std::thread::sleep(due.saturating_sub(begun.elapsed()));
            }
            let (sequence, timestamp) = (round as u16, round * 160);
            Header { marker: false, payload_type: 0, sequence, timestamp, ssrc: 7 }.write(&mut packet);
            let _ = sources[usize::from(n >= TIMED)].send_to(&packet, (Ipv4Addr::LOCALHOST, *port));
        }
        round += 1;
    }
}

/// CPU time of the media threads so far, from the scheduler's own accounts.
fn media_cpu() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten().map(|task| task.path());
    let nanoseconds = tasks
        .filter(|task| {
            std::fs::read_to_string(task.join("comm")).is_ok_and(|name| name.starts_with("media-"))
        })
        .filter_map(|task| std::fs::read_to_string(task.join("schedstat")).ok())
        .filter_map(|line| line.split(' ').next()?.parse::<u64>().ok());
    Duration::from_nanos(nanoseconds.sum())
}

/// Time that the machine spent in soft interrupts. On the loopback they are the receiver's half of each packet, and
/// some kernels charge them to nobody's thread.
fn soft_interrupts() -> Duration {
    let text = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks = text.lines().next().and_then(|line| line.split_whitespace().nth(7)?.parse::<u64>().ok());
    Duration::from_millis(ticks.unwrap_or(0) * 10)
}

/// Resident memory of this process in bytes.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
