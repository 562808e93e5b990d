//! Everything that can be played to callers: loaded and encoded once, found by number.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use flow_bytecode::{VerifiedProgram, prompts};
use flow_media::{Playlist, PlaylistItem, Sound, tones};
use flow_switch::boundary::{ProgramId, SpeechItem};
use flow_switch::speech::spelling;

use crate::error::StartError;
use crate::metrics::Metrics;

/// The audio of a program: the file that a prompt has in its catalogue (`flow_bytecode::prompts`), and where
/// that file is on this machine.
pub type SoundFiles = Vec<(String, PathBuf)>;

/// Something of a program that is played, by its places in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unit {
    Text { text: u32, language: u16 },
    Recording { name: u32, language: u16 },
    Sound(u32),
}

/// Characters of a text made at run time that are spelled.
const LONGEST_SPELLED: usize = 64;

/// The loaded sounds of all programs, and of the standard library.
pub(crate) struct Catalogue {
    programs: HashMap<ProgramId, Loaded>,
    standard: HashMap<String, Option<Playable>>,
    metrics: Arc<Metrics>,
}

/// One program and its audio.
struct Loaded {
    program: Arc<VerifiedProgram>,
    files: HashMap<String, Arc<Sound>>,
    /// What was looked for before, so that names are made once.
    found: HashMap<Unit, Option<Playable>>,
}

/// One sound, or a cadence of tones and pauses.
type Playable = Arc<[PlaylistItem]>;

impl Catalogue {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Catalogue {
        Catalogue { programs: HashMap::new(), standard: HashMap::new(), metrics }
    }

    /// Loads the audio of a program.
    pub(crate) fn load(
        &mut self,
        id: ProgramId,
        program: Arc<VerifiedProgram>,
        sounds: SoundFiles,
    ) -> Result<(), StartError> {
        let mut files = HashMap::with_capacity(sounds.len());
        for (name, path) in sounds {
            files.insert(name, Arc::new(read_sound(&path)?));
        }
        self.programs.insert(id, Loaded { program, files, found: HashMap::new() });
        Ok(())
    }

    /// What the media threads play for items of speech. A piece without a sound is left out and counted.
    pub(crate) fn playlist(&mut self, program: ProgramId, items: &[SpeechItem], repeat: bool) -> Playlist {
        let mut playlist = Playlist { items: Vec::with_capacity(items.len()), repeat };
        for item in items {
            match item {
                SpeechItem::Text { text, language } => {
                    let sound = self.unit(program, Unit::Text { text: *text, language: *language });
                    self.push(&mut playlist, sound);
                }
                SpeechItem::Recording { name, words, language } => {
                    let recording = self.unit(program, Unit::Recording { name: *name, language: *language });
                    let sound = recording
                        .or_else(|| self.unit(program, Unit::Text { text: *words, language: *language }));
                    self.push(&mut playlist, sound);
                }
                SpeechItem::Sound(name) => {
                    let sound = self.unit(program, Unit::Sound(*name));
                    self.push(&mut playlist, sound);
                }
                SpeechItem::Standard(name) => self.shipped(&mut playlist, name),
                SpeechItem::Words { clips, .. } => {
                    for clip in clips {
                        self.shipped(&mut playlist, clip);
                    }
                }
                SpeechItem::Synthesise { text, language } => {
                    let code = self.language(program, *language);
                    for clip in text.chars().take(LONGEST_SPELLED).filter_map(|c| spelling(&code, c)) {
                        self.shipped(&mut playlist, clip);
                    }
                }
                SpeechItem::Silence(millis) => {
                    playlist.items.push(PlaylistItem::Silence(Duration::from_millis(u64::from(*millis))));
                }
            }
        }
        playlist
    }

