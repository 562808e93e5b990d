//! A `flowc run` of our own, from `ready` to its end.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// The binary under test, built once for this test run.
pub fn flowc() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
            let built = Command::new(env!("CARGO"))
                .args([
                    "build",
                    "--quiet",
                    "--locked",
                    "-p",
                    "flowc",
                    "--bin",
                    "flowc",
                    "--manifest-path",
                    manifest,
                ])
                .status()
                .expect("cargo runs");
            assert!(built.success(), "flowc builds");
            // target/debug/deps/test-… -> target/debug/flowc
            let here = std::env::current_exe().expect("a test has a path");
            here.parent().and_then(Path::parent).expect("tests are in target/debug/deps").join("flowc")
        })
        .clone()
}

/// A server; ended with its processes when dropped.
pub struct Server {
    child: Child,
    /// `127.N.0.1:5060`.
    pub address: String,
    /// Its `--state`.
    pub state: PathBuf,
    story: Arc<Mutex<String>>,
    crashed: bool,
}

impl Server {
    /// Starts `flowc run PROJECT` on an address and waits for its `ready`.
    pub fn start(project: &Path, address: &str, options: &[&str]) -> Server {
        let state = project.join("state");
        let mut child = Command::new(flowc())
            .arg("run")
            .arg(project)
            .args(["--sip", &format!("udp:{address}"), "--rtp", "24000-24398", "--state"])
            .arg(&state)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("flowc starts");
        let story = Arc::new(Mutex::new(String::new()));
        let kept = story.clone();
        let errors = BufReader::new(child.stderr.take().expect("a pipe"));
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                let mut kept = kept.lock().expect("no panic while writing");
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let (send, receive): (_, Receiver<String>) = mpsc::channel();
        let lines = BufReader::new(child.stdout.take().expect("a pipe"));
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        let mut server = Server { child, address: address.into(), state, story, crashed: false };
        loop {
            match receive.recv_timeout(Duration::from_secs(30)) {
                Ok(line) if line.starts_with("ready ") => {
                    assert!(line.contains(&format!("sip=udp:{address}")), "odd ready line: {line}");
                    return server;
                }
                Ok(_) => {}
                Err(_) => {
                    server.child.kill().ok();
                    panic!("flowc was not ready in time:\n{}", server.story());
                }
            }
        }
    }

    /// Ends it as a power cut would: `kill -9`.
    pub fn crash(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
        self.crashed = true;
    }

    /// What it has written for people so far.
    pub fn story(&self) -> String {
        self.story.lock().expect("no panic while writing").clone()
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// UDP ports that the process has open now, SIP apart.
    pub fn open_media_ports(&self) -> usize {
        let ip = self.address.split(':').next().expect("an address");
        let octets: Vec<u8> = ip.split('.').map(|part| part.parse().expect("an octet")).collect();
        let hex = octets.iter().rev().map(|octet| format!("{octet:02X}")).collect::<String>();
        let table = std::fs::read_to_string("/proc/net/udp").unwrap_or_default();
        table
            .lines()
            .filter_map(|line| line.split_whitespace().nth(1))
            .filter(|local| {
                let Some((address, port)) = local.split_once(':') else { return false };
                let port = u32::from_str_radix(port, 16).unwrap_or(0);
                address == hex && (24000..24400).contains(&port)
            })
            .count()
    }

    /// The call records, as `flowc records` gives them.
    pub fn records(&self) -> Vec<serde_json::Value> {
        let output = Command::new(flowc())
            .args(["records", "--format", "json", "--state"])
            .arg(&self.state)
            .output()
            .expect("flowc records runs");
        let text = String::from_utf8_lossy(&output.stdout);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(serde_json::Value::Array(records)) => records,
            Ok(mut document) => match document.get_mut("records").map(serde_json::Value::take) {
                Some(serde_json::Value::Array(records)) => records,
                _ => panic!("`flowc records` gave {text}"),
            },
            Err(error) => panic!("`flowc records` gave no JSON ({error}): {text}"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.crashed {
            return;
        }
        if std::thread::panicking() {
            eprintln!("the server's story:\n{}", self.story());
        }
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().ok();
        let ended =
            crate::eventually(Duration::from_secs(15), || matches!(self.child.try_wait(), Ok(Some(_))));
        if !ended {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}
