//! Call flows known from other systems, ported to this language: `tests/ports/`. Each is checked, is laid out, says
//! where it comes from, and is called along several ways with the real binary.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A Tuesday on which everybody is at work.
const NOON: &str = "2026-03-03T12:00";
/// From which day calendars are looked at.
const TODAY: &str = "2026-01-01";

fn ports() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/ports")
}

fn names() -> BTreeSet<String> {
    let folder = std::fs::read_dir(ports()).expect("the folder of ports");
    let folders = folder.map(|entry| entry.expect("an entry")).filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn flowc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowc")).args(arguments).output().expect("flowc runs")
}

/// Several calls of one port, one below the other.
fn calls(port: &str, plays: &[(&str, &[&str])]) -> String {
    let path = ports().join(port);
    let path = path.to_str().expect("a path of text");
    let mut told = String::new();
    for (title, arguments) in plays {
        let mut all = vec!["call", path];
        if !arguments.contains(&"--at") {
            all.extend(["--at", NOON]);
        }
        if !arguments.contains(&"--keys") && !arguments.contains(&"--campaign") {
            all.extend(["--keys", ""]);
        }
        all.extend(*arguments);
        let output = flowc(&all);
        assert!(output.status.success(), "{title}: {}", String::from_utf8_lossy(&output.stderr));
        told += &format!("== {title}\n{}\n", String::from_utf8_lossy(&output.stdout));
    }
    told
}

