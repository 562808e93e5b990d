//! A server on real loopback sockets: what strangers get, what HTTP says, and what keeps it from starting.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use flow_bytecode::Program;
use flow_bytecode::verifier::verify;
use flow_server::{Ready, Server, ServerConfig, StartError, StopHandle};

fn config(name: &str, sip: &str) -> ServerConfig {
    let state = std::env::temp_dir().join(format!("flow-server-test-{name}-{}", std::process::id()));
    ServerConfig {
        program: Arc::new(
            verify(Program { languages: vec!["en".into()], zones: vec!["UTC".into()], ..Program::default() })
                .expect("an empty program"),
        ),
        settings: Vec::new(),
        sounds: Vec::new(),
        sip: vec![sip.parse().unwrap()],
        rtp: 25_000..=25_099,
        state,
        http: None,
        stories: None,
        destinations: flow_server::Destinations::default(),
        roster: None,
        drain: Duration::from_secs(1),
        calls: 10,
        seed: [3; 32],
        outbound: flow_server::Outbound::default(),
        trunk: None,
        kept: Vec::new(),
        promised: flow_server::Promised::default(),
        campaigns: Vec::new(),
        keep: flow_server::Keep::default(),
    }
}

/// A server on a thread of its own, ended when dropped.
struct Running {
    ready: Ready,
    stop: StopHandle,
    thread: Option<JoinHandle<()>>,
    state: PathBuf,
}

impl Running {
    fn start(config: ServerConfig) -> Running {
        let state = config.state.clone();
        let (send, receive) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let server = Server::start(config).expect("it starts");
            send.send((server.ready().clone(), server.stop_handle())).unwrap();
            server.run();
        });
        let (ready, stop) = receive.recv_timeout(Duration::from_secs(10)).expect("it is up");
        Running { ready, stop, thread: Some(thread), state }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("it ends well");
        }
        let _ = std::fs::remove_dir_all(&self.state);
    }
}

/// Sends a request and gives the first line of the answer.
fn ask(server: SocketAddr, method: &str, user: &str) -> String {
    let socket = UdpSocket::bind("127.52.0.9:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let own = socket.local_addr().unwrap();
    let body = "v=0\r\no=- 1 1 IN IP4 127.52.0.9\r\ns=-\r\nc=IN IP4 127.52.0.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
    let request = format!(
        "{method} sip:{user}@{server} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{user}{method}\r\nMax-Forwards: 70\r\n\
         From: <sip:t@{own}>;tag=1\r\nTo: <sip:{user}@{server}>\r\nCall-ID: {user}{method}\r\nCSeq: 1 {method}\r\n\
         Contact: <sip:t@{own}>\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.send_to(request.as_bytes(), server).unwrap();
    let mut buffer = [0; 4_096];
    loop {
        let length = socket.recv(&mut buffer).expect("an answer comes");
        let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
        let line = text.lines().next().unwrap_or_default().to_owned();
        if !line.starts_with("SIP/2.0 1") {
            return line;
        }
    }
}

fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn strangers_get_answers_but_nothing_else() {
    let mut config = config("strangers", "127.52.0.1:0");
    config.http = Some("127.0.0.1:0".parse().unwrap());
    let server = Running::start(config);
    let sip = server.ready.sip[0];
    assert_eq!(ask(sip, "OPTIONS", "anybody"), "SIP/2.0 200 OK");
    assert_eq!(ask(sip, "INVITE", "+15550100"), "SIP/2.0 404 Not Found");
    assert_eq!(ask(sip, "INVITE", "support"), "SIP/2.0 404 Not Found");
    let socket = UdpSocket::bind("127.52.0.9:0").unwrap();
    for length in [0, 1, 500, 60_000] {
        socket.send_to(&vec![0xffu8; length], sip).unwrap();
    }
    assert_eq!(ask(sip, "OPTIONS", "still-there"), "SIP/2.0 200 OK");
    let http = server.ready.http.unwrap();
    assert!(get(http, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(get(http, "/readyz").starts_with("HTTP/1.1 200"));
    let metrics = get(http, "/metrics");
    assert!(metrics.contains("flowc_calls_active 0"), "{metrics}");
    assert!(metrics.contains("flowc_calls_refused_total 2"), "{metrics}");
}

#[test]
fn a_port_in_use_is_said_with_what_to_do() {
    let taken = UdpSocket::bind("127.52.0.2:0").unwrap();
    let address = taken.local_addr().unwrap();
    let error = Server::start(config("taken", &address.to_string())).err().expect("it does not start");
    assert!(matches!(error, StartError::PortInUse { .. }));
    insta::assert_snapshot!(error.to_string().replace(&address.port().to_string(), "PORT"));
}

#[test]
fn other_reasons_not_to_start_are_said_too() {
    let mut texts = Vec::new();
    let mut say = |config: ServerConfig| {
        let error = Server::start(config).err().expect("it does not start");
        texts.push(error.to_string());
    };
    say(config("foreign", "192.0.2.1:5060"));
    let mut odd = config("rtp", "127.52.0.3:0");
    odd.rtp = 25_001..=25_001;
    say(odd);
    let mut file = config("state", "127.52.0.3:0");
    file.state = "/dev/null/state".into();
    say(file);
    let mut open = config("http", "127.52.0.3:0");
    open.http = Some("0.0.0.0:8080".parse().unwrap());
    say(open);
    insta::assert_snapshot!(texts.join("\n\n"));
}

fn post(address: SocketAddr, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn what_a_program_says_is_taken_or_refused_and_harms_nobody() {
    let mut config = config("admin", "127.52.0.4:0");
    config.http = Some("127.0.0.1:0".parse().unwrap());
    let server = Running::start(config);
    let http = server.ready.http.unwrap();
    assert_eq!(post(http, "/agents/dana/assist", "take_card"), "HTTP/1.1 202 Accepted");
    assert_eq!(post(http, "/agents/%00%ff/assist", "1"), "HTTP/1.1 400 Bad Request");
    assert_eq!(post(http, "/agents/dana/assist", " \n"), "HTTP/1.1 400 Bad Request");
    assert_eq!(post(http, "/agents/dana/assist", &"x".repeat(2_000)), "HTTP/1.1 413 Payload Too Large");
    assert_eq!(post(http, "/rooms/daily/close", ""), "HTTP/1.1 202 Accepted");
    assert!(get(http, "/agents/dana/assist").starts_with("HTTP/1.1 405"));
    assert_eq!(ask(server.ready.sip[0], "OPTIONS", "still-there"), "SIP/2.0 200 OK");
}
