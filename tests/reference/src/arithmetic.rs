//! `+ - * / %`, and which of two values is more.

use std::cmp::Ordering;

use flow_check::hir::BinaryOp;
use rust_decimal::Decimal;

use crate::call::Fault;
use crate::moments::{DAY, whole_days};
use crate::value::Value;

/// Bytes of the longest text.
pub(crate) const LONGEST_TEXT: usize = 4096;
/// The greatest distance of an instant from 1970, in milliseconds.
const FARTHEST_INSTANT: u64 = (1 << 46) - 1;

type Calculated = Result<Value, Fault>;

/// A sum, difference or product.
pub(crate) fn calculate(op: BinaryOp, left: Value, right: Value) -> Calculated {
    use Value::{Date, DateTime, Decimal, Duration, Int, Money, Text};
    match (op, left, right) {
        (BinaryOp::Add, Int(a), Int(b)) => number(a.checked_add(b)).map(Int),
        (BinaryOp::Subtract, Int(a), Int(b)) => number(a.checked_sub(b)).map(Int),
        (BinaryOp::Multiply, Int(a), Int(b)) => number(a.checked_mul(b)).map(Int),
        (BinaryOp::Add, Duration(a), Duration(b)) => number(a.checked_add(b)).map(Duration),
        (BinaryOp::Subtract, Duration(a), Duration(b)) => number(a.checked_sub(b)).map(Duration),
        (BinaryOp::Multiply, Duration(a), Int(b)) | (BinaryOp::Multiply, Int(b), Duration(a)) => {
            number(a.checked_mul(b)).map(Duration)
        }
        (op, Decimal(a), Decimal(b)) => exact(op, a, b).map(Value::decimal),
        (BinaryOp::Multiply, Money(a, of), Decimal(b)) | (BinaryOp::Multiply, Decimal(b), Money(a, of)) => {
            exact(BinaryOp::Multiply, a, b).map(|amount| Value::money(amount, of))
        }
        (BinaryOp::Add | BinaryOp::Subtract, Money(a, of), Money(b, other)) => {
            if of != other {
                return Err(Fault::MixedCurrencies);
            }
            exact(op, a, b).map(|amount| Value::money(amount, of))
        }
        (BinaryOp::Add, DateTime(at, zone), Duration(by))
        | (BinaryOp::Add, Duration(by), DateTime(at, zone)) => instant(at.checked_add(by), zone),
        (BinaryOp::Subtract, DateTime(at, zone), Duration(by)) => instant(at.checked_sub(by), zone),
        (BinaryOp::Subtract, DateTime(a, _), DateTime(b, _)) => number(a.checked_sub(b)).map(Duration),
        (BinaryOp::Add, Date(day), Duration(by)) | (BinaryOp::Add, Duration(by), Date(day)) => {
            number(day.checked_add(whole_days(by))).map(Date)
        }
        (BinaryOp::Subtract, Date(day), Duration(by)) => number(day.checked_sub(whole_days(by))).map(Date),
        (BinaryOp::Subtract, Date(a), Date(b)) => {
            number(a.checked_sub(b).and_then(|days| days.checked_mul(DAY))).map(Duration)
        }
        (BinaryOp::Add, Text(a), Text(b)) => text(a + &b),
        _ => Err(Fault::Impossible),
    }
}

/// A quotient or remainder; `None` when the divisor is zero.
pub(crate) fn divide(op: BinaryOp, left: Value, right: Value) -> Result<Option<Value>, Fault> {
    use Value::{Decimal, Duration, Int, Money};
    Ok(Some(match (op, left, right) {
        (_, _, Int(0)) => return Ok(None),
        (_, _, Decimal(by)) if by.is_zero() => return Ok(None),
        (BinaryOp::Remainder, Int(a), Int(b)) => Int(number(a.checked_rem(b))?),
        (BinaryOp::Divide, Duration(a), Int(b)) => Duration(number(a.checked_div(b))?),
        (op, Decimal(a), Decimal(b)) => Value::decimal(exact(op, a, b)?),
        (BinaryOp::Divide, Money(a, of), Decimal(b)) => Value::money(exact(op, a, b)?, of),
        _ => return Err(Fault::Impossible),
    }))
}

/// `-x`
pub(crate) fn negate(value: Value) -> Calculated {
    match value {
        Value::Int(number_) => number(number_.checked_neg()).map(Value::Int),
        Value::Duration(millis) => number(millis.checked_neg()).map(Value::Duration),
        Value::Decimal(number) => Ok(Value::decimal(-number)),
        Value::Money(amount, of) => Ok(Value::money(-amount, of)),
        _ => Err(Fault::Impossible),
    }
}

/// Which of two values of one ordered type is more.
pub(crate) fn order(left: &Value, right: &Value) -> Result<Ordering, Fault> {
    use Value::*;
    Ok(match (left, right) {
        (Int(a), Int(b)) | (Duration(a), Duration(b)) | (Date(a), Date(b)) | (Time(a), Time(b)) => a.cmp(b),
        (DateTime(a, _), DateTime(b, _)) => a.cmp(b),
        (Decimal(a), Decimal(b)) => a.cmp(b),
        (Money(_, of), Money(_, other)) if of != other => return Err(Fault::MixedCurrencies),
        (Money(a, _), Money(b, _)) => a.cmp(b),
        _ => return Err(Fault::Impossible),
    })
}

/// A text, unless it is too long.
pub(crate) fn text(text: String) -> Calculated {
    if text.len() > LONGEST_TEXT { Err(Fault::TextTooLong) } else { Ok(Value::Text(text)) }
}

fn exact(op: BinaryOp, a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    let result = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div(b),
        BinaryOp::Remainder => a.checked_rem(b),
        _ => return Err(Fault::Impossible),
    };
    result.ok_or(Fault::Overflow)
}

fn instant(at: Option<i64>, zone: usize) -> Calculated {
    match at {
        Some(at) if at.unsigned_abs() <= FARTHEST_INSTANT => Ok(Value::DateTime(at, zone)),
        _ => Err(Fault::Overflow),
    }
}

fn number(result: Option<i64>) -> Result<i64, Fault> {
    result.ok_or(Fault::Overflow)
}
