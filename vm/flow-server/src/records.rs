//! Call records and messages in SQLite: written in groups by a thread of their own, read by `flowc records`.
//!
//! A disk that is full, or a folder that is gone, is told of once; records wait for it to come back, as many as
//! [`WAITING`], while calls go on.

use std::collections::VecDeque;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use flow_switch::boundary::{CallRecord, Counted, Message, StoreId, Stored};
use rusqlite::{Connection, OpenFlags, Transaction, params};

use crate::error::StartError;
use crate::metrics::{self, Metrics};
use crate::{counts, outbox, promised, threads};

/// The file in the state folder.
pub(crate) const FILE: &str = "flowc.db";
/// The folder of messages in the state folder.
const MESSAGES: &str = "messages";
/// What may wait for the disk; beyond it records are lost, and counted.
const WAITING: usize = 65_536;
/// How long the first of a group waits for others.
const GROUP: Duration = Duration::from_millis(50);
/// How long a disk that took nothing is left alone.
const RETRY: Duration = Duration::from_secs(1);
/// The greatest group.
const LARGEST_GROUP: usize = 4_096;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS records (
    call TEXT PRIMARY KEY,
    flow TEXT NOT NULL,
    called TEXT NOT NULL,
    caller TEXT,
    started INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    record TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_time ON records (started);
CREATE TABLE IF NOT EXISTS messages (
    name TEXT PRIMARY KEY,
    call TEXT NOT NULL,
    deliver_to TEXT NOT NULL,
    caller TEXT,
    flow TEXT NOT NULL,
    block TEXT NOT NULL,
    unix_millis INTEGER NOT NULL,
    millis INTEGER NOT NULL,
    file TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    call TEXT NOT NULL,
    sent TEXT NOT NULL,
    created INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    reason TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS outbox_by_time ON outbox (state, due);
CREATE TABLE IF NOT EXISTS counts (
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    unix_millis INTEGER NOT NULL,
    span_millis INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS counts_by_key ON counts (name, key);
CREATE TABLE IF NOT EXISTS levers (
    name TEXT NOT NULL,
    thrown INTEGER NOT NULL,
    who TEXT NOT NULL,
    unix_millis INTEGER NOT NULL
);
";
/// Raised when the tables change, so that an older program does not misread a newer file.
const VERSION: i64 = 2;

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
}

impl Writer {
    fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let first = if self.unwritten.is_empty() {
                jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                jobs.recv_timeout(RETRY)
            };
            match first {
                Ok(first) => self.take(gather(first, jobs)),
                Err(RecvTimeoutError::Timeout) => self.write(&[]),
                Err(RecvTimeoutError::Disconnected) => break,
            }
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

    fn tell(&self, text: String) {
        (self.news)(text);
    }
}

/// The file of records, opened anew when somebody took it away.
struct Database {
    file: PathBuf,
    connection: Connection,
    /// The file behind the connection, as the system counts files.
    inode: u64,
}

impl Database {
    fn open(file: PathBuf) -> Result<Database, String> {
        let connection = open(&file)?;
        let inode = std::fs::metadata(&file).map_err(|error| error.to_string())?.ino();
        Ok(Database { file, connection, inode })
    }

    /// What is written to a file that has no name any more is lost without an error.
    fn reopen_if_gone(&mut self) -> Result<(), String> {
        if std::fs::metadata(&self.file).is_ok_and(|found| found.ino() == self.inode) {
            return Ok(());
        }
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        *self = Database::open(self.file.clone())?;
        Ok(())
    }

    fn write(
        &mut self,
        records: &[Box<CallRecord>],
        stores: &[(StoreId, Stored)],
        folder: &Path,
    ) -> Result<(), String> {
        self.reopen_if_gone()?;
        self.insert(records, stores, folder).map_err(|error| error.to_string())
    }

    fn insert(
        &mut self,
        records: &[Box<CallRecord>],
        stores: &[(StoreId, Stored)],
        folder: &Path,
    ) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT OR REPLACE INTO records (call, flow, called, caller, started, duration, outcome, record)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?;
            for record in records {
                let json = serde_json::to_string(record)
                    .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
                insert.execute(params![
                    record.call,
                    record.flow,
                    record.called,
                    record.caller,
                    record.started,
                    record.duration as i64,
                    metrics::outcome(&record.outcome),
                    json,
                ])?;
            }
            for (_, stored) in stores {
                match stored {
                    Stored::Message(message) => insert_message(&transaction, message, folder)?,
                    Stored::Sent(sent) => outbox::insert(&transaction, sent)?,
                    Stored::Counted(counted) => counts::insert(&transaction, counted)?,
                    Stored::Cleared { limit, key } => counts::clear(&transaction, limit, key)?,
                    promised => promised::write(&transaction, promised)?,
                }
            }
        }
        transaction.commit()
    }
}

