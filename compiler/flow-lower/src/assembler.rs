//! Instructions, labels and registers of the function that is being made, and what each register holds.
//!
//! Registers are taken and given back like a stack. What a register holds is followed instruction by
//! instruction; where ways meet, only what all of them hold stays. The type maps that the verifier asks for
//! are written from that, at every label and after every wait. Instructions that cannot be reached are not
//! written. It knows nothing of blocks, speech or expressions.

use std::collections::BTreeMap;

use flow_bytecode::effects::Effect;
use flow_bytecode::instruction::{Instruction, Opcode};
use flow_bytecode::program::{Constant, SourceEntry, TypeMap};
use flow_bytecode::types::{Type, TypeId};
use flow_diagnostics::Location;

use crate::Lowering;

/// A place in the code of one function, perhaps not yet known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label(usize);

/// What registers hold, by register.
pub(crate) type Live = BTreeMap<u8, TypeId>;

#[derive(Debug, Default)]
struct LabelState {
    at: Option<u32>,
    /// What all ways here so far hold; `None` before the first.
    live: Option<Live>,
}

/// The most registers of a frame; the last is kept free so that a count of them fits in a byte.
pub(crate) const MOST_REGISTERS: u8 = 254;

/// The function that is being made.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    next: u8,
    most: u8,
    overflowed: bool,
    live: Live,
    reachable: bool,
    labels: Vec<LabelState>,
    /// Jumps whose distance is written when their label is known.
    jumps: Vec<(u32, Label)>,
    tables: Vec<(usize, Vec<Label>)>,
    maps: BTreeMap<u32, Live>,
    /// Where the last label was placed.
    last_label: Option<u32>,
    /// The register of each local of the flow, function or prompt that is being lowered.
    pub(crate) locals: Vec<Option<u8>>,
}

/// What a finished frame leaves.
pub(crate) struct Finished {
    pub(crate) registers: u8,
    pub(crate) maps: Vec<TypeMap>,
    pub(crate) overflowed: bool,
    /// A jump is further than its operand can say.
    pub(crate) too_far: bool,
}

