//! A made-up company: as many files as asked for, five hundred lines each, of what real call flows are made of.
//! The same number gives the same text. It must check without a word, so names are spelt out with numbers.

use std::fmt::Write as _;

/// Lines of each file.
const LINES: usize = 500;

/// A file and how the others `use` it.
pub struct File {
    pub name: String,
    pub text: String,
}

/// `count` files; the first is the main one.
pub fn files(count: usize) -> Vec<File> {
    let mut chance = Chance(2026);
    (0..count).map(|number| file(number, count, &mut chance)).collect()
}

/// Numbers that look random and are always the same (an xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn one(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len())]
    }
}

const SUBJECTS: &[&str] =
    &["billing", "deliveries", "returns", "repairs", "contracts", "visits", "claims", "orders", "renewals"];
const VERBS: &[&str] = &["ask about", "cancel", "change", "hear more about", "complain about", "follow"];
const THANKS: &[&str] = &[
    "Thank you for calling. Goodbye.",
    "Thank you for your patience. We wish you a pleasant day.",
    "You have been a great help. Goodbye.",
];

fn file(number: usize, count: usize, chance: &mut Chance) -> File {
    let mut text = String::with_capacity(20_000);
    let main = number == 0;
    let _ = writeln!(text, "//! Lines of department {number}, as agreed with its manager.");
    if main {
        text.push_str("edition 2026\n\ntimezone \"Europe/Madrid\"\n");
        text.push_str("inbound \"+15550100\", \"+15550101\" -> line_0_0\n");
    } else if number + 1 < count {
        let next = number + 1;
        let _ = writeln!(text, "use shared_{next}.office_{next} as neighbour");
    }
    declarations(&mut text, number);
    let mut written = text.lines().count();
    let mut line = 0;
    loop {
        let mut flow = String::with_capacity(8_000);
        let hours = if main || number + 1 == count { format!("office_{number}") } else { "neighbour".into() };
        self::flow(&mut flow, number, line, &hours, chance);
        let more = flow.lines().count();
        if written + more > LINES {
            break;
        }
        written += more;
        text.push_str(&flow);
        line += 1;
    }
    for more in 0..LINES.saturating_sub(written) {
        let _ = writeln!(text, "public prompt remark_{number}_{more} = \"Note {more} of {number}.\"");
    }
    File { name: if main { String::new() } else { format!("shared_{number}") }, text }
}

/// What a department has once.
fn declarations(text: &mut String, n: usize) {
    let _ = write!(
        text,
        r#"
setting desk_{n}: text = "sip:desk{n}@acme.example"
setting master_{n}: secret digits = "4711"
switch evacuation_{n}

/// How well we know a caller.
enum Tier{n} {{ standard, gold, platinum }}

/// What the customer register says.
record Customer{n} {{
    id: text,
    name: text,
    tier: Tier{n},
    since: date?,
}}

holidays local_{n} {{
    day jan 1 "New Year" observed
    day third mon of jan "Founders' Day"
    day easter - 2d "Good Friday"
    day dec 25 "Christmas"
}}

// The hours are those on the door.
public calendar office_{n} {{
    timezone "Europe/Madrid"
    open mon to fri 08:30..14:00, 15:00..18:00
    open sat 10:00..14:00
    open 2026-12-24 08:30..13:00
    closed local_{n} as holiday
    closed 2026-11-27 as holiday
    closed when evacuation_{n} as emergency
}}

skill technical_{n}, spanish_{n}

agent dana_{n} at "sip:dana{n}@acme.example" {{ technical_{n} 3, spanish_{n} 2 }}
agent lee_{n}  at "sip:lee{n}@acme.example"  {{ technical_{n} 1 }}

queue experts_{n} {{
    agents with technical_{n} >= 2
    after 60s agents with technical_{n} >= 1
    pick longest_idle
    capacity 200 but priority 1
    wrap 30s
}}

limit pin_tries_{n}(number: phone) = 3 per 1h

fn salute_{n}(t: time): text = when t < 12:00 then "Good morning" otherwise "Good afternoon"
fn rank_{n}(t: Tier{n}): int = when t is platinum then 1 when t is gold then 2 otherwise 5

prompt thanks_{n} = "Thank you for calling Acme." recording "acme/thanks{n}"
"#
    );
}

