//! What the reference says in tables is what the source says: the block kinds, the sizes, the words of the
//! grammar.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flow_check::kinds::KINDS;

use crate::{pages, read, repository};

/// The rows of the page of sizes, with the file and the constant where each number stands.
const SIZES: &[(&str, &str, &str)] = &[
    ("bytes of a file", "compiler/flow-syntax/src/parse.rs", "MAX_BYTES"),
    ("messages about a file", "compiler/flow-syntax/src/parse.rs", "MAX_DIAGNOSTICS"),
    ("files of a project", "compiler/flow-project/src/modules.rs", "MOST_FILES"),
    ("folders within folders", "compiler/flow-project/src/modules.rs", "DEEPEST"),
    ("texts within holes of texts", "compiler/flow-syntax/src/text_to_tokens.rs", "MAX_TEXT_NESTING"),
    ("keys in a row", "compiler/flow-syntax/src/literals.rs", "MAX_KEYS"),
    ("expressions within expressions", "compiler/flow-check/src/expressions.rs", "DEEPEST"),
    ("bodies within bodies", "compiler/flow-check/src/endings.rs", "DEEPEST_BODY"),
    ("languages of a flow", "compiler/flow-check/src/flows.rs", "MOST_LANGUAGES"),
    (
        "pieces of a text, or of a prompt with all that it speaks",
        "compiler/flow-check/src/written_out.rs",
        "MOST_PIECES",
    ),
    ("decisions and prompts within prompts", "compiler/flow-check/src/written_out.rs", "MOST_SPEECH_DEPTH"),
    (
        "fields of a record, with those of the records in it",
        "compiler/flow-check/src/written_out.rs",
        "MOST_FIELDS",
    ),
    ("records within records", "compiler/flow-check/src/written_out.rs", "MOST_TYPE_DEPTH"),
    ("variants of an enum", "compiler/flow-check/src/written_out.rs", "MOST_VARIANTS"),
    ("calls of functions that one function leads to", "compiler/flow-check/src/written_out.rs", "MOST_CALLS"),
    ("functions that are under way at once", "compiler/flow-check/src/written_out.rs", "MOST_CALL_DEPTH"),
    ("flows that run each other", "compiler/flow-check/src/written_out.rs", "MOST_RUN_DEPTH"),
    ("variants taken by key", "compiler/flow-check/src/forms.rs", "MOST_VARIANTS"),
    ("assists of a block", "compiler/flow-check/src/talks.rs", "MOST_ASSISTS"),
    ("milliseconds that a service may take", "compiler/flow-check/src/services.rs", "LONGEST_MILLIS"),
    ("rows of a table", "compiler/flow-check/src/tables.rs", "MOST_ROWS"),
    ("values that a flow keeps at once", "compiler/flow-lower/src/assembler.rs", "MOST_REGISTERS"),
    (
        "sentences of a program, and things of any other sort",
        "compiler/flow-lower/src/tables.rs",
        "MOST_ENTRIES",
    ),
    ("bytes of one text", "vm/flow-bytecode/src/limits.rs", "TEXT_BYTES"),
    ("people in a room", "vm/flow-switch/src/effects/conference.rs", "GREATEST_ROOM"),
    ("marks of a call", "vm/flow-switch/src/effects/instant.rs", "GREATEST_MARKS"),
    ("callbacks promised at once", "vm/flow-switch/src/callbacks.rs", "GREATEST_CALLBACKS"),
    ("campaigns at once", "vm/flow-switch/src/campaigns.rs", "GREATEST_RUNS"),
    ("rows of a campaign", "vm/flow-switch/src/campaigns.rs", "GREATEST_ROWS"),
    ("keys that limits count at once", "vm/flow-switch/src/limits.rs", "GREATEST_KEYS"),
    ("phones that ring at once for one caller of a queue", "vm/flow-switch/src/agents.rs", "MOST_RUNG"),
    ("deliveries at once", "vm/flow-server/src/outbox.rs", "AT_ONCE"),
    ("deliveries at once to one destination", "vm/flow-server/src/outbox.rs", "AT_ONE_DESTINATION"),
    ("call records that wait for a disk", "vm/flow-server/src/records.rs", "WAITING"),
    (
        "days that what is over is kept, unless `[run] keep` says otherwise",
        "vm/flow-server/src/records/keep.rs",
        "USUAL_DAYS",
    ),
];

