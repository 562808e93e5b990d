//! What callers hear and what people read of it say the same, in every language that is shipped; and every word of it
//! is shipped.

use std::collections::BTreeSet;

use flow_bytecode::decimal::{self, Currency, Decimal, Money};
use flow_bytecode::program::{Piece, Program, Reading, Template, TemplateVariant};
use flow_bytecode::{Datum, Type, TypeId};
use flow_stdlib::sounds;
use flow_switch::boundary::SpeechItem;
use flow_switch::speech::{Argument, Utterance, Voice, display, spelling};
use jiff::tz::TimeZone;
use proptest::prelude::*;

/// Friday 27 November 2026, noon in New York.
const NOON: i64 = 1_795_798_800_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const READINGS: [Reading; 6] =
    [Reading::Plain, Reading::Digits, Reading::Ordinal, Reading::Spelled, Reading::Date, Reading::Time];
const LANGUAGES: [&str; 5] = ["en", "en-GB", "es", "es-MX", "es-CO"];

/// A program that only reads a value of each type aloud, in each reading, alone or after some words.
struct Reader {
    program: Program,
    zones: Vec<TimeZone>,
}

impl Reader {
    fn new(language: &str) -> Reader {
        Self::after(language, "")
    }

    fn after(language: &str, words: &str) -> Reader {
        let mut types = vec![
            Type::Int,
            Type::Text,
            Type::Digits,
            Type::Phone,
            Type::Duration,
            Type::Date,
            Type::Time,
            Type::DateTime,
            Type::Decimal,
            Type::Money,
        ];
        let option = Type::Option(index_of(&types, &Type::DateTime));
        let lists = [Type::Int, Type::Text].map(|of| Type::List(index_of(&types, &of)));
        types.push(option);
        types.extend(lists);
        let templates = (0..types.len() as u16).flat_map(|ty| {
            READINGS.map(|reading| {
                let words = (!words.is_empty()).then_some(Piece::Text(0));
                let pieces = words.into_iter().chain([Piece::Hole(0, reading)]).collect();
                Template {
                    arguments: vec![TypeId(ty)],
                    variants: vec![TemplateVariant { language: None, pieces }],
                    in_turn: false,
                }
            })
        });
        let program = Program {
            templates: templates.collect(),
            languages: vec![language.to_owned()],
            texts: vec![words.to_owned()],
            types,
            ..Program::default()
        };
        Reader { program, zones: vec![TimeZone::get("America/New_York").expect("the zone is bundled")] }
    }

    fn items(&self, ty: &Type, reading: Reading, value: Datum) -> Vec<SpeechItem> {
        let ty = usize::from(index_of(&self.program.types, ty).0);
        let reading = READINGS.iter().position(|own| *own == reading).expect("a reading");
        let template = (ty * READINGS.len() + reading) as u16;
        let voice = Voice {
            program: &self.program,
            zones: &self.zones,
            language: 0,
            unix_millis: NOON,
            listening: false,
        };
        voice.render(&Utterance { template, arguments: vec![Argument::Value(value)] })
    }

    fn text(&self, ty: &Type, value: Datum) -> String {
        display(&self.program, &self.items(ty, Reading::Plain, value))
    }

    fn option(&self) -> Type {
        Type::Option(index_of(&self.program.types, &Type::DateTime))
    }

    fn list(&self, of: &Type) -> Type {
        Type::List(index_of(&self.program.types, of))
    }

    /// What is read, and what is heard word by word.
    fn both(&self, ty: &Type, reading: Reading, value: Datum) -> String {
        let items = self.items(ty, reading, value);
        format!("{} = {}", display(&self.program, &items), self.heard(&items))
    }

    fn heard(&self, items: &[SpeechItem]) -> String {
        let words = items.iter().flat_map(|item| match item {
            SpeechItem::Words { clips, .. } => {
                clips.iter().map(|clip| sounds::words(clip).unwrap_or("?").to_owned()).collect()
            }
            SpeechItem::Text { text, .. } => vec![format!("«{}»", self.program.texts[*text as usize])],
            SpeechItem::Synthesise { text, .. } => vec![format!("‹{text}›")],
            SpeechItem::Silence(_) => vec!["…".to_owned()],
            other => vec![format!("{other:?}")],
        });
        words.collect::<Vec<String>>().join(" ")
    }
}

fn index_of(types: &[Type], ty: &Type) -> TypeId {
    TypeId(types.iter().position(|own| own == ty).expect("a type of the table") as u16)
}

