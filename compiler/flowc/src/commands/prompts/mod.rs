//! `flowc prompts`: what a project says, for whoever records it; what has no audio, or audio of other words; and drafts
//! by a machine's voice, so that a flow can be heard before a person has recorded it.

mod list;
mod lock;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use flow_bytecode::Program;
use flow_bytecode::prompt_uses::uses;
use flow_bytecode::prompts::{FOLDER, Prompt, PromptKind};
use flow_project::{Loaded, Problem};
use flow_server::Voice;

use self::list::{Line, ListFormat, list};
pub(crate) use self::lock::Lock;
use self::lock::State;
use super::check::read;
use crate::audio::{self, NotDrafted, Places, Voiced};
use crate::compile::{Refused, compile};
use crate::exit::Exit;
use crate::output::{Output, OutputFormat, counted};

/// Arguments of `prompts`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder with `flow.toml`, or a `.flow` file.
    path: String,
    /// How the list is written [default: csv].
    #[arg(long = "as", value_name = "FORMAT")]
    list_format: Option<ListFormat>,
    /// Only what has no audio, or audio of other words.
    #[arg(long)]
    missing: bool,
    /// Say what is missing or stale instead of listing; exit code 1 when anything is.
    #[arg(long, conflicts_with_all = ["draft", "missing", "list_format"])]
    check: bool,
    /// Read the sentences that have no audio with a machine's voice, into the project's `prompts` folder.
    #[arg(long, conflicts_with_all = ["missing", "list_format"])]
    draft: bool,
    /// Note in `prompts.lock` that every recording has its words as they stand now.
    #[arg(long, conflicts_with_all = ["draft", "missing", "list_format", "check"])]
    lock: bool,
    /// The voice that drafts; without it that of `flow.toml`, else the best that is installed for each language.
    #[arg(long, value_name = "VOICE", value_parser = ["flite", "espeak-ng", "pico"], requires = "draft")]
    voice: Option<String>,
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
    let project = Project::new(&loaded, &program);
    if args.check {
        return Ok(project.check(output));
    }
    if args.draft {
        return project.draft(args, &loaded, output);
    }
    if args.lock {
        return project.lock_all(output);
    }
    let uses = uses(&program);
    let lines: Vec<Line<'_>> = project
        .voiced
        .iter()
        .map(|entry| (entry, project.lock.state(entry)))
        .filter(|(_, state)| !args.missing || *state <= State::Stale)
        .map(|(entry, state)| {
            let places = uses.get(&entry.prompt.file).map_or(&[][..], Vec::as_slice);
            Line::new(&entry.prompt, state.name(), places)
        })
        .collect();
    let json = output.format == OutputFormat::Json;
    let format = args.list_format.unwrap_or(if json { ListFormat::Json } else { ListFormat::Csv });
    output.shown(&list(&lines, format));
    Ok(Exit::Fine)
}

/// A project, its prompts and what is known of their audio.
struct Project<'a> {
    root: PathBuf,
    program: &'a Program,
    voiced: Vec<Voiced>,
    lock: Lock,
}

impl<'a> Project<'a> {
    fn new(loaded: &Loaded, program: &'a Program) -> Self {
        let root = PathBuf::from(&loaded.root);
        let voiced = Places { root: &root, drafts: None }.look_up(program);
        let lock = Lock::read(&root);
        Project { root, program, voiced, lock }
    }

    fn check(&self, output: &Output) -> Exit {
        let missing: Vec<&Prompt> =
            self.voiced.iter().filter(|entry| !entry.there).map(|entry| &entry.prompt).collect();
        let (sentences, others): (Vec<&Prompt>, Vec<&Prompt>) =
            missing.into_iter().partition(|prompt| prompt.kind == PromptKind::Sentence);
        for prompt in sentences.iter().chain(&others) {
            output.note(&missing_line(prompt));
        }
        let stale = self.lock.stale(&self.voiced);
        output.note(&stale_note(&stale));
        for file in self.left_over() {
            output.note(&format!("left over: {file}  no flow says its words any more\n"));
        }
        let wordless = audio::wordless(self.program);
        output.note(&audio::wordless_note(&wordless));
        let count = sentences.len() + others.len();
        output.note(&format!("{count} of {} prompts are missing\n", self.voiced.len()));
        let drafts = self.lock.drafts(&self.voiced);
        output.note(&draft_note(drafts));
        if count == 0 && stale.is_empty() && wordless.is_empty() { Exit::Fine } else { Exit::Problems }
    }

