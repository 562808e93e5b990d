//! Who picked up: a person says a word and waits, a machine speaks on. Nothing but the lengths of speech and silence
//! is looked at, so it errs where a person speaks long or a machine briefly.

use crate::recorder::{VOICE_FRAMES, VOICE_LEVEL};

/// Samples of a frame: 20 ms at 8,000 Hz.
const FRAME_SAMPLES: usize = 160;
/// Frames of a greeting that no person makes without a pause: two seconds.
const MACHINE_FRAMES: u32 = 100;
/// Frames of silence after which a greeting is over: 700 ms. People wait for an answer; machines breathe.
const PAUSE_FRAMES: u32 = 35;

/// Who speaks on a line that was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer {
    /// A short greeting, then silence.
    Human,
    /// A long one.
    Machine,
}

/// Listens to the first words.
#[derive(Debug, Default)]
pub struct Detector {
    energy: i64,
    samples: usize,
    /// Frames in a row with a voice.
    run: u32,
    /// Frames since the first voice; 0 before.
    greeting: u32,
    /// Frames of silence since the last voice.
    silence: u32,
}

impl Detector {
    /// Listens on, to samples at 8,000 Hz; the answer comes once.
    pub fn listen(&mut self, samples: impl IntoIterator<Item = i16>) -> Option<Answerer> {
        for sample in samples {
            self.energy += i64::from(sample).pow(2);
            self.samples += 1;
            if self.samples == FRAME_SAMPLES {
                let loud = self.energy > VOICE_LEVEL.pow(2) * FRAME_SAMPLES as i64;
                (self.energy, self.samples) = (0, 0);
                if let Some(answerer) = self.frame(loud) {
                    return Some(answerer);
                }
            }
        }
        None
    }

    fn frame(&mut self, loud: bool) -> Option<Answerer> {
        self.run = if loud { self.run + 1 } else { 0 };
        let voice = self.run >= u32::from(VOICE_FRAMES);
        if self.greeting == 0 && !voice {
            return None;
        }
        self.greeting += 1;
        self.silence = if voice { 0 } else { self.silence + 1 };
        if self.silence >= PAUSE_FRAMES {
            return Some(Answerer::Human);
        }
        (self.silence == 0 && self.greeting >= MACHINE_FRAMES).then_some(Answerer::Machine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of spans of speech and silence, in milliseconds, and after how many of them.
    fn told(spans: &[(i16, usize)]) -> Option<(Answerer, usize)> {
        let mut detector = Detector::default();
        let levels = spans.iter().flat_map(|(level, millis)| std::iter::repeat_n(*level, millis / 20));
        for (frame, level) in levels.enumerate() {
            let samples = (0..FRAME_SAMPLES).map(|n| if n % 2 == 0 { level } else { -level });
            if let Some(answerer) = detector.listen(samples) {
                return Some((answerer, (frame + 1) * 20));
            }
        }
        None
    }

    #[test]
    fn a_word_and_silence_is_a_person() {
        assert_eq!(told(&[(0, 500), (4_000, 600), (0, 1_000)]), Some((Answerer::Human, 1_800)));
        // "Hello? … Jane speaking."
        assert_eq!(
            told(&[(4_000, 400), (0, 300), (4_000, 700), (0, 2_000)]).map(|(who, _)| who),
            Some(Answerer::Human)
        );
    }

    #[test]
    fn a_speech_is_a_machine() {
        let (who, after) = told(&[(0, 1_000), (4_000, 5_000)]).unwrap();
        assert_eq!(who, Answerer::Machine);
        assert!((3_000..3_200).contains(&after), "{after}");
        // It breathes.
        assert_eq!(
            told(&[(4_000, 1_200), (0, 400), (4_000, 1_200)]).map(|(who, _)| who),
            Some(Answerer::Machine)
        );
    }

    #[test]
    fn of_silence_noise_and_clicks_nothing_is_told() {
        assert_eq!(told(&[(0, 10_000)]), None);
        assert_eq!(told(&[(40, 10_000)]), None);
        assert_eq!(told(&[(0, 200), (8_000, 20), (0, 5_000), (8_000, 20), (0, 5_000)]), None);
    }
}
