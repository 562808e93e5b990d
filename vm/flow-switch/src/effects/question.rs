//! Speech, and questions answered by keys: `say`, `menu`, `collect`, `rate`.

use flow_bytecode::Datum;
use flow_bytecode::program::{FormTable, KeyTable};

use crate::boundary::{Rating, StoryLine};
use crate::call::{Ask, Call, Wait};
use crate::collector::{Answer, Collector, Offer, Verdict};
use crate::programs::Loaded;
use crate::request::{Question, QuestionKind};
use crate::speech::Utterance;
use crate::switch::Switch;

/// How long a rating waits for the first key, and between keys.
pub(super) const RATE_WAIT_MICROS: u64 = 5_000_000;
pub(super) const RATE_GAP_MICROS: u64 = 3_000_000;
/// After so many wrong keys a rating goes on without an answer.
const RATE_MISSES: u8 = 3;

/// What a question offers.
fn offer<'a>(loaded: &'a Loaded, question: &'a Question) -> Offer<'a> {
    const NOTHING: &KeyTable = &KeyTable { choices: Vec::new() };
    let form = match question.kind {
        QuestionKind::Collect(form) => loaded.program.forms.get(usize::from(form)),
        _ => None,
    };
    let range = match question.kind {
        QuestionKind::Rate { low, high, .. } => Some((low, high)),
        _ => None,
    };
    Offer {
        table: loaded.program.keys.get(usize::from(question.keys)).unwrap_or(NOTHING),
        live: !0,
        texts: &loaded.program.texts,
        form,
        range,
    }
}

fn form<'a>(loaded: &'a Loaded, question: &Question) -> Option<&'a FormTable> {
    match question.kind {
        QuestionKind::Collect(form) => loaded.program.forms.get(usize::from(form)),
        _ => None,
    }
}

/// Whether a secret is asked for.
pub(crate) fn is_secret(call: &Call, ask: &Ask) -> bool {
    form(&call.loaded, &ask.question).is_some_and(|form| form.secret)
}

/// The keys of a choice.
fn choice_of<'a>(loaded: &'a Loaded, question: &Question, answer: Answer) -> &'a [u8] {
    let Answer::Choice(index) = answer else { return &[] };
    let table = loaded.program.keys.get(usize::from(question.keys));
    let choice = table.and_then(|table| table.choices.get(usize::from(index)));
    choice.map_or(&[], |choice| loaded.text(choice.keys).as_bytes())
}

impl Switch {
    /// Speaks to the caller.
    pub(super) fn say(&mut self, call: &mut Call, speech: &Utterance, cut: bool) {
        self.answer(call);
        let skipped = cut && !call.typed.is_empty();
        let Some(leg) = call.leg.filter(|_| !skipped) else { return self.finish(call, 0, &[]) };
        let items = self.render(call, speech);
        let until = self.patience(call, &items);
        match self.play(call, leg, items, cut, false) {
            Some(play) => call.wait = Wait::Say { play, cut, until },
            None => self.finish(call, 0, &[]),
        }
    }

    /// Asks, or takes what was typed ahead.
    pub(super) fn ask(&mut self, call: &mut Call, question: Question) {
        self.answer(call);
        let ask = Ask { question, play: None, collector: Collector::default(), deadline: None, misses: 0 };
        call.wait = Wait::Ask(Box::new(ask));
        if call.deaf {
            return self.no_input(call);
        }
        if call.typed.is_empty() { self.put_question(call) } else { self.take_typed(call) }
    }

    fn put_question(&mut self, call: &mut Call) {
        let Wait::Ask(ask) = &call.wait else { return };
        let items = self.render(call, &ask.question.speech);
        let wait = ask.question.wait_micros;
        let until = self.patience(call, &items);
        let play = call.leg.and_then(|leg| self.play(call, leg, items, true, false));
        let Wait::Ask(ask) = &mut call.wait else { return };
        ask.play = play;
        ask.deadline = Some(if play.is_none() { self.now.monotonic.saturating_add(wait) } else { until });
    }

    fn take_typed(&mut self, call: &mut Call) {
        while matches!(call.wait, Wait::Ask(_))
            && let Some(key) = call.typed.pop_front()
        {
            self.take_key(call, key);
        }
    }

    /// A key while a question is asked.
    pub(crate) fn question_key(&mut self, call: &mut Call, key: u8) {
        let Wait::Ask(ask) = &mut call.wait else { return };
        if let (Some(play), Some(leg)) = (ask.play.take(), call.leg) {
            self.outputs.push_back(crate::boundary::Output::Stop(leg, play));
        }
        self.take_key(call, key);
    }

    fn take_key(&mut self, call: &mut Call, key: u8) {
        let Wait::Ask(ask) = &mut call.wait else { return };
        let verdict = ask.collector.press(&offer(&call.loaded, &ask.question), key);
        self.judge(call, verdict);
    }

    /// The wait for a key is over.
    pub(crate) fn question_due(&mut self, call: &mut Call) {
        let Wait::Ask(ask) = &mut call.wait else { return };
        ask.deadline = None;
        if let Some(play) = ask.play {
            // The end of the question was waited for in vain.
            call.record.oddities = call.record.oddities.saturating_add(1);
            if let Some(leg) = call.leg {
                self.outputs.push_back(crate::boundary::Output::Stop(leg, play));
            }
            return self.played(call, play);
        }
        if ask.collector.entered().is_empty() {
            return self.no_input(call);
        }
        let verdict = ask.collector.gap(&offer(&call.loaded, &ask.question));
        self.judge(call, verdict);
    }

