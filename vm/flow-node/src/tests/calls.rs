//! Calls as they go, and as they go wrong.

use std::time::Duration;

use flow_sip::{Codec, Direction};
use flow_switch::boundary::{Digit, LegId, Output as Order, PlayId, ProgramId, RecordingId};

use super::world::World;
use crate::boundary::{MediaEvent, SessionId};

/// The leg that the switch calls in these tests.
const AGENT: LegId = LegId { slot: 40, generation: 7 };

fn play(leg: LegId, number: u32) -> Order {
    Order::Play {
        leg,
        play: PlayId(number),
        program: ProgramId(0),
        items: Vec::new(),
        barge_in: true,
        repeat: false,
        from_millis: 0,
    }
}

fn dial(near: LegId, address: &str) -> Order {
    Order::Dial {
        leg: AGENT,
        near,
        address: address.into(),
        from: Some("+15550100".into()),
        display: Some("Support".into()),
    }
}

/// A world with a caller whose call is answered.
fn answered() -> (World, usize, LegId) {
    let mut world = World::new();
    let ada = world.phone("ada", "127.0.0.2:5060");
    world.call(ada, "support", true);
    world.pass_millis(10);
    let leg = world.legs[0];
    world.order(Order::Answer(leg));
    world.pass_millis(10);
    (world, ada, leg)
}

/// A world with a caller and an agent who talk.
fn talking() -> (World, usize, usize, LegId) {
    let (mut world, ada, leg) = answered();
    let dana = world.phone("dana", "127.0.0.3:5060");
    world.order(dial(leg, "sip:dana@127.0.0.3"));
    world.pass_millis(2_000);
    world.pick_up(dana);
    world.pass_millis(10);
    world.order(Order::Bridge(leg, AGENT));
    (world, ada, dana, leg)
}

