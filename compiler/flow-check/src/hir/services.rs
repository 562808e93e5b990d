//! Services and what is asked of them; tables from files.

use flow_diagnostics::Location;

use super::{Exit, Expr, LocalId, RecordId, ServiceId, Type};

/// Index into `Program::operations`.
pub type OperationId = usize;

/// Where a service is, and how it knows us.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    pub name: String,
    pub kind: ServiceKind,
    /// A text or a setting; nothing for services that the deployment places.
    pub address: Option<Expr>,
    pub credentials: Option<Credentials>,
    pub location: Location,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceKind {
    Http,
    /// `email.send(to, subject, body)`
    Email,
    /// `sms.send(to, text)`
    Sms,
}

/// Texts or settings.
#[derive(Debug, Clone, PartialEq)]
pub enum Credentials {
    Bearer(Expr),
    Basic(Expr, Expr),
    /// A header's name and its value.
    Header(String, Expr),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    pub service: ServiceId,
    pub name: String,
    pub method: Method,
    pub path: Vec<PathPiece>,
    pub params: Vec<OperationParam>,
    pub result: Option<Type>,
    pub within_millis: u64,
    pub location: Location,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

#[derive(Debug, Clone, PartialEq)]
pub enum PathPiece {
    Text(String),
    /// Index into `Operation::params`.
    Param(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub struct OperationParam {
    pub name: String,
    pub ty: Type,
    /// It stands in the path, so it is no part of the body.
    pub in_path: bool,
}

/// `let x = crm.customer(n)`, `set`, `do`: waits for the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub operation: OperationId,
    pub arguments: Vec<Expr>,
    pub keep: Keep,
    pub failed: Failed,
}

/// Where the answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Nothing,
    /// A name of its own, of the type of the answer.
    Let(LocalId),
    /// A state variable.
    Set(LocalId),
}

/// What happens when there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Failed {
    /// This is kept in its place.
    Value(Expr),
    /// Nothing: the call goes on.
    GoOn,
    Exit(Exit),
    /// The block's `failed` ([`super::Block::failed`]).
    Block,
}

/// A table from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub name: String,
    pub row: RecordId,
    /// Of each row its fields as they would stand in JSON without quotes; `None` for an option's nothing.
    pub rows: Vec<Vec<Option<String>>>,
    pub location: Location,
}
