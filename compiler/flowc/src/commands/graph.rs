//! `flowc graph [PATH]`: the flows of a project as a picture or as data.

use std::fs;

use flow_ide::draw;
use flow_ide::graph::{Graph, graph};
use flow_project::{Loaded, Problem};

use super::check::read;
use crate::disk::reason;
use crate::exit::Exit;
use crate::output::{Output, OutputFormat, counted};

/// What it can make.
const FORMATS: &[OutputFormat] =
    &[OutputFormat::Svg, OutputFormat::Dot, OutputFormat::Mermaid, OutputFormat::Json];

/// Arguments of `graph`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder with `flow.toml`, a `.flow` file, or `-` for standard input.
    #[arg(default_value = ".", value_name = "PATH")]
    path: String,
    /// Only this flow; may be given several times.
    #[arg(long = "flow", value_name = "NAME")]
    flows: Vec<String>,
    /// What to make.
    #[arg(long, value_parser = OutputFormat::among(FORMATS), default_value = "svg")]
    format: OutputFormat,
    /// Write it to this file instead of to standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let loaded = read(&args.path, "stdin.flow")?;
    let Some(mut graph) = checked(&loaded, &args.path, output) else { return Ok(Exit::Problems) };
    only(&mut graph, &args.flows)?;
    let text = match args.format {
        OutputFormat::Dot => draw::dot(&graph),
        OutputFormat::Mermaid => draw::mermaid(&graph),
        OutputFormat::Json => draw::json(&graph),
        // Said before the command's name, another format is refused by nobody; the picture is what is meant.
        _ => draw::svg(&graph),
    };
    match &args.output {
        None => output.shown(&text),
        Some(file) => fs::write(file, text).map_err(|error| Problem {
            what: format!("{file} cannot be written: {}", reason(&error)),
            action: "name a file in a folder that is there and may be written".into(),
        })?,
    }
    Ok(Exit::Fine)
}

/// The graph of a project; nothing when its flows have errors, which are told.
pub(super) fn checked(loaded: &Loaded, path: &str, output: &Output) -> Option<Graph> {
    match &loaded.program {
        Some(program) => Some(graph(program, &loaded.sources)),
        None => {
            output.side_diagnostics(loaded, &loaded.diagnostics);
            output.note(&format!("{path}: {}\n", counted(&loaded.diagnostics)));
            None
        }
    }
}

/// Leaves the named flows.
fn only(graph: &mut Graph, names: &[String]) -> Result<(), Problem> {
    for name in names {
        if !graph.flows.iter().any(|flow| flow.id == *name) {
            let known: Vec<&str> = graph.flows.iter().map(|flow| flow.id.as_str()).collect();
            return Err(Problem {
                what: format!("there is no flow `{name}`"),
                action: match flow_diagnostics::nearest(name, known.iter().copied()).first() {
                    Some(near) => format!("perhaps `{near}` is meant"),
                    None => format!("name one of: {}", known.join(", ")),
                },
            });
        }
    }
    if !names.is_empty() {
        graph.flows.retain(|flow| names.contains(&flow.id));
        graph.entries.retain(|entry| names.contains(&entry.flow));
    }
    Ok(())
}
