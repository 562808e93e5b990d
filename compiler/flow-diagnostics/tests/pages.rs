//! Every page of `codes/` has the shape that `codes/README.md` asks for.

use flow_diagnostics::{all_codes, explain};

const HEADINGS: [&str; 5] = ["What it means", "Why it matters on a call", "Wrong", "Right", "See also"];

#[test]
fn every_page_has_its_title_and_headings_in_order() {
    let mut pages = 0;
    for code in all_codes() {
        pages += 1;
        let page = explain(&code.to_string()).unwrap_or("");
        assert!(page.starts_with(&format!("# {code}: ")), "{code}: the title is not `# {code}: …`");
        let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, HEADINGS, "{code}");
        // Mistakes of a project are shown in `flow.toml`.
        let of_project = (500..600).contains(&code.0) || code.0 == 834;
        let fence = if of_project { "```" } else { "```flow" };
        assert!(page.matches(fence).count() >= 2, "{code}: no wrong and right example");
    }
    assert!(pages > 30);
}

#[test]
fn a_code_is_found_however_it_is_written() {
    let page = explain("F0012");
    assert!(page.is_some_and(|page| page.contains("never closed")));
    assert_eq!(explain("f0012"), page);
    assert_eq!(explain("12"), page);
    assert_eq!(explain("F9999"), None);
    assert_eq!(explain("menu"), None);
}
