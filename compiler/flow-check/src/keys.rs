//! Keys and choices: which keys exist, bound once, and none that must silently wait for a longer one.

use std::collections::HashMap;

use flow_diagnostics::Location;
use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Say};
use crate::endings::Rules;
use crate::flows::FlowContext;
use crate::hir::{Choice, LanguageId, Spoken};
use crate::items::plain_text;

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
        let phrases = match &choice.phrases {
            None => Vec::new(),
            Some(ast::Phrases::Untagged(list)) => {
                let language = self.untagged(&f.scope, location);
                vec![(language, list.iter().map(plain_text).collect())]
            }
            Some(ast::Phrases::Languages(list)) => {
                let mut out: Vec<(LanguageId, Vec<String>)> = Vec::new();
                for (name, texts) in list {
                    let language = self.language_id(name.symbol);
                    if !f.scope.languages.contains(&language) {
                        let text = self.name(name.symbol);
                        let at = f.scope.at(name.span);
                        self.error(
                            codes::OTHER_LANGUAGE,
                            at,
                            format!("this flow does not speak `{text}`"),
                            "not spoken",
                        )
                        .add_help(format!("add `{text}` to the flow's `speaks`"));
                    }
                    out.push((language, texts.iter().map(plain_text).collect()));
                }
                let written: Vec<LanguageId> = out.iter().map(|(l, _)| *l).collect();
                self.complete_languages(&f.scope, &written, location);
                out
            }
        };
        let sentence = self.choice_sentence(f, choice, &phrases);
        let tail = self.go(f, &choice.go, Rules { again: true, silent: false });
        let choice_hir = Choice { keys, phrases, tail, from_flow, location };
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
        let mut live = own.to_vec();
        for told in &f.choices {
            let taken = bound.contains_key(told.choice.keys.as_str())
                || told.choice.keys.chars().next().is_some_and(|k| value_keys.contains(k));
            if !taken {
                live.push(told.clone());
            }
        }
        self.slow_keys(&live, gap_millis);
        live
    }

    fn slow_keys(&mut self, live: &[Told], gap_millis: u64) {
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
