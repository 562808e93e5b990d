//! Instructions done at once do what they do one after the other: random programs, run both ways.

mod common;

use std::collections::BTreeSet;

use common::*;
use flow_bytecode::program::{Block, Constant, EffectEntry, KeyTable};
use flow_bytecode::steps::Operation;
use flow_bytecode::{Effect, Instruction as I, Opcode as Op, Program, Type, TypeId, VerifiedProgram, verify};
use flow_vm::{Event, Fiber, Output};
use proptest::prelude::*;

/// What lives at the beginning of each part of a random flow: four numbers, two truths, an option, a text.
const LIVE: [(u8, TypeId); 8] =
    [(0, INT), (1, INT), (2, INT), (3, INT), (4, BOOL), (5, BOOL), (6, OPTION_INT), (7, TEXT)];
/// The first register of what does not live on.
const SCRATCH: u8 = 8;

const MENU: u16 = 6;

/// The base with an effect of four arguments.
fn with_menu() -> Program {
    let mut program = base();
    let keys = TypeId(program.types.len() as u16);
    program.types.push(Type::Keys);
    program.keys.push(KeyTable::default());
    program.constants.extend([Constant::Table(Type::Keys, 0), Constant::Duration(2000)]);
    program.effects.push(EffectEntry {
        effect: Effect::Menu,
        arguments: vec![SPEECH, keys, DURATION, DURATION],
        outcomes: vec![vec![INT], vec![], vec![]],
    });
    program
}

/// A flow of parts, each of a few random instructions, between which it jumps at random.
struct Writer<W> {
    words: W,
    parts: usize,
    code: Vec<I>,
    /// Where parts begin.
    starts: Vec<u32>,
    maps: Vec<(u32, Vec<(u8, TypeId)>)>,
    /// Instructions that jump, and the part they lead to.
    jumps: Vec<(usize, usize)>,
    /// Jump tables, as parts or, with the flag, as places.
    tables: Vec<Vec<(bool, u32)>>,
}

impl<W: Iterator<Item = u32>> Writer<W> {
    fn pick(&mut self, below: usize) -> usize {
        self.words.next().unwrap_or(0) as usize % below
    }

    fn number(&mut self) -> u8 {
        self.pick(4) as u8
    }

    fn truth(&mut self) -> u8 {
        4 + self.pick(2) as u8
    }

    fn small(&mut self) -> i16 {
        self.pick(5) as i16 - 2
    }

    fn here(&self) -> u32 {
        self.code.len() as u32
    }

    fn jump_to_some_part(&mut self, jump: I) {
        let part = self.pick(self.parts);
        self.jumps.push((self.code.len(), part));
        self.code.push(jump);
    }

    fn jump_on(&mut self, truth: u8) {
        let op = [Op::JumpIf, Op::JumpUnless][self.pick(2)];
        self.jump_to_some_part(I::asbx(op, truth, 0));
    }

    fn compare(&mut self, into: u8, one: u8, other: u8) {
        let op = [Op::Equal, Op::Less, Op::LessOrEqual][self.pick(3)];
        self.code.push(I::abc(op, into, one, other));
    }

    fn part(&mut self) {
        self.starts.push(self.here());
        self.maps.push((self.here(), LIVE.to_vec()));
        for _ in 0..1 + self.pick(8) {
            let (to, one, other) = (self.number(), self.number(), self.number());
            let truth = self.truth();
            let immediate = self.small();
            match self.pick(19) {
                0 => self.code.push(I::asbx(Op::Int, to, immediate)),
                1 => self.code.push(I::abc(Op::AddInt, to, one, other)),
                2 => self.code.push(I::abc(
                    [Op::Add, Op::Subtract, Op::Multiply][one as usize % 3],
                    to,
                    one,
                    other,
                )),
                3 => self.code.push(I::abx(Op::Load, to, [2, 11][other as usize % 2])),
                4 => self.compare(truth, one, other),
                5 => {
                    self.compare(truth, one, other);
                    self.jump_on(truth);
                }
                6 | 7 => {
                    self.code.push(I::asbx(Op::Int, to, immediate));
                    let (one, other) = if immediate < 0 { (to, other) } else { (one, to) };
                    self.code.push(I::abc(Op::Equal, truth, one, other));
                    self.jump_on(truth);
                }
                8 => self.code.push(I::abc(Op::Not, truth, 9 - truth, 0)),
                9 => {
                    self.code.push(I::abc(Op::Not, truth, 9 - truth, 0));
                    self.jump_on(truth);
                }
                10 => {
                    self.code.push(match immediate {
                        0 => I::abx(Op::None, 6, OPTION_INT.0),
                        _ => I::abc(Op::Some, 6, to, 0),
                    });
                    self.code.push(I::abc(Op::IsNone, truth, 6, 0));
                    self.jump_on(truth);
                }
                11 => self.code.push(I::abc(Op::Move, to, one, 0)),
                12 => {
                    self.code.push(I::abx(Op::Load, SCRATCH, [0, 1, 9][to as usize % 3]));
                    self.code.push(I::abc(Op::EqualText, truth, 7, SCRATCH));
                    self.code.push(I::abc(Op::Move, 7, SCRATCH, 0));
                }
                13 => self.code.push(I::abx(Op::Block, 0, u16::from(to))),
                14 => self.code.extend([
                    I::asbx(Op::Int, SCRATCH, immediate),
                    I::abx(Op::Perform, SCRATCH, SET_PRIORITY),
                ]),
                15 => self
                    .code
                    .extend([I::abc(Op::Move, SCRATCH, to, 0), I::abx(Op::Perform, SCRATCH, SET_PRIORITY)]),
                16 => self.code.extend([
                    I::abx(Op::Speech, SCRATCH, 0),
                    I::abx(Op::Load, SCRATCH + 1, 10),
                    I::abx(Op::Perform, SCRATCH, SAY),
                ]),
                17 => self.menu(),
                _ => self.jump_on(truth),
            }
        }
        match self.pick(7) {
            0 | 1 => {}
            2 => self.jump_to_some_part(I::jump(Op::Jump, 0)),
            3 => {
                let (to, one) = (self.number(), self.number());
                self.code.push(I::abc(Op::Move, to, one, 0));
                self.jump_to_some_part(I::jump(Op::Jump, 0));
            }
            4 | 5 => {
                let entries = 1 + self.pick(5);
                let table = (0..entries).map(|_| (false, self.pick(self.parts) as u32)).collect();
                let on = self.number();
                self.code.push(I::abx(Op::Switch, on, self.tables.len() as u16));
                self.tables.push(table);
            }
            _ => self.queue(),
        }
    }

