//! `flowc new`: each template is a project that checks, is laid out, and can be called.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn flowc(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowc"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("flowc runs")
}

fn shown(output: &Output) -> String {
    format!(
        "exit {}\n--- stdout\n{}--- stderr\n{}",
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A template, keys that lead to the end of its flow, and the way that the call takes.
const CALLS: &[(&str, &str, &str, &str)] = &[
    ("minimal", "2026-03-03T12:00", "1 9", "welcome > hours > more > goodbye"),
    ("support", "2026-03-03T12:00", "1 5", "hours > main > waiting > rate > goodbye"),
    ("bilingual", "2026-03-03T12:00", "2 1", "tongue > main > sales > bye"),
    ("after-hours", "2026-03-03T22:00", "1", "hours > night > urgent > goodbye"),
];

#[test]
fn every_template_checks_and_can_be_called() {
    let folder = folder("templates");
    let listed = flowc(&folder, &["new", "--list"]);
    let listed = String::from_utf8(listed.stdout).expect("text");
    assert_eq!(listed.lines().count(), CALLS.len(), "{listed}");
    for (template, at, keys, way) in CALLS {
        assert!(listed.lines().any(|line| line.starts_with(template)), "{listed}");
        let project = format!("my-{template}");
        let made = flowc(&folder, &["new", &project, "--template", template]);
        assert_eq!(made.status.code(), Some(0), "{}", shown(&made));
        let check = flowc(&folder, &["check", &project]);
        assert_eq!(shown(&check), format!("exit 0\n--- stdout\n--- stderr\n{project}: no problems\n"));
        let laid_out = flowc(&folder, &["fmt", "--check", &project]);
        assert_eq!(laid_out.status.code(), Some(0), "{}", shown(&laid_out));
        let call = flowc(&folder, &["call", &project, "--at", at, "--keys", keys]);
        let told = shown(&call);
        assert!(told.starts_with("exit 0") && told.contains(&format!("way     {way}\n")), "{told}");
        // What the README says to type is what was tried here.
        let readme = fs::read_to_string(folder.join(&project).join("README.md")).expect("a README");
        assert!(readme.starts_with(&format!("# {project}\n")), "{readme}");
        assert!(readme.contains(&format!("--keys \"{keys}\"")), "{readme}");
    }
}

#[test]
fn a_project_begins_with_a_menu_and_a_telephone() {
    let folder = folder("plain");
    insta::assert_snapshot!(shown(&flowc(&folder, &["new", "shop"])));
    let mut files = Vec::new();
    let mut folders = vec![folder.join("shop")];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(&folder).expect("below").display().to_string());
            }
        }
    }
    files.sort();
    assert_eq!(files, ["shop/.gitignore", "shop/README.md", "shop/flow.toml", "shop/src/main.flow"]);
    let toml = fs::read_to_string(folder.join("shop/flow.toml")).expect("flow.toml");
    assert!(toml.starts_with("[project]\nname = \"shop\"\n"), "{toml}");
}

#[test]
fn the_templates_are_listed() {
    insta::assert_snapshot!(shown(&flowc(&folder("list"), &["new", "--list"])));
}

#[test]
fn nothing_is_overwritten() {
    let folder = folder("full");
    fs::create_dir(folder.join("empty")).expect("a folder");
    fs::create_dir(folder.join("full")).expect("a folder");
    fs::write(folder.join("full/notes.txt"), "mine").expect("a file");
    fs::write(folder.join("file"), "mine").expect("a file");
    assert_eq!(flowc(&folder, &["new", "empty"]).status.code(), Some(0));
    let said: Vec<String> =
        ["full", "file", "empty"].iter().map(|name| shown(&flowc(&folder, &["new", name]))).collect();
    insta::assert_snapshot!(said.join("\n"));
    assert_eq!(fs::read_dir(folder.join("full")).expect("a folder").count(), 1);
    assert_eq!(fs::read_to_string(folder.join("file")).expect("a file"), "mine");
}

#[test]
fn names_are_plain() {
    let folder = folder("names");
    let long = "a".repeat(65);
    for name in ["", ".", "..", "My Line", "9to5", "línea", "-x", "a.b", "std", "a/../..", long.as_str()] {
        let output = flowc(&folder, &["new", "--", name]);
        assert_eq!(output.status.code(), Some(2), "{name}: {}", shown(&output));
    }
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 0);
    insta::assert_snapshot!(shown(&flowc(&folder, &["new", "My Line"])));
    insta::assert_snapshot!(shown(&flowc(&folder, &["new", "line", "--template", "suport"])));
    insta::assert_snapshot!(shown(&flowc(&folder, &["new", "line", "--template", "hotel"])));
}
