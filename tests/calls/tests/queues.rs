//! Who serves whom, when, and in which order: queues and rings in virtual time, written as flows.

use flow_bytecode::Datum;
use flow_calls::compile;
use flow_sim::{Answering, Person, What, World};
use flow_switch::Options;
use flow_switch::boundary::{HangUp, Incoming, LegId, Outcome, ProgramId, StoryLine};

/// Tuesday 3 March 2026, noon in New York.
const NOON: i64 = 1_772_557_200_000;

/// What the flows of these tests have in common.
const PEOPLE: &str = r#"
edition 2026
timezone "America/New_York"
inbound "+15550190" -> line
skill technical
team desk, back
agent ann at "sip:ann@acme.example" in desk { technical 1 }
agent bob at "sip:bob@acme.example" in desk { technical 3 }
agent cyd at "sip:cyd@acme.example" in back { technical 2 }
"#;

struct Scene {
    world: World,
    program: ProgramId,
    calls: u32,
}

impl Scene {
    fn new(flow: &str) -> Scene {
        let mut world = World::new(Options { stories: true, ..Options::default() }, NOON);
        let program = world.load(compile(&format!("{PEOPLE}{flow}")), Vec::<Datum>::new());
        for name in ["ann", "bob", "cyd"] {
            world.person(&phone(name), Person { talks: None, ..Person::default() });
        }
        Scene { world, program, calls: 0 }
    }

    fn call(&mut self) -> LegId {
        self.calls += 1;
        let name = self.calls.to_string();
        self.world.call(Incoming {
            program: self.program,
            flow: 0,
            called: "+15550190".into(),
            caller: None,
            caller_name: None,
            attested: false,
            name,
            keys_can_arrive: true,
        })
    }

    fn seconds(&mut self, seconds: u64) -> &mut Scene {
        self.world.wait(seconds * 1000);
        self
    }

    fn answers(&mut self, name: &str, answering: Answering) -> &mut Scene {
        self.world.person(&phone(name), Person { answering, talks: None, accepts: None });
        self
    }

    fn talks_for(&mut self, name: &str, seconds: u64) -> &mut Scene {
        let talks = Some(seconds * 1000);
        self.world.person(&phone(name), Person { talks, ..Person::default() });
        self
    }

    /// Whose phones were rung, talks begun and blocks ended in, as `1:bob`, since this was last asked.
    fn told(&mut self) -> String {
        let seen = self.world.seen();
        let lines = seen.into_iter().filter_map(|seen| match seen.what {
            What::Story(story) => match story.line {
                StoryLine::Calling(who) => Some(format!("{} rings {}", story.call, short(&who))),
                StoryLine::Talking(who) => Some(format!("{} talks {}", story.call, short(&who))),
                StoryLine::Ended(how) => Some(format!("{} {how}", story.call)),
                _ => None,
            },
            _ => None,
        });
        lines.collect::<Vec<_>>().join("; ")
    }

    fn block(&self, caller: LegId) -> &str {
        self.world.switch().block(caller).map_or("", |(_, block)| block)
    }

    #[track_caller]
    fn ends(mut self, callers: &[LegId]) {
        for caller in callers {
            self.world.hang_up(*caller, HangUp::ByParty);
        }
        self.seconds(100);
        assert!(self.world.switch().is_idle(), "somebody is left");
        assert_eq!(self.world.switch().engaged_agents(), 0, "somebody is held");
        assert_eq!(self.world.records().len(), self.calls as usize);
    }
}

fn phone(name: &str) -> String {
    format!("sip:{name}@acme.example")
}

fn short(who: &str) -> &str {
    let who = who.strip_prefix("sip:").unwrap_or(who);
    who.split('@').next().unwrap_or(who)
}

#[test]
fn a_key_pressed_while_the_queue_block_speaks_is_not_lost() {
    let spoken = TWO_QUEUES.replace("join silver", "say \"Please wait for the next of us.\"  join silver");
    for key in *b"29" {
        let mut scene = Scene::new(&spoken);
        scene.world.occupied("cyd", true);
        let caller = scene.call();
        // What is typed ahead of the queue is dropped at its door.
        scene.world.press(caller, b'2');
        scene.world.press(caller, key);
        assert_eq!(scene.block(caller), if key == b'9' { "pause" } else { "silvery" });
        scene.ends(&[caller]);
    }
    let mut scene = Scene::new(&spoken.replace("menu which {", "menu which { announce \"Welcome to us.\""));
    let caller = scene.call();
    for key in *b"29" {
        scene.world.press(caller, key);
    }
    scene.seconds(4);
    assert_eq!(scene.block(caller), "silvery", "the 9 came before the queue");
    scene.ends(&[caller]);
}

