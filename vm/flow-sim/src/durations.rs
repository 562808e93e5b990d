//! How long something takes to be spoken.

use std::collections::BTreeMap;

use flow_bytecode::Program;
use flow_switch::boundary::SpeechItem;
use flow_switch::speech::display_item;

/// Estimates from the length of the words, unless a length is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durations {
    /// Milliseconds for each character of a text.
    pub millis_per_character: u64,
    /// Milliseconds that any text takes at least.
    pub least_millis: u64,
    /// Milliseconds of sounds without words whose length is not known.
    pub sound_millis: u64,
    /// Known lengths in milliseconds, by the words or by the sound's name.
    pub known: BTreeMap<String, u64>,
}

impl Default for Durations {
    fn default() -> Self {
        let known = BTreeMap::from([("[tone/beep]".to_owned(), 400)]);
        Self { millis_per_character: 65, least_millis: 300, sound_millis: 2_000, known }
    }
}

impl Durations {
    /// How long these pieces play, in milliseconds.
    pub fn of(&self, program: &Program, items: &[SpeechItem]) -> u64 {
        items.iter().map(|item| self.one(program, item)).sum()
    }

    fn one(&self, program: &Program, item: &SpeechItem) -> u64 {
        if let SpeechItem::Silence(millis) = item {
            return u64::from(*millis);
        }
        let words = display_item(program, item);
        if !words.starts_with('[') && !words.chars().any(char::is_alphanumeric) {
            return 0;
        }
        if let Some(known) = self.known.get(words.trim()) {
            return *known;
        }
        if words.starts_with('[') {
            return self.sound_millis;
        }
        (words.chars().count() as u64 * self.millis_per_character).max(self.least_millis)
    }
}
