//! A waiting call as bytes, and back: for restarts, for another machine, for tests.
//!
//! What is written is what lives at the wait, by the verifier's tables: registers of each frame by type, and
//! the values they lead to, each once. Nothing in the bytes says where in memory something lies, so bytes that
//! lie can be wrong, but cannot point anywhere: reading builds every value anew, at its static type.
//!
//! ```text
//! "FLWC", version (1), identity of the program (32)
//! awaited, reported, last effect, stale events, budget, unwinding
//! depth, for each frame: function, next instruction; outermost first
//! for each live register its value
//! ```
//! Numbers are in seven bits a byte, lowest first.

use std::collections::BTreeMap;

use flow_bytecode::decimal::{Currency, Decimal, Money};
use flow_bytecode::program::FunctionKind;
use flow_bytecode::verified::slot;
use flow_bytecode::{Opcode, Type, TypeId, VerifiedProgram};

use crate::arena::Arena;
use crate::fiber::{Fiber, State};
use crate::frames::{link, linked};
use crate::limits::{ARENA_BYTES, BUDGET, FRAMES, SLICE, SNAPSHOT_BYTES, SPEECH_DEPTH, TEXT_BYTES};
use crate::pures;
use crate::speech;

const MAGIC: &[u8; 5] = b"FLWC\x01";

/// Why a snapshot cannot be taken or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotError {
    /// The call does not stand at a wait: poll it first.
    NotWaiting,
    /// The bytes are no snapshot, or of another version.
    Form,
    /// The snapshot is of another program.
    Program,
    /// The bytes contradict the program.
    Content,
}

impl std::fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotWaiting => "the call is not waiting",
            Self::Form => "these bytes are no snapshot of a call",
            Self::Program => "the snapshot is of another program",
            Self::Content => "the snapshot contradicts its program",
        })
    }
}

impl std::error::Error for SnapshotError {}

impl Fiber {
    /// The waiting call as bytes.
    pub fn snapshot(&self, program: &VerifiedProgram) -> Result<Vec<u8>, SnapshotError> {
        if self.state != State::Waiting {
            return Err(SnapshotError::NotWaiting);
        }
        let mut out = Vec::new();
        out.extend(MAGIC);
        out.extend(program.identity());
        let numbers =
            [self.awaited, self.reported, self.last_op, self.stale, self.budget, u32::from(self.unwinding)];
        for number in numbers {
            put(&mut out, u64::from(number));
        }
        put(&mut out, u64::from(self.depth));
        for (function, pc) in self.frames(program) {
            put(&mut out, u64::from(function));
            put(&mut out, u64::from(pc));
        }
        let mut writer = Writer { program, arena: &self.arena, out, written: BTreeMap::new() };
        for (index, ty) in self.live(program) {
            writer.value(ty, self.stack[index]);
        }
        Ok(writer.out)
    }

    /// Function and next instruction of each frame, outermost first.
    fn frames(&self, program: &VerifiedProgram) -> Vec<(u16, u32)> {
        let mut frames = vec![(self.function, self.pc)];
        let mut base = usize::from(self.base);
        for _ in 1..self.depth {
            let (function, pc) = linked(self.stack[base - 1]);
            frames.push((function, pc));
            base = base - 1 - usize::from(program.functions[usize::from(function)].registers);
        }
        frames.reverse();
        frames
    }

    /// The call that a snapshot was taken of, at the same wait. Begin the awaited effect anew.
    pub fn restore(program: &VerifiedProgram, bytes: &[u8]) -> Result<Fiber, SnapshotError> {
        if bytes.len() > SNAPSHOT_BYTES {
            return Err(SnapshotError::Form);
        }
        let bytes = bytes.strip_prefix(MAGIC).ok_or(SnapshotError::Form)?;
        let (identity, bytes) = bytes.split_at_checked(32).ok_or(SnapshotError::Form)?;
        if identity != program.identity() {
            return Err(SnapshotError::Program);
        }
        let mut reader = Reader { program, arena: Arena::default(), bytes, read: Vec::new() };
        let fiber = reader.fiber().ok_or(SnapshotError::Content)?;
        match reader.bytes {
            [] => Ok(fiber),
            _ => Err(SnapshotError::Content),
        }
    }
}

/// How a value that may be shared is written.
const PLAIN: u64 = 0;
const NEW: u64 = 1;
const AGAIN: u64 = 2;

fn put(out: &mut Vec<u8>, number: u64) {
    let mut rest = number;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

struct Writer<'a> {
    program: &'a VerifiedProgram,
    arena: &'a Arena,
    out: Vec<u8>,
    /// Values in the arena by type and slot, and the order in which they were through.
    written: BTreeMap<(TypeId, u64), u64>,
}

