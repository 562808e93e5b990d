//! Files that are none, links that lead away, folders without end: told in a sentence, and never waited for.
#![cfg(unix)]
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const GOOD: &str = "flow line {\n    end bye { say \"Goodbye.\" }\n}\n";
/// Far more than an answer takes, far less than for ever.
const LONGEST: Duration = Duration::from_secs(20);

/// A folder of this test's own, with a flow that is fine.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("p/src")).expect("a folder");
    fs::write(folder.join("p/src/main.flow"), GOOD).expect("a file");
    folder
}

/// The exit code and what was said; a command that does not end is ended, and fails the test.
fn flowc(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flowc"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("flowc runs");
    let began = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if began.elapsed() > LONGEST {
            child.kill().expect("it is ours");
            panic!("flowc {arguments:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().expect("flowc ended");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
}

#[track_caller]
fn fails(folder: &Path, arguments: &[&str], words: &str) {
    let (code, said) = flowc(folder, arguments);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains(words), "{said}");
    assert!(!said.contains("bug in flowc"), "{said}");
}

#[test]
fn pipes_and_devices_are_not_waited_for() {
    let folder = folder("pipe");
    assert!(Command::new("mkfifo").arg(folder.join("pipe.flow")).status().expect("mkfifo runs").success());
    symlink("/dev/zero", folder.join("zero.flow")).expect("a link");
    for name in ["pipe.flow", "zero.flow"] {
        for command in ["check", "fmt", "build"] {
            let (code, said) = flowc(&folder, &[command, name]);
            assert_eq!(code, 2, "{command} {name}: {said}");
        }
    }
    fails(&folder, &["check", "pipe.flow"], "it is a pipe or a device, not a file");
    // In a project's folder too.
    fs::rename(folder.join("pipe.flow"), folder.join("p/src/pipe.flow")).expect("moved");
    fails(&folder, &["check", "p"], "p/src/pipe.flow cannot be read: it is a pipe or a device, not a file");
}

#[test]
fn links_out_of_the_project_are_refused() {
    let folder = folder("links");
    fs::write(folder.join("secret.flow"), GOOD).expect("a file");
    symlink("../../secret.flow", folder.join("p/src/other.flow")).expect("a link");
    fails(&folder, &["check", "p"], "p/src/other.flow is a link that leads out of the project");
    fs::remove_file(folder.join("p/src/other.flow")).expect("removed");
    symlink("/", folder.join("p/src/all")).expect("a link");
    fails(&folder, &["check", "p"], "p/src/all is a link that leads out of the project");
}

#[test]
fn links_within_the_project_are_files_and_no_way_round() {
    let folder = folder("rounds");
    for name in ["a", "b", "c", "d"] {
        symlink(".", folder.join("p/src").join(name)).expect("a link");
    }
    symlink("main.flow", folder.join("p/src/again.flow")).expect("a link");
    let (code, said) = flowc(&folder, &["check", "p"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = folder("unread");
    fs::create_dir_all(folder.join("folder.flow")).expect("a folder");
    fails(&folder, &["check", "folder.flow"], "there are no flows in folder.flow");
    fails(&folder, &["check", "nothing.flow"], "there is no nothing.flow");
    symlink("loop.flow", folder.join("loop.flow")).expect("a link");
    fails(&folder, &["check", "loop.flow"], "loop.flow");
}

#[test]
fn hostile_manifests_are_told() {
    let folder = folder("manifest");
    let manifest = folder.join("p/flow.toml");
    for text in [
        format!("x = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("x = {}1{}", "{a=".repeat(100_000), "}".repeat(100_000)),
        format!("[{}]", vec!["a"; 100_000].join(".")),
        "project = 5\nrun = \"x\"\nsettings = [1]\nagents = true\nlints = 1979-05-27\n".into(),
        "\u{FEFF}\0\u{202E}".into(),
        "[settings]\n".to_owned() + &(0..20_000).map(|n| format!("s{n} = {n}\n")).collect::<String>(),
        format!("[project]\nname = \"{}\"\n[projekt]\n", "x".repeat(1 << 20)),
    ] {
        fs::write(&manifest, &text).expect("written");
        let (code, said) = flowc(&folder, &["check", "p"]);
        assert!(code == 1 || code == 2, "exit {code} of {text:.60}: {said:.500}");
        assert!(!said.contains("bug in flowc") && !said.contains('\u{202E}'), "{text:.60}: {said:.500}");
    }
    for entry in ["/etc/passwd", "../p/src/main.flow", "src", "", "src/../../x.flow"] {
        fs::write(&manifest, format!("[project]\nname = \"p\"\nentry = \"{entry}\"\n")).expect("written");
        let (code, said) = flowc(&folder, &["check", "p"]);
        assert!(code == 1 || code == 2, "entry {entry}: exit {code}: {said}");
    }
}