    /// Asks for a choice. Sometimes the flow jumps into the middle of what is asked with.
    fn menu(&mut self) {
        self.code.push(I::abx(Op::Speech, SCRATCH, 0));
        if self.pick(2) == 0 {
            self.code.push(I::jump(Op::Jump, 0));
            self.maps.push((self.here(), [&LIVE[..], &[(SCRATCH, SPEECH)]].concat()));
        }
        self.code.extend([
            I::abx(Op::Load, SCRATCH + 1, 12),
            I::abx(Op::Load, SCRATCH + 2, 13),
            I::abx(Op::Load, SCRATCH + 3, 13),
            I::abx(Op::Perform, SCRATCH, MENU),
        ]);
    }

    /// Waits in a queue; a report cancels it.
    fn queue(&mut self) {
        self.code.extend([
            I::abx(Op::Load, SCRATCH, 7),
            I::asbx(Op::Int, SCRATCH + 1, 3),
            I::abx(Op::Load, SCRATCH + 2, 3),
            I::abx(Op::Load, SCRATCH + 3, 8),
            I::abx(Op::None, SCRATCH + 4, OPTION_TEXT.0),
            I::abx(Op::Load, SCRATCH + 5, 3),
            I::abx(Op::None, SCRATCH + 6, OPTION_SPEECH.0),
            I::abx(Op::EmptyList, SCRATCH + 7, LIST_TEXT.0),
            I::abx(Op::Perform, SCRATCH, ENQUEUE),
            I::abx(Op::Switch, SCRATCH, self.tables.len() as u16),
        ]);
        let entry = &base().effects[usize::from(ENQUEUE)];
        let outcomes = usize::from(entry.effect.outcome_count());
        let reports = entry.outcomes.len() - outcomes;
        let mut table: Vec<_> = (0..outcomes).map(|_| (false, self.pick(self.parts) as u32)).collect();
        table.extend(vec![(true, self.here()); reports]);
        self.tables.push(table);
        self.maps.push((self.here(), LIVE.to_vec()));
        self.code.push(I::abx(Op::Cancel, 0, ENQUEUE));
        self.jump_to_some_part(I::jump(Op::Jump, 0));
    }

    fn program(mut self) -> Program {
        let mut program = with_menu();
        self.code.extend([
            I::asbx(Op::Int, 0, 0),
            I::asbx(Op::Int, 1, 1),
            I::asbx(Op::Int, 2, 1),
            I::asbx(Op::Int, 3, -1),
            I::abx(Op::Load, 4, 10),
            I::abx(Op::Load, 5, 10),
            I::abx(Op::None, 6, OPTION_INT.0),
            I::abx(Op::Load, 7, 1),
        ]);
        for _ in 0..self.parts {
            self.part();
        }
        self.code.push(I::abc(Op::End, 0, 0, 0));
        for (at, part) in self.jumps {
            let distance = self.starts[part] as i32 - at as i32 - 1;
            let old = self.code[at];
            self.code[at] = match old.opcode() {
                Some(Op::Jump) => I::jump(Op::Jump, distance),
                Some(op) => I::asbx(op, old.a(), distance as i16),
                None => old,
            };
        }
        let maps: Vec<(u32, &[(u8, TypeId)])> = self.maps.iter().map(|(at, live)| (*at, &live[..])).collect();
        add(&mut program, flow(), &[], 20, &self.code, &maps);
        let starts = self.starts;
        let place =
            |(is_place, target): &(bool, u32)| if *is_place { *target } else { starts[*target as usize] };
        program.jump_tables = self.tables.iter().map(|table| table.iter().map(place).collect()).collect();
        program.blocks = (0..4).map(|_| Block { flow: 0, name: 0, kind: 0 }).collect();
        program
    }
}

