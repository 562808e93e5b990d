//! A small assembler for tests, and a program that uses every instruction. The tests of `flow-vm` use it too.

// Each test file uses a part of this.
#![allow(dead_code)]

use flow_bytecode::program::*;
use flow_bytecode::{Effect, Instruction as I, Opcode as Op, Program, Type, TypeId};

// Types that programs here share; components first.
pub const BOOL: TypeId = TypeId(0);
pub const INT: TypeId = TypeId(1);
pub const TEXT: TypeId = TypeId(2);
pub const DURATION: TypeId = TypeId(3);
pub const DATE: TypeId = TypeId(4);
pub const DATETIME: TypeId = TypeId(5);
pub const SPEECH: TypeId = TypeId(6);
pub const OPTION_INT: TypeId = TypeId(7);
pub const OPTION_TEXT: TypeId = TypeId(8);
pub const LIST_TEXT: TypeId = TypeId(9);
pub const LIST_INT: TypeId = TypeId(10);
/// `record(int, text)`.
pub const RECORD: TypeId = TypeId(11);
/// `enum plain | paid(text, int)`.
pub const ENUM: TypeId = TypeId(12);
/// `enum gold | silver`.
pub const PLAIN: TypeId = TypeId(13);
pub const QUEUE: TypeId = TypeId(14);
pub const STAY: TypeId = TypeId(15);
pub const OPTION_SPEECH: TypeId = TypeId(16);
pub const DIGITS: TypeId = TypeId(17);
pub const PHONE: TypeId = TypeId(18);
pub const OPTION_PHONE: TypeId = TypeId(19);

/// A program without functions, with the tables that tests need.
pub fn base() -> Program {
    let sentence = |arguments: Vec<TypeId>, pieces| Template {
        arguments,
        variants: vec![TemplateVariant { language: None, pieces }],
        in_turn: false,
    };
    let pure = |function, arguments: &[TypeId], result| PureEntry {
        function,
        arguments: arguments.to_vec(),
        result,
    };
    let mut program = Program {
        name: "test".into(),
        zones: vec!["Europe/Madrid".into(), "UTC".into()],
        languages: vec!["en".into(), "es".into()],
        texts: ["main", "step", "a text beyond seven bytes", "You owe ", " euros, ", "short", "42"]
            .map(String::from)
            .into(),
        types: vec![
            Type::Bool,
            Type::Int,
            Type::Text,
            Type::Duration,
            Type::Date,
            Type::DateTime,
            Type::Speech,
            Type::Option(INT),
            Type::Option(TEXT),
            Type::List(TEXT),
            Type::List(INT),
            Type::Record(vec![INT, TEXT]),
            Type::Enum(vec![vec![], vec![TEXT, INT]]),
            Type::Enum(vec![vec![], vec![]]),
            Type::Queue,
            Type::Stay,
            Type::Option(SPEECH),
            Type::Digits,
            Type::Phone,
            Type::Option(PHONE),
        ],
        constants: vec![
            Constant::Text(2),
            Constant::Text(5),
            Constant::Int(i64::MAX),
            Constant::Duration(90_000),
            Constant::Date(20_000),
            Constant::DateTime(1_772_535_600_000, 0),
            Constant::Variant(PLAIN, 1),
            Constant::Table(Type::Queue, 0),
            Constant::Table(Type::Stay, 0),
            Constant::Text(6),
            Constant::Bool(true),
            Constant::Int(i64::MIN),
        ],
        variants: vec![VariantEntry { ty: ENUM, variant: 0 }, VariantEntry { ty: ENUM, variant: 1 }],
        templates: vec![
            sentence(vec![], vec![Piece::Text(2)]),
            sentence(
                vec![INT, TEXT],
                vec![
                    Piece::Text(3),
                    Piece::Hole(0, Reading::Plain),
                    Piece::Text(4),
                    Piece::Hole(1, Reading::Plain),
                ],
            ),
            sentence(
                vec![SPEECH, INT],
                vec![
                    Piece::Speech(0),
                    Piece::Hole(1, Reading::Ordinal),
                    Piece::IfListening(2),
                    Piece::IfNotListening(3),
                ],
            ),
            sentence(vec![DATETIME], vec![Piece::Hole(0, Reading::Plain)]),
        ],
        pures: vec![
            pure(Pure::TextOf, &[INT], TEXT),
            pure(Pure::IntOf, &[TEXT], OPTION_INT),
            pure(Pure::Length, &[LIST_TEXT], INT),
            pure(Pure::First, &[LIST_TEXT], OPTION_TEXT),
            pure(Pure::At, &[LIST_TEXT, INT], OPTION_TEXT),
            pure(Pure::Sum, &[LIST_INT], INT),
            pure(Pure::Last, &[INT, TEXT], TEXT),
            pure(Pure::Contains, &[LIST_TEXT, TEXT], BOOL),
            pure(Pure::Length, &[TEXT], INT),
            pure(Pure::TextOf, &[DURATION], TEXT),
            pure(Pure::TextOf, &[DATE], TEXT),
            pure(Pure::Contains, &[LIST_INT, INT], BOOL),
        ],
        keys: vec![KeyTable {
            choices: vec![KeyChoice { keys: 0, phrases: vec![(1, vec![2, 3])], told: Some(0) }],
            between: Some(0),
        }],
        forms: vec![FormTable {
            form: Form::Speech,
            length: (1, 1),
            until: None,
            by_key: false,
            by_voice: true,
            secret: true,
            words: KeyTable::default(),
        }],
        stays: vec![StayTable {
            music: None,
            timed: vec![],
            keys: KeyTable::default(),
            during: None,
            recall_millis: None,
            assists: vec![],
        }],
        queues: vec![Queue {
            name: 0,
            agents: AgentsRule::default(),
            after: vec![],
            pick: Pick::LongestIdle,
            capacity: None,
            beyond_capacity: None,
            wrap_millis: 0,
        }],
        blocks: vec![],
        ..Program::default()
    };
    for effect in [
        Effect::SetPriority,
        Effect::SetVoice,
        Effect::Say,
        Effect::Queue,
        Effect::Mark,
        Effect::CallerNumber,
    ] {
        program.effects.push(entry(&program, effect));
    }
    program
}

