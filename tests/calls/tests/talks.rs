//! What happens between people in a call, told as a story: talks, holds, assists, recordings, rooms.

use flow_bytecode::Datum;
use flow_calls::compile;
use flow_sim::{Answering, Person, Recording, What, World};
use flow_switch::Options;
use flow_switch::boundary::{HangUp, Incoming, LegId, ProgramId, StoryLine};

/// Tuesday 3 March 2026, noon in New York.
const NOON: i64 = 1_772_557_200_000;

const PEOPLE: &str = r#"
edition 2026
timezone "America/New_York"
inbound "+15550190" -> line
skill technical
agent ann at "sip:ann@acme.example" { technical 1 }
agent bob at "sip:bob@acme.example" { technical 3 }
"#;

struct Play {
    world: World,
    program: ProgramId,
    callers: Vec<LegId>,
    told: String,
}

impl Play {
    fn new(flow: &str) -> Play {
        let mut world = World::new(Options::default(), NOON);
        let program = world.load(compile(&format!("{PEOPLE}{flow}")), Vec::<Datum>::new());
        for name in ["ann", "bob"] {
            world.person(&phone(name), Person { talks: None, ..Person::default() });
        }
        Play { world, program, callers: Vec::new(), told: String::new() }
    }

    fn call(&mut self) -> LegId {
        let name = (self.callers.len() + 1).to_string();
        let leg = self.world.call(Incoming {
            program: self.program,
            flow: 0,
            called: "+15550190".into(),
            caller: Some("+15550123".into()),
            caller_name: None,
            attested: true,
            name,
            keys_can_arrive: true,
        });
        self.callers.push(leg);
        self.tell();
        leg
    }

    fn seconds(&mut self, seconds: u64) -> &mut Play {
        let until = self.world.now().monotonic + seconds * 1_000_000;
        while self.world.step(until) {
            self.tell();
        }
        self.tell();
        self
    }

    fn press(&mut self, leg: LegId, keys: &str) -> &mut Play {
        for key in keys.bytes() {
            self.world.press(leg, key);
            self.tell();
        }
        self
    }

    fn act(&mut self, act: impl FnOnce(&mut World)) -> &mut Play {
        act(&mut self.world);
        self.tell();
        self
    }

    /// The leg of who was called and is there.
    fn person(&self, name: &str) -> LegId {
        self.world.legs_at(&phone(name))[0]
    }

    fn who(&self, leg: LegId) -> String {
        match self.callers.iter().position(|caller| *caller == leg) {
            Some(index) => format!("caller {}", index + 1),
            None => "the person".into(),
        }
    }

    fn tell(&mut self) {
        for seen in self.world.seen() {
            let millis = seen.unix_millis - NOON;
            let line = match seen.what {
                What::Story(story) => match story.line {
                    StoryLine::Said(_) | StoryLine::Calling(_) => continue,
                    line => format!("{} {line:?}", story.call),
                },
                What::Heard(heard) => {
                    let who = heard.address.clone().unwrap_or_else(|| self.who(heard.leg));
                    format!("  {who} hears {}{}", heard.words, if heard.music { " (on and on)" } else { "" })
                }
                What::Rings { .. } | What::Sent(_) => continue,
                What::HungUp(leg) => format!("  {} is hung up", self.who(leg)),
                What::Declined(_, code) => format!("  refused with {code}"),
                What::Shown { agent, fields } => format!("  {agent} sees {fields:?}"),
                What::Joined(..) => "  joined".into(),
                What::Recording(Recording::Began { leg, name, channel }) => {
                    format!("  {} is recorded into {name}, channel {channel}", self.who(leg))
                }
                What::Recording(Recording::Paused { leg, paused }) => {
                    format!(
                        "  the recording of {} {}",
                        self.who(leg),
                        if paused { "pauses" } else { "goes on" }
                    )
                }
                What::Recording(Recording::Stopped { leg }) => {
                    format!("  {} is not recorded any more", self.who(leg))
                }
                What::Left(message) => format!("  message {} of {} ms", message.name, message.millis),
                What::Record(record) => format!(
                    "  record: {:?}; talks {:?}; recordings {:?}; assists {:?}; conferences {:?}; ratings {:?}",
                    record.outcome,
                    record.talks.iter().map(|t| (&t.with, t.millis, &t.ended_by)).collect::<Vec<_>>(),
                    record.recordings,
                    record.assists.iter().map(|a| (&a.label, &a.by, &a.result)).collect::<Vec<_>>(),
                    record.conferences.iter().map(|c| (&c.room, c.millis, &c.outcome)).collect::<Vec<_>>(),
                    record.ratings.iter().map(|r| (&r.question, r.score)).collect::<Vec<_>>(),
                ),
            };
            self.told.push_str(&format!("{:>4}.{:03} {line}\n", millis / 1000, millis % 1000));
        }
    }

