//! `flowc switch`: throws a switch of the flows, or puts it back, on a server that runs; and who did so when.

use std::path::PathBuf;

use flow_project::Problem;
use flow_server::{LeverChange, Named};

use crate::exit::Exit;
use crate::operator;
use crate::output::Output;

/// Arguments of `switch`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The switch; without one, every change that was made is shown.
    #[arg(requires = "to")]
    name: Option<String>,
    /// `on` throws it, `off` puts it back.
    #[arg(value_parser = ["on", "off"])]
    to: Option<String>,
    /// The folder that `flowc run` keeps its state in.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// Who does it; otherwise the user of this system.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let (Some(name), Some(to)) = (&args.name, &args.to) else {
        let changes = flow_server::read_levers(&args.state).map_err(operator::no_state)?;
        output.shown(&changes.iter().map(line).collect::<String>());
        return Ok(Exit::Fine);
    };
    operator::known(&args.state, Named::Switch, name)?;
    let change = LeverChange {
        name: name.clone(),
        thrown: to == "on",
        who: operator::who(args.by.as_ref()),
        unix_millis: operator::now(),
    };
    flow_server::change_lever(&args.state, &change).map_err(operator::no_state)?;
    output.shown(&line(&change));
    Ok(Exit::Fine)
}

fn line(change: &LeverChange) -> String {
    let instant =
        jiff::Timestamp::from_millisecond(change.unix_millis).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let to = if change.thrown { "on" } else { "off" };
    format!("{}  {} {to}, by {}\n", instant.strftime("%Y-%m-%d %H:%M:%SZ"), change.name, change.who)
}
