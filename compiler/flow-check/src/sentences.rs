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
    /// Words before the last key of a list: `or`.
    pub joining: &'static [&'static str],
    /// Words between a key and what it is for, by which a list of keys is known: `2 for support`.
    pub labelling: &'static [&'static str],
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
        joining: &["or", "and"],
        labelling: &["for", "to", "if"],
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
        joining: &["o", "u", "y"],
        labelling: &["para", "si"],
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
        joining: &["ou", "et"],
        labelling: &["pour", "si"],
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
        joining: &["oder", "und"],
        labelling: &["für", "um", "wenn"],
    },
];

/// Yes or no, read back; in English where flowc does not know the language.
pub(crate) fn yes_or_no(language: &str, yes: bool) -> &'static str {
    let (is, is_not) = match language.split('-').next().unwrap_or(language) {
        "es" => ("Sí.", "No."),
        "fr" => ("Oui.", "Non."),
        "de" => ("Ja.", "Nein."),
        _ => ("Yes.", "No."),
    };
    if yes { is } else { is_not }
}

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
    /// A key as it is spoken, added to a text.
    pub fn key(&self, keys: &str, out: &mut String) {
        for (index, key) in keys.chars().enumerate() {
            if index > 0 {
                out.push(' ');
            }
            match key {
                '*' => out.push_str(self.star),
                '#' => out.push_str(self.pound),
                digit => out.push(digit),
            }
        }
    }

    /// Whether a word for pressing may stand in a text: most texts have none, and need no closer look.
    fn may_mention(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        if !text.is_ascii() {
            return true;
        }
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
        let mut at = 0;
        while at < bytes.len() {
            if !is_letter(&bytes[at]) {
                at += 1;
                continue;
            }
            let length = bytes[at..].iter().take_while(|byte| is_letter(byte)).count();
            let word = &bytes[at..at + length];
            let same = |other: &&str| other.len() == length && other.as_bytes().eq_ignore_ascii_case(word);
            if self.pressing.iter().any(same) {
                return true;
            }
            at += length;
        }
        false
    }

    /// The keys that a text tells its hearer to press: after a word for pressing, and on through a list in the
    /// same sentence, "press 1 for sales, 2 for support or 3 to hang up".
    pub fn mentioned(&self, text: &str) -> Vec<String> {
        if !self.may_mention(text) {
            return Vec::new();
        }
        let lower = text.to_lowercase();
        let words = words(&lower);
        let mut out = Vec::new();
        let mut listening = false;
        let mut in_list = false;
        for (index, (mark, word)) in words.iter().enumerate() {
            in_list &= !matches!(mark, Some('.' | '!' | '?' | ';'));
            if self.pressing.contains(word) {
                listening = true;
                continue;
            }
            let next = in_list && {
                let follows = *mark == Some(',') || index > 0 && self.joining.contains(&words[index - 1].1);
                let labelled = words.get(index + 1).is_some_and(|(_, next)| self.labelling.contains(next));
                follows && labelled
            };
            match self.key_of(word).filter(|_| listening || next) {
                Some(key) => {
                    out.push(key);
                    listening = false;
                    in_list = true;
                }
                None => listening &= self.between.contains(word),
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

/// The words of a text, each with the last mark before it.
fn words(text: &str) -> Vec<(Option<char>, &str)> {
    let mut out = Vec::new();
    let mut mark = None;
    let is_word = |c: char| c.is_alphanumeric() || c == '*' || c == '#';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if is_word(c) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            out.push((mark.take(), &rest[..end]));
            rest = &rest[end..];
        } else {
            mark = if c.is_whitespace() { mark } else { Some(c) };
            rest = &rest[c.len_utf8()..];
        }
    }
    out
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

    #[test]
    fn keys_in_a_list_count_within_their_sentence() {
        let en = sentences("en").unwrap();
        let list = "Press 1 for sales, 2 for support, three to hear this again, or * if you are lost.";
        assert_eq!(en.mentioned(list), ["1", "2", "3", "*"]);
        assert_eq!(en.mentioned("Press 1 for sales. We have 2 for you, 3 to give away."), ["1"]);
        assert_eq!(en.mentioned("Press 1 within 5 seconds, 10 at most."), ["1"]);
        let de = sentences("de").unwrap();
        assert_eq!(de.mentioned("Drücken Sie die 1 für Verkauf oder 2 für Technik."), ["1", "2"]);
    }
}
