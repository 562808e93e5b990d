//! Whether two values of one type are equal in all their parts.

use flow_bytecode::{TrapReason, Type, TypeId, VerifiedProgram};

use crate::arena::Arena;

/// Parts compared at most: values that share parts may be far larger than the memory they lie in.
const PARTS: usize = 50_000;

/// Compares values, and counts what it looked at.
pub(crate) struct Comparer<'a> {
    program: &'a VerifiedProgram,
    arena: &'a Arena,
    parts: usize,
}

impl<'a> Comparer<'a> {
    pub(crate) fn new(program: &'a VerifiedProgram, arena: &'a Arena) -> Self {
        Self { program, arena, parts: 0 }
    }

    /// Bytes of work so far.
    pub(crate) fn touched(&self) -> usize {
        64 * self.parts
    }

    /// Whether two values of a type are equal.
    pub(crate) fn same(&mut self, id: TypeId, one: u64, other: u64) -> Result<bool, TrapReason> {
        self.parts += 1;
        if self.parts > PARTS {
            return Err(TrapReason::LoopWithoutWait);
        }
        if one == other {
            return Ok(true);
        }
        let (program, arena) = (self.program, self.arena);
        Ok(match program.ty(id) {
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey => {
                let (one, other) = (arena.text(program, one), arena.text(program, other));
                self.parts += one.as_bytes().len().min(other.as_bytes().len()) / 64;
                one.as_bytes() == other.as_bytes()
            }
            Type::Decimal => arena.decimal(program, one) == arena.decimal(program, other),
            Type::Money => arena.money(program, one) == arena.money(program, other),
            Type::DateTime => one as i64 >> 16 == other as i64 >> 16,
            Type::Option(of) => {
                one != 0
                    && other != 0
                    && self.same(*of, arena.slot(one as usize - 1), arena.slot(other as usize - 1))?
            }
            Type::List(of) => {
                let ((count, first), (others, second)) = (arena.list(one), arena.list(other));
                count == others && self.all(count, |_| *of, first, second)?
            }
            Type::Map(key, value) => {
                let (count, first) = arena.list(one);
                if count != arena.list(other).0 {
                    return Ok(false);
                }
                for index in (0..count).step_by(2) {
                    let (wanted, have) = (arena.slot(first + 8 * index), arena.slot(first + 8 * (index + 1)));
                    match self.find(*key, other, wanted)? {
                        Some(found) if self.same(*value, have, found)? => {}
                        _ => return Ok(false),
                    }
                }
                true
            }
            Type::Record(types) => {
                self.all(types.len(), |index| types[index], one as usize - 1, other as usize - 1)?
            }
            Type::Enum(variants) => {
                let tag = arena.tag(one);
                match (arena.fields(one), arena.fields(other)) {
                    (Some((first, count)), Some((second, _))) if tag == arena.tag(other) => {
                        let types = &variants[tag as usize];
                        self.all(count, |index| types[index], first, second)?
                    }
                    _ => false,
                }
            }
            _ => false,
        })
    }

    fn all(
        &mut self,
        count: usize,
        ty: impl Fn(usize) -> TypeId,
        first: usize,
        second: usize,
    ) -> Result<bool, TrapReason> {
        for index in 0..count {
            let (one, other) = (self.arena.slot(first + 8 * index), self.arena.slot(second + 8 * index));
            if !self.same(ty(index), one, other)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The value of a key in a map.
    pub(crate) fn find(&mut self, key: TypeId, map: u64, wanted: u64) -> Result<Option<u64>, TrapReason> {
        let (count, first) = self.arena.list(map);
        for index in (0..count).step_by(2) {
            if self.same(key, self.arena.slot(first + 8 * index), wanted)? {
                return Ok(Some(self.arena.slot(first + 8 * (index + 1))));
            }
        }
        Ok(None)
    }

    /// Whether a list has an element.
    pub(crate) fn has(&mut self, of: TypeId, list: u64, wanted: u64) -> Result<bool, TrapReason> {
        let (count, first) = self.arena.list(list);
        for index in 0..count {
            if self.same(of, self.arena.slot(first + 8 * index), wanted)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
