//! Composes the hold music and the tones of this folder: `cargo run -p flow-stdlib --example compose`.
//!
//! The music is ours: eight bars of quiet broken chords under a slow tune, in sines that die away like a struck
//! string, kept inside the telephone's band. Every note rings on past the end into the beginning, so that the
//! loop has no seam.

#![allow(clippy::disallowed_methods)]

use std::f64::consts::TAU;
use std::path::Path;

const RATE: usize = 8_000;
/// One beat at 84 to the minute, in samples; a whole number, so that the bars fall on samples.
const BEAT: usize = RATE * 60 / 84;
const BEATS: usize = 4;
/// The chord of each bar, as notes above 220 Hz in half tones, lowest first.
const CHORDS: [[i32; 4]; 8] = [
    [3, 7, 10, 14],  // C major seventh
    [0, 7, 12, 15],  // A minor
    [-4, 3, 8, 12],  // F major
    [-2, 5, 10, 14], // G major
    [-5, 2, 10, 14], // E minor
    [0, 7, 12, 15],  // A minor
    [5, 8, 12, 17],  // D minor
    [-2, 5, 8, 14],  // G seventh
];
/// The tune: bar, half beat in it, half beats that it lasts, half tones above 440 Hz.
const TUNE: [(usize, usize, usize, i32); 22] = [
    (0, 0, 3, 7),
    (0, 3, 1, 10),
    (0, 4, 4, 14),
    (1, 0, 3, 12),
    (1, 4, 2, 10),
    (1, 6, 2, 7),
    (2, 0, 4, 8),
    (2, 4, 2, 7),
    (2, 6, 2, 3),
    (3, 0, 6, 5),
    (4, 0, 3, 7),
    (4, 3, 1, 5),
    (4, 4, 4, 2),
    (5, 0, 3, 3),
    (5, 4, 2, 7),
    (5, 6, 2, 12),
    (6, 0, 4, 8),
    (6, 4, 2, 12),
    (6, 6, 2, 10),
    (7, 0, 4, 5),
    (7, 4, 2, 2),
    (7, 6, 2, 5),
];
/// The order in which a bar's half beats take the notes of its chord.
const BROKEN: [usize; 8] = [0, 2, 1, 3, 2, 1, 3, 2];
/// The loudest sample: 14 dB below full scale, with speech beside it in mind.
const PEAK: f64 = 6_500.0;

fn main() -> std::io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("sounds");
    write(&here.join("hold/calm.wav"), &hold())?;
    write(&here.join("tone/beep.wav"), &beep())?;
    write(&here.join("tone/working.wav"), &working())
}

fn hold() -> Vec<i16> {
    let mut loop_ = vec![0.0; CHORDS.len() * BEATS * BEAT];
    for (bar, chord) in CHORDS.iter().enumerate() {
        let start = bar * BEATS * BEAT;
        for (half, &voice) in BROKEN.iter().enumerate() {
            let accent = if half == 0 { 1.0 } else { 0.7 };
            strike(&mut loop_, start + half * BEAT / 2, pitch(220.0, chord[voice]), 1.4, 0.30 * accent);
        }
        // A pad under it, swelling and fading with the bar.
        for &note in &chord[1..] {
            swell(&mut loop_, start, BEATS * BEAT, pitch(220.0, note), 0.045);
        }
    }
    for (bar, half, length, note) in TUNE {
        let start = (bar * BEATS * 2 + half) * BEAT / 2;
        strike(&mut loop_, start, pitch(440.0, note), 0.5 + 0.3 * length as f64, 0.42);
    }
    let dry = loop_.clone();
    for (delay, level) in [(BEAT * 3 / 4, 0.22), (BEAT * 3 / 2, 0.10)] {
        for (n, sample) in dry.iter().enumerate() {
            let at = (n + delay) % loop_.len();
            loop_[at] += sample * level;
        }
    }
    let loudest = loop_.iter().fold(0.0f64, |most, sample| most.max(sample.abs()));
    loop_.iter().map(|sample| (sample / loudest * PEAK).round() as i16).collect()
}

fn pitch(base: f64, half_tones: i32) -> f64 {
    base * 2f64.powf(f64::from(half_tones) / 12.0)
}

/// A struck note: a soft attack, harmonics that die sooner than the ground note.
fn strike(into: &mut [f64], start: usize, hertz: f64, seconds: f64, level: f64) {
    let ring = (seconds * 3.0 * RATE as f64) as usize;
    for n in 0..ring {
        let time = n as f64 / RATE as f64;
        let attack = (time / 0.008).min(1.0);
        let sum: f64 = [(1.0, 1.0), (2.0, 0.28), (3.0, 0.10), (4.01, 0.04)]
            .iter()
            .filter(|(multiple, _)| multiple * hertz < 3_400.0)
            .map(|(multiple, part)| {
                part * (TAU * hertz * multiple * time).sin() * (-time * 3.0 * multiple / seconds).exp()
            })
            .sum();
        let at = (start + n) % into.len();
        into[at] += sum * attack * level;
    }
}

/// A soft note that comes and goes within its span.
fn swell(into: &mut [f64], start: usize, span: usize, hertz: f64, level: f64) {
    for n in 0..span {
        let time = n as f64 / RATE as f64;
        let shape = (TAU / 2.0 * n as f64 / span as f64).sin().powi(2);
        let at = (start + n) % into.len();
        into[at] += ((TAU * hertz * time).sin() + 0.6 * (TAU * hertz * 1.003 * time).sin()) * shape * level;
    }
}

/// "Speak after the tone": 300 ms of 1 kHz, softened at both ends.
fn beep() -> Vec<i16> {
    let count = RATE * 3 / 10;
    (0..count)
        .map(|n| {
            let edge = (n.min(count - 1 - n) as f64 / 80.0).min(1.0);
            ((TAU * 1_000.0 * n as f64 / RATE as f64).sin() * edge * 8_000.0).round() as i16
        })
        .collect()
}

/// "We are looking that up": two soft ticks and a pause, a second and a half that loops.
fn working() -> Vec<i16> {
    let mut samples = vec![0.0; RATE * 3 / 2];
    for (start, hertz) in [(0, 660.0), (RATE / 5, 520.0)] {
        for n in 0..RATE / 8 {
            let time = n as f64 / RATE as f64;
            samples[start + n] += (TAU * hertz * time).sin() * (time / 0.004).min(1.0) * (-time * 40.0).exp();
        }
    }
    samples.iter().map(|sample| (sample * 5_000.0).round() as i16).collect()
}

/// Writes 16-bit PCM, mono.
fn write(path: &Path, samples: &[i16]) -> std::io::Result<()> {
    let octets = samples.len() as u32 * 2;
    let mut file = b"RIFF".to_vec();
    file.extend((octets + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend((RATE as u32).to_le_bytes());
    file.extend((RATE as u32 * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(octets.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, file)
}
