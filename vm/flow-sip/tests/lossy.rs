//! Many calls over links that lose, repeat and reorder datagrams, in virtual time, from seeds: every
//! call ends exactly once on either side, and nothing is left when the timers have run out.

mod network;

use std::collections::BTreeMap;
use std::time::Duration;

use flow_sip::{CallHandle, EndCause, Event};
use network::{ANSWER, Network, OFFER, Weather};

/// What a side does next with a call, by the dice.
fn live(net: &mut Network, node: usize, event: &Event) {
    match event {
        Event::Incoming { call, .. } => match net.random(10) {
            0 => net.at(node, |sip, now| sip.reject(now, *call, 486, None, None)),
            1..=3 => net.at(node, |sip, now| sip.ring(now, *call, 180, None)),
            _ => net.at(node, |sip, now| sip.accept(now, *call, ANSWER.as_bytes())),
        },
        Event::Offer { call, .. } => match net.random(4) {
            0 => net.at(node, |sip, now| sip.refuse_offer(now, *call, 488)),
            _ => net.at(node, |sip, now| sip.answer_offer(now, *call, ANSWER.as_bytes())),
        },
        Event::Answered { call, .. } | Event::Acknowledged { call } if net.random(3) == 0 => {
            net.at(node, |sip, now| sip.reinvite(now, *call, OFFER.as_bytes()));
        }
        _ => {}
    }
}

fn subject(event: &Event) -> CallHandle {
    match event {
        Event::Incoming { call, .. }
        | Event::Progress { call, .. }
        | Event::Answered { call, .. }
        | Event::Acknowledged { call }
        | Event::Offer { call, .. }
        | Event::OfferWithdrawn { call }
        | Event::AnswerReceived { call, .. }
        | Event::OfferRefused { call, .. }
        | Event::ReferAnswered { call, .. }
        | Event::ReferProgress { call, .. }
        | Event::Info { call, .. }
        | Event::Ended { call, .. } => *call,
    }
}

/// Runs one seed; how many calls were answered.
fn storm(seed: u64, weather: Weather) -> usize {
    let net = weathered(seed, weather);
    net.nodes[0].events.iter().filter(|event| matches!(event, Event::Answered { .. })).count()
}

fn weathered(seed: u64, weather: Weather) -> Network {
    let mut net = Network::new(&["alice", "bob"], seed);
    net.weather = weather;
    let mut seen = [0, 0];
    let mut open: [Vec<CallHandle>; 2] = [Vec::new(), Vec::new()];
    let mut made = 0;
    let end = net.now + Duration::from_secs(60);
    let mut next_action = net.now;
    while net.now < end {
        if net.now >= next_action {
            next_action = net.now + Duration::from_millis(50 + net.random(200));
            act(&mut net, &mut open, &mut made);
        }
        if !net.step(next_action) {
            net.now = next_action;
        }
        react(&mut net, &mut seen, &mut open);
    }
    hang_up_all(&mut net, &mut open);
    // 64 × T1 twice over, and the longest crossing: everything must be forgotten by then.
    let end = net.now + Duration::from_secs(110);
    while net.step(end) {
        react(&mut net, &mut seen, &mut open);
        hang_up_all(&mut net, &mut open);
    }
    check(&net, made);
    net
}

/// Ends what is open: a call may still come in from a caller who has long gone.
fn hang_up_all(net: &mut Network, open: &mut [Vec<CallHandle>; 2]) {
    for (node, calls) in open.iter_mut().enumerate() {
        for call in calls.drain(..) {
            net.at(node, |sip, now| sip.hang_up(now, call));
        }
    }
}

fn act(net: &mut Network, open: &mut [Vec<CallHandle>; 2], made: &mut usize) {
    let node = usize::from(net.random(2) == 0);
    let chance = net.random(100);
    let known = open[node].len() as u64;
    if chance < 40 {
        let sdp = (net.random(5) > 0).then_some(OFFER);
        let invite = net.invite(0, net.nodes[1].address, sdp);
        let call = net.at(0, |sip, now| sip.invite(now, invite));
        open[0].push(call);
        *made += 1;
    } else if known > 0 {
        let call = open[node][net.random(known) as usize];
        match chance {
            40..70 => net.at(node, |sip, now| sip.hang_up(now, call)),
            70..80 => net.at(node, |sip, now| sip.reinvite(now, call, OFFER.as_bytes())),
            80..90 => net.at(node, |sip, now| sip.answer_offer(now, call, ANSWER.as_bytes())),
            _ => net.at(node, |sip, now| sip.accept(now, call, ANSWER.as_bytes())),
        }
    }
}

