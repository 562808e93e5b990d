//! The audio of a project: which file each prompt has on this machine, what is missing, and who drafts it.

use std::path::{Path, PathBuf};
use std::process::Command;

use flow_bytecode::Program;
use flow_bytecode::program::{Piece, TemplateVariant};
use flow_bytecode::prompts::{FOLDER, Prompt, PromptKind, catalogue};
use flow_project::{Manifest, Problem};
use flow_server::Voice;
use flow_stdlib::sounds;

/// Where the audio of a project may be.
pub struct Places<'a> {
    /// The project's folder.
    pub root: &'a Path,
    /// Where drafts of a project without a `prompts/` folder are kept.
    pub drafts: Option<&'a Path>,
}

/// A prompt and its file, if it has one.
pub struct Voiced {
    /// What is to be heard.
    pub prompt: Prompt,
    /// Where its audio is; `None` when it is missing or the standard library's.
    pub path: Option<PathBuf>,
    /// Whether it can be heard at all.
    pub there: bool,
}

impl Places<'_> {
    /// Everything that calls of a program may hear, and where it is.
    pub fn look_up(&self, program: &Program) -> Vec<Voiced> {
        catalogue(program).into_iter().map(|prompt| self.voiced(prompt)).collect()
    }

    fn voiced(&self, prompt: Prompt) -> Voiced {
        let candidates = match prompt.kind {
            PromptKind::Sentence => {
                let draft = self.drafts.map(|folder| folder.join(&prompt.file));
                [Some(self.root.join(&prompt.file)), draft]
            }
            PromptKind::Recording => {
                let of_language = format!("{FOLDER}/{}/", prompt.language);
                let name = prompt.file.strip_prefix(&of_language).unwrap_or(&prompt.file);
                [Some(self.root.join(&prompt.file)), Some(self.root.join(FOLDER).join(name))]
            }
            PromptKind::Sound => [Some(self.root.join(&prompt.file)), None],
        };
        let path = candidates.into_iter().flatten().find(|path| path.is_file());
        let shipped = prompt.kind == PromptKind::Sound && flow_server::is_shipped(&prompt.text);
        Voiced { there: path.is_some() || shipped, path, prompt }
    }
}

/// What is said in a language with values (numbers, times) that this language has no shipped words for: the
/// caller hears them in English.
#[derive(Debug, PartialEq, Eq)]
pub struct Wordless {
    /// The language.
    pub language: String,
    /// What is said, with `{…}` for each value.
    pub text: String,
}

/// Everything of a program that cannot be said whole, each once, in the order of the program.
pub fn wordless(program: &Program) -> Vec<Wordless> {
    let silent: Vec<bool> = program.languages.iter().map(|code| !sounds::speaks(code)).collect();
    let mut found = Vec::new();
    for variant in program.templates.iter().flat_map(|template| &template.variants) {
        if !variant.pieces.iter().any(|piece| matches!(piece, Piece::Hole(..))) {
            continue;
        }
        for (at, language) in program.languages.iter().enumerate() {
            let spoken = variant.language.is_none_or(|of| usize::from(of) == at);
            let entry = Wordless { language: language.clone(), text: words_of(program, variant) };
            if spoken && silent[at] && !found.contains(&entry) {
                found.push(entry);
            }
        }
    }
    found
}

fn words_of(program: &Program, variant: &TemplateVariant) -> String {
    let text = |at: u32| program.texts.get(at as usize).map(|text| text.trim()).unwrap_or_default();
    let parts = variant.pieces.iter().filter_map(|piece| match piece {
        Piece::Text(at) | Piece::Recording(_, at) | Piece::IfListening(at) => Some(text(*at)),
        Piece::Plural(_, forms) => forms.first().map(|(_, at)| text(*at)),
        Piece::Hole(..) | Piece::Speech(_) => Some("{…}"),
        Piece::Sound(_) | Piece::IfNotListening(_) => None,
    });
    // A mark stands behind what it closes.
    parts.fold(String::new(), |all, part| match part {
        part if all.is_empty() || part.starts_with(['.', ',', '?', '!', ';', ':']) => all + part,
        part => all + " " + part,
    })
}

/// Says so, with what to do; nothing when there is nothing.
pub fn wordless_note(wordless: &[Wordless]) -> String {
    let mut note = String::new();
    for entry in wordless {
        let place = match entry.text.as_str() {
            "{…}" => "where a value is said by itself".to_owned(),
            text => format!("in place of {{…}} in “{text}”"),
        };
        note.push_str(&format!(
            "no words for values in `{}`: callers hear English {place}\n",
            entry.language
        ));
    }
    if !wordless.is_empty() {
        note.push_str(
            "  help: numbers and times are shipped in `en` and `es`; say these sentences without a value\n",
        );
    }
    note
}

/// A sentence that could not be drafted, and why.
pub struct NotDrafted(pub String);

/// Reads sentences with a voice and writes their files below `folder`; gives how many there are. With no voice
/// named, each language takes the best that is installed.
pub fn draft(sentences: &[&Prompt], folder: &Path, voice: Option<&Voice>) -> Result<usize, NotDrafted> {
    let mut installed: Vec<(&str, Voice)> = Vec::new();
    for prompt in sentences {
        let language = prompt.language.as_str();
        let known = installed.iter().find(|(code, _)| *code == language).map(|(_, voice)| voice.clone());
        let voice = match known.clone().or(voice.cloned()).or_else(|| Voice::installed_for(language)) {
            Some(voice) => voice,
            None => return Err(NotDrafted(format!("no voice for the language `{language}` is installed"))),
        };
        if known.is_none() {
            installed.push((language, voice.clone()));
        }
        let wav = voice.speak(&prompt.text, language).map_err(|error| NotDrafted(error.to_string()))?;
        let path = folder.join(&prompt.file);
        let written = match path.parent() {
            Some(parent) => std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&path, wav)),
            None => std::fs::write(&path, wav),
        };
        written.map_err(|error| NotDrafted(format!("cannot write {}: {error}", path.display())))?;
    }
    Ok(sentences.len())
}

/// The voice that was asked for: on the command line, else in `[prompts]` of `flow.toml`.
///
/// # Errors
/// When the one in `flow.toml` is none that we know.
pub fn wanted(asked: Option<&str>, manifest: &Manifest) -> Result<Option<Voice>, Problem> {
    if asked.is_none() && !manifest.prompts.command.is_empty() {
        return Ok(Some(Voice::Command(manifest.prompts.command.clone())));
    }
    let Some(name) = asked.or(manifest.prompts.voice.as_deref()) else { return Ok(None) };
    Voice::from_name(name).map(Some).ok_or_else(|| Problem {
        what: format!("flowc knows no voice `{name}`"),
        action: "write `voice = \"flite\"`, `\"espeak-ng\"` or `\"pico\"` in [prompts] of flow.toml".into(),
    })
}

/// What a voice's command calls itself.
pub fn version(voice: &Voice) -> String {
    let output = Command::new(voice.program()).arg("--version").output();
    let text = output.map(|output| [output.stdout, output.stderr].concat()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let line = text.lines().find(|line| line.contains("version") || line.contains("eSpeak"));
    let line = line.unwrap_or_default().split("  Data").next().unwrap_or_default();
    line.trim().trim_start_matches("version: ").to_owned()
}
