//! What the checked program does not keep, because no call needs it: labels of choices and documentation, found
//! in the syntax tree by their places.

use std::collections::BTreeMap;

use flow_diagnostics::{FileId, Interner, Location, SourceMap};
use flow_syntax::ast::{
    Body, Choice, ElementKind, Flow, FlowPart, Go, ItemKind, Label, LabelWord, Name, Statement, TextLiteral,
    TextPart, Timely,
};

use super::places::one_line;

/// How deep bodies are followed; the parser allows no more.
const DEEPEST: usize = 256;

/// Labels and documentation of a project's files.
#[derive(Debug, Default)]
pub(crate) struct Written {
    labels: BTreeMap<Location, (LabelWord, String)>,
    docs: BTreeMap<Location, String>,
    /// `//!` of each file.
    files: BTreeMap<FileId, String>,
    /// Arms and choices of flows, in order: they do not overlap.
    of_flows: Vec<Location>,
}

impl Written {
    /// Reads all flow files again.
    pub(crate) fn of(sources: &SourceMap, language: &str) -> Self {
        let mut written = Self::default();
        for (file, source) in sources.iter().filter(|(_, source)| source.path.ends_with(".flow")) {
            let mut interner = Interner::default();
            let parsed = flow_syntax::parse(file, &source.text, &mut interner);
            if let Some(doc) = &parsed.file.doc {
                written.files.insert(file, doc.to_string());
            }
            let mut reader = Reader { written: &mut written, sources, interner, file, language };
            for item in &parsed.file.items {
                reader.item(item);
            }
        }
        written.of_flows.sort_unstable();
        written
    }

    /// What a choice is called, by its place, and whether it is `for` that or `to` do that.
    pub(crate) fn label(&self, at: Location) -> Option<&(LabelWord, String)> {
        self.labels.get(&at)
    }

    /// What `///` says of the item or block whose name is there.
    pub(crate) fn doc(&self, at: Location) -> Option<&str> {
        self.docs.get(&at).map(String::as_str)
    }

    /// Whether an exit stands in an arm or choice of a flow, not of a block.
    pub(crate) fn of_flow(&self, exit: Location) -> bool {
        let before =
            self.of_flows.partition_point(|arm| (arm.file, arm.span.start) <= (exit.file, exit.span.start));
        before
            .checked_sub(1)
            .and_then(|index| self.of_flows.get(index))
            .is_some_and(|arm| arm.file == exit.file && exit.span.end <= arm.span.end)
    }

    /// What `//!` says at the top of a file.
    pub(crate) fn file_doc(&self, file: FileId) -> Option<&str> {
        self.files.get(&file).map(String::as_str)
    }
}

struct Reader<'a> {
    written: &'a mut Written,
    sources: &'a SourceMap,
    interner: Interner,
    file: FileId,
    language: &'a str,
}

impl Reader<'_> {
    fn item(&mut self, item: &flow_syntax::ast::Item) {
        if let Some(name) = item.name() {
            self.doc(name, item.doc.as_deref());
        }
        if let ItemKind::Flow(flow) = &item.kind {
            self.flow(flow);
        }
    }

    fn flow(&mut self, flow: &Flow) {
        for part in &flow.parts {
            match part {
                FlowPart::Choice(choice) => {
                    self.written.of_flows.push(choice.span.at(self.file));
                    self.choice(choice, 0);
                }
                FlowPart::Block(block) => {
                    self.doc(block.name, block.doc.as_deref());
                    self.body(&block.body, 0);
                }
                FlowPart::Arm(arm) => {
                    self.written.of_flows.push(arm.span.at(self.file));
                    self.go(&arm.go, 0);
                }
                FlowPart::Speaks(_) | FlowPart::State { .. } => {}
            }
        }
    }

    fn doc(&mut self, name: Name, doc: Option<&str>) {
        if let Some(doc) = doc {
            self.written.docs.insert(name.span.at(self.file), doc.to_owned());
        }
    }

    fn body(&mut self, body: &Body, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for element in &body.elements {
            match &element.kind {
                ElementKind::Choice(choice) => self.choice(choice, depth),
                ElementKind::Timed(timed) => {
                    if let Timely::Choice(choice) = &timed.what {
                        self.choice(choice, depth);
                    }
                }
                ElementKind::Arm(arm) => self.go(&arm.go, depth),
                ElementKind::When { go, .. } | ElementKind::Otherwise(go) | ElementKind::Share { go, .. } => {
                    self.go(go, depth)
                }
                ElementKind::Statement(Statement::If { body, .. } | Statement::Each { body, .. }) => {
                    self.body(body, depth + 1);
                }
                ElementKind::Statement(_) | ElementKind::Setting(_) | ElementKind::Exit(_) => {}
            }
        }
    }

    fn go(&mut self, go: &Go, depth: usize) {
        if let Go::Body(body) = go {
            self.body(body, depth + 1);
        }
    }

    fn choice(&mut self, choice: &Choice, depth: usize) {
        if let Some((word, label)) = &choice.label {
            let text = match label {
                Label::Text(text) => self.text(text),
                Label::Languages(variants) => {
                    let own =
                        variants.iter().find(|v| self.interner.name(v.language.symbol) == self.language);
                    own.or(variants.first()).map(|v| self.text(&v.text)).unwrap_or_default()
                }
                Label::Prompt { path, .. } => {
                    let names: Vec<&str> = path.names.iter().map(|n| self.interner.name(n.symbol)).collect();
                    names.join(".")
                }
            };
            // The checked program names a choice by its key or by its whole clause.
            self.written.labels.insert(choice.key.span.at(self.file), (*word, text.clone()));
            self.written.labels.insert(choice.span.at(self.file), (*word, text));
        }
        self.go(&choice.go, depth);
    }

    fn text(&self, literal: &TextLiteral) -> String {
        let mut text = String::new();
        for part in &literal.parts {
            match part {
                TextPart::Text(part) => text.push_str(part),
                TextPart::Hole(hole) => text.push_str(self.sources.file(self.file).slice(hole.span)),
            }
        }
        one_line(&text)
    }
}
