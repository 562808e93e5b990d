//! Exact numbers: decimals of 28 digits, and money, which is a decimal in a currency.
//!
//! A value is kept without trailing zeros, so that equal numbers look the same everywhere. In a register it is
//! packed where it fits (every price and balance does), so that sums of money touch no memory:
//!
//! | low bits | slot |
//! |---|---|
//! | `01` | digits after the point (5 bits), for money the currency (15 bits), then the number without its point, signed |
//! | `10` | index of a constant of the program in the rest |
//! | `00` | offset plus one of a cell in the call's arena in the rest |

use std::cmp::Ordering;
use std::fmt;

pub use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;

/// A currency by its ISO 4217 code: three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        Currency::new(&code).ok_or_else(|| format!("`{code}` is no currency: three capital letters"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.code().into()
    }
}

impl Currency {
    /// No currency, as ISO 4217 has it.
    pub const NONE: Currency = Currency(*b"XXX");

    /// The currency of a code, when it is three capital letters.
    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// Its code.
    pub fn code(&self) -> &str {
        // Only capital letters are ever stored, so this never falls back.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Digits after the point that its amounts are written with: 0 for yen, 3 for dinars, else 2.
    pub fn digits(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// Five bits a letter.
    fn packed(self) -> u64 {
        self.0.iter().fold(0, |packed, letter| packed << 5 | u64::from(letter - b'A'))
    }

    fn unpacked(packed: u64) -> Self {
        let letter = |shift: u32| b'A' + ((packed >> shift & 0x1f) as u8).min(25);
        Self([letter(10), letter(5), letter(0)])
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in a currency. Equal amounts of one currency are equal, however many zeros were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Money {
    /// How much, without trailing zeros.
    pub amount: Decimal,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// An amount of a currency.
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount: amount.normalize(), currency }
    }

    /// Which is more, when both are of one currency.
    pub fn compare(&self, other: &Money) -> Option<Ordering> {
        (self.currency == other.currency).then(|| self.amount.cmp(&other.amount))
    }
}

impl fmt::Display for Money {
    /// `EUR 12.50`: at least as many digits after the point as the currency has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut amount = self.amount;
        if amount.scale() < self.currency.digits() {
            amount.rescale(self.currency.digits());
        }
        write!(f, "{} {amount}", self.currency)
    }
}

/// A number rounded to so many digits after the point; halves go away from zero, as in shops.
pub fn rounded(number: Decimal, digits: u32) -> Decimal {
    number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// A whole number as 64 bits, when it is whole and fits.
pub fn to_i64(number: Decimal) -> Option<i64> {
    let number = number.normalize();
    if number.scale() != 0 {
        return None;
    }
    i64::try_from(number.mantissa()).ok()
}

/// A decimal as people and services write it: digits with at most one point, perhaps a sign in front.
pub fn read(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || text.len() > 64 {
        return None;
    }
    Decimal::from_str_exact(text).ok().map(|number| number.normalize())
}

/// Where a decimal or money lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<T> {
    /// In its slot itself.
    Here(T),
    /// In this constant of the program.
    Constant(usize),
    /// In the call's arena, at this offset.
    Arena(usize),
}

const PACKED: u64 = 0b01;
const CONSTANT: u64 = 0b10;
const SCALE_BITS: u32 = 7;
const MONEY_BITS: u32 = 22;

/// The mantissa in what `shift` leaves of a slot, when it fits.
fn shifted(number: Decimal, shift: u32) -> Option<u64> {
    let mantissa = i64::try_from(number.mantissa()).ok()?;
    let up = mantissa << shift;
    (up >> shift == mantissa).then_some(up as u64 | u64::from(number.scale()) << 2 | PACKED)
}

/// The slot of a decimal, when it fits there.
pub fn packed_decimal(number: Decimal) -> Option<u64> {
    shifted(number.normalize(), SCALE_BITS)
}

/// The slot of money, when it fits there.
pub fn packed_money(money: Money) -> Option<u64> {
    let slot = shifted(money.amount.normalize(), MONEY_BITS)?;
    Some(slot | money.currency.packed() << SCALE_BITS)
}

/// The slot of a constant of the program by index.
pub const fn constant(index: usize) -> u64 {
    (index as u64) << 2 | CONSTANT
}

/// The slot of a cell in the arena by offset.
pub const fn in_arena(offset: usize) -> u64 {
    (offset as u64 + 1) << 2
}

/// Whether a slot leads into the arena.
pub const fn is_in_arena(slot: u64) -> bool {
    slot & 3 == 0
}

fn unpacked(slot: u64, shift: u32) -> Decimal {
    let scale = (slot >> 2 & 0x1f).min(28) as u32;
    Decimal::new((slot as i64) >> shift, scale)
}

fn place<T>(slot: u64, here: impl FnOnce() -> T) -> Place<T> {
    match slot & 3 {
        PACKED => Place::Here(here()),
        CONSTANT => Place::Constant((slot >> 2) as usize),
        _ => Place::Arena((slot >> 2).wrapping_sub(1) as usize),
    }
}

/// What a decimal's slot says.
pub fn decimal_place(slot: u64) -> Place<Decimal> {
    place(slot, || unpacked(slot, SCALE_BITS))
}

/// What a slot of money says.
pub fn money_place(slot: u64) -> Place<Money> {
    place(slot, || Money {
        amount: unpacked(slot, MONEY_BITS),
        currency: Currency::unpacked(slot >> SCALE_BITS & 0x7fff),
    })
}

/// Whether the bits of a packed slot are as packing makes them: a scale that exists, letters of a currency.
pub fn is_sound(slot: u64, is_money: bool) -> bool {
    match (is_money, if is_money { money_place(slot) } else { as_money(decimal_place(slot)) }) {
        (true, Place::Here(money)) => packed_money(money) == Some(slot),
        (false, Place::Here(money)) => packed_decimal(money.amount) == Some(slot),
        _ => false,
    }
}

fn as_money(place: Place<Decimal>) -> Place<Money> {
    match place {
        Place::Here(amount) => Place::Here(Money { amount, currency: Currency::NONE }),
        Place::Constant(index) => Place::Constant(index),
        Place::Arena(offset) => Place::Arena(offset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        read(text).expect(text)
    }

    #[test]
    fn prices_need_no_memory() {
        for text in ["0", "12.5", "-12.5", "0.0000000000000000000000000001", "72057594037927935"] {
            let slot = packed_decimal(number(text)).expect(text);
            assert_eq!(decimal_place(slot), Place::Here(number(text)), "{text}");
            assert!(is_sound(slot, false), "{text}");
        }
        let euro = Currency::new("EUR").expect("a code");
        for text in ["0", "12.5", "-99999999.99", "20000000000"] {
            let money = Money::new(number(text), euro);
            let slot = packed_money(money).expect(text);
            assert_eq!(money_place(slot), Place::Here(money), "{text}");
            assert!(is_sound(slot, true), "{text}");
        }
        assert_eq!(packed_decimal(number("72057594037927937")), None);
        assert_eq!(packed_money(Money::new(number("2199023255553"), euro)), None);
    }

    #[test]
    fn equal_numbers_are_one_slot() {
        assert_eq!(packed_decimal(number("1.50")), packed_decimal(number("1.5")));
        assert_eq!(packed_decimal(number("-0.00")), packed_decimal(number("0")));
    }

    #[test]
    fn money_is_written_with_the_digits_of_its_currency() {
        let written = |amount: &str, code: &str| {
            Money::new(number(amount), Currency::new(code).expect("a code")).to_string()
        };
        assert_eq!(written("12.5", "EUR"), "EUR 12.50");
        assert_eq!(written("12", "JPY"), "JPY 12");
        assert_eq!(written("1.2345", "USD"), "USD 1.2345");
        assert_eq!(written("-3", "KWD"), "KWD -3.000");
    }

    #[test]
    fn only_plain_numbers_are_read() {
        for text in ["", ".", "1.", ".5", "1e3", "1_000", "--1", "1.2.3", " 1", "１"] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(read("99999999999999999999999999999999"), None);
        assert_eq!(read("+1.50").map(|number| number.to_string()).as_deref(), Some("1.5"));
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(rounded(number("2.345"), 2), number("2.35"));
        assert_eq!(rounded(number("-2.345"), 2), number("-2.35"));
        assert_eq!(rounded(number("0.5"), 0), number("1"));
    }
}
