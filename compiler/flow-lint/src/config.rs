//! What people decide about lints: limits, and the level of each code.

use std::collections::BTreeMap;

use flow_diagnostics::{Code, Diagnostic, Severity};

/// How a warning is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Not at all.
    Allow,
    /// As a warning.
    Warn,
    /// As an error.
    Deny,
}

impl Level {
    /// The level of a word of `flow.toml`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "allow" => Some(Self::Allow),
            "warn" => Some(Self::Warn),
            "deny" => Some(Self::Deny),
            _ => None,
        }
    }
}

/// `[lints]` of `flow.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The most choices that a menu may speak.
    pub menu_options: u32,
    /// The most menus that a caller may go through before somebody or something answers.
    pub menu_depth: u32,
    /// The most seconds that a caller listens to one text.
    pub prompt_seconds: u32,
    /// Whether the deployment says which numbers it may call (`[outbound]`).
    pub numbers_limited: bool,
    /// Levels that differ from the usual ones.
    pub levels: BTreeMap<Code, Level>,
}

impl Default for Config {
    /// Five choices, three levels, 25 seconds: what people hold in mind and listen to.
    fn default() -> Self {
        Self {
            menu_options: 5,
            menu_depth: 3,
            prompt_seconds: 25,
            numbers_limited: false,
            levels: BTreeMap::new(),
        }
    }
}

impl Config {
    /// The level that was set for a code.
    pub fn level(&self, code: Code) -> Option<Level> {
        self.levels.get(&code).copied()
    }

    /// Applies the levels to warnings; errors stay what they are.
    pub(crate) fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|diagnostic| {
            if diagnostic.severity == Severity::Error {
                return true;
            }
            match self.level(diagnostic.code) {
                Some(Level::Allow) => return false,
                Some(Level::Deny) => diagnostic.severity = Severity::Error,
                Some(Level::Warn) | None => {}
            }
            true
        });
    }
}
