//! How near names and lists of names are put into words.

pub(crate) use flow_diagnostics::nearest;

/// "did you mean `a`, `b` or `c`?", or nothing.
pub(crate) fn did_you_mean(names: &[&str]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    (!quoted.is_empty()).then(|| format!("did you mean {}?", listed(&quoted, "or")))
}

/// `a, b and c`.
pub(crate) fn listed(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}
