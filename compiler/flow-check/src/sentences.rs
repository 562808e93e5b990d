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
    /// Words that name a key where a sign or a figure follows, and nothing that is counted: "choose 4", but not
    /// "choose one of them" and not "enter 4 digits".
    pub choosing: &'static [&'static str],
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
    /// Words between the first and the last key of a row: `1 to 5`.
    pub through: &'static [&'static str],
}

const ALL: &[Sentences] = &[
    Sentences {
        language: "en",
        for_label: ("For ", ", press "),
        to_label: ("To ", ", press "),
        or_say: " or say ",
        star: "star",
        pound: "pound",
        pressing: &["press", "push", "hit"],
        choosing: &["dial", "enter", "touch", "select", "choose", "type", "use"],
        digits: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        signs: &[("star", '*'), ("asterisk", '*'), ("pound", '#'), ("hash", '#')],
        between: &["the", "key", "keys", "number", "numbers", "on", "either", "any", "of", "button"],
        joining: &["or", "and"],
        labelling: &["for", "to", "if"],
        through: &["to", "through", "thru"],
    },
    Sentences {
        language: "es",
        for_label: ("Para ", ", marque "),
        to_label: ("Para ", ", marque "),
        or_say: " o diga ",
        star: "asterisco",
        pound: "almohadilla",
        pressing: &[
            "marque", "pulse", "oprima", "presione", "digite", "marca", "pulsa", "oprime", "presiona",
        ],
        choosing: &["elija", "seleccione", "introduzca", "ingrese", "teclee", "elige"],
        digits: ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
        signs: &[("asterisco", '*'), ("estrella", '*'), ("almohadilla", '#'), ("numeral", '#')],
        between: &["el", "la", "las", "los", "tecla", "teclas", "número", "números", "en"],
        joining: &["o", "u", "y"],
        labelling: &["para", "si"],
        through: &["a", "al", "hasta"],
    },
    Sentences {
        language: "fr",
        for_label: ("Pour ", ", tapez "),
        to_label: ("Pour ", ", tapez "),
        or_say: " ou dites ",
        star: "étoile",
        pound: "dièse",
        pressing: &["tapez", "composez", "appuyez", "pressez"],
        choosing: &["choisissez", "sélectionnez", "entrez", "saisissez", "faites"],
        digits: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
        signs: &[("étoile", '*'), ("dièse", '#')],
        between: &["le", "la", "les", "sur", "touche", "touches", "numéro"],
        joining: &["ou", "et"],
        labelling: &["pour", "si"],
        through: &["à"],
    },
    Sentences {
        language: "de",
        for_label: ("Für ", " drücken Sie die "),
        to_label: ("Um ", " drücken Sie die "),
        or_say: " oder sagen Sie ",
        star: "Sterntaste",
        pound: "Rautetaste",
        pressing: &["drücken", "wählen"],
        choosing: &["tippen"],
        digits: ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
        signs: &[("stern", '*'), ("sterntaste", '*'), ("raute", '#'), ("rautetaste", '#')],
        between: &["sie", "die", "taste", "tasten", "ziffer", "ziffern", "entweder"],
        joining: &["oder", "und"],
        labelling: &["für", "um", "wenn"],
        through: &["bis"],
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

    /// Whether a word for pressing or choosing may stand in a text: most texts have none, and need no closer look.
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
            if self.pressing.iter().chain(self.choosing).any(same) || same(&"key") {
                return true;
            }
            at += length;
        }
        false
    }

    /// The keys that a text tells its hearer to press: after a word for pressing, and on through a list, "press 1, 2 or
    /// 3", "press 1 for sales, 2 for support", "for sales, press 1; for support, 2".
    pub fn mentioned(&self, text: &str) -> Vec<String> {
        self.keys_in(text).into_iter().filter(|(_, pressed)| *pressed).map(|(key, _)| key).collect()
    }

    /// Those, and the keys that a text names with a word for choosing.
    pub fn named(&self, text: &str) -> Vec<String> {
        self.keys_in(text).into_iter().map(|(key, _)| key).collect()
    }

    /// The keys in a text, each with whether a word for pressing tells of it.
    fn keys_in(&self, text: &str) -> Vec<(String, bool)> {
        if !self.may_mention(text) {
            return Vec::new();
        }
        let lower = text.to_lowercase();
        let words = words(&lower);
        let mut out: Vec<(String, bool)> = Vec::new();
        let mut reading = Reading::default();
        for (index, (mark, word)) in words.iter().enumerate() {
            if matches!(mark, Some('.' | '!' | '?' | '…')) {
                reading = Reading::default();
            }
            if let Some(pressed) = self.verb(&words, index) {
                reading.verb = Some(pressed);
                reading.bare = false;
                continue;
            }
            let before = index.checked_sub(1).map(|before| words[before].1);
            if self.ends_row(&reading, index, before)
                && let (Some((last, pressed)), Some(key)) = (out.last().cloned(), self.key_of(word))
                && let (Ok(low), Ok(high)) = (last.parse::<u8>(), key.parse::<u8>())
                && low < high
                && high <= 9
            {
                out.extend((low + 1..=high).map(|key| (key.to_string(), pressed)));
                reading.key_at = Some(index);
                continue;
            }
            match self.key_of(word).filter(|_| self.is_named(&words, index, &reading)) {
                Some(key) => {
                    let pressed = reading.verb.unwrap_or(reading.pressed);
                    out.push((key, pressed));
                    reading = Reading {
                        verb: None,
                        pressed,
                        in_list: true,
                        bare: true,
                        labelled: false,
                        key_at: Some(index),
                    };
                }
                None => {
                    let joins = self.joining.contains(word) || self.between.contains(word);
                    reading.verb = reading.verb.filter(|_| self.between.contains(word));
                    reading.bare &= joins && matches!(mark, None | Some(','));
                    reading.labelled |=
                        reading.in_list && matches!(mark, Some(',' | ';')) && self.labelling.contains(word);
                }
            }
        }
        out
    }

    /// Whether a word tells to press (`true`) or to choose what follows.
    fn verb(&self, words: &[(Option<char>, &str)], index: usize) -> Option<bool> {
        let word = words[index].1;
        if self.pressing.contains(&word) {
            return Some(true);
        }
        let key_in = word == "in" && index > 0 && words[index - 1].1 == "key";
        (key_in || self.choosing.contains(&word)).then_some(false)
    }

    /// Whether a word stands behind `1 to`, where the 1 is a key.
    fn ends_row(&self, reading: &Reading, index: usize, before: Option<&str>) -> bool {
        let through = before.is_some_and(|before| self.through.contains(&before));
        through && index >= 2 && reading.key_at == Some(index - 2)
    }

    /// Whether nothing that is counted follows, so that a figure stands for itself.
    fn ends(&self, words: &[(Option<char>, &str)], index: usize) -> bool {
        words
            .get(index + 1)
            .is_none_or(|(mark, next)| mark.is_some() || self.joining.contains(next) || AFTER.contains(next))
    }

    /// Whether what looks like a key at this place is one.
    fn is_named(&self, words: &[(Option<char>, &str)], index: usize, reading: &Reading) -> bool {
        let (mark, word) = words[index];
        let next = words.get(index + 1);
        let labelled = next.is_some_and(|(_, next)| self.labelling.contains(next));
        let ends = self.ends(words, index);
        match reading.verb {
            Some(true) => return true,
            Some(false) => {
                let spelled = self.digits.contains(&word);
                let through = next.is_some_and(|(_, next)| self.through.contains(next));
                let last = words.get(index + 2).and_then(|(_, last)| self.key_of(last));
                return !spelled
                    && match (through, last) {
                        (true, Some(_)) => self.ends(words, index + 2),
                        _ => ends || labelled,
                    };
            }
            None => {}
        }
        let follows =
            matches!(mark, Some(',' | ';')) || index > 0 && self.joining.contains(&words[index - 1].1);
        (reading.in_list && follows && labelled)
            || (reading.bare
                && (follows || index > 0 && self.between.contains(&words[index - 1].1))
                && (ends || labelled))
            || (reading.labelled && mark == Some(',') && ends)
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

/// What has been read of a sentence that may name keys.
#[derive(Default)]
struct Reading {
    /// A word for pressing (`true`) or choosing stands right before.
    verb: Option<bool>,
    /// How the last key was told.
    pressed: bool,
    /// A key has been named in this sentence.
    in_list: bool,
    /// Nothing but `,`, `or` and the like stands behind the last key.
    bare: bool,
    /// A new label began behind a key: "for support".
    labelled: bool,
    /// Where the last key stands.
    key_at: Option<usize>,
}

/// What may stand behind a key that is chosen, in any language that has words for choosing.
const AFTER: &[&str] = &["now", "please", "again", "key", "ahora", "maintenant", "jetzt"];

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

    #[test]
    fn a_bare_list_names_all_its_keys() {
        let en = sentences("en").unwrap();
        for (text, keys) in [
            ("For sales, support or billing, press 1, 2 or 3.", vec!["1", "2", "3"]),
            ("Press one or two.", vec!["1", "2"]),
            ("Press either 1 or 6.", vec!["1", "6"]),
            ("For sales, press 1; for support, 2.", vec!["1", "2"]),
            ("Press 1, 2, or the star key.", vec!["1", "2", "*"]),
            ("Press 1 to 4.", vec!["1", "2", "3", "4"]),
            ("Press 1 to hear 2 messages.", vec!["1"]),
            ("Press 1 or wait. There are 3 or 4 before you.", vec!["1"]),
            ("Press 1 and 2 of us will come.", vec!["1"]),
        ] {
            assert_eq!(en.mentioned(text), keys, "{text}");
        }
        let es = sentences("es").unwrap();
        assert_eq!(es.mentioned("Para ventas o soporte, oprima uno o dos."), ["1", "2"]);
        assert_eq!(es.mentioned("Pulse 1, 2 o 3; presione asterisco."), ["1", "2", "3", "*"]);
    }

    #[test]
    fn what_is_to_be_chosen_is_a_key_where_a_figure_stands() {
        let en = sentences("en").unwrap();
        for (text, keys) in [
            (
                "Dial 7. Key in 8. Touch 3. Choose 4 for sales. Enter 7, please. Use 0 for help.",
                vec!["7", "8", "3", "4", "7", "0"],
            ),
            ("Please enter 4 digits.", vec![]),
            ("Please choose one of the following.", vec![]),
            ("Select one.", vec![]),
            ("Enter the 16 digit number.", vec![]),
            ("Enter 1 to 5 digits.", vec![]),
        ] {
            assert_eq!(en.named(text), keys, "{text}");
            assert_eq!(en.mentioned(text), Vec::<String>::new(), "{text}");
        }
    }
}
