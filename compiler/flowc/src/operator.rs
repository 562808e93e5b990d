//! What the commands share that speak to a running server by way of its state folder.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use flow_diagnostics::nearest;
use flow_project::Problem;
use flow_server::Named;

/// The state folder cannot be used.
pub fn no_state(what: String) -> Problem {
    Problem {
        what,
        action: "name the folder that `flowc run` was given with `--state`: `state` in the project, if none"
            .into(),
    }
}

/// Refuses a name that the flows do not have.
///
/// # Errors
/// What the flows have instead, or that no server has run on the folder yet.
pub fn known(state: &Path, named: Named, name: &str) -> Result<(), Problem> {
    let word = named.word();
    let first = |what: String| Problem {
        what,
        action: format!(
            "start `flowc run PROJECT --state {}` once: it writes down which names there are",
            state.display()
        ),
    };
    if !state.join("flowc.db").is_file() {
        return Err(first(format!("no server has run on {} yet", state.display())));
    }
    let names = flow_server::known_names(state, named).map_err(no_state)?;
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    let what = format!("the flows have no {word} `{name}`");
    let near = nearest(name, names.iter().map(String::as_str));
    let action = match (near.first(), names.as_slice()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => return Err(first(format!("{what}, or no server has run on {} yet", state.display()))),
        (None, names) => format!("there are {}", names.join(", ")),
    };
    Err(Problem { what, action })
}

/// Who gives an order: as was said, else the user of this system.
pub fn who(by: Option<&String>) -> String {
    let user = || std::env::var("USER").ok().filter(|user| !user.is_empty());
    by.cloned().or_else(user).unwrap_or_else(|| "somebody".into())
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}
