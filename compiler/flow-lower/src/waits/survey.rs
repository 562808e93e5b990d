//! `survey`: one rating after the other; an answer that does not come is `none`.

use flow_bytecode::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::types::Type;
use flow_check::hir::{Arm, Choice, ListSurvey, Statement, SurveyQuestion};

use super::{asks_again, only_speaks};
use crate::Lowering;
use crate::assembler::Label;
use crate::flow::Place;
use crate::speech::Utterance;

impl<'h> Lowering<'h> {
    pub(super) fn survey(
        &mut self,
        questions: &'h [SurveyQuestion],
        choices: &'h [Choice],
        before: &'h [Statement],
        arms: &'h [Arm],
    ) {
        let int = self.tables.ty(Type::Int);
        let option = self.tables.ty(Type::Option(int));
        let text = self.tables.ty(Type::Text);
        let answers: Vec<_> = questions.iter().map(|_| self.alloc()).collect();
        let again = self.said_before(before, asks_again(choices, arms));
        let place = Place { again, stay: None };
        let a = self.mark();
        for (question, answer) in questions.iter().zip(&answers) {
            self.frame.locals[question.value] = Some(*answer);
            self.release(a);
            let name = self.alloc();
            self.load_text(name, &question.name, text);
            let register = self.alloc();
            self.speech(&[Utterance::Written(&question.spoken)], register);
            let register = self.alloc();
            self.load_int(register, question.low);
            let register = self.alloc();
            self.load_int(register, question.high);
            let keys = self.key_table(choices);
            let keys = self.tables.keys(keys);
            let register = self.alloc();
            self.load_handle(register, Type::Keys, usize::from(keys));
            let entry = self.perform(Effect::Rate, a, None);
            let [answered, unanswered, choice, next] =
                [self.label(), self.label(), self.label(), self.label()];
            self.switch_outcome(a, entry, &[answered, unanswered, choice]);
            self.place(answered);
            self.abc(Opcode::Some, *answer, a.saturating_add(1), 0, option);
            self.release(a);
            self.jump(next);
            self.place(unanswered);
            self.abx(Opcode::None, *answer, option.0, option);
            self.release(a);
            self.jump(next);
            self.place(choice);
            let labels = self.labels(choices.len());
            self.choose(a.saturating_add(1), &labels);
            for (choice, label) in choices.iter().zip(labels) {
                self.place(label);
                self.release(a);
                self.at(choice.location);
                self.tail(&choice.tail, &place);
            }
            self.place(next);
        }
        self.release(a);
        self.arm(arms, 0, a, None, &place);
    }

    /// What is said before; where the questions may be asked again, the label from where it is said again. Statements
    /// with effects are not repeated.
    fn said_before(&mut self, before: &'h [Statement], repeats: bool) -> Option<Label> {
        if !repeats {
            self.statements(before, &Place::default());
            return None;
        }
        if only_speaks(before) {
            let live = self.live();
            let again = self.label_with(live);
            self.place(again);
            self.statements(before, &Place::default());
            return Some(again);
        }
        self.statements(before, &Place::default());
        Some(self.repeat_speech(before, None))
    }

    /// The same for a list: its answers are a list, in the same order.
    pub(super) fn list_survey(&mut self, survey: &'h ListSurvey, before: &'h [Statement], arms: &'h [Arm]) {
        let int = self.tables.ty(Type::Int);
        let option = self.tables.ty(Type::Option(int));
        let list = self.tables.ty(Type::List(option));
        let answers = self.alloc();
        let again = self.said_before(before, asks_again(&survey.choices, arms));
        let place = Place { again, stay: None };
        self.abx(Opcode::EmptyList, answers, list.0, list);
        self.each(survey.item, &survey.list, |this, next| {
            let answer = this.alloc();
            let a = this.alloc();
            this.text_of(&survey.name, a);
            let register = this.alloc();
            this.speech(&[Utterance::Written(&survey.spoken)], register);
            for bound in [&survey.low, &survey.high] {
                let register = this.alloc();
                this.into(bound, register, None);
            }
            let keys = this.key_table(&survey.choices);
            let keys = this.tables.keys(keys);
            let register = this.alloc();
            this.load_handle(register, Type::Keys, usize::from(keys));
            let entry = this.perform(Effect::Rate, a, None);
            let [answered, unanswered, choice, given] =
                [this.label(), this.label(), this.label(), this.label()];
            this.switch_outcome(a, entry, &[answered, unanswered, choice]);
            this.place(answered);
            this.abc(Opcode::Some, answer, a.saturating_add(1), 0, option);
            this.release(a);
            this.jump(given);
            this.place(unanswered);
            this.abx(Opcode::None, answer, option.0, option);
            this.release(a);
            this.jump(given);
            this.place(choice);
            let labels = this.labels(survey.choices.len());
            this.choose(a.saturating_add(1), &labels);
            for (choice, label) in survey.choices.iter().zip(labels) {
                this.place(label);
                this.release(a);
                this.at(choice.location);
                this.tail(&choice.tail, &place);
            }
            this.place(given);
            this.abc(Opcode::Append, answers, answers, answer, list);
            this.jump(next);
        });
        self.arm(arms, 0, answers, None, &place);
    }
}
