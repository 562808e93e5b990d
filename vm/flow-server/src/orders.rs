//! An operator's words to a server that runs, by way of its state folder: switches thrown ([`crate::levers`]), agents
//! who are ready or away, campaigns to be started.
//!
//! A command writes a row; a thread of its own, which nothing else holds up, looks for rows twice a second and hands
//! them to the node. What an order came to is written beside it, so that whoever gave it can be told. The names that
//! may be used are in the folder as well: an order with another name is refused before it is written.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use rusqlite::{Connection, params};

use crate::error::StartError;
use crate::records::{self, Kept, NewsSink};
use crate::{levers, threads};

pub(crate) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS orders (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    who TEXT NOT NULL,
    unix_millis INTEGER NOT NULL,
    answer TEXT
);
CREATE INDEX IF NOT EXISTS orders_unanswered ON orders (answer) WHERE answer IS NULL;
CREATE INDEX IF NOT EXISTS orders_by_name ON orders (kind, name);
CREATE TABLE IF NOT EXISTS names (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
";

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// What an order is answered that needs no answer.
const TAKEN: &str = "taken";

/// What a name of the flows is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A `switch`.
    Switch,
    /// An `agent`.
    Agent,
    /// A `campaign`.
    Campaign,
}

impl Named {
    /// As the flows and the commands call it.
    pub fn word(self) -> &'static str {
        match self {
            Named::Switch => "switch",
            Named::Agent => "agent",
            Named::Campaign => "campaign",
        }
    }
}

/// An order about an agent or a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The agent's or the campaign's name.
    pub name: String,
    /// `ready`, `away`; `start`.
    pub value: String,
    /// Who gave it.
    pub who: String,
    /// When, in milliseconds since 1970.
    pub unix_millis: i64,
    /// What it came to; none while no server has taken it.
    pub answer: Option<String>,
}

/// What the node is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    Lever {
        name: String,
        thrown: bool,
    },
    Agent {
        name: String,
        ready: bool,
    },
    /// To be answered by its row.
    Campaign {
        row: i64,
        name: String,
    },
}

/// The names that the flows of a state folder know, in order.
///
/// # Errors
/// When there is no such folder, no server has run on it, or it cannot be read, in words for people.
pub fn known_names(state: &Path, named: Named) -> Result<Vec<String>, String> {
    drop(records::open_to_read(state)?);
    let connection = records::open(&state.join(records::FILE))?;
    let names = |kind: &str| -> rusqlite::Result<Vec<String>> {
        let mut rows = connection.prepare("SELECT name FROM names WHERE kind = ?1 ORDER BY name")?;
        rows.query_map([kind], |row| row.get(0))?.collect()
    };
    names(named.word()).map_err(|error| error.to_string())
}

/// Writes down which names there are, in place of those that were there.
pub(crate) fn write_names(state: &Path, named: Named, names: &BTreeSet<String>) -> Result<(), String> {
    let text = |error: rusqlite::Error| error.to_string();
    let mut connection = records::open(&state.join(records::FILE))?;
    let transaction = connection.transaction().map_err(text)?;
    transaction.execute("DELETE FROM names WHERE kind = ?1", [named.word()]).map_err(text)?;
    for name in names {
        transaction
            .execute("INSERT INTO names (kind, name) VALUES (?1, ?2)", params![named.word(), name])
            .map_err(text)?;
    }
    transaction.commit().map_err(text)
}

/// Gives an order to the server that runs on a folder, or that will; tells its number.
///
/// # Errors
/// As [`known_names`].
pub fn give_order(state: &Path, named: Named, order: &Order) -> Result<i64, String> {
    drop(records::open_to_read(state)?);
    let connection = records::open(&state.join(records::FILE))?;
    connection
        .execute(
            "INSERT INTO orders (kind, name, value, who, unix_millis) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![named.word(), order.name, order.value, order.who, order.unix_millis],
        )
        .map_err(|error| error.to_string())?;
    Ok(connection.last_insert_rowid())
}

