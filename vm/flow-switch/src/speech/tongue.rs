//! What a language has to say for itself so that values are read aloud in it.
//!
//! A language is one file: a [`Table`] of words, and the few rules of grammar of [`Tongue`] in which languages differ.
//! Adding one is that file, a row in [`ALL`], and its clips in `stdlib/sounds`. What is the same everywhere (which
//! day is "tomorrow", how a duration is rounded, how a telephone number is grouped) is not here.

use super::english::English;
use super::said::{Said, Word};
use super::spanish::Spanish;

/// The languages whose words are shipped. The first stands in for a language that has none.
static ALL: [&dyn Tongue; 2] = [&English, &Spanish];

/// How a word that is counted bends the number before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    /// The number stands alone: "uno".
    Alone,
    /// "un euro"; also every noun of a language without genders.
    Masculine,
    /// "una libra".
    Feminine,
}

/// A word that is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) one: Word,
    pub(super) many: Word,
    pub(super) noun: Noun,
}

/// A currency as it is spoken.
#[derive(Debug, Clone, Copy)]
pub(super) struct CurrencyWords {
    /// ISO 4217.
    pub(super) codes: &'static [&'static str],
    pub(super) major: Counted,
    /// None where nobody uses a smaller coin.
    pub(super) minor: Option<Counted>,
    /// Whether the smaller coin goes unnamed where that is plain: "12 pounds 50".
    pub(super) bare: bool,
}

/// What differs between the regions of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    /// Region subtags, in capitals; the first region of a language stands for all that are not listed.
    pub(super) tags: &'static [&'static str],
    /// By the clock of 24 hours.
    pub(super) full_day_clock: bool,
    /// "27 November", not "November 27".
    pub(super) day_first: bool,
    /// The mark before a fraction.
    pub(super) comma: bool,
    /// "one hundred and one"; in Spanish "el primero de enero".
    pub(super) long_forms: bool,
}

/// The words of a language.
pub(super) struct Table {
    /// Primary tag of BCP 47.
    pub(super) language: &'static str,
    /// At least one.
    pub(super) regions: &'static [Region],
    pub(super) digits: [&'static str; 10],
    /// Of `a` to `z`.
    pub(super) letters: [&'static str; 26],
    /// Other characters that are spelled.
    pub(super) signs: &'static [(char, &'static str)],
    pub(super) minus: Word,
    pub(super) comma: Word,
    pub(super) point: Word,
    pub(super) about: Word,
    pub(super) more: Word,
    pub(super) yesterday: Word,
    pub(super) today: Word,
    pub(super) tomorrow: Word,
    pub(super) tonight: Word,
    pub(super) last_night: Word,
    pub(super) until_further_notice: Word,
    /// The same without its "until", and the words that have said that already.
    pub(super) further_notice: Word,
    pub(super) before_notice: &'static [&'static str],
    /// From Monday on.
    pub(super) weekdays: [Word; 7],
    pub(super) months: [Word; 12],
    pub(super) second: Counted,
    pub(super) minute: Counted,
    pub(super) hour: Counted,
    pub(super) day: Counted,
    pub(super) currencies: &'static [CurrencyWords],
    /// Words of a sentence after which a time comes before its day: "until 5 PM today".
    pub(super) before_times: &'static [&'static str],
    /// Words after which `about` would be said twice.
    pub(super) before_estimates: &'static [&'static str],
}

/// A day as it is called from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Called {
    Yesterday,
    Today,
    Tomorrow,
    /// Within the week: 0 is Monday.
    Weekday(i8),
    /// Month, day, and the year when it is another than now's.
    Day(i8, i8, Option<i16>),
}

/// The sentence in which a value stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) region: &'static Region,
    /// What is said directly before, as written.
    pub(super) before: &'a str,
}

impl Context<'_> {
    /// Whether the words directly before are one of these.
    pub(super) fn follows(&self, words: &[&str]) -> bool {
        let before = self.before.trim_end();
        words.iter().any(|word| {
            let Some(at) = before.len().checked_sub(word.len()) else { return false };
            let (Some(rest), Some(end)) = (before.get(..at), before.get(at..)) else { return false };
            end.eq_ignore_ascii_case(word) && !rest.ends_with(char::is_alphanumeric)
        })
    }
}

