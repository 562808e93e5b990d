//! What fixes leave behind: of every page's wrong example, each fix by itself gives a text that can be read as well
//! as before, and where it is the only mistake, one that no longer has it.

mod common;

use common::check_text;
use flow_diagnostics::codes::section;
use flow_diagnostics::{Fix, Severity, all_codes};

/// The one file of a page's wrong example; pages of several files have no fixes of ours.
fn wrong_example(code: flow_diagnostics::Code) -> Option<&'static str> {
    let mut fences = section(code, "Wrong").split("```flow\n").skip(1);
    let text = fences.next()?.split("```").next()?;
    fences.next().is_none().then_some(text)
}

fn applied(text: &str, fix: &Fix) -> String {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.location.span.start);
    let mut out = String::new();
    let mut from = 0;
    for edit in edits {
        out.push_str(&text[from..edit.location.span.start as usize]);
        out.push_str(&edit.text);
        from = edit.location.span.end as usize;
    }
    out + &text[from..]
}

#[test]
fn every_fix_leaves_a_text_that_reads_as_well_and_lacks_the_mistake() {
    let mut fixes = Vec::new();
    for code in all_codes() {
        let Some(text) = wrong_example(code) else { continue };
        let answer = check_text(text);
        let torn =
            |answer: &common::Answer| answer.syntax.iter().filter(|d| d.severity == Severity::Error).count();
        // Of a file that cannot be read nothing else is said (see `flow-project`).
        let said = if answer.syntax.is_empty() { answer.all() } else { answer.syntax.clone() };
        for diagnostic in said {
            for fix in &diagnostic.fixes {
                let after = applied(text, fix);
                let then = check_text(&after);
                assert!(
                    torn(&then) <= torn(&answer),
                    "{code}: `{}` gives\n{after}\n{}",
                    fix.title,
                    then.text()
                );
                let count = |answer: &common::Answer| answer.all().iter().filter(|d| d.code == code).count();
                if diagnostic.code == code {
                    assert!(
                        count(&then) < count(&answer),
                        "{code}: `{}` gives\n{after}\n{}",
                        fix.title,
                        then.text()
                    );
                    fixes.push(code.to_string());
                }
            }
        }
    }
    fixes.dedup();
    assert!(fixes.len() >= 25, "{fixes:?}");
}
