//! The sentences that each language has for telling a choice, and the words that count when an `ask` is
//! checked. One row per language; a language without a row needs an `ask` of its own.

/// How a language tells its choices.
pub(crate) struct Sentences {
    pub language: &'static str,
    /// `{}` is the label, then the key.
    pub for_label: (&'static str, &'static str),
    /// The same for labels that follow `to`.
    pub to_label: (&'static str, &'static str),
    /// Before a phrase that may be said instead.
    pub or_say: &'static str,
    pub star: &'static str,
    pub pound: &'static str,
    /// Words after which a number in a text is a key.
    pub pressing: &'static [&'static str],
    /// Words for 0 to 9.
    pub digits: [&'static str; 10],
    /// What else the two signs are called.
    pub signs: &'static [(&'static str, char)],
    /// Words that may stand between the verb and the key.
    pub between: &'static [&'static str],
}

const ALL: &[Sentences] = &[
    Sentences {
        language: "en",
        for_label: ("For ", ", press "),
        to_label: ("To ", ", press "),
        or_say: " or say ",
        star: "star",
        pound: "pound",
        pressing: &["press", "dial", "push"],
        digits: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        signs: &[("star", '*'), ("asterisk", '*'), ("pound", '#'), ("hash", '#')],
        between: &["the", "key", "number", "on"],
    },
    Sentences {
        language: "es",
        for_label: ("Para ", ", marque "),
        to_label: ("Para ", ", marque "),
        or_say: " o diga ",
        star: "asterisco",
        pound: "almohadilla",
        pressing: &["marque", "pulse", "oprima", "presione", "marca", "pulsa"],
        digits: ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
        signs: &[("asterisco", '*'), ("estrella", '*'), ("almohadilla", '#'), ("numeral", '#')],
        between: &["el", "la", "tecla", "número"],
    },
    Sentences {
        language: "fr",
        for_label: ("Pour ", ", tapez "),
        to_label: ("Pour ", ", tapez "),
        or_say: " ou dites ",
        star: "étoile",
        pound: "dièse",
        pressing: &["tapez", "composez", "appuyez"],
        digits: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
        signs: &[("étoile", '*'), ("dièse", '#')],
        between: &["le", "la", "sur", "touche"],
    },
    Sentences {
        language: "de",
        for_label: ("Für ", " drücken Sie die "),
        to_label: ("Um ", " drücken Sie die "),
        or_say: " oder sagen Sie ",
        star: "Sterntaste",
        pound: "Rautetaste",
        pressing: &["drücken", "wählen"],
        digits: ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
        signs: &[("stern", '*'), ("sterntaste", '*'), ("raute", '#'), ("rautetaste", '#')],
        between: &["sie", "die", "taste", "ziffer"],
    },
];

/// The row of a language; a regional one (`es-MX`) uses that of its language.
pub(crate) fn sentences(language: &str) -> Option<&'static Sentences> {
    let base = language.split('-').next().unwrap_or(language);
    ALL.iter().find(|s| s.language == base)
}

/// `pt_br` as written is the language `pt-BR`.
pub(crate) fn language_code(name: &str) -> String {
    match name.split_once('_') {
        Some((base, region)) => format!("{base}-{}", region.to_uppercase()),
        None => name.to_owned(),
    }
}

impl Sentences {
    /// A key as it is spoken.
    pub fn key(&self, keys: &str) -> String {
        let spoken: Vec<String> = keys
            .chars()
            .map(|c| match c {
                '*' => self.star.to_owned(),
                '#' => self.pound.to_owned(),
                digit => digit.to_string(),
            })
            .collect();
        spoken.join(" ")
    }

    /// The keys that a text tells its hearer to press.
    pub fn mentioned(&self, text: &str) -> Vec<String> {
        let lower = text.to_lowercase();
        let mut out = Vec::new();
        let mut listening = false;
        for word in lower.split(|c: char| !(c.is_alphanumeric() || c == '*' || c == '#')) {
            if word.is_empty() {
                continue;
            }
            if self.pressing.contains(&word) {
                listening = true;
            } else if listening {
                if let Some(key) = self.key_of(word) {
                    out.push(key);
                    listening = false;
                } else if !self.between.contains(&word) {
                    listening = false;
                }
            }
        }
        out
    }

    fn key_of(&self, word: &str) -> Option<String> {
        if word.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#') {
            return Some(word.to_owned());
        }
        if let Some((_, sign)) = self.signs.iter().find(|(name, _)| *name == word) {
            return Some(sign.to_string());
        }
        self.digits.iter().position(|d| *d == word).map(|d| d.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_only_after_a_word_for_pressing() {
        let en = sentences("en").unwrap();
        assert_eq!(
            en.mentioned("You have 2 messages. To hear them, press 1, or press the star key."),
            ["1", "*"]
        );
        assert_eq!(sentences("es").unwrap().mentioned("Para español, pulse uno."), ["1"]);
    }
}
