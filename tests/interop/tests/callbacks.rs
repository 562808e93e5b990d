//! A callback with real phones: booked, kept through a `kill -9`, made to the agent first, then to the customer, who
//! stays on the line.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::Duration;

use flow_interop::audio;
use flow_interop::baresip::{Baresip, Phone};
use flow_interop::eventually;
use flow_interop::project::Project;
use flow_interop::server::{Server, flowc};

const SHORT: Duration = Duration::from_secs(15);
const WHISPER: u32 = 500;
const BYE: u32 = 1000;
const THANKS: u32 = 700;
const AGENT: u32 = 1600;
const CUSTOMER: u32 = 1300;
const NUMBER: &str = "+12125550123";

const SOURCE: &str = r#"
edition 2026
team desk
agent dana at "sip:dana@127.37.0.3:5060" in desk {}
queue support { agents in desk }

flow line {
    callback book {
        number "+12125550123"
        join support
        delay 2s
        whisper "A call back." recording "whisper"
        afterwards follow
        on booked -> bye
        otherwise -> wrong
    }
    end bye { say "We will call you." recording "bye" }
    end wrong { say "Sorry." recording "wrong" }
}

flow follow {
    end thanks { say "Thank you." recording "thanks" }
}
"#;

fn callbacks(server_state: &std::path::Path) -> String {
    let output = std::process::Command::new(flowc())
        .args(["callbacks", "--state"])
        .arg(server_state)
        .output()
        .expect("flowc callbacks runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn phone<'a>(ip: &'a str, user: &'a str, hertz: u32, answers: bool) -> Phone<'a> {
    Phone { ip, user, hertz: f64::from(hertz), codec: "pcmu", answers }
}

#[test]
fn a_promised_callback_survives_a_crash_and_rings_the_agent_then_the_customer() {
    let tones = [
        ("en/whisper", f64::from(WHISPER), 1.0),
        ("en/bye", f64::from(BYE), 1.0),
        ("en/wrong", 300.0, 1.0),
        ("en/thanks", f64::from(THANKS), 1.0),
    ];
    let project = Project::new("callback", SOURCE, &tones);
    let manifest =
        "[project]\nname = \"callback\"\n\n[outbound]\nallow = [\"+1\"]\ntrunk = \"sip:127.37.0.4:5060\"\n";
    std::fs::write(project.path().join("flow.toml"), manifest).expect("a file");
    let server = Server::start(project.path(), "127.37.0.1:5060", &[]);
    let state = server.state.clone();

    let mut caller = Baresip::start(project.path(), &phone("127.37.0.2", "caller", 1200, false));
    caller.dial("sip:line@127.37.0.1:5060");
    caller.wait_for("CALL_ESTABLISHED", SHORT);
    let booked = eventually(SHORT, || callbacks(&state).contains("waits"));
    assert!(booked, "{}\n{}", callbacks(&state), server.story());
    server.crash();

    let mut agent = Baresip::start(project.path(), &phone("127.37.0.3", "dana", AGENT, true));
    let mut customer = Baresip::start(project.path(), &phone("127.37.0.4", NUMBER, CUSTOMER, true));
    let server = Server::start(project.path(), "127.37.0.1:5060", &[]);
    agent.wait_for("CALL_ESTABLISHED", Duration::from_secs(40));
    customer.wait_for("CALL_ESTABLISHED", SHORT);
    std::thread::sleep(Duration::from_secs(3));
    agent.hang_up();
    customer.wait_for("CALL_CLOSED", SHORT);

    let heard = audio::tones(&agent.heard(), &[WHISPER, BYE, THANKS, CUSTOMER]);
    assert!(audio::millis_of(&heard, WHISPER) >= 500, "the agent hears the whisper: {heard:?}");
    assert!(audio::millis_of(&heard, CUSTOMER) >= 1_000, "the agent hears the customer: {heard:?}");
    let heard = audio::tones(&customer.heard(), &[WHISPER, THANKS, AGENT]);
    assert!(audio::millis_of(&heard, AGENT) >= 1_000, "the customer hears the agent: {heard:?}");
    assert!(audio::millis_of(&heard, THANKS) >= 500, "what follows is heard: {heard:?}");
    assert_eq!(audio::millis_of(&heard, WHISPER), 0, "the whisper is not for the customer: {heard:?}");

    let mut records = Vec::new();
    eventually(SHORT, || {
        records = server.records();
        !records.is_empty()
    });
    let record = records.last().expect("the callback leaves a record");
    assert_eq!(record["placed"]["kind"], "callback", "{record}");
    assert_eq!(record["flow"], "follow");
    assert_eq!(record["talks"][0]["with"], "dana");
    assert!(callbacks(&state).contains("talked"), "{}", callbacks(&state));
    assert!(eventually(SHORT, || server.open_media_ports() == 0));
}
