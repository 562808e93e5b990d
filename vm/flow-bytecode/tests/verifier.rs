//! What the verifier lets through and what it refuses, rule by rule.

mod programs;

use flow_bytecode::program::{Constant, FunctionKind, Inbound, KeyChoice, KeyTable, SourceEntry};
use flow_bytecode::{
    FaultKind, Instruction as I, Opcode as Op, Program, Type, TypeId, disassemble, limits, verify,
};
use programs::*;

const END: I = I::abc(Op::End, 0, 0, 0);

fn one_flow(code: &[I], maps: &[(u32, &[(u8, TypeId)])]) -> Program {
    let mut program = base();
    add(&mut program, flow(), &[], 10, code, maps);
    program
}

fn refused(program: Program) -> FaultKind {
    verify(program).expect_err("it is wrong").first().expect("it says why").kind
}

fn code(code: &[I]) -> FaultKind {
    refused(one_flow(code, &[]))
}

#[test]
fn a_program_of_everything_is_listed() {
    let mut program = everything();
    program.source_map.files.push("src/main.flow".into());
    let entry = |at, line| SourceEntry { at, file: 0, start: 0, end: 1, line };
    program.source_map.entries.extend([entry(0, 12), entry(25, 14), entry(49, 20), entry(52, 31)]);
    let program = verify(program).unwrap_or_else(|faults| panic!("{faults:#?}"));
    insta::assert_snapshot!(disassemble::listing(&program));
}

#[test]
fn every_instruction_is_used_by_the_program_of_everything() {
    let program = everything();
    let unused: Vec<Op> = Op::ALL
        .iter()
        .copied()
        .filter(|op| !program.code.iter().any(|word| I(*word).opcode() == Some(*op)))
        .collect();
    assert_eq!(unused, [Op::Trap]);
}

#[test]
fn instructions_and_operands_must_exist() {
    assert_eq!(refused(one_flow(&[I(0xff), END], &[])), FaultKind::Opcode);
    for wrong in [
        I::abc(Op::Move, 10, 0, 0),
        I::abx(Op::Load, 0, 99),
        I::abx(Op::None, 0, INT.0),
        I::abx(Op::None, 0, 99),
        I::abx(Op::EmptyList, 0, INT.0),
        I::abx(Op::Record, 0, INT.0),
        I::abx(Op::Variant, 0, 9),
        I::abx(Op::Speech, 0, 9),
        I::abx(Op::Pure, 0, 99),
        I::abx(Op::Call, 0, 9),
        I::abx(Op::Call, 0, 0),
        I::abx(Op::Run, 0, 9),
        I::abx(Op::Goto, 0, 9),
        I::abx(Op::Give, 0, 0),
        I::abx(Op::Block, 0, 0),
        I::abx(Op::Perform, 0, 99),
        I::abx(Op::Switch, 0, 9),
        I::abx(Op::Trap, 0, 0),
        I::abx(Op::Int, 10, 0),
    ] {
        let first = I::asbx(Op::Int, 0, 0);
        assert_eq!(code(&[first, wrong, END]), FaultKind::Operand, "{wrong:?}");
    }
}

#[test]
fn registers_are_assigned_before_they_are_read() {
    assert_eq!(code(&[I::abc(Op::Move, 0, 1, 0), END]), FaultKind::Unassigned);
    assert_eq!(code(&[I::abx(Op::Perform, 0, SET_PRIORITY), END]), FaultKind::Unassigned);
}

#[test]
fn registers_have_the_type_that_is_needed() {
    let (number, word, list) = (I::asbx(Op::Int, 0, 1), I::abx(Op::Load, 1, 0), I::abc(Op::List, 2, 1, 1));
    for wrong in [
        I::abc(Op::Add, 3, 0, 1),
        I::abc(Op::Add, 3, 1, 0),
        I::abc(Op::Equal, 3, 1, 1),
        I::abc(Op::EqualText, 3, 0, 0),
        I::abc(Op::Less, 3, 0, 1),
        I::abc(Op::Not, 3, 0, 0),
        I::abc(Op::IsNone, 3, 0, 0),
        I::abc(Op::Unwrap, 3, 0, 0),
        I::abc(Op::Field, 3, 0, 0),
        I::abc(Op::Tag, 3, 0, 0),
        I::abc(Op::Element, 3, 2, 1),
        I::abc(Op::Append, 3, 2, 0),
        I::abc(Op::List, 3, 0, 2),
        I::abx(Op::Record, 1, RECORD.0),
        I::abx(Op::Speech, 1, 1),
        I::abx(Op::Pure, 1, 0),
        I::abx(Op::Perform, 1, SET_PRIORITY),
        I::asbx(Op::JumpIf, 0, 0),
        I::abc(Op::Negate, 3, 1, 0),
        I::abc(Op::AddTime, 3, 0, 0),
        I::abc(Op::AddInt, 3, 1, 0),
    ] {
        let program = one_flow(&[number, word, list, wrong, END], &[(4, &[])]);
        assert_eq!(refused(program), FaultKind::Type, "{wrong:?}");
    }
}

