//! Libraries in memory: what a project may use of them, and what is refused.

use flow_diagnostics::Severity;
use flow_diagnostics::render::{Format, Options, render};
use flow_project::{Loaded, Memory, load};

const MANIFEST: &str = "[libraries]\ncommon = \"../common\"\n";
const GREETINGS: &str = "public prompt hello = \"Good day.\"\n\
    public prompt bye = \"Goodbye.\"\n\
    prompt hidden = \"Hm.\"\n";

/// A flow that says something and ends.
fn says(uses: &str, said: &str) -> String {
    format!("{uses}\nflow line {{ greet hello {{ say {said} -> bye }} end bye {{ say \"Goodbye.\" }} }}\n")
}

fn project(files: &[(&str, &str)]) -> Loaded {
    load(&Memory::new(files.iter().copied()), "shop").expect("can be read")
}

fn told(loaded: &Loaded) -> String {
    render(Format::Concise, &loaded.sources, &loaded.diagnostics, &Options::default())
}

fn functions(loaded: &Loaded) -> Vec<&str> {
    let program = loaded.program.as_ref().expect("checked");
    program.functions.iter().map(|function| &*function.name).collect()
}

/// What is said of a shop with one library, by the shop's main file.
fn with(uses: &str, said: &str) -> String {
    let main = says(uses, said);
    told(&project(&[
        ("shop/flow.toml", MANIFEST),
        ("shop/src/main.flow", &main),
        ("common/src/greetings.flow", GREETINGS),
        ("common/src/main.flow", "public prompt welcome = \"Welcome.\"\n"),
    ]))
}

#[test]
fn a_module_one_name_and_the_main_module_are_used() {
    assert_eq!(with("use common.greetings", "greetings.hello"), "");
    assert_eq!(with("use common.greetings.hello", "hello"), "");
    assert_eq!(with("use common.greetings as words", "words.hello"), "");
    assert_eq!(with("use common.greetings.hello as hi", "hi"), "");
    assert_eq!(with("use common", "common.welcome"), "");
    assert_eq!(with("use common.welcome", "welcome"), "");
    assert_eq!(with("use common as shared", "shared.welcome"), "");
}

#[test]
fn what_is_private_or_not_there_is_told() {
    insta::assert_snapshot!(with("use common.greetings", "greetings.hidden"), @r"src/main.flow:2:41: error[F0107] `hidden` is private to its file");
    insta::assert_snapshot!(with("use common.greetings.hallo", "hallo"), @r"src/main.flow:1:22: error[F0106] `common.greetings` has no item `hallo`");
    insta::assert_snapshot!(with("use common.greetngs", "greetngs.hello"), @r"src/main.flow:1:12: error[F0106] `common` has no item `greetngs`");
    insta::assert_snapshot!(with("use comon.greetings", "greetings.hello"), @r"src/main.flow:1:5: error[F0106] there is no file `comon.greetings`");
    // The main file is seen as the library's name and not as a file of it.
    insta::assert_snapshot!(with("use common.main", "main.welcome"), @r"src/main.flow:1:12: error[F0106] `common` has no item `main`");
}

#[test]
fn a_folder_without_src_is_a_library_as_well() {
    let main = says("use common.words.polite", "polite.hello");
    let loaded = project(&[
        ("shop/flow.toml", MANIFEST),
        ("shop/src/main.flow", &main),
        ("common/words/polite.flow", GREETINGS),
        // Nobody uses it, so nobody reads it.
        ("common/broken.flow", "flow flow flow"),
    ]);
    assert_eq!(told(&loaded), "");
    let paths: Vec<&str> = loaded.sources.iter().map(|(_, file)| file.path.as_str()).collect();
    assert_eq!(paths, ["flow.toml", "src/main.flow", "../common/words/polite.flow"]);
}

