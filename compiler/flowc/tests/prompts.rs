//! `flowc prompts`: the list for whoever records, what is missing, drafts, and recordings of other words.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::path::PathBuf;
use std::process::{Command, Stdio};

const QUEUE: &str = r#"edition 2026

prompt place(n: int) = es "Usted es el número {n}." en "You are number {n} in line."

flow main {
    speaks en, es
    state turn: int = 7

    greet welcome {
        say en "Welcome." recording "acme/welcome" es "Bienvenido." recording "acme/welcome"
        say place(turn)
        -> bye
    }
    end bye { say en "Goodbye, \"friend\"." es "Adiós." }
}
"#;

/// A project in a folder of its own; removed when dropped.
struct Project(PathBuf);

impl Project {
    fn new(name: &str) -> Project {
        let folder = std::env::temp_dir().join(format!("flowc-prompts-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let project = Project(folder);
        project.write("src/main.flow", QUEUE);
        // A voice that says everything in the same second of silence.
        project.write("flow.toml", "[prompts]\ncommand = [\"/bin/cp\", \"voice.wav\", \"{file}\"]\n");
        project.audio("voice.wav", 1);
        project
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Half a second that begins with a given sample.
    fn audio(&self, file: &str, first: u8) {
        let mut wav = b"RIFF\x64\x1f\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x40\x1f\0\0".to_vec();
        wav.push(first);
        wav.resize(44 + 8_000, 40);
        let path = self.0.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, wav).unwrap();
    }

    fn says(&self, args: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowc"));
        command.args(args).current_dir(&self.0).env("PATH", "/nonexistent").stdin(Stdio::null());
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        format!("{}{}exit {}", text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_list_says_what_where_and_between_what() {
    let project = Project::new("list");
    insta::assert_snapshot!("csv", project.says(&["prompts", "."]));
    insta::assert_snapshot!("markdown", project.says(&["prompts", ".", "--as", "markdown"]));
    let json = project.says(&["prompts", ".", "--format", "json"]);
    assert!(json.starts_with("[\n  {\n    \"id\": \"en/"), "{json}");
    assert!(json.contains("\"where\": [\n      \"src/main.flow:11 main.welcome\""), "{json}");
    assert_eq!(json, project.says(&["prompts", ".", "--as", "json"]));
    // What was looked at is as it was.
    assert!(!project.0.join("prompts").exists());
}

#[test]
fn drafts_are_made_by_the_deployments_voice_and_are_known_as_drafts() {
    let project = Project::new("draft");
    insta::assert_snapshot!("drafted", project.says(&["prompts", ".", "--draft"]));
    insta::assert_snapshot!("lock", std::fs::read_to_string(project.0.join("prompts/prompts.lock")).unwrap());
    for language in ["en", "es"] {
        project.audio(&format!("prompts/{language}/acme/welcome.wav"), 2);
    }
    insta::assert_snapshot!("checked_with_drafts", project.says(&["prompts", ".", "--check"]));
    assert_eq!(
        project.says(&["prompts", ".", "--missing"]).lines().count(),
        2,
        "the heading and the exit code"
    );
    let built = project.says(&["build", ".", "-o", "out.flowb"]);
    assert!(built.contains("warning: 5 prompts are a machine's drafts"), "{built}");
    // A person records one under the same name.
    let bye = std::fs::read_dir(project.0.join("prompts/es")).unwrap().flatten();
    let bye = bye.map(|entry| entry.file_name().into_string().unwrap()).find(|name| name.starts_with("adi"));
    project.audio(&format!("prompts/es/{}", bye.unwrap()), 3);
    let built = project.says(&["build", ".", "-o", "out.flowb"]);
    assert!(built.contains("warning: 4 prompts are a machine's drafts"), "{built}");
}

#[test]
fn a_recording_whose_words_changed_is_stale_until_it_is_made_anew() {
    let project = Project::new("stale");
    assert!(project.says(&["prompts", ".", "--draft"]).contains("5 prompts drafted"));
    for language in ["en", "es"] {
        project.audio(&format!("prompts/{language}/acme/welcome.wav"), 2);
    }
    let locked = project.says(&["prompts", ".", "--lock"]);
    assert_eq!(locked, "7 prompts with audio noted in prompts/prompts.lock\nexit 0");
    assert!(project.says(&["prompts", ".", "--check"]).ends_with("exit 0"));
    project.write(
        "src/main.flow",
        &QUEUE.replace("\"Welcome.\"", "\"Welcome back.\"").replace("Goodbye", "Bye"),
    );
    insta::assert_snapshot!("stale_and_left_over", project.says(&["prompts", ".", "--check"]));
    let list = project.says(&["prompts", ".", "--missing"]);
    assert!(list.contains("Welcome back.") && list.contains(",stale,"), "{list}");
    project.audio("prompts/en/acme/welcome.wav", 4);
    let said = project.says(&["prompts", ".", "--check"]);
    assert!(!said.contains("stale"), "{said}");
}
