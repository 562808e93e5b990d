//! Whatever is written: the result is laid out already, means the same, and has every comment.
//!
//! That the meaning is kept is `format`'s own check; a text without mistakes that fails it fails these tests.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use flow_diagnostics::{FileId, Interner};
use flow_format::format;
use flow_syntax::{Layout, Parsed, parse_with_layout};
use proptest::prelude::*;

/// The flows of the repository, those with mistakes included.
static FLOWS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders: Vec<PathBuf> =
        ["examples", "stdlib", "compiler", "tests"].map(|it| root.join(it)).to_vec();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "flow") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut flows: Vec<String> = files.iter().map(|file| fs::read_to_string(file).expect("a flow")).collect();
    flows.push(include_str!("forms.flow").to_owned());
    flows
});

fn read(text: &str) -> (Parsed, Layout) {
    parse_with_layout(FileId(0), text, &mut Interner::default())
}

/// Formats a text twice.
fn twice(text: &str) -> Result<String, TestCaseError> {
    let once = format(text).map_err(|fault| TestCaseError::fail(format!("{fault:?} of:\n{text}")))?.text;
    let again = format(&once).map_err(|fault| TestCaseError::fail(format!("{fault:?} of:\n{once}")))?.text;
    prop_assert_eq!(&again, &once, "not laid out the first time:\n{}", text);
    Ok(once)
}

#[test]
fn the_flows_are_there() {
    assert!(FLOWS.len() >= 10, "{}", FLOWS.len());
}

/// A flow, and how to spoil it.
fn flow() -> impl Strategy<Value = &'static String> {
    (0..FLOWS.len()).prop_map(|at| &FLOWS[at])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Blanks mean nothing; so whatever they are, the meaning is kept.
    #[test]
    fn other_blanks(text in flow(), blanks in prop::collection::vec(0..8usize, 64)) {
        const BLANKS: [&str; 8] = [" ", " ", " ", "\n", "  ", "\n\n\n", "\n        ", "\t"];
        let (parsed, layout) = read(text);
        prop_assume!(parsed.diagnostics.is_empty());
        let mut other = String::new();
        for (index, piece) in layout.pieces.iter().enumerate() {
            // Items begin lines: a reader goes by them.
            let item = parsed.file.items.iter().any(|item| item.span.start == piece.span.start);
            other.push_str(if item { "\n" } else { BLANKS[blanks[index * 7 % 61 % blanks.len()]] });
            other.push_str(&text[piece.span.start as usize..piece.span.end as usize]);
        }
        let (again, _) = read(&other);
        if again.diagnostics.is_empty() {
            let formatted = twice(&other)?;
            prop_assert!(formatted.lines().all(|line| line == line.trim_end()));
        }
    }

    /// Comments may stand anywhere.
    #[test]
    fn comments_anywhere(text in flow(), places in prop::collection::vec((0..4000usize, 0..4usize), 1..12)) {
        const COMMENTS: [&str; 4] = [" // why\n", "\n// alone\n", "\n\n/// documents\n", " // é ü\n\n"];
        let (_, layout) = read(text);
        let mut places: Vec<(usize, usize)> =
            places.into_iter().map(|(at, kind)| (at % layout.pieces.len(), kind)).collect();
        places.sort_unstable();
        let mut other = text.clone();
        for (at, kind) in places.into_iter().rev() {
            other.insert_str(layout.pieces[at].span.start as usize, COMMENTS[kind]);
        }
        let formatted = twice(&other)?;
        for word in ["// why", "// alone", "/// documents", "// é ü"] {
            prop_assert_eq!(formatted.matches(word).count(), other.matches(word).count());
        }
    }

    /// A broken item is left alone, and keeps nobody from formatting the rest.
    #[test]
    fn words_left_out(text in flow(), places in prop::collection::vec(0..4000usize, 1..4)) {
        let (_, layout) = read(text);
        let mut places: Vec<usize> = places.into_iter().map(|at| at % layout.pieces.len()).collect();
        places.sort_unstable();
        places.dedup();
        let mut other = text.clone();
        for at in places.into_iter().rev() {
            let span = layout.pieces[at].span;
            other.replace_range(span.start as usize..span.end as usize, "");
        }
        twice(&other)?;
    }

    #[test]
    fn bytes_left_out(text in flow(), from in 0..100_000usize, length in 1..40usize) {
        let mut from = from % text.len();
        while !text.is_char_boundary(from) { from -= 1; }
        let mut to = (from + length).min(text.len());
        while !text.is_char_boundary(to) { to -= 1; }
        let mut other = text.clone();
        other.replace_range(from..to, "");
        twice(&other)?;
    }

    /// Nothing that reads like a flow at all.
    #[test]
    fn any_signs(text in "([a-z]{1,6}|[{}()\\[\\],:;\"#*/\\-> \n\r\t.?]|flow |menu |press |say |-> |// x\n|é|\u{FEFF}){0,80}") {
        twice(&text)?;
    }
}

#[test]
fn line_ends_become_one() {
    for text in FLOWS.iter() {
        let windows = text.replace('\n', "\r\n");
        assert_eq!(format(&windows), format(text));
    }
}
