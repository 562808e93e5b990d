//! Peers that are written out by hand, byte for byte: forks, retransmissions, merged requests, proxies,
//! phones behind address translators, and senders of what does not belong.

mod network;

use flow_sip::{EndCause, Event, Limits};
use insta::assert_snapshot;
use network::{ANSWER, Network, OFFER, Packet};

const PHONE: &str = "127.0.0.50:5062";

/// A request as a phone at [`PHONE`] would write it; `extra` are further header lines.
fn request(method: &str, cseq: u32, branch: &str, to_tag: &str, extra: &str, body: &str) -> String {
    let tag = if to_tag.is_empty() { String::new() } else { format!(";tag={to_tag}") };
    format!(
        "{method} sip:support@127.0.0.1 SIP/2.0\r\n\
         Via: SIP/2.0/UDP {PHONE};branch=z9hG4bK{branch};rport\r\n\
         Max-Forwards: 70\r\n\
         From: \"Phone\" <sip:phone@127.0.0.50>;tag=phone\r\n\
         To: <sip:support@127.0.0.1>{tag}\r\n\
         Call-ID: hand-made@127.0.0.50\r\n\
         CSeq: {cseq} {method}\r\n\
         Contact: <sip:phone@{PHONE}>\r\n\
         {extra}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn invite(branch: &str) -> String {
    request("INVITE", 1, branch, "", "Content-Type: application/sdp\r\n", OFFER)
}

fn phone() -> (Network, std::net::SocketAddr) {
    let mut net = Network::new(&["server"], 7);
    let phone = net.stranger("phone", PHONE);
    (net, phone)
}

/// The last message that came to an address without an endpoint.
fn last(net: &Network) -> String {
    net.inbox.last().map(Packet::text).unwrap_or_default()
}

fn header<'a>(text: &'a str, name: &str) -> &'a str {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or("")
}

fn to_tag(text: &str) -> String {
    header(text, "To").rsplit(";tag=").next().unwrap_or("").to_owned()
}

/// A call from the phone that stands; our tag.
fn established(net: &mut Network, phone: std::net::SocketAddr) -> String {
    net.send(phone, 0, &invite("one"));
    net.run_ms(10);
    let call = net.incoming(0);
    net.at(0, |sip, now| sip.accept(now, call, ANSWER.as_bytes()));
    net.run_ms(10);
    let tag = to_tag(&last(net));
    net.send(phone, 0, &request("ACK", 1, "ack", &tag, "", ""));
    net.run_ms(20);
    tag
}

#[test]
fn a_retransmitted_invite_is_one_call() {
    let (mut net, phone) = phone();
    net.send(phone, 0, &invite("one"));
    net.run_ms(20);
    net.send(phone, 0, &invite("one"));
    net.run_ms(250);
    net.send(phone, 0, &invite("one"));
    net.run_ms(20);
    let call = net.incoming(0);
    net.at(0, |sip, now| sip.ring(now, call, 180, None));
    net.send(phone, 0, &invite("one"));
    net.run_ms(20);
    net.at(0, |sip, now| sip.accept(now, call, ANSWER.as_bytes()));
    net.send(phone, 0, &invite("one"));
    net.run_ms(20);
    let tag = to_tag(&last(&net));
    net.send(phone, 0, &request("ACK", 1, "ack", &tag, "", ""));
    net.send(phone, 0, &request("BYE", 2, "bye", &tag, "", ""));
    net.send(phone, 0, &request("BYE", 2, "bye", &tag, "", ""));
    net.run_ms(30);
    net.settle();
    assert_snapshot!(net.log);
}

#[test]
fn a_copy_by_another_way_is_merged() {
    let (mut net, phone) = phone();
    net.send(phone, 0, &invite("one"));
    net.send(phone, 0, &invite("two"));
    net.run_ms(30);
    assert!(last(&net).starts_with("SIP/2.0 482 "), "{}", last(&net));
    assert_eq!(net.nodes[0].endpoint.calls(), 1);
}

