//! The built-in functions and properties of values as library functions of the machine, and maps.

use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::Pure;
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{Builtin, Expr, Part};

use crate::Lowering;

impl Lowering<'_> {
    pub(crate) fn builtin(&mut self, builtin: Builtin, arguments: &[Expr], dest: u8, ty: TypeId) {
        if builtin == Builtin::TextOf
            && let [argument] = arguments
        {
            self.text_of(argument, dest);
            return;
        }
        let types: Vec<_> = arguments.iter().map(|argument| self.type_of(argument, None)).collect();
        let of = types.first().map(|id| self.tables.type_at(*id).clone());
        self.begin_block(dest);
        let first = self.values(arguments, &types);
        self.reserve_to(first + 1);
        self.library(function_of(builtin, of.as_ref(), arguments.len()), first, types, ty);
        self.move_to(dest, first);
    }

    /// `[k: v, …]`: a list of the keys and a list of the values, put together.
    pub(crate) fn map(&mut self, entries: &[(Expr, Expr)], dest: u8, ty: TypeId) {
        let Type::Map(key, value) = *self.tables.type_at(ty) else { return };
        let types = [key, value].map(|of| self.tables.ty(Type::List(of)));
        let (keys, values): (Vec<Expr>, Vec<Expr>) = entries.iter().cloned().unzip();
        let first = self.begin_block(dest);
        for (items, ty) in [keys, values].iter().zip(types) {
            let register = self.alloc();
            self.list(items, register, ty);
            self.release(register.saturating_add(1));
        }
        self.library(Pure::MapOf, first, types.to_vec(), ty);
        self.move_to(dest, first);
    }

    /// `R[dest] =` what a library function makes of registers, which are copied into place.
    pub(crate) fn apply(&mut self, function: Pure, arguments: &[(u8, TypeId)], dest: u8, result: TypeId) {
        let mark = self.mark();
        let first = self.begin_block(dest);
        for (register, _) in arguments {
            let place = self.alloc();
            self.move_to(place, *register);
        }
        self.reserve_to(first + 1);
        let types = arguments.iter().map(|(_, ty)| *ty).collect();
        self.library(function, first, types, result);
        self.move_to(dest, first);
        self.release(mark);
    }

    /// Whether a number in a register is zero, as a fresh register.
    pub(crate) fn is_zero(&mut self, register: u8, ty: TypeId) -> u8 {
        let (int, boolean) = (self.tables.ty(Type::Int), self.tables.ty(Type::Bool));
        let (test, zero) = (self.alloc(), self.alloc());
        let compared = if *self.tables.type_at(ty) == Type::Decimal {
            let sign = self.alloc();
            self.load(zero, flow_bytecode::program::Constant::Decimal(0.into()), ty);
            self.apply(Pure::Compare, &[(register, ty), (zero, ty)], sign, int);
            sign
        } else {
            register
        };
        self.load_int(zero, 0);
        self.abc(Opcode::Equal, test, compared, zero, boolean);
        test
    }
}

fn function_of(builtin: Builtin, of: Option<&Type>, arguments: usize) -> Pure {
    match builtin {
        Builtin::TextOf => Pure::TextOf,
        Builtin::IntOf if of == Some(&Type::Decimal) => Pure::Whole,
        Builtin::IntOf => Pure::IntOf,
        Builtin::DecimalOf => Pure::DecimalOf,
        Builtin::DigitsOf => Pure::DigitsOf,
        Builtin::PhoneOf => Pure::PhoneOf,
        Builtin::MoneyOf => Pure::MoneyLike,
        Builtin::Length => Pure::Length,
        Builtin::First => Pure::First,
        Builtin::At => Pure::At,
        Builtin::Sum => Pure::Sum,
        Builtin::Keys => Pure::Keys,
        Builtin::Values => Pure::Values,
        Builtin::Last => Pure::Last,
        Builtin::Round if arguments == 1 => Pure::Nearest,
        Builtin::Round => Pure::Round,
        Builtin::Floor => Pure::Floor,
        Builtin::Ceiling => Pure::Ceiling,
        Builtin::Amount => Pure::Amount,
        Builtin::Currency => Pure::Currency,
        Builtin::StartsWith => Pure::StartsWith,
        Builtin::EndsWith => Pure::EndsWith,
        Builtin::Includes => Pure::Includes,
        Builtin::Luhn => Pure::Luhn,
        Builtin::Part(part) => match part {
            Part::Date => Pure::DateOf,
            Part::Time => Pure::TimeOf,
            Part::Year => Pure::Year,
            Part::Month => Pure::Month,
            Part::Day => Pure::Day,
            Part::Weekday => Pure::Weekday,
            Part::Hour => Pure::Hour,
            Part::Minute => Pure::Minute,
            Part::Days => Pure::Days,
            Part::Hours => Pure::Hours,
            Part::Minutes => Pure::Minutes,
            Part::Seconds => Pure::Seconds,
        },
    }
}
