//! Offers and answers as phones exchange them (RFC 3264).

use flow_sip::{Codec, Direction, LocalMedia, MediaSession, NegotiationError};
use insta::assert_snapshot;

fn local(port: u16) -> LocalMedia {
    LocalMedia {
        address: format!("127.0.0.1:{port}").parse().unwrap(),
        codecs: vec![Codec::Pcmu, Codec::Pcma],
        telephone_event: true,
        ptime: 20,
        session_id: 77,
    }
}

fn session() -> MediaSession {
    MediaSession::new(local(4000))
}

/// An offer: its connection line, and the rest from the first `m=` line on.
fn offer(connection: &str, media: &str) -> Vec<u8> {
    format!("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 {connection}\nt=0 0\n{media}")
        .replace('\n', "\r\n")
        .into_bytes()
}

fn text(sdp: &[u8]) -> String {
    String::from_utf8(sdp.to_vec()).unwrap().replace("\r\n", "\n")
}

const PHONE: &str = "m=audio 5000 RTP/AVP 18 8 0 96\na=rtpmap:18 G729/8000\na=rtpmap:96 telephone-event/8000\n\
                     a=fmtp:96 0-16\na=ptime:30\n";

#[test]
fn a_phone_is_answered_with_its_first_codec_that_we_speak() {
    let mut session = session();
    let answer = session.answer(&offer("192.0.2.1", PHONE), Direction::SendRecv).unwrap();
    assert_eq!(answer.negotiated.remote, "192.0.2.1:5000".parse().unwrap());
    assert_eq!((answer.negotiated.codec, answer.negotiated.payload_type), (Codec::Pcma, 8));
    assert_eq!((answer.negotiated.telephone_event, answer.negotiated.ptime), (Some(96), 30));
    assert_eq!(session.negotiated(), Some(&answer.negotiated));
    assert_snapshot!(text(&answer.sdp));
}

#[test]
fn two_of_us_agree() {
    let (mut alice, mut bob) = (session(), MediaSession::new(local(6000)));
    let offer = alice.offer(Direction::SendRecv);
    let answer = bob.answer(&offer, Direction::SendRecv).unwrap();
    let negotiated = alice.receive_answer(&answer.sdp).unwrap();
    assert_eq!((negotiated.codec, negotiated.telephone_event), (Codec::Pcmu, Some(101)));
    assert_eq!(negotiated.remote, "127.0.0.1:6000".parse().unwrap());
    assert_eq!(answer.negotiated.remote, "127.0.0.1:4000".parse().unwrap());
    assert_snapshot!(format!("{}\n{}", text(&offer), text(&answer.sdp)));
}

#[test]
fn hold_in_all_its_forms() {
    let forms = [
        ("192.0.2.1", "a=sendrecv", Direction::SendRecv),
        ("192.0.2.1", "a=sendonly", Direction::RecvOnly),
        ("192.0.2.1", "a=recvonly", Direction::SendOnly),
        ("192.0.2.1", "a=inactive", Direction::Inactive),
        ("0.0.0.0", "a=sendrecv", Direction::RecvOnly),
        ("0.0.0.0", "a=inactive", Direction::Inactive),
        ("0.0.0.0", "a=recvonly", Direction::Inactive),
    ];
    for (address, attribute, expected) in forms {
        let offer = offer(address, &format!("m=audio 5000 RTP/AVP 0\n{attribute}\n"));
        let answer = session().answer(&offer, Direction::SendRecv).unwrap();
        assert_eq!(answer.negotiated.direction, expected, "{address} {attribute}");
        let sends = text(&answer.sdp).contains("a=sendrecv") || text(&answer.sdp).contains("a=sendonly");
        assert_eq!(sends, expected.sends(), "{address} {attribute}");
    }
    let held = session().answer(&offer("192.0.2.1", PHONE), Direction::SendOnly).unwrap();
    assert_eq!(held.negotiated.direction, Direction::SendOnly, "we hold them");
}

#[test]
fn streams_that_we_do_not_take_stay_in_their_places() {
    let offer = offer(
        "192.0.2.1",
        "m=video 7000 RTP/AVP 31 34\na=rtpmap:31 H261/90000\nm=audio 0 RTP/AVP 0\nm=audio 5002 RTP/SAVP 0\n\
         m=audio 5004 RTP/AVP 9 0\nc=IN IP4 192.0.2.9\nm=image 7002 udptl t38\nm=audio 5006 RTP/AVP 0\n",
    );
    let mut session = session();
    let answer = session.answer(&offer, Direction::SendRecv).unwrap();
    assert_eq!(answer.negotiated.remote, "192.0.2.9:5004".parse().unwrap());
    // The offer that follows keeps the places, and so must the answer to it be read.
    let again = session.offer(Direction::SendOnly);
    assert_snapshot!(format!("{}\n{}", text(&answer.sdp), text(&again)));
}

