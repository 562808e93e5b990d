//! What an effect's owner reads of its arguments, without a copy where it can be.
//!
//! The verifier has proved that the entry has the types of its effect's signature, so an owner that reads by
//! the signature reads right. Reading as another type gives the nothing of that type (false, 0, "").

use flow_bytecode::decimal::{Decimal, Money};
use flow_bytecode::{Datum, Type, TypeId, VerifiedProgram};

use crate::arena::{Arena, Text};
use crate::fiber::{Fiber, State};
use crate::speech::SpeechView;

/// The arguments of the effect that the call waits for.
#[derive(Clone, Copy)]
pub struct Arguments<'a> {
    program: &'a VerifiedProgram,
    arena: &'a Arena,
    types: &'a [TypeId],
    slots: &'a [u64],
}

/// One value of a call, read where it lies.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    pub(crate) program: &'a VerifiedProgram,
    pub(crate) arena: &'a Arena,
    pub(crate) ty: TypeId,
    pub(crate) slot: u64,
}

impl Fiber {
    /// The arguments of the effect in flight, from its `Begin` until it finishes or first reports; otherwise
    /// there are none.
    pub fn arguments<'a>(&'a self, program: &'a VerifiedProgram) -> Arguments<'a> {
        let none = Arguments { program, arena: &self.arena, types: &[], slots: &[] };
        if self.state != State::Waiting {
            return none;
        }
        let instruction = program.decoded()[self.pc as usize - 1];
        if instruction.op != flow_bytecode::Opcode::Perform {
            return none;
        }
        let types = program.effects[usize::from(instruction.bx())].arguments.as_slice();
        let first = usize::from(self.base) + usize::from(instruction.a);
        Arguments { types, slots: &self.stack[first..first + types.len()], ..none }
    }
}

impl<'a> Arguments<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// The argument of an index.
    pub fn value(&self, index: usize) -> Option<Value<'a>> {
        let (ty, slot) = (*self.types.get(index)?, *self.slots.get(index)?);
        Some(Value { program: self.program, arena: self.arena, ty, slot })
    }

    /// As `bool`.
    pub fn bool(&self, index: usize) -> bool {
        self.value(index).is_some_and(|value| value.bool())
    }

    /// As `int`.
    pub fn int(&self, index: usize) -> i64 {
        self.value(index).map_or(0, |value| value.int())
    }

    /// As `duration`, in milliseconds.
    pub fn duration(&self, index: usize) -> i64 {
        self.int(index)
    }

    /// As an index: of a table, or of `Program::languages`.
    pub fn handle(&self, index: usize) -> u16 {
        self.value(index).map_or(0, |value| value.handle())
    }

    /// As `text`, `digits` or `phone`.
    pub fn text(&self, index: usize) -> Text<'a> {
        self.value(index).map_or(Text::EMPTY, |value| value.text())
    }

    /// As an option of `text`, `digits` or `phone`.
    pub fn option_text(&self, index: usize) -> Option<Text<'a>> {
        Some(self.value(index)?.some()?.text())
    }

    /// As a list of `text`, `digits` or `phone`.
    pub fn list_text(&self, index: usize) -> impl Iterator<Item = Text<'a>> + use<'a> {
        self.value(index).into_iter().flat_map(|value| value.elements()).map(|value| value.text())
    }

    /// As `speech`.
    pub fn speech(&self, index: usize) -> Option<SpeechView<'a>> {
        self.value(index)?.speech()
    }

    /// As an option of `speech`.
    pub fn option_speech(&self, index: usize) -> Option<SpeechView<'a>> {
        self.value(index)?.some()?.speech()
    }

    /// As `datetime`: milliseconds since 1970, and the zone's index.
    pub fn datetime(&self, index: usize) -> (i64, u16) {
        self.value(index).map_or((0, 0), |value| value.datetime())
    }
}

