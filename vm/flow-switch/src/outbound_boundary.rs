//! What is kept of calls that we make: promised callbacks, and campaigns row by row. The driver keeps them on disk
//! as they are, and gives them back at its next start.

// Fields are named by what they are; what is not plain has its sentence.
#![allow(missing_docs)]

use flow_bytecode::Datum;
use serde::{Deserialize, Serialize};

/// A callback that was promised, or what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// Unique for ever.
    pub id: String,
    /// The call that booked it.
    pub call: String,
    /// The identity of the program that it was booked on, in hexadecimal: it is kept as long as this waits.
    pub program: String,
    /// Index of its table in that program.
    pub table: u16,
    /// The flow and the block that booked it.
    pub flow: String,
    pub block: String,
    pub number: String,
    pub queue: String,
    pub priority: u8,
    /// When the age of its place began, in milliseconds since 1970.
    pub born: i64,
    pub booked: i64,
    /// No call is made before.
    pub not_before: i64,
    /// No call is begun after.
    pub expires: i64,
    /// The number that the customer sees.
    pub from: Option<String>,
    pub caller_name: Option<String>,
    /// What the person hears first, as the switch writes it.
    pub whisper: Option<String>,
    pub show: Vec<String>,
    /// Arguments of the flow that follows the talk.
    pub arguments: Vec<Datum>,
    /// Index into the program's languages.
    pub language: u16,
    /// Calls to the customer so far.
    pub attempts: u32,
    pub state: CallbackState,
}

/// How far a callback is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum CallbackState {
    /// It has its place in the queue.
    Waiting,
    /// It is over: `talked`, `busy`, `no_answer`, `declined`, `unreachable`, `expired`, `withdrawn`, `queue_gone`.
    Over { how: String, at: i64 },
}

/// A campaign that an operator started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignRun {
    /// Unique for ever.
    pub id: String,
    /// The campaign's name in the program.
    pub campaign: String,
    /// The identity of the program, in hexadecimal.
    pub program: String,
    pub started: i64,
    /// When its last row was done.
    pub ended: Option<i64>,
    /// The table's rows as they were when it started.
    pub rows: Vec<CampaignRow>,
}

/// One row of a campaign, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignRow {
    pub row: Datum,
    pub attempts: u32,
    /// No call is made before.
    pub next: i64,
    pub state: RowState,
}

/// How far a row is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RowState {
    /// To be called.
    Waiting,
    /// Being called. Who was being called when the server died is not called again: they may have answered.
    Calling,
    /// Done: `answered`, `skipped`, `busy`, `no_answer`, `declined`, `unreachable`, `refused`, `fault`,
    /// `interrupted`.
    Over { how: String },
}

/// That a call was made by us, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// `callback` or `campaign`.
    pub kind: String,
    /// The callback's id, or the campaign's run and row.
    pub of: String,
    /// From 1.
    pub attempt: u32,
}
