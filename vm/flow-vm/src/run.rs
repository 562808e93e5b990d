//! The run loop: instructions until the next thing that the owner must know.
//!
//! The verifier has proved the shape of everything read here: registers are inside their frame and hold what
//! they should, indices are inside their tables. What is left to go wrong is a [`TrapReason`].
//!
//! Only what a menu does between two waits is done here; the rest is in `step`, so that this loop keeps its
//! state in machine registers. Instructions are charged where
//! control goes back, by how many places were passed.

use flow_bytecode::TrapReason::{self, DivideByZero, LoopWithoutWait, Overflow};
use flow_bytecode::{Opcode as Op, VerifiedProgram};

use crate::fiber::{Fiber, Op as Effect, Output, State, Trap};
use crate::limits::SLICE;

impl Fiber {
    /// Runs on from `pc`, which must be ready.
    #[inline(never)]
    pub(crate) fn run(&mut self, program: &VerifiedProgram) -> Output {
        let code = program.decoded();
        let mut pc = self.pc as usize;
        // Where the instructions begin that are not yet charged.
        let mut from = pc;
        let mut base = usize::from(self.base);
        let mut registers = &mut self.stack[base..];

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
        // What the rest of the fiber must know before anything else looks at it.
        macro_rules! settle {
            () => {
                self.pc = pc as u32;
                self.budget = self.budget.saturating_sub((pc - from) as u32);
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
            // On to another place. Only going back is charged and looked at: between two times of going back,
            // the places passed are at least as many as the instructions that ran.
            macro_rules! go {
                ($target:expr) => {{
                    let target = $target;
                    if target < pc {
                        self.budget = self.budget.saturating_sub((pc - from) as u32);
                        if self.budget <= self.slice_end {
                            if self.budget == 0 {
                                break 'trap LoopWithoutWait;
                            }
                            self.pc = target as u32;
                            self.slice_end = self.budget.saturating_sub(SLICE);
                            return Output::Yielded;
                        }
                        from = target;
                    }
                    pc = target;
                }};
            }
            let i = &code[pc];
            pc += 1;
            match i.op {
                Op::Move => r!(i.a) = r!(i.b),
                Op::Load => r!(i.a) = program.constant_slots()[usize::from(i.bx())],
                Op::Int => r!(i.a) = i64::from(i.sbx()) as u64,
                Op::None | Op::EmptyList => r!(i.a) = 0,
                Op::IsNone => r!(i.a) = u64::from(r!(i.b) == 0),
                Op::Add => r!(i.a) = checked!(int!(i.b).checked_add(int!(i.c))),
                Op::Subtract => r!(i.a) = checked!(int!(i.b).checked_sub(int!(i.c))),
                Op::Multiply => r!(i.a) = checked!(int!(i.b).checked_mul(int!(i.c))),
                Op::Divide | Op::Remainder => {
                    if r!(i.c) == 0 {
                        break 'trap DivideByZero;
                    }
                    let result = match i.op {
                        Op::Divide => int!(i.b).checked_div(int!(i.c)),
                        _ => int!(i.b).checked_rem(int!(i.c)),
                    };
                    r!(i.a) = checked!(result);
                }
                Op::Negate => r!(i.a) = checked!(int!(i.b).checked_neg()),
                Op::SubtractTime => r!(i.a) = ((int!(i.b) >> 16) - (int!(i.c) >> 16)) as u64,
                Op::AddInt => r!(i.a) = checked!(int!(i.b).checked_add(i64::from(i.c))),
                Op::Equal => r!(i.a) = u64::from(r!(i.b) == r!(i.c)),
                Op::Less => r!(i.a) = u64::from(int!(i.b) < int!(i.c)),
                Op::LessOrEqual => r!(i.a) = u64::from(int!(i.b) <= int!(i.c)),
                Op::Not => r!(i.a) = r!(i.b) ^ 1,
                Op::Jump => go!(pc.wrapping_add_signed(i.sj() as isize)),
                Op::JumpIf => {
                    if r!(i.a) != 0 {
                        go!(pc.wrapping_add_signed(i.sbx() as isize));
                    }
                }
                Op::JumpUnless => {
                    if r!(i.a) == 0 {
                        go!(pc.wrapping_add_signed(i.sbx() as isize));
                    }
                }
                Op::Switch => {
                    let table = &program.jump_tables[usize::from(i.bx())];
                    let index = r!(i.a).min(table.len() as u64 - 1) as usize;
                    go!(table[index] as usize);
                }
                Op::Block => {
                    settle!();
                    return Output::Entered { block: i.bx() };
                }
                Op::Perform => {
                    settle!();
                    if self.hung_up {
                        self.unwind(program);
                        return self.poll(program);
                    }
                    self.last_op = self.last_op.wrapping_add(1).max(1);
                    self.awaited = self.last_op;
                    self.state = State::Waiting;
                    self.tidy(program);
                    return Output::Begin { op: Effect(self.awaited), entry: i.bx() };
                }
                Op::Wait => {
                    settle!();
                    if self.hung_up {
                        self.unwind(program);
                        return self.poll(program);
                    }
                    self.awaited = self.reported;
                    self.state = State::Waiting;
                    self.tidy(program);
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
                    self.state = State::Ended;
                    if self.unwinding {
                        self.unwind_further(program);
                    }
                    return self.poll(program);
                }
                // A sentence without holes is a number; see `speech`.
                Op::Speech if program.templates[usize::from(i.bx())].arguments.is_empty() => {
                    r!(i.a) = u64::from(i.bx()) << 1 | 1;
                }
                Op::EqualText if r!(i.b) == r!(i.c) => r!(i.a) = 1,
                Op::Call | Op::Return | Op::Run | Op::Give | Op::Goto => {
                    settle!();
                    if let Err(reason) = self.transfer(program, *i) {
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
                    pc = self.pc as usize;
                    from = pc;
                    base = usize::from(self.base);
                    registers = &mut self.stack[base..];
                }
                _ => {
                    if let Err(reason) = self.step(program, *i, base) {
                        break 'trap reason;
                    }
                    registers = &mut self.stack[base..];
                }
            }
        };
        self.trap(reason, pc - 1)
    }

    #[cold]
    fn trap(&mut self, reason: TrapReason, at: usize) -> Output {
        self.state = State::Trapped(reason);
        self.pc = at as u32;
        self.awaited = 0;
        self.reported = 0;
        Output::Trapped(Trap { reason, at: self.pc })
    }
}
