//! Something to stand in a state's register before its first value is known.
//!
//! A handler of hang-up may read the whole state, and a caller may be gone while the first values are still asked
//! for. So those registers hold something of their type from the start. Nobody ever sees it: the handler of a flow
//! that has not begun does nothing.

use flow_bytecode::decimal::{Currency, Decimal, Money};
use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::{Constant, Pure};
use flow_bytecode::types::{Type, TypeId};

use crate::Lowering;

impl Lowering<'_> {
    /// Puts any value of a type into a register. Keys have none that is written: they stay unknown.
    pub(crate) fn placeholder(&mut self, ty: TypeId, dest: u8) {
        let mark = self.mark();
        match self.tables.type_at(ty).clone() {
            Type::Bool => self.load(dest, Constant::Bool(false), ty),
            Type::Int => self.load_int(dest, 0),
            Type::Decimal => self.load(dest, Constant::Decimal(Decimal::ZERO), ty),
            Type::Money => {
                self.load(dest, Constant::Money(Money::new(Decimal::ZERO, Currency::NONE)), ty);
            }
            Type::Text => self.load_text(dest, "", ty),
            Type::Digits => self.load_text(dest, "0", ty),
            Type::Phone => self.load_text(dest, "+10000", ty),
            Type::Duration => self.load(dest, Constant::Duration(0), ty),
            Type::Date => self.load(dest, Constant::Date(0), ty),
            Type::Time => self.load(dest, Constant::Time(0), ty),
            Type::DateTime => self.load(dest, Constant::DateTime(0, 0), ty),
            Type::Language => self.load(dest, Constant::Language(0), ty),
            Type::Option(_) => self.abx(Opcode::None, dest, ty.0, ty),
            Type::List(_) => self.abx(Opcode::EmptyList, dest, ty.0, ty),
            Type::Map(key, value) => {
                let lists = [key, value].map(|of| self.tables.ty(Type::List(of)));
                for list in lists {
                    let register = self.alloc();
                    self.abx(Opcode::EmptyList, register, list.0, list);
                }
                self.library(Pure::MapOf, mark, lists.to_vec(), ty);
                self.move_to(dest, mark);
            }
            Type::Record(fields) => {
                let first = self.placeholders(&fields);
                self.abx(Opcode::Record, first, ty.0, ty);
                self.move_to(dest, first);
            }
            Type::Enum(_) if self.is_plain_enum(ty) => self.load(dest, Constant::Variant(ty, 0), ty),
            Type::Enum(variants) => {
                let first = self.placeholders(variants.first().map_or(&[], Vec::as_slice));
                let entry = self.tables.variant(ty, 0);
                self.abx(Opcode::Variant, first, entry, ty);
                self.move_to(dest, first);
            }
            _ => {}
        }
        self.release(mark);
    }

    /// The same for several types, in registers that follow one another; there is one at least.
    fn placeholders(&mut self, types: &[TypeId]) -> u8 {
        let first = self.mark();
        for ty in types {
            let register = self.alloc();
            self.placeholder(*ty, register);
        }
        self.reserve_to(first.saturating_add(1));
        first
    }
}
