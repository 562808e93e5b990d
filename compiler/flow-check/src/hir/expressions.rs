//! Values, and what is read from outside the call.
//!
//! A project has more of these than of anything else, so what is seldom there is boxed.

use flow_diagnostics::Location;
use rust_decimal::Decimal;

use super::{
    CalendarId, EnumId, FunctionId, LanguageId, LocalId, QueueId, RecordId, Segment, SettingId, SwitchId,
    TableId, Type, ZoneId,
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
    Decimal(Decimal),
    /// Amount and ISO 4217 code: `EUR(12.50)`.
    Money(Decimal, [u8; 3]),
    /// Text, digits or phone.
    Text(Box<str>),
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
    Is(Box<Is>),
    When {
        arms: Box<[(Expr, Expr)]>,
        otherwise: Box<Expr>,
    },
    List(Vec<Expr>),
    /// `[k: v, …]`, with at least one entry.
    Map(Vec<(Expr, Expr)>),
    Comprehension(Box<Comprehension>),
    Record(RecordId, Box<[Expr]>),
    /// The variant by its place in the enum.
    Variant(EnumId, u32, Box<[Expr]>),
    Call(FunctionId, Box<[Expr]>),
    Builtin(Builtin, Vec<Expr>),
    /// Read from outside the call's own data; a recorded event that finishes at once.
    Sample(Sample),
}

/// Whether a value is of a shape, and what is named when it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Is {
    pub value: Expr,
    pub test: Test,
    pub negated: bool,
    pub bindings: Vec<Option<LocalId>>,
}

/// `value for local in list if condition`, as a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Comprehension {
    pub local: LocalId,
    pub list: Expr,
    pub condition: Option<Expr>,
    pub value: Expr,
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
    /// Of numbers (a decimal, also of two integers), money by a number, a duration by an integer. An option,
    /// as the expression's type says, when the divisor is not provably something else than zero.
    Divide,
    /// Of numbers; an option likewise.
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// `text(x)`
    TextOf,
    /// `int(x)` of a text, digits or decimal: an option.
    IntOf,
    /// `decimal(x)`: of an int, or of a text as an option.
    DecimalOf,
    /// `digits(text)`: an option.
    DigitsOf,
    /// `phone(text)`: an option.
    PhoneOf,
    /// `EUR(x)` of what is not written as a number; the second argument is money of that currency.
    MoneyOf,
    /// `xs.length`, `t.length`, `m.length`
    Length,
    /// `xs.first`: an option.
    First,
    /// `xs.at(i)`, `m.at(key)`: an option.
    At,
    /// `xs.sum`: of money an option.
    Sum,
    /// `m.keys`
    Keys,
    /// `m.values`
    Values,
    /// `last(n, x)`
    Last,
    /// `round(x)`: an int; `round(x, n)`: a decimal or money.
    Round,
    /// `floor(x)`: an int.
    Floor,
    /// `ceil(x)`: an int.
    Ceiling,
    /// `m.amount`
    Amount,
    /// `m.currency`
    Currency,
    /// `t.starts_with(x)`
    StartsWith,
    /// `t.ends_with(x)`
    EndsWith,
    /// `t.contains(x)` of a text.
    Includes,
    /// A part of a date, time, datetime or duration.
    Part(Part),
    /// `luhn(x)`
    Luhn,
}

/// What a moment or a duration is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Date,
    Time,
    Year,
    Month,
    Day,
    /// 1 is Monday, 7 Sunday.
    Weekday,
    Hour,
    Minute,
    Days,
    Hours,
    Minutes,
    Seconds,
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
    /// `encrypt(x, key)`: text that only the owner of the key's other half can read. An event, because each
    /// time it is made with fresh chance.
    Encrypt(Box<Expr>, Box<Expr>),
    /// `t.find(column: value)`: the table, the column's index, the value.
    Find(TableId, Box<(usize, Expr)>),
    /// A table as a list of its rows.
    Rows(TableId),
}