#[test]
fn every_port_is_without_a_warning() {
    let output = flowc(&["check", ports().to_str().expect("text"), "--today", TODAY, "-D", "warnings"]);
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn every_port_is_laid_out() {
    let output = flowc(&["fmt", "--check", ports().to_str().expect("text")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_port_says_what_it_is_of_and_what_is_different() {
    for name in names() {
        let page = std::fs::read_to_string(ports().join(&name).join("README.md")).expect("a README.md");
        for heading in ["## The original", "## What is different", "## Try it"] {
            assert!(page.contains(heading), "{name}: no `{heading}`");
        }
        assert!(page.contains(&format!("flowc call tests/ports/{name}")), "{name}: no command");
    }
}

/// Together the ports use each kind of block.
#[test]
fn every_kind_of_block_is_used() {
    let mut left: BTreeSet<&str> = [
        "greet",
        "step",
        "route",
        "after_hours",
        "menu",
        "collect",
        "queue",
        "dial",
        "callback",
        "voicemail",
        "survey",
        "detect",
        "transfer",
        "conference",
        "run",
        "end",
        "decline",
    ]
    .into();
    for name in names() {
        let text = std::fs::read_to_string(ports().join(name).join("src/main.flow")).expect("a main file");
        for line in text.lines().filter(|line| line.starts_with("    ")) {
            left.remove(line.split_whitespace().next().unwrap_or_default());
        }
    }
    assert!(left.is_empty(), "no port has {left:?}");
}

#[test]
fn demo_menu() {
    insta::assert_snapshot!(calls(
        "demo-menu",
        &[
            ("the meeting and back, the menu below, and the sound check", &["--keys", "1 30s # 4 1 # 2"]),
            ("silence", &[]),
            ("wrong keys, then the manager", &["--keys", "9 8 4 2"]),
            ("the manager is not reached, and nobody is at the desk", &["--keys", "4 2", "--agents", "away"]),
        ],
    ));
}

#[test]
fn departments() {
    insta::assert_snapshot!(calls(
        "departments",
        &[
            ("sales are there", &["--keys", "2"]),
            ("only a beginner is free for service", &["--keys", "3", "--agent", "omar=busy"]),
            ("all are busy, so the mailbox", &["--keys", "3 190s 8", "--agents", "busy"]),
            ("nobody is signed in", &["--keys", "2", "--agents", "away"]),
            ("silence comes to the dispatcher", &[]),
        ],
    ));
}

#[test]
fn office_hours() {
    insta::assert_snapshot!(calls(
        "office-hours",
        &[
            ("in the morning", &[]),
            ("nobody comes to the phone", &["--agents", "silent"]),
            ("at lunch", &["--at", "2026-03-03T12:40", "--keys", "8s hangup"]),
            ("at the minute of closing", &["--at", "2026-03-03T18:00", "--keys", "hangup"]),
            ("an emergency at night", &["--at", "2026-03-03T22:00", "--keys", "1"]),
            ("the plumber sleeps", &["--at", "2026-03-03T22:00", "--keys", "1", "--agents", "silent"]),
            ("Good Friday, silence", &["--at", "2026-04-03T10:00"]),
            ("snow on a working day", &["--switch", "snow", "--keys", "hangup"]),
        ],
    ));
}

#[test]
fn hunt() {
    insta::assert_snapshot!(calls(
        "hunt",
        &[
            ("found at once", &[]),
            ("found at the second telephone", &["--agent", "+12025550141=silent"]),
            ("found nowhere", &["--agents", "silent"]),
            ("talks everywhere", &["--agents", "busy"]),
            ("a caller who is not wanted", &["--from", "+12025550199"]),
        ],
    ));
}

#[test]
fn meeting() {
    insta::assert_snapshot!(calls(
        "meeting",
        &[
            ("the right PIN", &["--keys", "7391# 60s #"]),
            ("the right PIN at the second try", &["--keys", "7390# 7391# 5s hangup"]),
            ("three wrong PINs", &["--keys", "1111# 2222# 3333#"]),
            ("silence, and nobody who helps", &["--agents", "away"]),
        ],
    ));
}

#[test]
fn line_choices() {
    let unknown = "orders.ticket=none";
    insta::assert_snapshot!(calls(
        "line-choices",
        &[
            (
                "first, and with whom it was before",
                &["--keys", "1", "--service", r#"orders.ticket={"id": "t1", "owner": "lee"}"#]
            ),
            (
                "a call back keeps the place",
                &[
                    "--keys",
                    "2 130s 1 2025550188# 1 agent dana ready 2m",
                    "--agent",
                    "dana=busy",
                    "--agent",
                    "lee=busy",
                    "--service",
                    unknown,
                ],
            ),
            ("the orders are down, and nobody is signed in", &["--agents", "away", "--keys", "3 hangup"]),
            (
                "it closes while somebody waits",
                &["--at", "2026-03-03T19:55", "--agents", "busy", "--keys", "3", "--service", unknown]
            ),
            ("on a Sunday", &["--at", "2026-03-01T12:00"]),
        ],
    ));
}

#[test]
fn after_talk() {
    let form = r#"desk.form={"name": "stay", "questions": [{"id": "clean", "text": "How clean was your room? Press 1 for dirty, up to 5 for clean.", "low": 1, "high": 5}, {"id": "again", "text": "Would you come again? Press 0 for never, up to 9 for surely.", "low": 0, "high": 9}]}"#;
    insta::assert_snapshot!(calls(
        "after-talk",
        &[
            ("two answers, one of them bad", &["--keys", "1 1 9", "--service", form]),
            ("one answer, then silence", &["--keys", "1 4", "--service", form]),
            ("the caller leaves amid the questions", &["--keys", "1 5 hangup", "--service", form]),
            ("no form today", &["--keys", "1", "--service", "desk.form=none"]),
            ("nobody is signed in", &["--agents", "away"]),
        ],
    ));
}

#[test]
fn accounts() {
    let holder = r#"core.holder={"id": "h1", "name": "Ada Alder", "plan": "retirement", "balance": "USD 1200.50", "since": "2019-05-01"}"#;
    let trades = r#"core.trades=[{"symbol": "ABC", "shares": 3, "price": "USD 10.25"}, {"symbol": "XY", "shares": 2, "price": "USD 4"}]"#;
    insta::assert_snapshot!(calls(
        "accounts",
        &[
            (
                "balance, trades, and a planner",
                &[
                    "--keys",
                    "1234567890 4321# 1 2 3",
                    "--service",
                    holder,
                    "--service",
                    "core.check=true",
                    "--service",
                    trades
                ],
            ),
            (
                "a wrong PIN four times",
                &[
                    "--keys",
                    "1234567890 1# 1111# 2222# 3333# 4444#",
                    "--service",
                    holder,
                    "--service",
                    "core.check=false"
                ]
            ),
            ("no such account, twice", &["--keys", "1234567890 1234567891", "--service", "core.holder=none"]),
            ("the core is down", &["--keys", "1234567890", "--agents", "away"]),
            ("silence", &["--agents", "away"]),
        ],
    ));
}

#[test]
fn red_button() {
    insta::assert_snapshot!(calls(
        "red-button",
        &[
            ("an ordinary day", &[]),
            ("an outage, and a danger", &["--switch", "outage", "--keys", "1"]),
            ("an outage, silence", &["--switch", "outage"]),
            (
                "an outage, a danger, and nobody answers",
                &["--switch", "outage", "--keys", "1", "--agents", "silent"]
            ),
            ("both levers", &["--switch", "outage", "--switch", "evacuation"]),
            ("from one line to the other", &["--flow", "care_line", "--keys", "2"]),
        ],
    ));
}

#[test]
fn two_ways() {
    insta::assert_snapshot!(calls(
        "two-ways",
        &[
            ("a table for four, in Spanish", &["--keys", "2 1 4# 1"]),
            ("thirteen are too many, one is fine", &["--keys", "1 2 13# 1# 2 1# 1"]),
            ("silence", &[]),
            ("wrong keys, and nobody at the desk", &["--keys", "1 9 9 9", "--agents", "silent"]),
        ],
    ));
}

#[test]
fn travel_form() {
    let booked = r#"bookings.book="AB12""#;
    insta::assert_snapshot!(calls(
        "travel-form",
        &[
            ("filled in", &["--keys", "1 07052026 1 0900 2# 1 1", "--service", booked]),
            (
                "a day that is over, no day, a boat too early, and the day changed",
                &[
                    "--keys",
                    "2 01012026 31022026 05052026 1 0600 0930 1# 2 2 06052026 1 1000 1# 2 1",
                    "--service",
                    booked
                ],
            ),
            (
                "the boat is full, then the clerk",
                &["--keys", "3 07052026 1 0900 2# 2 1 #", "--service", "bookings.book=none"]
            ),
            ("the bookings are down", &["--keys", "3 07052026 1 0900 2# 2 1"]),
            ("silence", &["--agents", "away"]),
        ],
    ));
}

#[test]
fn visit_reminder() {
    insta::assert_snapshot!(calls(
        "visit-reminder",
        &[
            ("people pick up", &["--campaign", "reminders"]),
            ("machines pick up", &["--campaign", "reminders", "--answers", "machine"]),
            ("one is busy", &["--campaign", "reminders", "--agent", "+12025550221=busy"]),
            ("one calls back", &["--from", "+12025550223"]),
        ],
    ));
}
