//! Values of every type: the library functions that calculate with them, and what a waiting call remembers.

mod common;

use common::{datum, drain, finish, trap};
use flow_bytecode::decimal::{Currency, Decimal, Money, read};
use flow_bytecode::program::*;
use flow_bytecode::{Datum, Effect, Instruction as I, Opcode as Op, TrapReason, Type, TypeId, verify};
use flow_vm::Fiber;
use proptest::prelude::*;

/// The types of these tests, components first.
fn types() -> Vec<Type> {
    let mut types = vec![
        Type::Bool,
        Type::Int,
        Type::Decimal,
        Type::Money,
        Type::Text,
        Type::Digits,
        Type::Phone,
        Type::Duration,
        Type::Date,
        Type::Time,
        Type::DateTime,
        Type::Language,
        Type::PublicKey,
        Type::Speech,
        Type::Setting,
    ];
    let id = |types: &[Type], ty: &Type| TypeId(types.iter().position(|have| have == ty).unwrap() as u16);
    for inner in [Type::Int, Type::Decimal, Type::Money, Type::Text] {
        let inner = id(&types, &inner);
        types.push(Type::Option(inner));
        types.push(Type::List(inner));
    }
    let (text, money, decimal) =
        (id(&types, &Type::Text), id(&types, &Type::Money), id(&types, &Type::Decimal));
    types.push(Type::Map(text, money));
    types.push(Type::Map(decimal, text));
    let map = TypeId(types.len() as u16 - 2);
    types.push(Type::Record(vec![decimal, money, map, text]));
    let record = TypeId(types.len() as u16 - 1);
    types.push(Type::List(record));
    types.push(Type::Enum(vec![vec![], vec![money, record]]));
    types.push(Type::Enum(vec![vec![], vec![]]));
    types
}

fn id(ty: &Type) -> TypeId {
    TypeId(types().iter().position(|have| have == ty).unwrap_or_else(|| panic!("{ty:?}")) as u16)
}