/// Entries of `base`'s effects.
pub const SET_PRIORITY: u16 = 0;
pub const SET_VOICE: u16 = 1;
pub const SAY: u16 = 2;
pub const ENQUEUE: u16 = 3;
pub const MARK: u16 = 4;
pub const CALLER_NUMBER: u16 = 5;

/// An effect at its signature's types.
pub fn entry(program: &Program, effect: Effect) -> EffectEntry {
    fn ty(word: &str) -> Type {
        match word {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "text" => Type::Text,
            "duration" => Type::Duration,
            "speech" => Type::Speech,
            "queue" => Type::Queue,
            "stay" => Type::Stay,
            "option text" => Type::Option(TEXT),
            "option phone" => Type::Option(PHONE),
            "option speech" => Type::Option(SPEECH),
            "list text" => Type::List(TEXT),
            _ => panic!("no test needs `{word}`"),
        }
    }
    let id = |word: &&str| TypeId(program.types.iter().position(|have| *have == ty(word)).unwrap() as u16);
    let signature = effect.signature();
    let outcomes = signature.outcomes.iter().chain(signature.reports);
    EffectEntry {
        effect,
        arguments: signature.params.iter().map(id).collect(),
        outcomes: outcomes.map(|outcome| outcome.data.iter().map(id).collect()).collect(),
    }
}

/// Adds a function at the end of the program.
pub fn add(
    program: &mut Program,
    kind: FunctionKind,
    params: &[TypeId],
    registers: u8,
    code: &[I],
    maps: &[(u32, &[(u8, TypeId)])],
) {
    let start = program.code.len() as u32;
    program.code.extend(code.iter().map(|instruction| instruction.0));
    program.functions.push(Function {
        name: 0,
        kind,
        params: params.to_vec(),
        registers,
        code: (start, program.code.len() as u32),
        on_hangup: None,
        maps: maps.iter().map(|(at, live)| TypeMap { at: start + at, registers: live.to_vec() }).collect(),
    });
}

/// A flow that gives nothing.
pub fn flow() -> FunctionKind {
    FunctionKind::Flow { gives: vec![] }
}

/// A service with an operation, and a table of one row.
fn services(program: &mut Program) {
    let plain = |ty| Schema { ty, shape: Shape::Plain };
    let record = Schema { ty: RECORD, shape: Shape::Record(vec![(0, 0), (1, 1)]) };
    let list = Schema { ty: LIST_TEXT, shape: Shape::Of(1) };
    let choice = Schema { ty: ENUM, shape: Shape::Enum(vec![(0, vec![]), (1, vec![(5, 1), (6, 0)])]) };
    program.schemas = vec![plain(INT), plain(TEXT), record, list, choice];
    program.services.push(Service {
        name: 5,
        kind: ServiceKind::Http,
        address: Some(Given::Text(3)),
        credentials: Some(Credentials::Header(0, Given::Text(1))),
    });
    let param = |schema, secret, in_path| OperationParam { name: 6, schema, secret, in_path };
    program.operations.push(Operation {
        service: 0,
        name: 0,
        method: Method::Put,
        path: vec![PathPiece::Text(1), PathPiece::Param(0)],
        params: vec![param(0, false, true), param(1, true, false)],
        result: Some(4),
        within_millis: 800,
    });
    program.tables.push(DataTable { name: 5, row: 2, rows: vec![vec![Some(6), Some(5)]] });
}

