//! Services asked during a call, in virtual time, written as flows: answers, failures, what the caller hears
//! meanwhile, and that no secret is told.

use flow_bytecode::Datum;
use flow_calls::compile;
use flow_sim::{Given, Play, Played, What, World};
use flow_switch::Options;
use flow_switch::boundary::{HangUp, Incoming, LegId, StoryLine};

/// Tuesday 3 March 2026, noon in UTC.
const NOON: i64 = 1_772_539_200_000;

const CRM: &str = r#"
edition 2026
inbound "+15550190" -> line
enum Tier { gold, paid(ref: text) }
record Customer { id: text, name: text, tier: Tier, email: text? }
setting crm_key: secret text = "k-1"
service crm at "https://crm.example/api/" with bearer(crm_key) {
    get  customer(number: phone, lang: text): Customer?  "/customers?phone={number}&lang={lang}"  within 2500ms
    get  one(id: text): Customer                         "/customers/{id}"                        within 2s
    post verify(id: text, pin: secret digits): bool      "/customers/{id}/pin"                    within 1s
    post note(id: text, about: text)                     "/notes"                                 within 1s
    put  rate(id: text, score: int)                      "/ratings/{id}"                          within 1s
}
"#;

const LOOK_UP: &str = r#"
flow line {
    step look_up {
        let number = caller.number else -> stranger
        let found = crm.customer(number, "en") else none
        when found is some(c) -> known(c)
        otherwise -> stranger
    }
    greet known(c: Customer) { say "Hello, {c.name}." -> bye }
    greet stranger { say "Hello." -> bye }
    end bye { say "Goodbye." }
}
"#;

struct Scene {
    world: World,
    caller: Option<LegId>,
    played: Played,
    flow: String,
}

impl Scene {
    fn new(flow: &str) -> Scene {
        let world = World::new(Options { stories: true, ..Options::default() }, NOON);
        Scene { world, caller: None, played: Played::default(), flow: flow.to_owned() }
    }

    fn given(&mut self, name: &str, play: Play, after: u64) -> &mut Scene {
        self.played.give(Given { name: name.into(), arguments: Vec::new(), play, after });
        self
    }

    fn json(&mut self, name: &str, status: u16, body: &str, after: u64) -> &mut Scene {
        self.given(name, Play::Http(status, body.as_bytes().to_vec()), after)
    }

    fn call(&mut self) -> &mut Scene {
        self.world.services = Box::new(std::mem::take(&mut self.played));
        let program = compile(&format!("{CRM}{}", self.flow));
        let program = self.world.load(program, vec![Datum::Text("k-1".into())]);
        self.caller = Some(self.world.call(Incoming {
            program,
            flow: 0,
            called: "+15550190".into(),
            caller: Some("+15550123".into()),
            caller_name: None,
            attested: true,
            name: "c".into(),
            keys_can_arrive: true,
        }));
        self
    }

    fn press(&mut self, keys: &str) -> &mut Scene {
        for key in keys.bytes() {
            self.world.press(self.caller.unwrap(), key);
        }
        self
    }

    fn seconds(&mut self, seconds: u64) -> &mut Scene {
        self.world.wait(seconds * 1000);
        self
    }

    /// What was seen, a line each.
    fn told(&mut self) -> String {
        let mut told = String::new();
        for seen in self.world.seen() {
            let line = match seen.what {
                What::Story(story) => match story.line {
                    StoryLine::Said(_) => continue,
                    line => format!("{line:?}"),
                },
                What::Heard(heard) => {
                    format!("hears {}{}", heard.words, if heard.music { " (on and on)" } else { "" })
                }
                What::Sent(sent) => format!("{sent:?}"),
                What::Record(record) => {
                    format!(
                        "record {:?} {:?} {:?}, {} oddities",
                        record.outcome, record.requests, record.sends, record.oddities
                    )
                }
                _ => continue,
            };
            let millis = seen.unix_millis - NOON;
            told.push_str(&format!("{:>3}.{:03} {line}\n", millis / 1000, millis % 1000));
        }
        told
    }
}

const ADA: &str = r#"{"id": "7", "name": "Ada", "tier": {"paid": {"ref": "x"}}, "unknown": [1]}"#;

#[test]
fn an_answer_is_used_and_the_call_rings_on_meanwhile() {
    let mut scene = Scene::new(LOOK_UP);
    insta::assert_snapshot!(scene.json("crm.customer", 200, ADA, 2_000).call().seconds(10).told());
}

#[test]
fn a_404_is_nobody() {
    let mut scene = Scene::new(LOOK_UP);
    insta::assert_snapshot!(scene.json("crm.customer", 404, "no", 100).call().seconds(10).told());
}

