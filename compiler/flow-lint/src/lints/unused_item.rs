//! An item that is not public and that nothing in its file names.
//!
//! Asked of the words of the file, not of the checked program: constants and types leave no trace there. A word in
//! a comment or in what is spoken is no use; a word in a hole of a text is.

use std::collections::BTreeMap;

use flow_diagnostics::{Applicability, Diagnostic, Edit, Fix, Span, Symbol};
use flow_syntax::ast::{Item, ItemKind, Name};

use crate::{File, Found, Project, codes};

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    let mut marks = Marks::default();
    let has_numbers = project.program.is_some_and(|program| !program.inbound.is_empty());
    for file in project.own_files() {
        let places = places(project, file, &mut marks);
        let agents: Vec<Span> = file
            .ast
            .items
            .iter()
            .filter(|item| matches!(item.kind, ItemKind::Agent { .. }))
            .map(|item| item.span)
            .collect();
        for item in file.ast.items.iter().filter(|item| !item.public) {
            for (what, name) in names(item) {
                // Without numbers every flow of the main file can be called by its name.
                if what == "flow" && file.is_main && !has_numbers {
                    continue;
                }
                let text = project.interner.name(name.symbol);
                // A variant is a use of its enum.
                let variants: &[_] = match &item.kind {
                    ItemKind::Enum { variants, .. } => variants,
                    _ => &[],
                };
                let symbols = variants.iter().map(|variant| variant.name.symbol).chain([name.symbol]);
                let named = symbols.filter_map(|symbol| places.get(&symbol)).flatten();
                // That somebody has a skill is no use of it.
                let own: &[Span] = if what == "skill" { &agents } else { &[] };
                let elsewhere = |at: u32| !within(at, item.span) && !in_one_of(at, own);
                if named.copied().any(elsewhere) {
                    continue;
                }
                let mut diagnostic = Diagnostic::warning(
                    codes::UNUSED_ITEM,
                    format!("nothing uses the {what} `{text}`"),
                    name.span.at(file.file),
                    "only stands here",
                )
                .with_help("remove it, or use it where it was meant; `public` makes it one for other files");
                if !matches!(item.kind, ItemKind::Skill(_) | ItemKind::Team(_)) {
                    diagnostic = diagnostic.with_fix(removal(file, item, text));
                }
                found.push(diagnostic);
            }
        }
    }
}

/// Whether a place is in one of some spans, which are in order.
fn in_one_of(at: u32, spans: &[Span]) -> bool {
    let before = spans.partition_point(|span| span.start <= at);
    before > 0 && within(at, spans[before - 1])
}

fn within(at: u32, span: Span) -> bool {
    (span.start..span.end).contains(&at)
}

/// The names that an item declares for others, with the item's word. Agents are people, and numbers, tests and the
/// like have no names.
fn names(item: &Item) -> Vec<(&'static str, Name)> {
    match &item.kind {
        ItemKind::Setting { name, .. } => vec![("setting", *name)],
        ItemKind::Switch(name) => vec![("switch", *name)],
        ItemKind::Const { name, .. } => vec![("constant", *name)],
        ItemKind::Enum { name, .. } => vec![("enum", *name)],
        ItemKind::Record { name, .. } => vec![("record", *name)],
        ItemKind::Fn { name, .. } => vec![("function", *name)],
        ItemKind::Prompt { name, .. } => vec![("prompt", *name)],
        ItemKind::Table { name, .. } => vec![("table", *name)],
        ItemKind::Limit { name, .. } => vec![("limit", *name)],
        ItemKind::Queue { name, .. } => vec![("queue", *name)],
        ItemKind::Calendar { name, .. } => vec![("calendar", *name)],
        ItemKind::Holidays { name, .. } => vec![("list of holidays", *name)],
        ItemKind::Service { name, .. } => vec![("service", *name)],
        ItemKind::Flow(flow) => vec![("flow", flow.name)],
        ItemKind::Skill(names) => names.iter().map(|name| ("skill", *name)).collect(),
        ItemKind::Team(names) => names.iter().map(|name| ("team", *name)).collect(),
        _ => Vec::new(),
    }
}

/// Takes an item out with its documentation and its line end.
fn removal(file: &File<'_>, item: &Item, name: &str) -> Fix {
    let text = file.text;
    let mut start = item.span.start as usize;
    let before = file.comments.partition_point(|comment| comment.span.end <= item.span.start);
    for comment in file.comments[..before].iter().rev() {
        let between = text.get(comment.span.end as usize..start).unwrap_or("x");
        let directly = comment.own_line && between.trim().is_empty() && between.matches('\n').count() == 1;
        if !directly {
            break;
        }
        start = comment.span.start as usize;
    }
    let rest = text.get(item.span.end as usize..).unwrap_or("");
    let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
    let end = item.span.end as usize + blank + usize::from(rest[blank..].starts_with('\n'));
    Fix {
        title: format!("remove `{name}`"),
        applicability: Applicability::Unsafe,
        edits: vec![Edit {
            location: Span::new(start as u32, end as u32).at(file.file),
            text: String::new(),
        }],
    }
}

