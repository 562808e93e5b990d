//! Where an utterance begins and ends: by the energy of frames against the noise of the line.
//!
//! Pure: samples in, and which of them are speech out. It knows no words; a cough that is long enough is an
//! utterance, which a recogniser then does not understand.

use std::collections::VecDeque;

/// Samples of a frame: 20 ms at 8,000 Hz.
const FRAME_SAMPLES: usize = 160;
/// Frames that are kept before speech is sure: what precedes a loud vowel is part of its word (400 ms).
const KEPT_FRAMES: usize = 20;
/// Of the last so many frames …
const RECENT_FRAMES: u32 = 8;
/// … so many have a voice when speech begins: 100 ms, which a click is shorter than.
const VOICED_FRAMES: u32 = 5;
/// Frames of silence after which an utterance is over: 700 ms.
const SILENT_FRAMES: u32 = 35;
/// Frames of the longest utterance: 15 s.
const LONGEST_FRAMES: u32 = 750;
/// The noise is the least that was heard in one or two windows of so many frames (1 s): nobody speaks so long without
/// a pause between syllables.
const NOISE_FRAMES: u32 = 50;
/// A voice has so many times the energy of the noise: 9 dB.
const ABOVE_NOISE: i64 = 8;
/// The level of the quietest voice: what no telephone line's noise is below.
const QUIETEST: i64 = 130;

/// How an utterance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    /// Nobody speaks yet.
    Waiting,
    /// Somebody does.
    Speaking,
    /// It is over: by silence, or since it was too long.
    Over,
}

/// Listens to one utterance.
#[derive(Debug)]
pub struct Endpointer {
    speech: Speech,
    /// Samples of the frame under way, and what was before it while nobody speaks.
    kept: VecDeque<i16>,
    energy: i64,
    samples: usize,
    /// The last frames, a bit for each, the latest lowest; whether each had a voice.
    voiced: u32,
    silent: u32,
    spoken: u32,
    /// The least energy of the window before, and of this one.
    before: i64,
    least: i64,
    window: u32,
}

impl Default for Endpointer {
    fn default() -> Endpointer {
        Endpointer {
            speech: Speech::Waiting,
            kept: VecDeque::with_capacity((KEPT_FRAMES + 1) * FRAME_SAMPLES),
            energy: 0,
            samples: 0,
            voiced: 0,
            silent: 0,
            spoken: 0,
            before: i64::MAX,
            least: i64::MAX,
            window: 0,
        }
    }
}

impl Endpointer {
    /// Listens on, to samples at 8,000 Hz; puts those of the utterance behind what is in `speech`.
    pub fn listen(&mut self, samples: impl IntoIterator<Item = i16>, speech: &mut Vec<i16>) -> Speech {
        for sample in samples {
            if self.speech == Speech::Over {
                break;
            }
            self.energy += i64::from(sample).pow(2);
            self.samples += 1;
            self.kept.push_back(sample);
            if self.samples == FRAME_SAMPLES {
                let energy = self.energy / FRAME_SAMPLES as i64;
                (self.energy, self.samples) = (0, 0);
                self.frame(energy);
                if self.speech == Speech::Waiting {
                    let surplus = self.kept.len().saturating_sub(KEPT_FRAMES * FRAME_SAMPLES);
                    self.kept.drain(..surplus);
                } else {
                    speech.extend(self.kept.drain(..));
                }
            }
        }
        self.speech
    }

    /// Nothing comes any more for as long as silence takes: an utterance is over.
    pub fn cease(&mut self) -> Speech {
        if self.speech == Speech::Speaking {
            self.speech = Speech::Over;
        }
        self.speech
    }

    /// How it stands.
    pub fn speech(&self) -> Speech {
        self.speech
    }

    fn frame(&mut self, energy: i64) {
        let noise = self.noise(energy);
        let voice = energy > (noise.saturating_mul(ABOVE_NOISE)).max(QUIETEST.pow(2));
        self.voiced = (self.voiced << 1 | u32::from(voice)) & ((1 << RECENT_FRAMES) - 1);
        match self.speech {
            Speech::Waiting if self.voiced.count_ones() >= VOICED_FRAMES => self.speech = Speech::Speaking,
            Speech::Speaking => {
                self.spoken += 1;
                self.silent = if voice { 0 } else { self.silent + 1 };
                if self.silent >= SILENT_FRAMES || self.spoken >= LONGEST_FRAMES {
                    self.speech = Speech::Over;
                }
            }
            Speech::Waiting | Speech::Over => {}
        }
    }