    /// The story, once everybody has gone.
    #[track_caller]
    fn end(&mut self) -> String {
        for caller in self.callers.clone() {
            self.world.hang_up(caller, HangUp::ByParty);
            self.tell();
        }
        self.seconds(100);
        assert!(self.world.switch().is_idle(), "somebody is left:\n{}", self.told);
        assert_eq!(self.world.switch().engaged_agents(), 0, "somebody is held:\n{}", self.told);
        assert_eq!(self.world.records().len(), self.callers.len());
        for record in self.world.records() {
            assert_eq!(record.oddities, 0, "{}", self.told);
        }
        std::mem::take(&mut self.told)
    }
}

fn phone(name: &str) -> String {
    format!("sip:{name}@acme.example")
}

const CARDS: &str = r#"
flow line {
    queue help {
        agents
        pick in_order
        longest 10m
        show tier: "gold"
        assist take_card("7") "Take a card"
        assist confirm() "Confirm the name"
        on talked(who, long) -> thanks(who)
        otherwise -> sorry
    }
    end thanks(who: text) { say "You talked with {who}. Goodbye." }
    end sorry { say "Sorry. Goodbye." }
}
flow take_card(account: text) gives taken(last: digits), given_up {
    collect card {
        ask "Please enter the last four digits."
        take digits 4 as card
        on done -> ready(card)
        on no_input, no_match -> nothing
    }
    step ready(card: digits) { return taken(card) }
    step nothing { return given_up }
}
flow confirm() gives yes, no {
    menu ask {
        press 1 for "yes" -> good
        press 2 for "no" -> bad
        on no_input, no_match -> bad
    }
    step good { return yes }
    step bad { return no }
}
"#;

#[test]
fn the_person_starts_an_assist_by_keys_and_gets_the_caller_back() {
    let mut play = Play::new(CARDS);
    let caller = play.call();
    play.seconds(10);
    let ann = play.person("ann");
    play.press(ann, "*1");
    // What the person presses now is nobody's.
    play.press(ann, "2");
    play.seconds(5).press(caller, "4242").seconds(5);
    play.press(ann, "*").seconds(1).press(ann, "2").seconds(1).press(caller, "1").seconds(5);
    play.act(|world| world.hang_up(ann, HangUp::ByParty)).seconds(10);
    insta::assert_snapshot!(play.end());
}

#[test]
fn an_assist_by_name_and_the_person_leaves_meanwhile() {
    let mut play = Play::new(CARDS);
    let caller = play.call();
    play.seconds(10);
    let ann = play.person("ann");
    play.act(|world| world.assist("bob", "take_card"));
    play.act(|world| world.assist("ann", "Take a card")).seconds(1);
    play.act(|world| world.hang_up(ann, HangUp::ByParty)).seconds(5);
    play.press(caller, "4242").seconds(10);
    insta::assert_snapshot!(play.end());
}

#[test]
fn the_caller_leaves_during_an_assist() {
    let mut play = Play::new(CARDS);
    let caller = play.call();
    play.seconds(10);
    let ann = play.person("ann");
    play.press(ann, "*1").seconds(1).act(|world| world.hang_up(caller, HangUp::ByParty)).seconds(1);
    insta::assert_snapshot!(play.end());
}

