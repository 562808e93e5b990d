//! Messages of the kinds that RFC 4475 and RFC 5118 collect, valid and invalid, written anew. What each
//! is answered, and that an OPTIONS is answered after every one of them.

mod network;

use insta::assert_snapshot;
use network::{Network, Packet};

const PEER: &str = "127.0.0.50:5062";

/// Line ends as on the wire; the messages below are written with bare ones.
fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// What a message is answered, and how the caller was read when it became a call.
fn verdict(message: &[u8]) -> String {
    let mut net = Network::new(&["server"], 5);
    let peer = net.stranger("peer", PEER);
    let server = net.nodes[0].address;
    net.at(0, |sip, now| sip.handle_datagram(now, network::UDP, peer, message));
    net.run_ms(300);
    let mut verdict: Vec<String> = net.inbox.iter().map(first_line).collect();
    for event in &net.nodes[0].events {
        if let flow_sip::Event::Incoming { request, .. } = event {
            let display = request.from.display.clone().unwrap_or_default();
            verdict.push(format!("call for {} from {display:?} <{}>", request.request_uri, request.from.uri));
        }
    }
    net.inbox.clear();
    net.send(peer, 0, &crlf(OPTIONS));
    net.run_ms(20);
    assert_eq!(net.inbox.len(), 1, "OPTIONS unanswered at {server}");
    assert!(net.inbox[0].text().starts_with("SIP/2.0 200 "));
    if verdict.is_empty() { "silence".into() } else { verdict.join("; ") }
}

fn first_line(packet: &Packet) -> String {
    let text = packet.text();
    text.lines().next().unwrap_or("").trim_start_matches("SIP/2.0 ").to_owned()
}

const OPTIONS: &str = "OPTIONS sip:127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.50:5062;branch=z9hG4bKalive
Max-Forwards: 70
From: <sip:probe@127.0.0.50>;tag=p
To: <sip:127.0.0.1>
Call-ID: probe
CSeq: 1 OPTIONS
Content-Length: 0

";

/// A plain INVITE; the cases change one thing each.
const INVITE: &str = "INVITE sip:user@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.50:5062;branch=z9hG4bKtorture
Max-Forwards: 70
From: Caller <sip:caller@example.net>;tag=1
To: <sip:user@127.0.0.1>
Call-ID: torture
CSeq: 1 INVITE
Contact: <sip:caller@127.0.0.50:5062>

";

fn changed(from: &str, to: &str) -> Vec<u8> {
    let message = INVITE.replacen(from, to, 1);
    assert_ne!(message, INVITE, "nothing changed: {from}");
    crlf(&message).into_bytes()
}

fn with_header(line: &str) -> Vec<u8> {
    changed("Call-ID: torture\n", &format!("Call-ID: torture\n{line}\n"))
}

fn with_body(headers: &str, body: &str) -> Vec<u8> {
    crlf(&INVITE.replace("\n\n", &format!("\n{headers}\n\n{body}"))).into_bytes()
}

fn report(cases: &[(&str, Vec<u8>)]) -> String {
    let mut out = String::new();
    for (name, message) in cases {
        out.push_str(&format!("{name:<44} {}\n", verdict(message)));
    }
    out
}

