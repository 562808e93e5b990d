//! Calls that we make, in the terminal: the example of the book's page, as the page says to run it.
#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::process::Command;

/// The first flow of the page.
fn example() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src/reference/outbound.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let (_, rest) = page.split_once("```flow\n").expect("an example");
    rest.split_once("```").expect("it ends").0.to_owned()
}

fn call(name: &str, arguments: &[&str]) -> String {
    let folder = std::env::temp_dir().join(format!("flowc-outbound-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("support.flow");
    std::fs::write(&file, example()).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_flowc"))
        .arg("call")
        .arg(&file)
        .args(["--at", "2026-03-03T12:00"])
        .args(arguments)
        .output()
        .expect("flowc runs");
    std::fs::remove_dir_all(&folder).expect("it is ours");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_call_back_is_booked_and_made() {
    let keys = "3m 1 2125550123# 1 agent dana ready 10m";
    insta::assert_snapshot!(call("made", &["--agent", "dana=busy", "--keys", keys]));
}

#[test]
fn a_call_back_that_waits_is_told_of() {
    let told = call("waits", &["--agent", "dana=busy", "--keys", "3m 1 2125550123# 1"]);
    assert!(told.contains("a call back is promised"), "{told}");
}

const CAMPAIGN: &str = r#"
timezone "America/New_York"
inbound "+12125550190" -> line
calendar office { open mon to fri 09:00..17:00 }
record Visit { name: text, number: phone, done: bool }
table tomorrow of Visit from "tomorrow.csv"

campaign reminders {
    from tomorrow as row
    call row.number -> reminder(row.name)
    during office
    pace 2 per 1m
    skip when row.done
}

flow reminder(name: text) {
    detect who {
        longest 4s
        on human   -> tell
        otherwise  -> note
    }
    end tell { say "Hello {name}. Your visit is tomorrow." }
    end note { say "A reminder of your visit tomorrow." }
}

flow line { end bye { say "Goodbye." } }
"#;

const ROWS: &str = "name,number,done
Ada,+12125550101,false
Bob,+12125550102,true
Cyd,+12125550103,false
Dan,+19005550104,false
";

fn campaign(arguments: &[&str]) -> String {
    let folder =
        std::env::temp_dir().join(format!("flowc-campaign-{}-{}", std::process::id(), arguments.len()));
    std::fs::create_dir_all(folder.join("src")).expect("a folder");
    std::fs::write(folder.join("flow.toml"), "[project]\nname = \"visits\"\n").expect("a file");
    std::fs::write(folder.join("src/main.flow"), CAMPAIGN).expect("a file");
    for place in ["tomorrow.csv", "src/tomorrow.csv"] {
        std::fs::write(folder.join(place), ROWS).expect("a file");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_flowc"))
        .arg("call")
        .arg(&folder)
        .args(["--at", "2026-03-03T12:00", "--campaign", "reminders"])
        .args(arguments)
        .output()
        .expect("flowc runs");
    std::fs::remove_dir_all(&folder).expect("it is ours");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn everybody_on_a_list_is_called() {
    insta::assert_snapshot!(campaign(&[]));
}

#[test]
fn machines_are_told_something_else() {
    let told = campaign(&["--answers", "machine"]);
    assert!(told.contains("a machine picked up") && !told.contains("Hello Ada"), "{told}");
}
