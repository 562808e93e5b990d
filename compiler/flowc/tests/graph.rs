//! `flowc graph` and `flowc doc`, the binary driven.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn flowc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowc"))
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .expect("flowc starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn each_format_is_what_it_says() {
    for (format, begin) in
        [("svg", "<svg "), ("dot", "digraph \"hello\" {"), ("mermaid", "flowchart LR"), ("json", "{\n")]
    {
        let output = flowc(&["graph", "examples/hello", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stdout(&output).starts_with(begin), "{format}");
    }
    let unsaid = flowc(&["graph", "examples/hello"]);
    roxmltree::Document::parse(&stdout(&unsaid)).expect("a picture, unless something else is asked for");
}

#[test]
fn a_picture_goes_to_a_file() {
    let file = folder("graph-file").join("hello.svg");
    let path = file.to_str().expect("a path of text");
    let output = flowc(&["graph", "examples/hello", "--output", path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    let text = fs::read_to_string(&file).expect("the picture");
    assert_eq!(text, stdout(&flowc(&["graph", "examples/hello"])), "equal bytes each time");

    let nowhere = format!("{path}/nowhere/x.svg");
    let output = flowc(&["graph", "examples/hello", "-o", &nowhere]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn one_flow_can_be_asked_for() {
    let output = flowc(&["graph", "examples/support", "--flow", "support", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(value["flows"].as_array().map(Vec::len), Some(1));
    let output = flowc(&["graph", "examples/support", "--flow", "suport"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("perhaps `support` is meant"), "{}", stderr(&output));
}

#[test]
fn flows_with_errors_are_told_and_not_drawn() {
    let file = folder("graph-errors").join("main.flow");
    fs::write(&file, "flow line {\n    end bye { -> nowhere }\n}\n").expect("written");
    let path = file.to_str().expect("a path of text");
    for command in ["graph", "doc"] {
        let output = flowc(&[command, path]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(output.stdout.is_empty() && stderr(&output).contains("error"), "{}", stderr(&output));
    }
}

#[test]
fn formats_of_other_commands_are_refused() {
    for arguments in
        [["check", "--format", "svg"], ["graph", "--format", "sarif"], ["doc", "--format", "dot"]]
    {
        let output = flowc(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("possible values"), "{}", stderr(&output));
    }
}

#[test]
fn the_phone_tree_is_written_as_pages() {
    let folder = folder("doc");
    let path = folder.join("site");
    let output = flowc(&["doc", "examples/support", "--output", path.to_str().expect("a path of text")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let html = fs::read_to_string(path.join("index.html")).expect("the page");
    let markdown = fs::read_to_string(path.join("phone-tree.md")).expect("the page");
    for page in [&html, &markdown] {
        assert!(page.contains("When you call +15550100"), "{page}");
        assert!(page.contains("Press 1 for sales"), "{page}");
        assert!(!page.contains("http://") && !page.contains("https://"), "nothing is fetched");
        // What is secret, and where a telephone is, is no part of the page.
        assert!(!page.contains("\"1234\"") && !page.contains("127.0.0.1"), "{page}");
    }
    fs::remove_file(path.join("index.html")).expect("removed");
    let only = ["doc", "examples/support", "--format", "markdown", "-o", path.to_str().expect("text")];
    assert_eq!(flowc(&only).status.code(), Some(0));
    assert!(!path.join("index.html").exists());
    assert_eq!(stdout(&flowc(&only[..4])), markdown);
}