/// A queue and one flow that waits in it.
fn one_queue(queue: &str, stay: &str) -> String {
    one_queue_until("23:00", queue, stay)
}

fn one_queue_until(closes: &str, queue: &str, stay: &str) -> String {
    format!(
        r#"
calendar hours {{ open every day 08:00..{closes} }}
queue help {{ {queue} }}
flow line {{
    queue waiting {{
        join help
        longest 5m
        during hours
        {stay}
        on talked -> bye
        on closed -> shut
        on unstaffed -> alone
        otherwise -> bye
    }}
    end bye {{ say "Goodbye." }}
    end shut {{ say "We have closed." }}
    end alone {{ say "Nobody is here." }}
}}
"#
    )
}

#[test]
fn a_calendar_that_closes_during_the_whisper_ends_the_wait_when_the_agent_goes() {
    let flow = one_queue_until("12:01", "agents", "whisper \"A call for the desk of long sentences.\"");
    let mut scene = Scene::new(&flow);
    for name in ["ann", "bob", "cyd"] {
        scene.answers(name, Answering::After(19_000));
    }
    scene.world.presence("bob", false);
    scene.world.presence("cyd", false);
    scene.seconds(40);
    let caller = scene.call();
    // Ann picks up a second before the calendar closes, and hears the whisper until after.
    scene.seconds(21);
    assert_eq!(scene.block(caller), "waiting");
    assert!(!scene.world.is_talking(caller));
    let ann = scene.world.legs_at(&phone("ann"))[0];
    scene.world.hang_up(ann, HangUp::ByParty);
    assert_eq!(scene.block(caller), "shut");
    scene.ends(&[caller]);
}

#[test]
fn who_signs_off_during_the_whisper_and_goes_leaves_the_queue_unstaffed() {
    let flow = one_queue("agents in back", "whisper \"A call for the desk of long sentences.\"");
    let mut scene = Scene::new(&flow);
    scene.answers("cyd", Answering::After(1_000));
    let caller = scene.call();
    scene.seconds(2);
    scene.world.presence("cyd", false);
    assert_eq!(scene.block(caller), "waiting", "she has answered");
    let cyd = scene.world.legs_at(&phone("cyd"))[0];
    scene.world.hang_up(cyd, HangUp::ByParty);
    assert_eq!(scene.block(caller), "alone");
    scene.ends(&[caller]);
}

#[test]
fn an_agent_who_goes_in_the_whisper_leaves_the_caller_in_place() {
    let flow =
        one_queue("agents in desk  pick in_order", "whisper \"A call for the desk of long sentences.\"");
    let mut scene = Scene::new(&flow);
    scene.answers("ann", Answering::After(1_000));
    let first = scene.call();
    scene.seconds(2);
    let ann = scene.world.legs_at(&phone("ann"))[0];
    scene.world.hang_up(ann, HangUp::ByParty);
    scene.seconds(10);
    assert_eq!(scene.told(), "1 rings ann; 1 rings bob; 1 talks bob");
    let record_waits = scene.world.is_talking(first);
    assert!(record_waits);
    scene.ends(&[first]);
}

/// Four calls, one after the other, each talked to for as long as the person talks; who was rung.
fn rung_in_turn(pick: &str) -> String {
    let mut scene = Scene::new(&one_queue(&format!("agents pick {pick}"), ""));
    scene.talks_for("ann", 60).talks_for("bob", 5).talks_for("cyd", 20);
    let mut told = Vec::new();
    for _ in 0..6 {
        scene.call();
        scene.seconds(120);
        let line = scene.told();
        let rung = line.split("; ").filter_map(|line| line.split_once(" rings "));
        told.push(rung.map(|(_, who)| who.to_owned()).collect::<Vec<_>>().join("+"));
    }
    scene.ends(&[]);
    told.join(" ")
}

#[test]
fn each_strategy_picks_its_own() {
    assert_eq!(rung_in_turn("in_order"), "ann ann ann ann ann ann");
    assert_eq!(rung_in_turn("longest_idle"), "ann bob cyd ann bob cyd");
    assert_eq!(rung_in_turn("round_robin"), "ann bob cyd ann bob cyd");
    assert_eq!(rung_in_turn("fewest_calls"), "ann bob cyd ann bob cyd");
    // Ann talks for a minute, bob for five seconds, cyd for twenty.
    assert_eq!(rung_in_turn("least_busy"), "ann bob cyd bob bob bob");
    assert_eq!(rung_in_turn("best(technical)"), "bob bob bob bob bob bob");
    assert_eq!(rung_in_turn("all"), ["ann+bob+cyd"; 6].join(" "));
    let random = rung_in_turn("random");
    assert!(["ann", "bob", "cyd"].iter().all(|name| random.contains(name)), "{random}");
}

