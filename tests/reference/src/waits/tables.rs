//! What an effect is told besides values, for the trace: keys, forms, addresses, what happens in a queue.

use flow_check::hir::{Assist, Callback, Choice, Collect, Dial, Form, Program, QueueStay, Ring, TimedWhat};

pub(super) fn keys(choices: &[&Choice]) -> String {
    let each = choices.iter().map(|choice| {
        let phrases =
            choice.phrases.iter().map(|(language, words)| format!("{language}:{}", words.join("|")));
        format!("{}({})", choice.keys, phrases.collect::<Vec<_>>().join(" "))
    });
    format!("keys[{}]", each.collect::<Vec<_>>().join(" "))
}

pub(super) fn form(collect: &Collect) -> String {
    let form = match collect.form {
        Form::Variant(_) => "Number".into(),
        Form::Money(code) => format!("Money {}", String::from_utf8_lossy(&code)),
        other => format!("{other:?}"),
    };
    let (least, most) = collect.length;
    let Collect { until, by_key, by_voice, secret, .. } = collect;
    format!("form {form} {least}-{most} until {until:?} key {by_key} voice {by_voice} secret {secret}")
}

/// `greets`: what the block says first is due as the stay begins, before everything else.
pub(super) fn stay(program: &Program, stay: &QueueStay, choices: &[&Choice], greets: bool) -> String {
    let mut timed: Vec<String> = Vec::new();
    if greets {
        timed.push("every 0".into());
    }
    let mut late = stay.choices.len();
    for entry in &stay.timed {
        let word = if entry.repeats { "every" } else { "after" };
        let brings = match entry.what {
            TimedWhat::Choice { .. } => {
                late += 1;
                format!(" brings {}", late - 1)
            }
            _ => String::new(),
        };
        timed.push(format!("{word} {}{brings}", entry.millis));
    }
    let during = stay.during.map(|calendar| program.calendars[calendar].name.as_str());
    format!(
        "stay timed[{}] music {:?} {} during {during:?} recall {:?} {}",
        timed.join(", "),
        stay.music,
        keys(choices),
        stay.recall_millis,
        assists(program, &stay.assists)
    )
}

/// A stay of which only the music is said.
pub(super) fn music_only(music: Option<&str>) -> String {
    format!("stay timed[] music {music:?} keys[] during None recall None assists[]")
}

fn assists(program: &Program, assists: &[Assist]) -> String {
    let each = assists.iter().map(|assist| format!("{} > {}", assist.label, program.flows[assist.flow].name));
    format!("assists[{}]", each.collect::<Vec<_>>().join(", "))
}

pub(super) fn rings(program: &Program, dial: &Dial) -> String {
    format!(
        "rings {} pick {:?} music {:?} accept {:?} recall {:?} longest {:?} {}",
        of(&dial.rings),
        dial.pick,
        dial.music,
        dial.accept,
        dial.recall_millis,
        dial.longest_millis,
        assists(program, &dial.assists)
    )
}

/// Addresses that are tried one after the other.
pub(super) fn rings_in_order(rings: &[Ring]) -> String {
    format!("rings {} pick InOrder music None accept None recall None longest None assists[]", of(rings))
}

fn of(rings: &[Ring]) -> String {
    let each = rings.iter().map(|ring| format!("{} for {}", ring.addresses.len(), ring.for_millis));
    format!("[{}]", each.collect::<Vec<_>>().join(", "))
}

pub(super) fn callback(program: &Program, callback: &Callback) -> String {
    let during = callback.during.map(|calendar| program.calendars[calendar].name.as_str());
    let retry = callback.retry.map(|it| (it.busy, it.no_answer, it.failed, it.times, it.every_millis));
    let afterwards = callback.afterwards.as_ref().map(|(flow, _)| program.flows[*flow].name.as_str());
    format!(
        "callback during {during:?} delay {} expires {} retry {retry:?} afterwards {afterwards:?}",
        callback.delay_millis, callback.expires_millis
    )
}
