//! What a call asks for, taken out of its memory: one owned value per effect that takes time.
//!
//! It is kept while the effect lasts, because what a coroutine remembers is not readable once its effect has
//! reported, and because a snapshot of the call has to hold it.

use crate::speech::Utterance;

/// Something asked for keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) kind: QuestionKind,
    pub(crate) speech: Utterance,
    /// Index into `Program::keys`.
    pub(crate) keys: u16,
    pub(crate) wait_micros: u64,
    pub(crate) gap_micros: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum QuestionKind {
    Menu,
    /// Index into `Program::forms`.
    Collect(u16),
    /// The question's name and its scale.
    Rate {
        name: String,
        low: i64,
        high: i64,
    },
}

/// A stay in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StayRequest {
    /// Index into `Program::queues`.
    pub(crate) queue: u16,
    pub(crate) priority: i64,
    pub(crate) longest_micros: u64,
    /// Index into `Program::stays`.
    pub(crate) stay: u16,
    pub(crate) prefer: Option<String>,
    pub(crate) prefer_micros: u64,
    pub(crate) whisper: Option<Utterance>,
    pub(crate) show: Vec<String>,
}

/// Addresses to be rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DialRequest {
    /// Index into `Program::rings`.
    pub(crate) rings: u16,
    pub(crate) addresses: Vec<String>,
    pub(crate) from: Option<String>,
    pub(crate) whisper: Option<Utterance>,
    pub(crate) show: Vec<String>,
}

/// A callback to be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallbackRequest {
    pub(crate) number: String,
    /// Index into `Program::queues`.
    pub(crate) queue: u16,
    pub(crate) priority: i64,
    /// Index into `Program::callbacks`.
    pub(crate) table: u16,
    pub(crate) from: Option<String>,
    /// As it is kept.
    pub(crate) whisper: Option<String>,
    pub(crate) show: Vec<String>,
    pub(crate) arguments: Vec<flow_bytecode::Datum>,
}

/// A message to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VoicemailRequest {
    pub(crate) longest_millis: u64,
    pub(crate) silence_millis: Option<u64>,
    pub(crate) deliver_to: String,
}
