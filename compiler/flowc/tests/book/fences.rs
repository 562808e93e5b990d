//! The fenced blocks of a page, and the words after a fence by which a page says what its block is for.
//!
//! It knows how pages are written, not what the blocks mean.

use std::collections::BTreeMap;

/// A fenced block: the line it begins in, the words after the fence, and its text.
pub struct Fence {
    pub line: usize,
    pub tags: String,
    pub text: String,
}

/// What a page says of a flow that it shows.
#[derive(Debug, PartialEq, Eq)]
pub struct Claim {
    /// The one code that it gives, or none.
    pub wrong: Option<String>,
    /// The context that it stands in, if it is a part of a file.
    pub fragment: Option<String>,
    /// The name that readers save it under.
    pub file: Option<String>,
    /// It is itself a context of fragments.
    pub context: Option<String>,
}

pub fn fences(page: &str) -> Vec<Fence> {
    let mut found: Vec<Fence> = Vec::new();
    let mut open = false;
    for (number, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(tags), false) => {
                found.push(Fence { line: number + 1, tags: tags.trim().to_owned(), text: String::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                let fence = found.last_mut().expect("a fence is open");
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (None, false) => {}
        }
    }
    assert!(!open, "a fence is not closed");
    found
}

impl Fence {
    /// The name under which the block is saved by readers, whatever language it is in.
    pub fn file(&self) -> Option<&str> {
        self.tags.split(',').find_map(|tag| tag.strip_prefix("file="))
    }

    /// What the words after a `flow` fence say; `None` for fences of other languages, and an error for words
    /// that name our language in a way that nobody tests.
    pub fn claim(&self) -> Option<Result<Claim, String>> {
        let mut tags = self.tags.split(',');
        if tags.next() != Some("flow") {
            return self.tags.starts_with("flow").then(|| Err(format!("`{}` means nothing", self.tags)));
        }
        let mut claim = Claim { wrong: None, fragment: None, file: None, context: None };
        for tag in tags {
            let (place, value) = match tag.split_once('=') {
                Some(("wrong", value)) if is_code(value) => (&mut claim.wrong, value),
                Some(("fragment", value)) => (&mut claim.fragment, value),
                Some(("file", value)) => (&mut claim.file, value),
                Some(("context", value)) => (&mut claim.context, value),
                _ if tag.starts_with("wrong") => {
                    return Some(Err("say which code: `flow,wrong=F0301`".into()));
                }
                _ => return Some(Err(format!("`{tag}` means nothing"))),
            };
            if place.replace(value.to_owned()).is_some() {
                return Some(Err(format!("`{tag}` is said twice")));
            }
        }
        Some(Ok(claim))
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 5 && text.starts_with('F') && text[1..].bytes().all(|b| b.is_ascii_digit())
}

/// The files that fragments stand in, as a page of the book shows them to readers.
pub struct Contexts(BTreeMap<String, String>);

/// The line of a context in whose place the fragment stands.
const HOLE: &str = "// the example";
/// The name that stands for the first block of the fragment.
const FIRST: &str = "the_example";

impl Contexts {
    /// The contexts of a page.
    pub fn of(page: &str) -> Contexts {
        let named = fences(page).into_iter().filter_map(|fence| {
            let claim = fence.claim()?.ok()?;
            Some((claim.context?, fence.text))
        });
        Contexts(named.collect())
    }

    /// The whole file of a fragment, and how many of its lines stand before the fragment's first.
    pub fn whole(&self, context: &str, fragment: &str) -> Result<(String, usize), String> {
        let frame = self.0.get(context).ok_or_else(|| format!("there is no context `{context}`"))?;
        let (before, after) = frame
            .split_once(&format!("{HOLE}\n"))
            .ok_or_else(|| format!("the context `{context}` has no line `{HOLE}`"))?;
        let first = fragment.split_whitespace().nth(1).unwrap_or_default();
        let first: String = first.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let before = before.replace(FIRST, &first);
        let lines = before.lines().count();
        Ok((format!("{before}{fragment}{after}"), lines))
    }
}

#[test]
fn a_fence_says_what_its_block_is_for() {
    let claim = |tags: &str| Fence { line: 1, tags: tags.into(), text: String::new() }.claim();
    let wrong = claim("flow,fragment=blocks,wrong=F0301").expect("ours").expect("known");
    assert_eq!(wrong.wrong.as_deref(), Some("F0301"));
    assert_eq!(wrong.fragment.as_deref(), Some("blocks"));
    assert!(claim("text").is_none());
    for refused in ["flow,wrong", "flow,wrong=301", "flow,right", "flowc", "flow,file=a,file=b"] {
        assert!(claim(refused).is_some_and(|read| read.is_err()), "{refused}");
    }
}

#[test]
fn a_fragment_stands_where_its_context_says() {
    let contexts = Contexts::of("```flow,context=blocks\n-> the_example\n// the example\nend\n```\n");
    let (whole, before) = contexts.whole("blocks", "menu main {}\n").expect("a context");
    assert_eq!(whole.lines().collect::<Vec<_>>(), ["-> main", "menu main {}", "end"]);
    assert_eq!(whole.lines().nth(before), Some("menu main {}"));
    assert!(contexts.whole("items", "").is_err());
}