#[test]
fn every_fork_but_the_first_is_hung_up() {
    let mut net = Network::new(&["caller"], 3);
    let proxy = net.stranger("forks", "127.0.0.60:5060");
    let invite = net.invite(0, proxy, Some(OFFER));
    let call = net.at(0, |sip, now| sip.invite(now, invite));
    net.run_ms(10);
    let text = net.inbox[0].text();
    let accepted = |tag: &str| {
        format!(
            "SIP/2.0 200 OK\r\nVia: {}\r\nFrom: {}\r\nTo: {};tag={tag}\r\nCall-ID: {}\r\nCSeq: 1 INVITE\r\n\
             Contact: <sip:bob@127.0.0.60:5060;fork={tag}>\r\nContent-Type: application/sdp\r\n\
             Content-Length: {}\r\n\r\n{ANSWER}",
            header(&text, "Via"),
            header(&text, "From"),
            header(&text, "To"),
            header(&text, "Call-ID"),
            ANSWER.len()
        )
    };
    for tag in ["first", "second", "first", "second"] {
        net.send(proxy, 0, &accepted(tag));
        net.run_ms(20);
    }
    let to_forks: Vec<String> = net.inbox[1..]
        .iter()
        .map(|packet| {
            let text = packet.text();
            format!("{} {}", text.split("SIP/2.0").next().unwrap_or(""), to_tag(&text))
        })
        .collect();
    assert_snapshot!(to_forks.join("\n"));
    assert!(net.ends(0).is_empty(), "the first fork's call stands");
    net.at(0, |sip, now| sip.hang_up(now, call));
    net.run_ms(1);
    assert_eq!(net.ends(0), [EndCause::LocalHangUp]);
}

#[test]
fn requests_go_the_way_that_was_recorded() {
    let (mut net, phone) = phone();
    let routes = "Record-Route: <sip:127.0.0.70:5070;lr>, <sip:127.0.0.71;lr>\r\n\
                  Content-Type: application/sdp\r\n";
    net.send(phone, 0, &request("INVITE", 1, "one", "", routes, OFFER));
    net.run_ms(10);
    let call = net.incoming(0);
    net.at(0, |sip, now| sip.accept(now, call, ANSWER.as_bytes()));
    net.run_ms(10);
    let answer = last(&net);
    assert_eq!(header(&answer, "Record-Route"), "<sip:127.0.0.70:5070;lr>, <sip:127.0.0.71;lr>");
    net.send(phone, 0, &request("ACK", 1, "ack", &to_tag(&answer), "", ""));
    net.run_ms(20);
    net.at(0, |sip, now| sip.hang_up(now, call));
    net.run_ms(20);
    let bye = net.inbox.last().unwrap();
    assert_eq!(bye.to, "127.0.0.70:5070".parse().unwrap());
    let routes: Vec<String> =
        bye.text().lines().filter(|line| line.starts_with("Route")).map(str::to_owned).collect();
    assert_eq!(routes, ["Route: <sip:127.0.0.70:5070;lr>", "Route: <sip:127.0.0.71;lr>"]);
    assert!(bye.text().starts_with("BYE sip:phone@127.0.0.50:5062 SIP/2.0\r\n"), "{}", bye.text());
}

#[test]
fn a_strict_router_gets_the_request_addressed_to_itself() {
    let (mut net, phone) = phone();
    let routes = "Record-Route: <sip:127.0.0.70:5070>\r\nContent-Type: application/sdp\r\n";
    net.send(phone, 0, &request("INVITE", 1, "one", "", routes, OFFER));
    net.run_ms(10);
    let call = net.incoming(0);
    net.at(0, |sip, now| sip.accept(now, call, ANSWER.as_bytes()));
    net.run_ms(10);
    let tag = to_tag(&last(&net));
    net.send(phone, 0, &request("ACK", 1, "ack", &tag, "", ""));
    net.run_ms(20);
    net.at(0, |sip, now| sip.hang_up(now, call));
    net.run_ms(20);
    let bye = last(&net);
    assert!(bye.starts_with("BYE sip:127.0.0.70:5070 SIP/2.0\r\n"), "{bye}");
    assert_eq!(header(&bye, "Route"), "<sip:phone@127.0.0.50:5062>");
}

