//! The explanations: one page per code, embedded.
//!
//! The pages are the files of `codes/`; `codes/README.md` says how to write one.

use crate::diagnostic::Code;

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page of a code as people write it: `F0101`, `f0101` or `101`.
pub fn explain(code: &str) -> Option<&'static str> {
    let digits = code.trim().trim_start_matches(['F', 'f']);
    let number = digits.parse::<u16>().ok()?;
    PAGES.binary_search_by_key(&number, |page| page.0).ok().map(|at| PAGES[at].1)
}

/// Every code that has a page, in order.
pub fn all_codes() -> impl Iterator<Item = Code> {
    PAGES.iter().map(|page| Code(page.0))
}
