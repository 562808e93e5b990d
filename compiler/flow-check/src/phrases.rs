//! What callers may say in place of a key: words that can be said, told apart, and kept in mind.
//!
//! It knows nothing of how a choice is told or where it leads.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use flow_diagnostics::Location;
use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Say};
use crate::flows::FlowContext;
use crate::hir::LanguageId;
use crate::items::plain_text;
use crate::keys::Told;
use crate::sentences::sentences;

/// Characters of a phrase.
const LONGEST: usize = 120;
/// Phrases that one question listens for in one language.
const MOST: usize = 256;

impl<'a> Checker<'a> {
    /// The words of a choice, by language.
    pub(crate) fn phrases(
        &mut self,
        f: &FlowContext<'a>,
        phrases: Option<&ast::Phrases>,
        location: Location,
    ) -> Vec<(LanguageId, Vec<String>)> {
        let Some(phrases) = phrases else { return Vec::new() };
        match phrases {
            ast::Phrases::Untagged(list) => {
                let language = self.untagged(&f.scope, location);
                vec![(language, self.each_phrase(f, list))]
            }
            ast::Phrases::Languages(list) => {
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
                    out.push((language, self.each_phrase(f, texts)));
                }
                let written: Vec<LanguageId> = out.iter().map(|(l, _)| *l).collect();
                self.complete_languages(&f.scope, &written, location);
                out
            }
        }
    }

    fn each_phrase(&mut self, f: &FlowContext<'a>, list: &[ast::TextLiteral]) -> Vec<String> {
        let mut out = Vec::new();
        for literal in list {
            let text = plain_text(literal);
            let at = f.scope.at(literal.span);
            if literal.parts.iter().any(|part| matches!(part, ast::TextPart::Hole(_))) {
                let message = "what a caller may say is fixed, and holds no values";
                self.error(codes::NOTHING_TO_SAY, at, message, "holds a value")
                    .add_help("write the words themselves, or ask with a `collect`");
            } else if !text.chars().any(char::is_alphanumeric) {
                self.error(codes::NOTHING_TO_SAY, at, "these are no words that a caller can say", "no word")
                    .add_help("write what the caller may say, or take `or say` out");
            } else if text.chars().count() > LONGEST {
                let message = format!("nobody says a phrase of more than {LONGEST} characters");
                self.error(codes::TOO_MANY_WORDS, at, message, "too long")
                    .add_help("write the few words that select the choice");
            }
            out.push(text);
        }
        out
    }

    /// Among the choices of one question no phrase selects two, and none is the name of another's key.
    pub(crate) fn told_apart(&mut self, live: &[Told]) {
        // Of the flow's own choices that is said once, and not in each of its blocks.
        let judged = |a: usize, b: usize| !(live[a].choice.from_flow && live[b].choice.from_flow);
        self.phrases_apart(live, &judged);
    }

    /// The same among the flow's choices.
    pub(crate) fn flow_told_apart(&mut self, choices: &[Told]) {
        self.phrases_apart(choices, &|_, _| true);
    }

    fn phrases_apart(&mut self, live: &[Told], judged: &dyn Fn(usize, usize) -> bool) {
        if live.iter().all(|told| told.choice.phrases.is_empty()) {
            return;
        }
        let mut said: HashMap<(LanguageId, String), usize> = HashMap::new();
        let mut counts: HashMap<LanguageId, usize> = HashMap::new();
        for (index, told) in live.iter().enumerate() {
            for (language, list) in &told.choice.phrases {
                let count = counts.entry(*language).or_default();
                if *count <= MOST && *count + list.len() > MOST {
                    let message = format!("a caller may say more than {MOST} phrases here");
                    self.error(codes::TOO_MANY_WORDS, told.choice.location, message, "one too many")
                        .add_help("ask in two steps, or leave some phrases out");
                }
                *count += list.len();
                for phrase in list {
                    self.one_phrase(live, judged, index, (*language, phrase), &mut said);
                }
            }
        }
    }

    fn one_phrase(
        &mut self,
        live: &[Told],
        judged: &dyn Fn(usize, usize) -> bool,
        index: usize,
        (language, phrase): (LanguageId, &str),
        said: &mut HashMap<(LanguageId, String), usize>,
    ) {
        let at = live[index].choice.location;
        let words = normal(phrase);
        // A number is said for its key as well.
        let row = sentences(&self.program.languages[language]);
        let key = row.and_then(|row| row.digits.iter().position(|digit| *digit == words));
        let key = key.map_or_else(|| words.clone(), |key| key.to_string());
        if let Some(other) = live.iter().position(|told| told.choice.keys == key)
            && other != index
            && judged(index, other)
        {
            let message = format!("\"{phrase}\" is what a caller says for the key {key}");
            self.error(codes::SAID_FOR_ANOTHER, at, message, "said for this choice")
                .add_label(live[other].choice.location, format!("the key {key}"))
                .add_help("use another word");
        }
        match said.entry((language, words)) {
            Entry::Vacant(entry) => drop(entry.insert(index)),
            Entry::Occupied(entry) if *entry.get() != index && judged(index, *entry.get()) => {
                let first = *entry.get();
                let message = format!("\"{phrase}\" would select two choices");
                self.error(codes::PHRASE_TWICE, at, message, "the second time")
                    .add_label(live[first].choice.location, "the first time")
                    .add_help("give one of them other words");
            }
            Entry::Occupied(_) => {}
        }
    }
}

/// Words as they are told apart: in small letters, without marks.
fn normal(phrase: &str) -> String {
    let lower = phrase.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
