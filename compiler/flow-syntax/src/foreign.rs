//! The words of other systems (Asterisk's dialplan, TwiML, VoiceXML, Amazon Connect and programming languages) and
//! what says the same here: for help only. Nothing is read by these tables.

/// Where a foreign word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// After `on`, or before an arrow.
    Outcome,
    /// Where the kind of a block stands.
    Kind,
    /// Where a clause or statement begins.
    Clause,
    /// Where an item of a file begins.
    Item,
    /// Where a value stands.
    Value,
}

/// What is said instead of a word: an action, as it is told in a help.
pub fn ours(sort: Sort, word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let table: &[(&[&str], &str)] = match sort {
        Sort::Outcome => OUTCOMES,
        Sort::Kind => KINDS,
        Sort::Clause => CLAUSES,
        Sort::Item => ITEMS,
        Sort::Value => VALUES,
    };
    table.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, help)| *help)
}

/// The outcomes that may be meant by a foreign one, best first.
pub fn outcomes(word: &str) -> &'static [&'static str] {
    let word = word.to_ascii_lowercase();
    let table: &[(&[&str], &[&str])] = &[
        (
            &["timeout", "time_out", "timedout", "timed_out", "noinput", "input_timeout", "silence", "t"],
            &["no_input", "timeout", "no_answer"],
        ),
        (&["invalid", "nomatch", "wrong", "i", "bad_input", "no_match"], &["no_match", "invalid"]),
        (
            &[
                "answered",
                "answer",
                "connected",
                "complete",
                "completed",
                "success",
                "ok",
                "finished",
                "done",
            ],
            &["talked", "done", "recorded", "booked", "ended", "human"],
        ),
        (&["noanswer", "unanswered", "no_reply", "ring_timeout"], &["no_answer", "failed"]),
        (&["overflow", "joinfull", "queue_full", "at_capacity", "queuefull"], &["full"]),
        (
            &["nobody", "joinempty", "leaveempty", "unavailable", "no_agents", "joinunavail", "no_agent"],
            &["unstaffed"],
        ),
        (&["error", "failure", "fail", "exception", "congestion", "chanunavail", "catch"], &["failed"]),
        (&["declined", "reject", "rejected"], &["refused", "busy", "failed"]),
        (&["amd", "answering_machine", "voicemail", "beep"], &["machine"]),
        (&["live", "person"], &["human"]),
        (&["notsure", "not_sure"], &["unknown"]),
    ];
    table.iter().find(|(words, _)| words.contains(&word.as_str())).map_or(&[], |(_, ours)| ours)
}

const OUTCOMES: &[(&[&str], &str)] = &[
    (
        &["hangup", "hang_up", "disconnect", "disconnected", "h"],
        "write `on hangup { … }` in the flow, outside of its blocks",
    ),
    (&["default", "else", "any", "other", "others"], "write `otherwise -> BLOCK` for all that is left"),
];

const KINDS: &[(&[&str], &str)] = &[
    (&["gather", "input", "read", "form", "field", "question", "digits", "prompt_and_collect"], "`collect`"),
    (&["ivr", "choices", "choice", "options", "select", "background"], "`menu`"),
    (&["play", "playback", "prompt", "message", "announcement", "welcome", "greeting", "saying"], "`greet`"),
    (&["hangup", "hang_up", "exit", "disconnect", "terminate", "goodbye", "bye"], "`end`"),
    (&["if", "switch", "branch", "decision", "condition", "case", "split", "gotoif"], "`route`"),
    (&["block", "set", "function", "task", "action", "invoke", "http", "request", "do"], "`step`"),
    (
        &["call", "ring", "connect", "forward", "bridge"],
        "`dial`, or `transfer` to hand the call over for good",
    ),
    (&["enqueue", "hold", "wait"], "`queue`"),
    (&["record", "mailbox", "message_box", "vm"], "`voicemail`"),
    (&["confbridge", "meetme", "room"], "`conference`"),
    (&["reject", "busy", "refuse"], "`decline`"),
    (&["subflow", "include", "gosub", "macro", "subdialog"], "`run`"),
    (&["hours", "schedule", "time", "gotoiftime", "check_hours"], "`after_hours`"),
    (&["amd", "machine"], "`detect`"),
    (&["poll", "rating", "csat"], "`survey`"),
];

