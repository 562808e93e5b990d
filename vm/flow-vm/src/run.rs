//! The run loop: instructions until the next thing that the owner must know.
//!
//! The verifier has proved the shape of everything read here: registers are inside their frame and hold what
//! they should, indices are inside their tables. What is left to go wrong is a [`TrapReason`].
//!
//! It runs the program's [steps](flow_bytecode::steps), of which each does one instruction or a few. Only what
//! flows do between two waits is done here; the rest is in `step`, so that this loop keeps its state in machine
//! registers. Instructions are charged where control goes back, by how many places were passed.

use flow_bytecode::TrapReason::{self, LoopWithoutWait, Overflow, Unreachable};
use flow_bytecode::VerifiedProgram;
use flow_bytecode::steps::{Operation as Op, Step};
use flow_bytecode::verified::slot;

use crate::fiber::{Fiber, Op as Effect, Output, State, Trap};
use crate::limits::SLICE;

impl Fiber {
    /// Runs on from `pc`, which must be ready.
    #[inline]
    pub(crate) fn run(&mut self, program: &VerifiedProgram) -> Output {
        // A block that has been entered often begins with an effect: no need to set up the loop for that.
        match program.machine().steps.get(self.pc as usize) {
            Some(step) if step.op.begins_with_constants() => self.begin(program, step),
            _ => self.run_on(program),
        }
    }

