//! Campaigns in virtual time: rows that are called at a pace, some at once, within hours, again where nobody came, and
//! once only; who picked up; calls that are handed on.

use flow_bytecode::Datum;
use flow_calls::compile_with;
use flow_sim::{Answering, Person, What, World};
use flow_switch::boundary::{LegId, Outcome, ProgramId, RowState};
use flow_switch::{NotStarted, Options};

/// Tuesday 3 March 2026, noon in New York.
const NOON: i64 = 1_772_557_200_000;

const FLOW: &str = r#"
edition 2026
timezone "America/New_York"
inbound "+12125550190" -> line
calendar office { open mon to fri 09:00..17:00 }
record Person { name: text, number: phone, done: bool }
table people of Person from "people.csv"

campaign reminders {
    from people as row
    call row.number -> reminder(row.name)
    CLAUSES
    skip when row.done
}

flow reminder(name: text) {
    detect who {
        longest 3s
        on human -> tell
        on machine, unknown -> beep
    }
    end tell { say "Hello {name}, this is a reminder." }
    end beep { say "Please call us back." }
}

flow line {
    menu main {
        press 1 for "sales" -> sales
        otherwise -> bye
    }
    transfer sales {
        ring "sip:sales@acme.example" for 10s
        ring "sip:backup@acme.example" for 20s
        on failed -> bye
    }
    end bye { say "Goodbye." }
    on hangup { mark left }
}
"#;

/// Rows as a file has them.
fn csv(rows: &[[&str; 3]]) -> String {
    let lines = rows.iter().map(|row| format!("{}\n", row.join(",")));
    format!("name,number,done\n{}", lines.collect::<String>())
}

struct Scene {
    world: World,
    program: ProgramId,
}

impl Scene {
    fn new(clauses: &str, rows: &[[&str; 3]]) -> Scene {
        let mut world = World::new(Options { stories: true, ..Options::default() }, NOON);
        let program = compile_with(&FLOW.replace("CLAUSES", clauses), &[("people.csv", &csv(rows))]);
        let program = world.load(program, Vec::<Datum>::new());
        world.stranger = Person { answering: Answering::After(2_000), talks: None, accepts: None };
        Scene { world, program }
    }

    fn start(&mut self) -> &mut Scene {
        self.world.start_campaign(self.program, "reminders", "run").unwrap();
        self
    }

    fn seconds(&mut self, seconds: u64) -> &mut Scene {
        self.world.wait(seconds * 1000);
        self
    }

    fn rows(&self) -> Vec<String> {
        let run = self.world.disk().runs().next().expect("a run");
        run.rows
            .iter()
            .map(|row| match &row.state {
                RowState::Waiting => format!("waiting {}", row.attempts),
                RowState::Calling => format!("calling {}", row.attempts),
                RowState::Over { how } => format!("{how} {}", row.attempts),
            })
            .collect()
    }

    fn rung(&mut self) -> Vec<String> {
        let seen = self.world.seen().into_iter();
        seen.filter_map(|seen| match seen.what {
            What::Rings { address } => Some(address),
            _ => None,
        })
        .collect()
    }

    fn heard(&mut self) -> Vec<String> {
        let seen = self.world.seen().into_iter();
        seen.filter_map(|seen| match seen.what {
            What::Heard(heard) => Some(format!("{}: {}", heard.address.unwrap_or_default(), heard.words)),
            _ => None,
        })
        .collect()
    }
}

const ADA: &str = "+12125550101";
const BOB: &str = "+12125550102";
const CYD: &str = "+12125550103";

