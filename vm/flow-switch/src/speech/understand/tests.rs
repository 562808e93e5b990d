//! What people say for values, in tables; and that what we say ourselves for a value is understood as that value.

use flow_bytecode::decimal::{Currency, Decimal, Money};
use flow_bytecode::moment;
use flow_bytecode::program::Form;
use proptest::prelude::*;

use super::{Asked, Understood, understand};
use crate::speech::said::Said;
use crate::speech::tongue::{self, Called, Context, Noun};

/// Wednesday, 25 November 2026.
fn today() -> i64 {
    i64::from(moment::date(2026, 11, 25).expect("a day"))
}

fn currency(code: &str) -> Currency {
    Currency::new(code).expect("a code")
}

fn readings(form: Form, language: &str, called: &str, text: &str) -> Vec<String> {
    let asked = Asked { form: Some(form), language, called, today: today() };
    let keys = |reading| match reading {
        Understood::Keys(keys) => keys,
        Understood::Text(text) => panic!("{text} is no keys"),
    };
    understand(&asked, text).into_iter().map(keys).collect()
}

fn table(form: Form, language: &str, called: &str, texts: &[&str]) -> String {
    let row = |text: &&str| format!("{text}: {}", readings(form, language, called, text).join(" | "));
    texts.iter().map(row).collect::<Vec<_>>().join("\n")
}

const BRITISH: &str = "+442079460000";
const AMERICAN: &str = "+15550100";

#[test]
fn digits_in_english() {
    insta::assert_snapshot!(table(
        Form::Digits,
        "en",
        "",
        &[
            "one two three",
            "one, two, three four five six",
            "Double five",
            "triple nought seven",
            "twelve thirty-four",
            "oh seven double oh",
            "twenty three",
            "five hundred",
            "five hundred and twelve",
            "eighteen hundred",
            "four thousand",
            "123456",
            "123-456",
            "1 2 3 4",
            "it's one two three, please",
            "my number is 4711 thank you",
            "double 7 two",
            "five, no, I mean six",
            "billing",
            "someone",
            "",
        ]
    ));
}

#[test]
fn digits_in_spanish() {
    insta::assert_snapshot!(table(
        Form::Digits,
        "es-MX",
        "",
        &[
            "uno dos tres",
            "cero cero siete",
            "treinta y cuatro doce",
            "doble cinco",
            "mil doscientos treinta y cuatro",
            "veintitrés",
            "es el uno dos tres, por favor",
            "12 34",
            "facturación",
        ]
    ));
}

#[test]
fn numbers() {
    insta::assert_snapshot!(table(
        Form::Number,
        "en-GB",
        "",
        &[
            "two hundred and five",
            "a hundred",
            "one",
            "zero",
            "twenty-one",
            "eighteen hundred",
            "two million three hundred thousand and six",
            "5 thousand",
            "1,234,567",
            "one two three",
            "12",
            "there are four of us",
            "minus five",
            "-5",
            "1.5",
            "half",
            "ninety nine billion billion billion",
        ]
    ));
    insta::assert_snapshot!(table(
        Form::Number,
        "es",
        "",
        &[
            "doscientos cinco",
            "cien",
            "mil",
            "veintiuno",
            "treinta y un mil",
            "dos mil millones",
            "un millón quinientas mil",
            "somos cuatro personas",
        ]
    ));
}

#[test]
fn telephone_numbers() {
    insta::assert_snapshot!(table(
        Form::Phone,
        "en",
        "",
        &[
            "plus four four two zero seven nine four six double zero double zero",
            "+1 (555) 123-4567",
            "five five five, oh one two three",
            "5550123",
            "forty-nine thirty",
        ]
    ));
    insta::assert_snapshot!(table(
        Form::Phone,
        "es",
        "",
        &["más treinta y cuatro seiscientos doce", "91 123 45 67"]
    ));
}