/// The value of a constant as it stands in a file: a number, or one shifted by another.
fn constant(file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(repository().join(file)).expect("a source file");
    let (_, after) = text.split_once(&format!("const {name}: ")).unwrap_or_else(|| panic!("{file}: {name}"));
    let (_, value) = after.split_once("= ").expect("a value");
    let (value, _) = value.split_once(';').expect("its end");
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>().expect("a number");
    match value.split_once("<<") {
        Some((number_of, by)) => number(number_of) << number(by),
        None => number(value),
    }
}

/// The cells of the rows of a table whose first cell is not empty or a line.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let lines = page.lines().filter(|line| line.starts_with("| ") && line.ends_with(" |"));
    lines.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

#[test]
fn the_sizes_are_those_of_the_source() {
    let page = read(Path::new("book/src/reference/sizes.md"));
    let shown: Vec<(&str, u64)> = rows(&page)
        .into_iter()
        .skip(1)
        .map(|row| (row[0], row[1].replace(',', "").parse().expect("a number")))
        .collect();
    let kept: Vec<(&str, u64)> =
        SIZES.iter().map(|(what, file, name)| (*what, constant(file, name))).collect();
    assert_eq!(shown, kept);
}

/// The words between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_page_of_kinds_is_the_table_of_kinds() {
    let page = read(Path::new("book/src/reference/kinds.md"));
    let sections: Vec<(&str, &str)> = page
        .split("\n## `")
        .skip(1)
        .map(|section| section.split_once("`\n").expect("a heading of one word"))
        .collect();
    let words: Vec<&str> = KINDS.iter().map(|kind| kind.word).collect();
    assert_eq!(sections.iter().map(|section| section.0).collect::<Vec<_>>(), words);
    for (kind, (word, section)) in KINDS.iter().zip(sections) {
        let table = rows(section).into_iter().nth(1).unwrap_or_else(|| panic!("{word} has no table"));
        // `**speech**` and `**exit**` are no words that are written.
        let plain: BTreeSet<&str> = quoted(table[0])
            .into_iter()
            .chain(["speech", "exit"].into_iter().filter(|word| table[0].contains(&format!("**{word}**"))))
            .collect();
        let clauses: BTreeSet<&str> = kind.required.iter().chain(kind.optional).copied().collect();
        assert_eq!(plain, clauses, "the clauses of `{word}`");
        let shown: BTreeSet<&str> = quoted(table[1])
            .into_iter()
            .map(|outcome| outcome.split('(').next().unwrap_or(outcome))
            .filter(|outcome| !["check", "confirm", "during", "questions LIST"].contains(outcome))
            .collect();
        assert_eq!(shown, kind.outcomes.iter().copied().collect(), "the outcomes of `{word}`");
        assert!(section.contains("wrong=F"), "`{word}` shows nothing wrong");
    }
}

#[test]
fn every_word_of_the_grammar_is_in_the_reference() {
    let grammar = fs::read_to_string(repository().join("compiler/flow-syntax/src/grammar.lalrpop"))
        .expect("the grammar");
    let reference: String = pages()
        .iter()
        .filter(|page| page.starts_with("book/src/reference") && !page.ends_with("grammar.md"))
        .map(|page| read(page))
        .collect();
    let written: BTreeSet<&str> = reference.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let (_, table) = grammar.split_once("enum Tok {").expect("the table of tokens");
    let (table, _) = table.split_once("\n    }").expect("its end");
    let words: Vec<&str> = table
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next())
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '_') && *word != "_")
        .collect();
    assert!(words.len() > 100, "the words were not found");
    let missing: Vec<&&str> = words.iter().filter(|word| !written.contains(**word)).collect();
    assert!(missing.is_empty(), "the reference does not have {missing:?}");
}
