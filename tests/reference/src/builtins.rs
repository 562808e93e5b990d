//! The functions and properties that every flow knows.

use flow_check::hir::{BinaryOp, Builtin, Part, Program, TypeKind};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::arithmetic::{calculate, text};
use crate::call::Fault;
use crate::moments;
use crate::value::Value;
use crate::written::written;

/// What a built-in function makes of its arguments. `of` is the type of the first, `result` its own.
pub(crate) fn builtin(
    program: &Program,
    function: Builtin,
    mut arguments: Vec<Value>,
    (of, result): (&TypeKind, &TypeKind),
) -> Result<Value, Fault> {
    if arguments.is_empty() {
        return Err(Fault::Impossible);
    }
    let other = (arguments.len() > 1).then(|| arguments.remove(1));
    let one = arguments.remove(0);
    Ok(match (function, one, other) {
        (Builtin::TextOf, one, _) => text(written(program, of, &one))?,
        (Builtin::IntOf, Value::Text(text), _) => {
            Value::option(text.trim().parse::<i64>().ok().map(Value::Int))
        }
        (Builtin::IntOf, Value::Decimal(number), _) => {
            let whole = if number.is_integer() { i64::try_from(number).ok() } else { None };
            Value::option(whole.map(Value::Int))
        }
        (Builtin::DecimalOf, Value::Int(number), _) => Value::decimal(number.into()),
        (Builtin::DecimalOf, Value::Text(text), _) => Value::option(decimal_in(text.trim())),
        (Builtin::DigitsOf, Value::Text(text), _) => {
            let fits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
            Value::option(fits.then_some(Value::Text(text)))
        }
        (Builtin::PhoneOf, Value::Text(text), _) => {
            Value::option(is_phone(&text).then_some(Value::Text(text)))
        }
        (Builtin::MoneyOf, Value::Decimal(amount), Some(Value::Money(_, code))) => Value::money(amount, code),
        (Builtin::Length, Value::List(items), _) => Value::Int(items.len() as i64),
        (Builtin::Length, Value::Map(entries), _) => Value::Int(entries.len() as i64),
        (Builtin::Length, Value::Text(text), _) => Value::Int(text.chars().count() as i64),
        (Builtin::First, Value::List(items), _) => Value::option(items.into_iter().next()),
        (Builtin::At, Value::List(items), Some(Value::Int(index))) => {
            let index = usize::try_from(index).ok();
            Value::option(index.and_then(|index| items.into_iter().nth(index)))
        }
        (Builtin::At, Value::Map(entries), Some(key)) => {
            let found = entries.into_iter().find(|(have, _)| have.is_same(&key));
            Value::option(found.map(|(_, value)| value))
        }
        (Builtin::Sum, Value::List(items), _) => sum(items, result)?,
        (Builtin::Keys, Value::Map(entries), _) => {
            Value::List(entries.into_iter().map(|(key, _)| key).collect())
        }
        (Builtin::Values, Value::Map(entries), _) => {
            Value::List(entries.into_iter().map(|(_, value)| value).collect())
        }
        (Builtin::Last, Value::Int(count), Some(Value::Text(text))) => {
            let all = text.chars().count();
            let keep = usize::try_from(count).unwrap_or(0).min(all);
            Value::Text(text.chars().skip(all - keep).collect())
        }
        (Builtin::Round, Value::Decimal(number), None) => whole(rounded(number, 0))?,
        (Builtin::Round, Value::Decimal(number), Some(Value::Int(places))) => {
            Value::decimal(rounded(number, places))
        }
        (Builtin::Round, Value::Money(amount, code), Some(Value::Int(places))) => {
            Value::money(rounded(amount, places), code)
        }
        (Builtin::Floor, Value::Decimal(number), _) => whole(number.floor())?,
        (Builtin::Ceiling, Value::Decimal(number), _) => whole(number.ceil())?,
        (Builtin::Amount, Value::Money(amount, _), _) => Value::decimal(amount),
        (Builtin::Currency, Value::Money(_, code), _) => {
            Value::Text(String::from_utf8_lossy(&code).into_owned())
        }
        (Builtin::StartsWith, Value::Text(text), Some(Value::Text(part))) => {
            Value::Bool(text.starts_with(&part))
        }
        (Builtin::EndsWith, Value::Text(text), Some(Value::Text(part))) => Value::Bool(text.ends_with(&part)),
        (Builtin::Includes, Value::Text(text), Some(Value::Text(part))) => Value::Bool(text.contains(&part)),
        (Builtin::Luhn, Value::Text(text), _) => Value::Bool(is_card(&text)),
        (Builtin::Part(part), one, _) => part_of(program, part, one)?,
        _ => return Err(Fault::Impossible),
    })
}

