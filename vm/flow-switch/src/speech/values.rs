//! Values read aloud: each type by its own rules, lists with "and".

use flow_bytecode::program::Reading;
use flow_bytecode::{Datum, Type};

use super::said::{Said, Word};
use super::tongue::{Context, Noun, Tongue};
use super::{Voice, amounts, days, durations, phones};
use crate::boundary::SpeechItem;

/// As many elements of a list as are read aloud; the others are counted.
const GREATEST_LIST: usize = 50;
/// Milliseconds between the elements of a list, and between the groups of a number.
const PAUSE: u32 = 200;

/// Reads a value of a type aloud. `before` is what is said directly before it, as written.
pub(super) fn read_aloud(
    voice: &Voice<'_>,
    value: &Datum,
    ty: &Type,
    reading: Reading,
    before: &str,
    items: &mut Vec<SpeechItem>,
) {
    let (tongue, region) = voice.tongue();
    let reader = Reader { voice, tongue, context: Context { region, before }, reading };
    reader.value(value, ty, items);
}

struct Reader<'a> {
    voice: &'a Voice<'a>,
    tongue: &'static dyn Tongue,
    context: Context<'a>,
    reading: Reading,
}

impl Reader<'_> {
    fn value(&self, value: &Datum, ty: &Type, items: &mut Vec<SpeechItem>) {
        match (value, ty) {
            (Datum::List(values), Type::List(element)) => self.list(values, self.ty(element.0), items),
            (Datum::Some(value), Type::Option(inner)) => self.value(value, self.ty(inner.0), items),
            (Datum::Some(value), ty) => self.value(value, ty, items),
            (Datum::None, Type::DateTime) => self.notice(items),
            (Datum::None, Type::Option(inner)) if matches!(self.ty(inner.0), Type::DateTime) => {
                self.notice(items);
            }
            (Datum::None, _) => {}
            (Datum::Text(number), Type::Phone) if self.reading == Reading::Plain => self.phone(number, items),
            (value, ty) => self.push(self.one(value, ty), items),
        }
    }

    fn ty(&self, index: u16) -> &Type {
        self.voice.program.types.get(usize::from(index)).unwrap_or(&Type::Text)
    }

    fn push(&self, said: Said, items: &mut Vec<SpeechItem>) {
        let language = self.voice.language;
        items.push(if said.clips.is_empty() {
            SpeechItem::Synthesise { text: said.display, language }
        } else {
            SpeechItem::Words { display: said.display, clips: said.clips, language }
        });
    }

    fn word(&self, word: &Word, items: &mut Vec<SpeechItem>) {
        self.push(Said { display: word.text.to_owned(), clips: vec![word.clip] }, items);
    }

    /// Instead of a time that nobody knows.
    fn notice(&self, items: &mut Vec<SpeechItem>) {
        let table = self.tongue.table();
        let said_until = self.context.follows(table.before_notice);
        self.word(if said_until { &table.further_notice } else { &table.until_further_notice }, items);
    }

    /// "1, 2 and 3"; of a long list its beginning, and how many more there are.
    fn list(&self, values: &[Datum], element: &Type, items: &mut Vec<SpeechItem>) {
        let count = values.len().min(GREATEST_LIST);
        let more = values.len() - count;
        for (index, value) in values.iter().take(count).enumerate() {
            let mut own = Vec::new();
            self.value(value, element, &mut own);
            if index > 0 && index + 1 == count && more == 0 {
                self.word(&self.tongue.and(shown(own.first())), items);
            } else if index > 0 {
                let (display, language) = (",".to_owned(), self.voice.language);
                items.push(SpeechItem::Words { display, clips: Vec::new(), language });
                items.push(SpeechItem::Silence(PAUSE));
            }
            items.append(&mut own);
        }
        if more > 0 {
            self.word(&self.tongue.and(""), items);
            let mut said = self.integer(i64::try_from(more).unwrap_or(i64::MAX));
            said.word(&self.tongue.table().more);
            self.push(said, items);
        }
    }

    /// A telephone number in groups, with a pause between them.
    fn phone(&self, number: &str, items: &mut Vec<SpeechItem>) {
        let groups = phones::groups(number);
        let last = groups.len().saturating_sub(1);
        for (index, group) in groups.iter().enumerate() {
            let mut said = self.tongue.spelled(group);
            if index == 0 && number.trim_start().starts_with('+') {
                said.display.insert(0, '+');
                said.clips.splice(0..0, self.tongue.character('+'));
            }
            self.push(said, items);
            if index < last {
                items.push(SpeechItem::Silence(PAUSE));
            }
        }
    }

    fn one(&self, value: &Datum, ty: &Type) -> Said {
        let (tongue, context) = (self.tongue, self.context);
        match value {
            Datum::Int(number) => match self.reading {
                Reading::Digits | Reading::Spelled => self.digits(*number),
                Reading::Ordinal if *number > 0 => tongue.ordinal(number.unsigned_abs(), context.region),
                _ => self.integer(*number),
            },
            Datum::Decimal(number) => amounts::decimal(tongue, *number, context),
            Datum::Money(money) => amounts::money(tongue, *money, context),
            Datum::Text(text) => match (ty, self.reading) {
                (_, Reading::Spelled | Reading::Digits) | (Type::Digits | Type::Phone, _) => {
                    tongue.spelled(text)
                }
                _ => Said { display: text.clone(), clips: Vec::new() },
            },
            Datum::Duration(millis) => durations::duration(tongue, *millis, context),
            Datum::Date(days) => days::date(self.voice, tongue, *days, context),
            Datum::Time(millis) => {
                let minutes = millis.div_euclid(60_000);
                tongue.time(minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60), context)
            }
            Datum::DateTime(millis, zone) => {
                days::datetime(self.voice, tongue, (*millis, *zone), self.reading, context)
            }
            Datum::Language(index) => Said {
                display: self.voice.program.languages.get(usize::from(*index)).cloned().unwrap_or_default(),
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

    fn integer(&self, number: i64) -> Said {
        let mut said = Said { display: number.to_string(), clips: Vec::new() };
        if number < 0 {
            said.clips.push(self.tongue.table().minus.clip);
        }
        self.tongue.cardinal(number.unsigned_abs(), Noun::Alone, self.context.region, &mut said.clips);
        said
    }

    /// Digit by digit, with "minus" before a number below zero.
    fn digits(&self, number: i64) -> Said {
        let mut said = self.tongue.spelled(&number.unsigned_abs().to_string());
        if number < 0 {
            said.clips.insert(0, self.tongue.table().minus.clip);
            said.display.insert(0, '-');
        }
        said
    }
}

/// What a piece looks like, for the word before it.
fn shown(item: Option<&SpeechItem>) -> &str {
    match item {
        Some(SpeechItem::Words { display, .. }) => display,
        Some(SpeechItem::Synthesise { text, .. }) => text,
        _ => "",
    }
}