#[test]
fn messages_that_are_valid_although_they_look_odd() {
    let tortuous = "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag
from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 8
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    127.0.0.50 : 5062;branch=z9hG4bKtortuous
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Disposition: unknown ; handling = optional
Content-Type: what/ever
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

v=0 r--\n";
    let long = |count: usize| "a".repeat(count);
    let latin: Vec<u8> = INVITE
        .replace("From: Caller <", "From: \"J\u{1}rg\" <")
        .replace('\n', "\r\n")
        .bytes()
        .map(|byte| if byte == 1 { 0xf6 } else { byte })
        .collect();
    let mut null_body = with_body("Content-Type: x/y\nContent-Disposition: render;handling=optional", "");
    null_body.extend_from_slice(b"\0\r\n\xff\xfe");
    let cases = [
        ("short tortuous INVITE", crlf(tortuous).into_bytes()),
        ("plain", crlf(INVITE).into_bytes()),
        ("bare line feeds", INVITE.as_bytes().to_vec()),
        ("line ends before the start line", crlf(&format!("\n\n{INVITE}")).into_bytes()),
        ("wide range of characters in a method", {
            let method = "!interesting-Method0123456789_*+`.%indeed'~";
            crlf(&INVITE.replace("INVITE", method)).into_bytes()
        }),
        ("percent signs in the URI", changed("sip:user@", "sip:sips%3Auser%40example.com@")),
        ("escaped NUL in the URI", changed("sip:user@", "sip:null-%00-null@")),
        ("percent sign in a method", crlf(&INVITE.replace("INVITE", "RE%47IST")).into_bytes()),
        ("semicolon in the user part", changed("sip:user@", "sip:user;par=u%40example.net@")),
        ("no blank between name and bracket", changed("Caller <sip", "\"Caller\"<sip")),
        ("tokens with unusual characters as name", changed("Caller <", "caller-1_*+`.% x <")),
        ("a quoted name with escapes", changed("Caller <", "\"A \\\" quote, and <comma>\" <")),
        ("Latin-1 in a name", latin),
        ("long values", with_header(&format!("Subject: {}", long(3_000)))),
        ("a long name", changed("Caller <", &format!("\"{}\" <", long(100)))),
        ("long branch and tag", changed("tag=1", &format!("tag={}", long(500)))),
        ("many Vias in a line", changed("bKtorture", "bKtorture, SIP/2.0/TCP a, SIP/2.0/TLS [::1]:5061")),
        ("unknown transport in Via", changed("SIP/2.0/UDP", "SIP/2.0/UNKNOWN")),
        ("a tel: URI", changed("sip:user@127.0.0.1", "tel:+12015550123;phone-context=x")),
        ("IPv6 in URI and Via", changed("127.0.0.50:5062;branch", "[2001:db8::9]:5062;rport;branch")),
        ("IPv6 with port in the Request-URI", changed("user@127.0.0.1", "user@[2001:db8::10]:5070")),
        ("IPv6 with received in brackets", changed("branch=", "received=[2001:db8::9:255];branch=")),
        ("IPv4 mapped IPv6", changed("caller@127.0.0.50:5062", "caller@[::ffff:192.0.2.10]:5062")),
        ("excess bytes after the body", {
            with_body("Content-Type: application/sdp\nContent-Length: 5", "v=0\n\nexcess\nVia: none")
        }),
        ("compact forms", {
            let short = INVITE.replace("Via", "v").replace("From", "f").replace("To:", "t:");
            let short = short.replace("Call-ID", "i").replace("Contact", "m");
            crlf(&short).into_bytes()
        }),
        ("multipart with a description in it", {
            with_body(
                "Content-Type: multipart/mixed;boundary=7a9c",
                "--7a9c\nContent-Type: text/plain\n\nhello\n--7a9c\nContent-Type: application/sdp\n\nv=0\n\
                 --7a9c--\n",
            )
        }),
        ("optional body of unknown kind, with NUL", null_body),
        ("extension in Supported", with_header("Supported: nothing-known, 100rel")),
        ("unknown header with any value", with_header("X-Odd: \"<;;,,>:::")),
        ("unusual reason in a response", crlf(&response("200 = 2**3 * 5**2 \u{434}\u{430}")).into_bytes()),
        ("no reason in a response", crlf(&response("100 ")).into_bytes()),
        // Each of the following has ended some server.
        ("fifty Accept headers", with_header("Accept: a/b\n".repeat(50).trim_end())),
        ("five hundred Accept values", with_header(&format!("Accept: {}x/y", "a/b,".repeat(500)))),
        ("a Contact list of one hundred", {
            changed("Contact: ", &format!("Contact: {}", "<sip:a@127.0.0.50>, ".repeat(100)))
        }),
        ("multipart in multipart in multipart in multipart", {
            let open = |name: &str| format!("Content-Type: multipart/mixed;boundary={name}\n\n--{name}\n");
            let nested = format!("{}{}{}{}", open("b"), open("c"), open("d"), open("e"));
            let nested = nested.strip_prefix("Content-Type: multipart/mixed;boundary=b\n\n").unwrap();
            with_body(
                "Content-Type: multipart/mixed;boundary=b\nContent-Disposition: x;handling=optional",
                nested,
            )
        }),
        ("missing Max-Forwards", changed("Max-Forwards: 70\n", "")),
    ];
    assert_snapshot!(report(&cases));
}