impl Writer<'_> {
    fn put(&mut self, number: u64) {
        put(&mut self.out, number);
    }

    fn put_signed(&mut self, number: i64) {
        self.put((number << 1 ^ number >> 63) as u64);
    }

    fn value(&mut self, id: TypeId, slot: u64) {
        let program = self.program;
        let ty = program.ty(id);
        let in_arena = match ty {
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey => slot & 0xff == slot::ARENA,
            Type::Option(_) | Type::List(_) | Type::Map(..) | Type::Record(_) => slot != 0,
            Type::Decimal => return self.decimal(self.arena.decimal(program, slot)),
            Type::Money => {
                let money = self.arena.money(program, slot);
                self.out.extend(money.currency.code().as_bytes());
                return self.decimal(money.amount);
            }
            Type::Enum(_) => self.arena.fields(slot).is_some(),
            Type::Speech => slot & 1 == 0,
            _ => return self.put_signed(slot as i64),
        };
        if let Some(index) = self.written.get(&(id, slot)).copied().filter(|_| in_arena) {
            self.put(AGAIN);
            return self.put(index);
        }
        self.contents(id, slot, in_arena);
        if in_arena {
            let index = self.written.len() as u64;
            self.written.insert((id, slot), index);
        }
    }

    fn contents(&mut self, id: TypeId, slot: u64, in_arena: bool) {
        let (program, arena) = (self.program, self.arena);
        self.put(if in_arena { NEW } else { PLAIN });
        match program.ty(id) {
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey if slot & 0xff == slot::CONSTANT => {
                self.put(0);
                self.put(slot >> 32);
            }
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey => {
                let text = arena.text(program, slot);
                if !in_arena {
                    self.put(1);
                }
                self.put(text.as_bytes().len() as u64);
                self.out.extend(text.as_bytes());
            }
            Type::Option(of) if in_arena => self.value(*of, arena.slot(slot as usize - 1)),
            Type::List(of) if in_arena => {
                let (count, first) = arena.list(slot);
                self.put(count as u64);
                for index in 0..count {
                    self.value(*of, arena.slot(first + 8 * index));
                }
            }
            Type::Map(key, value) if in_arena => {
                let (count, first) = arena.list(slot);
                self.put(count as u64 / 2);
                for index in (0..count).step_by(2) {
                    self.value(*key, arena.slot(first + 8 * index));
                    self.value(*value, arena.slot(first + 8 * (index + 1)));
                }
            }
            Type::Record(types) if in_arena => self.values(types, slot as usize - 1),
            Type::Enum(variants) => {
                let tag = arena.tag(slot);
                self.put(tag);
                if let Some((first, _)) = arena.fields(slot) {
                    self.values(&variants[tag as usize], first);
                }
            }
            Type::Speech => match speech::parts(arena, slot) {
                Some((template, _, first)) => {
                    self.put(u64::from(template));
                    self.values(&program.templates[usize::from(template)].arguments, first);
                }
                None => self.put(slot >> 1),
            },
            _ => {}
        }
    }

    /// Digits after the point and the number without it, in two halves.
    fn decimal(&mut self, number: Decimal) {
        let mantissa = number.mantissa();
        self.put(u64::from(number.scale()));
        self.put(u64::from(mantissa < 0));
        self.put(mantissa.unsigned_abs() as u64);
        self.put((mantissa.unsigned_abs() >> 64) as u64);
    }

    fn values(&mut self, types: &[TypeId], first: usize) {
        for (index, id) in types.iter().enumerate() {
            self.value(*id, self.arena.slot(first + 8 * index));
        }
    }
}

struct Reader<'a> {
    program: &'a VerifiedProgram,
    arena: Arena,
    bytes: &'a [u8],
    /// Values in the arena, in the order in which they were through.
    read: Vec<(TypeId, u64)>,
}