#[test]
fn dates_in_english() {
    let said = [
        "the third of March",
        "March third twenty twenty-six",
        "March 3rd, 2026",
        "3 March 2026",
        "the twenty-first of December nineteen eighty five",
        "May fifth, two thousand and five",
        "june first nineteen oh five",
        "tenth of May eighty-five",
        "today",
        "tomorrow please",
        "the day after tomorrow",
        "yesterday",
        "Friday",
        "Wednesday",
        "next Friday",
        "last Monday",
        "Monday the thirtieth of November",
        "in three days",
        "two weeks ago",
        "in a week",
        "the thirtieth",
        "the third",
        "3/4/2026",
        "2026-04-03",
        "25/12",
        "three four twenty twenty-six",
        "zero three zero four two zero two six",
        "03042026",
        "the thirty-first of February",
        "February 29th",
        "fifth of never",
        "soon",
    ];
    insta::assert_snapshot!("dates_in_english_at_home", table(Form::Date, "en", BRITISH, &said));
    insta::assert_snapshot!("dates_in_english_in_america", table(Form::Date, "en", AMERICAN, &said));
}

#[test]
fn dates_in_spanish() {
    insta::assert_snapshot!(table(
        Form::Date,
        "es",
        "",
        &[
            "tres de marzo",
            "el tres de marzo de dos mil veintiséis",
            "primero de enero",
            "el uno de enero del 2027",
            "veintiuno de diciembre de mil novecientos ochenta y cinco",
            "hoy",
            "mañana",
            "pasado mañana",
            "el viernes",
            "el próximo lunes",
            "el lunes que viene",
            "el lunes pasado",
            "dentro de tres días",
            "hace dos semanas",
            "el día quince",
            "15/3/2027",
            "treinta y uno de febrero",
        ]
    ));
}

#[test]
fn times_in_english() {
    insta::assert_snapshot!(table(
        Form::Time,
        "en",
        "",
        &[
            "half past two p.m.",
            "half past two",
            "quarter to nine",
            "a quarter past noon",
            "ten to one in the afternoon",
            "twenty after six",
            "half two",
            "eight thirty",
            "eight thirty p m",
            "eight oh five in the evening",
            "eight o'clock",
            "nine o'clock in the morning",
            "noon",
            "twelve noon",
            "midnight",
            "twelve",
            "fifteen thirty",
            "fifteen hundred hours",
            "oh eight hundred hours",
            "zero eight thirty",
            "12:30",
            "12:30 PM",
            "3pm",
            "3 p.m.",
            "15:00:00",
            "1530",
            "08:15",
            "quarter to midnight",
            "eleven at night",
            "two at night",
            "twenty-five thirty",
            "15 am",
            "whenever",
        ]
    ));
}

#[test]
fn times_in_spanish() {
    insta::assert_snapshot!(table(
        Form::Time,
        "es",
        "",
        &[
            "las tres y media",
            "a las tres y media de la tarde",
            "las nueve menos cuarto",
            "las nueve y cuarto de la mañana",
            "diez para las nueve",
            "un cuarto para las ocho",
            "la una y cinco",
            "las veinte y cinco",
            "las quince treinta",
            "las doce de la mañana",
            "las doce de la noche",
            "las doce del mediodía",
            "mediodía",
            "medianoche",
            "las dos de la madrugada",
            "ocho de la noche",
            "las ocho en punto",
            "15:30",
            "15 h 30",
            "mañana",
        ]
    ));
}

#[test]
fn amounts() {
    insta::assert_snapshot!(table(
        Form::Money(currency("GBP")),
        "en-GB",
        "",
        &[
            "twelve pounds fifty",
            "twelve pounds and five pence",
            "fifty pence",
            "twelve quid",
            "twelve fifty",
            "twelve oh five",
            "twelve point five",
            "five hundred",
            "one million pounds",
            "£12.50",
            "12.50",
            "1,234",
            "1,234.50",
            "£12",
            "twelve",
            "one two three",
            "twelve pounds fifty please",
            "twelve dollars",
            "$12",
            "twelve g b p",
            "nothing",
        ]
    ));
    insta::assert_snapshot!(table(
        Form::Money(currency("USD")),
        "en",
        "",
        &[
            "$12.50",
            "twelve dollars and fifty cents",
            "twelve bucks",
            "five and a half dollars",
            "twelve euros",
        ]
    ));
    insta::assert_snapshot!(table(
        Form::Money(currency("EUR")),
        "es",
        "",
        &[
            "doce euros con cincuenta",
            "doce con cincuenta",
            "doce euros y medio",
            "un euro",
            "cinco céntimos",
            "doce coma cinco",
            "12,50 €",
            "1.234,50",
            "un millón de euros",
            "doce dólares",
        ]
    ));
    insta::assert_snapshot!(table(
        Form::Money(currency("JPY")),
        "en",
        "",
        &["twelve hundred yen", "1,500", "12.50"]
    ));
}

