//! The block kinds, in one table: each kind's word, the clauses it takes, and its closed set of outcomes.
//!
//! Adding a kind is adding a row here, a wait in `hir`, and its builder in `waits`.

use crate::hir::{Field, Program, Type, TypeKind, Variant, Wait};

/// What a block of a kind does with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Statements and a way on: `greet`, `step`, `route`.
    Act,
    /// Waits for one thing, then takes the arm of its outcome.
    Wait,
    /// Ends the call.
    End,
}

/// One kind of block.
#[derive(Debug)]
pub struct Kind {
    /// The word that it is written with.
    pub word: &'static str,
    /// What it does, for the reader of a message: "one choice by key or word".
    pub does: &'static str,
    /// What it does with a call.
    pub shape: Shape,
    /// Clauses that must be there.
    pub required: &'static [&'static str],
    /// Clauses that may be there.
    pub optional: &'static [&'static str],
    /// Outcomes that it always or sometimes has; those of `after_hours` and `run` come from what they name.
    pub outcomes: &'static [&'static str],
}

/// Clauses that may stand several times in a block.
pub const REPEATED: &[&str] =
    &["press", "again", "check", "ring", "question", "every", "after", "when", "share", "assist"];

/// Every kind, in the order of the reference. `visits` and speech first are accepted by all.
pub const KINDS: &[Kind] = &[
    Kind {
        word: "greet",
        does: "speaks",
        shape: Shape::Act,
        required: &["speech", "exit"],
        optional: &["when", "otherwise"],
        outcomes: &[],
    },
    Kind {
        word: "step",
        does: "acts",
        shape: Shape::Act,
        required: &["exit"],
        optional: &["when", "otherwise"],
        outcomes: &[],
    },
    Kind {
        word: "route",
        does: "decides, silently",
        shape: Shape::Act,
        required: &["when"],
        optional: &["otherwise", "share"],
        outcomes: &[],
    },
    Kind {
        word: "after_hours",
        does: "asks a calendar",
        shape: Shape::Wait,
        required: &["calendar"],
        optional: &[],
        outcomes: &["open", "closed"],
    },
    Kind {
        word: "menu",
        does: "one choice by key or word",
        shape: Shape::Wait,
        required: &["press"],
        optional: &["ask", "again", "wait", "gap"],
        outcomes: &["no_input", "no_match"],
    },
    Kind {
        word: "collect",
        does: "one value by key or voice",
        shape: Shape::Wait,
        required: &["take", "ask"],
        optional: &["again", "press", "check", "confirm", "wait", "gap"],
        outcomes: &["done", "no_input", "no_match", "invalid"],
    },
    Kind {
        word: "queue",
        does: "waits in a queue for a person, then talks",
        shape: Shape::Wait,
        required: &["longest"],
        optional: &[
            "join", "agents", "pick", "capacity", "wrap", "priority", "prefer", "music", "every", "after",
            "press", "during", "whisper", "show", "assist", "recall",
        ],
        outcomes: &["talked", "timeout", "full", "unstaffed", "failed", "closed"],
    },
    Kind {
        word: "dial",
        does: "rings addresses, then talks",
        shape: Shape::Wait,
        required: &["ring"],
        optional: &["pick", "accept", "from", "music", "whisper", "show", "assist", "recall", "longest"],
        outcomes: &["talked", "busy", "no_answer", "failed"],
    },
    Kind {
        word: "callback",
        does: "books a call back",
        shape: Shape::Wait,
        required: &["number", "join"],
        optional: &[
            "during",
            "delay",
            "retry",
            "expires",
            "priority",
            "from",
            "whisper",
            "show",
            "afterwards",
        ],
        outcomes: &["booked", "duplicate", "refused", "full", "failed"],
    },
    Kind {
        word: "voicemail",
        does: "records a message",
        shape: Shape::Wait,
        required: &["longest", "deliver to"],
        optional: &["silence"],
        outcomes: &["recorded", "empty", "failed"],
    },
    Kind {
        word: "survey",
        does: "asks rated questions",
        shape: Shape::Wait,
        required: &["question"],
        optional: &["questions", "press"],
        outcomes: &["done"],
    },
    Kind {
        word: "detect",
        does: "hears who picked up an outbound call",
        shape: Shape::Wait,
        required: &["longest"],
        optional: &[],
        outcomes: &["human", "machine", "unknown"],
    },
    Kind {
        word: "transfer",
        does: "hands the call away for good",
        shape: Shape::Wait,
        required: &["ring"],
        optional: &[],
        outcomes: &["failed"],
    },
    Kind {
        word: "conference",
        does: "joins a room",
        shape: Shape::Wait,
        required: &["room", "longest"],
        optional: &["music"],
        outcomes: &["left", "ended", "failed"],
    },
    Kind {
        word: "run",
        does: "runs another flow and comes back",
        shape: Shape::Wait,
        required: &["flow"],
        optional: &[],
        outcomes: &[],
    },
    Kind {
        word: "end",
        does: "says goodbye and ends the call",
        shape: Shape::End,
        required: &["speech"],
        optional: &[],
        outcomes: &[],
    },
    Kind {
        word: "decline",
        does: "refuses before answering",
        shape: Shape::End,
        required: &["code"],
        optional: &[],
        outcomes: &[],
    },
];

