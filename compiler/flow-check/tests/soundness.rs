//! What a judge broke, as families: each guarantee is asked in every place where the same mistake could be made.

mod common;

use common::check_text;

/// The codes of the errors that a text gets, each once.
fn errors(text: &str) -> Vec<String> {
    let answer = check_text(text);
    let mut codes: Vec<String> = answer
        .all()
        .iter()
        .filter(|d| d.severity == flow_diagnostics::Severity::Error)
        .map(|d| d.code.to_string())
        .collect();
    codes.dedup();
    codes
}

/// A flow that takes a PIN into `p` and does something with it.
fn with_pin(body: &str) -> String {
    format!(
        r#"
record Card {{ holder: text, pin: secret digits }}
record Wallet {{ cards: list[Card] }}
record Pins {{ pins: list[secret digits] }}
enum Pay {{ cash, card(pin: secret digits) }}
service crm at "https://crm.example" {{
    post note(x: text) "/n" within 1s
    get look(x: text): text "/n/{{x}}" within 1s
}}
limit tries(id: text) = 3 per 1h
flow main {{
    on no_input, no_match, invalid, failed -> bye
    state kept: text = ""
    collect pin {{
        ask "Please enter your PIN."
        take secret digits 12 as p
        on done {{
            {body}
            -> bye
        }}
    }}
    end bye {{ say "Goodbye." }}
}}
"#
    )
}

#[test]
fn a_text_of_what_holds_a_secret_goes_nowhere() {
    let holders = [
        r#"Card(holder: "Ada", pin: p)"#,
        r#"Wallet(cards: [Card(holder: "Ada", pin: p)])"#,
        "Pins(pins: [p])",
        "card(p)",
        "[card(p)]",
        r#"["a": card(p)]"#,
        "some(card(p))",
        "when 1 == 2 then card(p) otherwise cash",
    ];
    let texts = ["text(h)", "\"{h}\"", "\"a {text(h)} b\"", "\"{text([h])}\"", "text(some(h))"];
    let sinks = [
        ("mark seen = T", "F0450"),
        ("say \"{T}\"", "F0450"),
        ("do crm.look(T) else none", "F0452"),
        ("send crm.note(T)", "F0452"),
        ("send email.send(\"x@y.example\", \"pin\", T)", "F0452"),
        ("count tries(T) else -> bye", "F0452"),
        ("set kept = T", "F0452"),
        ("when T == \"x\" -> bye", "F0451"),
        ("when T.ends_with(\"1\") -> bye", "F0451"),
        ("if T.length > 3 { mark long }", "F0451"),
        ("mark end = last(4, T)", "F0453"),
    ];
    for holder in holders {
        for text in texts {
            for (sink, code) in sinks {
                let sink = sink.replace("\"{T}\"", "\"{t}\"").replace('T', "t");
                let source = with_pin(&format!("let h = {holder}\n let t = {text}\n {sink}"));
                assert!(
                    errors(&source).contains(&code.to_owned()),
                    "{holder} {text} {sink} {:?}",
                    errors(&source)
                );
            }
        }
    }
}

#[test]
fn what_is_not_secret_in_a_record_with_a_secret_is_told() {
    let source = with_pin(
        r#"let c = Card(holder: "Ada", pin: p)
           let all = [c]
           mark who = c.holder
           mark whose = [x.holder each x in all]
           mark how_many = all.length
           if all.length > 0 { mark some }"#,
    );
    assert_eq!(errors(&source), Vec::<String>::new());
}

