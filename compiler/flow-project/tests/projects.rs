//! Projects in memory: what is read, what is said, what is refused.

use flow_diagnostics::render::{Format, Options, render};
use flow_project::{Loaded, Memory, load};

const MAIN: &str = "inbound \"+15550100\" -> line\n\
    setting pin: secret digits = \"1234\"\n\
    agent ann at \"sip:ann@127.0.0.1:5071\" { }\n\
    flow line { collect code { ask \"Your code?\" take secret digits 4 as it check it == pin else \"No.\" \
    on done, no_input, no_match, invalid -> bye } end bye { say \"Goodbye.\" } }\n";

fn project(files: &[(&str, &str)]) -> Loaded {
    load(&Memory::new(files.iter().copied()), "shop").expect("can be read")
}

fn told(loaded: &Loaded) -> String {
    render(Format::Concise, &loaded.sources, &loaded.diagnostics, &Options::default())
}

#[test]
fn a_folder_is_a_project_with_its_name() {
    let loaded = project(&[("shop/src/main.flow", MAIN)]);
    assert_eq!(told(&loaded), "");
    assert_eq!((loaded.manifest.name.as_str(), loaded.manifest.entry.as_str()), ("shop", "src/main.flow"));
    assert_eq!(loaded.program.expect("checked").inbound[0].number, "+15550100");
}

#[test]
fn a_single_file_is_a_project_too() {
    let files = Memory::new([("a/line.flow", MAIN)]);
    let loaded = load(&files, "./a/line.flow").expect("can be read");
    assert_eq!((loaded.root.as_str(), loaded.manifest.name.as_str()), ("a", "line"));
    assert!(loaded.program.is_some());
}

#[test]
fn the_manifest_sets_and_overrides() {
    let manifest = "[project]\nname = \"Shop\"\nlanguage = \"en\"\n\
        [settings]\npin = \"4321\"\n\
        [run]\nsip = \"udp:127.0.0.1:5070\"\nrtp = \"20000-20010\"\nstate = \"state\"\nhttp = \"127.0.0.1:8080\"\n\
        [prompts]\nvoice = \"en-us\"\n[agents]\nann = \"sip:ann@192.0.2.1\"\n";
    let loaded = project(&[("shop/flow.toml", manifest), ("shop/src/main.flow", MAIN)]);
    assert_eq!(told(&loaded), "");
    assert_eq!(loaded.manifest.run.sip, ["udp:127.0.0.1:5070"]);
    assert_eq!(loaded.manifest.prompts.voice.as_deref(), Some("en-us"));
    assert_eq!(loaded.manifest.settings[0].value, "4321");
    assert_eq!(loaded.program.expect("checked").agents[0].address, "sip:ann@192.0.2.1");
}

#[test]
fn mistakes_in_the_manifest_are_told_with_their_line() {
    let manifest = "[projct]\n[run]\nsips = \"x\"\nrtp = 5\n[settings]\npinn = \"1\"\npin = \"12a\"\n[agents]\nan = \"sip:x\"\n";
    let loaded = project(&[("shop/flow.toml", manifest), ("shop/src/main.flow", MAIN)]);
    assert!(loaded.program.is_none());
    insta::assert_snapshot!(told(&loaded));
}

#[test]
fn a_manifest_that_is_no_toml_is_told() {
    let loaded = project(&[("shop/flow.toml", "[project]\nname = \"shop\n"), ("shop/src/main.flow", MAIN)]);
    insta::assert_snapshot!(told(&loaded));
}

#[test]
fn files_use_each_other_and_the_library() {
    let main = "use hours.office\nuse std.holidays.us\ncalendar all { timezone \"UTC\" open every day 08:00..18:00 \
        closed us.federal as holiday }\n\
        flow line { after_hours now { calendar office.weekly on open, closed -> later } \
        after_hours later { calendar all otherwise -> bye } end bye { say \"Goodbye.\" } }\n";
    let office = "public calendar weekly { timezone \"UTC\" open mon to fri 08:00..18:00 }\n";
    let loaded = project(&[("shop/src/main.flow", main), ("shop/src/hours/office.flow", office)]);
    assert_eq!(told(&loaded), "");
    let program = loaded.program.expect("checked");
    assert_eq!(program.calendars.len(), 2);
    assert!(loaded.sources.iter().any(|(_, file)| file.path == "std/holidays/us.flow"));
}