#[test]
fn yes_and_no() {
    insta::assert_snapshot!(table(
        Form::YesNo,
        "en",
        "",
        &[
            "yes",
            "Yeah, sure.",
            "that's right",
            "correct",
            "OK",
            "of course",
            "one",
            "1",
            "no",
            "Nope",
            "that's wrong",
            "that is not right",
            "it isn't",
            "no problem",
            "two",
            "yes no",
            "maybe",
            "three",
        ]
    ));
    insta::assert_snapshot!(table(
        Form::YesNo,
        "es",
        "",
        &[
            "sí",
            "si",
            "claro que sí",
            "eso es",
            "vale",
            "uno",
            "no",
            "no es correcto",
            "incorrecto",
            "quizás",
            "sí no",
        ]
    ));
}

#[test]
fn free_speech_stays_as_it_is() {
    let asked = Asked { form: None, language: "en", called: "", today: today() };
    assert!(understand(&asked, " my leg hurts ") == [Understood::Text("my leg hurts".into())]);
    assert!(understand(&asked, "  ").is_empty());
}

#[test]
fn figures_are_understood_in_a_language_without_words() {
    assert_eq!(readings(Form::Digits, "fr", "", "12 34"), ["1234"]);
    assert_eq!(readings(Form::Time, "fr", "", "15:30"), ["1530"]);
    assert!(readings(Form::Digits, "fr", "", "one two").is_empty());
}

#[test]
fn what_was_said_is_in_no_log() {
    let shown = format!("{:?} {:?}", Understood::Keys("1234".into()), Understood::Text("secret".into()));
    assert!(!shown.contains("1234") && !shown.contains("secret"), "{shown}");
}

/// The words that callers hear: those of the clips.
fn heard(said: &Said) -> String {
    let word = |clip: &&str| {
        let (language, name) = clip.split_once('/').expect("a language");
        let list = match language {
            "en" => include_str!("../../../../../stdlib/sounds/words/en.txt"),
            _ => include_str!("../../../../../stdlib/sounds/words/es.txt"),
        };
        let line = list.lines().find(|line| line.split('|').next() == Some(name)).expect("a shipped clip");
        line.split('|').nth(1).expect("words").to_owned()
    };
    said.clips.iter().map(word).collect::<Vec<_>>().join(" ")
}

const LANGUAGES: [&str; 5] = ["en", "en-GB", "es", "es-MX", "es-AR"];