#[test]
fn a_phone_behind_an_address_translator_is_reached_where_it_is_seen() {
    let mut net = Network::new(&["server"], 7);
    let outside = net.stranger("translator", "127.0.0.99:41000");
    let private = invite("one").replace("127.0.0.50:5062", "192.168.1.20:5060");
    net.send(outside, 0, &private);
    net.run_ms(10);
    let call = net.incoming(0);
    net.at(0, |sip, now| sip.accept(now, call, ANSWER.as_bytes()));
    net.run_ms(10);
    let answer = net.inbox.last().unwrap();
    assert_eq!(answer.to, outside, "RFC 3581: the answer goes to the port that the request came from");
    assert!(answer.text().contains(";received=127.0.0.99;rport=41000"), "{}", answer.text());
    let tag = to_tag(&answer.text());
    let ack = request("ACK", 1, "ack", &tag, "", "").replace("127.0.0.50:5062", "192.168.1.20:5060");
    net.send(outside, 0, &ack);
    net.run_ms(20);
    net.at(0, |sip, now| sip.hang_up(now, call));
    net.run_ms(20);
    assert_eq!(net.inbox.last().unwrap().to, outside);
}

#[test]
fn what_does_not_belong_to_a_dialog_gets_481_and_harms_no_call() {
    let (mut net, phone) = phone();
    let tag = established(&mut net, phone);
    let bye = request("BYE", 2, "bye", &tag, "", "");
    for (place, wrong) in [
        bye.replace("hand-made", "another"),
        bye.replace(&tag, "wrong"),
        bye.replace("tag=phone", "tag=wrong"),
        request("BYE", 2, "bye", "", "", ""),
        request("INFO", 2, "bye", "", "", ""),
        request("CANCEL", 1, "unknown", "", "", ""),
    ]
    .into_iter()
    .enumerate()
    {
        net.send(phone, 0, &wrong.replace("z9hG4bKbye", &format!("z9hG4bKbye{place}")));
        net.run_ms(20);
        assert!(last(&net).starts_with("SIP/2.0 481 "), "{place}: {}", last(&net));
    }
    // CANCEL after the 200 is agreed to and does nothing.
    net.send(phone, 0, &request("CANCEL", 1, "one", "", "", ""));
    net.run_ms(20);
    assert!(last(&net).starts_with("SIP/2.0 200 "), "{}", last(&net));
    assert!(net.ends(0).is_empty());
    net.send(phone, 0, &bye);
    net.run_ms(20);
    assert_eq!(net.ends(0), [EndCause::ByRemote]);
    for (method, branch) in [("INVITE", "late1"), ("INFO", "late2"), ("UPDATE", "late3"), ("BYE", "late4")] {
        net.send(phone, 0, &request(method, 9, branch, &tag, "", ""));
        net.run_ms(20);
        assert!(last(&net).starts_with("SIP/2.0 481 "), "{method} after BYE: {}", last(&net));
    }
}

#[test]
fn requests_out_of_order_get_500() {
    let (mut net, phone) = phone();
    let tag = established(&mut net, phone);
    net.send(
        phone,
        0,
        &request("INFO", 5, "i5", &tag, "Content-Type: application/dtmf-relay\r\n", "Signal=5"),
    );
    net.send(phone, 0, &request("INFO", 4, "i4", &tag, "", ""));
    net.run_ms(20);
    assert!(last(&net).starts_with("SIP/2.0 500 "), "{}", last(&net));
    let infos: Vec<&Event> =
        net.nodes[0].events.iter().filter(|event| matches!(event, Event::Info { .. })).collect();
    let [Event::Info { content_type, body, .. }] = infos[..] else { panic!("{infos:?}") };
    assert_eq!((content_type.as_str(), body.as_slice()), ("application/dtmf-relay", &b"Signal=5"[..]));
}

#[test]
fn a_second_offer_before_the_first_is_answered_gets_500() {
    let (mut net, phone) = phone();
    let tag = established(&mut net, phone);
    let sdp = "Content-Type: application/sdp\r\n";
    net.send(phone, 0, &request("INVITE", 2, "r2", &tag, sdp, OFFER));
    net.send(phone, 0, &request("INVITE", 3, "r3", &tag, sdp, OFFER));
    net.run_ms(20);
    let refused = last(&net);
    assert!(refused.starts_with("SIP/2.0 500 ") && !header(&refused, "Retry-After").is_empty(), "{refused}");
    net.send(phone, 0, &request("CANCEL", 2, "r2", &tag, "", ""));
    net.run_ms(20);
    assert!(last(&net).starts_with("SIP/2.0 487 "), "{}", last(&net));
    assert!(matches!(net.nodes[0].events.last(), Some(Event::OfferWithdrawn { .. })));
    assert!(net.ends(0).is_empty(), "the call goes on");
}

