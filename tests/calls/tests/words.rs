//! Every word that a value read aloud in English can need is shipped, and what people read is right.

use std::collections::BTreeSet;

use flow_bytecode::program::{Piece, Program, Reading, Template, TemplateVariant};
use flow_bytecode::{Datum, Type, TypeId};
use flow_stdlib::sounds;
use flow_switch::boundary::SpeechItem;
use flow_switch::speech::{Argument, Utterance, Voice, display};
use jiff::tz::TimeZone;

/// Friday 27 November 2026, noon in New York.
const NOON: i64 = 1_795_798_800_000;
const DAY: i64 = 86_400_000;
const READINGS: [Reading; 6] =
    [Reading::Plain, Reading::Digits, Reading::Ordinal, Reading::Spelled, Reading::Date, Reading::Time];

/// A program that only reads a value of each type aloud, in each reading.
struct Reader {
    program: Program,
    zones: Vec<TimeZone>,
}

impl Reader {
    fn new(language: &str) -> Reader {
        let types = vec![
            Type::Int,
            Type::Text,
            Type::Digits,
            Type::Phone,
            Type::Duration,
            Type::Date,
            Type::Time,
            Type::DateTime,
            Type::Option(TypeId(7)),
            Type::List(TypeId(0)),
        ];
        let templates = (0..types.len() as u16).flat_map(|ty| {
            READINGS.map(|reading| Template {
                arguments: vec![TypeId(ty)],
                variants: vec![TemplateVariant { language: None, pieces: vec![Piece::Hole(0, reading)] }],
                in_turn: false,
            })
        });
        let program = Program {
            templates: templates.collect(),
            languages: vec![language.to_owned()],
            types,
            ..Program::default()
        };
        Reader { program, zones: vec![TimeZone::get("America/New_York").expect("the zone is bundled")] }
    }

    fn items(&self, ty: &Type, reading: usize, value: Datum) -> Vec<SpeechItem> {
        let at = self.program.types.iter().position(|own| own == ty).expect("a type of the table");
        let template = (at * READINGS.len() + reading) as u16;
        let voice = Voice { program: &self.program, zones: &self.zones, language: 0, unix_millis: NOON };
        voice.render(&Utterance { template, arguments: vec![Argument::Value(value)] })
    }

    fn text(&self, ty: &Type, value: Datum) -> String {
        display(&self.program, &self.items(ty, 0, value))
    }