#[test]
fn messages_that_are_invalid() {
    let cases = [
        ("Content-Length larger than the body", with_body("Content-Length: 9999", "v=0\n")),
        ("negative Content-Length", with_body("Content-Length: -999", "v=0\n")),
        ("Content-Length twice", with_body("Content-Length: 4\nl: 5", "v=0\n\n")),
        ("CSeq beyond 32 bits", changed("CSeq: 1 ", "CSeq: 36893488147419103232 ")),
        ("CSeq of 2^31", changed("CSeq: 1 ", "CSeq: 2147483648 ")),
        ("CSeq of another method", changed("1 INVITE\n", "1 OPTIONS\n")),
        ("CSeq with a method of 3,000 bytes", changed("1 INVITE\n", &format!("1 {}\n", "A".repeat(3_000)))),
        ("CSeq with a blank method", changed("1 INVITE\n", "1  \n")),
        ("Content-Length in compact form with blanks", with_body("l  : 9999", "v=0\n")),
        ("To in two forms", with_header("t  : <sip:other@127.0.0.1>")),
        ("a Request-URI of 5,000 bytes", changed("sip:user@", &format!("sip:{}@", "u".repeat(5_000)))),
        ("CSeq without a number", changed("CSeq: 1 ", "CSeq: ")),
        ("Max-Forwards beyond 255", changed("Forwards: 70", "Forwards: 300")),
        ("Max-Forwards zero", changed("Forwards: 70", "Forwards: 0")),
        ("Max-Forwards is no number", changed("Forwards: 70", "Forwards: x")),
        ("From without a closing quote", changed("Caller <", "\"Caller <")),
        ("From without a closing bracket", changed("net>;tag", "net;tag")),
        ("To is nonsense", changed("To: <sip:user@127.0.0.1>", "To: <<<>>>")),
        ("two From headers", with_header("From: <sip:other@example.net>;tag=2")),
        ("two Call-IDs", with_header("i: second")),
        ("two Max-Forwards", with_header("Max-Forwards: 5")),
        ("no To", changed("To: <sip:user@127.0.0.1>\n", "")),
        ("no Call-ID", changed("Call-ID: torture\n", "")),
        ("no Via", changed("Via: SIP/2.0/UDP 127.0.0.50:5062;branch=z9hG4bKtorture\n", "")),
        ("no Contact", changed("Contact: <sip:caller@127.0.0.50:5062>\n", "")),
        ("bad Via", changed("SIP/2.0/UDP 127.0.0.50:5062", "SIP/2.0/UDP 127.0.0.50:99999")),
        ("Via of another version", changed("Via: SIP/2.0", "Via: SIP/7.0")),
        ("branch without its own text", changed("branch=z9hG4bKtorture", "branch=z9hG4bK")),
        ("version 7.0", changed("127.0.0.1 SIP/2.0", "127.0.0.1 SIP/7.0")),
        ("blanks within the Request-URI", changed("sip:user@127.0.0.1 ", "sip:user@127.0.0.1; lr ")),
        ("blanks after the start line", changed("SIP/2.0\n", "SIP/2.0  \n")),
        ("several blanks in the start line", changed("INVITE sip", "INVITE  sip")),
        ("Request-URI in brackets", changed("sip:user@127.0.0.1 ", "<sip:user@127.0.0.1> ")),
        ("escaped headers in the Request-URI", changed("127.0.0.1 ", "127.0.0.1?Route=%3Csip:x%3E ")),
        ("unknown scheme", changed("sip:user@127.0.0.1 ", "nobodyKnowsThisScheme:opaque ")),
        ("known scheme without SIP's shape", changed("sip:user@127.0.0.1 ", "http://example.com ")),
        ("Contact of unknown scheme", changed("Contact: <sip:caller@127.0.0.50:5062>", "Contact: <x:y>")),
        ("a line that is no header", with_header("this is not a header")),
        ("a header without a name", with_header(": value")),
        ("a header name with blanks", with_header("Two Words: value")),
        ("no empty line at the end", {
            let mut message = crlf(INVITE).into_bytes();
            message.truncate(message.len() - 2);
            message
        }),
        ("cut in the middle of a header", crlf(INVITE).into_bytes()[..150].to_vec()),
        ("unknown extension required", with_header("Require: nothing-known, 100rel")),
        ("body of unknown kind", with_body("Content-Type: application/unknown", "x")),
        ("body in unknown encoding", with_body("Content-Type: application/sdp\ne: deft", "v=0\n")),
        ("multipart without a description", {
            with_body("Content-Type: multipart/mixed;boundary=a", "--a\nContent-Type: x/y\n\nx\n--a--\n")
        }),
        ("multipart that never ends", {
            with_body("Content-Type: multipart/mixed;boundary=a", "--a\nContent-Type: x/y\n\nx\n--a")
        }),
        ("unknown method", crlf(&INVITE.replace("INVITE", "NEWMETHOD")).into_bytes()),
        ("unknown method, CSeq of another", changed("INVITE sip", "NEWMETHOD sip")),
        ("method in lower case", crlf(&INVITE.replace("INVITE", "invite")).into_bytes()),
        ("REGISTER", crlf(&INVITE.replace("INVITE", "REGISTER")).into_bytes()),
        ("MESSAGE", crlf(&INVITE.replace("INVITE", "MESSAGE")).into_bytes()),
        ("REFER", crlf(&INVITE.replace("INVITE", "REFER")).into_bytes()),
        ("ACK of nothing", crlf(&INVITE.replace("INVITE", "ACK")).into_bytes()),
        ("broken ACK", crlf(&INVITE.replace("INVITE", "ACK").replace("CSeq: 1", "CSeq: x")).into_bytes()),
        ("CANCEL of nothing", crlf(&INVITE.replace("INVITE", "CANCEL")).into_bytes()),
        ("BYE of nothing", crlf(&INVITE.replace("INVITE", "BYE")).into_bytes()),
        ("INVITE in an unknown dialog", changed("To: <sip:user@127.0.0.1>", "To: <sip:u@h>;tag=x")),
        ("escape that is cut", changed("sip:user@", "sip:us%4@")),
        ("NUL in a header name", with_header("Na\0me: value")),
        ("300 headers", with_header("X: y\n".repeat(300).trim_end())),
        ("100 Vias", with_header("Via: SIP/2.0/UDP h;branch=z9hG4bKx\n".repeat(100).trim_end())),
        ("20 Record-Routes", with_header("Record-Route: <sip:h;lr>\n".repeat(20).trim_end())),
        ("a body of 40,000 bytes", with_body("Content-Type: application/sdp", &"x".repeat(40_000))),
        ("status beyond 699", crlf(&response("700 x")).into_bytes()),
        ("status that wraps", crlf(&response("4294967301 better not break the receiver")).into_bytes()),
        ("a response to nothing", crlf(&response("200 OK")).into_bytes()),
        ("a broken response", crlf(&response("200 OK").replace("CSeq: 1", "CSeq: x")).into_bytes()),
        ("HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec()),
        ("nothing", Vec::new()),
        ("a keep-alive", b"\r\n\r\n".to_vec()),
        ("zeros", vec![0; 64]),
    ];
    assert_snapshot!(report(&cases));
}

fn response(status: &str) -> String {
    format!(
        "SIP/2.0 {status}
Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKnothing
From: <sip:user@127.0.0.1>;tag=1
To: <sip:caller@example.net>;tag=2
Call-ID: nothing
CSeq: 1 INVITE
Content-Length: 0

"
    )
}

#[test]
fn an_answer_is_hardly_longer_than_what_it_answers() {
    let mut net = Network::new(&["server"], 5);
    let peer = net.stranger("peer", PEER);
    for message in [
        crlf(OPTIONS).into_bytes(),
        crlf(&INVITE.replace("INVITE", "REGISTER")).into_bytes(),
        crlf(&INVITE.replace("INVITE", "BYE")).into_bytes(),
        changed("Forwards: 70", "Forwards: 0"),
        with_header("Require: a,b,c,d,e,f,g,h"),
        with_body("Content-Type: x/y", "x"),
    ] {
        net.inbox.clear();
        net.at(0, |sip, now| sip.handle_datagram(now, network::UDP, peer, &message));
        net.run_ms(20);
        let sent: usize = net.inbox.iter().map(|packet| packet.bytes.len()).sum();
        let text = net.inbox[0].text();
        assert!(sent * 4 <= message.len() * 5, "{} bytes for {}:\n{text}", sent, message.len());
        assert!(!text.contains("\r\nServer:") && !text.contains("\r\nUser-Agent:"));
    }
}
