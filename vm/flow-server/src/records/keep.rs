//! For how long what is written is kept.

use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, params};

/// For how long, when the deployment says nothing.
const USUAL_DAYS: u32 = 400;
/// Rows that are thrown away in one go.
const AT_ONCE: usize = 500;

/// For how long a state folder keeps what is over. What is still to be done is kept until it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Days, for call records, finished callbacks and campaigns, changes of switches, and what could not be
    /// delivered.
    pub days: u32,
}

impl Default for Keep {
    fn default() -> Keep {
        Keep { days: USUAL_DAYS }
    }
}

pub(super) fn now() -> i64 {
    let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(unix.as_millis()).unwrap_or(i64::MAX)
}

/// What is too old, by table: `?1` is the time before which a thing is forgotten, `?2` how many at once.
const OLD: &[&str] = &[
    "DELETE FROM records WHERE call IN (SELECT call FROM records WHERE started < ?1 ORDER BY started LIMIT ?2)",
    "DELETE FROM callbacks WHERE id IN
         (SELECT id FROM callbacks WHERE NOT waiting AND booked < ?1 ORDER BY booked LIMIT ?2)",
    "DELETE FROM campaign_rows WHERE (run, row) IN
         (SELECT run, row FROM campaign_rows WHERE run IN (SELECT id FROM campaigns WHERE ended < ?1) LIMIT ?2)",
    // The last run of each campaign says that it was called already.
    "DELETE FROM campaigns WHERE id IN
         (SELECT id FROM campaigns AS old WHERE ended < ?1
          AND NOT EXISTS (SELECT 1 FROM campaign_rows WHERE run = old.id)
          AND EXISTS (SELECT 1 FROM campaigns AS new WHERE new.campaign = old.campaign AND new.started > old.started)
          LIMIT ?2)",
    "DELETE FROM outbox WHERE key IN
         (SELECT key FROM outbox WHERE state = 'undelivered' AND due < ?1 LIMIT ?2)",
    // The last change of each switch says where it stands.
    "DELETE FROM levers WHERE rowid IN
         (SELECT rowid FROM levers AS old WHERE unix_millis < ?1
          AND EXISTS (SELECT 1 FROM levers AS new WHERE new.name = old.name AND new.rowid > old.rowid) LIMIT ?2)",
    "DELETE FROM orders WHERE rowid IN
         (SELECT rowid FROM orders AS old WHERE unix_millis < ?1 AND answer IS NOT NULL
          AND (kind <> 'agent' OR EXISTS (SELECT 1 FROM orders AS new
               WHERE new.kind = old.kind AND new.name = old.name AND new.rowid > old.rowid)) LIMIT ?2)",
];

/// Throws away a little of what is too old; tells whether there may be more.
pub(super) fn forget(connection: &mut Connection, keep: Keep, now: i64) -> rusqlite::Result<bool> {
    let before = now.saturating_sub(i64::from(keep.days).saturating_mul(86_400_000));
    let most = AT_ONCE as i64;
    let mut more = false;
    let transaction = connection.transaction()?;
    for old in OLD {
        more |= transaction.prepare_cached(old)?.execute(params![before, most])? >= AT_ONCE;
    }
    // What was counted for a limit matters for the limit's time only.
    more |= transaction
        .prepare_cached(
            "DELETE FROM counts WHERE rowid IN
                 (SELECT rowid FROM counts WHERE unix_millis + span_millis < ?1 LIMIT ?2)",
        )?
        .execute(params![now, most])?
        >= AT_ONCE;
    transaction.commit()?;
    Ok(more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::open;

    #[test]
    fn what_is_over_is_forgotten_in_time_and_what_is_to_be_done_is_not() {
        let state = std::env::temp_dir().join(format!("flow-keep-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&state);
        std::fs::create_dir_all(&state).unwrap();
        let mut connection = open(&state.join("flowc.db")).unwrap();
        connection
            .execute_batch(
                "INSERT INTO records VALUES ('old', 'f', '', NULL, 100, 1, 'x', '{}'),
                                            ('new', 'f', '', NULL, 100000000, 1, 'x', '{}');
                 INSERT INTO callbacks VALUES ('over', '+1', 'q', 'p', 100, 0, '{}'),
                                              ('waits', '+1', 'q', 'p', 100, 1, '{}');
                 INSERT INTO campaigns VALUES ('over', 'c', 'p', 1, 100), ('runs', 'c', 'p', 2, NULL),
                                              ('once', 'd', 'p', 1, 100);
                 INSERT INTO campaign_rows VALUES ('over', 0, '', 1, 0, ''), ('runs', 0, '', 1, 0, '');
                 INSERT INTO outbox (key, kind, call, sent, created, due, state)
                     VALUES ('u', 'send', 'c', '', 1, 100, 'undelivered'), ('w', 'send', 'c', '', 1, 100, 'waiting');
                 INSERT INTO levers VALUES ('fire', 1, 'a', 100), ('fire', 0, 'a', 101), ('snow', 1, 'a', 100);
                 INSERT INTO counts VALUES ('l', 'k', 100, 50), ('l', 'k', 86400100, 500);",
            )
            .unwrap();
        let day = 86_400_000;
        while forget(&mut connection, Keep { days: 1 }, day + 200).unwrap() {}
        forget(&mut connection, Keep { days: 1 }, day + 200).unwrap();
        let all = |query: &str| -> Vec<String> {
            let mut rows = connection.prepare(query).unwrap();
            rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        assert_eq!(all("SELECT call FROM records"), ["new"]);
        assert_eq!(all("SELECT id FROM callbacks"), ["waits"]);
        assert_eq!(all("SELECT id FROM campaigns ORDER BY id"), ["once", "runs"]);
        assert_eq!(all("SELECT run FROM campaign_rows"), ["runs"]);
        assert_eq!(all("SELECT key FROM outbox"), ["w"]);
        assert_eq!(all("SELECT name || thrown FROM levers"), ["fire0", "snow1"]);
        assert_eq!(all("SELECT CAST(unix_millis AS TEXT) FROM counts"), ["86400100"]);
        drop(connection);
        std::fs::remove_dir_all(&state).unwrap();
    }
}
