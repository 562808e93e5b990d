//! What was counted for limits, on disk: read when a server starts, so that a limit holds across restarts.

use flow_switch::boundary::Counted;
use rusqlite::{Connection, Transaction, params};

/// As many as are taken up; the newest matter most.
const MOST: i64 = 500_000;

/// Keeps one.
pub(crate) fn insert(transaction: &Transaction<'_>, counted: &Counted) -> rusqlite::Result<()> {
    let mut insert = transaction
        .prepare_cached("INSERT INTO counts (name, key, unix_millis, span_millis) VALUES (?1, ?2, ?3, ?4)")?;
    let span = i64::try_from(counted.span_millis).unwrap_or(i64::MAX);
    insert.execute(params![counted.limit, counted.key, counted.unix_millis, span]).map(drop)
}

/// Forgets those of a key.
pub(crate) fn clear(transaction: &Transaction<'_>, limit: &str, key: &str) -> rusqlite::Result<()> {
    let mut delete = transaction.prepare_cached("DELETE FROM counts WHERE name = ?1 AND key = ?2")?;
    delete.execute(params![limit, key]).map(drop)
}

/// Those that matter still at a time; the others are thrown away.
pub(crate) fn load(connection: &Connection, unix_millis: i64) -> rusqlite::Result<Vec<Counted>> {
    connection.execute("DELETE FROM counts WHERE unix_millis < ?1 - span_millis", [unix_millis])?;
    let mut rows = connection.prepare(
        "SELECT name, key, unix_millis, span_millis FROM counts ORDER BY unix_millis DESC LIMIT ?1",
    )?;
    let counted = rows.query_map([MOST], |row| {
        Ok(Counted {
            limit: row.get(0)?,
            key: row.get(1)?,
            unix_millis: row.get(2)?,
            span_millis: row.get::<_, i64>(3)?.max(0).unsigned_abs(),
        })
    })?;
    counted.collect()
}
