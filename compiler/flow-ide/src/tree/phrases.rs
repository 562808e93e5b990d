//! What makes a call go one way, in callers' words.

use crate::graph::{Cause, span_text};

/// "Press 1 for sales", "If the line is busy".
///
/// `closed` says that outcomes are states of a calendar: any but `open` is a reason to be closed.
pub(super) fn phrase(causes: &[Cause], closed: bool) -> String {
    let one = |cause: &Cause| match cause {
        Cause::Outcome { name, .. } if closed && name != "open" && name != "closed" => {
            format!("when we are closed ({})", name.replace('_', " "))
        }
        cause => one(cause),
    };
    let phrases: Vec<String> = causes.iter().map(one).collect();
    let text = phrases.join(", ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn one(cause: &Cause) -> String {
    match cause {
        Cause::Key { keys, label, deed, phrases } => {
            let word = if *deed { "to" } else { "for" };
            let label = label.as_ref().map_or_else(String::new, |label| format!(" {word} {label}"));
            let said: Vec<String> = phrases.iter().map(|phrase| format!("“{phrase}”")).collect();
            let said =
                if said.is_empty() { String::new() } else { format!(" (or say {})", said.join(" or ")) };
            format!("press {keys}{label}{said}")
        }
        Cause::After { millis } => format!("after {}", span_text(*millis)),
        Cause::Outcome { name, times } => {
            let times = times.map_or_else(String::new, |times| format!(" {times} times"));
            format!("{}{times}", outcome(name))
        }
        Cause::When { text } => format!("if {text}"),
        Cause::Otherwise => "otherwise".into(),
        Cause::Share { percent } => format!("in {percent} of 100 calls"),
        Cause::Visits { count } => format!("after {count} attempts"),
        Cause::Else { what } => format!("if that gives nothing: {what}"),
        Cause::Failed => "if a service fails".into(),
    }
}

/// Outcomes are names: those of the language in words, those of calendars and flows as they are.
fn outcome(name: &str) -> String {
    match name {
        "open" => "when we are open".into(),
        "closed" => "when we are closed".into(),
        "no_input" => "if you do nothing".into(),
        "no_match" => "if that is no choice".into(),
        "invalid" => "if that is not accepted".into(),
        "done" => "then".into(),
        "talked" => "after the talk".into(),
        "busy" => "if the line is busy".into(),
        "no_answer" => "if nobody answers".into(),
        "failed" => "if that fails".into(),
        "timeout" => "if it takes too long".into(),
        "full" => "if the queue is full".into(),
        "unstaffed" => "if nobody serves the queue".into(),
        "recorded" => "when it is recorded".into(),
        "empty" => "if nothing is recorded".into(),
        "booked" => "when it is booked".into(),
        "duplicate" => "if it was booked before".into(),
        "refused" => "if it is refused".into(),
        "left" => "when you leave".into(),
        "ended" => "when it ends".into(),
        "human" => "if a person picked up".into(),
        "machine" => "if a machine picked up".into(),
        "unknown" => "if we cannot tell".into(),
        other => format!("if {}", other.replace('_', " ")),
    }
}