/// A program that takes a value of each type as a setting, perhaps makes one of them, and speaks it.
fn program(given: &[TypeId], function: Option<Pure>, result: TypeId) -> flow_bytecode::VerifiedProgram {
    let speech = id(&Type::Speech);
    let setting = id(&Type::Setting);
    let mut effects: Vec<EffectEntry> = given
        .iter()
        .map(|ty| EffectEntry {
            effect: Effect::Setting,
            arguments: vec![setting],
            outcomes: vec![vec![*ty]],
        })
        .collect();
    effects.push(EffectEntry {
        effect: Effect::Say,
        arguments: vec![speech, id(&Type::Bool)],
        outcomes: vec![vec![]],
    });
    let mut code = Vec::new();
    for index in 0..given.len() as u8 {
        code.push(I::abx(Op::Load, 2 * index, 0));
        code.push(I::abx(Op::Perform, 2 * index, u16::from(index)));
    }
    for index in 0..given.len() as u8 {
        code.push(I::abc(Op::Move, 20 + index, 2 * index + 1, 0));
    }
    if function.is_some() {
        code.push(I::abx(Op::Pure, 20, 0));
    }
    code.push(I::abx(Op::Speech, 20, 0));
    code.push(I::abx(Op::Load, 21, 1));
    code.push(I::abx(Op::Perform, 20, given.len() as u16));
    code.push(I::abc(Op::End, 0, 0, 0));
    let hole = TemplateVariant { language: None, pieces: vec![Piece::Hole(0, Reading::Plain)] };
    let pures = function.map(|function| PureEntry { function, arguments: given.to_vec(), result });
    let program = Program {
        name: "values".into(),
        zones: vec!["Europe/Madrid".into()],
        languages: vec!["en".into()],
        texts: vec!["main".into()],
        types: types(),
        constants: vec![Constant::Table(Type::Setting, 0), Constant::Bool(true)],
        templates: vec![Template { arguments: vec![result], variants: vec![hole], in_turn: false }],
        pures: pures.into_iter().collect(),
        effects,
        settings: vec![Setting { name: 0, ty: id(&Type::Int), default: None, secret: false }],
        functions: vec![Function {
            name: 0,
            kind: FunctionKind::Flow { gives: vec![] },
            params: vec![],
            registers: 30,
            code: (0, code.len() as u32),
            on_hangup: None,
            maps: vec![],
        }],
        code: code.iter().map(|instruction| instruction.0).collect(),
        ..Program::default()
    };
    verify(program).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// What is spoken in the end, before and after a snapshot.
fn spoken(program: &flow_bytecode::VerifiedProgram, data: &[Datum]) -> Result<Datum, TrapReason> {
    let mut fiber = Fiber::new(program, 0, &[]).expect("no arguments");
    let mut drained = drain(program, &mut fiber);
    for datum in data {
        finish(program, &mut fiber, std::slice::from_ref(datum));
        drained = drain(program, &mut fiber);
    }
    if let Some(trap) = trap(&drained) {
        return Err(trap.reason);
    }
    let heard = |fiber: &Fiber| {
        let speech = fiber.arguments(program).speech(0).expect("a sentence");
        speech.argument(0).expect("its hole").datum().expect("a value")
    };
    let bytes = fiber.snapshot(program).expect("it waits");
    let restored = Fiber::restore(program, &bytes).expect("what was written is read");
    assert_eq!(heard(&restored), heard(&fiber));
    assert_eq!(restored.snapshot(program).as_deref(), Ok(bytes.as_slice()), "written the same again");
    Ok(heard(&fiber))
}

/// A library function of values.
fn pure(function: Pure, arguments: &[(Type, Datum)], result: Type) -> Result<Datum, TrapReason> {
    let given: Vec<TypeId> = arguments.iter().map(|(ty, _)| id(ty)).collect();
    let data: Vec<Datum> = arguments.iter().map(|(_, datum)| datum.clone()).collect();
    spoken(&program(&given, Some(function), id(&result)), &data)
}

fn decimal(text: &str) -> Datum {
    Datum::Decimal(read(text).expect(text))
}

fn money(text: &str, code: &str) -> Datum {
    Datum::Money(Money::new(read(text).expect(text), Currency::new(code).expect(code)))
}

fn two(function: Pure, one: Decimal, other: Decimal, result: Type) -> Result<Datum, TrapReason> {
    let arguments = [(Type::Decimal, Datum::Decimal(one)), (Type::Decimal, Datum::Decimal(other))];
    pure(function, &arguments, result)
}

#[test]
fn amounts_of_one_currency_are_put_together_and_no_others() {
    let pair = |function, one: Datum, other: Datum, result| {
        pure(function, &[(Type::Money, one), (Type::Money, other)], result)
    };
    let sum = pair(Pure::Add, money("12.50", "EUR"), money("0.5", "EUR"), Type::Money);
    assert_eq!(sum, Ok(money("13", "EUR")));
    for function in [Pure::Add, Pure::Subtract] {
        let mixed = pair(function, money("1", "EUR"), money("1", "USD"), Type::Money);
        assert_eq!(mixed, Err(TrapReason::MixedCurrencies));
    }
    let mixed = pair(Pure::Compare, money("1", "EUR"), money("1", "USD"), Type::Int);
    assert_eq!(mixed, Err(TrapReason::MixedCurrencies));
    let same = pair(Pure::Same, money("1", "EUR"), money("1", "USD"), Type::Bool);
    assert_eq!(same, Ok(Datum::Bool(false)), "asking whether they are equal is no fault");
    let list = Datum::List(vec![money("1", "EUR"), money("2", "EUR")]);
    let of = Type::List(id(&Type::Money));
    let option = Type::Option(id(&Type::Money));
    let sum = pure(Pure::Sum, &[(of.clone(), list)], option.clone());
    assert_eq!(sum, Ok(Datum::Some(Box::new(money("3", "EUR")))));
    assert_eq!(pure(Pure::Sum, &[(of, Datum::List(vec![]))], option), Ok(Datum::None));
}

#[test]
fn what_has_no_result_traps() {
    let zero = Decimal::ZERO;
    assert_eq!(two(Pure::Divide, Decimal::ONE, zero, Type::Decimal), Err(TrapReason::DivideByZero));
    assert_eq!(two(Pure::Remainder, Decimal::ONE, zero, Type::Decimal), Err(TrapReason::DivideByZero));
    for function in [Pure::Add, Pure::Multiply] {
        assert_eq!(two(function, Decimal::MAX, Decimal::MAX, Type::Decimal), Err(TrapReason::Overflow));
    }
    let nearest = pure(Pure::Nearest, &[(Type::Decimal, Datum::Decimal(Decimal::MAX))], Type::Int);
    assert_eq!(nearest, Err(TrapReason::Overflow));
}

#[test]
fn a_map_has_each_key_once_and_equals_another_in_any_order() {
    let map = Type::Map(id(&Type::Text), id(&Type::Money));
    let entry = |key: &str, amount: &str| (Datum::Text(key.into()), money(amount, "EUR"));
    let one = Datum::Map(vec![entry("small", "1"), entry("large, and longer than a slot", "2")]);
    let other = Datum::Map(vec![entry("large, and longer than a slot", "2.00"), entry("small", "1")]);
    let same = pure(Pure::Same, &[(map.clone(), one.clone()), (map.clone(), other)], Type::Bool);
    assert_eq!(same, Ok(Datum::Bool(true)));
    let at = |key: &str| {
        let arguments = [(map.clone(), one.clone()), (Type::Text, Datum::Text(key.into()))];
        pure(Pure::At, &arguments, Type::Option(id(&Type::Money)))
    };
    assert_eq!(at("small"), Ok(Datum::Some(Box::new(money("1", "EUR")))));
    assert_eq!(at("medium"), Ok(Datum::None));
    let twice = Datum::Map(vec![entry("a", "1"), entry("b", "2"), entry("a", "3")]);
    let kept = spoken(&program(&[id(&map)], None, id(&map)), &[twice]);
    assert_eq!(kept, Ok(Datum::Map(vec![entry("a", "3"), entry("b", "2")])));
}

#[test]
fn long_lists_are_compared_to_their_ends() {
    let list = Type::List(id(&Type::Decimal));
    let long = |last: &str| Datum::List((0..4000).map(|_| decimal("0.5")).chain([decimal(last)]).collect());
    let same = pure(Pure::Same, &[(list.clone(), long("1")), (list, long("2"))], Type::Bool);
    assert_eq!(same, Ok(Datum::Bool(false)));
}

#[test]
fn what_no_slot_holds_is_moved_when_memory_is_put_in_order() {
    let widest = Datum::Decimal(Decimal::MAX);
    let most = Datum::Money(Money::new(Decimal::MIN, Currency::new("EUR").expect("a code")));
    for (of, value) in [(Type::Decimal, widest), (Type::Money, most)] {
        let list = id(&Type::List(id(&of)));
        let value = Datum::List(vec![value; 100]);
        assert_eq!(spoken(&program(&[list], None, list), std::slice::from_ref(&value)), Ok(value));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Against whole numbers of 128 bits, where both agree on the digits after the point.
    #[test]
    fn decimals_are_exact(one in -1_000_000_000_000i64..1_000_000_000_000, other in -1_000_000_000_000i64..1_000_000_000_000, scale in 0u32..4, more in 0u32..4) {
        let (a, b) = (Decimal::new(one, scale), Decimal::new(other, scale + more));
        let up = i128::from(one) * 10i128.pow(more);
        let exact = |mantissa: i128, scale| Ok(Datum::Decimal(Decimal::from_i128_with_scale(mantissa, scale)));
        prop_assert_eq!(two(Pure::Add, a, b, Type::Decimal), exact(up + i128::from(other), scale + more));
        prop_assert_eq!(two(Pure::Subtract, a, b, Type::Decimal), exact(up - i128::from(other), scale + more));
        let product = exact(i128::from(one) * i128::from(other), 2 * scale + more);
        prop_assert_eq!(two(Pure::Multiply, a, b, Type::Decimal), product);
        let order = up.cmp(&i128::from(other)) as i64;
        prop_assert_eq!(two(Pure::Compare, a, b, Type::Int), Ok(Datum::Int(order)));
        if other != 0 {
            let rest = exact(up % i128::from(other), scale + more);
            prop_assert_eq!(two(Pure::Remainder, a, b, Type::Decimal), rest);
        }
        let floor = pure(Pure::Floor, &[(Type::Decimal, Datum::Decimal(a))], Type::Int);
        prop_assert_eq!(floor, Ok(Datum::Int(one.div_euclid(10i64.pow(scale)))));
    }

    /// A value of every type comes through a call, its memory put in order, and a snapshot.
    #[test]
    fn every_value_is_remembered(ty in 0usize..types().len(), seed in any::<u64>()) {
        let id = TypeId(ty as u16);
        prop_assume!(!matches!(types()[ty], Type::Speech | Type::Setting));
        let program = program(&[id], None, id);
        let value = datum(&program, id, seed);
        prop_assert_eq!(spoken(&program, std::slice::from_ref(&value)), Ok(value));
    }

    /// Two values are the same exactly when they look the same outside.
    #[test]
    fn sameness_is_that_of_the_values(ty in 0usize..types().len(), one in any::<u64>(), other in any::<u64>(), equal in any::<bool>()) {
        let id = TypeId(ty as u16);
        prop_assume!(!matches!(types()[ty], Type::Speech | Type::Setting | Type::PublicKey));
        let program = program(&[id, id], Some(Pure::Same), TypeId(0));
        let (a, b) = (datum(&program, id, one), datum(&program, id, if equal { one } else { other }));
        let same = spoken(&program, &[a.clone(), b.clone()]);
        if !matches!(types()[ty], Type::Map(..)) {
            prop_assert_eq!(same.clone(), Ok(Datum::Bool(a == b)));
        }
        if equal {
            prop_assert_eq!(same, Ok(Datum::Bool(true)));
        }
    }
}
