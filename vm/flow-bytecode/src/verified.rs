//! A program that the verifier has passed, with the tables that it derived for the machine.

use std::ops::Deref;

use crate::decimal;
use crate::instruction::{Instruction, Opcode};
use crate::program::{Constant, Program};
use crate::steps::Machine;
use crate::types::{Type, TypeId};

/// A program that keeps every rule of the [verifier](crate::verifier). Reads as the [`Program`] it wraps.
#[derive(Debug, Clone)]
pub struct VerifiedProgram {
    pub(crate) program: Program,
    pub(crate) identity: [u8; 32],
    pub(crate) decoded: Vec<Decoded>,
    pub(crate) machine: Machine,
    pub(crate) points: Vec<Point>,
    pub(crate) time_zones: Vec<jiff::tz::TimeZone>,
}

/// An instruction with its operation known, still 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decoded {
    /// The operation.
    pub op: Opcode,
    /// Operand A.
    pub a: u8,
    /// Operand B.
    pub b: u8,
    /// Operand C.
    pub c: u8,
}

impl Decoded {
    pub(crate) fn new(instruction: Instruction) -> Option<Self> {
        Some(Self { op: instruction.opcode()?, a: instruction.a(), b: instruction.b(), c: instruction.c() })
    }

    /// Operand Bx.
    #[inline]
    pub const fn bx(self) -> u16 {
        u16::from_le_bytes([self.b, self.c])
    }

    /// Operand sBx.
    #[inline]
    pub const fn sbx(self) -> i16 {
        self.bx() as i16
    }

    /// Operand sJ.
    #[inline]
    pub const fn sj(self) -> i32 {
        i32::from_le_bytes([0, self.a, self.b, self.c]) >> 8
    }
}

/// A place where a call can stand still: after a `perform`, `wait` or `run`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The instruction that stands still.
    pub at: u32,
    /// Its function.
    pub function: u16,
    /// The registers that live on, with their types, by register.
    pub kept: Vec<(u8, TypeId)>,
    /// The effect entry that has reported and is in flight beneath this one.
    pub beneath: Option<u16>,
}

impl Deref for VerifiedProgram {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.program
    }
}

impl VerifiedProgram {
    /// The wrapped program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// SHA-256 of the critical sections of its container; the source map is no part of it.
    pub fn identity(&self) -> &[u8; 32] {
        &self.identity
    }

    /// The identity in hexadecimal, as files and rows name the program.
    pub fn identity_text(&self) -> String {
        self.identity.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The instructions, decoded.
    #[inline]
    pub fn decoded(&self) -> &[Decoded] {
        &self.decoded
    }

    /// What the machine runs: a step for each instruction.
    #[inline]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The same program, each of whose steps does one instruction: what fusing is measured and tested against.
    pub fn unfused(mut self) -> VerifiedProgram {
        self.machine = Machine::new(&self.program, &self.decoded, false);
        self
    }

    /// The place where instruction `at` stands still.
    pub fn point(&self, at: u32) -> Option<&Point> {
        self.points.binary_search_by_key(&at, |point| point.at).ok().map(|index| &self.points[index])
    }

    /// The program's zones, in the order of `Program::zones`.
    pub fn time_zones(&self) -> &[jiff::tz::TimeZone] {
        &self.time_zones
    }

    /// The type of an index that the verifier has checked.
    #[inline]
    pub fn ty(&self, id: TypeId) -> &Type {
        &self.program.types[usize::from(id.0)]
    }
}

/// Register slots of values that a program holds; see the table in [`crate::types`].
pub mod slot {
    /// The low byte of a text slot that names a text of the program, by index in the upper half.
    pub const CONSTANT: u64 = 0;
    /// The low byte of a text slot that names a text of the call's arena, by offset in the upper half.
    pub const ARENA: u64 = 1;
    /// The low byte of an inline text is this plus its length; its bytes follow.
    pub const INLINE: u64 = 0x10;

    /// The slot of a text of the program.
    pub const fn constant_text(id: u32) -> u64 {
        (id as u64) << 32 | CONSTANT
    }

    /// The slot of a text in the arena.
    pub const fn arena_text(offset: u32) -> u64 {
        (offset as u64) << 32 | ARENA
    }

    /// The slot of a text of at most seven bytes.
    pub fn inline_text(bytes: &[u8]) -> Option<u64> {
        if bytes.len() > 7 {
            return None;
        }
        let mut slot = [0; 8];
        slot[0] = INLINE as u8 + bytes.len() as u8;
        slot[1..=bytes.len()].copy_from_slice(bytes);
        Some(u64::from_le_bytes(slot))
    }

    /// Whether both texts are in their slots themselves; then they are the same text only as the same slot.
    #[inline]
    pub const fn are_inline(one: u64, other: u64) -> bool {
        one & other & INLINE != 0
    }

    /// The slot of an instant: milliseconds since 1970, and a zone's index.
    pub const fn datetime(millis: i64, zone: u16) -> u64 {
        (millis << 16) as u64 | zone as u64
    }
}

/// The slot of the constant of an index.
pub(crate) fn constant_slot((index, constant): (usize, &Constant)) -> u64 {
    match *constant {
        Constant::Decimal(number) => decimal::packed_decimal(number).unwrap_or(decimal::constant(index)),
        Constant::Money(money) => decimal::packed_money(money).unwrap_or(decimal::constant(index)),
        Constant::Bool(value) => u64::from(value),
        Constant::Int(value) | Constant::Duration(value) => value as u64,
        Constant::Text(id) | Constant::Digits(id) | Constant::Phone(id) => slot::constant_text(id),
        Constant::Date(value) | Constant::Time(value) => i64::from(value) as u64,
        Constant::DateTime(millis, zone) => slot::datetime(millis, zone),
        Constant::Language(index) | Constant::Variant(_, index) | Constant::Table(_, index) => {
            u64::from(index)
        }
    }
}
