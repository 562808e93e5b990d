//! Any bytes: an endpoint never panics, never loses a call because of them, and answers OPTIONS after
//! them.

mod network;

use flow_sip::{Direction, LocalMedia, MediaSession, Uri};
use network::{ANSWER, Network, OFFER};
use proptest::prelude::*;

const PROBE: &str = "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.77:5060;branch=z9hG4bKalive\r\n\
                     From: <sip:p@127.0.0.77>;tag=p\r\nTo: <sip:127.0.0.1>\r\nCall-ID: probe\r\n\
                     CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

const SEED: &str = "INVITE sip:user@127.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.50:5062;branch=z9hG4bKa;rport, \
                    SIP/2.0/TCP [::1]:5061;branch=z9hG4bKb\r\nMax-Forwards: 70\r\nRecord-Route: <sip:h;lr>\r\n\
                    From: \"A \\\" B\" <sip:caller@example.net>;tag=1\r\nTo: <sip:user@127.0.0.2>\r\nCall-ID: x\r\n\
                    CSeq: 1 INVITE\r\nContact: <sip:caller@127.0.0.50:5062>\r\nRequire: \r\n\
                    Content-Type: multipart/mixed;boundary=\"b\"\r\nContent-Length: 62\r\n\r\n--b\r\n\
                    Content-Type: application/sdp\r\n\r\nv=0\r\nm=audio 1 RTP/AVP 0\r\n--b--\r\n";

/// Cuts, changes and repeats parts of good messages.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..6u8, any::<u8>(), 0..40usize);
    prop::collection::vec(change, 1..12).prop_map(|changes| {
        let mut bytes = SEED.as_bytes().to_vec();
        for (place, kind, byte, length) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => drop(bytes.drain(at..end)),
                2 => bytes.insert(at, byte),
                3 => {
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
                4 => bytes.truncate(at),
                _ => bytes[at] = b"\r\n;:<>\"\\,% \t=[]@/"[usize::from(byte) % 17],
            }
        }
        bytes
    })
}

/// Whole messages of a dialog with pieces replaced, so that they reach deeper.
fn in_dialog() -> impl Strategy<Value = String> {
    let method =
        prop::sample::select(vec!["INVITE", "ACK", "BYE", "CANCEL", "INFO", "OPTIONS", "UPDATE", "X"]);
    (method, 0..4u32, 0..4u8, any::<bool>(), ".{0,20}").prop_map(|(method, cseq, branch, tagged, junk)| {
        let tag = if tagged { ";tag=TAG" } else { "" };
        format!(
            "{method} sip:u@127.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK{branch}\r\n\
             From: <sip:a@b>;tag=x\r\nTo: <sip:u@127.0.0.2>{tag}\r\nCall-ID: {branch}\r\nCSeq: {cseq} {method}\r\n\
             Contact: <sip:{junk}@127.0.0.1>\r\nSubject: {junk}\r\n\r\n"
        )
    })
}

/// The call that stands goes on, and the endpoint answers.
fn still_serves(net: &mut Network) {
    let probe = net.stranger("probe", "127.0.0.77:5060");
    net.inbox.clear();
    net.send(probe, 1, PROBE);
    net.run_ms(30);
    let answered =
        net.inbox.iter().any(|packet| packet.to == probe && packet.text().starts_with("SIP/2.0 200 "));
    assert!(answered, "OPTIONS unanswered");
    assert!(net.ends(0).is_empty() && net.ends(1).is_empty(), "{}", net.log);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_nothing(packets in prop::collection::vec(
        prop_oneof![prop::collection::vec(any::<u8>(), 0..300), mutated()], 1..8))
    {
        let mut net = Network::new(&["alice", "bob"], 11);
        net.established(0, 1);
        let source = net.stranger("hostile", "127.0.0.50:5062");
        for bytes in packets {
            net.at(1, |sip, now| sip.handle_datagram(now, network::UDP, source, &bytes));
        }
        net.run_ms(300);
        still_serves(&mut net);
        net.run_ms(120_000);
        prop_assert!(net.nodes[1].endpoint.calls() <= 9);
    }

    #[test]
    fn requests_in_any_order_keep_the_endpoint_whole(messages in prop::collection::vec(in_dialog(), 1..25)) {
        let mut net = Network::new(&["alice", "bob"], 11);
        net.lose = Some(Box::new(|packet| packet.from.port() == 1));
        let source = net.stranger("hostile", "127.0.0.50:5062");
        let mut tag = String::new();
        for message in messages {
            net.send(source, 1, &message.replace("TAG", &tag));
            net.run_ms(15);
            if let Some(flow_sip::Event::Incoming { call, .. }) = net.nodes[1].events.last() {
                let call = *call;
                net.at(1, |sip, now| sip.accept(now, call, ANSWER.as_bytes()));
                let answer = net.inbox.last().map(|packet| packet.text()).unwrap_or_default();
                tag = answer.split(";tag=").nth(2).and_then(|t| t.split("\r\n").next()).unwrap_or("").into();
            }
            if let Some(flow_sip::Event::Offer { call, .. }) = net.nodes[1].events.last() {
                let call = *call;
                net.at(1, |sip, now| sip.answer_offer(now, call, ANSWER.as_bytes()));
            }
        }
        net.run_ms(150_000);
        let calls = net.nodes[1].events.iter().filter(|e| matches!(e, flow_sip::Event::Incoming { .. })).count();
        prop_assert_eq!(net.ends(1).len() + net.nodes[1].endpoint.calls(), calls);
        if net.nodes[1].endpoint.calls() == 0 {
            prop_assert!(net.nodes[1].endpoint.is_idle());
        }
    }

    #[test]
    fn any_text_is_a_uri_or_not(text in "\\PC{0,80}", sip in "sips?:[a-z0-9:@;?%=.\\[\\]-]{0,40}") {
        for text in [text, sip] {
            if let Ok(uri) = text.parse::<Uri>() {
                prop_assert_eq!(uri.as_str(), &text);
                let _ = (uri.user(), uri.host(), uri.port(), uri.parameter("lr"), uri.socket_address());
            }
        }
    }

    #[test]
    fn any_description_is_answered_or_refused(place in any::<prop::sample::Index>(), byte in any::<u8>(),
        junk in prop::collection::vec("[mcabvo]=[ -~]{0,60}\r\n", 0..20))
    {
        let local = LocalMedia {
            address: "127.0.0.1:4000".parse().unwrap(),
            codecs: vec![flow_sip::Codec::Pcmu],
            telephone_event: true,
            ptime: 20,
            session_id: 1,
        };
        let mut changed = OFFER.as_bytes().to_vec();
        let at = place.index(changed.len());
        changed[at] = byte;
        let grown = format!("{OFFER}{}", junk.concat());
        for text in [changed, grown.into_bytes()] {
            let mut session = MediaSession::new(local.clone());
            if let Ok(answer) = session.answer(&text, Direction::SendRecv) {
                // What we answer with is itself a description that can be negotiated from.
                let mut other = MediaSession::new(local.clone());
                other.offer(Direction::SendRecv);
                let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).matches("\nm=").count();
                prop_assert!(lines(&answer.sdp) >= 1);
            }
            session.offer(Direction::SendRecv);
            let _ = session.receive_answer(&text);
        }
    }
}
