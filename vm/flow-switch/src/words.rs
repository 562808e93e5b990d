//! Which choice a caller's words select.
//!
//! Words are compared in small letters, without accents and marks. A phrase counts inside of a longer utterance, the
//! longest best; the name of a key counts when nothing else was said but "press" and the like. Where two choices are
//! about equally likely, that is the answer. Pure: it knows no calls and no recognisers.

use flow_bytecode::program::KeyTable;

use crate::boundary::Hypothesis;

/// As many hypotheses as are looked at, and as many words of each.
const GREATEST_HYPOTHESES: usize = 10;
const GREATEST_WORDS: usize = 200;
/// Two hypotheses whose likelihoods are no further apart than that are about equally likely.
const NEAR_PER_MILLE: u16 = 100;

/// What may be selected.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choices<'a> {
    pub(crate) table: &'a KeyTable,
    /// Bit by choice: whether it is live. Choices past the 64th always are.
    pub(crate) live: u64,
    pub(crate) texts: &'a [String],
    /// The call's: index into the program's languages, and its code.
    pub(crate) language: u16,
    pub(crate) code: &'a str,
}

/// What words select.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selected {
    Nothing,
    Choice(u16),
    /// The one or the other.
    Between(u16, u16),
}

/// How a language says keys.
struct Keys {
    language: &'static str,
    digits: [&'static [&'static str]; 10],
    star: &'static [&'static str],
    pound: &'static [&'static str],
    /// Words that stand beside a key and mean nothing by themselves.
    beside: &'static [&'static str],
}

const KEYS: &[Keys] = &[
    Keys {
        language: "en",
        digits: [
            &["zero", "oh"],
            &["one"],
            &["two"],
            &["three"],
            &["four"],
            &["five"],
            &["six"],
            &["seven"],
            &["eight"],
            &["nine"],
        ],
        star: &["star", "asterisk"],
        pound: &["pound", "hash"],
        beside: &[
            "press", "key", "the", "number", "option", "choice", "i", "please", "dial", "digit", "sign",
            "um", "uh",
        ],
    },
    Keys {
        language: "es",
        digits: [
            &["cero"],
            &["uno", "una"],
            &["dos"],
            &["tres"],
            &["cuatro"],
            &["cinco"],
            &["seis"],
            &["siete"],
            &["ocho"],
            &["nueve"],
        ],
        star: &["asterisco", "estrella"],
        pound: &["almohadilla", "numeral"],
        beside: &[
            "pulse", "pulso", "marque", "marco", "tecla", "la", "el", "numero", "opcion", "por", "favor",
            "eh",
        ],
    },
    Keys {
        language: "fr",
        digits: [
            &["zero"],
            &["un", "une"],
            &["deux"],
            &["trois"],
            &["quatre"],
            &["cinq"],
            &["six"],
            &["sept"],
            &["huit"],
            &["neuf"],
        ],
        star: &["etoile"],
        pound: &["diese"],
        beside: &["tapez", "touche", "le", "la", "numero", "option", "choix", "euh"],
    },
    Keys {
        language: "de",
        digits: [
            &["null"],
            &["eins", "ein"],
            &["zwei", "zwo"],
            &["drei"],
            &["vier"],
            &["funf"],
            &["sechs"],
            &["sieben"],
            &["acht"],
            &["neun"],
        ],
        star: &["stern", "sterntaste"],
        pound: &["raute", "rautetaste"],
        beside: &["drucke", "die", "taste", "nummer", "bitte", "ziffer", "ah"],
    },
];

/// A phrase as it is compared: whose, and whether it is of the call's language.
struct Phrase {
    choice: u16,
    own: bool,
    words: Vec<String>,
}

/// A phrase that was found in an utterance: whose, and which words it covers.
#[derive(Debug, Clone, Copy)]
struct Found {
    choice: u16,
    from: usize,
    to: usize,
    letters: usize,
}

