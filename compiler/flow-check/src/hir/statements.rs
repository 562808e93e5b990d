//! What happens in order before a block waits.

use std::rc::Rc;

use flow_diagnostics::Location;

use super::{Exit, Expr, LimitId, LocalId, OperationId, Request, Spoken};

#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub kind: StatementKind,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// With `otherwise`, `value` is an option that is opened into the local.
    Let {
        local: LocalId,
        value: Box<Expr>,
        otherwise: Option<Box<Exit>>,
    },
    /// A state variable.
    Set {
        local: LocalId,
        value: Box<Expr>,
        otherwise: Option<Box<Exit>>,
    },
    SetLanguage(Box<Expr>),
    SetVoice(Box<Expr>),
    SetRecording(Recording),
    Say(Say),
    Count {
        limit: LimitId,
        key: Vec<Expr>,
        otherwise: Option<Box<Exit>>,
    },
    Reset {
        limit: LimitId,
        key: Vec<Expr>,
    },
    /// Asks a service and waits.
    Request(Box<Request>),
    /// Hands something to a service and goes on.
    Send {
        operation: OperationId,
        arguments: Vec<Expr>,
    },
    If {
        condition: Box<Expr>,
        body: Vec<Statement>,
    },
    Each {
        local: LocalId,
        list: Box<Expr>,
        body: Vec<Statement>,
    },
    Mark {
        name: Rc<str>,
        value: Option<Box<Expr>>,
    },
    Discard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    Nobody,
    Caller,
    Agent,
    Both,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Say {
    pub spoken: Spoken,
    /// `say` may be cut by a key; `announce` is heard to its end.
    pub interruptible: bool,
}
