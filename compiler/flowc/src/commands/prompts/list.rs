//! The list for whoever records: every prompt with its words, where it is said, and whether there is audio.

use std::fmt::Write;

use flow_bytecode::prompt_uses::Use;
use flow_bytecode::prompts::{FOLDER, Prompt, PromptKind, spoken_millis};
use serde::Serialize;

/// How the list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(super) enum ListFormat {
    /// For a spreadsheet (RFC 4180).
    #[default]
    Csv,
    /// For programs.
    Json,
    /// For reading.
    Markdown,
}

/// A line of the list.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    /// Its file without folder and ending, which stays as long as its words do.
    id: String,
    language: &'a str,
    kind: &'static str,
    text: &'a str,
    state: &'static str,
    /// Estimated, or 0 for sounds.
    seconds: f64,
    /// `src/main.flow:12 main.welcome`
    #[serde(rename = "where")]
    places: Vec<String>,
    before: Vec<&'a str>,
    after: Vec<&'a str>,
    /// The name that the flow gives to its recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    recording: Option<String>,
    file: &'a str,
}

impl<'a> Line<'a> {
    pub(super) fn new(prompt: &'a Prompt, state: &'static str, uses: &'a [Use]) -> Self {
        let id = prompt.file.strip_prefix(FOLDER).unwrap_or(&prompt.file).trim_start_matches('/');
        let id = id.strip_suffix(".wav").unwrap_or(id);
        let name = id.strip_prefix(&prompt.language).map(|name| name.trim_start_matches('/'));
        let is_sound = prompt.kind == PromptKind::Sound;
        let around = |of: fn(&'a Use) -> &'a str| {
            let mut all: Vec<&str> = uses.iter().map(of).filter(|text| !text.is_empty()).collect();
            all.dedup();
            all
        };
        let mut places: Vec<String> = uses.iter().map(place).collect();
        places.dedup();
        Line {
            id: id.to_owned(),
            language: &prompt.language,
            kind: kind(prompt.kind),
            text: &prompt.text,
            state,
            seconds: if is_sound { 0.0 } else { (spoken_millis(&prompt.text) as f64 / 100.0).round() / 10.0 },
            places,
            before: around(|place| &place.before),
            after: around(|place| &place.after),
            recording: (prompt.kind == PromptKind::Recording).then(|| name.unwrap_or(id).to_owned()),
            file: &prompt.file,
        }
    }
}

fn place(place: &Use) -> String {
    let block = match (place.flow.as_str(), place.block.as_str()) {
        ("", _) => String::new(),
        (flow, "") => format!(" {flow}"),
        (flow, block) => format!(" {flow}.{block}"),
    };
    format!("{}:{}{block}", place.file, place.line)
}

fn kind(kind: PromptKind) -> &'static str {
    match kind {
        PromptKind::Sentence => "sentence",
        PromptKind::Recording => "recording",
        PromptKind::Sound => "sound",
    }
}

/// The list in a format.
pub(super) fn list(lines: &[Line<'_>], format: ListFormat) -> String {
    match format {
        ListFormat::Csv => csv(lines),
        ListFormat::Json => {
            // Lines are texts and numbers, which always have a form.
            serde_json::to_string_pretty(lines).unwrap_or_default() + "\n"
        }
        ListFormat::Markdown => markdown(lines),
    }
}

fn csv(lines: &[Line<'_>]) -> String {
    let mut text = String::from("id,language,kind,text,where,before,after,recording,state,seconds,file\n");
    for line in lines {
        let (places, before, after) =
            (line.places.join("; "), line.before.join(" | "), line.after.join(" | "));
        let seconds = format!("{:.1}", line.seconds);
        let recording = line.recording.as_deref().unwrap_or_default();
        let fields = [
            line.id.as_str(),
            line.language,
            line.kind,
            line.text,
            &places,
            &before,
            &after,
            recording,
            line.state,
            &seconds,
            line.file,
        ];
        let _ = writeln!(text, "{}", fields.map(quoted).join(","));
    }
    text
}

/// A field of CSV (RFC 4180). What a spreadsheet would take for a formula gets a blank in front.
fn quoted(field: &str) -> String {
    let field = if field.starts_with(['=', '+', '-', '@']) { format!(" {field}") } else { field.to_owned() };
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

fn markdown(lines: &[Line<'_>]) -> String {
    let mut text = String::from(
        "| state | language | words | where | between | seconds | file |\n|---|---|---|---|---|---|---|\n",
    );
    for line in lines {
        let between = match (line.before.first(), line.after.first()) {
            (None, None) => String::new(),
            (before, after) => format!("{} **…** {}", before.unwrap_or(&""), after.unwrap_or(&"")),
        };
        let cells = [
            line.state,
            line.language,
            line.text,
            &line.places.join(", "),
            between.trim(),
            &format!("{:.1}", line.seconds),
            line.file,
        ];
        let _ = writeln!(
            text,
            "| {} |",
            cells.map(|cell| cell.replace('|', "\\|").replace('\n', " ")).join(" | ")
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn fields_with_commas_and_quotes_are_quoted_and_formulas_are_not_run() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("For \"sales\", press 1."), "\"For \"\"sales\"\", press 1.\"");
        assert_eq!(quoted("=1+1"), " =1+1");
    }
}
