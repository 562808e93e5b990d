//! Callers who speak: a recogniser that hears exactly what they say, or what a test wants it to have heard.

use flow_switch::boundary::{Hints, Hypothesis, Input, LegId, ListenId};

use crate::world::{Plan, World};

/// How likely a recogniser that hears well holds what it heard, of 1000.
const SURE: u16 = 900;
/// How long a letter takes to be said, and how long something takes at least, in milliseconds.
const LETTER_MILLIS: u64 = 65;
const SHORTEST_MILLIS: u64 = 300;

/// What is listened for on a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    pub(crate) id: ListenId,
    /// In which language.
    pub language: String,
    /// What is likely to be said.
    pub hints: Hints,
}

impl World {
    /// What is listened for, when a party may speak.
    pub fn listens_for(&self, leg: LegId) -> Option<&Listening> {
        self.parties.get(&leg)?.listening.as_ref()
    }

    /// A party says something, which takes its time; tells whether anybody listens.
    pub fn says(&mut self, leg: LegId, words: &str) -> bool {
        self.utters(leg, &[(words, SURE)])
    }

    /// A party says something of which a recogniser makes these, each so likely of 1000; without any it is
    /// something that nobody understands.
    pub fn utters(&mut self, leg: LegId, heard: &[(&str, u16)]) -> bool {
        let Some(party) = self.parties.get_mut(&leg) else { return false };
        let Some(listening) = party.listening.take() else { return false };
        let hypotheses: Vec<Hypothesis> = heard
            .iter()
            .map(|(text, per_mille)| Hypothesis { text: (*text).to_owned(), per_mille: *per_mille })
            .collect();
        let letters = hypotheses.first().map_or(0, |best| best.text.chars().count() as u64);
        if letters > 0 {
            self.tell(Input::WordUnderstood(leg, listening.id));
        }
        let millis = (letters * LETTER_MILLIS).max(SHORTEST_MILLIS);
        self.plan(millis, Plan::Input(Input::Heard { leg, listening: listening.id, hypotheses }));
        true
    }

    /// Whether somebody is in the middle of saying something.
    pub fn is_speaking(&self) -> bool {
        self.plans.values().any(|plan| matches!(plan, Plan::Input(Input::Heard { .. })))
    }

    pub(crate) fn listen(&mut self, leg: LegId, listening: Listening) {
        if !self.recogniser_works {
            return self.plan(0, Plan::Input(Input::ListenFailed(leg, listening.id)));
        }
        if let Some(party) = self.parties.get_mut(&leg) {
            party.listening = Some(listening);
        }
    }

    pub(crate) fn listen_no_longer(&mut self, leg: LegId, listening: ListenId) {
        if let Some(party) = self.parties.get_mut(&leg) {
            party.listening.take_if(|own| own.id == listening);
        }
    }
}
