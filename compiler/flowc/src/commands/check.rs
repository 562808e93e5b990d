//! `flowc check PATH...`: diagnostics are the result.

mod defaults;
mod find;
mod fix;
mod report;

use flow_diagnostics::{Applicability, Code, Diagnostic, Severity, all_codes, explain, is_lint, nearest};
use flow_project::{FileSystem, Loaded, Problem, load, load_on};

use crate::commands::calendar::{civil_today, day_number};
use crate::compile::{Refused, compile};
use crate::disk::Disk;
use crate::exit::Exit;
use crate::output::{Output, OutputFormat, counted, path_of};
use report::Report;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 no errors, 1 errors (or changes to make, with --diff), 2 flowc could not \
                        do its work.\n\n\
                        A warning is allowed by a comment behind its line or on the line before it, with a reason:\n  \
                        // allow F0802: three rooms, three keys"
)]
pub struct Args {
    /// Projects: folders with `flow.toml`, or `.flow` files; any other folder stands for all projects and
    /// files below it that `.gitignore` does not leave out; `-` is standard input.
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<String>,
    /// The path that standard input stands for; the rest of its project comes from the disk.
    #[arg(long, value_name = "PATH", default_value = "stdin.flow")]
    stdin_filename: String,
    /// Make the changes that messages offer, in the files; what is left is told.
    #[arg(long)]
    fix: bool,
    /// Show the changes that `--fix` would make as a patch, and make none; exit 1 when there are any.
    #[arg(long)]
    diff: bool,
    /// With `--fix` or `--diff`: also changes that may mean something else.
    #[arg(long = "unsafe")]
    unsafe_fixes: bool,
    /// Take a warning as an error: a code, or `warnings` for all.
    #[arg(short = 'D', long, value_name = "CODE")]
    deny: Vec<String>,
    /// Show what blocks do that they do not say themselves: arms and choices of the flow, `otherwise`, and
    /// the language's own defaults.
    #[arg(long)]
    show_defaults: bool,
    /// The day from which calendars are looked at for ten years; otherwise today.
    #[arg(long, value_name = "2026-03-03")]
    today: Option<jiff::civil::Date>,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    if args.unsafe_fixes && !args.fix && !args.diff {
        return Err(Problem {
            what: "`--unsafe` says which changes, and nothing asks for any".into(),
            action: "add `--diff` to see them, or `--fix` to make them".into(),
        });
    }
    let denied = denied(&args.deny)?;
    let mut exit = Exit::Fine;
    let mut report = Report::default();
    let mut summary = String::new();
    let mut defaults = String::new();
    let today = day_number(args.today.unwrap_or_else(civil_today));
    for path in find::projects(&args.paths)? {
        if args.fix || args.diff {
            match fixed(args, &path, today, output) {
                Ok(true) if args.diff => exit = exit.max(Exit::Problems),
                Ok(_) => {}
                Err(problem) => {
                    output.problem(&problem);
                    exit = Exit::Failed;
                    continue;
                }
            }
            if args.diff {
                continue;
            }
        }
        let mut loaded = match read_on(&path, &args.stdin_filename, today) {
            Ok(loaded) => loaded,
            // The other projects are checked all the same.
            Err(problem) => {
                output.problem(&problem);
                exit = Exit::Failed;
                continue;
            }
        };
        match compile(&loaded) {
            Ok(_) | Err(Refused::Errors) => {}
            Err(Refused::Limits(diagnostics)) => loaded.diagnostics.extend(diagnostics),
            Err(Refused::Fault(faults)) => {
                panic!("the compiler made bytecode that does not verify: {faults}")
            }
        }
        deny(&mut loaded.diagnostics, &denied);
        if loaded.has_errors() {
            exit = exit.max(Exit::Problems);
        }
        summary.push_str(&format!("{path}: {}\n", summed_up(&loaded)));
        if args.show_defaults {
            defaults.push_str(&defaults::shown(&loaded));
        }
        report.add(&loaded, output.format == OutputFormat::Junit);
    }
    if args.diff {
        return Ok(exit);
    }
    output.result_diagnostics(&report.sources, &report.diagnostics);
    output.shown(&defaults);
    if output.format == OutputFormat::Text {
        output.note(&summary);
    }
    Ok(exit)
}

