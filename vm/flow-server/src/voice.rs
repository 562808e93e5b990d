//! Voices that draft prompts: a command on this machine reads a sentence, and it becomes audio for telephones.
//!
//! Drafts are for hearing a flow before a person has recorded it. Nothing here is used while calls are served.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use flow_media::{read_wav, wav_header};

/// A voice that may be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voice {
    /// Flite with the voice `slt`: English.
    Flite,
    /// eSpeak NG: many languages.
    EspeakNg,
    /// SVOX Pico: five languages.
    Pico,
    /// A command of the deployment. In its arguments `{text}`, `{language}` and `{file}` stand for the sentence, its
    /// language and the WAV file to write.
    Command(Vec<String>),
}

/// The voices that we know, best first.
const KNOWN: [Voice; 3] = [Voice::Flite, Voice::Pico, Voice::EspeakNg];

/// A sentence that could not be spoken.
#[derive(Debug)]
pub struct VoiceError(String);

impl fmt::Display for VoiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for VoiceError {}

/// Samples of 8 kHz that count as silence below this level, about -40 dB.
const SILENCE: u16 = 330;
/// Samples kept before the first sound and after the last: 20 and 100 ms.
const BEFORE: usize = 160;
const AFTER: usize = 800;
/// The peak that drafts are brought to, about -3 dB.
const PEAK: i32 = 23_000;

impl Voice {
    /// Its name on the command line.
    pub fn name(&self) -> &str {
        match self {
            Voice::Flite => "flite",
            Voice::EspeakNg => "espeak-ng",
            Voice::Pico => "pico",
            Voice::Command(words) => words.first().map_or("", String::as_str),
        }
    }

    /// The program that is run.
    pub fn program(&self) -> &str {
        match self {
            Voice::Pico => "pico2wave",
            other => other.name(),
        }
    }

    /// The voice of a name.
    pub fn from_name(name: &str) -> Option<Voice> {
        KNOWN.into_iter().find(|voice| voice.name() == name)
    }

    /// Where it comes from and on which terms, for the record beside the drafts.
    pub fn licence(&self) -> &'static str {
        match self {
            Voice::Flite => {
                "output of the Flite speech synthesiser with the voice `cmu_us_slt` (Carnegie Mellon University), free \
                 software under a permissive licence in the manner of BSD, which sets no condition on speech made with it"
            }
            Voice::EspeakNg => {
                "output of the eSpeak NG speech synthesiser, free software under the GNU General Public Licence 3, which \
                 sets no condition on speech made with it"
            }
            Voice::Pico => {
                "output of the SVOX Pico speech synthesiser, free software under the Apache Licence 2.0, which sets no \
                 condition on speech made with it"
            }
            Voice::Command(_) => "as the deployment's voice says",
        }
    }

    /// Whether it speaks a language, by its code (`en`, `en-GB`, `es`).
    pub fn speaks(&self, language: &str) -> bool {
        match self {
            Voice::Flite => primary(language) == "en",
            Voice::Pico => ["en", "de", "es", "fr", "it"].contains(&primary(language)),
            Voice::EspeakNg | Voice::Command(_) => true,
        }
    }

    /// Whether its command is installed.
    pub fn is_installed(&self) -> bool {
        let probe = Command::new(self.program())
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        probe.is_ok()
    }

    /// The best installed voice for a language.
    pub fn installed_for(language: &str) -> Option<Voice> {
        KNOWN.into_iter().find(|voice| voice.speaks(language) && voice.is_installed())
    }

    /// Speaks a text: a WAV file of 16-bit samples at 8 kHz without silence at its ends. The same text gives
    /// the same bytes with the same version of the voice.
    ///
    /// # Errors
    /// When the command is not there, fails, or gives something that is no audio.
    pub fn speak(&self, text: &str, language: &str) -> Result<Vec<u8>, VoiceError> {
        let file = Scratch::new();
        let output = self
            .command(text, language, &file.0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .output()
            .map_err(|error| VoiceError(format!("cannot run {}: {error}", self.name())))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(VoiceError(format!("{} failed on “{text}”: {}", self.name(), said.trim())));
        }
        let bytes = std::fs::read(&file.0)
            .map_err(|error| VoiceError(format!("{} wrote nothing for “{text}”: {error}", self.name())))?;
        let samples =
            read_wav(&bytes).map_err(|error| VoiceError(format!("{} on “{text}”: {error}", self.name())))?;
        Ok(wav(&level(trim(&samples))))
    }

    fn command(&self, text: &str, language: &str, file: &Path) -> Command {
        let mut command = Command::new(self.program());
        match self {
            Voice::Flite => command.args(["-voice", "slt", "-t", text, "-o"]).arg(file),
            Voice::EspeakNg => {
                let voice = if language == "en" { "en-us" } else { language };
                command.args(["-v", voice, "-s", "150", "-w"]).arg(file).args(["--", text])
            }
            Voice::Pico => {
                let voice = match (primary(language), language) {
                    ("en", "en-GB") => "en-GB",
                    ("de", _) => "de-DE",
                    ("es", _) => "es-ES",
                    ("fr", _) => "fr-FR",
                    ("it", _) => "it-IT",
                    _ => "en-US",
                };
                command.args(["-l", voice, "-w"]).arg(file).args(["--", text])
            }
            Voice::Command(words) => {
                let file = file.to_string_lossy();
                let filled = |word: &String| match word.as_str() {
                    "{text}" => text.to_owned(),
                    // What is said can hold braces itself, so it is only ever an argument of its own.
                    other => other.replace("{language}", language).replace("{file}", &file),
                };
                command.args(words.iter().skip(1).map(filled))
            }
        };
        command
    }
}

