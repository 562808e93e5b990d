//! Calls between a running `flowc` and baresip, as caller and as agent: what is heard, what is pressed, who
//! hangs up, and that nothing is left behind.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::Duration;

use flow_interop::audio::{self, Heard};
use flow_interop::baresip::{Baresip, Phone};
use flow_interop::eventually;
use flow_interop::project::Project;
use flow_interop::server::Server;

const WELCOME: u32 = 400;
const MENU: u32 = 500;
const AGAIN: u32 = 600;
const HOLD: u32 = 700;
const QUESTION: u32 = 800;
const SORRY: u32 = 900;
const BYE: u32 = 1000;
const SPEAK: u32 = 1100;
const CALLER: u32 = 1300;
const AGENT: u32 = 1600;
const ALL: &[u32] = &[WELCOME, MENU, AGAIN, HOLD, QUESTION, SORRY, BYE, SPEAK, CALLER, AGENT];

const SHORT: Duration = Duration::from_secs(10);

/// A project, its server, and the loopback addresses of a test.
struct Line {
    server: Server,
    project: Project,
    number: u8,
}

impl Line {
    fn start(name: &str, number: u8) -> Line {
        let source = include_str!("line.flow").replace("AGENT", &format!("127.{number}.0.3"));
        let project = Project::new(
            name,
            &source,
            &[
                ("welcome", f64::from(WELCOME), 1.0),
                ("menu", f64::from(MENU), 3.0),
                ("again", f64::from(AGAIN), 1.0),
                ("hold", f64::from(HOLD), 2.0),
                ("question", f64::from(QUESTION), 1.0),
                ("sorry", f64::from(SORRY), 1.0),
                ("bye", f64::from(BYE), 1.0),
                ("speak", f64::from(SPEAK), 1.0),
            ],
        );
        let server = Server::start(project.path(), &format!("127.{number}.0.1:5060"), &[]);
        Line { server, project, number }
    }

    fn caller(&self, codec: &str) -> Baresip {
        let ip = format!("127.{}.0.2", self.number);
        let phone = Phone { ip: &ip, user: "caller", hertz: f64::from(CALLER), codec, answers: false };
        Baresip::start(self.project.path(), &phone)
    }

    fn agent(&self, codec: &str, answers: bool) -> Baresip {
        let ip = format!("127.{}.0.3", self.number);
        let phone = Phone { ip: &ip, user: "dana", hertz: f64::from(AGENT), codec, answers };
        Baresip::start(self.project.path(), &phone)
    }

    fn dial(&self, caller: &mut Baresip) {
        caller.dial(&format!("sip:line@127.{}.0.1:5060", self.number));
        caller.wait_for("CALL_ESTABLISHED", SHORT);
    }

    #[track_caller]
    fn record(&self) -> serde_json::Value {
        let mut records = Vec::new();
        eventually(SHORT, || {
            records = self.server.records();
            !records.is_empty()
        });
        assert_eq!(records.len(), 1, "one call, one record; the story:\n{}", self.server.story());
        records.remove(0)
    }

    #[track_caller]
    fn nothing_is_left(&self) {
        let closed = eventually(SHORT, || self.server.open_media_ports() == 0);
        assert!(closed, "{} media ports are still open", self.server.open_media_ports());
    }
}

#[track_caller]
fn assert_heard(heard: &[Heard], hertz: u32, at_least: u32) {
    let millis = audio::millis_of(heard, hertz);
    assert!(millis >= at_least, "{hertz} Hz was heard for {millis} ms of {at_least}: {heard:?}");
}

fn way(record: &serde_json::Value) -> Vec<String> {
    record["way"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| step["block"].as_str().unwrap_or_default().to_string())
        .collect()
}

#[test]
fn a_caller_presses_a_key_talks_to_an_agent_and_rates_the_call() {
    let line = Line::start("talk", 31);
    let mut agent = line.agent("pcmu", true);
    let mut caller = line.caller("pcmu");
    line.dial(&mut caller);
    std::thread::sleep(Duration::from_millis(1500));
    caller.press("1");
    agent.wait_for("CALL_ESTABLISHED", SHORT);
    std::thread::sleep(Duration::from_secs(2));
    agent.hang_up();
    std::thread::sleep(Duration::from_millis(500));
    caller.press("5");
    caller.wait_for("CALL_CLOSED", SHORT);
    line.nothing_is_left();

    let heard = audio::tones(&caller.heard(), ALL);
    assert_heard(&heard, WELCOME, 900);
    assert!(audio::millis_of(&heard, MENU) < 2000, "the key cut the menu short: {heard:?}");
    assert_heard(&heard, AGENT, 1200);
    assert_heard(&heard, BYE, 900);
    let agent_heard = audio::tones(&agent.heard(), ALL);
    assert_heard(&agent_heard, CALLER, 1200);

    let record = line.record();
    assert_eq!(way(&record), ["main", "waiting", "rate", "bye"]);
    assert_eq!(record["ratings"][0]["score"], 5);
    assert_eq!(record["talks"][0]["with"], "dana");
}

