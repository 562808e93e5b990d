//! What each instruction does, and when it traps.

mod common;

use common::*;
use flow_bytecode::program::FunctionKind;
use flow_bytecode::{Datum, Instruction as I, Opcode as Op, Program, TrapReason, TypeId, verify};
use flow_vm::{Fiber, limits};

/// Runs code that leaves a value in register 0, and shows it by an effect.
fn value(effect: u16, code: &[I]) -> Result<Datum, TrapReason> {
    value_in(base(), effect, code)
}

fn value_in(mut program: Program, effect: u16, code: &[I]) -> Result<Datum, TrapReason> {
    let shown = [code, &[I::abx(Op::Perform, 0, effect), I::abc(Op::End, 0, 0, 0)]].concat();
    let first = program.functions.len() as u16;
    add(&mut program, flow(), &[], 10, &shown, &[]);
    let program = verify(program).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mut fiber = Fiber::new(&program, first, &[]).unwrap();
    let drained = drain(&program, &mut fiber);
    match trap(&drained) {
        Some(trap) => Err(trap.reason),
        None => Ok(drained.arguments[0][0].clone().unwrap()),
    }
}

fn int(code: &[I]) -> Result<i64, TrapReason> {
    match value(SET_PRIORITY, code)? {
        Datum::Int(number) => Ok(number),
        other => panic!("{other:?}"),
    }
}

fn text(code: &[I]) -> Result<String, TrapReason> {
    match value(SET_VOICE, code)? {
        Datum::Text(text) => Ok(text),
        other => panic!("{other:?}"),
    }
}

/// Runs code that leaves a truth in register 0.
fn truth(code: &[I]) -> bool {
    let mut program = base();
    let length = code.len() as u32;
    let ends = [
        I::asbx(Op::JumpIf, 0, 2),
        I::asbx(Op::Int, 0, 0),
        I::jump(Op::Jump, 1),
        I::asbx(Op::Int, 0, 1),
        I::abx(Op::Perform, 0, SET_PRIORITY),
        I::abc(Op::End, 0, 0, 0),
    ];
    add(
        &mut program,
        flow(),
        &[],
        10,
        &[code, &ends].concat(),
        &[(length + 3, &[]), (length + 4, &[(0, INT)])],
    );
    let program = verify(program).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mut fiber = Fiber::new(&program, 0, &[]).unwrap();
    drain(&program, &mut fiber).arguments[0][0] == Some(Datum::Int(1))
}

fn two(op: Op, one: i16, other: i16) -> Result<i64, TrapReason> {
    int(&[I::asbx(Op::Int, 1, one), I::asbx(Op::Int, 2, other), I::abc(op, 0, 1, 2)])
}

fn compare(op: Op, one: i16, other: i16) -> bool {
    truth(&[I::asbx(Op::Int, 1, one), I::asbx(Op::Int, 2, other), I::abc(op, 0, 1, 2)])
}

const GREATEST: I = I::abx(Op::Load, 1, 2);
const LEAST: I = I::abx(Op::Load, 1, 11);

#[test]
fn numbers_are_added_and_the_rest() {
    assert_eq!(two(Op::Add, 7, -9), Ok(-2));
    assert_eq!(two(Op::Subtract, 7, -9), Ok(16));
    assert_eq!(two(Op::Multiply, 7, -9), Ok(-63));
    assert_eq!(two(Op::Divide, -7, 2), Ok(-3), "toward zero");
    assert_eq!(two(Op::Remainder, -7, 2), Ok(-1));
    assert_eq!(int(&[I::asbx(Op::Int, 1, 5), I::abc(Op::Negate, 0, 1, 0)]), Ok(-5));
    assert_eq!(int(&[I::asbx(Op::Int, 1, 5), I::abc(Op::AddInt, 0, 1, 255)]), Ok(260));
    assert_eq!(int(&[GREATEST, I::abc(Op::Move, 0, 1, 0)]), Ok(i64::MAX));
}