/// A caller's message, and its delivery.
fn insert_message(transaction: &Transaction<'_>, message: &Message, folder: &Path) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT OR REPLACE INTO messages
         (name, call, deliver_to, caller, flow, block, unix_millis, millis, file)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    insert.execute(params![
        message.name,
        message.call,
        message.deliver_to,
        message.caller,
        message.flow,
        message.block,
        message.unix_millis,
        message.millis as i64,
        folder.join(format!("{}.wav", message.name)).to_string_lossy(),
    ])?;
    outbox::insert_message(transaction, message)
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

pub(crate) fn open(file: &Path) -> Result<Connection, String> {
    let text = |error: rusqlite::Error| error.to_string();
    let connection = Connection::open(file).map_err(text)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(text)?;
    // Committed groups survive the end of the process; the last ones may be lost with the power.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(text)?;
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(text)?;
    check_version(&connection)?;
    connection.execute_batch(SCHEMA).map_err(text)?;
    connection.execute_batch(promised::SCHEMA).map_err(text)?;
    connection.pragma_update(None, "user_version", VERSION).map_err(text)?;
    Ok(connection)
}

fn check_version(connection: &Connection) -> Result<(), String> {
    let version: i64 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|error| error.to_string())?;
    if version > VERSION {
        return Err(format!("it was written by a newer flowc (version {version} of its tables)"));
    }
    Ok(())
}

/// The records of a state folder, oldest first. A running server is not disturbed.
///
/// # Errors
/// When there is no such folder or it cannot be read, in words for people.
pub fn read_records(state: &Path) -> Result<Vec<CallRecord>, String> {
    let connection = open_to_read(state)?;
    let text = |error: rusqlite::Error| error.to_string();
    let mut rows = connection.prepare("SELECT record FROM records ORDER BY started, call").map_err(text)?;
    let rows = rows.query_map([], |row| row.get::<_, String>(0)).map_err(text)?;
    rows.map(|row| {
        let json = row.map_err(text)?;
        serde_json::from_str(&json).map_err(|error| format!("a record cannot be read: {error}"))
    })
    .collect()
}

/// The messages of a state folder, oldest first.
///
/// # Errors
/// As [`read_records`].
pub fn read_messages(state: &Path) -> Result<Vec<Message>, String> {
    let connection = open_to_read(state)?;
    let text = |error: rusqlite::Error| error.to_string();
    let mut rows = connection
        .prepare(
            "SELECT name, call, deliver_to, caller, flow, block, unix_millis, millis FROM messages
             ORDER BY unix_millis, name",
        )
        .map_err(text)?;
    let rows = rows
        .query_map([], |row| {
            Ok(Message {
                name: row.get(0)?,
                call: row.get(1)?,
                deliver_to: row.get(2)?,
                caller: row.get(3)?,
                flow: row.get(4)?,
                block: row.get(5)?,
                unix_millis: row.get(6)?,
                millis: row.get::<_, i64>(7)?.max(0) as u64,
            })
        })
        .map_err(text)?;
    rows.map(|row| row.map_err(text)).collect()
}

/// Whether a state folder has records.
pub(crate) fn is_there(state: &Path) -> bool {
    state.join(FILE).is_file()
}

