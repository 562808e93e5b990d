//! What reading a message and carrying a whole call cost: `cargo bench -p flow-sip`.

use std::net::SocketAddr;

use divan::{Bencher, black_box};
use flow_sip::{
    Codec, Config, Direction, Endpoint, Event, Limits, Listener, LocalMedia, MediaSession, Output, Protocol,
    Time, TransportId,
};

fn main() {
    divan::main();
}

const UDP: TransportId = TransportId(0);
const SDP: &str = "v=0\r\no=phone 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n\
                   m=audio 6000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n";

fn message(method: &str, call: u64, cseq: u32, to_tag: &str, body: &str) -> String {
    format!(
        "{method} sip:support@127.0.0.1:5060 SIP/2.0\r\n\
         Via: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bK{method}{call}\r\nMax-Forwards: 70\r\n\
         From: \"Phone\" <sip:phone@127.0.0.2:5060>;tag=f{call}\r\nTo: <sip:support@127.0.0.1>{to_tag}\r\n\
         Call-ID: {call}@127.0.0.2\r\nCSeq: {cseq} {method}\r\nContact: <sip:phone@127.0.0.2:5060>\r\n\
         Subject: Performance\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn endpoint() -> Endpoint {
    Endpoint::new(Config {
        listeners: vec![Listener {
            id: UDP,
            protocol: Protocol::Udp,
            address: "127.0.0.1:5060".parse().expect("an address"),
        }],
        user_agent: None,
        seed: [1; 32],
        limits: Limits { calls: usize::MAX, server_transactions: usize::MAX, ..Limits::default() },
    })
}

/// Reading alone, as far as it can be seen from outside: a request whose answer needs no memory is a
/// response to nothing, read and dropped.
#[divan::bench]
fn read_and_drop(bencher: Bencher) {
    let source: SocketAddr = "127.0.0.2:5060".parse().expect("an address");
    let text = message("INVITE", 1, 1, "", SDP).replacen(
        "INVITE sip:support@127.0.0.1:5060 SIP/2.0",
        "SIP/2.0 200 OK",
        1,
    );
    let mut endpoint = endpoint();
    bencher.bench_local(|| {
        endpoint.handle_datagram(Time::ZERO, UDP, source, black_box(text.as_bytes()));
        endpoint.poll().is_none()
    });
}

/// OPTIONS answered statelessly.
#[divan::bench]
fn options(bencher: Bencher) {
    let source: SocketAddr = "127.0.0.2:5060".parse().expect("an address");
    let text = message("OPTIONS", 1, 1, "", "");
    let mut endpoint = endpoint();
    bencher.bench_local(|| {
        endpoint.handle_datagram(Time::ZERO, UDP, source, black_box(text.as_bytes()));
        endpoint.poll()
    });
}

/// INVITE, 180, 200, ACK, BYE, 200, with offer and answer, and the transactions of the 32 seconds before
/// at 2,000 calls a second dying in the background.
#[divan::bench(sample_count = 50, sample_size = 2_000)]
fn whole_call(bencher: Bencher) {
    let source: SocketAddr = "127.0.0.2:5060".parse().expect("an address");
    let media = LocalMedia {
        address: "127.0.0.1:40000".parse().expect("an address"),
        codecs: vec![Codec::Pcmu, Codec::Pcma],
        telephone_event: true,
        ptime: 20,
        session_id: 1,
    };
    let mut endpoint = endpoint();
    let (mut call_number, mut now) = (0, Time::ZERO);
    let mut whole = || {
        call_number += 1;
        now = Time(now.0 + 500);
        endpoint.handle_deadline(now);
        while endpoint.poll().is_some() {}
        let invite = message("INVITE", call_number, 1, "", SDP);
        endpoint.handle_datagram(now, UDP, source, invite.as_bytes());
        let Some(Output::Event(Event::Incoming { call, request })) = endpoint.poll() else {
            panic!("no call came in");
        };
        endpoint.ring(now, call, 180, None);
        let offer = request.offer.as_deref().unwrap_or_default();
        let answer = MediaSession::new(media.clone()).answer(offer, Direction::SendRecv).expect("an answer");
        endpoint.accept(now, call, &answer.sdp);
        let mut tag = String::new();
        while let Some(output) = endpoint.poll() {
            if let Output::Transmit { bytes, .. } = output {
                let text = String::from_utf8_lossy(&bytes);
                let at = text.rfind(";tag=").expect("a tag");
                tag = text[at..at + 29].to_owned();
            }
        }
        endpoint.handle_datagram(now, UDP, source, message("ACK", call_number, 1, &tag, "").as_bytes());
        endpoint.handle_datagram(now, UDP, source, message("BYE", call_number, 2, &tag, "").as_bytes());
        let mut ended = false;
        while let Some(output) = endpoint.poll() {
            ended |= matches!(output, Output::Event(Event::Ended { .. }));
        }
        assert!(ended);
    };
    // Fill the 32 seconds, so that the tables have the size that they have under load.
    for _ in 0..64_000 {
        whole();
    }
    bencher.bench_local(whole);
}
