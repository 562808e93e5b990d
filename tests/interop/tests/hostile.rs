//! What strangers on the network may try, against a running server with a call in progress.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flow_interop::caller::{Caller, heard, key};
use flow_interop::eventually;
use flow_interop::project::Project;
use flow_interop::server::Server;

const SOURCE: &str = r#"
edition 2026

inbound "+15550195" -> line

flow line {
    on no_input, no_match 2 times -> bye
    menu main {
        ask "Press 1." recording "menu"
        again "Press 1." recording "menu"
        press 1 silently -> bye
        press 2 silently -> message
    }
    voicemail message {
        longest 20s  silence 10s
        deliver to "mailto:desk@line.example"
        on recorded, empty, failed -> bye
    }
    end bye { say "Goodbye." recording "bye" }
}

flow long {
    end alone { say "A long story." recording "long" }
}
"#;

fn start(name: &str, number: u8) -> (Project, Server) {
    let recordings = [("menu", 440.0, 8.0), ("bye", 700.0, 0.3), ("long", 500.0, 60.0)];
    let project = Project::new(name, SOURCE, &recordings);
    let server = Server::start(project.path(), &format!("127.{number}.0.1:5060"), &[]);
    (project, server)
}

/// Keys that the server says were pressed.
fn pressed(server: &Server) -> usize {
    server.story().matches("the caller presses").count()
}

