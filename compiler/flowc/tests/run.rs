//! `flowc run`, `prompts` and `records` as a person meets them: what they say when all is well, and when a
//! port is taken, a prompt is missing or a flow has a mistake.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::io::{BufRead, BufReader, Read};
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const HELLO: &str = r#"edition 2026

inbound "+15550100" -> hello

flow hello {
    greet welcome { say "Hello." -> bye }
    end bye { say "Goodbye." }
}
"#;

/// A project in a folder of its own; removed when dropped.
struct Project(PathBuf);

impl Project {
    fn new(name: &str, source: &str) -> Project {
        let folder = std::env::temp_dir().join(format!("flowc-run-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(folder.join("src/main.flow"), source).unwrap();
        Project(folder)
    }

    /// Runs flowc in the project's folder, where it is `.`, without any voice in reach.
    fn flowc(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowc"));
        command.args(args).current_dir(&self.0).env("PATH", "/nonexistent").stdin(Stdio::null());
        command
    }

    fn says(&self, args: &[&str]) -> String {
        let output = self.flowc(args);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let code = output.status.code().unwrap();
        format!("{}{}exit {code}", text(&output.stdout), text(&output.stderr))
    }

    /// Half a second of silence for each of its sentences.
    fn voice(&self) {
        let list = String::from_utf8(self.flowc(&["prompts", ".", "--as", "json"]).stdout).unwrap();
        let files: Vec<&str> =
            list.split("\"file\": \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(!files.is_empty(), "{list}");
        for file in files {
            let path = self.0.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, wav(&[0; 4_000])).unwrap();
        }
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn wav(samples: &[i16]) -> Vec<u8> {
    let bytes = (samples.len() * 2) as u32;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(8_000u32.to_le_bytes());
    file.extend(16_000u32.to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(bytes.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

fn free_port(ip: &str) -> u16 {
    UdpSocket::bind((ip, 0)).unwrap().local_addr().unwrap().port()
}

#[test]
fn a_flow_with_a_mistake_never_starts() {
    let project = Project::new("mistake", &HELLO.replace("-> bye }", "-> buy }"));
    let said = project.says(&["run", "."]);
    assert!(said.ends_with("exit 1"), "{said}");
    assert!(said.contains("buy"), "{said}");
    assert!(!said.contains("ready"), "{said}");
}

#[test]
fn a_missing_prompt_is_said_with_what_to_do() {
    let project = Project::new("silent", HELLO);
    insta::assert_snapshot!("no_voice_and_no_prompts", project.says(&["run", "."]));
    std::fs::create_dir_all(project.0.join("prompts/en")).unwrap();
    insta::assert_snapshot!("an_empty_prompts_folder", project.says(&["run", "."]));
    insta::assert_snapshot!("what_is_missing", project.says(&["prompts", ".", "--check"]));
    insta::assert_snapshot!("no_voice_to_draft_with", project.says(&["prompts", ".", "--draft"]));
}

#[test]
fn a_recording_that_is_missing_is_refused_even_with_drafts() {
    let source = HELLO.replace("\"Hello.\"", "\"Hello.\" recording \"welcome\"");
    let project = Project::new("recording", &source);
    insta::assert_snapshot!(project.says(&["run", "."]));
}

#[test]
fn a_value_that_a_language_has_no_words_for_is_said() {
    let spanish = r#"edition 2026

flow hello {
    speaks fr, en
    state turn: int = 7

    end welcome { say fr "Votre tour est le {turn}." en "Your turn is {turn}." }
}
"#;
    let project = Project::new("wordless", spanish);
    project.voice();
    insta::assert_snapshot!(project.says(&["prompts", ".", "--check"]));
}

#[test]
fn a_port_in_use_is_said_with_what_to_do() {
    let project = Project::new("taken", HELLO);
    project.voice();
    let taken = UdpSocket::bind("127.53.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let said = project.says(&["run", ".", "--sip", &format!("udp:{address}")]);
    insta::assert_snapshot!(said.replace(&address.port().to_string(), "PORT"));
}

#[test]
fn a_voice_of_the_manifest_that_nobody_knows_is_said() {
    let project = Project::new("voice", HELLO);
    std::fs::write(project.0.join("flow.toml"), "[prompts]\nvoice = \"hal\"\n").unwrap();
    for command in [&["prompts", ".", "--draft"][..], &["run", "."]] {
        let said = project.says(command);
        assert!(said.starts_with("flowc: flowc knows no voice `hal`\n  help: write `voice = "), "{said}");
        assert!(said.ends_with("exit 2"), "{said}");
    }
}

#[test]
fn an_address_that_is_given_twice_is_said() {
    let project = Project::new("twice", HELLO);
    project.voice();
    let said = project.says(&["run", ".", "--sip", "udp:127.53.0.4:5060", "--sip", "udp:127.53.0.4"]);
    assert!(
        said.starts_with("flowc: the SIP address udp:127.53.0.4:5060 is given twice\n  help: "),
        "{said}"
    );
    assert!(said.ends_with("exit 2"), "{said}");
}

#[test]
fn options_that_cannot_be_read_are_said() {
    let project = Project::new("options", HELLO);
    project.voice();
    let mut texts = Vec::new();
    for option in [
        ["--sip", "tcp:127.0.0.1:5060"],
        ["--sip", "127.0.0.1"],
        ["--rtp", "30000-20000"],
        ["--http", "everywhere"],
        ["--http", "0.0.0.0:8080"],
        ["--state", "/dev/null/x"],
    ] {
        let port = free_port("127.53.0.2");
        let sip = format!("udp:127.53.0.2:{port}");
        let mut args = vec!["run", ".", option[0], option[1]];
        if option[0] != "--sip" {
            args.extend(["--sip", &sip]);
        }
        texts.push(format!("{} {}\n{}", option[0], option[1], project.says(&args)));
    }
    insta::assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn a_server_says_where_it_is_ends_at_sigterm_and_leaves_readable_records() {
    let project = Project::new("up", HELLO);
    project.voice();
    let port = free_port("127.53.0.3");
    let sip = format!("udp:127.53.0.3:{port}");
    let begun = Instant::now();
    let mut child = project
        .command(&["run", ".", "--sip", &sip, "--rtp", "26000-26098"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let waited = begun.elapsed();
    assert_eq!(line, format!("ready sip={sip} rtp=26000-26098 state=./state\n"));
    assert!(waited < Duration::from_secs(5), "ready after {waited:?}");
    let ended = Command::new("/bin/kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(ended.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    insta::assert_snapshot!(told.replace(&port.to_string(), "PORT"));
    assert_eq!(project.says(&["records", "--state", "state", "--format", "json"]), "[]\nexit 0");
    assert!(Path::new(&project.0).join("state/messages").is_dir());
    insta::assert_snapshot!("no_such_state", project.says(&["records", "--state", "elsewhere"]));
}
