//! `flowc agents`: who takes calls: signs an agent in or out on a server that runs, and shows who did so when.

use std::path::PathBuf;

use flow_project::Problem;
use flow_server::{Named, Order};

use super::records::clock;
use crate::exit::Exit;
use crate::operator;
use crate::output::Output;

/// Arguments of `agents`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The agent; without one, each agent is shown, and who signed them in or out last.
    #[arg(requires = "to")]
    name: Option<String>,
    /// `ready` offers the agent calls, `away` offers none.
    #[arg(value_parser = ["ready", "away"])]
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
        let names = flow_server::known_names(&args.state, Named::Agent).map_err(operator::no_state)?;
        let orders = flow_server::read_orders(&args.state, Named::Agent).map_err(operator::no_state)?;
        let line = |name: &String| match orders.iter().rev().find(|order| order.name == *name) {
            Some(order) => line(order),
            None => format!("{name}  ready\n"),
        };
        output.shown(&names.iter().map(line).collect::<String>());
        return Ok(Exit::Fine);
    };
    operator::known(&args.state, Named::Agent, name)?;
    let order = Order {
        name: name.clone(),
        value: to.clone(),
        who: operator::who(args.by.as_ref()),
        unix_millis: operator::now(),
        answer: None,
    };
    flow_server::give_order(&args.state, Named::Agent, &order).map_err(operator::no_state)?;
    output.shown(&line(&order));
    Ok(Exit::Fine)
}

fn line(order: &Order) -> String {
    format!("{}  {}, by {} at {}\n", order.name, order.value, order.who, clock(order.unix_millis))
}
