//! The run loop: instructions until the next thing that the owner must know.
//!
//! The verifier has proved the shape of everything read here: registers are inside their frame and hold what
//! they should, indices are inside their tables. What is left to go wrong is a [`TrapReason`].

use flow_bytecode::TrapReason::*;
use flow_bytecode::{Opcode as Op, TrapReason, Type, VerifiedProgram};

use crate::fiber::{Fiber, Op as Effect, Output, State, Trap, link};
use crate::limits::{FRAMES, SLICE, SPEECH_DEPTH};
use crate::value::INSTANT_LIMIT;
use crate::{format, pures, speech};

impl Fiber {
    /// Runs on from `pc`, which must be ready.
    pub(crate) fn run(&mut self, program: &VerifiedProgram) -> Output {
        let code = program.decoded();
        let mut pc = self.pc as usize;
        let mut base = usize::from(self.base);
        let mut left = self.budget;
        let mut slice_end = self.slice_end;
        let zone = |slot: u64| slot & 0xffff;

        macro_rules! r {
            ($register:expr) => {
                self.stack[base + usize::from($register)]
            };
        }
        macro_rules! int {
            ($register:expr) => {
                r!($register) as i64
            };
        }
        macro_rules! slots {
            ($first:expr, $count:expr) => {
                &self.stack[base + usize::from($first)..base + usize::from($first) + $count]
            };
        }
        macro_rules! trap {
            ($reason:expr) => {
                return self.trap($reason, pc - 1)
            };
        }
        // The value, or a trap at this instruction.
        macro_rules! whole {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(reason) => trap!(reason),
                }
            };
        }
        macro_rules! checked {
            ($option:expr, $reason:expr) => {
                match $option {
                    Some(value) => value as u64,
                    None => trap!($reason),
                }
            };
        }
        macro_rules! charge {
            ($bytes:expr) => {
                left = left.saturating_sub($bytes as u32 / 64)
            };
        }
        macro_rules! leave {
            ($output:expr) => {{
                self.pc = pc as u32;
                self.budget = left;
                self.slice_end = slice_end;
                return $output;
            }};
        }

        loop {
            if left <= slice_end {
                if left == 0 {
                    pc += 1;
                    trap!(LoopWithoutWait);
                }
                slice_end = left.saturating_sub(SLICE);
                leave!(Output::Yielded);
            }
            left -= 1;
            let i = code[pc];
            pc += 1;
            match i.op {
                Op::Trap => trap!(TrapReason::from_u16(i.bx()).unwrap_or(Unreachable)),
                Op::Move => r!(i.a) = r!(i.b),
                Op::Load => r!(i.a) = program.constant_slots()[usize::from(i.bx())],
                Op::Int => r!(i.a) = i64::from(i.sbx()) as u64,
                Op::None => r!(i.a) = 0,
                Op::Some => r!(i.a) = whole!(self.arena.add_slots(&[r!(i.b)])),
                Op::IsNone => r!(i.a) = u64::from(r!(i.b) == 0),
                Op::Unwrap => {
                    let handle = r!(i.b);
                    if handle == 0 {
                        trap!(NothingThere);
                    }
                    r!(i.a) = self.arena.slot(handle as usize - 1);
                }
                Op::Add => r!(i.a) = checked!(int!(i.b).checked_add(int!(i.c)), Overflow),
                Op::Subtract => r!(i.a) = checked!(int!(i.b).checked_sub(int!(i.c)), Overflow),
                Op::Multiply => r!(i.a) = checked!(int!(i.b).checked_mul(int!(i.c)), Overflow),
                Op::Divide | Op::Remainder => {
                    if r!(i.c) == 0 {
                        trap!(DivideByZero);
                    }
                    let result = match i.op {
                        Op::Divide => int!(i.b).checked_div(int!(i.c)),
                        _ => int!(i.b).checked_rem(int!(i.c)),
                    };
                    r!(i.a) = checked!(result, Overflow);
                }
                Op::Negate => r!(i.a) = checked!(int!(i.b).checked_neg(), Overflow),
                Op::AddTime => {
                    let millis = (int!(i.b) >> 16).checked_add(int!(i.c));
                    let millis = millis.filter(|millis| millis.unsigned_abs() <= INSTANT_LIMIT as u64);
                    r!(i.a) = checked!(millis.map(|millis| millis << 16), Overflow) | zone(r!(i.b));
                }
                Op::SubtractTime => r!(i.a) = ((int!(i.b) >> 16) - (int!(i.c) >> 16)) as u64,
                Op::AddInt => r!(i.a) = checked!(int!(i.b).checked_add(i64::from(i.c)), Overflow),
                Op::Equal => r!(i.a) = u64::from(r!(i.b) == r!(i.c)),
                Op::Less => r!(i.a) = u64::from(int!(i.b) < int!(i.c)),
                Op::LessOrEqual => r!(i.a) = u64::from(int!(i.b) <= int!(i.c)),
                Op::EqualText => {
                    let (one, other) = (r!(i.b), r!(i.c));
                    let equal = one == other || {
                        let (one, other) = (self.arena.text(program, one), self.arena.text(program, other));
                        charge!(one.as_bytes().len().min(other.as_bytes().len()));
                        one.as_bytes() == other.as_bytes()
                    };
                    r!(i.a) = u64::from(equal);
                }
                Op::Not => r!(i.a) = r!(i.b) ^ 1,
                Op::Record => {
                    let Type::Record(fields) = &program.types[usize::from(i.bx())] else {
                        trap!(Unreachable)
                    };
                    charge!(8 * fields.len());
                    r!(i.a) = whole!(self.arena.add_slots(slots!(i.a, fields.len())));
                }
                Op::Field => r!(i.a) = self.arena.slot(r!(i.b) as usize - 1 + 8 * usize::from(i.c)),
                Op::Variant => {
                    let entry = &program.variants[usize::from(i.bx())];
                    let Type::Enum(variants) = program.ty(entry.ty) else { trap!(Unreachable) };
                    let tag = u64::from(entry.variant);
                    let fields = variants[usize::from(entry.variant)].len();
                    r!(i.a) = whole!(self.arena.add_variant(tag, slots!(i.a, fields)));
                }
                Op::Tag => r!(i.a) = self.arena.tag(r!(i.b)),
                Op::Unpack => {
                    let value = r!(i.b);
                    if self.arena.tag(value) != u64::from(i.c) {
                        trap!(WrongVariant);
                    }
                    if let Some((first, count)) = self.arena.fields(value) {
                        for index in 0..count {
                            self.stack[base + usize::from(i.a) + index] = self.arena.slot(first + 8 * index);
                        }
                    }
                }
                Op::List => {
                    let count = usize::from(i.c);
                    charge!(8 * count);
                    let first = whole!(self.arena.add_list(count));
                    for index in 0..count {
                        self.arena.set_slot(first + 8 * index, self.stack[base + usize::from(i.b) + index]);
                    }
                    r!(i.a) = first as u64 - 3;
                }
                Op::EmptyList => r!(i.a) = 0,
                Op::Element => {
                    let (count, first) = self.arena.list(r!(i.b));
                    let index = r!(i.c);
                    if index >= count as u64 {
                        trap!(NoElement);
                    }
                    r!(i.a) = self.arena.slot(first + 8 * index as usize);
                }
                Op::Append => {
                    let (count, first) = self.arena.list(r!(i.b));
                    charge!(8 * count);
                    let new = whole!(self.arena.add_list(count + 1));
                    for index in 0..count {
                        self.arena.set_slot(new + 8 * index, self.arena.slot(first + 8 * index));
                    }
                    self.arena.set_slot(new + 8 * count, r!(i.c));
                    r!(i.a) = new as u64 - 3;
                }
                Op::Format => {
                    let template = &program.templates[usize::from(i.bx())];
                    let text =
                        format::text(program, &self.arena, template, slots!(i.a, template.arguments.len()));
                    let text = whole!(text);
                    charge!(text.len());
                    r!(i.a) = whole!(self.arena.add_text(text.as_bytes()));
                }
                Op::Speech => {
                    let template = &program.templates[usize::from(i.bx())];
                    let number = u64::from(i.bx());
                    // A sentence without holes is a number; see `speech`.
                    r!(i.a) = match template.arguments.len() {
                        0 => number << 1 | 1,
                        count => {
                            let arguments = slots!(i.a, count);
                            let depth = speech::depth(program, &self.arena, &template.arguments, arguments);
                            if depth >= SPEECH_DEPTH {
                                trap!(SpeechTooDeep);
                            }
                            whole!(self.arena.add_speech(number, depth + 1, arguments))
                        }
                    };
                }
                Op::Pure => {
                    let entry = &program.pures[usize::from(i.bx())];
                    let first = base + usize::from(i.a);
                    let arguments = &self.stack[first..first + entry.arguments.len()];
                    let (slot, touched) = whole!(pures::apply(program, &mut self.arena, entry, arguments));
                    charge!(touched);
                    self.stack[first] = slot;
                }
                Op::Jump => pc = pc.wrapping_add_signed(i.sj() as isize),
                Op::JumpIf => {
                    if r!(i.a) != 0 {
                        pc = pc.wrapping_add_signed(i.sbx() as isize);
                    }
                }
                Op::JumpUnless => {
                    if r!(i.a) == 0 {
                        pc = pc.wrapping_add_signed(i.sbx() as isize);
                    }
                }
                Op::Switch => {
                    let table = &program.jump_tables[usize::from(i.bx())];
                    let index = r!(i.a).min(table.len() as u64 - 1) as usize;
                    pc = table[index] as usize;
                }
                Op::Call | Op::Run => {
                    if self.depth >= FRAMES {
                        trap!(TooManyFrames);
                    }
                    let callee = &program.functions[usize::from(i.bx())];
                    let arguments = base + usize::from(i.a);
                    let top = self.stack.len();
                    self.stack.push(link(self.function, pc as u32));
                    self.stack.extend_from_within(arguments..arguments + callee.params.len());
                    self.stack.resize(top + 1 + usize::from(callee.registers), 0);
                    charge!(8 * usize::from(callee.registers));
                    base = top + 1;
                    self.base = base as u16;
                    self.function = i.bx();
                    self.depth += 1;
                    pc = callee.code.0 as usize;
                }
                Op::Return => {
                    let value = r!(i.a);
                    self.pop(program);
                    pc = self.pc as usize;
                    base = usize::from(self.base);
                    r!(code[pc - 1].a) = value;
                }
                Op::Give => {
                    let from = base + usize::from(i.a);
                    let data = data_of(program, self.function, i.bx());
                    if self.depth == 1 {
                        self.state = State::Ended;
                        leave!(Output::Ended);
                    }
                    let top = base - 1;
                    let word = self.stack[top];
                    let caller = (word >> 32) as u16;
                    let resume = word as u32 as usize;
                    let outer = top - usize::from(program.functions[usize::from(caller)].registers);
                    let to = outer + usize::from(code[resume - 1].a);
                    self.stack.copy_within(from..from + data, to + 1);
                    self.stack[to] = u64::from(i.bx());
                    self.pop(program);
                    pc = resume;
                    base = outer;
                }
                Op::Goto => {
                    let callee = &program.functions[usize::from(i.bx())];
                    let from = base + usize::from(i.a);
                    self.stack.copy_within(from..from + callee.params.len(), base);
                    self.stack.resize(base + usize::from(callee.registers), 0);
                    self.function = i.bx();
                    pc = callee.code.0 as usize;
                }
                Op::Block => leave!(Output::Entered { block: i.bx() }),
                Op::Perform => {
                    self.pc = pc as u32;
                    self.budget = left;
                    self.slice_end = slice_end;
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
                    self.pc = pc as u32;
                    self.budget = left;
                    self.slice_end = slice_end;
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
                    let op = Effect(self.reported);
                    self.reported = 0;
                    leave!(Output::Cancel { op });
                }
                Op::End => {
                    self.state = State::Ended;
                    self.pc = pc as u32;
                    if self.unwinding {
                        self.unwind_further(program);
                    }
                    return self.poll(program);
                }
            }
        }
    }

    fn trap(&mut self, reason: TrapReason, at: usize) -> Output {
        self.state = State::Trapped(reason);
        self.pc = at as u32;
        self.awaited = 0;
        self.reported = 0;
        Output::Trapped(Trap { reason, at: self.pc })
    }
}

/// How many data an outcome of a flow has.
fn data_of(program: &VerifiedProgram, function: u16, outcome: u16) -> usize {
    match &program.functions[usize::from(function)].kind {
        flow_bytecode::program::FunctionKind::Flow { gives } => gives[usize::from(outcome)].len(),
        flow_bytecode::program::FunctionKind::Pure(_) => 0,
    }
}
