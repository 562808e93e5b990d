//! Where each lint speaks and where it does not, beyond the examples of its page.

mod common;

use std::collections::BTreeMap;

use common::{fixed, lint_files, lint_text};
use flow_diagnostics::{Code, Severity};
use flow_lint::{Config, Level};

fn codes(text: &str) -> Vec<String> {
    lint_text(text).codes()
}

fn with(config: &Config, text: &str) -> Vec<String> {
    lint_files(&[("main", text)], config).codes()
}

/// A menu in a flow, with lines of the flow, of the menu, and blocks after it.
fn menu(flow: &str, lines: &str) -> String {
    format!(
        "flow main {{\n{flow}    menu choose {{\n{lines}        on no_input, no_match 3 times -> bye\n    }}\n    \
         end bye {{ say \"Goodbye.\" }}\n}}\n"
    )
}

#[test]
fn choices_of_the_flow_count_and_silent_ones_do_not() {
    let lines: String = (1..=5).map(|n| format!("        press {n} for \"thing {n}\" -> bye\n")).collect();
    assert_eq!(codes(&menu("", &lines)), [""; 0]);
    assert_eq!(codes(&menu("    press 0 for \"the operator\" -> bye\n", &lines)), ["F0800 in line 3"]);
    assert_eq!(codes(&menu("    press 0 silently -> bye\n", &lines)), [""; 0]);
    // A key that the menu binds itself is heard once.
    assert_eq!(codes(&menu("    press 1 for \"the operator\" -> bye\n", &lines)), [""; 0]);
}

#[test]
fn limits_can_be_set() {
    let lines: String = (1..=7).map(|n| format!("        press {n} for \"thing {n}\" -> bye\n")).collect();
    let seven = Config { menu_options: 7, ..Config::default() };
    assert_eq!(with(&seven, &menu("", &lines)), [""; 0]);
    let six = Config { menu_options: 6, ..Config::default() };
    assert_eq!(with(&six, &menu("", &lines)), ["F0800 in line 2"]);
    let quick = Config { prompt_seconds: 1, ..Config::default() };
    let flow = "flow main {\n    end bye { say \"One two three four five six.\" }\n}\n";
    assert_eq!(with(&quick, flow), ["F0802 in line 2"]);
    assert_eq!(codes(flow), [""; 0]);
}

#[test]
fn levels_allow_warn_and_deny() {
    let text = menu("", "        press 1 for \"us\" -> bye\n        wait 1s\n");
    let level = |level| Config { levels: BTreeMap::from([(Code(808), level)]), ..Config::default() };
    assert_eq!(with(&level(Level::Allow), &text), [""; 0]);
    assert_eq!(with(&level(Level::Warn), &text), ["F0808 in line 4"]);
    let denied = lint_files(&[("main", &text)], &level(Level::Deny));
    assert_eq!(denied.diagnostics[0].severity, Severity::Error);
    // What a comment allows stays allowed.
    let allowed = text.replace("wait 1s", "wait 1s // allow F0808: a kiosk");
    assert_eq!(with(&level(Level::Deny), &allowed), [""; 0]);
}

#[test]
fn depth_begins_anew_behind_a_person_and_counts_the_shortest_way() {
    let chain = |third: &str| {
        format!(
            "flow main {{\n    on no_input, no_match 3 times -> bye\n    \
             menu a {{ press 1 for \"b\" -> b press 2 for \"c\" -> c }}\n    \
             menu b {{ press 1 for \"more\" -> c }}\n    \
             {third}\n    \
             menu d {{ press 1 for \"e\" -> e }}\n    \
             menu e {{ press 1 for \"more\" -> bye }}\n    \
             end bye {{ say \"Goodbye.\" }}\n}}\n"
        )
    };
    // By key 2 of `a` a caller comes to `c` as the second menu, so `e` is the fourth.
    assert_eq!(codes(&chain("menu c { press 1 for \"more\" -> d }")), ["F0801 in line 7"]);
    let person = "dial c { ring \"sip:a@192.0.2.1\" for 20s on talked -> d otherwise -> bye }";
    assert_eq!(codes(&chain(person)), [""; 0]);
}

