//! Ears: tones made, and tones recognised in what was recorded (Goertzel, per 20 ms).

use std::path::Path;

/// Samples per second of everything here.
pub const RATE: u32 = 8000;

/// Writes a sine tone as 16-bit mono WAV.
pub fn write_tone(path: &Path, hertz: f64, seconds: f64) {
    let tone = |at: f64| (at * hertz * std::f64::consts::TAU).sin() * 12_000.0;
    write(path, seconds, tone);
}

/// Writes what a voice looks like from afar: silence, then syllables for so many seconds, then silence until the
/// end.
pub fn write_voice(path: &Path, before: f64, speech: f64, seconds: f64) {
    write(path, seconds, |at| {
        let in_syllable = (at - before).rem_euclid(0.2) < 0.14;
        let loud = (before..before + speech).contains(&at) && in_syllable;
        if loud { (at * 300.0 * std::f64::consts::TAU).sin() * 12_000.0 } else { 0.0 }
    });
}

fn write(path: &Path, seconds: f64, level: impl Fn(f64) -> f64) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    let mut writer = hound::WavWriter::create(path, spec).expect("a WAV can be made");
    for at in 0..(seconds * f64::from(RATE)) as u32 {
        let sample = level(f64::from(at) / f64::from(RATE)) as i16;
        writer.write_sample(sample).expect("a sample can be written");
    }
    writer.finalize().expect("a WAV can be closed");
}

/// Reads what a phone recorded; a header that was never completed (the phone was ended) is read past.
pub fn read(path: &Path) -> Vec<i16> {
    let bytes = std::fs::read(path).unwrap_or_default();
    bytes.get(44..).unwrap_or_default().chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect()
}

/// How much of a frame's energy is at a frequency, from 0 to about 1.
fn share(frame: &[i16], hertz: f64) -> f64 {
    let k = 2.0 * (std::f64::consts::TAU * hertz / f64::from(RATE)).cos();
    let (mut a, mut b, mut energy) = (0.0, 0.0, 0.0);
    for sample in frame {
        let x = f64::from(*sample);
        energy += x * x;
        (a, b) = (x + k * a - b, a);
    }
    if energy < 1e5 * frame.len() as f64 {
        return 0.0;
    }
    (a * a + b * b - k * a * b) / (energy * frame.len() as f64 / 2.0)
}

/// One tone, for so many milliseconds; 0 Hz is silence or something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// What was heard.
    pub hertz: u32,
    /// For how long.
    pub millis: u32,
}

/// The sequence of tones in a recording, by those that may be there; anything shorter than 60 ms is left out.
pub fn tones(samples: &[i16], among: &[u32]) -> Vec<Heard> {
    let mut heard: Vec<Heard> = Vec::new();
    for frame in samples.chunks_exact(160) {
        let hertz = among.iter().copied().find(|hertz| share(frame, f64::from(*hertz)) > 0.6).unwrap_or(0);
        match heard.last_mut() {
            Some(last) if last.hertz == hertz => last.millis += 20,
            _ => heard.push(Heard { hertz, millis: 20 }),
        }
    }
    heard.retain(|tone| tone.millis >= 60);
    let mut joined: Vec<Heard> = Vec::new();
    for tone in heard {
        match joined.last_mut() {
            Some(last) if last.hertz == tone.hertz => last.millis += tone.millis,
            _ => joined.push(tone),
        }
    }
    joined
}

/// Milliseconds of one tone in all.
pub fn millis_of(heard: &[Heard], hertz: u32) -> u32 {
    heard.iter().filter(|tone| tone.hertz == hertz).map(|tone| tone.millis).sum()
}

/// The loudness of each 20 ms, for comparing a prompt with what arrived.
pub fn envelope(samples: &[i16]) -> Vec<f64> {
    samples
        .chunks_exact(160)
        .map(|frame| (frame.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / 160.0).sqrt())
        .collect()
}

/// The best correlation (−1 to 1) of the whole of `part` with any stretch of `whole`.
pub fn correlation(part: &[f64], whole: &[f64]) -> f64 {
    let norm = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let centred: Vec<f64> = values.iter().map(|v| v - mean).collect();
        let length = centred.iter().map(|v| v * v).sum::<f64>().sqrt().max(1e-9);
        centred.into_iter().map(|v| v / length).collect::<Vec<f64>>()
    };
    if part.is_empty() || whole.len() < part.len() {
        return 0.0;
    }
    let part = norm(part);
    whole
        .windows(part.len())
        .map(|window| norm(window).iter().zip(&part).map(|(a, b)| a * b).sum::<f64>())
        .fold(-1.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_recognised_and_another_is_not() {
        let folder = std::env::temp_dir().join(format!("flow-interop-tone-{}", std::process::id()));
        let path = folder.join("tone.wav");
        write_tone(&path, 600.0, 0.5);
        let heard = tones(&read(&path), &[400, 600, 800]);
        assert_eq!(heard, vec![Heard { hertz: 600, millis: 500 }]);
        std::fs::remove_dir_all(folder).expect("the folder can be removed");
    }

    #[test]
    fn a_prompt_is_found_in_a_longer_recording() {
        let prompt: Vec<f64> = (0..50).map(|i| f64::from((i * 7 % 13) * 100)).collect();
        let mut whole = vec![0.0; 30];
        whole.extend(prompt.iter().map(|v| v * 0.5));
        whole.extend([0.0; 20]);
        assert!(correlation(&prompt, &whole) > 0.99);
        let other: Vec<f64> = (0..50).map(|i| f64::from((i * 5 % 11) * 100)).collect();
        assert!(correlation(&other, &whole) < 0.8);
    }
}
