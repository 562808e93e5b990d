//! What calendars say together: who wins among those that are like each other, and contradictions over midnight.

mod common;

use common::check_text;
use flow_check::calendar_intervals::{Clock, intervals};

const END: &str = "\nflow line { end bye { say \"Goodbye.\" } }\n";

/// 2026-03-03, a Tuesday.
const TUESDAY: i32 = 20_515;

#[test]
fn of_what_is_inherited_the_nearest_wins() {
    let answer = check_text(&format!(
        "timezone \"UTC\"
calendar far {{ open tue 08:00..18:00  closed wed 08:00..18:00 as shut }}
calendar near like far {{ closed tue 12:00..13:00 as lunch }}
calendar nearest like near {{ open sun 10:00..12:00 }}{END}"
    ));
    assert_eq!(answer.text(), "");
    let program = answer.checked.program.unwrap();
    let calendar = program.calendars.iter().find(|calendar| calendar.name == "nearest").unwrap();
    let clock = Clock::new("UTC", TUESDAY..=TUESDAY).unwrap();
    let states: Vec<&str> = intervals(calendar, &clock, TUESDAY..=TUESDAY, &[])
        .into_iter()
        .map(|interval| calendar.states[interval.state].as_str())
        .collect();
    assert_eq!(states, ["closed", "open", "lunch", "open", "closed"]);
}

#[test]
fn what_runs_over_midnight_contradicts_what_begins_there() {
    let answer = check_text(&format!(
        "timezone \"UTC\"
calendar bar {{
    open fri 20:00..04:00
    closed sat 02:00..06:00 as cleaning
}}{END}"
    ));
    let text = answer.text();
    assert!(text.contains("`bar` is both `open` and `cleaning` on Saturday, 2026-01-03 at 02:00"), "{text}");
}

#[test]
fn a_rule_that_matters_only_after_a_holiday_is_not_dead() {
    // On most Tuesdays Monday's night covers the early hours; after a Monday's holiday it does not.
    let answer = check_text(&format!(
        "timezone \"UTC\"
calendar night {{
    open mon 22:00..06:00
    open tue 00:00..06:00
    closed first mon of may as holiday
}}{END}"
    ));
    assert_eq!(answer.text(), "");
}

#[test]
fn a_date_that_says_what_the_holiday_says_is_dead() {
    let answer = check_text(&format!(
        "timezone \"UTC\"
calendar office {{
    open mon to fri 08:00..18:00
    closed dec 25 as holiday
    closed 2026-12-25 as holiday
}}{END}"
    ));
    let text = answer.text();
    assert!(text.contains("warning[F0903]") && text.contains("main.flow:5:5"), "{text}");
    assert_eq!(answer.all().len(), 1, "{text}");
}
