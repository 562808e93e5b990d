//! One line with a menu, a queue, a message and a survey, in all the ways a call can go.

use flow_calls::{World, compile};
use flow_node::Admin;

const LINE: &str = r#"
edition 2026

inbound "+15550190" -> line

agent dana at "sip:dana@127.0.0.3:5060" { }

queue desk { agents  pick longest_idle  capacity 10 }

flow line {
    on no_input, no_match 2 times -> sorry

    menu main {
        say "Welcome."
        press 1 for "the desk"  -> waiting
        press 2 for "a message" -> message
    }

    queue waiting {
        join desk
        longest 1m
        on talked -> rate
        otherwise -> sorry
    }

    survey rate {
        question score "How was it, from 1 to 5?" scale 1 to 5
        on done -> bye
    }

    voicemail message {
        say "Please speak."
        longest 20s  silence 2s
        deliver to "mailto:desk@line.example"
        on recorded, empty -> bye
        on failed -> sorry
    }

    end sorry { say "Sorry." }
    end bye   { say "Goodbye." }
}
"#;

struct Line {
    world: World,
    ada: usize,
    dana: usize,
}

fn line() -> Line {
    let mut world = World::new(compile(LINE));
    let ada = world.phone("ada", "127.0.0.2:5060");
    let dana = world.phone("dana", "127.0.0.3:5060");
    Line { world, ada, dana }
}

fn way(world: &World) -> Vec<&str> {
    assert_eq!(world.records.len(), 1, "one call, one record:\n{}", world.ladder);
    world.records[0].way.iter().map(|step| step.block.as_str()).collect()
}

