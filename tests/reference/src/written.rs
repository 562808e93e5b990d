//! Values as people read them: `text(x)`, holes of text, screens, keys of limits.

use std::fmt::Write;

use flow_check::hir::{Program, TypeKind};
use rust_decimal::Decimal;

use crate::moments;
use crate::value::Value;

/// A value of a type as text. An option that has nothing is no text at all; of an enum only the name is told.
pub(crate) fn written(program: &Program, kind: &TypeKind, value: &Value) -> String {
    match (kind, value) {
        (TypeKind::Optional(of), Value::Some(inner)) => written(program, of, inner),
        (TypeKind::Enum(id), Value::Variant(index, _)) => program.enums[*id].variants[*index].name.clone(),
        (TypeKind::Record(id), Value::Record(values)) => {
            let fields = program.records[*id].fields.iter().zip(values);
            joined(fields.map(|(field, value)| written(program, &field.ty.kind, value)), ", ")
        }
        (TypeKind::List(of), Value::List(items)) => {
            joined(items.iter().map(|item| written(program, of, item)), ", ")
        }
        (TypeKind::Map(key, of), Value::Map(entries)) => {
            let entries = entries.iter().map(|(name, value)| {
                format!("{}: {}", written(program, key, name), written(program, of, value))
            });
            joined(entries, ", ")
        }
        (_, value) => plain(program, value),
    }
}

/// Texts with something between.
pub(crate) fn joined(texts: impl Iterator<Item = String>, between: &str) -> String {
    texts.collect::<Vec<_>>().join(between)
}

fn plain(program: &Program, value: &Value) -> String {
    match value {
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Money(amount, code) => {
            let code = String::from_utf8_lossy(code);
            format!("{code} {}", with_cents(*amount, cents(&code)))
        }
        Value::Text(text) => text.clone(),
        Value::Duration(millis) => duration(*millis),
        Value::Date(days) => moments::date(*days).to_string(),
        Value::Time(millis) => clock(*millis),
        Value::DateTime(millis, zone) => {
            let at = moments::local(*millis, &program.zones[*zone]);
            format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
        }
        Value::Language(index) => program.languages[*index].clone(),
        _ => String::new(),
    }
}

/// Digits that amounts of a currency have at least.
fn cents(code: &str) -> u32 {
    match code {
        "JPY" | "KRW" | "CLP" | "ISK" | "VND" | "XAF" | "XOF" | "XPF" | "PYG" | "UGX" | "RWF" | "GNF"
        | "KMF" | "DJF" | "BIF" | "VUV" | "UYI" => 0,
        "KWD" | "BHD" | "JOD" | "OMR" | "TND" | "IQD" | "LYD" => 3,
        _ => 2,
    }
}

fn with_cents(amount: Decimal, digits: u32) -> Decimal {
    let mut amount = amount;
    if amount.scale() < digits {
        amount.rescale(digits);
    }
    amount
}

/// `1d2h3m4s5ms` without what is nought.
fn duration(millis: i64) -> String {
    let mut rest = millis.unsigned_abs();
    let mut out = String::new();
    for (name, unit) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)] {
        let count = rest / unit;
        rest -= count * unit;
        if count > 0 {
            // Writing to a String cannot fail.
            let _ = write!(out, "{count}{name}");
        }
    }
    match millis {
        0 => "0s".into(),
        _ if millis < 0 => format!("-{out}"),
        _ => out,
    }
}

/// `08:30`, with seconds where there are some.
fn clock(millis: i64) -> String {
    let seconds = millis / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") }
}