/// CVE-2017-14099, CVE-2025-53399: somebody who guesses the port of a caller who says nothing.
#[test]
fn a_third_party_neither_hears_the_caller_s_audio_nor_presses_keys() {
    let (_project, server) = start("third-party", 46);
    let mut caller = Caller::new("127.46.0.2", &server.address, "line");
    assert_eq!(caller.call(), Some(200));
    let media = caller.media.unwrap();
    let thief = UdpSocket::bind("127.46.0.9:0").unwrap();
    thief.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    let inject = |thief: &UdpSocket| {
        for n in 0..40u16 {
            for packet in key(1, n * 6, u32::from(n) * 960) {
                thief.send_to(&packet, media).unwrap();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    // Before the caller has said anything, and after.
    inject(&thief);
    caller.speak();
    std::thread::sleep(Duration::from_millis(100));
    inject(&thief);
    assert_eq!(heard(&thief, Duration::from_millis(200)), 0, "packets for a third party");
    assert_eq!(pressed(&server), 0, "{}", server.story());
    assert!(caller.hears(Duration::from_millis(500)) > 20, "the caller hears its prompt");
    assert_eq!(caller.hang_up(), Some(200));
}

/// CVE-2021-41145 and the like: calls without end from one address that never acknowledges anything.
#[test]
fn a_flood_of_calls_from_one_address_leaves_room_for_others() {
    let (_project, server) = start("flood", 47);
    let mut standing = Caller::new("127.47.0.2", &server.address, "long");
    assert_eq!(standing.call(), Some(200));
    standing.speak();
    let over = AtomicBool::new(false);
    let (mut answered, mut tried, mut audio) = (0, 0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut flood = Caller::new("127.47.0.66", &server.address, "long");
            while !over.load(Ordering::Relaxed) {
                flood.invite();
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let listener = scope.spawn(|| standing.hears(Duration::from_secs(4)));
        std::thread::sleep(Duration::from_secs(1));
        for n in 0..10 {
            let mut other = Caller::new(&format!("127.47.1.{}", n + 1), &server.address, "line");
            tried += 1;
            answered += usize::from(other.call() == Some(200));
            other.hang_up();
            std::thread::sleep(Duration::from_millis(200));
        }
        over.store(true, Ordering::Relaxed);
        audio = listener.join().unwrap();
    });
    assert!(answered * 10 >= tried * 9, "{answered} of {tried} calls were answered");
    assert!((190..=210).contains(&audio), "{audio} packets in 4 s of the call in progress");
    assert_eq!(standing.hang_up(), Some(200));
}

#[test]
fn packets_of_any_bytes_leave_a_call_in_peace() {
    let (_project, server) = start("any-bytes", 48);
    let mut caller = Caller::new("127.48.0.2", &server.address, "long");
    assert_eq!(caller.call(), Some(200));
    let media = caller.media.unwrap();
    caller.speak();
    let mut odd = Caller::new("127.48.0.66", &server.address, "nobody");
    // A small generator, so that every run sends the same bytes.
    let mut state = 7u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let rtcp = SocketAddr::new(media.ip(), media.port() + 1);
    for round in 0..2_000 {
        let offer = odd.offer();
        let mut sip = odd.request("INVITE", &offer).into_bytes();
        for _ in 0..=random(8) {
            let at = random(sip.len());
            match random(4) {
                0 => sip[at] = random(256) as u8,
                1 => drop(sip.drain(at..(at + random(20)).min(sip.len()))),
                2 => sip.insert(at, b"\0\r\n\"<>;:,%\xe9"[random(11)]),
                _ => drop(sip.splice(at..at, b"99999999999999999999".iter().copied())),
            }
        }
        odd.send(&sip);
        let mut rtp = caller.packet(if round % 3 == 0 { 101 } else { 0 }, &[0x55; 40]);
        let length = random(rtp.len());
        rtp.truncate(length);
        for byte in rtp.iter_mut().take(4) {
            *byte ^= random(256) as u8;
        }
        caller.rtp.send_to(&rtp, media).unwrap();
        caller.rtp.send_to(&rtp, rtcp).unwrap();
        if round % 50 == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    odd.send(&vec![0; 65_000]);
    odd.send(format!("INVITE sip:line@x SIP/2.0\r\n{}\r\n", "X: y\r\n".repeat(10_000)).as_bytes());
    caller.hears(Duration::from_millis(100));
    assert!(caller.hears(Duration::from_secs(1)) > 45, "the caller hears its story");
    // From a socket of its own: the odd one's is full of answers to what it sent.
    let mut friend = Caller::new("127.48.0.67", &server.address, "nobody");
    let options = friend.request("OPTIONS", "");
    friend.send(options.as_bytes());
    assert_eq!(friend.answer("OPTIONS", Duration::from_secs(2)), Some(200));
    assert_eq!(caller.hang_up(), Some(200));
}

#[test]
fn requests_without_leave_are_never_accepted() {
    let (_project, server) = start("without-leave", 49);
    for method in ["REGISTER", "MESSAGE", "SUBSCRIBE", "REFER", "PUBLISH", "NOTIFY", "UPDATE", "BYE", "INFO"]
    {
        let mut stranger = Caller::new("127.49.0.2", &server.address, "line");
        let request = stranger.request(method, "");
        stranger.send(request.as_bytes());
        let status = stranger.answer(method, Duration::from_secs(2)).expect(method);
        assert!((400..600).contains(&status), "{method} got {status}");
    }
}

/// Disk gone while calls come: they go on, and no record is lost once it is back.
#[test]
fn calls_and_their_records_survive_a_state_folder_that_vanishes() {
    let (_project, server) = start("no-disk", 50);
    let call = |user: &str| {
        let mut caller = Caller::new("127.50.0.2", &server.address, user);
        assert_eq!(caller.call(), Some(200));
        caller.speak();
        caller
    };
    std::fs::remove_dir_all(&server.state).unwrap();
    std::fs::write(&server.state, "a file where the folder was").unwrap();
    assert_eq!(call("long").hang_up(), Some(200));
    // A message cannot be kept: the flow goes on by its way for that, and says goodbye.
    let mut caller = call("line");
    let spoken: Vec<Vec<u8>> = (0..50).map(|_| caller.packet(0, &[0x20; 160])).collect();
    for packet in key(2, 10, 90_000).into_iter().chain(spoken) {
        caller.rtp.send_to(&packet, caller.media.unwrap()).unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    for packet in key(1, 200, 990_000) {
        caller.rtp.send_to(&packet, caller.media.unwrap()).unwrap();
    }
    assert!(
        eventually(Duration::from_secs(5), || {
            caller.next(Duration::from_millis(200)).is_some_and(|text| text.starts_with("BYE"))
        }),
        "{}",
        server.story()
    );
    std::fs::remove_file(&server.state).unwrap();
    let again = "call records can be written again";
    assert!(eventually(Duration::from_secs(5), || server.story().contains(again)), "{}", server.story());
    assert!(server.story().contains("call records cannot be written to"), "{}", server.story());
    assert_eq!(server.records().len(), 2);
}