#[test]
fn numbers_that_leave_their_range_trap() {
    let one = I::asbx(Op::Int, 2, 1);
    let minus_one = I::asbx(Op::Int, 2, -1);
    for code in [
        vec![GREATEST, one, I::abc(Op::Add, 0, 1, 2)],
        vec![LEAST, one, I::abc(Op::Subtract, 0, 1, 2)],
        vec![GREATEST, I::asbx(Op::Int, 2, 2), I::abc(Op::Multiply, 0, 1, 2)],
        vec![LEAST, minus_one, I::abc(Op::Divide, 0, 1, 2)],
        vec![LEAST, minus_one, I::abc(Op::Remainder, 0, 1, 2)],
        vec![LEAST, I::abc(Op::Negate, 0, 1, 0)],
        vec![GREATEST, I::abc(Op::AddInt, 0, 1, 1)],
    ] {
        assert_eq!(int(&code), Err(TrapReason::Overflow), "{code:?}");
    }
    assert_eq!(two(Op::Divide, 1, 0), Err(TrapReason::DivideByZero));
    assert_eq!(two(Op::Remainder, 1, 0), Err(TrapReason::DivideByZero));
}

#[test]
fn things_are_compared() {
    assert!(compare(Op::Equal, 3, 3) && !compare(Op::Equal, 3, 4));
    assert!(compare(Op::Less, -1, 0) && !compare(Op::Less, 0, 0));
    assert!(compare(Op::LessOrEqual, 0, 0) && !compare(Op::LessOrEqual, 1, 0));
    let long =
        |other| truth(&[I::abx(Op::Load, 1, 0), I::abx(Op::Load, 2, other), I::abc(Op::EqualText, 0, 1, 2)]);
    assert!(long(0) && !long(1));
    assert!(truth(&[I::abx(Op::Load, 1, 10), I::abc(Op::Not, 0, 1, 0), I::abc(Op::Not, 0, 0, 0)]));
}

#[test]
fn a_text_made_equals_a_text_written() {
    assert!(truth(&[
        I::asbx(Op::Int, 1, 42),
        I::abx(Op::Pure, 1, 0),
        I::abx(Op::Load, 2, 9),
        I::abc(Op::EqualText, 0, 1, 2),
    ]));
}

#[test]
fn options_are_opened() {
    let some = [I::asbx(Op::Int, 1, 9), I::abc(Op::Some, 2, 1, 0)];
    let none = [I::abx(Op::None, 2, OPTION_INT.0)];
    let opened = |code: &[I]| int(&[code, &[I::abc(Op::Unwrap, 0, 2, 0)]].concat());
    let is_none = |code: &[I]| truth(&[code, &[I::abc(Op::IsNone, 0, 2, 0)]].concat());
    assert_eq!(opened(&some), Ok(9));
    assert_eq!(opened(&none), Err(TrapReason::NothingThere));
    assert!(is_none(&none) && !is_none(&some));
}

#[test]
fn moments_move_and_are_measured() {
    let later = [I::abx(Op::Load, 1, 5), I::abx(Op::Load, 2, 3), I::abc(Op::AddTime, 0, 1, 2)];
    assert_eq!(text(&[&later[..], &[I::abx(Op::Format, 0, 3)]].concat()).as_deref(), Ok("2026-03-03T12:01"));
    let distance = [&later[..], &[I::abc(Op::SubtractTime, 0, 0, 1), I::abx(Op::Pure, 0, 9)]].concat();
    assert_eq!(text(&distance).as_deref(), Ok("1m30s"));
    let beyond =
        [I::abx(Op::Load, 1, 5), I::abx(Op::Load, 2, 3), GREATEST_INTO_3, I::abc(Op::Multiply, 2, 2, 3)];
    assert_eq!(
        text(&[&beyond[..], &[I::abx(Op::Pure, 2, 9), I::abc(Op::Move, 0, 2, 0)]].concat()),
        Err(TrapReason::Overflow)
    );
}