#[test]
fn a_bridge_joins_two_codecs() {
    let line = Line::start("codecs", 32);
    let mut agent = line.agent("pcmu", true);
    let mut caller = line.caller("pcma");
    line.dial(&mut caller);
    caller.press("1");
    agent.wait_for("CALL_ESTABLISHED", SHORT);
    std::thread::sleep(Duration::from_secs(2));
    caller.hang_up();
    agent.wait_for("CALL_CLOSED", SHORT);
    line.nothing_is_left();
    assert_heard(&audio::tones(&caller.heard(), ALL), AGENT, 1200);
    assert_heard(&audio::tones(&agent.heard(), ALL), CALLER, 1200);
    assert_eq!(line.record()["outcome"]["kind"], "caller_hung_up");
}

#[test]
fn an_agents_phone_stops_ringing_when_the_caller_leaves() {
    let line = Line::start("cancel", 33);
    let mut agent = line.agent("pcmu", false);
    let mut caller = line.caller("pcmu");
    line.dial(&mut caller);
    caller.press("1");
    agent.wait_for("CALL_INCOMING", SHORT);
    std::thread::sleep(Duration::from_secs(1));
    caller.hang_up();
    agent.wait_for("CALL_CLOSED", Duration::from_secs(2));
    line.nothing_is_left();
    let heard = audio::tones(&caller.heard(), ALL);
    assert_heard(&heard, HOLD, 500);
    assert_eq!(way(&line.record()), ["main", "waiting"]);
}

#[test]
fn silence_and_wrong_keys_lead_to_goodbye() {
    let line = Line::start("silence", 34);
    let mut caller = line.caller("pcma");
    line.dial(&mut caller);
    caller.press("9");
    caller.wait_for("CALL_CLOSED", Duration::from_secs(30));
    line.nothing_is_left();
    let heard = audio::tones(&caller.heard(), ALL);
    assert_heard(&heard, AGAIN, 900);
    assert_heard(&heard, SORRY, 900);
    let record = line.record();
    assert_eq!(way(&record), ["main", "sorry"]);
    assert_eq!(record["outcome"]["kind"], "ended");
}

#[test]
fn a_message_is_recorded_and_is_what_was_said() {
    let line = Line::start("message", 35);
    let mut caller = line.caller("pcmu");
    line.dial(&mut caller);
    caller.press("2");
    std::thread::sleep(Duration::from_secs(4));
    caller.hang_up();
    line.nothing_is_left();
    let record = line.record();
    let name = record["messages"][0].as_str().expect("a message was left").to_string();
    let mut files = Vec::new();
    find(&line.server.state, &mut files);
    let file = files.iter().find(|file| file.to_string_lossy().contains(&name));
    let file = file.unwrap_or_else(|| panic!("no file of {name} among {files:?}"));
    assert_heard(&audio::tones(&audio::read(file), ALL), CALLER, 1000);
}

fn find(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            find(&entry.path(), files);
        } else {
            files.push(entry.path());
        }
    }
}

#[test]
fn a_call_on_hold_comes_back() {
    let line = Line::start("hold", 36);
    let mut agent = line.agent("pcmu", true);
    let mut caller = line.caller("pcmu");
    line.dial(&mut caller);
    caller.press("1");
    agent.wait_for("CALL_ESTABLISHED", SHORT);
    std::thread::sleep(Duration::from_secs(1));
    caller.hold(true);
    std::thread::sleep(Duration::from_secs(1));
    caller.hold(false);
    std::thread::sleep(Duration::from_secs(2));
    agent.hang_up();
    std::thread::sleep(Duration::from_millis(1500));
    caller.hang_up();
    line.nothing_is_left();
    // The caller's own recorder stops at a hold: what the agent hears, and the rate that the caller's phone
    // shows at the end, say that both ways came back.
    let agent_heard = audio::tones(&agent.heard(), ALL);
    assert_heard(&agent_heard, CALLER, 2200);
    let talked = audio::millis_of(&agent_heard, CALLER);
    assert!(talked < 3500, "nothing was heard of the caller during the hold: {agent_heard:?}");
    assert!(caller.incoming_bits_per_second() > 20_000, "no audio for the caller: {}", caller.log());
}

#[test]
fn a_phone_that_vanishes_is_noticed_and_its_call_recorded() {
    let line = Line::start("vanish", 37);
    let mut agent = line.agent("pcmu", true);
    {
        let mut caller = line.caller("pcmu");
        line.dial(&mut caller);
        caller.press("1");
        agent.wait_for("CALL_ESTABLISHED", SHORT);
        caller.vanish();
    }
    // The agent hears nothing more and hangs up; the survey asks somebody who is not there any more, and the
    // goodbye's BYE is never answered: all the same nothing stays.
    std::thread::sleep(Duration::from_secs(1));
    agent.hang_up();
    let recorded = eventually(Duration::from_secs(40), || !line.server.records().is_empty());
    assert!(recorded, "no record of a caller who vanished; the story:\n{}", line.server.story());
    line.nothing_is_left();
}