    fn draft(mut self, args: &Args, loaded: &Loaded, output: &Output) -> Result<Exit, Problem> {
        let missing = |kind: fn(PromptKind) -> bool| {
            let entries = self.voiced.iter().filter(move |entry| !entry.there && kind(entry.prompt.kind));
            entries.map(|entry| &entry.prompt).collect::<Vec<&Prompt>>()
        };
        let sentences = missing(|kind| kind == PromptKind::Sentence);
        let others = missing(|kind| kind != PromptKind::Sentence);
        let voice = audio::wanted(args.voice.as_deref(), &loaded.manifest)?;
        let count = audio::draft(&sentences, &self.root, voice.as_ref()).map_err(|NotDrafted(what)| Problem {
            what,
            action: "install a voice: `apt install flite`, `apt install espeak-ng` or `apt install libttspico-utils`"
                .into(),
        })?;
        output.note(&format!("{count} prompts drafted into {}\n", self.root.join(FOLDER).display()));
        if count > 0 {
            write_record(&self.root, &self.voiced, voice.as_ref())?;
            let drafted: Vec<String> = sentences.iter().map(|prompt| prompt.file.clone()).collect();
            let voiced = Places { root: &self.root, drafts: None }.look_up(self.program);
            self.lock.note(&voiced, &drafted);
            self.lock.keep(&voiced);
            self.lock.write(&self.root)?;
        }
        for prompt in &others {
            output.note(&missing_line(prompt));
        }
        let stale = self.lock.stale(&self.voiced);
        output.note(&stale_note(&stale));
        Ok(if others.is_empty() { Exit::Fine } else { Exit::Problems })
    }

    fn lock_all(mut self, output: &Output) -> Result<Exit, Problem> {
        let drafted: Vec<String> = self
            .voiced
            .iter()
            .filter(|entry| self.lock.state(entry) == State::Draft)
            .map(|entry| entry.prompt.file.clone())
            .collect();
        let has_audio = self.voiced.iter().filter(|entry| entry.path.is_some()).count();
        self.lock = Lock::default();
        self.lock.note(&self.voiced, &drafted);
        if has_audio > 0 {
            self.lock.write(&self.root)?;
        }
        output.note(&format!("{has_audio} prompts with audio noted in {FOLDER}/prompts.lock\n"));
        Ok(Exit::Fine)
    }

    /// Audio named by words that no flow says: what remains when a sentence was changed.
    fn left_over(&self) -> Vec<String> {
        let mut left = Vec::new();
        for language in &self.program.languages {
            let Ok(entries) = std::fs::read_dir(self.root.join(FOLDER).join(language)) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let file = format!("{FOLDER}/{language}/{name}");
                let named_by_words =
                    name.strip_suffix(".wav").and_then(|name| name.rsplit_once('-')).is_some_and(
                        |(_, sum)| sum.len() == 8 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()),
                    );
                if named_by_words && !self.voiced.iter().any(|entry| entry.prompt.file == file) {
                    left.push(file);
                }
            }
        }
        left.sort_unstable();
        left
    }
}

/// What is said of recordings of other words.
pub(crate) fn stale_note(stale: &[&Voiced]) -> String {
    let mut note = String::new();
    for entry in stale {
        let prompt = &entry.prompt;
        let _ = writeln!(note, "stale: {}  its words are now “{}”", prompt.file, prompt.text);
    }
    if !note.is_empty() {
        note.push_str("  help: record them anew, or say that they are right with `flowc prompts --lock`\n");
    }
    note
}

/// What is said of drafts, which are not meant for callers.
pub(crate) fn draft_note(drafts: usize) -> String {
    match drafts {
        0 => String::new(),
        1 => {
            "warning: 1 prompt is a machine's draft\n  help: `flowc prompts` lists which; record it\n".into()
        }
        _ => format!(
            "warning: {drafts} prompts are a machine's drafts\n  help: `flowc prompts` lists which; record them\n"
        ),
    }
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

/// Writes beside the drafts how they were made and on which terms.
fn write_record(root: &Path, voiced: &[Voiced], voice: Option<&Voice>) -> Result<(), Problem> {
    let path = record_path(root);
    let mut text = format!(
        "{HEADING}\n\nMade by `flowc prompts --draft`: 8 kHz, one channel, 16 bits, silence cut at both ends. A file's name is \
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
        let Some(voice) = voice.cloned().or_else(|| Voice::installed_for(language)) else { continue };
        let _ = write!(
            text,
            "\n## {language}\n\nVoice: {} ({}). Licence: {}.\nThe texts are this project's. These files are drafts \
             unless somebody has replaced them since:\n\n| file | text |\n|---|---|\n",
            voice.name(),
            audio::version(&voice),
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
