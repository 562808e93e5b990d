//! The client and the services' thread against services that behave badly, on loopback.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use flow_bytecode::program::Method;
use flow_switch::boundary::ProgramId;
use flow_switch::services::Secret;

use super::*;

/// Answers each connection with what is given for it, in turn; the last for all others.
fn service(answers: Vec<fn(&mut TcpStream, &str)>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for (index, stream) in listener.incoming().take(100).enumerate() {
            let Ok(mut stream) = stream else { return };
            let answer = answers[index.min(answers.len() - 1)];
            std::thread::spawn(move || {
                let request = read_request(&mut stream);
                answer(&mut stream, &request);
            });
        }
    });
    address
}

fn read_request(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer).unwrap_or(0);
        text.extend(&buffer[..length]);
        let head = String::from_utf8_lossy(&text).into_owned();
        let Some((head_text, body)) = head.split_once("\r\n\r\n") else {
            if length == 0 {
                return head;
            }
            continue;
        };
        let wanted = head_text
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned))
            .and_then(|length| length.parse::<usize>().ok())
            .unwrap_or(0);
        if body.len() >= wanted || length == 0 {
            return head;
        }
    }
}

fn say(stream: &mut TcpStream, head: &str, body: &[u8]) {
    let _ = write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(body);
}

fn place(address: SocketAddr) -> ServicePlace {
    ServicePlace {
        name: "crm".into(),
        kind: ServiceKind::Http,
        address: format!("http://{address}"),
        headers: vec![("Authorization".into(), Secret::new("Bearer k-1".into()))],
        basic: None,
    }
}

fn asked(id: u64, within_millis: u64) -> ServiceRequest {
    ServiceRequest {
        id: RequestId(id),
        program: ProgramId(0),
        operation: 0,
        service: 0,
        name: "crm.one".into(),
        call: "c".into(),
        method: Method::Post,
        target: "/one?x=a%20b".into(),
        body: Some(Secret::new("{\"pin\":\"1234\"}".into())),
        within_millis,
        arguments: Vec::new(),
    }
}

fn live(address: SocketAddr) -> LiveServices {
    LiveServices::new(vec![place(address)]).unwrap()
}

#[test]
fn a_request_arrives_as_it_was_meant() {
    let address = service(vec![|stream, request| {
        let lower = request.to_lowercase();
        let fine = request.starts_with("POST /one?x=a%20b HTTP/1.1\r\n")
            && lower.contains("authorization: bearer k-1\r\n")
            && lower.contains("content-type: application/json\r\n")
            && request.ends_with("{\"pin\":\"1234\"}");
        say(stream, if fine { "200 OK" } else { "400 Bad" }, request.as_bytes());
    }]);
    let (reply, _) = live(address).ask(&asked(1, 3_000));
    let Reply::Answered { status, body } = reply else { panic!("{reply:?}") };
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
}

#[test]
fn bad_services_are_failures_and_never_more() {
    let status = |answer: fn(&mut TcpStream, &str)| {
        let (reply, millis) = live(service(vec![answer])).ask(&asked(1, 300));
        assert!(millis < 2_000, "{millis}");
        match reply {
            Reply::Answered { status, .. } => format!("status {status}"),
            Reply::Failed(why) => why.text().to_owned(),
        }
    };
    assert_eq!(status(|stream, _| say(stream, "500 Broken", b"")), "status 500");
    assert_eq!(status(|stream, _| say(stream, "404 None", b"no")), "status 404");
    assert_eq!(
        status(|stream, _| say(stream, "302 Away\r\nLocation: http://127.0.0.1:1/", b"")),
        "status 302"
    );
    assert_eq!(status(|stream, _| drop(stream.write_all(b"\x00\xffgarbage\r\n\r\n"))), "no connection");
    assert_eq!(status(|_, _| ()), "no connection");
    assert_eq!(status(|_, _| std::thread::sleep(Duration::from_secs(1))), "no answer in time");
    assert_eq!(
        status(|stream, _| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            std::thread::sleep(Duration::from_secs(1));
        }),
        "no answer in time"
    );
    assert_eq!(
        status(|stream, _| drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"))),
        "no connection"
    );
    assert_eq!(
        status(|stream, _| say(stream, "200 OK", &vec![b' '; 300_000])),
        "an answer that is too large"
    );
    assert_eq!(
        status(|stream, _| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            let chunk = [b"1000\r\n".as_slice(), &[b'x'; 4096], b"\r\n"].concat();
            while stream.write_all(&chunk).is_ok() {}
        }),
        "an answer that is too large"
    );
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (reply, _) = live(nobody).ask(&asked(1, 300));
    assert_eq!(reply, Reply::Failed(NoReply::Unreachable));
}

#[test]
fn a_service_that_is_down_fails_fast_and_holds_nobody_up() {
    let address = service(vec![|_, _| std::thread::sleep(Duration::from_secs(2))]);
    let (tell, told) = channel();
    let sink: ReplySink = Arc::new(move |id, reply| tell.send((id, reply)).unwrap());
    let metrics = Arc::new(Metrics::default());
    let services = Services::start(vec![vec![place(address)]], sink, metrics.clone()).unwrap();
    let next = |id| {
        services.ask(Box::new(asked(id, 100)));
        told.recv_timeout(Duration::from_secs(5)).unwrap()
    };
    for id in 0..5 {
        assert_eq!(next(id), (RequestId(id), Reply::Failed(NoReply::TimedOut)));
    }
    let began = Instant::now();
    assert_eq!(next(9), (RequestId(9), Reply::Failed(NoReply::LeftAlone)));
    assert!(began.elapsed() < Duration::from_millis(90));
    let page = metrics.page();
    assert!(
        page.contains("flowc_service_requests_total{operation=\"crm.one\",outcome=\"no answer in time\"} 5"),
        "{page}"
    );
}

#[test]
fn each_program_asks_its_own_services() {
    let old = service(vec![|stream, _| say(stream, "200 OK", b"old")]);
    let new = service(vec![|stream, _| say(stream, "200 OK", b"new")]);
    let (tell, told) = channel();
    let sink: ReplySink = Arc::new(move |_, reply| tell.send(reply).unwrap());
    let places = vec![vec![place(old)], vec![place(new)]];
    let services = Services::start(places, sink, Arc::new(Metrics::default())).unwrap();
    for (program, body) in [(0, "old"), (1, "new")] {
        services.ask(Box::new(ServiceRequest { program: ProgramId(program), ..asked(1, 3_000) }));
        let reply = told.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(reply, Reply::Answered { status: 200, body: body.into() });
    }
    services.ask(Box::new(ServiceRequest { program: ProgramId(2), ..asked(1, 3_000) }));
    assert_eq!(told.recv_timeout(Duration::from_secs(5)).unwrap(), Reply::Failed(NoReply::Unreachable));
}

#[test]
fn an_address_that_is_none_is_said_so() {
    let mut place = place("127.0.0.1:1".parse().unwrap());
    assert_eq!(problem(&place), None);
    for wrong in ["", "crm.example", "ftp://crm.example", "http://", "https://a b"] {
        place.address = wrong.into();
        assert!(problem(&place).unwrap().contains("`crm`"), "{wrong}");
    }
    assert!(!format!("{place:?}").contains("k-1"), "a key is never shown");
}
