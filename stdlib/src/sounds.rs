//! The shipped sounds: spoken words, tones and hold music, as WAV files inside the program.
//!
//! A sound's name is its path below `stdlib/sounds` without the ending: `en/number/7`, `en/word/minutes`,
//! `tone/beep`, `hold/calm`. How each was made, and under which licence, says `stdlib/sounds/README.md`.

/// Name, words and file, by name in order. Tones and music have no words.
static TABLE: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sounds.rs"));

/// The WAV file of a sound: 8 kHz, one channel, 16 bits.
pub fn sound(name: &str) -> Option<&'static [u8]> {
    let at = TABLE.binary_search_by_key(&name, |entry| entry.0).ok()?;
    Some(TABLE[at].2)
}

/// What is said in a sound, as people write it; `None` for what is no speech.
pub fn words(name: &str) -> Option<&'static str> {
    let at = TABLE.binary_search_by_key(&name, |entry| entry.0).ok()?;
    Some(TABLE[at].1).filter(|words| !words.is_empty())
}

/// The languages that words are shipped in, by primary tag, in order.
pub const LANGUAGES: &[&str] = &["en", "es"];

/// Whether words of a language are shipped: `es-MX` uses those of `es`.
pub fn speaks(language: &str) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or(language);
    LANGUAGES.iter().any(|own| own.eq_ignore_ascii_case(primary))
}

/// How long a sound lasts, in milliseconds.
pub fn millis(name: &str) -> Option<u64> {
    // The heads of these files have 44 octets; a sample has two, and there are eight in a millisecond.
    Some((sound(name)?.len() as u64).saturating_sub(44) / 16)
}

/// The names of all sounds, in order.
pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
    TABLE.iter().map(|entry| entry.0)
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn every_sound_is_what_it_was_when_it_was_listed() {
        let mut listed: Vec<(&str, &str)> = include_str!("../sounds/SHA256SUMS")
            .lines()
            .filter_map(|line| line.split_once("  "))
            .map(|(sum, path)| (path.trim_end_matches(".wav"), sum))
            .collect();
        listed.sort_unstable();
        let shipped: Vec<(&str, String)> = TABLE
            .iter()
            .map(|(name, _, file)| {
                (*name, Sha256::digest(file).iter().map(|octet| format!("{octet:02x}")).collect())
            })
            .collect();
        let shipped: Vec<(&str, &str)> = shipped.iter().map(|(name, sum)| (*name, sum.as_str())).collect();
        assert_eq!(shipped, listed);
    }

    #[test]
    fn every_sound_is_of_the_telephones_kind_and_neither_empty_nor_endless() {
        for (name, _, file) in TABLE {
            assert_eq!(&file[..4], b"RIFF", "{name}");
            let format = [&1u16.to_le_bytes()[..], &1u16.to_le_bytes(), &8_000u32.to_le_bytes()].concat();
            assert_eq!(file[20..28], format, "{name}: PCM, one channel, 8 kHz");
            assert_eq!(file[34..36], 16u16.to_le_bytes(), "{name}: 16 bits");
            assert!((1_600..500_000).contains(&file.len()), "{name}: {} bytes", file.len());
        }
        let total: usize = TABLE.iter().map(|entry| entry.2.len()).sum();
        assert!(total < 6_000_000, "{total} bytes in all");
    }

    #[test]
    fn sounds_go_by_their_names() {
        for name in names() {
            assert!(sound(name).is_some(), "{name}");
        }
        assert!(sound("en/number/7").is_some());
        assert!(sound("hold/calm").is_some());
        assert!(sound("tone/beep").is_some());
        assert_eq!(sound("en/number"), None);
        assert_eq!(sound(""), None);
    }

    #[test]
    fn every_clip_of_words_says_which_and_every_listed_word_is_there() {
        for name in names() {
            let spoken = LANGUAGES.iter().any(|language| name.starts_with(&format!("{language}/")));
            assert_eq!(words(name).is_some(), spoken, "{name}");
        }
        let lists =
            [("en", include_str!("../sounds/words/en.txt")), ("es", include_str!("../sounds/words/es.txt"))];
        for (language, list) in lists {
            for line in list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
                let name = line.split('|').next().unwrap_or_default();
                assert!(sound(&format!("{language}/{name}")).is_some(), "{language}/{name}");
            }
        }
        assert_eq!(words("es/number/veintiun"), Some("veintiún"));
        assert_eq!(words("tone/beep"), None);
    }

    #[test]
    fn what_flows_say_by_themselves_is_there_in_every_language() {
        let prompts = |language: &str| {
            let folder = format!("{language}/prompt/");
            names().filter_map(|name| name.strip_prefix(&folder).map(str::to_owned)).collect::<Vec<_>>()
        };
        for language in LANGUAGES {
            assert_eq!(prompts(language), prompts("en"), "the sentences of {language}");
            for digit in 0..10 {
                assert!(sound(&format!("{language}/number/{digit}")).is_some(), "{language} {digit}");
            }
            for letter in 'a'..='z' {
                assert!(sound(&format!("{language}/letter/{letter}")).is_some(), "{language} {letter}");
            }
            assert_eq!(names().filter(|name| name.starts_with(&format!("{language}/day/"))).count(), 7);
            assert_eq!(names().filter(|name| name.starts_with(&format!("{language}/month/"))).count(), 12);
        }
    }

    #[test]
    fn a_region_uses_the_words_of_its_language() {
        assert!(["en", "en-GB", "es-MX", "ES"].iter().all(|code| speaks(code)));
        assert!(!["fr", "", "eo"].iter().any(|code| speaks(code)));
    }

    #[test]
    fn lengths_are_those_of_the_files() {
        assert_eq!(millis("tone/beep"), Some(300));
        assert_eq!(millis("en/number"), None);
    }
}