fn part_of(program: &Program, part: Part, value: Value) -> Result<Value, Fault> {
    Ok(Value::Int(match (part, value) {
        (Part::Days, Value::Duration(millis)) => moments::whole_days(millis),
        (Part::Hours, Value::Duration(millis)) => millis / 3_600_000,
        (Part::Minutes, Value::Duration(millis)) => millis / 60_000,
        (Part::Seconds, Value::Duration(millis)) => millis / 1_000,
        (Part::Hour, Value::Time(millis)) => millis / 3_600_000,
        (Part::Minute, Value::Time(millis)) => millis % 3_600_000 / 60_000,
        (part, Value::Date(days)) => of_date(part, moments::date(days))?,
        (part, Value::DateTime(millis, zone)) => {
            let local = moments::local(millis, &program.zones[zone]);
            match part {
                Part::Date => return Ok(Value::Date(moments::days(local.date()))),
                Part::Time => return Ok(Value::Time(moments::clock(local))),
                Part::Hour => local.hour().into(),
                Part::Minute => local.minute().into(),
                part => of_date(part, local.date())?,
            }
        }
        _ => return Err(Fault::Impossible),
    }))
}

fn of_date(part: Part, date: jiff::civil::Date) -> Result<i64, Fault> {
    Ok(match part {
        Part::Year => date.year().into(),
        Part::Month => date.month().into(),
        Part::Day => date.day().into(),
        Part::Weekday => date.weekday().to_monday_one_offset().into(),
        _ => return Err(Fault::Impossible),
    })
}

/// Of money there is no sum of nothing, because nothing has no currency.
fn sum(items: Vec<Value>, result: &TypeKind) -> Result<Value, Fault> {
    let nothing = match result {
        TypeKind::Int => Value::Int(0),
        TypeKind::Duration => Value::Duration(0),
        TypeKind::Decimal => Value::decimal(Decimal::ZERO),
        _ => {
            let mut items = items.into_iter();
            let Some(first) = items.next() else { return Ok(Value::None) };
            let total = items.try_fold(first, |total, next| calculate(BinaryOp::Add, total, next))?;
            return Ok(Value::Some(Box::new(total)));
        }
    };
    items.into_iter().try_fold(nothing, |total, next| calculate(BinaryOp::Add, total, next))
}

fn rounded(number: Decimal, places: i64) -> Decimal {
    let places = places.clamp(0, 28) as u32;
    number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

fn whole(number: Decimal) -> Result<Value, Fault> {
    i64::try_from(number).map(Value::Int).map_err(|_| Fault::Overflow)
}

/// Digits with at most one point between them, and perhaps a sign in front; at most 64 characters.
fn decimal_in(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').or(text.strip_prefix('+')).unwrap_or(text);
    let parts: Vec<&str> = digits.split('.').collect();
    let plain = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    if parts.len() > 2 || !parts.iter().all(plain) || text.len() > 64 {
        return None;
    }
    Decimal::from_str_exact(text).ok().map(Value::decimal)
}

/// E.164 as literals have it.
fn is_phone(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    let count = digits.chars().count();
    digits.chars().all(|c| c.is_ascii_digit()) && (4..=15).contains(&count) && !digits.starts_with('0')
}

/// ISO/IEC 7812: from the right every second digit counts twice, and the digits of all make whole tens.
fn is_card(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| digits.len() > 1) else { return false };
    let mut sum = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        let counted = if place % 2 == 1 { digit * 2 } else { *digit };
        sum += counted / 10 + counted % 10;
    }
    sum % 10 == 0
}
