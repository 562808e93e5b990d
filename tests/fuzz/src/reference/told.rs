//! What the machine asks, told as the reference tells it.

use std::fmt::Write;

use flow_bytecode::program::{Assist, Form, KeyTable, Piece, TemplateVariant};
use flow_bytecode::{Datum, Effect, Type, VerifiedProgram};
use flow_vm::{Arguments, SpeechView, Value};

/// `flow.block`
pub(super) fn name_of(code: &VerifiedProgram, block: u16) -> String {
    let block = &code.blocks[usize::from(block)];
    let flow = &code.functions[usize::from(block.flow)];
    format!("{}.{}", text(code, flow.name), text(code, block.name))
}

fn text(code: &VerifiedProgram, id: u32) -> &str {
    &code.texts[id as usize]
}

/// Whether an effect only reads.
pub(super) fn is_sample(code: &VerifiedProgram, entry: u16) -> bool {
    let effect = code.effects[usize::from(entry)].effect;
    (effect as u16 >= 64 || effect == Effect::Recorded) && effect != Effect::Draw
}

/// An effect with its arguments.
pub(super) fn line(code: &VerifiedProgram, entry: u16, arguments: &Arguments<'_>) -> String {
    let word = code.effects[usize::from(entry)].effect.signature().word;
    let all = (0..arguments.len()).filter_map(|index| arguments.value(index));
    format!("{word} {}", all.map(|value| argument(code, value)).collect::<Vec<_>>().join(" | "))
}

fn argument(code: &VerifiedProgram, value: Value<'_>) -> String {
    let index = usize::from(value.handle());
    match value.ty() {
        Type::Speech => value.speech().map_or(String::new(), |speech| told(code, speech)),
        Type::Option(of) if *code.ty(*of) == Type::Speech => match value.some().and_then(|it| it.speech()) {
            Some(speech) => format!("some({})", told(code, speech)),
            None => "none".into(),
        },
        Type::Keys => keys(code, &code.keys[index]),
        Type::Form => form(code, index),
        Type::Stay => stay(code, index),
        Type::Rings => rings(code, index),
        Type::Shares => code.shares[index].iter().map(u32::to_string).collect::<Vec<_>>().join(","),
        Type::Calendar => text(code, code.calendars[index].name).into(),
        Type::Queue => text(code, code.queues[index].name).into(),
        Type::Switch => text(code, code.switches[index]).into(),
        Type::Limit => text(code, code.limits[index].name).into(),
        Type::Setting => text(code, code.settings[index].name).into(),
        Type::Callback => callback(code, index),
        Type::Operation => {
            let operation = &code.operations[index];
            let service = &code.services[usize::from(operation.service)];
            format!("{}.{}", text(code, service.name), text(code, operation.name))
        }
        Type::Table => text(code, code.tables[index].name).into(),
        _ => value.datum().map_or(String::new(), |datum| shown(&datum)),
    }
}

fn keys(code: &VerifiedProgram, table: &KeyTable) -> String {
    let each = table.choices.iter().map(|choice| {
        let phrases = choice.phrases.iter().map(|(language, words)| {
            let words: Vec<&str> = words.iter().map(|word| text(code, *word)).collect();
            format!("{language}:{}", words.join("|"))
        });
        format!("{}({})", text(code, choice.keys), phrases.collect::<Vec<_>>().join(" "))
    });
    format!("keys[{}]", each.collect::<Vec<_>>().join(" "))
}

fn form(code: &VerifiedProgram, index: usize) -> String {
    let table = &code.forms[index];
    let form = match table.form {
        Form::Money(currency) => format!("Money {currency}"),
        other => format!("{other:?}"),
    };
    format!(
        "form {form} {}-{} until {:?} key {} voice {} secret {}",
        table.length.0,
        table.length.1,
        table.until.map(char::from),
        table.by_key,
        table.by_voice,
        table.secret
    )
}

fn stay(code: &VerifiedProgram, index: usize) -> String {
    let table = &code.stays[index];
    let timed = table.timed.iter().map(|timed| {
        let word = if timed.repeats { "every" } else { "after" };
        let brings = timed.activates.map_or(String::new(), |choice| format!(" brings {choice}"));
        format!("{word} {}{brings}", timed.millis)
    });
    let during = table.during.map(|calendar| text(code, code.calendars[usize::from(calendar)].name));
    format!(
        "stay timed[{}] music {:?} {} during {during:?} recall {:?} {}",
        timed.collect::<Vec<_>>().join(", "),
        table.music.map(|name| text(code, name)),
        keys(code, &table.keys),
        table.recall_millis,
        assists(code, &table.assists)
    )
}

fn assists(code: &VerifiedProgram, assists: &[Assist]) -> String {
    let each = assists.iter().map(|it| format!("{} > {}", text(code, it.label), text(code, it.flow)));
    format!("assists[{}]", each.collect::<Vec<_>>().join(", "))
}

