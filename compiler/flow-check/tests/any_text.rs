//! Whatever is written, the checker answers: it never panics and never runs away.

mod common;

use common::check_text;
use proptest::prelude::*;

const SUPPORT: &str = include_str!("good/support.flow");
const CLINIC: &str = include_str!("good/clinic.flow");

/// Words and signs of a source, spaces dropped.
fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut quoted = false;
    let mut word = String::new();
    for c in text.lines().filter(|l| !l.trim_start().starts_with("//")).flat_map(|l| l.chars().chain(['\n']))
    {
        quoted ^= c == '"';
        let ends = !quoted && (c.is_whitespace() || "{}(),".contains(c));
        if ends {
            if !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            if !c.is_whitespace() {
                out.push(c.to_string());
            }
        } else {
            word.push(c);
        }
    }
    out
}

fn checked(text: &str) {
    let answer = check_text(text);
    let wrong = answer.all().iter().any(|d| d.severity == flow_diagnostics::Severity::Error);
    assert!(wrong || answer.checked.program.is_some());
    // Rendering slices the source at every span that is mentioned.
    answer.text();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_flow_with_words_changed_is_answered(
        base in prop::sample::select(vec![SUPPORT, CLINIC]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..4), 1..12),
    ) {
        let mut words = words(base);
        for (at, from, how) in changes {
            if words.is_empty() { break }
            let (at, from) = (at.index(words.len()), from.index(words.len()));
            match how {
                0 => { words.remove(at); }
                1 => { let word = words[from].clone(); words.insert(at, word); }
                2 => words.swap(at, from),
                _ => words[at] = words[from].clone(),
            }
        }
        checked(&words.join(" "));
    }

    #[test]
    fn a_flow_with_a_piece_cut_out_is_answered(
        base in prop::sample::select(vec![SUPPORT, CLINIC]),
        from in any::<prop::sample::Index>(),
        length in 1usize..400,
    ) {
        let start = from.index(base.len());
        let end = (start + length).min(base.len());
        let text: String = base.char_indices().filter(|(i, _)| *i < start || *i >= end).map(|(_, c)| c).collect();
        checked(&text);
    }
}

#[test]
fn deep_and_wide_sources_are_answered() {
    let deep = format!("flow main {{ step a {{ let x = {}1{}  -> a }} }}", "(".repeat(200), ")".repeat(200));
    checked(&deep);
    let chain =
        format!("flow main {{ route a {{ when {}true -> a  otherwise -> a }} }}", "true and ".repeat(200));
    checked(&chain);
    let bodies = format!("flow main {{ step a {} -> a {} }}", "{ when true ".repeat(100), "}".repeat(100));
    checked(&bodies);
    let keys: String = (0..2_000).map(|i| format!("press {i} for \"x\" -> a\n")).collect();
    checked(&format!("flow main {{ menu a {{ {keys} on no_input, no_match -> a }} }}"));
    let blocks: String =
        (0..3_000).map(|i| format!("step b{i} {{ -> b{} }}\n", (i * 7 + 1) % 3_000)).collect();
    checked(&format!("flow main {{ {blocks} }}"));
    let days: String = (0..500).map(|_| "closed 2026-01-01 to 2035-12-31\n").collect();
    checked(&format!("calendar c {{ {days} open 2026-05-01 08:00..09:00 }}"));
}