const GREATEST_INTO_3: I = I::abx(Op::Load, 3, 2);

#[test]
fn days_are_counted_on() {
    let code =
        [I::abx(Op::Load, 1, 4), I::asbx(Op::Int, 2, 30), I::abc(Op::Add, 0, 1, 2), I::abx(Op::Pure, 0, 10)];
    assert_eq!(text(&code).as_deref(), Ok("2024-11-03"));
}

#[test]
fn records_and_variants_keep_what_they_are_made_of() {
    let record = [I::asbx(Op::Int, 3, 7), I::abx(Op::Load, 4, 0), I::abx(Op::Record, 3, RECORD.0)];
    assert_eq!(int(&[&record[..], &[I::abc(Op::Field, 0, 3, 0)]].concat()), Ok(7));
    let field = text(&[&record[..], &[I::abc(Op::Field, 0, 3, 1)]].concat());
    assert_eq!(field.as_deref(), Ok("a text beyond seven bytes"));

    let paid = [I::abx(Op::Load, 3, 1), I::asbx(Op::Int, 4, 12), I::abx(Op::Variant, 3, 1)];
    let plain = [I::abx(Op::Variant, 3, 0)];
    let tag = |code: &[I]| int(&[code, &[I::abc(Op::Tag, 0, 3, 0)]].concat());
    assert_eq!((tag(&paid), tag(&plain)), (Ok(1), Ok(0)));
    let amount =
        |code: &[I]| int(&[code, &[I::abc(Op::Unpack, 5, 3, 1), I::abc(Op::Move, 0, 6, 0)]].concat());
    assert_eq!(amount(&paid), Ok(12));
    assert_eq!(amount(&plain), Err(TrapReason::WrongVariant));
    assert_eq!(int(&[I::abx(Op::Load, 1, 6), I::abc(Op::Tag, 0, 1, 0)]), Ok(1));
}

/// `["short", "42"]` in register 3, then `"a text…"` at its end.
fn list() -> Vec<I> {
    vec![
        I::abx(Op::Load, 1, 1),
        I::abx(Op::Load, 2, 9),
        I::abc(Op::List, 3, 1, 2),
        I::abx(Op::Load, 4, 0),
        I::abc(Op::Append, 3, 3, 4),
    ]
}

#[test]
fn lists_grow_and_are_read() {
    let element = |index: i16| {
        text(&[&list()[..], &[I::asbx(Op::Int, 5, index), I::abc(Op::Element, 0, 3, 5)]].concat())
    };
    assert_eq!(element(0).as_deref(), Ok("short"));
    assert_eq!(element(2).as_deref(), Ok("a text beyond seven bytes"));
    assert_eq!(element(3), Err(TrapReason::NoElement));
    assert_eq!(element(-1), Err(TrapReason::NoElement));
    let length = |code: &[I]| int(&[code, &[I::abc(Op::Move, 0, 3, 0), I::abx(Op::Pure, 0, 2)]].concat());
    assert_eq!(length(&list()), Ok(3));
    assert_eq!(length(&[I::abx(Op::EmptyList, 3, LIST_TEXT.0)]), Ok(0));
}