#[test]
fn a_caller_talks_to_an_agent_and_rates_the_call() {
    let Line { mut world, ada, dana } = line();
    world.dial(ada, "+15550190");
    world.pass_millis(1_500);
    world.press("1");
    world.pass_millis(3_000);
    world.pick_up(dana);
    world.pass_millis(10_000);
    world.hang_up(dana);
    world.pass_millis(500);
    world.press("5");
    world.pass_millis(5_000);
    insta::assert_snapshot!(world.ladder);
    assert_eq!(way(&world), ["main", "waiting", "rate", "bye"]);
    assert_eq!(world.records[0].ratings[0].score, Some(5));
    assert_eq!(world.records[0].talks[0].with, "dana");
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_may_hang_up_at_any_moment() {
    // Every tenth of a second of the call above, so that it falls before, into and after each packet.
    for tenths in 0..120 {
        let Line { mut world, ada, dana } = line();
        world.show_packets = false;
        world.dial(ada, "line");
        for tenth in 0..tenths {
            match tenth {
                15 => world.press("1"),
                45 => world.pick_up(dana),
                80 => world.hang_up(dana),
                85 => world.press("5"),
                _ => {}
            }
            world.pass_millis(100);
        }
        world.hang_up(ada);
        world.pass_millis(40_000);
        assert_eq!(world.records.len(), 1, "after {tenths}00 ms:\n{}", world.ladder);
        world.assert_nothing_is_left();
    }
}

#[test]
fn a_phone_that_rings_stops_when_the_caller_leaves() {
    let Line { mut world, ada, dana } = line();
    world.dial(ada, "line");
    world.pass_millis(1_500);
    world.press("1");
    world.pass_millis(2_000);
    assert!(world.at(dana).is_busy(), "it rings:\n{}", world.ladder);
    world.hang_up(ada);
    world.pass_millis(100);
    assert!(!world.at(dana).is_busy(), "it rings on:\n{}", world.ladder);
    world.pass_millis(1_000);
    assert_eq!(way(&world), ["main", "waiting"]);
    world.assert_nothing_is_left();
}

#[test]
fn an_agent_who_declines_and_a_queue_that_gives_up() {
    let Line { mut world, ada, dana } = line();
    world.dial(ada, "line");
    world.pass_millis(1_500);
    world.press("1");
    world.pass_millis(2_000);
    world.decline(dana, 486);
    world.pass_millis(120_000);
    assert_eq!(way(&world), ["main", "waiting", "sorry"]);
    world.assert_nothing_is_left();
}

#[test]
fn silence_and_wrong_keys_lead_to_goodbye() {
    let Line { mut world, ada, .. } = line();
    world.dial(ada, "line");
    world.pass_millis(500);
    world.press("9");
    world.pass_millis(60_000);
    assert_eq!(way(&world), ["main", "sorry"]);
    world.assert_nothing_is_left();
}

#[test]
fn a_message_is_kept_when_the_caller_hangs_up_in_it() {
    let Line { mut world, ada, .. } = line();
    world.dial(ada, "line");
    world.pass_millis(1_500);
    world.press("2");
    world.pass_millis(8_000);
    world.hang_up(ada);
    world.pass_millis(1_000);
    assert_eq!(world.records[0].messages.len(), 1, "{}", world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn a_message_ends_with_a_key() {
    let Line { mut world, ada, .. } = line();
    world.dial(ada, "line");
    world.pass_millis(1_500);
    world.press("2");
    world.pass_millis(8_000);
    world.press("#");
    world.pass_millis(10_000);
    assert_eq!(way(&world), ["main", "message", "bye"]);
    assert_eq!(world.records[0].messages.len(), 1, "{}", world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn a_disk_that_fails_leads_where_the_flow_says() {
    let Line { mut world, ada, .. } = line();
    world.disk_works = false;
    world.dial(ada, "line");
    world.pass_millis(1_500);
    world.press("2");
    world.pass_millis(8_000);
    world.press("#");
    world.pass_millis(10_000);
    assert_eq!(way(&world), ["main", "message", "sorry"]);
    world.assert_nothing_is_left();
}

#[test]
fn hold_in_a_talk_and_back() {
    let Line { mut world, ada, dana } = line();
    world.dial(ada, "line");
    world.pass_millis(1_500);
    world.press("1");
    world.pass_millis(2_000);
    world.pick_up(dana);
    world.pass_millis(1_000);
    world.hold(dana, true);
    world.pass_millis(5_000);
    world.hold(dana, false);
    world.pass_millis(1_000);
    world.hang_up(ada);
    world.pass_millis(1_000);
    insta::assert_snapshot!(world.ladder);
    assert_eq!(way(&world), ["main", "waiting"]);
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_whose_packets_stop_is_noticed() {
    let Line { mut world, ada, .. } = line();
    world.dial(ada, "line");
    world.pass_millis(1_500);
    world.at(ada).dead = true;
    world.lose_media();
    world.pass_millis(40_000);
    assert_eq!(world.records.len(), 1, "{}", world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn lost_packets_cost_time_but_no_call_is_left() {
    for seed in 1..40u64 {
        let Line { mut world, ada, dana } = line();
        world.show_packets = false;
        let mut state = seed;
        world.loses = Box::new(move |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % 100 < 30
        });
        world.at(dana).answers = true;
        world.dial(ada, "line");
        world.pass_millis(10_000);
        world.press("1");
        world.pass_millis(20_000);
        world.hang_up(ada);
        world.pass_millis(200_000);
        // An INVITE whose every copy is lost reaches nobody.
        assert!(world.records.len() <= 1, "seed {seed}:\n{}", world.ladder);
        world.assert_nothing_is_left();
    }
}

#[test]
fn no_more_calls_than_there_is_room_for_and_none_while_draining() {
    let mut world = World::new(compile(LINE));
    let phones: Vec<usize> = ["127.0.0.2:1", "127.0.0.2:2", "127.0.0.2:3", "127.0.0.2:4"]
        .iter()
        .map(|at| world.phone("p", at))
        .collect();
    for &phone in &phones {
        world.dial(phone, "line");
        world.pass_millis(100);
    }
    assert_eq!(world.open_ports(), 3, "{}", world.ladder);
    assert!(world.ladder.contains("refused sip:line@127.0.0.1:5060: 503"), "{}", world.ladder);
    world.hang_up(phones[0]);
    world.pass_millis(100);
    world.admin(Admin::Drain);
    world.dial(phones[3], "line");
    world.pass_millis(100);
    assert_eq!(world.open_ports(), 2, "{}", world.ladder);
    world.admin(Admin::EndAll);
    world.pass_millis(1_000);
    assert_eq!(world.records.len(), 3, "{}", world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn strangers_reach_nothing() {
    let Line { mut world, ada, .. } = line();
    for user in ["+15550191", "desk", "dana", "900011442079460000"] {
        world.dial(ada, user);
        world.pass_millis(1_000);
        assert!(!world.at(ada).is_busy(), "{}", world.ladder);
    }
    assert!(world.records.is_empty());
    world.assert_nothing_is_left();
}
