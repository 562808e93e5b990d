//! `survey`: one rating after the other; an answer that does not come is `none`.

use flow_check::hir::{Arm, Choice, ListSurvey, Statement, SurveyQuestion, TypeKind};

use super::{below, of, speech_of, tables};
use crate::call::{Call, Fault, Locals, Stop};
use crate::exits::{Place, Way, index_of};
use crate::shown::shown;
use crate::value::Value;
use crate::world::Sort;

/// One question, worked out.
struct Asked {
    name: String,
    speech: String,
    low: Value,
    high: Value,
}

/// What came of it.
enum Rated {
    Answer(Value),
    Way(Way),
}

impl<'p> Call<'p, '_> {
    pub(super) fn survey(
        &mut self,
        locals: &mut Locals,
        before: &'p [Statement],
        (questions, choices): (&'p [SurveyQuestion], &'p [Choice]),
        arms: &'p [Arm],
    ) -> Result<Way, Stop> {
        self.statements(locals, before, Place::default())?;
        'asking: loop {
            for question in questions {
                let asked = Asked {
                    name: question.name.clone(),
                    speech: self.speech(locals, &question.spoken)?,
                    low: Value::Int(question.low),
                    high: Value::Int(question.high),
                };
                match self.rate(locals, asked, choices)? {
                    Rated::Answer(value) => locals[question.value] = Some(value),
                    Rated::Way(Way::Again) => {
                        self.speak_again(locals, before)?;
                        continue 'asking;
                    }
                    Rated::Way(way) => return Ok(way),
                }
            }
            match self.arm(locals, arms, 0, Vec::new())? {
                Way::Again => self.speak_again(locals, before)?,
                way => return Ok(way),
            }
        }
    }

    /// The same for a list of questions; the answers are a list in the same order.
    pub(super) fn list_survey(
        &mut self,
        locals: &mut Locals,
        before: &'p [Statement],
        survey: &'p ListSurvey,
        arms: &'p [Arm],
    ) -> Result<Way, Stop> {
        self.statements(locals, before, Place::default())?;
        'asking: loop {
            let mut answers = Vec::new();
            for item in self.items(locals, &survey.list)? {
                locals[survey.item] = Some(item);
                let asked = Asked {
                    name: self.text_of(locals, &survey.name)?,
                    speech: self.speech(locals, &survey.spoken)?,
                    low: self.value(locals, &survey.low)?,
                    high: self.value(locals, &survey.high)?,
                };
                match self.rate(locals, asked, &survey.choices)? {
                    Rated::Answer(value) => answers.push(value),
                    Rated::Way(Way::Again) => {
                        self.speak_again(locals, before)?;
                        continue 'asking;
                    }
                    Rated::Way(way) => return Ok(way),
                }
            }
            match self.arm(locals, arms, 0, vec![Value::List(answers)])? {
                Way::Again => self.speak_again(locals, before)?,
                way => return Ok(way),
            }
        }
    }

    fn speak_again(&mut self, locals: &mut Locals, before: &'p [Statement]) -> Result<(), Stop> {
        for say in speech_of(before) {
            self.say(locals, say, Place::default())?;
        }
        Ok(())
    }

    fn rate(&mut self, locals: &mut Locals, asked: Asked, choices: &'p [Choice]) -> Result<Rated, Stop> {
        let keys: Vec<_> = choices.iter().collect();
        let arguments = vec![
            shown(&Value::Text(asked.name)),
            asked.speech,
            shown(&asked.low),
            shown(&asked.high),
            tables::keys(&keys),
        ];
        let outcomes = vec![vec![of(TypeKind::Int)], vec![], vec![below(&keys)]];
        let (outcome, data) = self.perform(Sort::Waits, "rate", arguments, outcomes)?;
        Ok(match outcome {
            0 => Rated::Answer(Value::option(data.into_iter().next())),
            1 => Rated::Answer(Value::None),
            _ => {
                let choice = choices.get(index_of(&data)?).ok_or(Stop::Fault(Fault::Impossible))?;
                Rated::Way(self.left(|call| call.tail(locals, &choice.tail, Place::default()))?)
            }
        })
    }
}
