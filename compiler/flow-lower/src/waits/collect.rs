//! `collect`: one value by keys, checked, read back, and put into its type.

use flow_bytecode::Effect;
use flow_bytecode::program::{self, Constant, FormTable, KeyTable};
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{Arm, Collect, Form, Spoken, Statement, TypeKind};

use super::menu::Asking;
use crate::Lowering;
use crate::assembler::Label;
use crate::expressions::currency;
use crate::flow::Place;
use crate::speech::Utterance;
use crate::standard::Standard;

/// The outcomes of a collection, as arms count them.
const DONE: usize = 0;
const NO_INPUT: usize = 1;
const NO_MATCH: usize = 2;
const INVALID: usize = 3;

impl<'h> Lowering<'h> {
    pub(super) fn collect(&mut self, collect: &'h Collect, before: &'h [Statement], arms: &'h [Arm]) {
        let question = &collect.question;
        let by_word = collect.by_voice || super::words::listens(question);
        let asking = self.begin_question(question, before, arms, by_word);
        let a = asking.register;
        let form = self.form_table(collect);
        let register = self.alloc();
        self.load_handle(register, Type::Form, usize::from(form));
        let keys = self.key_table(&question.choices);
        let keys = self.tables.keys(keys);
        let register = self.alloc();
        self.load_handle(register, Type::Keys, usize::from(keys));
        self.patience(question);
        let taken = self.taken_type(collect.form);
        let entry = self.perform(Effect::Collect, a, Some(taken));
        let [done, choice, no_input, no_match, invalid] =
            [self.label(), self.label(), self.label(), self.label(), self.label()];
        self.switch_outcome(a, entry, &[done, choice, no_input, no_match]);

        self.place(done);
        let place = Place { again: asking.again, stay: None };
        let value = self.converted(collect, a.saturating_add(1), no_match);
        self.frame.locals[collect.value] = Some(value);
        self.checks(collect, invalid);
        self.confirm(collect, invalid);
        let after = self.mark();
        self.arm(arms, DONE, after, None, &place);

        self.choices(question, choice, &asking);
        let unheard = super::words::no_input(by_word);
        self.failed_attempt(question, arms, &asking, (NO_INPUT, no_input), Some(unheard), &place);
        self.failed_attempt(question, arms, &asking, (NO_MATCH, no_match), Some(Standard::NoMatch), &place);
        self.refused(collect, arms, &asking, invalid, &place);
    }

    /// A refused value: what is wrong was said already, so the question alone follows.
    fn refused(
        &mut self,
        collect: &'h Collect,
        arms: &'h [Arm],
        asking: &Asking,
        invalid: Label,
        place: &Place,
    ) {
        if !collect.checks.is_empty() || collect.confirm.is_some() {
            self.failed_attempt(&collect.question, arms, asking, (INVALID, invalid), None, place);
        }
    }

    /// The register type of what is taken.
    fn taken_type(&mut self, form: Form) -> TypeId {
        self.tables.ty(match form {
            Form::Digits => Type::Digits,
            Form::Phone => Type::Phone,
            Form::Number | Form::Variant(_) => Type::Int,
            Form::Date => Type::Date,
            Form::Time => Type::Time,
            Form::Money(_) => Type::Money,
            Form::YesNo => Type::Bool,
            Form::Speech => Type::Text,
        })
    }

    /// The value of what was taken: a variant by its place from 1, everything else as it is.
    fn converted(&mut self, collect: &Collect, taken: u8, no_match: Label) -> u8 {
        self.release(taken.saturating_add(1));
        let Form::Variant(id) = collect.form else { return taken };
        let ty = self.ty(&TypeKind::Enum(id));
        let variants = self.hir.enums[id].variants.len();
        let value = self.alloc();
        let beyond = self.label();
        let (done, mut labels) = (self.label(), vec![beyond]);
        labels.extend(self.labels(variants));
        labels.push(beyond);
        self.switch(taken, &labels);
        for (variant, label) in labels[1..=variants].iter().enumerate() {
            self.place(*label);
            self.load(value, Constant::Variant(ty, variant as u16), ty);
            self.jump(done);
        }
        self.place(beyond);
        self.jump(no_match);
        self.place(done);
        value
    }

    fn checks(&mut self, collect: &'h Collect, invalid: Label) {
        for (condition, refusal) in &collect.checks {
            let (wrong, right) = (self.label(), self.label());
            let mark = self.mark();
            self.condition(condition, wrong);
            self.release(mark);
            self.jump(right);
            self.place(wrong);
            self.tell(refusal);
            self.jump(invalid);
            self.place(right);
            self.release(mark);
        }
    }

    /// Says a sentence that a key may cut.
    fn tell(&mut self, spoken: &'h Spoken) {
        let mark = self.mark();
        let boolean = self.tables.ty(Type::Bool);
        let a = self.alloc();
        self.speech(&[Utterance::Written(spoken)], a);
        let b = self.alloc();
        self.load(b, Constant::Bool(true), boolean);
        self.perform(Effect::Say, a, None);
        self.release(mark);
    }

    /// Reads the value back: 1 or yes takes it, everything else refuses it.
    fn confirm(&mut self, collect: &'h Collect, invalid: Label) {
        let Some(spoken) = &collect.confirm else { return };
        let mark = self.mark();
        let a = self.alloc();
        self.speech(&[Utterance::Written(spoken), Utterance::Standard(Standard::ConfirmOrWord)], a);
        let form = FormTable {
            form: program::Form::YesNo,
            length: (1, 1),
            until: None,
            by_key: true,
            by_voice: true,
            secret: false,
            words: self.yes_or_no(),
        };
        let form = self.tables.form(form);
        let register = self.alloc();
        self.load_handle(register, Type::Form, usize::from(form));
        let keys = self.tables.keys(KeyTable::default());
        let register = self.alloc();
        self.load_handle(register, Type::Keys, usize::from(keys));
        self.patience(&collect.question);
        let boolean = self.tables.ty(Type::Bool);
        let entry = self.perform(Effect::Collect, a, Some(boolean));
        let [answered, choice, no_input, no_match, right] =
            [self.label(), self.label(), self.label(), self.label(), self.label()];
        self.switch_outcome(a, entry, &[answered, choice, no_input, no_match]);
        self.place(answered);
        self.jump_if(a.saturating_add(1), right);
        self.jump(invalid);
        for label in [choice, no_input, no_match] {
            self.place(label);
            self.jump(invalid);
        }
        self.place(right);
        self.release(mark);
    }

    fn form_table(&mut self, collect: &Collect) -> u16 {
        let words = match collect.form {
            Form::Variant(id) => self.variant_words(collect, id),
            _ => KeyTable::default(),
        };
        self.tables.form(FormTable {
            form: match collect.form {
                Form::Digits => program::Form::Digits,
                Form::Number | Form::Variant(_) => program::Form::Number,
                Form::Phone => program::Form::Phone,
                Form::Date => program::Form::Date,
                Form::Time => program::Form::Time,
                Form::Money(code) => program::Form::Money(currency(&code)),
                Form::YesNo => program::Form::YesNo,
                Form::Speech => program::Form::Speech,
            },
            length: collect.length,
            until: collect.until.and_then(|key| u8::try_from(key).ok()),
            by_key: collect.by_key,
            by_voice: collect.by_voice,
            secret: collect.secret,
            words,
        })
    }
}
