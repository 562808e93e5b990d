//! `conference`: a room that the caller is in until a key, the time or the room's end.

use flow_bytecode::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::types::Type;
use flow_check::hir::{Arm, Expr, Statement};

use crate::Lowering;
use crate::flow::Place;

impl<'h> Lowering<'h> {
    pub(super) fn conference(
        &mut self,
        room: &'h Expr,
        longest_millis: u64,
        music: Option<&str>,
        before: &'h [Statement],
        arms: &'h [Arm],
    ) {
        self.statements(before, &Place::default());
        let text = self.tables.ty(Type::Text);
        let option = self.tables.ty(Type::Option(text));
        let a = self.alloc();
        self.text_of(room, a);
        let register = self.alloc();
        self.load_millis(register, longest_millis);
        let register = self.alloc();
        match music {
            Some(name) => {
                self.load_text(register, name, text);
                self.abc(Opcode::Some, register, register, 0, option);
            }
            None => self.abx(Opcode::None, register, option.0, option),
        }
        let entry = self.perform(Effect::Conference, a, None);
        self.outcomes(a, entry, arms, None);
    }
}