#[test]
fn a_function_does_not_open_what_it_is_given() {
    let leaks = [
        ("fn f(c: Card): text = text(c)", "f(c)"),
        ("fn f(c: Card): text = \"{c}\"", "f(c)"),
        ("fn f(c: Card): digits = c.pin", "f(c)"),
        ("fn f(c: list[Card]): text = text(c)", "f([c])"),
        ("fn f(p: secret text, c: Card): text = text(c)", "f(\"x\", c)"),
        ("setting key: secret text\nfn f(): text = key", "f()"),
        ("setting key: secret text\nfn f(p: secret text): text = key", "f(\"x\")"),
    ];
    for (function, call) in leaks {
        let source = format!(
            "{function}\n{}",
            with_pin(&format!("let c = Card(holder: \"A\", pin: p)\n mark x = {call}"))
        );
        assert_eq!(errors(&source), ["F0452"], "{function}");
    }
    let fine = [
        ("fn f(c: Card): text = c.holder", "f(c)"),
        ("fn f(d: secret digits): bool = check_digit(d)", "f(\"79927398713\")"),
    ];
    for (function, call) in fine {
        let source = format!(
            "{function}\n{}",
            with_pin(&format!("let c = Card(holder: \"A\", pin: p)\n mark x = {call}"))
        );
        assert_eq!(errors(&source), Vec::<String>::new(), "{function}");
    }
}

/// A flow with one expression in a place where nobody asks whether it holds, and then something that would need it.
fn after(unasked: &str, then: &str) -> String {
    format!(
        r#"
enum Pay {{ cash, card(last_four: digits) }}
fn pick(a: bool, b: text): text = b
fn part(a: bool, b: decimal): decimal = b
flow main {{
    on no_input, no_match, invalid -> bye
    state p: Pay = cash
    collect x {{
        ask "Please enter a number."
        take number 1 as n
        on done {{
            {unasked}
            {then}
            -> bye
        }}
    }}
    end bye {{ say "Goodbye." }}
}}
"#
    )
}

#[test]
fn what_a_test_names_ends_with_an_expression_that_is_no_condition() {
    let test = "caller.name is some(nm)";
    let places = [
        format!("let known = {test}"),
        format!("mark known = {test}"),
        format!("let known = [{test}]"),
        format!("let known = pick({test}, \"x\")"),
        format!("let known = {test} and true"),
        format!("let known = ({test}) == true"),
        format!("let known = when true then {test} otherwise false"),
        format!("let known = [\"a\": {test}]"),
        format!("let known = text({test})"),
        format!("if not ({test}) {{ mark x }}"),
        format!("if {test} or true {{ mark x }}"),
        format!("if {test} {{ mark x = nm }}"),
    ];
    for place in places {
        assert_eq!(errors(&after(&place, "mark name = nm")), ["F0102"], "{place}");
    }
    assert_eq!(errors(&after("mark w = pick(caller.name is some(nm), nm)", "")), ["F0102"]);
    assert_eq!(errors(&after("mark w = [caller.name is some(nm), nm == \"x\"]", "")), ["F0102"]);
    for right in [
        "if caller.name is some(nm) and nm == \"Ada\" { mark name = nm }",
        "let ada = caller.name is some(nm) and nm == \"Ada\"",
        "let name = when caller.name is some(nm) then nm otherwise \"\"",
        "let names = [x each x in [\"a\"] if caller.name is some(nm) and nm == x]",
    ] {
        assert_eq!(errors(&after(right, "")), Vec::<String>::new(), "{right}");
    }
}

#[test]
fn a_test_that_is_no_condition_says_nothing_of_a_divisor() {
    for place in [
        "let b = n != 0",
        "mark b = n > 3",
        "let b = [n != 0]",
        "let b = text(n != 0)",
        "if n != 0 { mark x }",
        "if n != 0 or true { mark x }",
        "let b = n != 0 and true",
        "let b = pick(n != 0, \"x\")",
    ] {
        assert_eq!(errors(&after(place, "let d: decimal = 5 / n")), ["F0205"], "{place}");
    }
    assert_eq!(errors(&after("let d = part(n != 0, 5 / n)", "")), ["F0205"]);
    assert_eq!(
        errors(&after("let d = when n != 0 then 5 / n otherwise decimal(0)\n mark d = d", "")),
        Vec::<String>::new()
    );
    assert_eq!(errors(&after("if n > 0 and 5 / n > 2 { mark d = 5 / n }", "")), Vec::<String>::new());
}

