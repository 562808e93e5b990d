//! `flowc fmt [PATH...]`: flows in the one layout there is; the files themselves are changed, unless asked not to.

pub(super) mod files;

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use flow_diagnostics::FileId;
use flow_format::{Fault, Formatted};
use flow_project::Problem;
use flow_syntax::{MAX_BYTES, decode};
use similar::TextDiff;

use crate::disk::{reason, regular};
use crate::exit::Exit;
use crate::output::Output;

/// How long a difference may be looked for; after that it is shown with larger parts than need be.
const MOST_FOR_DIFF: Duration = Duration::from_secs(2);

/// Arguments of `fmt`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Projects, folders and `.flow` files, or pages of Markdown with flows in them; `-` is standard input,
    /// laid out on standard output.
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<String>,
    /// Change nothing: name the files that are laid out otherwise, and answer 1 if there are any.
    #[arg(long)]
    check: bool,
    /// Change nothing: show what would change, and answer 1 if anything would.
    #[arg(long)]
    diff: bool,
    /// The path that standard input stands for.
    #[arg(long, value_name = "PATH", default_value = "stdin.flow")]
    stdin_filename: String,
}

/// What became of the files.
#[derive(Default)]
struct Tally {
    files: usize,
    changed: usize,
    failed: bool,
    /// Files with something in them that cannot be read, and so keeps its layout.
    unreadable: usize,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    if args.paths.iter().any(|path| path == "-") {
        return standard_input(args, output);
    }
    let mut tally = Tally::default();
    for path in files::found(&args.paths)? {
        tally.files += 1;
        // One file that cannot be read does not keep the others from being laid out.
        if let Err(problem) = file(&path, args, output, &mut tally) {
            output.problem(&problem);
            tally.failed = true;
        }
    }
    let looking = args.check || args.diff;
    let Tally { files, changed, failed, unreadable } = tally;
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    if looking {
        output.note(&format!("{files}, {changed} to be formatted\n"));
    } else {
        output.note(&format!("{files}, {changed} changed\n"));
    }
    Ok(match (failed, looking && changed > 0 || unreadable > 0) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Problems,
        (false, false) => Exit::Fine,
    })
}

fn file(path: &str, args: &Args, output: &Output, tally: &mut Tally) -> Result<(), Problem> {
    let too_large = fs::metadata(path).is_ok_and(|metadata| metadata.len() > MAX_BYTES as u64);
    if too_large {
        return Err(no_layout(path, Fault::TooLarge));
    }
    let bytes = regular(path).map_err(|why| Problem {
        what: format!("{path} cannot be read: {why}"),
        action: "name a `.flow` file or a folder that may be read".into(),
    })?;
    let text = text_of(path, bytes)?;
    let formatted = formatted(path, &text)?;
    let left = left_as_written(&formatted);
    tally.unreadable += usize::from(left.is_some());
    if formatted.text == text {
        if let Some(left) = left {
            output.note(&format!("{path}: {left}; `flowc check` says why\n"));
        }
        return Ok(());
    }
    tally.changed += 1;
    if args.diff {
        output.result(&difference(path, &text, &formatted.text));
    } else if args.check {
        output.result(&format!("{path}\n"));
    } else {
        files::replace(path, &formatted.text)?;
        let but = if left.is_some() { " the rest" } else { "" };
        output.note(&format!("{path}: formatted{but}\n"));
    }
    if let Some(left) = left {
        output.note(&format!("{path}: {left}; `flowc check` says why\n"));
    }
    Ok(())
}

fn standard_input(args: &Args, output: &Output) -> Result<Exit, Problem> {
    if args.paths.len() > 1 {
        return Err(Problem {
            what: "`-` is standard input and stands alone".into(),
            action: "leave the other paths out, or format them by themselves".into(),
        });
    }
    let name = &args.stdin_filename;
    let mut bytes = Vec::new();
    io::stdin().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| Problem {
        what: format!("standard input cannot be read: {}", reason(&error)),
        action: "name a file instead of `-`".into(),
    })?;
    let text = text_of(name, bytes)?;
    let formatted = formatted(name, &text)?;
    let changed = formatted.text != text;
    let left = left_as_written(&formatted);
    if let Some(left) = &left {
        output.note(&format!("{name}: {left}; `flowc check` says why\n"));
    }
    match (args.diff, args.check) {
        (true, _) if changed => output.result(&difference(name, &text, &formatted.text)),
        (false, true) if changed => output.result(&format!("{name}\n")),
        (false, false) => output.result(&formatted.text),
        _ => {}
    }
    Ok(if left.is_some() || changed && (args.check || args.diff) { Exit::Problems } else { Exit::Fine })
}

/// What keeps its layout because it cannot be read.
fn left_as_written(formatted: &Formatted) -> Option<String> {
    match formatted.left_alone {
        0 => None,
        1 => Some("1 item cannot be read and stays as it is".to_owned()),
        count => Some(format!("{count} items cannot be read and stay as they are")),
    }
}

fn text_of(path: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    decode(FileId(0), bytes).map_err(|diagnostic| Problem {
        what: format!("{path} cannot be formatted: {}", diagnostic.message),
        action: diagnostic.helps.first().cloned().unwrap_or_default(),
    })
}

fn formatted(path: &str, text: &str) -> Result<Formatted, Problem> {
    let is_page = Path::new(path).extension().is_some_and(|ending| ending == "md");
    let layout = if is_page { flow_format::markdown(text) } else { flow_format::format(text) };
    layout.map_err(|fault| no_layout(path, fault))
}

fn no_layout(path: &str, fault: Fault) -> Problem {
    let what = match fault {
        Fault::TooLarge => {
            return Problem {
                what: format!("{path} cannot be formatted: it is over 64 MiB, or millions of words long"),
                action: "cut it into several files, and name what they share with `use`".into(),
            };
        }
        Fault::OtherMeaning => "it would no longer mean the same",
        Fault::LostComment => "a comment would be lost",
    };
    Problem {
        what: format!("{path} cannot be formatted: {what}. This is a bug in flowc; the file is as it was"),
        action: "please report it, with the file if you may".into(),
    }
}

/// A unified diff.
fn difference(path: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::configure().timeout(MOST_FOR_DIFF).diff_lines(old, new);
    diff.unified_diff().header(path, &format!("{path} (formatted)")).to_string()
}