/// What an order came to; none while no server has taken it.
///
/// # Errors
/// As [`known_names`].
pub fn order_answer(state: &Path, order: i64) -> Result<Option<String>, String> {
    let connection = records::open_to_read(state)?;
    connection
        .query_row("SELECT answer FROM orders WHERE rowid = ?1", [order], |row| row.get(0))
        .map_err(|error| error.to_string())
}

/// Every order of a kind, oldest first.
///
/// # Errors
/// As [`known_names`].
pub fn read_orders(state: &Path, named: Named) -> Result<Vec<Order>, String> {
    let text = |error: rusqlite::Error| error.to_string();
    drop(records::open_to_read(state)?);
    let connection = records::open(&state.join(records::FILE))?;
    let mut rows = connection
        .prepare("SELECT name, value, who, unix_millis, answer FROM orders WHERE kind = ?1 ORDER BY rowid")
        .map_err(text)?;
    let orders = rows
        .query_map([named.word()], |row| {
            Ok(Order {
                name: row.get(0)?,
                value: row.get(1)?,
                who: row.get(2)?,
                unix_millis: row.get(3)?,
                answer: row.get(4)?,
            })
        })
        .map_err(text)?;
    orders.map(|order| order.map_err(text)).collect()
}

/// Where switches and agents stood when the server was last there, and up to which change of a switch that is.
pub(crate) fn standing(state: &Path) -> Result<(Vec<Word>, i64), StartError> {
    let file = state.join(records::FILE);
    let read = || -> Result<(Vec<Word>, i64), String> {
        let connection = records::open(&file)?;
        let (changes, last) = levers::since(&connection, 0).map_err(|error| error.to_string())?;
        let levers =
            changes.into_iter().map(|change| Word::Lever { name: change.name, thrown: change.thrown });
        let agents = agents(&connection).map_err(|error| error.to_string())?;
        Ok((levers.chain(agents).collect(), last))
    };
    read().map_err(|reason| StartError::State { path: file.clone(), reason })
}

/// The last word about each agent, whether a server has taken it or not.
fn agents(connection: &Connection) -> rusqlite::Result<Vec<Word>> {
    let mut rows = connection.prepare(
        "SELECT name, value FROM orders WHERE rowid IN
             (SELECT MAX(rowid) FROM orders WHERE kind = 'agent' GROUP BY name)
         ORDER BY name",
    )?;
    let words = rows.query_map([], |row| {
        Ok(Word::Agent { name: row.get(0)?, ready: row.get::<_, String>(1)? == "ready" })
    })?;
    words.collect()
}

/// The thread that looks for orders.
pub(crate) struct Orders {
    answers: Sender<(i64, String)>,
}

impl Orders {
    /// Starts it; `levers` is the last change of a switch that the node knows.
    pub(crate) fn start(
        state: &Path,
        levers: i64,
        tell: Box<dyn Fn(Word) + Send>,
        news: NewsSink,
    ) -> Result<Orders, StartError> {
        let (answers, answered) = channel();
        let file = Kept::new(state.join(records::FILE));
        let looker = Looker { file, levers, asked: BTreeSet::new(), unwritten: Vec::new(), tell };
        threads::vital("orders", move || looker.run(&answered, &news)).map_err(StartError::System)?;
        Ok(Orders { answers })
    }

    /// What an order came to.
    pub(crate) fn answer(&self, row: i64, text: String) {
        // A thread that is gone writes nothing; the process is ending.
        let _ = self.answers.send((row, text));
    }
}

struct Looker {
    file: Kept,
    levers: i64,
    /// Orders that the node has been told of and has not answered.
    asked: BTreeSet<i64>,
    /// Answers that the file did not take yet.
    unwritten: Vec<(i64, String)>,
    tell: Box<dyn Fn(Word) + Send>,
}