fn spoken(language: &str, say: impl Fn(&dyn tongue::Tongue, Context<'_>) -> Said) -> Said {
    let (speaker, region) = tongue::of(language);
    say(speaker, Context { region, before: "" })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_number_that_we_say_is_that_number(number in prop_oneof![0..3_000u64, 0..999_999_999_999_999_999u64]) {
        for language in LANGUAGES {
            let said = spoken(language, |speaker, context| {
                let mut said = Said::default();
                speaker.cardinal(number, Noun::Alone, context.region, &mut said.clips);
                said
            });
            let text = heard(&said);
            let understood = readings(Form::Number, language, "", &text);
            prop_assert_eq!(understood.first(), Some(&number.to_string()), "{}: {}", language, text);
        }
    }

    #[test]
    fn digits_that_we_say_are_those_digits(keys in "[0-9]{1,32}") {
        for language in LANGUAGES {
            let text = heard(&spoken(language, |speaker, _| speaker.spelled(&keys)));
            let understood = readings(Form::Digits, language, "", &text);
            prop_assert_eq!(understood, std::slice::from_ref(&keys), "{}: {}", language, text);
            let plus = heard(&spoken(language, |speaker, _| speaker.spelled(&format!("+{keys}"))));
            prop_assert_eq!(readings(Form::Phone, language, "", &plus), [format!("00{keys}")], "{}", plus);
        }
    }

    #[test]
    fn a_time_that_we_say_is_that_time(minutes in 0..1440i32) {
        for language in LANGUAGES {
            let said = spoken(language, |speaker, context| speaker.time(minutes / 60, minutes % 60, context));
            let wanted = format!("{:02}{:02}", minutes / 60, minutes % 60);
            for text in [heard(&said), said.display] {
                let understood = readings(Form::Time, language, "", &text);
                // By the clock of 24 hours "la una" is one at night, and people mean the afternoon.
                let found = if language == "es" { understood.contains(&wanted) } else { understood.first() == Some(&wanted) };
                prop_assert!(found, "{}: {} is {:?}, not {}", language, text, understood, wanted);
            }
        }
    }

    #[test]
    fn a_date_that_we_say_is_that_date(ahead in -40_000..40_000i64) {
        let day = today() + ahead;
        let (year, month) = (moment::year(day), moment::month(day));
        let called = match ahead {
            -1 => Called::Yesterday,
            0 => Called::Today,
            1 => Called::Tomorrow,
            2..=6 => Called::Weekday(moment::weekday(day) as i8 - 1),
            _ => Called::Day(month as i8, moment::day(day) as i8, (year != 2026).then_some(year as i16)),
        };
        for language in LANGUAGES {
            let said = spoken(language, |speaker, context| speaker.day(called, context));
            let wanted = crate::forms::DateOrder::of(language, "").keys(day).expect("four figures");
            for text in [heard(&said), said.display] {
                let understood = readings(Form::Date, language, "", &text);
                prop_assert!(understood.contains(&wanted), "{language}: {text} is {understood:?}, not {wanted}");
                let told = ahead >= 0 || year != 2026;
                prop_assert!(!told || understood.first() == Some(&wanted), "{language}: {text} is first {understood:?}");
            }
        }
    }

    #[test]
    fn an_amount_that_we_say_is_that_amount(
        units in prop_oneof![0..2_000i64, 0..99_999_999i64],
        code in prop_oneof![Just("EUR"), Just("USD"), Just("GBP"), Just("MXN"), Just("CHF"), Just("INR"), Just("AED"), Just("JPY")],
    ) {
        let money = currency(code);
        let amount = Decimal::new(units, money.digits());
        for language in LANGUAGES {
            let said = spoken(language, |speaker, context| {
                crate::speech::amounts::money(speaker, Money::new(amount, money), context)
            });
            let text = heard(&said);
            let keys = readings(Form::Money(money), language, "", &text);
            let value = keys.first().and_then(|keys| flow_bytecode::decimal::read(&keys.replace('*', ".")));
            prop_assert_eq!(value, Some(amount), "{}: {} is {:?}", language, text, keys);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_text_is_understood_or_not(text in "\\PC{0,200}", words in proptest::collection::vec("(twenty|hundred|thousand|million|and|of|March|half|past|quarter|to|in|ago|double|[0-9]{1,30}|[:./,+$-]|de|mil|millones|y|euros|first|next|Monday)", 0..40)) {
        for text in [text, words.join(" "), words.concat()] {
            for language in ["en", "es", "fr"] {
                for form in [Form::Digits, Form::Number, Form::Phone, Form::Date, Form::Time, Form::YesNo, Form::Money(currency("USD"))] {
                    let keys = readings(form, language, "", &text);
                    prop_assert!(keys.len() <= super::GREATEST_READINGS);
                    for keys in keys {
                        prop_assert!(keys.len() <= 66 && keys.bytes().all(|key| key.is_ascii_digit() || key == b'*'), "{keys}");
                        if matches!(form, Form::Date | Form::Time | Form::YesNo) {
                            let value = crate::forms::value(form, keys.as_bytes(), "", language);
                            let own = keys.len() == 8 && text.bytes().any(|byte| byte.is_ascii_digit());
                            prop_assert!(value.is_some() || own || form == Form::Date, "{text}: {keys}");
                        }
                    }
                }
            }
        }
    }
}
