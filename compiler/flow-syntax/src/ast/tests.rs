//! Tests of flows, and properties of them.

use flow_diagnostics::Span;

use super::*;

#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub kind: StepKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    At(Date, TimeOfDay),
    GivenAnswers {
        operation: Path,
        arguments: Box<Arguments>,
        answer: Expr,
        after: Option<DurationLiteral>,
    },
    GivenFails {
        operation: Path,
        arguments: Box<Arguments>,
    },
    /// `ready`, `busy`, `away`.
    GivenAgent {
        agent: Name,
        presence: Name,
    },
    GivenSwitch(Path),
    /// As written.
    GivenDraw(Box<str>),
    /// `answers`, `busy`, `no_answer`, `machine`.
    GivenAddress {
        address: TextLiteral,
        reach: Name,
    },
    GivenTable {
        table: Path,
        rows: Expr,
    },
    Party {
        address: TextLiteral,
        act: Act,
    },
    TimePasses(DurationLiteral),
    Call {
        flow: Path,
        arguments: Option<Box<Arguments>>,
        from: Option<Expr>,
        to: Option<Expr>,
    },
    Caller(Act),
    Agent {
        agent: Name,
        act: Act,
    },
    Expect {
        already: bool,
        condition: Expr,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Answers,
    Declines,
    HangsUp,
    Presses(Key),
    Enters(TextLiteral),
    Says(TextLiteral),
    Hears(TextLiteral),
    Waits(DurationLiteral),
    Sees(Vec<(Name, Expr)>),
    Starts(Path),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    Holds(Expr),
    LeadsTo { from: Expr, to: Expr, within: Option<DurationLiteral> },
}
