//! Questions: `menu`, and what `collect` has in common with it.
//!
//! First `ask`, then the `again`s in turn, the last of which repeats; where none is written, a short
//! standard sentence and the question. `-> again` asks from the start, and does not begin counts anew.

use flow_bytecode::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::types::Type;
use flow_check::hir::{Arm, Question, Spoken, Statement, StatementKind};

use super::{Counters, asks_again, only_speaks};
use crate::Lowering;
use crate::assembler::Label;
use crate::flow::Place;
use crate::speech::Utterance;
use crate::standard::Standard;

/// As many sentences as are said with a question at most.
const MOST_TOGETHER: usize = 4;

/// How many of the statements before a question are sentences that may be cut short, right before it.
fn said_with_the_question(before: &[Statement]) -> usize {
    let says =
        |statement: &&Statement| matches!(&statement.kind, StatementKind::Say(say) if say.interruptible);
    before.iter().rev().take(MOST_TOGETHER).take_while(says).count()
}

/// A question that is being asked: where its parts are.
pub(super) struct Asking {
    pub(super) counters: Counters,
    /// How many times it was asked again, if what is said depends on that.
    attempt: Option<u8>,
    /// Whether one outcome may come more than twice, so that its sentence must not be the same each time.
    over_and_over: bool,
    /// The register of what is asked; the effect's arguments follow it.
    pub(super) register: u8,
    /// Asks what is in the register.
    pub(super) put: Label,
    /// Where `-> again` leads.
    pub(super) again: Option<Label>,
}

impl<'h> Lowering<'h> {
    pub(super) fn menu(&mut self, question: &'h Question, before: &'h [Statement], arms: &'h [Arm]) {
        let by_word = super::words::listens(question);
        let asking = self.begin_question(question, before, arms, by_word);
        let a = asking.register;
        let keys = self.key_table(&question.choices);
        let keys = self.tables.keys(keys);
        let register = self.alloc();
        self.load_handle(register, Type::Keys, usize::from(keys));
        self.patience(question);
        let entry = self.perform(Effect::Menu, a, None);
        let [choice, no_input, no_match] = [self.label(), self.label(), self.label()];
        self.switch_outcome(a, entry, &[choice, no_input, no_match]);
        self.choices(question, choice, &asking);
        let place = Place { again: asking.again, stay: None };
        let unheard = super::words::no_input(by_word);
        for (outcome, label, standard) in [(0, no_input, unheard), (1, no_match, Standard::NoMatch)] {
            self.failed_attempt(question, arms, &asking, (outcome, label), Some(standard), &place);
        }
    }

    /// What is said before, then the question in its register, then the place where it is put. Where words are
    /// listened for, what is said last before the question is said with it, so that a word cuts it short.
    pub(super) fn begin_question(
        &mut self,
        question: &'h Question,
        before: &'h [Statement],
        arms: &'h [Arm],
        by_word: bool,
    ) -> Asking {
        let place = Place::default();
        let counters = self.counters(arms);
        // Where no `again` is written, the standard sentence of the first time is not said a second time.
        let over_and_over = arms.iter().any(|arm| arm.times.is_some_and(|(_, times)| times > 2));
        // What is written for one outcome says nothing about the others.
        let written_for_all = question.again.iter().any(|again| again.after.is_none());
        let needs_attempt = question.again.len() > 1 || over_and_over && !written_for_all;
        let attempt = needs_attempt.then(|| self.alloc());
        let mut again = None;
        let repeats = asks_again(&question.choices, arms);
        let speaks_only = only_speaks(before);
        let together = if by_word { said_with_the_question(before) } else { 0 };
        let (before, together) = before.split_at(before.len() - together);
        if repeats && speaks_only {
            let live = self.live();
            let label = self.label_with(live);
            self.place(label);
            again = Some(label);
            self.begin_attempts(attempt);
            self.statements(before, &place);
        } else {
            self.begin_attempts(attempt);
            self.statements(before, &place);
            if repeats {
                again = Some(self.repeat_speech(before, attempt));
            }
        }
        let register = self.alloc();
        let said = together.iter().filter_map(|statement| match &statement.kind {
            StatementKind::Say(say) => Some(&say.spoken),
            _ => None,
        });
        let said: Vec<_> = said.chain(&question.ask).map(Utterance::Written).collect();
        if said.is_empty() {
            self.silence(register)
        } else {
            self.speech(&said, register)
        }
        let live = self.live();
        let put = self.label_with(live);
        self.place(put);
        Asking { counters, attempt, over_and_over, register, put, again }
    }

