//! Switches of the flows, thrown from outside: each change is a row with who and when, written by `flowc switch` and
//! read here, so that the latest holds across restarts and every one can be looked up.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::records;

/// A change of a switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeverChange {
    /// The switch's name in the flows.
    pub name: String,
    /// Whether it was thrown, or put back.
    pub thrown: bool,
    /// Who did it.
    pub who: String,
    /// When, in milliseconds since 1970.
    pub unix_millis: i64,
}

/// Changes after a row, oldest first, and the last row.
pub(crate) fn since(connection: &Connection, row: i64) -> rusqlite::Result<(Vec<LeverChange>, i64)> {
    let mut rows = connection.prepare_cached(
        "SELECT name, thrown, who, unix_millis, rowid FROM levers WHERE rowid > ?1 ORDER BY rowid",
    )?;
    let mut last = row;
    let changes = rows.query_map([row], |row| {
        last = row.get(4)?;
        Ok(LeverChange { name: row.get(0)?, thrown: row.get(1)?, who: row.get(2)?, unix_millis: row.get(3)? })
    })?;
    let changes = changes.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok((changes, last))
}

/// Writes a change down; a server that runs on this folder takes it within a second.
///
/// # Errors
/// When there is no such folder or it cannot be written, in words for people.
pub fn change_lever(state: &Path, change: &LeverChange) -> Result<(), String> {
    let text = |error: rusqlite::Error| error.to_string();
    drop(records::open_to_read(state)?);
    let connection = records::open(&state.join(records::FILE))?;
    connection
        .execute(
            "INSERT INTO levers (name, thrown, who, unix_millis) VALUES (?1, ?2, ?3, ?4)",
            params![change.name, change.thrown, change.who, change.unix_millis],
        )
        .map(drop)
        .map_err(text)
}

/// Every change that was made, oldest first.
///
/// # Errors
/// As [`change_lever`].
pub fn read_levers(state: &Path) -> Result<Vec<LeverChange>, String> {
    drop(records::open_to_read(state)?);
    let connection = records::open(&state.join(records::FILE))?;
    since(&connection, 0).map(|(changes, _)| changes).map_err(|error| error.to_string())
}
