//! Decimals and money in a call's memory, and sums of them.

use flow_bytecode::decimal::{self, Decimal, Money, Place};
use flow_bytecode::program::{Constant, Pure};
use flow_bytecode::{TrapReason, Type, VerifiedProgram};

use crate::arena::Arena;

/// A decimal's mantissa and its digits after the point.
const DECIMAL_BYTES: usize = 16;
/// The same, and the currency.
const MONEY_BYTES: usize = 24;

impl Arena {
    /// The decimal of a slot.
    pub(crate) fn decimal(&self, program: &VerifiedProgram, slot: u64) -> Decimal {
        match decimal::decimal_place(slot) {
            Place::Here(number) => number,
            Place::Constant(index) => match program.constants.get(index) {
                Some(Constant::Decimal(number)) => *number,
                _ => Decimal::ZERO,
            },
            Place::Arena(offset) => self.cell(offset),
        }
    }

    /// The money of a slot.
    pub(crate) fn money(&self, program: &VerifiedProgram, slot: u64) -> Money {
        match decimal::money_place(slot) {
            Place::Here(money) => money,
            Place::Constant(index) => match program.constants.get(index) {
                Some(Constant::Money(money)) => *money,
                _ => nothing(),
            },
            Place::Arena(offset) => match decimal::money_place(self.slot(offset + DECIMAL_BYTES)) {
                Place::Here(Money { currency, .. }) => Money { amount: self.cell(offset), currency },
                _ => nothing(),
            },
        }
    }

    fn cell(&self, offset: usize) -> Decimal {
        let mut bytes = [0; DECIMAL_BYTES];
        bytes[..8].copy_from_slice(&self.slot(offset).to_le_bytes());
        bytes[8..].copy_from_slice(&self.slot(offset + 8).to_le_bytes());
        Decimal::deserialize(bytes)
    }

    fn set_cell(&mut self, offset: usize, number: Decimal) {
        let bytes = number.serialize();
        let (low, high) = bytes.split_at(8);
        for (index, half) in [low, high].into_iter().enumerate() {
            let mut word = [0; 8];
            word.copy_from_slice(half);
            self.set_slot(offset + 8 * index, u64::from_le_bytes(word));
        }
    }

    /// The slot of a decimal.
    pub(crate) fn add_decimal(&mut self, number: Decimal) -> Result<u64, TrapReason> {
        if let Some(slot) = decimal::packed_decimal(number) {
            return Ok(slot);
        }
        let offset = self.reserve(DECIMAL_BYTES)?;
        self.set_cell(offset, number.normalize());
        Ok(decimal::in_arena(offset))
    }

    /// The slot of money.
    pub(crate) fn add_money(&mut self, money: Money) -> Result<u64, TrapReason> {
        if let Some(slot) = decimal::packed_money(money) {
            return Ok(slot);
        }
        let offset = self.reserve(MONEY_BYTES)?;
        self.set_cell(offset, money.amount.normalize());
        let none_of_it = Money { amount: Decimal::ZERO, currency: money.currency };
        self.set_slot(offset + DECIMAL_BYTES, decimal::packed_money(none_of_it).unwrap_or_default());
        Ok(decimal::in_arena(offset))
    }
}

/// Bytes of arena that a decimal or money takes.
pub(crate) fn size(packed: Option<u64>, is_money: bool) -> usize {
    match (packed, is_money) {
        (Some(_), _) => 0,
        (None, false) => DECIMAL_BYTES,
        (None, true) => MONEY_BYTES,
    }
}

/// What no honest slot leads to.
fn nothing() -> Money {
    Money { amount: Decimal::ZERO, currency: decimal::Currency::NONE }
}

/// One of the functions that calculate with decimals and money.
pub(crate) fn calculate(
    program: &VerifiedProgram,
    arena: &mut Arena,
    function: Pure,
    types: [&Type; 2],
    slots: [u64; 2],
) -> Result<u64, TrapReason> {
    if *types[0] == Type::Decimal {
        let one = arena.decimal(program, slots[0]);
        let other = if *types[1] == Type::Decimal { arena.decimal(program, slots[1]) } else { one };
        return match function {
            Pure::Compare => Ok(one.cmp(&other) as i64 as u64),
            _ => arena.add_decimal(result(function, one, other)?),
        };
    }
    let one = arena.money(program, slots[0]);
    let other = match types[1] {
        Type::Decimal => arena.decimal(program, slots[1]),
        Type::Money if function != Pure::Negate => {
            let other = arena.money(program, slots[1]);
            if other.currency != one.currency {
                return Err(TrapReason::MixedCurrencies);
            }
            other.amount
        }
        _ => one.amount,
    };
    match function {
        Pure::Compare => Ok(one.amount.cmp(&other) as i64 as u64),
        _ => arena.add_money(Money::new(result(function, one.amount, other)?, one.currency)),
    }
}

fn result(function: Pure, one: Decimal, other: Decimal) -> Result<Decimal, TrapReason> {
    let result = match function {
        Pure::Add => one.checked_add(other),
        Pure::Subtract => one.checked_sub(other),
        Pure::Multiply => one.checked_mul(other),
        Pure::Divide | Pure::Remainder if other.is_zero() => return Err(TrapReason::DivideByZero),
        Pure::Divide => one.checked_div(other),
        Pure::Remainder => one.checked_rem(other),
        Pure::Negate => Some(-one),
        _ => return Err(TrapReason::Unreachable),
    };
    result.ok_or(TrapReason::Overflow)
}

/// The digits after the point that a flow may ask for, of those that a decimal has.
pub(crate) fn places(digits: i64) -> u32 {
    digits.clamp(0, 28) as u32
}

/// Whether the digits of a text end with the check digit of ISO/IEC 7812; nothing but digits, at least two.
pub(crate) fn luhn(digits: &[u8]) -> bool {
    if digits.len() < 2 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| match (u32::from(digit - b'0'), index % 2) {
            (digit, 0) => digit,
            (digit, _) if digit > 4 => 2 * digit - 9,
            (digit, _) => 2 * digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_digit_of_a_card_is_found() {
        assert!(luhn(b"4111111111111111"));
        assert!(luhn(b"79927398713"));
        for wrong in [&b"4111111111111112"[..], b"79927398710", b"", b"0", b"41a1"] {
            assert!(!luhn(wrong), "{wrong:?}");
        }
    }
}
