//! Callers who speak: menus, values and confirmations by word, what is asked when nobody can listen, and keys that
//! always win. Each snapshot is what a caller hears and says.

use std::fmt::Write;
use std::sync::Arc;

use flow_bytecode::VerifiedProgram;
use flow_calls::compile;
use flow_sim::flow_switch::Options;
use flow_sim::flow_switch::boundary::{HangUp, Incoming, LegId, ProgramId, SpokenForm, StoryLine};
use flow_sim::{What, World};

/// Tuesday, 3 March 2026, 12:00 UTC.
const NOON: i64 = 1_772_539_200_000;
const LONG_MICROS: u64 = 120_000_000;

/// A caller who hears what is said, then does the next thing.
struct Caller {
    world: World,
    program: ProgramId,
    leg: LegId,
    told: String,
}

impl Caller {
    /// A call where these languages are understood.
    fn calls(program: Arc<VerifiedProgram>, listens: &[&str]) -> Caller {
        Self::with_keys(program, listens, true)
    }

    fn with_keys(program: Arc<VerifiedProgram>, listens: &[&str], keys_can_arrive: bool) -> Caller {
        let listens = listens.iter().map(|language| (*language).to_owned()).collect();
        let mut world = World::new(Options { listens, ..Options::default() }, NOON);
        let program = world.load(program, Vec::new());
        let leg = world.call(incoming(program, keys_can_arrive));
        Caller { world, program, leg, told: String::new() }
    }

    /// Lets the system say what it has to say.
    fn hears_out(&mut self) -> &mut Self {
        let until = self.world.now().monotonic + LONG_MICROS;
        while self.world.is_spoken_to(self.leg) || self.world.is_speaking() {
            match self.world.next() {
                Some(at) if at <= until => self.world.run_until(at),
                _ => break,
            }
        }
        self.tell();
        self
    }

    fn says(&mut self, words: &str) -> &mut Self {
        self.hears_out().says_at_once(words)
    }

    fn says_at_once(&mut self, words: &str) -> &mut Self {
        self.utters(&[(words, 900)])
    }

    /// What a recogniser makes of it, each so likely.
    fn utters(&mut self, heard: &[(&str, u16)]) -> &mut Self {
        self.tell();
        let listened_to = self.world.utters(self.leg, heard);
        let words: Vec<String> = heard.iter().map(|(words, _)| format!("“{words}”")).collect();
        let nobody = if listened_to { "" } else { ", and nobody listens" };
        let _ = writeln!(self.told, "> {}{nobody}", words.join(" or "));
        self
    }

    fn presses(&mut self, keys: &str) -> &mut Self {
        self.hears_out().presses_at_once(keys)
    }

    fn presses_at_once(&mut self, keys: &str) -> &mut Self {
        self.tell();
        let _ = writeln!(self.told, "> presses {keys}");
        for key in keys.bytes() {
            self.world.press(self.leg, key);
        }
        self
    }

    fn waits(&mut self, millis: u64) -> &mut Self {
        self.world.wait(millis);
        self.tell();
        self
    }

    /// The whole of it, once the call has gone on for a while by itself.
    fn ends(&mut self) -> String {
        self.hears_out().waits(600_000);
        std::mem::take(&mut self.told)
    }

    /// The same, when the caller hangs up here.
    fn hangs_up(&mut self) -> String {
        self.hears_out();
        self.world.hang_up(self.leg, HangUp::ByParty);
        self.tell();
        std::mem::take(&mut self.told)
    }

    fn tell(&mut self) {
        for seen in self.world.seen() {
            let line = match seen.what {
                What::Heard(heard) if heard.address.is_none() && !heard.words.is_empty() => heard.words,
                What::Story(story) => match story.line {
                    StoryLine::Entered { kind, block } => format!("[{kind} {block}]"),
                    StoryLine::NoInput => "(no answer)".into(),
                    StoryLine::NoMatch(keys) => format!("({keys} is no choice)"),
                    StoryLine::NotUnderstood(words) => format!("(“{words}” is no answer)"),
                    StoryLine::Noted(what) => format!("({what})"),
                    StoryLine::Heard(_) => continue,
                    StoryLine::Rated { question, score } => format!("({question}: {score:?})"),
                    StoryLine::Ended(how) => format!("({how})"),
                    _ => continue,
                },
                _ => continue,
            };
            let _ = writeln!(self.told, "{line}");
        }
    }
}

