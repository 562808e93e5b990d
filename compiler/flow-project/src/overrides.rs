//! What the manifest says against what the program declares: settings and agents.

use flow_check::hir::{Program, Setting, TypeKind};
use flow_diagnostics::{Diagnostic, nearest};

use crate::codes;
use crate::manifest::Manifest;

/// Puts the manifest's addresses into the program, and checks its settings.
pub(crate) fn apply(manifest: &Manifest, program: &mut Program, diagnostics: &mut Vec<Diagnostic>) {
    for agent in &manifest.agents {
        match program.agents.iter_mut().find(|have| have.name == agent.name) {
            Some(have) => have.address.clone_from(&agent.address),
            None => {
                let message = format!("no flow declares the agent `{}`", agent.name);
                let diagnostic =
                    Diagnostic::error(codes::UNKNOWN_AGENT, message, agent.location, "not declared");
                let names = program.agents.iter().map(|have| have.name.as_str());
                diagnostics.push(with_near(diagnostic, &agent.name, names));
            }
        }
    }
    for value in &manifest.settings {
        let Some(setting) = program.settings.iter().find(|setting| setting.name == value.name) else {
            let message = format!("no flow declares the setting `{}`", value.name);
            let diagnostic =
                Diagnostic::error(codes::UNKNOWN_SETTING, message, value.location, "not declared");
            let names = program.settings.iter().map(|setting| setting.name.as_str());
            diagnostics.push(with_near(diagnostic, &value.name, names));
            continue;
        };
        if let Some(wanted) = misfit(setting, &value.value) {
            let message = format!("the setting `{}` is not {wanted}", value.name);
            let at = value.value_location;
            diagnostics.push(
                Diagnostic::error(codes::SETTING_VALUE, message, at, "does not fit")
                    .with_label(setting.location, "declared here")
                    .with_help(format!("write {wanted}")),
            );
        }
    }
}

fn with_near<'a>(diagnostic: Diagnostic, name: &str, names: impl Iterator<Item = &'a str>) -> Diagnostic {
    match nearest(name, names).first() {
        Some(near) => diagnostic.with_help(format!("write `{near}`")),
        None => diagnostic.with_help("declare it in a flow, or take it out of flow.toml"),
    }
}

/// What a setting should be, when its value is not.
fn misfit(setting: &Setting, value: &str) -> Option<&'static str> {
    let (fits, wanted) = match setting.ty.kind {
        TypeKind::Bool => (matches!(value, "true" | "false"), "true or false"),
        TypeKind::Int => (value.parse::<i64>().is_ok(), "a whole number"),
        TypeKind::Digits => {
            (!value.is_empty() && value.chars().all(|c| c.is_ascii_digit()), "digits in quotes")
        }
        TypeKind::Phone => (is_phone(value), "a number like \"+15550100\""),
        _ => return None,
    };
    (!fits).then_some(wanted)
}

/// E.164: a plus and 3 to 15 digits.
fn is_phone(value: &str) -> bool {
    let Some(digits) = value.strip_prefix('+') else { return false };
    (3..=15).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())
}
