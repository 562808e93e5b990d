//! `flowc build PATH -o out.flowb`: the project as one file of bytecode.

use std::fs;
use std::path::PathBuf;

use flow_bytecode::container::encode;
use flow_project::Problem;

use super::check::read;
use super::prompts::{Lock, draft_note, stale_note};
use crate::audio::Places;
use crate::compile::{Refused, compile};
use crate::disk::reason;
use crate::exit::Exit;
use crate::output::{Output, counted};

/// Arguments of `build`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder with `flow.toml`, or a `.flow` file; `-` is standard input.
    path: String,
    /// Where to write; the project's name with `.flowb` if nothing is said.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The path that standard input stands for.
    #[arg(long, value_name = "PATH", default_value = "stdin.flow")]
    stdin_filename: String,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let loaded = read(&args.path, &args.stdin_filename)?;
    output.side_diagnostics(&loaded, &loaded.diagnostics);
    let (program, _) = match compile(&loaded) {
        Ok(compiled) => compiled,
        Err(Refused::Errors) => {
            output.note(&format!("{}: {}; nothing was written\n", args.path, counted(&loaded.diagnostics)));
            return Ok(Exit::Problems);
        }
        Err(Refused::Limits(diagnostics)) => {
            output.side_diagnostics(&loaded, &diagnostics);
            return Ok(Exit::Problems);
        }
        Err(Refused::Fault(faults)) => panic!("the compiler made bytecode that does not verify: {faults}"),
    };
    let to = args.output.clone().unwrap_or_else(|| format!("{}.flowb", loaded.manifest.name).into());
    let bytes = encode(&program);
    fs::write(&to, &bytes).map_err(|error| Problem {
        what: format!("{} cannot be written: {}", to.display(), reason(&error)),
        action: "name a file in a folder that you may write to, with `-o FILE`".into(),
    })?;
    output.note(&format!("{}: {} bytes\n", to.display(), bytes.len()));
    let root = PathBuf::from(&loaded.root);
    let voiced = Places { root: &root, drafts: None }.look_up(&program);
    let lock = Lock::read(&root);
    output.note(&stale_note(&lock.stale(&voiced)));
    output.note(&draft_note(lock.drafts(&voiced)));
    Ok(Exit::Fine)
}
