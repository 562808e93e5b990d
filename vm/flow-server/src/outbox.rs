//! What calls send, and the messages that callers leave, on their way out: kept on disk, tried again with growing
//! pauses for a day, then listed as undelivered. Each is delivered at least once; its key goes along, so that who
//! gets it twice can tell.
//!
//! Changes of switches come by the same file ([`crate::levers`]).
//!
//! A thread of its own reads the store's file and writes down what became of each. It knows how to deliver by
//! HTTP and SMTP ([`deliver`]), and nothing of calls.

mod deliver;
mod mail;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flow_switch::boundary::{Message, Sent};
use rusqlite::{Connection, Transaction, params};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub use deliver::Destinations;
pub use mail::{EmailConfig, EmailTls};

use crate::error::StartError;
use crate::levers::{self, LeverChange};
use crate::metrics::Metrics;
use crate::records::{self, NewsSink};
use deliver::Carrier;

/// For how long a delivery is tried, in milliseconds.
const TRIED_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// The longest pause between two attempts.
const LONGEST_PAUSE_MILLIS: i64 = 10 * 60 * 1000;
/// For how long what is delivered is remembered.
const REMEMBERED_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// Deliveries at once.
const AT_ONCE: i64 = 16;
/// How often the file is looked at when nothing is said to be new.
const LOOK: Duration = Duration::from_secs(1);
/// How long a file that cannot be read is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// Told of each change of a switch, those of before the start included. Called on the outbox's thread.
pub(crate) type LeverSink = Box<dyn Fn(LeverChange) + Send>;

/// What is on its way, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its key, which goes along with each attempt.
    pub key: String,
    /// `crm.rate`, or `message`.
    pub what: String,
    /// The call that it came from.
    pub call: String,
    /// When it was handed over, in milliseconds since 1970.
    pub created: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub due: i64,
    /// `waiting`, `delivered` or `undelivered`.
    pub state: String,
    /// Why the last attempt came to nothing.
    pub reason: Option<String>,
}

/// What is to be delivered.
#[derive(Debug)]
enum Parcel {
    Sent(Sent),
    Message(Message),
}

/// Why an attempt came to nothing.
#[derive(Debug, PartialEq, Eq)]
struct Failure {
    reason: String,
    /// Whether another attempt cannot help.
    for_good: bool,
}

impl Failure {
    fn now(reason: impl Into<String>) -> Failure {
        Failure { reason: reason.into(), for_good: false }
    }

    fn for_good(reason: impl Into<String>) -> Failure {
        Failure { reason: reason.into(), for_good: true }
    }
}

/// Keeps something to be sent. What is there under the same key is the same.
pub(crate) fn insert(transaction: &Transaction<'_>, sent: &Sent) -> rusqlite::Result<()> {
    keep(transaction, &sent.key, "send", &sent.call, &json(sent)?, sent.unix_millis)
}

/// Keeps a message to be delivered, where it is to go anywhere.
pub(crate) fn insert_message(transaction: &Transaction<'_>, message: &Message) -> rusqlite::Result<()> {
    let goes = ["mailto:", "http:", "https:"].iter().any(|scheme| message.deliver_to.starts_with(scheme));
    if !goes {
        return Ok(());
    }
    let key = format!("message-{}", message.name);
    keep(transaction, &key, "message", &message.call, &json(message)?, message.unix_millis)
}

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn keep(
    transaction: &Transaction<'_>,
    key: &str,
    kind: &str,
    call: &str,
    sent: &str,
    created: i64,
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT OR IGNORE INTO outbox (key, kind, call, sent, created, due) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
    )?;
    insert.execute(params![key, kind, call, sent, created]).map(drop)
}

/// The thread that delivers.
pub(crate) struct Outbox {
    wake: UnboundedSender<()>,
}

