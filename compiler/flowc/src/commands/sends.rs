//! `flowc sends`: what calls have sent, and what of it is not delivered.

use std::fmt::Write;
use std::path::PathBuf;

use flow_project::Problem;
use flow_server::OutboxEntry;

use crate::exit::Exit;
use crate::output::{Output, OutputFormat};

/// Arguments of `sends`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that `flowc run` keeps its state in.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// Only what was given up after a day of attempts.
    #[arg(long)]
    undelivered: bool,
    /// Try what was given up for another day.
    #[arg(long)]
    retry: bool,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let problem = |what| Problem {
        what,
        action: "name the folder that `flowc run` was given with `--state`: `state` in the project, if none"
            .into(),
    };
    if args.retry {
        let count = flow_server::retry_outbox(&args.state).map_err(problem)?;
        output.shown(&format!("{count} to be tried again\n"));
        return Ok(Exit::Fine);
    }
    let mut entries = flow_server::read_outbox(&args.state).map_err(problem)?;
    if args.undelivered {
        entries.retain(|entry| entry.state == "undelivered");
    }
    let text = match output.format {
        OutputFormat::Json => json(&entries),
        _ => entries.iter().map(line).collect(),
    };
    output.shown(&text);
    Ok(Exit::Fine)
}

fn line(entry: &OutboxEntry) -> String {
    let mut text = format!("{}  {:<11}  {}  {}", clock(entry.created), entry.state, entry.what, entry.key);
    if entry.attempts > 0 {
        let times = if entry.attempts == 1 { "attempt" } else { "attempts" };
        let _ = write!(text, "  {} {times}", entry.attempts);
    }
    if let Some(reason) = &entry.reason {
        let _ = write!(text, ": {reason}");
    }
    if entry.state == "waiting" && entry.attempts > 0 {
        let _ = write!(text, "; next at {}", clock(entry.due));
    }
    text.push('\n');
    text
}

fn json(entries: &[OutboxEntry]) -> String {
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| {
            serde_json::json!({
                "key": entry.key, "what": entry.what, "call": entry.call, "created": entry.created,
                "attempts": entry.attempts, "due": entry.due, "state": entry.state, "reason": entry.reason,
            })
            .to_string()
        })
        .collect();
    if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", lines.join(",\n")) }
}

fn clock(unix_millis: i64) -> String {
    let instant = jiff::Timestamp::from_millisecond(unix_millis).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    instant.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}
