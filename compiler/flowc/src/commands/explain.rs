//! `flowc explain CODE`: the page of a code.

use flow_diagnostics::codes::{PHASES, title};
use flow_diagnostics::{all_codes, explain, nearest};
use flow_project::Problem;

use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A code, as messages show it: F0301.
    #[arg(required_unless_present = "list")]
    code: Option<String>,
    /// Lists every code with its first line, by phase.
    #[arg(long, visible_alias = "all", conflicts_with = "code")]
    list: bool,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let Some(code) = &args.code else {
        output.result(&list());
        return Ok(Exit::Fine);
    };
    let Some(page) = explain(code) else {
        let codes: Vec<String> = all_codes().map(|code| code.to_string()).collect();
        let wanted = code.to_uppercase();
        let near = nearest(&wanted, codes.iter().map(String::as_str));
        let action = match near.first() {
            Some(near) => format!("perhaps {near}; `flowc explain --list` lists every code"),
            None => "`flowc explain --list` lists every code".into(),
        };
        return Err(Problem { what: format!("there is no code {code}"), action });
    };
    output.result(page);
    if !page.ends_with('\n') {
        output.result("\n");
    }
    Ok(Exit::Fine)
}

/// Every code below the phase that speaks with it.
fn list() -> String {
    let mut out = String::new();
    for (hundred, phase) in PHASES {
        let codes: Vec<_> = all_codes().filter(|code| code.0 / 100 == hundred).collect();
        if codes.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("F{hundred:02}xx  {phase}\n"));
        for code in codes {
            out.push_str(&format!("{code}: {}\n", title(code)));
        }
    }
    out
}