fn rings(code: &VerifiedProgram, index: usize) -> String {
    let table = &code.rings[index];
    let each = table.rings.iter().map(|(count, millis)| format!("{count} for {millis}"));
    format!(
        "rings [{}] pick {:?} music {:?} accept {:?} recall {:?} longest {:?} {}",
        each.collect::<Vec<_>>().join(", "),
        table.pick,
        table.music.map(|name| text(code, name)),
        table.accept.map(|(key, millis)| (char::from(key), millis)),
        table.recall_millis,
        table.longest_millis,
        assists(code, &table.assists)
    )
}

fn callback(code: &VerifiedProgram, index: usize) -> String {
    let table = &code.callbacks[index];
    let during = table.during.map(|calendar| text(code, code.calendars[usize::from(calendar)].name));
    let retry = table.retry.map(|it| (it.busy, it.no_answer, it.failed, it.times, it.every_millis));
    let afterwards = table.afterwards.map(|flow| text(code, code.functions[usize::from(flow)].name));
    format!(
        "callback during {during:?} delay {} expires {} retry {retry:?} afterwards {afterwards:?}",
        table.delay_millis, table.expires_millis
    )
}

// ------------------------------------------------------------ speech

/// What each language of the program's hears, by letters and digits.
fn told(code: &VerifiedProgram, speech: SpeechView<'_>) -> String {
    let each = (0..code.languages.len()).map(|language| {
        let mut out = String::new();
        hear(code, speech, language as u16, &mut out);
        out.trim().to_owned()
    });
    format!("<{}>", each.collect::<Vec<_>>().join(" / "))
}

/// As the switch chooses: the own variant or one that fits all, else the first.
fn hear(code: &VerifiedProgram, speech: SpeechView<'_>, language: u16, out: &mut String) {
    let template = speech.template();
    if template.in_turn {
        for variant in &template.variants {
            hear_variant(code, speech, variant, language, out);
        }
        return;
    }
    let fits = |variant: &&TemplateVariant| variant.language.is_none_or(|own| own == language);
    if let Some(variant) = template.variants.iter().find(fits).or(template.variants.first()) {
        hear_variant(code, speech, variant, language, out);
    }
}

fn hear_variant(
    code: &VerifiedProgram,
    speech: SpeechView<'_>,
    variant: &TemplateVariant,
    language: u16,
    out: &mut String,
) {
    let language = variant.language.unwrap_or(language);
    let letters = |id: u32| text(code, id).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let value = |index: u8| {
        let value = speech.argument(usize::from(index)).and_then(|value| value.datum());
        value.map_or(String::new(), |datum| shown(&datum))
    };
    for piece in &variant.pieces {
        match piece {
            // Both sides tell what is heard where the call is listened to.
            Piece::Text(id) | Piece::IfListening(id) => out.push_str(&letters(*id)),
            Piece::IfNotListening(_) => {}
            Piece::Hole(index, reading) => out.push_str(&format!(" {{{}:{reading:?}}} ", value(*index))),
            Piece::Plural(index, forms) => {
                let forms: Vec<String> =
                    forms.iter().map(|(class, id)| format!("{class:?}={}", letters(*id))).collect();
                out.push_str(&format!(" {{{} plural {}}} ", value(*index), forms.join(" ")));
            }
            Piece::Recording(name, words) => {
                out.push_str(&format!(" {}({}) ", text(code, *name), letters(*words)));
            }
            Piece::Sound(name) => out.push_str(&format!(" sound({})", text(code, *name))),
            Piece::Speech(index) => {
                if let Some(part) = speech.argument(usize::from(*index)).and_then(|value| value.speech()) {
                    hear(code, part, language, out);
                }
            }
        }
    }
}

// ------------------------------------------------------------ values

/// A value as `flow_reference::shown` shows it.
pub(super) fn shown(datum: &Datum) -> String {
    let mut out = String::new();
    show(datum, &mut out);
    out
}

fn show(datum: &Datum, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = match datum {
        Datum::Bool(truth) => write!(out, "{truth}"),
        Datum::Int(number) => write!(out, "{number}"),
        Datum::Decimal(number) => write!(out, "{number}d"),
        Datum::Money(money) => write!(out, "{} {}", money.currency, money.amount),
        Datum::Text(text) => write!(out, "{text:?}"),
        Datum::Duration(millis) => write!(out, "{millis}ms"),
        Datum::Date(days) => write!(out, "day {days}"),
        Datum::Time(millis) => write!(out, "clock {millis}"),
        Datum::DateTime(millis, zone) => write!(out, "@{millis}/{zone}"),
        Datum::Language(index) => write!(out, "language {index}"),
        Datum::None => write!(out, "none"),
        Datum::Some(inner) => {
            out.push_str("some(");
            show(inner, out);
            write!(out, ")")
        }
        Datum::List(items) => around(out, "[", items, "]"),
        Datum::Record(fields) => around(out, "(", fields, ")"),
        Datum::Variant(index, data) => around(out, &format!("#{index}("), data, ")"),
        Datum::Map(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                show(key, out);
                out.push_str(": ");
                show(value, out);
            }
            write!(out, "}}")
        }
    };
}

fn around(out: &mut String, before: &str, values: &[Datum], behind: &str) -> std::fmt::Result {
    out.push_str(before);
    for (index, value) in values.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        show(value, out);
    }
    write!(out, "{behind}")
}
