//! The book and the README are true: every flow in them compiles (or, tagged `flow,wrong=F0301`, gives exactly
//! that code), every command says what stands there, every link leads to a file, and the call that the README
//! shows is the call that flowc makes.
#![allow(clippy::disallowed_methods)]

mod codes;
mod consoles;
mod fences;
mod grammar;
mod tables;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use fences::{Contexts, Fence, fences};

/// The page that shows in which files the fragments of all pages stand.
const CONTEXTS: &str = "book/src/reference/examples.md";

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

/// The codes that flowc says of a text, and what it says. Lints are about whole flows, and pages show parts: they
/// count only where a page is about one.
fn codes_of(text: &str, wanted: Option<&str>) -> (BTreeSet<String>, String) {
    let output = flowc(&["check", "--today", "2026-03-03", "-", "--format", "concise"], text);
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let codes = said.match_indices("[F").filter_map(|(at, _)| said.get(at + 1..at + 6));
    let codes = codes.filter(|code| !code.starts_with("F08") || Some(*code) == wanted);
    let found: BTreeSet<String> = codes.map(str::to_owned).collect();
    assert!(output.status.code().is_some_and(|code| code < 2), "{said}");
    (found, said)
}

/// The lines of flowc's answer with the lines of the page in place of those of the file.
fn on_the_page(said: &str, page: &Path, fence_line: usize, before: usize) -> String {
    let mut out = String::new();
    for line in said.lines() {
        let mut parts = line.splitn(3, ':');
        let numbered = (parts.next(), parts.next().and_then(|n| n.parse::<usize>().ok()), parts.next());
        match numbered {
            (Some(_), Some(number), Some(rest)) if number > before => {
                out.push_str(&format!("{}:{}:{rest}\n", page.display(), fence_line + number - before));
            }
            _ => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

#[test]
fn every_flow_in_the_book_does_what_its_fence_says() {
    let contexts = Contexts::of(&read(Path::new(CONTEXTS)));
    let mut right = 0;
    let mut wrong = 0;
    let mut problems = Vec::new();
    for page in pages() {
        for fence in fences(&read(&page)) {
            let place = format!("{}:{}", page.display(), fence.line);
            let claim = match fence.claim() {
                Some(Ok(claim)) => claim,
                Some(Err(problem)) => {
                    problems.push(format!("{place}: {problem}"));
                    continue;
                }
                None => continue,
            };
            // What readers save is tested by the commands that follow, and contexts by what stands in them.
            if claim.file.is_some() || claim.context.is_some() {
                continue;
            }
            let whole = match &claim.fragment {
                Some(context) => contexts.whole(context, &fence.text),
                None => Ok((fence.text.clone(), 0)),
            };
            let (text, before) = match whole {
                Ok(whole) => whole,
                Err(problem) => {
                    problems.push(format!("{place}: {problem}"));
                    continue;
                }
            };
            let (found, said) = codes_of(&text, claim.wrong.as_deref());
            let wanted: BTreeSet<String> = claim.wrong.iter().cloned().collect();
            if found != wanted {
                let said = on_the_page(&said, &page, fence.line, before);
                problems.push(format!("{place}: gives {found:?}, and should give {wanted:?}\n{said}"));
            }
            match claim.wrong {
                Some(_) => wrong += 1,
                None => right += 1,
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(right >= 80 && wrong >= 60, "the fences were not found: {right} right, {wrong} wrong");
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
