//! `flowc callbacks`: promised callbacks and campaigns, and what became of them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use flow_project::Problem;
use flow_server::{Callback, CallbackState, CampaignRun, RowState};

use super::records::clock;
use crate::exit::Exit;
use crate::output::{Output, OutputFormat};

/// Arguments of `callbacks`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that `flowc run` keeps its state in.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let problem = |what| Problem {
        what,
        action: "name the folder that `flowc run` was given with `--state`: `state` in the project, if none"
            .into(),
    };
    let callbacks = flow_server::read_callbacks(&args.state).map_err(problem)?;
    let campaigns = flow_server::read_campaigns(&args.state).map_err(problem)?;
    let mut text = String::new();
    if output.format == OutputFormat::Json {
        let _ = writeln!(text, "{}", serde_json::json!({ "callbacks": callbacks, "campaigns": campaigns }));
    } else {
        text.extend(callbacks.iter().map(line));
        text.extend(campaigns.iter().map(campaign));
    }
    output.shown(&text);
    Ok(Exit::Fine)
}

/// A callback as one line.
fn line(callback: &Callback) -> String {
    let state = match &callback.state {
        CallbackState::Waiting if callback.not_before > callback.booked => {
            format!("waits, not before {}", clock(callback.not_before))
        }
        CallbackState::Waiting => format!("waits, until {}", clock(callback.expires)),
        CallbackState::Over { how, at } => format!("{} at {}", how.replace('_', " "), clock(*at)),
    };
    let calls =
        if callback.attempts == 1 { "1 call".to_owned() } else { format!("{} calls", callback.attempts) };
    format!(
        "{}  {} in {}  {calls}  {state}  ({})\n",
        clock(callback.booked),
        callback.number,
        callback.queue,
        callback.id
    )
}

/// A campaign as one line: how many rows came to what.
fn campaign(run: &CampaignRun) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &run.rows {
        let word = match &row.state {
            RowState::Waiting => "waiting",
            RowState::Calling => "calling",
            RowState::Over { how } => how,
        };
        *counts.entry(word).or_default() += 1;
    }
    let counts: Vec<String> =
        counts.iter().map(|(word, count)| format!("{count} {}", word.replace('_', " "))).collect();
    let state = run.ended.map_or_else(|| "under way".to_owned(), |at| format!("done at {}", clock(at)));
    format!(
        "{}  campaign {}  {} rows: {}  {state}  ({})\n",
        clock(run.started),
        run.campaign,
        run.rows.len(),
        if counts.is_empty() { "none".to_owned() } else { counts.join(", ") },
        run.id
    )
}