/// A language: its words, and the rules by which they are put together.
pub(super) trait Tongue: Sync {
    /// Its words.
    fn table(&self) -> &'static Table;

    /// The clips of a whole number.
    fn cardinal(&self, number: u64, noun: Noun, region: &Region, clips: &mut Vec<&'static str>);

    /// The place in a row.
    fn ordinal(&self, number: u64, region: &Region) -> Said;

    /// A time of the day.
    fn time(&self, hour: i32, minute: i32, context: Context<'_>) -> Said;

    /// A day.
    fn day(&self, called: Called, context: Context<'_>) -> Said;

    /// A moment that is not midnight.
    fn moment(&self, called: Called, hour: i32, minute: i32, context: Context<'_>) -> Said;

    /// The midnight between two days, so that nobody need ask which.
    fn midnight(&self, before: Called, after: Called, context: Context<'_>) -> Said;

    /// So many and a half.
    fn and_a_half(&self, count: u64, unit: &Counted, context: Context<'_>) -> Said;

    /// Two amounts of one currency, the greater coin and the smaller.
    fn coins(&self, said: &mut Said, major: u64, minor: u64, currency: &CurrencyWords, region: &Region);

    /// `and` before something that is written like this.
    fn and(&self, next: &str) -> Word;

    /// A number before the word that it counts, as people write it.
    fn shown(&self, count: u64, _noun: Noun) -> String {
        count.to_string()
    }

    /// What stands between a number and what it counts: "un millón de euros".
    fn link(&self, _count: u64) -> Option<Word> {
        None
    }

    /// The shipped word that spells a character.
    fn character(&self, character: char) -> Option<&'static str> {
        let table = self.table();
        let plain = folded(character);
        match plain {
            '0'..='9' => table.digits.get(plain as usize - '0' as usize).copied(),
            'a'..='z' => table.letters.get(plain as usize - 'a' as usize).copied(),
            _ => table.signs.iter().find(|(sign, _)| *sign == plain).map(|(_, clip)| *clip),
        }
    }
}

impl dyn Tongue + '_ {
    /// A number and what it counts.
    pub(super) fn counted(&self, said: &mut Said, count: u64, unit: &Counted, region: &Region) {
        said.show(self.shown(count, unit.noun));
        self.cardinal(count, unit.noun, region, &mut said.clips);
        if let Some(link) = self.link(count) {
            said.word(&link);
        }
        said.word(if count == 1 { &unit.one } else { &unit.many });
    }

    /// Character by character; what has no word is left out of the clips.
    pub(super) fn spelled(&self, text: &str) -> Said {
        let clips = text.chars().take(LONGEST_SPELLED).filter_map(|character| self.character(character));
        Said { display: text.to_owned(), clips: clips.collect() }
    }
}

/// Characters of a text that are spelled at most.
const LONGEST_SPELLED: usize = 256;

/// The language of a code, and its region; the first language where we have no words.
pub(super) fn of(code: &str) -> (&'static dyn Tongue, &'static Region) {
    let mut subtags = code.split(['-', '_']);
    let language = subtags.next().unwrap_or_default();
    let fits = |tongue: &&&dyn Tongue| tongue.table().language.eq_ignore_ascii_case(language);
    let tongue = *ALL.iter().find(fits).unwrap_or(&ALL[0]);
    let regions = tongue.table().regions;
    let of_region = |subtag: &str| {
        regions.iter().find(|region| region.tags.iter().any(|tag| tag.eq_ignore_ascii_case(subtag)))
    };
    (tongue, subtags.find_map(of_region).unwrap_or(&regions[0]))
}

/// A letter without its accent, in small; `ñ` is a letter of its own.
pub(super) fn folded(character: char) -> char {
    match character.to_lowercase().next().unwrap_or(character) {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    }
}
