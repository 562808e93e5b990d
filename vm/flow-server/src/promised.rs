//! Calls that we make, in SQLite: promised callbacks and campaigns row by row, and the programs that they were
//! booked on, as files beside them.

use std::io::Write;
use std::path::{Path, PathBuf};

use flow_switch::boundary::{Callback, CallbackState, CampaignRow, CampaignRun, RowState, Stored};
use rusqlite::{Connection, Transaction, params};

use crate::records;

/// The folder of programs in the state folder.
const PROGRAMS: &str = "programs";

pub(crate) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS callbacks (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    queue TEXT NOT NULL,
    program TEXT NOT NULL,
    booked INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    callback TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS callbacks_waiting ON callbacks (waiting, booked);
CREATE TABLE IF NOT EXISTS campaigns (
    id TEXT PRIMARY KEY,
    campaign TEXT NOT NULL,
    program TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS campaign_rows (
    run TEXT NOT NULL,
    row INTEGER NOT NULL,
    datum TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (run, row)
) WITHOUT ROWID;
";

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// Writes what is kept of calls that we make; messages are another file's.
pub(crate) fn write(transaction: &Transaction<'_>, what: &Stored) -> rusqlite::Result<()> {
    match what {
        Stored::Callback(row) => {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO callbacks (id, number, queue, program, booked, waiting, callback)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    row.id,
                    row.number,
                    row.queue,
                    row.program,
                    row.booked,
                    row.state == CallbackState::Waiting,
                    json(row)?
                ])?;
        }
        Stored::Campaign(run) => {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO campaigns (id, campaign, program, started, ended)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![run.id, run.campaign, run.program, run.started, run.ended])?;
            let mut insert = transaction.prepare_cached(
                "INSERT OR REPLACE INTO campaign_rows (run, row, datum, attempts, next, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (index, row) in (0_i64..).zip(&run.rows) {
                let (datum, state) = (json(&row.row)?, json(&row.state)?);
                insert.execute(params![run.id, index, datum, row.attempts, row.next, state])?;
            }
        }
        Stored::CampaignRow { run, row, attempts, next, state } => {
            transaction
                .prepare_cached(
                    "UPDATE campaign_rows SET attempts = ?3, next = ?4, state = ?5 WHERE run = ?1 AND row = ?2",
                )?
                .execute(params![run, row, attempts, next, json(state)?])?;
        }
        Stored::CampaignEnded { run, at } => {
            transaction
                .prepare_cached("UPDATE campaigns SET ended = ?2 WHERE id = ?1")?
                .execute(params![run, at])?;
        }
        // What calls leave otherwise is written beside this.
        _ => {}
    }
    Ok(())
}

/// The callbacks of a state folder, oldest first; a running server is not disturbed.
///
/// # Errors
/// When there is no such folder or it cannot be read, in words for people.
pub fn read_callbacks(state: &Path) -> Result<Vec<Callback>, String> {
    callbacks(&records::open_to_read(state)?, "SELECT callback FROM callbacks ORDER BY booked, id")
}

fn callbacks(connection: &Connection, query: &str) -> Result<Vec<Callback>, String> {
    let text = |error: rusqlite::Error| error.to_string();
    let mut rows = connection.prepare(query).map_err(text)?;
    let rows = rows.query_map([], |row| row.get::<_, String>(0)).map_err(text)?;
    rows.map(|row| {
        let json = row.map_err(text)?;
        serde_json::from_str(&json).map_err(|error| format!("a callback cannot be read: {error}"))
    })
    .collect()
}

/// The campaigns of a state folder, oldest first, with their rows.
///
/// # Errors
/// As [`read_callbacks`].
pub fn read_campaigns(state: &Path) -> Result<Vec<CampaignRun>, String> {
    let connection = records::open_to_read(state)?;
    runs(&connection, "SELECT id, campaign, program, started, ended FROM campaigns ORDER BY started, id")
}

