//! What has to be recorded: every sentence, recording and sound of a program, and the file each is in.
//!
//! The compiler lists them for whoever makes the audio; the machine looks for the same files. It knows
//! nothing of audio. A sentence's file is named after its words and a sum of the exact text, so that a
//! changed sentence never plays an old recording.

use sha2::{Digest, Sha256};

use crate::program::{Piece, Program, TextId};
use crate::prompt_uses;

/// The folder of a project that has its audio.
pub const FOLDER: &str = "prompts";

/// The longest part of a sentence that its file's name shows.
const SLUG: usize = 40;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PromptKind {
    /// A sentence or a part of one, made by a voice.
    Sentence,
    /// A recording by a person, with the words it has.
    Recording,
    /// A sound without words, or music.
    Sound,
}

/// One thing to be heard.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prompt {
    /// Language code; empty for sounds.
    pub language: String,
    /// The exact words; for sounds the name.
    pub text: String,
    /// What it is.
    pub kind: PromptKind,
    /// Where its audio is, from the project's folder, with `/`. A recording may also stand without the
    /// language's folder; a sound that the project lacks may be the standard library's.
    pub file: String,
}

/// The sum by which words and audio are told apart: the first eight digits of their SHA-256.
pub fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The file of a sentence in a language.
pub fn sentence_file(language: &str, text: &str) -> String {
    format!("{FOLDER}/{language}/{}-{}.wav", slug(text), sum(text.as_bytes()))
}

/// How long a text takes to be said, in milliseconds; an estimate from its length.
pub fn spoken_millis(text: &str) -> u64 {
    (text.chars().count() as u64 * 65).max(300)
}

/// The file of a recording in a language.
pub fn recording_file(language: &str, name: &str) -> String {
    format!("{FOLDER}/{language}/{name}.wav")
}

/// The file of a sound, or of a recording that is the same in all languages.
pub fn sound_file(name: &str) -> String {
    format!("{FOLDER}/{name}.wav")
}

/// A letter in small and without its accent.
fn plain(c: char) -> char {
    match c.to_lowercase().next().unwrap_or(c) {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        c => c,
    }
}

/// The first words of a text, as a file's name may be anywhere: letters `a` to `z`, digits, hyphens.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        let c = plain(c);
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= SLUG {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "x".into() } else { slug.into() }
}

/// Everything that calls of the program may hear, in the order of the program, each once.
pub fn catalogue(program: &Program) -> Vec<Prompt> {
    let mut list = Catalogue { program, prompts: Vec::new(), seen: std::collections::BTreeSet::new() };
    let written = prompt_uses::only_written(program);
    for (index, template) in program.templates.iter().enumerate() {
        // Text for a screen or a service is nothing to be recorded.
        if written.contains(&index) {
            continue;
        }
        for variant in &template.variants {
            let languages: Vec<u16> = match variant.language {
                Some(language) => vec![language],
                None => (0..program.languages.len() as u16).collect(),
            };
            for language in languages {
                for piece in &variant.pieces {
                    list.piece(language, piece);
                }
            }
        }
    }
    let music = program.stays.iter().filter_map(|stay| stay.music);
    for name in music.chain(program.rings.iter().filter_map(|ring| ring.music)) {
        list.sound(name);
    }
    list.prompts
}

struct Catalogue<'a> {
    program: &'a Program,
    prompts: Vec<Prompt>,
    seen: std::collections::BTreeSet<(String, PromptKind)>,
}

impl Catalogue<'_> {
    fn piece(&mut self, language: u16, piece: &Piece) {
        match piece {
            Piece::Text(text) | Piece::IfListening(text) | Piece::IfNotListening(text) => {
                self.sentence(language, *text);
            }
            Piece::Plural(_, forms) => {
                for (_, text) in forms {
                    self.sentence(language, *text);
                }
            }
            Piece::Recording(name, words) => {
                let Some((code, name)) = self.code(language).zip(self.text(*name)) else { return };
                let text = self.text(*words).unwrap_or_default();
                let file = recording_file(&code, &name);
                self.add(Prompt { language: code, text, kind: PromptKind::Recording, file });
            }
            Piece::Sound(name) => self.sound(*name),
            Piece::Hole(..) | Piece::Speech(_) => {}
        }
    }

    fn sentence(&mut self, language: u16, text: TextId) {
        let Some((code, text)) = self.code(language).zip(self.text(text)) else { return };
        if text.chars().any(char::is_alphanumeric) {
            let file = sentence_file(&code, &text);
            self.add(Prompt { language: code, text, kind: PromptKind::Sentence, file });
        }
    }

    fn sound(&mut self, name: TextId) {
        let Some(name) = self.text(name) else { return };
        let file = sound_file(&name);
        self.add(Prompt { language: String::new(), text: name, kind: PromptKind::Sound, file });
    }

    fn add(&mut self, prompt: Prompt) {
        if self.seen.insert((prompt.file.clone(), prompt.kind)) {
            self.prompts.push(prompt);
        }
    }

    fn code(&self, language: u16) -> Option<String> {
        self.program.languages.get(usize::from(language)).cloned()
    }

    fn text(&self, text: TextId) -> Option<String> {
        self.program.texts.get(text as usize).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Template, TemplateVariant};

    #[test]
    fn a_sentence_is_found_by_its_words_and_their_sum() {
        let file = sentence_file("en", "Thank you.");
        assert!(file.starts_with("prompts/en/thank-you-") && file.ends_with(".wav"), "{file}");
        assert_eq!(file.len(), "prompts/en/thank-you-01234567.wav".len());
        assert_ne!(sentence_file("en", "Thank you."), sentence_file("en", "Thank you!"));
        assert!(sentence_file("es", "¿…?").starts_with("prompts/es/x-"));
        assert!(sentence_file("es", "¿Mañana? ¡Adiós!").starts_with("prompts/es/manana-adios-"));
        let long = sentence_file("en", &"a very long sentence ".repeat(9));
        assert!(long.len() <= "prompts/en/".len() + SLUG + "-01234567.wav".len(), "{long}");
    }

    #[test]
    fn each_thing_is_listed_once_and_for_every_language() {
        let variant = |language, pieces| TemplateVariant { language, pieces };
        let program = Program {
            languages: vec!["en".into(), "es".into()],
            texts: vec!["Hello.".into(), "Hola.".into(), "beep".into()],
            templates: vec![Template {
                arguments: Vec::new(),
                variants: vec![
                    variant(Some(0), vec![Piece::Text(0), Piece::Sound(2), Piece::Text(0)]),
                    variant(Some(1), vec![Piece::Text(1), Piece::Sound(2)]),
                ],
                in_turn: false,
            }],
            ..Program::default()
        };
        let texts: Vec<_> = catalogue(&program).into_iter().map(|p| (p.language, p.text)).collect();
        let expected = [("en", "Hello."), ("", "beep"), ("es", "Hola.")];
        assert_eq!(texts, expected.map(|(language, text)| (language.to_owned(), text.to_owned())));
    }
}
