//! The machine's own code: for each instruction one [`Step`], which does that instruction or, where common
//! neighbours follow it, all of them at once.
//!
//! Step `n` begins with instruction `n`, whatever it goes on with; a jump into the middle of what another step
//! does finds its own. So an index of a step is an index of an instruction everywhere, and traps, snapshots and
//! source maps know nothing of steps. A fused step leaves the same registers behind as its instructions, and
//! only instructions that cannot trap stand in one before its last.
//!
//! Made of checked programs only. Instructions that cannot be reached may name what is not there; their steps
//! are made all the same, and never run.

use crate::effects::Effect;
use crate::instruction::Opcode;
use crate::program::Program;
use crate::types::{Type, TypeId};
use crate::verified::{Decoded, constant_slot};

/// What a step does; `a`, `b`, `c`, `x` and `y` are the step's. Jumps lead **forward** to the instruction `x`,
/// where nothing else is said: the machine charges only what may go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Operation {
    /// R\[a\] = y.
    Constant,
    /// R\[a\] = the lower half of y, R\[b\] = its upper half, both signed.
    Constants2,
    /// As `Constants2`; then R\[c\] = x, signed.
    Constants3,
    /// R\[a\] = R\[b\].
    Move,
    /// R\[a\] = R\[b\], then goes on at x.
    MoveJump,
    /// R\[a\] = whether the option R\[b\] is none.
    IsNone,
    /// R\[a\] = R\[b\] + R\[c\].
    Add,
    /// R\[a\] = R\[b\] - R\[c\].
    Subtract,
    /// R\[a\] = R\[b\] + y.
    AddInt,
    /// R\[a\] = whether R\[b\] and R\[c\] are the same number.
    Equal,
    /// R\[a\] = R\[b\] < R\[c\].
    Less,
    /// R\[a\] = R\[b\] <= R\[c\].
    LessOrEqual,
    /// R\[a\] = whether the texts R\[b\] and R\[c\] have the same characters.
    EqualText,
    /// R\[a\] = not R\[b\].
    Not,
    /// Goes on at x.
    Jump,
    /// Goes on at x when R\[a\] is true.
    JumpIf,
    /// Goes on at x when R\[a\] is false.
    JumpUnless,
    /// Goes back to x.
    JumpBack,
    /// Goes back to x when R\[a\] is true.
    JumpBackIf,
    /// Goes back to x when R\[a\] is false.
    JumpBackUnless,
    /// `IsNone`, then `JumpIf` of R\[a\].
    IsNoneJumpIf,
    /// `IsNone`, then `JumpUnless` of R\[a\].
    IsNoneJumpUnless,
    /// `Not`, then `JumpIf` of R\[a\].
    NotJumpIf,
    /// `Not`, then `JumpUnless` of R\[a\].
    NotJumpUnless,
    /// `Equal`, then `JumpIf` of R\[a\].
    EqualJumpIf,
    /// `Equal`, then `JumpUnless` of R\[a\].
    EqualJumpUnless,
    /// `Less`, then `JumpIf` of R\[a\].
    LessJumpIf,
    /// `Less`, then `JumpUnless` of R\[a\].
    LessJumpUnless,
    /// `LessOrEqual`, then `JumpIf` of R\[a\].
    LessOrEqualJumpIf,
    /// `LessOrEqual`, then `JumpUnless` of R\[a\].
    LessOrEqualJumpUnless,
    /// R\[c\] = y; R\[a\] = whether R\[b\] is the same number; then `JumpIf` of R\[a\].
    ConstantEqualJumpIf,
    /// R\[c\] = y; R\[a\] = whether R\[b\] is the same number; then `JumpUnless` of R\[a\].
    ConstantEqualJumpUnless,
    /// Goes on at x when R\[a\] is 0; else at the lower half of y when it is 1, else at its upper half.
    SwitchNear,
    /// Goes on at target x + R\[a\] of the program's targets, or at target x + y when R\[a\] is beyond y;
    /// forward or back.
    Switch,
    /// Says that block x is entered.
    Block,
    /// `Jump` to a `Block`, and that: says that block y is entered, and goes on at x, which is behind it.
    JumpBlock,
    /// `JumpBack` to x, where the `Block` of block y stands, and that.
    JumpBackBlock,
    /// Begins the effect of entry x. It has b outcomes and is at once when c is not 0; its outcomes and reports
    /// begin in [`Machine::carries`] at the lower half of y, and are as many as its upper half.
    Perform,
    /// R\[a\] = the lowest quarter of y, signed; then `Perform` of entry x.
    ConstantPerform,
    /// R\[a\] and the register behind it = the lowest quarters of y, signed; then `Perform` of entry x.
    ConstantsPerform2,
    /// The same with three registers.
    ConstantsPerform3,
    /// The same with four registers.
    ConstantsPerform4,
    /// Waits again for the effect of entry x; the rest as in `Perform`.
    Wait,
    /// Cancels the effect that has reported.
    Cancel,
    /// The call is over.
    End,
    /// The instruction goes on in another frame.
    Transfer,
    /// The instruction, out of line.
    Other,
}

