//! `rsip` as an oracle: plain messages, of the kind that it reads right, are read alike by both.

use proptest::prelude::*;
use rsip::prelude::*;

use super::{Core, HeaderId, Message, Reading, Start, header_values, read};
use crate::config::Limits;

fn token() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9][a-zA-Z0-9.-]{0,12}"
}

#[derive(Debug)]
struct Plain {
    text: String,
    headers: usize,
}

fn headers() -> impl Strategy<Value = (String, usize)> {
    let others = prop::collection::vec(("X-[A-Za-z]{1,10}", "[!-~]([ -~]{0,20}[!-~])?"), 0..6);
    (token(), token(), token(), 1..2_147_483_647u32, others, any::<bool>()).prop_map(
        |(branch, from, call_id, cseq, others, rport)| {
            let rport = if rport { ";rport" } else { "" };
            let mut lines = format!(
                "Via: SIP/2.0/UDP 192.0.2.4:5062;branch=z9hG4bK{branch}{rport}\r\nMax-Forwards: 70\r\n\
                 From: \"A B\" <sip:{from}@example.com>;tag={from}\r\nTo: <sip:b@example.com>\r\n\
                 Call-ID: {call_id}@host\r\nCSeq: {cseq} METHOD\r\n"
            );
            for (name, value) in &others {
                lines.push_str(&format!("{name}: {value}\r\n"));
            }
            (lines, 7 + others.len())
        },
    )
}

fn plain_request() -> impl Strategy<Value = Plain> {
    let method = prop::sample::select(rsip::Method::all());
    (method, token(), headers(), "[a-z=\r\n]{0,40}").prop_map(|(method, user, (headers, count), body)| {
        let headers = headers.replace("METHOD", &method.to_string());
        let text = format!(
            "{method} sip:{user}@192.0.2.9:5061;transport=UDP SIP/2.0\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Plain { text, headers: count }
    })
}

fn plain_response() -> impl Strategy<Value = Plain> {
    let code = prop::sample::select(vec![100u16, 180, 183, 200, 302, 404, 486, 487, 503, 603]);
    (code, headers()).prop_map(|(code, (headers, count))| {
        let headers = headers.replace("METHOD", "INVITE");
        let phrase = crate::vocabulary::reason_phrase(code);
        Plain {
            text: format!("SIP/2.0 {code} {phrase}\r\n{headers}Content-Length: 0\r\n\r\n"),
            headers: count,
        }
    })
}

fn ours(text: &str) -> Message<'_> {
    match read(text.as_bytes(), &Limits::default()) {
        Reading::Message(message) => {
            assert_eq!(message.defect, None);
            message
        }
        other => panic!("{other:?}"),
    }
}

/// What both read of the headers that every message has.
fn compare(theirs: &impl HeadersExt, list: &rsip::Headers, message: &Message<'_>, plain: &Plain) {
    let core: Core<'_> = message.core().unwrap();
    assert_eq!(list.iter().count(), plain.headers);
    assert_eq!(message.lines().count(), plain.headers);
    let via = theirs.via_header().unwrap().typed().unwrap();
    assert_eq!(via.branch().unwrap().value().as_bytes(), core.via.branch().unwrap());
    assert_eq!(via.uri.host_with_port.to_string().as_bytes(), core.via.sent_by);
    let from = theirs.from_header().unwrap().typed().unwrap();
    let ours = core.from.name_addr().unwrap();
    assert_eq!(from.display_name.as_deref().map(|name| name.trim_matches('"')), ours.display.as_deref());
    assert_eq!(from.uri.to_string(), ours.uri.to_string());
    assert_eq!(from.tag().map(|tag| tag.value().as_bytes()), core.from.tag());
    assert_eq!(theirs.call_id_header().unwrap().value().as_bytes(), core.call_id);
    let cseq = theirs.cseq_header().unwrap().typed().unwrap();
    assert_eq!((cseq.seq, cseq.method.to_string().as_bytes()), (core.cseq, core.cseq_method.bytes()));
    for header in list.iter() {
        if let rsip::Header::Other(name, value) = header {
            let values = header_values(plain.text.as_bytes(), name);
            assert!(values.iter().any(|ours| ours == value.trim()), "{name}: {value:?} in {values:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn requests(plain in plain_request()) {
        let theirs = rsip::Request::try_from(plain.text.as_str()).unwrap();
        let message = ours(&plain.text);
        let Start::Request { method, uri } = message.start else { panic!("{:?}", message.start) };
        prop_assert_eq!(theirs.method.to_string(), method.to_string());
        prop_assert_eq!(theirs.uri.to_string(), crate::text::decode(uri));
        prop_assert_eq!(&theirs.body[..], message.body);
        compare(&theirs, &theirs.headers, &message, &plain);
    }

    #[test]
    fn responses(plain in plain_response()) {
        let theirs = rsip::Response::try_from(plain.text.as_str()).unwrap();
        let message = ours(&plain.text);
        let Start::Response { code, .. } = message.start else { panic!("{:?}", message.start) };
        prop_assert_eq!(theirs.status_code.code(), code);
        compare(&theirs, &theirs.headers, &message, &plain);
    }
}

/// What `rsip` cannot read and we must; the reason why the reader is ours. When one of these begins to
/// fail, `rsip` has learned something.
#[test]
fn what_only_we_read() {
    let plain = "OPTIONS sip:b@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKa\r\n\
                 From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n\r\n";
    let theirs = |text: &str| {
        let request = rsip::Request::try_from(text).ok()?;
        request.from_header().ok()?.typed().ok()?;
        request.via_header().ok()?.typed().ok()?;
        Some(request.cseq_header().ok()?.typed().ok()?.seq)
    };
    assert_eq!(theirs(plain), Some(1));
    for (name, from, to) in [
        ("IPv6 in Via", "UDP 192.0.2.4;", "UDP [2001:db8::4]:5062;"),
        ("a tel: URI", "sip:b@192.0.2.9", "tel:+12015550123"),
        ("folding", "CSeq: 1 OPTIONS", "CSeq:\r\n 1\r\n OPTIONS"),
        ("blanks before the colon", "CSeq:", "CSeq :"),
    ] {
        let text = plain.replacen(from, to, 1);
        assert_eq!(ours(&text).core().map(|core| core.cseq), Ok(1), "{name}");
        assert_eq!(theirs(&text), None, "rsip reads {name} now");
    }
    let compact = plain.replace("From", "f");
    assert!(ours(&compact).header(HeaderId::From).is_some());
    assert_eq!(theirs(&compact), None);
}