#[test]
fn what_is_said_in_one_go_is_measured_together() {
    let forty = "word ".repeat(40);
    let text = format!(
        "flow main {{\n    menu choose {{\n        say \"{forty}\"\n        ask \"{forty} press 1\"\n        \
         press 1 for \"us\" -> bye\n        on no_input, no_match 3 times -> bye\n    }}\n    \
         end bye {{ say \"{forty}\" }}\n}}\n"
    );
    assert_eq!(codes(&text), ["F0802 in line 4"]);
}

#[test]
fn numbers_of_data_need_a_permission_and_settings_none() {
    let text = |address: &str| {
        format!(
            "setting desk: text = \"sip:a@192.0.2.1\"\nflow main {{\n    state other: text = desk\n    dial x {{\n        \
             ring {address} for 20s\n        on talked -> bye\n        otherwise -> bye\n    }}\n    \
             end bye {{ say \"Goodbye.\" }}\n}}\n"
        )
    };
    assert_eq!(codes(&text("desk")), [""; 0]);
    assert_eq!(codes(&text("other")), ["F0804 in line 5"]);
    assert_eq!(codes(&text("\"sip:{other}@192.0.2.1\"")), ["F0804 in line 5"]);
    let may = Config { numbers_limited: true, ..Config::default() };
    assert_eq!(with(&may, &text("other")), [""; 0]);
}

#[test]
fn a_word_in_a_comment_or_a_text_is_no_use_and_one_in_a_hole_is() {
    let text = |said: &str| {
        format!("const days = 3\n// days\nflow main {{\n    end bye {{ say \"{said} goodbye.\" }}\n}}\n")
    };
    assert_eq!(codes(&text("Three days, {{days}},")), ["F0805 in line 1"]);
    assert_eq!(codes(&text("In {days} days,")), [""; 0]);
}

#[test]
fn flows_without_a_number_are_used_when_no_number_is_bound() {
    let text = "flow main {\n    end bye { say \"Goodbye.\" }\n}\nflow other {\n    end bye { say \"Goodbye.\" }\n}\n";
    assert_eq!(codes(text), [""; 0]);
    assert_eq!(codes(&format!("inbound \"+15550100\" -> main\n{text}")), ["F0805 in line 5"]);
}

#[test]
fn a_skill_that_only_agents_have_is_used_by_nobody() {
    let text = "skill technical, dutch\nteam desk\nagent dana at \"sip:d@192.0.2.1\" in desk { technical 1, dutch 2 }\n\
                queue help {\n    agents in desk with technical >= 1\n    pick longest_idle\n}\nflow main {\n    \
                queue wait_here {\n        say \"Please hold.\"\n        join help\n        longest 5m\n        \
                on talked -> bye\n        otherwise -> bye\n    }\n    end bye { say \"Goodbye.\" }\n}\n";
    assert_eq!(codes(text), ["F0805 in line 1"]);
}

#[test]
fn the_fix_of_an_unused_item_takes_its_documentation_along() {
    let text =
        "/// How long.\n/// In days.\nconst days = 3\n\nflow main {\n    end bye { say \"Goodbye.\" }\n}\n";
    assert_eq!(fixed(&lint_text(text)), "\nflow main {\n    end bye { say \"Goodbye.\" }\n}\n");
}

#[test]
fn nothing_is_said_about_the_library() {
    let library = "const unused = 3\npublic prompt hello = \"Hello.\"\n";
    let main = "use std.hello\nflow main {\n    end bye { say hello.hello }\n}\n";
    assert_eq!(lint_files(&[("main", main), ("std.hello", library)], &Config::default()).codes(), [""; 0]);
    let own = main.replace("std.", "");
    let codes = lint_files(&[("main", &own), ("hello", library)], &Config::default()).codes();
    assert_eq!(codes, ["F0805 in line 1"]);
}

#[test]
fn a_program_with_errors_is_not_linted() {
    let text = menu("", "        press 1 for \"us\" -> nowhere\n        wait 1s\n");
    assert_eq!(codes(&text), ["F0101 in line 3"]);
}
