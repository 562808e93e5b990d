//! Comments that allow warnings: where they hold, what is said about those that do not, and what their fixes leave.

mod common;

use common::{fixed, lint_text};
use proptest::prelude::*;

/// A menu with a short wait, a line before it and something behind it.
fn text(before: &str, behind: &str) -> String {
    format!(
        "flow main {{\n    menu choose {{\n        press 1 for \"us\" -> bye\n{before}        wait 1s{behind}\n        \
         on no_input, no_match 3 times -> bye\n    }}\n    end bye {{ say \"Goodbye.\" }}\n}}\n"
    )
}

fn codes(text: &str) -> Vec<String> {
    lint_text(text).codes()
}

#[test]
fn behind_the_line_or_on_the_line_before() {
    assert_eq!(codes(&text("", "")), ["F0808 in line 4"]);
    assert_eq!(codes(&text("", " // allow F0808: a kiosk")), [""; 0]);
    assert_eq!(codes(&text("        // allow F0808: a kiosk\n", "")), [""; 0]);
    assert_eq!(codes(&text("        // allow F0808: a kiosk\n\n        // And more.\n", "")), [""; 0]);
    // One code of two that holds.
    assert_eq!(codes(&text("        //allow F0808, F0802: a kiosk\n", "")), ["F0833 in line 4"]);
}

#[test]
fn one_place_only() {
    let elsewhere = text("", "").replace("flow main", "// allow F0808: a kiosk\nflow main");
    assert_eq!(codes(&elsewhere), ["F0833 in line 1", "F0808 in line 5"]);
}

#[test]
fn without_a_reason_nothing_is_allowed() {
    for reason in ["", ":", ": ", ": …"] {
        let found = codes(&text("", &format!(" // allow F0808{reason}")));
        assert_eq!(found, ["F0808 in line 4", "F0830 in line 4"], "{reason:?}");
    }
}

#[test]
fn other_comments_are_left_alone() {
    for comment in
        ["// allow for a pause", "// allow", "// allowed F0808: no", "/// allow F0808: doc", "// F0808: x"]
    {
        assert_eq!(codes(&text("", &format!(" {comment}"))), ["F0808 in line 4"], "{comment}");
    }
}

#[test]
fn small_letters_and_unknown_codes_are_told() {
    assert_eq!(codes(&text("", " // allow f0808: a kiosk")), ["F0808 in line 4", "F0831 in line 4"]);
    assert_eq!(codes(&text("", " // allow F08: a kiosk")), ["F0808 in line 4", "F0831 in line 4"]);
}

#[test]
fn fixes_take_the_comment_out_and_nothing_else() {
    let plain = text("", "").replace("1s", "6s");
    for (before, behind) in [("", " // allow F0808: x"), ("        // allow F0808: x\n", "")] {
        let answer = lint_text(&text(before, behind).replace("1s", "6s"));
        assert_eq!(answer.codes().len(), 1, "{}", answer.text());
        assert_eq!(fixed(&answer), plain);
    }
}

#[test]
fn a_fix_takes_one_code_out_of_several() {
    for (list, left) in [("F0802, F0808", "F0808"), ("F0808, F0802", "F0808"), ("F0802,F0808,F0806", "F0808")]
    {
        let answer = lint_text(&text("", &format!(" // allow {list}: a kiosk")));
        assert_eq!(fixed(&answer), text("", &format!(" // allow {left}: a kiosk")), "{list}");
    }
}

proptest! {
    /// Whatever a comment says: no panic, and its fix never touches what is not a comment.
    #[test]
    fn any_comment(words in "[ -~é]{0,40}", list in "(F[0-9]{0,5},? ?){0,4}") {
        let text = text("", &format!(" // allow {list}{words}"));
        let answer = lint_text(&text);
        for fix in answer.diagnostics.iter().filter(|d| d.code.0 >= 830).flat_map(|d| &d.fixes) {
            for edit in &fix.edits {
                let span = edit.location.span;
                prop_assert!(span.start as usize >= text.find("1s").unwrap());
                prop_assert!(text[span.start as usize..span.end as usize].lines().count() <= 1);
            }
        }
    }
}

/// A bound for hostile text: each comment looks for what follows it, and each is reported.
#[test]
fn a_file_of_comments_takes_no_longer_than_it_should() {
    let many = "// allow F0808: x\n".repeat(200_000);
    let answer = lint_text(&format!("{many}{}", text("", "")));
    assert_eq!(answer.codes().len(), 1_001);
}
