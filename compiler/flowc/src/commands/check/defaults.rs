//! `flowc check --show-defaults`: what blocks do that they do not say themselves, each with the line that says it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use flow_check::hir::{
    Arm, Block, BlockBody, Choice, End, ExitKind, Flow, Origin, Program, Question, Tail, Wait,
};
use flow_diagnostics::{FileId, Interner, Location};
use flow_project::Loaded;
use flow_syntax::ast::{self, ElementKind, FlowPart, ItemKind, Setting};

use crate::output::is_standard;

/// The defaults of every block of a project; empty when it has errors.
pub(super) fn shown(loaded: &Loaded) -> String {
    let Some(program) = &loaded.program else { return String::new() };
    let mut out = String::new();
    let mut files = BTreeMap::new();
    for flow in &program.flows {
        if is_standard(&loaded.sources.file(flow.location.file).path) {
            continue;
        }
        let file = flow.location.file;
        let written = files.entry(file).or_insert_with(|| Written::of(loaded, file));
        let _ = writeln!(out, "flow {}", flow.name);
        for block in &flow.blocks {
            let lines = lines(loaded, program, flow, block, written);
            if lines.is_empty() {
                continue;
            }
            let _ = writeln!(out, "    {} {}", block.kind, block.name);
            let width = lines.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0);
            for (what, whence) in lines {
                let _ = writeln!(out, "        {what:width$}  // {whence}");
            }
        }
    }
    out
}

/// What a block does, and who says so.
fn lines(
    loaded: &Loaded,
    program: &Program,
    flow: &Flow,
    block: &Block,
    written: &Written,
) -> Vec<(String, String)> {
    let BlockBody::Wait { wait, arms, .. } = &block.body else { return Vec::new() };
    let line = |at: Location| loaded.sources.file(at.file).line_column(at.span.start).0;
    let mut lines = Vec::new();
    for choice in choices(wait).iter().filter(|choice| choice.from_flow) {
        let what = format!("press {} {}", choice.keys, way(program, flow, &choice.tail));
        lines.push((what, format!("the flow, line {}", line(choice.location))));
    }
    let outcomes = wait.outcomes(program);
    for arm in arms {
        let Some(outcome) = outcomes.get(arm.outcome) else { continue };
        let whence = match arm.origin {
            Origin::Own => continue,
            Origin::Otherwise => format!("otherwise, line {}", line(arm.location)),
            Origin::Flow => format!("the flow, line {}", line(arm.location)),
        };
        lines.push((format!("on {}{} {}", outcome.name, times(arm), way(program, flow, &arm.tail)), whence));
    }
    let question = match wait {
        Wait::Menu(question) => Some(&**question),
        Wait::Collect(collect) => Some(&collect.question),
        _ => None,
    };
    if let Some(question) = question {
        question_lines(question, block, written, &mut lines);
    }
    lines
}

fn question_lines(question: &Question, block: &Block, written: &Written, lines: &mut Vec<(String, String)>) {
    let language = "the language".to_owned();
    if !written.has(block.location, "ask") && question.ask.is_some() {
        lines.push(("ask …".into(), "made of the labels of its choices".into()));
    }
    if question.again.is_empty() {
        lines.push(("again a standard sentence, then the question".into(), language.clone()));
    }
    for (word, millis) in [("wait", question.wait_millis), ("gap", question.gap_millis)] {
        if !written.has(block.location, word) {
            lines.push((format!("{word} {}", span(millis)), language.clone()));
        }
    }
}

fn choices(wait: &Wait) -> &[Choice] {
    match wait {
        Wait::Menu(question) => &question.choices,
        Wait::Collect(collect) => &collect.question.choices,
        Wait::Queue(stay) => &stay.choices,
        Wait::Survey { choices, .. } => choices,
        _ => &[],
    }
}

fn times(arm: &Arm) -> String {
    arm.times.map_or_else(String::new, |(_, times)| format!(" {times} times"))
}

/// Where a tail leads, as it would be written.
fn way(program: &Program, flow: &Flow, tail: &Tail) -> String {
    let exit = match &tail.end {
        End::Exit(exit) if tail.statements.is_empty() => exit,
        _ => return "{ … }".into(),
    };
    match &exit.kind {
        ExitKind::Block(block, _) => format!("-> {}", flow.blocks[*block].name),
        ExitKind::Flow(flow, _) => format!("-> {}", program.flows[*flow].name),
        ExitKind::Again => "-> again".into(),
        ExitKind::Return(outcome, _) => {
            format!("return {}", flow.gives.get(*outcome).map_or("", |outcome| &outcome.name))
        }
    }
}

fn span(millis: u64) -> String {
    if millis.is_multiple_of(1_000) { format!("{}s", millis / 1_000) } else { format!("{millis}ms") }
}

/// Which settings stand in which block of a file: the checked program keeps their values, not who wrote them.
struct Written {
    settings: BTreeSet<(Location, &'static str)>,
}

impl Written {
    fn of(loaded: &Loaded, file: FileId) -> Self {
        let mut interner = Interner::default();
        let parsed = flow_syntax::parse(file, &loaded.sources.file(file).text, &mut interner);
        let mut settings = BTreeSet::new();
        for item in &parsed.file.items {
            let ItemKind::Flow(flow) = &item.kind else { continue };
            for part in &flow.parts {
                let FlowPart::Block(block) = part else { continue };
                let at = block.name.span.at(file);
                settings.extend(words(block, &interner).into_iter().map(|word| (at, word)));
            }
        }
        Self { settings }
    }

    fn has(&self, block: Location, word: &str) -> bool {
        self.settings.range((block, "")..).take_while(|(at, _)| *at == block).any(|(_, known)| *known == word)
    }
}

fn words(block: &ast::Block, interner: &Interner) -> Vec<&'static str> {
    let settings = block.body.elements.iter().filter_map(|element| match &element.kind {
        ElementKind::Setting(setting) => Some(setting),
        _ => None,
    });
    let words = settings.filter_map(|setting| match setting {
        Setting::Ask(_) => Some("ask"),
        Setting::Duration { word, .. } => match interner.name(word.symbol) {
            "wait" => Some("wait"),
            "gap" => Some("gap"),
            _ => None,
        },
        _ => None,
    });
    words.collect()
}