    #[inline(never)]
    fn run_on(&mut self, program: &VerifiedProgram) -> Output {
        let steps = program.machine().steps.as_slice();
        let Some(mut rest) = steps.get(self.pc as usize..) else { return self.lost() };
        // Where the instructions begin that are not yet charged.
        let mut from = self.pc;
        let Some(mut registers) = self.stack.get_mut(usize::from(self.base)..) else { return self.lost() };

        macro_rules! r {
            ($register:expr) => {
                registers[usize::from($register)]
            };
        }
        macro_rules! int {
            ($register:expr) => {
                r!($register) as i64
            };
        }
        // The instruction behind those that ran.
        macro_rules! pc {
            () => {
                (steps.len() - rest.len()) as u32
            };
        }
        // What the rest of the fiber must know before anything else looks at it.
        macro_rules! settle {
            () => {
                self.pc = pc!();
                self.budget = self.budget.saturating_sub(self.pc - from);
            };
        }

        let reason = 'trap: loop {
            macro_rules! checked {
                ($result:expr) => {
                    match $result {
                        Some(value) => value as u64,
                        None => break 'trap Overflow,
                    }
                };
            }
            macro_rules! on_at {
                ($steps:expr, $target:expr) => {
                    match $steps.get($target as usize..) {
                        Some(behind) => rest = behind,
                        None => return self.lost(),
                    }
                };
            }
            // On to another place. Only going back is charged and looked at: between two times of going back,
            // the places passed are at least as many as the instructions that ran.
            macro_rules! go {
                ($target:expr) => {{
                    let target: u32 = $target;
                    let pc = pc!();
                    if target < pc {
                        self.budget = self.budget.saturating_sub(pc - from);
                        if self.budget <= self.slice_end {
                            if self.budget == 0 {
                                break 'trap LoopWithoutWait;
                            }
                            self.pc = target;
                            self.slice_end = self.budget.saturating_sub(SLICE);
                            return Output::Yielded;
                        }
                        from = target;
                    }
                    on_at!(steps, target);
                }};
            }
            // A comparison, and the jump on it that stands behind it.
            macro_rules! decide {
                ($i:expr, $behind:expr, $truth:expr, $on:literal) => {{
                    let truth: bool = $truth;
                    r!($i.a) = u64::from(truth);
                    if truth == $on {
                        on_at!(steps, $i.x);
                    } else {
                        on_at!(rest, $behind);
                    }
                }};
            }
            macro_rules! out_of_line {
                () => {{
                    if let Err(reason) = self.step(program, pc!() - 1) {
                        break 'trap reason;
                    }
                    registers = &mut self.stack[usize::from(self.base)..];
                }};
            }
            let [i, behind @ ..] = rest else { return self.lost() };
            rest = behind;
            match i.op {
                Op::Constant => r!(i.a) = i.y,
                Op::Constants2 => {
                    r!(i.a) = i64::from(i.y as i32) as u64;
                    r!(i.b) = (i.y as i64 >> 32) as u64;
                    on_at!(rest, 1);
                }
                Op::Constants3 => {
                    r!(i.a) = i64::from(i.y as i32) as u64;
                    r!(i.b) = (i.y as i64 >> 32) as u64;
                    r!(i.c) = i64::from(i.x as i32) as u64;
                    on_at!(rest, 2);
                }
                Op::Move => r!(i.a) = r!(i.b),
                Op::MoveJump => {
                    r!(i.a) = r!(i.b);
                    on_at!(steps, i.x);
                }
                Op::IsNone => r!(i.a) = u64::from(r!(i.b) == 0),
                Op::Add => r!(i.a) = checked!(int!(i.b).checked_add(int!(i.c))),
                Op::Subtract => r!(i.a) = checked!(int!(i.b).checked_sub(int!(i.c))),
                Op::AddInt => r!(i.a) = checked!(int!(i.b).checked_add(i.y as i64)),
                Op::Equal => r!(i.a) = u64::from(r!(i.b) == r!(i.c)),
                Op::Less => r!(i.a) = u64::from(int!(i.b) < int!(i.c)),
                Op::LessOrEqual => r!(i.a) = u64::from(int!(i.b) <= int!(i.c)),
                Op::Not => r!(i.a) = r!(i.b) ^ 1,
                Op::Jump => on_at!(steps, i.x),
                Op::JumpIf => {
                    if r!(i.a) != 0 {
                        on_at!(steps, i.x);
                    }
                }
                Op::JumpUnless => {
                    if r!(i.a) == 0 {
                        on_at!(steps, i.x);
                    }
                }
                Op::JumpBack => go!(i.x),
                Op::JumpBackIf => {
                    if r!(i.a) != 0 {
                        go!(i.x);
                    }
                }
                Op::JumpBackUnless => {
                    if r!(i.a) == 0 {
                        go!(i.x);
                    }
                }
                Op::IsNoneJumpIf => decide!(i, 1, r!(i.b) == 0, true),
                Op::IsNoneJumpUnless => decide!(i, 1, r!(i.b) == 0, false),
                Op::NotJumpIf => decide!(i, 1, r!(i.b) == 0, true),
                Op::NotJumpUnless => decide!(i, 1, r!(i.b) == 0, false),
                Op::EqualJumpIf => decide!(i, 1, r!(i.b) == r!(i.c), true),
                Op::EqualJumpUnless => decide!(i, 1, r!(i.b) == r!(i.c), false),
                Op::LessJumpIf => decide!(i, 1, int!(i.b) < int!(i.c), true),
                Op::LessJumpUnless => decide!(i, 1, int!(i.b) < int!(i.c), false),
                Op::LessOrEqualJumpIf => decide!(i, 1, int!(i.b) <= int!(i.c), true),
                Op::LessOrEqualJumpUnless => decide!(i, 1, int!(i.b) <= int!(i.c), false),
                Op::ConstantEqualJumpIf => {
                    r!(i.c) = i.y;
                    decide!(i, 2, r!(i.b) == i.y, true);
                }
                Op::ConstantEqualJumpUnless => {
                    r!(i.c) = i.y;
                    decide!(i, 2, r!(i.b) == i.y, false);
                }
                Op::SwitchNear => {
                    let target = match r!(i.a) {
                        0 => i.x,
                        1 => i.y as u32,
                        _ => (i.y >> 32) as u32,
                    };
                    on_at!(steps, target);
                }
                Op::Switch => go!(far(program, i, r!(i.a))),
                Op::JumpBlock => {
                    self.pc = i.x;
                    self.budget = self.budget.saturating_sub(i.x - from);
                    return Output::Entered { block: i.y as u16 };
                }
                Op::JumpBackBlock => {
                    go!(i.x);
                    on_at!(rest, 1);
                    settle!();
                    return Output::Entered { block: i.y as u16 };
                }
                Op::Block => {
                    settle!();
                    return Output::Entered { block: i.x as u16 };
                }
                Op::Perform => {
                    settle!();
                    return self.perform(program, i.x);
                }
                Op::ConstantPerform
                | Op::ConstantsPerform2
                | Op::ConstantsPerform3
                | Op::ConstantsPerform4 => {
                    self.pc = pc!() - 1;
                    self.budget = self.budget.saturating_sub(self.pc - from);
                    return self.begin(program, i);
                }
                Op::Wait => {
                    settle!();
                    if self.hung_up {
                        return self.gone(program);
                    }
                    self.awaited = self.reported;
                    self.state = State::Waiting;
                    if self.is_untidy() {
                        return self.tidied(program, Output::Waiting);
                    }
                    return Output::Waiting;
                }
                Op::Cancel => {
                    settle!();
                    let op = Effect(self.reported);
                    self.reported = 0;
                    return Output::Cancel { op };
                }
                Op::End => {
                    settle!();
                    return self.end(program);
                }
                Op::Transfer => {
                    settle!();
                    if let Err(reason) = self.transfer(program, self.pc - 1) {
                        break 'trap reason;
                    }
                    if self.state == State::Ended {
                        return Output::Ended;
                    }
                    if self.budget <= self.slice_end {
                        if self.budget == 0 {
                            break 'trap LoopWithoutWait;
                        }
                        self.slice_end = self.budget.saturating_sub(SLICE);
                        return Output::Yielded;
                    }
                    from = self.pc;
                    on_at!(steps, from);
                    registers = &mut self.stack[usize::from(self.base)..];
                }
                Op::EqualText => {
                    // Texts that are the same word are the same; short ones that are not, are not.
                    let (one, other) = (r!(i.b), r!(i.c));
                    if one == other {
                        r!(i.a) = 1;
                    } else if slot::are_inline(one, other) {
                        r!(i.a) = 0;
                    } else {
                        out_of_line!();
                    }
                }
                Op::Other => out_of_line!(),
            }
        };
        let at = pc!() - 1;
        self.trap(reason, at)
    }

    /// Small constants into registers side by side, and the effect that is begun with them; the call is settled.
    #[inline(never)]
    fn begin(&mut self, program: &VerifiedProgram, step: &Step) -> Output {
        let count = match step.op {
            Op::ConstantPerform => self.put::<1>(step),
            Op::ConstantsPerform2 => self.put::<2>(step),
            Op::ConstantsPerform3 => self.put::<3>(step),
            _ => self.put::<4>(step),
        };
        match count {
            Some(count) => {
                self.pc += count + 1;
                self.budget = self.budget.saturating_sub(count + 1);
                self.perform(program, step.x)
            }
            None => self.lost(),
        }
    }

    /// Puts the quarters of a step's value into registers; their count.
    #[inline]
    fn put<const COUNT: usize>(&mut self, step: &Step) -> Option<u32> {
        let first = usize::from(self.base) + usize::from(step.a);
        let registers = self.stack.get_mut(first..)?.first_chunk_mut::<COUNT>()?;
        for (place, register) in registers.iter_mut().enumerate() {
            *register = i64::from((step.y >> (16 * place)) as i16) as u64;
        }
        Some(COUNT as u32)
    }

    /// Begins the effect of an entry, and waits; the call is settled.
    #[inline]
    fn perform(&mut self, program: &VerifiedProgram, entry: u32) -> Output {
        if self.hung_up {
            return self.gone(program);
        }
        self.last_op = self.last_op.wrapping_add(1).max(1);
        self.awaited = self.last_op;
        self.state = State::Waiting;
        let output = Output::Begin { op: Effect(self.awaited), entry: entry as u16 };
        if self.is_untidy() {
            return self.tidied(program, output);
        }
        output
    }

    /// A flow is through, or a handler: then the next frame's.
    #[cold]
    #[inline(never)]
    fn end(&mut self, program: &VerifiedProgram) -> Output {
        self.state = State::Ended;
        if self.unwinding {
            self.unwind_further(program);
        }
        self.poll(program)
    }

    /// The caller hung up before this wait.
    #[cold]
    #[inline(never)]
    fn gone(&mut self, program: &VerifiedProgram) -> Output {
        self.unwind(program);
        self.poll(program)
    }

    /// The verifier has proved that this does not happen.
    #[cold]
    #[inline(never)]
    fn lost(&mut self) -> Output {
        self.trap(Unreachable, self.pc.saturating_sub(1))
    }

    #[cold]
    fn trap(&mut self, reason: TrapReason, at: u32) -> Output {
        self.state = State::Trapped(reason);
        self.pc = at;
        self.awaited = 0;
        self.reported = 0;
        Output::Trapped(Trap { reason, at: self.pc })
    }
}

/// Where a switch of more than a few targets goes on.
#[inline(never)]
fn far(program: &VerifiedProgram, step: &Step, index: u64) -> u32 {
    program.machine().targets[step.x as usize + index.min(step.y) as usize]
}
