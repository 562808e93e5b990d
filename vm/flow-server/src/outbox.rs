//! What calls send, and the messages that callers leave, on their way out: kept on disk, tried again with growing
//! pauses for a day, then listed as undelivered. Each is delivered at least once; its key goes along, so that who
//! gets it twice can tell.
//!
//! Each destination has a few deliveries under way at most, and one that keeps failing is left alone for a while: a
//! dead one holds up what goes there, and nothing else.
//!
//! A thread of its own reads the store's file and writes down what became of each. It knows how to deliver by
//! HTTP and SMTP ([`deliver`]), and nothing of calls.

mod deliver;
mod mail;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use flow_switch::boundary::{Message, Sent};
use rusqlite::{Connection, Transaction, params};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub use deliver::Destinations;
pub use mail::{EmailConfig, EmailTls};

use crate::error::StartError;
use crate::metrics::Metrics;
use crate::records::{self, Kept, NewsSink};
use crate::services::Guard;
use crate::threads;
use deliver::Carrier;

/// For how long a delivery is tried, in milliseconds.
const TRIED_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// The longest pause between two attempts.
const LONGEST_PAUSE_MILLIS: i64 = 10 * 60 * 1000;
/// For how long what is delivered is remembered.
const REMEMBERED_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// Deliveries at once, in all and to one destination.
const AT_ONCE: usize = 64;
const AT_ONE_DESTINATION: usize = 4;
/// As many destinations as are looked at in one round.
const MOST_DESTINATIONS: i64 = 1_000;
/// How often the file is looked at when nothing is said to be new.
const LOOK: Duration = Duration::from_secs(1);
/// How long a file that cannot be read is left alone.
const PAUSE: Duration = Duration::from_secs(1);

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
    let destination = format!("send {}", sent.service);
    keep(transaction, &sent.key, "send", &destination, &sent.call, &json(sent)?, sent.unix_millis)
}

/// Keeps a message to be delivered, where it is to go anywhere.
pub(crate) fn insert_message(transaction: &Transaction<'_>, message: &Message) -> rusqlite::Result<()> {
    let goes = ["mailto:", "http:", "https:"].iter().any(|scheme| message.deliver_to.starts_with(scheme));
    if !goes {
        return Ok(());
    }
    let key = format!("message-{}", message.name);
    // One server takes all e-mail; what is posted goes to a host each.
    let (scheme, rest) = message.deliver_to.split_once(':').unwrap_or_default();
    let destination = match scheme {
        "mailto" => "message mail".to_owned(),
        _ => format!("message {}", rest.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default()),
    };
    keep(transaction, &key, "message", &destination, &message.call, &json(message)?, message.unix_millis)
}

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn keep(
    transaction: &Transaction<'_>,
    key: &str,
    kind: &str,
    destination: &str,
    call: &str,
    sent: &str,
    created: i64,
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT OR IGNORE INTO outbox (key, kind, call, sent, created, due, destination)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
    )?;
    insert.execute(params![key, kind, call, sent, created, destination]).map(drop)
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
        metrics: Arc<Metrics>,
    ) -> Result<Outbox, StartError> {
        let (wake, woken) = unbounded_channel();
        let file = state.join(records::FILE);
        let folder = records::messages(state);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::System)?;
        let worker = Worker {
            carrier: Arc::new(Carrier::new(destinations, folder)),
            file: Kept::new(file),
            news,
            metrics,
            lanes: BTreeMap::new(),
            counted_at: None,
        };
        // It ends with the process: what is on disk goes on at the next start.
        threads::vital("outbox", move || runtime.block_on(worker.run(woken))).map_err(StartError::System)?;
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

/// What is known of one destination: one that hangs or fails holds up nothing but itself.
#[derive(Default)]
struct Lane {
    guard: Guard,
    /// Keys of what is on its way there.
    under_way: BTreeSet<String>,
}

/// An attempt that is over.
struct Attempt {
    destination: String,
    key: String,
    created: i64,
    attempts: u32,
    result: Result<(), Failure>,
}

struct Worker {
    file: Kept,
    carrier: Arc<Carrier>,
    news: NewsSink,
    metrics: Arc<Metrics>,
    lanes: BTreeMap<String, Lane>,
    counted_at: Option<Instant>,
}

