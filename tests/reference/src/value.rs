//! Values, and when two of them are the same.

use rust_decimal::Decimal;

/// A value of the language.
#[derive(Debug, Clone)]
pub enum Value {
    /// `true`, `false`
    Bool(bool),
    /// 64 bits.
    Int(i64),
    /// Without trailing zeros.
    Decimal(Decimal),
    /// An amount without trailing zeros, and its ISO 4217 code.
    Money(Decimal, [u8; 3]),
    /// Text, digits, a phone number or a public key.
    Text(String),
    /// Milliseconds.
    Duration(i64),
    /// Days since 1970-01-01.
    Date(i64),
    /// Milliseconds of the day.
    Time(i64),
    /// Milliseconds since 1970-01-01T00:00Z, and the index of the zone to tell it in.
    DateTime(i64, usize),
    /// Index into the program's languages.
    Language(usize),
    /// The option that has nothing.
    None,
    /// The option that has something.
    Some(Box<Value>),
    /// In order.
    List(Vec<Value>),
    /// In the order in which keys were first written; each is there once.
    Map(Vec<(Value, Value)>),
    /// Fields in the order of the record.
    Record(Vec<Value>),
    /// The variant's index, and its data.
    Variant(usize, Vec<Value>),
}

impl Value {
    /// A decimal in the one form that equal ones have.
    pub fn decimal(number: Decimal) -> Value {
        Value::Decimal(plain(number))
    }

    /// An amount in the one form that equal ones have.
    pub fn money(amount: Decimal, currency: [u8; 3]) -> Value {
        Value::Money(plain(amount), currency)
    }

    /// An option.
    pub fn option(value: Option<Value>) -> Value {
        value.map_or(Value::None, |value| Value::Some(Box::new(value)))
    }

    /// A map of entries; of equal keys the place is the first's and the value the last's.
    pub fn map(entries: Vec<(Value, Value)>) -> Value {
        let mut map: Vec<(Value, Value)> = Vec::new();
        for (key, value) in entries {
            match map.iter_mut().find(|(have, _)| have.is_same(&key)) {
                Some((_, old)) => *old = value,
                None => map.push((key, value)),
            }
        }
        Value::Map(map)
    }

    /// `==`: equal in all parts. Instants are equal whatever zone they are told in; maps whatever their order.
    pub fn is_same(&self, other: &Value) -> bool {
        use Value::*;
        match (self, other) {
            (Bool(a), Bool(b)) => a == b,
            (Int(a), Int(b)) | (Duration(a), Duration(b)) | (Date(a), Date(b)) | (Time(a), Time(b)) => a == b,
            (Decimal(a), Decimal(b)) => a == b,
            (Money(a, of), Money(b, other)) => of == other && a == b,
            (Text(a), Text(b)) => a == b,
            (DateTime(a, _), DateTime(b, _)) => a == b,
            (Language(a), Language(b)) => a == b,
            (None, None) => true,
            (Some(a), Some(b)) => a.is_same(b),
            (List(a), List(b)) | (Record(a), Record(b)) => all_same(a, b),
            (Variant(one, a), Variant(other, b)) => one == other && all_same(a, b),
            (Map(a), Map(b)) => {
                let has = |key: &Value, value: &Value| {
                    b.iter().any(|(other, found)| other.is_same(key) && found.is_same(value))
                };
                a.len() == b.len() && a.iter().all(|(key, value)| has(key, value))
            }
            _ => false,
        }
    }
}

fn all_same(one: &[Value], other: &[Value]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.is_same(b))
}

/// Without trailing zeros, and without a sign on nothing.
fn plain(number: Decimal) -> Decimal {
    if number.is_zero() { Decimal::ZERO } else { number.normalize() }
}
