//! The thread that writes recordings: WAV files that are playable at any moment up to their last second.
//!
//! The header is written again with each second of audio, so that a process that is killed leaves a whole file. What a
//! disk cannot take in time is bounded: beyond [`MAX_QUEUED`] samples the recording ends as failed, the call
//! goes on.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Instant;

use flow_media::{Event, MediaEvent, RecordingEnd, RecordingId, SessionId, wav_header};

use super::EventSink;
use super::call_file::CallFile;
use crate::threads;

/// Samples that may wait for the disk: 20 minutes of one call, a minute of twenty.
const MAX_QUEUED: usize = 10_000_000;
/// The header is made true again after so many samples: one second.
const REPAIR: u32 = 8_000;

/// Names one recording among all.
type Key = (SessionId, RecordingId);

enum Job {
    Begin(Key, PathBuf),
    /// One channel of a recorded call, from an instant on.
    BeginChannel(Key, PathBuf, u8, Instant),
    Samples(Key, Vec<i16>),
    End(Key, Event),
    /// An event that must not overtake the end of a recording.
    Report(MediaEvent),
}

/// The way to the writing thread, which ends when the last of these is dropped.
#[derive(Clone)]
pub(super) struct Recordings {
    jobs: Sender<Job>,
    queued: Arc<AtomicUsize>,
}

impl Recordings {
    pub(super) fn begin(&self, session: SessionId, id: RecordingId, path: PathBuf) {
        let _ = self.jobs.send(Job::Begin((session, id), path));
    }

    pub(super) fn begin_channel(&self, session: SessionId, id: RecordingId, path: PathBuf, channel: u8) {
        let _ = self.jobs.send(Job::BeginChannel((session, id), path, channel, Instant::now()));
    }

    pub(super) fn samples(&self, session: SessionId, id: RecordingId, samples: Vec<i16>) {
        let waiting = self.queued.fetch_add(samples.len(), Ordering::Relaxed);
        // An empty piece tells the writer that something is missing.
        let piece = if waiting > MAX_QUEUED {
            self.queued.fetch_sub(samples.len(), Ordering::Relaxed);
            Vec::new()
        } else {
            samples
        };
        let _ = self.jobs.send(Job::Samples((session, id), piece));
    }

    /// Finishes the file, then reports `event`, its `RecordingFinished`.
    pub(super) fn end(&self, session: SessionId, id: RecordingId, event: Event) {
        let _ = self.jobs.send(Job::End((session, id), event));
    }

    /// Reports an event after everything that was ordered before.
    pub(super) fn report(&self, event: MediaEvent) {
        let _ = self.jobs.send(Job::Report(event));
    }
}

/// Starts the thread.
pub(super) fn start(sink: EventSink) -> io::Result<(Recordings, JoinHandle<()>)> {
    let (jobs, incoming) = channel();
    let queued = Arc::new(AtomicUsize::new(0));
    let counter = queued.clone();
    let thread = threads::vital("recordings", move || write_all(&incoming, &counter, &sink))?;
    Ok((Recordings { jobs, queued }, thread))
}

fn write_all(jobs: &Receiver<Job>, queued: &AtomicUsize, sink: &EventSink) {
    let mut files: BTreeMap<Key, Option<WavFile>> = BTreeMap::new();
    let mut calls = Calls::default();
    for job in jobs {
        match job {
            Job::BeginChannel(key, path, channel, at) => calls.begin(key, path, channel, at),
            Job::Begin(key, path) => {
                files.insert(key, WavFile::create(&path).ok());
            }
            Job::Samples(key, samples) => {
                queued.fetch_sub(samples.len(), Ordering::Relaxed);
                if calls.append(key, &samples) {
                    continue;
                }
                if let Some(file) = files.get_mut(&key) {
                    let written = !samples.is_empty()
                        && file.as_mut().is_some_and(|file| file.append(&samples).is_ok());
                    if !written {
                        *file = None;
                    }
                }
            }
            Job::End(key, event) => {
                let whole = match calls.end(key) {
                    Some(whole) => whole,
                    None => files.remove(&key).flatten().is_some_and(|mut file| file.finish().is_ok()),
                };
                sink(MediaEvent::Session {
                    session: key.0,
                    event: if whole { event } else { failed(event) },
                });
            }
            Job::Report(event) => sink(event),
        }
    }
}

/// Recorded calls that are being written.
#[derive(Default)]
struct Calls {
    /// By path; `None` once a file could not be written.
    files: BTreeMap<PathBuf, Option<CallFile>>,
    channels: BTreeMap<Key, (PathBuf, usize)>,
}

impl Calls {
    fn begin(&mut self, key: Key, path: PathBuf, channel: u8, at: Instant) {
        let file = self.files.entry(path.clone()).or_insert_with(|| CallFile::open(&path, at).ok());
        if let Some(file) = file {
            file.begin(usize::from(channel), at);
        }
        self.channels.insert(key, (path, usize::from(channel)));
    }

    /// Takes samples that are of a call; says whether they are. An empty piece stands for what is lost.
    fn append(&mut self, key: Key, samples: &[i16]) -> bool {
        let Some((path, channel)) = self.channels.get(&key) else { return false };
        if let Some(file) = self.files.get_mut(path)
            && let Some(open) = file
            && open.append(*channel, samples).is_err()
        {
            *file = None;
        }
        true
    }

    /// A channel ends, and the file with the last; says whether it could be written.
    fn end(&mut self, key: Key) -> Option<bool> {
        let (path, channel) = self.channels.remove(&key)?;
        let file = self.files.get_mut(&path)?;
        let runs = match file {
            Some(open) => open.end(channel),
            None => Ok(false),
        };
        match runs {
            Ok(true) => Some(true),
            Ok(false) => {
                let whole = self.files.remove(&path).flatten().map(|mut file| file.finish());
                Some(matches!(whole, Some(Ok(()))))
            }
            Err(_) => {
                *file = None;
                Some(false)
            }
        }
    }
}

fn failed(event: Event) -> Event {
    match event {
        Event::RecordingFinished { id, duration, spoken, .. } => {
            Event::RecordingFinished { id, duration, spoken, end: RecordingEnd::Failed }
        }
        other => other,
    }
}

struct WavFile {
    file: File,
    samples: u32,
    unrepaired: u32,
}

impl WavFile {
    fn create(path: &Path) -> io::Result<WavFile> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = File::create(path)?;
        file.write_all(&wav_header(0))?;
        Ok(WavFile { file, samples: 0, unrepaired: 0 })
    }

    fn append(&mut self, samples: &[i16]) -> io::Result<()> {
        let octets: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.file.write_all(&octets)?;
        self.samples = self.samples.saturating_add(samples.len() as u32);
        self.unrepaired = self.unrepaired.saturating_add(samples.len() as u32);
        if self.unrepaired >= REPAIR {
            self.repair()?;
        }
        Ok(())
    }

    /// The file is whole, and on disk.
    fn finish(&mut self) -> io::Result<()> {
        self.repair()?;
        self.file.sync_data()
    }

    fn repair(&mut self) -> io::Result<()> {
        self.unrepaired = 0;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&wav_header(self.samples))?;
        self.file.seek(SeekFrom::End(0)).map(drop)
    }
}
