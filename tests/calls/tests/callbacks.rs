//! Callbacks in virtual time: a place that goes to a number, the person first, then the customer, and what follows.

use flow_bytecode::Datum;
use flow_calls::compile;
use flow_sim::{Answering, Disk, Person, What, World};
use flow_switch::boundary::{
    Callback, CallbackState, HangUp, Incoming, LegId, Outcome, ProgramId, Stored, StoryLine,
};
use flow_switch::{Options, Outbound};

/// Tuesday 3 March 2026, noon in New York.
const NOON: i64 = 1_772_557_200_000;
const ANN: &str = "sip:ann@acme.example";
const CUSTOMER: &str = "+12125550123";

const FLOW: &str = r#"
edition 2026
timezone "America/New_York"
inbound "+15550190" -> line
team desk
agent ann at "sip:ann@acme.example" in desk {}
calendar office { open mon to fri 09:00..17:00 }
queue support { agents in desk  capacity 3 }

flow line {
    queue wait {
        join support  longest 20m
        press 1 for "a call back" -> number
        otherwise -> bye
    }
    collect number {
        take phone until # as n
        ask "Enter your number, then press the pound key."
        on done -> book(n)
        otherwise -> bye
    }
    callback book(n: phone) {
        number n
        join support
        CLAUSES
        whisper "A call back to {n}."
        show number: n
        on booked -> promised
        on duplicate -> twice
        on refused(why) -> no(why)
        on full, failed -> bye
    }
    end promised { say "We will call you back." }
    end twice { say "You have a call back already." }
    end no(why: text) { say "We cannot call that number: {why}." }
    end bye { say "Goodbye." }
}

flow rating(n: phone, about: text) {
    survey ask_them {
        question score "How was it?" scale 1 to 5
        on done -> thanks
    }
    end thanks { say "Thank you." }
}
"#;

const COLLEAGUES: &str = r#"
team desk
agent bob at "sip:bob@acme.example" in desk {}
agent cid at "sip:cid@acme.example" in desk {}
"#;

struct Scene {
    world: World,
    program: ProgramId,
    calls: u32,
}

impl Scene {
    fn new(clauses: &str) -> Scene {
        Self::with(clauses, Options { stories: true, ..Options::default() }, NOON)
    }

    fn with(clauses: &str, options: Options, at: i64) -> Scene {
        Self::of(&FLOW.replace("CLAUSES", clauses), options, at)
    }

    fn of(flow: &str, options: Options, at: i64) -> Scene {
        let mut world = World::new(options, at);
        let program = world.load(compile(flow), Vec::<Datum>::new());
        world.person(ANN, Person { talks: None, ..Person::default() });
        world.occupied("ann", true);
        Scene { world, program, calls: 0 }
    }

    /// A desk of three: ann, bob and cid.
    fn of_three(clauses: &str) -> Scene {
        let flow = FLOW.replace("CLAUSES", clauses).replace("team desk", COLLEAGUES);
        let mut scene = Self::of(&flow, Options { stories: true, ..Options::default() }, NOON);
        for colleague in ["bob", "cid"] {
            let person = Person { talks: None, ..Person::default() };
            scene.world.person(&format!("sip:{colleague}@acme.example"), person);
            scene.world.occupied(colleague, true);
        }
        scene
    }

    fn call(&mut self) -> LegId {
        self.calls += 1;
        self.world.call(Incoming {
            program: self.program,
            flow: 0,
            called: "+15550190".into(),
            caller: Some(CUSTOMER.into()),
            caller_name: None,
            attested: false,
            name: format!("c{}", self.calls),
            keys_can_arrive: true,
        })
    }

    /// Calls, asks for a call back to a number, hears what comes of it, and is gone.
    fn books(&mut self, number: &str) -> String {
        let caller = self.call();
        self.seconds(5);
        self.world.press(caller, b'1');
        self.seconds(4);
        // As people dial: their own country's number, or the way out of the country first.
        let keys = number.strip_prefix("+1").map_or(format!("011{}", &number[1..]), str::to_owned);
        for key in keys.bytes().chain(*b"#") {
            self.world.press(caller, key);
        }
        self.seconds(10);
        // Who was served at once has booked nothing.
        self.world.hang_up(caller, HangUp::ByParty);
        self.seconds(10);
        let own = format!("c{}", self.calls);
        let record = self.world.records().iter().find(|record| record.call == own);
        let last = record.and_then(|record| record.way.last());
        last.map(|step| step.block.clone()).unwrap_or_default()
    }

