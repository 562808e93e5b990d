//! The support line of the examples, interrupted at every one of its waits: by a restart, by a hang-up, by a
//! lost connection, by people who sign off, by the disk. Whatever comes: the call ends, nobody is held, and
//! there is exactly one record of it.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::sync::Arc;

use flow_bytecode::{Datum, VerifiedProgram, verify};
use flow_project::Memory;
use flow_sim::{Answering, Person, What, World};
use flow_switch::Options;
use flow_switch::boundary::{HangUp, Incoming, LegId, ProgramId};

/// Tuesday 3 March 2026: noon in New York, and ten at night.
const NOON: i64 = 1_772_557_200_000;
const NIGHT: i64 = NOON + 10 * 3_600_000;
const PIN: &str = "7391";
const DANA: &str = "sip:dana@127.0.0.1:5071";
const LEE: &str = "sip:lee@127.0.0.1:5072";

fn support_line() -> Arc<VerifiedProgram> {
    let files = Memory::new([
        ("support/flow.toml", include_str!("../../../examples/support/flow.toml")),
        ("support/src/main.flow", include_str!("../../../examples/support/src/main.flow")),
    ]);
    let loaded = flow_project::load(&files, "support").expect("the example is read");
    let checked = loaded.program.as_ref().expect("the example has no mistakes");
    let program = flow_lower::lower(checked, &loaded.sources).expect("it is within the limits");
    Arc::new(verify(program).expect("it is right"))
}