impl Choices<'_> {
    /// What the hypotheses, the best first, select.
    pub(crate) fn select(&self, hypotheses: &[Hypothesis]) -> Selected {
        let phrases = self.prepared();
        let mut best: Option<(u16, u16)> = None;
        for hypothesis in hypotheses.iter().take(GREATEST_HYPOTHESES) {
            let near =
                best.is_none_or(|(_, likely)| likely.saturating_sub(hypothesis.per_mille) <= NEAR_PER_MILLE);
            if !near {
                break;
            }
            match (self.one(&phrases, &hypothesis.text), best) {
                (Selected::Nothing, _) => {}
                (between @ Selected::Between(..), None) => return between,
                // Less clear than what came before.
                (Selected::Between(..), Some(_)) => {}
                (Selected::Choice(choice), None) => best = Some((choice, hypothesis.per_mille)),
                (Selected::Choice(choice), Some((first, _))) if choice != first => {
                    return Selected::Between(first, choice);
                }
                (Selected::Choice(_), Some(_)) => {}
            }
        }
        best.map_or(Selected::Nothing, |(choice, _)| Selected::Choice(choice))
    }

    /// The choice of which a phrase is all that was said.
    pub(crate) fn whole(&self, text: &str) -> Option<u16> {
        let (said, phrases) = (words(text), self.prepared());
        let all = found(&phrases, &said, true).into_iter().chain(found(&phrases, &said, false));
        all.filter(|found| found.to - found.from == said.len()).map(|found| found.choice).next()
    }

    /// What one utterance selects.
    fn one(&self, phrases: &[Phrase], text: &str) -> Selected {
        let said = words(text);
        // What is said in the call's language, else in another one: who wants "English" says it in English.
        for own in [true, false] {
            match decided(found(phrases, &said, own)) {
                Selected::Nothing => {}
                selected => return selected,
            }
        }
        let Some(keys) = self.keys_of(&said) else { return Selected::Nothing };
        let choice = self.live_choices().find(|(_, choice)| self.text(choice.keys) == keys);
        choice.map_or(Selected::Nothing, |(index, _)| Selected::Choice(index))
    }

    fn live_choices(&self) -> impl Iterator<Item = (u16, &flow_bytecode::program::KeyChoice)> {
        let live = |index: usize| index >= 64 || self.live & (1 << index) != 0;
        let all = self.table.choices.iter().enumerate();
        all.filter(move |(index, _)| live(*index)).map(|(index, choice)| (index as u16, choice))
    }

    fn text(&self, id: u32) -> &str {
        self.texts.get(id as usize).map_or("", String::as_str)
    }

    /// The phrases of the live choices, as they are compared.
    fn prepared(&self) -> Vec<Phrase> {
        let mut prepared = Vec::new();
        for (choice, entry) in self.live_choices() {
            for (language, phrases) in &entry.phrases {
                let own = *language == self.language;
                for phrase in phrases {
                    prepared.push(Phrase { choice, own, words: words(self.text(*phrase)) });
                }
            }
        }
        prepared
    }

    /// The keys that an utterance names, if that is all it says.
    fn keys_of(&self, said: &[String]) -> Option<String> {
        let primary = self.code.split('-').next().unwrap_or(self.code);
        let row = KEYS.iter().find(|keys| keys.language == primary);
        let mut keys = String::new();
        for word in said {
            let is = |names: &&[&str]| names.contains(&word.as_str());
            if word.bytes().all(|b| b.is_ascii_digit()) {
                keys.push_str(word);
            } else if let Some(row) = row {
                match row.digits.iter().position(is) {
                    Some(digit) => keys.push(char::from(b'0' + digit as u8)),
                    None if is(&row.star) => keys.push('*'),
                    None if is(&row.pound) => keys.push('#'),
                    None if is(&row.beside) => {}
                    None => return None,
                }
            } else {
                return None;
            }
        }
        (!keys.is_empty()).then_some(keys)
    }

    /// Every phrase that selects something, those of the call's language first.
    pub(crate) fn phrases(&self) -> Vec<String> {
        let mut all = Vec::new();
        for own in [true, false] {
            for (_, choice) in self.live_choices() {
                let lists = choice.phrases.iter().filter(|(language, _)| (*language == self.language) == own);
                for text in lists.flat_map(|(_, list)| list) {
                    let text = self.text(*text);
                    if !all.iter().any(|known| known == text) {
                        all.push(text.to_owned());
                    }
                }
            }
        }
        all
    }

    /// Whether anything may be said in place of a key.
    pub(crate) fn has_phrases(&self) -> bool {
        self.live_choices().any(|(_, choice)| choice.phrases.iter().any(|(_, list)| !list.is_empty()))
    }
}

/// The phrases that stand in an utterance, of the call's language or of the others.
fn found(phrases: &[Phrase], said: &[String], own: bool) -> Vec<Found> {
    let mut found = Vec::new();
    let fits =
        |phrase: &&Phrase| phrase.own == own && !phrase.words.is_empty() && phrase.words.len() <= said.len();
    for phrase in phrases.iter().filter(fits) {
        let at = said.windows(phrase.words.len()).position(|window| window == phrase.words);
        if let Some(from) = at {
            let letters = phrase.words.iter().map(String::len).sum();
            found.push(Found { choice: phrase.choice, from, to: from + phrase.words.len(), letters });
        }
    }
    found
}

/// What is meant by phrases that were all found in one utterance. A phrase inside of another counts for nothing:
/// "sales" in "car sales".
fn decided(found: Vec<Found>) -> Selected {
    let within = |inner: &Found, outer: &Found| {
        outer.choice != inner.choice
            && outer.from <= inner.from
            && inner.to <= outer.to
            && outer.to - outer.from > inner.to - inner.from
    };
    let mut whole: Vec<Found> = Vec::new();
    for one in found.iter().filter(|one| !found.iter().any(|other| within(one, other))) {
        match whole.iter_mut().find(|known| known.choice == one.choice) {
            Some(known) if known.letters >= one.letters => {}
            Some(known) => *known = *one,
            None => whole.push(*one),
        }
    }
    whole.sort_by_key(|one| (std::cmp::Reverse(one.letters), one.choice));
    match &whole[..] {
        [] => Selected::Nothing,
        [only] => Selected::Choice(only.choice),
        [first, second, ..] => {
            Selected::Between(first.choice.min(second.choice), first.choice.max(second.choice))
        }
    }
}

