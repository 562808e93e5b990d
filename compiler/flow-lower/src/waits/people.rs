//! `dial`: addresses are rung, and the first who answers talks with the caller.

use flow_bytecode::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::RingTable;
use flow_bytecode::types::Type;
use flow_check::hir::{Arm, Dial, Expr, Statement, TypeKind};

use crate::Lowering;
use crate::flow::Place;
use crate::people::pick;

impl<'h> Lowering<'h> {
    pub(super) fn dial(&mut self, dial: &'h Dial, before: &'h [Statement], arms: &'h [Arm]) {
        self.statements(before, &Place::default());
        let text = self.tables.ty(Type::Text);
        let list = self.tables.ty(Type::List(text));
        let option = self.tables.ty(Type::Option(text));
        let table = RingTable {
            rings: dial.rings.iter().map(|ring| (ring.addresses.len() as u16, ring.for_millis)).collect(),
            pick: pick(dial.pick),
            music: dial.music.as_ref().map(|name| self.tables.text(name)),
            accept: dial.accept.and_then(|(key, millis)| Some((u8::try_from(key).ok()?, millis))),
            recall_millis: dial.recall_millis,
        };
        let table = self.tables.rings(table);
        let a = self.alloc();
        self.load_handle(a, Type::Rings, usize::from(table));
        let addresses = self.alloc();
        let mark = self.mark();
        let all: Vec<&Expr> = dial.rings.iter().flat_map(|ring| &ring.addresses).collect();
        let first = self.values_of(&all);
        self.abc(Opcode::List, addresses, first, all.len().min(usize::from(u8::MAX)) as u8, list);
        self.release(mark);
        let from = self.alloc();
        match &dial.from {
            Some(number) => self.shown_number(number, from),
            None => self.abx(Opcode::None, from, option.0, option),
        }
        let register = self.alloc();
        self.whisper(dial.whisper.as_ref(), register);
        let register = self.alloc();
        self.screen(&dial.show, register);
        let entry = self.perform(Effect::Dial, a, None);
        self.outcomes(a, entry, arms, None);
    }

    /// The number shown to who is rung, as an option of text.
    pub(crate) fn shown_number(&mut self, number: &Expr, dest: u8) {
        let (text, boolean) = (self.tables.ty(Type::Text), self.tables.ty(Type::Bool));
        let option = self.tables.ty(Type::Option(text));
        if !matches!(number.ty.kind, TypeKind::Optional(_)) {
            self.text_of(number, dest);
            self.abc(Opcode::Some, dest, dest, 0, option);
            return;
        }
        let (absent, done) = (self.label(), self.label());
        let mark = self.mark();
        let test = self.alloc();
        let held = self.value(number, None);
        self.abc(Opcode::IsNone, test, held, 0, boolean);
        self.jump_if(test, absent);
        let shown = self.alloc();
        self.text_of(number, shown);
        self.abc(Opcode::Some, dest, shown, 0, option);
        self.jump(done);
        self.place(absent);
        self.abx(Opcode::None, dest, option.0, option);
        self.place(done);
        self.release(mark);
    }
}