    /// The energy of the line's noise, as far as it is known.
    fn noise(&mut self, energy: i64) -> i64 {
        self.least = self.least.min(energy);
        self.window += 1;
        let noise = self.least.min(self.before);
        if self.window == NOISE_FRAMES {
            (self.before, self.least, self.window) = (self.least, i64::MAX, 0);
        }
        noise
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise or a voice of a level: samples that look like neither a tone nor a constant.
    fn samples(level: i16, millis: usize, state: &mut u32) -> Vec<i16> {
        (0..millis * 8)
            .map(|_| {
                *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let unit = i32::from((*state >> 16) as i16);
                // Even between the ends: its root mean square is 0.58 of the peak.
                i16::try_from(unit * i32::from(level) / 19_000).unwrap_or(i16::MAX)
            })
            .collect()
    }

    /// Syllables as people make them: loud, and quieter between.
    fn voice(level: i16, noise: i16, millis: usize, state: &mut u32) -> Vec<i16> {
        (0..millis / 200)
            .flat_map(|_| [samples(level, 140, state), samples(noise, 60, state)].concat())
            .collect()
    }

    /// When speech begins and ends, in milliseconds, and how many milliseconds of it were handed over.
    fn told(line: &[i16]) -> (Option<usize>, Option<usize>, usize) {
        let mut endpointer = Endpointer::default();
        let (mut begins, mut ends, mut speech) = (None, None, Vec::new());
        for (packet, samples) in line.chunks(160).enumerate() {
            let at = (packet + 1) * 20;
            match endpointer.listen(samples.iter().copied(), &mut speech) {
                Speech::Waiting => assert!(speech.is_empty()),
                Speech::Speaking => begins = begins.or(Some(at)),
                Speech::Over => ends = ends.or(Some(at)),
            }
        }
        (begins, ends, speech.len() / 8)
    }

    #[test]
    fn a_word_is_heard_whole() {
        let state = &mut 7;
        let line =
            [samples(20, 1_000, state), voice(4_000, 20, 600, state), samples(20, 2_000, state)].concat();
        let (begins, ends, heard) = told(&line);
        assert!((1_080..=1_140).contains(&begins.unwrap()), "{begins:?}");
        assert!((2_200..=2_300).contains(&ends.unwrap()), "{ends:?}");
        // All of it, and what was just before.
        assert!((1_500..=1_700).contains(&heard), "{heard}");
    }

    #[test]
    fn the_noise_of_the_line_is_no_speech_and_hides_none() {
        for noise in [0, 60, 300, 900] {
            let state = &mut 11;
            let quiet = samples(noise, 5_000, state);
            assert_eq!(told(&quiet), (None, None, 0), "noise of {noise}");
            let line = [quiet, voice(6_000, noise, 800, state), samples(noise, 1_500, state)].concat();
            let (begins, ends, _) = told(&line);
            assert!((5_060..=5_160).contains(&begins.unwrap()), "{begins:?} in noise of {noise}");
            assert!((6_400..=6_520).contains(&ends.unwrap()), "{ends:?} in noise of {noise}");
        }
    }

    #[test]
    fn a_pause_within_a_sentence_does_not_end_it() {
        let state = &mut 3;
        let word = voice(5_000, 30, 400, state);
        let line = [
            &samples(30, 400, state)[..],
            &word,
            &samples(30, 500, state),
            &word,
            &samples(30, 1_000, state),
        ];
        let (_, ends, _) = told(&line.concat());
        assert!((2_300..=2_500).contains(&ends.unwrap()), "{ends:?}");
    }

    #[test]
    fn clicks_are_no_speech() {
        let state = &mut 5;
        let click = samples(20_000, 40, state);
        let line: Vec<i16> =
            (0..10).flat_map(|_| [samples(20, 400, state), click.clone()].concat()).collect();
        assert_eq!(told(&line), (None, None, 0));
    }

    #[test]
    fn nobody_is_listened_to_for_ever() {
        let state = &mut 9;
        let line = [samples(20, 400, state), voice(5_000, 20, 30_000, state)].concat();
        let (_, ends, heard) = told(&line);
        assert!((15_400..=15_600).contains(&ends.unwrap()), "{ends:?}");
        assert!(heard <= 15_500, "{heard}");
    }

    #[test]
    fn a_noise_that_begins_and_stays_is_an_utterance_that_ends() {
        let state = &mut 13;
        let line = [samples(20, 1_000, state), samples(3_000, 10_000, state)].concat();
        let (begins, ends, _) = told(&line);
        assert!(begins.is_some());
        assert!((2_500..=4_500).contains(&ends.unwrap()), "{ends:?}");
    }

    #[test]
    fn when_packets_cease_so_does_the_utterance() {
        let mut endpointer = Endpointer::default();
        let state = &mut 1;
        let mut speech = Vec::new();
        endpointer.listen(samples(10, 200, state), &mut speech);
        assert_eq!(endpointer.cease(), Speech::Waiting);
        endpointer.listen(voice(5_000, 10, 400, state), &mut speech);
        assert_eq!(endpointer.speech(), Speech::Speaking);
        assert_eq!(endpointer.cease(), Speech::Over);
    }
}
