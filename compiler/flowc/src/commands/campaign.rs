//! `flowc campaign start NAME`: has a server that runs call the rows of a campaign.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flow_project::Problem;
use flow_server::{Named, Order};

use crate::exit::Exit;
use crate::operator;
use crate::output::Output;

/// How long a server that runs is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Arguments of `campaign`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    word: Word,
}

#[derive(Debug, clap::Subcommand)]
enum Word {
    /// Calls every row of the campaign's table; `flowc callbacks` shows how far it is.
    Start {
        /// The campaign.
        name: String,
        /// The folder that `flowc run` keeps its state in.
        #[arg(long, value_name = "DIR")]
        state: PathBuf,
        /// Who does it; otherwise the user of this system.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let Word::Start { name, state, by } = &args.word;
    operator::known(state, Named::Campaign, name)?;
    let order = Order {
        name: name.clone(),
        value: "start".into(),
        who: operator::who(by.as_ref()),
        unix_millis: operator::now(),
        answer: None,
    };
    let row = flow_server::give_order(state, Named::Campaign, &order).map_err(operator::no_state)?;
    match answer(state, row)?.as_deref() {
        Some("started") => output.shown(&format!("{name}  started, by {}\n", order.who)),
        Some(why) => {
            return Err(Problem {
                what: format!("{name} is not started: {why}"),
                action: format!("look at `flowc callbacks --state {}`", state.display()),
            });
        }
        None => output.shown(&format!("{name}  starts with the server: none runs on this folder now\n")),
    }
    Ok(Exit::Fine)
}

/// What the server says, if one is there.
fn answer(state: &Path, row: i64) -> Result<Option<String>, Problem> {
    let end = Instant::now() + PATIENCE;
    loop {
        let answer = flow_server::order_answer(state, row).map_err(operator::no_state)?;
        if answer.is_some() || Instant::now() >= end {
            return Ok(answer);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
