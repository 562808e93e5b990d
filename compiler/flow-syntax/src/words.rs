//! The words of the language by the place where they begin something: for suggestions.

use crate::clauses::Place;

/// Words that begin an item.
pub(crate) const ITEMS: [&str; 28] = [
    "public", "edition", "use", "inbound", "timezone", "setting", "switch", "const", "enum", "record", "fn",
    "table", "prompt", "calendar", "holidays", "service", "skill", "team", "agent", "roster", "limit",
    "queue", "flow", "campaign", "test", "always", "never", "budget",
];

/// The kinds of blocks.
pub(crate) const KINDS: [&str; 17] = [
    "greet",
    "step",
    "route",
    "after_hours",
    "menu",
    "collect",
    "queue",
    "dial",
    "callback",
    "voicemail",
    "survey",
    "detect",
    "transfer",
    "conference",
    "run",
    "end",
    "decline",
];

/// Words that are never names.
pub(crate) const HARD: [&str; 18] = [
    "true",
    "false",
    "none",
    "not",
    "and",
    "or",
    "in",
    "is",
    "else",
    "when",
    "then",
    "otherwise",
    "after",
    "every",
    "return",
    "secret",
    "in_turn",
    "already",
];

/// How blocks end.
pub(crate) const OUTCOMES: [&str; 22] = [
    "no_input",
    "no_match",
    "done",
    "invalid",
    "talked",
    "timeout",
    "full",
    "unstaffed",
    "failed",
    "closed",
    "busy",
    "no_answer",
    "booked",
    "duplicate",
    "refused",
    "recorded",
    "empty",
    "human",
    "machine",
    "unknown",
    "left",
    "ended",
];

const FLOW: [&str; 21] = [
    "speaks",
    "state",
    "on",
    "press",
    "greet",
    "step",
    "route",
    "after_hours",
    "menu",
    "collect",
    "queue",
    "dial",
    "callback",
    "voicemail",
    "survey",
    "detect",
    "transfer",
    "conference",
    "run",
    "end",
    "decline",
];

const BODY: [&str; 60] = [
    "let",
    "set",
    "say",
    "announce",
    "play",
    "do",
    "send",
    "count",
    "reset",
    "if",
    "each",
    "mark",
    "discard",
    "visits",
    "ask",
    "whisper",
    "again",
    "wait",
    "gap",
    "recall",
    "longest",
    "silence",
    "delay",
    "expires",
    "wrap",
    "take",
    "check",
    "confirm",
    "during",
    "calendar",
    "join",
    "accept",
    "from",
    "agents",
    "priority",
    "capacity",
    "code",
    "number",
    "room",
    "questions",
    "pick",
    "prefer",
    "music",
    "ring",
    "show",
    "assist",
    "flow",
    "afterwards",
    "deliver",
    "question",
    "retry",
    "every",
    "after",
    "on",
    "press",
    "when",
    "otherwise",
    "share",
    "return",
    "concurrent",
];

const CALENDAR: [&str; 3] = ["timezone", "open", "closed"];
const HOLIDAYS: [&str; 1] = ["day"];
const SERVICE: [&str; 4] = ["get", "post", "put", "delete"];
const CAMPAIGN: [&str; 7] = ["from", "call", "during", "pace", "concurrent", "retry", "skip"];
const TEST: [&str; 8] = ["at", "given", "party", "time", "call", "caller", "agent", "expect"];

