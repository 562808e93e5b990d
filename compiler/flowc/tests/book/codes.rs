//! Every code that the source has is a page, every page is a code of the source, and the book names no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flow_diagnostics::all_codes;

use crate::{pages, read, repository};

/// Every source file below a folder, tests left out.
fn sources(folder: &Path, take: &mut dyn FnMut(&str)) {
    for entry in fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests" && name != "benches") {
                sources(&path, take);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            take(&fs::read_to_string(&path).expect("a source file"));
        }
    }
}

fn number(text: &str) -> Option<u16> {
    text.parse().ok()
}

/// The code that a line defines: `pub const NAME: Code = Code(101);`, `NAME = 101;` in a list of them, or the
/// `"F0601"` of a fault of the machine.
fn defined(line: &str, in_a_list: bool) -> Option<u16> {
    let line = line.trim();
    if let Some((_, value)) = line.split_once(": Code = Code(") {
        return number(value.split(')').next()?);
    }
    if let Some((_, code)) = line.split_once(" \"F")
        && code.get(4..5) == Some("\"")
    {
        // 0000 stands for the shape of a code.
        return number(&code[..4]).filter(|code| *code > 0);
    }
    let (name, value) = line.split_once(" = ").filter(|_| in_a_list)?;
    let is_constant = name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit());
    is_constant.then(|| number(value.strip_suffix(';')?)).flatten()
}

#[test]
fn every_code_of_the_source_has_a_page_and_every_page_a_code() {
    let mut found = BTreeSet::new();
    for folder in ["compiler", "vm"] {
        sources(&repository().join(folder), &mut |text| {
            // Lists of other things have numbers too.
            let in_a_list = text.contains("\ncodes! {");
            found.extend(text.lines().filter_map(|line| defined(line, in_a_list)));
        });
    }
    let pages: BTreeSet<u16> = all_codes().map(|code| code.0).collect();
    assert_eq!(pages.difference(&found).collect::<Vec<_>>(), Vec::<&u16>::new(), "pages of nothing");
    assert_eq!(found.difference(&pages).collect::<Vec<_>>(), Vec::<&u16>::new(), "codes without a page");
}

#[test]
fn the_book_names_only_codes_that_there_are() {
    let known: BTreeSet<String> = all_codes().map(|code| code.to_string()).collect();
    let mut named = 0;
    for page in pages() {
        let text = read(&page);
        for (at, _) in text.match_indices("F0") {
            let Some(code) = text.get(at..at + 5) else { continue };
            let alone = !text[..at].ends_with(|c: char| c.is_alphanumeric());
            if alone && code[1..].bytes().all(|b| b.is_ascii_digit()) {
                assert!(known.contains(code), "{}: there is no {code}", page.display());
                named += 1;
            }
        }
    }
    assert!(named > 100, "the codes were not found: {named}");
}
