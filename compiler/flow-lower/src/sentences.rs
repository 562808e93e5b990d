//! Text cut into the units that are recorded: one sentence, or the part of one beside a hole.
//!
//! Whoever joins units again puts a space between them. It knows nothing of bytecode.

/// Words before a full stop that does not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "dr", "dra", "mr", "mrs", "ms", "no", "nr", "sr", "sra", "st", "vs", "a.m", "p.m", "e.g", "i.e", "approx",
];

/// The marks with which a text goes on behind a value, `.` or `, `: read by whoever sees the text, and no
/// unit, since nobody hears them.
pub(crate) fn marks(text: &str) -> Option<&str> {
    let end =
        text.find(|c| !matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '…' | ')')).unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// The units of a text; parts without a letter or digit are not units.
pub(crate) fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let followed_by_space = chars.peek().is_some_and(|(_, next)| next.is_whitespace());
        let end = at + c.len_utf8();
        if followed_by_space && ends_sentence(&text[start..at], c, &text[end..]) {
            push(&mut units, &text[start..end]);
            start = end;
        }
    }
    push(&mut units, &text[start..]);
    units
}

fn push<'a>(units: &mut Vec<&'a str>, unit: &'a str) {
    let unit = unit.trim().trim_start_matches([',', ';', ':', '.', '!', '?', '…']).trim_start();
    if unit.chars().any(char::is_alphanumeric) {
        units.push(unit);
    }
}

fn ends_sentence(before: &str, mark: char, after: &str) -> bool {
    let next = after.trim_start().chars().next();
    if !next.is_some_and(|c| c.is_uppercase() || c.is_numeric() || matches!(c, '¿' | '¡' | '"' | '“')) {
        return false;
    }
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("").to_lowercase();
    mark != '.' || !ABBREVIATIONS.contains(&word.trim_start_matches('('))
}

#[cfg(test)]
mod tests {
    use super::{marks, units};

    #[test]
    fn sentences_are_units() {
        assert_eq!(
            units("Thank you for calling. For sales, press 1."),
            ["Thank you for calling.", "For sales, press 1."]
        );
        assert_eq!(units("Really? ¡Sí! ¿Qué tal? Bien."), ["Really?", "¡Sí!", "¿Qué tal?", "Bien."]);
    }

    #[test]
    fn a_full_stop_within_a_sentence_does_not_cut_it() {
        assert_eq!(units("Ask for Dr. Smith at 8.30 or later."), ["Ask for Dr. Smith at 8.30 or later."]);
        assert_eq!(units("We open at 8 a.m. Monday to Friday."), ["We open at 8 a.m. Monday to Friday."]);
    }

    #[test]
    fn marks_behind_a_hole_are_kept_apart() {
        assert_eq!(marks("."), Some("."));
        assert_eq!(marks("?! Then"), Some("?!"));
        assert_eq!(marks(", press 1."), Some(","));
        assert_eq!(marks(" in line."), None);
        assert_eq!(marks(""), None);
    }

    #[test]
    fn what_stands_beside_a_hole_is_trimmed() {
        assert_eq!(units(" in line. The wait is about "), ["in line.", "The wait is about"]);
        assert_eq!(units("."), Vec::<&str>::new());
        assert_eq!(units(", press 1."), ["press 1."]);
    }
}