#[test]
fn a_library_sees_its_own_files_and_the_libraries_that_it_declares() {
    let main = says("use common.greetings", "greetings.hello");
    let greetings = "use words\nuse base.names\nfn both(): text = \"{words.hello()} {names.ours()}\"\n\
        public prompt hello = \"{both()}\"\n";
    let files = [
        ("shop/flow.toml", MANIFEST),
        ("shop/src/main.flow", &main),
        // A namesake of the library's file is another file.
        ("shop/src/words.flow", "public const nothing = 1\n"),
        ("common/flow.toml", "[libraries]\nbase = \"../base\"\n[settings]\nof_its_own = 1\n"),
        ("common/src/greetings.flow", greetings),
        ("common/src/words.flow", "public fn hello(): text = \"Good day.\"\n"),
        ("base/names.flow", "public fn ours(): text = \"This is Acme.\"\n"),
    ];
    let loaded = project(&files);
    assert_eq!(told(&loaded), "");
    assert_eq!(functions(&loaded), ["common.greetings.both", "common.words.hello", "common.base.names.ours"]);

    // What the library uses is not the project's to use.
    let main = says("use common.base.names\nuse base.names as others", "\"{names.ours()} {others.ours()}\"");
    let mut files = files.to_vec();
    files[1].1 = &main;
    insta::assert_snapshot!(told(&project(&files)), @r"
src/main.flow:1:5: error[F0106] there is no file `common.base.names`
src/main.flow:2:5: error[F0106] there is no file `base.names`
");
}

#[test]
fn a_library_sees_nothing_of_the_project() {
    let main = says("use common.greetings", "greetings.hello");
    let loaded = project(&[
        ("shop/flow.toml", "[libraries]\ncommon = \"../common\"\nother = \"../other\"\n"),
        ("shop/src/main.flow", &main),
        ("shop/src/desk.flow", "public const name = \"Ann\"\n"),
        ("other/things.flow", "public const name = \"Bob\"\n"),
        (
            "common/greetings.flow",
            "use desk\nuse other.things\npublic prompt hello = \"{desk.name} {things.name}\"\n",
        ),
    ]);
    insta::assert_snapshot!(told(&loaded), @r"
../common/greetings.flow:1:5: error[F0106] there is no file `desk`
../common/greetings.flow:2:5: error[F0106] there is no file `other.things`
");
}

#[test]
fn one_library_under_two_names_and_two_ways_is_one() {
    let main = says(
        "use common.greetings\nuse words.greetings as same\nuse other.things",
        "\"{greetings.count(things.one())} {same.count(things.one())}\"",
    );
    let loaded = project(&[
        (
            "shop/flow.toml",
            "[libraries]\ncommon = \"../common\"\nother = \"../other\"\nwords = \"../other/../common/\"\n",
        ),
        ("shop/src/main.flow", &main),
        ("other/flow.toml", "[libraries]\nc = \"../common\"\n"),
        ("other/things.flow", "use c.greetings.Count\npublic fn one(): Count = Count(many: 1)\n"),
        (
            "common/greetings.flow",
            "public record Count { many: int }\npublic fn count(c: Count): text = \"{c.many}\"\n",
        ),
    ]);
    assert_eq!(told(&loaded), "");
    assert_eq!(functions(&loaded), ["common.greetings.count", "other.things.one"]);
}

#[test]
fn circles_are_named() {
    let main = says("use common.greetings", "greetings.hello");
    let shop = |common: &str, base: &str| {
        told(&project(&[
            ("shop/flow.toml", MANIFEST),
            ("shop/src/main.flow", &main),
            ("common/flow.toml", common),
            ("common/greetings.flow", GREETINGS),
            ("base/flow.toml", base),
            ("base/names.flow", "public fn ours(): text = \"Acme\"\n"),
        ]))
    };
    insta::assert_snapshot!(shop("[libraries]\nbase = \"../base\"\n", "[libraries]\nagain = \"../common\"\n"), @r"../base/flow.toml:2:1: error[F0515] libraries use each other in a circle: `common`, then `common.base`, then `common`");
    insta::assert_snapshot!(shop("[libraries]\nshop = \"../shop\"\n", ""), @r"../common/flow.toml:2:1: error[F0515] libraries use each other in a circle: this project, then `common`, then this project");
    insta::assert_snapshot!(shop("[libraries]\nme = \".\"\n", ""), @r"../common/flow.toml:2:1: error[F0515] libraries use each other in a circle: `common`, then `common`");
}

#[test]
fn names_that_are_taken_are_refused() {
    let main = says("use common.greetings", "greetings.hello");
    let manifest = "[libraries]\ncommon = \"../common\"\ndesk = \"../common\"\nstd = \"../common\"\nBig = \"../common\"\n";
    let loaded = project(&[
        ("shop/flow.toml", manifest),
        ("shop/src/main.flow", &main),
        ("shop/src/common.flow", "public const a = 1\n"),
        ("shop/src/desk/people.flow", "public const a = 1\n"),
        ("common/greetings.flow", GREETINGS),
    ]);
    insta::assert_snapshot!(told(&loaded), @r"
flow.toml:2:1: error[F0516] `common` is a library and src/common.flow too: `use common` could mean both
flow.toml:3:1: error[F0516] `desk` is a library and src/desk/ too: `use desk` could mean both
flow.toml:4:1: error[F0516] a library cannot be called `std`: that is the standard library
flow.toml:5:1: error[F0516] `Big` cannot be written after `use`
");
}

#[test]
fn folders_that_are_no_libraries_are_refused() {
    let main = says("", "\"Hello.\"");
    let manifest = "[libraries]\na = \"/etc\"\nb = \"../nowhere\"\nc = \"../empty\"\nd = \"\"\ne = \"../empty/readme\"\n\
        f = \"src/inner\"\nh = \"..\\\\common\"\ni = 3\n";
    let loaded = project(&[
        ("shop/flow.toml", manifest),
        ("shop/src/main.flow", &main),
        ("shop/src/inner/a.flow", "public const a = 1\n"),
        ("empty/readme", "nothing\n"),
    ]);
    insta::assert_snapshot!(told(&loaded), @r#"
flow.toml:2:5: error[F0514] the library `a` is not given as a relative path: "/etc"
flow.toml:3:5: error[F0514] there is no folder ../nowhere for the library `b`
flow.toml:4:5: error[F0514] there are no flows in ../empty, nor in ../empty/src
flow.toml:5:5: error[F0514] the library `d` is not given as a relative path: ""
flow.toml:6:5: error[F0514] ../empty/readme is a file, and a library is a folder
flow.toml:7:5: error[F0514] the flows of `f` and of this project are in the same folder
flow.toml:8:5: error[F0514] the library `h` is not given as a relative path: "..\common"
flow.toml:9:5: error[F0503] `i` in flow.toml is not a text in quotes
"#);
}

#[test]
fn no_import_and_no_entry_leads_out_of_a_library() {
    let main = says("use common.greetings", "greetings.hello");
    let loaded = project(&[
        ("shop/flow.toml", MANIFEST),
        ("shop/src/main.flow", &main),
        ("common/flow.toml", "[project]\nentry = \"../secret/main.flow\"\n"),
        ("common/src/greetings.flow", GREETINGS),
        ("secret/main.flow", GREETINGS),
        ("secret/greetings.flow", GREETINGS),
    ]);
    insta::assert_snapshot!(told(&loaded), @r"flow.toml:2:10: error[F0514] the `entry` of the library ../common is no file of it: ../secret/main.flow");
}

#[test]
fn errors_of_a_library_are_told_and_warnings_are_not() {
    let main = says("use common.greetings", "greetings.hello");
    let library = |text: &str| {
        let loaded = project(&[
            ("shop/flow.toml", "[libraries]\ncommon = \"../common\"\n[lints]\nF0901 = \"deny\"\n"),
            ("shop/src/main.flow", &main),
            ("common/greetings.flow", text),
            ("common/words.flow", "public const a = 1\n"),
        ]);
        assert!(loaded.diagnostics.iter().all(|said| said.severity == Severity::Error));
        told(&loaded)
    };
    // Brought in and not used: a warning, an error even in the project's own files.
    assert_eq!(library("use words\npublic prompt hello = \"Hello.\"\n"), "");
    insta::assert_snapshot!(library("public prompt hello = \"Hello, {nobody}.\"\n"), @r"../common/greetings.flow:1:32: error[F0102] `nobody` is not known here");
    insta::assert_snapshot!(library("public prompt hello = \n"), @r"../common/greetings.flow:1:21: error[F0029] this `prompt` is not finished");
    insta::assert_snapshot!(library("public prompt hello = \"Hello.\"\ninbound \"+15550100\" -> line\nflow line { end bye { say \"Goodbye.\" } }\n"), @r"../common/greetings.flow:2:1: error[F0590] a library answers no numbers");
}

#[test]
fn rows_are_found_from_the_folder_of_the_library() {
    let table = |name: &str| {
        format!(
            "public record {name} {{ code: text, name: text }}\npublic table rows of {name} from \"rows.csv\"\n"
        )
    };
    let main = format!(
        "use common.shops\n{}flow line {{ step look {{ let found = shops.rows.find(code: \"1\") \
         when found is some(shop) -> known(shop.name) otherwise -> bye }} \
         greet known(name: text) {{ say \"{{name}}\" -> bye }} end bye {{ say \"Goodbye.\" }} }}\n",
        table("Desk"),
    );
    let files = |rows: &'static str| {
        let common = table("Shop");
        told(&project(&[
            ("shop/flow.toml", MANIFEST),
            ("shop/src/main.flow", &main),
            ("shop/rows.csv", "code,name\n7,Ann\n"),
            ("common/src/shops.flow", &common),
            ("common/rows.csv", rows),
        ]))
    };
    insta::assert_snapshot!(files("code,name\n1,Springfield\n"), @"");
    insta::assert_snapshot!(files("code\n1\n"), @r"../common/rows.csv:1:1: error[F0510] there is no column `name`, which `common.shops.Shop` needs");
}

#[test]
fn there_are_64_libraries_at_most() {
    let main = says("", "\"Hello.\"");
    let declared = |numbers: std::ops::Range<usize>| {
        let lines: Vec<String> = numbers.map(|n| format!("lib{n} = \"../lib{n}\"\n")).collect();
        format!("[libraries]\n{}", lines.concat())
    };
    let shop = |own: std::ops::Range<usize>, theirs: std::ops::Range<usize>| {
        let mut files = Memory::new([("shop/src/main.flow", main.as_str())]);
        for number in own.start..theirs.end.max(own.end) {
            files.insert(format!("lib{number}/a.flow"), "public const a = 1\n");
        }
        files.insert("shop/flow.toml", declared(own));
        files.insert("lib100/flow.toml", declared(theirs));
        told(&load(&files, "shop").expect("can be read"))
    };
    assert_eq!(shop(100..164, 0..0), "");
    assert_eq!(shop(100..162, 162..164), "");
    let too_many = "error[F0514] a project has 64 libraries at most, with those of its libraries\n";
    assert_eq!(shop(100..200, 0..0), format!("flow.toml:66:10: {too_many}"));
    assert_eq!(shop(100..162, 162..165), format!("../lib100/flow.toml:4:10: {too_many}"));
}
