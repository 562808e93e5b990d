//! Packets of any bytes, and packets that are almost right, never end the node nor another call.

use flow_switch::boundary::{LegId, Output as Order};
use proptest::prelude::*;

use super::world::{NODE, World};

/// A call that stands, with what its caller sent.
fn standing() -> (World, usize, LegId) {
    let mut world = World::new();
    let ada = world.phone("ada", "127.0.0.2:5060");
    world.call(ada, "support", true);
    world.pass_millis(10);
    let leg = world.legs[0];
    world.order(Order::Answer(leg));
    world.pass_millis(10);
    (world, ada, leg)
}

#[track_caller]
fn still_stands(world: &mut World, ada: usize, leg: LegId) {
    assert!(world.phones[ada].call.is_some(), "the call is gone:\n{}", world.ladder);
    world.order(Order::HangUp(leg));
    world.pass_millis(100);
    assert!(world.phones[ada].call.is_none(), "the call cannot be ended:\n{}", world.ladder);
}

fn invite(body: &str, kind: &str) -> String {
    format!(
        "INVITE sip:support@{NODE} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.66:5060;branch=z9hG4bKx\r\n\
         Max-Forwards: 70\r\nFrom: <sip:x@127.0.0.66>;tag=1\r\nTo: <sip:support@{NODE}>\r\nCall-ID: x\r\n\
         CSeq: 1 INVITE\r\nContact: <sip:x@127.0.0.66>\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_leave_a_call_alone(packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..20)) {
        let (mut world, ada, leg) = standing();
        for packet in &packets {
            world.datagram("127.0.0.66:5060", packet);
        }
        still_stands(&mut world, ada, leg);
    }

    #[test]
    fn a_damaged_invite_leaves_a_call_alone(at in 0usize..700, byte in any::<u8>(), cut in 0usize..700) {
        let (mut world, ada, leg) = standing();
        let body = "v=0\r\no=- 1 1 IN IP4 127.0.0.66\r\ns=-\r\nc=IN IP4 127.0.0.66\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
        let mut packet = invite(body, "application/sdp").into_bytes();
        let place = at % packet.len();
        packet[place] = byte;
        world.datagram("127.0.0.66:5060", &packet);
        packet.truncate(cut);
        world.datagram("127.0.0.67:5060", &packet);
        still_stands(&mut world, ada, leg);
    }
}

#[test]
fn offers_that_cannot_be_answered_are_refused_before_any_flow_hears_of_them() {
    let mut statuses = Vec::new();
    for (what, body, kind) in [
        (
            "no codec of ours",
            "v=0\r\no=- 1 1 IN IP4 127.0.0.66\r\ns=-\r\nc=IN IP4 127.0.0.66\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n",
            "application/sdp",
        ),
        (
            "video alone",
            "v=0\r\no=- 1 1 IN IP4 127.0.0.66\r\ns=-\r\nc=IN IP4 127.0.0.66\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\n",
            "application/sdp",
        ),
        ("no description", "hello", "application/sdp"),
        ("another type", "hello", "text/plain"),
    ] {
        let mut world = World::new();
        world.datagram("127.0.0.66:5060", invite(body, kind).as_bytes());
        assert!(world.legs.is_empty(), "{what}: {}", world.ladder);
        let last =
            world.ladder.lines().rfind(|line| line.contains("node ->")).unwrap_or("nothing").to_owned();
        statuses.push(format!("{what}: {}", last.split("  ").last().unwrap_or_default()));
    }
    insta::assert_snapshot!(statuses.join("\n"));
}