fn primary(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or(language)
}

/// Without the silence at both ends.
fn trim(samples: &[i16]) -> &[i16] {
    let loud = |sample: &i16| sample.unsigned_abs() > SILENCE;
    let first = samples.iter().position(loud).unwrap_or(0);
    let last = samples.iter().rposition(loud).unwrap_or(0);
    let end = samples.len().min(last + 1 + AFTER);
    &samples[first.saturating_sub(BEFORE).min(end)..end]
}

/// As loud as the others.
fn level(samples: &[i16]) -> Vec<i16> {
    let peak = samples.iter().map(|sample| i32::from(sample.unsigned_abs())).max().unwrap_or(0);
    if peak == 0 {
        return samples.to_vec();
    }
    // Whisper-quiet noise stays what it is.
    let scale = |sample: i16| i32::from(sample) * PEAK / peak.max(1_000);
    samples.iter().map(|sample| scale(*sample).clamp(-32_768, 32_767) as i16).collect()
}

fn wav(samples: &[i16]) -> Vec<u8> {
    let mut file = wav_header(u32::try_from(samples.len()).unwrap_or(u32::MAX)).to_vec();
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

/// A file that goes when it is no longer needed.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Scratch {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Scratch(std::env::temp_dir().join(format!("flowc-voice-{}-{number}.wav", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_at_the_ends_goes_and_the_level_is_one() {
        let mut samples = vec![0i16; 4_000];
        samples.extend([5_000, -10_000, 5_000].repeat(1_000));
        samples.extend(vec![10i16; 8_000]);
        let trimmed = level(trim(&samples));
        assert_eq!(trimmed.len(), BEFORE + 3_000 + AFTER);
        assert_eq!(trimmed.iter().map(|sample| sample.unsigned_abs()).max(), Some(23_000));
        assert!(trim(&[0; 50]).len() <= 50);
        assert!(trim(&[]).is_empty());
    }

    #[test]
    fn an_installed_voice_speaks_the_same_twice() {
        let installed: Vec<Voice> = KNOWN.into_iter().filter(Voice::is_installed).collect();
        // `tests/run` installs one and says so; without it there may be none to listen to.
        let needed = std::env::var_os("FLOWC_TESTS_NEED_A_VOICE").is_some();
        assert!(!needed || !installed.is_empty(), "no voice is installed");
        for voice in installed {
            let once = voice.speak("For sales, press 1.", "en").unwrap();
            assert_eq!(once, voice.speak("For sales, press 1.", "en").unwrap());
            let millis = (once.len() - 44) / 16;
            assert!((800..4_000).contains(&millis), "{} speaks for {millis} ms", voice.name());
        }
    }
}
