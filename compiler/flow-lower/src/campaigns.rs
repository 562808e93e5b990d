//! Campaigns: each becomes a flow of one parameter, the row, that says whom to call and goes on to the campaign's
//! flow when somebody answers.

use flow_bytecode::Effect;
use flow_bytecode::instruction::{Instruction, Opcode};
use flow_bytecode::program::{Campaign, Constant, FunctionKind};
use flow_bytecode::types::Type;
use flow_check::hir;

use crate::Lowering;
use crate::waits::outbound::retry;

impl<'h> Lowering<'h> {
    /// Every campaign, behind all other functions.
    pub(crate) fn campaigns(&mut self) {
        let hir = self.hir;
        for campaign in &hir.campaigns {
            let function = self.program.functions.len() as u16;
            self.row_flow(campaign);
            let entry = Campaign {
                name: self.tables.text(&campaign.name),
                function,
                table: self.tables.text(&campaign.table),
                during: campaign.during.map(|calendar| calendar as u16),
                pace: campaign.pace,
                concurrent: campaign.concurrent,
                retry: campaign.retry.map(retry),
            };
            self.program.campaigns.push(entry);
        }
    }

    fn row_flow(&mut self, campaign: &'h hir::Campaign) {
        self.at(campaign.location);
        let start = self.here();
        self.begin_frame(campaign.locals.len());
        let params = self.local_types(&[campaign.row], &campaign.locals);
        let row = self.alloc();
        self.define(row, params[0]);
        self.frame.locals[campaign.row] = Some(row);
        let (text, boolean) = (self.tables.ty(Type::Text), self.tables.ty(Type::Bool));
        let option = self.tables.ty(Type::Option(text));
        let a = self.alloc();
        match &campaign.skip {
            Some(condition) => self.into(condition, a, Some(boolean)),
            None => self.load(a, Constant::Bool(false), boolean),
        }
        let register = self.alloc();
        self.text_of(&campaign.number, register);
        let register = self.alloc();
        self.abx(Opcode::None, register, option.0, option);
        let entry = self.perform(Effect::PlaceCall, a, None);
        let labels = self.labels(2);
        self.switch_outcome(a, entry, &labels);
        self.place(labels[0]);
        self.release(a);
        let target = &self.hir.flows[campaign.flow];
        let types = self.local_types(&target.params, &target.locals);
        let first = self.values(&campaign.arguments, &types);
        self.leave(Instruction::abx(Opcode::Goto, first, campaign.flow as u16));
        self.place(labels[1]);
        self.release(a);
        self.leave(Instruction::abc(Opcode::End, 0, 0, 0));
        let finished = self.finish_frame();
        let kind = FunctionKind::Flow { gives: Vec::new() };
        self.function(&campaign.name, kind, params, start, None, finished, campaign.location);
    }
}
