//! The real binary: what it prints, where, and what it answers to the shell.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const BROKEN: &str = "flow line {\n    menu main {\n        press 1 for \"us\" -> nowhere\n        on no_input -> bye\n    }\n    end bye { say \"Goodbye.\" }\n}\n";

fn flowc(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowc"));
    command.args(arguments).env_remove("NO_COLOR").current_dir(repository());
    command
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn run(arguments: &[&str]) -> Output {
    flowc(arguments).output().expect("flowc runs")
}

fn with_input(arguments: &[&str], input: &str) -> Output {
    let mut child = flowc(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("flowc runs");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("flowc reads");
    child.wait_with_output().expect("flowc ends")
}

fn shown(output: &Output) -> String {
    format!(
        "exit {}\n--- stdout\n{}--- stderr\n{}",
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn the_examples_have_no_problems() {
    let output = run(&["check", "--today", "2026-03-03", "examples/hello", "examples/support"]);
    insta::assert_snapshot!(shown(&output), @r"
    exit 0
    --- stdout
    --- stderr
    examples/hello: no problems
    examples/support: no problems
    ");
}

#[test]
fn mistakes_are_shown_in_their_lines() {
    insta::assert_snapshot!(shown(&with_input(&["check", "-"], BROKEN)));
}

#[test]
fn mistakes_fit_on_lines_and_in_documents() {
    let concise = with_input(&["check", "-", "--format", "concise", "--stdin-filename", "line.flow"], BROKEN);
    insta::assert_snapshot!("concise", shown(&concise));
    let json = with_input(&["check", "-", "--format", "json"], BROKEN);
    insta::assert_snapshot!("json", shown(&json));
}

#[test]
fn colour_is_for_those_who_ask() {
    let plain = with_input(&["check", "-"], BROKEN);
    assert!(!shown(&plain).contains('\u{1b}'));
    let coloured = with_input(&["check", "-", "--color", "always"], BROKEN);
    assert!(shown(&coloured).contains('\u{1b}'));
}

#[test]
fn what_is_not_there_is_said_with_what_to_do() {
    insta::assert_snapshot!(shown(&run(&["check", "no/such/project"])), @r"
    exit 2
    --- stdout
    --- stderr
    flowc: there is no no/such/project
      help: name a `.flow` file, or a folder that has `flow.toml`
    ");
    insta::assert_snapshot!(shown(&run(&["check", "README.txt"])), @r"
    exit 2
    --- stdout
    --- stderr
    flowc: there is no README.txt
      help: name a `.flow` file, or a folder that has `flow.toml`
    ");
    insta::assert_snapshot!("no_main", shown(&run(&["check", "book"])));
}

#[test]
fn a_build_is_the_same_every_time_and_can_be_inspected() {
    let folder = folder("build");
    let (one, two) = (folder.join("one.flowb"), folder.join("two.flowb"));
    for to in [&one, &two] {
        let output = run(&["build", "examples/support", "-o", &to.to_string_lossy()]);
        assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
        assert!(output.stdout.is_empty());
    }
    assert_eq!(fs::read(&one).expect("built"), fs::read(&two).expect("built"));
    let listing = run(&["inspect", &one.to_string_lossy()]);
    let text = shown(&listing);
    for expected in ["exit 0", "section CODE", "collect pin", "src/main.flow:"] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let header = run(&["inspect", "examples/support", "--format", "json"]);
    let header: serde_json::Value = serde_json::from_slice(&header.stdout).expect("a document");
    assert_eq!(header["inbound"][0]["number"], "+15550100");
    assert_eq!(header["inbound"][0]["flow"], "support");
}

#[test]
fn what_has_errors_is_not_built() {
    let folder = folder("errors");
    let to = folder.join("x.flowb");
    let output = with_input(&["build", "-", "-o", &to.to_string_lossy()], BROKEN);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(shown(&output).contains("nothing was written"));
    assert!(!to.exists());
}

#[test]
fn what_is_no_bytecode_is_refused() {
    let folder = folder("refused");
    let file = folder.join("x.flowb");
    fs::write(&file, "hello").expect("written");
    let output = run(&["inspect", &file.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(shown(&output).contains("is no bytecode that runs"), "{}", shown(&output));
    let missing = run(&["inspect", "missing.flowb"]);
    insta::assert_snapshot!(shown(&missing), @r"
    exit 2
    --- stdout
    --- stderr
    flowc: missing.flowb cannot be read: there is no such file
      help: make it with `flowc build PROJECT -o FILE.flowb`
    ");
}

#[test]
fn plain_mistakes_are_mended() {
    let folder = folder("fix");
    let file = folder.join("line.flow");
    let path = file.to_string_lossy().into_owned();
    fs::write(
        &file,
        "flow line {\n    greeet hi { say 'Hello.'; goto bye }\n    end bye { say \"Bye.\" }\n}\n",
    )
    .expect("written");
    let output = run(&["check", "--fix", &path]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains("4 changes made"), "{}", shown(&output));
    let mended = fs::read_to_string(&file).expect("text");
    assert_eq!(
        mended,
        "flow line {\n    greet hi { say \"Hello.\" -> bye }\n    end bye { say \"Bye.\" }\n}\n"
    );
    // What only its writer can decide stays as it is, and is told.
    fs::write(&file, BROKEN).expect("written");
    let output = run(&["check", "--fix", &path]);
    assert_eq!(output.status.code(), Some(1));
    assert!(shown(&output).contains("0 changes made"), "{}", shown(&output));
    assert_eq!(fs::read_to_string(&file).expect("text"), BROKEN);
    assert_eq!(run(&["check", "--fix", "-"]).status.code(), Some(2));
}

#[test]
fn files_are_named_from_where_one_stands() {
    let folder = folder("place");
    fs::create_dir_all(folder.join("shop/src")).expect("a folder");
    fs::write(folder.join("shop/flow.toml"), "[project]\nname = \"shop\"\n").expect("written");
    fs::write(folder.join("shop/src/main.flow"), BROKEN).expect("written");
    let concise = |at: &Path, path: &str| {
        let output = flowc(&["check", path, "--format", "concise"]).current_dir(at).output().expect("runs");
        String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned()
    };
    assert!(concise(&folder, "shop").starts_with("shop/src/main.flow:"), "{}", concise(&folder, "shop"));
    assert!(concise(&folder.join("shop"), ".").starts_with("src/main.flow:"));
    assert!(concise(&folder.join("shop"), "src/main.flow").starts_with("src/main.flow:"));
}

#[test]
fn codes_are_explained() {
    let output = run(&["explain", "f0301"]);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("# F0301"), "{}", shown(&output));
    let all = run(&["explain", "--all"]);
    assert!(String::from_utf8_lossy(&all.stdout).lines().any(|line| line.starts_with("F0501: ")));
    let unknown = run(&["explain", "F9999"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("flowc explain --list"));
}

#[test]
fn what_is_not_understood_is_exit_2_and_help_is_a_result() {
    assert_eq!(run(&["chekc"]).status.code(), Some(2));
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&help.stdout).contains("check"));
}