/// Makes or shows the changes of one project; whether there were any.
fn fixed(args: &Args, path: &str, today: i32, output: &Output) -> Result<bool, Problem> {
    let least = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let changes = fix::changes(path, &args.stdin_filename, least, today)?;
    if args.diff {
        output.result(&changes.patch());
    } else {
        changes.write()?;
    }
    let noun = if changes.made == 1 { "change" } else { "changes" };
    let what = if args.diff { "to make" } else { "made" };
    output.note(&format!("{path}: {} {noun} {what}\n", changes.made));
    Ok(changes.made > 0)
}

fn summed_up(loaded: &Loaded) -> String {
    let empty = loaded.sources.iter().all(|(_, file)| {
        !file.path.ends_with(".flow") || file.text.lines().all(|line| is_blank(line.trim()))
    });
    match loaded.diagnostics.is_empty() && empty {
        true => "no flows: there is nothing in it but blanks and comments".into(),
        false => counted(&loaded.diagnostics),
    }
}

fn is_blank(line: &str) -> bool {
    line.is_empty() || line.starts_with("//")
}

/// What `--deny` means.
enum Denied {
    Warnings,
    Codes(Vec<Code>),
}

fn denied(words: &[String]) -> Result<Denied, Problem> {
    if words.iter().any(|word| word == "warnings") {
        return Ok(Denied::Warnings);
    }
    let mut codes = Vec::new();
    for word in words.iter().flat_map(|word| word.split(',')) {
        let wanted = word.trim().to_uppercase();
        match all_codes().find(|code| code.to_string() == wanted) {
            Some(code) => codes.push(code),
            None => {
                let known: Vec<String> = all_codes().filter(|c| is_lint(*c)).map(|c| c.to_string()).collect();
                let near = nearest(&wanted, known.iter().map(String::as_str));
                let near = near.first().and_then(|near| explain(near).map(|_| format!("perhaps {near}; ")));
                return Err(Problem {
                    what: format!("there is no code {word} to deny"),
                    action: format!(
                        "{}write `warnings`, or a code of `flowc explain --list`",
                        near.unwrap_or_default()
                    ),
                });
            }
        }
    }
    Ok(Denied::Codes(codes))
}

fn deny(diagnostics: &mut [Diagnostic], denied: &Denied) {
    for diagnostic in diagnostics {
        let is_denied = match denied {
            Denied::Warnings => true,
            Denied::Codes(codes) => codes.contains(&diagnostic.code),
        };
        if is_denied {
            diagnostic.severity = Severity::Error;
        }
    }
}

/// Reads a project; `-` is a file from standard input, with the rest of its project from the disk.
pub fn read(path: &str, stdin_filename: &str) -> Result<Loaded, Problem> {
    read_with(path, stdin_filename, load)
}

/// The same, with calendars looked at from a day on.
fn read_on(path: &str, stdin_filename: &str, today: i32) -> Result<Loaded, Problem> {
    read_with(path, stdin_filename, |disk, path| load_on(disk, path, today))
}

fn read_with(
    path: &str,
    stdin_filename: &str,
    load: impl Fn(&dyn FileSystem, &str) -> Result<Loaded, Problem>,
) -> Result<Loaded, Problem> {
    if path != "-" {
        return load(&Disk::default(), path);
    }
    let name = stdin_filename.trim_start_matches("./");
    let disk = Disk::with_input(name)?;
    if let Some(project) = find::project_of(name) {
        let loaded = load(&disk, &project)?;
        if loaded.sources.iter().any(|(_, file)| path_of(&loaded, &file.path) == name) {
            return Ok(loaded);
        }
    }
    load(&disk, name)
}
