//! `flowc doc [PATH] --output DIR`: the phone tree as callers know it, as a page.

use std::fs;
use std::path::Path;

use flow_ide::tree::{html, markdown, phone_tree};
use flow_project::Problem;

use super::check::read;
use crate::disk::reason;
use crate::exit::Exit;
use crate::output::{Output, OutputFormat, counted};

/// What it can make.
const FORMATS: &[OutputFormat] = &[OutputFormat::Html, OutputFormat::Markdown];

/// Arguments of `doc`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder with `flow.toml`, a `.flow` file, or `-` for standard input.
    #[arg(default_value = ".", value_name = "PATH")]
    path: String,
    /// The folder that `index.html` and `phone-tree.md` are written to; it is made if it is not there. Without it
    /// the page goes to standard output.
    #[arg(short, long, value_name = "DIR")]
    output: Option<String>,
    /// Only this one of the two; standard output gets html if nothing is said.
    #[arg(long, value_parser = OutputFormat::among(FORMATS))]
    format: Option<OutputFormat>,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let loaded = read(&args.path, "stdin.flow")?;
    let Some(program) = &loaded.program else {
        output.side_diagnostics(&loaded, &loaded.diagnostics);
        output.note(&format!("{}: {}\n", args.path, counted(&loaded.diagnostics)));
        return Ok(Exit::Problems);
    };
    let page = phone_tree(program, &loaded.sources);
    // Without one here, that of all commands comes in its place.
    let only = args.format.filter(|format| FORMATS.contains(format));
    let Some(folder) = &args.output else {
        output.shown(&match only {
            Some(OutputFormat::Markdown) => markdown(&page),
            _ => html(&page),
        });
        return Ok(Exit::Fine);
    };
    let unwritten = |path: &Path, error: &std::io::Error| Problem {
        what: format!("{} cannot be written: {}", path.display(), reason(error)),
        action: "name a folder that may be written".into(),
    };
    let folder = Path::new(folder);
    fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
    let wanted = |format| only.is_none_or(|only| only == format);
    let files = [
        (OutputFormat::Html, "index.html", html(&page)),
        (OutputFormat::Markdown, "phone-tree.md", markdown(&page)),
    ];
    for (_, name, text) in files.into_iter().filter(|(format, ..)| wanted(*format)) {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| unwritten(&path, &error))?;
        output.note(&format!("wrote {}\n", path.display()));
    }
    Ok(Exit::Fine)
}
