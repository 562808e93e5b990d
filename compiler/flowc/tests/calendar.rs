//! `flowc calendar`, and calendars in `flowc check` and `flowc call`, by the real binary.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The charter's office, with a night shift beside it.
const LINE: &str = r#"timezone "America/New_York"

use std.holidays.us

switch evacuation

calendar office {
    open mon to fri 08:30..18:00
    closed us.federal as holiday
    open 2026-12-24 08:30..13:00
    closed 2026-11-27 as holiday
    closed when evacuation as emergency
}

public calendar sunday like office {
    open sun 10:00..14:00
}

public calendar night {
    timezone "Europe/Madrid"
    open every day 22:00..06:00
}

flow line {
    after_hours hours {
        calendar office
        on open      -> welcome
        on holiday   -> holiday
        on emergency -> emergency
        on closed    -> closed
    }
    end welcome   { say "We are open. Goodbye." }
    end holiday   { say "We are closed for the holiday, and open again {office.next_open}." }
    end emergency { say "Our building is closed {office.next_open}." }
    end closed    { say "We are closed, and open again {office.next_open}." }
}
"#;

/// A folder of this test's own, with the line in it.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("line.flow"), LINE).expect("written");
    folder
}

fn flowc(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowc"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("flowc runs")
}

fn result(folder: &Path, arguments: &[&str]) -> String {
    let output = flowc(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn explained(folder: &Path, calendar: &str, at: &str, more: &[&str]) -> String {
    let arguments = [&["calendar", "explain", "line.flow", calendar, "--at", at], more].concat();
    format!("$ flowc {}\n{}", arguments.join(" "), result(folder, &arguments))
}

#[test]
fn an_instant_is_explained_by_its_line() {
    let folder = folder("explain");
    let all = [
        ("office", "2026-03-03T12:00"),
        ("office", "2026-03-03T19:00"),
        ("office", "2026-11-26T12:00"),
        ("office", "2026-12-24T15:00"),
        ("sunday", "2026-03-08T12:00"),
        ("night", "2026-03-29T02:30"),
        ("night", "2026-10-25T02:30"),
        ("night", "2026-10-25T00:30Z"),
    ]
    .map(|(calendar, at)| explained(&folder, calendar, at, &[]));
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_thrown_switch_explains_itself_and_what_is_beneath() {
    let folder = folder("explain_switch");
    insta::assert_snapshot!(explained(&folder, "office", "2026-12-24T10:00", &["--switch", "evacuation"]));
}

#[test]
fn programs_get_the_same_as_json() {
    let folder = folder("explain_json");
    insta::assert_snapshot!(explained(&folder, "office", "2026-12-24T15:00", &["--format", "json"]));
}

#[test]
fn a_year_is_a_table_of_at_most_a_hundred_columns() {
    let folder = folder("year");
    let table = result(&folder, &["calendar", "year", "line.flow", "office", "2026"]);
    assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
    insta::assert_snapshot!(table);
}

#[test]
fn a_year_is_also_a_file_of_values() {
    let folder = folder("year_csv");
    let csv = result(&folder, &["calendar", "year", "line.flow", "office", "2026", "--csv"]);
    assert_eq!(csv.lines().count(), 366);
    let day = |date: &str| csv.lines().find(|line| line.starts_with(date)).expect("a day").to_owned();
    assert_eq!(day("2026-12-24"), "2026-12-24,Thu,open,08:30-13:00,true,");
    assert_eq!(day("2026-12-25"), "2026-12-25,Fri,holiday,,true,Christmas Day");
    assert_eq!(day("2026-12-26"), "2026-12-26,Sat,closed,,false,");
    let json = result(&folder, &["calendar", "year", "line.flow", "office", "2026", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["days"].as_array().map(Vec::len), Some(365));
    assert_eq!(json["days"][357]["hours"], serde_json::json!([["08:30", "13:00"]]));
}

#[test]
fn what_comes_next_is_listed() {
    let folder = folder("next");
    let next =
        result(&folder, &["calendar", "next", "line.flow", "office", "--from", "2026-11-20", "--count", "5"]);
    insta::assert_snapshot!(next);
}

#[test]
fn what_is_not_there_is_said() {
    let folder = folder("calendar_mistakes");
    let mistakes = [
        vec!["calendar", "explain", "line.flow", "offices"],
        vec!["calendar", "explain", "line.flow", "office", "--at", "2026-02-30T10:00"],
        vec!["calendar", "explain", "line.flow", "office", "--switch", "fire"],
        vec!["calendar", "explain", "nowhere.flow", "office"],
    ];
    let said = mistakes.map(|arguments| {
        let output = flowc(&folder, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    });
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn dates_that_are_over_are_told_from_the_day_that_is_given() {
    let folder = folder("today");
    let on = |today: &str| {
        let output = flowc(&folder, &["check", "--today", today, "--format", "concise", "line.flow"]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert_eq!(on("2026-11-27"), "");
    insta::assert_snapshot!(on("2027-01-01"));
}

#[test]
fn callers_hear_when_it_opens_again_or_until_further_notice() {
    let folder = folder("heard");
    let call = |at: &str, more: &[&str]| {
        let arguments = [&["call", "line.flow", "--at", at, "--keys", ""], more].concat();
        let output = flowc(&folder, &arguments);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let evacuated = call("2026-03-03T12:00", &["--switch", "evacuation"]);
    assert!(evacuated.contains("Our building is closed until further notice."), "{evacuated}");
    // The clocks of New York go forward on Sunday, 2026-03-08, and back on 2026-11-01.
    for at in ["2026-03-07T12:00", "2026-10-31T12:00"] {
        let weekend = call(at, &[]);
        assert!(weekend.contains("Monday at 8:30 AM"), "{weekend}");
    }
    let holiday = call("2026-11-26T12:00", &[]);
    assert!(holiday.contains("closed for the holiday"), "{holiday}");
}