#[test]
fn a_premium_number_is_one_in_a_sip_address_too() {
    let flow = |address: &str| {
        format!(
            "flow main {{\n dial a {{ ring \"{address}\" for 5s otherwise -> bye }}\n \
             transfer b {{ ring \"{address}\" for 5s on failed -> bye }}\n \
             end bye {{ say \"Goodbye.\" }}\n}}\nagent a at \"{address}\" {{ }}\n"
        )
    };
    let codes = |address: &str| {
        let found = check_text(&flow(address)).all();
        found
            .iter()
            .filter(|d| ["F0372", "F0373"].contains(&d.code.to_string().as_str()))
            .map(|d| d.code.to_string())
            .collect::<Vec<_>>()
    };
    for address in [
        "sip:+19005551234@gw",
        "sip:0019005551234@gw",
        "sip:9005551234@gw",
        "sip:%2B19005551234@gw;user=phone",
    ] {
        assert_eq!(codes(address), ["F0372"; 3], "{address}");
    }
    for address in ["sip:911@gw", "sip:112;user=phone@gw", "sip:999@gw"] {
        assert_eq!(codes(address), ["F0373"; 3], "{address}");
    }
    for address in ["sip:ana@pbx", "sip:2001@pbx", "sip:+12125550123@gw", "sip:gw"] {
        assert_eq!(codes(address), Vec::<String>::new(), "{address}");
    }
}

#[test]
fn a_callback_does_not_book_itself_again() {
    let flow = |afterwards: &str| {
        format!(
            "agent a at \"sip:a@127.0.0.1\" {{ }}\nqueue q {{ agents }}\n\
             flow main {{ callback c {{ number \"+15550123\" join q afterwards {afterwards} otherwise -> bye }} end bye {{ say \"Goodbye.\" }} }}\n\
             flow other {{ run r {{ flow third on d -> bye }} end bye {{ say \"Goodbye.\" }} }}\n\
             flow third gives d {{ callback c {{ number \"+15550123\" join q afterwards main otherwise -> go }} step go {{ return d }} }}\n\
             flow survey {{ end bye {{ say \"Goodbye.\" }} }}\n"
        )
    };
    assert_eq!(errors(&flow("main")), ["F0312"]);
    assert_eq!(errors(&flow("other")), ["F0312"]);
    assert_eq!(errors(&flow("survey")), Vec::<String>::new());
}

/// A menu with these clauses and keys 1 to 3.
fn menu(clauses: &str, keys: &[&str]) -> String {
    let keys: String = keys.iter().map(|key| format!("press {key} -> bye\n")).collect();
    format!(
        "const five = 5\nflow main {{ menu m {{ {clauses}\n {keys} on no_input, no_match 3 times -> bye }} end bye {{ say \"Goodbye.\" }} }}\n"
    )
}

#[test]
fn a_key_that_is_said_is_bound() {
    for clauses in [
        r#"ask "Press 1, 2 or 3.""#,
        r#"ask "Press 1 or {five}.""#,
        r#"ask "Press 1. Or press either 1 or 6.""#,
        r#"ask "Press 1. Dial 7.""#,
        r#"ask "Press 1. Key in 8.""#,
        r#"ask "Press 1. Use 0 for the operator.""#,
        r#"say "For a person, press 4." ask "Press 1.""#,
        r#"announce "Hit 9." ask "Press 1.""#,
    ] {
        let found = errors(&menu(clauses, &["1"]));
        assert!(found.contains(&"F0413".to_owned()) && found.len() == 1, "{clauses} {found:?}");
    }
    let queue = |clauses: &str| {
        format!(
            "skill s\nagent a at \"sip:a@127.0.0.1\" {{ s 1 }}\nflow main {{ queue q {{ {clauses} agents with s >= 1 longest 1m \
             every 30s say \"Press 9 for a call back.\" otherwise -> bye }} end bye {{ say \"Goodbye.\" }} }}\n"
        )
    };
    assert_eq!(errors(&queue("")), ["F0413"]);
    assert_eq!(
        errors(&queue("say \"Press 8 for a message.\" press 9 for \"a call back\" -> bye")),
        ["F0413"]
    );
}

