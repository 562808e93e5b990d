//! Callers who speak: when they are listened to, and what becomes of what was heard.
//!
//! One utterance is listened for at a time. Nothing here knows what a menu or a queue does with its answer; a
//! listening that fails leaves its question to the keys, and the next questions are made for keys until one was
//! listened to again.

use flow_bytecode::program::{Form, KeyTable};

use crate::boundary::{Hints, Hypothesis, LegId, ListenId, Output, SpokenForm, StoryLine};
use crate::call::{Ask, Call, Wait};
use crate::programs::Loaded;
use crate::request::{Question, QuestionKind};
use crate::switch::Switch;
use crate::words::{Choices, Selected};

/// How long what was begun to be said may take to be heard, in microseconds.
const UTTERANCE_MICROS: u64 = 20_000_000;
/// A question that has been heard for no longer than that is made anew when nobody can listen to its answer.
const BARELY_HEARD_MICROS: u64 = 1_000_000;

/// Characters of what was said that a story tells.
pub(super) const TOLD: usize = 200;

/// The choices of a table, for words.
pub(super) fn choices<'a>(loaded: &'a Loaded, language: u16, table: &'a KeyTable, live: u64) -> Choices<'a> {
    let code = loaded.program.languages.get(usize::from(language)).map_or("en", String::as_str);
    Choices { table, live, texts: &loaded.program.texts, language, code }
}

/// The form of a value as recognisers know it; none for an enum, whose words are phrases.
fn spoken_form(loaded: &Loaded, question: &Question) -> Option<SpokenForm> {
    let QuestionKind::Collect(form) = question.kind else {
        return matches!(question.kind, QuestionKind::Rate { .. }).then_some(SpokenForm::Number);
    };
    let form = loaded.program.forms.get(usize::from(form)).filter(|form| form.by_voice)?;
    // An enum is chosen by its words alone.
    if !form.words.choices.is_empty() && form.form != Form::YesNo {
        return None;
    }
    Some(match form.form {
        Form::Digits => SpokenForm::Digits { least: form.length.0, most: form.length.1 },
        Form::Number => SpokenForm::Number,
        Form::Phone => SpokenForm::Phone,
        Form::Date => SpokenForm::Date,
        Form::Time => SpokenForm::Time,
        Form::Money(_) => SpokenForm::Money,
        Form::YesNo => SpokenForm::YesNo,
        Form::Speech => SpokenForm::Free,
    })
}

