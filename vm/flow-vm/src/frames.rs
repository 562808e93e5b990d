//! Frames: functions called and returned from, flows run, left and left for good.

use flow_bytecode::program::FunctionKind;
use flow_bytecode::{Opcode as Op, TrapReason, VerifiedProgram};

use crate::fiber::{Fiber, State};
use crate::limits::FRAMES;

/// What stands between two frames: the outer's function and its next instruction.
pub(crate) const fn link(function: u16, pc: u32) -> u64 {
    (function as u64) << 32 | pc as u64
}

/// The function and the next instruction of a link.
pub(crate) const fn linked(word: u64) -> (u16, u32) {
    ((word >> 32) as u16, word as u32)
}

impl Fiber {
    /// The instruction at `at`, which goes on in another frame; `pc` is behind it.
    #[inline(never)]
    pub(crate) fn transfer(&mut self, program: &VerifiedProgram, at: u32) -> Result<(), TrapReason> {
        let i = program.decoded()[at as usize];
        let base = usize::from(self.base);
        let a = base + usize::from(i.a);
        match i.op {
            Op::Call | Op::Run => self.push(program, i.bx(), a)?,
            Op::Return => {
                let value = self.stack[a];
                self.pop(program);
                let to = self.result(program);
                self.stack[to] = value;
            }
            Op::Give => {
                let FunctionKind::Flow { gives } = &program.functions[usize::from(self.function)].kind else {
                    return Err(TrapReason::Unreachable);
                };
                let count = gives[usize::from(i.bx())].len();
                if self.depth == 1 {
                    self.state = State::Ended;
                    return Ok(());
                }
                let mut data = [0; flow_bytecode::limits::FIELDS];
                data[..count].copy_from_slice(&self.stack[a..a + count]);
                self.pop(program);
                let to = self.result(program);
                self.stack[to] = u64::from(i.bx());
                self.stack[to + 1..to + 1 + count].copy_from_slice(&data[..count]);
            }
            _ => {
                let callee = &program.functions[usize::from(i.bx())];
                self.stack.copy_within(a..a + callee.params.len(), base);
                self.stack.resize(base + usize::from(callee.registers), 0);
                self.function = i.bx();
                self.pc = callee.code.0;
            }
        }
        Ok(())
    }

    fn push(&mut self, program: &VerifiedProgram, function: u16, arguments: usize) -> Result<(), TrapReason> {
        if self.depth >= FRAMES {
            return Err(TrapReason::TooManyFrames);
        }
        let callee = &program.functions[usize::from(function)];
        let top = self.stack.len();
        self.stack.reserve_exact(1 + usize::from(callee.registers));
        self.stack.push(link(self.function, self.pc));
        self.stack.extend_from_within(arguments..arguments + callee.params.len());
        self.stack.resize(top + 1 + usize::from(callee.registers), 0);
        self.base = top as u16 + 1;
        self.function = function;
        self.depth += 1;
        self.pc = callee.code.0;
        Ok(())
    }

    /// Leaves the running frame for the one beneath; false when there is none.
    pub(crate) fn pop(&mut self, program: &VerifiedProgram) -> bool {
        if self.depth == 1 {
            return false;
        }
        let top = usize::from(self.base) - 1;
        let word = self.stack[top];
        self.stack.truncate(top);
        self.depth -= 1;
        (self.function, self.pc) = linked(word);
        self.base = top as u16 - u16::from(program.functions[usize::from(self.function)].registers);
        true
    }

    /// Where the instruction before `pc` wants its result.
    fn result(&self, program: &VerifiedProgram) -> usize {
        usize::from(self.base) + usize::from(program.decoded()[self.pc as usize - 1].a)
    }
}
