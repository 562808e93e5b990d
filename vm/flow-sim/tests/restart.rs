//! A call that is carried to another machine at any of its waits goes on there and comes to its end.

mod support;
#[path = "support/support_line.rs"]
mod support_line;

use flow_sim::{Answering, Person, World};
use flow_switch::Options;
use flow_switch::boundary::{Incoming, LegId, ProgramId};
use proptest::prelude::*;
use support_line::support_line;

const NOON: i64 = 1_772_557_200_000;

fn world() -> (World, ProgramId) {
    let mut world = World::new(Options::default(), NOON);
    let program = world.load(support_line(), Vec::new());
    (world, program)
}

fn call(world: &mut World, program: ProgramId) -> LegId {
    world.call(Incoming {
        program,
        flow: 0,
        called: "+15550100".into(),
        caller: Some("+15550123".into()),
        caller_name: None,
        attested: true,
        name: "a".into(),
        keys_can_arrive: true,
    })
}

/// The blocks in which the call was carried over.
fn carried(keys: &str, never: bool) -> Vec<String> {
    let (mut first, program) = world();
    if never {
        first.stranger = Person { answering: Answering::Never, ..Person::default() };
    }
    let caller = call(&mut first, program);
    let mut pressing = keys.bytes();
    let mut waits = Vec::new();
    for _ in 0..400 {
        if let Ok(bytes) = first.snapshot(caller) {
            let block = first.switch().block(caller).map(|(_, block)| block.to_owned()).unwrap_or_default();
            let (mut second, program) = world();
            second.run_until(first.now().monotonic);
            let moved = second.restore(program, &bytes).expect("the snapshot is read");
            assert_eq!(second.switch().block(moved).map(|(_, block)| block), Some(block.as_str()));
            let again = second.snapshot(moved);
            assert!(again.is_ok() || !second.is_there(moved), "it waits again in {block}");
            second.wait(1_200_000);
            assert!(second.switch().is_idle(), "carried over in {block}, it does not end");
            let [record] = second.records() else { panic!("one record of the call carried over in {block}") };
            let way: Vec<_> = record.way.iter().map(|step| step.block.as_str()).collect();
            assert!(way.contains(&"welcome") && way.contains(&block.as_str()), "{way:?}");
            if !waits.contains(&block) {
                waits.push(block);
            }
        }
        if !first.is_there(caller) {
            break;
        }
        first.seen();
        match pressing.next() {
            Some(key) => first.press(caller, key),
            None => match first.next() {
                Some(at) => first.run_until(at),
                None => break,
            },
        }
    }
    waits
}

#[test]
fn every_wait_survives() {
    let mut all: Vec<String> = Vec::new();
    for (keys, never) in
        [("", false), ("1234#3", false), ("*3", true), ("*1", false), ("*0", false), ("*9", false)]
    {
        for block in carried(keys, never) {
            if !all.contains(&block) {
                all.push(block);
            }
        }
    }
    all.sort();
    let expected = ["goodbye", "main", "message", "operator", "pin", "rate", "sales", "waiting", "welcome"]
        .map(String::from);
    assert_eq!(all, expected);
}

#[test]
fn a_place_keeps_its_age() {
    let (mut first, program) = world();
    first.stranger = Person { answering: Answering::Never, ..Person::default() };
    let caller = call(&mut first, program);
    for key in *b"*3" {
        first.press(caller, key);
    }
    first.wait(100_000);
    let bytes = first.snapshot(caller).expect("it waits");
    let (mut second, program) = world();
    second.stranger = first.stranger;
    second.run_until(first.now().monotonic);
    let moved = second.restore(program, &bytes).expect("the snapshot is read");
    // The choice that is live after two minutes of the place's time, not of this stay's.
    second.wait(25_000);
    second.press(moved, b'1');
    assert_eq!(second.switch().block(moved), Some(("menu", "offered")));
}

proptest! {
    #[test]
    fn damaged_bytes_are_refused_or_harmless(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let (mut first, program) = world();
        first.stranger = Person { answering: Answering::Never, ..Person::default() };
        let caller = call(&mut first, program);
        for key in *b"*3" {
            first.press(caller, key);
        }
        first.wait(60_000);
        let mut bytes = first.snapshot(caller).expect("it waits");
        let index = at.index(bytes.len());
        if cut {
            bytes.truncate(index);
        } else {
            bytes[index] = byte;
        }
        let (mut second, program) = world();
        let _ = second.restore(program, &bytes);
        second.wait(5 * 3_600_000);
        prop_assert!(second.switch().is_idle());
    }
}
