//! `[speech]` of `flow.toml`: who understands callers when they speak.

use flow_diagnostics::Diagnostic;
use toml::de::DeValue;

use crate::codes;
use crate::toml_reader::{Reader, Section, find};

/// Processes of a recogniser when nothing is said.
const PROCESSES: usize = 4;
/// More of them than any machine has use for.
const MOST_PROCESSES: i64 = 256;

/// `[speech]`
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Speech {
    /// Who understands callers, if anybody does.
    pub recognizer: Option<Recognizer>,
}

/// `recognizer = { command = […], languages = […] }`
#[derive(Debug, Clone, PartialEq)]
pub struct Recognizer {
    /// The program and its arguments; it runs in the project's folder, and is looked for there if it has a slash.
    pub command: Vec<String>,
    /// The languages that it understands: `en`, `es-MX`.
    pub languages: Vec<String>,
    /// Processes of it at most.
    pub processes: usize,
}

pub(crate) fn read(reader: &mut Reader, section: &Section) -> Speech {
    reader.known_keys(section, "[speech]", &["recognizer"]);
    Speech { recognizer: recognizer(reader, section) }
}

fn recognizer(reader: &mut Reader, section: &Section) -> Option<Recognizer> {
    let value = find(section, "recognizer")?;
    let place = value.span();
    let DeValue::Table(table) = value.get_ref() else {
        reader.wrong(place, "recognizer", "a table: { command = [\"PROGRAM\"], languages = [\"en\"] }");
        return None;
    };
    reader.known_keys(table, "`recognizer`", &["command", "languages", "processes"]);
    let (command, languages) = (reader.texts(table, "command"), reader.texts(table, "languages"));
    let processes = match find(table, "processes") {
        Some(value) => {
            let number = value.get_ref().as_integer().and_then(|number| number.as_str().parse::<i64>().ok());
            match number.filter(|number| (1..=MOST_PROCESSES).contains(number)) {
                Some(number) => usize::try_from(number).unwrap_or(PROCESSES),
                None => {
                    let wanted = format!("a number from 1 to {MOST_PROCESSES}");
                    reader.wrong(value.span(), "processes", &wanted);
                    PROCESSES
                }
            }
        }
        None => PROCESSES,
    };
    if let (false, Some(value)) = (languages.iter().all(|code| is_language(code)), find(table, "languages")) {
        reader.wrong(value.span(), "languages", "a list of languages: \"en\", \"es-MX\"");
        return None;
    }
    if command.is_empty() || languages.is_empty() {
        // A value of another type was reported by itself.
        if find(table, "command").is_none() || find(table, "languages").is_none() {
            let message = "`recognizer` in flow.toml does not say which program it is, or which languages it understands";
            let diagnostic =
                Diagnostic::error(codes::WRONG_VALUE, message, reader.at(place), "a part is missing");
            let help = "write `recognizer = { command = [\"PROGRAM\"], languages = [\"en\"] }`";
            reader.diagnostics.push(diagnostic.with_help(help));
        }
        return None;
    }
    Some(Recognizer { command, languages, processes })
}

/// Whether a text is like the code of a language: letters, and perhaps a region.
fn is_language(code: &str) -> bool {
    let mut subtags = code.split('-');
    let base = subtags.next().unwrap_or_default();
    (2..=3).contains(&base.len())
        && base.bytes().all(|byte| byte.is_ascii_lowercase())
        && subtags.all(|subtag| {
            (2..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
