//! What agents' screens show: the values of the call that they are at, for programs of the agents' own. They are
//! customers' data, so they are kept in memory only, as long as the call, and stand in no log.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Screens that are kept at most; agents are fewer.
const MOST: usize = 10_000;

/// Names and values, as the flow's `show` gives them.
pub(crate) type Fields = Vec<(String, String)>;

/// The screens of all agents, by the agent's name.
#[derive(Debug, Default)]
pub(crate) struct Screens(Mutex<BTreeMap<String, Fields>>);

impl Screens {
    /// Shows something, in place of what was there; no fields clear the screen.
    pub(crate) fn show(&self, agent: String, fields: Fields) {
        let mut screens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if fields.is_empty() {
            screens.remove(&agent);
        } else if screens.len() < MOST || screens.contains_key(&agent) {
            screens.insert(agent, fields);
        }
    }

    /// What a screen shows, as JSON: `{"agent": …, "fields": [{"name": …, "value": …}]}`.
    pub(crate) fn json(&self, agent: &str) -> serde_json::Value {
        let screens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fields = screens.get(agent).into_iter().flatten();
        let fields = fields.map(|(name, value)| serde_json::json!({ "name": name, "value": value }));
        serde_json::json!({ "agent": agent, "fields": fields.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_shows_the_present_call_alone() {
        let screens = Screens::default();
        let empty = r#"{"agent":"ann","fields":[]}"#;
        assert_eq!(screens.json("ann").to_string(), empty);
        screens.show("ann".into(), vec![("number".into(), "+15550123".into())]);
        screens.show("bob".into(), vec![("number".into(), "+15550124".into())]);
        assert_eq!(
            screens.json("ann").to_string(),
            r#"{"agent":"ann","fields":[{"name":"number","value":"+15550123"}]}"#
        );
        screens.show("ann".into(), Vec::new());
        assert_eq!(screens.json("ann").to_string(), empty);
    }
}
