//! `menu` and `collect`.

use flow_check::hir::{Arm, Collect, Form, Question, Statement, TypeKind};

use super::answers::Asking;
use super::{below, millis, of, speech_of, tables};
use crate::call::{Call, Fault, Locals, Stop};
use crate::exits::{Place, Way, index_of};
use crate::sentences::Sentence;
use crate::value::Value;
use crate::world::{Given, Sort};

/// The outcomes of a collection, as its arms count them.
const DONE: usize = 0;
const NO_INPUT: usize = 1;
const NO_MATCH: usize = 2;
const INVALID: usize = 3;

const SILENT: (Sentence, Sentence) = (Sentence::NoInput, Sentence::NoInputAgain);
const NOT_HEARD: (Sentence, Sentence) = (Sentence::NothingHeard, Sentence::NothingHeardAgain);
const WRONG: (Sentence, Sentence) = (Sentence::NoMatch, Sentence::NoMatchAgain);

/// What comes of a value that was taken.
enum Taken {
    /// It goes on.
    Way(Way),
    /// It was refused, as this outcome.
    Refused(usize),
}

impl<'p> Call<'p, '_> {
    pub(super) fn menu(
        &mut self,
        locals: &mut Locals,
        before: &'p [Statement],
        question: &'p Question,
        arms: &'p [Arm],
    ) -> Result<Way, Stop> {
        self.statements(locals, before, Place::default())?;
        let mut asking = Asking::new(question, arms);
        let mut speech = self.asked(locals, question.ask.as_ref())?;
        let choices: Vec<_> = question.choices.iter().collect();
        loop {
            let arguments = vec![
                speech,
                tables::keys(&choices),
                millis(question.wait_millis),
                millis(question.gap_millis),
            ];
            let outcomes = vec![vec![below(&choices)], vec![], vec![]];
            let (outcome, data) = self.perform(Sort::Waits, "menu", arguments, outcomes)?;
            let way = match outcome {
                0 => Some(self.chosen(locals, question, index_of(&data)?)?),
                other => self.answered(locals, &mut asking, other - 1)?,
            };
            speech = match way {
                Some(Way::Again) => self.asked_from_the_start(locals, before, &mut asking)?,
                Some(way) => return Ok(way),
                None => {
                    let sentences = if outcome == 1 { silent(question) } else { WRONG };
                    self.asked_again(locals, &mut asking, outcome - 1, Some(sentences))?
                }
            };
        }
    }

    pub(super) fn collect(
        &mut self,
        locals: &mut Locals,
        before: &'p [Statement],
        collect: &'p Collect,
        arms: &'p [Arm],
    ) -> Result<Way, Stop> {
        let question = &collect.question;
        self.statements(locals, before, Place::default())?;
        let mut asking = Asking::new(question, arms);
        let mut speech = self.asked(locals, question.ask.as_ref())?;
        let choices: Vec<_> = question.choices.iter().collect();
        loop {
            let arguments = vec![
                speech,
                tables::form(collect),
                tables::keys(&choices),
                millis(question.wait_millis),
                millis(question.gap_millis),
            ];
            let outcomes = vec![vec![of(taken(collect.form))], vec![below(&choices)], vec![], vec![]];
            let (outcome, data) = self.perform(Sort::Waits, "collect", arguments, outcomes)?;
            let (way, refused) = match outcome {
                0 => match self.taken(locals, collect, arms, data)? {
                    Taken::Way(way) => (Some(way), DONE),
                    Taken::Refused(outcome) => (self.answered(locals, &mut asking, outcome)?, outcome),
                },
                1 => (Some(self.chosen(locals, question, index_of(&data)?)?), DONE),
                2 => (self.answered(locals, &mut asking, NO_INPUT)?, NO_INPUT),
                _ => (self.answered(locals, &mut asking, NO_MATCH)?, NO_MATCH),
            };
            speech = match way {
                Some(Way::Again) => self.asked_from_the_start(locals, before, &mut asking)?,
                Some(way) => return Ok(way),
                None => {
                    // What is wrong with a refused value was said already.
                    let sentences = match refused {
                        NO_INPUT if collect.by_voice => Some(NOT_HEARD),
                        NO_INPUT => Some(silent(question)),
                        NO_MATCH => Some(WRONG),
                        _ => None,
                    };
                    self.asked_again(locals, &mut asking, refused, sentences)?
                }
            };
        }
    }

    fn chosen(&mut self, locals: &mut Locals, question: &'p Question, index: usize) -> Result<Way, Stop> {
        let choice = question.choices.get(index).ok_or(Stop::Fault(Fault::Impossible))?;
        self.left(|call| call.tail(locals, &choice.tail, Place::default()))
    }

    /// `-> again`: the speech of the block and its question, from the start.
    fn asked_from_the_start(
        &mut self,
        locals: &mut Locals,
        before: &'p [Statement],
        asking: &mut Asking<'p>,
    ) -> Result<String, Stop> {
        asking.again = 0;
        for say in speech_of(before) {
            self.say(locals, say, Place::default())?;
        }
        self.asked(locals, asking.question.ask.as_ref())
    }

    /// A value was entered: put into its type, checked, and read back.
    fn taken(
        &mut self,
        locals: &mut Locals,
        collect: &'p Collect,
        arms: &'p [Arm],
        data: Vec<Value>,
    ) -> Result<Taken, Stop> {
        let value = data.into_iter().next().ok_or(Stop::Fault(Fault::Impossible))?;
        let value = match (collect.form, value) {
            (Form::Variant(id), Value::Int(place)) => {
                let count = self.program.enums[id].variants.len() as i64;
                if !(1..=count).contains(&place) {
                    return Ok(Taken::Refused(NO_MATCH));
                }
                Value::Variant((place - 1) as usize, Vec::new())
            }
            (_, value) => value,
        };
        locals[collect.value] = Some(value);
        for (condition, refusal) in &collect.checks {
            if !self.holds(locals, condition)? {
                let speech = self.speech(locals, refusal)?;
                self.perform(Sort::Waits, "say", vec![speech, "true".into()], vec![vec![]])?;
                return Ok(Taken::Refused(INVALID));
            }
        }
        if let Some(spoken) = &collect.confirm {
            let speech = self.with_sentence(locals, (None, Some(Sentence::Confirm)), Some(spoken))?;
            let question = &collect.question;
            let arguments = vec![
                speech,
                "form YesNo 1-1 until None key true voice true secret false".into(),
                tables::keys(&[]),
                millis(question.wait_millis),
                millis(question.gap_millis),
            ];
            let outcomes = vec![vec![of(TypeKind::Bool)], vec![Given::Below(0)], vec![], vec![]];
            let (outcome, data) = self.perform(Sort::Waits, "collect", arguments, outcomes)?;
            if outcome != 0 || !matches!(data[..], [Value::Bool(true)]) {
                return Ok(Taken::Refused(INVALID));
            }
        }
        self.arm(locals, arms, DONE, Vec::new()).map(Taken::Way)
    }
}

/// What is said to who did not answer: of words only where a choice has some.
fn silent(question: &Question) -> (Sentence, Sentence) {
    match question.choices.iter().any(|choice| !choice.phrases.is_empty()) {
        true => NOT_HEARD,
        false => SILENT,
    }
}

/// What is entered for a form: a variant by its place from 1.
fn taken(form: Form) -> TypeKind {
    match form {
        Form::Digits => TypeKind::Digits,
        Form::Phone => TypeKind::Phone,
        Form::Number | Form::Variant(_) => TypeKind::Int,
        Form::Date => TypeKind::Date,
        Form::Time => TypeKind::Time,
        Form::Money(_) => TypeKind::Money,
        Form::YesNo => TypeKind::Bool,
        Form::Speech => TypeKind::Text,
    }
}