#[test]
fn rows_are_called_one_after_the_other_and_the_flow_begins_when_somebody_answers() {
    let rows = [["Ada", ADA, "false"], ["Bob", BOB, "true"], ["Cyd", CYD, "false"]];
    let mut scene = Scene::new("", &rows);
    scene.world.machine(CYD, true);
    assert_eq!(scene.seconds(60).rung(), [""; 0], "nobody is called before the operator says so");
    scene.start().seconds(60);
    assert_eq!(
        scene.heard(),
        ["+12125550101: Hello Ada, this is a reminder.", "+12125550103: Please call us back."]
    );
    assert_eq!(scene.rows(), ["answered 1", "skipped 1", "answered 1"]);
    let records = scene.world.records();
    assert_eq!(records.len(), 2, "who is skipped is no call");
    assert_eq!(records[0].call, "run-r1-1");
    assert_eq!(records[0].flow, "reminders");
    assert_eq!((records[0].caller.as_deref(), records[0].called.as_str()), (Some(ADA), "+12125550190"));
    assert_eq!(records[0].outcome, Outcome::Ended { block: "tell".into() });
    let run = scene.world.disk().runs().next().unwrap();
    assert!(run.ended.is_some());
    assert_eq!(scene.world.switch().calls(), 0);
    assert_eq!(scene.world.switch().legs(), 0);
}

#[test]
fn the_pace_and_the_number_at_once_hold() {
    let numbers: Vec<String> = (0..6).map(|n| format!("+1212555020{n}")).collect();
    let rows: Vec<[&str; 3]> = numbers.iter().map(|number| ["x", number.as_str(), "false"]).collect();
    let mut scene = Scene::new("pace 2 per 1m concurrent 3", &rows);
    assert_eq!(scene.start().seconds(59).rung().len(), 2);
    assert_eq!(scene.seconds(60).rung().len(), 2);
    let mut scene = Scene::new("concurrent 4", &rows);
    scene.world.stranger = Person { answering: Answering::Never, talks: None, accepts: None };
    assert_eq!(scene.start().seconds(30).rung().len(), 4);
    assert_eq!(scene.world.switch().calls(), 4);
}

#[test]
fn who_does_not_come_is_called_again_and_nobody_twice_at_once() {
    let rows = [["Ada", ADA, "false"], ["Ada again", ADA, "false"]];
    let mut scene = Scene::new("concurrent 2 retry busy, no_answer 1 times every 10m", &rows);
    scene.world.stranger = Person { answering: Answering::Never, talks: None, accepts: None };
    assert_eq!(scene.start().seconds(39).rung(), [ADA], "the second row waits for the first");
    scene.seconds(9 * 60);
    scene.world.stranger = Person { answering: Answering::Busy, talks: None, accepts: None };
    scene.seconds(3_600);
    assert_eq!(scene.rows(), ["busy 2", "busy 2"]);
    assert!(scene.world.records().iter().all(|record| matches!(record.outcome, Outcome::NotReached { .. })));
}

#[test]
fn a_campaign_keeps_its_hours() {
    let mut scene = Scene::new("during office pace 1 per 2h", &[["Ada", ADA, "false"]; 1]);
    scene.seconds(6 * 3_600);
    assert_eq!(scene.start().seconds(60).rung(), [""; 0], "it is evening");
    assert_eq!(scene.seconds(16 * 3_600).rung(), [ADA]);
}

#[test]
fn a_campaign_goes_on_after_a_restart_and_calls_nobody_again() {
    let rows = [["Ada", ADA, "false"], ["Bob", BOB, "false"], ["Cyd", CYD, "false"]];
    let mut scene = Scene::new("", &rows);
    scene.world.person(BOB, Person { answering: Answering::Never, talks: None, accepts: None });
    scene.start().seconds(20);
    assert_eq!(scene.rows(), ["answered 1", "calling 1", "waiting 0"]);
    let mut again = Scene::new("", &rows);
    let disk = scene.world.disk().clone();
    again.world.restore_disk(again.program, disk);
    again.seconds(60);
    assert_eq!(again.rung(), [CYD], "who was being called may have answered");
    let run = again.world.disk().runs().next().unwrap();
    assert!(run.ended.is_some());
}

