//! The pure library functions.

use flow_bytecode::program::{Pure, PureEntry};
use flow_bytecode::{TrapReason, Type, VerifiedProgram};

use crate::arena::Arena;
use crate::format;

/// The result, and how many bytes were touched for it.
pub(crate) fn apply(
    program: &VerifiedProgram,
    arena: &mut Arena,
    entry: &PureEntry,
    arguments: &[u64],
) -> Result<(u64, usize), TrapReason> {
    let first = program.ty(entry.arguments[0]);
    match entry.function {
        Pure::TextOf => {
            let mut out = String::new();
            format::write(&mut out, program, arena, entry.arguments[0], arguments[0]);
            Ok((arena.add_text(out.as_bytes())?, out.len()))
        }
        Pure::IntOf => {
            let text = arena.text(program, arguments[0]);
            let touched = text.as_bytes().len();
            match text.trim().parse::<i64>() {
                Ok(number) => Ok((arena.add_slots(&[number as u64])?, touched)),
                Err(_) => Ok((0, touched)),
            }
        }
        Pure::Length => match first {
            Type::List(_) => Ok((arena.list(arguments[0]).0 as u64, 0)),
            _ => {
                let text = arena.text(program, arguments[0]);
                Ok((text.chars().count() as u64, text.as_bytes().len()))
            }
        },
        Pure::First => Ok((element(arena, arguments[0], 0)?, 0)),
        Pure::At => Ok((element(arena, arguments[0], arguments[1])?, 0)),
        Pure::Sum => {
            let (count, start) = arena.list(arguments[0]);
            let mut total = 0i64;
            for index in 0..count {
                let next = arena.slot(start + 8 * index) as i64;
                total = total.checked_add(next).ok_or(TrapReason::Overflow)?;
            }
            Ok((total as u64, 8 * count))
        }
        Pure::Last => {
            let (count, text) = match first {
                Type::Int => (arguments[0], arguments[1]),
                _ => (arguments[1], arguments[0]),
            };
            let text = arena.text(program, text);
            let keep = usize::try_from(count as i64).unwrap_or(0);
            let from = match keep {
                0 => text.len(),
                _ => text.char_indices().rev().nth(keep - 1).map_or(0, |(at, _)| at),
            };
            let last = text[from..].to_owned();
            let touched = last.len();
            Ok((arena.add_text(last.as_bytes())?, touched))
        }
        Pure::Contains => {
            let of = program.ty(entry.arguments[1]);
            let (count, start) = arena.list(arguments[0]);
            let mut touched = 8 * count;
            let mut elements = (0..count).map(|index| arena.slot(start + 8 * index));
            let found = match of {
                Type::Text | Type::Digits | Type::Phone => {
                    let wanted = arena.text(program, arguments[1]);
                    touched += count * wanted.as_bytes().len();
                    elements.any(|element| arena.text(program, element).as_bytes() == wanted.as_bytes())
                }
                _ => elements.any(|element| element == arguments[1]),
            };
            Ok((u64::from(found), touched))
        }
    }
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
