//! The file of a recorded call: two channels, the caller left and the other right, as long as since its first channel
//! began.
//!
//! Each channel comes in pieces of its own; a frame is written once all channels that run have come so far. Where a
//! channel does not run it is silent. The header is made true with each second, so that a file is playable whatever
//! happens to the process.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

use flow_media::wav_header_of;

/// Octets before the sound.
const HEADER: u64 = 44;
/// Octets of a frame: two samples.
const FRAME: u64 = 4;
/// The header is made true again after so many frames: one second.
const REPAIR: u64 = 8_000;
/// How far one channel may be ahead of the other; beyond, the other is taken to be silent.
const AHEAD: usize = 80_000;

/// A file that is being written.
pub(super) struct CallFile {
    file: File,
    began: Instant,
    /// Frames in the file.
    written: u64,
    unrepaired: u64,
    channels: [Channel; 2],
}

#[derive(Default)]
struct Channel {
    /// How many legs write it: one, but for an instant at which one takes the place of another.
    running: usize,
    /// The place of the first sample that waits.
    next: u64,
    waiting: VecDeque<i16>,
}

impl Channel {
    /// How far it has come.
    fn end(&self) -> u64 {
        self.next + self.waiting.len() as u64
    }
}

impl CallFile {
    /// Opens a file; what is there is kept, and what comes goes behind it.
    pub(super) fn open(path: &Path, now: Instant) -> io::Result<CallFile> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        let length = file.metadata()?.len();
        let written = length.saturating_sub(HEADER) / FRAME;
        if length < HEADER {
            file.write_all(&wav_header_of(2, 0))?;
        }
        file.seek(SeekFrom::Start(HEADER + written * FRAME))?;
        let channels = [
            Channel { next: written, ..Channel::default() },
            Channel { next: written, ..Channel::default() },
        ];
        let passed = std::time::Duration::from_micros(written * 125);
        Ok(CallFile { file, began: now.checked_sub(passed).unwrap_or(now), written, unrepaired: 0, channels })
    }

    /// A channel begins to run.
    pub(super) fn begin(&mut self, channel: usize, now: Instant) {
        let at = (now.saturating_duration_since(self.began).as_micros() / 125) as u64;
        let channel = &mut self.channels[channel & 1];
        if channel.running == 0 && channel.waiting.is_empty() {
            channel.next = at.max(self.written);
        }
        channel.running += 1;
    }

    /// What a channel has.
    pub(super) fn append(&mut self, channel: usize, samples: &[i16]) -> io::Result<()> {
        self.channels[channel & 1].waiting.extend(samples);
        self.write_ready()
    }

    /// A channel does not run any more. Says whether another does.
    pub(super) fn end(&mut self, channel: usize) -> io::Result<bool> {
        let own = &mut self.channels[channel & 1];
        own.running = own.running.saturating_sub(1);
        self.write_ready()?;
        Ok(self.channels.iter().any(|channel| channel.running > 0))
    }

    /// The file is whole, and on disk.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.repair()?;
        self.file.sync_data()
    }

    fn write_ready(&mut self) -> io::Result<()> {
        let ends = self.channels.each_ref().map(Channel::end);
        let furthest = ends[0].max(ends[1]);
        // A channel that runs holds the other up, but not for ever.
        let held = self.channels.iter().filter(|channel| channel.running > 0).map(Channel::end).min();
        let until = held.unwrap_or(furthest).max(furthest.saturating_sub(AHEAD as u64)).min(furthest);
        if until <= self.written {
            return Ok(());
        }
        let mut octets = Vec::with_capacity(((until - self.written) * FRAME) as usize);
        for place in self.written..until {
            for channel in &mut self.channels {
                let sample = if place >= channel.next && !channel.waiting.is_empty() {
                    channel.next = place + 1;
                    channel.waiting.pop_front().unwrap_or(0)
                } else {
                    0
                };
                octets.extend(sample.to_le_bytes());
            }
        }
        self.file.write_all(&octets)?;
        self.unrepaired += until - self.written;
        self.written = until;
        for channel in &mut self.channels {
            channel.next = channel.next.max(until);
        }
        if self.unrepaired >= REPAIR {
            self.repair()?;
        }
        Ok(())
    }

    fn repair(&mut self) -> io::Result<()> {
        self.unrepaired = 0;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&wav_header_of(2, u32::try_from(self.written).unwrap_or(u32::MAX)))?;
        self.file.seek(SeekFrom::End(0)).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn path(name: &str) -> std::path::PathBuf {
        std::env::temp_dir().join(format!("flowc-call-file-{name}-{}.wav", std::process::id()))
    }

    /// Runs a file through `act` and gives its frames, as `left,right`.
    fn frames(name: &str, act: impl FnOnce(&mut CallFile, Instant)) -> Vec<(i16, i16)> {
        let path = path(name);
        let _ = std::fs::remove_file(&path);
        let now = Instant::now();
        let mut file = CallFile::open(&path, now).unwrap();
        act(&mut file, now);
        file.finish().unwrap();
        let reader = read_frames(&std::fs::read(&path).unwrap());
        std::fs::remove_file(&path).unwrap();
        reader
    }

    /// The frames of a WAV file of two channels, whose header is asked whether it is true.
    fn read_frames(octets: &[u8]) -> Vec<(i16, i16)> {
        assert_eq!(&octets[..4], b"RIFF");
        assert_eq!(octets[22], 2, "two channels");
        let length = u32::from_le_bytes(octets[40..44].try_into().unwrap()) as usize;
        assert_eq!(length, octets.len() - 44, "the header tells the length");
        let sample = |at: &[u8]| i16::from_le_bytes([at[0], at[1]]);
        octets[44..].chunks(4).map(|frame| (sample(frame), sample(&frame[2..]))).collect()
    }

    #[test]
    fn the_other_begins_where_the_talk_begins() {
        let told = frames("talk", |file, now| {
            file.begin(0, now);
            file.append(0, &[1; 16]).unwrap();
            file.begin(1, now + Duration::from_millis(3));
            file.append(0, &[2; 16]).unwrap();
            file.append(1, &[7; 8]).unwrap();
            assert!(file.end(1).unwrap());
            file.append(0, &[3; 8]).unwrap();
            assert!(!file.end(0).unwrap());
        });
        let expected: Vec<(i16, i16)> = (0..40)
            .map(|at| {
                (
                    match at {
                        0..16 => 1,
                        16..32 => 2,
                        _ => 3,
                    },
                    if (24..32).contains(&at) { 7 } else { 0 },
                )
            })
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn a_channel_that_says_nothing_does_not_hold_the_other_up_for_ever() {
        let told = frames("stuck", |file, now| {
            file.begin(0, now);
            file.begin(1, now);
            for _ in 0..20 {
                file.append(0, &[1; 8_000]).unwrap();
            }
            assert!(file.written >= 80_000, "{}", file.written);
            // A process that is killed here leaves a file that is playable but for its last second.
            let octets = std::fs::read(path("stuck")).unwrap();
            let told = u64::from(u32::from_le_bytes(octets[40..44].try_into().unwrap())) / FRAME;
            assert!(told + REPAIR > file.written, "{told} of {}", file.written);
        });
        assert!(told.len() >= 80_000);
    }
}
