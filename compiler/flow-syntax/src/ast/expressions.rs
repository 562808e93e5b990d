//! Expressions and patterns.

use flow_diagnostics::{Span, Symbol};

use super::*;

#[derive(Debug, Clone, PartialEq)]
pub struct Arguments {
    pub list: Vec<Argument>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    pub name: Option<Name>,
    pub value: Expr,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Name(Symbol),
    Int(i64),
    /// As written, with its point.
    Decimal(Box<str>),
    Text(Box<TextLiteral>),
    /// Milliseconds.
    Duration(u64),
    Date(Date),
    Time(TimeOfDay),
    DateTime(Date, TimeOfDay),
    Percent(i64),
    Bool(bool),
    None,
    /// `_`, in tests.
    Any,
    Field {
        of: Box<Expr>,
        name: Name,
        optional: bool,
    },
    Call {
        of: Box<Expr>,
        arguments: Box<Arguments>,
    },
    Unary {
        op: UnaryOp,
        of: Box<Expr>,
    },
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Is {
        of: Box<Expr>,
        negated: bool,
        pattern: Box<Pattern>,
    },
    /// `x in xs`, `x in a .. b`, `x in a to b`
    In {
        of: Box<Expr>,
        range: Box<InRange>,
    },
    Else {
        of: Box<Expr>,
        otherwise: Box<Expr>,
    },
    When(Box<When>),
    List(Box<[Expr]>),
    Map(Box<[(Expr, Expr)]>),
    Comprehension(Box<Comprehension>),
    /// Could not be read; already reported.
    Broken,
}

/// `when a then x when b then y otherwise z`
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    pub arms: Vec<(Expr, Expr)>,
    pub otherwise: Expr,
}

/// `[value each name in list if condition]`
#[derive(Debug, Clone, PartialEq)]
pub struct Comprehension {
    pub value: Expr,
    pub name: Name,
    pub list: Expr,
    pub condition: Option<Expr>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum InRange {
    Of(Expr),
    /// The end excluded.
    Until(Expr, Expr),
    /// The end included.
    To(Expr, Expr),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    None(Span),
    Variant { path: Path, bindings: Vec<Binding>, span: Span },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    Not,
    Negate,
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
    Divide,
    Remainder,
}