impl<'a> Value<'a> {
    /// Its type.
    pub fn ty(&self) -> &'a Type {
        self.program.ty(self.ty)
    }

    fn with(&self, ty: TypeId, slot: u64) -> Value<'a> {
        Value { ty, slot, ..*self }
    }

    /// As `bool`.
    pub fn bool(&self) -> bool {
        *self.ty() == Type::Bool && self.slot != 0
    }

    /// As `int`, `duration` (milliseconds), `date` (days since 1970) or `time` (milliseconds of the day).
    pub fn int(&self) -> i64 {
        match self.ty() {
            Type::Int | Type::Duration | Type::Date | Type::Time => self.slot as i64,
            _ => 0,
        }
    }

    /// As an index: of a table, or of `Program::languages`.
    pub fn handle(&self) -> u16 {
        match self.ty() {
            Type::Language | Type::Keys | Type::Form | Type::Stay | Type::Rings | Type::Shares => {
                self.slot as u16
            }
            Type::Calendar | Type::Queue | Type::Switch | Type::Limit | Type::Setting => self.slot as u16,
            Type::Operation | Type::Table | Type::Callback => self.slot as u16,
            _ => 0,
        }
    }

    /// As `datetime`: milliseconds since 1970, and the zone's index.
    pub fn datetime(&self) -> (i64, u16) {
        match self.ty() {
            Type::DateTime => (self.slot as i64 >> 16, self.slot as u16),
            _ => (0, 0),
        }
    }

    /// As `decimal`.
    pub fn decimal(&self) -> Decimal {
        match self.ty() {
            Type::Decimal => self.arena.decimal(self.program, self.slot),
            _ => Decimal::ZERO,
        }
    }

    /// As `money`.
    pub fn money(&self) -> Option<Money> {
        (*self.ty() == Type::Money).then(|| self.arena.money(self.program, self.slot))
    }

    /// As `text`, `digits`, `phone` or a public key.
    pub fn text(&self) -> Text<'a> {
        match self.ty() {
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey => {
                self.arena.text(self.program, self.slot)
            }
            _ => Text::EMPTY,
        }
    }

    /// What is in an option.
    pub fn some(&self) -> Option<Value<'a>> {
        match self.ty() {
            Type::Option(of) if self.slot != 0 => {
                Some(self.with(*of, self.arena.slot(self.slot as usize - 1)))
            }
            _ => None,
        }
    }

    /// The elements of a list.
    pub fn elements(&self) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let value = *self;
        let (of, (count, first)) = match self.ty() {
            Type::List(of) => (*of, self.arena.list(self.slot)),
            _ => (self.ty, (0, 0)),
        };
        (0..count).map(move |index| value.with(of, value.arena.slot(first + 8 * index)))
    }

    /// As `speech`.
    pub fn speech(&self) -> Option<SpeechView<'a>> {
        (*self.ty() == Type::Speech).then_some(SpeechView {
            program: self.program,
            arena: self.arena,
            slot: self.slot,
        })
    }

    /// A copy outside the call's memory; `None` of what only means something inside a program (speech, tables).
    pub fn datum(&self) -> Option<Datum> {
        let fields = |types: &'a [TypeId], first: usize| -> Option<Vec<Datum>> {
            let values = types.iter().enumerate();
            values.map(|(index, ty)| self.with(*ty, self.arena.slot(first + 8 * index)).datum()).collect()
        };
        Some(match self.ty() {
            Type::Bool => Datum::Bool(self.slot != 0),
            Type::Int => Datum::Int(self.slot as i64),
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey => {
                Datum::Text(self.text().as_str().to_owned())
            }
            Type::Decimal => Datum::Decimal(self.arena.decimal(self.program, self.slot)),
            Type::Money => Datum::Money(self.arena.money(self.program, self.slot)),
            Type::Map(key, value) => {
                let (count, first) = self.arena.list(self.slot);
                let at =
                    |index: usize, ty: &TypeId| self.with(*ty, self.arena.slot(first + 8 * index)).datum();
                let pairs = (0..count).step_by(2);
                let pairs = pairs.map(|index| Some((at(index, key)?, at(index + 1, value)?)));
                Datum::Map(pairs.collect::<Option<_>>()?)
            }
            Type::Duration => Datum::Duration(self.slot as i64),
            Type::Date => Datum::Date(self.small()),
            Type::Time => Datum::Time(self.small()),
            Type::DateTime => Datum::DateTime(self.datetime().0, self.datetime().1),
            Type::Language => Datum::Language(self.slot as u16),
            Type::Option(_) => match self.some() {
                Some(inner) => Datum::Some(Box::new(inner.datum()?)),
                None => Datum::None,
            },
            Type::List(_) => {
                Datum::List(self.elements().map(|element| element.datum()).collect::<Option<_>>()?)
            }
            Type::Record(types) => Datum::Record(fields(types, (self.slot as usize).wrapping_sub(1))?),
            Type::Enum(variants) => {
                let tag = self.arena.tag(self.slot) as u16;
                let data = match self.arena.fields(self.slot) {
                    Some((first, _)) => fields(&variants[usize::from(tag)], first)?,
                    None => Vec::new(),
                };
                Datum::Variant(tag, data)
            }
            Type::Speech | Type::Keys | Type::Form | Type::Stay | Type::Rings | Type::Shares => return None,
            Type::Calendar | Type::Queue | Type::Switch | Type::Limit | Type::Setting => return None,
            Type::Callback => return None,
            Type::Operation | Type::Table => return None,
        })
    }

    /// Dates and times are computed in 64 bits; outside, the nearest that there is.
    fn small(&self) -> i32 {
        (self.slot as i64).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
    }
}
