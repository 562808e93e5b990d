//! What the manifest says against what the program declares: settings and agents.

use flow_check::hir::{EnumId, Expr, ExprKind, Program, Setting, TypeKind};
use flow_diagnostics::{Diagnostic, nearest};

use crate::codes;
use crate::manifest::{Manifest, SettingValue};
use crate::setting_values::{
    amount_parts, date_days, datetime_millis, is_decimal, is_public_key, time_millis,
};

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
            // Those of other files are named with their module.
            let in_module = |setting: &&Setting| {
                setting.name.rsplit_once('.').is_some_and(|(_, name)| name == value.name)
            };
            diagnostics.push(match program.settings.iter().find(in_module) {
                Some(setting) => diagnostic.with_help(format!("write `\"{}\"`", setting.name)),
                None => {
                    let names = program.settings.iter().map(|setting| setting.name.as_str());
                    with_near(diagnostic, &value.name, names)
                }
            });
            continue;
        };
        let at = value.value_location;
        if let TypeKind::Enum(id) = setting.ty.kind
            && program.enums[id].variants.iter().all(|variant| variant.fields.is_empty())
        {
            diagnostics.extend(choose_variant(program, id, value));
            continue;
        }
        let diagnostic = match fit(&setting.ty.kind, &value.value) {
            Fit::Right => continue,
            Fit::Wrong(wanted) => {
                let message = format!("the setting `{}` is not {wanted}", value.name);
                Diagnostic::error(codes::SETTING_VALUE, message, at, "does not fit")
                    .with_help(format!("write {wanted}"))
            }
            Fit::Never => {
                let message = format!("the setting `{}` is of a type that flow.toml cannot give", value.name);
                Diagnostic::error(codes::SETTING_VALUE, message, at, "does not fit").with_help(
                    "declare it as a number, text, digits, phone, amount, duration, date, time or key",
                )
            }
        };
        diagnostics.push(diagnostic.with_label(setting.location, "declared here"));
    }
}

/// Makes a variant that the manifest names the setting's value: only the program knows variants by their names.
fn choose_variant(program: &mut Program, id: EnumId, value: &SettingValue) -> Option<Diagnostic> {
    let variants = &program.enums[id].variants;
    let setting = program.settings.iter_mut().find(|setting| setting.name == value.name)?;
    if let Some(index) = variants.iter().position(|variant| variant.name == value.value) {
        let kind = ExprKind::Variant(id, index as u32, Box::default());
        setting.default = Some(Expr { kind, ty: setting.ty.clone(), location: setting.location });
        return None;
    }
    let names: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
    let message = format!("the setting `{}` is no variant of `{}`", value.name, program.enums[id].name);
    let diagnostic =
        Diagnostic::error(codes::SETTING_VALUE, message, value.value_location, "no such variant")
            .with_help(format!("write one of \"{}\"", names.join("\", \"")));
    Some(diagnostic.with_label(setting.location, "declared here"))
}

fn with_near<'a>(diagnostic: Diagnostic, name: &str, names: impl Iterator<Item = &'a str>) -> Diagnostic {
    match nearest(name, names).first() {
        Some(near) => diagnostic.with_help(format!("write `{near}`")),
        None => diagnostic.with_help("declare it in a flow, or take it out of flow.toml"),
    }
}

/// Whether a value can be read as a type.
enum Fit {
    Right,
    /// It should be this.
    Wrong(&'static str),
    /// Nothing in `flow.toml` can.
    Never,
}

fn fit(kind: &TypeKind, value: &str) -> Fit {
    let (fits, wanted) = match kind {
        TypeKind::Bool => (matches!(value, "true" | "false"), "true or false"),
        TypeKind::Int => (value.parse::<i64>().is_ok(), "a whole number"),
        TypeKind::Digits => {
            (!value.is_empty() && value.chars().all(|c| c.is_ascii_digit()), "digits in quotes")
        }
        TypeKind::Phone => (is_phone(value), "a number like \"+15550100\""),
        TypeKind::Duration => (span_millis(value).is_some(), "a time span like \"90s\" or \"1h30m\""),
        TypeKind::Optional(inner) => return fit(inner, value),
        TypeKind::Text | TypeKind::Language | TypeKind::Nothing | TypeKind::Unknown => return Fit::Right,
        TypeKind::Decimal => (is_decimal(value), "a number in quotes, like \"12.5\""),
        TypeKind::Money => (amount_parts(value).is_some(), "an amount like \"EUR 12.50\""),
        TypeKind::Date => (date_days(value).is_some(), "a date like \"2026-11-27\""),
        TypeKind::Time => (time_millis(value).is_some(), "a time of day like \"08:30\""),
        TypeKind::DateTime => (datetime_millis(value, "UTC").is_some(), "a moment like \"2026-11-27T08:30\""),
        TypeKind::PublicKey => (is_public_key(value), "an X25519 public key: 32 bytes in base64"),
        TypeKind::List(_) | TypeKind::Map(..) | TypeKind::Record(_) | TypeKind::Enum(_) => return Fit::Never,
    };
    if fits { Fit::Right } else { Fit::Wrong(wanted) }
}

/// A time span as in a flow, in milliseconds: `500ms`, `20s`, `5m`, `2h`, `1d`, or some of them, the largest
/// first: `1h30m`.
pub fn span_millis(text: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 5] =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    let mut rest = text;
    let mut total: i64 = 0;
    let mut smaller = &UNITS[..];
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        let after = &rest[digits..];
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let at = smaller.iter().position(|(name, _)| *name == &after[..unit])?;
        total = total.checked_add(count.checked_mul(smaller[at].1)?)?;
        smaller = &smaller[at + 1..];
        rest = &after[unit..];
    }
    (!text.is_empty()).then_some(total)
}

/// E.164: a plus and 3 to 15 digits.
fn is_phone(value: &str) -> bool {
    let Some(digits) = value.strip_prefix('+') else { return false };
    (3..=15).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::span_millis;

    #[test]
    fn time_spans_as_in_a_flow() {
        let read = ["500ms", "20s", "5m", "2h", "1d", "1h30m", "1m500ms"].map(span_millis);
        let millis = [500, 20_000, 300_000, 7_200_000, 86_400_000, 5_400_000, 60_500];
        assert_eq!(read, millis.map(Some));
        for odd in ["", "20", "s", "1w", "30m1h", "1h1h", "1h ", "3 minutes", "99999999999999999d", "5é"] {
            assert_eq!(span_millis(odd), None, "{odd}");
        }
    }
}
