//! Which of the checker's complaints stand although something in the project could not be read.
//!
//! The parser leaves out what it cannot read and gives the checker the rest. A name may have been declared in
//! what was left out, and a block that lost a line may lack just that line; complaints of that sort would send
//! the reader after mistakes that are not there. So the rule goes by place: in the same line nothing more is
//! said, in the same block only unknown names, in the same flow nothing that looks at the flow as a whole, and
//! everywhere else everything. A name is not called unknown where the text that was lost has a word like it.
//! Warnings wait until everything can be read. This module asks where things are and never what they mean.

use std::collections::BTreeSet;

use flow_diagnostics::{Code, Diagnostic, Location, Severity, SourceMap, Span};
use flow_syntax::ast::{FlowPart, Item, ItemKind};

use crate::modules::ParsedModule;

/// What could not be read, and where.
pub struct Torn<'a> {
    sources: &'a SourceMap,
    /// By start: lines with a syntax error, and what was left out beside them.
    lost: Vec<Location>,
    /// By start: the blocks, and items without blocks, that something is missing from.
    blocks: Vec<Location>,
    /// By start: the items that something is missing from.
    items: Vec<Location>,
    /// Every word of what was lost.
    words: BTreeSet<&'a str>,
}

impl<'a> Torn<'a> {
    /// Looks at what the parser said.
    pub fn new(sources: &'a SourceMap, parsed: &'a [ParsedModule]) -> Self {
        let mut torn =
            Torn { sources, lost: Vec::new(), blocks: Vec::new(), items: Vec::new(), words: BTreeSet::new() };
        for module in parsed {
            torn.file(module);
        }
        torn.lost.sort_unstable();
        torn.blocks.sort_unstable();
        torn.items.sort_unstable();
        let Torn { lost, words, .. } = &mut torn;
        for place in lost {
            let text = &sources.file(place.file).text[place.span.start as usize..place.span.end as usize];
            words.extend(text_words(text));
        }
        torn
    }

    fn file(&mut self, module: &ParsedModule) {
        let (file, text) = (module.file, &self.sources.file(module.file).text);
        let errors = module.parsed.diagnostics.iter().filter(|said| said.severity == Severity::Error);
        let mut lost: Vec<Span> =
            errors.map(|said| line_of(text, said.primary.location.span.start)).collect();
        lost.extend(&module.parsed.left_out);
        let items = &module.parsed.file.items;
        lost.extend(
            items.iter().filter(|item| matches!(item.kind, ItemKind::Broken { .. })).map(|it| it.span),
        );
        if lost.is_empty() {
            return;
        }
        let lost = apart(lost);
        // A block that belongs to nothing belonged to one of the flows.
        let strays = items.iter().any(|item| matches!(item.kind, ItemKind::Broken { .. }));
        let spans = items.iter().map(|item| item.span);
        self.items.extend(spans.filter(|span| strays || touches(&lost, *span)).map(|span| span.at(file)));
        let blocks = items.iter().flat_map(parts);
        self.blocks.extend(blocks.filter(|span| touches(&lost, *span)).map(|span| span.at(file)));
        self.lost.extend(lost.into_iter().map(|span| span.at(file)));
    }

    /// Whether nothing was lost.
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty()
    }

    /// Whether a complaint of the checker's stands.
    pub fn stands(&self, said: &Diagnostic) -> bool {
        if self.is_whole() {
            return true;
        }
        let place = said.primary.location;
        if said.severity != Severity::Error || is_in(&self.lost, place) {
            return false;
        }
        let unknown = is_unknown_name(said.code);
        if unknown && self.may_be_declared(place) {
            return false;
        }
        if is_in(&self.blocks, place) {
            return unknown;
        }
        !is_in(&self.items, place) || unknown || is_of_one_expression(said.code)
    }

    /// Whether a word of this place stands in what was lost.
    fn may_be_declared(&self, place: Location) -> bool {
        let text = &self.sources.file(place.file).text;
        let text = text.get(place.span.start as usize..place.span.end as usize).unwrap_or_default();
        text_words(text).any(|word| self.words.contains(word))
    }
}

/// Names, modules and members that nothing declares.
fn is_unknown_name(code: Code) -> bool {
    (100..200).contains(&code.0)
}

/// Types and values, which no other line of the flow decides; what blocks are given (F0202, F0203) is decided by
/// two.
fn is_of_one_expression(code: Code) -> bool {
    (204..300).contains(&code.0)
}

/// The blocks of a flow; of any other item the item itself.
fn parts(item: &Item) -> Vec<Span> {
    match &item.kind {
        ItemKind::Flow(flow) => flow
            .parts
            .iter()
            .filter_map(|part| match part {
                FlowPart::Block(block) => Some(block.span),
                _ => None,
            })
            .collect(),
        _ => vec![item.span],
    }
}

/// From the first sign of a byte's line to its end.
fn line_of(text: &str, at: u32) -> Span {
    let at = (at as usize).min(text.len());
    let start = text.as_bytes()[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |before| before + 1);
    let end = text.as_bytes()[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |len| at + len);
    Span::new(start as u32, end as u32)
}

/// The same bytes as spans that are sorted and do not overlap.
fn apart(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut apart: Vec<Span> = Vec::new();
    for span in spans {
        match apart.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => apart.push(span),
        }
    }
    apart
}

/// Whether any of the places, which are sorted and apart, lies in a span at least in part.
fn touches(places: &[Span], span: Span) -> bool {
    let first = places.partition_point(|place| place.end.max(place.start + 1) <= span.start);
    places.get(first).is_some_and(|place| place.start < span.end)
}

/// Whether a complaint begins in one of the places, which are sorted and apart.
fn is_in(places: &[Location], at: Location) -> bool {
    let after = places.partition_point(|place| (place.file, place.span.start) <= (at.file, at.span.start));
    let last = after.checked_sub(1).and_then(|last| places.get(last));
    last.is_some_and(|place| place.file == at.file && at.span.start < place.span.end)
}

fn text_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !(sign.is_alphanumeric() || sign == '_')).filter(|word| !word.is_empty())
}
