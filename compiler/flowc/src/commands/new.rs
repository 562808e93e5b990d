//! `flowc new NAME`: a project that checks, can be called and runs at once.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use flow_diagnostics::nearest;
use flow_project::Problem;
use flow_stdlib::templates::{Template, template, templates};

use crate::disk::reason;
use crate::exit::Exit;
use crate::output::Output;

/// The longest name of a project.
const MOST_CHARACTERS: usize = 64;

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The new project's folder; its last part is the project's name.
    #[arg(required_unless_present = "list")]
    name: Option<String>,
    /// What it begins with; `--list` names them.
    #[arg(long, value_name = "TEMPLATE", default_value = "minimal")]
    template: String,
    /// Name the templates.
    #[arg(long, conflicts_with = "name")]
    list: bool,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let Some(folder) = args.name.as_deref().filter(|_| !args.list) else {
        output.result(&listed());
        return Ok(Exit::Fine);
    };
    let template = template(&args.template).ok_or_else(|| unknown(&args.template))?;
    let name = name_of(folder)?;
    must_be_new(folder)?;
    write(folder, template, name)?;
    output.note(&format!(
        "{folder}: a new project, from the template `{}`\n  \
         flowc check {folder}\n  flowc call {folder}\n  flowc run {folder}\n",
        template.name
    ));
    Ok(Exit::Fine)
}

fn listed() -> String {
    let width = templates().iter().map(|template| template.name.len()).max().unwrap_or(0);
    templates().iter().map(|it| format!("{:width$}  {}\n", it.name, it.about())).collect()
}

fn unknown(name: &str) -> Problem {
    let names: Vec<&str> = templates().iter().map(|template| template.name).collect();
    let action = match nearest(name, names.iter().copied()).first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the templates are {}", names.join(", ")),
    };
    Problem { what: format!("there is no template `{name}`"), action }
}

/// The project's name: the last part of its path. It stands in files, addresses and messages, so it is plain.
fn name_of(folder: &str) -> Result<&str, Problem> {
    let name = Path::new(folder).file_name().and_then(|name| name.to_str()).unwrap_or("");
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let rest = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    let problem = |what: String| Problem {
        what,
        action: "a project is called like `support` or `night-line`: small letters, figures, `-` and `_`, \
                 a letter first"
            .into(),
    };
    match name {
        "" => Err(problem(format!("`{folder}` names no new folder"))),
        // `use std.…` is the library, wherever it stands.
        "std" => Err(problem("a project cannot be called `std`: that is the standard library".into())),
        _ if !first || !rest => Err(problem(format!("a project cannot be called `{name}`"))),
        _ if name.len() > MOST_CHARACTERS => {
            Err(problem(format!("the name is longer than {MOST_CHARACTERS} characters")))
        }
        _ => Ok(name),
    }
}

/// Whatever lies in a folder already belongs to somebody.
fn must_be_new(folder: &str) -> Result<(), Problem> {
    let problem = |what: String| Problem { what, action: "name another folder, or empty this one".into() };
    match fs::read_dir(folder).map(|entries| entries.count()) {
        Ok(0) => Ok(()),
        Ok(_) => Err(problem(format!("the folder {folder} is not empty"))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            Err(problem(format!("{folder} is a file, not a folder")))
        }
        Err(error) => Err(problem(format!("{folder} cannot be used: {}", reason(&error)))),
    }
}

fn write(folder: &str, template: &Template, name: &str) -> Result<(), Problem> {
    for (path, text) in template.files_of(name) {
        let file = Path::new(folder).join(path);
        let made = file.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&file, text)).map_err(|error| Problem {
            what: format!("{} cannot be written: {}", file.display(), reason(&error)),
            action: "name a folder that may be written".into(),
        })?;
    }
    Ok(())
}