#[test]
fn the_best_who_is_free() {
    let mut scene = Scene::new(&one_queue("agents pick best(technical)", ""));
    let callers: Vec<LegId> = (0..4).map(|_| scene.call()).collect();
    scene.seconds(10);
    assert_eq!(scene.told(), "1 rings bob; 2 rings cyd; 3 rings ann; 1 talks bob; 2 talks cyd; 3 talks ann");
    scene.ends(&callers);
}

#[test]
fn all_phones_ring_and_the_first_to_answer_talks() {
    let mut scene = Scene::new(&one_queue("agents pick all", ""));
    scene.answers("ann", Answering::Busy).answers("bob", Answering::After(5_000));
    scene.answers("cyd", Answering::After(5_000));
    let (first, second) = (scene.call(), scene.call());
    scene.seconds(10);
    // Two answer at the same instant: one is joined, the other is let go and takes the next.
    assert_eq!(scene.told(), "1 rings ann; 1 rings bob; 1 rings cyd; 1 talks bob; 2 rings cyd; 2 talks cyd");
    assert_eq!(scene.world.switch().engaged_agents(), 2);
    scene.ends(&[first, second]);
}

const TWO_QUEUES: &str = r#"
queue gold   { agents in back }
queue silver { agents in back }
flow line {
    menu which {
        press 1 for "gold"   -> golden(5)
        press 2 for "silver" -> silvery(5)
        press 3 for "hurry"  -> silvery(2)
        on no_input, no_match -> bye
    }
    queue golden(rank: int)  { join gold    priority rank  longest 30m  otherwise -> bye }
    queue silvery(rank: int) {
        join silver  priority rank  longest 30m
        after 2m priority 1
        press 9 silently -> pause
        otherwise -> bye
    }
    menu pause {
        press 2 for "silver" -> silvery(5)
        press 1 for "gold" -> golden(5)
        wait 40m
        on no_input, no_match -> bye
    }
    end bye { say "Goodbye." }
}
"#;

#[test]
fn one_agent_two_queues_the_lowest_priority_then_the_oldest() {
    let mut scene = Scene::new(TWO_QUEUES);
    scene.world.occupied("cyd", true);
    let mut callers = Vec::new();
    for key in *b"2132" {
        let caller = scene.call();
        scene.world.press(caller, key);
        scene.seconds(1);
        callers.push(caller);
    }
    scene.talks_for("cyd", 1);
    scene.world.occupied("cyd", false);
    scene.seconds(60);
    let told = scene.told();
    let rings: Vec<&str> = told.split("; ").filter(|line| line.contains("rings")).collect();
    assert_eq!(rings, ["3 rings cyd", "1 rings cyd", "2 rings cyd", "4 rings cyd"]);
    scene.ends(&[]);
}

#[test]
fn a_place_keeps_its_age_for_ten_minutes() {
    for (minutes, expected) in [(9, "2 rings cyd"), (11, "1 rings cyd")] {
        let mut scene = Scene::new(TWO_QUEUES);
        scene.world.occupied("cyd", true);
        // The second caller is older, and comes back after a while; into the other queue, with the age.
        let away = scene.call();
        scene.world.press(away, b'2');
        scene.seconds(5);
        scene.world.press(away, b'9');
        let other = scene.call();
        scene.world.press(other, b'1');
        scene.seconds(minutes * 60);
        scene.world.press(away, b'1');
        scene.world.occupied("cyd", false);
        scene.seconds(1);
        let told = scene.told().replace("1 rings", "x").replace("2 rings", "1 rings").replace('x', "2 rings");
        assert_eq!(told, expected, "after {minutes} minutes");
        scene.ends(&[away, other]);
    }
}

#[test]
fn who_is_away_is_not_rung() {
    let mut scene = Scene::new(TWO_QUEUES);
    scene.world.occupied("cyd", true);
    let away = scene.call();
    scene.world.press(away, b'2');
    scene.seconds(1);
    scene.world.press(away, b'9');
    scene.world.occupied("cyd", false);
    scene.seconds(30);
    assert_eq!(scene.told(), "");
    scene.world.press(away, b'2');
    scene.seconds(10);
    assert_eq!(scene.told(), "1 rings cyd; 1 talks cyd");
    scene.ends(&[away]);
}

#[test]
fn a_caller_moves_up_with_time() {
    let mut scene = Scene::new(TWO_QUEUES);
    scene.world.occupied("cyd", true);
    let old = scene.call();
    scene.world.press(old, b'2');
    scene.seconds(121);
    let hurried = scene.call();
    scene.world.press(hurried, b'3');
    scene.seconds(1);
    scene.world.occupied("cyd", false);
    scene.seconds(1);
    assert_eq!(scene.told(), "1 rings cyd", "priority 1 by age is before 2");
    scene.ends(&[old, hurried]);
}

