//! Waits: each becomes one effect or a few, and a way for each outcome.
//!
//! What all have in common is here: arms with their bindings and counters. Each kind has its file.

mod assist;
mod collect;
mod conference;
mod menu;
pub(crate) mod outbound;
mod people;
mod queue;
mod survey;
mod words;

use flow_bytecode::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::Constant;
use flow_bytecode::types::Type;
use flow_check::hir::{
    Arm, Block, CalendarId, Choice, End, ExitKind, Expr, FlowId, Statement, StatementKind, Tail, Wait,
};

use crate::Lowering;
use crate::assembler::Label;
use crate::flow::Place;

/// The registers of `N times` counters, by counter.
#[derive(Debug)]
struct Counters {
    first: u8,
}

impl Counters {
    fn register(&self, counter: usize) -> u8 {
        self.first.saturating_add(counter.min(usize::from(u8::MAX)) as u8)
    }
}

impl<'h> Lowering<'h> {
    pub(crate) fn wait(
        &mut self,
        block: &'h Block,
        before: &'h [Statement],
        wait: &'h Wait,
        arms: &'h [Arm],
    ) {
        match wait {
            Wait::AfterHours { calendar } => self.after_hours(*calendar, before, arms),
            Wait::Menu(question) => self.menu(question, before, arms),
            Wait::Collect(collect) => self.collect(collect, before, arms),
            Wait::Queue(stay) => self.queue(stay, before, arms),
            Wait::Dial(dial) => self.dial(dial, before, arms),
            Wait::Callback(callback) => self.callback(callback, before, arms),
            Wait::Detect { longest_millis } => self.detect(*longest_millis, before, arms),
            Wait::Transfer { rings } => self.transfer(rings, before, arms),
            Wait::Voicemail { longest_millis, silence_millis, deliver_to } => {
                self.voicemail(*longest_millis, *silence_millis, deliver_to, before, arms);
            }
            Wait::Survey { questions, choices } => self.survey(questions, choices, before, arms),
            Wait::Questions(survey) => self.list_survey(survey, before, arms),
            Wait::Conference { room, longest_millis, music } => {
                self.conference(room, *longest_millis, music.as_deref(), before, arms);
            }
            Wait::Run { flow, arguments } => self.run_flow(*flow, arguments, before, arms),
        }
        self.at(block.location);
    }

    fn after_hours(&mut self, calendar: CalendarId, before: &'h [Statement], arms: &'h [Arm]) {
        let place = Place::default();
        self.statements(before, &place);
        let a = self.alloc();
        self.load_handle(a, Type::Calendar, calendar);
        self.perform(Effect::CalendarState, a, None);
        let labels = self.labels(self.hir.calendars[calendar].states.len());
        self.switch(a + 1, &labels);
        for (outcome, label) in labels.into_iter().enumerate() {
            self.place(label);
            self.release(a);
            self.arm(arms, outcome, a, None, &place);
        }
    }

    fn run_flow(&mut self, flow: FlowId, arguments: &'h [Expr], before: &'h [Statement], arms: &'h [Arm]) {
        let place = Place::default();
        self.statements(before, &place);
        let target = &self.hir.flows[flow];
        let types = self.local_types(&target.params, &target.locals);
        let outcomes: Vec<_> = target.gives.iter().map(|variant| self.field_types(&variant.fields)).collect();
        let a = self.values(arguments, &types);
        self.reserve_to(a.saturating_add(1));
        self.run(a, flow as u16, &outcomes);
        let labels = self.labels(outcomes.len());
        self.switch_with(a, &labels, a.saturating_add(1), &outcomes);
        for (outcome, label) in labels.into_iter().enumerate() {
            self.place(label);
            self.arm(arms, outcome, a + 1, None, &place);
        }
    }

    fn voicemail(
        &mut self,
        longest_millis: u64,
        silence_millis: Option<u64>,
        deliver_to: &'h Expr,
        before: &'h [Statement],
        arms: &'h [Arm],
    ) {
        self.statements(before, &Place::default());
        let a = self.alloc();
        self.load_millis(a, longest_millis);
        let silence = self.alloc();
        self.load_millis(silence, silence_millis.unwrap_or(0));
        let to = self.alloc();
        self.text_of(deliver_to, to);
        let entry = self.perform(Effect::Voicemail, a, None);
        self.outcomes(a, entry, arms, None);
    }