/// A program that uses every instruction; every way through it comes to an end.
///
/// Flow 0 asks for the caller's number, builds values of all shapes, runs flow 1 and shows what came of it.
/// Flow 1 waits in a queue that reports, and gives. Function 2 is pure. Flow 3 says goodbye.
pub fn everything() -> Program {
    let mut program = base();
    program.blocks.push(Block { flow: 0, name: 0, kind: 1 });
    program.inbound.push(Inbound { number: 6, flow: 0 });
    services(&mut program);
    let live: &[(u8, TypeId)] =
        &[(0, RECORD), (1, ENUM), (2, LIST_TEXT), (3, OPTION_TEXT), (4, SPEECH), (5, INT), (6, PLAIN)];
    let with = |more: &[(u8, TypeId)]| [live, more].concat();
    let main = [
        // 0: values of all shapes
        I::abx(Op::Block, 0, 0),
        I::asbx(Op::Int, 0, 7),
        I::abx(Op::Load, 1, 0),
        I::abx(Op::Record, 0, RECORD.0),
        I::abx(Op::Load, 1, 1),
        I::asbx(Op::Int, 2, -3),
        I::abx(Op::Variant, 1, 1),
        I::abx(Op::Load, 2, 0),
        I::abx(Op::Load, 3, 9),
        I::abc(Op::List, 2, 2, 2),
        I::abx(Op::Load, 3, 0),
        I::abc(Op::Append, 2, 2, 3),
        I::abc(Op::Some, 3, 3, 0),
        I::asbx(Op::Int, 4, 5),
        I::abx(Op::Load, 5, 0),
        I::abx(Op::Speech, 4, 1),
        I::asbx(Op::Int, 5, 2),
        I::abx(Op::Speech, 4, 2),
        I::asbx(Op::Int, 5, 0),
        I::abx(Op::Load, 6, 6),
        // 20: the caller's number
        I::abx(Op::Perform, 8, CALLER_NUMBER),
        I::abc(Op::IsNone, 10, 9, 0),
        I::asbx(Op::JumpIf, 10, 2),
        I::abc(Op::Unwrap, 10, 9, 0),
        I::jump(Op::Jump, 0),
        // 25: run, and switch on what it gives
        I::abc(Op::Move, 8, 5, 0),
        I::abx(Op::Run, 8, 1),
        I::abx(Op::Switch, 8, 0),
        // 28: served (text, duration)
        I::asbx(Op::Int, 5, 1),
        I::abc(Op::Move, 11, 9, 0),
        I::abx(Op::None, 12, OPTION_TEXT.0),
        I::abx(Op::Perform, 11, MARK),
        I::jump(Op::Jump, 1),
        // 33: not served (int)
        I::abc(Op::Add, 5, 5, 9),
        // 34: what is left of the values
        I::abc(Op::Field, 11, 0, 0),
        I::abx(Op::Call, 11, 2),
        I::abc(Op::Tag, 12, 1, 0),
        I::abc(Op::Unpack, 13, 1, 1),
        I::abc(Op::Multiply, 11, 11, 12),
        I::abc(Op::Less, 12, 11, 14),
        I::abc(Op::Not, 12, 12, 0),
        I::abc(Op::Move, 11, 4, 0),
        I::abx(Op::Perform, 11, SAY),
        // 43: round again a few times
        I::abc(Op::AddInt, 5, 5, 1),
        I::asbx(Op::Int, 11, 3),
        I::abc(Op::LessOrEqual, 12, 11, 5),
        I::asbx(Op::JumpUnless, 12, -22),
        I::abc(Op::Field, 8, 0, 1),
        I::abx(Op::Goto, 8, 3),
        // 49: on hangup
        I::abc(Op::Move, 8, 5, 0),
        I::abx(Op::Perform, 8, SET_PRIORITY),
        I::abc(Op::End, 0, 0, 0),
    ];
    program.jump_tables.push(vec![28, 33]);
    let maps: &[(u32, &[(u8, TypeId)])] = &[
        (25, &with(&[])),
        (27, &with(&[])),
        (28, &with(&[(9, TEXT), (10, DURATION)])),
        (33, &with(&[(9, INT)])),
        (34, &with(&[])),
        (49, &[(5, INT)]),
    ];
    add(&mut program, flow(), &[], 16, &main, maps);
    program.functions[0].on_hangup = Some(49);

    let start = program.code.len() as u32;
    let waiting = [
        // 0: the queue
        I::abx(Op::Load, 1, 7),
        I::abc(Op::Move, 2, 0, 0),
        I::abx(Op::Load, 3, 3),
        I::abx(Op::Load, 4, 8),
        I::abx(Op::None, 5, OPTION_TEXT.0),
        I::abx(Op::Load, 6, 3),
        I::abx(Op::None, 7, OPTION_SPEECH.0),
        I::abx(Op::EmptyList, 8, LIST_TEXT.0),
        I::abx(Op::Perform, 1, ENQUEUE),
        I::abx(Op::Switch, 1, 1),
        // 10: talked
        I::abc(Op::Move, 1, 2, 0),
        I::abc(Op::Move, 2, 3, 0),
        I::abx(Op::Give, 1, 0),
        // 13: any other end
        I::abc(Op::Move, 1, 0, 0),
        I::abx(Op::Give, 1, 1),
        // 15: due(index): say so and wait on
        I::abc(Op::Move, 3, 2, 0),
        I::abx(Op::Perform, 3, SET_PRIORITY),
        I::abx(Op::Wait, 1, ENQUEUE),
        I::abx(Op::Switch, 1, 1),
        // 19: pressed: leave
        I::abx(Op::Cancel, 0, ENQUEUE),
        I::jump(Op::Jump, -8),
        // 21: on hangup
        I::asbx(Op::Int, 1, 1),
        I::abx(Op::Perform, 1, SET_PRIORITY),
        I::abc(Op::End, 0, 0, 0),
    ];
    let after = |at: u32| start + at;
    program.jump_tables.push(vec![
        after(10),
        after(13),
        after(13),
        after(13),
        after(13),
        after(13),
        after(13),
        after(15),
        after(19),
    ]);
    let gives = FunctionKind::Flow { gives: vec![vec![TEXT, DURATION], vec![INT]] };
    let maps: &[(u32, &[(u8, TypeId)])] = &[
        (10, &[(2, TEXT), (3, DURATION)]),
        (13, &[(0, INT)]),
        (15, &[(0, INT), (2, INT)]),
        (19, &[(0, INT)]),
        (21, &[]),
    ];
    add(&mut program, gives, &[INT], 10, &waiting, maps);
    program.functions[1].on_hangup = Some(after(21));

    let pure = [
        I::abc(Op::Negate, 1, 0, 0),
        I::abc(Op::Subtract, 1, 1, 0),
        I::asbx(Op::Int, 2, 3),
        I::abc(Op::Divide, 3, 1, 2),
        I::abc(Op::Remainder, 1, 1, 2),
        I::abc(Op::Equal, 2, 1, 3),
        I::asbx(Op::JumpIf, 2, 1),
        I::abc(Op::Return, 3, 0, 0),
        I::abc(Op::Return, 0, 0, 0),
    ];
    add(&mut program, FunctionKind::Pure(INT), &[INT], 4, &pure, &[(8, &[(0, INT)])]);

    let goodbye = [
        I::abc(Op::Move, 1, 0, 0),
        I::abx(Op::Pure, 1, 8),
        I::abc(Op::Move, 2, 0, 0),
        I::abx(Op::Format, 1, 1),
        I::abc(Op::EqualText, 2, 1, 0),
        I::asbx(Op::JumpIf, 2, 10),
        I::abx(Op::Load, 2, 5),
        I::abx(Op::Load, 3, 3),
        I::abc(Op::AddTime, 3, 2, 3),
        I::abc(Op::SubtractTime, 3, 3, 2),
        I::abc(Op::Some, 2, 1, 0),
        I::abx(Op::Perform, 1, MARK),
        I::abc(Op::List, 1, 0, 1),
        I::asbx(Op::Int, 2, 0),
        I::abc(Op::Element, 1, 1, 2),
        I::abx(Op::Perform, 1, SET_VOICE),
        I::abc(Op::End, 0, 0, 0),
    ];
    add(&mut program, flow(), &[TEXT], 5, &goodbye, &[(16, &[])]);
    program
}