fn react(net: &mut Network, seen: &mut [usize; 2], open: &mut [Vec<CallHandle>; 2]) {
    for node in 0..2 {
        while seen[node] < net.nodes[node].events.len() {
            let event = net.nodes[node].events[seen[node]].clone();
            seen[node] += 1;
            if matches!(event, Event::Incoming { .. }) {
                open[node].push(subject(&event));
            }
            live(net, node, &event);
        }
    }
}

fn check(net: &Network, made: usize) {
    for node in &net.nodes {
        let mut ends: BTreeMap<CallHandle, usize> = BTreeMap::new();
        for event in &node.events {
            let count = ends.entry(subject(event)).or_default();
            assert_eq!(*count, 0, "{}: {event:?} after the end\n{}", node.name, net.log);
            *count += usize::from(matches!(event, Event::Ended { .. }));
        }
        assert!(ends.values().all(|count| *count == 1), "{}: {ends:?}\n{}", node.name, net.log);
        assert!(node.endpoint.is_idle(), "{} has something left\n{}", node.name, net.log);
    }
    assert_eq!(net.ends(0).len(), made);
}

#[test]
fn fair_weather() {
    let answered: usize = (0..20).map(|seed| storm(seed, Weather::default())).sum();
    assert!(answered > 500, "{answered}");
}

#[test]
fn loss_repetition_and_reordering() {
    let weather = Weather { loss: 15, repeats: 10, jitter: 300 };
    let answered: usize = (100..140).map(|seed| storm(seed, weather)).sum();
    assert!(answered > 500, "{answered}");
}

#[test]
fn links_that_hardly_work() {
    let weather = Weather { loss: 70, repeats: 30, jitter: 3_000 };
    for seed in 200..220 {
        storm(seed, weather);
    }
}

#[test]
fn a_link_that_breaks_in_the_middle_of_a_call() {
    let mut net = Network::new(&["alice", "bob"], 1);
    let (alice, _) = net.established(0, 1);
    net.lose = Some(Box::new(|_| true));
    net.at(0, |sip, now| sip.reinvite(now, alice, OFFER.as_bytes()));
    net.run_ms(33_000);
    assert_eq!(net.ends(0), [EndCause::Timeout]);
    net.run_ms(33_000);
    assert!(net.nodes[0].endpoint.is_idle());
}

#[test]
fn a_thousand_peers_that_never_acknowledge_cost_their_retransmissions_only() {
    let mut net = Network::new(&["alice", "bob"], 1);
    for _ in 0..1_000 {
        let (_, bob) = net.call(0, 1);
        net.at(1, |sip, now| sip.accept(now, bob, ANSWER.as_bytes()));
        net.lose = Some(Box::new(|packet| packet.bytes.starts_with(b"ACK ")));
    }
    net.run_ms(40_000);
    let causes = net.ends(1);
    assert!(causes.len() == 1_000 && causes.iter().all(|cause| *cause == EndCause::NoAck));
    net.run_ms(70_000);
    assert!(net.nodes.iter().all(|node| node.endpoint.is_idle()));
    // Ten repetitions of each 200, and nothing else that was not asked for.
    let repeated = net.nodes[1].endpoint.counters().retransmitted;
    assert!((10_000..=10_100).contains(&repeated), "{repeated}");
}

#[test]
fn the_same_seed_gives_the_same_calls() {
    let weather = Weather { loss: 15, repeats: 10, jitter: 300 };
    let (one, two) = (weathered(7, weather), weathered(7, weather));
    assert_eq!(one.log, two.log);
    let raw = |net: &Network| -> Vec<std::sync::Arc<[u8]>> {
        let incoming = |event: &Event| match event {
            Event::Incoming { request, .. } => Some(request.raw.clone()),
            _ => None,
        };
        net.nodes[1].events.iter().filter_map(incoming).collect()
    };
    assert_eq!(raw(&one), raw(&two));
    assert_ne!(one.log, weathered(8, weather).log);
}
