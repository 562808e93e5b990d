//! The commands, one file each: arguments, and `run`.

mod agents;
mod build;
mod calendar;
mod call;
mod callbacks;
mod campaign;
mod check;
mod doc;
mod explain;
mod fmt;
mod graph;
mod inspect;
mod new;
mod prompts;
mod records;
mod run;
mod sends;
mod switch;

use flow_project::Problem;

use crate::exit::Exit;
use crate::output::Output;

/// What flowc can do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Makes a project to begin with.
    New(new::Args),
    /// Says what is wrong with flows, before a caller hears it.
    Check(check::Args),
    /// Lays out flows the one way there is.
    Fmt(fmt::Args),
    /// Makes bytecode of a project.
    Build(build::Args),
    /// Says when calendars are open, and by which line.
    Calendar(calendar::Args),
    /// Calls a flow in the terminal: prompts as text, keys typed, people simulated.
    Call(call::Args),
    /// Draws flows: a picture for people, DOT and Mermaid for other tools, JSON for programs.
    Graph(graph::Args),
    /// Tells the phone tree as callers know it, as a page.
    Doc(doc::Args),
    /// Shows what is in bytecode.
    Inspect(inspect::Args),
    /// Explains a code of a message.
    Explain(explain::Args),
    /// Answers real phones.
    Run(run::Args),
    /// Drafts what callers hear as audio.
    Prompts(prompts::Args),
    /// Shows the record of each call.
    Records(records::Args),
    /// Shows promised callbacks and campaigns, and what became of them.
    Callbacks(callbacks::Args),
    /// Shows what calls have sent, and what of it is not delivered.
    Sends(sends::Args),
    /// Throws a switch of the flows, or puts it back.
    Switch(switch::Args),
    /// Signs an agent in or out, and shows who takes calls.
    Agents(agents::Args),
    /// Starts a campaign.
    Campaign(campaign::Args),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// What kept flowc from its work.
    pub fn run(&self, output: &Output) -> Result<Exit, Problem> {
        match self {
            Command::New(args) => new::run(args, output),
            Command::Check(args) => check::run(args, output),
            Command::Fmt(args) => fmt::run(args, output),
            Command::Build(args) => build::run(args, output),
            Command::Calendar(args) => calendar::run(args, output),
            Command::Call(args) => call::run(args, output),
            Command::Graph(args) => graph::run(args, output),
            Command::Doc(args) => doc::run(args, output),
            Command::Inspect(args) => inspect::run(args, output),
            Command::Explain(args) => explain::run(args, output),
            Command::Run(args) => run::run(args, output),
            Command::Prompts(args) => prompts::run(args, output),
            Command::Records(args) => records::run(args, output),
            Command::Callbacks(args) => callbacks::run(args, output),
            Command::Sends(args) => sends::run(args, output),
            Command::Switch(args) => switch::run(args, output),
            Command::Agents(args) => agents::run(args, output),
            Command::Campaign(args) => campaign::run(args, output),
        }
    }
}