impl Reader<'_> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn below(&mut self, limit: usize) -> Option<u64> {
        self.number().filter(|number| *number < limit as u64)
    }

    fn word(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    fn fiber(&mut self) -> Option<Fiber> {
        let program = self.program;
        let (awaited, reported, last_op, stale) = (self.word()?, self.word()?, self.word()?, self.word()?);
        let budget = self.word().filter(|budget| *budget <= BUDGET)?;
        let unwinding = self.below(2)? == 1;
        let depth = self.below(usize::from(FRAMES) + 1)? as u8;
        let mut fiber = Fiber {
            stack: Vec::new(),
            arena: Arena::default(),
            settled: 0,
            pc: 0,
            budget,
            slice_end: budget.saturating_sub(SLICE),
            last_op,
            awaited,
            reported,
            stale,
            base: 0,
            function: 0,
            state: State::Waiting,
            depth,
            hung_up: false,
            unwinding,
        };
        self.stack(&mut fiber)?;
        let waiting = program.decoded()[fiber.pc as usize - 1];
        let beneath = program.point(fiber.pc - 1)?.beneath;
        let ops = match waiting.op {
            Opcode::Wait => awaited == reported,
            Opcode::Perform if beneath.is_some() => reported != 0 && reported != awaited,
            Opcode::Perform => reported == 0,
            _ => false,
        };
        let handler = program.functions[usize::from(fiber.function)].on_hangup;
        let in_handler = handler.is_some_and(|handler| fiber.pc > handler);
        if !ops || awaited == 0 || awaited > last_op || reported > last_op || in_handler != unwinding {
            return None;
        }
        for (index, ty) in fiber.live(program) {
            fiber.stack[index] = self.value(ty, 0)?;
        }
        self.arena.shrink();
        fiber.arena = std::mem::take(&mut self.arena);
        fiber.settled = fiber.arena.len() as u32;
        Some(fiber)
    }

    /// The frames: each but the last stands at a `run` of the next.
    fn stack(&mut self, fiber: &mut Fiber) -> Option<()> {
        let program = self.program;
        let mut expected: Option<&[Vec<TypeId>]> = None;
        let mut frames = Vec::new();
        for depth in 1..=fiber.depth {
            let index = u16::try_from(self.number()?).ok()?;
            let function = program.functions.get(usize::from(index))?;
            let pc = self.word()?;
            let point = program.point(pc.checked_sub(1)?)?;
            let FunctionKind::Flow { gives } = &function.kind else { return None };
            // `goto` may have put another flow into the frame, which gives the same or nothing.
            let fits = expected.is_none_or(|expected| gives.is_empty() || gives == expected);
            let instruction = program.decoded()[pc as usize - 1];
            if point.function != index || !fits || (depth < fiber.depth) != (instruction.op == Opcode::Run) {
                return None;
            }
            if instruction.op == Opcode::Run {
                let FunctionKind::Flow { gives } = &program.functions[usize::from(instruction.bx())].kind
                else {
                    return None;
                };
                expected = Some(gives);
            }
            frames.push((index, pc, usize::from(function.registers)));
        }
        let slots: usize = frames.iter().map(|(.., registers)| registers + 1).sum();
        fiber.stack.reserve_exact(slots.checked_sub(1)?);
        for (function, pc, registers) in frames {
            if fiber.pc != 0 {
                fiber.stack.push(link(fiber.function, fiber.pc));
            }
            (fiber.function, fiber.pc, fiber.base) = (function, pc, fiber.stack.len() as u16);
            fiber.stack.resize(fiber.stack.len() + registers, 0);
        }
        Some(())
    }

    fn value(&mut self, id: TypeId, speeches: u32) -> Option<u64> {
        let program = self.program;
        let ty = program.ty(id);
        let indexed = match ty {
            Type::Bool => 2,
            Type::Language => program.languages.len(),
            Type::Keys => program.keys.len(),
            Type::Form => program.forms.len(),
            Type::Stay => program.stays.len(),
            Type::Rings => program.rings.len(),
            Type::Shares => program.shares.len(),
            Type::Calendar => program.calendars.len(),
            Type::Queue => program.queues.len(),
            Type::Switch => program.switches.len(),
            Type::Limit => program.limits.len(),
            Type::Operation => program.operations.len(),
            Type::Table => program.tables.len(),
            Type::Setting => program.settings.len(),
            Type::Callback => program.callbacks.len(),
            Type::Int | Type::Duration | Type::Date | Type::Time => return Some(self.signed()? as u64),
            Type::Decimal => {
                let number = self.decimal()?;
                return self.arena.add_decimal(number).ok();
            }
            Type::Money => {
                let (code, rest) = self.bytes.split_at_checked(3)?;
                self.bytes = rest;
                let currency = Currency::new(std::str::from_utf8(code).ok()?)?;
                let amount = self.decimal()?;
                return self.arena.add_money(Money { amount, currency }).ok();
            }
            Type::DateTime => {
                let slot = self.signed()? as u64;
                return Some(slot).filter(|slot| usize::from(*slot as u16) < program.zones.len());
            }
            _ => return self.shared(id, speeches),
        };
        let number = self.signed()? as u64;
        Some(number).filter(|number| *number < indexed as u64)
    }

    /// Only as it is kept: without trailing zeros.
    fn decimal(&mut self) -> Option<Decimal> {
        let scale = self.below(29)? as u32;
        let negative = self.below(2)? == 1;
        let (low, high) = (self.number()?, self.number()?);
        let size = i128::try_from(u128::from(high) << 64 | u128::from(low)).ok()?;
        let mantissa = if negative { -size } else { size };
        let number = Decimal::try_from_i128_with_scale(mantissa, scale).ok()?;
        (number.normalize().scale() == scale).then_some(number.normalize())
    }

    fn signed(&mut self) -> Option<i64> {
        let folded = self.number()?;
        Some((folded >> 1) as i64 ^ -((folded & 1) as i64))
    }

    /// A value that may lie in the arena.
    fn shared(&mut self, id: TypeId, speeches: u32) -> Option<u64> {
        match self.number()? {
            PLAIN => self.plain(id),
            NEW => {
                let slot = self.new_value(id, speeches)?;
                self.read.push((id, slot));
                Some(slot)
            }
            AGAIN => {
                let index = usize::try_from(self.number()?).ok()?;
                let (ty, slot) = *self.read.get(index)?;
                (ty == id).then_some(slot)
            }
            _ => None,
        }
    }

    fn plain(&mut self, id: TypeId) -> Option<u64> {
        let program = self.program;
        match program.ty(id) {
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey => match self.number()? {
                0 => Some(slot::constant_text(self.below(program.texts.len())? as u32)),
                1 => slot::inline_text(self.text(7)?.as_bytes()),
                _ => None,
            },
            Type::Option(_) | Type::List(_) | Type::Map(..) => Some(0),
            Type::Record(types) => types.is_empty().then_some(0),
            Type::Enum(variants) => {
                let tag = self.below(variants.len())?;
                variants[tag as usize].is_empty().then_some(tag)
            }
            Type::Speech => {
                let template = self.below(program.templates.len())?;
                program.templates[template as usize].arguments.is_empty().then_some(template << 1 | 1)
            }
            _ => None,
        }
    }

    fn text(&mut self, most: usize) -> Option<&str> {
        let length = self.below(most + 1)? as usize;
        let (bytes, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(bytes).ok()
    }

    fn new_value(&mut self, id: TypeId, speeches: u32) -> Option<u64> {
        let program = self.program;
        match program.ty(id) {
            Type::Text | Type::Digits | Type::Phone | Type::PublicKey => {
                let text = self.text(TEXT_BYTES)?.to_owned();
                if text.len() <= 7 {
                    return None;
                }
                self.arena.add_text(text.as_bytes()).ok()
            }
            Type::Option(of) => {
                let inner = self.value(*of, speeches)?;
                self.arena.add_slots(&[inner]).ok()
            }
            Type::List(of) => {
                let count = self.below(ARENA_BYTES / 8)? as usize;
                let mut slots = Vec::new();
                for _ in 0..count {
                    slots.push(self.value(*of, speeches)?);
                }
                if count == 0 {
                    return None;
                }
                let first = self.arena.add_list(count).ok()?;
                for (index, slot) in slots.into_iter().enumerate() {
                    self.arena.set_slot(first + 8 * index, slot);
                }
                Some(first as u64 - 3)
            }
            Type::Map(key, value) => {
                let count = self.below(ARENA_BYTES / 16)? as usize;
                let mut entries = Vec::new();
                for _ in 0..count {
                    entries.push((self.value(*key, speeches)?, self.value(*value, speeches)?));
                }
                (count > 0).then(|| pures::store_map(&mut self.arena, &entries).ok())?
            }
            Type::Record(types) if !types.is_empty() => {
                let slots = self.values(types, speeches)?;
                self.arena.add_slots(&slots).ok()
            }
            Type::Enum(variants) => {
                let tag = self.below(variants.len())?;
                let slots = self.values(&variants[tag as usize], speeches)?;
                if slots.is_empty() {
                    return None;
                }
                self.arena.add_variant(tag, &slots).ok()
            }
            Type::Speech => {
                if speeches >= SPEECH_DEPTH {
                    return None;
                }
                let template = self.below(program.templates.len())?;
                let types = &program.templates[template as usize].arguments;
                let slots = self.values(types, speeches + 1)?;
                if slots.is_empty() {
                    return None;
                }
                let depth = speech::depth(program, &self.arena, types, &slots);
                if depth >= SPEECH_DEPTH {
                    return None;
                }
                self.arena.add_speech(template, depth + 1, &slots).ok()
            }
            _ => None,
        }
    }

    fn values(&mut self, types: &[TypeId], speeches: u32) -> Option<Vec<u64>> {
        types.iter().map(|id| self.value(*id, speeches)).collect()
    }
}
