//! Values read aloud: what is said, as a person would write it and in the shipped words.

use flow_bytecode::program::Reading;
use flow_bytecode::{Datum, Type};

use super::{Tongue, Voice, amounts, calendar_words, english, spanish};
use crate::boundary::SpeechItem;

/// A value in words. Without clips a voice has to say it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) display: String,
    pub(crate) clips: Vec<&'static str>,
}

/// As many elements of a list as are read aloud.
const GREATEST_LIST: usize = 50;

/// Reads a value of a type aloud.
pub(super) fn read_aloud(
    voice: &Voice<'_>,
    value: &Datum,
    ty: &Type,
    reading: Reading,
    items: &mut Vec<SpeechItem>,
) {
    let tongue = voice.tongue();
    if let (Datum::List(values), Type::List(element)) = (value, ty) {
        let element = voice.program.types.get(usize::from(element.0)).unwrap_or(&Type::Text);
        let count = values.len().min(GREATEST_LIST);
        for (index, value) in values.iter().take(count).enumerate() {
            if index > 0 && index + 1 == count {
                items.push(said(voice, tongue.and()));
            }
            read_aloud(voice, value, element, reading, items);
        }
        return;
    }
    let inner = match ty {
        Type::Option(inner) => voice.program.types.get(usize::from(inner.0)).unwrap_or(&Type::Text),
        plain => plain,
    };
    match value {
        Datum::Some(value) => return read_aloud(voice, value, inner, reading, items),
        Datum::None => {
            if matches!(inner, Type::DateTime) {
                items.push(said(voice, tongue.until_further_notice()));
            }
            return;
        }
        _ => {}
    }
    items.push(said(voice, one(voice, tongue, value, inner, reading)));
}

fn said(voice: &Voice<'_>, said: Said) -> SpeechItem {
    let language = voice.language;
    if said.clips.is_empty() {
        SpeechItem::Synthesise { text: said.display, language }
    } else {
        SpeechItem::Words { display: said.display, clips: said.clips, language }
    }
}

fn one(voice: &Voice<'_>, tongue: Tongue, value: &Datum, ty: &Type, reading: Reading) -> Said {
    match value {
        Datum::Int(number) => match reading {
            Reading::Digits => tongue.spelled(&number.to_string()),
            Reading::Spelled => tongue.spelled(&number.to_string()),
            Reading::Ordinal => tongue.ordinal(*number),
            Reading::Plain | Reading::Date | Reading::Time => tongue.cardinal(*number),
        },
        Datum::Decimal(number) => amounts::decimal(tongue, *number),
        Datum::Money(money) => amounts::money(tongue, *money),
        Datum::Text(text) => match (ty, reading) {
            (_, Reading::Spelled) | (Type::Digits, _) | (Type::Text, Reading::Digits) => tongue.spelled(text),
            (Type::Phone, _) => phone(tongue, text),
            _ => Said { display: text.clone(), clips: Vec::new() },
        },
        Datum::Duration(millis) => tongue.duration(*millis),
        Datum::Date(days) => calendar_words::date(voice, tongue, *days),
        Datum::Time(millis) => tongue.time(*millis / 60_000),
        Datum::DateTime(millis, zone) => calendar_words::datetime(voice, tongue, *millis, *zone, reading),
        Datum::Language(index) => Said {
            display: voice.program.languages.get(usize::from(*index)).cloned().unwrap_or_default(),
            clips: Vec::new(),
        },
        Datum::Bool(_)
        | Datum::None
        | Datum::Some(_)
        | Datum::List(_)
        | Datum::Map(_)
        | Datum::Record(_)
        | Datum::Variant(..) => Said::default(),
    }
}

/// A telephone number in groups: the country's code where we know its length, then threes with the rest of
/// two to four keys last.
fn phone(tongue: Tongue, number: &str) -> Said {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let mut groups: Vec<&str> = Vec::new();
    let mut rest = digits.as_str();
    if number.starts_with('+') {
        let country = match rest.as_bytes() {
            [b'1' | b'7', ..] => 1,
            _ => 2,
        };
        let (code, more) = rest.split_at(country.min(rest.len()));
        groups.push(code);
        rest = more;
    }
    while rest.len() > 4 {
        let (group, more) = rest.split_at(3);
        groups.push(group);
        rest = more;
    }
    groups.push(rest);
    let mut clips = tongue.spelled(if number.starts_with('+') { "+" } else { "" }).clips;
    clips.extend(tongue.spelled(&digits).clips);
    let plus = if number.starts_with('+') { "+" } else { "" };
    Said { display: format!("{plus}{}", groups.join(" ").trim_end()), clips }
}

