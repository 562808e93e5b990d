//! Keys and choices: which keys exist, bound once, and none that must silently wait for a longer one.

use std::collections::HashMap;

use flow_diagnostics::Location;
use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Say};
use crate::endings::Rules;
use crate::flows::FlowContext;
use crate::hir::{Choice, Spoken};

/// A choice and how the caller hears of it.
#[derive(Clone)]
pub(crate) struct Told {
    pub choice: Choice,
    /// "For sales, press 1."
    pub sentence: Option<Spoken>,
    pub silently: bool,
}

impl<'a> Checker<'a> {
    /// Checks a `press` arm.
    pub fn choice(&mut self, f: &mut FlowContext<'a>, choice: &ast::Choice, from_flow: bool) -> Told {
        let location = f.scope.at(choice.key.span);
        let keys = choice.key.keys.to_string();
        if keys.is_empty()
            || keys.len() > 8
            || !keys.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#')
        {
            self.error(codes::BAD_KEY, location, format!("no telephone has the key `{keys}`"), "not a key")
                .add_help("keys are made of 0 to 9, `*` and `#`, at most eight");
        }
        let phrases = self.phrases(f, choice.phrases.as_ref(), location);
        let sentence = self.choice_sentence(f, choice, &phrases);
        let told = self.told_choice(choice, &phrases, sentence.as_ref());
        let label = self.label_words(choice, sentence.as_ref());
        let tail = self.go(f, &choice.go, Rules { again: true, silent: false });
        let choice_hir = Choice { keys, phrases, label, told, tail, from_flow, location };
        Told { choice: choice_hir, sentence, silently: choice.silently.is_some() }
    }

    /// One key for two things.
    pub fn key_twice(&mut self, second: &Choice, first: Location) {
        let keys = &second.keys;
        let message = format!("the key {keys} is bound twice");
        self.error(codes::KEY_TWICE, second.location, message, "the second time")
            .add_label(first, "the first time")
            .add_help("give one of them another key");
    }

    /// The choices live in a block: its own, then those of the flow that it does not take itself.
    /// `value_keys` are keys that belong to the value being typed; `gap` is what a prefix costs.
    pub fn live_choices(
        &mut self,
        f: &FlowContext<'a>,
        own: &[Told],
        value_keys: &str,
        gap_millis: u64,
    ) -> Vec<Told> {
        let mut bound: HashMap<&str, Location> = HashMap::with_capacity(own.len());
        for told in own {
            match bound.get(told.choice.keys.as_str()) {
                Some(first) => self.key_twice(&told.choice, *first),
                None => {
                    bound.insert(&told.choice.keys, told.choice.location);
                }
            }
            if told.choice.keys.chars().all(|k| value_keys.contains(k)) && !told.choice.keys.is_empty() {
                let keys = &told.choice.keys;
                let message = format!("the key {keys} is also part of the value that is typed here");
                self.error(codes::KEY_IN_VALUE, told.choice.location, message, "choice or value?")
                    .add_help("bind `*` or another key that no value begins with");
            }
        }
        let mut live = own.to_vec();
        for told in &f.choices {
            let taken = bound.contains_key(told.choice.keys.as_str())
                || told.choice.keys.chars().next().is_some_and(|k| value_keys.contains(k));
            if !taken {
                live.push(told.clone());
            }
        }
        self.slow_keys(&live, gap_millis);
        self.told_apart(&live);
        live
    }

    fn slow_keys(&mut self, live: &[Told], gap_millis: u64) {
        let mut sorted: Vec<&Choice> = live.iter().map(|t| &t.choice).collect();
        sorted.sort_by(|a, b| a.keys.cmp(&b.keys));
        for pair in sorted.windows(2) {
            let (short, long) = (pair[0], pair[1]);
            if !short.from_flow && short.keys != long.keys && long.keys.starts_with(&short.keys) {
                let message = format!(
                    "after {} the call waits {gap_millis} ms, because {} is a key as well",
                    short.keys, long.keys
                );
                self.warning(codes::SLOW_KEY, short.location, message, "the slow key")
                    .add_label(long.location, "the longer one")
                    .add_help("choose keys of which none begins another");
            }
        }
    }
}