#[test]
fn a_call_is_hung_up_by_the_caller_before_it_was_answered() {
    let (mut net, phone) = phone();
    net.send(phone, 0, &invite("one"));
    net.run_ms(10);
    let call = net.incoming(0);
    net.at(0, |sip, now| sip.ring(now, call, 180, None));
    net.run_ms(20);
    let tag = to_tag(&last(&net));
    net.send(phone, 0, &request("BYE", 2, "bye", &tag, "", ""));
    net.run_ms(20);
    let answers: Vec<String> = net.inbox[1..].iter().map(|packet| packet.text()[8..11].to_owned()).collect();
    assert_eq!(answers, ["200", "487"]);
    assert_eq!(net.ends(0), [EndCause::ByRemote]);
}

#[test]
fn at_the_limit_a_call_is_refused_and_calls_in_progress_go_on() {
    let limits = Limits { calls: 1, ..Limits::default() };
    let mut net = Network::with_limits(&["server"], 7, limits);
    let phone = net.stranger("phone", PHONE);
    let tag = established(&mut net, phone);
    net.send(phone, 0, &invite("two").replace("hand-made", "second"));
    net.run_ms(20);
    let refused = last(&net);
    assert!(refused.starts_with("SIP/2.0 503 ") && header(&refused, "Retry-After") == "5", "{refused}");
    assert_eq!(net.nodes[0].endpoint.counters().refused_by_limit, 1);
    net.send(phone, 0, &request("BYE", 2, "bye", &tag, "", ""));
    net.run_ms(20);
    assert!(last(&net).starts_with("SIP/2.0 200 "));
}

/// Who forges an address could have the answer repeated to it eleven times otherwise.
#[test]
fn who_is_turned_away_is_answered_once_and_may_ask_again() {
    let (mut net, phone) = phone();
    net.send(phone, 0, &invite("one"));
    net.run_ms(20);
    let call = net.incoming(0);
    net.at(0, |sip, now| sip.turn_away(now, call, 503, Some(5)));
    net.run_ms(60_000);
    assert_eq!(net.inbox.iter().filter(|packet| packet.text().starts_with("SIP/2.0 503")).count(), 1);
    assert_eq!(header(&last(&net), "Retry-After"), "5");
    assert!(net.nodes[0].endpoint.is_idle());
    net.send(phone, 0, &request("ACK", 1, "one", &to_tag(&last(&net)), "", ""));
    net.send(phone, 0, &invite("one"));
    net.run_ms(20);
    let again = net.incoming(0);
    assert_ne!(again, call);
}

#[test]
fn a_peer_that_cannot_be_reached_ends_the_call() {
    let mut net = Network::new(&["caller"], 3);
    let nowhere = net.stranger("nowhere", "127.0.0.60:5060");
    let invite = net.invite(0, nowhere, Some(OFFER));
    net.at(0, |sip, now| sip.invite(now, invite));
    net.at(0, |sip, now| sip.handle_unreachable(now, network::UDP, nowhere));
    assert_eq!(net.ends(0), [EndCause::TransportError]);
    assert!(net.nodes[0].endpoint.is_idle());
}

#[test]
fn a_header_of_the_driver_never_becomes_two() {
    let mut net = Network::new(&["caller"], 3);
    let peer = net.stranger("peer", "127.0.0.60:5060");
    let mut invite = net.invite(0, peer, Some(OFFER));
    invite.headers = vec![
        ("Subject".into(), "a\r\nVia: injected\r\n\r\nbody".into()),
        ("v".into(), "SIP/2.0/UDP injected".into()),
        ("Max-Forwards".into(), "12".into()),
        ("Bad\r\nName".into(), "x".into()),
    ];
    net.at(0, |sip, now| sip.invite(now, invite));
    net.run_ms(20);
    let text = last(&net);
    assert_eq!(text.matches("\r\nVia:").count(), 1, "{text}");
    assert_eq!(text.matches("\r\nMax-Forwards: 12\r\n").count(), 1, "{text}");
    assert_eq!(header(&text, "Subject"), "a Via: injected body");
    assert!(!text.contains("Bad"), "{text}");
}