/// A line that people call: hours, a PIN, menus, a queue, a mailbox, a rating, and its test.
fn flow(text: &mut String, n: usize, line: usize, hours: &str, chance: &mut Chance) {
    let subject = chance.one(SUBJECTS);
    let _ = write!(
        text,
        r#"
/// The line for {subject}.
/// Callers with a PIN go first; all others hear the menu.
public flow line_{n}_{line} {{
    state customer: Customer{n}? = none
    state known: bool = false
    state score: int? = none

    press 0 for "the operator" or say "operator", "agent" -> operator
    press * silently -> again
    on no_input, no_match, invalid 3 times -> operator
    on failed -> operator
    on hangup {{ mark left }}

    greet welcome {{
        say thanks_{n}
        -> hours
    }}

    after_hours hours {{
        calendar office_{n}
        on open -> lookup
        on holiday {{ say "We are closed for the holiday and open again {{office_{n}.next_open}}."  -> message }}
        on emergency -> evacuated
        on closed {{ say "Our office is closed. We open again {{office_{n}.next_open}}."  -> message }}
    }}

    // Who is it? Withheld numbers go to the menu.
    step lookup {{
        let number = caller.number else -> main
        let ada = Customer{n}(id: "c{line}", name: "Ada", tier: gold, since: some(2026-03-31))
        set customer = some(ada)
        count pin_tries_{n}(number) else -> locked
        when customer is some(c) and c.tier is not standard -> pin(number, rank_{n}(c.tier))
        otherwise -> main
    }}

    collect pin(number: phone, rank: int) {{
        visits 3 else -> locked
        ask "Please enter your four digit PIN."
        again "Your PIN has four digits. Please enter it now."
        take secret digits 4 as entered
        check entered == master_{n} else "That is not the right PIN."
        wait 6s  gap 3s
        on done {{
            reset pin_tries_{n}(number)
            set known = true
            mark authenticated
            -> waiting(rank)
        }}
        on invalid 3 times -> locked
    }}

    menu main {{
        press 1 for "sales" or say "sales", "buy"               -> sales
        press 2 to "report an outage" or say "outage"           -> triage
        press 3 for "the time" {{ say salute_{n}(08:00)  -> goodbye }}
"#
    );
    let choices = 1 + chance.below(5);
    for choice in 0..choices {
        let (verb, what) = (chance.one(VERBS), chance.one(SUBJECTS));
        let key = 4 + choice;
        let _ = writeln!(
            text,
            "        press {key} to \"{verb} your {what}\" or say \"{what} {key}\" -> topic_{choice}"
        );
    }
    text.push_str("    }\n");
    for choice in 0..choices {
        topic(text, n, choice, chance);
    }
    waiting(text, n, hours);
    let thanks = chance.one(THANKS);
    let _ = write!(
        text,
        r#"
    end locked    {{ say "Too many wrong PINs. Please try again in an hour. Goodbye." }}
    end evacuated {{ say "Our building is being evacuated. Please call back later. Goodbye." }}
    end sorry     {{ say "Sorry, we could not take your message. Please call again. Goodbye." }}
    end goodbye   {{ say "{thanks}" }}
}}
"#
    );
    // Every other line has a test.
    if line.is_multiple_of(2) {
        let _ = write!(
            text,
            r#"
test "an unknown caller of line {n} {line} leaves a message" {{
    at 2026-03-03T12:00
    call line_{n}_{line} from "+34600000001"
    caller hears "Thank you for calling"
    caller presses 1
    caller waits 45s
    expect at(message)
    caller hangs up
}}
"#
        );
    }
}

/// What a further choice of the menu leads to.
fn topic(text: &mut String, n: usize, choice: usize, chance: &mut Chance) {
    let (what, seconds) = (chance.one(SUBJECTS), 5 + chance.below(20));
    let _ = match chance.below(3) {
        0 => write!(
            text,
            r#"
    // {what}
    route topic_{choice} {{
        when known and caller.number is some(p) -> waiting(1)
        when known or customer is some(c) and c.tier is gold -> waiting(2)
        otherwise -> message
    }}
"#
        ),
        1 => write!(
            text,
            r#"
    step topic_{choice} {{
        let name = customer?.name else "caller"
        let rank = 3 * {seconds} + 2 - 1
        if known and rank > 10 {{ mark important = rank }}
        say "Dear {{name}}, one moment please for your {what}."
        -> waiting(rank)
    }}
"#
        ),
        _ => write!(
            text,
            r#"
    dial topic_{choice} {{
        ring "sip:{what}{n}@acme.example", desk_{n} for {seconds}s
        pick round_robin
        on talked(address, talk) {{ mark reached = address  -> rate }}
        otherwise -> message
    }}
"#
        ),
    };
}

/// The queue and what comes behind it.
fn waiting(text: &mut String, n: usize, hours: &str) {
    let _ = write!(
        text,
        r#"
    route triage {{
        when experts_{n}.expected_wait is some(w) and w > 20m -> message
        when known or not {hours}.open -> waiting(1)
        otherwise -> waiting(5)
    }}

    queue waiting(rank: int) {{
        say "Please hold for the next engineer."
        join experts_{n}
        priority rank
        longest 15m
        music "hold/calm"
        every 45s say "You are number {{position}} in line. The wait is about {{wait}}."
        after 2m press 1 for "leaving a message" -> message
        after 5m priority 2
        whisper "Technical call."
        show known: known, number: caller.number, name: customer?.name
        on talked -> rate
        on full, unstaffed, timeout -> message
    }}

    dial sales {{
        ring "sip:ana@sales.example", "sip:bo@sales.example" for 20s
        pick round_robin
        on talked(address, talk) {{ mark sold = address  -> rate }}
        otherwise -> message
    }}

    dial operator {{ ring desk_{n} for 30s  on talked -> goodbye  otherwise -> message }}

    voicemail message {{
        say "Please leave a message after the tone."
        longest 3m  silence 5s
        deliver to "mailto:support@acme.example"
        on recorded, empty -> goodbye
        on failed          -> sorry
    }}

    survey rate {{
        question stars "How did we do today? Press 1 for poorly, up to 5 for very well." scale 1 to 5
        on done {{
            set score = stars
            mark rated = stars
            -> goodbye
        }}
    }}
"#
    );
}
