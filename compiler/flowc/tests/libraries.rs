//! Two projects that use one library, on a disk.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MANIFEST: &str = "[libraries]\ncommon = \"../common\"\n";
/// Laid out otherwise than `flowc fmt` would.
const GREETINGS: &str =
    "use office\n\npublic prompt welcome(name: text) =   \"Welcome to {name}, a part of {office.name()}.\"\n";

/// A folder with a library and two projects.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libraries").join(name);
    let _ = fs::remove_dir_all(&folder);
    write(&folder, "common/src/greetings.flow", GREETINGS);
    write(&folder, "common/src/office.flow", "public fn name(): text = \"Acme\"\n");
    for (project, name) in [("shop", "the shop"), ("clinic", "the clinic")] {
        write(&folder, &format!("{project}/flow.toml"), MANIFEST);
        let main = format!(
            "use common.greetings\n\nflow main {{\n    greet hello {{\n        say greetings.welcome(\"{name}\")\n        \
             -> bye\n    }}\n    end bye {{ say \"Goodbye.\" }}\n}}\n"
        );
        write(&folder, &format!("{project}/src/main.flow"), &main);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

fn flowc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowc"));
    command.args(arguments).current_dir(folder).output().expect("flowc runs")
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
fn two_projects_use_one_library_and_take_calls() {
    let folder = folder("two");
    let both = flowc(&folder, &["check", "shop", "clinic"]);
    assert_eq!(shown(&both), "exit 0\n--- stdout\n--- stderr\nshop: no problems\nclinic: no problems\n");
    let within = flowc(&folder.join("shop"), &["check"]);
    assert_eq!(shown(&within), "exit 0\n--- stdout\n--- stderr\n.: no problems\n");
    for (project, said) in [("shop", "the shop"), ("clinic", "the clinic")] {
        let call = shown(&flowc(&folder, &["call", project, "--keys", ""]));
        assert!(call.starts_with("exit 0"), "{call}");
        assert!(call.contains(&format!("Welcome to {said}, a part of Acme.")), "{call}");
    }
}

#[test]
fn what_is_wrong_in_a_library_is_told_with_its_way_and_left_as_it_is() {
    let folder = folder("wrong");
    let wrong = "public fn name(): text = \"Acme\"\nconst unused = 1\npublic prompt p = \"{nam()}\"\n";
    write(&folder, "common/src/office.flow", wrong);
    let from_outside = shown(&flowc(&folder, &["check", "shop", "--format", "concise"]));
    assert_eq!(
        from_outside,
        "exit 1\n--- stdout\ncommon/src/office.flow:3:21: error[F0102] `nam` is not known here\n--- stderr\n"
    );
    let shop = folder.join("shop");
    let from_inside = shown(&flowc(&shop, &["check", "--format", "concise"]));
    assert_eq!(
        from_inside,
        "exit 1\n--- stdout\n../common/src/office.flow:3:21: error[F0102] `nam` is not known here\n--- stderr\n"
    );
    // The message offers `name`: a change that the project must not make.
    let fixed = shown(&flowc(&shop, &["check", "--fix", "--unsafe"]));
    assert!(fixed.starts_with("exit 1") && fixed.contains("0 changes made"), "{fixed}");
    assert_eq!(fs::read_to_string(folder.join("common/src/office.flow")).expect("there"), wrong);
}

#[test]
fn fmt_leaves_libraries_alone_within_the_project_too() {
    let folder = folder("fmt");
    let shop = folder.join("shop");
    write(&shop, "flow.toml", "[libraries]\ncommon = \"libraries/common\"\n");
    write(&shop, "libraries/common/greetings.flow", GREETINGS);
    write(&shop, "libraries/common/office.flow", "public fn name(): text = \"Acme\"\n");
    assert!(shown(&flowc(&shop, &["check"])).starts_with("exit 0"));
    let formatted = shown(&flowc(&shop, &["fmt"]));
    assert!(formatted.contains("1 file, "), "{formatted}");
    let path = shop.join("libraries/common/greetings.flow");
    assert_eq!(fs::read_to_string(&path).expect("there"), GREETINGS);
    // Who names it means it.
    let named = shown(&flowc(&shop, &["fmt", "libraries/common"]));
    assert!(named.contains("greetings.flow: formatted"), "{named}");
}

#[test]
fn a_file_of_a_library_is_checked_from_an_editor() {
    let folder = folder("editor");
    let mut command = Command::new("sh");
    let line = format!(
        "echo 'public fn name(): text = nam()' | {} check - --stdin-filename common/src/office.flow --format concise",
        env!("CARGO_BIN_EXE_flowc")
    );
    let said = shown(&command.args(["-c", &line]).current_dir(&folder).output().expect("runs"));
    assert!(said.contains("common/src/office.flow:1:26: error[F0102]"), "{said}");
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_a_library_are_refused() {
    use std::os::unix::fs::symlink;
    let folder = folder("links");
    write(&folder, "elsewhere/office.flow", "public fn name(): text = \"Nobody\"\n");
    fs::remove_file(folder.join("common/src/office.flow")).expect("removed");
    symlink("../../elsewhere/office.flow", folder.join("common/src/office.flow")).expect("linked");
    let said = shown(&flowc(&folder, &["check", "shop"]));
    assert_eq!(
        said,
        "exit 2\n--- stdout\n--- stderr\nflowc: common/src/office.flow is a link that leads out of the library\n  \
         help: keep all flows of a library in its folder: copy the file instead\n"
    );
    // The folder itself may be a link: flow.toml names it.
    fs::rename(folder.join("common"), folder.join("real")).expect("moved");
    fs::remove_file(folder.join("real/src/office.flow")).expect("removed");
    fs::copy(folder.join("elsewhere/office.flow"), folder.join("real/src/office.flow")).expect("copied");
    symlink("real", folder.join("common")).expect("linked");
    assert!(shown(&flowc(&folder, &["check", "shop"])).starts_with("exit 0"));
    // One library by two ways, of which one is a link, is one.
    write(&folder, "shop/flow.toml", "[libraries]\ncommon = \"../common\"\nreal = \"../real\"\n");
    assert!(shown(&flowc(&folder, &["check", "shop"])).starts_with("exit 0"));
}
