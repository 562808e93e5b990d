//! What a block waits for, one type per kind.

use flow_diagnostics::Location;

use super::{
    CalendarId, Callback, Choice, EnumId, Expr, FlowId, LocalId, Pick, Program, QueueId, Say, Spoken, Variant,
};

#[derive(Debug, Clone, PartialEq)]
pub enum Wait {
    AfterHours {
        calendar: CalendarId,
    },
    Menu(Question),
    Collect(Box<Collect>),
    Queue(Box<QueueStay>),
    Dial(Box<Dial>),
    Callback(Box<Callback>),
    Detect {
        longest_millis: u64,
    },
    /// Each ring is tried in turn, one address after the other.
    Transfer {
        rings: Vec<Ring>,
    },
    Voicemail {
        longest_millis: u64,
        silence_millis: Option<u64>,
        deliver_to: Expr,
    },
    Survey {
        questions: Vec<SurveyQuestion>,
        choices: Vec<Choice>,
    },
    /// A survey of a list of questions that is known only during the call.
    Questions(Box<ListSurvey>),
    Conference {
        room: Expr,
        longest_millis: u64,
        music: Option<String>,
    },
    Run {
        flow: FlowId,
        arguments: Vec<Expr>,
    },
}

/// Something asked, its repeats, and how long to wait for keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The whole first question (a menu's is made of its labels when nothing was written).
    pub ask: Option<Spoken>,
    /// The next ones in turn, the last repeats; when empty, `ask` is repeated after a short standard
    /// sentence (`no_input`, `no_match`, `invalid`).
    pub again: Vec<Again>,
    pub choices: Vec<Choice>,
    pub wait_millis: u64,
    pub gap_millis: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    /// Index into the wait's outcomes; `None` for any cause.
    pub after: Option<usize>,
    pub spoken: Spoken,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Collect {
    pub question: Question,
    pub form: Form,
    /// Keys by count, both ends included; for `phone` etc. the form's own.
    pub length: (u16, u16),
    /// `#` or `*`.
    pub until: Option<char>,
    pub by_key: bool,
    pub by_voice: bool,
    /// Takes the value in `checks`, `confirm` and the `done` arm.
    pub value: LocalId,
    pub checks: Vec<(Expr, Spoken)>,
    pub confirm: Option<Spoken>,
    pub secret: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Digits,
    Number,
    Phone,
    Date,
    Time,
    /// In the currency of this code.
    Money([u8; 3]),
    YesNo,
    /// One of the variants, by its place from 1.
    Variant(EnumId),
    /// What was said.
    Speech,
}

#[derive(Debug, Clone, PartialEq)]
pub struct QueueStay {
    pub queue: QueueId,
    pub priority: Option<Expr>,
    pub longest_millis: u64,
    pub music: Option<String>,
    pub timed: Vec<Timed>,
    pub choices: Vec<Choice>,
    pub during: Option<CalendarId>,
    pub prefer: Option<(Expr, u64)>,
    pub whisper: Option<Spoken>,
    pub show: Vec<(String, Expr)>,
    pub recall_millis: Option<u64>,
    pub assists: Vec<Assist>,
}

/// What the person who talks may start for the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct Assist {
    pub flow: FlowId,
    pub arguments: Vec<Expr>,
    /// What the person reads.
    pub label: String,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Timed {
    pub repeats: bool,
    pub millis: u64,
    pub what: TimedWhat,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TimedWhat {
    Speech(Say),
    /// Announced when due (`question`), live from then on.
    Choice {
        question: Spoken,
        choice: Choice,
    },
    Priority(Expr),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Dial {
    /// Tried in turn; the addresses of one ring are picked from by `pick`.
    pub rings: Vec<Ring>,
    pub pick: Pick,
    pub from: Option<Expr>,
    pub music: Option<String>,
    pub accept: Option<(char, u64)>,
    pub whisper: Option<Spoken>,
    pub show: Vec<(String, Expr)>,
    pub recall_millis: Option<u64>,
    /// Of the talk.
    pub longest_millis: Option<u64>,
    pub assists: Vec<Assist>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    /// Text (a SIP URI) or phone.
    pub addresses: Vec<Expr>,
    pub for_millis: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SurveyQuestion {
    pub name: String,
    pub spoken: Spoken,
    pub low: i64,
    pub high: i64,
    /// Takes the answer (`int?`) in the `done` arm.
    pub value: LocalId,
}

/// Questions out of a list, each rated on its scale.
#[derive(Debug, Clone, PartialEq)]
pub struct ListSurvey {
    pub list: Expr,
    /// One question of the list, for what follows.
    pub item: LocalId,
    /// Its name in records.
    pub name: Expr,
    pub spoken: Spoken,
    pub low: Expr,
    pub high: Expr,
    pub choices: Vec<Choice>,
}

impl Wait {
    /// The closed set of outcomes of this wait with the names and types of their data, in the order that
    /// `Arm::outcome` counts. For `run` it is what the flow gives, so the program is needed.
    pub fn outcomes(&self, program: &Program) -> Vec<Variant> {
        crate::kinds::outcomes_of(self, program)
    }
}
