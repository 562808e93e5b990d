//! The examples on the pages of this crate's codes: the wrong one gives that code, the right one nothing.

use flow_diagnostics::{FileId, Interner, all_codes, explain};

/// The first example behind a heading.
fn example<'a>(page: &'a str, heading: &str) -> &'a str {
    let behind = page.split(&format!("## {heading}\n```flow\n")).nth(1).unwrap_or("");
    behind.split("```").next().unwrap_or("")
}

#[test]
fn wrong_examples_are_wrong_and_right_ones_right() {
    let mut checked = 0;
    // F0001 is about bytes, which a page cannot show.
    for code in all_codes().filter(|code| (2..50).contains(&code.0)) {
        let page = explain(&code.to_string()).unwrap_or("");
        let codes = |heading: &str| -> Vec<u16> {
            let parsed = flow_syntax::parse(FileId(0), example(page, heading), &mut Interner::default());
            parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.0).collect()
        };
        assert!(codes("Wrong").contains(&code.0), "{code}: the wrong example gives {:?}", codes("Wrong"));
        assert_eq!(codes("Right"), Vec::<u16>::new(), "{code}: the right example");
        checked += 1;
    }
    assert!(checked > 30);
}
