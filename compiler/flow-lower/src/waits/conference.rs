//! `conference`: a room that the caller is in until a key, the time or the room's end.

use flow_bytecode::Effect;
use flow_bytecode::program::{KeyTable, StayTable};
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
        let a = self.alloc();
        self.text_of(room, a);
        let register = self.alloc();
        self.load_millis(register, longest_millis);
        // Its music is where all music stands, so that whoever loads sounds finds it.
        let table = StayTable {
            music: music.map(|name| self.tables.text(name)),
            timed: Vec::new(),
            keys: KeyTable::default(),
            during: None,
            recall_millis: None,
            assists: Vec::new(),
        };
        let table = self.tables.stay(table);
        let register = self.alloc();
        self.load_handle(register, Type::Stay, usize::from(table));
        let entry = self.perform(Effect::Conference, a, None);
        self.outcomes(a, entry, arms, None);
    }
}
