//! Instructions that build and open values: those that touch the arena.

use flow_bytecode::TrapReason::{
    DivideByZero, NoElement, NothingThere, Overflow, SpeechTooDeep, Unreachable, WrongVariant,
};
use flow_bytecode::{Opcode as Op, TrapReason, Type, VerifiedProgram};

use crate::fiber::Fiber;
use crate::limits::SPEECH_DEPTH;
use crate::value::INSTANT_LIMIT;
use crate::{format, pures, speech};

impl Fiber {
    /// The instruction at `at`, which goes on behind itself.
    #[inline(never)]
    pub(crate) fn step(&mut self, program: &VerifiedProgram, at: u32) -> Result<(), TrapReason> {
        let i = program.decoded()[at as usize];
        let base = usize::from(self.base);
        let at = |register: u8| base + usize::from(register);
        let (a, b, c) = (at(i.a), at(i.b), at(i.c));
        // Bytes touched beyond a few slots.
        let mut touched = 0;
        let value = match i.op {
            Op::Trap => return Err(TrapReason::from_u16(i.bx()).unwrap_or(Unreachable)),
            Op::Negate => (self.stack[b] as i64).checked_neg().ok_or(Overflow)? as u64,
            Op::Multiply | Op::Divide | Op::Remainder | Op::SubtractTime => {
                calculated(i.op, self.stack[b] as i64, self.stack[c] as i64)? as u64
            }
            Op::Some => self.arena.add_slots(&[self.stack[b]])?,
            Op::Unwrap => match self.stack[b] {
                0 => return Err(NothingThere),
                handle => self.arena.slot(handle as usize - 1),
            },
            Op::AddTime => {
                let time = self.stack[b];
                let millis = (time as i64 >> 16).checked_add(self.stack[c] as i64);
                let millis = millis.filter(|millis| millis.unsigned_abs() <= INSTANT_LIMIT as u64);
                (millis.ok_or(Overflow)? << 16) as u64 | (time & 0xffff)
            }
            Op::EqualText => {
                let (one, other) = (self.stack[b], self.stack[c]);
                u64::from(
                    one == other || {
                        let (one, other) = (self.arena.text(program, one), self.arena.text(program, other));
                        touched = one.as_bytes().len().min(other.as_bytes().len());
                        one.as_bytes() == other.as_bytes()
                    },
                )
            }
            Op::Record => {
                let Type::Record(fields) = &program.types[usize::from(i.bx())] else {
                    return Err(Unreachable);
                };
                touched = 8 * fields.len();
                self.arena.add_slots(&self.stack[a..a + fields.len()])?
            }
            Op::Field => self.arena.slot(self.stack[b] as usize - 1 + 8 * usize::from(i.c)),
            Op::Variant => {
                let entry = &program.variants[usize::from(i.bx())];
                let Type::Enum(variants) = program.ty(entry.ty) else { return Err(Unreachable) };
                let fields = variants[usize::from(entry.variant)].len();
                touched = 8 * fields;
                self.arena.add_variant(u64::from(entry.variant), &self.stack[a..a + fields])?
            }
            Op::Tag => self.arena.tag(self.stack[b]),
            Op::Unpack => return self.unpack(a, b, u64::from(i.c)),
            Op::List => {
                let count = usize::from(i.c);
                touched = 8 * count;
                let first = self.arena.add_list(count)?;
                for index in 0..count {
                    self.arena.set_slot(first + 8 * index, self.stack[b + index]);
                }
                first as u64 - 3
            }
            Op::Element => {
                let (count, first) = self.arena.list(self.stack[b]);
                let index = self.stack[c];
                if index >= count as u64 {
                    return Err(NoElement);
                }
                self.arena.slot(first + 8 * index as usize)
            }
            Op::Append => {
                let (count, first) = self.arena.list(self.stack[b]);
                touched = 8 * count;
                let new = self.arena.add_list(count + 1)?;
                for index in 0..count {
                    self.arena.set_slot(new + 8 * index, self.arena.slot(first + 8 * index));
                }
                self.arena.set_slot(new + 8 * count, self.stack[c]);
                new as u64 - 3
            }
            Op::Format => {
                let template = &program.templates[usize::from(i.bx())];
                let arguments = &self.stack[a..a + template.arguments.len()];
                let text = format::text(program, &self.arena, template, arguments)?;
                touched = text.len();
                self.arena.add_text(text.as_bytes())?
            }
            Op::Speech => {
                let types = &program.templates[usize::from(i.bx())].arguments;
                let arguments = &self.stack[a..a + types.len()];
                let depth = speech::depth(program, &self.arena, types, arguments);
                if depth >= SPEECH_DEPTH {
                    return Err(SpeechTooDeep);
                }
                self.arena.add_speech(u64::from(i.bx()), depth + 1, arguments)?
            }
            Op::Pure => {
                let entry = &program.pures[usize::from(i.bx())];
                let arguments = &self.stack[a..a + entry.arguments.len()];
                let (value, bytes) = pures::apply(program, &mut self.arena, entry, arguments)?;
                touched = bytes;
                value
            }
            _ => return Err(Unreachable),
        };
        self.stack[a] = value;
        self.budget = self.budget.saturating_sub(touched as u32 / 64);
        Ok(())
    }

    fn unpack(&mut self, to: usize, from: usize, tag: u64) -> Result<(), TrapReason> {
        let value = self.stack[from];
        if self.arena.tag(value) != tag {
            return Err(WrongVariant);
        }
        if let Some((first, count)) = self.arena.fields(value) {
            for index in 0..count {
                self.stack[to + index] = self.arena.slot(first + 8 * index);
            }
        }
        Ok(())
    }
}

/// What is calculated more rarely than sums.
fn calculated(op: Op, one: i64, other: i64) -> Result<i64, TrapReason> {
    let result = match op {
        Op::Divide | Op::Remainder if other == 0 => return Err(DivideByZero),
        Op::Multiply => one.checked_mul(other),
        Op::Divide => one.checked_div(other),
        Op::Remainder => one.checked_rem(other),
        _ => Some((one >> 16) - (other >> 16)),
    };
    result.ok_or(Overflow)
}
