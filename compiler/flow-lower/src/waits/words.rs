//! The tables of what may be pressed or said: keys, phrases, and the sentences that tell two choices apart.

use flow_bytecode::program::{KeyChoice, KeyTable};
use flow_check::hir::{Choice, Collect, EnumId, Question};

use crate::Lowering;
use crate::speech::Utterance;
use crate::standard::Standard;

/// What means yes and no, in languages that the machine does not understand by itself.
const YES_AND_NO: &[(&str, &[&str], &[&str])] = &[
    ("fr", &["oui", "exact", "c'est exact"], &["non", "ce n'est pas exact", "pas exact"]),
    ("de", &["ja", "richtig", "stimmt", "das stimmt"], &["nein", "falsch", "stimmt nicht", "nicht richtig"]),
];

/// Whether a question listens for words, where somebody can.
pub(super) fn listens(question: &Question) -> bool {
    question.choices.iter().any(|choice| !choice.phrases.is_empty())
}

/// What stands before a question that is asked again for want of an answer.
pub(super) fn no_input(listens: bool) -> Standard {
    if listens { Standard::NoInputOrWord } else { Standard::NoInput }
}

impl<'h> Lowering<'h> {
    /// The table of choices by key and word. Where words are listened for, a choice is selected by its label too.
    pub(super) fn key_table(&mut self, choices: impl IntoIterator<Item = &'h Choice>) -> KeyTable {
        let choices: Vec<&'h Choice> = choices.into_iter().collect();
        let by_word = choices.iter().any(|choice| !choice.phrases.is_empty());
        let written: Vec<(usize, &str)> = choices
            .iter()
            .flat_map(|choice| &choice.phrases)
            .flat_map(|(language, list)| list.iter().map(|phrase| (*language, phrase.as_str())))
            .collect();
        let mut told_by_word = 0;
        let table = choices.iter().map(|choice| {
            let mut phrases: Vec<(u16, Vec<u32>)> = Vec::new();
            for (language, list) in &choice.phrases {
                phrases.push((*language as u16, list.iter().map(|text| self.tables.text(text)).collect()));
            }
            let labels = choice.label.iter().filter(|(language, label)| {
                by_word && !written.iter().any(|(other, text)| other == language && same(text, label))
            });
            for (language, label) in labels {
                let text = self.tables.text(label);
                match phrases.iter_mut().find(|(own, _)| usize::from(*own) == *language) {
                    Some((_, list)) => list.push(text),
                    None => phrases.push((*language as u16, vec![text])),
                }
            }
            let told = choice.told.as_ref().map(|told| self.fixed_sentence(Utterance::Written(told)));
            told_by_word += usize::from(told.is_some());
            KeyChoice { keys: self.tables.text(&choice.keys), phrases, told }
        });
        let choices = table.collect();
        let between = (told_by_word > 1).then(|| self.fixed_sentence(Utterance::Standard(Standard::Between)));
        KeyTable { choices, between }
    }

    /// 1 for yes and 2 for no, by their words.
    pub(super) fn yes_or_no(&mut self) -> KeyTable {
        let choice = |this: &mut Self, key: &str, yes: bool| {
            let mut phrases = Vec::new();
            for (index, code) in this.hir.languages.iter().enumerate() {
                let primary = code.split('-').next().unwrap_or(code);
                let row = YES_AND_NO.iter().find(|(language, ..)| *language == primary);
                let words = row.map_or(&[][..], |(_, is, is_not)| if yes { is } else { is_not });
                if !words.is_empty() {
                    let words = words.iter().map(|word| this.tables.text(word)).collect();
                    phrases.push((index as u16, words));
                }
            }
            KeyChoice { keys: this.tables.text(key), phrases, told: None }
        };
        let choices = vec![choice(self, "1", true), choice(self, "2", false)];
        // Most programs need none.
        let needed = choices.iter().any(|choice| !choice.phrases.is_empty());
        if needed { KeyTable { choices, between: None } } else { KeyTable::default() }
    }

    /// The variants of an enum by their names, which are the same in every language: `past_due` is "past due".
    pub(super) fn variant_words(&mut self, collect: &Collect, id: EnumId) -> KeyTable {
        if !collect.by_voice {
            return KeyTable::default();
        }
        let variants = self.hir.enums[id].variants.iter().enumerate();
        let choices = variants.map(|(index, variant)| {
            let words = self.tables.text(&variant.name.replace('_', " "));
            let each = (0..self.hir.languages.len()).map(|language| (language as u16, vec![words]));
            let phrases = each.collect();
            KeyChoice { keys: self.tables.text(&(index + 1).to_string()), phrases, told: None }
        });
        KeyTable { choices: choices.collect(), between: None }
    }
}

/// Whether two phrases are the same but for the size of their letters.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
