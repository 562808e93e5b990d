//! The file of the state folder: its tables, and how it is opened.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::FILE;
use crate::{orders, promised};

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
    reason TEXT,
    destination TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts (
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    unix_millis INTEGER NOT NULL,
    span_millis INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS counts_by_key ON counts (name, key);
CREATE INDEX IF NOT EXISTS messages_by_time ON messages (unix_millis);
CREATE TABLE IF NOT EXISTS levers (
    name TEXT NOT NULL,
    thrown INTEGER NOT NULL,
    who TEXT NOT NULL,
    unix_millis INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS levers_by_name ON levers (name);
";
/// Raised when the tables change, so that an older program does not misread a newer file.
const VERSION: i64 = 3;

/// What is indexed once every column is there.
const INDICES: &str = "
CREATE INDEX IF NOT EXISTS outbox_by_destination ON outbox (state, destination, due);
DROP INDEX IF EXISTS outbox_by_time;
";

/// Opens the file for writing, making what is not there.
pub(crate) fn open(file: &Path) -> Result<Connection, String> {
    let connection = Connection::open(file).map_err(text)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(text)?;
    // Committed groups survive the end of the process; of those that hold nothing but call records, the last ones
    // may be lost with the power ([`super::database`]).
    connection.pragma_update(None, "journal_mode", "WAL").map_err(text)?;
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(text)?;
    if check_version(&connection)? < VERSION {
        make(&connection).map_err(text)?;
    }
    Ok(connection)
}

/// Makes what is not there, whole or not at all: a server and a command may open an older file at once.
fn make(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let made = tables(connection);
    connection.execute_batch(if made.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    made
}

fn tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(SCHEMA)?;
    connection.execute_batch(promised::SCHEMA)?;
    connection.execute_batch(orders::SCHEMA)?;
    let columns = "SELECT COUNT(*) FROM pragma_table_info('outbox') WHERE name = 'destination'";
    if connection.query_row(columns, [], |row| row.get::<_, i64>(0))? == 0 {
        connection.execute_batch("ALTER TABLE outbox ADD COLUMN destination TEXT NOT NULL DEFAULT ''")?;
    }
    connection.execute_batch(INDICES)?;
    connection.pragma_update(None, "user_version", VERSION)
}

fn check_version(connection: &Connection) -> Result<i64, String> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(text)?;
    if version > VERSION {
        return Err(format!("it was written by a newer flowc (version {version} of its tables)"));
    }
    Ok(version)
}

/// A connection that is opened once, and anew when somebody took the file away.
pub(crate) struct Kept {
    file: PathBuf,
    /// With the file behind it, as the system counts files.
    open: Option<(Connection, u64)>,
}

impl Kept {
    pub(crate) fn new(file: PathBuf) -> Kept {
        Kept { file, open: None }
    }

    pub(crate) fn connection(&mut self) -> Result<&mut Connection, String> {
        let found = std::fs::metadata(&self.file).map(|found| found.ino()).ok();
        if self.open.as_ref().is_some_and(|(_, inode)| Some(*inode) != found) {
            self.open = None;
        }
        if self.open.is_none() {
            let connection = open(&self.file)?;
            let inode = std::fs::metadata(&self.file).map_err(|error| error.to_string())?.ino();
            self.open = Some((connection, inode));
        }
        match &mut self.open {
            Some((connection, _)) => Ok(connection),
            None => Err("the file is gone".to_owned()),
        }
    }
}

/// Whether a state folder has records.
pub(crate) fn is_there(state: &Path) -> bool {
    state.join(FILE).is_file()
}

/// Opens a file that is there, without making anything.
pub(crate) fn open_to_read(state: &Path) -> Result<Connection, String> {
    let file = state.join(FILE);
    if !file.is_file() {
        return Err(format!("there are no call records in {}", state.display()));
    }
    // Reading a WAL needs its index, which a read-only connection cannot make; so the file is opened for
    // writing where it may be, and nothing is written.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&file, flags).map_err(text)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(text)?;
    check_version(&connection)?;
    Ok(connection)
}

pub(super) fn text(error: rusqlite::Error) -> String {
    error.to_string()
}