const CLAUSES: &[(&[&str], &str)] = &[
    (
        &["timeout", "time_out", "input_timeout", "no_input_timeout"],
        "write `wait 5s` in a menu, `longest 10m` in a queue, and `ring \"…\" for 20s` in a dial",
    ),
    (&["inter_digit_timeout", "interdigit", "digit_timeout"], "write `gap 2s`"),
    (
        &[
            "max_wait",
            "maxwait",
            "max_wait_time",
            "maximum",
            "max_length",
            "maxlength",
            "max_duration",
            "limit",
        ],
        "write `longest 10m`",
    ),
    (
        &["hangup", "hang_up", "disconnect", "exit", "stop", "terminate", "quit"],
        "calls end in a block of their own: `-> bye`, with `end bye { say \"Goodbye.\" }`",
    ),
    (
        &["var", "variable", "define", "local", "dim", "val", "int", "string", "my", "const"],
        "write `let x = …` in a block, or `state x: int = 0` in the flow for what changes",
    ),
    (&["assign", "set_var", "setvar", "store", "update", "inc", "increment"], "write `set x = …`"),
    (
        &["playback", "speak", "tts", "saytext", "print", "tell", "message", "background", "read_text"],
        "write `say \"…\"`; a sound is played by `play \"welcome.wav\"`",
    ),
    (
        &["gather", "input", "read", "getdigits", "digits", "collect_digits", "max_digits", "maxdigits"],
        "write `take digits 4 as pin` in a `collect` block",
    ),
    (
        &["option", "case", "key", "dtmf", "digit", "choice", "exten", "choose"],
        "write `press 1 for \"sales\" -> sales`",
    ),
    (&["default", "finally"], "write `otherwise -> BLOCK`"),
    (&["strategy", "routing", "distribution", "policy", "method"], "write `pick longest_idle`"),
    (
        &["member", "members", "skills", "skill", "requires", "team", "teams"],
        "write `agents in sales`, `agents with spanish >= 2`, or `agents` alone for all",
    ),
    (
        &["moh", "musiconhold", "hold_music", "musicclass", "wait_url"],
        "write `music \"NAME\"`, a file of `prompts/` without its ending",
    ),
    (&["answer", "pickup"], "leave it out: a call is answered by the first thing that is said or asked"),
    (&["log", "noop", "debug", "trace", "note"], "write `mark NAME`, or `mark NAME = value`"),
    (
        &["retries", "attempts", "max_tries", "tries", "max_attempts", "repeat"],
        "write `on no_input, no_match 3 times -> BLOCK`",
    ),
    (&["enqueue"], "calls wait in a block of their own: `-> help`, with `queue help { … }`"),
    (
        &["dial", "connect", "forward"],
        "calls are put through in a block of their own: `-> desk`, with `dial desk { ring … }`",
    ),
    (&["wrapup", "wrap_up", "acw", "wrapuptime"], "write `wrap 30s`"),
    (&["email", "mail", "notify"], "write `send email.send(…)`, or `deliver to \"mailto:…\"` in a voicemail"),
    (
        &["catch", "error", "event", "handler"],
        "write `on failed -> BLOCK`, or `else -> BLOCK` behind what may fail",
    ),
    (
        &["while", "loop", "foreach"],
        "write `each x in list { … }`; a block that comes back to itself has `visits 3 else -> BLOCK`",
    ),
    (
        &["elif", "elseif", "elsif", "switch"],
        "decide with `when … -> BLOCK` line by line, and `otherwise -> BLOCK` last",
    ),
    (
        &["hours", "schedule", "open_hours"],
        "write a `calendar` at the top of the file, and ask it in an `after_hours` block",
    ),
];

const ITEMS: &[(&[&str], &str)] = &[
    (&["import", "include", "require", "from", "using"], "write `use FILE`"),
    (&["number", "did", "phone", "exten", "entry"], "write `inbound \"+15550100\" -> FLOW`"),
    (
        &["hours", "schedule", "timetable", "business_hours"],
        "write `calendar NAME { open mon to fri 09:00..17:00 }`",
    ),
    (&["holiday"], "write `holidays NAME { day dec 25 \"Christmas\" }`"),
    (&["function", "def", "func", "sub", "macro"], "write `fn NAME(n: int): int = n * 2`"),
    (
        &["var", "let", "val", "define", "static"],
        "write `const NAME = …`, or `state` in a flow for what changes",
    ),
    (&["struct", "type", "class", "object", "interface"], "write `record NAME { … }`"),
    (&["ivr", "context", "document", "vxml", "response", "workflow"], "write `flow NAME { … }`"),
    (&["api", "endpoint", "webhook", "http", "client"], "write `service NAME at URL { … }`"),
    (&["member", "person", "operator"], "write `agent NAME at \"sip:…\"`"),
    (&["config", "env", "param", "parameter", "secret_setting"], "write `setting NAME: text`"),
    (&["dial", "callout", "outbound"], "write `campaign NAME { … }`"),
];