impl Lowering<'_> {
    /// Begins a function with so many locals.
    pub(crate) fn begin_frame(&mut self, locals: usize) {
        self.frame = Frame { reachable: true, locals: vec![None; locals], ..Frame::default() };
    }

    /// Ends the function: writes the distances of jumps and gives the type maps.
    pub(crate) fn finish_frame(&mut self) -> Finished {
        let frame = std::mem::take(&mut self.frame);
        let place = |label: Label| frame.labels[label.0].at.unwrap_or(0);
        let mut too_far = false;
        for (at, label) in &frame.jumps {
            let distance = i64::from(place(*label)) - i64::from(*at) - 1;
            let old = Instruction(self.code[*at as usize]);
            let op = old.opcode().unwrap_or(Opcode::Jump);
            let new = if op == Opcode::Jump {
                too_far |= distance.abs() >= 1 << 23;
                Instruction::jump(op, distance as i32)
            } else {
                too_far |= i16::try_from(distance).is_err();
                Instruction::asbx(op, old.a(), distance as i16)
            };
            self.code[*at as usize] = new.0;
        }
        for (table, labels) in &frame.tables {
            self.tables.jump_tables[*table] = labels.iter().map(|label| place(*label)).collect();
        }
        let maps = frame.maps.into_iter();
        let maps = maps.map(|(at, live)| TypeMap { at, registers: live.into_iter().collect() }).collect();
        Finished { registers: frame.most.max(1), maps, overflowed: frame.overflowed, too_far }
    }

    // ------------------------------------------------------------ registers

    /// The next free register, with nothing in it.
    pub(crate) fn alloc(&mut self) -> u8 {
        let register = self.take();
        self.frame.live.remove(&register);
        register
    }

    fn take(&mut self) -> u8 {
        let register = self.frame.next;
        if register >= MOST_REGISTERS {
            self.frame.overflowed = true;
            return MOST_REGISTERS - 1;
        }
        self.frame.next += 1;
        self.frame.most = self.frame.most.max(self.frame.next);
        register
    }

    /// How many registers are taken; `release` gives back those above.
    pub(crate) fn mark(&self) -> u8 {
        self.frame.next
    }

    /// Gives back all registers from `mark` on.
    pub(crate) fn release(&mut self, mark: u8) {
        self.frame.next = mark;
        self.frame.live.split_off(&mark);
    }

    /// Takes registers up to and without `end`, with what is in them.
    pub(crate) fn reserve_to(&mut self, end: u8) {
        while self.frame.next < end && !self.frame.overflowed {
            self.take();
        }
    }

    /// Whether a register is the last one taken and holds nothing yet, so that it may be written early.
    pub(crate) fn is_fresh_top(&self, register: u8) -> bool {
        register.checked_add(1) == Some(self.frame.next) && !self.frame.live.contains_key(&register)
    }

    /// A register holds a value of a type from here on.
    pub(crate) fn define(&mut self, register: u8, ty: TypeId) {
        self.frame.live.insert(register, ty);
    }

    /// What a register holds.
    pub(crate) fn type_in(&self, register: u8) -> Option<TypeId> {
        self.frame.live.get(&register).copied()
    }

    /// Whether the next instruction can be reached.
    pub(crate) fn reachable(&self) -> bool {
        self.frame.reachable
    }

    /// What the registers that are taken hold here.
    pub(crate) fn live(&self) -> Live {
        self.frame.live.range(..self.frame.next).map(|(register, ty)| (*register, *ty)).collect()
    }

    // ------------------------------------------------------------ instructions

    /// Where what follows comes from.
    pub(crate) fn at(&mut self, location: Location) {
        self.location = Some(location);
    }

    pub(crate) fn here(&self) -> u32 {
        self.code.len() as u32
    }

    fn emit(&mut self, instruction: Instruction) {
        if !self.frame.reachable {
            return;
        }
        self.note_source();
        self.code.push(instruction.0);
    }

    fn note_source(&mut self) {
        let Some(location) = self.location else { return };
        let file = location.file.0 as u16;
        let (start, end) = (location.span.start, location.span.end);
        if self.source_entries.last().is_some_and(|e| e.file == file && e.start == start && e.end == end) {
            return;
        }
        let line = self.sources.file(location.file).line_column(start).0;
        let entry = SourceEntry { at: self.here(), file, start, end, line };
        self.source_entries.push(entry);
    }

    /// An instruction of three registers (or two and a small number) that leaves a value in `a`.
    pub(crate) fn abc(&mut self, op: Opcode, a: u8, b: u8, c: u8, ty: TypeId) {
        self.emit(Instruction::abc(op, a, b, c));
        self.define(a, ty);
    }

    /// An instruction with an index that leaves a value in `a`.
    pub(crate) fn abx(&mut self, op: Opcode, a: u8, bx: u16, ty: TypeId) {
        self.emit(Instruction::abx(op, a, bx));
        self.define(a, ty);
    }

    pub(crate) fn load_int(&mut self, a: u8, value: i64) {
        let ty = self.tables.ty(Type::Int);
        match i16::try_from(value) {
            Ok(small) => {
                self.emit(Instruction::asbx(Opcode::Int, a, small));
                self.define(a, ty);
            }
            Err(_) => self.load(a, Constant::Int(value), ty),
        }
    }

    pub(crate) fn load(&mut self, a: u8, constant: Constant, ty: TypeId) {
        let index = self.tables.constant(constant);
        self.abx(Opcode::Load, a, index as u16, ty);
    }

    /// Loads the handle of an entry of one of the program's tables.
    pub(crate) fn load_handle(&mut self, a: u8, ty: Type, index: usize) {
        let id = self.tables.ty(ty.clone());
        self.load(a, Constant::Table(ty, index as u16), id);
    }

    pub(crate) fn move_to(&mut self, a: u8, b: u8) {
        if a == b {
            return;
        }
        if let Some(ty) = self.type_in(b) {
            self.abc(Opcode::Move, a, b, 0, ty);
        }
    }

    /// An instruction after which nothing follows.
    pub(crate) fn leave(&mut self, instruction: Instruction) {
        self.emit(instruction);
        self.frame.reachable = false;
    }

    /// An instruction with an index alone.
    pub(crate) fn bx(&mut self, op: Opcode, bx: u16) {
        self.emit(Instruction::abx(op, 0, bx));
    }

    // ------------------------------------------------------------ labels and jumps

    pub(crate) fn label(&mut self) -> Label {
        self.frame.labels.push(LabelState::default());
        Label(self.frame.labels.len() - 1)
    }

    pub(crate) fn labels(&mut self, count: usize) -> Vec<Label> {
        (0..count).map(|_| self.label()).collect()
    }

    /// A label that may be jumped to before and after it is placed, with what registers hold there.
    pub(crate) fn label_with(&mut self, live: Live) -> Label {
        let label = self.label();
        self.frame.labels[label.0].live = Some(live);
        label
    }

    fn arrive(&mut self, label: Label, extra: &[(u8, TypeId)]) {
        if !self.frame.reachable {
            return;
        }
        let mut live = self.frame.live.clone();
        live.extend(extra.iter().copied());
        let state = &mut self.frame.labels[label.0];
        // A placed label's map is written; ways that come later hold at least as much.
        if state.at.is_some() {
            return;
        }
        match &mut state.live {
            None => state.live = Some(live),
            Some(old) => old.retain(|register, ty| live.get(register) == Some(ty)),
        }
    }

    /// The code from here on is what the label means.
    pub(crate) fn place(&mut self, label: Label) {
        self.drop_jump_to(label);
        self.arrive(label, &[]);
        let here = self.here();
        let state = &mut self.frame.labels[label.0];
        state.at = Some(here);
        self.frame.last_label = Some(here);
        let Some(live) = state.live.clone() else { return };
        self.frame.reachable = true;
        self.frame.maps.insert(here, live.clone());
        self.frame.live = live;
    }

    /// A jump to the very next instruction is not needed.
    fn drop_jump_to(&mut self, label: Label) {
        let here = self.here();
        let Some((at, to)) = self.frame.jumps.last().copied() else { return };
        let is_last =
            at + 1 == here && to == label && !self.frame.reachable && self.frame.last_label != Some(here);
        if is_last && Instruction(self.code[at as usize]).opcode() == Some(Opcode::Jump) {
            self.frame.jumps.pop();
            self.code.pop();
            while self.source_entries.last().is_some_and(|entry| entry.at >= at) {
                self.source_entries.pop();
            }
        }
    }

    pub(crate) fn jump(&mut self, label: Label) {
        if !self.frame.reachable {
            return;
        }
        self.arrive(label, &[]);
        self.emit(Instruction::jump(Opcode::Jump, 0));
        self.frame.jumps.push((self.here() - 1, label));
        self.frame.reachable = false;
    }

    pub(crate) fn jump_if(&mut self, register: u8, label: Label) {
        self.branch(Opcode::JumpIf, register, label);
    }

    pub(crate) fn jump_unless(&mut self, register: u8, label: Label) {
        self.branch(Opcode::JumpUnless, register, label);
    }

    fn branch(&mut self, op: Opcode, register: u8, label: Label) {
        if !self.frame.reachable {
            return;
        }
        self.arrive(label, &[]);
        self.emit(Instruction::asbx(op, register, 0));
        self.frame.jumps.push((self.here() - 1, label));
    }

    /// Goes on at the label of a register's number.
    pub(crate) fn switch(&mut self, register: u8, labels: &[Label]) {
        let data = vec![Vec::new(); labels.len()];
        self.switch_with(register, labels, register, &data);
    }

    /// Goes on at the label of an outcome; from `first` on, registers hold that outcome's data.
    pub(crate) fn switch_with(&mut self, register: u8, labels: &[Label], first: u8, data: &[Vec<TypeId>]) {
        if !self.frame.reachable {
            return;
        }
        for (label, data) in labels.iter().zip(data) {
            let extra: Vec<_> = (first..).zip(data.iter().copied()).collect();
            self.arrive(*label, &extra);
        }
        let table = self.tables.jump_tables.len();
        self.tables.jump_tables.push(Vec::new());
        self.frame.tables.push((table, labels.to_vec()));
        self.emit(Instruction::abx(Opcode::Switch, register, table as u16));
        self.frame.reachable = false;
    }

    // ------------------------------------------------------------ effects

    /// Performs an effect whose arguments are in `a` and after, and takes the registers for its outcome and
    /// data, which begin there too. An effect of one outcome leaves that outcome's data defined.
    pub(crate) fn perform(&mut self, effect: Effect, a: u8, any: Option<TypeId>) -> u16 {
        self.perform_with(effect, a, None, any)
    }

    /// The same where the arguments have an `any` of their own.
    pub(crate) fn perform_with(
        &mut self,
        effect: Effect,
        a: u8,
        given: Option<TypeId>,
        any: Option<TypeId>,
    ) -> u16 {
        let entry = self.tables.effect(effect, given, any);
        self.emit(Instruction::abx(Opcode::Perform, a, entry));
        self.awaited(a, entry);
        entry
    }

    /// Waits again for an effect that has only reported.
    pub(crate) fn wait_again(&mut self, a: u8, entry: u16) {
        self.emit(Instruction::abx(Opcode::Wait, a, entry));
        self.awaited(a, entry);
    }

    fn awaited(&mut self, a: u8, entry: u16) {
        let outcomes = self.tables.outcomes_of(entry).to_vec();
        self.returned(a, &outcomes);
    }

    /// What registers hold after a wait that ends with one of these outcomes.
    pub(crate) fn returned(&mut self, a: u8, outcomes: &[Vec<TypeId>]) {
        let int = self.tables.ty(Type::Int);
        self.release(a);
        self.alloc();
        self.define(a, int);
        let most = outcomes.iter().map(Vec::len).max().unwrap_or(0);
        for index in 0..most {
            let register = self.alloc();
            if let [only] = outcomes {
                self.define(register, only[index]);
            }
        }
        if self.frame.reachable {
            let here = self.here();
            self.frame.maps.insert(here, self.frame.live.clone());
        }
    }

    /// Goes on at the label of the outcome that the effect's wait at `a` ended with.
    pub(crate) fn switch_outcome(&mut self, a: u8, entry: u16, labels: &[Label]) {
        let outcomes = self.tables.outcomes_of(entry).to_vec();
        self.switch_with(a, labels, a.saturating_add(1), &outcomes);
    }

    /// Runs a flow whose arguments are in `a` and after.
    pub(crate) fn run(&mut self, a: u8, function: u16, outcomes: &[Vec<TypeId>]) {
        self.emit(Instruction::abx(Opcode::Run, a, function));
        self.returned(a, outcomes);
    }
}