fn runs(connection: &Connection, query: &str) -> Result<Vec<CampaignRun>, String> {
    let text = |error: rusqlite::Error| error.to_string();
    let mut heads = connection.prepare(query).map_err(text)?;
    let heads = heads.query_map([], head);
    let mut runs = heads.map_err(text)?.collect::<Result<Vec<CampaignRun>, _>>().map_err(text)?;
    let mut rows = connection
        .prepare("SELECT datum, attempts, next, state FROM campaign_rows WHERE run = ?1 ORDER BY row")
        .map_err(text)?;
    let unreadable = |error: serde_json::Error| format!("a row of a campaign cannot be read: {error}");
    for run in &mut runs {
        let found = rows.query_map([&run.id], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?))
        });
        for row in found.map_err(text)? {
            let (datum, attempts, next, state) = row.map_err(text)?;
            let state: RowState = serde_json::from_str(&state).map_err(unreadable)?;
            let row = serde_json::from_str(&datum).map_err(unreadable)?;
            run.rows.push(CampaignRow { row, attempts, next, state });
        }
    }
    Ok(runs)
}

/// The last run of a campaign on a state folder, without its rows.
pub(crate) fn last_run(state: &Path, campaign: &str) -> Result<Option<CampaignRun>, String> {
    let text = |error: rusqlite::Error| error.to_string();
    let connection = records::open_to_read(state)?;
    let mut rows = connection
        .prepare(
            "SELECT id, campaign, program, started, ended FROM campaigns WHERE campaign = ?1
             ORDER BY started DESC, id DESC LIMIT 1",
        )
        .map_err(text)?;
    let mut found = rows.query_map([campaign], head).map_err(text)?;
    found.next().transpose().map_err(text)
}

fn head(row: &rusqlite::Row<'_>) -> rusqlite::Result<CampaignRun> {
    Ok(CampaignRun {
        id: row.get(0)?,
        campaign: row.get(1)?,
        program: row.get(2)?,
        started: row.get(3)?,
        ended: row.get(4)?,
        rows: Vec::new(),
    })
}

/// What is still to be called.
#[derive(Debug, Default)]
pub struct Promised {
    /// Callbacks that wait, oldest first.
    pub callbacks: Vec<Callback>,
    /// Campaigns with rows to be called.
    pub campaigns: Vec<CampaignRun>,
}

impl Promised {
    /// The identities of the programs that it was booked on.
    pub fn programs(&self) -> Vec<&str> {
        let callbacks = self.callbacks.iter().map(|callback| callback.program.as_str());
        let mut all: Vec<&str> =
            callbacks.chain(self.campaigns.iter().map(|run| run.program.as_str())).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// What a state folder has still to be called: nothing where there is no such folder yet.
///
/// # Errors
/// When it cannot be read, in words for people.
pub fn promised(state: &Path) -> Result<Promised, String> {
    if !records::is_there(state) {
        return Ok(Promised::default());
    }
    let connection = records::open_to_read(state)?;
    // A file of before there were callbacks.
    connection.execute_batch(SCHEMA).map_err(|error| error.to_string())?;
    Ok(Promised {
        callbacks: callbacks(
            &connection,
            "SELECT callback FROM callbacks WHERE waiting ORDER BY booked, id",
        )?,
        campaigns: runs(
            &connection,
            "SELECT id, campaign, program, started, ended FROM campaigns WHERE ended IS NULL ORDER BY started, id",
        )?,
    })
}

fn program_file(state: &Path, identity: &str) -> PathBuf {
    state.join(PROGRAMS).join(format!("{identity}.flowb"))
}

/// The bytes of a program that was kept.
///
/// # Errors
/// When it cannot be read, in words for people.
pub fn read_program(state: &Path, identity: &str) -> Result<Vec<u8>, String> {
    let file = program_file(state, identity);
    std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Keeps a program for the calls that it may promise, and drops those that nothing waits for any more.
pub(crate) fn keep_program(
    state: &Path,
    identity: &str,
    bytes: &[u8],
    wanted: &[&str],
) -> std::io::Result<()> {
    let folder = state.join(PROGRAMS);
    std::fs::create_dir_all(&folder)?;
    let file = program_file(state, identity);
    if !file.exists() {
        // Whole or not at all.
        let part = file.with_extension("part");
        let mut written = std::fs::File::create(&part)?;
        written.write_all(bytes)?;
        written.sync_all()?;
        std::fs::rename(&part, &file)?;
        // Its name is on disk as well, before anything is promised on it.
        std::fs::File::open(&folder)?.sync_all()?;
    }
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if name != identity && !wanted.contains(&name) {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}