#[test]
fn an_endpoint_can_call_itself() {
    let mut net = Network::new(&["server"], 7);
    let invite = net.invite(0, net.nodes[0].address, Some(OFFER));
    let caller = net.at(0, |sip, now| sip.invite(now, invite));
    net.run_ms(10);
    let callee = net.incoming(0);
    net.at(0, |sip, now| sip.accept(now, callee, ANSWER.as_bytes()));
    net.run_ms(50);
    net.at(0, |sip, now| sip.hang_up(now, caller));
    net.run_ms(50);
    assert_eq!(net.ends(0), [EndCause::LocalHangUp, EndCause::ByRemote]);
    net.settle();
}

#[test]
fn commands_that_come_too_late_reach_nobody() {
    let (mut net, phone) = phone();
    let tag = established(&mut net, phone);
    let old = net.incoming(0);
    net.send(phone, 0, &request("BYE", 2, "bye", &tag, "", ""));
    net.run_ms(20);
    net.send(phone, 0, &invite("new").replace("hand-made", "second"));
    net.run_ms(20);
    let new = net.incoming(0);
    assert_ne!(old, new);
    let sent = net.nodes[0].endpoint.counters().sent;
    net.at(0, |sip, now| {
        sip.ring(now, old, 180, None);
        sip.accept(now, old, ANSWER.as_bytes());
        sip.reject(now, old, 486, None, None);
        sip.reinvite(now, old, OFFER.as_bytes());
        sip.answer_offer(now, old, ANSWER.as_bytes());
        sip.refuse_offer(now, old, 488);
        sip.hang_up(now, old);
    });
    let counters = net.nodes[0].endpoint.counters();
    assert_eq!((counters.sent, counters.ignored_commands), (sent, 7));
    assert_eq!(net.nodes[0].endpoint.calls(), 1, "the new call waits on");
}

#[test]
fn at_the_limit_of_transactions_a_call_can_still_be_hung_up() {
    let limits = Limits { server_transactions: 1, ..Limits::default() };
    let mut net = Network::with_limits(&["server"], 7, limits);
    let phone = net.stranger("phone", PHONE);
    let tag = established(&mut net, phone);
    net.send(phone, 0, &request("INFO", 2, "info", &tag, "", ""));
    net.run_ms(20);
    assert!(last(&net).starts_with("SIP/2.0 503 "), "{}", last(&net));
    net.send(phone, 0, &request("BYE", 3, "bye", &tag, "", ""));
    net.run_ms(20);
    assert!(last(&net).starts_with("SIP/2.0 200 "), "{}", last(&net));
    assert_eq!(net.ends(0), [EndCause::ByRemote]);
}

#[test]
fn headers_are_found_in_any_form() {
    let (mut net, phone) = phone();
    let extra = "s: one\r\nSUBJECT :two\r\n three\r\nX-Latin: J\u{f6}rg\r\nContent-Type: application/sdp\r\n";
    net.send(phone, 0, &request("INVITE", 1, "one", "", extra, OFFER));
    net.run_ms(10);
    let Some(Event::Incoming { request, .. }) = net.nodes[0].events.last() else { panic!("no call") };
    assert_eq!(request.header_values("Subject"), ["one", "two three"]);
    assert_eq!(request.header_values("x-latin"), ["J\u{f6}rg"]);
    assert_eq!(request.header_values("f"), ["\"Phone\" <sip:phone@127.0.0.50>;tag=phone"]);
    assert!(request.header_values("Nothing").is_empty());
    assert_eq!(
        (request.from.display.as_deref(), request.call_id.as_str()),
        (Some("Phone"), "hand-made@127.0.0.50")
    );
    assert_eq!(request.offer.as_deref(), Some(OFFER.as_bytes()));
}

