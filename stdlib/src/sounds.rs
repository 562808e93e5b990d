//! The shipped sounds: spoken words, tones and hold music, as WAV files inside the program.
//!
//! A sound's name is its path below `stdlib/sounds` without the ending: `en/number/7`, `en/word/minutes`,
//! `tone/beep`, `hold/calm`. How each was made, and under which licence, says `stdlib/sounds/README.md`.

/// Name and file, by name in order.
static TABLE: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sounds.rs"));

/// The WAV file of a sound: 8 kHz, one channel, 16 bits.
pub fn sound(name: &str) -> Option<&'static [u8]> {
    let at = TABLE.binary_search_by_key(&name, |entry| entry.0).ok()?;
    Some(TABLE[at].1)
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
            .map(|(name, file)| {
                (*name, Sha256::digest(file).iter().map(|octet| format!("{octet:02x}")).collect())
            })
            .collect();
        let shipped: Vec<(&str, &str)> = shipped.iter().map(|(name, sum)| (*name, sum.as_str())).collect();
        assert_eq!(shipped, listed);
    }

    #[test]
    fn every_sound_is_of_the_telephones_kind_and_neither_empty_nor_endless() {
        for (name, file) in TABLE {
            assert_eq!(&file[..4], b"RIFF", "{name}");
            let format = [&1u16.to_le_bytes()[..], &1u16.to_le_bytes(), &8_000u32.to_le_bytes()].concat();
            assert_eq!(file[20..28], format, "{name}: PCM, one channel, 8 kHz");
            assert_eq!(file[34..36], 16u16.to_le_bytes(), "{name}: 16 bits");
            assert!((1_600..500_000).contains(&file.len()), "{name}: {} bytes", file.len());
        }
        let total: usize = TABLE.iter().map(|entry| entry.1.len()).sum();
        assert!(total < 3_000_000, "{total} bytes in all");
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
    fn what_flows_say_by_themselves_is_there() {
        let numbers = (0..=20).chain((30..=90).step_by(10)).map(|n| format!("en/number/{n}"));
        let ordinals = (1..=31).map(|n| format!("en/ordinal/{n}"));
        let letters = ('a'..='z').map(|letter| format!("en/letter/{letter}"));
        for name in numbers.chain(ordinals).chain(letters) {
            assert!(sound(&name).is_some(), "{name}");
        }
    }
}
