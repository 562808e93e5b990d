//! Values crossing the boundary: from outside data to slots of a static type, checked, and back.

use flow_bytecode::decimal::{packed_decimal, packed_money};
use flow_bytecode::verified::slot;
use flow_bytecode::{Datum, TrapReason, Type, TypeId, VerifiedProgram};

use crate::arena::Arena;
use crate::limits::{ARENA_BYTES, TEXT_BYTES};
use crate::numbers;
use crate::pures;

/// The largest distance of an instant from 1970 that a slot holds, in milliseconds: 2,200 years.
pub(crate) const INSTANT_LIMIT: i64 = (1 << 46) - 1;

/// The slot of a datum that needs no arena and no second look; the others go by [`size`] and [`store`].
#[inline]
pub(crate) fn plain(program: &VerifiedProgram, id: TypeId, datum: &Datum) -> Option<u64> {
    match (program.ty(id), datum) {
        (Type::Int, Datum::Int(value)) | (Type::Duration, Datum::Duration(value)) => Some(*value as u64),
        (Type::Bool, Datum::Bool(value)) => Some(u64::from(*value)),
        (Type::Text | Type::Phone, Datum::Text(text)) => slot::inline_text(text.as_bytes()),
        _ => None,
    }
}

/// Bytes of arena that a datum takes; `None` when it is not of the type, or larger than any call may hold.
pub(crate) fn size(program: &VerifiedProgram, id: TypeId, datum: &Datum) -> Option<usize> {
    let fits = |fits: bool| fits.then_some(0);
    match (program.ty(id), datum) {
        (Type::Bool, Datum::Bool(_)) | (Type::Int, Datum::Int(_)) | (Type::Duration, Datum::Duration(_)) => {
            Some(0)
        }
        (Type::Date, Datum::Date(_)) => Some(0),
        (Type::Time, Datum::Time(millis)) => fits((0..86_400_000).contains(millis)),
        (Type::DateTime, Datum::DateTime(millis, zone)) => {
            fits(millis.unsigned_abs() <= INSTANT_LIMIT as u64 && usize::from(*zone) < program.zones.len())
        }
        (Type::Language, Datum::Language(index)) => fits(usize::from(*index) < program.languages.len()),
        (Type::Digits, Datum::Text(text)) if !text.bytes().all(|byte| byte.is_ascii_digit()) => None,
        (Type::Decimal, Datum::Decimal(number)) => Some(numbers::size(packed_decimal(*number), false)),
        (Type::Money, Datum::Money(money)) => Some(numbers::size(packed_money(*money), true)),
        (Type::Map(key, value), Datum::Map(entries)) => {
            let mut total = if entries.is_empty() { 0 } else { 4 + 16 * entries.len() };
            for (one, other) in entries {
                total += size(program, *key, one)? + size(program, *value, other)?;
                if total > ARENA_BYTES {
                    return None;
                }
            }
            Some(total)
        }
        (Type::Text | Type::Digits | Type::Phone | Type::PublicKey, Datum::Text(text)) => match text.len() {
            0..=7 => Some(0),
            8..=TEXT_BYTES => Some(4 + text.len()),
            _ => None,
        },
        (Type::Option(_), Datum::None) => Some(0),
        (Type::Option(of), Datum::Some(inner)) => Some(8 + size(program, *of, inner)?),
        (Type::List(_), Datum::List(elements)) if elements.is_empty() => Some(0),
        (Type::List(of), Datum::List(elements)) => {
            let mut total = 4 + 8 * elements.len();
            for element in elements {
                total += size(program, *of, element)?;
                if total > ARENA_BYTES {
                    return None;
                }
            }
            Some(total)
        }
        (Type::Record(fields), Datum::Record(values)) => all(program, fields, values),
        (Type::Enum(variants), Datum::Variant(tag, values)) => {
            let fields = variants.get(usize::from(*tag))?;
            Some(all(program, fields, values)? + if fields.is_empty() { 0 } else { 8 })
        }
        (Type::Keys | Type::Form | Type::Stay | Type::Rings | Type::Shares, _) => None,
        (Type::Calendar | Type::Queue | Type::Switch | Type::Limit | Type::Setting, _) => None,
        (Type::Callback, _) => None,
        _ => None,
    }
}

fn all(program: &VerifiedProgram, types: &[TypeId], values: &[Datum]) -> Option<usize> {
    if types.len() != values.len() {
        return None;
    }
    let mut total = 8 * types.len();
    for (id, value) in types.iter().zip(values) {
        total += size(program, *id, value)?;
    }
    Some(total)
}

/// The slot of a datum whose [`size`] is known to fit.
pub(crate) fn store(
    program: &VerifiedProgram,
    arena: &mut Arena,
    id: TypeId,
    datum: &Datum,
) -> Result<u64, TrapReason> {
    Ok(match (program.ty(id), datum) {
        (_, Datum::Bool(value)) => u64::from(*value),
        (_, Datum::Int(value) | Datum::Duration(value)) => *value as u64,
        (_, Datum::Date(value) | Datum::Time(value)) => i64::from(*value) as u64,
        (_, Datum::DateTime(millis, zone)) => slot::datetime(*millis, *zone),
        (_, Datum::Language(index)) => u64::from(*index),
        (_, Datum::Text(text)) => arena.add_text(text.as_bytes())?,
        (_, Datum::Decimal(number)) => arena.add_decimal(*number)?,
        (_, Datum::Money(money)) => arena.add_money(*money)?,
        (Type::Map(key, value), Datum::Map(entries)) => {
            let mut keys: Vec<&Datum> = Vec::with_capacity(entries.len());
            let mut slots: Vec<(u64, u64)> = Vec::with_capacity(entries.len());
            for (one, other) in entries {
                let slot = store(program, arena, *value, other)?;
                match keys.iter().position(|before| *before == one) {
                    Some(first) => slots[first].1 = slot,
                    None => {
                        keys.push(one);
                        slots.push((store(program, arena, *key, one)?, slot));
                    }
                }
            }
            pures::store_map(arena, &slots)?
        }
        (_, Datum::None) => 0,
        (Type::Option(of), Datum::Some(inner)) => {
            let inner = store(program, arena, *of, inner)?;
            arena.add_slots(&[inner])?
        }
        (Type::List(of), Datum::List(elements)) if !elements.is_empty() => {
            let first = arena.add_list(elements.len())?;
            for (index, element) in elements.iter().enumerate() {
                let element = store(program, arena, *of, element)?;
                arena.set_slot(first + 8 * index, element);
            }
            first as u64 - 3
        }
        (Type::Record(fields), Datum::Record(values)) if !fields.is_empty() => {
            let first = arena.reserve(8 * fields.len())?;
            for (index, (of, value)) in fields.iter().zip(values).enumerate() {
                let value = store(program, arena, *of, value)?;
                arena.set_slot(first + 8 * index, value);
            }
            first as u64 + 1
        }
        (Type::Enum(variants), Datum::Variant(tag, values)) => {
            let fields = &variants[usize::from(*tag)];
            let mut slots = Vec::with_capacity(fields.len());
            for (of, value) in fields.iter().zip(values) {
                slots.push(store(program, arena, *of, value)?);
            }
            arena.add_variant(u64::from(*tag), &slots)?
        }
        _ => 0,
    })
}