#[test]
fn a_dialled_person_assists_holds_and_is_parted_by_the_time() {
    let mut play = Play::new(&CARDS.replacen(
        "queue help {\n        agents\n        pick in_order\n        longest 10m",
        "dial help {\n        ring \"sip:bob@acme.example\" for 30s\n        longest 2m",
        1,
    ));
    let caller = play.call();
    play.seconds(10);
    let bob = play.person("bob");
    play.act(|world| world.hold(caller, true)).seconds(3);
    // Nothing can be started while somebody holds.
    play.press(bob, "*1").seconds(1);
    play.act(|world| world.hold(bob, true)).seconds(1);
    play.act(|world| world.hold(caller, false)).seconds(1).act(|world| world.hold(bob, false)).seconds(1);
    play.press(bob, "*2").seconds(1).press(caller, "2").seconds(120);
    insta::assert_snapshot!(play.end());
}

const RECORDED: &str = r#"
flow line {
    menu consent {
        say "May we record this call?"
        press 1 for "yes" { set recording = both  -> pin }
        press 2 for "no" { set recording = nobody  -> pin }
        on no_input, no_match -> pin
    }
    collect pin {
        ask "Please enter your PIN."
        take secret digits 4 as pin
        on done, no_input, no_match -> help
    }
    queue help {
        agents
        pick in_order
        longest 10m
        assist confirm() "Confirm"
        on talked -> recorded
        otherwise -> sorry
    }
    route recorded {
        when recording == both -> rate
        otherwise -> sorry
    }
    step rate { set recording = nobody  -> sorry }
    end sorry { say "Goodbye." }
}
flow confirm() gives yes {
    menu ask {
        press 1 for "yes" -> good
        on no_input, no_match -> good
    }
    step good { return yes }
}
"#;

#[test]
fn a_call_is_recorded_but_for_secrets_and_assists() {
    let mut play = Play::new(RECORDED);
    let caller = play.call();
    play.seconds(4).press(caller, "1").seconds(3).press(caller, "1234").seconds(10);
    let ann = play.person("ann");
    play.press(ann, "*1").seconds(5).press(caller, "1").seconds(5);
    play.act(|world| world.hang_up(ann, HangUp::ByParty)).seconds(10);
    insta::assert_snapshot!(play.end());
}

#[test]
fn a_refused_recording_does_not_run() {
    let mut play = Play::new(RECORDED);
    let caller = play.call();
    play.seconds(4).press(caller, "2").seconds(3).press(caller, "1234").seconds(10);
    assert!(!play.end().contains("is recorded into"));
}

const ROOM: &str = r#"
flow line {
    conference room {
        say "You will be joined."
        room "daily"
        longest 5m
        music "hold/bright"
        on left -> bye("left")
        on ended -> bye("ended")
        on failed -> bye("failed")
    }
    end bye(how: text) { say "It is {how}. Goodbye." }
}
"#;

#[test]
fn who_is_alone_in_a_room_hears_music_until_somebody_comes() {
    let mut play = Play::new(ROOM);
    let first = play.call();
    play.seconds(10);
    let second = play.call();
    play.seconds(10);
    let third = play.call();
    play.seconds(10);
    assert_eq!([first, second, third].map(|leg| play.world.hears_in_room(leg)), [2, 2, 2]);
    play.press(second, "5#").seconds(10);
    assert_eq!([first, third].map(|leg| play.world.hears_in_room(leg)), [1, 1]);
    play.act(|world| world.hang_up(first, HangUp::ByParty)).seconds(300);
    insta::assert_snapshot!(play.end());
}

#[test]
fn a_room_that_is_closed_and_one_that_cannot_be_mixed() {
    let mut play = Play::new(ROOM);
    play.call();
    play.call();
    play.seconds(10).act(|world| world.close_room("daily")).seconds(10);
    play.world.mixer_works = false;
    play.call();
    play.seconds(10);
    insta::assert_snapshot!(play.end());
}

#[test]
fn a_room_holds_so_many_and_no_more() {
    let mut play = Play::new(ROOM);
    for _ in 0..33 {
        play.call();
    }
    play.seconds(4);
    assert_eq!(
        play.told.matches("\"failed\", ").count() + play.told.matches("It is failed").count(),
        1,
        "{}",
        play.told
    );
    play.end();
}

