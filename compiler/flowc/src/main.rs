//! The command line of flowc: the only compiler crate that touches a disk or prints.
//!
//! Results go to standard output, everything else to standard error; exit codes are those of [`exit::Exit`].
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros)]

mod audio;
mod commands;
mod compile;
mod destinations;
mod disk;
mod exit;
mod listen;
mod operator;
mod output;
mod settings;

use std::panic;
use std::process::ExitCode;

use clap::Parser;

use crate::commands::Command;
use crate::exit::Exit;
use crate::output::{ColorChoice, Output, OutputFormat};

/// Trees are built from small pieces and dropped as a whole; glibc spends a fifth of `flowc check` on that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Checks, builds and runs telephone call flows.
#[derive(Debug, Parser)]
#[command(name = "flowc", version, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// How results look.
    #[arg(long, global = true, value_parser = OutputFormat::general(), default_value = "text")]
    format: OutputFormat,
    /// Whether to colour.
    #[arg(long, global = true, value_enum, default_value_t)]
    color: ColorChoice,
    /// The most problems shown to people; 0 shows all.
    #[arg(long, global = true, default_value_t = 20)]
    max: usize,
}

fn main() -> ExitCode {
    panic::set_hook(Box::new(bug));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are results; everything else was not understood.
            let exit = if error.use_stderr() { Exit::Failed } else { Exit::Fine };
            let _ = error.print();
            return exit.into();
        }
    };
    let output = Output { format: cli.format.resolved(), color: cli.color, max: cli.max };
    match panic::catch_unwind(|| cli.command.run(&output)) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(problem)) => {
            output.problem(&problem);
            Exit::Failed.into()
        }
        Err(_) => Exit::Failed.into(),
    }
}

/// What a panic prints: that it is not the reader's fault, and what helps to find it.
fn bug(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let message =
        text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    let version = env!("CARGO_PKG_VERSION");
    eprintln!(
        "\nThis is a bug in flowc {version}, not in your flow.\n  at {place}: {message}\n\
         Please report it with this text and, if you may, with the flow."
    );
}