/// Which names are looked for: the number of the search in which a symbol was marked, and what such names look like.
#[derive(Default)]
struct Marks {
    search: u32,
    marked: Vec<u32>,
    /// By first letter, the lengths (up to 63) of the names of this search: most words are none of them.
    lengths: Vec<u64>,
}

impl Marks {
    fn begin(&mut self) {
        self.search += 1;
        self.lengths.clear();
        self.lengths.resize(128, 0);
    }

    fn mark(&mut self, symbol: Symbol, text: &str) {
        let at = symbol.0 as usize;
        if self.marked.len() <= at {
            self.marked.resize(at + 1, 0);
        }
        self.marked[at] = self.search;
        if let Some(lengths) = text.bytes().next().and_then(|first| self.lengths.get_mut(usize::from(first)))
        {
            *lengths |= 1 << text.len().min(63);
        }
    }

    fn may_be(&self, word: &[u8]) -> bool {
        self.lengths[usize::from(word[0] & 127)] >> word.len().min(63) & 1 == 1
    }

    fn is_marked(&self, symbol: Symbol) -> bool {
        self.marked.get(symbol.0 as usize) == Some(&self.search)
    }
}

/// What a byte is to the search, by which long stretches are skipped.
const OTHER: u8 = 0;
const WORD: u8 = 1;
const DIGIT: u8 = 2;
const SIGN: u8 = 3;
const SORTS: [u8; 256] = {
    let mut sorts = [OTHER; 256];
    let mut byte = 0;
    while byte < 128 {
        let it = byte as u8;
        sorts[byte] = match it {
            b'_' => WORD,
            b'\n' | b'"' | b'{' | b'}' | b'\\' => SIGN,
            _ if it.is_ascii_alphabetic() => WORD,
            _ if it.is_ascii_digit() => DIGIT,
            _ => OTHER,
        };
        byte += 1;
    }
    sorts
};

/// Where the names of a file's items stand in it, outside of comments and of what is spoken, in order.
fn places(project: &Project<'_>, file: &File<'_>, marks: &mut Marks) -> BTreeMap<Symbol, Vec<u32>> {
    marks.begin();
    let private = file.ast.items.iter().filter(|item| !item.public);
    private.flat_map(names).for_each(|(_, name)| marks.mark(name.symbol, project.interner.name(name.symbol)));
    let mut search = Search { project, file, marks, places: BTreeMap::new(), depth: 0 };
    let mut at = 0;
    for comment in file.comments {
        search.look(at, comment.span.start as usize);
        at = at.max(comment.span.end as usize);
    }
    search.look(at, file.text.len());
    search.places
}

struct Search<'p> {
    project: &'p Project<'p>,
    file: &'p File<'p>,
    marks: &'p Marks,
    places: BTreeMap<Symbol, Vec<u32>>,
    /// Even: in code; odd: in a text. A hole in a text is code again.
    depth: usize,
}

impl Search<'_> {
    /// Looks through a part of the text that has no comments.
    fn look(&mut self, mut at: usize, end: usize) {
        let text = self.file.text;
        let bytes = &text.as_bytes()[..end.min(text.len())];
        let sort = |at: usize| bytes.get(at).map(|byte| SORTS[usize::from(*byte)]);
        loop {
            let in_text = self.depth % 2 == 1;
            // In a text only signs matter; elsewhere words as well.
            match in_text {
                true => {
                    while matches!(sort(at), Some(OTHER | WORD | DIGIT)) {
                        at += 1;
                    }
                }
                false => {
                    while matches!(sort(at), Some(OTHER | DIGIT)) {
                        at += 1;
                    }
                }
            }
            match sort(at) {
                None => return,
                Some(WORD) => {
                    let begin = at;
                    while matches!(sort(at), Some(WORD | DIGIT)) {
                        at += 1;
                    }
                    if self.marks.may_be(&bytes[begin..at]) {
                        let symbol = self.project.interner.get(&text[begin..at]);
                        if let Some(symbol) = symbol.filter(|symbol| self.marks.is_marked(*symbol)) {
                            self.places.entry(symbol).or_default().push(begin as u32);
                        }
                    }
                    continue;
                }
                Some(_) => match bytes[at] {
                    // A text never leaves its line.
                    b'\n' => self.depth = 0,
                    b'"' if in_text => self.depth -= 1,
                    b'"' => self.depth += 1,
                    b'\\' if in_text => at += 1,
                    b'{' if in_text && bytes.get(at + 1) == Some(&b'{') => at += 1,
                    b'{' if in_text => self.depth += 1,
                    b'}' if !in_text && self.depth > 0 => self.depth -= 1,
                    _ => {}
                },
            }
            at += 1;
        }
    }
}