/// What was told of a REFER of ours.
fn referred(net: &Network) -> Vec<(&'static str, u16)> {
    let events = net.nodes[0].events.iter();
    events
        .filter_map(|event| match event {
            Event::ReferAnswered { code, .. } => Some(("answered", *code)),
            Event::ReferProgress { code, .. } => Some(("progress", *code)),
            _ => None,
        })
        .collect()
}

/// The phone's answer to the last request that came to it.
fn answer_last(net: &mut Network, phone: std::net::SocketAddr, status: &str) {
    let asked = last(net);
    let mut answer = format!("SIP/2.0 {status}\r\n");
    for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
        answer.push_str(&format!("{name}: {}\r\n", header(&asked, name)));
    }
    answer.push_str("Content-Length: 0\r\n\r\n");
    net.send(phone, 0, &answer);
    net.run_ms(20);
}

#[test]
fn a_phone_that_is_referred_tells_how_its_call_goes() {
    let (mut net, phone) = phone();
    let tag = established(&mut net, phone);
    let call = net.incoming(0);
    let target = "sip:sales@192.0.2.7".parse().unwrap();
    net.at(0, |sip, now| sip.refer(now, call, &target));
    net.run_ms(20);
    assert_eq!(header(&last(&net), "Refer-To"), "<sip:sales@192.0.2.7>");
    assert!(last(&net).starts_with("REFER sip:phone@127.0.0.50:5062 SIP/2.0\r\n"), "{}", last(&net));
    answer_last(&mut net, phone, "202 Accepted");
    let extra = "Event: refer\r\nSubscription-State: active;expires=60\r\nContent-Type: message/sipfrag\r\n";
    for (cseq, line) in [(2, "SIP/2.0 100 Trying\r\n"), (3, "SIP/2.0 180 Ringing"), (4, "SIP/2.0 200 OK\r\n")]
    {
        net.send(phone, 0, &request("NOTIFY", cseq, &format!("n{cseq}"), &tag, extra, line));
        net.run_ms(20);
        assert!(last(&net).starts_with("SIP/2.0 200 "), "{}", last(&net));
    }
    assert_eq!(referred(&net), [("answered", 202), ("progress", 100), ("progress", 180), ("progress", 200)]);
    net.at(0, |sip, now| sip.hang_up(now, call));
    net.run_ms(20);
    assert!(last(&net).starts_with("BYE "), "the call that was handed on is ended");
}

#[test]
fn a_phone_may_refuse_to_be_referred_or_say_nothing() {
    let (mut net, phone) = phone();
    established(&mut net, phone);
    let call = net.incoming(0);
    let target = "sip:sales@192.0.2.7".parse().unwrap();
    net.at(0, |sip, now| sip.refer(now, call, &target));
    net.run_ms(20);
    answer_last(&mut net, phone, "405 Method Not Allowed");
    assert_eq!(referred(&net), [("answered", 405)]);
    net.at(0, |sip, now| sip.refer(now, call, &target));
    net.run_ms(33_000);
    assert_eq!(referred(&net), [("answered", 405), ("answered", 408)]);
    assert!(net.ends(0).is_empty(), "the call stands");
}

#[test]
fn news_that_nobody_asked_for_is_refused_and_a_phone_may_not_refer_us() {
    let (mut net, phone) = phone();
    let tag = established(&mut net, phone);
    net.send(phone, 0, &request("NOTIFY", 2, "n2", &tag, "Event: message-summary\r\n", ""));
    net.run_ms(20);
    assert!(last(&net).starts_with("SIP/2.0 489 "), "{}", last(&net));
    net.send(phone, 0, &request("NOTIFY", 3, "n3", &tag, "Event: refer;id=7\r\n", "nonsense"));
    net.run_ms(20);
    assert!(last(&net).starts_with("SIP/2.0 200 "), "{}", last(&net));
    net.send(phone, 0, &request("REFER", 4, "r4", &tag, "Refer-To: <sip:mallory@192.0.2.66>\r\n", ""));
    net.run_ms(20);
    assert!(last(&net).starts_with("SIP/2.0 603 "), "{}", last(&net));
    assert!(referred(&net).is_empty());
    assert!(net.ends(0).is_empty(), "the call stands");
}