impl Outbox {
    /// Starts it on the store's file.
    pub(crate) fn start(
        state: &Path,
        destinations: Destinations,
        news: NewsSink,
        lever_changed: LeverSink,
        metrics: Arc<Metrics>,
    ) -> Result<Outbox, StartError> {
        let (wake, woken) = unbounded_channel();
        let file = state.join(records::FILE);
        let folder = records::messages(state);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::System)?;
        let worker = Worker {
            levers: AtomicI64::new(0),
            lever_changed,
            file,
            carrier: Arc::new(Carrier::new(destinations, folder)),
            news,
            metrics,
        };
        std::thread::Builder::new()
            .name("outbox".to_owned())
            // It ends with the process: what is on disk goes on at the next start.
            .spawn(move || runtime.block_on(worker.run(woken)))
            .map_err(StartError::System)?;
        Ok(Outbox { wake })
    }

    /// Says that there is something new, from any thread.
    pub(crate) fn waker(&self) -> impl Fn() + Send + 'static {
        let wake = self.wake.clone();
        move || {
            // A thread that is gone delivers at the next start.
            let _ = wake.send(());
        }
    }
}

struct Worker {
    file: PathBuf,
    carrier: Arc<Carrier>,
    news: NewsSink,
    metrics: Arc<Metrics>,
    lever_changed: LeverSink,
    /// The last change that was told.
    levers: AtomicI64,
}

impl Worker {
    async fn run(self, mut woken: UnboundedReceiver<()>) {
        let mut failing = false;
        loop {
            let pause = match self.round().await {
                Ok(pause) => {
                    failing = false;
                    pause
                }
                Err(reason) => {
                    if !std::mem::replace(&mut failing, true) {
                        (self.news)(format!("what is to be sent cannot be read: {reason}; it waits"));
                    }
                    PAUSE
                }
            };
            if pause > Duration::ZERO && tokio::time::timeout(pause, woken.recv()).await == Ok(None) {
                return;
            }
            while woken.try_recv().is_ok() {}
        }
    }

    /// Delivers what is due, and tells how long to wait then.
    async fn round(&self) -> Result<Duration, String> {
        let now = now();
        let due = {
            let connection = records::open(&self.file)?;
            let told = self.levers.load(Ordering::Relaxed);
            let (changes, last) = levers::since(&connection, told).map_err(|error| error.to_string())?;
            self.levers.store(last, Ordering::Relaxed);
            for change in changes {
                (self.lever_changed)(change);
            }
            due(&connection, now).map_err(|error| error.to_string())?
        };
        let mut under_way = tokio::task::JoinSet::new();
        for (key, created, attempts, parcel) in due {
            let carrier = self.carrier.clone();
            under_way.spawn(async move {
                let result = match &parcel {
                    Some(parcel) => carrier.deliver(&key, parcel).await,
                    None => Err(Failure::for_good("what was kept cannot be read")),
                };
                (key, created, attempts, result)
            });
        }
        let mut results = Vec::new();
        while let Some(result) = under_way.join_next().await {
            results.extend(result);
        }
        let mut connection = records::open(&self.file)?;
        self.write_down(&mut connection, &results).map_err(|error| error.to_string())
    }

    fn write_down(
        &self,
        connection: &mut Connection,
        results: &[(String, i64, u32, Result<(), Failure>)],
    ) -> rusqlite::Result<Duration> {
        let now = now();
        let transaction = connection.transaction()?;
        for (key, created, attempts, result) in results {
            let attempts = attempts.saturating_add(1);
            let (state, due, reason) = match result {
                Ok(()) => ("delivered", now, None),
                Err(failure) => match next_attempt(*created, attempts, now).filter(|_| !failure.for_good) {
                    Some(due) => ("waiting", due, Some(&failure.reason)),
                    None => {
                        (self.news)(format!("{key} is given up: {}", failure.reason));
                        ("undelivered", now, Some(&failure.reason))
                    }
                },
            };
            transaction.execute(
                "UPDATE outbox SET state = ?2, attempts = ?3, due = ?4, reason = ?5 WHERE key = ?1",
                params![key, state, attempts, due, reason],
            )?;
        }
        transaction.execute(
            "DELETE FROM outbox WHERE state = 'delivered' AND due < ?1",
            [now - REMEMBERED_MILLIS],
        )?;
        let count = |state: &str| {
            transaction.query_row("SELECT COUNT(*) FROM outbox WHERE state = ?1", [state], |row| {
                row.get::<_, i64>(0)
            })
        };
        self.metrics.outbox_waiting.store(count("waiting")?.max(0) as u64, Ordering::Relaxed);
        self.metrics.outbox_undelivered.store(count("undelivered")?.max(0) as u64, Ordering::Relaxed);
        let next: Option<i64> =
            transaction
                .query_row("SELECT MIN(due) FROM outbox WHERE state = 'waiting'", [], |row| row.get(0))?;
        transaction.commit()?;
        let millis = next.map_or(i64::MAX, |due| due.saturating_sub(now)).max(0).unsigned_abs();
        Ok(Duration::from_millis(millis).min(LOOK))
    }
}

