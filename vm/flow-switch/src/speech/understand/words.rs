//! What words mean where a value is said, and the lists of words of the languages.

use super::{english, spanish};

/// What a word or a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// 0 to 9.
    Unit(u8),
    /// 10 to 29, said in one word after which no unit follows.
    Small(u8),
    /// 20 to 90 by tens: a unit may follow.
    Tens(u8),
    /// 100 to 900 said in one word.
    Hundreds(u16),
    /// "hundred": multiplies what stands before it.
    Hundred,
    /// A thousand, or a power of it.
    Scale(u64),
    /// First to thirty-first.
    Ordinal(u8),
    /// "st" behind figures.
    OrdinalMark,
    /// "double", "triple".
    Times(u8),
    /// Joins the parts of a number, and the coins of an amount.
    And,
    Of,
    Point,
    Plus,
    Minus,
    Half,
    Quarter,
    Past,
    To,
    /// "o'clock"; "hours" behind an hour.
    Clock,
    Minutes,
    Noon,
    Midnight,
    Part(Part),
    Month(u8),
    /// 1 is Monday.
    Weekday(u8),
    /// So many days from today.
    Day(i8),
    /// A span of so many days: "weeks".
    Days(u8),
    In,
    Ago,
    Next,
    This,
    Last,
    Yes,
    No,
    /// Turns what follows round: "not right".
    Not,
    /// The coin of the currency that is asked for.
    Major,
    /// Its smaller coin.
    Minor,
    /// Another currency.
    Foreign,
    /// Means nothing wherever it stands: "please".
    Filler,
}

impl Meaning {
    /// Whether a value can be made of it.
    pub(super) fn is_core(self) -> bool {
        !self.is_link()
            && !matches!(self, Self::Next | Self::This | Self::Last | Self::Yes | Self::No | Self::Not)
    }

    /// Whether it only joins others, and says nothing at the end of a sentence.
    pub(super) fn is_link(self) -> bool {
        matches!(self, Self::And | Self::Of | Self::To | Self::Past | Self::In | Self::Filler)
    }
}

/// A part of the day, as far as it tells which of the two twelve hours are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Am,
    Pm,
    /// To noon; 12 in it is midnight.
    Morning,
    /// The same where 12 in it is noon.
    Forenoon,
    Afternoon,
    Evening,
    /// Before midnight or after it, as the hour says.
    Night,
}

/// The words of a language.
pub(super) struct Lexicon {
    /// Words and phrases in small letters without accents and apostrophes. Of two that fit the longer is meant.
    pub(super) words: &'static [(&'static str, Meaning)],
    /// Other names of currencies than those which we say ourselves.
    pub(super) coins: &'static [(&'static str, &'static [&'static str])],
    /// Other names of smaller coins.
    pub(super) small_coins: &'static [(&'static str, &'static [&'static str])],
}

static NO_WORDS: Lexicon = Lexicon { words: &[], coins: &[], small_coins: &[] };

/// The words of a language by its code.
pub(super) fn of(language: &str) -> &'static Lexicon {
    let base = language.split(['-', '_']).next().unwrap_or_default();
    if base.eq_ignore_ascii_case("en") {
        &english::LEXICON
    } else if base.eq_ignore_ascii_case("es") {
        &spanish::LEXICON
    } else {
        &NO_WORDS
    }
}
