//! Decimals, money and maps in programs: what is refused, and that containers keep them.

mod programs;

use flow_bytecode::decimal::{Currency, Decimal, Money, read};
use flow_bytecode::program::{Constant, Pure, PureEntry};
use flow_bytecode::{FaultKind, Instruction as I, Opcode as Op, Program, Type, TypeId, container, verify};
use programs::*;

fn add_type(program: &mut Program, ty: Type) -> TypeId {
    program.types.push(ty);
    TypeId(program.types.len() as u16 - 1)
}

/// The faults of a program with one more library function.
fn faults(arguments: &[TypeId], result: TypeId, program: &Program, function: Pure) -> Vec<FaultKind> {
    let mut program = program.clone();
    program.pures.push(PureEntry { function, arguments: arguments.to_vec(), result });
    verify(program).err().unwrap_or_default().iter().map(|fault| fault.kind).collect()
}

#[test]
fn library_functions_are_refused_at_other_types() {
    let mut program = base();
    let decimal = add_type(&mut program, Type::Decimal);
    let money = add_type(&mut program, Type::Money);
    let key = add_type(&mut program, Type::PublicKey);
    let keys = add_type(&mut program, Type::List(key));
    let map = add_type(&mut program, Type::Map(TEXT, money));
    let right: &[(Pure, &[TypeId], TypeId)] = &[
        (Pure::Add, &[money, money], money),
        (Pure::Multiply, &[money, decimal], money),
        (Pure::Compare, &[decimal, decimal], INT),
        (Pure::Same, &[map, map], BOOL),
        (Pure::Length, &[map], INT),
        (Pure::Weekday, &[DATE], INT),
    ];
    for (function, arguments, result) in right {
        assert_eq!(faults(arguments, *result, &program, *function), [], "{function:?} is right");
    }
    let wrong: &[(Pure, &[TypeId], TypeId)] = &[
        (Pure::Add, &[money, decimal], money),
        (Pure::Add, &[INT, INT], INT),
        (Pure::Multiply, &[money, money], money),
        (Pure::Compare, &[decimal, money], INT),
        (Pure::Same, &[keys, keys], BOOL),
        (Pure::Same, &[QUEUE, QUEUE], BOOL),
        (Pure::MapOf, &[LIST_TEXT, LIST_INT], map),
        (Pure::At, &[map, INT], OPTION_INT),
        (Pure::Amount, &[decimal], decimal),
        (Pure::Hour, &[DATE], INT),
        (Pure::Luhn, &[INT], BOOL),
    ];
    for (function, arguments, result) in wrong {
        let found = faults(arguments, *result, &program, *function);
        assert_eq!(found, [FaultKind::Signature], "{function:?}");
    }
    // Of nothing, and of what has no values, none is defined.
    for function in Pure::ALL {
        for arguments in [&[][..], &[SPEECH], &[SPEECH, SPEECH], &[SPEECH, SPEECH, SPEECH]] {
            assert_eq!(faults(arguments, BOOL, &program, *function), [FaultKind::Signature], "{function:?}");
        }
    }
}

#[test]
fn numbers_are_not_added_as_if_they_were_small() {
    let mut program = base();
    add_type(&mut program, Type::Decimal);
    program.constants.push(Constant::Decimal(Decimal::ONE));
    let constant = program.constants.len() as u16 - 1;
    for op in [Op::Add, Op::Less, Op::Equal, Op::Multiply] {
        let code = [
            I::abx(Op::Load, 0, constant),
            I::abx(Op::Load, 1, constant),
            I::abc(op, 2, 0, 1),
            I::abc(Op::End, 0, 0, 0),
        ];
        let mut program = program.clone();
        add(&mut program, flow(), &[], 3, &code, &[]);
        let faults = verify(program).expect_err("a decimal is no number of 64 bits");
        assert_eq!(faults[0].kind, FaultKind::Type, "{op:?}");
    }
}

#[test]
fn a_container_keeps_exact_numbers() {
    let mut program = base();
    add_type(&mut program, Type::Decimal);
    add_type(&mut program, Type::Money);
    let euro = Currency::new("EUR").expect("a code");
    for text in ["0", "-0.5", "79228162514264337593543950335", "0.0000000000000000000000000001"] {
        let number = read(text).expect(text);
        program.constants.push(Constant::Decimal(number));
        program.constants.push(Constant::Money(Money::new(number, euro)));
    }
    let bytes = container::encode(&program);
    assert_eq!(container::decode(&bytes).as_ref(), Ok(&program));
}