impl Tongue {
    fn and(self) -> Said {
        match self {
            Tongue::English => Said { display: "and".into(), clips: vec!["en/word/and"] },
            Tongue::Spanish => Said { display: "y".into(), clips: vec!["es/word/y"] },
        }
    }

    fn until_further_notice(self) -> Said {
        match self {
            Tongue::English => {
                Said { display: "until further notice".into(), clips: vec!["en/word/until-further-notice"] }
            }
            Tongue::Spanish => {
                Said { display: "hasta nuevo aviso".into(), clips: vec!["es/word/hasta-nuevo-aviso"] }
            }
        }
    }

    pub(super) fn cardinal(self, number: i64) -> Said {
        let mut clips = Vec::new();
        match self {
            Tongue::English => english::cardinal(number, &mut clips),
            Tongue::Spanish => spanish::cardinal(number, &mut clips),
        }
        Said { display: number.to_string(), clips }
    }

    fn ordinal(self, number: i64) -> Said {
        match self {
            Tongue::English => english::ordinal(number),
            Tongue::Spanish => spanish::ordinal(number),
        }
    }

    /// One by one: digits, letters, and the words of `*`, `#` and `+`. What has no word is left out of the
    /// clips.
    pub(super) fn spelled(self, text: &str) -> Said {
        let clip = |character: char| match self {
            Tongue::English => english::character(character),
            Tongue::Spanish => spanish::character(character),
        };
        Said { display: text.to_owned(), clips: text.chars().take(256).filter_map(clip).collect() }
    }

    fn duration(self, millis: i64) -> Said {
        let parts = rounded(millis);
        match self {
            Tongue::English => english::duration(&parts),
            Tongue::Spanish => spanish::duration(&parts),
        }
    }

    /// Minutes of the day.
    pub(super) fn time(self, minutes: i32) -> Said {
        let (hour, minute) = (minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60));
        match self {
            Tongue::English => english::time(hour, minute),
            Tongue::Spanish => spanish::time(hour, minute),
        }
    }
}

/// Units of time in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
}

/// A duration as a person would say it: seconds below a minute, else rounded to minutes, from an hour on
/// hours and five minutes, from a day on days and hours.
fn rounded(millis: i64) -> Vec<(i64, Unit)> {
    let seconds = millis.max(0).saturating_add(500) / 1000;
    let parts = if seconds < 60 {
        vec![(seconds, Unit::Second)]
    } else if seconds < 3570 {
        vec![((seconds + 30) / 60, Unit::Minute)]
    } else if seconds < 86_250 {
        let fives = (seconds + 150) / 300;
        vec![(fives / 12, Unit::Hour), (fives % 12 * 5, Unit::Minute)]
    } else {
        let hours = (seconds + 1800) / 3600;
        vec![(hours / 24, Unit::Day), (hours % 24, Unit::Hour)]
    };
    let first = parts[0];
    let mut said: Vec<_> = parts.into_iter().filter(|(count, _)| *count > 0).collect();
    if said.is_empty() {
        said.push(first);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(said: Said) -> String {
        format!("{} = {}", said.display, said.clips.join(" ")).replace("en/", "")
    }

    #[test]
    fn durations_are_rounded_as_people_say_them() {
        let table: Vec<String> =
            [0, 7_000, 45_000, 60_000, 100_000, 900_000, 3_599_000, 5_400_000, 90_000_000]
                .iter()
                .map(|millis| english(Tongue::English.duration(*millis)))
                .collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn numbers_in_english_and_spanish() {
        let mut table = Vec::new();
        for number in [0, 7, 19, 21, 40, 100, 101, 342, 1000, 2026, 1_000_000, 12_345_678, -5] {
            let spanish = Tongue::Spanish.cardinal(number).clips.join(" ").replace("es/", "");
            table.push(format!("{} | {spanish}", english(Tongue::English.cardinal(number))));
        }
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn numbers_of_telephones_are_read_in_groups() {
        assert_eq!(phone(Tongue::English, "+15550123").display, "+1 555 0123");
        assert_eq!(phone(Tongue::English, "+12125550123").display, "+1 212 555 0123");
        assert_eq!(phone(Tongue::Spanish, "+34600000001").display, "+34 600 000 001");
        assert_eq!(phone(Tongue::English, "").display, "");
        assert_eq!(phone(Tongue::English, "+15").clips, ["en/word/plus", "en/number/1", "en/number/5"]);
    }
}
