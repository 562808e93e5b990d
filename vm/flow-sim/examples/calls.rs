//! Calls of a support line in virtual time, to be counted from outside: what the whole switch costs.
//!
//! - `calls alone N`: N calls, one after the other.
//! - `calls crowd N`: N calls, a thousand at a time.
//!
//! Of five calls two wait in the queue, talk and rate; one hangs up while talking; one dials sales; one is
//! silent, and leaves a message. Run under `valgrind --tool=cachegrind --cache-sim=no` at two values of N, or
//! take the processor's time; the script `benches/calls` does so.

#![allow(clippy::disallowed_macros)]
// The writer of programs is the tests', which use more of it.
#![allow(dead_code)]

#[path = "../tests/support/mod.rs"]
mod support;
#[path = "../tests/support/support_line.rs"]
mod support_line;

use flow_sim::World;
use flow_switch::Options;
use flow_switch::boundary::{HangUp, Incoming, LegId, ProgramId};

/// Tuesday 3 March 2026, noon in New York.
const NOON: i64 = 1_772_557_200_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = arguments.get(1).and_then(|count| count.parse().ok()).unwrap_or(0);
    match arguments.first().map(String::as_str) {
        Some("alone") => run(count, 1),
        Some("crowd") => run(count, 1000),
        _ => eprintln!("usage: calls alone N | calls crowd N"),
    }
}

fn run(count: usize, at_once: usize) {
    let mut world = World::new(Options::default(), NOON);
    let program = world.load(support_line::support_line(), Vec::new());
    let mut begun = 0;
    let mut seen = 0;
    while begun < count {
        let legs: Vec<(usize, LegId)> = (begun..count.min(begun + at_once))
            .map(|number| (number % 5, call(&mut world, program, number)))
            .collect();
        begun += legs.len();
        // Press, talk, hang up, rate, and be done: each at the time when a call alone is there.
        seen += at(&mut world, &legs, 1, |world, kind, leg| {
            let keys: &[u8] = match kind {
                0..=2 => b"*3",
                3 => b"*1",
                _ => b"*",
            };
            keys.iter().for_each(|key| world.press(leg, *key));
        });
        seen += at(&mut world, &legs, 10, |world, kind, leg| {
            if matches!(kind, 2 | 3) {
                world.hang_up(leg, HangUp::ByParty);
            }
        });
        seen += at(&mut world, &legs, 20, |world, kind, leg| {
            if matches!(kind, 0 | 1) {
                world.press(leg, b'5');
            }
        });
        seen += at(&mut world, &legs, 120, |_, _, _| {});
    }
    println!("{begun} calls, {} records, {seen} things seen", world.records().len());
}

fn call(world: &mut World, program: ProgramId, number: usize) -> LegId {
    world.call(Incoming {
        program,
        flow: 0,
        called: "+15550100".into(),
        caller: Some("+15550123".into()),
        caller_name: None,
        attested: true,
        name: number.to_string(),
        keys_can_arrive: true,
    })
}

/// Lets seconds pass, then does something to each call; how much was seen.
fn at(
    world: &mut World,
    legs: &[(usize, LegId)],
    seconds: u64,
    act: impl Fn(&mut World, usize, LegId),
) -> usize {
    let until = world.now().monotonic + seconds * 1_000_000;
    world.run_until(until);
    for (kind, leg) in legs {
        act(world, *kind, *leg);
    }
    world.seen().len()
}