    fn begin_attempts(&mut self, attempt: Option<u8>) {
        if let Some(attempt) = attempt {
            self.load_int(attempt, 0);
        }
    }

    /// The way of `-> again` where statements with effects stand before the question: only what they say is
    /// said again.
    pub(super) fn repeat_speech(&mut self, before: &'h [Statement], attempt: Option<u8>) -> Label {
        let ask = self.label();
        let live = self.live();
        self.jump(ask);
        let again = self.label_with(live);
        self.place(again);
        self.begin_attempts(attempt);
        for statement in before {
            if let StatementKind::Say(say) = &statement.kind {
                self.say(say, &Place::default());
            }
        }
        self.place(ask);
        again
    }

    pub(super) fn silence(&mut self, register: u8) {
        let (silence, speech) = (self.tables.silence(), self.tables.ty(Type::Speech));
        self.abx(Opcode::Speech, register, silence, speech);
    }

    /// How long keys are waited for, in the next two registers.
    pub(super) fn patience(&mut self, question: &Question) {
        let wait = self.alloc();
        self.load_millis(wait, question.wait_millis);
        let gap = self.alloc();
        self.load_millis(gap, question.gap_millis);
    }

    /// The tails of the choices; the label's place has the index behind the asking register.
    pub(super) fn choices(&mut self, question: &'h Question, label: Label, asking: &Asking) {
        let a = asking.register;
        self.place(label);
        let tails = self.labels(question.choices.len());
        self.choose(a.saturating_add(1), &tails);
        let place = Place { again: asking.again, stay: None };
        for (choice, label) in question.choices.iter().zip(tails) {
            self.place(label);
            self.release(a);
            self.at(choice.location);
            self.tail(&choice.tail, &place);
        }
    }

    /// An outcome that may ask again: its arm, then what is said when its counter is not there yet.
    pub(super) fn failed_attempt(
        &mut self,
        question: &'h Question,
        arms: &'h [Arm],
        asking: &Asking,
        (outcome, label): (usize, Label),
        standard: Option<Standard>,
        place: &Place,
    ) {
        let a = asking.register;
        self.place(label);
        self.release(a);
        let retry = self.label();
        self.arm(arms, outcome, a, Some((&asking.counters, retry)), place);
        self.place(retry);
        if !self.reachable() {
            return;
        }
        self.release(a);
        self.ask_again(question, asking, outcome, standard);
    }

    fn ask_again(
        &mut self,
        question: &'h Question,
        asking: &Asking,
        outcome: usize,
        standard: Option<Standard>,
    ) {
        let int = self.tables.ty(Type::Int);
        let own: Vec<_> = question.again.iter().filter(|a| a.after == Some(outcome)).collect();
        let any = question.again.iter().filter(|a| a.after.is_none());
        let agains: Vec<_> = if own.is_empty() { any.collect() } else { own };
        let register = self.alloc();
        match (&agains[..], asking.attempt) {
            ([], attempt) => {
                let ask = question.ask.as_ref().map(Utterance::Written);
                let said = |standard: Option<Standard>| -> Vec<Utterance<'h>> {
                    standard.map(Utterance::Standard).into_iter().chain(ask).collect()
                };
                match (attempt.filter(|_| asking.over_and_over), standard) {
                    (Some(attempt), Some(first)) => {
                        let labels = self.labels(2);
                        let done = self.label();
                        self.switch(attempt, &labels);
                        for (label, standard) in labels.into_iter().zip([first, first.again()]) {
                            self.place(label);
                            self.speech(&said(Some(standard)), register);
                            self.jump(done);
                        }
                        self.place(done);
                    }
                    _ => self.speech(&said(standard), register),
                }
            }
            ([only], _) => self.speech(&[Utterance::Written(&only.spoken)], register),
            ([first, ..], None) => self.speech(&[Utterance::Written(&first.spoken)], register),
            (several, Some(attempt)) => {
                let spoken: Vec<&'h Spoken> = several.iter().map(|again| &again.spoken).collect();
                let labels = self.labels(spoken.len());
                let said = self.label();
                self.switch(attempt, &labels);
                for (label, spoken) in labels.into_iter().zip(spoken) {
                    self.place(label);
                    self.speech(&[Utterance::Written(spoken)], register);
                    self.jump(said);
                }
                self.place(said);
            }
        }
        if let Some(attempt) = asking.attempt {
            self.abc(Opcode::AddInt, attempt, attempt, 1, int);
        }
        self.jump(asking.put);
    }
}
