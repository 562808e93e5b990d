//! `flowc call`: whole calls through the real binary, keys given, clock and people simulated.
#![allow(clippy::disallowed_methods)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

fn flowc(arguments: &[&str], input: Option<&str>) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flowc"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("flowc starts");
    if let (Some(text), Some(stdin)) = (input, child.stdin.as_mut()) {
        stdin.write_all(text.as_bytes()).expect("it reads");
    }
    drop(child.stdin.take());
    child.wait_with_output().expect("flowc ends")
}

/// The call as it is printed.
fn call(project: &str, arguments: &[&str]) -> String {
    let path = example(project);
    let path = path.to_str().expect("a path of text");
    let output = flowc(&[&["call", path], arguments].concat(), None);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{errors}");
    String::from_utf8(output.stdout).expect("text")
}

const NOON: &str = "2026-03-03T12:00";

#[test]
fn the_smallest_flow() {
    insta::assert_snapshot!(call("hello", &["--at", NOON, "--keys", "1"]));
}

#[test]
fn a_customer_is_served() {
    insta::assert_snapshot!(call("support", &["--at", NOON, "--keys", "1234 2 5"]));
}

#[test]
fn a_caller_who_presses_nothing_reaches_somebody() {
    insta::assert_snapshot!(call("support", &["--at", NOON, "--keys", ""]));
}

#[test]
fn who_fails_again_is_told_otherwise() {
    let folder = std::env::temp_dir().join(format!("flowc-call-again-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("again.flow");
    let flow = r#"flow main {
    speaks es
    menu choose {
        ask "Para ventas, pulse 1."
        press 1 -> bye
        on no_input, no_match 3 times -> bye
    }
    end bye { say "Adiós." }
}
"#;
    std::fs::write(&file, flow).expect("a flow");
    let told = call(file.to_str().expect("a path of text"), &["--at", NOON, "--keys", "9"]);
    std::fs::remove_dir_all(&folder).expect("it was there");
    let first = told.find("Esa no es una de las opciones.").expect("a wrong key");
    let second =
        told.find("No se ha pulsado nada. Escuche otra vez, por favor.").expect("silence after that");
    assert!(first < second, "{told}");
    assert!(!told.contains("No he oído ninguna tecla."), "{told}");
}

#[test]
fn nobody_is_there() {
    insta::assert_snapshot!(call("support", &["--at", NOON, "--agents", "away", "--keys", "!1234 2"]));
}

#[test]
fn nobody_comes_to_the_phone() {
    insta::assert_snapshot!(call(
        "support",
        &["--at", NOON, "--agents", "silent", "--keys", "!1234 !2 130s !1"]
    ));
}

#[test]
fn a_busy_agent_becomes_ready() {
    let arguments = [
        "--at",
        NOON,
        "--agents",
        "busy",
        "--keys",
        "!1234 !2 50s agent dana ready 10s agent hangs up hangup",
    ];
    insta::assert_snapshot!(call("support", &arguments));
}

#[test]
fn after_hours_and_on_holidays() {
    let sunday = call("support", &["--at", "2026-03-01T12:00", "--keys", ""]);
    let christmas = call("support", &["--at", "2026-12-25T12:00", "--keys", "3s hangup"]);
    insta::assert_snapshot!(format!("{sunday}\n{christmas}"));
}

#[test]
fn the_building_is_evacuated() {
    insta::assert_snapshot!(call("support", &["--at", NOON, "--switch", "evacuation", "--keys", ""]));
}

#[test]
fn the_same_keys_from_a_pipe_give_the_same_call() {
    let path = example("support");
    let path = path.to_str().expect("a path of text");
    let output = flowc(&["call", path, "--at", NOON], Some("1234\n2\n5\n"));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        call("support", &["--at", NOON, "--keys", "1234 2 5"])
    );
}

/// A project of one file and perhaps a manifest, in a folder of its own.
fn project(name: &str, source: &str, manifest: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(folder.join("src")).expect("a folder");
    std::fs::write(folder.join("src/main.flow"), source).expect("written");
    std::fs::write(folder.join("flow.toml"), manifest).expect("written");
    folder.to_str().expect("a path of text").to_owned()
}

const DESK: &str = "setting desk: text\n\nflow line {\n    dial desk { ring desk for 9s  on talked -> bye  otherwise -> bye }\n    end bye { say \"Bye.\" }\n}\n";

#[test]
fn the_settings_of_the_project_are_those_of_the_call() {
    let path = project("call-set", DESK, "[settings]\ndesk = \"sip:desk@192.0.2.7\"\n");
    let told = call(&path, &["--at", NOON, "--keys", ""]);
    assert!(told.contains("sip:desk@192.0.2.7's phone rings"), "{told}");
    let path = project("call-unset", DESK, "");
    let output = flowc(&["call", &path, "--keys", ""], None);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("the setting `desk` has no value") && told.contains("help: add `desk = "),
        "{told}"
    );
}

#[test]
fn what_is_not_there_is_named() {
    let path = example("support");
    let path = path.to_str().expect("a path of text");
    let mut told = String::new();
    for arguments in [
        ["--flow", "sales"],
        ["--agent", "kim=busy"],
        ["--agent", "dana=asleep"],
        ["--switch", "fire"],
        ["--keys", "1 what"],
        ["--at", "yesterday"],
    ] {
        let output = flowc(&[&["call", path], arguments.as_slice()].concat(), None);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        told.push_str(&format!("{}\n{}\n", arguments.join(" "), String::from_utf8_lossy(&output.stderr)));
    }
    insta::assert_snapshot!(told);
}

/// A call of a flow file beside this test.
fn call_file(name: &str, arguments: &[&str]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flows").join(name);
    let output = flowc(&[&["call", path.to_str().expect("a path of text")], arguments].concat(), None);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn every_type_is_calculated_with_and_told() {
    insta::assert_snapshot!(call_file("values.flow", &["--at", NOON]));
}

#[test]
fn values_of_every_form_are_keyed() {
    // A size, an amount that is confirmed, a day that does not exist and one that does, a time too late and one
    // that is not.
    let keys = "2 20*5# 1 02312026 03072026 2300 0830";
    insta::assert_snapshot!(call_file("shop.flow", &["--at", NOON, "--keys", keys]));
}