#[test]
fn a_call_is_answered_and_hung_up_by_the_caller() {
    let (mut world, ada, leg) = answered();
    world.order(play(leg, 1));
    world.pass_millis(500);
    world.on_phone(ada, |endpoint, now, call| endpoint.hang_up(now, call));
    world.pass_millis(100);
    insta::assert_snapshot!(world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn what_is_played_before_the_port_is_open_waits_for_it() {
    let mut world = World::new();
    let ada = world.phone("ada", "127.0.0.2:5060");
    world.call(ada, "support", true);
    world.pass_millis(10);
    let leg = world.legs[0];
    world.order(Order::Ring(leg));
    world.order(play(leg, 1));
    world.order(Order::Answer(leg));
    world.pass_millis(100);
    world.order(Order::HangUp(leg));
    world.pass_millis(100);
    insta::assert_snapshot!(world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn an_invite_without_an_offer_gets_ours() {
    let mut world = World::new();
    let ada = world.phone("ada", "127.0.0.2:5060");
    world.call(ada, "support", false);
    world.pass_millis(10);
    let leg = world.legs[0];
    world.order(Order::Answer(leg));
    world.order(play(leg, 1));
    world.pass_millis(500);
    world.order(Order::HangUp(leg));
    world.pass_millis(100);
    insta::assert_snapshot!(world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn caller_and_agent_talk_until_the_agent_hangs_up() {
    let (mut world, _, dana, leg) = talking();
    world.pass_millis(5_000);
    world.on_phone(dana, |endpoint, now, call| endpoint.hang_up(now, call));
    world.pass_millis(100);
    world.order(Order::HangUp(leg));
    world.pass_millis(100);
    insta::assert_snapshot!(world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_who_leaves_while_it_rings_stops_the_ringing() {
    let (mut world, ada, leg) = answered();
    let dana = world.phone("dana", "127.0.0.3:5060");
    world.order(dial(leg, "sip:dana@127.0.0.3"));
    world.pass_millis(1_000);
    world.on_phone(ada, |endpoint, now, call| endpoint.hang_up(now, call));
    world.pass_millis(10);
    world.order(Order::HangUp(AGENT));
    world.pass_millis(100);
    assert_eq!(world.phones[dana].call, None, "the agent's phone rings on:\n{}", world.ladder);
    insta::assert_snapshot!(world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn an_agent_who_answers_while_the_ringing_stops_is_let_go_at_once() {
    let (mut world, _, leg) = answered();
    let dana = world.phone("dana", "127.0.0.3:5060");
    world.order(dial(leg, "sip:dana@127.0.0.3"));
    world.pass_millis(1_000);
    world.pick_up(dana);
    world.order(Order::HangUp(AGENT));
    world.pass_millis(500);
    assert_eq!(world.phones[dana].call, None, "the agent's call stands:\n{}", world.ladder);
    world.order(Order::HangUp(leg));
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_who_leaves_before_the_answer_is_noticed() {
    let mut world = World::new();
    let ada = world.phone("ada", "127.0.0.2:5060");
    world.call(ada, "support", true);
    world.pass_millis(10);
    let leg = world.legs[0];
    world.order(Order::Ring(leg));
    world.pass_millis(10);
    world.on_phone(ada, |endpoint, now, call| endpoint.hang_up(now, call));
    world.pass_millis(100);
    // The switch may not have heard of it yet.
    world.order(Order::Answer(leg));
    world.order(play(leg, 1));
    insta::assert_snapshot!(world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn a_busy_agent_and_one_who_is_not_there() {
    let (mut world, _, leg) = answered();
    let dana = world.phone("dana", "127.0.0.3:5060");
    world.order(dial(leg, "sip:dana@127.0.0.3"));
    world.pass_millis(1_000);
    world.on_phone(dana, |endpoint, now, call| endpoint.reject(now, call, 486, None, None));
    world.pass_millis(100);
    for nowhere in ["tel:+15550199", "sips:dana@127.0.0.3", "nonsense", "sip:dana@127.0.0.3;transport=tcp"] {
        world.order(dial(leg, nowhere));
    }
    world.order(dial(leg, "sip:lee@127.0.0.9"));
    world.pass(Duration::from_secs(40));
    world.order(Order::HangUp(leg));
    let heard: Vec<&str> = world.ladder.lines().filter(|line| line.contains("Failed")).collect();
    insta::assert_snapshot!(heard.join("\n"));
    world.assert_nothing_is_left();
}

#[test]
fn a_name_is_resolved_before_it_is_called() {
    let (mut world, _, leg) = answered();
    let _ = world.phone("dana", "127.0.0.3:5080");
    world.order(dial(leg, "sip:dana@desk.example:5080"));
    world.resolved(1, Some("127.0.0.3:5080"));
    world.pass_millis(100);
    assert!(world.ladder.contains("node -> dana  INVITE"), "{}", world.ladder);
    world.order(Order::HangUp(AGENT));
    world.order(dial(leg, "sip:nobody@nowhere.example"));
    world.resolved(2, None);
    world.pass_millis(100);
    assert!(world.ladder.contains("Failed(leg 40, Unreachable)"), "{}", world.ladder);
    world.order(Order::HangUp(leg));
    world.assert_nothing_is_left();
}

#[test]
fn hold_and_back_keep_the_music() {
    let (mut world, ada, leg) = answered();
    world.order(play(leg, 1));
    world.reinvite(ada, Direction::SendOnly);
    world.pass_millis(1_000);
    world.reinvite(ada, Direction::SendRecv);
    world.pass_millis(1_000);
    world.on_phone(ada, |endpoint, now, call| endpoint.hang_up(now, call));
    world.pass_millis(100);
    insta::assert_snapshot!(world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn a_bridged_leg_on_hold_is_told() {
    let (mut world, _, dana, leg) = talking();
    world.reinvite(dana, Direction::Inactive);
    world.pass_millis(100);
    assert!(world.ladder.contains("Held(leg 40, true)"), "{}", world.ladder);
    world.reinvite(dana, Direction::SendRecv);
    world.pass_millis(100);
    assert!(world.ladder.contains("Held(leg 40, false)"), "{}", world.ladder);
    world.order(Order::HangUp(AGENT));
    world.order(Order::HangUp(leg));
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_who_never_acknowledges_is_let_go() {
    let mut world = World::new();
    let ada = world.phone("ada", "127.0.0.2:5060");
    world.call(ada, "support", true);
    world.pass_millis(10);
    world.phones[ada].dead = true;
    let leg = world.legs[0];
    world.order(Order::Answer(leg));
    world.pass(Duration::from_secs(40));
    assert!(world.ladder.contains("HungUp(leg 0, ConnectionLost)"), "{}", world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_who_vanishes_is_noticed_by_silence() {
    let (mut world, ada, leg) = answered();
    world.phones[ada].dead = true;
    world.media(MediaEvent::MediaLost { session: SessionId::of(leg) });
    assert!(world.ladder.contains("HungUp(leg 0, MediaLost)"), "{}", world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn no_port_for_a_caller_is_503_and_for_an_agent_a_failure() {
    let mut world = World::new();
    let ada = world.phone("ada", "127.0.0.2:5060");
    world.ports_left = false;
    world.call(ada, "support", true);
    world.pass_millis(10);
    let leg = world.legs[0];
    world.order(Order::Answer(leg));
    world.order(dial(leg, "sip:dana@127.0.0.3"));
    world.pass_millis(100);
    insta::assert_snapshot!(world.ladder);
    world.assert_nothing_is_left();
}

#[test]
fn keys_by_info_cut_a_prompt_and_count_once() {
    let (mut world, _, leg) = answered();
    world.order(play(leg, 1));
    let key = |number| Digit::new(number).unwrap();
    world.node.key(leg, key(b'5'), crate::leg::KeyWay::Info);
    world.media(MediaEvent::Digit { session: SessionId::of(leg), digit: key(b'5') });
    let story: Vec<&str> = world.ladder.lines().rev().take(3).collect();
    insta::assert_snapshot!(story.into_iter().rev().collect::<Vec<_>>().join("\n"));
    world.order(Order::HangUp(leg));
    world.assert_nothing_is_left();
}

#[test]
fn a_key_that_cuts_a_prompt_is_told_before_its_end() {
    let (mut world, _, leg) = answered();
    let session = SessionId::of(leg);
    world.order(play(leg, 1));
    world.media(MediaEvent::PlaybackFinished { session, play: PlayId(1), cut: true });
    world.media(MediaEvent::Digit { session, digit: Digit::new(b'2').unwrap() });
    let digit = world.ladder.find("Digit(").expect("a digit");
    let finished = world.ladder.find("PlaybackFinished").expect("an end");
    assert!(digit < finished, "{}", world.ladder);
    world.order(Order::HangUp(leg));
    world.assert_nothing_is_left();
}

#[test]
fn the_key_that_ends_a_recording_does_nothing_else() {
    for key_first in [true, false] {
        let (mut world, _, leg) = answered();
        let session = SessionId::of(leg);
        let recording = RecordingId(1);
        world.order(Order::Record {
            leg,
            recording,
            name: "m".into(),
            longest_millis: 1_000,
            silence_millis: None,
        });
        let finished =
            MediaEvent::RecordingFinished { session, recording, millis: 700, spoken: true, by_key: true };
        let digit = MediaEvent::Digit { session, digit: Digit::new(b'#').unwrap() };
        let (first, second) = if key_first { (digit, finished) } else { (finished, digit) };
        world.media(first);
        world.media(second);
        assert!(!world.ladder.contains("Digit("), "{}", world.ladder);
        world.media(MediaEvent::Digit { session, digit: Digit::new(b'1').unwrap() });
        assert!(world.ladder.contains("Digit("), "the next key counts:\n{}", world.ladder);
        world.order(Order::HangUp(leg));
        world.assert_nothing_is_left();
    }
}

#[test]
fn nobody_can_aim_our_media_at_a_stranger() {
    let mut world = World::new();
    let ada = world.phone("ada", "127.0.0.2:5060");
    world.phones[ada].session = super::world::session("192.0.2.66:9".parse().unwrap(), vec![Codec::Pcmu]);
    world.call(ada, "support", true);
    world.pass_millis(10);
    let leg = world.legs[0];
    world.order(Order::Answer(leg));
    world.pass_millis(10);
    world.reinvite(ada, Direction::SendRecv);
    world.pass_millis(10);
    let told: Vec<&str> = world.ladder.lines().filter(|line| line.contains("media:")).collect();
    let told = told.join("\n");
    assert_eq!(told.matches("unproven").count(), 2, "{told}");
    assert!(!told.contains("media: proven"), "{told}");
    world.order(Order::HangUp(leg));
    world.assert_nothing_is_left();
}

#[test]
fn calls_survive_lost_packets() {
    for seed in 1..60u64 {
        let mut world = World::new();
        let mut state = seed;
        world.loses = Box::new(move |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % 100 < 30
        });
        let ada = world.phone("ada", "127.0.0.2:5060");
        let dana = world.phone("dana", "127.0.0.3:5060");
        world.phones[dana].answers = true;
        world.call(ada, "support", true);
        world.pass(Duration::from_secs(8));
        if let Some(leg) = world.legs.first().copied() {
            world.order(Order::Answer(leg));
            world.order(dial(leg, "sip:dana@127.0.0.3"));
            world.pass(Duration::from_secs(10));
            world.order(Order::Bridge(leg, AGENT));
            world.order(Order::HangUp(AGENT));
            if world.phones[ada].call.is_some() {
                world.on_phone(ada, |endpoint, now, call| endpoint.hang_up(now, call));
            }
            world.pass(Duration::from_secs(40));
            world.order(Order::HangUp(leg));
        }
        world.assert_nothing_is_left();
    }
}