#[test]
fn numbers_that_are_not_allowed_are_not_called_and_a_campaign_runs_once() {
    let rows = [["Ada", "+19005550101", "false"], ["Bob", "+34600000001", "false"]];
    let mut scene = Scene::new("", &rows);
    scene.start();
    assert_eq!(scene.world.start_campaign(scene.program, "reminder", "x"), Err(NotStarted::Unknown));
    scene.seconds(10);
    assert_eq!(scene.rung(), [""; 0]);
    assert_eq!(scene.rows(), ["refused 1", "refused 1"]);
    let mut scene = Scene::new("", &[["Ada", ADA, "false"]]);
    scene.start();
    assert_eq!(scene.world.start_campaign(scene.program, "reminders", "x"), Err(NotStarted::Running));
}

fn handed_on(sales: Answering, backup: Answering) -> (World, LegId) {
    let Scene { mut world, program } = Scene::new("", &[]);
    for (name, answering) in [("sales", sales), ("backup", backup)] {
        let person = Person { answering, talks: None, accepts: None };
        world.person(&format!("sip:{name}@acme.example"), person);
    }
    let caller = world.call(flow_switch::boundary::Incoming {
        program,
        flow: world.switch().program(program).unwrap().inbound[0].flow,
        called: "+12125550190".into(),
        caller: Some(ADA.into()),
        caller_name: None,
        attested: false,
        name: "c1".into(),
        keys_can_arrive: true,
    });
    world.press(caller, b'1');
    world.wait(60_000);
    (world, caller)
}

#[test]
fn a_call_that_is_handed_on_is_over() {
    let (world, caller) = handed_on(Answering::Busy, Answering::After(3_000));
    assert!(!world.is_there(caller));
    let record = &world.records()[0];
    let to = "sip:backup@acme.example".to_owned();
    assert_eq!(record.outcome, Outcome::Transferred { block: "sales".into(), to });
    assert_eq!(record.marks[0].name, "left", "`on hangup` runs");
    assert_eq!(world.switch().calls(), 0);
}

#[test]
fn a_call_that_nobody_takes_over_goes_on() {
    let (world, _) = handed_on(Answering::Never, Answering::Unreachable);
    assert_eq!(world.records()[0].outcome, Outcome::Ended { block: "bye".into() });
}

#[test]
fn nobody_is_called_before_the_disk_knows() {
    let rows = [["Ada", ADA, "false"], ["Bob", BOB, "false"]];
    let mut scene = Scene::new("concurrent 1", &rows);
    scene.world.disk_works = false;
    scene.start().seconds(30);
    assert!(scene.rung().is_empty(), "the campaign itself is not on disk");
    scene.world.disk_works = true;
    scene.world.person(ADA, Person { answering: Answering::Never, talks: None, accepts: None });
    scene.seconds(3);
    assert_eq!(scene.rung(), [ADA]);
    assert_eq!(scene.rows(), ["calling 1", "waiting 0"]);
    // What becomes of the first is not on disk at once, and the second is not called while it cannot be.
    scene.world.disk_works = false;
    scene.seconds(60);
    assert!(scene.rung().is_empty());
    assert_eq!(scene.rows(), ["calling 1", "waiting 0"]);
    scene.world.disk_works = true;
    scene.seconds(30);
    assert_eq!(scene.rung(), [BOB]);
    assert_eq!(scene.rows(), ["no_answer 1", "answered 1"]);
    scene.seconds(60);
    assert!(scene.world.switch().is_idle());
    assert!(scene.world.disk().runs().all(|run| run.ended.is_some()));
}

#[test]
fn a_row_that_waits_for_the_disk_when_the_server_stops_is_called_after_the_next_start() {
    let mut scene = Scene::new("", &[["Ada", ADA, "false"]]);
    scene.start();
    scene.world.shutdown();
    scene.seconds(1);
    assert!(scene.rung().is_empty());
    assert_eq!(scene.rows(), ["waiting 0"]);
}
