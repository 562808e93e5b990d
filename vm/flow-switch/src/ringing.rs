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
    /// Hears who is coming; until then at most.
    Whisper(PlayId, u64),
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
        let each = self.rung.iter().map(|rung| match rung.progress {
            Progress::Ringing => self.until,
            Progress::Accept(until) | Progress::Whisper(_, until) => until,
        });
        each.min()
    }
}

/// What may be done in a talk, as its block says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terms {
    /// Index into `Program::stays`.
    Stay(u16),
    /// Index into `Program::rings`.
    Rings(u16),
}

/// Two people who talk.
#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) leg: LegId,
    pub(crate) who: Who,
    /// The agent's name, or the address.
    pub(crate) name: String,
    /// What is rung when the person is rung back.
    pub(crate) address: String,
    pub(crate) terms: Terms,
    /// The queue that the call came from, as the deployment counts.
    pub(crate) queue: Option<u32>,
    /// As in a [`Rung`].
    pub(crate) agent: Option<u32>,
    pub(crate) since: u64,
    /// When the talk has lasted as long as it may.
    pub(crate) until: Option<u64>,
    /// The person holds the caller; the music of it.
    pub(crate) held: Option<PlayId>,
    /// The caller holds the person; the music of it.
    pub(crate) holding: Option<PlayId>,
    /// Until when a digit of the person's means an assist: the star was pressed.
    pub(crate) star: Option<u64>,
    /// When a hold has lasted as long as it may; once the person is rung back, until when the phone rings.
    pub(crate) recall: Option<u64>,
    /// The person was on hold too long and is rung back.
    pub(crate) rung_back: bool,
}

impl Talk {
    /// When time alone changes something.
    pub(crate) fn deadline(&self) -> Option<u64> {
        [self.recall, self.until].into_iter().flatten().min()
    }

    /// Whether the two hear each other.
    pub(crate) fn is_joined(&self) -> bool {
        self.held.is_none() && self.holding.is_none() && !self.rung_back
    }
}

/// A talk whose person has started an assist, and waits for its result.
#[derive(Debug)]
pub(crate) struct Parked {
    /// `None` when the person has left meanwhile.
    pub(crate) talk: Option<Talk>,
    /// What the person plays to themselves: silence.
    pub(crate) silence: Option<PlayId>,
    /// Who it was, and for how many milliseconds they have talked: for when they leave.
    pub(crate) name: String,
    pub(crate) millis: u64,
    pub(crate) label: String,
    /// Index into the record's assists.
    pub(crate) entry: usize,
    /// The person has put us on hold meanwhile.
    pub(crate) holds: bool,
}

impl Parked {
    /// Of somebody whom a restart has parted from the caller: the name, how long they talked, the entry.
    pub(crate) fn left((name, millis, entry): (String, u64, usize)) -> Parked {
        Parked { talk: None, silence: None, name, millis, label: String::new(), entry, holds: false }
    }
}