fn incoming(program: ProgramId, keys_can_arrive: bool) -> Incoming {
    Incoming {
        program,
        flow: 0,
        called: "+15550100".into(),
        caller: Some("+15550123".into()),
        caller_name: None,
        attested: true,
        name: "call-1".into(),
        keys_can_arrive,
    }
}

const MENU: &str = r#"
flow main {
    press 0 for "the operator" or say "operator", "agent" -> operator
    on no_input, no_match 2 times -> operator

    menu top {
        press 1 for "billing" or say "billing", "my bill" -> billing
        press 2 for "a new order" or say "order", "buy" -> order
        press 3 to "hear our hours" -> hours
    }
    end billing  { say "This is billing. Goodbye." }
    end order    { say "This is ordering. Goodbye." }
    end hours    { say "From eight to four. Goodbye." }
    end operator { say "An operator will call you. Goodbye." }
}
"#;

fn menu() -> Caller {
    Caller::calls(compile(MENU), &["en"])
}

#[test]
fn a_menu_is_answered_by_word() {
    insta::assert_snapshot!(menu().says("I'd like to buy something").ends());
    for (said, block) in [
        ("BILLING!", "billing"),
        ("it's about my bill", "billing"),
        ("agent", "operator"),
        ("hear our hours", "hours"),
        ("press two", "order"),
        ("1", "billing"),
        ("zero", "operator"),
    ] {
        let told = menu().says(said).ends();
        assert!(told.contains(&format!("[end {block}]")), "{said}: {told}");
    }
}

#[test]
fn a_word_stops_the_question() {
    let mut caller = menu();
    caller.waits(1_000).says_at_once("billing");
    assert!(!caller.world.is_spoken_to(caller.leg), "the question goes on");
    assert!(caller.ends().contains("[end billing]"));
}

#[test]
fn of_two_that_are_about_equally_likely_the_caller_says_which() {
    insta::assert_snapshot!(menu().says("a bill for my order, my bill").says("the bill, my bill").ends());
    let told = menu().utters(&[("order", 480), ("my bill", 460)]).says("order").ends();
    assert!(told.contains("Which of these did you mean?") && told.contains("[end order]"), "{told}");
    // A key decides as well, and so does another choice altogether.
    for (answer, block) in [("1", "billing"), ("0", "operator")] {
        let told = menu().says("billing or order").presses(answer).ends();
        assert!(told.contains(&format!("[end {block}]")), "{told}");
    }
    let told = menu().says("billing or order").says("agent").ends();
    assert!(told.contains("[end operator]"), "{told}");
    // Who cannot decide is no match.
    let told = menu().says("billing or order").says("billing or order").hangs_up();
    assert!(told.contains("(“billing or order” is no answer)"), "{told}");
}

#[test]
fn what_means_nothing_is_no_match_and_silence_is_no_input() {
    insta::assert_snapshot!(menu().says("the weather").hears_out().utters(&[]).ends());
    insta::assert_snapshot!(menu().ends());
}

#[test]
fn where_nobody_listens_only_keys_are_told() {
    insta::assert_snapshot!(Caller::calls(compile(MENU), &["es"]).says("billing").presses("1").ends());
}

#[test]
fn a_dead_recogniser_leaves_the_menu_to_its_keys() {
    let mut caller = {
        let mut world = World::new(Options { listens: vec!["en-GB".into()], ..Options::default() }, NOON);
        world.recogniser_works = false;
        let program = world.load(compile(&MENU.replace("2 times", "9 times")), Vec::new());
        let leg = world.call(incoming(program, true));
        Caller { world, program, leg, told: String::new() }
    };
    caller.says("billing").waits(6_000);
    // It is there again: that is found out quietly, and told with the question after.
    caller.world.recogniser_works = true;
    caller.presses("7").says("nonsense").says("billing");
    insta::assert_snapshot!(caller.ends());
}

#[test]
fn a_key_always_wins() {
    let told = menu().hears_out().says_at_once("billing").presses_at_once("2").ends();
    assert!(told.contains("[end order]") && !told.contains("[end billing]"), "{told}");
    // Typed ahead, nothing is asked and nobody listens.
    let told = menu().presses_at_once("1").ends();
    assert!(told.contains("[end billing]"), "{told}");
}

