//! Keys and choices: which keys exist, bound once, and none that must silently wait for a longer one.

use std::collections::BTreeMap;
use std::rc::Rc;

use flow_diagnostics::Location;
use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Say};
use crate::endings::Rules;
use crate::flows::FlowContext;
use crate::hir::{Choice, Spoken};

/// Up to so many choices are looked along for one of a key.
const FEW: usize = 16;

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
        let told = told.map(Box::new);
        let choice_hir = Choice { keys, phrases, label, told, tail: Rc::new(tail), from_flow, location };
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
        own: Vec<Told>,
        value_keys: &str,
        gap_millis: u64,
    ) -> Vec<Told> {
        let mut index: BTreeMap<&str, usize> = BTreeMap::new();
        if own.len() > FEW {
            index.extend(own.iter().enumerate().rev().map(|(at, told)| (told.choice.keys.as_str(), at)));
        }
        let first_of = |keys: &str| match own.len() > FEW {
            true => index.get(keys).copied(),
            false => own.iter().position(|told| told.choice.keys == keys),
        };
        for (at, told) in own.iter().enumerate() {
            if let Some(first) = first_of(&told.choice.keys).filter(|first| *first < at) {
                self.key_twice(&told.choice, own[first].choice.location);
            }
            // What begins like a value is typed as one, whatever comes behind it.
            if told.choice.keys.chars().next().is_some_and(|first| value_keys.contains(first)) {
                let keys = &told.choice.keys;
                let how = match keys.chars().all(|k| value_keys.contains(k)) {
                    true => "is also part of",
                    false => "begins like",
                };
                let message = format!("the key {keys} {how} the value that is typed here");
                self.error(codes::KEY_IN_VALUE, told.choice.location, message, "choice or value?")
                    .add_help("bind `*` or another key that no value begins with");
            }
        }
        let free = f.choices.iter().filter(|told| {
            let in_value = told.choice.keys.chars().next().is_some_and(|k| value_keys.contains(k));
            !in_value && first_of(&told.choice.keys).is_none()
        });
        let of_flow: Vec<&Told> = free.collect();
        let mut live = own;
        live.reserve_exact(of_flow.len());
        live.extend(of_flow.into_iter().cloned());
        self.slow_keys(&live, gap_millis);
        self.told_apart(&live);
        live
    }

    fn slow_keys(&mut self, live: &[Told], gap_millis: u64) {
        if live.iter().all(|told| told.choice.keys.len() < 2) {
            return;
        }
        let mut sorted: Vec<&Choice> = live.iter().map(|t| &t.choice).collect();
        sorted.sort_by(|a, b| a.keys.cmp(&b.keys));
        // Those of which the one at hand may be a longer one, shortest first; whether each has been told.
        let mut shorter: Vec<(&Choice, bool)> = Vec::new();
        for long in sorted {
            shorter.retain(|(short, _)| long.keys.starts_with(&short.keys) && short.keys != long.keys);
            for (short, told) in &mut shorter {
                // Two of the flow's own were told where it declares them.
                if *told || (short.from_flow && long.from_flow) {
                    continue;
                }
                *told = true;
                let message = format!(
                    "after {} the call waits {gap_millis} ms, because {} is a key as well",
                    short.keys, long.keys
                );
                let (at, other) = match short.from_flow {
                    true => {
                        ((long.location, "the longer one"), (short.location, "the slow key, of the flow"))
                    }
                    false => ((short.location, "the slow key"), (long.location, "the longer one")),
                };
                self.warning(codes::SLOW_KEY, at.0, message, at.1)
                    .add_label(other.0, other.1)
                    .add_help("choose keys of which none begins another");
            }
            shorter.push((long, false));
        }
    }
}

/// The choices of a block, without how they are told and without the first `skipped`.
pub(crate) fn choices(live: Vec<Told>, skipped: usize) -> Vec<Choice> {
    let mut out = Vec::with_capacity(live.len().saturating_sub(skipped));
    out.extend(live.into_iter().skip(skipped).map(|told| told.choice));
    out
}