/// Clauses of `queue` at the top of a file.
pub const SHARED_QUEUE: &[&str] = &["agents", "after", "pick", "capacity", "wrap"];

/// The kind of a word.
pub fn kind(word: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.word == word)
}

impl Kind {
    /// Whether the clause fits this kind.
    pub fn takes(&self, clause: &str) -> bool {
        clause == "visits" || self.required.contains(&clause) || self.optional.contains(&clause)
    }
}

/// The kinds that take a clause, as words.
pub fn kinds_with(clause: &str) -> Vec<&'static str> {
    KINDS.iter().filter(|k| clause != "visits" && k.takes(clause)).map(|k| k.word).collect()
}

fn plain(name: &str) -> Variant {
    Variant { name: name.into(), fields: Vec::new() }
}

fn with(name: &str, fields: &[(&str, TypeKind)]) -> Variant {
    let fields = fields
        .iter()
        .map(|(name, kind)| Field { name: (*name).into(), ty: Type { kind: kind.clone(), secret: false } })
        .collect();
    Variant { name: name.into(), fields }
}

/// Which waits have the same outcomes: those of one kind, of one calendar, of one flow that is run.
pub(crate) fn outcome_table(wait: &Wait) -> (u8, usize) {
    match wait {
        Wait::AfterHours { calendar } => (0, *calendar),
        Wait::Run { flow, .. } => (1, *flow),
        Wait::Queue(stay) => (2, usize::from(stay.during.is_some())),
        Wait::Menu(_) => (3, 0),
        Wait::Collect(_) => (4, 0),
        Wait::Dial(_) => (5, 0),
        Wait::Callback(_) => (6, 0),
        Wait::Detect { .. } => (7, 0),
        Wait::Transfer { .. } => (8, 0),
        Wait::Voicemail { .. } => (9, 0),
        Wait::Survey { .. } => (10, 0),
        Wait::Questions(_) => (11, 0),
        Wait::Conference { .. } => (12, 0),
    }
}

/// The outcomes of a wait, in the order that arms count them.
pub fn outcomes_of(wait: &Wait, program: &Program) -> Vec<Variant> {
    match wait {
        Wait::AfterHours { calendar } => {
            program.calendars[*calendar].states.iter().map(|s| plain(s)).collect()
        }
        Wait::Menu(_) => vec![plain("no_input"), plain("no_match")],
        Wait::Collect(_) => {
            vec![plain("done"), plain("no_input"), plain("no_match"), plain("invalid")]
        }
        Wait::Queue(stay) => {
            let mut all = vec![
                with("talked", &[("agent", TypeKind::Text), ("talk", TypeKind::Duration)]),
                plain("timeout"),
                plain("full"),
                plain("unstaffed"),
                plain("failed"),
            ];
            if stay.during.is_some() {
                all.push(plain("closed"));
            }
            all
        }
        Wait::Dial(_) => vec![
            with("talked", &[("address", TypeKind::Text), ("talk", TypeKind::Duration)]),
            plain("busy"),
            plain("no_answer"),
            plain("failed"),
        ],
        Wait::Callback(_) => vec![
            plain("booked"),
            plain("duplicate"),
            with("refused", &[("why", TypeKind::Text)]),
            plain("full"),
            plain("failed"),
        ],
        Wait::Detect { .. } => vec![plain("human"), plain("machine"), plain("unknown")],
        Wait::Transfer { .. } => vec![plain("failed")],
        Wait::Voicemail { .. } => {
            vec![with("recorded", &[("message", TypeKind::Text)]), plain("empty"), plain("failed")]
        }
        Wait::Survey { .. } => vec![plain("done")],
        Wait::Questions(_) => {
            let answer = TypeKind::Optional(Box::new(TypeKind::Int));
            vec![with("done", &[("answers", TypeKind::List(Box::new(answer)))])]
        }
        Wait::Conference { .. } => vec![plain("left"), plain("ended"), plain("failed")],
        Wait::Run { flow, .. } => program.flows[*flow].gives.clone(),
    }
}
