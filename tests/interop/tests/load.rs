//! Many calls at once from sipp, and requests that a real peer sends.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::Duration;

use flow_interop::eventually;
use flow_interop::project::Project;
use flow_interop::server::Server;
use flow_interop::sipp::{self, Answering};

const SOURCE: &str = r#"
edition 2026

inbound "+15550191" -> line

flow line {
    dial desk {
        ring "sip:desk@PEER:5060" for 3s
        on talked -> bye
        otherwise -> bye
    }
    end bye { say "Goodbye." recording "bye" }
}

flow short {
    end bye { say "Goodbye." recording "bye" }
}
"#;

fn start(name: &str, number: u8) -> (Project, Server) {
    let source = SOURCE.replace("PEER", &format!("127.{number}.0.3"));
    let project = Project::new(name, &source, &[("bye", 1000.0, 2.0)]);
    let server = Server::start(project.path(), &format!("127.{number}.0.1:5060"), &[]);
    (project, server)
}

#[test]
fn a_hundred_callers_hang_up_and_leave_a_record_each() {
    let (project, server) = start("hundred", 41);
    let output = sipp::run(
        project.path(),
        &[
            "-sn",
            "uac",
            "-i",
            "127.41.0.2",
            "-s",
            "short",
            "-r",
            "50",
            "-m",
            "100",
            "-d",
            "300",
            "127.41.0.1:5060",
        ],
    );
    assert!(output.status.success(), "{}", sipp::said(&output));
    let recorded = eventually(Duration::from_secs(10), || server.records().len() == 100);
    assert!(recorded, "{} records of 100 calls", server.records().len());
    assert!(eventually(Duration::from_secs(5), || server.open_media_ports() == 0));
}

#[test]
fn a_call_is_joined_to_a_sipp_that_answers() {
    let (project, server) = start("joined", 42);
    let _desk = Answering::start(project.path(), &["-sn", "uas", "-i", "127.42.0.3", "-p", "5060"]);
    let output = sipp::run(
        project.path(),
        &[
            "-sn",
            "uac",
            "-i",
            "127.42.0.2",
            "-s",
            "line",
            "-r",
            "5",
            "-m",
            "10",
            "-d",
            "1500",
            "127.42.0.1:5060",
        ],
    );
    assert!(output.status.success(), "{}\n{}", sipp::said(&output), server.story());
    let recorded = eventually(Duration::from_secs(10), || server.records().len() == 10);
    assert!(recorded, "{} records of 10 calls", server.records().len());
    for record in server.records() {
        assert_eq!(record["outcome"]["kind"], "caller_hung_up", "{record}");
        assert_eq!(record["talks"][0]["ended_by"], "caller", "{record}");
    }
    assert!(eventually(Duration::from_secs(5), || server.open_media_ports() == 0));
}

#[test]
fn our_goodbye_is_a_bye_that_sipp_accepts() {
    let (project, server) = start("goodbye", 43);
    std::fs::write(project.path().join("wait.xml"), WAIT_FOR_BYE).expect("a file");
    let output = sipp::run(
        project.path(),
        &["-sf", "wait.xml", "-i", "127.43.0.2", "-s", "+15550191", "-m", "1", "127.43.0.1:5060"],
    );
    // Nobody answers at the desk: the caller hears goodbye, then our BYE.
    assert!(output.status.success(), "{}\n{}", sipp::said(&output), server.story());
}

#[test]
fn options_are_answered_and_strangers_learn_nothing() {
    let (project, _server) = start("options", 44);
    std::fs::write(project.path().join("options.xml"), OPTIONS).expect("a file");
    let output = sipp::run(
        project.path(),
        &["-sf", "options.xml", "-i", "127.44.0.2", "-s", "ping", "-m", "1", "127.44.0.1:5060"],
    );
    assert!(output.status.success(), "{}", sipp::said(&output));
    std::fs::write(project.path().join("unknown.xml"), UNKNOWN).expect("a file");
    let output = sipp::run(
        project.path(),
        &["-sf", "unknown.xml", "-i", "127.44.0.2", "-s", "nobody", "-m", "1", "127.44.0.1:5060"],
    );
    assert!(output.status.success(), "{}", sipp::said(&output));
}

const WAIT_FOR_BYE: &str = r#"<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="wait for bye">
  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: "Ada" <sip:+15550142@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:ada@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=ada 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: "Ada" <sip:+15550142@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
[routes]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv request="BYE"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"#;

const OPTIONS: &str = r#"<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="options">
  <send retrans="500"><![CDATA[
OPTIONS sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:ada@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 OPTIONS
Max-Forwards: 70
Accept: application/sdp
Content-Length: 0

]]></send>
  <recv response="200"/>
</scenario>
"#;

const UNKNOWN: &str = r#"<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="a number that nobody bound">
  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:ada@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:ada@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=ada 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
]]></send>
  <recv response="100" optional="true"/>
  <recv response="404"/>
  <send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch-2]
From: <sip:ada@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
</scenario>
"#;