    /// The words, without their folders.
    fn words(&self, ty: &Type, reading: usize, value: Datum) -> String {
        let items = self.items(ty, reading, value);
        let clips = items.iter().flat_map(|item| match item {
            SpeechItem::Words { clips, .. } => clips.clone(),
            _ => vec!["-"],
        });
        clips.map(|clip| clip.rsplit('/').next().unwrap_or(clip)).collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn every_word_of_english_is_shipped() {
    let reader = Reader::new("en");
    let mut clips = BTreeSet::new();
    let mut read = |ty: &Type, value: &Datum| {
        for reading in 0..READINGS.len() {
            for item in reader.items(ty, reading, value.clone()) {
                match item {
                    SpeechItem::Words { clips: words, .. } => clips.extend(words),
                    other => panic!("{value:?} needs a voice: {other:?}"),
                }
            }
        }
    };
    let numbers = (-120..=2_400).chain((0..1_000_000_000).step_by(7_654_321)).chain([999_999_999, 1_000_000]);
    for number in numbers {
        read(&Type::Int, &Datum::Int(number));
    }
    for seconds in (0..3_700).chain((3_600..400_000).step_by(97)) {
        read(&Type::Duration, &Datum::Duration(seconds * 1000));
    }
    for minutes in 0..1440 {
        read(&Type::Time, &Datum::Time(minutes * 60_000));
    }
    let today = (NOON / DAY) as i32;
    for days in (today - 400..today + 800).chain((-25_000..60_000).step_by(101)) {
        read(&Type::Date, &Datum::Date(days));
    }
    for hours in (-24 * 400..24 * 400).step_by(7) {
        let instant = Datum::DateTime(NOON + hours * 3_600_000, 0);
        read(&Type::DateTime, &instant);
        read(&Type::Option(TypeId(7)), &Datum::Some(Box::new(instant)));
    }
    read(&Type::Option(TypeId(7)), &Datum::None);
    read(&Type::Digits, &Datum::Text("0123456789*#".into()));
    read(&Type::Phone, &Datum::Text("+12125550123".into()));
    read(&Type::List(TypeId(0)), &Datum::List(vec![Datum::Int(1), Datum::Int(2), Datum::Int(3)]));
    for letters in ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] {
        let spelled = READINGS.iter().position(|reading| *reading == Reading::Spelled).expect("it is there");
        for item in reader.items(&Type::Text, spelled, Datum::Text(letters.into())) {
            let SpeechItem::Words { clips: words, .. } = item else { panic!("{item:?}") };
            assert_eq!(words.len(), 26);
            clips.extend(words);
        }
    }
    let missing: Vec<_> = clips.iter().filter(|clip| sounds::sound(clip).is_none()).collect();
    assert!(missing.is_empty(), "not shipped: {missing:?}");
    assert!(clips.len() > 120, "only {} words were met", clips.len());
}

#[test]
fn english_as_it_is_heard() {
    let reader = Reader::new("en");
    let number = |number| reader.words(&Type::Int, 0, Datum::Int(number));
    assert_eq!(number(999_999_999), "9 hundred 90 9 million 9 hundred 90 9 thousand 9 hundred 90 9");
    assert_eq!(number(1_000_001), "1 million 1");
    assert_eq!(number(110), "1 hundred 10");
    let ordinal = |number| reader.words(&Type::Int, 2, Datum::Int(number));
    assert_eq!(
        [1, 31, 42, 40, 112, 121, 0].map(ordinal),
        ["1", "31", "40 2", "40", "1 hundred 12", "1 hundred 21", "0"]
    );
    let time = |hour: i32, minute: i32| {
        let value = Datum::Time((hour * 60 + minute) * 60_000);
        format!("{} = {}", reader.text(&Type::Time, value.clone()), reader.words(&Type::Time, 0, value))
    };
    assert_eq!(time(8, 30), "8:30 AM = 8 30 a-m");
    assert_eq!(time(12, 0), "12 PM = 12 p-m");
    assert_eq!(time(0, 0), "12 AM = 12 a-m");
    assert_eq!(time(23, 5), "11:05 PM = 11 oh 5 p-m");
    // Instants are read in their zone, also where the clock of that zone was moved between then and now.
    let instant = |millis| reader.text(&Type::DateTime, Datum::DateTime(millis, 0));
    assert_eq!(instant(NOON + DAY), "tomorrow at 12 PM");
    assert_eq!(instant(NOON + 6 * DAY), "Thursday at 12 PM");
    assert_eq!(instant(NOON + 7 * DAY), "December 4 at 12 PM");
    assert_eq!(instant(NOON + 120 * DAY), "March 27, 2027 at 1 PM");
    let year = |days| {
        let words = reader.words(&Type::Date, 0, Datum::Date(days));
        words.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default()
    };
    assert_eq!(year(-25_567), "1 19 hundred");
    assert_eq!(year(-23_741), "1 19 oh 5");
    assert_eq!(year(12_784), "1 2 thousand 5");
    assert_eq!(year(23_376), "1 20 30 4");
}

#[test]
fn spanish_as_it_is_read() {
    let reader = Reader::new("es");
    let instant = |millis| reader.text(&Type::DateTime, Datum::DateTime(millis, 0));
    assert_eq!(instant(NOON), "hoy a las 12:00");
    assert_eq!(instant(NOON + 13 * 3_600_000), "mañana a la 1:00");
    assert_eq!(instant(NOON + 3 * DAY), "el lunes a las 12:00");
    assert_eq!(instant(NOON + 120 * DAY), "el 27 de marzo de 2027 a las 13:00");
    let duration = |seconds: i64| reader.text(&Type::Duration, Datum::Duration(seconds * 1000));
    let expected = ["un segundo", "un minuto", "2 minutos", "una hora", "una hora y 30 minutos"];
    assert_eq!([1, 60, 90, 3600, 5400].map(duration), expected);
    let list = Datum::List(vec![Datum::Int(1), Datum::Int(2), Datum::Int(3)]);
    assert_eq!(reader.text(&Type::List(TypeId(0)), list), "1 2 y 3");
    assert_eq!(reader.text(&Type::Option(TypeId(7)), Datum::None), "hasta nuevo aviso");
    assert_eq!(reader.words(&Type::Int, 0, Datum::Int(1_121_031)), "un-millon ciento 21 mil 30 y 1");
}
