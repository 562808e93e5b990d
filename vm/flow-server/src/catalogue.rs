//! Everything that can be played to callers: loaded and encoded once, found by number.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use flow_bytecode::Program;
use flow_media::{Playlist, PlaylistItem, Sound};
use flow_switch::boundary::{ProgramId, SpeechItem};

use crate::error::StartError;
use crate::metrics::Metrics;

/// Something of a program that is played from a file; texts and languages by their place in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A sentence.
    Text {
        /// Which text.
        text: u32,
        /// In which language.
        language: u16,
    },
    /// A recording by name.
    Recording {
        /// Its name.
        name: u32,
        /// In which language.
        language: u16,
    },
    /// A sound without words.
    Sound(u32),
}

/// The sounds of a program: what, and from which file.
pub type SoundFiles = Vec<(Unit, PathBuf)>;

/// Characters of a text made at run time that are spelled.
const LONGEST_SPELLED: usize = 64;

/// The loaded sounds of all programs, and of the standard library.
pub(crate) struct Catalogue {
    programs: HashMap<(ProgramId, Unit), Arc<Sound>>,
    standard: HashMap<String, Option<Arc<Sound>>>,
    sources: HashMap<ProgramId, Arc<Program>>,
    metrics: Arc<Metrics>,
}

impl Catalogue {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Catalogue {
        Catalogue { programs: HashMap::new(), standard: HashMap::new(), sources: HashMap::new(), metrics }
    }

    /// Loads the sounds of a program. Files that several units share are read once.
    pub(crate) fn load(
        &mut self,
        program: ProgramId,
        source: Arc<Program>,
        files: SoundFiles,
    ) -> Result<(), StartError> {
        let mut read: HashMap<PathBuf, Arc<Sound>> = HashMap::new();
        for (unit, path) in files {
            let sound = match read.get(&path) {
                Some(sound) => sound.clone(),
                None => {
                    let sound = Arc::new(read_sound(&path)?);
                    read.insert(path, sound.clone());
                    sound
                }
            };
            self.programs.insert((program, unit), sound);
        }
        self.sources.insert(program, source);
        Ok(())
    }

    /// What the media threads play for items of speech. A piece without a sound is left out and counted.
    pub(crate) fn playlist(&mut self, program: ProgramId, items: &[SpeechItem], repeat: bool) -> Playlist {
        let mut playlist = Playlist { items: Vec::with_capacity(items.len()), repeat };
        for item in items {
            match item {
                SpeechItem::Text { text, language } => {
                    self.unit(&mut playlist, program, Unit::Text { text: *text, language: *language });
                }
                SpeechItem::Recording { name, words, language } => {
                    let recording = Unit::Recording { name: *name, language: *language };
                    let words = Unit::Text { text: *words, language: *language };
                    let there = self.programs.contains_key(&(program, recording));
                    self.unit(&mut playlist, program, if there { recording } else { words });
                }
                SpeechItem::Sound(name) => self.named(&mut playlist, program, *name),
                SpeechItem::Standard(name) => self.shipped(&mut playlist, name),
                SpeechItem::Words { clips, .. } => {
                    for clip in clips {
                        self.shipped(&mut playlist, clip);
                    }
                }
                SpeechItem::Synthesise { text, language } => {
                    let language = self.language(program, *language);
                    for clip in text.chars().take(LONGEST_SPELLED).filter_map(|c| spelling(&language, c)) {
                        self.shipped(&mut playlist, &clip);
                    }
                }
                SpeechItem::Silence(millis) => {
                    playlist.items.push(PlaylistItem::Silence(Duration::from_millis(u64::from(*millis))));
                }
            }
        }
        playlist
    }

    fn unit(&self, playlist: &mut Playlist, program: ProgramId, unit: Unit) {
        self.push(playlist, self.programs.get(&(program, unit)).cloned());
    }

    /// A sound of the project, or the shipped one of that name.
    fn named(&mut self, playlist: &mut Playlist, program: ProgramId, name: u32) {
        if self.programs.contains_key(&(program, Unit::Sound(name))) {
            return self.unit(playlist, program, Unit::Sound(name));
        }
        let source = self.sources.get(&program).cloned();
        let text = source.as_ref().and_then(|source| source.texts.get(name as usize));
        self.shipped(playlist, text.map_or("", String::as_str));
    }

    fn language(&self, program: ProgramId, index: u16) -> String {
        let source = self.sources.get(&program);
        let language = source.and_then(|source| source.languages.get(usize::from(index)));
        language.cloned().unwrap_or_else(|| "en".to_owned())
    }

    fn shipped(&mut self, playlist: &mut Playlist, name: &str) {
        let sound = match self.standard.get(name) {
            Some(known) => known.clone(),
            None => {
                let made = flow_stdlib::sounds::sound(name)
                    .and_then(|file| Sound::from_wav(file).ok())
                    .map(Arc::new);
                self.standard.insert(name.to_owned(), made.clone());
                made
            }
        };
        self.push(playlist, sound);
    }

    fn push(&self, playlist: &mut Playlist, sound: Option<Arc<Sound>>) {
        match sound {
            Some(sound) => playlist.items.push(PlaylistItem::Sound(sound)),
            None => {
                self.metrics.unvoiced.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// The shipped word that spells a character; texts made at run time have no voice of their own yet.
fn spelling(language: &str, c: char) -> Option<String> {
    match c {
        '0'..='9' => Some(format!("{language}/number/{c}")),
        'a'..='z' | 'A'..='Z' => Some(format!("{language}/letter/{}", c.to_ascii_lowercase())),
        _ => None,
    }
}

fn read_sound(path: &std::path::Path) -> Result<Sound, StartError> {
    let refused = |reason: String| StartError::Sound { path: path.to_owned(), reason };
    let bytes = std::fs::read(path).map_err(|error| refused(error.to_string()))?;
    Sound::from_wav(&bytes).map_err(|error| refused(error.to_string()))
}
