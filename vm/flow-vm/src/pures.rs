//! The pure library functions.

use flow_bytecode::decimal::{self, Money, to_i64 as whole};
use flow_bytecode::program::{Pure, PureEntry};
use flow_bytecode::{TrapReason, Type, TypeId, VerifiedProgram, moment, plain};

use crate::arena::Arena;
use crate::format;
use crate::limits::TEXT_BYTES;
use crate::numbers::{self, calculate, places};
use crate::same::Comparer;

/// The result, and how many bytes were touched for it.
pub(crate) fn apply(
    program: &VerifiedProgram,
    arena: &mut Arena,
    entry: &PureEntry,
    arguments: &[u64],
) -> Result<(u64, usize), TrapReason> {
    let types = &entry.arguments;
    let one = arguments[0];
    let other = arguments.get(1).copied().unwrap_or_default();
    match entry.function {
        Pure::TextOf => {
            let mut out = String::new();
            format::write(&mut out, program, arena, types[0], one);
            Ok((arena.add_text(out.as_bytes())?, out.len()))
        }
        Pure::IntOf | Pure::DigitsOf | Pure::PhoneOf | Pure::Last | Pure::Luhn => {
            of_text(program, arena, entry, one, other)
        }
        Pure::StartsWith | Pure::EndsWith | Pure::Includes => {
            let (one, other) = (arena.text(program, one), arena.text(program, other));
            let holds = match entry.function {
                Pure::StartsWith => one.starts_with(other.as_str()),
                Pure::EndsWith => one.ends_with(other.as_str()),
                _ => one.contains(other.as_str()),
            };
            Ok((u64::from(holds), one.len() + other.len()))
        }
        Pure::Join => join(program, arena, one, other),
        Pure::Length => match program.ty(types[0]) {
            Type::List(_) => Ok((arena.list(one).0 as u64, 0)),
            Type::Map(..) => Ok((arena.list(one).0 as u64 / 2, 0)),
            _ => {
                let text = arena.text(program, one);
                Ok((text.chars().count() as u64, text.as_bytes().len()))
            }
        },
        Pure::First => Ok((element(arena, one, 0)?, 0)),
        Pure::At => match program.ty(types[0]) {
            Type::Map(key, _) => {
                let mut comparer = Comparer::new(program, arena);
                let found = comparer.find(*key, one, other)?;
                let touched = comparer.touched();
                Ok((option(arena, found)?, touched))
            }
            _ => Ok((element(arena, one, other)?, 0)),
        },
        Pure::Sum => sum(program, arena, types[0], one),
        Pure::Contains => {
            let mut comparer = Comparer::new(program, arena);
            let found = comparer.has(types[1], one, other)?;
            Ok((u64::from(found), comparer.touched()))
        }
        Pure::Same => {
            let mut comparer = Comparer::new(program, arena);
            let same = comparer.same(types[0], one, other)?;
            Ok((u64::from(same), comparer.touched()))
        }
        Pure::MapOf => map_of(program, arena, types[0], one, other),
        Pure::Keys => every_other(arena, one, 0),
        Pure::Values => every_other(arena, one, 1),
        Pure::Add | Pure::Subtract | Pure::Multiply | Pure::Divide | Pure::Remainder | Pure::Compare => {
            let types = [program.ty(types[0]), program.ty(types[1])];
            Ok((calculate(program, arena, entry.function, types, [one, other])?, 0))
        }
        Pure::Negate => {
            let ty = program.ty(types[0]);
            Ok((calculate(program, arena, entry.function, [ty, ty], [one, one])?, 0))
        }
        Pure::DecimalOf => match program.ty(types[0]) {
            Type::Int => Ok((arena.add_decimal((one as i64).into())?, 0)),
            _ => {
                let (read, touched) = {
                    let text = arena.text(program, one);
                    (decimal::read(text.trim()), text.len())
                };
                let slot = read.map(|number| arena.add_decimal(number)).transpose()?;
                Ok((option(arena, slot)?, touched))
            }
        },
        Pure::Round => match program.ty(types[0]) {
            Type::Money => {
                let money = arena.money(program, one);
                let amount = decimal::rounded(money.amount, places(other as i64));
                Ok((arena.add_money(Money { amount, ..money })?, 0))
            }
            _ => {
                let number = decimal::rounded(arena.decimal(program, one), places(other as i64));
                Ok((arena.add_decimal(number)?, 0))
            }
        },
        Pure::Floor | Pure::Ceiling | Pure::Nearest => {
            let number = arena.decimal(program, one);
            let number = match entry.function {
                Pure::Floor => number.floor(),
                Pure::Ceiling => number.ceil(),
                _ => decimal::rounded(number, 0),
            };
            Ok((whole(number).ok_or(TrapReason::Overflow)? as u64, 0))
        }
        Pure::Whole => {
            let number = whole(arena.decimal(program, one)).map(|number| number as u64);
            Ok((option(arena, number)?, 0))
        }
        Pure::MoneyLike => {
            let money = Money::new(arena.decimal(program, one), arena.money(program, other).currency);
            Ok((arena.add_money(money)?, 0))
        }
        Pure::Amount => {
            let amount = arena.money(program, one).amount;
            Ok((arena.add_decimal(amount)?, 0))
        }
        Pure::Currency => {
            let currency = arena.money(program, one).currency;
            Ok((arena.add_text(currency.code().as_bytes())?, 0))
        }
        Pure::Between => {
            let days = (one as i64).checked_sub(other as i64);
            Ok((days.and_then(|days| days.checked_mul(DAY)).ok_or(TrapReason::Overflow)? as u64, 0))
        }
        _ => Ok((part(program, entry.function, program.ty(types[0]), one) as u64, 0)),
    }
}