fn text(text: &str) -> Datum {
    Datum::Text(text.into())
}

/// One line for each value, as it is read and heard.
fn table(language: &str, ty: &Type, reading: Reading, values: impl IntoIterator<Item = Datum>) -> String {
    let reader = Reader::new(language);
    values.into_iter().map(|value| reader.both(ty, reading, value) + "\n").collect()
}

#[test]
fn numbers() {
    let mut all = String::new();
    for language in ["en", "en-GB", "es"] {
        let plain = [
            0,
            1,
            7,
            16,
            21,
            22,
            30,
            31,
            42,
            99,
            100,
            101,
            121,
            200,
            342,
            500,
            999,
            1000,
            1001,
            2026,
            21_000,
            31_100,
            100_000,
            121_031,
            999_999,
            1_000_000,
            1_121_031,
            21_000_000,
            1_000_000_000,
            2_345_678_901,
            1_000_000_000_000,
            -5,
            i64::MIN,
        ];
        all +=
            &format!("# {language}\n{}", table(language, &Type::Int, Reading::Plain, plain.map(Datum::Int)));
        let places =
            [0, 1, 2, 3, 10, 11, 12, 13, 21, 31, 40, 42, 90, 100, 101, 112, 120, 123, 1000, 2_000_000, -3];
        all += &format!("ordinal\n{}", table(language, &Type::Int, Reading::Ordinal, places.map(Datum::Int)));
        all +=
            &format!("digits\n{}", table(language, &Type::Int, Reading::Digits, [1042, -7].map(Datum::Int)));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn characters() {
    let mut all = String::new();
    for language in ["en", "es"] {
        all += &format!("# {language}\n");
        all += &table(language, &Type::Digits, Reading::Plain, [text("0042"), text("*#")]);
        all += &table(
            language,
            &Type::Text,
            Reading::Spelled,
            [text("AB-12"), text("peña@x.es"), text("Ünïcödé/_"), text("日本")],
        );
        all += &table(language, &Type::Text, Reading::Digits, [text("90210")]);
        all += &table(language, &Type::Text, Reading::Plain, [text("Dr. Ruiz")]);
        all += &table(
            language,
            &Type::Phone,
            Reading::Plain,
            ["+12125550123", "+442079460000", "+34600000001", "112"].map(text),
        );
    }
    insta::assert_snapshot!(all);
}

#[test]
fn times_and_dates() {
    let mut all = String::new();
    for language in LANGUAGES {
        let minutes = [
            0,
            5,
            60,
            90,
            8 * 60 + 30,
            10 * 60,
            12 * 60,
            12 * 60 + 5,
            13 * 60,
            15 * 60 + 15,
            21 * 60,
            23 * 60 + 59,
        ];
        let times = minutes.map(|minute| Datum::Time(minute * MINUTE as i32));
        all += &format!("# {language}\n{}", table(language, &Type::Time, Reading::Plain, times));
        let today = (NOON / DAY) as i32;
        let days = [-400, -7, -1, 0, 1, 2, 6, 7, 34, 120, 365 * 79];
        let dates = days.map(|day| Datum::Date(today + day));
        all += &format!("dates\n{}", table(language, &Type::Date, Reading::Plain, dates));
        let old = [-25_567, -23_741, 12_784, 23_376].map(Datum::Date);
        all += &table(language, &Type::Date, Reading::Date, old);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn moments() {
    let hours = [-12, 0, 5, 12, 13, 22, 24, 36, 70, 24 * 6, 24 * 7, 24 * 7 + 12, 24 * 120];
    let moments = hours.map(|hours| Datum::DateTime(NOON + hours * HOUR, 0));
    let mut all = String::new();
    for (language, befores) in [
        ("en", &["", "We are open until", "We open at", "Your visit is on"][..]),
        ("en-GB", &["", "We are open until"]),
        ("es", &["", "Abrimos hasta", "Abrimos a las", "Abrimos a", "Su cita es el"]),
        ("es-MX", &["", "Abrimos hasta"]),
    ] {
        for before in befores {
            let reader = Reader::after(language, before);
            all += &format!("# {language} {before}\n");
            for moment in &moments {
                all += &(reader.both(&Type::DateTime, Reading::Plain, moment.clone()) + "\n");
            }
            all += &(reader.both(&reader.option(), Reading::Plain, Datum::None) + "\n");
            all += &(reader.both(&Type::DateTime, Reading::Date, moments[8].clone()) + "\n");
            all += &(reader.both(&Type::DateTime, Reading::Time, moments[2].clone()) + "\n");
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn durations_and_lists() {
    let mut all = String::new();
    for (language, about) in [("en", "The wait is about"), ("es", "La espera es de unos")] {
        let seconds = [
            0,
            1,
            45,
            60,
            61,
            90,
            100,
            119,
            120,
            900,
            3_569,
            3_599,
            3_600,
            5_400,
            5_520,
            9_000,
            7_260,
            86_400,
            90_000,
            129_600,
            172_800,
            i64::MAX / 1000,
        ];
        all += &format!("# {language}\n");
        let durations = seconds.map(|seconds| Datum::Duration(seconds * 1000));
        all += &table(language, &Type::Duration, Reading::Plain, durations.clone());
        let reader = Reader::after(language, about);
        for duration in &durations[4..7] {
            all += &(reader.both(&Type::Duration, Reading::Plain, duration.clone()) + "\n");
        }
        let reader = Reader::new(language);
        for count in [0, 1, 2, 3, 53] {
            let list = Datum::List((1..=count).map(Datum::Int).collect());
            all += &(reader.both(&reader.list(&Type::Int), Reading::Plain, list) + "\n");
        }
        let names = Datum::List(vec![text("Ana"), text("Iván")]);
        all += &(reader.both(&reader.list(&Type::Text), Reading::Plain, names) + "\n");
    }
    insta::assert_snapshot!(all);
}

fn money(amount: &str, code: &str) -> Datum {
    let amount = decimal::read(amount).expect("a number");
    Datum::Money(Money::new(amount, Currency::new(code).expect("a code")))
}

#[test]
fn decimals_and_money() {
    let mut all = String::new();
    for language in ["en", "es", "es-MX"] {
        let decimals = ["0", "0.5", "-0.25", "12.07", "1000.125", "123456789012345678901234.5"];
        let decimals = decimals.map(|text| Datum::Decimal(decimal::read(text).expect("a number")));
        all += &format!("# {language}\n{}", table(language, &Type::Decimal, Reading::Plain, decimals));
        let amounts = [
            money("12.5", "GBP"),
            money("0", "EUR"),
            money("1.05", "USD"),
            money("1", "EUR"),
            money("0.5", "GBP"),
            money("0.01", "GBP"),
            money("21", "GBP"),
            money("201.21", "GBP"),
            money("1000000", "EUR"),
            money("2.1", "EUR"),
            money("-3.05", "EUR"),
            money("-0.4", "USD"),
            money("99.99", "MXN"),
            money("1500", "JPY"),
            money("1", "JPY"),
            money("2.005", "KWD"),
            money("31.5", "KWD"),
            money("0.335", "EUR"),
            money("7", "SEK"),
            money("123456789012345678901234.5", "USD"),
        ];
        all += &table(language, &Type::Money, Reading::Plain, amounts);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_language_without_words_is_read_with_those_of_english() {
    let reader = Reader::new("fr");
    assert_eq!(reader.both(&Type::Int, Reading::Plain, Datum::Int(21)), "21 = twenty one");
    assert_eq!(spelling("es-AR", 'Ñ'), Some("es/letter/n-tilde"));
    assert_eq!(spelling("es", 'É'), Some("es/letter/e"));
    assert_eq!(spelling("en", '語'), None);
}

/// A table of the compiler and one of the machine, which may not depend on each other.
#[test]
fn the_compiler_and_the_machine_count_alike() {
    let languages = "en en-GB es es-MX fr de pl ru ar uk be hr sr bs cs sk sl lt lv ro he iw cy ga ja zh ko hi it ca pt pt-PT nl sv tlh";
    for language in languages.split(' ') {
        let machine = format!("{:?}", flow_bytecode::plurals::classes(language));
        assert_eq!(format!("{:?}", flow_check::plurals::classes(language)), machine, "{language}");
    }
}

#[test]
fn lists_are_written_with_commas() {
    let reader = Reader::new("es");
    let list = Datum::List(vec![Datum::Int(1), Datum::Int(2), Datum::Int(3)]);
    assert_eq!(reader.text(&reader.list(&Type::Int), list), "1, 2 y 3");
}

/// Every clip of what is said is shipped; and something is said.
fn all_shipped(language: &str, ty: &Type, reading: Reading, value: &Datum) -> BTreeSet<&'static str> {
    let mut all = BTreeSet::new();
    for item in Reader::new(language).items(ty, reading, value.clone()) {
        match item {
            SpeechItem::Words { clips, display, .. } if clips.is_empty() => assert_eq!(display, ","),
            SpeechItem::Words { clips, .. } => all.extend(clips),
            SpeechItem::Silence(_) => {}
            other => panic!("{language}: {value:?} needs a voice: {other:?}"),
        }
    }
    let missing: Vec<_> = all.iter().filter(|clip| sounds::sound(clip).is_none()).collect();
    assert!(missing.is_empty(), "{language}: {value:?} is not shipped: {missing:?}");
    assert!(!all.is_empty(), "{language}: nothing is said for {value:?}");
    all
}

#[test]
fn the_words_of_times_dates_and_characters_are_all_there() {
    for language in LANGUAGES {
        let mut used = BTreeSet::new();
        for minutes in 0..1440 {
            used.extend(all_shipped(language, &Type::Time, Reading::Plain, &Datum::Time(minutes * 60_000)));
        }
        let today = (NOON / DAY) as i32;
        for days in (today - 40..today + 400).step_by(3) {
            used.extend(all_shipped(language, &Type::Date, Reading::Plain, &Datum::Date(days)));
        }
        for character in ('a'..='z').chain('0'..='9').chain("*#+.-/_@ñ".chars()) {
            used.extend([spelling(language, character).expect("every key and letter has a word")]);
        }
        for number in (0..1_200).chain((0..1_000_000).step_by(9_973)) {
            used.extend(all_shipped(language, &Type::Int, Reading::Plain, &Datum::Int(number)));
            used.extend(all_shipped(language, &Type::Int, Reading::Ordinal, &Datum::Int(number)));
        }
        let missing: Vec<_> = used.iter().filter(|clip| sounds::sound(clip).is_none()).collect();
        assert!(missing.is_empty(), "{language}: {missing:?}");
        assert!(used.len() > 115, "{language}: only {} words were met", used.len());
    }
}

fn a_language() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(LANGUAGES.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_number_is_said_in_shipped_words(language in a_language(), number: i64, shift in 0..63u32) {
        let value = Datum::Int(number >> shift);
        for reading in [Reading::Plain, Reading::Ordinal, Reading::Digits] {
            all_shipped(language, &Type::Int, reading, &value);
        }
    }

    #[test]
    fn any_moment_is_said_in_shipped_words(
        language in a_language(),
        days in -30_000..60_000i32,
        near in -2_000..2_000i64,
        minute in 0..1440i32,
    ) {
        all_shipped(language, &Type::Date, Reading::Plain, &Datum::Date(days));
        all_shipped(language, &Type::Time, Reading::Plain, &Datum::Time(minute * 60_000));
        for millis in [i64::from(days) * DAY, NOON + near * HOUR / 4] {
            all_shipped(language, &Type::DateTime, Reading::Plain, &Datum::DateTime(millis, 0));
        }
    }

    #[test]
    fn any_duration_is_said_in_shipped_words(language in a_language(), millis: i64, shift in 0..63u32) {
        all_shipped(language, &Type::Duration, Reading::Plain, &Datum::Duration(millis >> shift));
    }

    #[test]
    fn any_amount_is_said_in_shipped_words(
        language in a_language(),
        mantissa: i64,
        shift in 0..63u32,
        scale in 0..8u32,
        code in "EUR|USD|GBP|MXN|JPY|KWD|SEK|[A-Z]{3}",
    ) {
        let amount = Decimal::new(mantissa >> shift, scale);
        all_shipped(language, &Type::Decimal, Reading::Plain, &Datum::Decimal(amount));
        let currency = Currency::new(&code).expect("three capital letters");
        all_shipped(language, &Type::Money, Reading::Plain, &Datum::Money(Money::new(amount, currency)));
    }

    #[test]
    fn any_telephone_number_is_said_whole(language in a_language(), number in "\\+?[0-9]{1,18}") {
        all_shipped(language, &Type::Phone, Reading::Plain, &text(&number));
        let shown = Reader::new(language).text(&Type::Phone, text(&number));
        prop_assert_eq!(shown.replace(' ', ""), number);
    }
}

/// The tables of the book are these; when one changes, the test prints what belongs there.
#[test]
fn the_book_says_how_values_are_read() {
    const BOOK: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/src/reference/speech.md"));
    let decimal = |text| Datum::Decimal(decimal::read(text).expect("a number"));
    let time = |hour: i32, minute: i32| Datum::Time((hour * 60 + minute) * 60_000);
    let date = |days: i64| Datum::Date(((NOON + days * DAY) / DAY) as i32);
    let moment = |hours: i64| Datum::DateTime(NOON + hours * HOUR, 0);
    let duration = |seconds: i64| Datum::Duration(seconds * 1000);
    let (plain, int) = (Reading::Plain, Type::Int);
    let rows: [(&str, Type, Reading, Datum); 38] = [
        ("`21`", int.clone(), plain, Datum::Int(21)),
        ("`1101`", int.clone(), plain, Datum::Int(1101)),
        ("`-5`", int.clone(), plain, Datum::Int(-5)),
        ("`{n as ordinal}`, 3", int.clone(), Reading::Ordinal, Datum::Int(3)),
        ("`{n as ordinal}`, 42", int.clone(), Reading::Ordinal, Datum::Int(42)),
        ("`{n as digits}`, 1042", int, Reading::Digits, Datum::Int(1042)),
        ("`0.5`", Type::Decimal, plain, decimal("0.5")),
        ("`GBP(12.50)`", Type::Money, plain, money("12.5", "GBP")),
        ("`USD(1.05)`", Type::Money, plain, money("1.05", "USD")),
        ("`EUR(0)`", Type::Money, plain, money("0", "EUR")),
        ("`EUR(-3.05)`", Type::Money, plain, money("-3.05", "EUR")),
        ("`MXN(21.50)`", Type::Money, plain, money("21.5", "MXN")),
        ("`JPY(1500)`", Type::Money, plain, money("1500", "JPY")),
        ("`KWD(2.005)`", Type::Money, plain, money("2.005", "KWD")),
        ("`PLN(7)`, without words", Type::Money, plain, money("7", "PLN")),
        ("digits `\"0042\"`", Type::Digits, plain, text("0042")),
        ("`{t as spelled}`, `\"AB-1\"`", Type::Text, Reading::Spelled, text("AB-1")),
        ("phone `\"+12125550123\"`", Type::Phone, plain, text("+12125550123")),
        ("phone `\"+442079460000\"`", Type::Phone, plain, text("+442079460000")),
        ("phone `\"+34600000001\"`", Type::Phone, plain, text("+34600000001")),
        ("`45s`", Type::Duration, plain, duration(45)),
        ("`1m30s`", Type::Duration, plain, duration(90)),
        ("`1m50s`", Type::Duration, plain, duration(110)),
        ("`1h30m`", Type::Duration, plain, duration(5_400)),
        ("`1d6h`", Type::Duration, plain, duration(108_000)),
        ("`00:00`", Type::Time, plain, time(0, 0)),
        ("`08:30`", Type::Time, plain, time(8, 30)),
        ("`12:00`", Type::Time, plain, time(12, 0)),
        ("`15:15`", Type::Time, plain, time(15, 15)),
        ("today", Type::Date, plain, date(0)),
        ("in 3 days", Type::Date, plain, date(3)),
        ("in 7 days", Type::Date, plain, date(7)),
        ("next year", Type::Date, plain, date(35)),
        ("today, 17:00", Type::DateTime, plain, moment(5)),
        ("tomorrow, 10:00", Type::DateTime, plain, moment(22)),
        ("tonight, 24:00", Type::DateTime, plain, moment(12)),
        ("in 3 days, 10:00", Type::DateTime, plain, moment(70)),
        ("in 7 days, 24:00", Type::DateTime, plain, moment(24 * 7 + 12)),
    ];
    let languages = ["en", "en-GB", "es", "es-MX"];
    let readers = languages.map(Reader::new);
    let mut table = String::from("| value | `en` | `en-GB` | `es` | `es-MX` |\n|---|---|---|---|---|\n");
    for (name, ty, reading, value) in rows {
        let cells = readers.each_ref().map(|reader| {
            let items = reader.items(&ty, reading, value.clone());
            let (read, heard) = (display(&reader.program, &items), reader.heard(&items));
            if read.eq_ignore_ascii_case(&heard) { read } else { format!("{read}: *{heard}*") }
        });
        table += &format!("| {name} | {} |\n", cells.join(" | "));
    }
    assert!(BOOK.contains(&table), "book/src/reference/speech.md should hold this table:\n\n{table}");
}
