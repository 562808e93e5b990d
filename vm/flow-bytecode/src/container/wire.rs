//! The tables' parts as bytes: numbers in seven bits a byte, lowest first (signed ones folded, so that small
//! stays short); texts and lists behind their count; variants behind their number.
//!
//! Reading never trusts a count: a list grows as its elements are found.

use crate::decimal::{Currency, Decimal, Money};
use crate::effects::Effect;
use crate::program::*;
use crate::types::{Type, TypeId};

/// Bytes still to be read.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(bytes)
    }
}

/// Something that a section holds.
pub(super) trait Wire: Sized {
    /// Writes it; at least one byte.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads it; `None` when the bytes are not of its form.
    fn take(reader: &mut Reader<'_>) -> Option<Self>;
}

impl Wire for u64 {
    fn put(&self, out: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            out.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = reader.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

impl Wire for i64 {
    fn put(&self, out: &mut Vec<u8>) {
        ((self << 1 ^ self >> 63) as u64).put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        let folded = u64::take(reader)?;
        Some((folded >> 1) as i64 ^ -((folded & 1) as i64))
    }
}

macro_rules! narrow {
    ($($narrow:ty as $wide:ty),*) => {$(
        impl Wire for $narrow {
            fn put(&self, out: &mut Vec<u8>) {
                <$wide>::from(*self).put(out);
            }

            fn take(reader: &mut Reader<'_>) -> Option<Self> {
                <$narrow>::try_from(<$wide>::take(reader)?).ok()
            }
        }
    )*};
}

narrow! { u8 as u64, u16 as u64, u32 as u64, i16 as i64, i32 as i64 }

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        match reader.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Wire for String {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u64).put(out);
        out.extend(self.as_bytes());
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        let length = usize::try_from(u64::take(reader)?).ok()?;
        std::str::from_utf8(reader.bytes(length)?).ok().map(str::to_owned)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u64).put(out);
        for element in self {
            element.put(out);
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        let count = u64::take(reader)?;
        let mut elements = Vec::new();
        for _ in 0..count {
            elements.push(T::take(reader)?);
        }
        Some(elements)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        match bool::take(reader)? {
            true => Some(Some(T::take(reader)?)),
            false => Some(None),
        }
    }
}

macro_rules! tuples {
    ($($($name:ident $index:tt),*;)*) => {$(
        impl<$($name: Wire),*> Wire for ($($name,)*) {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$index.put(out);)*
            }

            fn take(reader: &mut Reader<'_>) -> Option<Self> {
                Some(($($name::take(reader)?,)*))
            }
        }
    )*};
}

tuples! { A 0, B 1; }

macro_rules! structs {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
            }

            fn take(reader: &mut Reader<'_>) -> Option<Self> {
                $(let $field = Wire::take(reader)?;)*
                Some(Self { $($field),* })
            }
        }
    )*};
}

structs! {
    VariantEntry { ty, variant }
    Template { arguments, variants, in_turn }
    TemplateVariant { language, pieces }
    PureEntry { function, arguments, result }
    EffectEntry { effect, arguments, outcomes }
    KeyTable { choices, between }
    KeyChoice { keys, phrases, told }
    FormTable { form, length, until, by_key, by_voice, secret, words }
    StayTable { music, timed, keys, during, recall_millis, assists }
    Timed { repeats, millis, activates }
    RingTable { rings, pick, music, accept, recall_millis, longest_millis, assists }
    Assist { label, flow }
    Setting { name, ty, default, secret }
    Calendar { name, zone, states, rules }
    CalendarRule { rank, days, hours, state, inherited }
    Holiday { day, name, observed }
    Agent { name, address, teams, skills }
    Queue { name, agents, after, pick, capacity, beyond_capacity, wrap_millis }
    AgentsRule { team, condition }
    Limit { name, count, per_millis }
    CallbackTable { during, delay_millis, expires_millis, retry, afterwards }
    Retry { busy, no_answer, failed, times, every_millis }
    Campaign { name, function, table, during, pace, concurrent, retry }
    Function { name, kind, params, registers, code, on_hangup, maps }
    TypeMap { at, registers }
    Block { flow, name, kind }
    Inbound { number, flow }
    Schema { ty, shape }
    Service { name, kind, address, credentials }
    Operation { service, name, method, path, params, result, within_millis }
    OperationParam { name, schema, secret, in_path }
    DataTable { name, row, rows }
}

macro_rules! enums {
    ($($name:ident { $($number:literal $variant:ident $(($($field:ident),*))?),* })*) => {$(
        impl Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                match self {
                    $($name::$variant $(($($field),*))? => { out.push($number); $($($field.put(out);)*)? })*
                }
            }

            fn take(reader: &mut Reader<'_>) -> Option<Self> {
                Some(match reader.byte()? {
                    $($number => { $($(let $field = Wire::take(reader)?;)*)? $name::$variant $(($($field),*))? })*
                    _ => return None,
                })
            }
        }
    )*};
}