#[test]
fn music_goes_on_where_it_was_after_each_announcement() {
    let mut play = Play::new(
        "flow line { queue help { agents with technical >= 3  longest 100s  every 30s say \"Still here.\" \
         otherwise -> bye } end bye { say \"Goodbye.\" } }",
    );
    play.world.person(&phone("bob"), Person { answering: Answering::Never, ..Person::default() });
    let caller = play.call();
    let mut begun = Vec::new();
    while play.world.is_there(caller) {
        let until = play.world.now().monotonic + 200_000_000;
        if !play.world.step(until) {
            break;
        }
        for seen in play.world.seen() {
            if let What::Heard(heard) = seen.what
                && heard.leg == caller
            {
                begun.push((heard.words, heard.from_millis));
            }
        }
    }
    // Each announcement lasts 715 ms: the music is that much behind the clock, and never begins anew.
    let music: Vec<u64> =
        begun.iter().filter(|(words, _)| words == "[hold/calm]").map(|(_, from)| *from).collect();
    assert_eq!(music, [30_000, 59_285, 88_570], "{begun:?}");
}

#[test]
fn a_list_of_questions_is_asked_and_its_answers_are_a_list() {
    let mut play = Play::new(
        r#"
record Question { id: text, text: text, low: int, high: int }
flow line {
    survey rate {
        questions [Question(id: "speed", text: "How fast were we?", low: 1, high: 5),
                   Question(id: "again", text: "Would you call again?", low: 0, high: 9)]
        press * for "no more questions" -> bye(0)
        on done(answers) -> sum(answers)
    }
    step sum(answers: list[int?]) { -> bye([a else 0 each a in answers].sum) }
    end bye(n: int) { say "Thank you for {n} points. Goodbye." }
}
"#,
    );
    let caller = play.call();
    play.seconds(5).press(caller, "4").seconds(5).press(caller, "9").seconds(10);
    let stopped = play.call();
    play.seconds(5).press(stopped, "4").seconds(1).press(stopped, "*").seconds(10);
    insta::assert_snapshot!(play.end());
}

#[test]
fn one_person_is_held_out_for_then_anybody() {
    let mut play = Play::new(
        r#"
flow line {
    state mine: text? = some("bob")
    queue help {
        agents
        pick in_order
        longest 10m
        prefer mine for 20s
        on talked(who, _) -> bye(who)
        otherwise -> bye("nobody")
    }
    end bye(who: text) { say "That was {who}. Goodbye." }
}
"#,
    );
    let first = play.call();
    play.seconds(5);
    assert!(play.world.is_talking(first));
    assert!(play.told.contains("Talking(\"bob\")"), "{}", play.told);
    let second = play.call();
    play.seconds(15);
    assert!(!play.world.is_talking(second), "bob is busy, and still held out for");
    play.seconds(10);
    assert!(play.told.contains("Talking(\"ann\")"), "{}", play.told);
    play.end();
}

#[test]
fn what_is_counted_after_a_hangup_counts() {
    let mut play = Play::new(
        r#"
limit visits_of(who: text) = 2 per 1h
flow line {
    step begin { count visits_of("x") else -> full  -> ask }
    menu ask {
        press 1 for "sales" -> full
        press 2 for "forgetting" { reset visits_of("x")  -> full }
        on no_input, no_match -> full
    }
    end full { say "Goodbye." }
    on hangup { count visits_of("x")  mark gone }
}
"#,
    );
    for blocks in [vec!["begin", "ask"], vec!["begin", "full"]] {
        let caller = play.call();
        play.seconds(1).act(|world| world.hang_up(caller, HangUp::ByParty)).seconds(1);
        let record = play.world.records().last().expect("a record");
        assert_eq!(record.way.iter().map(|step| step.block.as_str()).collect::<Vec<_>>(), blocks);
    }
}

#[test]
fn keys_of_the_flow_are_told_in_queues_and_surveys() {
    let mut play = Play::new(
        r#"
flow line {
    press 0 for "the operator" -> bye
    press * silently -> bye
    queue help {
        agents with technical >= 3
        longest 10s
        press 1 for "a message" -> bye
        otherwise -> rate
    }
    survey rate {
        question score "How was it?" scale 1 to 5
        on done -> bye
    }
    end bye { say "Goodbye." }
}
"#,
    );
    play.world.person(&phone("bob"), Person { answering: Answering::Never, ..Person::default() });
    play.call();
    play.seconds(60);
    insta::assert_snapshot!(play.end());
}

