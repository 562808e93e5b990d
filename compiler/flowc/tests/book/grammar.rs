//! The page of the grammar is the grammar that flowc reads by, without what the reader does with it.
//!
//! `UPDATE_BOOK=1 cargo test -p flowc --test book` writes it anew after the grammar was changed.

use std::fs;
use std::path::Path;

use crate::{read, repository};

const PAGE: &str = "book/src/reference/grammar.md";
const HEAD: &str = "# The grammar

<!-- Written by `UPDATE_BOOK=1 cargo test -p flowc --test book` from the grammar that flowc reads by. -->

LR(1), without conflicts and without precedence declarations. Words in quotes stand as they are; `X,+` is a list with
commas, `X,*` may be empty and may end in a comma; `?`, `*` and `+` are may, any number of, at least one; `()` is
nothing at all. Which clause fits which kind, and that statements come first, is checked afterwards, with messages that know
the kind.

";
const FOOT: &str = "
A `Name` is any word but the hard ones, a `Path` names with dots between. `Int`, `Text`, `Duration`, `Date`, `Time`,
`DateTime` and `Percent` are the literals of [Words and signs](lexical.md), as are `INT`, `DECIMAL` and `STR` where the
number or text means something else. `NAME` is any word that may be a name where it stands, `IDENT`
one that is no word of the language.

## Words of one shape

| class | words |
|---|---|
";

/// The end of what begins with the bracket at the start of `text`: brackets of that kind pair, quotes are skipped.
fn close(text: &str, open: char, shut: char) -> usize {
    let mut depth = 0;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            c if c == open => depth += 1,
            c if c == shut => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    panic!("`{open}` is not closed: {text}");
}

/// The parts of `text` between commas that stand in no brackets and no quotes.
fn alternatives(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut depth, mut quoted, mut start) = (0, false, 0);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '{' | '[' | '<' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            '>' if before != '=' && before != '-' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    out.push(&text[start..]);
    out.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The symbols of an alternative, without names, places and what is made of them.
fn symbols(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("=>") {
            break;
        }
        let used = match c {
            '"' => {
                let end = rest[1..].find('"').expect("a closing quote") + 2;
                let word = &rest[1..end - 1];
                let is_class = word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase());
                out.push_str(if is_class { word } else { &rest[..end] });
                end
            }
            '<' => {
                let end = close(rest, '<', '>');
                let inner = &rest[1..end];
                let at = out.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
                match &out[at..] {
                    "" => {
                        let inner = inner.strip_prefix("mut ").unwrap_or(inner);
                        let name = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(0);
                        let named = inner[name..].starts_with(':');
                        let inner = if named { &inner[name + 1..] } else { inner };
                        if !inner.starts_with('@') {
                            out.push_str(&symbols(inner));
                        }
                    }
                    list => {
                        let after = match list {
                            "Sep" => ",+",
                            "List" => ",*",
                            _ => "",
                        };
                        out.truncate(at);
                        out.push_str(&symbols(inner));
                        out.push_str(after);
                    }
                }
                end + 1
            }
            c => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[used..];
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")")
}

/// The rules of the grammar, in their order.
fn rules(grammar: &str) -> String {
    let (_, text) = grammar.split_once("\nItem: ").expect("the first rule");
    let text: String = ["Item: ", text].concat();
    let lines = text.lines().filter(|line| !line.starts_with("//") && !line.starts_with("#["));
    let mut out = String::new();
    let mut rule = String::new();
    for line in lines.map(|line| if line.trim_start().starts_with("//") { "" } else { line }) {
        rule.push_str(line);
        rule.push('\n');
        let whole = rule.trim();
        let is_whole = whole.ends_with("};") && line == "};"
            || whole.ends_with(';') && !whole.contains("= {\n")
            || whole.ends_with("};") && !whole.contains('\n');
        if !is_whole {
            continue;
        }
        let (name, body) = whole.split_once(" =").expect("a rule");
        let name = name.split(':').next().expect("a name");
        let body = body.trim_end_matches(';').trim();
        let inner = body.strip_prefix('{').and_then(|body| body.strip_suffix('}'));
        let forms: Vec<String> = match inner {
            Some(inner) => alternatives(inner).into_iter().map(symbols).collect(),
            None => vec![symbols(body)],
        };
        let one_line = format!("{name} = {}", forms.join(" | "));
        if one_line.len() <= 110 {
            out.push_str(&one_line);
        } else {
            out.push_str(&format!("{name} =\n    {}", forms.join("\n  | ")));
        }
        out.push('\n');
        rule.clear();
    }
    assert!(rule.trim().is_empty(), "a rule is not whole: {rule}");
    out
}

/// The words of the classes of tokens, as the lexer has them.
fn classes(grammar: &str, lexer: &str) -> String {
    let mut out = String::new();
    for line in grammar.lines() {
        let Some((class, token)) = line.trim().split_once(" => Tok::") else { continue };
        let (class, token) = (class.trim_matches('"'), token.trim_end_matches(','));
        if class == "STR" || !class.chars().all(|c| c.is_ascii_uppercase()) {
            continue;
        }
        let (_, words) = lexer.split_once("// Classes:").expect("the classes");
        let Some((before, _)) = words.split_once(&format!("\n    {token},")) else { continue };
        let own = before.rsplit(",\n").next().expect("the words before");
        let words: Vec<String> = own
            .lines()
            .filter_map(|line| {
                Some(format!("`{}`", line.trim().strip_prefix("#[token(\"")?.strip_suffix("\")]")?))
            })
            .collect();
        if !words.is_empty() {
            out.push_str(&format!("| `{class}` | {} |\n", words.join(" ")));
        }
    }
    out
}

fn page() -> String {
    let source = |path: &str| fs::read_to_string(repository().join(path)).expect("a source file");
    let grammar = source("compiler/flow-syntax/src/grammar.lalrpop");
    let classes = classes(&grammar, &source("compiler/flow-syntax/src/tok.rs"));
    format!("{HEAD}```text\n{}```\n{FOOT}{classes}", rules(&grammar))
}

#[test]
fn the_page_of_the_grammar_is_the_grammar() {
    let page = page();
    if std::env::var_os("UPDATE_BOOK").is_some() {
        fs::write(repository().join(PAGE), &page).expect("the book can be written");
    }
    assert_eq!(read(Path::new(PAGE)), page, "UPDATE_BOOK=1 writes it anew");
}
