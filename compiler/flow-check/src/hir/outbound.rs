//! Calls that we make: a callback that is booked, and campaigns.

use flow_diagnostics::Location;

use super::{CalendarId, Expr, FlowId, Local, LocalId, QueueId, Spoken};

#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// A phone.
    pub number: Expr,
    pub queue: QueueId,
    pub during: Option<CalendarId>,
    pub delay_millis: u64,
    pub retry: Option<Retry>,
    pub expires_millis: u64,
    pub priority: Option<Expr>,
    pub from: Option<Expr>,
    pub whisper: Option<Spoken>,
    pub show: Vec<(String, Expr)>,
    /// Runs for a customer who stays on the line; gives nothing.
    pub afterwards: Option<(FlowId, Vec<Expr>)>,
}

/// When a call that was not answered is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    pub busy: bool,
    pub no_answer: bool,
    pub failed: bool,
    pub times: u32,
    pub every_millis: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    pub name: String,
    /// The name of the table that the rows are in.
    pub table: String,
    /// The row, and whatever its expressions bind.
    pub row: LocalId,
    pub locals: Vec<Local>,
    /// A phone.
    pub number: Expr,
    pub skip: Option<Expr>,
    /// Begins when a call is answered; gives nothing.
    pub flow: FlowId,
    pub arguments: Vec<Expr>,
    pub during: Option<CalendarId>,
    pub pace: Option<(u32, u64)>,
    pub concurrent: u32,
    pub retry: Option<Retry>,
    pub location: Location,
}