/// The words that begin a clause of a place.
pub(crate) fn of_place(place: Place) -> &'static [&'static str] {
    match place {
        Place::Flow => &FLOW,
        Place::Body => &BODY,
        Place::Calendar => &CALENDAR,
        Place::Holidays => &HOLIDAYS,
        Place::Service => &SERVICE,
        Place::Campaign => &CAMPAIGN,
        Place::Test => &TEST,
        Place::Header | Place::List | Place::Other => &[],
    }
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// How a clause or an item that begins with a word is written, for those that are easily got wrong.
pub(crate) fn form(word: &str, place: Place) -> Option<&'static str> {
    Some(match (word, place) {
        ("timezone", _) => "timezone \"Europe/Madrid\"",
        ("open", Place::Calendar) => "open mon to fri 08:30..18:00",
        ("closed", Place::Calendar) => "closed 2026-12-24 to 2026-12-26 as holiday",
        ("day", Place::Holidays) => "day dec 25 \"Christmas\"",
        ("get" | "post" | "put" | "delete", Place::Service) => {
            "get customer(number: phone): Customer? \"/customers/{number}\" within 800ms"
        }
        ("press", _) => "press 1 for \"sales\" or say \"sales\" -> sales",
        ("on", _) => "on busy, no_answer -> message",
        ("state", Place::Flow) => "state verified: bool = false",
        ("speaks", Place::Flow) => "speaks es, en",
        ("let", Place::Body) => "let name = customer?.name else \"a caller\"",
        ("set", Place::Body) => "set verified = true",
        ("count", Place::Body) => "count pin_tries(c.id) else -> locked",
        ("visits", Place::Body) => "visits 3 else -> operator",
        ("take", Place::Body) => "take digits 6 to 8 until # as number",
        ("check", Place::Body) => "check luhn(card) else \"That number has a wrong digit.\"",
        ("capacity", Place::Body) => "capacity 200 but priority 1",
        ("ring", Place::Body) => "ring \"sip:ana@sales.example\" for 20s",
        ("prefer", Place::Body) => "prefer customer.agent for 20s",
        ("assist", Place::Body) => "assist take_card(account) \"Take a card payment\"",
        ("deliver", Place::Body) => "deliver to \"mailto:support@acme.example\"",
        ("question", Place::Body) => "question score \"How did we do?\" scale 1 to 5",
        ("retry", _) => "retry busy, no_answer 2 times every 10m",
        ("every" | "after", Place::Body) => "every 45s say \"Please hold.\"",
        ("share", Place::Body) => "share 30% -> a",
        ("when", Place::Body) => "when office.open -> hello",
        ("show", Place::Body) => "show name: customer.name, tier: customer.tier",
        ("wait", Place::Body) => "wait 6s",
        ("gap", Place::Body) => "gap 2s",
        ("longest", Place::Body) => "longest 10m",
        ("silence", Place::Body) => "silence 5s",
        ("recall", Place::Body) => "recall 5m",
        ("delay", Place::Body) => "delay 2m",
        ("expires", Place::Body) => "expires 4h",
        ("wrap", Place::Body) => "wrap 30s",
        ("pick", Place::Body) => "pick longest_idle",
        ("agents", Place::Body) => "agents in sales with spanish >= 2",
        ("music", Place::Body) => "music \"hold\"",
        ("say" | "announce" | "ask" | "again" | "whisper", Place::Body) => "say \"Welcome.\"",
        ("if", Place::Body) => "if verified { say \"Welcome back.\" }",
        ("each", Place::Body) => "each order in orders { say order.name }",
        ("from", Place::Campaign) => "from visits as visit",
        ("call", Place::Campaign) => "call visit.phone -> remind(visit)",
        ("during", Place::Campaign) => "during calling_hours",
        ("pace", Place::Campaign) => "pace 30 per 1m",
        ("concurrent", Place::Campaign) => "concurrent 5",
        ("skip", Place::Campaign) => "skip when visit.cancelled",
        ("given", Place::Test) => "given crm.customer(_) answers none",
        ("call", Place::Test) => "call support from \"+15550123\"",
        ("caller", Place::Test) => "caller presses 1",
        ("agent", Place::Test) => "agent dana answers",
        ("at", Place::Test) => "at 2026-03-03T12:00",
        ("time", Place::Test) => "time passes 10m",
        ("edition", _) => "edition 2026",
        ("use", _) => "use shared",
        ("inbound", _) => "inbound \"+15550100\" -> support",
        ("setting", _) => "setting crm_url: text",
        ("const", _) => "const opening = 08:30",
        ("enum", _) => "enum Tier { standard, gold }",
        ("record", _) => "record Customer { id: text, name: text }",
        ("fn", _) => "fn double(n: int): int = n * 2",
        ("prompt", _) => "prompt thanks = \"Thank you.\"",
        ("table", _) => "table tomorrow of Row from \"tomorrow.csv\"",
        ("calendar", Place::Header) => "calendar office { open mon to fri 08:30..18:00 }",
        ("service", _) => "service crm at crm_url with bearer(crm_key) { … }",
        ("agent", _) => "agent dana at \"sip:dana@acme.example\" { technical 3 }",
        ("roster", _) => "roster from \"agents.csv\"",
        ("limit", _) => "limit pin_tries(id: text) = 3 per 1h",
        ("flow", Place::Header) => "flow support { … }",
        ("queue", Place::Header) => "queue technical { … }",
        ("test", _) => "test \"what should happen\" { … }",
        ("always" | "never", _) => {
            "never \"what must not happen\" in support { at(waiting) and not verified }"
        }
        ("budget", _) => "budget support { silence <= 2s }",
        _ => return None,
    })
}
