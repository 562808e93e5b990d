//! What was written, for people who look; a running server is not disturbed.

use std::path::Path;

use flow_switch::boundary::{CallRecord, Message};

use super::schema::{open_to_read, text};

/// Hands over the records of a state folder one by one, oldest first: there may be more of them than memory.
///
/// # Errors
/// When there is no such folder or it cannot be read, in words for people.
pub fn each_record(state: &Path, mut see: impl FnMut(CallRecord)) -> Result<(), String> {
    let connection = open_to_read(state)?;
    let mut rows = connection.prepare("SELECT record FROM records ORDER BY started, call").map_err(text)?;
    let rows = rows.query_map([], |row| row.get::<_, String>(0)).map_err(text)?;
    for row in rows {
        let json = row.map_err(text)?;
        see(serde_json::from_str(&json).map_err(|error| format!("a record cannot be read: {error}"))?);
    }
    Ok(())
}

/// The records of a state folder, oldest first.
///
/// # Errors
/// As [`each_record`].
pub fn read_records(state: &Path) -> Result<Vec<CallRecord>, String> {
    let mut records = Vec::new();
    each_record(state, |record| records.push(record))?;
    Ok(records)
}

/// The messages of a state folder, oldest first.
///
/// # Errors
/// As [`each_record`].
pub fn read_messages(state: &Path) -> Result<Vec<Message>, String> {
    let connection = open_to_read(state)?;
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
