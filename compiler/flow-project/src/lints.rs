//! `[lints]` of `flow.toml`: limits of lints, and the level of each code.
//!
//! ```toml
//! [lints]
//! menu_options = 5
//! menu_depth = 3
//! prompt_seconds = 25
//! F0802 = "deny"
//! ```

use flow_diagnostics::{Code, Diagnostic, all_codes, explain, is_lint, nearest};
use flow_lint::{Config, Level, codes};
use toml::de::DeValue;

use crate::toml_reader::{Reader, Section, find};

/// The keys that are no codes.
const LIMITS: [&str; 3] = ["menu_options", "menu_depth", "prompt_seconds"];
/// The largest limit that anybody means.
const MOST: u32 = 1_000;

pub(crate) fn read(reader: &mut Reader, section: &Section) -> Config {
    let mut config = Config::default();
    for (key, limit) in [
        ("menu_options", &mut config.menu_options),
        ("menu_depth", &mut config.menu_depth),
        ("prompt_seconds", &mut config.prompt_seconds),
    ] {
        let Some(value) = find(section, key) else { continue };
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.to_string().parse().ok(),
            _ => None,
        };
        match number.filter(|number| (1..=MOST).contains(number)) {
            Some(number) => *limit = number,
            None => reader.wrong(value.span(), key, "a whole number from 1 to 1000"),
        }
    }
    for (key, value) in section.iter() {
        let name: &str = key.get_ref();
        if LIMITS.contains(&name) {
            continue;
        }
        let Some(code) = code_of(name) else {
            let at = reader.at(key.span());
            reader.diagnostics.push(no_level(name, at));
            continue;
        };
        match value.get_ref() {
            DeValue::String(word) if Level::from_word(word).is_some() => {
                config.levels.extend(Level::from_word(word).map(|level| (code, level)));
            }
            _ => reader.wrong(value.span(), name, "\"allow\", \"warn\" or \"deny\""),
        }
    }
    config
}

/// The code of a key, if it is one that has a level.
fn code_of(name: &str) -> Option<Code> {
    let digits = name.strip_prefix('F').filter(|digits| digits.len() == 4)?;
    let code = Code(digits.parse().ok()?);
    (is_lint(code) && explain(name).is_some()).then_some(code)
}

fn no_level(name: &str, at: flow_diagnostics::Location) -> Diagnostic {
    if explain(name).is_some() && name.len() == "F0000".len() {
        let message = format!("{name} is always an error: it has no level");
        return Diagnostic::error(codes::NO_LEVEL, message, at, "cannot be set")
            .with_help("remove the line, and mend what it would hide");
    }
    let known: Vec<String> = all_codes().filter(|code| is_lint(*code)).map(|code| code.to_string()).collect();
    let candidates = known.iter().map(String::as_str).chain(LIMITS);
    let help = match nearest(name, candidates).first() {
        Some(near) => format!("write `{near}`"),
        None => "`flowc explain --list` lists the codes; the limits are `menu_options`, `menu_depth` \
                 and `prompt_seconds`"
            .into(),
    };
    Diagnostic::error(codes::NO_LEVEL, format!("[lints] has no `{name}`"), at, "unknown").with_help(help)
}
