//! A caller at a menu, from the first instruction to the hang-up.

use flow_bytecode::program::*;
use flow_bytecode::{Datum, Effect, Instruction as I, Opcode as Op, Program, Type, TypeId, verify};
use flow_vm::{Event, Fiber, Handled, Output};

fn menu() -> Program {
    let types = vec![Type::Bool, Type::Int, Type::Speech, Type::Keys, Type::Duration];
    let id = |ty: &Type| TypeId(types.iter().position(|have| have == ty).unwrap() as u16);
    let entry = EffectEntry {
        effect: Effect::Menu,
        arguments: vec![id(&Type::Speech), id(&Type::Keys), id(&Type::Duration), id(&Type::Duration)],
        outcomes: vec![vec![id(&Type::Int)], vec![], vec![]],
    };
    let code = vec![
        I::asbx(Op::Int, 0, 0),      // 0: count = 0
        I::abx(Op::Block, 0, 0),     // 1: main
        I::abx(Op::Speech, 1, 0),    // 2
        I::abx(Op::Load, 2, 0),      // 3
        I::abx(Op::Load, 3, 1),      // 4
        I::abx(Op::Load, 4, 1),      // 5
        I::abx(Op::Perform, 1, 0),   // 6
        I::abx(Op::Switch, 1, 0),    // 7
        I::abc(Op::AddInt, 0, 0, 1), // 8: choice
        I::jump(Op::Jump, -9),       // 9
        I::abc(Op::End, 0, 0, 0),    // 10: no input
    ];
    Program {
        name: "menu".into(),
        zones: vec!["UTC".into()],
        languages: vec!["en".into()],
        texts: vec!["main".into(), "menu".into(), "Press one.".into()],
        constants: vec![Constant::Table(Type::Keys, 0), Constant::Duration(5000)],
        templates: vec![Template {
            arguments: vec![],
            variants: vec![TemplateVariant { language: None, pieces: vec![Piece::Text(2)] }],
            in_turn: false,
        }],
        keys: vec![KeyTable::default()],
        effects: vec![entry],
        jump_tables: vec![vec![8, 10]],
        functions: vec![Function {
            name: 0,
            kind: FunctionKind::Flow { gives: vec![] },
            params: vec![],
            registers: 5,
            code: (0, code.len() as u32),
            on_hangup: None,
            maps: vec![
                TypeMap { at: 1, registers: vec![(0, id(&Type::Int))] },
                TypeMap { at: 8, registers: vec![(0, id(&Type::Int)), (2, id(&Type::Int))] },
                TypeMap { at: 10, registers: vec![] },
            ],
        }],
        blocks: vec![Block { flow: 0, name: 0, kind: 1 }],
        code: code.into_iter().map(|i| i.0).collect(),
        types,
        ..Program::default()
    }
}

#[test]
fn a_caller_chooses_twice_and_falls_silent() {
    let program = verify(menu()).unwrap();
    let mut fiber = Fiber::new(&program, 0, &[]).unwrap();
    for _ in 0..2 {
        assert_eq!(fiber.poll(&program), Output::Entered { block: 0 });
        let Output::Begin { op, entry: 0 } = fiber.poll(&program) else { panic!("no menu") };
        assert_eq!(fiber.arguments(&program).duration(2), 5000);
        assert_eq!(fiber.arguments(&program).speech(0).unwrap().template_index(), 0);
        assert_eq!(fiber.poll(&program), Output::Waiting);
        let event = Event::Finished { op, outcome: 0, data: &[Datum::Int(3)] };
        assert_eq!(fiber.handle(&program, event), Ok(Handled::Taken));
    }
    fiber.poll(&program);
    let Output::Begin { op, .. } = fiber.poll(&program) else { panic!("no menu") };
    fiber.handle(&program, Event::Finished { op, outcome: 1, data: &[] }).unwrap();
    assert_eq!(fiber.poll(&program), Output::Ended);
}