    fn seconds(&mut self, seconds: u64) -> &mut Scene {
        self.world.wait(seconds * 1000);
        self
    }

    fn ann_is_free(&mut self) -> &mut Scene {
        self.world.occupied("ann", false);
        self
    }

    fn customer(&mut self, answering: Answering, talks: Option<u64>) -> &mut Scene {
        self.world.person(CUSTOMER, Person { answering, talks, accepts: None });
        self
    }

    /// What was rung, heard and said of it, since this was last asked.
    fn told(&mut self) -> Vec<String> {
        let seen = self.world.seen();
        let lines = seen.into_iter().filter_map(|seen| match seen.what {
            What::Rings { address } => Some(format!("rings {address}")),
            What::Heard(heard) if !heard.music => {
                Some(format!("{} hears {}", heard.address.unwrap_or_else(|| "caller".into()), heard.words))
            }
            What::Joined(..) => Some("joined".into()),
            What::Shown { agent, fields } => Some(format!("{agent} sees {fields:?}")),
            What::Story(story) => match story.line {
                StoryLine::NotReached { who, why } => Some(format!("{who}: {why}")),
                _ => None,
            },
            _ => None,
        });
        lines.collect()
    }

    fn state(&self) -> Vec<String> {
        let rows = self.world.disk().callbacks();
        rows.map(|row| match &row.state {
            CallbackState::Waiting => format!("{} waiting after {}", row.number, row.attempts),
            CallbackState::Over { how, .. } => format!("{} {how} after {}", row.number, row.attempts),
        })
        .collect()
    }

    #[track_caller]
    fn nobody_is_left(&mut self) {
        self.seconds(100);
        assert_eq!(self.world.switch().calls(), 0);
        assert_eq!(self.world.switch().legs(), 0);
        assert_eq!(self.world.switch().engaged_agents(), 0);
    }
}

