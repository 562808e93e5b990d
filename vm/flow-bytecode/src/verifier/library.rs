//! At which types the pure library functions are defined.

use super::Checker;
use crate::fault::FaultKind;
use crate::program::{Pure, PureEntry};
use crate::types::{Type, TypeId};

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Digits | Type::Phone)
}

impl Checker<'_> {
    pub(super) fn pure_entry(&mut self, index: usize, entry: &PureEntry) {
        if !self.is_defined(entry) {
            let message =
                format!("library function {index} ({:?}) is not defined at these types", entry.function);
            self.fault(FaultKind::Signature, message);
        }
    }

    fn is_defined(&self, entry: &PureEntry) -> bool {
        use Type::{
            Bool, Date, DateTime, Decimal, Digits, Duration, Int, List, Map, Money, Phone, Text, Time,
        };
        let result = self.ty(entry.result);
        let types: Vec<&Type> = entry.arguments.iter().map(|id| self.ty(*id)).collect();
        let option_of = |of: &Type| matches!(result, Type::Option(id) if self.ty(*id) == of);
        let option_at = |of: TypeId| *result == Type::Option(of);
        match (entry.function, types.as_slice()) {
            (Pure::TextOf, [of]) => {
                let simple = matches!(of, Bool | Int | Decimal | Money | Duration | Date | Time | DateTime)
                    || **of == Type::Language;
                (simple || is_text(of)) && *result == Text
            }
            (Pure::IntOf, [of]) => is_text(of) && option_of(&Int),
            (Pure::Length, [of]) => (is_text(of) || matches!(of, List(_) | Map(..))) && *result == Int,
            (Pure::First, [List(of)]) | (Pure::At, [List(of), Int]) => option_at(*of),
            (Pure::At, [Map(key, value), _]) => entry.arguments[1] == *key && option_at(*value),
            (Pure::Sum, [List(of)]) => match self.ty(*of) {
                Int | Duration | Decimal => entry.result == *of,
                Money => option_at(*of),
                _ => false,
            },
            (Pure::Last, [Int, of] | [of, Int]) => {
                is_text(of) && (*result == Text || (**of == Digits && *result == Digits))
            }
            (Pure::Contains, [List(of), _]) => {
                entry.arguments[1] == *of && self.is_comparable(*of) && *result == Bool
            }
            (Pure::DecimalOf, [Int]) => *result == Decimal,
            (Pure::DecimalOf, [of]) => is_text(of) && option_of(&Decimal),
            (Pure::Add | Pure::Subtract, [one @ (Decimal | Money), other]) => one == other && result == *one,
            (Pure::Multiply | Pure::Divide, [one @ (Decimal | Money), Decimal]) => result == *one,
            (Pure::Remainder, [Decimal, Decimal]) => *result == Decimal,
            (Pure::Negate, [one @ (Decimal | Money)]) => result == *one,
            (Pure::Compare, [one @ (Decimal | Money), other]) => one == other && *result == Int,
            (Pure::Same, [_, _]) => {
                let [one, other] = [entry.arguments[0], entry.arguments[1]];
                one == other && self.is_comparable(one) && *result == Bool
            }
            (Pure::Round, [one @ (Decimal | Money), Int]) => result == *one,
            (Pure::Floor | Pure::Ceiling | Pure::Nearest, [Decimal]) => *result == Int,
            (Pure::Whole, [Decimal]) => option_of(&Int),
            (Pure::MoneyLike, [Decimal, Money]) => *result == Money,
            (Pure::Amount, [Money]) => *result == Decimal,
            (Pure::Currency, [Money]) => *result == Text,
            (Pure::MapOf, [List(key), List(value)]) => {
                *result == Map(*key, *value) && self.is_comparable(*key)
            }
            (Pure::Keys, [Map(of, _)]) | (Pure::Values, [Map(_, of)]) => *result == List(*of),
            (Pure::StartsWith | Pure::EndsWith | Pure::Includes, [one, other]) => {
                is_text(one) && is_text(other) && *result == Bool
            }
            (Pure::Join, [List(of), Text]) => *self.ty(*of) == Text && *result == Text,
            (Pure::DateOf, [DateTime]) => *result == Date,
            (Pure::TimeOf, [DateTime]) => *result == Time,
            (Pure::Year | Pure::Month | Pure::Day | Pure::Weekday, [Date | DateTime]) => *result == Int,
            (Pure::Hour | Pure::Minute, [Time | DateTime]) => *result == Int,
            (Pure::Days | Pure::Hours | Pure::Minutes | Pure::Seconds, [Duration]) => *result == Int,
            (Pure::Between, [Date, Date]) => *result == Duration,
            (Pure::Luhn, [of]) => is_text(of) && *result == Bool,
            (Pure::DigitsOf, [of]) => is_text(of) && option_of(&Digits),
            (Pure::PhoneOf, [of]) => is_text(of) && option_of(&Phone),
            _ => false,
        }
    }

    /// By type: whether two of its values can be told apart. Components stand before what is made of them, so
    /// one pass suffices, however often a type is used in others.
    pub(super) fn find_comparable(&mut self) {
        let mut comparable: Vec<bool> = Vec::with_capacity(self.program.types.len());
        for (index, ty) in self.program.types.iter().enumerate() {
            let each = |id: &TypeId| comparable.get(usize::from(id.0)).copied().unwrap_or(false);
            let is = match ty {
                Type::Option(of) | Type::List(of) => each(of),
                Type::Map(key, value) => each(key) && each(value),
                Type::Record(fields) => fields.iter().all(each),
                Type::Enum(variants) => variants.iter().flatten().all(each),
                Type::Decimal | Type::Money | Type::DateTime => true,
                Type::Text | Type::Digits | Type::Phone => true,
                _ => self.is_number(TypeId(index as u16)),
            };
            comparable.push(is);
        }
        self.comparable = comparable;
    }

    fn is_comparable(&self, id: TypeId) -> bool {
        self.comparable.get(usize::from(id.0)).copied().unwrap_or(false)
    }
}
