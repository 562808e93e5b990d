//! Messages on their way out, by the store and the thread that delivers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::time::Instant;

use flow_switch::boundary::{StoreId, Stored};

use std::path::PathBuf;

use super::*;
use crate::records::{Keep, Store};

fn message(name: &str, deliver_to: String) -> Stored {
    Stored::Message(Message {
        name: name.into(),
        call: "c1".into(),
        deliver_to,
        caller: Some("+15550123".into()),
        flow: "support".into(),
        block: "message".into(),
        unix_millis: super::now(),
        millis: 3_000,
    })
}

/// A store with its outbox in a folder of its own.
fn outbox(name: &str) -> (PathBuf, Store) {
    outbox_to(name, Destinations::default())
}

fn outbox_to(name: &str, destinations: Destinations) -> (PathBuf, Store) {
    let state = std::env::temp_dir().join(format!("flow-outbox-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&state);
    records::prepare(&state).unwrap();
    let metrics = Arc::new(Metrics::default());
    let outbox = Outbox::start(&state, destinations, Box::new(drop), metrics.clone()).unwrap();
    let kept = Box::new(outbox.waker());
    let store =
        Store::start(&state, Box::new(|_, _| ()), Box::new(drop), kept, Keep::default(), metrics).unwrap();
    (state, store)
}

fn until(state: &Path, fits: impl Fn(&OutboxEntry) -> bool) -> OutboxEntry {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let entries = read_outbox(state).unwrap();
        if let Some(entry) = entries.iter().find(|entry| fits(entry)) {
            return entry.clone();
        }
        assert!(Instant::now() < end, "{entries:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_message_is_posted_with_its_audio_and_what_has_no_way_waits() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        (&stream).write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n").unwrap();
        tell.send((head.to_lowercase(), body)).unwrap();
    });
    let (state, store) = outbox("message");
    std::fs::write(records::messages(&state).join("m1.wav"), b"RIFF audio").unwrap();
    assert!(store.store(StoreId(1), message("m1", format!("http://{address}/messages"))).is_ok());
    let (head, body) = told.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(body, b"RIFF audio");
    for line in ["post /messages ", "idempotency-key: message-m1\r\n", "flow-caller: +15550123\r\n"] {
        assert!(head.contains(line), "{head}");
    }
    until(&state, |entry| entry.key == "message-m1" && entry.state == "delivered");

    assert!(store.store(StoreId(2), message("m2", "mailto:desk@acme.example".into())).is_ok());
    std::fs::write(records::messages(&state).join("m2.wav"), b"RIFF audio").unwrap();
    let entry = until(&state, |entry| {
        entry.key == "message-m2" && entry.reason.as_deref() == Some("there is no [email] in flow.toml")
    });
    assert_eq!((entry.what.as_str(), entry.state.as_str()), ("message", "waiting"));
    store.finish();
    std::fs::remove_dir_all(&state).unwrap();
}

/// Accepts connections and says this to each, once its request has come.
fn answers(head: &'static str) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(100).flatten() {
            std::thread::spawn(move || {
                let mut stream = stream;
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer);
                let _ = stream.write_all(head.as_bytes());
                // What hangs keeps its connections.
                std::thread::sleep(Duration::from_secs(20));
            });
        }
    });
    address
}

fn sent(key: &str, service: &str) -> Stored {
    Stored::Sent(Box::new(Sent {
        key: key.into(),
        call: "c1".into(),
        service: service.into(),
        operation: "rate".into(),
        method: "POST".into(),
        target: "/rate".into(),
        body: Some("{}".into()),
        unix_millis: super::now(),
    }))
}

fn place(name: &str, address: std::net::SocketAddr) -> flow_switch::services::ServicePlace {
    flow_switch::services::ServicePlace {
        name: name.into(),
        kind: flow_bytecode::program::ServiceKind::Http,
        address: format!("http://{address}"),
        headers: Vec::new(),
        basic: None,
    }
}

#[test]
fn a_destination_that_hangs_holds_up_nothing_else() {
    let services = vec![
        place("hangs", answers("")),
        place("works", answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
    ];
    let (state, store) = outbox_to("hangs", Destinations { services, ..Destinations::default() });
    for index in 0..100 {
        assert!(store.store(StoreId(index), sent(&format!("h{index}"), "hangs")).is_ok());
    }
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    assert!(store.store(StoreId(100), sent("w", "works")).is_ok());
    until(&state, |entry| entry.key == "w" && entry.state == "delivered");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    store.finish();
    std::fs::remove_dir_all(&state).unwrap();
}

#[test]
fn what_was_taken_is_not_sent_again_whatever_else_is_said() {
    // The status is there, and the answer behind it never comes to its end.
    let services = vec![place("crm", answers("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\nhalf"))];
    let (state, store) = outbox_to("taken", Destinations { services, ..Destinations::default() });
    assert!(store.store(StoreId(1), sent("s", "crm")).is_ok());
    let entry = until(&state, |entry| entry.state == "delivered");
    assert_eq!((entry.key.as_str(), entry.attempts), ("s", 1));
    store.finish();
    std::fs::remove_dir_all(&state).unwrap();
}

#[test]
fn what_was_given_up_can_be_tried_again() {
    let (state, store) = outbox("again");
    let connection = records::open(&state.join(records::FILE)).unwrap();
    connection
        .execute(
            "INSERT INTO outbox (key, kind, call, sent, created, due) VALUES ('k', 'send', 'c', 'odd', 0, 0)",
            [],
        )
        .unwrap();
    let entry = until(&state, |entry| entry.state == "undelivered");
    assert_eq!(entry.reason.as_deref(), Some("what was kept cannot be read"));
    assert_eq!(retry_outbox(&state), Ok(1));
    store.finish();
    std::fs::remove_dir_all(&state).unwrap();
}

#[test]
fn pauses_grow_and_end_after_a_day() {
    assert_eq!(next_attempt(0, 1, 50), Some(1_050));
    assert_eq!(next_attempt(0, 2, 1_100), Some(3_100));
    assert_eq!(next_attempt(0, 30, 5_000_000), Some(5_600_000));
    assert_eq!(next_attempt(0, 200, TRIED_MILLIS - 5), Some(TRIED_MILLIS));
    assert_eq!(next_attempt(0, 200, TRIED_MILLIS), None);
}