#[test]
fn a_person_is_found_first_and_hears_the_whisper_then_the_customer_is_called() {
    let mut scene = Scene::new("");
    scene.customer(Answering::After(4_000), Some(30_000));
    assert_eq!(scene.books(CUSTOMER), "promised");
    assert_eq!(scene.state(), ["+12125550123 waiting after 0"]);
    scene.world.seen();
    scene.ann_is_free().seconds(60);
    insta::assert_debug_snapshot!(scene.told(), @r#"
    [
        "ann sees [(\"number\", \"+12125550123\")]",
        "rings sip:ann@acme.example",
        "sip:ann@acme.example hears A call back to +1 212 555 0123.",
        "rings +12125550123",
        "joined",
    ]
    "#);
    assert_eq!(scene.state(), ["+12125550123 talked after 1"]);
    let record = scene.world.records().last().unwrap().clone();
    assert_eq!(record.call, "c1-b1-1");
    assert_eq!(record.placed.as_ref().map(|placed| placed.kind.as_str()), Some("callback"));
    assert_eq!(record.caller.as_deref(), Some(CUSTOMER));
    assert_eq!(record.talks.len(), 1);
    assert_eq!(record.queues[0].outcome, "talked");
    assert!(matches!(record.outcome, Outcome::CallerHungUp { .. }), "{:?}", record.outcome);
    assert_eq!(scene.world.records()[0].callbacks, ["c1-b1"]);
    scene.nobody_is_left();
    assert_eq!(scene.world.records().len(), 2);
}

#[test]
fn the_age_of_the_place_goes_with_it() {
    let mut scene = Scene::new("");
    let first = scene.call();
    scene.seconds(60);
    let second = scene.call();
    scene.seconds(5);
    // The first gives the place to a number, later than the second came.
    scene.world.press(first, b'1');
    scene.seconds(4);
    for key in *b"2125550123#" {
        scene.world.press(first, key);
    }
    scene.seconds(10);
    assert!(!scene.world.is_there(first));
    scene.customer(Answering::After(2_000), Some(10_000));
    scene.world.seen();
    scene.ann_is_free().seconds(30);
    assert!(scene.told().contains(&"rings +12125550123".to_owned()), "the older place is served first");
    scene.seconds(60);
    assert!(scene.world.is_talking(second));
    scene.world.hang_up(second, HangUp::ByParty);
    scene.nobody_is_left();
}

#[test]
fn one_number_has_one_callback_in_a_queue_and_callbacks_count_for_the_capacity() {
    let mut scene = Scene::new("");
    assert_eq!(scene.books(CUSTOMER), "promised");
    assert_eq!(scene.books(CUSTOMER), "twice");
    assert_eq!(scene.books("+12125550124"), "promised");
    assert_eq!(scene.books("+12125550125"), "promised");
    // Three callbacks fill the queue of three: who calls now is refused at its door.
    assert_eq!(
        {
            scene.call();
            scene.seconds(10);
            scene.world.records().last().unwrap().way.last().unwrap().block.clone()
        },
        "bye"
    );
    assert_eq!(scene.world.switch().callbacks_in("support"), 3);
}

#[test]
fn numbers_that_the_deployment_does_not_allow_are_refused() {
    let mut scene = Scene::new("");
    scene.world.seen();
    assert_eq!(scene.books("+34600000001"), "no");
    assert_eq!(scene.books("+19005550123"), "no");
    let said: Vec<String> = scene.told().into_iter().filter(|line| line.contains("cannot")).collect();
    assert_eq!(
        said,
        [
            "caller hears We cannot call that number: country.",
            "caller hears We cannot call that number: premium."
        ]
    );
    let allow = Some(vec!["+34".to_owned()]);
    let options = Options { outbound: Outbound { allow, ..Outbound::default() }, ..Options::default() };
    let mut scene = Scene::with("", options, NOON);
    assert_eq!(scene.books("+34600000001"), "promised");
    assert_eq!(scene.books(CUSTOMER), "no");
    let mut scene = Scene::new("from \"+15550199\"");
    assert_eq!(scene.books(CUSTOMER), "no", "that number is not ours to show");
}

#[test]
fn nobody_is_promised_what_is_not_on_disk() {
    let mut scene = Scene::new("");
    scene.world.disk_works = false;
    assert_eq!(scene.books(CUSTOMER), "bye");
    assert_eq!(scene.world.switch().callbacks(), 0);
    scene.ann_is_free();
    scene.nobody_is_left();
}

#[test]
fn what_the_disk_refuses_of_a_promise_is_asked_for_again() {
    let mut scene = Scene::new("");
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.world.disk_works = false;
    scene.customer(Answering::After(1_000), Some(5_000)).ann_is_free().seconds(60);
    assert_eq!(scene.state(), ["+12125550123 waiting after 0"], "the disk does not know yet");
    scene.world.disk_works = true;
    scene.seconds(3);
    assert_eq!(
        scene.state(),
        ["+12125550123 talked after 1"],
        "nobody is called a second time after a restart"
    );
    scene.nobody_is_left();
    // A booking that the caller was refused is not brought back by that.
    scene.world.occupied("ann", true);
    scene.world.disk_works = false;
    assert_eq!(scene.books("+12125550124"), "bye");
    scene.world.disk_works = true;
    scene.seconds(30);
    assert_eq!(scene.state().len(), 1);
}

#[test]
fn a_booking_that_fails_leaves_the_next_one_alone() {
    let flow = FLOW.replace("CLAUSES", "").replace(
        "on full, failed -> bye\n    }",
        "on failed -> again(n)\n        on full -> bye\n    }
    callback again(n: phone) {
        number n
        join support
        on booked -> promised
        otherwise -> bye
    }",
    );
    let mut scene = Scene::of(&flow, Options { stories: true, ..Options::default() }, NOON);
    scene.world.disk_refuses = 1;
    assert_eq!(scene.books(CUSTOMER), "promised", "the second time the disk takes it");
    assert_eq!(scene.world.switch().callbacks(), 1);
    scene.customer(Answering::After(1_000), Some(5_000)).ann_is_free().seconds(60);
    assert_eq!(scene.state(), ["+12125550123 talked after 1"]);
    scene.nobody_is_left();
}

#[test]
fn a_customer_who_hangs_up_leaves_the_callbacks_of_others_alone() {
    const SECOND: &str = "+12125550177";
    let mut scene = Scene::of_three("");
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.customer(Answering::After(1_000), None).ann_is_free().seconds(30);
    let customer = scene.world.legs_at(CUSTOMER)[0];
    assert_eq!(scene.state(), ["+12125550123 talked after 1"]);
    // The second promise is as new as the first was; its customer's phone rings when the first hangs up.
    assert_eq!(scene.books(SECOND), "promised");
    scene.world.person(SECOND, Person { answering: Answering::After(15_000), talks: None, accepts: None });
    scene.world.occupied("bob", false);
    scene.seconds(8);
    assert_eq!(scene.world.legs_at(SECOND).len(), 1);
    scene.world.seen();
    scene.world.occupied("cid", false);
    scene.world.hang_up(customer, HangUp::ByParty);
    scene.seconds(60);
    let rung: Vec<String> = scene.told().into_iter().filter(|line| line.starts_with("rings ")).collect();
    assert!(rung.is_empty(), "nobody else is rung for it: {rung:?}");
    let talked = scene.state().into_iter().filter(|row| row.ends_with("talked after 1"));
    assert_eq!(talked.count(), 2);
    let second = scene.world.legs_at(SECOND)[0];
    scene.world.hang_up(second, HangUp::ByParty);
    scene.nobody_is_left();
}

#[test]
fn who_is_busy_is_called_again_as_often_as_was_said() {
    let mut scene = Scene::new("retry busy, no_answer 2 times every 10m");
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.customer(Answering::Busy, None).ann_is_free().seconds(60);
    assert_eq!(scene.state(), ["+12125550123 waiting after 1"]);
    scene.customer(Answering::Never, None).seconds(11 * 60);
    assert_eq!(scene.state(), ["+12125550123 waiting after 2"]);
    let mut again = Scene::new("retry busy, no_answer 2 times every 10m");
    again.world.occupied("ann", false);
    again.world.restore_disk(again.program, scene.world.disk().clone());
    again.customer(Answering::Busy, None).seconds(40 * 60);
    assert_eq!(again.state(), ["+12125550123 busy after 3"], "after a restart as well");
    scene.seconds(11 * 60);
    assert_eq!(scene.state(), ["+12125550123 no_answer after 3"]);
    let told: Vec<String> = scene.told().into_iter().filter(|line| line.starts_with(CUSTOMER)).collect();
    assert_eq!(told, ["+12125550123: busy", "+12125550123: no answer", "+12125550123: no answer"]);
    let placed = scene.world.records().iter().filter(|record| record.placed.is_some());
    assert!(placed.clone().all(|record| matches!(record.outcome, Outcome::NotReached { .. })));
    assert_eq!(placed.count(), 3);
    scene.nobody_is_left();
}

#[test]
fn a_callback_waits_for_its_time_and_its_hours_and_expires() {
    let mut scene = Scene::new("delay 30m during office");
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.customer(Answering::After(1_000), Some(5_000)).ann_is_free().seconds(25 * 60);
    assert_eq!(scene.state(), ["+12125550123 waiting after 0"]);
    scene.seconds(10 * 60);
    assert_eq!(scene.state(), ["+12125550123 talked after 1"]);

    // Booked in the evening, made in the morning.
    let evening = NOON + 8 * 3_600_000;
    let mut scene = Scene::with("during office", Options::default(), evening);
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.customer(Answering::After(1_000), Some(5_000)).ann_is_free().seconds(12 * 3_600);
    assert_eq!(scene.state(), ["+12125550123 waiting after 0"]);
    scene.seconds(2 * 3_600);
    assert_eq!(scene.state(), ["+12125550123 talked after 1"]);

    let mut scene = Scene::new("expires 2h");
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.seconds(3 * 3_600);
    assert_eq!(scene.state(), ["+12125550123 expired after 0"]);
    assert_eq!(scene.world.switch().callbacks(), 0);
}

#[test]
fn who_stays_on_the_line_goes_on_to_the_flow_that_follows() {
    let mut scene = Scene::new("afterwards rating(n, \"support\")");
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.customer(Answering::After(1_000), None);
    scene.world.person(ANN, Person { talks: Some(20_000), ..Person::default() });
    scene.world.seen();
    scene.ann_is_free();
    let mut heard = Vec::new();
    while !heard.iter().any(|line: &String| line.contains("How was it?")) && heard.len() < 100 {
        heard.extend(scene.seconds(1).told());
    }
    let leg = scene.world.legs_at(CUSTOMER)[0];
    scene.world.press(leg, b'4');
    scene.seconds(20);
    let record = scene.world.records().last().unwrap();
    assert_eq!(record.flow, "rating");
    assert_eq!(record.ratings[0].score, Some(4));
    assert_eq!(record.outcome, Outcome::Ended { block: "thanks".into() });
    scene.nobody_is_left();
}

#[test]
fn a_person_who_leaves_before_the_customer_comes_does_not_cost_a_try() {
    let mut scene = Scene::new("");
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.customer(Answering::Never, None).ann_is_free().seconds(10);
    let ann = scene.world.legs_at(ANN)[0];
    scene.world.hang_up(ann, HangUp::ByParty);
    assert!(scene.world.legs_at(CUSTOMER).is_empty(), "the customer's phone rings no longer");
    assert_eq!(scene.state(), ["+12125550123 waiting after 0"]);
    scene.customer(Answering::After(1_000), Some(1_000)).seconds(60);
    assert_eq!(scene.state(), ["+12125550123 talked after 1"]);
    scene.nobody_is_left();
}

#[test]
fn a_person_who_does_not_come_leaves_the_callback_in_its_place() {
    let mut scene = Scene::new("");
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.world.person(ANN, Person { answering: Answering::Never, talks: None, accepts: None });
    scene.ann_is_free().seconds(60);
    assert_eq!(scene.state(), ["+12125550123 waiting after 0"]);
    assert!(scene.world.records().iter().all(|record| record.placed.is_none()), "nobody was called");
    scene.world.person(ANN, Person { talks: Some(1_000), ..Person::default() });
    scene.seconds(120);
    assert_eq!(scene.state(), ["+12125550123 talked after 1"]);
    scene.nobody_is_left();
}

#[test]
fn when_the_server_stops_nobody_is_called_any_more() {
    let mut scene = Scene::new("");
    assert_eq!(scene.books(CUSTOMER), "promised");
    scene.customer(Answering::Never, None).ann_is_free().seconds(10);
    assert_eq!(scene.world.switch().calls(), 1);
    scene.world.shutdown();
    scene.seconds(120);
    assert_eq!(scene.world.switch().calls(), 0);
    assert_eq!(scene.world.switch().engaged_agents(), 0);
    assert_eq!(scene.world.disk().waiting().count(), 1);
}

#[test]
#[allow(clippy::disallowed_methods, reason = "how long it takes is what is asked")]
fn a_switch_that_is_thrown_while_thousands_wait_takes_no_minutes() {
    let always = "switch storm\ncalendar always { open mon to sun 00:00..24:00 }\ncalendar office";
    let flow = FLOW.replace("CLAUSES", "during always").replace("calendar office", always);
    let mut scene = Scene::of(&flow, Options::default(), NOON);
    assert_eq!(scene.books(CUSTOMER), "promised");
    let row = scene.world.disk().waiting().next().expect("a promise").clone();
    let mut disk = Disk::default();
    for index in 0..3_000 {
        let (id, number) = (format!("b{index}"), format!("+1212666{index:04}"));
        disk.keep(Stored::Callback(Box::new(Callback { id, number, ..row.clone() })));
    }
    scene.world.restore_disk(scene.program, disk);
    assert_eq!(scene.world.switch().callbacks(), 3_001);
    let began = std::time::Instant::now();
    for thrown in [true, false, true] {
        scene.world.lever("storm", thrown);
        scene.seconds(1);
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    scene.seconds(3 * 86_400);
    assert_eq!(scene.world.switch().callbacks(), 0, "they have expired");
}

#[test]
fn the_checker_and_the_switch_know_the_same_expensive_numbers() {
    assert_eq!(flow_check::PREMIUM, flow_switch::PREMIUM);
    assert_eq!(flow_check::EMERGENCY, flow_switch::EMERGENCY);
    for address in [
        "+19005551234",
        "sip:+1-900-555-1234@gw;user=phone",
        "sip:%2B19005551234@gw",
        "sip:0019005551234@gw",
        "sip:9005551234@gw",
        "sip:911@gw",
        "tel:+1(900)5551234",
        "sip:2001@pbx",
        "sip:desk@pbx",
        "SIPS:112@gw",
        "sip:+1900:x@gw",
        "sip:%zz@gw",
        "sip:@gw",
        "",
        "sip:01119005551234@gw",
    ] {
        assert_eq!(flow_check::numbers_of(address), flow_switch::numbers_of(address), "{address}");
    }
}

/// Chance for the test below.
fn chance(seed: &mut u64, below: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

#[test]
fn whatever_people_do_nothing_is_left_and_no_promise_is_lost() {
    for run in 0..60_u64 {
        let mut seed = run;
        let mut scene =
            Scene::of_three("retry busy, no_answer, failed 3 times every 1m afterwards rating(n, \"x\")");
        let agents = ["ann", "bob", "cid"];
        let phones = agents.map(|agent| format!("sip:{agent}@acme.example"));
        let everybody: Vec<String> = (0..4)
            .map(|last| format!("+1212555010{last}"))
            .chain([CUSTOMER.to_owned()])
            .chain(phones.clone())
            .collect();
        let mut promised = 0;
        for _ in 0..60 {
            let legs: Vec<LegId> = everybody.iter().flat_map(|at| scene.world.legs_at(at)).collect();
            let leg = legs.get(chance(&mut seed, 6) as usize).copied();
            let who = chance(&mut seed, 3) as usize;
            match chance(&mut seed, 9) {
                0 => {
                    let number = format!("+1212555010{}", chance(&mut seed, 4));
                    promised += u32::from(scene.books(&number) == "promised");
                }
                1 => promised += u32::from(scene.books(CUSTOMER) == "promised"),
                2 => scene.world.occupied(agents[who], chance(&mut seed, 2) == 0),
                3 => scene.world.presence(agents[who], chance(&mut seed, 4) > 0),
                4 => {
                    let answering = [
                        Answering::Busy,
                        Answering::Never,
                        Answering::Unreachable,
                        Answering::Declines(500),
                        Answering::After(2_000),
                    ][chance(&mut seed, 5) as usize];
                    scene.customer(answering, Some(8_000));
                    scene.world.stranger = Person { answering, talks: Some(5_000), accepts: None };
                }
                5 => {
                    let answering =
                        [Answering::Never, Answering::After(1_000)][chance(&mut seed, 2) as usize];
                    scene.world.person(&phones[who], Person { answering, talks: Some(4_000), accepts: None });
                }
                6 => leg.into_iter().for_each(|leg| scene.world.hang_up(leg, HangUp::ByParty)),
                7 => leg.into_iter().for_each(|leg| scene.world.press(leg, b'3')),
                _ => {
                    scene.seconds(1 + chance(&mut seed, 90));
                }
            }
        }
        let rows: Vec<_> = scene.world.disk().callbacks().cloned().collect();
        assert!(rows.len() >= promised as usize, "run {run}: a promise is not on disk");
        let waiting = scene.world.disk().waiting().count();
        assert_eq!(waiting, scene.world.switch().callbacks(), "run {run}: disk and switch differ");
        // Everybody goes home; what is left expires.
        agents.iter().for_each(|agent| scene.world.presence(agent, false));
        for leg in everybody.iter().flat_map(|at| scene.world.legs_at(at)).collect::<Vec<_>>() {
            scene.world.hang_up(leg, HangUp::ByParty);
        }
        scene.seconds(3 * 86_400);
        assert_eq!(scene.world.switch().callbacks(), 0, "run {run}");
        assert_eq!(scene.world.switch().calls(), 0, "run {run}");
        assert_eq!(scene.world.switch().legs(), 0, "run {run}");
        assert_eq!(scene.world.switch().engaged_agents(), 0, "run {run}");
        assert!(scene.world.disk().waiting().next().is_none(), "run {run}");
    }
}
