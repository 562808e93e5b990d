//! What happens between two people in a call, with real phones: an assist that the agent starts by its keys, the
//! recording of the call, hold on both sides, and three in a room.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use flow_interop::audio::{self, Heard};
use flow_interop::baresip::{Baresip, Phone};
use flow_interop::eventually;
use flow_interop::project::Project;
use flow_interop::server::Server;

const BYE: u32 = 1000;
const QUESTION: u32 = 800;
const HOLD: u32 = 700;
const CALLER: u32 = 1300;
const AGENT: u32 = 1600;
const THIRD: u32 = 1900;
const ALL: &[u32] = &[BYE, QUESTION, HOLD, CALLER, AGENT, THIRD];

const SHORT: Duration = Duration::from_secs(10);

const TALK: &str = r#"
edition 2026
timezone "UTC"
flow line {
    step begin { set recording = both  -> help }
    dial help {
        ring "sip:dana@AGENT:5060" for 10s
        assist ask() "Ask"
        otherwise -> bye
    }
    end bye { say "Goodbye." recording "bye" }
}
flow ask() gives yes, no {
    menu agree {
        ask "Press 1 to agree." recording "question"
        press 1 silently -> good
        on no_input, no_match -> bad
    }
    step good { return yes }
    step bad { return no }
}
"#;

const ROOM: &str = r#"
edition 2026
timezone "UTC"
flow line {
    conference room {
        room "daily"
        longest 2m
        music "hold"
        otherwise -> bye
    }
    end bye { say "Goodbye." recording "bye" }
}
"#;

fn project(name: &str, source: &str, number: u8) -> Project {
    let source = source.replace("AGENT", &format!("127.{number}.0.3"));
    let tone = |name, hertz: u32, seconds| (name, f64::from(hertz), seconds);
    Project::new(
        name,
        &source,
        &[tone("bye", BYE, 1.0), tone("question", QUESTION, 3.0), tone("hold", HOLD, 2.0)],
    )
}

fn phone(project: &Project, number: u8, host: u8, user: &str, hertz: u32, codec: &str) -> Baresip {
    let ip = format!("127.{number}.0.{host}");
    let phone = Phone { ip: &ip, user, hertz: f64::from(hertz), codec, answers: user == "dana" };
    Baresip::start(project.path(), &phone)
}

#[track_caller]
fn records(server: &Server, count: usize) -> Vec<serde_json::Value> {
    let mut records = Vec::new();
    eventually(SHORT, || {
        records = server.records();
        records.len() >= count
    });
    assert_eq!(records.len(), count, "one call, one record; the story:\n{}", server.story());
    records
}

/// The tones of one channel of a recorded call.
fn channel(octets: &[u8], channel: usize) -> Vec<Heard> {
    let frames = octets.get(44..).unwrap_or_default().chunks_exact(4);
    let samples: Vec<i16> =
        frames.map(|frame| i16::from_le_bytes([frame[2 * channel], frame[2 * channel + 1]])).collect();
    audio::tones(&samples, ALL)
}

fn post(address: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("HTTP listens");
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("it is read");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    text
}

#[test]
fn an_agent_assists_by_keys_and_by_http_and_nothing_of_it_is_recorded() {
    let project = project("assist", TALK, 61);
    let http = "127.61.0.1:8061";
    let server = Server::start(project.path(), "127.61.0.1:5060", &["--http", http]);
    let mut agent = phone(&project, 61, 3, "dana", AGENT, "pcma");
    let mut caller = phone(&project, 61, 2, "caller", CALLER, "pcmu");
    caller.dial("sip:line@127.61.0.1:5060");
    agent.wait_for("CALL_ESTABLISHED", SHORT);
    std::thread::sleep(Duration::from_millis(2_000));
    agent.press("*1");
    assert!(eventually(SHORT, || server.story().contains("starts “Ask”")), "{}", server.story());
    std::thread::sleep(Duration::from_millis(1_500));
    caller.press("1");
    assert!(eventually(SHORT, || server.story().contains("“Ask”: yes")), "{}", server.story());
    std::thread::sleep(Duration::from_millis(2_000));
    let answer = post(http, "/agents/sip:dana@127.61.0.3:5060/assist", "ask");
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    std::thread::sleep(Duration::from_millis(1_000));
    caller.press("1");
    std::thread::sleep(Duration::from_millis(1_500));
    agent.hang_up();
    caller.wait_for("CALL_CLOSED", SHORT);
    let record = records(&server, 1).remove(0);
    let results: Vec<&str> =
        record["assists"].as_array().expect("a list").iter().filter_map(|a| a["result"].as_str()).collect();
    assert_eq!(results, ["yes", "yes"], "{}", server.story());
    // What the agent heard: the caller, but not while the assists ran. A phone writes down what comes only.
    let agent_heard = audio::tones(&agent.heard(), ALL);
    assert!(audio::millis_of(&agent_heard, CALLER) >= 3_500, "{agent_heard:?}");
    assert_eq!(audio::millis_of(&agent_heard, QUESTION), 0, "{agent_heard:?}");
    assert!(audio::millis_of(&agent_heard, CALLER) <= 6_600, "{agent_heard:?}; {}", server.story());
    let caller_heard = audio::tones(&caller.heard(), ALL);
    assert!(audio::millis_of(&caller_heard, QUESTION) >= 1_500, "{caller_heard:?}");
    // The recording: both, each in its channel, and nothing while an assist ran.
    let name = record["recordings"][0].as_str().expect("a name").to_owned();
    let octets = std::fs::read(server.state.join(format!("recordings/{name}.wav"))).expect("the file");
    let (left, right) = (channel(&octets, 0), channel(&octets, 1));
    assert!(audio::millis_of(&left, CALLER) >= 3_500 && audio::millis_of(&left, AGENT) == 0, "{left:?}");
    assert!(audio::millis_of(&right, AGENT) >= 3_500 && audio::millis_of(&right, CALLER) == 0, "{right:?}");
    assert!(right.iter().filter(|tone| tone.hertz == AGENT).count() >= 3, "silence between: {right:?}");
    assert!(eventually(SHORT, || server.open_media_ports() == 0));
}

