//! The menu coroutine of the design's table, twice: as a program, and as a hand-written enum, the floor.
//!
//! Four short texts, four numbers and a position. One wake: the caller's choice comes in; it is compared with
//! the choices of this menu; numbers are counted; the last text is looked at and replaced; another menu is
//! entered, and asks.

// Each user of this module uses a part of it.
#![allow(dead_code)]

use flow_bytecode::program::*;
use flow_bytecode::{
    Datum, Effect, Instruction as I, Opcode as Op, Program, Type, TypeId, VerifiedProgram, verify,
};
use flow_vm::{Event, Fiber, Output};

/// The choices that callers make, in turn.
pub const CHOICES: [i64; 5] = [0, 2, 1, 0, 1];

const MENUS: u16 = 3;

/// Registers: texts in 0 to 3, numbers in 4 to 7, scratch from 8.
pub fn program() -> VerifiedProgram {
    let types = vec![Type::Bool, Type::Int, Type::Text, Type::Speech, Type::Keys, Type::Duration];
    let id = |ty: Type| TypeId(types.iter().position(|have| *have == ty).unwrap_or_default() as u16);
    let (int, text, duration) = (id(Type::Int), id(Type::Text), id(Type::Duration));
    let state: Vec<(u8, TypeId)> =
        (0..8).map(|register| (register, if register < 4 { text } else { int })).collect();
    let chosen: Vec<(u8, TypeId)> = state.iter().copied().chain([(9, int)]).collect();
    let mut code = Vec::new();
    let mut maps = Vec::new();
    let mut jump_tables = Vec::new();
    // A menu is 24 instructions; its parts begin at 0, 7 (a choice), 14, 18 (first, second choice), 22 (silence).
    let start = |menu: u16| u32::from(menu) * 24;
    for menu in 0..MENUS {
        let here = start(menu);
        jump_tables.push(vec![here + 7, here + 22]);
        let go = |from: u32, to: u32| I::jump(Op::Jump, to as i32 - (here + from) as i32 - 1);
        code.extend([
            I::abx(Op::Block, 0, menu),
            I::abx(Op::Speech, 8, menu),
            I::abx(Op::Load, 9, 0),
            I::abx(Op::Load, 10, 1),
            I::abx(Op::Load, 11, 2),
            I::abx(Op::Perform, 8, 0),
            I::abx(Op::Switch, 8, menu),
            // A choice.
            I::abc(Op::AddInt, 4, 4, 1),
            I::asbx(Op::Int, 10, 0),
            I::abc(Op::Equal, 11, 9, 10),
            I::asbx(Op::JumpIf, 11, 3),
            I::asbx(Op::Int, 10, 1),
            I::abc(Op::Equal, 11, 9, 10),
            I::asbx(Op::JumpIf, 11, 4),
            // The first: the last text wanders.
            I::abc(Op::EqualText, 11, 0, 1),
            I::abc(Op::Move, 0, 2, 0),
            I::abc(Op::AddInt, 5, 5, 1),
            go(17, start((menu + 1) % MENUS)),
            // The second.
            I::abc(Op::Add, 6, 6, 4),
            I::abc(Op::Move, 0, 3, 0),
            I::abc(Op::Less, 11, 5, 6),
            go(21, start((menu + 2) % MENUS)),
            // Silence.
            I::abc(Op::AddInt, 7, 7, 1),
            I::abc(Op::End, 0, 0, 0),
        ]);
        maps.extend([
            TypeMap { at: here, registers: state.clone() },
            TypeMap { at: here + 6, registers: state.clone() },
            TypeMap { at: here + 7, registers: chosen.clone() },
            TypeMap { at: here + 14, registers: state.clone() },
            TypeMap { at: here + 18, registers: state.clone() },
            TypeMap { at: here + 22, registers: state.clone() },
        ]);
    }
    let sentence = || Template {
        arguments: vec![],
        variants: vec![TemplateVariant { language: None, pieces: vec![Piece::Text(1)] }],
        in_turn: false,
    };
    let program = Program {
        name: "menu".into(),
        zones: vec!["UTC".into()],
        languages: vec!["en".into()],
        texts: vec!["menu".into(), "Press one for sales, two for support.".into()],
        constants: vec![Constant::Table(Type::Keys, 0), Constant::Duration(5000), Constant::Duration(2000)],
        templates: (0..MENUS).map(|_| sentence()).collect(),
        keys: vec![KeyTable::default()],
        effects: vec![EffectEntry {
            effect: Effect::Menu,
            arguments: vec![id(Type::Speech), id(Type::Keys), duration, duration],
            outcomes: vec![vec![int], vec![], vec![]],
        }],
        jump_tables,
        functions: vec![Function {
            name: 0,
            kind: FunctionKind::Flow { gives: vec![] },
            params: state.iter().map(|(_, ty)| *ty).collect(),
            registers: 12,
            code: (0, code.len() as u32),
            on_hangup: None,
            maps,
        }],
        blocks: (0..MENUS).map(|_| Block { flow: 0, name: 0, kind: 0 }).collect(),
        code: code.into_iter().map(|instruction| instruction.0).collect(),
        types,
        ..Program::default()
    };
    match verify(program) {
        Ok(program) => program,
        Err(faults) => panic!("the menu does not verify: {faults:?}"),
    }
}

