//! `flowc explain CODE`: the page of a code.

use flow_diagnostics::{all_codes, explain, nearest};
use flow_project::Problem;

use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A code, as messages show it: F0301.
    #[arg(required_unless_present = "all")]
    code: Option<String>,
    /// Lists every code with its first line.
    #[arg(long, conflicts_with = "code")]
    all: bool,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let Some(code) = &args.code else {
        for code in all_codes() {
            let title = explain(&code.to_string()).and_then(|page| page.lines().next()).unwrap_or_default();
            output.result(&format!("{}\n", title.trim_start_matches("# ")));
        }
        return Ok(Exit::Fine);
    };
    let Some(page) = explain(code) else {
        let codes: Vec<String> = all_codes().map(|code| code.to_string()).collect();
        let wanted = code.to_uppercase();
        let near = nearest(&wanted, codes.iter().map(String::as_str));
        let action = match near.first() {
            Some(near) => format!("perhaps {near}; `flowc explain --all` lists every code"),
            None => "`flowc explain --all` lists every code".into(),
        };
        return Err(Problem { what: format!("there is no code {code}"), action });
    };
    output.result(page);
    if !page.ends_with('\n') {
        output.result("\n");
    }
    Ok(Exit::Fine)
}