#[test]
fn whoever_is_held_hears_music() {
    let project = project("held", TALK, 62);
    let server = Server::start(project.path(), "127.62.0.1:5060", &[]);
    let mut agent = phone(&project, 62, 3, "dana", AGENT, "pcmu");
    let mut caller = phone(&project, 62, 2, "caller", CALLER, "pcmu");
    caller.dial("sip:line@127.62.0.1:5060");
    agent.wait_for("CALL_ESTABLISHED", SHORT);
    std::thread::sleep(Duration::from_millis(1_500));
    for held in [true, false] {
        caller.hold(held);
        let told = if held { "the caller holds the line" } else { "the caller is back from hold" };
        assert!(eventually(SHORT, || server.story().contains(told)), "{}", server.story());
        std::thread::sleep(Duration::from_millis(1_500));
    }
    agent.hang_up();
    caller.wait_for("CALL_CLOSED", SHORT);
    let record = records(&server, 1).remove(0);
    let name = record["recordings"][0].as_str().expect("a name").to_owned();
    assert!(server.state.join(format!("recordings/{name}.wav")).exists());
    // The agent hears the caller, then something else than the caller, then the caller again.
    let heard = audio::tones(&agent.heard(), ALL);
    assert!(heard.iter().filter(|tone| tone.hertz == CALLER && tone.millis > 800).count() >= 2, "{heard:?}");
}

#[test]
fn three_in_a_room_hear_each_other() {
    let project = project("room", ROOM, 63);
    let server = Server::start(project.path(), "127.63.0.1:5060", &[]);
    let mut first = phone(&project, 63, 2, "ann", CALLER, "pcmu");
    let mut second = phone(&project, 63, 3, "bob", AGENT, "pcma");
    let mut third = phone(&project, 63, 4, "cyd", THIRD, "pcmu");
    first.dial("sip:line@127.63.0.1:5060");
    first.wait_for("CALL_ESTABLISHED", SHORT);
    std::thread::sleep(Duration::from_millis(1_500));
    second.dial("sip:line@127.63.0.1:5060");
    second.wait_for("CALL_ESTABLISHED", SHORT);
    std::thread::sleep(Duration::from_millis(2_000));
    let before = audio::tones(&first.heard(), ALL);
    third.dial("sip:line@127.63.0.1:5060");
    third.wait_for("CALL_ESTABLISHED", SHORT);
    std::thread::sleep(Duration::from_millis(1_500));
    third.press("#");
    third.wait_for("CALL_CLOSED", SHORT);
    std::thread::sleep(Duration::from_millis(1_000));
    second.hang_up();
    std::thread::sleep(Duration::from_millis(1_000));
    first.hang_up();
    let records = records(&server, 3);
    let outcomes: Vec<&str> =
        records.iter().filter_map(|record| record["conferences"][0]["outcome"].as_str()).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "left").count(), 1, "{outcomes:?}");
    assert!(audio::millis_of(&before, HOLD) >= 1_000, "alone there is music: {before:?}");
    assert!(audio::millis_of(&before, AGENT) >= 1_000, "then the second: {before:?}");
    let second_heard = audio::tones(&second.heard(), ALL);
    assert!(audio::millis_of(&second_heard, CALLER) >= 1_500, "{second_heard:?}");
    assert_eq!(audio::millis_of(&second_heard, AGENT), 0, "nobody hears themselves: {second_heard:?}");
    assert!(eventually(SHORT, || server.open_media_ports() == 0));
}