#[test]
fn the_version_counts_on_only_when_something_changed() {
    let mut session = session();
    let version = |sdp: &[u8]| text(sdp).split(' ').nth(2).unwrap().to_owned();
    assert_eq!(version(&session.offer(Direction::SendRecv)), "1");
    assert_eq!(version(&session.offer(Direction::SendRecv)), "1");
    assert_eq!(version(&session.offer(Direction::SendOnly)), "2");
    assert_eq!(version(&session.offer(Direction::SendRecv)), "3");
}

#[test]
fn dynamic_payload_types_are_theirs_to_choose() {
    let media = "m=audio 5000 RTP/AVP 97 110\na=rtpmap:97 pcma/8000/1\na=rtpmap:110 TELEPHONE-EVENT/8000\n";
    let answer = session().answer(&offer("192.0.2.1", media), Direction::SendRecv).unwrap();
    assert_eq!((answer.negotiated.codec, answer.negotiated.payload_type), (Codec::Pcma, 97));
    assert_eq!(answer.negotiated.telephone_event, Some(110));
    assert!(text(&answer.sdp).contains("a=fmtp:110 0-15"));
}

#[test]
fn no_digits_by_rtp_when_they_have_none_at_our_clock() {
    let media = "m=audio 5000 RTP/AVP 0 101\na=rtpmap:101 telephone-event/16000\n";
    let answer = session().answer(&offer("192.0.2.1", media), Direction::SendRecv).unwrap();
    assert_eq!(answer.negotiated.telephone_event, None);
    let mut deaf = MediaSession::new(LocalMedia { telephone_event: false, ..local(4000) });
    let answer = deaf.answer(&offer("192.0.2.1", PHONE), Direction::SendRecv).unwrap();
    assert_eq!(answer.negotiated.telephone_event, None);
}

#[test]
fn what_cannot_be_agreed_on_says_why() {
    let refused = |sdp: Vec<u8>| session().answer(&sdp, Direction::SendRecv).unwrap_err();
    let media = |media: &str| offer("192.0.2.1", media);
    assert_eq!(refused(b"hello".to_vec()), NegotiationError::Malformed);
    assert_eq!(refused(media("")), NegotiationError::NoAudio);
    assert_eq!(refused(media("m=audio 0 RTP/AVP 0\n")), NegotiationError::NoAudio);
    assert_eq!(refused(media("m=audio 5000 RTP/SAVP 0\n")), NegotiationError::NoAudio);
    assert_eq!(refused(media("m=audio 5000 RTP/AVP 18 9\n")), NegotiationError::NoCommonCodec);
    assert_eq!(
        refused(media("m=audio 5000 RTP/AVP 0\na=rtpmap:0 X/8000\n")),
        NegotiationError::NoCommonCodec
    );
    assert_eq!(refused(offer("phone.example", PHONE)), NegotiationError::UnresolvedAddress);
    assert_eq!(session().receive_answer(&media(PHONE)), Err(NegotiationError::NoOffer));
    let mut offerer = session();
    offerer.offer(Direction::SendRecv);
    assert_eq!(offerer.receive_answer(&media("m=audio 0 RTP/AVP 0\n")), Err(NegotiationError::NoAudio));
    assert_eq!([NegotiationError::Malformed.status(), NegotiationError::NoAudio.status()], [400, 488]);
}

#[test]
fn ipv6_media() {
    let sdp = offer("192.0.2.1", "m=audio 5000 RTP/AVP 0\nc=IN IP6 2001:db8::1\n");
    let mut six = MediaSession::new(LocalMedia { address: "[::1]:4000".parse().unwrap(), ..local(1) });
    let answer = six.answer(&sdp, Direction::SendRecv).unwrap();
    assert_eq!(answer.negotiated.remote, "[2001:db8::1]:5000".parse().unwrap());
    assert!(text(&answer.sdp).contains("c=IN IP6 ::1\n"));
}

#[test]
fn descriptions_that_have_ended_other_servers() {
    let whole = |media: &str| session().answer(&offer("192.0.2.1", media), Direction::SendRecv);
    let nul =
        whole("m=audio 5000 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\0\n").unwrap();
    assert_eq!(nul.negotiated.telephone_event, Some(101));
    assert!(!nul.sdp.contains(&0));
    assert!(whole("m=audio 5000 RTP/AVP 0\na=fmtp:\na=rtpmap:\na=ptime:\na=\na=rtpmap:999 x/y\n").is_ok());
    let formats = format!("m=audio 5000 RTP/AVP {}0\n", "18 ".repeat(5_000));
    assert_eq!(
        whole(&formats).unwrap_err(),
        NegotiationError::NoCommonCodec,
        "formats are read up to a limit"
    );
    let many = "m=video 1 RTP/AVP 31\n".repeat(100);
    assert_eq!(whole(&many).unwrap_err(), NegotiationError::Malformed);
    let injected = whole("m=vi\x08deo 1 RTP/AVP 31\nm=audio 5000 RTP/AVP 0\n").unwrap();
    assert!(text(&injected.sdp).contains("m=video 0 RTP/AVP 31\n"));
}