#[test]
fn library_functions_answer() {
    let of_list = |pure: u16, more: &[I]| {
        [&list()[..], &[I::abc(Op::Move, 0, 3, 0)], more, &[I::abx(Op::Pure, 0, pure)]].concat()
    };
    let opened = [I::abc(Op::Unwrap, 0, 0, 0)];
    assert_eq!(text(&[of_list(3, &[]), opened.to_vec()].concat()).as_deref(), Ok("short"));
    assert_eq!(text(&[of_list(4, &[I::asbx(Op::Int, 1, 1)]), opened.to_vec()].concat()).as_deref(), Ok("42"));
    let at_9 = [of_list(4, &[I::asbx(Op::Int, 1, 9)]), opened.to_vec()].concat();
    assert_eq!(text(&at_9), Err(TrapReason::NothingThere));
    assert!(truth(&of_list(7, &[I::abx(Op::Load, 1, 0)])));
    let sum =
        [I::asbx(Op::Int, 1, 4), I::asbx(Op::Int, 2, 5), I::abc(Op::List, 0, 1, 2), I::abx(Op::Pure, 0, 5)];
    assert_eq!(int(&sum), Ok(9));
    let last =
        |count: i16| text(&[I::asbx(Op::Int, 0, count), I::abx(Op::Load, 1, 1), I::abx(Op::Pure, 0, 6)]);
    assert_eq!(last(3).as_deref(), Ok("ort"));
    assert_eq!(last(9).as_deref(), Ok("short"));
    assert_eq!(last(0).as_deref(), Ok(""));
    assert_eq!(last(-1).as_deref(), Ok(""));
    assert_eq!(int(&[I::abx(Op::Load, 0, 9), I::abx(Op::Pure, 0, 1), opened[0]]), Ok(42));
    let no_number = [I::abx(Op::Load, 0, 1), I::abx(Op::Pure, 0, 1), opened[0]];
    assert_eq!(int(&no_number), Err(TrapReason::NothingThere));
}

#[test]
fn templates_become_text_and_speech() {
    let code = [I::asbx(Op::Int, 0, 12), I::abx(Op::Load, 1, 1), I::abx(Op::Format, 0, 1)];
    assert_eq!(text(&code).as_deref(), Ok("You owe 12 euros, short"));

    let mut program = base();
    let code = [
        I::asbx(Op::Int, 0, 12),
        I::abx(Op::Load, 1, 0),
        I::abx(Op::Speech, 0, 1),
        I::asbx(Op::Int, 1, 3),
        I::abx(Op::Speech, 0, 2),
        I::abx(Op::Load, 1, 10),
        I::abx(Op::Perform, 0, SAY),
        I::abc(Op::End, 0, 0, 0),
    ];
    add(&mut program, flow(), &[], 3, &code, &[]);
    let program = verify(program).unwrap();
    let mut fiber = Fiber::new(&program, 0, &[]).unwrap();
    drain(&program, &mut fiber);
    let speech = fiber.arguments(&program).speech(0).unwrap();
    assert_eq!((speech.template_index(), speech.len()), (2, 2));
    assert_eq!(speech.argument(1).unwrap().int(), 3);
    let inner = speech.argument(0).unwrap().speech().unwrap();
    assert_eq!(inner.template_index(), 1);
    assert_eq!(inner.argument(1).unwrap().text().as_str(), "a text beyond seven bytes");
    assert!(fiber.arguments(&program).bool(1));
}

#[test]
fn a_trap_names_its_reason_and_its_line() {
    let mut program = base();
    add(
        &mut program,
        flow(),
        &[],
        1,
        &[I::asbx(Op::Int, 0, 0), I::abx(Op::Trap, 0, TrapReason::Unreachable as u16)],
        &[],
    );
    program.source_map.files.push("src/main.flow".into());
    for (at, line) in [(0, 3), (1, 7)] {
        program.source_map.entries.push(flow_bytecode::program::SourceEntry {
            at,
            file: 0,
            start: 0,
            end: 1,
            line,
        });
    }
    let program = verify(program).unwrap();
    let mut fiber = Fiber::new(&program, 0, &[]).unwrap();
    let trap = trap(&drain(&program, &mut fiber)).unwrap();
    assert_eq!((trap.reason, trap.reason.code()), (TrapReason::Unreachable, "F0710"));
    let (file, entry) = trap.location(&program).unwrap();
    assert_eq!((file, entry.line), ("src/main.flow", 7));
}

