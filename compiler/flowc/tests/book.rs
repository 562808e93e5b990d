//! The book and the README are true: every flow in them compiles (or, tagged `flow,wrong`, does not), every
//! link leads to a file, and the call that the README shows is the call that flowc makes.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The command whose output the README shows.
const RECORDED: &[&str] = &["call", "examples/support", "--at", "2026-03-03T12:00", "--keys", "1234 2 5"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The README and every page of the book, by their paths in the repository.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![PathBuf::from("README.md")];
    let mut folders = vec![PathBuf::from("book/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(repository().join(&folder)).expect("the book's folder") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

fn read(page: &Path) -> String {
    fs::read_to_string(repository().join(page)).expect("a page of text")
}

/// A fenced block: the line it begins in, the words after the fence, and its text.
struct Fence {
    line: usize,
    tags: String,
    text: String,
}

fn fences(page: &str) -> Vec<Fence> {
    let mut found: Vec<Fence> = Vec::new();
    let mut open = false;
    for (number, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(tags), false) => {
                found.push(Fence { line: number + 1, tags: tags.trim().to_owned(), text: String::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                let fence = found.last_mut().expect("a fence is open");
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (None, false) => {}
        }
    }
    assert!(!open, "a fence is not closed");
    found
}

fn flowc(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flowc"))
        .args(arguments)
        .current_dir(repository())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("flowc starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("flowc reads");
    child.wait_with_output().expect("flowc ends")
}

#[test]
fn every_flow_in_the_book_does_what_its_fence_says() {
    let mut right = 0;
    let mut wrong = 0;
    for page in pages() {
        for fence in fences(&read(&page)) {
            let expected = match fence.tags.as_str() {
                "flow" => 0,
                "flow,wrong" => 1,
                // A fence that names our language in another way would be tested by nobody.
                tags => {
                    assert!(!tags.starts_with("flow"), "{}:{}: `{tags}`", page.display(), fence.line);
                    continue;
                }
            };
            let output = flowc(&["check", "--today", "2026-03-03", "-", "--format", "concise"], &fence.text);
            // What a page shows is a part of a flow: lints are about whole ones.
            let said: String = String::from_utf8_lossy(&output.stdout)
                .lines()
                .filter(|line| !line.contains(": warning[F08"))
                .map(|line| format!("{line}\n"))
                .collect();
            let place = format!("{}:{}", page.display(), fence.line);
            assert_eq!(output.status.code(), Some(expected), "{place}\n{said}");
            if expected == 0 {
                assert!(said.is_empty(), "{place} has warnings\n{said}");
                right += 1;
            } else {
                wrong += 1;
            }
        }
    }
    assert!(right >= 10 && wrong >= 1, "the fences were not found: {right} right, {wrong} wrong");
}

#[test]
fn the_call_in_the_readme_is_the_call_that_is_made() {
    let arguments: Vec<String> = RECORDED
        .iter()
        .map(|word| if word.contains(' ') { format!("\"{word}\"") } else { (*word).to_owned() })
        .collect();
    let output = flowc(RECORDED, "");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = format!("$ flowc {}\n{}", arguments.join(" "), String::from_utf8_lossy(&output.stdout));
    let shown: Vec<Fence> = fences(&read(Path::new("README.md")))
        .into_iter()
        .filter(|fence| fence.text.starts_with("$ flowc call"))
        .collect();
    assert_eq!(shown.len(), 1, "the README shows one recorded call");
    assert_eq!(shown[0].text, expected);
}

#[test]
fn every_link_leads_to_a_file() {
    let mut followed = 0;
    for page in pages() {
        let text = read(&page);
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split(')').next().unwrap_or_default();
            if target.contains("://") || target.starts_with('#') {
                continue;
            }
            let file = target.split('#').next().unwrap_or(target);
            let path = repository().join(&page).with_file_name(file);
            assert!(path.is_file(), "{}: there is no {target}", page.display());
            followed += 1;
        }
    }
    assert!(followed >= 10, "the links were not found: {followed}");
}

#[test]
fn every_command_of_the_readme_exists() {
    let text = read(Path::new("README.md"));
    let named: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `flowc "))
        .filter_map(|line| line.split([' ', '`']).next())
        .collect();
    assert!(named.len() >= 8, "{named:?}");
    for command in named {
        let output = flowc(&[command, "--help"], "");
        assert_eq!(output.status.code(), Some(0), "flowc {command}");
    }
}
