//! Named things of a project that are no flow: settings, levers, functions, prompts, limits.

use flow_diagnostics::Location;

use super::{Expr, Local, LocalId, Spoken, Type};

#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub name: String,
    pub ty: Type,
    /// A constant.
    pub default: Option<Expr>,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Switch {
    pub name: String,
    pub location: Location,
}

/// A pure function of one expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    pub name: String,
    pub params: Vec<LocalId>,
    pub locals: Vec<Local>,
    pub result: Type,
    pub body: Expr,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    pub name: String,
    pub params: Vec<LocalId>,
    pub locals: Vec<Local>,
    pub spoken: Spoken,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    pub name: String,
    pub params: Vec<Type>,
    pub count: u32,
    pub per_millis: u64,
    pub location: Location,
}
