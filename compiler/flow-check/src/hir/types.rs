//! What values are: types, records, enums.

use super::{EnumId, RecordId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    pub kind: TypeKind,
    /// Whether the value itself is secret. A record, an enum or a list that is not may hold what is: whether a value
    /// tells a secret is asked by `Checker::is_secret`; this mark alone, only where something is taken out of it.
    pub secret: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeKind {
    Bool,
    Int,
    Decimal,
    Text,
    Digits,
    Phone,
    Duration,
    Date,
    Time,
    DateTime,
    Money,
    Optional(Box<TypeKind>),
    List(Box<TypeKind>),
    Map(Box<TypeKind>, Box<TypeKind>),
    Record(RecordId),
    Enum(EnumId),
    /// What a language is: an index into `Program::languages`.
    Language,
    /// A key to encrypt by, which the deployment gives.
    PublicKey,
    /// The type of `none` before it meets another; fits every `Optional`.
    Nothing,
    /// Something already reported; fits everything, never complained about again.
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub name: String,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub ty: Type,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    pub name: String,
    pub variants: Vec<Variant>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub name: String,
    pub fields: Vec<Field>,
}
