//! Values as the trace shows them: exact, and so that different values look different.

use std::fmt::Write;

use crate::value::Value;

/// A value for the trace.
pub fn shown(value: &Value) -> String {
    let mut out = String::new();
    show(value, &mut out);
    out
}

fn show(value: &Value, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = match value {
        Value::Bool(truth) => write!(out, "{truth}"),
        Value::Int(number) => write!(out, "{number}"),
        Value::Decimal(number) => write!(out, "{number}d"),
        Value::Money(amount, code) => write!(out, "{} {amount}", String::from_utf8_lossy(code)),
        Value::Text(text) => write!(out, "{text:?}"),
        Value::Duration(millis) => write!(out, "{millis}ms"),
        // A date beyond any calendar is told as the nearest that 32 bits of days have.
        Value::Date(days) => write!(out, "day {}", (*days).clamp(i32::MIN.into(), i32::MAX.into())),
        Value::Time(millis) => write!(out, "clock {millis}"),
        Value::DateTime(millis, zone) => write!(out, "@{millis}/{zone}"),
        Value::Language(index) => write!(out, "language {index}"),
        Value::None => write!(out, "none"),
        Value::Some(inner) => {
            out.push_str("some(");
            show(inner, out);
            write!(out, ")")
        }
        Value::List(items) => {
            out.push('[');
            listed(items, out);
            write!(out, "]")
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                show(key, out);
                out.push_str(": ");
                show(value, out);
            }
            write!(out, "}}")
        }
        Value::Record(fields) => {
            out.push('(');
            listed(fields, out);
            write!(out, ")")
        }
        Value::Variant(index, data) => {
            let _ = write!(out, "#{index}(");
            listed(data, out);
            write!(out, ")")
        }
    };
}

fn listed(values: &[Value], out: &mut String) {
    for (index, value) in values.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        show(value, out);
    }
}
