//! `flowc check` with the real binary: formats, exit codes, folders, standard input, fixes, levels and defaults.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const GOOD: &str = "flow line {\n    end bye { say \"Goodbye.\" }\n}\n";
/// A lint with a fix that is not safe, and a semicolon whose fix is.
const LINTED: &str = "flow line {\n    menu main {\n        press 1 for \"us\" -> bye\n        wait 1s\n        \
                      on no_input, no_match 3 times -> bye\n    }\n    end bye { say \"Goodbye.\" }\n}\n";
const BROKEN: &str =
    "flow line {\n    greet hello { say \"Hello.\"; -> bye }\n    end bye { say \"Goodbye.\" }\n}\n";

/// A folder of this test's own, with files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn flowc(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowc"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("GITHUB_ACTIONS").current_dir(folder);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    flowc(folder, arguments).output().expect("flowc runs")
}

fn with_input(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = flowc(folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("flowc runs");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("flowc reads");
    child.wait_with_output().expect("flowc ends")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn shown(output: &Output) -> String {
    format!(
        "exit {}\n--- stdout\n{}--- stderr\n{}",
        output.status.code().unwrap_or(-1),
        stdout(output),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn a_folder_stands_for_all_projects_and_files_in_it() {
    let folder = folder(
        "many",
        &[
            ("b/flow.toml", "[project]\nname = \"b\"\n"),
            ("b/src/main.flow", GOOD),
            ("b/notes.flow", "this is part of the project's folder, and not of the project"),
            ("a/src/main.flow", GOOD),
            ("loose.flow", LINTED),
            ("a/src/extra.flow", "public skill tall\n"),
            ("built/out.flow", BROKEN),
            (".gitignore", "built/\n"),
            (".hidden/x.flow", BROKEN),
        ],
    );
    let all = run(&folder, &["check", "--format", "text"]);
    insta::assert_snapshot!(shown(&all));
    assert_eq!(shown(&all), shown(&run(&folder, &["check", "."])));
    // What is named is checked, whatever `.gitignore` says; each thing once.
    let named = run(&folder, &["check", "built/out.flow", "built/out.flow", "--format", "concise"]);
    assert_eq!((code(&named), stdout(&named).lines().count()), (Some(1), 1), "{}", shown(&named));
}

#[test]
fn one_project_that_cannot_be_read_does_not_hide_the_others() {
    let files = [("a/flow.toml", "[project]\nentry = \"gone.flow\"\n"), ("b/src/main.flow", BROKEN)];
    let output = run(&folder("gone", &files), &["check", "--format", "concise"]);
    insta::assert_snapshot!(shown(&output), @r#"
    exit 2
    --- stdout
    b/src/main.flow:2:31: error[F0016] `;` is not needed
    --- stderr
    flowc: the project a has no gone.flow
      help: write its first flow there, or name another file: `entry = "…"` in flow.toml
    "#);
}

#[test]
fn nothing_to_check_is_said() {
    let files = [("readme.txt", "hello"), ("src.flow", " \n// later\n")];
    let folder = folder("nothing", &files);
    insta::assert_snapshot!(shown(&run(&folder, &["check", "src.flow"])), @r"
    exit 0
    --- stdout
    --- stderr
    src.flow: no flows: there is nothing in it but blanks and comments
    ");
    fs::remove_file(folder.join("src.flow")).expect("was there");
    insta::assert_snapshot!(shown(&run(&folder, &["check"])), @r"
    exit 2
    --- stdout
    --- stderr
    flowc: there are no flows in .
      help: name a `.flow` file, a folder that has `flow.toml`, or a folder that has some of these
    ");
}

#[test]
fn every_format_is_one_document_for_all_projects() {
    let folder = folder("formats", &[("a/src/main.flow", LINTED), ("b/src/main.flow", BROKEN)]);
    for format in ["json", "sarif", "gitlab", "rdjson"] {
        let output = run(&folder, &["check", "--format", format]);
        assert_eq!(code(&output), Some(1), "{format}");
        let read: serde_json::Value = serde_json::from_str(&stdout(&output)).expect(format);
        let text = read.to_string();
        assert!(text.contains("a/src/main.flow") && text.contains("b/src/main.flow"), "{format}: {text}");
        assert!(output.stderr.is_empty(), "{}", shown(&output));
    }
    insta::assert_snapshot!(stdout(&run(&folder, &["check", "--format", "github"])), @"
    ::warning title=flowc F0808,file=a/src/main.flow,line=4,endLine=4,col=14,endColumn=16::callers cannot answer that fast: a person needs three seconds to find a key, and five to think%0Ahelp: write `wait 5s`, or leave it out: five seconds are the default
    ::error title=flowc F0016,file=b/src/main.flow,line=2,endLine=2,col=31,endColumn=32::`;` is not needed: nothing ends with a `;`%0Ahelp: remove it
    ");
    let junit = stdout(&run(&folder, &["check", "--format", "junit"]));
    assert!(junit.contains("<testsuites name=\"flowc\" tests=\"2\" failures=\"1\""), "{junit}");
}

#[test]
fn auto_is_for_github_in_its_workflows_and_for_people_elsewhere() {
    let folder = folder("auto", &[("a.flow", BROKEN)]);
    let check = ["check", "--format", "auto", "a.flow"];
    assert!(stdout(&run(&folder, &check)).contains("error[F0016]: "));
    let workflow = flowc(&folder, &check).env("GITHUB_ACTIONS", "true").output().expect("flowc runs");
    assert!(stdout(&workflow).starts_with("::error title=flowc F0016,file=a.flow,"), "{}", shown(&workflow));
}

#[test]
fn warnings_are_errors_when_denied() {
    let folder = folder(
        "deny",
        &[("a.flow", LINTED), ("allowed.flow", &LINTED.replace("1s", "1s // allow F0808: kiosk"))],
    );
    let check = |more: &[&str]| run(&folder, &[&["check", "a.flow", "--format", "concise"], more].concat());
    assert_eq!(code(&check(&[])), Some(0));
    for denied in [&["-D", "warnings"], &["--deny", "F0808"], &["-D", "f0808"], &["-D", "F0902,F0808"]] {
        let output = check(denied);
        assert_eq!(code(&output), Some(1), "{denied:?}");
        assert!(stdout(&output).contains("error[F0808]"));
    }
    assert_eq!(code(&check(&["-D", "F0902"])), Some(0));
    assert_eq!(code(&check(&["-D", "F8080"])), Some(2));
    assert_eq!(code(&run(&folder, &["check", "allowed.flow", "-D", "warnings"])), Some(0));
}

#[test]
fn standard_input_stands_for_one_file_of_its_project() {
    let main = "use shared\nflow line {\n    end bye { say shared.goodbye }\n}\n";
    let files = [
        ("p/flow.toml", ""),
        ("p/src/main.flow", main),
        ("p/src/shared.flow", "public prompt farewell = \"Goodbye.\"\n"),
    ];
    let folder = folder("stdin", &files);
    assert_eq!(code(&run(&folder, &["check", "p"])), Some(1));
    let new = "public prompt goodbye = \"Goodbye.\"\n";
    let check = ["check", "-", "--format", "concise", "--stdin-filename"];
    let with = |name: &str, text: &str| with_input(&folder, &[&check[..], &[name]].concat(), text);
    assert_eq!(code(&with("p/src/shared.flow", new)), Some(0));
    assert_eq!(code(&with("./p/src/shared.flow", new)), Some(0));
    let wrong = with("p/src/main.flow", &main.replace("shared.goodbye", "shared.farwell"));
    assert!(stdout(&wrong).starts_with("p/src/main.flow:3:"), "{}", shown(&wrong));
    // From within the project, and a file that is not on the disk yet.
    let inside = with_input(&folder.join("p"), &[&check[..], &["src/shared.flow"]].concat(), new);
    assert_eq!(code(&inside), Some(0), "{}", shown(&inside));
    let other = with("p/src/other.flow", "flow other { nonsense }\n");
    assert!(stdout(&other).contains("p/src/other.flow:1:"), "{}", shown(&other));
    // A file of no project is a project by itself.
    assert_eq!(code(&with("elsewhere.flow", GOOD)), Some(0));
}

#[test]
fn a_patch_shows_what_fix_does_and_writes_nothing() {
    let folder = folder("diff", &[("a.flow", BROKEN), ("b.flow", LINTED)]);
    let diff = run(&folder, &["check", "--diff"]);
    insta::assert_snapshot!(shown(&diff), @r#"
    exit 1
    --- stdout
    --- a/a.flow
    +++ b/a.flow
    @@ -1,4 +1,4 @@
     flow line {
    -    greet hello { say "Hello."; -> bye }
    +    greet hello { say "Hello." -> bye }
         end bye { say "Goodbye." }
     }
    --- stderr
    a.flow: 1 change to make
    b.flow: 0 changes to make
    "#);
    assert_eq!(fs::read_to_string(folder.join("a.flow")).expect("there"), BROKEN);
    let more = run(&folder, &["check", "--diff", "--unsafe", "b.flow"]);
    assert!(stdout(&more).contains("-        wait 1s\n+        wait 5s\n"), "{}", shown(&more));
    assert_eq!(code(&run(&folder, &["check", "--diff", "b.flow"])), Some(0));
    assert_eq!(code(&run(&folder, &["check", "--unsafe", "b.flow"])), Some(2));

    assert_eq!(code(&run(&folder, &["check", "--fix", "--unsafe"])), Some(0));
    assert_eq!(fs::read_to_string(folder.join("b.flow")).expect("there"), LINTED.replace("1s", "5s"));
    assert_eq!(code(&run(&folder, &["check", "--diff", "--unsafe"])), Some(0));
}

#[test]
fn a_comment_that_allows_nothing_is_taken_out_by_fix() {
    let text = GOOD.replace("flow line", "// allow F0802: was long once\nflow line");
    let folder = folder("unused_allow", &[("a.flow", &text)]);
    let output = run(&folder, &["check", "a.flow", "--format", "concise"]);
    assert!(stdout(&output).contains("a.flow:1:10: warning[F0833]"), "{}", shown(&output));
    run(&folder, &["check", "--fix", "a.flow"]);
    assert_eq!(fs::read_to_string(folder.join("a.flow")).expect("there"), GOOD);
}

#[test]
fn defaults_are_shown_with_the_line_that_says_them() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    insta::assert_snapshot!(shown(&run(&repository, &["check", "--show-defaults", "examples/support"])));
}

#[test]
fn codes_are_listed_by_phase() {
    let list = stdout(&run(Path::new("."), &["explain", "--list"]));
    assert_eq!(list, stdout(&run(Path::new("."), &["explain", "--all"])));
    let at = |text: &str| list.find(text).unwrap_or_else(|| panic!("{text} is not in\n{list}"));
    assert!(at("F00xx  reading") < at("\nF0012: ") && at("\nF0012: ") < at("F01xx  names"));
    assert!(at("F08xx  lints") < at("\nF0802: a text is longer than callers listen\n"));
    let page = stdout(&run(Path::new("."), &["explain", "F0802"]));
    assert!(page.starts_with("# F0802: a text is longer"), "{page}");
}

/// The problem matcher for GitHub: one pattern, whose groups are what the concise format prints.
#[test]
fn the_problem_matcher_fits_the_concise_format() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../editors/github/flowc-problem-matcher.json");
    let matcher: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(path).expect("the matcher")).expect("JSON");
    let matcher = &matcher["problemMatcher"][0];
    assert_eq!(matcher["owner"], "flowc");
    let pattern = &matcher["pattern"][0];
    let regex =
        regex::Regex::new(pattern["regexp"].as_str().expect("a pattern")).expect("a regular expression");
    let folder = folder("matcher", &[("a b.flow", BROKEN), ("c.flow", LINTED)]);
    let concise = stdout(&run(&folder, &["check", "--format", "concise"]));
    let mut found = Vec::new();
    for line in concise.lines() {
        let groups = regex.captures(line).unwrap_or_else(|| panic!("{line} does not match"));
        let group = |name: &str| groups[pattern[name].as_u64().expect("a group") as usize].to_owned();
        found.push(["file", "line", "column", "severity", "code", "message"].map(group).join("|"));
    }
    assert_eq!(
        found,
        [
            "a b.flow|2|31|error|F0016|`;` is not needed",
            "c.flow|4|14|warning|F0808|callers cannot answer that fast"
        ]
    );
}
