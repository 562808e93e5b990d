//! `flowc records`: the record of each call, oldest first.

use std::fmt::Write;
use std::path::PathBuf;

use flow_project::Problem;
use flow_server::{CallRecord, Outcome};

use crate::exit::Exit;
use crate::operator;
use crate::output::{Output, OutputFormat};

/// Records that are put together before they are written out.
const RECORDS_AT_ONCE: u64 = 1_000;

/// Arguments of `records`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that `flowc run` keeps its state in.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    // Piece by piece: there may be more records than memory.
    let mut text = String::new();
    let mut count = 0_u64;
    let mut first = true;
    if output.format == OutputFormat::Json {
        text.push('[');
    }
    flow_server::each_record(&args.state, |record| {
        count += 1;
        match output.format {
            OutputFormat::Concise => text.push_str(&line(&record)),
            OutputFormat::Json => {
                if let Ok(json) = serde_json::to_string(&record) {
                    text.push_str(if std::mem::take(&mut first) { "\n" } else { ",\n" });
                    text.push_str(&json);
                }
            }
            // The others are about flows, and calls have no place in them.
            _ => text.push_str(&story(&record)),
        }
        if count.is_multiple_of(RECORDS_AT_ONCE) {
            output.shown(&std::mem::take(&mut text));
        }
    })
    .map_err(operator::no_state)?;
    if output.format == OutputFormat::Json {
        text.push_str(if first { "]\n" } else { "\n]\n" });
    }
    output.shown(&text);
    Ok(Exit::Fine)
}

/// A record as one line.
fn line(record: &CallRecord) -> String {
    let caller = record.caller.as_deref().or(record.caller_name.as_deref()).unwrap_or("withheld");
    let parties = match &record.placed {
        Some(placed) => format!("{} to {caller}", placed.kind),
        None => format!("{caller} → {}", record.called),
    };
    format!(
        "{}  {parties} ({})  {}  {}\n",
        clock(record.started),
        record.flow,
        span(record.duration),
        outcome(&record.outcome)
    )
}

/// A record as a few lines.
fn story(record: &CallRecord) -> String {
    let mut text = line(record);
    let way: Vec<String> =
        record.way.iter().map(|step| format!("{} {}", step.block, span(step.at))).collect();
    if !way.is_empty() {
        let _ = writeln!(text, "    way      {}", way.join(" → "));
    }
    for visit in &record.queues {
        let _ = write!(text, "    queue    {}: {} after {}", visit.queue, visit.outcome, span(visit.waited));
        let _ = match &visit.agent {
            Some(agent) => writeln!(text, ", by {agent}"),
            None => writeln!(text),
        };
    }
    for talk in &record.talks {
        let _ = writeln!(
            text,
            "    talk     with {} for {}, ended by {}",
            talk.with,
            span(talk.millis),
            talk.ended_by
        );
    }
    for message in &record.messages {
        let _ = writeln!(text, "    message  {message}");
    }
    for callback in &record.callbacks {
        let _ = writeln!(text, "    booked   call back {callback}");
    }
    if let Some(placed) = &record.placed {
        let _ = writeln!(text, "    for      {}, call {}", placed.of, placed.attempt);
    }
    for asked in &record.requests {
        let failed = asked.failed.as_deref().map_or(String::new(), |why| format!(": {why}"));
        let _ = writeln!(text, "    asked    {} for {}{failed}", asked.what, span(asked.millis));
    }
    for sent in &record.sends {
        let _ = writeln!(text, "    sent     {sent}");
    }
    for rating in &record.ratings {
        let score = rating.score.map_or_else(|| "no answer".to_owned(), |score| score.to_string());
        let _ = writeln!(text, "    rating   {}: {score}", rating.question);
    }
    for mark in &record.marks {
        let value = mark.value.as_deref().map(|value| format!(" = {value}")).unwrap_or_default();
        let _ = writeln!(text, "    mark     {}{value} at {}", mark.name, span(mark.at));
    }
    let _ = writeln!(text, "    id       {}", record.call);
    text
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ended { block } => format!("ended in {block}"),
        Outcome::CallerHungUp { block } => format!("the caller hung up in {block}"),
        Outcome::Lost { block } => format!("the connection was lost in {block}"),
        Outcome::Declined { code } => format!("refused with {code}"),
        Outcome::Fault { code, message, place } => format!("fault {code} at {place}: {message}"),
        Outcome::Shutdown { block } => format!("the server stopped while in {block}"),
        Outcome::Transferred { block, to } => format!("handed on to {to} in {block}"),
        Outcome::NotReached { why } => format!("not reached: {}", why.replace('_', " ")),
        Outcome::TooLong { block } => format!("had lasted too long in {block}"),
    }
}

/// A duration as people say it: `4.2 s`, `3 min 5 s`, `1 h 2 min`.
fn span(millis: u64) -> String {
    let seconds = millis / 1_000;
    match seconds {
        0..60 => format!("{seconds}.{} s", millis % 1_000 / 100),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

pub(super) fn clock(unix_millis: i64) -> String {
    let instant = jiff::Timestamp::from_millisecond(unix_millis).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    instant.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn durations_read_as_people_say_them() {
        let spans: Vec<String> = [0, 950, 59_999, 60_000, 185_000, 3_720_000].into_iter().map(span).collect();
        assert_eq!(spans, ["0.0 s", "0.9 s", "59.9 s", "1 min 0 s", "3 min 5 s", "1 h 2 min"]);
    }
}
