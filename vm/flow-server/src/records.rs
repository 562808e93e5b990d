//! Call records and messages in SQLite: written in groups by a thread of their own, read by `flowc records`.
//!
//! A disk that is full, or a folder that is gone, is told of once; records wait for it to come back, as many as
//! [`WAITING`], while calls go on.

mod database;
mod keep;
mod read;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use flow_switch::boundary::{CallRecord, Counted, StoreId, Stored};

use crate::error::StartError;
use crate::metrics::Metrics;
use crate::{counts, threads};
use database::Database;

pub use keep::Keep;
pub use read::{each_record, read_messages, read_records};
pub(crate) use schema::{Kept, is_there, open, open_to_read};

/// The file in the state folder.
pub(crate) const FILE: &str = "flowc.db";
/// The folder of messages in the state folder.
const MESSAGES: &str = "messages";
/// The folder of recordings of calls in the state folder.
const RECORDINGS: &str = "recordings";
/// What may wait for the disk; beyond it records are lost, and counted.
const WAITING: usize = 65_536;
/// How long the first of a group waits for others.
const GROUP: Duration = Duration::from_millis(50);
/// How long a disk that took nothing is left alone.
const RETRY: Duration = Duration::from_secs(1);
/// How often what is too old is looked for, and how soon again when there is much of it.
const FORGET: Duration = Duration::from_secs(60);
const FORGET_MORE: Duration = Duration::from_millis(200);
/// The greatest group.
const LARGEST_GROUP: usize = 4_096;

/// Told when what was asked to be stored is on disk, or cannot be. Called on the store's thread.
pub(crate) type StoredSink = Box<dyn Fn(StoreId, bool) + Send>;

/// Told what people should know of the disk. Called on the store's thread.
pub(crate) type NewsSink = Box<dyn Fn(String) + Send>;

/// Told when there is something new to be delivered. Called on the store's thread.
pub(crate) type KeptSink = Box<dyn Fn() + Send>;

enum Job {
    Record(Box<CallRecord>),
    Store(StoreId, Stored),
}

/// The way to the store's thread.
pub(crate) struct Store {
    jobs: Option<SyncSender<Job>>,
    writer: Option<JoinHandle<()>>,
    metrics: Arc<Metrics>,
}

impl Store {
    /// Opens the state folder, making it where it is not there, and starts the thread.
    pub(crate) fn start(
        state: &Path,
        sink: StoredSink,
        news: NewsSink,
        kept: KeptSink,
        keep: Keep,
        metrics: Arc<Metrics>,
    ) -> Result<Store, StartError> {
        let refused = |path: &Path, reason: String| StartError::State { path: path.to_owned(), reason };
        let folder = messages(state);
        std::fs::create_dir_all(&folder).map_err(|error| refused(&folder, error.to_string()))?;
        let file = state.join(FILE);
        let database = Database::open(file.clone()).map_err(|reason| refused(&file, reason))?;
        let (jobs, waiting) = sync_channel(WAITING);
        let writer = Writer {
            database,
            sink,
            metrics: metrics.clone(),
            folder,
            unwritten: VecDeque::new(),
            failed_at: None,
            news,
            kept,
            keep,
            forget_at: Instant::now(),
        };
        let writer = threads::vital("store", move || writer.run(&waiting)).map_err(StartError::System)?;
        Ok(Store { jobs: Some(jobs), writer: Some(writer), metrics })
    }

    /// Keeps a record, soon. Gives it back as lost when too much waits already.
    pub(crate) fn record(&self, record: Box<CallRecord>) -> Result<(), Lost> {
        self.send(Job::Record(record)).inspect_err(|_| {
            self.metrics.records_lost.fetch_add(1, Ordering::Relaxed);
        })
    }

    /// Keeps something at once; the sink is told.
    pub(crate) fn store(&self, id: StoreId, what: Stored) -> Result<(), Lost> {
        self.send(Job::Store(id, what))
    }

    fn send(&self, job: Job) -> Result<(), Lost> {
        self.jobs.as_ref().ok_or(Lost)?.try_send(job).map_err(|_| Lost)
    }

