//! The larger examples, `examples/bank` and `examples/clinic`: checked, laid out, and called along several ways.
#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::process::Command;

const BANK_NOON: [&str; 2] = ["--at", "2026-05-05T12:00"];
const CLINIC_NOON: [&str; 2] = ["--at", "2026-03-03T12:00"];

fn flowc(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_flowc"))
        .args(["--color", "never"])
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .expect("flowc runs");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    told
}

/// Calls one below the other; services answer from the example's own file.
fn calls(project: &str, at: [&str; 2], plays: &[(&str, &[&str])]) -> String {
    let folder = format!("examples/{project}");
    let answers = format!("{folder}/answers.toml");
    let call = |(title, arguments): &(&str, &[&str])| {
        let common = ["call", &folder, "--services", &answers];
        let at = if arguments.contains(&"--at") { &[][..] } else { &at[..] };
        format!("== {title}\n{}\n", flowc(&[&common[..], at, arguments].concat()))
    };
    plays.iter().map(call).collect()
}

#[test]
fn they_are_without_a_warning_and_laid_out() {
    for project in ["examples/bank", "examples/clinic"] {
        flowc(&["check", project, "--today", "2026-01-01", "-D", "warnings"]);
        flowc(&["fmt", "--check", project]);
    }
}

#[test]
fn the_bank() {
    let told = calls(
        "bank",
        BANK_NOON,
        &[
            ("a balance, unrecorded", &["--keys", "2 1 12345678 4321# 1 hangup"]),
            (
                "a card while the agent hears nothing",
                &[
                    "--keys",
                    "1 1 12345678 4321# 2 8s agent kim starts enter_card 4111111111111112# 4111111111111111# 1228 agent hangs up",
                ],
            ),
            (
                "three wrong PINs",
                &["--keys", "2 1 12345678 1111# 2222# 3333#", "--service", "core.pin=false"],
            ),
            ("a stolen card first, and nobody of that team", &["--keys", "2 9", "--agent", "lou=away"]),
            ("silence", &["--keys", ""]),
        ],
    );
    assert!(!told.contains("4111111111111111"), "a card's number is told");
    insta::assert_snapshot!(told);
}

#[test]
fn the_clinic() {
    insta::assert_snapshot!(calls(
        "clinic",
        CLINIC_NOON,
        &[
            ("a visit is cancelled, in English", &["--keys", "2 123456# 1 4321 2 1"]),
            ("una cita se mantiene", &["--keys", "1 123456# 1 4321 1"]),
            (
                "the same by voice, in English; a PIN is keyed",
                &[
                    "--keys",
                    r#""English" "one two three four five six" "yes" 4321 "cancel" "cancel it for good""#
                ],
            ),
            (
                "de viva voz, en español",
                &["--keys", r#""español" "uno dos tres cuatro cinco seis" "sí" 4321 "la quiero mantener""#],
            ),
            ("nobody can listen", &["--no-voice", "--keys", r#""English" 2 123456# 1 4321 1"#]),
            (
                "wrong PINs",
                &["--keys", "2 123456# 1 1111 2222 3333", "--service", "members.records.pin=false"]
            ),
            ("silence, and nobody at the desk", &["--keys", "", "--agents", "away"]),
            (
                "the records are down",
                &["--keys", "2 123456# 1 4321", "--service", "members.records.pin=fails"]
            ),
            ("closed on San Isidro", &["--keys", "1", "--at", "2026-05-15T12:00"]),
            ("reminders", &["--campaign", "reminders"]),
            ("reminders to machines", &["--campaign", "reminders", "--answers", "machine"]),
        ],
    ));
}