impl Operation {
    /// Whether it is one of `ConstantPerform` to `ConstantsPerform4`.
    #[inline]
    pub const fn begins_with_constants(self) -> bool {
        matches!(
            self,
            Self::ConstantPerform
                | Self::ConstantsPerform2
                | Self::ConstantsPerform3
                | Self::ConstantsPerform4
        )
    }
}

/// What the machine does at an instruction; see [`Operation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Step {
    /// What is done.
    pub op: Operation,
    /// The first register.
    pub a: u8,
    /// The second register.
    pub b: u8,
    /// The third register.
    pub c: u8,
    /// An index.
    pub x: u32,
    /// A value.
    pub y: u64,
}

/// What the data of an outcome or report is, as far as it is taken without a second look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    /// No data.
    Nothing,
    /// One `Int`.
    Int,
    /// Anything else.
    Other,
}

/// All that the machine reads while it runs.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// By instruction.
    pub steps: Vec<Step>,
    /// The entries of all jump tables, one table after the other.
    pub targets: Vec<u32>,
    /// The outcomes and reports of all effect entries, one entry after the other.
    pub carries: Vec<Carries>,
}

impl Machine {
    /// The machine's code of a checked program; with `fused`, neighbours are done at once.
    pub(crate) fn new(program: &Program, code: &[Decoded], fused: bool) -> Machine {
        let slots = program.constants.iter().enumerate().map(constant_slot).collect();
        let mut tables = Vec::with_capacity(program.jump_tables.len());
        let mut targets = Vec::new();
        for table in &program.jump_tables {
            tables.push((targets.len() as u32, table.len().saturating_sub(1) as u64));
            targets.extend_from_slice(table);
        }
        let mut entries = Vec::with_capacity(program.effects.len());
        let mut carried = Vec::new();
        for entry in &program.effects {
            entries.push(carried.len() as u64 | (entry.outcomes.len() as u64) << 32);
            carried.extend(entry.outcomes.iter().map(|types| carries(program, types)));
        }
        let landings = landings(code, fused);
        let fuser = Fuser { program, code, slots, tables, entries, landings };
        let steps = (0..code.len()).map(|at| match fused {
            true => fuser.fused(at).unwrap_or_else(|| fuser.single(at)),
            false => fuser.single(at),
        });
        let steps = steps.collect();
        Machine { steps, targets, carries: carried }
    }
}

fn carries(program: &Program, types: &[TypeId]) -> Carries {
    match types {
        [] => Carries::Nothing,
        [one] => match program.types[usize::from(one.0)] {
            Type::Int => Carries::Int,
            _ => Carries::Other,
        },
        _ => Carries::Other,
    }
}

/// By instruction: where who comes there from before it ends up, jumps forward followed. Such a chain is
/// charged the same as its first jump alone: the machine charges where it goes back, by places passed.
fn landings(code: &[Decoded], follow: bool) -> Vec<u32> {
    let mut landings: Vec<u32> = (0..code.len() as u32).collect();
    if follow {
        for at in (0..code.len()).rev() {
            if code[at].op == Opcode::Jump {
                let target = target(at, code[at].sj());
                if target as usize > at {
                    landings[at] = landings.get(target as usize).copied().unwrap_or(target);
                }
            }
        }
    }
    landings
}

/// Where the jump at an instruction leads.
fn target(at: usize, distance: i32) -> u32 {
    (at as i64 + 1 + i64::from(distance)) as u32
}

struct Fuser<'a> {
    program: &'a Program,
    code: &'a [Decoded],
    /// The constants as register slots.
    slots: Vec<u64>,
    /// For each jump table its first target, and the index of its last entry.
    tables: Vec<(u32, u64)>,
    /// For each effect entry the `y` of its steps.
    entries: Vec<u64>,
    landings: Vec<u32>,
}