/// Draws that are the same every time (an LCG).
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Two callers do, and have done to them, whatever may happen, in any order: nobody is left, nobody is held, and
/// every call leaves its one record.
#[test]
fn whatever_happens_between_people_leaves_nobody_behind() {
    let flow = format!("{CARDS}{}", ROOM.replace("flow line", "flow meeting")).replace(
        "on talked(who, long) -> thanks(who)",
        "press 7 for \"a meeting\" -> talk_there  on talked(who, long) -> record(who)",
    );
    let flow = flow.replace(
        "    end thanks(who: text)",
        "    step talk_there { set recording = caller -> meeting }
    step record(who: text) { set recording = both  -> thanks(who) }
    end thanks(who: text)",
    );
    for seed in 0..300 {
        let mut draws = Draws(seed);
        let mut play = Play::new(&flow);
        play.world.person(&phone("ann"), Person { talks: Some(30_000), ..Person::default() });
        for _ in 0..2 {
            play.call();
        }
        for _ in 0..60 {
            let caller = play.callers[draws.below(2) as usize];
            let agent = ["ann", "bob"][draws.below(2) as usize];
            let leg = play.world.legs_at(&phone(agent)).first().copied();
            match draws.below(14) {
                0 => play.world.hang_up(caller, HangUp::ByParty),
                1 => play.world.hold(caller, draws.below(2) == 0),
                2 => drop(leg.map(|leg| play.world.hold(leg, draws.below(2) == 0))),
                3 => drop(leg.map(|leg| play.world.hang_up(leg, HangUp::MediaLost))),
                4..=6 => drop(leg.map(|leg| play.world.press(leg, b"*12"[draws.below(3) as usize]))),
                7 => play.world.assist(agent, ["take_card", "2", "no such thing"][draws.below(3) as usize]),
                8 => play.world.close_room("daily"),
                9 => play.world.mixer_works = draws.below(4) > 0,
                10 => play.world.presence(agent, draws.below(3) > 0),
                _ => play.world.press(caller, b"127#4"[draws.below(5) as usize]),
            }
            play.world.wait(draws.below(6_000));
        }
        play.end();
    }
}

#[test]
fn a_restart_during_an_assist_parts_the_two_and_the_caller_is_served() {
    let mut play = Play::new(CARDS);
    let caller = play.call();
    play.seconds(10);
    let ann = play.person("ann");
    play.press(ann, "*1").seconds(2);
    let bytes = play.world.snapshot(caller).expect("a call that waits");
    let mut after = Play::new(CARDS);
    let leg = after.world.restore(after.program, &bytes).expect("the same program");
    after.callers.push(leg);
    after.tell();
    after.seconds(2).press(leg, "4242").seconds(10);
    let told = after.end();
    assert!(told.contains("Please enter the last four digits."), "it is asked again:\n{told}");
    assert!(told.contains("You talked with ann. Goodbye."), "the talk counts as over:\n{told}");
    assert!(told.contains("talks [(\"ann\", 9000, \"server\")]"), "{told}");
    assert!(told.contains("(\"Take a card\", \"ann\", Some(\"taken 4242\"))"), "{told}");
    play.end();
}