#[test]
fn a_caller_without_keys_is_waited_for_where_words_are_heard() {
    let program = compile(MENU);
    let told = Caller::with_keys(program.clone(), &["en"], false).says("order").ends();
    assert!(told.contains("[end order]"), "{told}");
    insta::assert_snapshot!(Caller::with_keys(program, &[], false).ends());
}

/// A collection of one form, read back.
fn form(form: &str, language: &str) -> Arc<VerifiedProgram> {
    let ask = if language == "es" { "Diga el valor." } else { "Say the value." };
    let bye = if language == "es" { "Adiós." } else { "Goodbye." };
    compile(&format!(
        r#"
        flow main {{
            speaks {language}
            on no_input, no_match -> bye
            on invalid 2 times -> bye
            collect it {{
                ask {language} "{ask}"
                take {form} by key or voice as value
                confirm
                on done -> bye
            }}
            end bye {{ say {language} "{bye}" }}
        }}"#
    ))
}

#[test]
fn a_value_of_every_form_is_said() {
    let mut told = String::new();
    for (language, taken, said) in [
        ("en", "digits 6 to 8", "one two three four five six"),
        ("en", "digits 4", "double five oh one"),
        ("en", "number", "two hundred and five"),
        ("en", "phone", "two one two, five five five, oh one two three"),
        ("en", "date", "the third of March twenty twenty-six"),
        ("en", "date", "tomorrow"),
        ("en", "time", "half past two p.m."),
        ("en", "EUR", "twelve euros fifty"),
        ("en", "yes_no", "yes, please"),
        ("es", "digits 6 to 8", "uno dos tres cuatro cinco seis"),
        ("es", "number", "doscientos cinco"),
        ("es", "phone", "dos uno dos, cinco cinco cinco, cero uno dos tres"),
        ("es", "date", "el tres de marzo de dos mil veintiséis"),
        ("es", "time", "las tres y media de la tarde"),
        ("es", "EUR", "doce euros con cincuenta"),
        ("es", "yes_no", "no"),
    ] {
        let mut caller = Caller::calls(form(taken, language), &["en", "es"]);
        let heard = caller.says(said).hangs_up();
        let _ = writeln!(told, "{taken}\n{heard}");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_value_that_was_said_is_judged_as_one_that_was_pressed() {
    for (taken, said) in [
        ("digits 4", "one two three"),
        ("number 1 to 2", "two hundred"),
        ("date", "the thirty-first of February"),
    ] {
        let told = Caller::calls(form(taken, "en"), &["en"]).says(said).ends();
        assert!(told.contains("is no answer") && told.contains("[end bye]"), "{taken}: {told}");
    }
}

#[test]
fn a_value_is_confirmed_by_word() {
    let program = form("digits 3", "en");
    insta::assert_snapshot!(
        Caller::calls(program, &["en"])
            .says("one two four")
            .says("no")
            .says("one two three")
            .says("that is right")
            .ends()
    );
    for (said, block) in [("I don't think that's right", "collect"), ("yes, that's it", "end"), ("1", "end")]
    {
        let program = form("digits 3", "en");
        let told = Caller::calls(program, &["en"]).says("one two four").says(said).hangs_up();
        let last = told.lines().rev().find(|line| line.starts_with('[')).unwrap_or_default();
        assert!(last.starts_with(&format!("[{block}")), "{said}: {told}");
    }
    let told = Caller::calls(form("digits 3", "fr"), &["fr"]).says("123").says("Oui !").ends();
    assert!(told.contains("appuyez sur 1 ou dites oui") && told.contains("[end bye]"), "{told}");
    let told = Caller::calls(form("digits 3", "es"), &["es-MX"]).says("uno dos tres").says("Sí").ends();
    assert!(told.contains("pulse 1 o diga sí") && told.contains("[end bye]"), "{told}");
}

const WORDS: &str = r#"
enum Plan { gold, past_due, basic }

flow main {
    press 0 for "the operator" or say "operator" -> bye
    on no_input, no_match -> bye

    collect plan {
        ask "Which plan: gold, past due or basic?"
        take Plan by voice as plan
        on done -> why(plan)
    }
    collect why(plan: Plan) {
        ask "What is it about?"
        take speech by voice as words
        confirm
        on done -> bye
        on invalid 2 times -> bye
    }
    end bye { say "Goodbye." }
}
"#;

#[test]
fn the_variants_of_an_enum_are_said_and_so_is_anything_at_all() {
    let program = compile(WORDS);
    insta::assert_snapshot!(
        Caller::calls(program.clone(), &["en"])
            .says("past due, I think")
            .says("My operator is rude")
            .says("yes")
            .ends()
    );
    // A choice by itself is the choice.
    let told = Caller::calls(program.clone(), &["en"]).says("gold").says("Operator.").ends();
    assert!(told.contains("[end bye]") && !told.contains("If that is right"), "{told}");
    // Without anybody who listens it is as if nothing was said, at once.
    insta::assert_snapshot!(Caller::calls(program, &[]).ends());
}

#[test]
fn a_secret_that_was_said_is_told_nowhere() {
    let program = compile(
        r#"flow main {
            on no_input, no_match 2 times -> bye
            collect pin {
                ask "Say your PIN."
                take secret digits 4 by key or voice as pin
                on done -> bye
            }
            end bye { say "Goodbye." }
        }"#,
    );
    let mut caller = Caller::calls(program, &["en"]);
    caller.hears_out();
    let hints =
        caller.world.listens_for(caller.leg).map(|listening| listening.hints.clone()).expect("listens");
    assert_eq!(hints.form, Some(SpokenForm::Digits { least: 4, most: 4 }));
    caller.world.says(caller.leg, "nine nine nine");
    caller.world.wait(5_000);
    caller.world.says(caller.leg, "one two three four");
    caller.world.wait(60_000);
    let seen = format!("{:?} {:?}", caller.world.seen(), caller.world.records());
    assert!(seen.contains("••••") && seen.contains("Ended"), "{seen}");
    for secret in ["nine", "three", "1234", "999"] {
        assert!(!seen.contains(secret), "{secret}: {seen}");
    }
}

#[test]
fn a_call_that_goes_on_elsewhere_is_listened_to_there() {
    let program = compile(MENU);
    let mut before = Caller::calls(program.clone(), &["en"]);
    before.hears_out();
    let bytes = before.world.snapshot(before.leg).expect("it waits");
    let mut world = World::new(Options { listens: vec!["en".into()], ..Options::default() }, NOON);
    let id = world.load(program, Vec::new());
    assert_eq!(id, before.program);
    let leg = world.restore(id, &bytes).expect("the same program");
    let mut after = Caller { world, program: id, leg, told: String::new() };
    let told = after.says("order").ends();
    assert!(told.contains("[end order]"), "{told}");
}

#[test]
fn who_waits_in_a_queue_may_speak() {
    let program = compile(
        r#"
        agent dana at "sip:dana@shop.example" {}
        queue shop { agents }
        flow main {
            press 0 for "a message" or say "message" -> bye
            queue waiting {
                join shop
                longest 10m
                after 20s press 1 for "a call back" or say "call back", "call me" -> later
                otherwise -> bye
            }
            end later { say "We call you back. Goodbye." }
            end bye   { say "Goodbye." }
        }"#,
    );
    let waits = || {
        let mut world = World::new(Options { listens: vec!["en".into()], ..Options::default() }, NOON);
        let id = world.load(program.clone(), Vec::new());
        world.occupied("dana", true);
        let leg = world.call(incoming(id, true));
        Caller { world, program: id, leg, told: String::new() }
    };
    insta::assert_snapshot!(
        waits().waits(5_000).utters(&[("call me", 900)]).waits(30_000).utters(&[("call me", 900)]).ends()
    );
    let told =
        waits().waits(5_000).utters(&[("who knows", 900)]).waits(5_000).utters(&[("message", 900)]).ends();
    assert!(told.contains("[end bye]"), "{told}");
}

#[test]
fn a_rating_is_said_where_a_choice_has_words() {
    let program = compile(
        r#"flow main {
            press * for "the end" or say "stop" -> bye
            survey ask {
                question help "How much did we help, from 1 to 5?" scale 1 to 5
                question speed "How fast were we, from 1 to 5?" scale 1 to 5
                on done -> bye
            }
            end bye { say "Goodbye." }
        }"#,
    );
    insta::assert_snapshot!(Caller::calls(program, &["en"]).says("four").says("nine").says("five").ends());
}