    // ------------------------------------------------------------ arms

    /// One arm for each outcome of an effect whose outcomes are those of the wait.
    fn outcomes(&mut self, a: u8, entry: u16, arms: &'h [Arm], again: Option<Label>) {
        let labels = self.labels(self.tables.outcomes_of(entry).len());
        self.switch_outcome(a, entry, &labels);
        let place = Place { again, stay: None };
        for (outcome, label) in labels.into_iter().enumerate() {
            self.place(label);
            self.arm(arms, outcome, a.saturating_add(1), None, &place);
        }
    }

    /// What an outcome does; its data is in the registers from `data` on. An arm of `N times` jumps to
    /// `retry` until its counter is there.
    fn arm(
        &mut self,
        arms: &'h [Arm],
        outcome: usize,
        data: u8,
        retry: Option<(&Counters, Label)>,
        place: &Place,
    ) {
        let Some(arm) = arms.iter().find(|arm| arm.outcome == outcome) else {
            self.out_of_reach();
            return;
        };
        self.release_above_data(data, arm.bindings.len());
        for (register, local) in (data..).zip(&arm.bindings) {
            if let Some(local) = local {
                self.frame.locals[*local] = Some(register);
            }
        }
        self.at(arm.location);
        if let (Some((counter, limit)), Some((counters, retry))) = (arm.times, retry) {
            let (int, boolean) = (self.tables.ty(Type::Int), self.tables.ty(Type::Bool));
            let mark = self.mark();
            let counter = counters.register(counter);
            let (most, short) = (self.alloc(), self.alloc());
            self.abc(Opcode::AddInt, counter, counter, 1, int);
            self.load_int(most, i64::from(limit));
            self.abc(Opcode::Less, short, counter, most, boolean);
            self.jump_if(short, retry);
            self.release(mark);
        }
        self.tail(&arm.tail, place);
    }

    fn release_above_data(&mut self, data: u8, count: usize) {
        let end = data.saturating_add(count as u8);
        if self.mark() > end {
            self.release(end);
        }
        self.reserve_to(end);
    }

    /// Counters for the arms, at nought: they begin anew at each entry of the block.
    fn counters(&mut self, arms: &[Arm]) -> Counters {
        let first = self.mark();
        let count =
            arms.iter().filter_map(|arm| arm.times).map(|(counter, _)| counter + 1).max().unwrap_or(0);
        for _ in 0..count {
            let register = self.alloc();
            self.load_int(register, 0);
        }
        Counters { first }
    }

    // ------------------------------------------------------------ operands

    fn load_millis(&mut self, register: u8, millis: u64) {
        let ty = self.tables.ty(Type::Duration);
        let millis = i64::try_from(millis).unwrap_or(i64::MAX);
        self.load(register, Constant::Duration(millis), ty);
    }

    /// Goes to the tail of the choice whose index is in a register.
    fn choose(&mut self, index: u8, labels: &[Label]) {
        match labels {
            [] => self.out_of_reach(),
            [only] => self.jump(*only),
            _ => self.switch(index, labels),
        }
    }
}

/// Whether a tail, on some way, stays in the block.
fn may_stay(tail: &Tail) -> bool {
    match &tail.end {
        End::Exit(exit) => exit.kind == ExitKind::Again,
        End::Decide { arms, otherwise } => {
            arms.iter().any(|(_, tail)| may_stay(tail)) || otherwise.as_deref().is_some_and(may_stay)
        }
        End::Share(shares) => shares.iter().any(|(_, tail)| may_stay(tail)),
    }
}

/// Whether anything leads back to the block's question.
fn asks_again(choices: &[Choice], arms: &[Arm]) -> bool {
    choices.iter().any(|choice| may_stay(&choice.tail)) || arms.iter().any(|arm| may_stay(&arm.tail))
}

/// Whether statements only speak, so that they may run again.
fn only_speaks(statements: &[Statement]) -> bool {
    statements.iter().all(|statement| matches!(statement.kind, StatementKind::Say(_)))
}
