//! What the grammar would have taken, in people's words.

use crate::words::HARD;

/// Names of the grammar's terminals as LALRPOP gives them, without their quotes.
pub(crate) struct Expected<'a> {
    names: Vec<&'a str>,
}

/// Signs and words that join two values: after a value they are always possible, so they say nothing.
const OPERATORS: [&str; 21] = [
    "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "is", "in", "and", "or", ".", "?.", "(",
    "else", "..", "to",
];

/// More names than these are not listed.
const MOST: usize = 6;

impl<'a> Expected<'a> {
    pub(crate) fn new(names: &'a [String]) -> Self {
        Self { names: names.iter().map(|name| name.trim_matches('"')).collect() }
    }

    /// Where a name may stand, so may every word but the hard ones.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(&name) || (self.names.contains(&"NAME") && may_be_name(name))
    }

    /// Whether a value may stand here.
    pub(crate) fn value(&self) -> bool {
        self.has("INT") && self.has("true")
    }

    /// Whether a name may stand here, and no other value.
    pub(crate) fn name_only(&self) -> bool {
        self.has("IDENT") && self.has("KIND") && !self.has("true")
    }

    /// Whether the clause before may be whole.
    pub(crate) fn clause(&self) -> bool {
        self.has("say") && self.has("press") && self.has("take") && !self.has("IDENT")
    }

    /// `a value`, `a name or `}``; `None` when a list would not help.
    pub(crate) fn in_words(&self) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        let mut say = |word: &str| {
            if !words.iter().any(|other| other == word) {
                words.push(word.to_owned());
            }
        };
        let value = self.value();
        let any_word = self.has("IDENT") && self.has("KIND") && self.has("public");
        if value {
            say("a value");
        } else if any_word {
            say("a name");
        }
        let key = self.has("#") && !value;
        if key {
            say("a key like `1`, `12`, `*` or `#`");
        }
        let clause = self.clause();
        if clause {
            say("another clause");
        }
        let others = self.names.iter().filter(|name| !OPERATORS.contains(name)).count();
        for name in &self.names {
            if OPERATORS.contains(name) && (others > 0 || value) {
                continue;
            }
            let contextual = name.starts_with(|c: char| c.is_ascii_lowercase());
            match *name {
                "NAME" => {}
                "IDENT" if any_word || value => {}
                "IDENT" => say("a name"),
                "INT" | "DECIMAL" | "PERCENT" | "DURATION" | "DATE" | "TIME" | "DATETIME" | "STR" | "["
                | "_" | "#"
                    if value => {}
                "INT" | "STR" | "#" if key => {}
                "INT" => say("a number"),
                "DECIMAL" => say("a number like `0.5`"),
                "PERCENT" => say("a share like `30%`"),
                "DURATION" => say("a time span like `20s`"),
                "DATE" => say("a date like `2026-12-24`"),
                "TIME" => say("a time like `08:30`"),
                "DATETIME" => say("a moment like `2026-03-03T12:00`"),
                "STR" => say("a text in quotes"),
                "DAY" | "MONTH" | "ORD" if any_word || value => {}
                "DAY" => say("a weekday like `mon`"),
                "MONTH" => say("a month like `jan`"),
                "ORD" => say("`first` to `fifth` or `last`"),
                "KVERB" | "KSTATE" | "KIND" | "KDUR" | "KINT" | "KEXPR" | "KSPOKEN" | "METHOD"
                    if any_word || value || clause => {}
                "KVERB" => ["`enters`", "`says`", "`hears`"].into_iter().for_each(&mut say),
                "KSTATE" => ["`ready`", "`busy`", "`away`"].into_iter().for_each(&mut say),
                "METHOD" => ["`get`", "`post`", "`put`", "`delete`"].into_iter().for_each(&mut say),
                "KIND" => say("a block kind like `menu`"),
                "KDUR" | "KINT" | "KEXPR" | "KSPOKEN" => say("a clause"),
                "start item" | "start hole" => {}
                _ if contextual && (any_word || value || clause) => {}
                "->" => say("`->` and a place to go"),
                sign => say(&format!("`{sign}`")),
            }
        }
        if words.is_empty() || words.len() > MOST {
            return None;
        }
        let last = words.pop()?;
        Some(if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) })
    }
}

/// Whether a terminal of the grammar is a word that may be a name.
fn may_be_name(terminal: &str) -> bool {
    const CLASSES: [&str; 12] = [
        "IDENT", "KIND", "KDUR", "KINT", "KEXPR", "KSPOKEN", "METHOD", "KSTATE", "KVERB", "DAY", "MONTH",
        "ORD",
    ];
    CLASSES.contains(&terminal)
        || (terminal.starts_with(|c: char| c.is_ascii_lowercase()) && !HARD.contains(&terminal))
}