pub(crate) fn open_to_read(state: &Path) -> Result<Connection, String> {
    let file = state.join(FILE);
    if !file.is_file() {
        return Err(format!("there are no call records in {}", state.display()));
    }
    // Reading a WAL needs its index, which a read-only connection cannot make; so the file is opened for
    // writing where it may be, and nothing is written.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&file, flags).map_err(|error| error.to_string())?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(|error| error.to_string())?;
    check_version(&connection)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flow_switch::boundary::{Outcome, Step};
    use std::sync::mpsc::channel;

    fn record(call: &str, started: i64) -> Box<CallRecord> {
        Box::new(CallRecord {
            flow: "support".into(),
            called: "+15550100".into(),
            caller_name: Some("Ada".into()),
            answered_after: Some(12),
            duration: 4_000,
            outcome: Outcome::CallerHungUp { block: "main".into() },
            way: vec![Step { flow: "support".into(), block: "main".into(), at: 0 }],
            ..CallRecord::new(call.into(), started)
        })
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("flow-server-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn records_and_messages_are_read_as_they_were_written_and_survive_a_restart() {
        let state = folder("records");
        let (tell, told) = channel();
        for round in 0..2 {
            let tell = tell.clone();
            let sink = Box::new(move |id: StoreId, stored| tell.send((id, stored)).unwrap());
            let store =
                Store::start(&state, sink, Box::new(drop), Box::new(|| ()), Arc::new(Metrics::default()))
                    .unwrap();
            assert!(store.record(record(&format!("b{round}"), 2_000)).is_ok());
            assert!(store.record(record(&format!("a{round}"), 1_000)).is_ok());
            let message = Message {
                name: format!("m{round}"),
                call: "a0".into(),
                deliver_to: "mailto:x@y.example".into(),
                caller: None,
                flow: "support".into(),
                block: "message".into(),
                unix_millis: 7,
                millis: 3_000,
            };
            assert!(store.store(StoreId(round), Stored::Message(message)).is_ok());
            assert_eq!(told.recv_timeout(Duration::from_secs(5)), Ok((StoreId(round), true)));
            store.finish();
        }
        let records = read_records(&state).unwrap();
        assert_eq!(records[0], *record("a0", 1_000));
        let calls: Vec<&str> = records.iter().map(|record| record.call.as_str()).collect();
        assert_eq!(calls, ["a0", "a1", "b0", "b1"]);
        assert_eq!(read_messages(&state).unwrap().len(), 2);
        std::fs::remove_dir_all(&state).unwrap();
    }

    /// A store, how its messages are answered, and its news.
    fn store(state: &Path) -> (Store, Receiver<(StoreId, bool)>, Receiver<String>) {
        let ((tell, told), (announce, news)) = (channel(), channel());
        let sink = Box::new(move |id: StoreId, stored| tell.send((id, stored)).unwrap());
        let announce = Box::new(move |text| announce.send(text).unwrap());
        (
            Store::start(state, sink, announce, Box::new(|| ()), Arc::new(Metrics::default())).unwrap(),
            told,
            news,
        )
    }

    fn message(name: &str) -> Stored {
        Stored::Message(Message {
            name: name.into(),
            call: "a0".into(),
            deliver_to: "mailto:x@y.example".into(),
            caller: None,
            flow: "support".into(),
            block: "message".into(),
            unix_millis: 7,
            millis: 3_000,
        })
    }

    #[test]
    fn records_go_to_a_new_file_when_the_folder_was_taken_away() {
        let state = folder("taken");
        let (store, told, news) = store(&state);
        assert!(store.store(StoreId(1), message("m1")).is_ok());
        assert_eq!(told.recv_timeout(Duration::from_secs(5)), Ok((StoreId(1), true)));
        std::fs::remove_dir_all(&state).unwrap();
        assert!(store.record(record("a", 1)).is_ok());
        store.finish();
        assert_eq!(news.iter().next(), None);
        assert_eq!(read_records(&state).unwrap().len(), 1);
        std::fs::remove_dir_all(&state).unwrap();
    }

    #[test]
    fn records_wait_for_a_disk_that_comes_back() {
        let state = folder("back");
        let (store, told, news) = store(&state);
        std::fs::remove_dir_all(&state).unwrap();
        // Where the folder was, nothing can be written now.
        std::fs::write(&state, "in the way").unwrap();
        assert!(store.record(record("a", 1)).is_ok());
        assert!(store.store(StoreId(1), message("m1")).is_ok());
        let answer = told.recv_timeout(Duration::from_secs(5));
        assert_eq!(answer, Ok((StoreId(1), false)), "who waits is told at once");
        let next = || news.recv_timeout(Duration::from_secs(5)).unwrap();
        assert!(next().starts_with("call records cannot be written to"));
        std::fs::remove_file(&state).unwrap();
        assert!(next().starts_with("call records can be written again; 1 "), "without another call");
        assert_eq!(read_records(&state).unwrap().len(), 1);
        store.finish();
        std::fs::remove_dir_all(&state).unwrap();
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let state = folder("nothing");
        assert!(read_records(&state).unwrap_err().starts_with("there are no call records in"));
        std::fs::create_dir_all(&state).unwrap();
        std::fs::write(state.join(FILE), "not a database at all, but long enough to look at").unwrap();
        assert!(read_records(&state).is_err());
        assert!(open(&state.join(FILE)).is_err());
        std::fs::remove_dir_all(&state).unwrap();
    }
}
