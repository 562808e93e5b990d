//! Calls as ladders: every message and every event in its order, as the peers would see them.

mod network;

use insta::assert_snapshot;
use network::{ANSWER, Network, OFFER};

fn pair() -> Network {
    Network::new(&["alice", "bob"], 1)
}

#[test]
fn a_plain_call() {
    let mut net = pair();
    let (alice, bob) = net.call(0, 1);
    net.at(1, |sip, now| sip.ring(now, bob, 180, None));
    net.run_ms(1_000);
    net.at(1, |sip, now| sip.accept(now, bob, ANSWER.as_bytes()));
    net.run_ms(2_000);
    net.at(0, |sip, now| sip.hang_up(now, alice));
    net.run_ms(20);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_slow_answer_is_preceded_by_trying() {
    let mut net = pair();
    let (_, bob) = net.call(0, 1);
    net.run_ms(700);
    net.at(1, |sip, now| sip.accept(now, bob, ANSWER.as_bytes()));
    net.run_ms(50);
    net.at(1, |sip, now| sip.hang_up(now, bob));
    net.run_ms(20);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_caller_gives_up_while_it_rings() {
    let mut net = pair();
    let (alice, bob) = net.call(0, 1);
    net.at(1, |sip, now| sip.ring(now, bob, 180, None));
    net.run_ms(3_000);
    net.at(0, |sip, now| sip.hang_up(now, alice));
    net.run_ms(50);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_caller_gives_up_before_anything_was_heard() {
    let mut net = pair();
    let (alice, _) = net.call(0, 1);
    net.at(0, |sip, now| sip.hang_up(now, alice));
    net.run_ms(500);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_cancel_crosses_the_answer() {
    let mut net = pair();
    let (alice, bob) = net.call(0, 1);
    net.at(1, |sip, now| sip.ring(now, bob, 180, None));
    net.run_ms(1_000);
    net.at(1, |sip, now| sip.accept(now, bob, ANSWER.as_bytes()));
    net.at(0, |sip, now| sip.hang_up(now, alice));
    net.run_ms(50);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_caller_that_never_acknowledges() {
    let mut net = pair();
    let (_, bob) = net.call(0, 1);
    net.lose = Some(Box::new(|packet| packet.bytes.starts_with(b"ACK ")));
    net.at(1, |sip, now| sip.accept(now, bob, ANSWER.as_bytes()));
    net.run_ms(33_000);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn hang_up_before_the_ack_waits_for_it() {
    let mut net = pair();
    let (_, bob) = net.call(0, 1);
    let mut first = true;
    net.lose = Some(Box::new(move |packet| {
        packet.bytes.starts_with(b"ACK ") && std::mem::replace(&mut first, false)
    }));
    net.at(1, |sip, now| sip.accept(now, bob, ANSWER.as_bytes()));
    net.at(1, |sip, now| sip.hang_up(now, bob));
    net.run_ms(600);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn hold_and_resume() {
    let mut net = pair();
    let (alice, bob) = net.established(0, 1);
    net.at(0, |sip, now| sip.reinvite(now, alice, OFFER.as_bytes()));
    net.run_ms(10);
    net.at(1, |sip, now| sip.answer_offer(now, bob, ANSWER.as_bytes()));
    net.run_ms(1_000);
    net.at(1, |sip, now| sip.reinvite(now, bob, OFFER.as_bytes()));
    net.run_ms(10);
    net.at(0, |sip, now| sip.answer_offer(now, alice, ANSWER.as_bytes()));
    net.run_ms(1_000);
    net.at(0, |sip, now| sip.reinvite(now, alice, OFFER.as_bytes()));
    net.run_ms(10);
    net.at(1, |sip, now| sip.refuse_offer(now, bob, 488));
    net.run_ms(50);
    net.at(1, |sip, now| sip.hang_up(now, bob));
    net.run_ms(20);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn offers_that_cross_are_tried_again() {
    let mut net = pair();
    let (alice, bob) = net.established(0, 1);
    net.at(0, |sip, now| sip.reinvite(now, alice, OFFER.as_bytes()));
    net.at(1, |sip, now| sip.reinvite(now, bob, OFFER.as_bytes()));
    net.run_ms(10);
    for _ in 0..500 {
        net.run_ms(10);
        let offers: Vec<(usize, flow_sip::CallHandle)> = [(0, alice), (1, bob)]
            .into_iter()
            .filter(|(node, _)| matches!(net.nodes[*node].events.last(), Some(flow_sip::Event::Offer { .. })))
            .collect();
        for (node, call) in offers {
            net.at(node, |sip, now| sip.answer_offer(now, call, ANSWER.as_bytes()));
            net.nodes[node].events.clear();
        }
    }
    net.at(0, |sip, now| sip.hang_up(now, alice));
    net.run_ms(20);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn both_hang_up_at_once() {
    let mut net = pair();
    let (alice, bob) = net.established(0, 1);
    net.at(0, |sip, now| sip.hang_up(now, alice));
    net.at(1, |sip, now| sip.hang_up(now, bob));
    net.run_ms(50);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_call_that_is_refused() {
    let mut net = pair();
    let (_, bob) = net.call(0, 1);
    let mut first = true;
    net.lose = Some(Box::new(move |packet| {
        packet.bytes.starts_with(b"ACK ") && std::mem::replace(&mut first, false)
    }));
    net.at(1, |sip, now| sip.reject(now, bob, 486, None, Some(30)));
    net.run_ms(1_000);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_delayed_offer_is_answered_in_the_ack() {
    let mut net = pair();
    let invite = net.invite(0, net.nodes[1].address, None);
    let alice = net.at(0, |sip, now| sip.invite(now, invite));
    net.run_ms(10);
    let bob = net.incoming(1);
    net.at(1, |sip, now| sip.accept(now, bob, OFFER.as_bytes()));
    net.run_ms(10);
    net.at(0, |sip, now| sip.answer_offer(now, alice, ANSWER.as_bytes()));
    net.run_ms(100);
    net.at(0, |sip, now| sip.hang_up(now, alice));
    net.run_ms(20);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn nobody_answers_our_invite() {
    let mut net = pair();
    let nowhere = net.stranger("nowhere", "127.0.0.9:5060");
    let invite = net.invite(0, nowhere, Some(OFFER));
    net.at(0, |sip, now| sip.invite(now, invite));
    net.run_ms(33_000);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_phone_that_rings_and_is_never_heard_again() {
    let mut net = pair();
    let (_, bob) = net.call(0, 1);
    net.at(1, |sip, now| sip.ring(now, bob, 180, None));
    net.run_ms(15);
    net.lose = Some(Box::new(|packet| packet.from.ip().to_string() == "127.0.0.2"));
    net.run_ms(230_000);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_long_wait_is_kept_alive_by_repeated_ringing() {
    let mut net = pair();
    let (alice, bob) = net.call(0, 1);
    net.at(1, |sip, now| sip.ring(now, bob, 182, None));
    net.run_ms(300_000);
    net.at(0, |sip, now| sip.hang_up(now, alice));
    net.run_ms(50);
    net.settle();
    assert_snapshot!(net.log);
}