/// What happens in a call.
#[derive(Debug, Clone, Copy)]
enum Act {
    /// The caller presses keys, one at a time.
    Keys(&'static str),
    /// So many seconds pass.
    Wait(u64),
    /// The person at an address behaves like this from now on.
    Person(&'static str, Person),
    /// An agent signs in or off.
    Here(&'static str, bool),
    /// The building is evacuated.
    Evacuated,
    /// Messages cannot be stored.
    DiskFails,
    /// Whoever was called puts the caller on hold, or takes the caller back.
    Hold(bool),
}

const AWAY: Person = Person { answering: Answering::Never, talks: None, accepts: None };

/// The ways of a call, and together all the waits that there are.
fn plays() -> Vec<(&'static str, i64, Vec<Act>)> {
    use Act::{DiskFails, Evacuated, Here, Hold, Keys, Person, Wait};
    let nobody = [Person(DANA, AWAY), Person(LEE, AWAY)];
    let with = |first: &[Act], then: &[Act]| [first, then].concat();
    vec![
        ("silence", NOON, vec![Wait(400)]),
        (
            "a talk and a rating",
            NOON,
            vec![Wait(6), Keys(PIN), Wait(3), Keys("2"), Wait(40), Keys("5"), Wait(60)],
        ),
        ("all typed ahead", NOON, vec![Keys("73912"), Wait(40), Keys("4"), Wait(30)]),
        ("a hold in a talk", NOON, vec![Keys("73912"), Wait(10), Hold(true), Wait(5), Hold(false), Wait(60)]),
        ("the hours, then sales", NOON, vec![Keys(PIN), Wait(2), Keys("3"), Wait(9), Keys("1"), Wait(60)]),
        ("the operator", NOON, vec![Keys("0"), Wait(60)]),
        ("the wrong PIN", NOON, vec![Wait(5), Keys("1111"), Wait(12), Keys("22*"), Wait(300)]),
        ("nobody comes to the phone", NOON, with(&nobody, &[Keys("73912"), Wait(150), Keys("1"), Wait(20)])),
        ("fifteen minutes in line", NOON, with(&nobody, &[Keys("73912"), Wait(1100)])),
        (
            "everybody signs off",
            NOON,
            with(&nobody, &[Keys("73912"), Wait(30), Here("dana", false), Here("lee", false), Wait(60)]),
        ),
        ("nobody was there", NOON, vec![Here("dana", false), Here("lee", false), Keys("73912"), Wait(40)]),
        ("at night", NIGHT, vec![Wait(60)]),
        ("a disk that fails", NIGHT, vec![DiskFails, Wait(60)]),
        ("evacuated", NOON, vec![Evacuated, Wait(30)]),
    ]
}

struct Stage {
    world: World,
    program: ProgramId,
    caller: LegId,
    acts: Vec<Act>,
    keys: Vec<u8>,
    until: Option<u64>,
}

impl Stage {
    fn new(line: &Arc<VerifiedProgram>, at: i64, acts: &[Act]) -> Stage {
        let mut world = World::new(Options::default(), at);
        let settings = vec![Datum::Text(PIN.into())];
        let program = world.load(line.clone(), settings);
        let mut acts: Vec<Act> = acts.iter().rev().copied().collect();
        // What is set before the first key or wait is the scene.
        while let Some(act) = acts.pop_if(|act| !matches!(act, Act::Keys(_) | Act::Wait(_))) {
            set(&mut world, act);
        }
        let caller = world.call(Incoming {
            program,
            flow: flow_of(line, "support"),
            called: "+15550100".into(),
            caller: Some("+15550123".into()),
            caller_name: None,
            attested: true,
            name: "a".into(),
            keys_can_arrive: true,
        });
        Stage { world, program, caller, acts, keys: Vec::new(), until: None }
    }

    /// One thing happens; false when nothing will any more.
    fn tick(&mut self) -> bool {
        if !self.keys.is_empty() {
            let key = self.keys.remove(0);
            self.world.press(self.caller, key);
            return true;
        }
        if let Some(until) = self.until {
            match self.world.next().filter(|at| *at <= until) {
                Some(at) => self.world.run_until(at),
                None => {
                    self.world.run_until(until);
                    self.until = None;
                }
            }
            return true;
        }
        match self.acts.pop() {
            Some(Act::Keys(keys)) => self.keys = keys.bytes().collect(),
            Some(Act::Wait(seconds)) => {
                self.until = Some(self.world.now().monotonic + seconds * 1_000_000);
            }
            Some(act) => set(&mut self.world, act),
            None => return false,
        }
        true
    }

    fn block(&self) -> Option<String> {
        self.world.switch().block(self.caller).map(|(_, block)| block.to_owned())
    }

    /// Long after, nothing is left but one record; gives the stories' lines.
    #[track_caller]
    fn ends(&mut self, what: &str) -> Vec<String> {
        for _ in 0..20 {
            self.world.wait(300_000);
        }
        let lines: Vec<String> = self.world.seen().iter().map(|seen| format!("{:?}", seen.what)).collect();
        let told = || lines.join("\n");
        assert!(self.world.switch().is_idle(), "{what}: somebody is left\n{}", told());
        assert_eq!(self.world.switch().engaged_agents(), 0, "{what}: somebody is held\n{}", told());
        assert_eq!(self.world.records().len(), 1, "{what}: one record\n{}", told());
        let record = &self.world.records()[0];
        let last = record.way.last().map_or(0, |step| step.at);
        assert!(record.duration >= last, "{what}: {record:?}");
        for talk in &record.talks {
            assert!(talk.at + talk.millis <= record.duration, "{what}: {record:?}");
        }
        for visit in &record.queues {
            assert!(visit.at + visit.waited <= record.duration, "{what}: {record:?}");
        }
        assert!(!without_clock(&told()).contains(PIN), "{what}: the PIN is told\n{}", told());
        assert!(!format!("{record:?}").contains(PIN), "{what}: the PIN is recorded");
        lines
    }
}

fn set(world: &mut World, act: Act) {
    match act {
        Act::Person(address, person) => world.person(address, person),
        Act::Here(agent, here) => world.presence(agent, here),
        Act::Evacuated => world.lever("evacuation", true),
        Act::DiskFails => world.disk_works = false,
        Act::Hold(held) => {
            for leg in world.talking() {
                world.hold(leg, held);
            }
        }
        Act::Keys(_) | Act::Wait(_) => {}
    }
}

fn flow_of(line: &VerifiedProgram, name: &str) -> u16 {
    let named = |function: &flow_bytecode::program::Function| line.texts[function.name as usize] == name;
    line.functions.iter().position(named).expect("the flow is there") as u16
}

/// Plays every play up to each of its moments, and interrupts it there. Gives the blocks that it was in.
fn interrupted(interrupt: impl Fn(&str, &mut Stage)) -> BTreeSet<String> {
    let line = support_line();
    let mut blocks = BTreeSet::new();
    for (name, at, acts) in plays() {
        for moment in 0.. {
            let mut stage = Stage::new(&line, at, &acts);
            let mut more = true;
            for _ in 0..moment {
                more = stage.tick();
            }
            if !more || !stage.world.is_there(stage.caller) {
                break;
            }
            let block = stage.block().unwrap_or_default();
            interrupt(&format!("{name}, moment {moment}, in {block}"), &mut stage);
            blocks.insert(block);
        }
    }
    blocks
}

/// All blocks in which a call waits.
const WAITS: [&str; 16] = [
    "anything_else",
    "evacuated",
    "goodbye",
    "hours",
    "main",
    "message",
    "opening",
    "operator",
    "overflow",
    "pin",
    "rate",
    "sales",
    "sorry",
    "thanks",
    "waiting",
    "welcome",
];

#[test]
fn every_wait_survives_a_restart() {
    let line = support_line();
    let blocks = interrupted(|what, stage| {
        let lasted = stage.world.now().monotonic / 1000;
        let block = stage.block();
        let bytes = stage.world.snapshot(stage.caller).unwrap_or_else(|why| panic!("{what}: {why}"));
        assert!(!bytes.windows(PIN.len()).any(|part| part == PIN.as_bytes()), "{what}: the PIN is on disk");
        // The new machine's clock begins anew.
        let mut world = World::new(Options::default(), stage.world.now().unix_millis);
        let program = world.load(line.clone(), vec![Datum::Text(PIN.into())]);
        let caller = world.restore(program, &bytes).unwrap_or_else(|why| panic!("{what}: {why}"));
        let mut after = Stage { world, program, caller, acts: Vec::new(), keys: Vec::new(), until: None };
        assert_eq!(after.block(), block, "{what}");
        assert!(after.world.snapshot(caller).is_ok(), "{what}: it waits again");
        after.ends(what);
        let record = &after.world.records()[0];
        assert!(record.duration >= lasted, "{what}: {} of {lasted} ms", record.duration);
        assert!(record.way.iter().any(|step| step.block == "welcome"), "{what}: {record:?}");
    });
    assert_eq!(blocks.iter().map(String::as_str).collect::<Vec<_>>(), WAITS);
}

#[test]
fn a_hang_up_at_every_wait_leaves_nothing() {
    for how in [HangUp::ByParty, HangUp::MediaLost] {
        interrupted(|what, stage| {
            stage.world.hang_up(stage.caller, how);
            stage.ends(what);
        });
    }
}

#[test]
fn people_who_go_at_every_wait_leave_nobody_behind() {
    interrupted(|what, stage| {
        stage.world.presence("dana", false);
        stage.world.presence("lee", false);
        stage.ends(what);
    });
    // Whoever was called hangs up, or their phones go dead.
    for how in [HangUp::ByParty, HangUp::MediaLost] {
        interrupted(|what, stage| {
            for address in [DANA, LEE] {
                for leg in stage.world.legs_at(address) {
                    stage.world.hang_up(leg, how);
                }
            }
            stage.ends(what);
        });
    }
}

#[test]
fn a_server_that_stops_at_every_wait_says_so() {
    interrupted(|what, stage| {
        stage.world.shutdown();
        let lines = stage.ends(what);
        assert!(lines.iter().any(|line| line.contains("the server stops")), "{what}: {lines:#?}");
    });
}

#[test]
fn keys_at_every_wait_do_no_harm() {
    for key in *b"019*#" {
        interrupted(|what, stage| {
            for _ in 0..3 {
                stage.world.press(stage.caller, key);
            }
            let lines = stage.ends(what);
            // Nobody is sent away in silence: what ends the call is heard.
            let record = &stage.world.records()[0];
            let last = &record.way.last().expect("it was somewhere").block;
            let entered = lines
                .iter()
                .rposition(|line| line.contains("Entered") && line.contains(&format!("block: \"{last}\"")));
            let heard = lines.iter().rposition(|line| line.contains("Said("));
            assert!(heard > entered, "{what}: {lines:#?}");
        });
    }
}

#[test]
fn a_recorded_talk_survives_a_restart() {
    let line = support_line();
    let mut stage = Stage::new(&line, NOON, &[Act::Keys("73912"), Act::Wait(10)]);
    while stage.tick() {}
    assert!(stage.world.is_talking(stage.caller), "they talk");
    let bytes = stage.world.snapshot(stage.caller).expect("it waits");
    let mut world = World::new(Options::default(), stage.world.now().unix_millis);
    let program = world.load(line.clone(), vec![Datum::Text(PIN.into())]);
    let caller = world.restore(program, &bytes).expect("it is read");
    let mut after = Stage { world, program, caller, acts: Vec::new(), keys: Vec::new(), until: None };
    after.ends("a talk");
    let record = &after.world.records()[0];
    let ended: Vec<_> = record.talks.iter().map(|talk| talk.ended_by.as_str()).collect();
    assert_eq!(ended, ["server", "agent"], "the talk before the restart, and the one after: {record:?}");
    let seen = |what: &What| matches!(what, What::Record(_));
    assert_eq!(stage.world.seen().iter().filter(|one| seen(&one.what)).count(), 0);
    assert_eq!(after.program, program);
}

/// What was told without its instants, whose digits may happen to be anything.
fn without_clock(told: &str) -> String {
    let mut parts = told.split("unix_millis: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}
