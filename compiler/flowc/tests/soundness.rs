//! What a judge broke, played through the binary: what comes from outside steers no terminal, and what would be lost in
//! a call is refused before one.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn flowc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowc")).args(arguments).output().expect("flowc starts")
}

/// A file of this test with a text.
fn file(name: &str, text: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("soundness");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, text).expect("a file");
    path.to_str().expect("a path of text").to_owned()
}

/// Turns the direction of writing.
const TURNS: char = '\u{202E}';

#[test]
fn nothing_from_outside_turns_what_is_printed() {
    let path = file(
        "turns.flow",
        "timezone \"UTC\"\nholidays h { day jan 1 \"New\\u{202e}Year\" }\n\
         calendar c { closed h as feast open every day 08:00..18:00 }\n\
         flow main {\n    after_hours a { calendar c on open -> hello on closed, feast -> bye }\n    \
         greet hello { mark got = \"a\\u{202e}b\" say \"Hel\\u{202e}lo.\" -> bye }\n    end bye { say \"Good\\u{202e}bye.\" }\n}\n",
    );
    let at = "2027-01-01T12:00";
    for arguments in [
        &["call", &path, "--at", "2026-11-24T10:00"][..],
        &["graph", &path, "--format", "json"],
        &["graph", &path, "--format", "mermaid"],
        &["calendar", "explain", &path, "c", "--at", at],
        &["calendar", "explain", &path, "c", "--at", at, "--format", "json"],
        &["calendar", "next", &path, "c"],
        &["prompts", &path],
    ] {
        let output = flowc(arguments);
        let text = String::from_utf8(output.stdout.clone()).expect("text");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?} {said}");
        assert!(
            !text.is_empty() && !text.contains(TURNS) && !said.contains(TURNS),
            "{arguments:?}\n{text}{said}"
        );
        if text.starts_with('{') {
            serde_json::from_str::<serde_json::Value>(&text).expect("still JSON");
        }
    }
}

#[test]
fn what_a_call_would_be_lost_by_is_refused() {
    for (name, code, text) in [
        (
            "callback.flow",
            "F0312",
            "agent a at \"sip:a@127.0.0.1\" { }\nqueue q { agents }\nflow main { callback c { number \"+15550123\" join q afterwards main otherwise -> bye } end bye { say \"Goodbye.\" } }",
        ),
        (
            "name.flow",
            "F0102",
            "flow main { step s { let known = caller.number is some(n) -> g(n) } greet g(f: phone) { say \"You call from {f}.\" -> bye } end bye { say \"Goodbye.\" } }",
        ),
        (
            "zero.flow",
            "F0206",
            "flow main { on no_input, no_match -> bye collect c { ask \"A number, please.\" take number 1 as n on done { let b = n != 0 say \"{5 / n}\" -> bye } } end bye { say \"Goodbye.\" } }",
        ),
        (
            "dear.flow",
            "F0372",
            "flow main { transfer t { ring \"sip:0019005551234@gw.example\" for 5s on failed -> bye } end bye { say \"Goodbye.\" } }",
        ),
    ] {
        let output = flowc(&["call", &file(name, text)]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(code), "{name}: {said}");
    }
}
