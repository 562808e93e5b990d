//! The writer's connection: groups go to disk as one transaction each.
//!
//! A group that somebody waits for is on the medium itself when it is said to be (`synchronous = FULL`): a promise
//! survives the loss of power. A group of call records alone survives the end of the process, and the last second
//! or so may be lost with the power.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use flow_switch::boundary::{CallRecord, Message, StoreId, Stored};
use rusqlite::{Connection, Transaction, params};

use super::keep::{self, Keep};
use super::schema::open;
use crate::{counts, metrics, outbox, promised};

/// The file of records, opened anew when somebody took it away.
pub(super) struct Database {
    pub(super) file: PathBuf,
    connection: Connection,
    /// The file behind the connection, as the system counts files.
    inode: u64,
    /// Whether each commit waits for the medium.
    full: bool,
}

impl Database {
    pub(super) fn open(file: PathBuf) -> Result<Database, String> {
        let connection = open(&file)?;
        let inode = std::fs::metadata(&file).map_err(|error| error.to_string())?.ino();
        Ok(Database { file, connection, inode, full: false })
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

    pub(super) fn write(
        &mut self,
        records: &[Box<CallRecord>],
        stores: &[(StoreId, Stored)],
        folder: &Path,
    ) -> Result<(), String> {
        self.reopen_if_gone()?;
        self.insert(records, stores, folder).map_err(|error| error.to_string())
    }

    /// Throws away some of what is too old to be kept; tells whether there may be more of it.
    pub(super) fn forget(&mut self, keep: Keep, now: i64) -> Result<bool, String> {
        self.reopen_if_gone()?;
        keep::forget(&mut self.connection, keep, now).map_err(|error| error.to_string())
    }

    fn insert(
        &mut self,
        records: &[Box<CallRecord>],
        stores: &[(StoreId, Stored)],
        folder: &Path,
    ) -> rusqlite::Result<()> {
        let full = !stores.is_empty();
        if full != self.full {
            self.connection.pragma_update(None, "synchronous", if full { "FULL" } else { "NORMAL" })?;
            self.full = full;
        }
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