/// The words of a text as they are compared.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase).chain([' ']) {
        match folded(c) {
            Some(letters) => word.push_str(letters),
            None if c.is_alphanumeric() => word.push(c),
            // "that's" is one word, and an accent that stands by itself belongs to the letter before it.
            None if matches!(c, '\'' | '’' | '\u{300}'..='\u{36f}') => {}
            None if word.is_empty() => {}
            None if words.len() >= GREATEST_WORDS => return words,
            None => words.push(std::mem::take(&mut word)),
        }
    }
    words
}

/// A letter of a Latin script without its accent.
fn folded(c: char) -> Option<&'static str> {
    Some(match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' => "d",
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' => "e",
        'í' | 'ì' | 'î' | 'ï' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ő' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' => "s",
        'ß' => "ss",
        'ť' => "t",
        'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use flow_bytecode::program::KeyChoice;
    use proptest::prelude::*;

    use super::*;

    const TEXTS: &[&str] = &[
        "1",
        "2",
        "0",
        "billing",
        "factura",
        "sales",
        "ventas",
        "car sales",
        "agent",
        "that's it",
        "English",
    ];

    /// 1 billing or factura, 2 sales or car sales, 0 agent; Spanish is the second language.
    fn table() -> (KeyTable, Vec<String>) {
        let choice = |keys, en: &[u32], es: &[u32]| KeyChoice {
            keys,
            phrases: vec![(0, en.to_vec()), (1, es.to_vec())],
            told: None,
        };
        let choices = vec![choice(0, &[3], &[4]), choice(1, &[5], &[6]), choice(2, &[8, 7, 9, 10], &[])];
        (KeyTable { choices, between: None }, TEXTS.iter().map(|text| (*text).to_owned()).collect())
    }

    fn selected(language: u16, said: &[(&str, u16)]) -> Selected {
        let (table, texts) = table();
        let code = ["en", "es-MX"][usize::from(language)];
        let choices = Choices { table: &table, live: !0, texts: &texts, language, code };
        let said: Vec<Hypothesis> = said
            .iter()
            .map(|(text, per_mille)| Hypothesis { text: (*text).to_owned(), per_mille: *per_mille })
            .collect();
        choices.select(&said)
    }

    #[test]
    fn case_accents_marks_and_other_words_make_no_difference() {
        for said in [
            "billing",
            "Billing!",
            "  BILLING ",
            "Bílling",
            "I'd like billing, please",
            "one",
            "press 1",
            "1",
        ] {
            assert_eq!(selected(0, &[(said, 900)]), Selected::Choice(0), "{said}");
        }
        for said in ["uno", "pulse el uno", "la opción uno", "ventas"] {
            let choice = u16::from(said == "ventas");
            assert_eq!(selected(1, &[(said, 900)]), Selected::Choice(choice), "{said}");
        }
        assert_eq!(selected(0, &[("thats it", 900)]), Selected::Choice(2));
        for said in ["", "?!", "billings", "one hundred and something", "the weather"] {
            assert_eq!(selected(0, &[(said, 900)]), Selected::Nothing, "{said}");
        }
    }

    #[test]
    fn another_language_counts_when_the_own_says_nothing() {
        assert_eq!(selected(1, &[("English", 900)]), Selected::Choice(2));
        assert_eq!(selected(0, &[("factura", 900)]), Selected::Choice(0));
    }

    #[test]
    fn the_longest_phrase_wins_where_one_holds_the_other() {
        assert_eq!(selected(0, &[("car sales", 900)]), Selected::Choice(2));
        assert_eq!(selected(0, &[("sales", 900)]), Selected::Choice(1));
    }

    #[test]
    fn two_that_are_about_equally_likely_are_both_meant() {
        assert_eq!(selected(0, &[("billing or sales", 900)]), Selected::Between(0, 1));
        assert_eq!(selected(0, &[("sales", 500), ("billing", 450)]), Selected::Between(1, 0));
        assert_eq!(selected(0, &[("sales", 800), ("billing", 150)]), Selected::Choice(1));
        assert_eq!(selected(0, &[("noise", 800), ("billing", 150)]), Selected::Choice(0));
        assert_eq!(selected(0, &[("sales", 500), ("the sales", 480), ("billing", 300)]), Selected::Choice(1));
    }

    #[test]
    fn what_is_not_live_is_not_selected() {
        let (table, texts) = table();
        let choices = Choices { table: &table, live: 0b101, texts: &texts, language: 0, code: "en" };
        let said = [Hypothesis { text: "sales".into(), per_mille: 900 }];
        assert_eq!(choices.select(&said), Selected::Nothing);
        assert!(!choices.phrases().contains(&"sales".to_owned()));
    }

    proptest! {
        #[test]
        fn any_text_is_borne(text in ".{0,400}", likely in 0u16..2000) {
            let _ = selected(0, &[(&text, likely), ("billing", 10)]);
        }
    }
}