const DAY: i64 = 86_400_000;

/// A part of a moment or duration.
fn part(program: &VerifiedProgram, function: Pure, ty: &Type, slot: u64) -> i64 {
    let millis = slot as i64;
    let (days, time) = match ty {
        Type::DateTime => {
            let zone = &program.time_zones()[usize::from(slot as u16)];
            (moment::date_at(millis >> 16, zone), moment::time_at(millis >> 16, zone))
        }
        _ => (millis, millis),
    };
    match function {
        Pure::DateOf => days,
        Pure::TimeOf => time,
        Pure::Year => moment::year(days),
        Pure::Month => moment::month(days),
        Pure::Day => moment::day(days),
        Pure::Weekday => moment::weekday(days),
        Pure::Hour => time / 3_600_000,
        Pure::Minute => time / 60_000 % 60,
        Pure::Days => millis.div_euclid(DAY),
        Pure::Hours => millis / 3_600_000,
        Pure::Minutes => millis / 60_000,
        _ => millis / 1000,
    }
}

/// What is asked of a text.
fn of_text(
    program: &VerifiedProgram,
    arena: &mut Arena,
    entry: &PureEntry,
    one: u64,
    other: u64,
) -> Result<(u64, usize), TrapReason> {
    let number_first = *program.ty(entry.arguments[0]) == Type::Int;
    let (slot, count) = if number_first { (other, one) } else { (one, other) };
    let text = arena.text(program, slot);
    let touched = text.len();
    let found = match entry.function {
        Pure::IntOf => {
            let number = text.trim().parse::<i64>().ok().map(|number| number as u64);
            return Ok((option(arena, number)?, touched));
        }
        Pure::Luhn => return Ok((u64::from(numbers::luhn(text.as_bytes())), touched)),
        Pure::DigitsOf => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
        Pure::PhoneOf => plain::is_phone(&text),
        _ => {
            let keep = usize::try_from(count as i64).unwrap_or(0);
            let from = match keep {
                0 => text.len(),
                _ => text.char_indices().rev().nth(keep - 1).map_or(0, |(at, _)| at),
            };
            let last = text[from..].to_owned();
            return Ok((arena.add_text(last.as_bytes())?, last.len()));
        }
    };
    Ok((option(arena, found.then_some(slot))?, touched))
}

