//! Callers who speak to a running `flowc`: a real phone's voice, and a recogniser of our own that understands
//! whoever speaks long enough.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use flow_interop::audio;
use flow_interop::baresip::{Baresip, Phone};
use flow_interop::eventually;
use flow_interop::project::Project;
use flow_interop::server::{Server, flowc};

const MENU: u32 = 500;
const BILLING: u32 = 700;
const DESK: u32 = 900;
const SORRY: u32 = 1100;
const ALL: &[u32] = &[MENU, BILLING, DESK, SORRY];
const SHORT: Duration = Duration::from_secs(15);

const FLOW: &str = r#"edition 2026

inbound "+15550190" -> line

flow line {
    menu main {
        ask "For billing, press 1. For the desk, press 2." recording "menu"
        press 1 or say "billing"            -> billing
        press 2 or say "the desk", "a person" -> desk
        on no_input, no_match 3 times -> sorry
    }

    end billing { say "Billing." recording "billing" }
    end desk    { say "The desk." recording "desk" }
    end sorry   { say "Sorry." recording "sorry" }
}
"#;

/// Understands a word when it has got 0.4 s of speech, and that it was "billing" in the end. Its number is in the file
/// beside it.
const RECOGNISER: &str = r#"#!/bin/sh
echo $$ > "$(dirname "$0")/number"
while read -r line; do
    id=${line#*:}; id=${id%%,*}
    case $line in
    *'"language":'*) heard=0 ;;
    *'"audio":'*)
        bytes=${line##*:}; bytes=${bytes%\}}; head -c "$bytes" > /dev/null
        before=$heard; heard=$((heard + bytes))
        if [ "$before" -lt 6400 ] && [ "$heard" -ge 6400 ]; then printf '{"id":%s,"word":true}\n' "$id"; fi ;;
    *'"end":true'*)
        printf '{"id":%s,"hypotheses":[{"text":"Billing, please.","confidence":0.8}]}\n' "$id" ;;
    esac
done
"#;

struct Line {
    server: Server,
    project: Project,
    number: u8,
}

impl Line {
    fn start(name: &str, number: u8) -> Line {
        let prompts =
            [("menu", MENU, 4.0), ("billing", BILLING, 1.0), ("desk", DESK, 1.0), ("sorry", SORRY, 1.0)];
        let prompts = prompts.map(|(name, hertz, seconds)| (name, f64::from(hertz), seconds));
        let project = Project::new(name, FLOW, &prompts);
        write_program(&project.path().join("hear/recognise"), RECOGNISER);
        // Of the sentences that flowc puts between the choices nothing is tested here: they are one tone.
        let tone = project.path().join("tone.wav");
        audio::write_tone(&tone, 400.0, 0.5);
        let manifest = format!(
            "[project]\nname = \"{name}\"\n\n[prompts]\ncommand = [\"cp\", \"{}\", \"{{file}}\"]\n\n[speech]\n\
             recognizer = {{ command = [\"hear/recognise\"], languages = [\"en\"], processes = 2 }}\n",
            tone.display()
        );
        std::fs::write(project.path().join("flow.toml"), manifest).expect("a file");
        let drafts = Command::new(flowc()).arg("prompts").arg(project.path()).arg("--draft").output();
        let drafts = drafts.expect("flowc runs");
        assert!(drafts.status.success(), "{}", String::from_utf8_lossy(&drafts.stderr));
        let server = Server::start(project.path(), &format!("127.{number}.0.1:5060"), &[]);
        Line { server, project, number }
    }

    /// A phone whose caller speaks from so many seconds on for one second, and then is silent.
    fn caller_who_speaks_after(&self, seconds: f64) -> Baresip {
        let ip = format!("127.{}.0.2", self.number);
        let phone = Phone { ip: &ip, user: "caller", hertz: 300.0, codec: "pcmu", answers: false };
        let voice = self.project.path().join("voice.wav");
        audio::write_voice(&voice, seconds, 1.0, 60.0);
        Baresip::start_with_voice(self.project.path(), &phone, &voice)
    }

    fn dial(&self, caller: &mut Baresip) {
        caller.dial(&format!("sip:line@127.{}.0.1:5060", self.number));
        caller.wait_for("CALL_ESTABLISHED", SHORT);
    }

    fn recogniser(&self) -> String {
        let number = self.project.path().join("hear/number");
        std::fs::read_to_string(number).expect("the recogniser has started").trim().to_owned()
    }

    fn way(&self) -> Vec<String> {
        let mut records = Vec::new();
        eventually(SHORT, || {
            records = self.server.records();
            !records.is_empty()
        });
        let steps = records.first().and_then(|record| record["way"].as_array()).cloned().unwrap_or_default();
        steps.iter().map(|step| step["block"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

fn write_program(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    std::fs::write(path, text).expect("a file");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("its mode");
}

#[test]
fn a_caller_says_a_word_and_the_menu_takes_it() {
    let line = Line::start("word", 41);
    let mut caller = line.caller_who_speaks_after(1.0);
    line.dial(&mut caller);
    caller.wait_for("CALL_CLOSED", SHORT);

    let heard = audio::tones(&caller.heard(), ALL);
    let menu = audio::millis_of(&heard, MENU);
    assert!((500..3_000).contains(&menu), "the first word cut the question of 4 s short: {heard:?}");
    assert!(audio::millis_of(&heard, BILLING) >= 900, "{heard:?}");
    assert_eq!(line.way(), ["main", "billing"]);
    assert!(!line.server.story().contains("F0770"));

    let process = format!("/proc/{}", line.recogniser());
    assert!(Path::new(&process).exists(), "it waits for the next caller");
    drop(line);
    assert!(!Path::new(&process).exists(), "it ends with the server");
}

#[test]
fn when_the_recogniser_is_dead_the_menu_goes_on_by_keys() {
    let line = Line::start("deaf", 42);
    std::fs::remove_file(line.project.path().join("hear/recognise")).expect("it is there");
    let killed = Command::new("kill").args(["-9", &line.recogniser()]).status().expect("kill runs");
    assert!(killed.success());
    let told = eventually(SHORT, || line.server.story().contains("F0770"));
    assert!(told, "{}", line.server.story());

    let mut caller = line.caller_who_speaks_after(1.0);
    line.dial(&mut caller);
    std::thread::sleep(Duration::from_millis(4_000));
    caller.press("2");
    caller.wait_for("CALL_CLOSED", SHORT);
    let heard = audio::tones(&caller.heard(), ALL);
    assert!(audio::millis_of(&heard, MENU) > 3_000, "what nobody hears cuts no question short: {heard:?}");
    assert!(audio::millis_of(&heard, DESK) >= 900, "{heard:?}");
    assert_eq!(line.way(), ["main", "desk"]);
}

#[test]
fn when_the_recogniser_dies_in_mid_word_the_keys_are_left() {
    let line = Line::start("dies", 43);
    let mut caller = line.caller_who_speaks_after(1.0);
    line.dial(&mut caller);
    // The caller is speaking now.
    std::thread::sleep(Duration::from_millis(1_600));
    Command::new("kill").args(["-9", &line.recogniser()]).status().expect("kill runs");
    let told = eventually(SHORT, || line.server.story().contains("F0770"));
    assert!(told, "{}", line.server.story());
    std::thread::sleep(Duration::from_millis(500));
    caller.press("1");
    caller.wait_for("CALL_CLOSED", SHORT);
    assert_eq!(line.way(), ["main", "billing"]);
}