    /// Waits until everything is on disk, or cannot be.
    pub(crate) fn finish(mut self) {
        self.jobs = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// The store takes no more: its disk is too slow, or its thread is gone.
pub(crate) struct Lost;

/// Makes the state folder and its file where they are not there.
pub(crate) fn prepare(state: &Path) -> Result<(), StartError> {
    let refused = |path: &Path, reason: String| StartError::State { path: path.to_owned(), reason };
    let folder = messages(state);
    std::fs::create_dir_all(&folder).map_err(|error| refused(&folder, error.to_string()))?;
    let file = state.join(FILE);
    open(&file).map(drop).map_err(|reason| refused(&file, reason))
}

/// What was counted for limits before, as far as it matters still.
pub(crate) fn read_counts(state: &Path, unix_millis: i64) -> Result<Vec<Counted>, StartError> {
    let file = state.join(FILE);
    let refused = |reason: String| StartError::State { path: file.clone(), reason };
    let connection = open(&file).map_err(refused)?;
    counts::load(&connection, unix_millis).map_err(|error| refused(error.to_string()))
}

/// Where recordings of messages are.
pub(crate) fn messages(state: &Path) -> PathBuf {
    state.join(MESSAGES)
}

/// Where recordings of calls are.
pub(crate) fn recordings(state: &Path) -> PathBuf {
    state.join(RECORDINGS)
}

struct Writer {
    database: Database,
    sink: StoredSink,
    metrics: Arc<Metrics>,
    folder: PathBuf,
    /// Records that the disk did not take yet, oldest first.
    unwritten: VecDeque<Box<CallRecord>>,
    /// When the last attempt failed, if it did.
    failed_at: Option<Instant>,
    news: NewsSink,
    kept: KeptSink,
    keep: Keep,
    /// When what is too old is looked for.
    forget_at: Instant,
}

impl Writer {
    fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let patience = self.forget_at.saturating_duration_since(Instant::now());
            let patience = if self.unwritten.is_empty() { patience } else { patience.min(RETRY) };
            match jobs.recv_timeout(patience) {
                Ok(first) => self.take(gather(first, jobs)),
                Err(RecvTimeoutError::Timeout) if !self.unwritten.is_empty() => self.write(&[]),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.forget();
        }
        if !self.unwritten.is_empty() {
            self.write(&[]);
        }
        let lost = self.unwritten.len();
        self.metrics.records_lost.fetch_add(lost as u64, Ordering::Relaxed);
        if lost > 0 {
            self.tell(format!("{lost} call records are lost: they could not be written until the end"));
        }
    }

    /// Takes what has come. Records that cannot be written wait; whoever waits for an answer is told at once.
    fn take(&mut self, group: Vec<Job>) {
        let mut stores = Vec::new();
        for job in group {
            match job {
                Job::Record(record) => self.unwritten.push_back(record),
                Job::Store(id, what) => stores.push((id, what)),
            }
        }
        if !stores.is_empty() || self.failed_at.is_none_or(|at| at.elapsed() >= RETRY) {
            self.write(&stores);
        }
        let surplus = self.unwritten.len().saturating_sub(WAITING);
        self.unwritten.drain(..surplus);
        self.metrics.records_lost.fetch_add(surplus as u64, Ordering::Relaxed);
    }

    fn write(&mut self, stores: &[(StoreId, Stored)]) {
        let result = self.database.write(self.unwritten.make_contiguous(), stores, &self.folder);
        for (id, _) in stores {
            (self.sink)(*id, result.is_ok());
        }
        match result {
            Ok(()) => {
                if stores.iter().any(|(_, what)| matches!(what, Stored::Message(_) | Stored::Sent(_))) {
                    (self.kept)();
                }
                let count = self.unwritten.len();
                self.unwritten.clear();
                if self.failed_at.take().is_some() {
                    self.tell(format!("call records can be written again; {count} that waited are kept"));
                }
            }
            Err(reason) => {
                if self.failed_at.replace(Instant::now()).is_none() {
                    let file = self.database.file.display();
                    self.tell(format!("call records cannot be written to {file}: {reason}; they wait"));
                }
            }
        }
    }

    /// Throws away what is too old, a little at a time: whoever waits for the disk comes between.
    fn forget(&mut self) {
        if Instant::now() < self.forget_at {
            return;
        }
        // A file that cannot be written is told of where something is to be kept.
        let more = self.database.forget(self.keep, keep::now()).unwrap_or(false);
        self.forget_at = Instant::now() + if more { FORGET_MORE } else { FORGET };
    }

    fn tell(&self, text: String) {
        (self.news)(text);
    }
}

/// Waits a little for others, so that many calls share one write; a caller who waits for an answer does not.
fn gather(first: Job, jobs: &Receiver<Job>) -> Vec<Job> {
    let end = Instant::now() + GROUP;
    let mut urgent = matches!(first, Job::Store(..));
    let mut group = vec![first];
    while group.len() < LARGEST_GROUP {
        let patience = if urgent { Duration::ZERO } else { end.saturating_duration_since(Instant::now()) };
        match jobs.recv_timeout(patience) {
            Ok(job) => {
                urgent |= matches!(job, Job::Store(..));
                group.push(job);
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    group
}
