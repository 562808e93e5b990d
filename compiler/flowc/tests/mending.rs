//! `flowc check --fix` with the real binary: what it mends by itself, and what it never touches.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of this test's own, with files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mending").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowc"));
    let command = command.args(arguments).env_remove("NO_COLOR").env_remove("GITHUB_ACTIONS");
    command.current_dir(folder).output().expect("flowc runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The text of a file after `--fix`, and what is said then.
fn fixed(name: &str, source: &str, more: &[&str]) -> (String, String) {
    let folder = folder(name, &[("a.flow", source)]);
    let output = run(&folder, &[&["check", "a.flow", "--fix", "--format", "concise"], more].concat());
    let after = fs::read_to_string(folder.join("a.flow")).expect("there");
    (after, text(&output.stdout))
}

const QUEUE: &str = r#"timezone "America/New_York"
calendar office { open mon to fri 09:00..17:00 }
skill desk
agent dana at "sip:dana@127.0.0.1:5071" { desk 3 }
queue help { agents  pick round_robin }
flow line {
    after_hours gate {
        calendar office
        on open -> waiting
        on closed -> overflow
    }
    queue waiting {
        join help
        longest 10m
        every 1m say "You are number {position}."
        press 1 for "a message" -> overflow
        on talked -> bye
        otherwise -> overflow
    }
    step overflow { let number = caller.number else -> bye  -> bye }
    end bye { say "Goodbye." }
}
"#;

/// README and "The first call": what is only misspelt is put right.
#[test]
fn what_is_only_misspelt_is_mended() {
    let slips = [
        ("on closed -> overflow", "on closed -> overlfow"),
        ("join help", "join helpp"),
        ("on talked", "on talkd"),
        ("calendar office\n", "calendar Office\n"),
        ("caller.number", "caller.nmber"),
        ("round_robin", "roundrobin"),
        ("{position}", "{positon}"),
        ("longest 10m", "longst 10m"),
        ("otherwise -> overflow", "otherwise -> overfow"),
    ];
    for (right, slip) in slips {
        assert!(QUEUE.contains(right), "{right}");
        let (after, said) = fixed("one", &QUEUE.replacen(right, slip, 1), &[]);
        assert_eq!(after, QUEUE, "{slip}: {said}");
        assert!(!said.contains("error"), "{slip}: {said}");
    }
    let all = slips.iter().fold(QUEUE.to_owned(), |text, (right, slip)| text.replacen(right, slip, 1));
    let (after, said) = fixed("all", &all, &[]);
    assert_eq!(after, QUEUE, "{said}");
}

/// One slip is one message, and takes one change.
#[test]
fn a_misspelt_outcome_is_told_once() {
    let folder = folder(
        "once",
        &[(
            "a.flow",
            &QUEUE
                .replace("on talked", "on talkd")
                .replace("otherwise", "on timeout, full, unstaffed, failed"),
        )],
    );
    let output = run(&folder, &["check", "a.flow", "--format", "concise"]);
    assert_eq!(text(&output.stdout).matches("error").count(), 1, "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("error[F0304]"));
    let unsafely = run(&folder, &["check", "a.flow", "--fix", "--unsafe"]);
    assert_eq!(unsafely.status.code(), Some(0), "{}", text(&unsafely.stdout));
}

/// A line that the parser lost is left as it is: nobody knows what its words mean.
#[test]
fn no_word_of_a_lost_line_is_changed() {
    let lost = [
        "flow line {\n    greet hello {\n        say Welcome to support\n        -> bye\n    }\n    end bye { say \"Goodbye.\" }\n}\n".to_owned(),
        QUEUE.replace("longest 10m", "longest 10m\n        music hold"),
        QUEUE.replace("longest 10m", "agents dana, kim\n        longest 10m"),
        QUEUE.replace("longest 10m", "longest 5 minutes"),
    ];
    for source in lost {
        let (after, said) = fixed("lost", &source, &[]);
        assert_eq!(after, source, "{said}");
        assert_eq!(said.matches("error").count(), 1, "{said}");
    }
    let (after, _) = fixed(
        "quoted",
        "flow line {\n    greet hello {\n        say Welcome to support\n        -> bye\n    }\n    end bye { say \"Goodbye.\" }\n}\n",
        &["--unsafe"],
    );
    assert!(after.contains("say \"Welcome to support\"\n"), "{after}");
}

/// Figures tell names apart on purpose, and a limit is no value.
#[test]
fn another_name_is_not_a_misspelt_one() {
    let sales = "flow line {\n    menu main {\n        press 1 for \"one\" -> sales1\n        press 2 for \"two\" -> sales2\n        on no_input, no_match 3 times -> sales1\n    }\n    end sales1 { say \"Goodbye.\" }\n}\n";
    let (after, said) = fixed("figures", sales, &[]);
    assert_eq!(after, sales, "{said}");
    let limit = "limit pins(n: text) = 3 per 1h\nflow line {\n    step a { count pins(\"a\") else -> bye  let x = pin  -> bye }\n    end bye { say \"Goodbye.\" }\n}\n";
    let folder = folder("limit", &[("a.flow", limit)]);
    let output = text(&run(&folder, &["check", "a.flow"]).stdout);
    assert!(output.contains("F0102") && !output.contains("did you mean"), "{output}");
}

/// A comment that allows something without a reason lacks the reason: it is not taken away.
#[test]
fn a_comment_without_a_reason_stays() {
    let source = "flow line {\n    menu main {\n        press 1 for \"us\" -> bye\n        wait 1s // allow F0808\n        on no_input, no_match 3 times -> bye\n    }\n    end bye { say \"Goodbye.\" }\n}\n";
    let (after, said) = fixed("reason", source, &[]);
    assert_eq!(after, source);
    assert!(said.contains("F0830"), "{said}");
}

/// A half line in one flow hides nothing in the other, nor in the other's file.
#[test]
fn a_torn_flow_hides_nothing_in_its_neighbour() {
    let source = "flow one {\n    menu main {\n        press 1 for\n        press 2 for \"two\" -> nowhere\n    }\n    end bye { say \"Goodbye.\" }\n}\nflow two {\n    greet hello { say \"Hello.\" -> missing }\n    end bye { say \"Goodbye.\" }\n}\n";
    let folder = folder("torn", &[("a.flow", source)]);
    let output = text(&run(&folder, &["check", "a.flow", "--format", "concise"]).stdout);
    let lines: Vec<&str> = output.lines().collect();
    let (last, torn) = lines.split_last().expect("something is said");
    assert!(last.starts_with("a.flow:9:") && last.contains("unknown block `missing`"), "{output}");
    assert!(!torn.is_empty() && torn.iter().all(|line| !line.contains("F0101")), "{output}");
}

/// `--today` counts for the changes, too; a file behind a link is changed, the link stays; nothing is left beside it.
#[cfg(unix)]
#[test]
fn files_are_replaced_with_care() {
    let folder = folder("care", &[("real/a.flow", &QUEUE.replace("help\n", "helpp\n"))]);
    std::os::unix::fs::symlink("real/a.flow", folder.join("a.flow")).expect("a link");
    let output = run(&folder, &["check", "a.flow", "--fix", "--today", "2026-01-01"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(fs::symlink_metadata(folder.join("a.flow")).expect("there").file_type().is_symlink());
    assert_eq!(fs::read_to_string(folder.join("real/a.flow")).expect("there"), QUEUE);
    assert_eq!(fs::read_dir(folder.join("real")).expect("there").count(), 1);
}
