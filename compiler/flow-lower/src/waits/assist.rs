//! `assist`: what the person who talks may start for the caller.
//!
//! The wait in which they talk ends with the number of the assist. Its flow is run as `run` does it, and then one
//! effect shows the result and joins the two again; that effect ends as the wait did, so each of its outcomes goes
//! to the same arm.

use flow_bytecode::Effect;
use flow_bytecode::program;
use flow_bytecode::types::Type;
use flow_check::hir::{self, Arm};

use crate::Lowering;
use crate::assembler::Label;
use crate::flow::Place;

impl<'h> Lowering<'h> {
    /// The table of what may be started.
    pub(super) fn assist_table(&mut self, assists: &[hir::Assist]) -> Vec<program::Assist> {
        let entries = assists.iter().map(|assist| program::Assist {
            label: self.tables.text(&assist.label),
            flow: self.tables.text(&self.hir.flows[assist.flow].name),
        });
        entries.collect()
    }

    /// The arms of a wait whose last outcome is `assist(number)`, whose `talked` is the first, and whose
    /// `failed` is at an index.
    pub(super) fn arms_with_assists(
        &mut self,
        assists: &'h [hir::Assist],
        a: u8,
        labels: &[Label],
        failed: usize,
        arms: &'h [Arm],
    ) {
        let data = a.saturating_add(1);
        if let [outcomes @ .., started] = labels {
            self.place(*started);
            self.assists(assists, a, (outcomes[0], *started, outcomes[failed]));
            let place = Place::default();
            for (outcome, label) in outcomes.iter().enumerate() {
                self.place(*label);
                self.arm(arms, outcome, data, None, &place);
            }
        }
    }

    /// The number of what was started is behind `a`.
    fn assists(&mut self, assists: &'h [hir::Assist], a: u8, after: (Label, Label, Label)) {
        let data = a.saturating_add(1);
        if assists.is_empty() {
            self.out_of_reach();
            return;
        }
        let labels = self.labels(assists.len());
        self.choose(data, &labels);
        for (assist, label) in assists.iter().zip(labels) {
            self.place(label);
            self.release(a);
            self.at(assist.location);
            let gives = &self.hir.flows[assist.flow].gives;
            self.run_assist(assist, a);
            let outcomes: Vec<_> = gives.iter().map(|variant| self.field_types(&variant.fields)).collect();
            let results = self.labels(outcomes.len());
            self.switch_with(a, &results, data, &outcomes);
            for (variant, label) in gives.iter().zip(results) {
                self.place(label);
                self.reserve_to(data.saturating_add(variant.fields.len() as u8));
                self.result(variant, data, a);
                self.release(a.saturating_add(1));
                let entry = self.perform(Effect::Rejoin, a, None);
                self.switch_outcome(a, entry, &[after.0, after.1, after.2]);
            }
        }
    }

    fn run_assist(&mut self, assist: &'h hir::Assist, a: u8) {
        let target = &self.hir.flows[assist.flow];
        let types = self.local_types(&target.params, &target.locals);
        self.values(&assist.arguments, &types);
        self.reserve_to(a.saturating_add(1));
        let outcomes: Vec<_> = target.gives.iter().map(|variant| self.field_types(&variant.fields)).collect();
        self.run(a, assist.flow as u16, &outcomes);
    }

    /// What the person reads: the outcome's name and its data, but for secrets.
    fn result(&mut self, variant: &'h hir::Variant, data: u8, dest: u8) {
        let text = self.tables.ty(Type::Text);
        let first = self.mark();
        let name = self.alloc();
        self.load_text(name, &variant.name, text);
        let mut count = 1;
        for (index, field) in variant.fields.iter().enumerate() {
            if field.ty.secret || !has_text(&field.ty.kind) {
                continue;
            }
            let register = self.alloc();
            self.text_in(&field.ty.kind, data.saturating_add(index as u8), register);
            count += 1;
        }
        self.joined(first, count, " ");
        self.move_to(dest, first);
    }
}

/// Whether a value of the type can be read on a screen.
fn has_text(kind: &hir::TypeKind) -> bool {
    use hir::TypeKind::{List, Map, Nothing, Optional, PublicKey, Unknown};
    match kind {
        Optional(of) | List(of) => has_text(of),
        Map(key, of) => has_text(key) && has_text(of),
        PublicKey | Nothing | Unknown => false,
        _ => true,
    }
}
