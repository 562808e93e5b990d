//! The explanations: one page per code, embedded.
//!
//! The pages are the files of `codes/`; `codes/README.md` says how to write one.

use crate::diagnostic::Code;

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The phases by the hundreds of their codes, in order: what [`phase`] names.
pub const PHASES: [(u16, &str); 10] = [
    (0, "reading: characters, brackets, grammar"),
    (1, "names and modules"),
    (2, "types and arguments"),
    (3, "the shape of a flow: outcomes, endings, reachability"),
    (4, "kinds, clauses, prompts, calendars and people"),
    (5, "the project: flow.toml, modules, prompt files"),
    (6, "bytecode: loading, verifying, limits of one program"),
    (7, "run time: why a call ends as a fault of its program"),
    (8, "lints: what a caller would not thank for; a comment or flow.toml may allow them"),
    (9, "warnings: most likely not as meant"),
];

/// The page of a code as people write it: `F0101`, `f0101` or `101`.
pub fn explain(code: &str) -> Option<&'static str> {
    let digits = code.trim().trim_start_matches(['F', 'f']);
    let number = digits.parse::<u16>().ok()?;
    page(Code(number))
}

/// Every code that has a page, in order.
pub fn all_codes() -> impl Iterator<Item = Code> {
    PAGES.iter().map(|page| Code(page.0))
}

/// The page of a code.
pub fn page(code: Code) -> Option<&'static str> {
    PAGES.binary_search_by_key(&code.0, |page| page.0).ok().map(|at| PAGES[at].1)
}

/// What a code says, in one sentence: the title of its page without the code. Empty for a code without a page.
pub fn title(code: Code) -> &'static str {
    let line = page(code).and_then(|page| page.lines().next()).unwrap_or("");
    line.split_once(": ").map_or("", |(_, title)| title)
}

/// A section of a code's page, without its heading; empty when there is none.
pub fn section(code: Code, heading: &str) -> &'static str {
    let page = page(code).unwrap_or("");
    let heading = format!("\n## {heading}\n");
    let Some((_, rest)) = page.split_once(&heading) else { return "" };
    rest.split("\n## ").next().unwrap_or(rest).trim()
}

/// The phase that speaks with a code, in a few words.
pub fn phase(code: Code) -> &'static str {
    PHASES.iter().find(|(hundred, _)| *hundred == code.0 / 100).map_or("", |(_, name)| name)
}

/// Whether a code only ever warns, so that a comment or `flow.toml` may allow it: lints and warnings.
pub fn is_lint(code: Code) -> bool {
    (800..1000).contains(&code.0)
}