fn random(words: impl Iterator<Item = u32>, parts: usize) -> VerifiedProgram {
    let writer = Writer {
        words,
        parts,
        code: Vec::new(),
        starts: Vec::new(),
        maps: Vec::new(),
        jumps: Vec::new(),
        tables: Vec::new(),
    };
    verify(writer.program()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// Plays the same events to a call of the program and to one of its unfused twin.
fn play(program: &VerifiedProgram, seeds: &[u64]) -> Result<(), TestCaseError> {
    let twin = program.clone().unfused();
    let mut fibers = [Fiber::new(program, 0, &[]).unwrap(), Fiber::new(&twin, 0, &[]).unwrap()];
    for seed in seeds {
        let [fused, unfused] = &mut fibers;
        prop_assert_eq!(drain(program, fused), drain(&twin, unfused));
        prop_assert_eq!(&*fused, &*unfused, "what does not live on is the same, too");
        if fused.is_over() {
            return Ok(());
        }
        prop_assert_eq!(fused.snapshot(program), unfused.snapshot(&twin));
        for (program, fiber) in [(program, fused), (&twin, unfused)] {
            match seed % 31 {
                0 => fiber.handle(program, Event::HungUp).map(drop).unwrap(),
                _ => answer(program, fiber, *seed),
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn fused_or_not_a_random_program_does_the_same(
        words in prop::collection::vec(any::<u32>(), 0..400),
        parts in 1..24usize,
        seeds in prop::collection::vec(any::<u64>(), 1..24),
    ) {
        play(&random(words.into_iter(), parts), &seeds)?;
    }

    #[test]
    fn fused_or_not_a_changed_program_does_the_same(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u32), 0..4),
        seeds in prop::collection::vec(any::<u64>(), 1..24),
    ) {
        let mut program = everything();
        for (at, byte, shift) in changes {
            let at = at.index(program.code.len());
            let mask = 0xffu32 << (8 * shift);
            program.code[at] = program.code[at] & !mask | u32::from(byte % 20) << (8 * shift);
        }
        if let Ok(program) = verify(program) {
            play(&program, &seeds)?;
        }
    }
}

#[test]
fn the_random_programs_have_every_kind_of_step() {
    let mut word = 1u32;
    let words = std::iter::from_fn(|| {
        word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(word >> 8)
    });
    let program = random(words, 400);
    let made: BTreeSet<String> =
        program.machine().steps.iter().map(|step| format!("{:?}", step.op)).collect();
    for operation in [
        Operation::Constants2,
        Operation::Constants3,
        Operation::MoveJump,
        Operation::JumpBack,
        Operation::JumpBackIf,
        Operation::JumpBackUnless,
        Operation::JumpBlock,
        Operation::JumpBackBlock,
        Operation::IsNoneJumpIf,
        Operation::IsNoneJumpUnless,
        Operation::NotJumpIf,
        Operation::NotJumpUnless,
        Operation::EqualJumpIf,
        Operation::EqualJumpUnless,
        Operation::LessJumpIf,
        Operation::LessJumpUnless,
        Operation::LessOrEqualJumpIf,
        Operation::LessOrEqualJumpUnless,
        Operation::ConstantEqualJumpIf,
        Operation::ConstantEqualJumpUnless,
        Operation::ConstantPerform,
        Operation::ConstantsPerform2,
        Operation::ConstantsPerform3,
        Operation::ConstantsPerform4,
        Operation::SwitchNear,
        Operation::Switch,
    ] {
        assert!(made.contains(&format!("{operation:?}")), "{operation:?}");
    }
}

#[test]
fn a_trap_in_a_fused_loop_names_the_jump() {
    let mut source = base();
    // 0 int, 1 int, 2 eq, 3 jump_unless 6, 4 jump 6, 5 end, 6 jump 0: threaded over 6 only where it goes forward.
    let code = [
        I::asbx(Op::Int, 0, 1),
        I::asbx(Op::Int, 1, 2),
        I::abc(Op::Equal, 2, 0, 1),
        I::asbx(Op::JumpUnless, 2, 2),
        I::jump(Op::Jump, 1),
        I::abc(Op::End, 0, 0, 0),
        I::jump(Op::Jump, -7),
    ];
    add(&mut source, flow(), &[], 3, &code, &[(0, &[]), (6, &[])]);
    let program = verify(source).unwrap();
    let mut fiber = Fiber::new(&program, 0, &[]).unwrap();
    let trap = trap(&drain(&program, &mut fiber)).unwrap();
    assert_eq!((trap.reason, trap.at), (flow_bytecode::TrapReason::LoopWithoutWait, 6));
    assert_eq!(fiber.poll(&program), Output::Trapped(trap));
}