#[test]
fn jumps_land_on_maps_of_their_own_function() {
    assert_eq!(code(&[I::jump(Op::Jump, 0), END]), FaultKind::Jump, "no map");
    assert_eq!(code(&[I::jump(Op::Jump, 5), END]), FaultKind::Jump, "beyond");
    assert_eq!(code(&[I::jump(Op::Jump, -2), END]), FaultKind::Jump, "before");
    let mut program = one_flow(&[END], &[(0, &[])]);
    add(&mut program, flow(), &[], 1, &[I::jump(Op::Jump, -2)], &[]);
    assert_eq!(refused(program), FaultKind::Jump, "another function");
}

#[test]
fn paths_end() {
    assert_eq!(code(&[I::asbx(Op::Int, 0, 1)]), FaultKind::Falls);
}

#[test]
fn paths_that_meet_agree() {
    let code = [
        I::abx(Op::Load, 0, 10),
        I::asbx(Op::JumpIf, 0, 1),
        I::asbx(Op::Int, 1, 1),
        I::abc(Op::Move, 2, 1, 0),
        END,
    ];
    assert_eq!(refused(one_flow(&code, &[(3, &[(1, INT)])])), FaultKind::Join);
    assert_eq!(
        refused(one_flow(&code, &[(3, &[])])),
        FaultKind::Unassigned,
        "what the map leaves out is gone"
    );
}

#[test]
fn data_of_an_outcome_is_read_behind_its_switch_only() {
    let begin = |after: &[I]| {
        let arguments = [
            I::abx(Op::Load, 0, 7),
            I::asbx(Op::Int, 1, 0),
            I::abx(Op::Load, 2, 3),
            I::abx(Op::Load, 3, 8),
            I::abx(Op::None, 4, OPTION_TEXT.0),
            I::abx(Op::Load, 5, 3),
            I::abx(Op::None, 6, OPTION_SPEECH.0),
            I::abx(Op::EmptyList, 7, LIST_TEXT.0),
            I::abx(Op::Perform, 0, ENQUEUE),
        ];
        [&arguments, after].concat()
    };
    let switch = I::abx(Op::Switch, 0, 0);
    let with = |after: &[I], table: &[u32], maps: &[(u32, &[(u8, TypeId)])]| {
        let mut program = one_flow(&begin(after), maps);
        program.jump_tables.push(table.to_vec());
        verify(program).map(|_| ()).map_err(|faults| faults[0].kind)
    };
    let everywhere = |target: u32, cancel: u32| [[target; 7].to_vec(), vec![cancel; 2]].concat();
    let cancel = I::abx(Op::Cancel, 0, ENQUEUE);
    let fine = [switch, END, cancel, END];
    assert_eq!(with(&fine, &everywhere(10, 11), &[(10, &[]), (11, &[])]), Ok(()));
    let text = with(&fine, &everywhere(10, 11), &[(10, &[(1, TEXT)]), (11, &[])]);
    assert_eq!(text, Err(FaultKind::Join), "only `talked` carries a text");
    assert_eq!(
        with(&fine, &everywhere(10, 11), &[(10, &[]), (11, &[(1, INT)])]),
        Ok(()),
        "both reports carry one"
    );
    assert_eq!(with(&[END], &[0], &[]), Err(FaultKind::InFlight), "no switch");
    assert_eq!(
        with(&fine, &[10, 11], &[(10, &[]), (11, &[])]),
        Err(FaultKind::InFlight),
        "the last is for both"
    );
    let forgotten = [switch, END, END];
    assert_eq!(with(&forgotten, &everywhere(10, 11), &[(10, &[]), (11, &[])]), Err(FaultKind::InFlight));
    let twice = [switch, END, cancel, cancel, END];
    assert_eq!(with(&twice, &everywhere(10, 11), &[(10, &[]), (11, &[])]), Err(FaultKind::InFlight));
    let met = [switch, END];
    assert_eq!(with(&met, &everywhere(10, 10), &[(10, &[])]), Err(FaultKind::InFlight), "a join of both");
}

#[test]
fn handlers_only_do_what_is_at_once() {
    let handler = |code: &[I], live: &[(u8, TypeId)]| {
        let mut program = base();
        let body = [I::asbx(Op::Int, 0, 1), I::abx(Op::Perform, 0, SET_PRIORITY), END];
        add(&mut program, flow(), &[], 10, &[&body, code].concat(), &[(3, live)]);
        program.functions[0].on_hangup = Some(3);
        verify(program).map(|_| ()).map_err(|faults| faults[0].kind)
    };
    assert_eq!(handler(&[END], &[]), Ok(()));
    assert_eq!(handler(&[I::jump(Op::Jump, -3)], &[]), Err(FaultKind::Jump), "out of the handler");
    assert_eq!(handler(&[END], &[(0, INT)]), Err(FaultKind::Join), "it does not live on");
    let say = [I::abx(Op::Speech, 0, 0), I::abx(Op::Load, 1, 10), I::abx(Op::Perform, 0, SAY), END];
    assert_eq!(handler(&say, &[]), Err(FaultKind::Place));
    assert_eq!(handler(&[I::abx(Op::Goto, 0, 0)], &[]), Err(FaultKind::Place));
}

