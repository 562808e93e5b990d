//! `flowc check PATH...`: diagnostics are the result.

mod fix;

use flow_project::{Loaded, Problem, load, load_on};

use crate::commands::calendar::{civil_today, day_number};
use crate::compile::{Refused, compile};
use crate::disk::Disk;
use crate::exit::Exit;
use crate::output::{Output, OutputFormat, counted};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Projects: folders with `flow.toml`, or `.flow` files; `-` is standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// The path that standard input stands for.
    #[arg(long, value_name = "PATH", default_value = "stdin.flow")]
    stdin_filename: String,
    /// Make the changes that messages offer, in the files; what is left is told.
    #[arg(long)]
    fix: bool,
    /// The day from which calendars are looked at for ten years; otherwise today.
    #[arg(long, value_name = "2026-03-03")]
    today: Option<jiff::civil::Date>,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let mut exit = Exit::Fine;
    let today = day_number(args.today.unwrap_or_else(civil_today));
    for path in &args.paths {
        if args.fix {
            let made = fix::apply(path)?;
            let changes = if made == 1 { "change" } else { "changes" };
            output.note(&format!("{path}: {made} {changes} made\n"));
        }
        let mut loaded = read_on(path, &args.stdin_filename, today)?;
        match compile(&loaded) {
            Ok(_) | Err(Refused::Errors) => {}
            Err(Refused::Limits(diagnostics)) => loaded.diagnostics.extend(diagnostics),
            Err(Refused::Fault(faults)) => {
                panic!("the compiler made bytecode that does not verify: {faults}")
            }
        }
        output.result_diagnostics(&loaded, &loaded.diagnostics);
        if loaded.has_errors() {
            exit = Exit::Problems;
        }
        if output.format == OutputFormat::Text {
            output.note(&format!("{path}: {}\n", counted(&loaded.diagnostics)));
        }
    }
    Ok(exit)
}

/// Reads a project; `-` is a single file from standard input.
pub fn read(path: &str, stdin_filename: &str) -> Result<Loaded, Problem> {
    if path != "-" {
        return load(&Disk::default(), path);
    }
    load(&Disk::with_input(stdin_filename)?, stdin_filename)
}

/// The same, with calendars looked at from a day on.
fn read_on(path: &str, stdin_filename: &str, today: i32) -> Result<Loaded, Problem> {
    if path != "-" {
        return load_on(&Disk::default(), path, today);
    }
    load_on(&Disk::with_input(stdin_filename)?, stdin_filename, today)
}
