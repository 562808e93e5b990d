//! What a page shows of a terminal: every command of a `console` fence is run, and says what stands there.
//!
//! `UPDATE_BOOK=1 cargo test -p flowc --test book` writes down what the commands say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fences::{Fence, fences};
use crate::{pages, read, repository};

/// The words of a command line: parted by blanks, or held together by quotes.
fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut quote = None;
    let mut word: Option<String> = None;
    for c in line.chars() {
        match c {
            '"' | '\'' if quote.is_none_or(|open| open == c) => {
                quote = if quote.is_none() { Some(c) } else { None };
                word.get_or_insert_default();
            }
            ' ' if quote.is_none() => out.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    out
}

/// The commands of a fence, each with the line it stands in.
fn commands(fence: &Fence) -> Vec<(usize, &str)> {
    let lines = fence.text.lines().enumerate();
    lines.filter_map(|(at, line)| Some((fence.line + 1 + at, line.strip_prefix("$ ")?))).collect()
}

/// What the commands of a fence say, each after its line.
fn terminal(fence: &Fence, folder: &Path, place: &str) -> String {
    let mut out = String::new();
    let commands = commands(fence);
    assert!(!commands.is_empty(), "{place}: no line begins with `$ `");
    for (line, command) in commands {
        let words = words(command);
        assert_eq!(words[0], "flowc", "{place}: only flowc is run (line {line})");
        let output = Command::new(env!("CARGO_BIN_EXE_flowc"))
            .args(&words[1..])
            .current_dir(folder)
            .stdin(std::process::Stdio::null())
            .output()
            .expect("flowc starts");
        out.push_str(&format!("$ {command}\n"));
        for said in [output.stdout, output.stderr] {
            out.push_str(&String::from_utf8_lossy(&said));
        }
        if !out.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

fn is_laid_out(file: &Path) -> bool {
    let output = Command::new(env!("CARGO_BIN_EXE_flowc")).args(["fmt", "--check"]).arg(file).output();
    output.expect("flowc starts").status.success()
}

/// The page with the text of a fence replaced.
fn replaced(page: &str, fence: &Fence, said: &str) -> String {
    let lines: Vec<&str> = page.lines().collect();
    let shown = fence.text.lines().count();
    let mut out = lines[..fence.line].join("\n") + "\n" + said;
    out.push_str(&lines[fence.line + shown..].join("\n"));
    out.push('\n');
    out
}

/// The folder in which the commands of a page run: its own if readers save files, else the repository.
fn folder_of(page: &Path, fences: &[Fence]) -> PathBuf {
    if fences.iter().all(|fence| fence.file().is_none()) {
        return repository();
    }
    let name = page.to_string_lossy().replace(['/', '.'], "-");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the folder of an earlier test");
    }
    fs::create_dir_all(&folder).expect("a folder for the page");
    folder
}

/// Saves the files and runs the commands of a page in their order; gives the page as it should be.
fn kept(path: &Path, page: &str, problems: &mut Vec<String>) -> (String, usize) {
    let found = fences(page);
    let folder = folder_of(path, &found);
    let mut out = page.to_owned();
    let mut run = 0;
    for (number, fence) in found.iter().enumerate() {
        let place = format!("{}:{}", path.display(), fence.line);
        if let Some(name) = fence.file() {
            assert!(!name.contains("..") && !name.starts_with('/'), "{place}: {name}");
            let file = folder.join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder for the file");
            fs::write(&file, &fence.text).expect("the file is saved");
            if name.ends_with(".flow") && !is_laid_out(&file) {
                problems.push(format!("{place}: `flowc fmt` would lay {name} out in another way"));
            }
            let used = found[number..].iter().any(|later| later.tags == "console");
            assert!(used, "{place}: no command follows the file, so nothing tests it");
        }
        if fence.tags == "console" {
            run += commands(fence).len();
            let said = terminal(fence, &folder, &place);
            if said != fence.text {
                problems.push(format!("{place}: the terminal shows\n{said}"));
                // The fences before are as long as they were, or longer: count them anew.
                let now = &fences(&out)[number];
                out = replaced(&out, now, &said);
            }
        }
    }
    (out, run)
}

#[test]
fn every_command_in_the_book_says_what_stands_there() {
    let mut problems = Vec::new();
    let mut run = 0;
    for page in pages() {
        let text = read(&page);
        if !text.contains("\n```console\n") {
            continue;
        }
        let (kept, commands) = kept(&page, &text, &mut problems);
        run += commands;
        if std::env::var_os("UPDATE_BOOK").is_some() {
            fs::write(repository().join(&page), kept).expect("the book can be written");
        }
    }
    if std::env::var_os("UPDATE_BOOK").is_none() {
        assert!(problems.is_empty(), "{}\nUPDATE_BOOK=1 writes it anew", problems.join("\n"));
    }
    assert!(run >= 1, "the commands were not found");
}

#[test]
fn words_are_parted_as_a_shell_does() {
    assert_eq!(words("flowc call a --keys \"1 2\" \"\""), ["flowc", "call", "a", "--keys", "1 2", ""]);
    assert_eq!(words("flowc --keys '\"my bill\" 2'"), ["flowc", "--keys", "\"my bill\" 2"]);
}
