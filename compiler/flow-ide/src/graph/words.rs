//! What is said, as text: one language, holes as their expressions.

use flow_check::hir::{LanguageId, PluralClass, Program, Segment, Spoken, SpokenKind, Words};
use flow_diagnostics::SourceMap;

use super::places;

/// How deep decisions and shared prompts are followed.
const DEEPEST: usize = 16;

/// The sentences of something spoken, in a language where it has that one.
pub(crate) fn sentences(
    program: &Program,
    sources: &SourceMap,
    language: LanguageId,
    spoken: &Spoken,
) -> Vec<String> {
    let mut out = Vec::new();
    collect(program, sources, language, spoken, &mut out, 0);
    out.retain(|text| !text.is_empty());
    out
}

fn collect(
    program: &Program,
    sources: &SourceMap,
    language: LanguageId,
    spoken: &Spoken,
    out: &mut Vec<String>,
    depth: usize,
) {
    if depth > DEEPEST {
        return;
    }
    let deeper = |spoken: &Spoken, out: &mut Vec<String>| {
        collect(program, sources, language, spoken, out, depth + 1);
    };
    match &spoken.kind {
        SpokenKind::Words { variants, in_turn: true } => {
            out.extend(variants.iter().map(|words| words_text(sources, words)));
        }
        SpokenKind::Words { variants, in_turn: false } => {
            let words = variants.iter().find(|words| words.language == language).or(variants.first());
            out.extend(words.map(|words| words_text(sources, words)));
        }
        SpokenKind::Prompt(prompt, _) => deeper(&program.prompts[*prompt].spoken, out),
        SpokenKind::When { arms, otherwise } => {
            // A reader wants to know that there are several texts, and each of them.
            let mut cases = Vec::new();
            for (condition, spoken) in arms {
                let mut texts = Vec::new();
                deeper(spoken, &mut texts);
                cases.push(format!("[{}] {}", places::text(sources, condition.location), texts.join(" ")));
            }
            let mut texts = Vec::new();
            deeper(otherwise, &mut texts);
            cases.push(format!("[otherwise] {}", texts.join(" ")));
            out.push(cases.join(" "));
        }
        SpokenKind::Sequence(parts) => parts.iter().for_each(|part| deeper(part, out)),
        SpokenKind::Sound(file) => out.push(format!("♪ {file}")),
    }
}

fn words_text(sources: &SourceMap, words: &Words) -> String {
    let mut text = String::new();
    for segment in &words.segments {
        match segment {
            Segment::Text(part) | Segment::Listening { heard: part, .. } => text.push_str(part),
            Segment::Hole { value, .. } => {
                text.push_str(&format!("{{{}}}", places::text(sources, value.location)));
            }
            Segment::Plural { value, forms } => {
                let other = forms.iter().find(|(class, _)| *class == PluralClass::Other).or(forms.last());
                let other = other.map_or("", |(_, text)| text.as_str());
                text.push_str(&format!("{{{}}} {other}", places::text(sources, value.location)));
            }
        }
    }
    places::one_line(&text)
}

/// The first words of a text, with `…` when there are more; at most `most` characters.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    // Not in the middle of a word, unless the word alone is that long.
    if let Some(end) = short.rfind(' ')
        && end > short.len() / 2
    {
        short.truncate(end);
    }
    format!("{}…", short.trim_end_matches([' ', ',', ';', ':']))
}

/// A span of time as it is written: `90s`, `2m`, `1h30m`.
pub(crate) fn span_text(millis: u64) -> String {
    let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
    let (seconds, rest) = (millis / 1_000 % 60, millis % 1_000);
    let parts = [(hours, "h"), (minutes, "m"), (seconds, "s"), (rest, "ms")];
    let text: String =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    if text.is_empty() { "0s".into() } else { text }
}
