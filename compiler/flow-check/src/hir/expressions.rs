//! Values, and what is read from outside the call.

use flow_diagnostics::Location;

use super::{
    CalendarId, EnumId, FunctionId, LanguageId, LocalId, QueueId, RecordId, Segment, SettingId, SwitchId,
    Type, ZoneId,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Type,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Bool(bool),
    Int(i64),
    /// Text, digits or phone.
    Text(String),
    /// Milliseconds.
    Duration(i64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Milliseconds since midnight.
    Time(i32),
    /// Milliseconds since 1970-01-01T00:00Z, and the zone to speak it in.
    DateTime(i64, ZoneId),
    Language(LanguageId),
    None,
    Some(Box<Expr>),
    Local(LocalId),
    Setting(SettingId),
    /// Text made of pieces, as a value.
    Interpolated(Vec<Segment>),
    /// Field by index.
    Field(Box<Expr>, usize),
    /// `a?.b`: `a` is an option; the result is an option (not nested).
    OptionalField(Box<Expr>, usize),
    /// `a else b`: `a` is an option.
    Else(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x in a..b` (`inclusive` false) or `x in a to b`.
    Between {
        value: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
        inclusive: bool,
    },
    Contains {
        list: Box<Expr>,
        value: Box<Expr>,
    },
    /// `x is none`, `x is some(c)`, `x is variant(a, b)`; bindings are set when it holds.
    Is {
        value: Box<Expr>,
        test: Test,
        negated: bool,
        bindings: Vec<Option<LocalId>>,
    },
    When {
        arms: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    List(Vec<Expr>),
    Comprehension {
        local: LocalId,
        list: Box<Expr>,
        condition: Option<Box<Expr>>,
        value: Box<Expr>,
    },
    Record(RecordId, Vec<Expr>),
    Variant(EnumId, usize, Vec<Expr>),
    Call(FunctionId, Vec<Expr>),
    Builtin(Builtin, Vec<Expr>),
    /// Read from outside the call's own data; a recorded event that finishes at once.
    Sample(Sample),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    None,
    Some,
    Variant(EnumId, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    /// Of integers, by a divisor that is provably not zero; rounds toward zero until decimals arrive.
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// `text(x)`
    TextOf,
    /// `int(text)`: an option.
    IntOf,
    /// `xs.length`, `t.length`
    Length,
    /// `xs.first`: an option.
    First,
    /// `xs.at(i)`: an option.
    At,
    /// `xs.sum`
    Sum,
    /// `last(n, x)`
    Last,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    CallerNumber,
    CallerName,
    CallerAttested,
    Called,
    CallId,
    Now,
    Today,
    Language,
    /// Who is recorded, as a number: nobody, caller, agent, both.
    Recording,
    /// In a queue block: the caller's place from 1, and the expected wait.
    Position,
    Wait,
    CalendarOpen(CalendarId),
    CalendarNextOpen(CalendarId),
    CalendarCloses(CalendarId),
    CalendarReason(CalendarId),
    CalendarOpenAt(CalendarId, Box<Expr>),
    QueueExpectedWait(QueueId),
    QueueLongestWait(QueueId),
    QueueWaiting(QueueId),
    QueueFree(QueueId),
    QueueStaffed(QueueId),
    Switch(SwitchId),
}
