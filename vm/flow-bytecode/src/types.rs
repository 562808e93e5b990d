//! Types of registers, and values that cross the boundary.
//!
//! A register is an untagged 64-bit slot; its type is static, written in the program's type maps and checked
//! by the verifier:
//!
//! | type | slot |
//! |---|---|
//! | `Bool` | 0 or 1 |
//! | `Int`, `Duration` (ms), `Date` (days since 1970-01-01), `Time` (ms of the day), `Language`, table handles | the number, two's complement |
//! | `DateTime` | milliseconds since 1970 shifted left by 16, or'ed with the index of its zone |
//! | `Text`, `Digits`, `Phone` | a text slot: constant, inline (at most 7 bytes) or in the call's arena |
//! | `Decimal`, `Money` | packed when it is small, else constant or in the call's arena; see [`crate::decimal`] |
//! | `PublicKey` | a text slot |
//! | `Map(K, V)` | 0 when empty, else as a list of keys and values in turn |
//! | `Option(T)` | 0 for none, else the handle of a one-slot cell in the arena |
//! | `Enum` without data | the variant's index |
//! | everything else | a handle into the call's arena |

// Names of fields and variants say what they are; what they do not say stands beside them.
#![allow(missing_docs)]

use crate::decimal::{Decimal, Money};

/// Index into `Program::types`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u16);

/// A type, with component types by index, so that a program's types are one flat, deduplicated table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    Bool,
    Int,
    Decimal,
    Money,
    Text,
    Digits,
    Phone,
    Duration,
    Date,
    Time,
    DateTime,
    Language,
    /// A key that anybody may know, to encrypt by; its text in the form that the deployment gives it.
    PublicKey,
    Option(TypeId),
    List(TypeId),
    /// Keys and values; a key is there once.
    Map(TypeId, TypeId),
    /// Field types.
    Record(Vec<TypeId>),
    /// For each variant its field types; when no variant has any, the value is the index alone.
    Enum(Vec<Vec<TypeId>>),
    /// Something to be spoken: a template of the program with its arguments.
    Speech,
    /// Handles into the program's tables; only ever loaded as constants.
    Keys,
    Form,
    Stay,
    Rings,
    Shares,
    Calendar,
    Queue,
    Switch,
    Limit,
    Setting,
    Callback,
    Operation,
    Table,
}

/// A value outside a call's memory: what events carry in, and what effects' arguments read as. It can be kept on
/// disk, for calls that come later.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Datum {
    Bool(bool),
    Int(i64),
    Decimal(Decimal),
    Money(Money),
    /// `Text`, `Digits`, `Phone` and `PublicKey`.
    Text(String),
    /// Milliseconds.
    Duration(i64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Milliseconds of the day.
    Time(i32),
    /// Milliseconds since 1970-01-01T00:00Z, and the index of the zone to speak it in.
    DateTime(i64, u16),
    Language(u16),
    None,
    Some(Box<Datum>),
    List(Vec<Datum>),
    /// In the order in which they were written; of two equal keys the later value counts.
    Map(Vec<(Datum, Datum)>),
    Record(Vec<Datum>),
    Variant(u16, Vec<Datum>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datum_stays_small() {
        assert!(size_of::<Datum>() <= 32, "{} bytes", size_of::<Datum>());
    }
}
