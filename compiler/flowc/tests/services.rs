//! Services, sends and limits with the real binary: played in the terminal; asked, delivered and kept across a
//! kill -9 on a live line. The calls of these flows are never answered, so no audio is needed: the SIP status
//! with which they end tells what the flow found.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// A project in a folder of its own; removed when dropped.
struct Project(PathBuf);

impl Project {
    fn new(name: &str, flow: &str, manifest: &str) -> Project {
        let folder = std::env::temp_dir().join(format!("flowc-services-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(folder.join("src/main.flow"), flow).unwrap();
        std::fs::write(folder.join("flow.toml"), manifest).unwrap();
        Project(folder)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowc"));
        command.args(args).current_dir(&self.0).env("PATH", "/nonexistent").stdin(Stdio::null());
        command
    }

    fn flowc(&self, args: &[&str]) -> String {
        let Output { stdout, stderr, status } = self.command(args).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        format!("{}{}exit {}", text(&stdout), text(&stderr), status.code().unwrap())
    }

    /// Gives every prompt that lacks one a tenth of a second of silence.
    fn voice(&self) {
        let said = self.flowc(&["run", ".", "--sip", "udp:127.0.0.1:0", "--state", "voiceless"]);
        let silence = [0_u8; 1_600];
        let header = [b"RIFF".as_slice(), &1_636_u32.to_le_bytes(), b"WAVEfmt ", &16_u32.to_le_bytes()];
        let format = [[1_u8, 0, 1, 0], 8_000_u32.to_le_bytes(), 16_000_u32.to_le_bytes(), [2, 0, 16, 0]];
        let data = [b"data".as_slice(), &1_600_u32.to_le_bytes(), &silence];
        let wav = [header.concat(), format.concat(), data.concat()].concat();
        for file in said.split_whitespace().filter(|word| word.ends_with(".wav")) {
            let file = self.0.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, &wav).unwrap();
        }
    }

    fn run(&self) -> Running {
        self.run_with(&[])
    }

    fn run_with(&self, more: &[&str]) -> Running {
        let usual = ["run", ".", "--sip", "udp:127.0.0.1:0", "--state", "state", "--rtp", "27000-27099"];
        let mut child = self
            .command(&[&usual, more].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(sip) = line.split(' ').find_map(|word| word.strip_prefix("sip=udp:")) else {
            let mut why = String::new();
            child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            panic!("not ready: {line}{why}");
        };
        let sip = sip.parse().unwrap();
        // Stories are read so that the pipe never fills.
        let mut stories = child.stderr.take().unwrap();
        let (tell, told) = channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stories.read_to_string(&mut text);
            let _ = tell.send(text);
        });
        Running { child, sip, told }
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Running {
    child: Child,
    sip: SocketAddr,
    told: Receiver<String>,
}

impl Running {
    /// Calls a flow and gives the status that the call ends with.
    fn call(&self, flow: &str) -> String {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let (own, server) = (socket.local_addr().unwrap(), self.sip);
        let body = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";
        let head = |method: &str, length: usize, tag: &str| {
            format!(
                "{method} sip:{flow}@{server} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{}\r\nMax-Forwards: 70\r\n\
                 From: <sip:+15550123@{own}>;tag=1\r\nTo: <sip:{flow}@{server}>{tag}\r\nCall-ID: {}@t\r\nCSeq: 1 {method}\r\n\
                 Contact: <sip:t@{own}>\r\nContent-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n",
                own.port(),
                own.port()
            )
        };
        socket.send_to(format!("{}{body}", head("INVITE", body.len(), "")).as_bytes(), server).unwrap();
        let mut buffer = [0; 4_096];
        loop {
            let (length, _) = socket.recv_from(&mut buffer).expect("an answer");
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let status = text.split(' ').nth(1).unwrap().to_owned();
            if !status.starts_with('1') {
                let tag = text.lines().find_map(|line| line.strip_prefix("To:")?.split_once(";tag="));
                let tag = tag.map_or(String::new(), |(_, tag)| format!(";tag={}", tag.trim()));
                socket.send_to(head("ACK", 0, &tag).as_bytes(), server).unwrap();
                return status;
            }
        }
    }

    /// SIGTERM: the stories are whole then.
    fn stop(mut self) -> String {
        signal("-TERM", &self.child);
        self.child.wait().unwrap();
        self.told.recv_timeout(Duration::from_secs(5)).unwrap_or_default()
    }

    /// kill -9.
    fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.told.recv_timeout(Duration::from_secs(5)).unwrap_or_default()
    }
}

fn signal(which: &str, child: &Child) {
    let sent = Command::new("/bin/kill").args([which, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A service that says what each path says; tells the requests that came.
fn service(listener: TcpListener, answer: fn(&str) -> (u16, &'static str, u64)) -> Receiver<String> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(200).flatten() {
            let tell = tell.clone();
            std::thread::spawn(move || serve(stream, answer, &tell));
        }
    });
    told
}

fn serve(mut stream: TcpStream, answer: fn(&str) -> (u16, &'static str, u64), tell: &Sender<String>) {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut request = String::new();
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            request.push_str(&line);
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        request.push_str(&String::from_utf8_lossy(&body));
        let (status, body, after) = answer(&request);
        std::thread::sleep(Duration::from_millis(after));
        let _ = tell.send(request);
        let _ = write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    }
}

fn wait_for(told: &Receiver<String>, what: &str) -> String {
    let end = Instant::now() + Duration::from_secs(15);
    let mut others = String::new();
    while Instant::now() < end {
        if let Ok(request) = told.recv_timeout(Duration::from_millis(200)) {
            if request.contains(what) {
                return request;
            }
            others.push_str(&request);
        }
    }
    panic!("`{what}` never came, but\n{others}");
}

const FLOW: &str = r#"
edition 2026

record Customer { id: text, name: text }

setting crm_url: text
setting crm_key: secret text

limit tries(id: text) = 2 per 1h

service crm at crm_url with bearer(crm_key) {
    get  customer(number: phone): Customer?  "/customers?phone={number}"  within 700ms
    get  odd(kind: text): Customer           "/odd/{kind}"                within 700ms
    post note(id: text, about: text)         "/notes"                     within 1s
}

/// 486: found; 404: nobody; 480: no answer that fits.
flow find {
    step look_up {
        let number = caller.number else -> failed
        let found = crm.customer(number) else -> failed
        when found is some(c) -> found
        otherwise -> nobody
    }
    decline found { code 486 }
    decline nobody { code 404 }
    decline failed { code 480 }
}

flow slow {
    step look_up { let c = crm.odd("slow") else -> failed  -> found }
    decline found { code 486 }
    decline failed { code 480 }
}

flow misfit {
    step look_up { let c = crm.odd("misfit") else -> failed  -> found }
    decline found { code 486 }
    decline failed { code 480 }
}

flow tell {
    step note { send crm.note("7", "called")  -> done }
    decline done { code 486 }
}

/// 486: counted; 480: the limit is reached.
flow limited {
    step try { count tries("7") else -> reached  -> counted }
    decline counted { code 486 }
    decline reached { code 480 }
}
"#;

fn manifest(address: SocketAddr) -> String {
    format!("[settings]\ncrm_url = \"http://{address}/api\"\ncrm_key = \"k-123\"\n")
}

fn fine(request: &str) -> (u16, &'static str, u64) {
    if request.contains("/api/customers?phone=%2B15550123") {
        (200, r#"{"id": "7", "name": "Ada"}"#, 0)
    } else if request.contains("/odd/slow") {
        (200, r#"{"id": "7", "name": "Ada"}"#, 3_000)
    } else if request.contains("/odd/misfit") {
        (200, r#"{"id": 7}"#, 0)
    } else {
        (200, "", 0)
    }
}

#[test]
fn a_live_call_asks_its_services() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let project = Project::new("ask", FLOW, &manifest(listener.local_addr().unwrap()));
    let told = service(listener, fine);
    let server = project.run();
    assert_eq!(server.call("find"), "486");
    assert!(wait_for(&told, "/api/customers").to_lowercase().contains("authorization: bearer k-123"));
    assert_eq!(server.call("slow"), "480", "after its limit");
    assert_eq!(server.call("misfit"), "480");
    let stories = server.stop();
    assert!(stories.contains("crm.odd fails: no answer in time"), "{stories}");
    assert!(stories.contains("crm.odd fails: `id` is a number, not a text"), "{stories}");
    assert!(!stories.contains("k-123"), "{stories}");
}

#[test]
fn what_is_sent_survives_kill_9_and_arrives_with_its_key() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let project = Project::new("send", FLOW, &manifest(address));
    let told =
        service(listener, |request| if request.contains("/notes") { (503, "", 0) } else { fine(request) });
    let server = project.run();
    assert_eq!(server.call("tell"), "486");
    let first = wait_for(&told, "/api/notes");
    server.kill();
    let sends = project.flowc(&["sends", "--state", "state"]);
    assert!(sends.contains("waiting") && sends.contains("crm.note"), "{sends}");

    // The same deployment, with another address for the service.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    std::fs::write(project.0.join("flow.toml"), manifest(listener.local_addr().unwrap())).unwrap();
    let told = service(listener, fine);
    let server = project.run();
    let second = wait_for(&told, "/api/notes");
    let key = |request: &str| {
        let line = request.lines().find(|line| line.to_lowercase().starts_with("idempotency-key:"));
        line.expect("a key").to_owned()
    };
    assert_eq!(key(&first), key(&second));
    assert!(second.ends_with(r#"{"about":"called","id":"7"}"#), "{second}");
    let end = Instant::now() + Duration::from_secs(10);
    let mut sends = String::new();
    while Instant::now() < end && !sends.contains("delivered") {
        sends = project.flowc(&["sends", "--state", "state"]);
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(sends.contains("delivered") && !sends.contains("waiting"), "{sends}");
    drop(server);
}

#[test]
fn a_limit_holds_across_kill_9() {
    let project = Project::new("limit", FLOW, &manifest("127.0.0.1:1".parse().unwrap()));
    let server = project.run();
    assert_eq!(server.call("limited"), "486");
    server.kill();
    let server = project.run();
    assert_eq!(server.call("limited"), "486");
    server.kill();
    let server = project.run();
    assert_eq!(server.call("limited"), "480", "two within the hour were enough");
}

const LETTERS: &str = r#"
edition 2026

flow tell {
    step note {
        send email.send("desk@acme.example", "A call", "Somebody called.")
        send sms.send("+15550123", "Thanks")
        -> done
    }
    decline done { code 486 }
}
"#;

/// As much of SMTP as a letter needs; gives each letter.
fn mail_server(listener: TcpListener) -> Receiver<String> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(10).flatten() {
            let mut out = stream.try_clone().unwrap();
            let mut reader = BufReader::new(stream);
            let mut say = |text: &str| write!(out, "{text}\r\n");
            let _ = say("220 test");
            let mut letter = String::new();
            let mut in_data = false;
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 {
                    break;
                }
                letter.push_str(&line);
                let _ = match line.trim_end() {
                    "." if in_data => {
                        in_data = false;
                        let _ = tell.send(std::mem::take(&mut letter));
                        say("250 taken")
                    }
                    _ if in_data => continue,
                    "DATA" => {
                        in_data = true;
                        say("354 go on")
                    }
                    "QUIT" => say("221 bye"),
                    _ => say("250 fine"),
                };
            }
        }
    });
    told
}

#[test]
fn letters_and_text_messages_go_out() {
    let (mail, sms) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let manifest = format!(
        "[email]\nserver = \"{}\"\nfrom = \"Acme <phone@acme.example>\"\ntls = \"none\"\n\n[sms]\nurl = \"http://{}/messages\"\nkey = \"s-1\"\n",
        mail.local_addr().unwrap(),
        sms.local_addr().unwrap()
    );
    let project = Project::new("letters", LETTERS, &manifest);
    let (letters, messages) = (mail_server(mail), service(sms, |_| (202, "", 0)));
    let server = project.run();
    assert_eq!(server.call("tell"), "486");
    let letter = wait_for(&letters, "Somebody called.");
    assert!(letter.contains("RCPT TO:<desk@acme.example>") && letter.contains("Subject: A call"), "{letter}");
    let message = wait_for(&messages, "POST /messages");
    assert!(message.ends_with(r#"{"text":"Thanks","to":"+15550123"}"#), "{message}");
    assert!(message.to_lowercase().contains("authorization: bearer s-1"), "{message}");
    drop(server);
}

#[test]
fn what_the_deployment_lacks_stops_the_start_and_not_a_call() {
    let project = Project::new("lacks", LETTERS, "");
    insta::assert_snapshot!("no_email", project.flowc(&["run", ".", "--sip", "udp:127.0.0.1:0"]));
    let project = Project::new("key", FLOW, "[settings]\ncrm_url = \"http://127.0.0.1:1\"\n");
    insta::assert_snapshot!("no_key", project.flowc(&["run", ".", "--sip", "udp:127.0.0.1:0"]));
    let project = Project::new("url", FLOW, "[settings]\ncrm_url = \"crm\"\ncrm_key = \"k\"\n");
    insta::assert_snapshot!("no_url", project.flowc(&["run", ".", "--sip", "udp:127.0.0.1:0"]));
}

#[test]
fn services_are_played_in_the_terminal() {
    let project = Project::new("play", FLOW, &manifest("127.0.0.1:1".parse().unwrap()));
    let call = |more: &[&str]| {
        project.flowc(
            &[&["call", ".", "--flow", "find", "--at", "2026-03-03T12:00", "--keys", ""], more].concat(),
        )
    };
    insta::assert_snapshot!("nothing_is_played", call(&[]));
    insta::assert_snapshot!(
        "played",
        call(&["--service", r#"crm.customer={"id": "7", "name": "Ada"} after 300ms"#])
    );
    insta::assert_snapshot!("unknown_service", call(&["--service", "crm.customers=none"]));
    std::fs::write(project.0.join("answers.toml"), "[crm]\ncustomer = { none = true }\n").unwrap();
    insta::assert_snapshot!("played_by_file", call(&["--services", "answers.toml"]));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    std::fs::write(project.0.join("flow.toml"), manifest(listener.local_addr().unwrap())).unwrap();
    let _told = service(listener, fine);
    let live = call(&["--live-services"]);
    assert!(live.contains("refused with 486"), "{live}");
}

/// Calls an example of the repository.
fn example(args: &[&str]) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO_BIN_EXE_flowc")).args(args).current_dir(root).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}exit {}", text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

#[test]
fn a_table_a_roster_and_a_service_in_one_call() {
    let project = "examples/appointments";
    let answers = format!("{project}/answers.toml");
    let call = |keys, from| {
        example(&[
            "call",
            project,
            "--services",
            &answers,
            "--at",
            "2026-03-03T12:00",
            "--from",
            from,
            "--keys",
            keys,
        ])
    };
    insta::assert_snapshot!("appointment_moved", call("1 1", "+15550123"));
    insta::assert_snapshot!("not_expected", call("", "+15550124"));
}

const PEOPLE: &str = r#"
edition 2026

skill technical
switch shut

roster from "agents.csv"

queue help { agents with technical >= 2 }

/// 486: somebody is there; 480: nobody; 404: the switch is thrown.
flow ask {
    step look {
        when shut -> shut
        when help.free >= 2 -> two
        when help.free == 1 -> one
        otherwise -> none_there
    }
    decline two { code 486 }
    decline one { code 487 }
    decline none_there { code 480 }
    decline shut { code 404 }
}
"#;

fn until(wanted: &str, mut ask: impl FnMut() -> String) {
    let end = Instant::now() + Duration::from_secs(10);
    let mut last = String::new();
    while Instant::now() < end {
        last = ask();
        if last == wanted {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{last}, not {wanted}");
}

#[test]
fn a_roster_is_read_anew_and_a_bad_one_changes_nothing() {
    let project = Project::new("roster", PEOPLE, "");
    let write = |text: &str| std::fs::write(project.0.join("agents.csv"), text).unwrap();
    let head = "name,address,teams,technical\n";
    write(&format!("{head}dana,sip:dana@127.0.0.1:9,,3\n"));
    let server = project.run();
    let hup = |server: &Running| signal("-HUP", &server.child);
    assert_eq!(server.call("ask"), "487");
    write(&format!("{head}dana,sip:dana@127.0.0.1:9,,3\nlee,sip:lee@127.0.0.1:9,,2\n"));
    hup(&server);
    until("486", || server.call("ask"));
    write("name,address,teams,tecnical\ndana,sip:dana@127.0.0.1:9,,3\n");
    hup(&server);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(server.call("ask"), "486", "two are there still");
    let stories = server.stop();
    assert!(stories.contains("the roster was read again: 2 people"), "{stories}");
    assert!(
        stories.contains("the roster stays as it was: agents.csv:1:20: no flow knows the skill `tecnical`"),
        "{stories}"
    );
}

#[test]
fn a_switch_is_thrown_from_outside_and_holds_across_a_restart() {
    let project = Project::new("switch", PEOPLE, "");
    std::fs::write(project.0.join("agents.csv"), "name,address,technical\ndana,sip:dana@127.0.0.1:9,3\n")
        .unwrap();
    let server = project.run();
    assert_eq!(server.call("ask"), "487");
    let said = project.flowc(&["switch", "shut", "on", "--state", "state", "--by", "ada"]);
    assert!(said.contains("shut on, by ada"), "{said}");
    until("404", || server.call("ask"));
    server.kill();
    let server = project.run();
    until("404", || server.call("ask"));
    project.flowc(&["switch", "shut", "off", "--state", "state", "--by", "lee"]);
    until("487", || server.call("ask"));
    let wrong = project.flowc(&["switch", "shit", "on", "--state", "state"]);
    assert!(wrong.contains("the flows have no switch `shit`") && wrong.contains("`shut`"), "{wrong}");
    let early = project.flowc(&["switch", "shut", "on", "--state", "elsewhere"]);
    assert!(early.contains("no server has run on elsewhere yet") && early.contains("flowc run"), "{early}");
    let list = project.flowc(&["switch", "--state", "state"]);
    assert!(list.contains("shut on, by ada") && list.contains("shut off, by lee"), "{list}");
}

#[test]
fn an_agent_is_signed_out_and_in_again_on_a_live_line() {
    let project = Project::new("agents", PEOPLE, "");
    std::fs::write(project.0.join("agents.csv"), "name,address,technical\ndana,sip:dana@127.0.0.1:9,3\n")
        .unwrap();
    let server = project.run();
    assert_eq!(server.call("ask"), "487");
    let said = project.flowc(&["agents", "dana", "away", "--state", "state", "--by", "ada"]);
    assert!(said.contains("dana  away, by ada"), "{said}");
    until("480", || server.call("ask"));
    server.kill();
    let server = project.run();
    assert_eq!(server.call("ask"), "480", "it holds across a restart");
    let list = project.flowc(&["agents", "--state", "state"]);
    assert!(list.contains("dana  away, by ada"), "{list}");
    project.flowc(&["agents", "dana", "ready", "--state", "state"]);
    until("487", || server.call("ask"));
    let wrong = project.flowc(&["agents", "dna", "away", "--state", "state"]);
    assert!(wrong.contains("the flows have no agent `dna`") && wrong.contains("`dana`"), "{wrong}");
}

#[test]
fn a_campaign_is_started_once_and_then_by_word_alone() {
    const FLOW: &str = r#"
inbound "+12125550190" -> line
record Visit { number: phone }
table visits of Visit from "visits.csv"
campaign reminders { from visits as row  call row.number -> reminder  skip when true }
flow reminder { end tell { say "Your visit is tomorrow." } }
flow line { end bye { say "Goodbye." } }
"#;
    let project = Project::new("campaign", FLOW, "");
    for place in ["visits.csv", "src/visits.csv"] {
        std::fs::write(project.0.join(place), "number\n+12125550101\n").unwrap();
    }
    let runs = || {
        let list = project.flowc(&["callbacks", "--state", "state"]);
        list.lines().filter(|line| line.contains("reminders")).count()
    };
    let early = project.flowc(&["campaign", "start", "reminders", "--state", "state"]);
    assert!(early.contains("no server has run on state yet"), "{early}");
    project.voice();
    let server = project.run_with(&["--campaign", "reminders"]);
    until("1", || runs().to_string());
    server.kill();
    // A service manager starts it again: nobody is called again.
    let server = project.run_with(&["--campaign", "reminders"]);
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(runs(), 1);
    let wrong = project.flowc(&["campaign", "start", "remnders", "--state", "state"]);
    assert!(wrong.contains("the flows have no campaign `remnders`"), "{wrong}");
    let started = project.flowc(&["campaign", "start", "reminders", "--state", "state", "--by", "ada"]);
    assert!(started.contains("reminders  started, by ada"), "{started}");
    until("2", || runs().to_string());
    let stories = server.stop();
    assert!(stories.contains("the campaign reminders is done already"), "{stories}");
}