/// Texts as one, with another between.
fn join(
    program: &VerifiedProgram,
    arena: &mut Arena,
    list: u64,
    between: u64,
) -> Result<(u64, usize), TrapReason> {
    let (count, first) = arena.list(list);
    let mut out = String::new();
    for index in 0..count {
        if index > 0 {
            out.push_str(&arena.text(program, between));
        }
        out.push_str(&arena.text(program, arena.slot(first + 8 * index)));
        if out.len() > TEXT_BYTES {
            return Err(TrapReason::TextTooLong);
        }
    }
    Ok((arena.add_text(out.as_bytes())?, out.len() + 8 * count))
}

/// The sum of a list.
fn sum(
    program: &VerifiedProgram,
    arena: &mut Arena,
    list: TypeId,
    slot: u64,
) -> Result<(u64, usize), TrapReason> {
    let Type::List(of) = program.ty(list) else { return Err(TrapReason::Unreachable) };
    let ty = program.ty(*of);
    let (count, start) = arena.list(slot);
    let mut total = match ty {
        Type::Decimal => arena.add_decimal(0.into())?,
        _ => 0,
    };
    for index in 0..count {
        let next = arena.slot(start + 8 * index);
        total = match ty {
            Type::Money if index == 0 => next,
            Type::Decimal | Type::Money => calculate(program, arena, Pure::Add, [ty, ty], [total, next])?,
            _ => (total as i64).checked_add(next as i64).ok_or(TrapReason::Overflow)? as u64,
        };
    }
    match ty {
        Type::Money => Ok((option(arena, (count > 0).then_some(total))?, 8 * count)),
        _ => Ok((total, 8 * count)),
    }
}

/// A map of keys and values.
fn map_of(
    program: &VerifiedProgram,
    arena: &mut Arena,
    keys: TypeId,
    one: u64,
    other: u64,
) -> Result<(u64, usize), TrapReason> {
    let Type::List(key) = program.ty(keys) else { return Err(TrapReason::Unreachable) };
    let ((count, first), (others, second)) = (arena.list(one), arena.list(other));
    if count != others {
        return Err(TrapReason::NoElement);
    }
    let mut comparer = Comparer::new(program, arena);
    let mut entries: Vec<(u64, u64)> = Vec::with_capacity(count);
    for index in 0..count {
        let (wanted, value) = (arena.slot(first + 8 * index), arena.slot(second + 8 * index));
        let mut found = None;
        for (place, (have, _)) in entries.iter().enumerate() {
            if comparer.same(*key, *have, wanted)? {
                found = Some(place);
                break;
            }
        }
        match found {
            Some(place) => entries[place].1 = value,
            None => entries.push((wanted, value)),
        }
    }
    let touched = comparer.touched();
    Ok((store_map(arena, &entries)?, touched))
}

/// The slot of a map whose keys are there once.
pub(crate) fn store_map(arena: &mut Arena, entries: &[(u64, u64)]) -> Result<u64, TrapReason> {
    if entries.is_empty() {
        return Ok(0);
    }
    let first = arena.add_list(2 * entries.len())?;
    for (index, (key, value)) in entries.iter().enumerate() {
        arena.set_slot(first + 16 * index, *key);
        arena.set_slot(first + 16 * index + 8, *value);
    }
    Ok(first as u64 - 3)
}

/// The keys (from 0) or values (from 1) of a map as a list.
fn every_other(arena: &mut Arena, map: u64, from: usize) -> Result<(u64, usize), TrapReason> {
    let (count, first) = arena.list(map);
    if count == 0 {
        return Ok((0, 0));
    }
    let new = arena.add_list(count / 2)?;
    for index in 0..count / 2 {
        let slot = arena.slot(first + 8 * (2 * index + from));
        arena.set_slot(new + 8 * index, slot);
    }
    Ok((new as u64 - 3, 8 * count))
}

fn option(arena: &mut Arena, slot: Option<u64>) -> Result<u64, TrapReason> {
    slot.map_or(Ok(0), |slot| arena.add_slots(&[slot]))
}

/// An option of a list's element.
fn element(arena: &mut Arena, list: u64, index: u64) -> Result<u64, TrapReason> {
    let (count, start) = arena.list(list);
    if index >= count as u64 {
        return Ok(0);
    }
    let slot = arena.slot(start + 8 * index as usize);
    arena.add_slots(&[slot])
}
