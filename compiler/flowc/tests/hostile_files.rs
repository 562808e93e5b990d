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

/// The project's folder of a test of its own, with files in it.
fn project(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = folder(name);
    for (path, bytes) in files {
        let path = folder.join("p").join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

/// Each command on the project says something of its own, and nobody panics; what `check` said.
#[track_caller]
fn told(folder: &Path, words: &str) {
    for command in ["check", "build", "fmt"] {
        let (code, said) = flowc(folder, &[command, "p"]);
        assert!((0..=2).contains(&code), "{command}: exit {code}: {said:.500}");
        assert!(!said.contains("bug in flowc") && !said.contains("panicked"), "{command}: {said:.500}");
        assert!(!said.contains(['\0', '\u{202E}']), "{command}: {said:.500}");
    }
    let (code, said) = flowc(folder, &["check", "p"]);
    assert!(said.contains(words), "exit {code}, without {words:?}: {said:.900}");
    assert_eq!(code, i32::from(!words.is_empty()), "{said:.900}");
}

#[test]
fn imports_that_lead_round_or_out_are_told() {
    let main = |used: &str| format!("use {used}\n{GOOD}");
    let round = project(
        "round",
        &[
            ("src/main.flow", main("one").as_bytes()),
            ("src/one.flow", b"use two\n"),
            ("src/two.flow", b"use one\n"),
        ],
    );
    told(&round, "error[F0108]");
    let made = project(
        "made-of-each-other",
        &[
            ("src/main.flow", format!("use one.a\nfn b(n: int): int = a(n)\n{GOOD}").as_bytes()),
            ("src/one.flow", b"use one.a\npublic fn a(n: int): int = a(n)\n"),
        ],
    );
    told(&made, "error[F");
    for used in
        ["nowhere", "..secret", "one.two.three.four", "std", "std.nothing", "/etc/passwd", "main", "one"]
    {
        let name = format!("use-{}", used.replace(['/', '.'], "-"));
        told(&project(&name, &[("src/main.flow", main(used).as_bytes())]), "error[F");
    }
}

#[test]
fn names_of_files_that_cannot_be_used_are_told() {
    for name in ["Shared", "con tact", "ünder", "1st", "a-b", "a.b", "\u{202E}gpj"] {
        let path = format!("src/{name}.flow");
        told(&project("misnamed", &[(&path, b"const one = 1\n")]), "error[F0507]");
    }
    // Only their case is different: on some disks they are one file.
    let folder =
        project("case", &[("src/shared.flow", b"const one = 1\n"), ("src/Shared.flow", b"const one = 2\n")]);
    told(&folder, "error[F0507]");
}

#[test]
fn files_of_other_encodings_are_told() {
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(GOOD.bytes().flat_map(|byte| [byte, 0])).collect();
    let big_endian: Vec<u8> =
        [0xFE, 0xFF].into_iter().chain(GOOD.bytes().flat_map(|byte| [0, byte])).collect();
    for (name, bytes) in [("utf16le", utf16), ("utf16be", big_endian), ("latin1", b"// caf\xe9\n".to_vec())] {
        told(&project(name, &[("src/main.flow", &bytes)]), "error[F");
    }
    told(&project("nul", &[("src/main.flow", format!("{GOOD}\0").as_bytes())]), "error[F");
    told(
        &project("nul-in-text", &[("src/main.flow", GOOD.replace("Goodbye", "Good\0bye").as_bytes())]),
        "error[F",
    );
    // A mark of byte order and line ends of other systems change nothing.
    let windows = format!("\u{FEFF}{}", GOOD.replace('\n', "\r\n"));
    told(&project("windows", &[("src/main.flow", windows.as_bytes())]), "");
}

#[test]
fn folders_and_locked_files_among_the_flows_are_told() {
    let folder = project("folder-among", &[("src/x.flow/y.flow", b"const one = 1\n")]);
    told(&folder, "error[F0507]");
    let locked = project("locked", &[("src/locked.flow", b"const one = 1\n")]);
    let path = locked.join("p/src/locked.flow");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o000);
    fs::set_permissions(&path, permissions).expect("ours");
    // Who may read everything reads it.
    if fs::read(&path).is_err() {
        fails(&locked, &["check", "p"], "p/src/locked.flow cannot be read: permission denied");
    }
}

#[test]
fn a_manifest_without_end_is_told() {
    let huge = "# nothing\n".repeat(7 << 20);
    let folder = project("huge", &[("flow.toml", huge.as_bytes())]);
    let (code, said) = flowc(&folder, &["check", "p"]);
    assert!(code == 1 && said.contains("error[F0501]"), "exit {code}: {said:.300}");
    assert!(said.contains("larger than 1024 KiB"), "{said:.300}");
}

#[test]
fn hostile_tables_and_rosters_are_told() {
    let table = "record Row { name: text, count: int }\ntable rows of Row from \"data/rows.csv\"\n";
    let main = format!("{table}{GOOD}");
    let wide = "a,".repeat(200_000);
    let long = format!("name,count\n{}", "\"".repeat(1 << 20));
    let many = format!("name,count\n{}", "x,1\n".repeat(200_000));
    for (name, bytes, code) in [
        ("empty", b"".as_slice(), "F0509"),
        ("nul", b"name,count\n\0,1\n", "F0509"),
        ("utf16", b"\xff\xfen\0a\0m\0e\0", "F0508"),
        ("quote", b"name,count\n\"open,1\n", "F0509"),
        ("columns", b"name,name\nx,1\n", "F0510"),
        ("cells", b"name,count\nx\n", "F0509"),
        ("number", b"name,count\nx,99999999999999999999\n", "F0511"),
        ("bidi", "name,count\n\u{202E}x,y\n".as_bytes(), "F0511"),
        ("formula", b"name,count\n=cmd(),=1+1\n", "F0511"),
        ("wide", wide.as_bytes(), "F0510"),
        ("long", long.as_bytes(), "F0509"),
        ("many", many.as_bytes(), "F0512"),
    ] {
        let files = [("src/main.flow", main.as_bytes()), ("data/rows.csv", bytes)];
        told(&project(&format!("csv-{name}"), &files), &format!("error[{code}]"));
    }
    for path in
        ["/etc/passwd", "../secret.csv", "data/../../secret.csv", "", "src", "C:\\\\x.csv", "data/link.csv"]
    {
        let main = main.replace("data/rows.csv", path);
        let folder =
            project("csv-path", &[("src/main.flow", main.as_bytes()), ("data/x.csv", b"name,count\n")]);
        fs::write(folder.join("secret.csv"), "name,count\nsecret,1\n").expect("a file");
        symlink("../../secret.csv", folder.join("p/data/link.csv")).expect("a link");
        told(&folder, "error[F");
        let (_, said) = flowc(&folder, &["check", "p"]);
        assert!(!said.contains("root:") && !said.contains("secret,1"), "{path}: {said:.500}");
    }
    for bytes in [
        b"".as_slice(),
        b"agent\n",
        b"agent,at\nann,\n",
        b"\xff\xfe",
        b"agent,at,skill\nann,sip:a@b,99999999999\n",
    ] {
        let main = format!("roster from \"data/agents.csv\"\n{GOOD}");
        let folder = project("roster", &[("src/main.flow", main.as_bytes()), ("data/agents.csv", bytes)]);
        told(&folder, "F");
    }
}