/// A call at its first menu.
pub fn fiber(program: &VerifiedProgram, texts: [&str; 4]) -> Fiber {
    let texts = texts.into_iter().map(|text| Datum::Text(text.into()));
    let arguments: Vec<Datum> = texts.chain((0..4).map(Datum::Int)).collect();
    let mut fiber = Fiber::new(program, 0, &arguments).expect("the arguments fit");
    drain(program, &mut fiber);
    fiber
}

/// Texts that fit into a register, and texts that do not.
pub const SHORT: [&str; 4] = ["ada", "gold", "menu_1", "menu_22"];
/// Texts of twelve bytes.
pub const LONGER: [&str; 4] = ["ada lovelace", "gold partner", "menu_1_sales", "menu_2_parts"];

/// Takes what a call asks for, until it waits; the number of blocks entered stands for the owner's work.
pub fn drain(program: &VerifiedProgram, fiber: &mut Fiber) -> u32 {
    let mut entered = 0;
    loop {
        match fiber.poll(program) {
            Output::Begin { .. } | Output::Yielded | Output::Cancel { .. } => {}
            Output::Entered { block } => entered += u32::from(block) + 1,
            Output::Waiting | Output::Ended | Output::Trapped(_) => return entered,
        }
    }
}

/// One wake of one call.
pub fn wake(program: &VerifiedProgram, fiber: &mut Fiber, choice: i64) -> u32 {
    let Some((op, _)) = fiber.in_flight(program) else { return 0 };
    let event = Event::Finished { op, outcome: 0, data: &[Datum::Int(choice)] };
    match fiber.handle(program, event) {
        Ok(_) => drain(program, fiber),
        Err(_) => 0,
    }
}

/// The same call as an enum's author writes it by hand.
#[derive(Debug, Clone)]
pub struct Floor {
    texts: [std::rc::Rc<str>; 4],
    numbers: [i64; 4],
    position: Position,
    op: u32,
}

#[derive(Debug, Clone, Copy)]
enum Position {
    First,
    Second,
    Third,
    Over,
}

/// What the enum asks for.
#[derive(Debug, Clone, Copy)]
pub struct Menu {
    /// Its number.
    pub op: u32,
    /// The block entered.
    pub block: u32,
    /// First key, next keys.
    pub waits: (i64, i64),
}

impl Floor {
    /// A call at its first menu.
    pub fn new(texts: [&str; 4]) -> Self {
        Self { texts: texts.map(Into::into), numbers: [0, 1, 2, 3], position: Position::First, op: 1 }
    }

    /// One wake.
    pub fn wake(&mut self, op: u32, outcome: u16, choice: i64) -> Option<Menu> {
        if op != self.op {
            return None;
        }
        if outcome != 0 {
            self.numbers[3] += 1;
            self.position = Position::Over;
            return None;
        }
        self.numbers[0] = self.numbers[0].checked_add(1)?;
        let by = if choice == 0 {
            std::hint::black_box(self.texts[0] == self.texts[1]);
            self.texts[0] = self.texts[2].clone();
            self.numbers[1] = self.numbers[1].checked_add(1)?;
            1
        } else {
            self.numbers[2] = self.numbers[2].checked_add(self.numbers[0])?;
            self.texts[0] = self.texts[3].clone();
            std::hint::black_box(self.numbers[1] < self.numbers[2]);
            2
        };
        self.position = match (self.position, by) {
            (Position::First, 1) | (Position::Third, 2) => Position::Second,
            (Position::First, 2) | (Position::Second, 1) => Position::Third,
            (Position::Over, _) => Position::Over,
            _ => Position::First,
        };
        self.op += 1;
        Some(Menu { op: self.op, block: self.position as u32, waits: (5000, 2000) })
    }

    /// The effect in flight.
    pub fn op(&self) -> u32 {
        self.op
    }

    /// Bytes held, the shares of counted texts included.
    pub fn footprint(&self) -> usize {
        size_of::<Self>() + self.texts.iter().map(|text| 16 + text.len()).sum::<usize>()
    }
}
