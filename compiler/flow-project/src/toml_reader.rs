//! TOML with places: keys that mean nothing and values of the wrong type become diagnostics.

use std::ops::Range;

use flow_diagnostics::{Diagnostic, FileId, Location, Span, nearest};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::codes;
use crate::manifest::{AgentAddress, SettingValue};

/// A table of the file.
pub(crate) type Section<'t> = DeTable<'t>;

/// Reads one file, collecting what is wrong with it.
pub(crate) struct Reader<'d> {
    pub(crate) file: FileId,
    pub(crate) diagnostics: &'d mut Vec<Diagnostic>,
}

/// A manifest of more is refused before it is looked at: some hundred settings are a hundredth of that.
pub(crate) const MOST_BYTES: usize = 1 << 20;

impl Reader<'_> {
    pub(crate) fn parse<'t>(&mut self, text: &'t str) -> Option<Section<'t>> {
        if text.len() > MOST_BYTES {
            let message = format!("flow.toml cannot be read: it is larger than {} KiB", MOST_BYTES >> 10);
            self.diagnostics.push(
                Diagnostic::error(codes::NOT_TOML, message, self.at(0..0), "too large")
                    .with_help("keep lists of rows in a table of the project, and people in a roster"),
            );
            return None;
        }
        match DeTable::parse(text) {
            Ok(table) => Some(table.into_inner()),
            Err(error) => {
                let at = self.at(error.span().unwrap_or(0..0));
                let message = format!("flow.toml cannot be read: {}", error.message());
                self.diagnostics.push(
                    Diagnostic::error(codes::NOT_TOML, message, at, "not TOML")
                        .with_help("write `key = \"value\"` lines below `[section]` lines"),
                );
                None
            }
        }
    }

    pub(crate) fn at(&self, range: Range<usize>) -> Location {
        Span::new(range.start as u32, range.end as u32).at(self.file)
    }

    /// Reports every key that is not among the known ones.
    pub(crate) fn known_keys(&mut self, section: &Section, what: &str, known: &[&str]) {
        for key in section.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let message = format!("{what} has no `{name}`");
            let diagnostic = Diagnostic::error(codes::UNKNOWN_KEY, message, self.at(key.span()), "unknown");
            let near = nearest(name, known.iter().copied());
            let help = match near.first() {
                Some(near) => format!("write `{near}`"),
                None => format!("it may have {}", listed(known)),
            };
            self.diagnostics.push(diagnostic.with_help(help));
        }
    }

    pub(crate) fn section<'s, 't>(&mut self, root: &'s Section<'t>, name: &str) -> Option<&'s Section<'t>> {
        let value = find(root, name)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => {
                self.wrong(value.span(), name, &format!("a section: `[{name}]` on a line of its own"));
                None
            }
        }
    }

    pub(crate) fn text(&mut self, section: &Section, key: &str) -> Option<String> {
        let value = find(section, key)?;
        self.text_of(value, key)
    }

    pub(crate) fn text_of(&mut self, value: &Spanned<DeValue>, key: &str) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong(value.span(), key, "a text in quotes");
                None
            }
        }
    }

    /// One text, or a list of texts.
    pub(crate) fn texts(&mut self, section: &Section, key: &str) -> Vec<String> {
        let Some(value) = find(section, key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| self.text_of(item, key)).collect(),
            _ => self.text_of(value, key).into_iter().collect(),
        }
    }

    /// Texts that are a plus and digits.
    pub(crate) fn prefixes(&mut self, section: &Section, key: &str) -> Option<Vec<String>> {
        find(section, key)?;
        let all = self.texts(section, key);
        let is_prefix = |text: &String| {
            let digits = text.strip_prefix('+').unwrap_or_default();
            ((1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
                || flow_check::EMERGENCY.contains(&text.as_str())
        };
        if let (false, Some(value)) = (all.iter().all(is_prefix), find(section, key)) {
            self.wrong(value.span(), key, "a list of numbers or their beginnings: \"+1\", \"+34\"");
        }
        Some(all.into_iter().filter(is_prefix).collect())
    }

    /// Every key with its value as one would write it in a flow.
    pub(crate) fn scalars(&mut self, section: &Section) -> Vec<SettingValue> {
        let mut values = Vec::new();
        for (key, value) in section.iter() {
            let written = match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(number) => number.to_string(),
                DeValue::Boolean(yes) => yes.to_string(),
                DeValue::Datetime(instant) => instant.to_string(),
                DeValue::Float(_) | DeValue::Array(_) | DeValue::Table(_) => {
                    self.wrong(
                        value.span(),
                        key.get_ref(),
                        "a text, a whole number, true or false, or a date",
                    );
                    continue;
                }
            };
            values.push(SettingValue {
                name: key.get_ref().to_string(),
                value: written,
                location: self.at(key.span()),
                value_location: self.at(value.span()),
            });
        }
        values
    }

    pub(crate) fn texts_by_name(&mut self, section: &Section) -> Vec<AgentAddress> {
        let mut agents = Vec::new();
        for (key, value) in section.iter() {
            if let Some(address) = self.text_of(value, key.get_ref()) {
                let location = self.at(key.span());
                agents.push(AgentAddress { name: key.get_ref().to_string(), address, location });
            }
        }
        agents
    }

    pub(crate) fn wrong(&mut self, span: Range<usize>, key: &str, wanted: &str) {
        let message = format!("`{key}` in flow.toml is not {wanted}");
        let diagnostic = Diagnostic::error(codes::WRONG_VALUE, message, self.at(span), "of another type");
        self.diagnostics.push(diagnostic.with_help(format!("write {wanted}")));
    }
}

pub(crate) fn find<'s, 't>(section: &'s Section<'t>, name: &str) -> Option<&'s Spanned<DeValue<'t>>> {
    section.iter().find(|(key, _)| matches_name(key, name)).map(|(_, value)| value)
}

fn matches_name(key: &Spanned<DeString>, name: &str) -> bool {
    let key: &str = key.get_ref();
    key == name
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
