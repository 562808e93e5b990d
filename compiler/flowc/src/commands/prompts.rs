//! `flowc prompts`: what a project says, and drafts of it, so that a flow can be heard before a person has
//! recorded it.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use flow_bytecode::prompts::{FOLDER, Prompt, PromptKind};
use flow_project::Problem;
use flow_server::Voice;

use super::check::read;
use crate::audio::{self, NotDrafted, Places, Voiced};
use crate::compile::{Refused, compile};
use crate::exit::Exit;
use crate::output::{Output, counted};

/// Arguments of `prompts`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder with `flow.toml`, or a `.flow` file.
    path: String,
    /// The voice that drafts; without it the best that is installed for each language.
    #[arg(long, value_name = "VOICE", value_parser = ["flite", "espeak-ng"])]
    voice: Option<String>,
    /// List what is to be heard, as CSV, and write nothing.
    #[arg(long, conflicts_with = "check")]
    list: bool,
    /// Only say what is missing; exit code 1 when something is.
    #[arg(long)]
    check: bool,
}

/// How our record beside the drafts begins; a file that begins otherwise is a person's.
const HEADING: &str = "# Drafted prompts";

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let loaded = read(&args.path, "")?;
    output.side_diagnostics(&loaded, &loaded.diagnostics);
    let program = match compile(&loaded) {
        Ok((program, _)) => program,
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
    let root = PathBuf::from(&loaded.root);
    let voiced = Places { root: &root, drafts: None }.look_up(&program);
    if args.list {
        output.result(&csv(&voiced));
        return Ok(Exit::Fine);
    }
    let missing: Vec<&Prompt> =
        voiced.iter().filter(|entry| !entry.there).map(|entry| &entry.prompt).collect();
    let (sentences, others): (Vec<&Prompt>, Vec<&Prompt>) =
        missing.into_iter().partition(|prompt| prompt.kind == PromptKind::Sentence);
    if args.check {
        for prompt in sentences.iter().chain(&others) {
            output.note(&missing_line(prompt));
        }
        let wordless = audio::wordless(&program);
        output.note(&audio::wordless_note(&wordless));
        let count = sentences.len() + others.len();
        output.note(&format!("{count} of {} prompts are missing\n", voiced.len()));
        return Ok(if count == 0 && wordless.is_empty() { Exit::Fine } else { Exit::Problems });
    }
    let voice = audio::wanted(args.voice.as_deref(), &loaded.manifest)?;
    let count = audio::draft(&sentences, &root, voice).map_err(|NotDrafted(what)| Problem {
        what,
        action: "install a voice: `apt install flite` or `apt install espeak-ng`".into(),
    })?;
    output.note(&format!("{count} prompts drafted into {}\n", root.join(FOLDER).display()));
    if count > 0 {
        write_record(&root, &voiced, voice)?;
    }
    for prompt in &others {
        output.note(&missing_line(prompt));
    }
    Ok(if others.is_empty() { Exit::Fine } else { Exit::Problems })
}

fn missing_line(prompt: &Prompt) -> String {
    match prompt.kind {
        PromptKind::Sentence => format!("missing: {}  “{}”\n", prompt.file, prompt.text),
        PromptKind::Recording => {
            format!("missing: {}  a recording of “{}”, to be made by a person\n", prompt.file, prompt.text)
        }
        PromptKind::Sound => format!("missing: {}  a sound\n", prompt.file),
    }
}

fn csv(voiced: &[Voiced]) -> String {
    let mut text = String::from("language,kind,state,file,text\n");
    for entry in voiced {
        let prompt = &entry.prompt;
        let state = match (&entry.path, entry.there) {
            (Some(_), _) => "there",
            (None, true) => "shipped",
            (None, false) => "missing",
        };
        let fields = [&prompt.language, kind(prompt.kind), state, &prompt.file, &prompt.text].map(quoted);
        let _ = writeln!(text, "{}", fields.join(","));
    }
    text
}

/// A field of CSV (RFC 4180).
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

fn kind(kind: PromptKind) -> &'static str {
    match kind {
        PromptKind::Sentence => "sentence",
        PromptKind::Recording => "recording",
        PromptKind::Sound => "sound",
    }
}

/// Writes beside the drafts how they were made and on which terms.
fn write_record(root: &Path, voiced: &[Voiced], voice: Option<Voice>) -> Result<(), Problem> {
    let path = record_path(root);
    let mut text = format!(
        "{HEADING}\n\nMade by `flowc prompts`: 8 kHz, one channel, 16 bits, silence cut at both ends. A file's name is \
         the sentence's\nfirst words and a sum of its exact text. Replace any of them by a recording of your own under \
         the same name.\n"
    );
    let mut languages: Vec<&str> = voiced
        .iter()
        .filter(|entry| entry.prompt.kind == PromptKind::Sentence)
        .map(|entry| entry.prompt.language.as_str())
        .collect();
    languages.sort_unstable();
    languages.dedup();
    for language in languages {
        let Some(voice) = voice.or_else(|| Voice::installed_for(language)) else { continue };
        let _ = write!(
            text,
            "\n## {language}\n\nVoice: {} ({}). Licence: {}.\nThe texts are this project's. These files are drafts \
             unless somebody has replaced them since:\n\n| file | text |\n|---|---|\n",
            voice.name(),
            audio::version(voice),
            voice.licence()
        );
        for prompt in voiced.iter().map(|entry| &entry.prompt) {
            if prompt.kind == PromptKind::Sentence && prompt.language == language {
                let file = prompt.file.trim_start_matches("prompts/");
                let _ = writeln!(text, "| `{file}` | {} |", prompt.text.replace('|', "\\|"));
            }
        }
    }
    std::fs::write(&path, text).map_err(|error| Problem {
        what: format!("{} cannot be written: {error}", path.display()),
        action: "make the project's folder writable".into(),
    })
}

/// `prompts/README.md`, unless a person wrote that.
fn record_path(root: &Path) -> PathBuf {
    let readme = root.join(FOLDER).join("README.md");
    match std::fs::read_to_string(&readme) {
        Ok(text) if !text.starts_with(HEADING) => root.join(FOLDER).join("DRAFTS.md"),
        _ => readme,
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn fields_with_commas_and_quotes_are_quoted() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("For \"sales\", press 1."), "\"For \"\"sales\"\", press 1.\"");
    }
}