/// Who answers each of four calls, one after the other, by the strategy of a dial; ann has level 1 and bob level 3
/// in `technical`, and bob talks longer.
fn served_by(pick: &str) -> String {
    let flow = format!(
        "flow line {{ dial help {{ ring \"sip:ann@acme.example\", \"sip:bob@acme.example\" for 10s  pick {pick}  \
         otherwise -> bye }} end bye {{ say \"Goodbye.\" }} }}"
    );
    let mut play = Play::new(&flow);
    for (name, talks) in [("ann", 5_000), ("bob", 60_000)] {
        play.world.person(&phone(name), Person { talks: Some(talks), ..Person::default() });
    }
    for _ in 0..4 {
        play.call();
        play.seconds(100);
    }
    let names = play.world.records().iter().map(|record| record.talks[0].with[4..7].to_owned());
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn each_strategy_of_a_dial_rings_its_own() {
    assert_eq!(served_by("in_order"), "ann ann ann ann");
    assert_eq!(served_by("round_robin"), "ann bob ann bob");
    assert_eq!(served_by("longest_idle"), "ann bob ann bob");
    assert_eq!(served_by("fewest_calls"), "ann bob ann bob");
    assert_eq!(served_by("least_busy"), "ann bob ann ann");
    assert_eq!(served_by("best(technical)"), "bob bob bob bob");
    assert_eq!(served_by("all").len(), 15);
    assert_eq!(served_by("random").len(), 15);
}

#[test]
fn a_dial_shows_whispers_plays_and_recalls_as_it_says() {
    let mut play = Play::new(
        r#"
flow line {
    dial help {
        ring "sip:ann@acme.example" for 10s
        from "+15550190"
        music "hold/bright"
        whisper "A sales call."
        show product: "bikes"
        accept 1 within 5s
        recall 20s
        on failed -> bye("lost")
        otherwise -> bye("over")
    }
    end bye(how: text) { say "It is {how}. Goodbye." }
}
"#,
    );
    play.call();
    play.seconds(10);
    let ann = play.person("ann");
    play.act(|world| world.hold(ann, true)).seconds(30);
    let again = play.person("ann");
    assert_ne!(ann, again, "ann was rung back");
    play.act(|world| world.hold(again, true)).seconds(15);
    play.world.person(&phone("ann"), Person { answering: Answering::Busy, ..Person::default() });
    play.seconds(60);
    insta::assert_snapshot!(play.end());
}

#[test]
fn who_may_serve_is_relaxed_in_a_queue_of_the_blocks_own() {
    let mut play = Play::new(
        r#"
flow line {
    queue help {
        agents with technical >= 3
        after 20s agents
        longest 10m
        press 5 for "patience" { say "Thank you for waiting."  -> again }
        press 6 for "a message" { say "One moment."  -> bye }
        on talked(who, _) -> bye
        otherwise -> bye
    }
    end bye { say "Goodbye." }
}
"#,
    );
    play.act(|world| world.occupied("bob", true));
    let caller = play.call();
    play.seconds(15).press(caller, "5").seconds(2);
    assert!(
        play.told.contains("hears Thank you for waiting."),
        "a choice has its own speech:\n{}",
        play.told
    );
    assert!(!play.told.contains("ann"), "{}", play.told);
    play.seconds(15);
    assert!(play.told.contains("Talking(\"ann\")"), "{}", play.told);
    let second = play.call();
    play.seconds(5).press(second, "6").seconds(5);
    assert!(play.told.contains("hears One moment."), "{}", play.told);
    play.end();
}

/// A machine that plays and never says that it has played holds nobody for ever.
#[test]
fn the_end_of_what_is_played_is_not_waited_for_without_end() {
    let mut play = Play::new(
        r#"
flow line {
    greet hello { say "Hello."  -> main }
    menu main {
        press 1 for "sales" -> help
        on no_input, no_match -> help
    }
    dial help {
        ring "sip:ann@acme.example" for 10s
        whisper "A call."
        on talked -> message
        otherwise -> message
    }
    voicemail message {
        longest 1m
        deliver to "mailto:x@acme.example"
        otherwise -> bye
    }
    end bye { say "Goodbye." }
}
"#,
    );
    play.world.playback_ends = false;
    play.world.person(&phone("ann"), Person { talks: Some(5_000), accepts: None, ..Person::default() });
    let caller = play.call();
    play.seconds(3_600);
    assert!(!play.world.is_there(caller), "{}", play.told);
    let record = &play.world.records()[0];
    let way: Vec<&str> = record.way.iter().map(|step| step.block.as_str()).collect();
    assert_eq!(way, ["hello", "main", "help", "message", "bye"], "{}", play.told);
    assert_eq!(record.talks.len(), 1);
    assert_eq!(record.oddities, 5, "each of them is counted");
}

#[test]
fn a_recording_that_cannot_be_kept_is_told_and_the_call_goes_on() {
    let mut play = Play::new(RECORDED);
    play.world.disk_works = false;
    let caller = play.call();
    play.seconds(4).press(caller, "1").seconds(3).press(caller, "1234").seconds(10);
    assert!(play.world.is_talking(caller));
    play.act(|world| world.hang_up(caller, HangUp::ByParty)).seconds(5);
    assert!(play.told.contains("Recording(\"failed\")"), "{}", play.told);
    assert_eq!(play.world.records()[0].oddities, 2, "one for each side");
}
