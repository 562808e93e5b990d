//! Dropping what is dead from a call's memory, at a wait, where it is known what lives.
//!
//! Values that are shared stay shared: what has moved is remembered by where it was.

use std::collections::BTreeMap;

use flow_bytecode::decimal;
use flow_bytecode::{Opcode, TrapReason, Type, TypeId, VerifiedProgram};

use crate::arena::Arena;
use crate::fiber::{Fiber, Output};
use crate::frames::linked;
use crate::limits::GARBAGE_BYTES;
use crate::pures;
use crate::speech;

impl Fiber {
    /// Whether enough was added to the arena since it was last compacted.
    #[inline]
    pub(crate) fn is_untidy(&self) -> bool {
        self.arena.len() > 2 * self.settled as usize + GARBAGE_BYTES
    }

    /// Compacts the arena, and says what was to be said. The call stands at a wait.
    #[cold]
    #[inline(never)]
    pub(crate) fn tidied(&mut self, program: &VerifiedProgram, output: Output) -> Output {
        self.compact(program);
        output
    }

    fn compact(&mut self, program: &VerifiedProgram) {
        let mut mover = Mover { program, from: &self.arena, to: Arena::default(), moved: BTreeMap::new() };
        let mut slots = Vec::new();
        for (index, ty) in self.live(program) {
            match mover.value(ty, self.stack[index]) {
                Ok(slot) => slots.push((index, slot)),
                // What lives fitted where it was; it stays there.
                Err(_) => return,
            }
        }
        let mut to = mover.to;
        to.shrink();
        self.arena = to;
        self.settled = self.arena.len() as u32;
        for (index, slot) in slots {
            self.stack[index] = slot;
        }
    }

    /// The registers that live at this wait, by index into the stack, with their types: outermost frame first.
    pub(crate) fn live(&self, program: &VerifiedProgram) -> Vec<(usize, TypeId)> {
        let mut frames = Vec::with_capacity(usize::from(self.depth));
        let (mut base, mut pc) = (usize::from(self.base), self.pc);
        for depth in (1..=self.depth).rev() {
            frames.push((base, pc - 1));
            if depth > 1 {
                let function;
                (function, pc) = linked(self.stack[base - 1]);
                base = base - 1 - usize::from(program.functions[usize::from(function)].registers);
            }
        }
        let mut live = Vec::new();
        for (base, at) in frames.into_iter().rev() {
            if let Some(point) = program.point(at) {
                live.extend(point.kept.iter().map(|(register, ty)| (base + usize::from(*register), *ty)));
            }
        }
        let waiting = program.decoded()[self.pc as usize - 1];
        if waiting.op == Opcode::Perform {
            let first = usize::from(self.base) + usize::from(waiting.a);
            let types = &program.effects[usize::from(waiting.bx())].arguments;
            live.extend(types.iter().enumerate().map(|(offset, ty)| (first + offset, *ty)));
        }
        live
    }
}

/// Values on their way from one arena to another.
struct Mover<'a> {
    program: &'a VerifiedProgram,
    from: &'a Arena,
    to: Arena,
    /// Slots in `from` that hold a handle, and what they became.
    moved: BTreeMap<u64, u64>,
}

impl Mover<'_> {
    fn value(&mut self, id: TypeId, slot: u64) -> Result<u64, TrapReason> {
        let program = self.program;
        let ty = program.ty(id);
        let stays = match ty {
            Type::Decimal | Type::Money => !decimal::is_in_arena(slot),
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey => {
                slot & 0xff != flow_bytecode::verified::slot::ARENA
            }
            Type::Option(_) | Type::List(_) | Type::Map(..) | Type::Record(_) => slot == 0,
            Type::Enum(_) => self.from.fields(slot).is_none(),
            Type::Speech => slot & 1 == 1,
            _ => true,
        };
        if stays {
            return Ok(slot);
        }
        // A text's slot and a handle may be the same number: the type's shape tells them apart.
        let kind = match ty {
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey | Type::Enum(_) => 0,
            Type::Decimal | Type::Money => 1 << 60,
            Type::Speech => 1 << 62,
            _ => 1 << 61,
        };
        if let Some(moved) = self.moved.get(&(slot | kind)) {
            return Ok(*moved);
        }
        let from = self.from;
        let moved = match ty {
            Type::Option(of) => {
                let inner = self.value(*of, from.slot(slot as usize - 1))?;
                self.to.add_slots(&[inner])?
            }
            Type::List(of) => {
                let (count, first) = from.list(slot);
                let mut slots = Vec::with_capacity(count);
                for index in 0..count {
                    slots.push(self.value(*of, from.slot(first + 8 * index))?);
                }
                let first = self.to.add_list(count)?;
                for (index, slot) in slots.into_iter().enumerate() {
                    self.to.set_slot(first + 8 * index, slot);
                }
                first as u64 - 3
            }
            Type::Decimal => self.to.add_decimal(from.decimal(program, slot))?,
            Type::Money => self.to.add_money(from.money(program, slot))?,
            Type::Map(key, value) => {
                let (count, first) = from.list(slot);
                let mut entries = Vec::with_capacity(count / 2);
                for index in (0..count).step_by(2) {
                    let key = self.value(*key, from.slot(first + 8 * index))?;
                    entries.push((key, self.value(*value, from.slot(first + 8 * (index + 1)))?));
                }
                pures::store_map(&mut self.to, &entries)?
            }
            Type::Record(types) => {
                let slots = self.values(types, slot as usize - 1)?;
                self.to.add_slots(&slots)?
            }
            Type::Enum(variants) => {
                let tag = from.tag(slot);
                let first = from.fields(slot).map_or(0, |(first, _)| first);
                let slots = self.values(&variants[tag as usize], first)?;
                self.to.add_variant(tag, &slots)?
            }
            Type::Speech => {
                let Some((template, depth, first)) = speech::parts(from, slot) else { return Ok(slot) };
                let types = &program.templates[usize::from(template)].arguments;
                let slots = self.values(types, first)?;
                self.to.add_speech(u64::from(template), depth, &slots)?
            }
            _ => self.to.add_text(from.text_bytes((slot >> 32) as usize))?,
        };
        self.moved.insert(slot | kind, moved);
        Ok(moved)
    }

    fn values(&mut self, types: &[TypeId], first: usize) -> Result<Vec<u64>, TrapReason> {
        let slots = types.iter().enumerate();
        slots.map(|(index, ty)| self.value(*ty, self.from.slot(first + 8 * index))).collect()
    }
}
