//! What was dropped, refused or repeated, for the metrics of the driver. Counts only ever grow.

/// Events too common, or too much an attacker's choice, to be told one by one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Datagrams handed in.
    pub received: u64,
    /// Datagrams handed out, retransmissions among them.
    pub sent: u64,
    /// Requests and responses of ours that were sent again.
    pub retransmitted: u64,
    /// Keep-alives (RFC 5626: nothing but line ends).
    pub keep_alives: u64,
    /// Datagrams that are no SIP, or too broken to be answered.
    pub unreadable: u64,
    /// Requests answered 400.
    pub malformed: u64,
    /// Responses that answer nothing of ours.
    pub stray_responses: u64,
    /// ACKs that acknowledge nothing of ours.
    pub stray_acks: u64,
    /// Requests answered 481.
    pub unknown_dialogs: u64,
    /// Requests answered 503 because a limit was reached.
    pub refused_by_limit: u64,
    /// Packets dropped because a limit was reached.
    pub dropped_by_limit: u64,
    /// Commands for a call that is over, or not in the state for them.
    pub ignored_commands: u64,
    /// INVITEs that became a call.
    pub incoming_calls: u64,
    /// Calls that we made.
    pub outgoing_calls: u64,
}