const VALUES: &[(&[&str], &str)] = &[
    (&["null", "nil", "undefined", "nothing", "empty"], "write `none`"),
    (&["yes", "on", "true"], "write `true`"),
    (&["no", "off", "false"], "write `false`"),
    (&["ani", "caller_id", "callerid", "cli", "from_number", "caller_number"], "write `caller.number`"),
    (&["dnis", "did", "dialed", "to_number"], "write `called`"),
    (&["date", "current_date"], "write `today`"),
    (&["time", "current_time", "timestamp"], "write `now`"),
    (&["call_sid", "callsid", "uniqueid", "session_id", "contact_id"], "write `call.id`"),
];

/// A weekday that is written out, as the language has it: `monday` is `mon`.
pub fn weekday(word: &str) -> Option<&'static str> {
    const DAYS: [(&str, &str); 7] = [
        ("mon", "monday"),
        ("tue", "tuesday"),
        ("wed", "wednesday"),
        ("thu", "thursday"),
        ("fri", "friday"),
        ("sat", "saturday"),
        ("sun", "sunday"),
    ];
    in_short(word, &DAYS)
}

/// A month that is written out, as the language has it: `December` is `dec`.
pub fn month(word: &str) -> Option<&'static str> {
    const MONTHS: [(&str, &str); 12] = [
        ("jan", "january"),
        ("feb", "february"),
        ("mar", "march"),
        ("apr", "april"),
        ("may", "may"),
        ("jun", "june"),
        ("jul", "july"),
        ("aug", "august"),
        ("sep", "september"),
        ("oct", "october"),
        ("nov", "november"),
        ("dec", "december"),
    ];
    in_short(word, &MONTHS)
}

/// `mon` of `Mon`, `mondays`, `tues`; not of `mon` itself.
fn in_short(word: &str, table: &[(&'static str, &str)]) -> Option<&'static str> {
    let folded = word.to_ascii_lowercase();
    let folded = folded.strip_suffix('s').filter(|one| one.len() >= 5).unwrap_or(&folded);
    let fits = |long: &&(&'static str, &str)| {
        folded.len() >= long.0.len() && (long.1.starts_with(folded) || (long.0 == "sep" && folded == "sept"))
    };
    table.iter().find(fits).map(|(short, _)| *short).filter(|short| *short != word)
}

/// Days that other systems have a word for.
pub fn days(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "weekdays" | "weekday" | "workdays" | "business_days" => "mon to fri",
        "weekend" | "weekends" => "sat, sun",
        "daily" | "everyday" | "always" | "all" => "every day",
        _ => return None,
    })
}

/// A time with am or pm, as the language has it: `9am` is `09:00`, `5:30pm` is `17:30`.
pub fn clock(written: &str) -> Option<String> {
    let written = written.to_ascii_lowercase();
    let (figures, after_noon) = match (written.strip_suffix("am"), written.strip_suffix("pm")) {
        (Some(figures), _) => (figures, false),
        (_, Some(figures)) => (figures, true),
        _ => return None,
    };
    let (hour, minute) = figures.trim_end().split_once(':').unwrap_or((figures.trim_end(), "00"));
    let hour: u8 = hour.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    let minute: u8 = minute.parse().ok().filter(|minute| *minute < 60)?;
    Some(format!("{:02}:{minute:02}", hour % 12 + if after_noon { 12 } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::{Sort, clock, days, month, ours, outcomes, weekday};

    #[test]
    fn days_and_months_are_known_by_their_long_names() {
        assert_eq!((weekday("Monday"), weekday("tues"), weekday("mon")), (Some("mon"), Some("tue"), None));
        assert_eq!((month("december"), month("sept"), month("dec")), (Some("dec"), Some("sep"), None));
        assert_eq!((weekday("m"), weekday("monitor"), weekday("thanksgiving")), (None, None, None));
        assert_eq!(days("weekdays"), Some("mon to fri"));
    }

    #[test]
    fn the_twelve_of_the_clock_are_the_right_ones() {
        let told = ["9am", "12pm", "12am", "5:30pm", "11:59PM"].map(|time| clock(time).unwrap_or_default());
        assert_eq!(told, ["09:00", "12:00", "00:00", "17:30", "23:59"]);
        assert!(["13pm", "9", "0am", "9:75am"].iter().all(|time| clock(time).is_none()));
    }

    #[test]
    fn words_have_one_meaning_each_in_their_place() {
        assert_eq!(ours(Sort::Value, "NULL"), Some("write `none`"));
        assert!(outcomes("timeout").contains(&"no_input"));
        assert!(ours(Sort::Clause, "say").is_none() && outcomes("talked").is_empty());
        assert_eq!(
            ours(Sort::Outcome, "hangup").map(|help| help.starts_with("write `on hangup")),
            Some(true)
        );
    }
}