impl Fuser<'_> {
    /// Where the jump at an instruction ends up.
    fn landing(&self, at: usize, distance: i32) -> u32 {
        self.landed(at, target(at, distance))
    }

    fn landed(&self, at: usize, target: u32) -> u32 {
        match target as usize > at {
            true => self.landings.get(target as usize).copied().unwrap_or(target),
            false => target,
        }
    }

    /// The value that the instruction loads, whatever came before it.
    fn constant(&self, at: usize) -> Option<(u8, u64)> {
        let i = self.code.get(at)?;
        let index = usize::from(i.bx());
        let value = match i.op {
            Opcode::Load => *self.slots.get(index)?,
            Opcode::Int => i64::from(i.sbx()) as u64,
            Opcode::None | Opcode::EmptyList => 0,
            // A sentence without holes is a number; see `flow-vm`.
            Opcode::Speech if self.program.templates.get(index)?.arguments.is_empty() => {
                u64::from(i.bx()) << 1 | 1
            }
            _ => return None,
        };
        Some((i.a, value))
    }

    /// The same, when it is a number of 32 bits.
    fn small_constant(&self, at: usize) -> Option<(u8, u32)> {
        let (register, value) = self.constant(at)?;
        Some((register, i32::try_from(value as i64).ok()? as u32))
    }

    /// The instruction alone.
    fn single(&self, at: usize) -> Step {
        let i = self.code[at];
        let bx = u32::from(i.bx());
        let step = |op| Step { op, a: i.a, b: i.b, c: i.c, x: 0, y: 0 };
        let indexed = |op| Step { x: bx, ..step(op) };
        let jump = |forward, back, distance: i32| Step {
            x: self.landing(at, distance),
            ..step(if distance < 0 { back } else { forward })
        };
        if let Some((_, y)) = self.constant(at) {
            return Step { y, ..step(Operation::Constant) };
        }
        match i.op {
            Opcode::Move => step(Operation::Move),
            Opcode::IsNone => step(Operation::IsNone),
            Opcode::Add => step(Operation::Add),
            Opcode::Subtract => step(Operation::Subtract),
            Opcode::AddInt => Step { y: u64::from(i.c), ..step(Operation::AddInt) },
            Opcode::Equal => step(Operation::Equal),
            Opcode::Less => step(Operation::Less),
            Opcode::LessOrEqual => step(Operation::LessOrEqual),
            Opcode::EqualText => step(Operation::EqualText),
            Opcode::Not => step(Operation::Not),
            Opcode::Jump => jump(Operation::Jump, Operation::JumpBack, i.sj()),
            Opcode::JumpIf => jump(Operation::JumpIf, Operation::JumpBackIf, i32::from(i.sbx())),
            Opcode::JumpUnless => jump(Operation::JumpUnless, Operation::JumpBackUnless, i32::from(i.sbx())),
            Opcode::Switch => self.switch(at),
            Opcode::Block => indexed(Operation::Block),
            Opcode::Perform => self.perform(i, Operation::Perform),
            Opcode::Wait => self.perform(i, Operation::Wait),
            Opcode::Cancel => indexed(Operation::Cancel),
            Opcode::End => step(Operation::End),
            Opcode::Call | Opcode::Return | Opcode::Run | Opcode::Give | Opcode::Goto => {
                step(Operation::Transfer)
            }
            _ => step(Operation::Other),
        }
    }

    fn perform(&self, i: Decoded, op: Operation) -> Step {
        let effect = self.program.effects.get(usize::from(i.bx())).map(|entry| entry.effect);
        Step {
            op,
            a: i.a,
            b: effect.map_or(0, Effect::outcome_count) as u8,
            c: u8::from(effect.is_some_and(Effect::is_at_once)),
            x: u32::from(i.bx()),
            y: self.entries.get(usize::from(i.bx())).copied().unwrap_or(0),
        }
    }

    /// A switch, with its targets when they are few and lie ahead.
    fn switch(&self, at: usize) -> Step {
        let i = self.code[at];
        let index = usize::from(i.bx());
        let step = |op, x, y| Step { op, a: i.a, b: 0, c: 0, x, y };
        let landing = |target: u32| self.landed(at, target);
        let ahead = |table: &&[u32]| table.iter().all(|target| *target as usize > at);
        match self.program.jump_tables.get(index).map(Vec::as_slice).filter(ahead) {
            Some(&[all]) => step(Operation::Jump, landing(all), 0),
            Some(&[first, last]) => {
                let last = u64::from(landing(last));
                step(Operation::SwitchNear, landing(first), last << 32 | last)
            }
            Some(&[first, second, last]) => {
                let y = u64::from(landing(last)) << 32 | u64::from(landing(second));
                step(Operation::SwitchNear, landing(first), y)
            }
            _ => {
                let (x, y) = self.tables.get(index).copied().unwrap_or_default();
                step(Operation::Switch, x, y)
            }
        }
    }

    /// The instruction with those behind it, when they are a group that is known.
    fn fused(&self, at: usize) -> Option<Step> {
        if let Some(step) = self.decision(at).or_else(|| self.begin(at)) {
            return Some(step);
        }
        let i = self.code[at];
        if i.op == Opcode::Jump {
            let target = self.landing(at, i.sj());
            let block = self.code.get(target as usize).filter(|target| target.op == Opcode::Block)?;
            let (op, x) = match i.sj() < 0 {
                true => (Operation::JumpBackBlock, target),
                false => (Operation::JumpBlock, target + 1),
            };
            return Some(Step { op, a: 0, b: 0, c: 0, x, y: u64::from(block.bx()) });
        }
        if i.op == Opcode::Move {
            let jump = self.code.get(at + 1).filter(|next| next.op == Opcode::Jump && next.sj() >= 0)?;
            let x = self.landing(at + 1, jump.sj());
            return Some(Step { op: Operation::MoveJump, a: i.a, b: i.b, c: 0, x, y: 0 });
        }
        // What begins another group is better done with that.
        let value = |at: usize| match self.decision(at).or_else(|| self.begin(at)) {
            Some(_) => None,
            None => self.small_constant(at),
        };
        let (a, one) = value(at)?;
        let (b, other) = value(at + 1)?;
        let y = u64::from(one) | u64::from(other) << 32;
        Some(match value(at + 2) {
            Some((c, x)) => Step { op: Operation::Constants3, a, b, c, x, y },
            None => Step { op: Operation::Constants2, a, b, c: 0, x: 0, y },
        })
    }

    /// An effect that is begun with constants.
    fn begin(&self, at: usize) -> Option<Step> {
        let (a, _) = self.constant(at)?;
        let (mut count, mut y) = (0u8, 0);
        while count < 4 {
            let Some((register, value)) = self.constant(at + usize::from(count)) else { break };
            let value = i16::try_from(value as i64).ok()?;
            if usize::from(register) != usize::from(a) + usize::from(count) {
                return None;
            }
            y |= u64::from(value as u16) << (16 * count);
            count += 1;
        }
        let perform = self.code.get(at + usize::from(count)).filter(|i| i.op == Opcode::Perform)?;
        let op = match count {
            1 => Operation::ConstantPerform,
            2 => Operation::ConstantsPerform2,
            3 => Operation::ConstantsPerform3,
            _ => Operation::ConstantsPerform4,
        };
        Some(Step { op, a, b: 0, c: 0, x: u32::from(perform.bx()), y })
    }

    /// A comparison and the jump on what it gave, perhaps behind the constant that is compared.
    fn decision(&self, at: usize) -> Option<Step> {
        use Operation as O;
        let i = *self.code.get(at)?;
        if let Some((constant, y)) = self.constant(at) {
            let equal = self.code.get(at + 1).filter(|next| next.op == Opcode::Equal)?;
            let other = match (equal.b == constant, equal.c == constant) {
                (_, true) => equal.b,
                (true, false) => equal.c,
                (false, false) => return None,
            };
            let (on_true, x) = self.jump_on(at + 2, equal.a)?;
            let op = if on_true { O::ConstantEqualJumpIf } else { O::ConstantEqualJumpUnless };
            return Some(Step { op, a: equal.a, b: other, c: constant, x, y });
        }
        let (on_true, on_false) = match i.op {
            Opcode::IsNone => (O::IsNoneJumpIf, O::IsNoneJumpUnless),
            Opcode::Not => (O::NotJumpIf, O::NotJumpUnless),
            Opcode::Equal => (O::EqualJumpIf, O::EqualJumpUnless),
            Opcode::Less => (O::LessJumpIf, O::LessJumpUnless),
            Opcode::LessOrEqual => (O::LessOrEqualJumpIf, O::LessOrEqualJumpUnless),
            _ => return None,
        };
        let (is_on_true, x) = self.jump_on(at + 1, i.a)?;
        let op = if is_on_true { on_true } else { on_false };
        Some(Step { op, a: i.a, b: i.b, c: i.c, x, y: 0 })
    }

    /// The jump on a register: whether on true, and where it ends up.
    fn jump_on(&self, at: usize, register: u8) -> Option<(bool, u32)> {
        let i = self.code.get(at).filter(|i| i.a == register)?;
        let on_true = match i.op {
            _ if i.sbx() < 0 => return None,
            Opcode::JumpIf => true,
            Opcode::JumpUnless => false,
            _ => return None,
        };
        Some((on_true, self.landing(at, i32::from(i.sbx()))))
    }
}
