//! What callers say in answer to a question: a choice, a value, or one of two choices that are asked for again.
//!
//! The keys of a spoken value go the way that pressed keys go, so that one path judges them.

use flow_bytecode::Datum;
use flow_bytecode::limits::TEXT_BYTES;
use flow_bytecode::program::{Form, FormTable};

use super::listening::{TOLD, choices};
use super::question::{form, is_secret};
use crate::boundary::{Hypothesis, StoryLine};
use crate::call::{Call, Wait};
use crate::collector::is_value;
use crate::request::QuestionKind;
use crate::speech::Utterance;
use crate::speech::understand::{Asked, Understood, understand};
use crate::switch::Switch;
use crate::words::Selected;

/// As many hypotheses as are looked at.
const GREATEST_HYPOTHESES: usize = 10;
/// What stands for words that nobody may read.
const MASK: &str = "••••";

impl Switch {
    /// Something was said while a question is asked.
    pub(super) fn question_heard(&mut self, call: &mut Call, hypotheses: &[Hypothesis]) {
        let Wait::Ask(ask) = &call.wait else { return };
        let told = match hypotheses.first() {
            _ if is_secret(call, ask) => MASK.to_owned(),
            Some(best) => best.text.chars().take(TOLD).collect(),
            None => String::new(),
        };
        let taken = form(&call.loaded, &ask.question);
        let free = taken.is_some_and(|form| form.form == Form::Speech);
        if free && let Some(choice) = self.said_alone(call, hypotheses) {
            return self.chosen_by_word(call, choice, told);
        }
        if let Some(form) = taken.filter(|form| form.by_voice)
            && let Some(value) = self.said_value(call, form, hypotheses)
        {
            let (until, gap) = (form.until, ask.question.gap_micros);
            call.wait = Wait::Nothing;
            self.story(call, |_| StoryLine::Heard(told));
            return self.take_value(call, until, gap, value);
        }
        match self.selected(call, ask, hypotheses) {
            Selected::Choice(choice) => return self.chosen_by_word(call, choice, told),
            Selected::Between(one, other) if ask.doubt.is_none() => {
                if self.ask_between(call, one, other, &told) {
                    return;
                }
            }
            Selected::Between(..) | Selected::Nothing => {}
        }
        if let Some(score) = self.said_score(call, hypotheses) {
            self.story(call, |_| StoryLine::Heard(told));
            return self.rated(call, Some(score));
        }
        self.story(call, |_| StoryLine::NotUnderstood(told));
        self.missed(call);
    }

    fn chosen_by_word(&mut self, call: &mut Call, choice: u16, told: String) {
        let Wait::Ask(ask) = std::mem::replace(&mut call.wait, Wait::Nothing) else { return };
        self.story(call, |_| StoryLine::Heard(told));
        self.chosen(call, &ask.question, choice);
    }

    /// Asks between two choices; tells whether there are words for that.
    fn ask_between(&mut self, call: &mut Call, one: u16, other: u16, told: &str) -> bool {
        let Wait::Ask(ask) = &call.wait else { return false };
        let loaded = call.loaded.clone();
        let Some(table) = loaded.program.keys.get(usize::from(ask.question.keys)) else { return false };
        let sentence = |choice: u16| table.choices.get(usize::from(choice)).and_then(|choice| choice.told);
        let (Some(between), Some(first), Some(second)) = (table.between, sentence(one), sentence(other))
        else {
            return false;
        };
        let parts = [between, first, second];
        let items = parts
            .into_iter()
            .flat_map(|template| self.render(call, &Utterance { template, arguments: Vec::new() }))
            .collect();
        self.story(call, |_| StoryLine::Heard(told.to_owned()));
        if let Wait::Ask(ask) = &mut call.wait {
            ask.doubt = Some((one, other));
        }
        self.put_words(call, items);
        true
    }

    /// The choice whose phrase is all that was said.
    fn said_alone(&self, call: &Call, hypotheses: &[Hypothesis]) -> Option<u16> {
        let Wait::Ask(ask) = &call.wait else { return None };
        let table = call.loaded.program.keys.get(usize::from(ask.question.keys))?;
        choices(&call.loaded, call.language, table, !0).whole(&hypotheses.first()?.text)
    }

    /// The value that was said.
    fn said_value(&self, call: &Call, form: &FormTable, hypotheses: &[Hypothesis]) -> Option<Datum> {
        let hypotheses = hypotheses.get(..GREATEST_HYPOTHESES).unwrap_or(hypotheses);
        let words = choices(&call.loaded, call.language, &form.words, !0);
        if let Selected::Choice(index) = words.select(hypotheses) {
            let keys = form.words.choices.get(usize::from(index))?.keys;
            return self.value_of(call, Some(form), call.loaded.text(keys).as_bytes());
        }
        // The names of an enum's variants are all there is to say.
        if !form.words.choices.is_empty() && form.form != Form::YesNo {
            return None;
        }
        let asked = self.asked(call, (form.form != Form::Speech).then_some(form.form));
        let readings = hypotheses.iter().flat_map(|hypothesis| understand(&asked, &hypothesis.text));
        readings.into_iter().find_map(|reading| match reading {
            Understood::Keys(keys) if is_value(form, keys.as_bytes()) => {
                self.value_of(call, Some(form), keys.as_bytes())
            }
            Understood::Keys(_) => None,
            Understood::Text(text) => Some(Datum::Text(cut(&text, TEXT_BYTES).to_owned())),
        })
    }

    /// The number of a rating's scale that was said.
    fn said_score(&self, call: &Call, hypotheses: &[Hypothesis]) -> Option<i64> {
        let Wait::Ask(ask) = &call.wait else { return None };
        let QuestionKind::Rate { low, high, .. } = ask.question.kind else { return None };
        let asked = self.asked(call, Some(Form::Number));
        let hypotheses = hypotheses.iter().take(GREATEST_HYPOTHESES);
        hypotheses.flat_map(|hypothesis| understand(&asked, &hypothesis.text)).find_map(|reading| {
            match reading {
                Understood::Keys(keys) => keys.parse().ok().filter(|score| (low..=high).contains(score)),
                Understood::Text(_) => None,
            }
        })
    }

    fn asked<'a>(&self, call: &'a Call, form: Option<Form>) -> Asked<'a> {
        Asked {
            form,
            language: call.loaded.language(call.language),
            called: &call.record.called,
            today: i64::from(self.today(&call.loaded)),
        }
    }
}

/// As much of a text as fits.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}
