//! `callback`, `detect`, `transfer`: calls that we make later, who picked up, a call that goes for good.

use flow_bytecode::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::{CallbackTable, Constant, Pick, Retry, RingTable};
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{self, Arm, Callback, Expr, FlowId, Ring, Statement};

use super::queue::MIDDLE_PRIORITY;
use crate::Lowering;
use crate::flow::Place;

impl<'h> Lowering<'h> {
    pub(super) fn callback(&mut self, callback: &'h Callback, before: &'h [Statement], arms: &'h [Arm]) {
        self.statements(before, &Place::default());
        let text = self.tables.ty(Type::Text);
        let option = self.tables.ty(Type::Option(text));
        let table = CallbackTable {
            during: callback.during.map(|calendar| calendar as u16),
            delay_millis: callback.delay_millis,
            expires_millis: callback.expires_millis,
            retry: callback.retry.map(retry),
            afterwards: callback.afterwards.as_ref().map(|(flow, _)| *flow as u16),
        };
        let table = self.tables.callback(table);
        let a = self.alloc();
        self.text_of(&callback.number, a);
        let register = self.alloc();
        self.load_handle(register, Type::Queue, callback.queue);
        let register = self.alloc();
        match &callback.priority {
            Some(priority) => self.into(priority, register, None),
            None => self.load_int(register, MIDDLE_PRIORITY),
        }
        let register = self.alloc();
        self.load_handle(register, Type::Callback, usize::from(table));
        let register = self.alloc();
        match &callback.from {
            Some(number) => self.shown_number(number, register),
            None => self.abx(Opcode::None, register, option.0, option),
        }
        let register = self.alloc();
        self.whisper(callback.whisper.as_ref(), register);
        let register = self.alloc();
        self.screen(&callback.show, register);
        let (flow, arguments) = match &callback.afterwards {
            Some((flow, arguments)) => (Some(*flow), arguments.as_slice()),
            None => (None, &[][..]),
        };
        let any = self.arguments_record(flow, arguments);
        let entry = self.perform_with(Effect::Callback, a, Some(any), None);
        self.outcomes(a, entry, arms, None);
    }

    /// The arguments of a flow that begins later, as a record in the next register; without any, `false`.
    fn arguments_record(&mut self, flow: Option<FlowId>, arguments: &'h [Expr]) -> TypeId {
        let Some(flow) = flow.filter(|_| !arguments.is_empty()) else {
            let (boolean, register) = (self.tables.ty(Type::Bool), self.alloc());
            self.load(register, Constant::Bool(false), boolean);
            return boolean;
        };
        let target = &self.hir.flows[flow];
        let types = self.local_types(&target.params, &target.locals);
        let record = self.tables.ty(Type::Record(types.clone()));
        let first = self.values(arguments, &types);
        self.abx(Opcode::Record, first, record.0, record);
        self.release(first.saturating_add(1));
        record
    }

    pub(super) fn detect(&mut self, longest_millis: u64, before: &'h [Statement], arms: &'h [Arm]) {
        self.statements(before, &Place::default());
        let a = self.alloc();
        self.load_millis(a, longest_millis);
        let entry = self.perform(Effect::Detect, a, None);
        self.outcomes(a, entry, arms, None);
    }

    pub(super) fn transfer(&mut self, rings: &'h [Ring], before: &'h [Statement], arms: &'h [Arm]) {
        self.statements(before, &Place::default());
        let text = self.tables.ty(Type::Text);
        let list = self.tables.ty(Type::List(text));
        let table = RingTable {
            rings: rings.iter().map(|ring| (ring.addresses.len() as u16, ring.for_millis)).collect(),
            pick: Pick::InOrder,
            music: None,
            accept: None,
            recall_millis: None,
        };
        let table = self.tables.rings(table);
        let a = self.alloc();
        self.load_handle(a, Type::Rings, usize::from(table));
        let addresses = self.alloc();
        let mark = self.mark();
        let all: Vec<&Expr> = rings.iter().flat_map(|ring| &ring.addresses).collect();
        let first = self.values_of(&all);
        self.abc(Opcode::List, addresses, first, all.len().min(usize::from(u8::MAX)) as u8, list);
        self.release(mark);
        let entry = self.perform(Effect::Transfer, a, None);
        self.outcomes(a, entry, arms, None);
    }
}

/// When a call that was not answered is made again.
pub(crate) fn retry(retry: hir::Retry) -> Retry {
    let hir::Retry { busy, no_answer, failed, times, every_millis } = retry;
    Retry { busy, no_answer, failed, times, every_millis }
}
