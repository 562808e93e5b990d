//! What a recogniser's process is told and answers: lines of JSON, and audio between them. The page "Recognisers" of
//! the book has it for those who write one.

use flow_switch::boundary::{Hints, Hypothesis, SpokenForm};
use serde::{Deserialize, Serialize};

/// Ways to understand an utterance that are taken over.
const MOST_HYPOTHESES: usize = 10;
/// Characters of each.
const LONGEST_TEXT: usize = 1_000;

/// Samples in a second.
pub(super) const RATE: u32 = 8_000;

#[derive(Serialize)]
struct Start<'a> {
    id: u64,
    language: &'a str,
    phrases: &'a [String],
    form: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<u16>,
    rate: u32,
}

/// The first line about an utterance.
pub(super) fn start(id: u64, language: &str, hints: &Hints) -> String {
    let (least, most) = match hints.form {
        Some(SpokenForm::Digits { least, most }) => (Some(least), Some(most)),
        _ => (None, None),
    };
    let form = hints.form.map(form_name);
    let start = Start { id, language, phrases: &hints.phrases, form, least, most, rate: RATE };
    // Texts and numbers are always JSON.
    let mut line = serde_json::to_string(&start).unwrap_or_default();
    line.push('\n');
    line
}

/// The line before so many bytes of audio.
pub(super) fn audio(id: u64, bytes: usize) -> String {
    format!("{{\"id\":{id},\"audio\":{bytes}}}\n")
}

/// The caller has said it.
pub(super) fn end(id: u64) -> String {
    format!("{{\"id\":{id},\"end\":true}}\n")
}

/// Nobody waits for an answer any more.
pub(super) fn cancel(id: u64) -> String {
    format!("{{\"id\":{id},\"cancel\":true}}\n")
}

/// The name of a form, as flows write it.
pub(super) fn form_name(form: SpokenForm) -> &'static str {
    match form {
        SpokenForm::Digits { .. } => "digits",
        SpokenForm::Number => "number",
        SpokenForm::Phone => "phone",
        SpokenForm::Date => "date",
        SpokenForm::Time => "time",
        SpokenForm::Money => "money",
        SpokenForm::YesNo => "yes_no",
        SpokenForm::Free => "speech",
    }
}

#[derive(Deserialize)]
struct Line {
    id: u64,
    #[serde(default)]
    word: bool,
    hypotheses: Option<Vec<Said>>,
    error: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Said {
    pub(super) text: String,
    /// From 0 to 1.
    pub(super) confidence: Option<f64>,
}

/// What a line of a recogniser says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Something about an utterance that is over, or nothing.
    Nothing,
    /// A word was understood.
    Word,
    /// All of it; empty when none was.
    Heard(Vec<Hypothesis>),
    /// This utterance cannot be understood, for this reason.
    Refused(String),
}

/// Reads a line about the utterance of this number.
///
/// # Errors
/// When it is no line of the protocol; the text says why.
pub(super) fn read(line: &[u8], id: u64) -> Result<Answer, String> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(Answer::Nothing);
    }
    let line: Line = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    Ok(if line.id != id {
        Answer::Nothing
    } else if let Some(error) = line.error {
        Answer::Refused(error.chars().take(LONGEST_TEXT).collect())
    } else if let Some(said) = line.hypotheses {
        Answer::Heard(hypotheses(said))
    } else if line.word {
        Answer::Word
    } else {
        Answer::Nothing
    })
}

/// Hypotheses in our words; without a confidence they count as sure.
pub(super) fn hypotheses(said: Vec<Said>) -> Vec<Hypothesis> {
    said.into_iter()
        .take(MOST_HYPOTHESES)
        .map(|said| {
            let text: String = said.text.trim().chars().take(LONGEST_TEXT).collect();
            let confidence = said.confidence.unwrap_or(1.0).clamp(0.0, 1.0);
            Hypothesis { text, per_mille: (confidence * 1000.0).round() as u16 }
        })
        .filter(|hypothesis| !hypothesis.text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_the_book_says() {
        let hints = Hints {
            phrases: vec!["billing".into(), "say \"hi\"".into()],
            form: Some(SpokenForm::Digits { least: 4, most: 6 }),
        };
        let lines =
            [start(7, "en", &hints), audio(7, 320), end(7), cancel(7), start(8, "es", &Hints::default())];
        insta::assert_snapshot!(lines.concat());
    }

    #[test]
    fn answers_are_read() {
        let heard = |text: &str, per_mille| Hypothesis { text: text.into(), per_mille };
        let read = |line: &str| read(line.as_bytes(), 7);
        assert_eq!(read(r#"{"id":7,"word":true}"#), Ok(Answer::Word));
        assert_eq!(
            read(
                r#"{"id":7,"hypotheses":[{"text":" billing ","confidence":0.9},{"text":"filling"},{"text":""}]}"#
            ),
            Ok(Answer::Heard(vec![heard("billing", 900), heard("filling", 1000)]))
        );
        assert_eq!(read(r#"{"id":7,"hypotheses":[]}"#), Ok(Answer::Heard(vec![])));
        assert_eq!(read(r#"{"id":6,"hypotheses":[{"text":"late"}]}"#), Ok(Answer::Nothing));
        assert_eq!(read(r#"{"id":7,"error":"no model"}"#), Ok(Answer::Refused("no model".into())));
        assert_eq!(read("  "), Ok(Answer::Nothing));
        assert_eq!(read(r#"{"id":7,"news":1}"#), Ok(Answer::Nothing));
        assert!(read("hello").is_err());
        assert!(read(r#"{"hypotheses":[]}"#).is_err());
    }

    #[test]
    fn what_a_recogniser_says_is_bounded() {
        let said = |_| Said { text: "x".repeat(5_000), confidence: Some(f64::MAX) };
        let all = hypotheses((0..100).map(said).collect());
        assert_eq!(all.len(), MOST_HYPOTHESES);
        assert!(all.iter().all(|one| one.text.len() == LONGEST_TEXT && one.per_mille == 1000));
        let odd = hypotheses(vec![Said { text: "x".into(), confidence: Some(f64::NAN) }]);
        assert_eq!(odd[0].per_mille, 0);
    }
}