impl Looker {
    fn run(mut self, answered: &Receiver<(i64, String)>, news: &NewsSink) {
        let mut failing = false;
        loop {
            match self.look() {
                Ok(()) => failing = false,
                Err(reason) => {
                    if !std::mem::replace(&mut failing, true) {
                        news(format!("switches and orders cannot be read: {reason}; they stay as they are"));
                    }
                }
            }
            match answered.recv_timeout(LOOK) {
                Ok(answer) => self.unwritten.push(answer),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.unwritten.extend(answered.try_iter());
        }
    }

    fn look(&mut self) -> Result<(), String> {
        let text = |error: rusqlite::Error| error.to_string();
        let connection = self.file.connection()?;
        for (row, answer) in &self.unwritten {
            connection
                .execute("UPDATE orders SET answer = ?2 WHERE rowid = ?1", params![row, answer])
                .map_err(text)?;
        }
        for (row, _) in self.unwritten.drain(..) {
            self.asked.remove(&row);
        }
        let (changes, last) = levers::since(connection, self.levers).map_err(text)?;
        self.levers = last;
        for change in changes {
            (self.tell)(Word::Lever { name: change.name, thrown: change.thrown });
        }
        for (row, kind, name, value) in unanswered(connection).map_err(text)? {
            if !self.asked.insert(row) {
                continue;
            }
            if kind == Named::Campaign.word() {
                (self.tell)(Word::Campaign { row, name });
            } else {
                (self.tell)(Word::Agent { name, ready: value == "ready" });
                self.unwritten.push((row, TAKEN.to_owned()));
            }
        }
        Ok(())
    }
}

type Unanswered = (i64, String, String, String);

fn unanswered(connection: &Connection) -> rusqlite::Result<Vec<Unanswered>> {
    let mut rows = connection.prepare_cached(
        "SELECT rowid, kind, name, value FROM orders WHERE answer IS NULL ORDER BY rowid LIMIT 1000",
    )?;
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?.collect()
}

#[cfg(test)]
mod tests {
    use std::time::{Instant, SystemTime};

    use super::*;
    use crate::levers::{LeverChange, change_lever};

    fn order(name: &str, value: &str) -> Order {
        Order { name: name.into(), value: value.into(), who: "me".into(), unix_millis: 1, answer: None }
    }

    #[test]
    fn orders_are_taken_within_a_second_answered_once_and_stand_after_a_restart() {
        let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
        let state = std::env::temp_dir().join(format!("flow-orders-{}-{nanos}", std::process::id()));
        let _ = std::fs::remove_dir_all(&state);
        records::prepare(&state).unwrap();
        assert_eq!(known_names(&state, Named::Agent), Ok(Vec::new()));
        write_names(&state, Named::Agent, &BTreeSet::from(["ann".to_owned()])).unwrap();
        assert_eq!(known_names(&state, Named::Agent), Ok(vec!["ann".to_owned()]));
        let (tell, told) = channel();
        let began = Instant::now();
        let orders = Orders::start(&state, 0, Box::new(move |word| tell.send(word).unwrap()), Box::new(drop));
        let orders = orders.unwrap();
        let change = LeverChange { name: "fire".into(), thrown: true, who: "me".into(), unix_millis: 1 };
        change_lever(&state, &change).unwrap();
        give_order(&state, Named::Agent, &order("ann", "away")).unwrap();
        let started = give_order(&state, Named::Campaign, &order("spring", "start")).unwrap();
        let mut words: Vec<Word> =
            (0..3).map(|_| told.recv_timeout(Duration::from_secs(5)).unwrap()).collect();
        assert!(began.elapsed() < Duration::from_secs(3));
        words.sort_by_key(|word| format!("{word:?}"));
        assert_eq!(
            words,
            [
                Word::Agent { name: "ann".into(), ready: false },
                Word::Campaign { row: started, name: "spring".into() },
                Word::Lever { name: "fire".into(), thrown: true },
            ]
        );
        assert_eq!(order_answer(&state, started), Ok(None));
        orders.answer(started, "started".into());
        let end = Instant::now() + Duration::from_secs(5);
        while order_answer(&state, started).unwrap().is_none() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(order_answer(&state, started), Ok(Some("started".into())));
        assert!(told.recv_timeout(LOOK * 2).is_err(), "nothing is told twice");
        let (words, last) = standing(&state).unwrap();
        assert_eq!(last, 1);
        assert_eq!(
            words,
            [
                Word::Lever { name: "fire".into(), thrown: true },
                Word::Agent { name: "ann".into(), ready: false }
            ],
            "a campaign is not started again"
        );
        drop(orders);
        std::fs::remove_dir_all(&state).unwrap();
    }
}