impl Worker {
    async fn run(mut self, mut woken: UnboundedReceiver<()>) {
        let (done, mut over) = unbounded_channel::<Attempt>();
        let mut failing = false;
        // Results that the file did not take yet.
        let mut results: Vec<Attempt> = Vec::new();
        loop {
            while let Ok(attempt) = over.try_recv() {
                self.end(&attempt);
                results.push(attempt);
            }
            let pause = match self.round(&mut results, &done) {
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
            tokio::select! {
                attempt = over.recv() => {
                    if let Some(attempt) = attempt {
                        self.end(&attempt);
                        results.push(attempt);
                    }
                }
                word = woken.recv() => {
                    if word.is_none() {
                        return;
                    }
                    while woken.try_recv().is_ok() {}
                }
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// An attempt is over: its destination has room for another.
    fn end(&mut self, attempt: &Attempt) {
        if let Some(lane) = self.lanes.get_mut(&attempt.destination) {
            lane.under_way.remove(&attempt.key);
            lane.guard.over(Instant::now(), attempt.result.is_err());
        }
    }

    /// Writes down what came of attempts, begins others, and tells how long to wait then.
    fn round(
        &mut self,
        results: &mut Vec<Attempt>,
        done: &UnboundedSender<Attempt>,
    ) -> Result<Duration, String> {
        let now = now();
        let text = |error: rusqlite::Error| error.to_string();
        let connection = self.file.connection()?;
        if !results.is_empty() {
            let given_up = write_down(connection, results, now).map_err(text)?;
            results.clear();
            given_up.into_iter().for_each(|text| (self.news)(text));
        }
        let waiting = destinations(connection).map_err(text)?;
        self.lanes.retain(|name, lane| !lane.under_way.is_empty() || waiting.contains(name));
        let mut all: usize = self.lanes.values().map(|lane| lane.under_way.len()).sum();
        for destination in waiting {
            let lane = self.lanes.entry(destination.clone()).or_default();
            let room =
                AT_ONE_DESTINATION.saturating_sub(lane.under_way.len()).min(AT_ONCE.saturating_sub(all));
            if room == 0 {
                continue;
            }
            let due = due(connection, &destination, now, lane.under_way.len() + room).map_err(text)?;
            let fresh: Vec<Due> = due.into_iter().filter(|due| !lane.under_way.contains(&due.0)).collect();
            for (key, created, attempts, parcel) in fresh.into_iter().take(room) {
                // A destination that keeps failing is left alone for a while; that costs nobody an attempt.
                if lane.guard.begin(Instant::now()).is_err() {
                    break;
                }
                lane.under_way.insert(key.clone());
                all += 1;
                let (carrier, done, destination) = (self.carrier.clone(), done.clone(), destination.clone());
                tokio::spawn(async move {
                    let result = match &parcel {
                        Some(parcel) => carrier.deliver(&key, parcel).await,
                        None => Err(Failure::for_good("what was kept cannot be read")),
                    };
                    // The loop outlives its deliveries, or the process is ending.
                    let _ = done.send(Attempt { destination, key, created, attempts, result });
                });
            }
        }
        if self.counted_at.is_none_or(|at| at.elapsed() >= LOOK) {
            self.counted_at = Some(Instant::now());
            count(connection, &self.metrics, now).map_err(text)?;
        }
        let next: Option<i64> = connection
            .query_row("SELECT MIN(due) FROM outbox WHERE state = 'waiting' AND due > ?1", [now], |row| {
                row.get(0)
            })
            .map_err(text)?;
        let millis = next.map_or(i64::MAX, |due| due.saturating_sub(now)).max(0).unsigned_abs();
        Ok(Duration::from_millis(millis).min(LOOK))
    }
}

/// Writes down what came of attempts; tells of what is given up.
fn write_down(connection: &mut Connection, results: &[Attempt], now: i64) -> rusqlite::Result<Vec<String>> {
    let mut given_up = Vec::new();
    let transaction = connection.transaction()?;
    for Attempt { key, created, attempts, result, .. } in results {
        let attempts = attempts.saturating_add(1);
        let (state, due, reason) = match result {
            Ok(()) => ("delivered", now, None),
            Err(failure) => match next_attempt(*created, attempts, now).filter(|_| !failure.for_good) {
                Some(due) => ("waiting", due, Some(&failure.reason)),
                None => {
                    given_up.push(format!("{key} is given up: {}", failure.reason));
                    ("undelivered", now, Some(&failure.reason))
                }
            },
        };
        transaction.execute(
            "UPDATE outbox SET state = ?2, attempts = ?3, due = ?4, reason = ?5 WHERE key = ?1",
            params![key, state, attempts, due, reason],
        )?;
    }
    transaction.commit()?;
    Ok(given_up)
}

/// Forgets what was delivered long ago, and counts the rest.
fn count(connection: &Connection, metrics: &Metrics, now: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM outbox WHERE state = 'delivered' AND due < ?1")?
        .execute([now - REMEMBERED_MILLIS])?;
    let count = |state: &str| {
        connection
            .prepare_cached("SELECT COUNT(*) FROM outbox WHERE state = ?1")?
            .query_row([state], |row| row.get::<_, i64>(0))
    };
    metrics.outbox_waiting.store(count("waiting")?.max(0).unsigned_abs(), Ordering::Relaxed);
    metrics.outbox_undelivered.store(count("undelivered")?.max(0).unsigned_abs(), Ordering::Relaxed);
    Ok(())
}

/// Where something waits to be delivered; each is looked up by its index, however much waits for it.
fn destinations(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut rows = connection.prepare_cached(
        "WITH RECURSIVE each(name) AS (
             SELECT MIN(destination) FROM outbox WHERE state = 'waiting'
             UNION ALL
             SELECT (SELECT MIN(destination) FROM outbox WHERE state = 'waiting' AND destination > each.name)
             FROM each WHERE each.name IS NOT NULL)
         SELECT name FROM each WHERE name IS NOT NULL LIMIT ?1",
    )?;
    let names = rows.query_map([MOST_DESTINATIONS], |row| row.get(0))?;
    names.collect()
}

/// When an attempt is made again after so many; `None` when there is none.
fn next_attempt(created: i64, attempts: u32, now: i64) -> Option<i64> {
    let pause = (1000_i64 << attempts.saturating_sub(1).min(20)).min(LONGEST_PAUSE_MILLIS);
    let end = created.saturating_add(TRIED_MILLIS);
    (now < end).then(|| now.saturating_add(pause).min(end))
}

type Due = (String, i64, u32, Option<Parcel>);

/// The first that are due at a destination.
fn due(connection: &Connection, destination: &str, now: i64, most: usize) -> rusqlite::Result<Vec<Due>> {
    let mut rows = connection.prepare_cached(
        "SELECT key, kind, sent, created, attempts FROM outbox
         WHERE state = 'waiting' AND destination = ?1 AND due <= ?2 ORDER BY due, key LIMIT ?3",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let due = rows.query_map(params![destination, now, most], |row| {
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