#[test]
fn functions_are_pure_and_flows_do_not_return() {
    let pure = |code: &[I]| {
        let mut program = base();
        add(&mut program, FunctionKind::Pure(INT), &[INT], 3, code, &[]);
        refused(program)
    };
    assert_eq!(pure(&[I::abx(Op::Perform, 0, SET_PRIORITY), I::abc(Op::Return, 0, 0, 0)]), FaultKind::Place);
    assert_eq!(pure(&[END]), FaultKind::Place);
    assert_eq!(pure(&[I::abx(Op::Load, 0, 0), I::abc(Op::Return, 0, 0, 0)]), FaultKind::Type);
    assert_eq!(code(&[I::asbx(Op::Int, 0, 0), I::abc(Op::Return, 0, 0, 0)]), FaultKind::Place);
}

#[test]
fn effects_have_their_signature() {
    let changed = |change: fn(&mut Program)| {
        let mut program = one_flow(&[END], &[]);
        change(&mut program);
        refused(program)
    };
    assert_eq!(changed(|program| program.effects[0].arguments.clear()), FaultKind::Signature);
    assert_eq!(changed(|program| program.effects[0].arguments[0] = TEXT), FaultKind::Signature);
    assert_eq!(changed(|program| program.effects[3].outcomes.truncate(6)), FaultKind::Signature);
    assert_eq!(changed(|program| program.effects[3].outcomes[0][0] = INT), FaultKind::Signature);
    assert_eq!(changed(|program| program.pures[0].result = INT), FaultKind::Signature);
}

/// A table of one choice with words.
fn heard(phrases: Vec<(u16, Vec<u32>)>, told: Option<u16>) -> KeyTable {
    KeyTable { choices: vec![KeyChoice { keys: 0, phrases, told }], between: None }
}

#[test]
fn tables_name_what_is_there() {
    let changed = |change: fn(&mut Program)| {
        let mut program = one_flow(&[END], &[]);
        change(&mut program);
        refused(program)
    };
    assert_eq!(changed(|program| program.constants.push(Constant::Text(99))), FaultKind::Index);
    assert_eq!(changed(|program| program.constants.push(Constant::Table(Type::Queue, 1))), FaultKind::Index);
    assert_eq!(changed(|program| program.constants.push(Constant::Table(Type::Int, 0))), FaultKind::Types);
    assert_eq!(changed(|program| program.inbound.push(Inbound { number: 0, flow: 1 })), FaultKind::Index);
    assert_eq!(changed(|program| program.zones.push("Mars/Olympus".into())), FaultKind::Index);
    assert_eq!(changed(|program| program.types.push(Type::Int)), FaultKind::Types, "twice");
    assert_eq!(changed(|program| program.types.push(Type::List(TypeId(99)))), FaultKind::Types, "later");
    assert_eq!(changed(|program| program.jump_tables.push(vec![])), FaultKind::Index);
    assert_eq!(changed(|program| program.keys.push(heard(vec![(9, vec![0])], None))), FaultKind::Index);
    assert_eq!(changed(|program| program.keys.push(heard(vec![(0, vec![99])], None))), FaultKind::Index);
    assert_eq!(changed(|program| program.keys.push(heard(vec![], Some(99)))), FaultKind::Index);
    assert_eq!(changed(|program| program.functions[0].code.1 = 9), FaultKind::Layout);
    assert_eq!(changed(|program| program.functions[0].on_hangup = Some(7)), FaultKind::Layout);
}

#[test]
fn limits_hold_at_the_limit_and_not_one_past() {
    let text = |length| {
        let mut program = one_flow(&[END], &[]);
        program.texts.push("x".repeat(length));
        verify(program).map(|_| ()).map_err(|faults| faults[0].kind)
    };
    assert_eq!(text(limits::TEXT_BYTES), Ok(()));
    assert_eq!(text(limits::TEXT_BYTES + 1), Err(FaultKind::Limit));
    let phrases = |count: usize, bytes: usize| {
        let mut program = one_flow(&[END], &[]);
        let text = program.texts.len() as u32;
        program.texts.push("x".repeat(bytes));
        program.keys.push(heard(vec![(0, vec![text; count])], None));
        verify(program).map(|_| ()).map_err(|faults| faults[0].kind)
    };
    assert_eq!(phrases(limits::PHRASES, limits::PHRASE_BYTES), Ok(()));
    assert_eq!(phrases(limits::PHRASES + 1, 1), Err(FaultKind::Limit));
    assert_eq!(phrases(1, limits::PHRASE_BYTES + 1), Err(FaultKind::Limit));
    let deep = |depth: usize| {
        let mut program = one_flow(&[END], &[]);
        let mut inner = BOOL;
        for _ in 0..depth {
            program.types.push(Type::List(inner));
            inner = TypeId(program.types.len() as u16 - 1);
        }
        verify(program).map(|_| ()).map_err(|faults| faults[0].kind)
    };
    assert_eq!(deep(limits::TYPE_DEPTH), Ok(()));
    assert_eq!(deep(limits::TYPE_DEPTH + 1), Err(FaultKind::Limit));
}
