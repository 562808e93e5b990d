//! Flows: state, blocks, ways on.
//!
//! The first registers of a frame hold the flow's parameters, its state and the counters of `visits`; a
//! block's parameters come next, and above them whatever the block needs. An exit to a block puts the
//! arguments into its parameters' registers and jumps.

use flow_bytecode::Effect;
use flow_bytecode::instruction::{Instruction, Opcode};
use flow_bytecode::program::{Block, Constant, Function, FunctionKind};
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{self, BlockBody, BlockId, End, Exit, ExitKind, Expr, ExprKind, FlowId, Tail};

use crate::Lowering;
use crate::assembler::{Finished, Label, Live};

/// What the flow that is being lowered has in the first registers, and where its blocks begin.
#[derive(Debug, Default)]
pub(crate) struct FlowFrame {
    pub(crate) flow: FlowId,
    /// The first register that no parameter, state or counter of the flow is in.
    base: u8,
    /// The function that its blocks are in: the flow itself, or where a call that goes round enters it.
    function: u16,
    blocks: Vec<Label>,
    /// Of each block: its first entry in the program's table of blocks is `first_block`.
    first_block: usize,
    visits: Vec<Option<u8>>,
    /// The registers of the counts that go round with the call, of all flows of the circle.
    carried: Vec<u8>,
    /// Where a service that fails without an `else` leads, in the block that is being lowered.
    pub(crate) failed: Option<Label>,
    /// In `on hangup`, where nothing is waited for.
    pub(crate) hung_up: bool,
}

/// Where a tail stands: what `-> again` means there, and what goes on meanwhile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    /// Where the question is asked from its start.
    pub(crate) again: Option<Label>,
    /// The caller is still in the queue.
    pub(crate) stay: Option<Staying>,
}

/// A wait in a queue that has only reported.
#[derive(Debug, Clone)]
pub(crate) struct Staying {
    pub(crate) register: u8,
    pub(crate) entry: u16,
    /// Where its outcomes and reports lead.
    pub(crate) labels: Vec<Label>,
}

impl<'h> Lowering<'h> {
    /// The function of a flow. One that a call may come back to by `-> flow` is entered here with its counts
    /// at nought, and lives in a function of its own, to which the counts are handed on.
    pub(crate) fn flow(&mut self, id: FlowId) {
        match self.rounds.entry_of(id) {
            None => self.flow_body(id, id as u16),
            Some(body) => self.first_entry(id, body),
        }
    }

    /// Enters a flow of a circle for the first time.
    fn first_entry(&mut self, id: FlowId, body: u16) {
        let flow = &self.hir.flows[id];
        self.at(flow.location);
        let start = self.here();
        self.begin_frame(flow.locals.len());
        let params = self.local_types(&flow.params, &flow.locals);
        for ty in &params {
            let register = self.alloc();
            self.define(register, *ty);
        }
        for _ in 0..self.rounds.counts_of(id).len() {
            let counter = self.alloc();
            self.load_int(counter, 0);
        }
        self.leave(Instruction::abx(Opcode::Goto, 0, body));
        let finished = self.finish_frame();
        let kind = FunctionKind::Flow { gives: Vec::new() };
        self.function(&flow.name, kind, params, start, None, finished, flow.location);
    }

    /// A flow's state, blocks and ways on, as the function of an index.
    pub(crate) fn flow_body(&mut self, id: FlowId, function: u16) {
        let hir = self.hir;
        let flow = &hir.flows[id];
        self.at(flow.location);
        let start = self.here();
        self.begin_frame(flow.locals.len());
        let mut params = self.local_types(&flow.params, &flow.locals);
        for (local, ty) in flow.params.iter().zip(&params) {
            let register = self.alloc();
            self.define(register, *ty);
            self.frame.locals[*local] = Some(register);
        }
        let counts = self.rounds.counts_of(id).to_vec();
        let mut visits = vec![None; flow.blocks.len()];
        let mut carried = Vec::new();
        for (owner, block) in counts {
            let (int, register) = (self.tables.ty(Type::Int), self.alloc());
            self.define(register, int);
            params.push(int);
            carried.push(register);
            if owner == id {
                visits[block] = Some(register);
            }
        }
        let (begun, known) = self.flow_state(flow);
        self.flow_frame = FlowFrame {
            flow: id,
            base: self.mark(),
            function,
            blocks: Vec::new(),
            first_block: self.program.blocks.len(),
            visits,
            carried,
            failed: None,
            hung_up: false,
        };
        self.visit_counters(flow);
        self.flow_frame.base = self.mark();
        self.block_labels(flow);
        for index in 0..flow.blocks.len() {
            self.block(flow, index);
        }
        let on_hangup = self.on_hangup(flow, begun, known);
        let gives = flow.gives.iter().map(|variant| self.field_types(&variant.fields)).collect();
        let finished = self.finish_frame();
        let kind = FunctionKind::Flow { gives };
        self.function(&flow.name, kind, params, start, on_hangup, finished, flow.location);
    }