impl Switch {
    /// The call's language, when callers are understood in it.
    fn understood_language<'a>(&self, call: &'a Call) -> Option<&'a str> {
        let language = call.loaded.program.languages.get(usize::from(call.language))?;
        let base = |code: &'a str| code.split('-').next().unwrap_or(code);
        let listens = self.options.listens.iter();
        let mut bases = listens.map(|own| own.split('-').next().unwrap_or(own));
        bases.any(|own| own == base(language)).then_some(language.as_str())
    }

    /// Whether questions are made for callers who may speak.
    pub(crate) fn is_listened_to(&self, call: &Call) -> bool {
        !call.unheard && self.understood_language(call).is_some()
    }

    /// Whether a question can be answered by voice.
    pub(super) fn may_be_said(&self, call: &Call, question: &Question) -> bool {
        self.understood_language(call).is_some() && takes_words(call, question)
    }

    /// Listens to the answer of the question that is asked.
    pub(super) fn listen_to_answer(&mut self, call: &mut Call) {
        let Wait::Ask(ask) = &call.wait else { return };
        if ask.unheard || !self.may_be_said(call, &ask.question) {
            return;
        }
        let loaded = call.loaded.clone();
        let form = spoken_form(&loaded, &ask.question);
        let mut phrases = Vec::new();
        for table in tables(&loaded, &ask.question) {
            phrases.extend(choices(&loaded, call.language, table, !0).phrases());
        }
        let listening = self.listen(call, Hints { phrases, form });
        if let Wait::Ask(ask) = &mut call.wait {
            ask.listening = listening;
        }
    }

    /// Listens to one utterance of the caller.
    pub(super) fn listen(&mut self, call: &mut Call, hints: Hints) -> Option<ListenId> {
        let (leg, language) = (call.leg?, self.understood_language(call)?.to_owned());
        if call.listening.is_some() {
            // Nobody has said that it failed.
            call.unheard = false;
        }
        call.last_listening = call.last_listening.wrapping_add(1);
        let listening = ListenId(call.last_listening);
        call.listening = Some(listening);
        self.outputs.push_back(Output::Listen { leg, listening, language, hints });
        Some(listening)
    }

    /// Stops listening to an answer that is not waited for any more.
    pub(crate) fn see_to_listening(&mut self, call: &mut Call) {
        let Some(active) = call.listening else { return };
        let wanted = match &call.wait {
            Wait::Ask(ask) => ask.listening,
            Wait::Queue(stay) if stay.talk.is_none() => stay.listening,
            _ => None,
        };
        if wanted != Some(active) {
            call.listening = None;
            call.unheard = false;
            if let Some(leg) = call.leg {
                self.outputs.push_back(Output::StopListening(leg, active));
            }
        }
    }

    /// Whether an event is about what is listened for on the caller's leg.
    fn is_about(call: &Call, leg: LegId, listening: ListenId) -> bool {
        call.leg == Some(leg) && call.listening == Some(listening) && call.over.is_none()
    }

    /// The caller has begun to say something that means something.
    pub(crate) fn word_understood(&mut self, call: &mut Call, leg: LegId, listening: ListenId) {
        if !Self::is_about(call, leg, listening) {
            return;
        }
        call.unheard = false;
        let now = self.now.monotonic;
        let Wait::Ask(ask) = &mut call.wait else { return };
        let play = ask.play.take();
        ask.deadline = Some(now.saturating_add(ask.question.wait_micros.max(UTTERANCE_MICROS)));
        if let Some(play) = play {
            self.outputs.push_back(Output::Stop(leg, play));
        }
    }

    /// Nobody can listen: the keys are left.
    pub(crate) fn listening_failed(&mut self, call: &mut Call, leg: LegId, listening: ListenId) {
        if !Self::is_about(call, leg, listening) {
            return;
        }
        call.listening = None;
        // Whether the caller was told what may be said.
        let told = !std::mem::replace(&mut call.unheard, true);
        let now = self.now.monotonic;
        match &mut call.wait {
            Wait::Queue(stay) => {
                stay.listening = None;
                stay.unheard = true;
            }
            Wait::Ask(ask) => {
                ask.listening = None;
                ask.unheard = true;
                let barely = now.saturating_sub(ask.put) <= BARELY_HEARD_MICROS && ask.play.is_some();
                if told {
                    self.story(call, |_| StoryLine::Noted("nobody can listen; the keys are left".to_owned()));
                }
                if self.only_by_voice(call) {
                    self.no_input(call);
                } else if told && barely {
                    self.put_question(call);
                }
            }
            _ => {}
        }
    }

    /// Whether the question that is asked cannot be answered by key.
    fn only_by_voice(&self, call: &Call) -> bool {
        matches!(&call.wait, Wait::Ask(ask) if call.deaf || !takes_keys(call, &ask.question))
    }

    /// Something was said.
    pub(crate) fn heard(
        &mut self,
        call: &mut Call,
        leg: LegId,
        listening: ListenId,
        hypotheses: &[Hypothesis],
    ) {
        if !Self::is_about(call, leg, listening) {
            return;
        }
        call.listening = None;
        call.unheard = false;
        match &mut call.wait {
            Wait::Queue(stay) => {
                stay.listening = None;
                self.stay_heard(call, hypotheses);
            }
            Wait::Ask(ask) => {
                ask.listening = None;
                if let Some(play) = ask.play.take() {
                    self.outputs.push_back(Output::Stop(leg, play));
                }
                self.question_heard(call, hypotheses);
            }
            _ => {}
        }
    }

    /// What was said selects of the choices of the question that is asked. Between two it is decided once.
    pub(super) fn selected(&self, call: &Call, ask: &Ask, hypotheses: &[Hypothesis]) -> Selected {
        let loaded = &call.loaded;
        let Some(table) = loaded.program.keys.get(usize::from(ask.question.keys)) else {
            return Selected::Nothing;
        };
        if let Some((one, other)) = ask.doubt {
            let bit = |choice: u16| 1_u64.checked_shl(u32::from(choice)).unwrap_or(0);
            let only = choices(loaded, call.language, table, bit(one) | bit(other));
            if let found @ Selected::Choice(_) = only.select(hypotheses) {
                return found;
            }
        }
        choices(loaded, call.language, table, !0).select(hypotheses)
    }
}

/// The tables of words of a question: its choices, and the words of its value.
fn tables<'a>(loaded: &'a Loaded, question: &Question) -> impl Iterator<Item = &'a KeyTable> {
    let form = match question.kind {
        QuestionKind::Collect(form) => {
            loaded.program.forms.get(usize::from(form)).filter(|form| form.by_voice)
        }
        _ => None,
    };
    let words = form.map(|form| &form.words);
    loaded.program.keys.get(usize::from(question.keys)).into_iter().chain(words)
}

/// Whether a question has anything to be said in its call's language.
fn takes_words(call: &Call, question: &Question) -> bool {
    let loaded = &call.loaded;
    let by_voice = match question.kind {
        QuestionKind::Collect(form) => {
            loaded.program.forms.get(usize::from(form)).is_some_and(|form| form.by_voice)
        }
        _ => false,
    };
    by_voice || tables(loaded, question).any(|table| choices(loaded, call.language, table, !0).has_phrases())
}

/// Whether what a question asks for can be pressed.
pub(super) fn takes_keys(call: &Call, question: &Question) -> bool {
    match question.kind {
        QuestionKind::Collect(form) => {
            call.loaded.program.forms.get(usize::from(form)).is_none_or(|form| form.by_key)
        }
        _ => true,
    }
}