#[test]
fn every_library_file_is_without_problems() {
    for path in flow_stdlib::flows::flows() {
        let module = path.replace('/', ".");
        let short = path.rsplit('/').next().unwrap_or(path);
        let main = match (first_item(path, "holidays"), first_item(path, "fn")) {
            (Some(item), _) => format!(
                "use {module}\ncalendar all {{ timezone \"UTC\" open every day 08:00..18:00 closed {short}.{item} as holiday }}\n\
                 flow line {{ after_hours now {{ calendar all otherwise -> bye }} end bye {{ say \"Goodbye.\" }} }}\n"
            ),
            (None, Some(function)) => format!(
                "use {module}\nflow line {{ route test {{ when {short}.{function}(\"1230\") -> bye otherwise -> bye }} \
                 end bye {{ say \"Goodbye.\" }} }}\n"
            ),
            _ => panic!("{path} has nothing that a project could use"),
        };
        let loaded = project(&[("shop/src/main.flow", &main)]);
        assert_eq!(told(&loaded), "", "{path}");
    }
}

/// The name of the first item of a kind.
fn first_item(path: &str, kind: &str) -> Option<&'static str> {
    let text = flow_stdlib::flows::flow(path).expect("embedded");
    let after = text.split(&format!("public {kind} ")).nth(1)?;
    after.split([' ', '(']).next()
}

#[test]
fn a_setting_takes_what_its_type_can_be() {
    let main = "public setting patience: duration = 5m\npublic setting desk: text?\npublic setting tries: int?\n\
        public setting opens: time = 08:00\npublic setting price: money = EUR(1)\npublic setting vat: decimal = 0.2\n\
        public setting since: date?\npublic setting key: public_key\n\
        public enum Tier { gold, silver }\npublic setting tier: Tier = gold\n\
        flow line { end bye { say \"Goodbye.\" } }\n";
    let with = |settings: &str| {
        let manifest = format!("[settings]\n{settings}\n");
        told(&project(&[("shop/flow.toml", &manifest), ("shop/src/main.flow", main)]))
    };
    assert_eq!(with("patience = \"1h30m\"\ndesk = \"sip:desk@192.0.2.7\"\ntries = 3"), "");
    let right = "opens = \"09:00\"\nprice = \"EUR 12.50\"\nvat = \"0.21\"\nsince = \"2026-02-28\"\ntier = \"silver\"\n\
        key = \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"";
    assert_eq!(with(right), "");
    let wrong = [
        "patience = \"3 minutes\"",
        "tries = \"many\"",
        "opens = \"9:00\"",
        "price = 12.5",
        "vat = \"1/5\"",
        "since = \"2026-02-30\"",
        "key = \"secret\"",
        "tier = \"bronze\"",
    ]
    .map(with);
    insta::assert_snapshot!(wrong.join("\n"));
}

#[test]
fn what_is_used_must_be_there_and_not_in_a_circle() {
    let main = "use nowhere\nuse one\nflow line { end bye { say \"Goodbye.\" } }\n";
    let loaded = project(&[
        ("shop/src/main.flow", main),
        ("shop/src/one.flow", "use two\n"),
        ("shop/src/two.flow", "use one\n"),
    ]);
    insta::assert_snapshot!(told(&loaded));
}

#[test]
fn what_is_broken_is_told_once() {
    let loaded = project(&[("shop/src/main.flow", "flow line { menu a { press 1 -> } }\n")]);
    assert_eq!(told(&loaded).lines().count(), 1, "{}", told(&loaded));
}