#[test]
fn whatever_is_in_the_way_of_an_answer_takes_the_else() {
    let mut all = String::new();
    for (status, body, after) in [
        (500, "", 10),
        (302, "", 10),
        (200, "<html>", 10),
        (200, r#"{"id": 7}"#, 10),
        (200, "null", 10),
        (200, ADA, 2_501),
    ] {
        let mut scene = Scene::new(LOOK_UP);
        let told = scene.json("crm.customer", status, body, after).call().seconds(10).told();
        let line = told.lines().find(|line| line.contains("Request") && line.contains("Failed"));
        all.push_str(&format!("{status} {body}: {}\n", line.unwrap_or("fine")));
        assert!(told.contains("hears Hello."), "{told}");
    }
    let mut scene = Scene::new(LOOK_UP);
    all.push_str(&scene.given("crm.customer", Play::Fails, 0).call().seconds(10).told());
    insta::assert_snapshot!(all);
}

const PIN: &str = r#"
flow line {
    on no_input, no_match -> bye
    on failed -> sorry
    collect pin {
        take secret digits 4 as entered
        ask "Your PIN."
        on done -> check(entered)
    }
    step check(entered: secret digits) {
        let right = crm.verify("a b/7", entered)
        when right -> fine
        otherwise -> bye
    }
    greet fine { say "Welcome." -> bye }
    greet sorry { say "That did not work." -> bye }
    end bye { say "Goodbye." }
}
"#;

#[test]
fn a_secret_goes_into_the_body_and_nowhere_else() {
    let mut scene = Scene::new(PIN);
    scene.json("crm.verify", 200, "true", 1_000).call().seconds(2).press("1234");
    let told = scene.seconds(10).told();
    assert!(!told.contains("1234"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn a_failure_without_else_takes_the_flows_arm_and_a_slow_service_is_heard() {
    let mut scene = Scene::new(PIN);
    scene.json("crm.verify", 200, "true", 5_000).call().seconds(2).press("1234");
    insta::assert_snapshot!(scene.seconds(10).told());
}

#[test]
fn the_caller_hears_that_we_are_at_it() {
    let flow = r#"
flow line {
    greet hello { say "Hello." let c = crm.one("7") else -> bye  say "{c.name}." -> bye }
    end bye { say "Goodbye." }
}
"#;
    let mut scene = Scene::new(flow);
    insta::assert_snapshot!(scene.json("crm.one", 200, ADA, 1_900).call().seconds(10).told());
}

#[test]
fn a_caller_who_leaves_is_not_waited_for() {
    let mut scene = Scene::new(LOOK_UP);
    scene.json("crm.customer", 200, ADA, 2_000).call().seconds(1);
    let caller = scene.caller.unwrap();
    scene.world.hang_up(caller, HangUp::ByParty);
    let told = scene.seconds(10).told();
    assert!(scene.world.switch().is_idle());
    insta::assert_snapshot!(told);
}

#[test]
fn every_kind_of_block_has_failed_by_its_services() {
    let flow = r#"
flow line {
    greet hello { say "Hello." -> main }
    menu main {
        do crm.note("7", "called")
        press 1 for "a note" { do crm.note("8", "pressed")  -> again }
        press 2 for "goodbye" { set times = 2  -> bye }
        on no_input, no_match -> bye
        on failed -> broken
    }
    state times: int = 0
    greet broken {
        say "Broken."
        let c = crm.one("7")
        say "{c.name}"
        on failed { say "Still broken." -> bye }
        -> bye
    }
    end bye { say "Goodbye." do crm.note("9", "bye") else none }
}
"#;
    let mut scene = Scene::new(flow);
    scene.json("crm.note", 204, "", 10).call().seconds(3).press("1").seconds(3).press("2");
    let mut told = scene.seconds(10).told();
    let mut scene = Scene::new(flow);
    told.push_str(&scene.given("crm.note", Play::Fails, 10).call().seconds(20).told());
    insta::assert_snapshot!(told);
}

#[test]
fn what_is_sent_is_kept_first_and_never_changes_the_call() {
    let flow = r#"
flow line {
    on hangup { send crm.note(call.id, "left") }
    survey rate {
        question score "How did we do?" scale 1 to 5
        on done { send crm.rate("7", score else 0)  send email.send("boss@acme.example", "Rated", "By 7.") -> more }
    }
    menu more {
        press 1 for "a text message" { send sms.send("+15550123", "Thanks")  -> again }
        on no_input, no_match -> bye
    }
    end bye { say "Goodbye." }
}
"#;
    let mut scene = Scene::new(flow);
    scene.call().seconds(3).press("4").seconds(3).press("1").seconds(1);
    let caller = scene.caller.unwrap();
    scene.world.hang_up(caller, HangUp::ByParty);
    let told = scene.seconds(1).told();
    insta::assert_snapshot!(told);
    let mut scene = Scene::new(flow);
    scene.world.disk_works = false;
    let told = scene.call().seconds(3).press("4").seconds(20).told();
    assert!(told.contains("NotStored(\"crm.rate\")") && told.contains("Goodbye."), "{told}");
}

#[test]
fn a_service_may_be_asked_by_a_caller_in_line() {
    let flow = r#"
skill technical
agent ann at "sip:ann@acme.example" { technical 1 }
queue desk { agents with technical >= 1 }
flow line {
    queue wait {
        join desk
        longest 10m
        every 30s say "You are number {position}."
        press 1 for "a note" { do crm.note("7", "waits") else none  send crm.note("8", "sent")  -> again }
        otherwise -> bye
    }
    end bye { say "Goodbye." }
}
"#;
    let mut scene = Scene::new(flow);
    scene.world.person(
        "sip:ann@acme.example",
        flow_sim::Person { answering: flow_sim::Answering::Never, ..Default::default() },
    );
    scene.json("crm.note", 200, "", 300).call().seconds(40).press("1").seconds(25);
    let told = scene.told();
    assert!(told.contains("crm.note") && told.contains("Sent {"), "{told}");
    insta::assert_snapshot!(told);
}