/// When an attempt is made again after so many; `None` when there is none.
fn next_attempt(created: i64, attempts: u32, now: i64) -> Option<i64> {
    let pause = (1000_i64 << attempts.saturating_sub(1).min(20)).min(LONGEST_PAUSE_MILLIS);
    let end = created.saturating_add(TRIED_MILLIS);
    (now < end).then(|| now.saturating_add(pause).min(end))
}

type Due = (String, i64, u32, Option<Parcel>);

fn due(connection: &Connection, now: i64) -> rusqlite::Result<Vec<Due>> {
    let mut rows = connection.prepare(
        "SELECT key, kind, sent, created, attempts FROM outbox
         WHERE state = 'waiting' AND due <= ?1 ORDER BY due, key LIMIT ?2",
    )?;
    let due = rows.query_map([now, AT_ONCE], |row| {
        let (kind, sent): (String, String) = (row.get(1)?, row.get(2)?);
        let parcel = match kind.as_str() {
            "message" => serde_json::from_str(&sent).ok().map(Parcel::Message),
            _ => serde_json::from_str(&sent).ok().map(Parcel::Sent),
        };
        Ok((row.get(0)?, row.get(3)?, row.get(4)?, parcel))
    })?;
    due.collect()
}

fn now() -> i64 {
    let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(unix.as_millis()).unwrap_or(i64::MAX)
}

/// What a state folder has to deliver, and what was delivered of late, oldest first. A running server is not
/// disturbed.
///
/// # Errors
/// When there is no such folder or it cannot be read, in words for people.
pub fn read_outbox(state: &Path) -> Result<Vec<OutboxEntry>, String> {
    let connection = records::open_to_read(state)?;
    let text = |error: rusqlite::Error| error.to_string();
    let there: i64 = connection
        .query_row("SELECT COUNT(*) FROM sqlite_master WHERE name = 'outbox'", [], |row| row.get(0))
        .map_err(text)?;
    if there == 0 {
        return Ok(Vec::new());
    }
    let mut rows = connection
        .prepare(
            "SELECT key, kind, sent, call, created, attempts, due, state, reason FROM outbox
             ORDER BY created, key",
        )
        .map_err(text)?;
    let rows = rows
        .query_map([], |row| {
            let (kind, sent): (String, String) = (row.get(1)?, row.get(2)?);
            let what = match (kind.as_str(), serde_json::from_str::<Sent>(&sent)) {
                ("send", Ok(sent)) => format!("{}.{}", sent.service, sent.operation),
                (kind, _) => kind.to_owned(),
            };
            Ok(OutboxEntry {
                key: row.get(0)?,
                what,
                call: row.get(3)?,
                created: row.get(4)?,
                attempts: row.get(5)?,
                due: row.get(6)?,
                state: row.get(7)?,
                reason: row.get(8)?,
            })
        })
        .map_err(text)?;
    rows.map(|row| row.map_err(text)).collect()
}

/// Lets what was given up be tried again, for another day; tells how many.
///
/// # Errors
/// As [`read_outbox`].
pub fn retry_outbox(state: &Path) -> Result<usize, String> {
    let connection = records::open_to_read(state)?;
    connection
        .execute(
            "UPDATE outbox SET state = 'waiting', created = ?1, due = ?1, attempts = 0 WHERE state = 'undelivered'",
            [now()],
        )
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
