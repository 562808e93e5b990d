//! The audio of a project: which file each prompt has on this machine, what is missing, and who drafts it.

use std::path::{Path, PathBuf};
use std::process::Command;

use flow_bytecode::Program;
use flow_bytecode::prompts::{FOLDER, Prompt, PromptKind, catalogue};
use flow_server::Voice;

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

/// A sentence that could not be drafted, and why.
pub struct NotDrafted(pub String);

/// Reads sentences with a voice and writes their files below `folder`; gives how many there are. With no voice
/// named, each language takes the best that is installed.
pub fn draft(sentences: &[&Prompt], folder: &Path, voice: Option<Voice>) -> Result<usize, NotDrafted> {
    let mut installed: Vec<(&str, Voice)> = Vec::new();
    for prompt in sentences {
        let language = prompt.language.as_str();
        let known = installed.iter().find(|(code, _)| *code == language).map(|(_, voice)| *voice);
        let voice = match known.or(voice).or_else(|| Voice::installed_for(language)) {
            Some(voice) => voice,
            None => return Err(NotDrafted(format!("no voice for the language `{language}` is installed"))),
        };
        if known.is_none() {
            installed.push((language, voice));
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

/// What a voice's command calls itself.
pub fn version(voice: Voice) -> String {
    let output = Command::new(voice.name()).arg("--version").output();
    let text = output.map(|output| [output.stdout, output.stderr].concat()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let line = text.lines().find(|line| line.contains("version") || line.contains("eSpeak"));
    let line = line.unwrap_or_default().split("  Data").next().unwrap_or_default();
    line.trim().trim_start_matches("version: ").to_owned()
}