#[test]
fn a_project_does_not_lead_out_of_its_folder() {
    let manifest = "[project]\nentry = \"src/../../secret.txt\"\n";
    let files = Memory::new([("shop/flow.toml", manifest), ("secret.txt", "flow a { end b { } }")]);
    let problem = load(&files, "shop").map(|_| ()).expect_err("is refused");
    assert_eq!(problem.what, "`entry` in flow.toml leads out of the project: src/../../secret.txt");
}

#[test]
fn nothing_to_read_is_a_problem_with_an_action() {
    let files = Memory::new([("shop/README.md", "hello"), ("other/x.txt", "")]);
    let what = |path| load(&files, path).map(|_| ()).expect_err("cannot be read");
    let all: Vec<String> =
        ["nowhere", "shop", "shop/README.md"].map(|path| format!("{:?}", what(path))).to_vec();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn lints_are_set_in_the_manifest() {
    let long = MAIN.replace("Goodbye.", &format!("{}goodbye.", "word ".repeat(70)));
    let told_with =
        |manifest: &str| told(&project(&[("shop/flow.toml", manifest), ("shop/src/main.flow", &long)]));
    assert!(told_with("").contains("warning[F0802]"));
    assert!(told_with("[lints]\nF0802 = \"deny\"\n").contains("error[F0802]"));
    for quiet in ["F0802 = \"allow\"", "prompt_seconds = 60", "menu_depth = 2\nprompt_seconds = 1000"] {
        assert_eq!(told_with(&format!("[lints]\n{quiet}\n")), "", "{quiet}");
    }
    insta::assert_snapshot!(told_with(
        "[lints]\nprompt_seconds = 0\nmenu_option = 3\nF0301 = \"allow\"\nF0802 = \"off\"\nF9 = 1\n"
    ));
}

#[test]
fn who_understands_callers_is_in_the_manifest() {
    let read = |line: &str| {
        let manifest = format!("[speech]\n{line}\n");
        project(&[("shop/flow.toml", &manifest), ("shop/src/main.flow", MAIN)])
    };
    let right = read(
        "recognizer = { command = [\"./hear\", \"--fast\"], languages = [\"en\", \"es-MX\"], processes = 2 }",
    );
    assert_eq!(told(&right), "");
    let recognizer = right.manifest.speech.recognizer.expect("there is one");
    assert_eq!((recognizer.command.len(), recognizer.languages.len(), recognizer.processes), (2, 2, 2));
    let wrong = [
        "recognizer = \"hear\"",
        "recognizer = { command = [\"hear\"] }",
        "recognizer = { command = [\"hear\"], languages = [\"English\"] }",
        "recognizer = { command = [\"hear\"], languages = [\"en\"], processes = 0 }",
        "recognizer = { command = 7, languages = [\"en\"] }",
        "recogniser = { command = [\"hear\"], languages = [\"en\"] }",
        "recognizer = { program = [\"hear\"], languages = [\"en\"] }",
    ]
    .map(|line| told(&read(line)));
    insta::assert_snapshot!(wrong.join("\n"));
}

/// The examples of the page that is about `flow.toml`.
#[test]
fn the_page_of_f0834_keeps_its_word() {
    let code = flow_diagnostics::Code(834);
    let example = |heading| {
        let section = flow_diagnostics::codes::section(code, heading);
        section.trim_start_matches("```toml\n").split("```").next().unwrap_or("").to_owned()
    };
    let told_with =
        |manifest: &str| told(&project(&[("shop/flow.toml", manifest), ("shop/src/main.flow", MAIN)]));
    let wrong = told_with(&example("Wrong"));
    assert!(wrong.contains("error[F0834]") && wrong.lines().count() == 1, "{wrong}");
    assert_eq!(told_with(&example("Right")), "");
}

#[test]
fn a_comment_allows_a_warning_in_a_project() {
    let long = MAIN.replace(
        "say \"Goodbye.\"",
        &format!("say \"{}goodbye.\" // allow F0802: law\n", "word ".repeat(70)),
    );
    assert_eq!(told(&project(&[("shop/src/main.flow", &long)])), "");
}