    fn no_input(&mut self, call: &mut Call) {
        let Wait::Ask(ask) = &call.wait else { return };
        self.story(call, |_| StoryLine::NoInput);
        match &ask.question.kind {
            QuestionKind::Menu => self.finish(call, 1, &[]),
            QuestionKind::Collect(_) => self.finish(call, 2, &[]),
            QuestionKind::Rate { .. } => self.rated(call, None),
        }
    }

    fn judge(&mut self, call: &mut Call, verdict: Verdict) {
        match verdict {
            Verdict::More => {
                let now = self.now.monotonic;
                if let Wait::Ask(ask) = &mut call.wait {
                    ask.deadline = Some(now.saturating_add(ask.question.gap_micros));
                }
            }
            Verdict::Is { answer, unused } => self.answered_by_key(call, answer, unused),
            Verdict::NoMatch => self.no_match(call),
        }
    }

    fn answered_by_key(&mut self, call: &mut Call, answer: Answer, unused: bool) {
        let Wait::Ask(ask) = std::mem::replace(&mut call.wait, Wait::Nothing) else { return };
        let mut taken = None;
        if let Answer::Value(length) = answer {
            let keys = ask.collector.entered();
            taken = self.value_of(call, form(&call.loaded, &ask.question), &keys[..length.min(keys.len())]);
            // The 31st of February.
            if taken.is_none() {
                call.wait = Wait::Ask(ask);
                return self.no_match(call);
            }
        }
        let mut keys = ask.collector.entered();
        if unused && let Some((last, before)) = keys.split_last() {
            call.typed.push_front(*last);
            keys = before;
        }
        let form = form(&call.loaded, &ask.question);
        let secret = form.is_some_and(|form| form.secret) && matches!(answer, Answer::Value(_));
        // Of digits of a secret that were given up for a choice, only the choice is told.
        let told = match answer {
            Answer::Choice(_) if form.is_some_and(|form| form.secret) => {
                choice_of(&call.loaded, &ask.question, answer)
            }
            _ => keys,
        };
        self.story_keys(call, told, secret, StoryLine::Pressed);
        match answer {
            Answer::Choice(index) => {
                let outcome = match ask.question.kind {
                    QuestionKind::Menu => 0,
                    QuestionKind::Collect(_) => 1,
                    QuestionKind::Rate { .. } => 2,
                };
                self.finish(call, outcome, &[Datum::Int(i64::from(index))]);
            }
            Answer::Value(length) => {
                // A caller who ends a value of fixed length with its closing key means nothing more by it.
                if let Some(until) = form.and_then(|form| form.until)
                    && length == keys.len()
                {
                    match call.typed.front() {
                        Some(next) if *next == until => drop(call.typed.pop_front()),
                        Some(_) => {}
                        None => {
                            let late = self.now.monotonic.saturating_add(ask.question.gap_micros);
                            call.swallow = Some((until, late));
                        }
                    }
                }
                if let Some(value) = taken {
                    self.finish(call, 0, &[value]);
                }
            }
            Answer::Number(number) => {
                call.wait = Wait::Ask(ask);
                self.rated(call, Some(number));
            }
        }
    }

    /// Keys as the value that the form takes.
    fn value_of(&self, call: &Call, form: Option<&FormTable>, keys: &[u8]) -> Option<Datum> {
        // Who called a name rather than a number is at home where our own numbers are.
        let called = Some(call.record.called.as_str()).filter(|called| called.starts_with('+'));
        let called = called.or_else(|| call.loaded.own_numbers().next()).unwrap_or(&call.record.called);
        let language = call.loaded.program.languages.get(usize::from(call.language));
        crate::forms::value(form?.form, keys, called, language.map_or("en", String::as_str))
    }

    fn no_match(&mut self, call: &mut Call) {
        let now = self.now.monotonic;
        call.typed.clear();
        let Wait::Ask(ask) = &mut call.wait else { return };
        let secret = form(&call.loaded, &ask.question).is_some_and(|form| form.secret);
        let keys = std::mem::take(&mut ask.collector);
        ask.misses = ask.misses.saturating_add(1);
        let misses = ask.misses;
        ask.deadline = Some(now.saturating_add(ask.question.wait_micros));
        let outcome = match ask.question.kind {
            QuestionKind::Menu => Some(2),
            QuestionKind::Collect(_) => Some(3),
            QuestionKind::Rate { .. } => None,
        };
        self.story_keys(call, keys.entered(), secret, StoryLine::NoMatch);
        match outcome {
            Some(outcome) => self.finish(call, outcome, &[]),
            None if misses < RATE_MISSES => self.put_question(call),
            None => self.rated(call, None),
        }
    }

    /// A rating has its answer, or none: it is in the record at once.
    fn rated(&mut self, call: &mut Call, score: Option<i64>) {
        let Wait::Ask(ask) = std::mem::replace(&mut call.wait, Wait::Nothing) else { return };
        let QuestionKind::Rate { name, .. } = ask.question.kind else { return };
        self.story(call, |_| StoryLine::Rated { question: name.clone(), score });
        call.record.ratings.push(Rating { question: name, score });
        match score {
            Some(score) => self.finish(call, 0, &[Datum::Int(score)]),
            None => self.finish(call, 1, &[]),
        }
    }
}