/// A function that calls itself so often, at the depth of the flow that calls it.
fn nested(depth: i16) -> Result<Datum, TrapReason> {
    let mut program = base();
    let code = [
        I::asbx(Op::Int, 1, 0),
        I::abc(Op::LessOrEqual, 2, 0, 1),
        I::asbx(Op::JumpIf, 2, 3),
        I::asbx(Op::Int, 1, 1),
        I::abc(Op::Subtract, 0, 0, 1),
        I::abx(Op::Call, 0, 0),
        I::abc(Op::Return, 0, 0, 0),
    ];
    add(&mut program, FunctionKind::Pure(INT), &[INT], 3, &code, &[(6, &[(0, INT)])]);
    value_in(program, SET_PRIORITY, &[I::asbx(Op::Int, 0, depth), I::abx(Op::Call, 0, 0)])
}

#[test]
fn thirty_two_frames_fit_and_no_more() {
    let most = i16::from(limits::FRAMES) - 2;
    assert_eq!(nested(most), Ok(Datum::Int(0)));
    assert_eq!(nested(most + 1), Err(TrapReason::TooManyFrames));
}

/// Turns of a loop that jumps back once in each.
fn turns(count: i64) -> Option<TrapReason> {
    let mut program = base();
    program.constants[2] = flow_bytecode::program::Constant::Int(count);
    let code = [
        I::asbx(Op::Int, 0, 0),
        GREATEST,
        I::abc(Op::AddInt, 0, 0, 1),
        I::abc(Op::Less, 2, 0, 1),
        I::asbx(Op::JumpIf, 2, -3),
        I::abc(Op::End, 0, 0, 0),
    ];
    let live: &[(u8, TypeId)] = &[(0, INT), (1, INT)];
    add(&mut program, flow(), &[], 3, &code, &[(2, live)]);
    let program = verify(program).unwrap();
    let mut fiber = Fiber::new(&program, 0, &[]).unwrap();
    trap(&drain(&program, &mut fiber)).map(|trap| trap.reason)
}

#[test]
fn a_loop_is_cut_into_slices_and_ends_with_its_budget() {
    // Three instructions a turn.
    let most = i64::from(limits::BUDGET) / 3;
    assert_eq!(turns(most), None);
    assert_eq!(turns(most + 2), Some(TrapReason::LoopWithoutWait));
}

/// A text of so many bytes after so many doublings.
fn doubled(times: usize) -> Result<String, TrapReason> {
    let mut program = base();
    program.templates[1].arguments = vec![TEXT, TEXT];
    program.templates[1].variants[0].pieces = vec![
        flow_bytecode::program::Piece::Hole(0, flow_bytecode::program::Reading::Plain),
        flow_bytecode::program::Piece::Hole(1, flow_bytecode::program::Reading::Plain),
    ];
    program.texts[2] = "12345678".into();
    let mut code = vec![I::abx(Op::Load, 0, 0)];
    for _ in 0..times {
        code.extend([I::abc(Op::Move, 1, 0, 0), I::abx(Op::Format, 0, 1)]);
    }
    match value_in(program, SET_VOICE, &code)? {
        Datum::Text(text) => Ok(text),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_of_four_kilobytes_fits_and_no_longer() {
    assert_eq!(doubled(9).map(|text| text.len()), Ok(limits::TEXT_BYTES));
    assert_eq!(doubled(10), Err(TrapReason::TextTooLong));
}

#[test]
fn an_arena_fills_up_within_one_event() {
    let appends = |count: usize| {
        let mut code = vec![I::asbx(Op::Int, 1, 1), I::abc(Op::List, 2, 1, 1)];
        code.extend(std::iter::repeat_n(I::abc(Op::Append, 2, 2, 1), count));
        code.extend([I::abc(Op::Move, 0, 2, 0), I::abx(Op::Pure, 0, 5)]);
        int(&code)
    };
    // Lists of 1 to n numbers, each 4 bytes and 8 for each number: 65,024 bytes at 127 lists.
    assert_eq!(appends(126), Ok(127));
    assert_eq!(appends(127), Err(TrapReason::ArenaFull));
}