#[test]
fn an_agent_who_answers_as_the_caller_leaves_is_free_again() {
    for whisper in ["", "whisper \"A call.\""] {
        let mut scene = Scene::new(&one_queue("agents in back", whisper));
        let first = scene.call();
        // At the very instant of the answer, just after it.
        scene.seconds(3);
        scene.world.hang_up(first, HangUp::ByParty);
        assert_eq!(scene.world.switch().engaged_agents(), 0);
        let second = scene.call();
        scene.seconds(10);
        assert!(scene.told().ends_with("2 rings cyd; 2 talks cyd"));
        scene.ends(&[second]);
    }
}

fn dial(clauses: &str) -> String {
    format!(
        r#"
flow line {{
    dial out {{
        {clauses}
        on talked    -> bye
        on busy      -> engaged
        on no_answer -> nobody
        on failed    -> broken
    }}
    end bye     {{ say "Goodbye." }}
    end engaged {{ say "They talk." }}
    end nobody  {{ say "Nobody came." }}
    end broken  {{ say "There is no such phone." }}
}}
"#
    )
}

#[test]
fn rings_are_tried_in_turn_and_busy_only_when_all_were() {
    let rings =
        r#"ring "sip:x@acme.example", "sip:y@acme.example" for 10s  ring "sip:z@acme.example" for 10s"#;
    let busy = Answering::Busy;
    for (x, y, z, block) in [
        (busy, busy, busy, "engaged"),
        (busy, Answering::Never, busy, "nobody"),
        (Answering::Unreachable, Answering::Unreachable, Answering::Unreachable, "broken"),
        (busy, Answering::Declines(1_000), Answering::Unreachable, "nobody"),
    ] {
        let mut scene = Scene::new(&dial(rings));
        scene.answers("x", x).answers("y", y).answers("z", z);
        scene.call();
        scene.seconds(60);
        let ended = Outcome::Ended { block: block.into() };
        assert_eq!(scene.world.records()[0].outcome, ended);
        assert!(scene.told().starts_with("1 rings x; 1 rings y; 1 rings z"));
        scene.ends(&[]);
    }
}

#[test]
fn who_does_not_press_the_key_is_not_joined() {
    let clauses = r#"ring "sip:x@acme.example", "sip:y@acme.example" for 10s  pick all
        whisper "A call from the line, press 1."  accept 1 within 5s"#;
    let mut scene = Scene::new(&dial(clauses));
    // Both pick up; one presses the wrong key, the other the right one, later.
    scene
        .world
        .person(&phone("x"), Person { answering: Answering::After(500), talks: None, accepts: Some(b'2') });
    scene
        .world
        .person(&phone("y"), Person { answering: Answering::After(1_000), talks: None, accepts: Some(b'1') });
    let caller = scene.call();
    scene.seconds(30);
    assert_eq!(scene.told(), "1 rings x; 1 rings y; 1 talks y");
    scene.ends(&[caller]);

    let mut scene = Scene::new(&dial(clauses));
    for name in ["x", "y"] {
        scene.answers(name, Answering::After(500));
    }
    let caller = scene.call();
    scene.seconds(7);
    assert_eq!(scene.block(caller), "out", "the whisper, and five seconds after it");
    scene.seconds(5);
    assert_eq!(scene.world.records()[0].outcome, Outcome::Ended { block: "nobody".into() });
    scene.ends(&[]);
}

#[test]
fn an_agent_who_is_rung_by_address_has_one_call_at_a_time() {
    let flow = r#"
queue help { agents in back }
flow line {
    menu which {
        press 1 for "the queue" -> waiting
        press 2 for "cyd"       -> out
        on no_input, no_match   -> bye
    }
    queue waiting { join help  longest 5m  otherwise -> bye }
    dial out {
        ring "sip:cyd@acme.example" for 20s
        on busy -> engaged
        otherwise -> bye
    }
    end bye { say "Goodbye." }
    end engaged { say "She talks with somebody else at the moment." }
}
"#;
    let mut scene = Scene::new(flow);
    let first = scene.call();
    scene.world.press(first, b'2');
    let second = scene.call();
    scene.world.press(second, b'1');
    scene.seconds(10);
    assert_eq!(scene.told(), "1 rings cyd; 1 talks cyd", "the queue does not ring who talks");
    let third = scene.call();
    scene.world.press(third, b'2');
    assert_eq!(scene.block(third), "engaged", "nor is her phone rung a second time");
    scene.seconds(10);
    scene.told();
    // Once the first has left, the queue has her.
    scene.world.hang_up(first, HangUp::ByParty);
    scene.seconds(10);
    assert!(scene.told().ends_with("2 rings cyd; 2 talks cyd"));
    scene.ends(&[second]);
}
