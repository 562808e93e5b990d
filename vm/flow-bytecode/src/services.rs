//! Services, what is sent to them, and tables from files, as data: with the names that their JSON and columns
//! have, which registers do not know.

// Names of fields and variants say what they are; what they do not say stands beside them.
#![allow(missing_docs)]

use crate::program::TextId;
use crate::types::TypeId;

/// Index into `Program::schemas`.
pub type SchemaId = u32;

/// A type with the names of its parts. Parts stand before what is made of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Schema {
    pub ty: TypeId,
    pub shape: Shape,
}

/// What a schema is made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A type without parts.
    Plain,
    /// An option or a list, of that.
    Of(SchemaId),
    /// A map, of these.
    Map(SchemaId, SchemaId),
    /// Fields by name, in the order of the type.
    Record(Vec<(TextId, SchemaId)>),
    /// Variants by name with their fields, in the order of the type.
    Enum(Vec<(TextId, Vec<(TextId, SchemaId)>)>),
}

/// A text that the program says, or that the deployment gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Given {
    Text(TextId),
    /// Index into `Program::settings`; its type is text.
    Setting(u16),
}

/// Where a service is, and how it knows us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub name: TextId,
    pub kind: ServiceKind,
    /// The beginning of its URLs; nothing for those that the deployment places (`Email`, `Sms`).
    pub address: Option<Given>,
    pub credentials: Option<Credentials>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceKind {
    Http,
    /// `email.send(to, subject, body)`
    Email,
    /// `sms.send(to, text)`
    Sms,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// `Authorization: Bearer KEY`
    Bearer(Given),
    /// User and password.
    Basic(Given, Given),
    /// A header by name.
    Header(TextId, Given),
}

/// One thing that a service can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Index into `Program::services`.
    pub service: u16,
    pub name: TextId,
    pub method: Method,
    /// What follows the service's address, piece by piece.
    pub path: Vec<PathPiece>,
    pub params: Vec<OperationParam>,
    /// What it answers, if anybody wants to know.
    pub result: Option<SchemaId>,
    pub within_millis: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// As HTTP writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathPiece {
    /// As written.
    Text(TextId),
    /// A parameter by index, percent-encoded.
    Param(u16),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationParam {
    pub name: TextId,
    pub schema: SchemaId,
    pub secret: bool,
    /// It stands in the path, so it is no part of the body.
    pub in_path: bool,
}

/// Rows from a file, whole in the program, so that a call ends with those that it began with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataTable {
    pub name: TextId,
    /// A record of which every field is plain, an option of something plain, or such a record itself.
    pub row: SchemaId,
    /// Of each row its columns ([`Program::columns`](crate::Program::columns)) as they would stand in JSON without quotes; `None` for an option's nothing.
    pub rows: Vec<Vec<Option<TextId>>>,
}

/// The most columns of a row.
const MOST_COLUMNS: usize = 1_000;

impl crate::Program {
    /// What the columns of a row hold: the fields of a record, and in the place of a record within it its fields.
    /// `None` of what is no record, or has more columns than a row can have.
    pub fn columns(&self, row: SchemaId) -> Option<Vec<SchemaId>> {
        let mut columns = Vec::new();
        let mut waiting = vec![row];
        let mut looked_at = 0;
        while let Some(id) = waiting.pop() {
            looked_at += 1;
            match &self.schemas.get(id as usize)?.shape {
                // Parts stand before what is made of them, so this comes to an end; the bound is for many.
                Shape::Record(fields) if fields.iter().all(|(_, field)| *field < id) => {
                    waiting.extend(fields.iter().rev().map(|(_, field)| *field));
                }
                _ if id != row => columns.push(id),
                _ => return None,
            }
            if looked_at > MOST_COLUMNS {
                return None;
            }
        }
        Some(columns)
    }
}