    fn unit(&mut self, program: ProgramId, unit: Unit) -> Option<Playable> {
        let loaded = self.programs.get_mut(&program)?;
        if let Some(known) = loaded.found.get(&unit) {
            return known.clone();
        }
        let sound = loaded.look_for(unit);
        let sound = match (sound, unit) {
            (None, Unit::Sound(name)) => {
                let name = loaded.program.texts.get(name as usize).cloned().unwrap_or_default();
                self.standard(&name)
            }
            (sound, _) => sound,
        };
        let loaded = self.programs.get_mut(&program)?;
        loaded.found.insert(unit, sound.clone());
        sound
    }

    fn language(&self, program: ProgramId, index: u16) -> String {
        let loaded = self.programs.get(&program);
        let code = loaded.and_then(|loaded| loaded.program.languages.get(usize::from(index)));
        code.cloned().unwrap_or_else(|| "en".to_owned())
    }

    fn shipped(&mut self, playlist: &mut Playlist, name: &str) {
        let sound = self.standard(name);
        self.push(playlist, sound);
    }

    /// A sound of the standard library; decoded when it is first played.
    fn standard(&mut self, name: &str) -> Option<Playable> {
        if let Some(known) = self.standard.get(name) {
            return known.clone();
        }
        let made = standard(name);
        self.standard.insert(name.to_owned(), made.clone());
        made
    }

    fn push(&self, playlist: &mut Playlist, sound: Option<Playable>) {
        match sound {
            Some(sound) => playlist.items.extend(sound.iter().cloned()),
            None => {
                self.metrics.unvoiced.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

impl Loaded {
    fn look_for(&self, unit: Unit) -> Option<Playable> {
        let text = |index: u32| self.program.texts.get(index as usize).map(String::as_str);
        let code = |index: u16| self.program.languages.get(usize::from(index)).map(String::as_str);
        let file = match unit {
            Unit::Text { text: index, language } => prompts::sentence_file(code(language)?, text(index)?),
            Unit::Recording { name, language } => prompts::recording_file(code(language)?, text(name)?),
            Unit::Sound(name) => prompts::sound_file(text(name)?),
        };
        self.files.get(&file).map(|sound| Arc::from([PlaylistItem::Sound(sound.clone())]))
    }
}

/// Whether the standard library has a sound of this name.
pub fn is_shipped(name: &str) -> bool {
    standard(name).is_some()
}

fn standard(name: &str) -> Option<Playable> {
    if name == "tone/ringback" {
        return Some(tones::ringback(tones::Country::UnitedStates).items.into());
    }
    let sound = Sound::from_wav(flow_stdlib::sounds::sound(name)?).ok()?;
    Some(Arc::from([PlaylistItem::Sound(Arc::new(sound))]))
}

fn read_sound(path: &Path) -> Result<Sound, StartError> {
    let refused = |reason: String| StartError::Sound { path: path.to_owned(), reason };
    let bytes = std::fs::read(path).map_err(|error| refused(error.to_string()))?;
    Sound::from_wav(&bytes).map_err(|error| refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_switch_plays_by_itself_is_shipped() {
        for name in ["hold/calm", "tone/ringback", "tone/beep", "en/prompt/goodbye", "en/number/7"] {
            assert!(is_shipped(name), "{name}");
        }
        assert!(!is_shipped("en/word/xyzzy"));
    }

    #[test]
    fn missing_sounds_are_left_out_and_counted() {
        let metrics = Arc::new(Metrics::default());
        let mut catalogue = Catalogue::new(metrics.clone());
        let items = [
            SpeechItem::Text { text: 0, language: 0 },
            SpeechItem::Standard("tone/beep"),
            SpeechItem::Synthesise { text: "B 2!".into(), language: 0 },
            SpeechItem::Silence(200),
        ];
        let playlist = catalogue.playlist(ProgramId(0), &items, false);
        assert_eq!(playlist.items.len(), 4, "beep, b, 2, silence");
        assert_eq!(metrics.unvoiced.load(Ordering::Relaxed), 1);
    }
}
