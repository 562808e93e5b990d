//! The book's page of codes has every code with its explanation, under the anchor that messages link to.
//!
//! `UPDATE_BOOK=1 cargo test -p flow-diagnostics --test book` writes it anew after a code was added.
#![allow(clippy::disallowed_methods)]

use flow_diagnostics::all_codes;
use flow_diagnostics::codes::{PHASES, title};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/src/errors.md");

fn page() -> String {
    let mut out = String::from(
        "# Codes\n\n\
         What flowc says has a code, and each code a page: what it means, why it matters on a call, wrong and right. \
         `flowc explain F0301` prints it, `flowc explain --list` lists them all. A code is never used for anything \
         else.\n\n\
         <!-- Written by `UPDATE_BOOK=1 cargo test -p flow-diagnostics --test book`. -->\n",
    );
    for (hundred, phase) in PHASES {
        let codes: Vec<_> = all_codes().filter(|code| code.0 / 100 == hundred).collect();
        if codes.is_empty() {
            continue;
        }
        out.push_str(&format!("\n## F{hundred:02}xx: {phase}\n\n"));
        for code in &codes {
            out.push_str(&format!("- [{code}](#{code}): {}\n", title(*code)));
        }
        for code in codes {
            out.push_str(&format!(
                "\n<a id=\"{code}\"></a>\n{{{{#include ../../compiler/flow-diagnostics/codes/{code}.md}}}}\n"
            ));
        }
    }
    out
}

#[test]
fn the_book_has_every_code() {
    if std::env::var_os("UPDATE_BOOK").is_some() {
        std::fs::write(PAGE, page()).expect("the book can be written");
    }
    let written = std::fs::read_to_string(PAGE).expect("the book has the page");
    assert!(
        written == page(),
        "book/src/errors.md is out of date: UPDATE_BOOK=1 cargo test -p flow-diagnostics --test book"
    );
}
