//! CPU per call, with sipp on the other core: `cargo bench -p flow-bench --bench signalling`.
//!
//! `sig` is signalling alone (answer, half a second, the caller's BYE) with the flow and the call record;
//! `support` is the same with a second of prompt. `sipp -sn uas` does the signalling in the same run, as a
//! measure for the machine. CPU is user and system time of the server process over the whole run.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use flow_interop::audio::write_tone;

const RATES: &[u32] = &[500, 1000, 2000];

fn main() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let folder = std::env::temp_dir().join(format!("flow-bench-{}", std::process::id()));
    let project = folder.join("line");
    std::fs::create_dir_all(project.join("src")).expect("a folder");
    for file in ["flow.toml", "src/main.flow"] {
        std::fs::copy(root.join("tests/bench/line").join(file), project.join(file))
            .expect("the line's files");
    }
    let tones =
        [("greeting", 400.0, 4.0), ("menu", 600.0, 5.0), ("sales", 1000.0, 2.0), ("hold", 800.0, 30.0)];
    for (name, hertz, seconds) in tones {
        write_tone(&project.join(format!("prompts/{name}.wav")), hertz, seconds);
    }
    write_tone(&project.join("prompts/hold10.wav"), 800.0, 10.0);
    write_tone(&project.join("prompts/tick.wav"), 440.0, 0.1);

    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "-p", "flowc", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .status()
        .expect("cargo runs");
    assert!(built.success(), "flowc builds");
    let flowc = root.join("target/release/flowc");

    println!("{:<22} {:>8} {:>10} {:>8} {:>12}", "what", "calls/s", "calls", "failed", "CPU ms/call");
    for rate in RATES {
        let server = serve(&flowc, &project, &folder);
        measure("flowc sig", &server, "sig", *rate, 500, &folder);
        let peer = Peer::start(&folder);
        measure("sipp -sn uas", &peer, "sig", *rate, 500, &folder);
    }
    for rate in [100, 200] {
        let server = serve(&flowc, &project, &folder);
        measure("flowc support, 1 s", &server, "support", rate, 1000, &folder);
    }
    std::fs::remove_dir_all(&folder).ok();
}

trait Measured {
    fn pid(&self) -> u32;
    fn address(&self) -> &str;
}

struct Serving(Child);

impl Measured for Serving {
    fn pid(&self) -> u32 {
        self.0.id()
    }
    fn address(&self) -> &str {
        "127.51.0.1:5060"
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

struct Peer(Child);

impl Peer {
    fn start(folder: &Path) -> Peer {
        let child = Command::new("taskset")
            .args([
                "-c",
                "0",
                "sipp",
                "-nostdin",
                "-sn",
                "uas",
                "-i",
                "127.51.0.3",
                "-p",
                "5060",
                "-timeout",
                "120s",
            ])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sipp is installed");
        std::thread::sleep(Duration::from_millis(500));
        Peer(child)
    }
}

impl Measured for Peer {
    fn pid(&self) -> u32 {
        self.0.id()
    }
    fn address(&self) -> &str {
        "127.51.0.3:5060"
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn serve(flowc: &Path, project: &Path, folder: &Path) -> Serving {
    let state = folder.join("state");
    std::fs::remove_dir_all(&state).ok();
    let out = folder.join("ready");
    let child = Command::new("taskset")
        .args(["-c", "0"])
        .arg(flowc)
        .arg("run")
        .arg(project)
        .args(["--sip", "udp:127.51.0.1:5060", "--rtp", "20000-39998", "--quiet", "--state"])
        .arg(&state)
        .stdout(std::fs::File::create(&out).expect("a file"))
        .stderr(Stdio::null())
        .spawn()
        .expect("flowc starts");
    let ready = flow_interop::eventually(Duration::from_secs(10), || {
        std::fs::read_to_string(&out).unwrap_or_default().contains("ready ")
    });
    assert!(ready, "flowc is ready");
    Serving(child)
}

/// User and system time of a process in milliseconds (100 ticks a second, as Linux reports them).
fn cpu_millis(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) * 10.0
}

fn measure(what: &str, server: &dyn Measured, user: &str, rate: u32, hold_millis: u32, folder: &Path) {
    let calls = rate * 8;
    let before = cpu_millis(server.pid());
    let output = Command::new("taskset")
        .args(["-c", "1", "sipp", "-nostdin", "-sn", "uac", "-i", "127.51.0.2", "-s", user])
        .args(["-r", &rate.to_string(), "-m", &calls.to_string(), "-d", &hold_millis.to_string()])
        .args(["-timeout", "60s", "-trace_stat", "-stf", "stat.csv", "-fd", "1", server.address()])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("sipp is installed");
    std::thread::sleep(Duration::from_millis(500));
    let spent = cpu_millis(server.pid()) - before;
    let failed = failed_calls(&folder.join("stat.csv"));
    println!("{what:<22} {rate:>8} {calls:>10} {failed:>8} {:>12.3}", spent / f64::from(calls));
    if !output.status.success() {
        println!("  sipp ended with {:?}", output.status.code());
    }
}

/// `FailedCall(C)` of the last line of sipp's statistics.
fn failed_calls(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    std::fs::remove_file(path).ok();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(';').collect();
    let last: Vec<&str> = lines.next_back().unwrap_or_default().split(';').collect();
    let at = names.iter().position(|name| *name == "FailedCall(C)");
    at.and_then(|at| last.get(at)).map_or("?".into(), |value| (*value).to_string())
}