#[test]
fn a_key_that_is_bound_may_be_said_in_a_list() {
    for (clauses, keys) in [
        (r#"ask "For sales, support or billing, press 1, 2 or 3.""#, &["1", "2", "3"][..]),
        (r#"ask "Press one or two.""#, &["1", "2"]),
        (r#"ask "For sales, press 1; for support, 2.""#, &["1", "2"]),
        (r#"ask "Choose 1 for sales or 2 for support.""#, &["1", "2"]),
        (r#"ask "Press 1 to 3.""#, &["1", "2", "3"]),
        (r#"say "Press 1 at any time." ask "Press 1 or {five}.""#, &["1", "5"]),
    ] {
        assert_eq!(errors(&menu(clauses, keys)), Vec::<String>::new(), "{clauses}");
    }
}

#[test]
fn a_key_that_waits_for_a_longer_one_is_told() {
    let codes = |text: &str| {
        let found: Vec<String> = check_text(text).all().iter().map(|d| d.code.to_string()).collect();
        found
    };
    let slow = "flow main { press 1 for \"the operator\" -> op\n on no_input, no_match 3 times -> bye\n \
        menu m { press 11 for \"a\" -> bye press 12 for \"b\" -> bye }\n end op { say \"Op.\" } end bye { say \"Goodbye.\" } }";
    assert_eq!(codes(slow), ["F0902"]);
    let value = "flow main { collect q { ask \"Enter your code, then pound.\" take digits 1 to 4 until # as n \
        press \"1*\" silently -> bye on no_input, no_match 3 times -> bye on done -> bye } end bye { say \"Goodbye.\" } }";
    assert_eq!(codes(value), ["F0414"]);
}

/// `count` items, each of the next, and the last.
fn chain(count: usize, item: impl Fn(usize) -> String, last: &str) -> String {
    let items: String = (0..count).map(item).collect();
    format!("{items}{last}\n")
}

#[test]
fn what_is_too_large_when_it_is_written_out_is_told() {
    let end = "flow main { end bye { say \"Goodbye.\" } }\n";
    let prompts = |n: usize| {
        chain(n, |i| format!("prompt p{i} = when today == today then p{} otherwise p{}\n", i + 1, i + 1), "")
            + &format!("prompt p{n} = \"x\"\nflow main {{ end bye {{ say p0 }} }}\n")
    };
    let functions = |n: usize, times: usize| {
        let body = |i: usize| vec![format!("f{}(x)", i + 1); times].join(" + ");
        chain(n, |i| format!("fn f{i}(x: int): int = {}\n", body(i)), "")
            + &format!("fn f{n}(x: int): int = x\nflow main {{ end bye {{ say \"{{f0(1)}}\" }} }}\n")
    };
    let runs = |n: usize| {
        chain(n, |i| format!("flow f{i} gives d {{ run r {{ flow f{} on d {{ return d }} }} }}\n", i + 1), "")
            + &format!(
                "flow f{n} gives d {{ greet x {{ say \"deep\" return d }} }}\nflow main {{ run a {{ flow f0 on d -> b }} end b {{ say \"x\" }} }}\n"
            )
    };
    let records = |n: usize, fields: usize| {
        let of = |i: usize| (0..fields).map(|f| format!("a{f}: R{}", i + 1)).collect::<Vec<_>>().join(", ");
        chain(n, |i| format!("record R{i} {{ {} }}\n", of(i)), "")
            + &format!("record R{n} {{ x: int }}\n{end}")
    };
    let variants = |n: usize| {
        let names = (0..n).map(|i| format!("v{i}")).collect::<Vec<_>>().join(", ");
        let asked: String = (0..n).map(|i| format!("when e is v{i} -> bye ")).collect();
        format!(
            "enum E {{ {names} }}\nflow main {{ state e: E = v1\n route r {{ {asked} }} end bye {{ say \"Goodbye.\" }} }}\n"
        )
    };
    let holes = |n: usize| format!("flow main {{ end bye {{ say \"{}\" }} }}\n", "{1}".repeat(n));
    for (large, fine) in [
        (prompts(26), prompts(5)),
        (prompts(60), prompts(2)),
        (functions(60, 2), functions(5, 2)),
        (functions(14, 12), functions(2, 12)),
        (functions(20, 1), functions(14, 1)),
        (runs(40), runs(14)),
        (records(14, 4), records(4, 4)),
        (records(40, 1), records(10, 1)),
        (variants(2_000), variants(1_000)),
        (holes(80_000), holes(100)),
    ] {
        assert_eq!(errors(&large), ["F0318"], "{}", &large[..200]);
        assert_eq!(errors(&fine), Vec::<String>::new(), "{}", &fine[..80]);
    }
}

#[test]
fn a_number_that_was_taken_is_not_asked_for_again() {
    let flow = |second: &str| {
        format!(
            "flow main {{ state n: int = 0\n route r {{ when n > 5 -> bye when n in 1 to 2 -> bye when n == 3 -> bye {second} otherwise -> bye }} \
             end bye {{ say \"Goodbye.\" }} }}\n"
        )
    };
    for dead in [
        "n > 10",
        "10 < n",
        "n == 6",
        "n in 7 to 9",
        "n > 5 and caller.number is some(_)",
        "n > 7 and n < 9",
        "n in 1 to 3",
    ] {
        assert_eq!(errors(&flow(&format!("when {dead} -> bye"))), ["F0313"], "{dead}");
    }
    for alive in
        ["n > 4", "n == 5", "n < 3", "n in 5 to 9", "n in 1 to 4", "n != 9", "n > 2 or today == today"]
    {
        assert_eq!(errors(&flow(&format!("when {alive} -> bye"))), Vec::<String>::new(), "{alive}");
    }
}

#[test]
fn hours_that_the_clocks_swallow_are_told() {
    let codes = |zone: &str, hours: &str| {
        let text = format!(
            "calendar c {{ timezone \"{zone}\" open every day {hours} }}\nflow main {{ after_hours a {{ calendar c on open, closed -> bye }} end bye {{ say \"Goodbye.\" }} }}\n"
        );
        let said: Vec<String> = check_text(&text)
            .all()
            .iter()
            .filter(|d| d.message.contains("skip"))
            .map(|d| d.code.to_string())
            .collect();
        said
    };
    for (zone, hours) in [
        ("Europe/London", "01:00..02:00"),
        ("Africa/Cairo", "00:00..01:00"),
        ("America/New_York", "02:00..03:00"),
        ("America/New_York", "02:15..02:45"),
        ("Antarctica/Troll", "01:00..03:00"),
    ] {
        assert_eq!(codes(zone, hours), ["F0563"], "{zone} {hours}");
    }
    for (zone, hours) in [
        ("Europe/London", "00:00..02:00"),
        ("America/New_York", "02:00..04:00"),
        ("Europe/London", "08:00..17:00"),
    ] {
        assert_eq!(codes(zone, hours), Vec::<String>::new(), "{zone} {hours}");
    }
}

#[test]
fn what_comes_after_the_end_of_a_stay_is_not_offered() {
    let flow = |after: &str| {
        format!(
            "agent a at \"sip:a@127.0.0.1\" {{ }}\nqueue q {{ agents }}\nflow main {{ queue w {{ join q longest 15s \
             after {after} press 1 for \"x\" -> bye otherwise -> bye }} end bye {{ say \"Goodbye.\" }} }}\n"
        )
    };
    assert_eq!(errors(&flow("20s")), ["F0374"]);
    assert_eq!(errors(&flow("15s")), ["F0374"]);
    assert_eq!(errors(&flow("10s")), Vec::<String>::new());
}