enums! {
    Type {
        0 Bool, 1 Int, 2 Text, 3 Digits, 4 Phone, 5 Duration, 6 Date, 7 Time, 8 DateTime, 9 Language,
        10 Option(of), 11 List(of), 12 Record(fields), 13 Enum(variants), 14 Speech,
        16 Keys, 17 Form, 18 Stay, 19 Rings, 20 Shares, 21 Calendar, 22 Queue, 23 Switch, 24 Limit, 25 Setting,
        32 Decimal, 33 Money, 34 PublicKey, 35 Map(key, value), 36 Operation, 37 Table, 40 Callback
    }
    Constant {
        0 Bool(value), 1 Int(value), 2 Text(id), 3 Digits(id), 4 Phone(id), 5 Duration(millis), 6 Date(days),
        7 Time(millis), 8 DateTime(millis, zone), 9 Language(index), 10 Variant(ty, variant), 11 Table(ty, index),
        12 Decimal(number), 13 Money(money)
    }
    Piece { 0 Text(id), 1 Hole(argument, reading), 2 Plural(argument, classes), 3 Recording(name, words), 4 Sound(name), 5 Speech(argument), 6 IfListening(id), 7 IfNotListening(id) }
    Reading { 0 Plain, 1 Digits, 2 Ordinal, 3 Spelled, 4 Date, 5 Time }
    PluralClass { 0 Zero, 1 One, 2 Two, 3 Few, 4 Many, 5 Other }
    Form { 0 Digits, 1 Number, 2 Phone, 3 Date, 4 Time, 5 Money(currency), 6 YesNo, 7 Speech }
    DaySet { 0 Week(days), 1 Dates(from, to), 2 Yearly(month, day), 3 Nth(ordinal, weekday, month), 4 Holidays(holidays), 5 Switch(index) }
    Observed { 0 No, 1 Nearest, 2 Next }
    HolidayDay { 0 Yearly(month, day), 1 Nth(ordinal, weekday, month), 2 Easter(offset) }
    SkillTerm { 0 Compare(skill, comparison, level), 1 And, 2 Or, 3 Not }
    Comparison { 0 Equal, 1 NotEqual, 2 Less, 3 LessOrEqual, 4 Greater, 5 GreaterOrEqual }
    Shape { 0 Plain, 1 Of(of), 2 Record(fields), 3 Enum(variants), 4 Map(key, value) }
    Given { 0 Text(id), 1 Setting(index) }
    ServiceKind { 0 Http, 1 Email, 2 Sms }
    Credentials { 0 Bearer(key), 1 Basic(user, password), 2 Header(name, value) }
    Method { 0 Get, 1 Post, 2 Put, 3 Delete }
    PathPiece { 0 Text(id), 1 Param(index) }
    Pick { 0 LongestIdle, 1 LeastBusy, 2 FewestCalls, 3 RoundRobin, 4 Best(skill), 5 InOrder, 6 Random, 7 All }
}

impl Wire for Pure {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(*self as u8);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        Pure::from_u8(reader.byte()?)
    }
}

/// Sixteen bytes of mantissa, then the digits after the point; only as it is kept, without trailing zeros.
impl Wire for Decimal {
    fn put(&self, out: &mut Vec<u8>) {
        let number = self.normalize();
        out.extend(number.mantissa().to_le_bytes());
        out.push(number.scale() as u8);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        let mantissa = i128::from_le_bytes(reader.bytes(16)?.try_into().ok()?);
        let scale = u32::from(reader.byte()?);
        let number = Decimal::try_from_i128_with_scale(mantissa, scale).ok()?;
        let kept = number.normalize();
        (kept.mantissa() == mantissa && kept.scale() == scale).then_some(kept)
    }
}

impl Wire for Currency {
    fn put(&self, out: &mut Vec<u8>) {
        self.code().to_owned().put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        Currency::new(&String::take(reader)?)
    }
}

impl Wire for Money {
    fn put(&self, out: &mut Vec<u8>) {
        self.amount.put(out);
        self.currency.put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Money { amount: Decimal::take(reader)?, currency: Currency::take(reader)? })
    }
}

impl Wire for TypeId {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        Some(TypeId(u16::take(reader)?))
    }
}

impl Wire for Effect {
    fn put(&self, out: &mut Vec<u8>) {
        (*self as u16).put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        Effect::from_u16(u16::take(reader)?)
    }
}

impl Wire for FunctionKind {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            FunctionKind::Flow { gives } => {
                out.push(0);
                gives.put(out);
            }
            FunctionKind::Pure(result) => {
                out.push(1);
                result.put(out);
            }
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        Some(match reader.byte()? {
            0 => FunctionKind::Flow { gives: Wire::take(reader)? },
            1 => FunctionKind::Pure(Wire::take(reader)?),
            _ => return None,
        })
    }
}
