//! Phones that ring for a call, and the talk that comes of it; queues and dials share it.

use crate::boundary::{LegId, PlayId};

/// Whose phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// An agent of the deployment.
    Agent(u32),
    /// An address of the request, by index.
    Address(u32),
}

/// How far a phone that was rung is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Ringing,
    /// Hears who is coming.
    Whisper(PlayId),
    /// Has until then to press the key that accepts.
    Accept(u64),
}

/// One phone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rung {
    pub(crate) leg: LegId,
    pub(crate) who: Who,
    /// The agent whose phone it is, also where the address was rung: nobody has two calls.
    pub(crate) agent: Option<u32>,
    pub(crate) progress: Progress,
}

/// Phones that ring at the same time for one call.
#[derive(Debug)]
pub(crate) struct Reach {
    pub(crate) rung: Vec<Rung>,
    /// How long they ring.
    pub(crate) until: u64,
}

impl Reach {
    pub(crate) fn position(&self, leg: LegId) -> Option<usize> {
        self.rung.iter().position(|rung| rung.leg == leg)
    }

    /// Whether somebody has picked up.
    pub(crate) fn has_answer(&self) -> bool {
        self.rung.iter().any(|rung| rung.progress != Progress::Ringing)
    }

    pub(crate) fn deadline(&self) -> Option<u64> {
        let each = self.rung.iter().filter_map(|rung| match rung.progress {
            Progress::Ringing => Some(self.until),
            Progress::Accept(until) => Some(until),
            Progress::Whisper(_) => None,
        });
        each.min()
    }
}

/// Two people who talk.
#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) leg: LegId,
    pub(crate) who: Who,
    /// As in a [`Rung`].
    pub(crate) agent: Option<u32>,
    pub(crate) since: u64,
    /// The person holds the caller; the music of it.
    pub(crate) held: Option<PlayId>,
    /// When a hold has lasted as long as it may; once the person is rung back, until when the phone rings.
    pub(crate) recall: Option<u64>,
    /// The person was on hold too long and is rung back.
    pub(crate) rung_back: bool,
}