    /// Adds a finished function to the program.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn function(
        &mut self,
        name: &str,
        kind: FunctionKind,
        params: Vec<TypeId>,
        start: u32,
        on_hangup: Option<u32>,
        finished: Finished,
        at: flow_diagnostics::Location,
    ) {
        if finished.overflowed {
            self.too_many_registers(name, at);
        }
        if finished.too_far {
            self.too_long(name, at);
        }
        let name = self.tables.text(name);
        let code = (start, self.here());
        let Finished { registers, maps, .. } = finished;
        self.program.functions.push(Function { name, kind, params, registers, code, on_hangup, maps });
    }

    /// The register types of some locals.
    pub(crate) fn local_types(&mut self, which: &[hir::LocalId], locals: &[hir::Local]) -> Vec<TypeId> {
        which.iter().map(|local| self.ty(&locals[*local].ty.kind)).collect()
    }

    /// Gives each state variable its register and first value. Where some have to be asked for and a handler of
    /// hang-up may read them, gives the register that says whether all are known; and what the handler finds.
    fn flow_state(&mut self, flow: &'h hir::Flow) -> (Option<u8>, Live) {
        let registers: Vec<_> = flow.state.iter().map(|_| self.alloc()).collect();
        for ((local, _), register) in flow.state.iter().zip(&registers) {
            self.frame.locals[*local] = Some(*register);
        }
        let states = || flow.state.iter().zip(&registers);
        for ((local, value), register) in states().filter(|((_, value), _)| is_constant(value)) {
            self.first_value(flow, *local, value, *register);
        }
        let asked = || states().filter(|((_, value), _)| !is_constant(value));
        let is_read = !flow.on_hangup.is_empty() && asked().next().is_some();
        let begun = is_read.then(|| self.flag());
        if begun.is_some() {
            for ((local, _), register) in asked() {
                let ty = self.ty(&flow.locals[*local].ty.kind);
                self.placeholder(ty, *register);
            }
        }
        let known = self.live();
        for ((local, value), register) in asked() {
            self.first_value(flow, *local, value, *register);
        }
        if let Some(begun) = begun {
            let boolean = self.tables.ty(Type::Bool);
            self.load(begun, Constant::Bool(true), boolean);
        }
        (begun, known)
    }

    fn first_value(&mut self, flow: &hir::Flow, local: hir::LocalId, value: &Expr, register: u8) {
        let want = self.ty(&flow.locals[local].ty.kind);
        self.at(value.location);
        self.into(value, register, Some(want));
    }

    fn visit_counters(&mut self, flow: &hir::Flow) {
        for (index, block) in flow.blocks.iter().enumerate() {
            if block.visits.is_some() && self.flow_frame.visits[index].is_none() {
                let counter = self.alloc();
                self.load_int(counter, 0);
                self.flow_frame.visits[index] = Some(counter);
            }
        }
    }

    fn block_labels(&mut self, flow: &hir::Flow) {
        for block in &flow.blocks {
            let mut live = self.live();
            for (register, ty) in (self.flow_frame.base..).zip(self.local_types(&block.params, &flow.locals))
            {
                live.insert(register, ty);
            }
            let label = self.label_with(live);
            self.flow_frame.blocks.push(label);
            let name = self.tables.text(&block.name);
            let kind = self.tables.text(block.kind);
            self.program.blocks.push(Block { flow: self.flow_frame.function, name, kind });
        }
    }

    fn block(&mut self, flow: &'h hir::Flow, index: BlockId) {
        let block = &flow.blocks[index];
        let base = self.flow_frame.base;
        self.release(base);
        self.place(self.flow_frame.blocks[index]);
        self.reserve_to(base.saturating_add(block.params.len() as u8));
        for (register, local) in (base..).zip(&block.params) {
            self.frame.locals[*local] = Some(register);
        }
        self.at(block.location);
        self.bx(Opcode::Block, (self.flow_frame.first_block + index) as u16);
        if let (Some(counter), Some((limit, exit))) = (self.flow_frame.visits[index], block.visits.as_deref())
        {
            self.visit(counter, *limit, exit);
        }
        let place = Place::default();
        self.flow_frame.failed = block.failed.is_some().then(|| self.label());
        match &block.body {
            BlockBody::Act(tail) => self.tail(tail, &place),
            BlockBody::Wait { before, wait, arms } => self.wait(block, before, wait, arms),
            BlockBody::End { before } => {
                self.statements(before, &place);
                self.leave(Instruction::abc(Opcode::End, 0, 0, 0));
            }
            BlockBody::Decline { code } => {
                let a = self.alloc();
                self.load_int(a, i64::from(*code));
                self.perform(Effect::Decline, a, None);
                self.leave(Instruction::abc(Opcode::End, 0, 0, 0));
            }
        }
        if let (Some(tail), Some(label)) = (&block.failed, self.flow_frame.failed.take()) {
            self.place(label);
            self.release(base);
            self.reserve_to(base.saturating_add(block.params.len() as u8));
            self.tail(tail, &place);
        }
    }

    /// Counts an entry; the one after the last that is allowed takes the exit.
    fn visit(&mut self, counter: u8, limit: u32, exit: &'h Exit) {
        let (int, boolean) = (self.tables.ty(Type::Int), self.tables.ty(Type::Bool));
        let mark = self.mark();
        let (most, over, enter) = (self.alloc(), self.alloc(), self.label());
        self.abc(Opcode::AddInt, counter, counter, 1, int);
        self.load_int(most, i64::from(limit));
        self.abc(Opcode::Less, over, most, counter, boolean);
        self.jump_unless(over, enter);
        self.release(mark);
        self.exit(exit, &Place::default());
        self.release(mark);
        self.place(enter);
    }

    /// `on hangup { … }`, the last part of a flow's code.
    fn on_hangup(&mut self, flow: &'h hir::Flow, begun: Option<u8>, known: Live) -> Option<u32> {
        if flow.on_hangup.is_empty() {
            return None;
        }
        let handler = self.label_with(known);
        self.release(self.flow_frame.base);
        self.place(handler);
        let at = self.here();
        self.flow_frame.hung_up = true;
        let over = self.label();
        if let Some(begun) = begun {
            self.jump_unless(begun, over);
        }
        self.statements(&flow.on_hangup, &Place::default());
        self.place(over);
        self.leave(Instruction::abc(Opcode::End, 0, 0, 0));
        Some(at)
    }

    // ------------------------------------------------------------ tails and exits

    pub(crate) fn tail(&mut self, tail: &'h Tail, place: &Place) {
        let mark = self.mark();
        self.statements(&tail.statements, place);
        match &tail.end {
            End::Exit(exit) => self.exit(exit, place),
            End::Decide { arms, otherwise } => {
                for (index, (condition, tail)) in arms.iter().enumerate() {
                    let next = self.label();
                    let mark = self.mark();
                    // Proved complete: the last one holds when no other did.
                    let is_last = otherwise.is_none() && index + 1 == arms.len();
                    if !is_last || binds_something(condition) {
                        self.condition(condition, next);
                    }
                    self.tail(tail, place);
                    self.release(mark);
                    self.place(next);
                }
                match otherwise {
                    Some(tail) => self.tail(tail, place),
                    None => self.out_of_reach(),
                }
            }
            End::Share(shares) => {
                let table = self.tables.shares(shares.iter().map(|(percent, _)| *percent).collect());
                let a = self.alloc();
                self.load_handle(a, Type::Shares, usize::from(table));
                self.perform(Effect::Draw, a, None);
                let labels = self.labels(shares.len());
                self.switch(a + 1, &labels);
                for (label, (_, tail)) in labels.iter().zip(shares) {
                    self.place(*label);
                    self.release(a);
                    self.tail(tail, place);
                }
            }
        }
        self.release(mark);
    }

    /// A place that was proved to be out of reach: a trap, should the proof be wrong.
    pub(crate) fn out_of_reach(&mut self) {
        let reason = flow_bytecode::TrapReason::Unreachable as u16;
        self.leave(Instruction::abx(Opcode::Trap, 0, reason));
    }

    pub(crate) fn exit(&mut self, exit: &'h Exit, place: &Place) {
        self.at(exit.location);
        if let Some(stay) = &place.stay {
            if exit.kind == ExitKind::Again {
                self.wait_again(stay.register, stay.entry);
                self.switch_outcome(stay.register, stay.entry, &stay.labels);
                return;
            }
            self.bx(Opcode::Cancel, stay.entry);
        }
        match &exit.kind {
            ExitKind::Block(block, arguments) => self.go_to_block(*block, arguments),
            ExitKind::Flow(flow, arguments) => {
                let target = &self.hir.flows[*flow];
                let types = self.local_types(&target.params, &target.locals);
                let a = self.values(arguments, &types);
                let goes_round = self.rounds.same_circle(self.flow_frame.flow, *flow);
                let function = if goes_round { self.rounds.entry_of(*flow) } else { None };
                if function.is_some() {
                    for counter in self.flow_frame.carried.clone() {
                        let register = self.alloc();
                        self.move_to(register, counter);
                    }
                }
                self.leave(Instruction::abx(Opcode::Goto, a, function.unwrap_or(*flow as u16)));
            }
            ExitKind::Return(outcome, arguments) => {
                let flow = &self.hir.flows[self.flow_frame.flow];
                let types = self.field_types(&flow.gives[*outcome].fields);
                let a = self.values(arguments, &types);
                self.leave(Instruction::abx(Opcode::Give, a, *outcome as u16));
            }
            ExitKind::Again => match place.again {
                Some(label) => self.jump(label),
                None => self.out_of_reach(),
            },
        }
    }

    /// Puts the arguments into the parameters' registers, whatever these hold and the arguments read, and
    /// jumps.
    fn go_to_block(&mut self, block: BlockId, arguments: &[Expr]) {
        let flow = &self.hir.flows[self.flow_frame.flow];
        let types = self.local_types(&flow.blocks[block].params, &flow.locals);
        let base = self.flow_frame.base;
        self.reserve_to(base.saturating_add(types.len() as u8));
        let mut moves = Vec::new();
        for ((dest, argument), ty) in (base..).zip(arguments).zip(&types) {
            if !is_constant(argument) {
                moves.push((dest, self.value(argument, Some(*ty))));
            }
        }
        self.parallel_move(moves);
        for ((dest, argument), ty) in (base..).zip(arguments).zip(&types) {
            if is_constant(argument) {
                self.into(argument, dest, Some(*ty));
            }
        }
        self.jump(self.flow_frame.blocks[block]);
    }

    /// Moves `(to, from)` as if all at once.
    fn parallel_move(&mut self, mut moves: Vec<(u8, u8)>) {
        moves.retain(|(to, from)| to != from);
        while !moves.is_empty() {
            let free = moves.iter().position(|(to, _)| moves.iter().all(|(_, from)| from != to));
            match free {
                Some(index) => {
                    let (to, from) = moves.remove(index);
                    self.move_to(to, from);
                }
                // Only circles are left: one register steps aside.
                None => {
                    let (_, from) = moves[0];
                    let aside = self.alloc();
                    self.move_to(aside, from);
                    for (_, source) in &mut moves {
                        if *source == from {
                            *source = aside;
                        }
                    }
                }
            }
        }
    }
}

/// Whether an expression is the same whenever it is evaluated, and reads no register.
pub(crate) fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Decimal(_)
        | ExprKind::Money(..)
        | ExprKind::Text(_)
        | ExprKind::Duration(_)
        | ExprKind::Date(_)
        | ExprKind::Time(_)
        | ExprKind::DateTime(..)
        | ExprKind::Language(_)
        | ExprKind::None => true,
        ExprKind::Some(inner) => is_constant(inner),
        ExprKind::List(items) => items.iter().all(is_constant),
        ExprKind::Record(_, items) | ExprKind::Variant(_, _, items) => items.iter().all(is_constant),
        ExprKind::Map(entries) => entries.iter().all(|(key, value)| is_constant(key) && is_constant(value)),
        _ => false,
    }
}

/// Whether a condition sets names that its arm may read.
fn binds_something(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Is(is) => is.bindings.iter().any(Option::is_some),
        ExprKind::Binary(hir::BinaryOp::And, left, right) => binds_something(left) || binds_something(right),
        _ => false,
    }
}
