//! `flowc fmt`: which files it changes, what it says, and that the repository's own flows are laid out.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const UNTIDY: &str = "flow line {\nmenu main { press 1 for \"us\" -> bye on no_input->bye }\n  end bye { say \"Goodbye.\" } // the end\n}\n";
const TIDY: &str = "flow line {\n    menu main { press 1 for \"us\" -> bye  on no_input -> bye }\n    end bye   { say \"Goodbye.\" }  // the end\n}\n";
const BROKEN: &str = "switch   a\nflow   line   { menu }\n";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fmt").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn put(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(file, text).expect("a file");
}

fn text(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).expect("a file")
}

fn flowc(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flowc"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("flowc starts");
    // A command that refuses its arguments does not read.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
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
fn files_are_changed_where_they_stand() {
    let folder = folder("written");
    put(&folder, "flow.toml", "[project]\nname = \"a\"\n");
    put(&folder, "src/main.flow", UNTIDY);
    put(&folder, "src/tidy.flow", TIDY);
    put(&folder, "src/notes.txt", UNTIDY);
    put(&folder, ".gitignore", "/ignored\n");
    put(&folder, "ignored/old.flow", UNTIDY);
    put(&folder, ".hidden/old.flow", UNTIDY);
    fs::set_permissions(folder.join("src/main.flow"), fs::Permissions::from_mode(0o640)).expect("a mode");
    let check = flowc(&folder, &["fmt", "--check"], "");
    assert_eq!(text(&folder, "src/main.flow"), UNTIDY, "only looked at");
    let first = flowc(&folder, &["fmt"], "");
    assert_eq!(text(&folder, "src/main.flow"), TIDY);
    let second = flowc(&folder, &["fmt", "."], "");
    insta::assert_snapshot!([check, first, second].map(|output| shown(&output)).join("\n"));
    for untouched in ["src/notes.txt", "ignored/old.flow", ".hidden/old.flow"] {
        assert_eq!(text(&folder, untouched), UNTIDY, "{untouched}");
    }
    let mode = fs::metadata(folder.join("src/main.flow")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.join("src")).expect("a folder").count(), 3, "nothing is left behind");
    // A file that is named is formatted wherever it lies.
    assert_eq!(flowc(&folder, &["fmt", "ignored/old.flow"], "").status.code(), Some(0));
    assert_eq!(text(&folder, "ignored/old.flow"), TIDY);
}

#[test]
fn a_difference_is_shown() {
    let folder = folder("diff");
    put(&folder, "a.flow", UNTIDY);
    insta::assert_snapshot!(shown(&flowc(&folder, &["fmt", "--diff", "a.flow"], "")));
    assert_eq!(text(&folder, "a.flow"), UNTIDY);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = folder("input");
    let formatted = flowc(&folder, &["fmt", "-"], UNTIDY);
    assert_eq!(shown(&formatted), format!("exit 0\n--- stdout\n{TIDY}--- stderr\n"));
    assert_eq!(shown(&flowc(&folder, &["fmt", "--check", "-"], TIDY)), "exit 0\n--- stdout\n--- stderr\n");
    let named = ["fmt", "--check", "-", "--stdin-filename", "src/a.flow"];
    assert_eq!(shown(&flowc(&folder, &named, UNTIDY)), "exit 1\n--- stdout\nsrc/a.flow\n--- stderr\n");
    let windows = flowc(&folder, &["fmt", "-"], &UNTIDY.replace('\n', "\r\n"));
    assert_eq!(windows.stdout, TIDY.as_bytes());
}

#[test]
fn what_cannot_be_read_is_left_alone_and_said() {
    let folder = folder("broken");
    put(&folder, "a.flow", BROKEN);
    insta::assert_snapshot!(shown(&flowc(&folder, &["fmt"], "")));
    assert_eq!(text(&folder, "a.flow"), "switch a\nflow   line   { menu }\n");
}

#[test]
fn what_keeps_fmt_from_its_work_is_said() {
    let folder = folder("failed");
    put(&folder, "good.flow", UNTIDY);
    fs::write(folder.join("latin.flow"), b"// caf\xe9\n").expect("a file");
    fs::create_dir(folder.join("empty")).expect("a folder");
    let said: Vec<String> =
        [&["fmt"][..], &["fmt", "empty"], &["fmt", "nowhere.flow"], &["fmt", "-", "good.flow"]]
            .iter()
            .map(|arguments| shown(&flowc(&folder, arguments, "")))
            .collect();
    insta::assert_snapshot!(said.join("\n"));
    assert_eq!(text(&folder, "good.flow"), TIDY, "the others are formatted");
}

#[test]
fn a_link_stays_a_link() {
    let folder = folder("link");
    put(&folder, "real/a.flow", UNTIDY);
    std::os::unix::fs::symlink("real/a.flow", folder.join("b.flow")).expect("a link");
    assert_eq!(flowc(&folder, &["fmt", "b.flow"], "").status.code(), Some(0));
    assert!(folder.join("b.flow").is_symlink());
    assert_eq!(text(&folder, "real/a.flow"), TIDY);
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What compiler passes are tested with stays as its authors made it: some of it is wrong, some untidy, on purpose.
const ON_PURPOSE: &str = "/tests/flows/";

#[test]
fn every_flow_of_the_repository_is_formatted() {
    let output = flowc(&repository(), &["fmt", "--check", "."], "");
    let told = String::from_utf8(output.stdout).expect("names");
    let untidy: Vec<&str> = told.lines().filter(|file| !file.contains(ON_PURPOSE)).collect();
    assert!(untidy.is_empty(), "format them with `flowc fmt`: {untidy:#?}");
    let count = String::from_utf8(output.stderr).expect("a count");
    assert!(!count.contains("flowc:"), "{count}");
}

#[test]
fn every_flow_of_the_book_is_formatted() {
    let mut pages = vec!["README.md".to_owned()];
    let mut folders = vec![PathBuf::from("book/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(repository().join(&folder)).expect("the book") {
            let path = folder.join(entry.expect("an entry").file_name());
            if repository().join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path.display().to_string());
            }
        }
    }
    assert!(pages.len() >= 5, "{pages:?}");
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let output = flowc(&repository(), &[&["fmt", "--diff"][..], &pages].concat(), "");
    assert_eq!(
        output.status.code(),
        Some(0),
        "format the pages with `flowc fmt PAGE.md`\n{}",
        shown(&output)
    );
}

#[test]
fn a_page_of_markdown_is_formatted_when_it_is_named() {
    let folder = folder("pages");
    put(&folder, "a.md", "# A line\n\n```flow\nswitch   a\n```\n\n```flow,wrong\nswitch   b\n```\n");
    put(&folder, "b.flow", TIDY);
    assert_eq!(
        flowc(&folder, &["fmt", "--check", "."], "").status.code(),
        Some(0),
        "folders give flows only"
    );
    assert_eq!(flowc(&folder, &["fmt", "a.md"], "").status.code(), Some(0));
    let page = "# A line\n\n```flow\nswitch a\n```\n\n```flow,wrong\nswitch   b\n```\n";
    assert_eq!(text(&folder, "a.md"), page);
}
