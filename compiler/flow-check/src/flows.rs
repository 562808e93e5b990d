//! A flow: what it speaks and keeps, its default arms and choices, and its blocks.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use flow_diagnostics::{Applicability, Fix, Location, Span, Symbol};
use flow_syntax::ast::{self, FlowPart, ItemKind};
use flow_syntax::foreign::{self, Sort};

use crate::codes;
use crate::context::{Checker, Place, Say, Scope, Signature, fix, open};
use crate::endings::Rules;
use crate::hir::{self, Exit, ExitKind, LanguageId, LocalId, TypeKind};
use crate::keys::Told;
use crate::near::listed;

/// More than any telephone line offers.
const MOST_LANGUAGES: usize = 32;

/// A flow while it is checked.
pub(crate) struct FlowContext<'a> {
    pub id: hir::FlowId,
    pub scope: Scope,
    /// What `set` may change.
    pub state: Vec<LocalId>,
    pub blocks: HashMap<Symbol, hir::BlockId>,
    pub block_shapes: Vec<Rc<Signature>>,
    pub block_asts: Vec<&'a ast::Block>,
    /// Whether it `gives` outcomes.
    pub returns: bool,
    pub arms: Vec<FlowArm>,
    /// Of its arms' names that are no outcomes, those that are meant.
    pub guesses: HashMap<Symbol, String>,
    pub choices: Vec<Told>,
    /// Some exit or block could not be read, so that reachability is not known.
    pub lost: bool,
    /// The parser left out a part of this flow: a block, perhaps, or an arm for all of them.
    pub torn: bool,
    /// Nesting of the body being read.
    pub bodies: u16,
    /// In `on hangup`, where nothing decides any more.
    pub after_hangup: bool,
    /// A service may fail in an arm or choice of the flow, so in every block that takes it.
    pub may_fail: bool,
    /// The same of the block that is being checked.
    pub block_may_fail: bool,
    /// How many names its parameters make visible: what follows may not be set yet when a service fails.
    pub block_names: usize,
    /// Where that leads.
    pub block_failed: Option<hir::Tail>,
    /// Inside of `on failed`, where whatever can fail says `else`.
    pub in_failed: bool,
}

/// An `on` arm of the flow, checked once and given to each block that has no own.
pub(crate) struct FlowArm {
    /// Outcome, its data as named, its place.
    pub events: Vec<(Symbol, Vec<Option<LocalId>>, Location)>,
    pub times: Option<u32>,
    pub tail: hir::Tail,
    pub location: Location,
}

impl<'a> Checker<'a> {
    /// Checks every flow.
    pub fn flows(&mut self) {
        // Which languages each speaks is asked across flows, so it is known of all before the first.
        for id in 0..self.sources.flows.len() {
            let source = self.sources.flows[id];
            let ItemKind::Flow(flow) = &source.item.kind else { continue };
            let languages = self.spoken_languages(source.module, flow);
            let shape = self.shapes.flows[id].clone();
            self.program.flows.push(hir::Flow {
                name: self.full_name(source.module, flow.name.symbol),
                params: Vec::new(),
                locals: Vec::new(),
                gives: self.hir_variants(&shape.gives),
                languages,
                state: Vec::new(),
                blocks: Vec::new(),
                on_hangup: Vec::new(),
                location: flow.name.span.at(self.file(source.module)),
            });
        }
        for id in 0..self.sources.flows.len() {
            let source = self.sources.flows[id];
            if let ItemKind::Flow(flow) = &source.item.kind {
                self.flow(id, source.module, flow, source.item.span);
            }
        }
    }

    fn spoken_languages(&mut self, module: usize, flow: &ast::Flow) -> Vec<LanguageId> {
        let mut out = Vec::new();
        for part in &flow.parts {
            let FlowPart::Speaks(names) = part else { continue };
            if names.len() > MOST_LANGUAGES {
                let at = names[MOST_LANGUAGES].span.at(self.file(module));
                let message = format!("a flow speaks at most {MOST_LANGUAGES} languages");
                self.error(codes::OUT_OF_RANGE, at, message, "one too many");
            }
            for name in names.iter().take(MOST_LANGUAGES) {
                let id = self.language_id(name.symbol);
                if out.contains(&id) {
                    let text = self.name(name.symbol);
                    let at = name.span.at(self.file(module));
                    self.error(
                        codes::DEFINED_TWICE,
                        at,
                        format!("`{text}` is named twice"),
                        "the second one",
                    );
                } else {
                    out.push(id);
                }
            }
        }
        if out.is_empty() { vec![0] } else { out }
    }

    fn flow(&mut self, id: usize, module: usize, flow: &'a ast::Flow, span: Span) {
        self.current_flow = Some(id);
        let languages = self.program.flows[id].languages.clone();
        let mut scope = Scope::new(module, self.file(module), Place::Call, languages);
        scope.flow = Some(id);
        let shape = self.shapes.flows[id].clone();
        let params = self.declare_params(&mut scope, &flow.params, &shape.signature, true);
        let torn = self.is_torn(span.at(scope.file));
        let mut f = FlowContext {
            id,
            scope,
            state: Vec::new(),
            blocks: HashMap::new(),
            block_shapes: Vec::new(),
            block_asts: Vec::new(),
            returns: shape.returns,
            arms: Vec::new(),
            guesses: HashMap::new(),
            choices: Vec::new(),
            lost: torn,
            torn,
            bodies: 0,
            after_hangup: false,
            may_fail: self.flow_asks_without_else(module, flow),
            block_may_fail: false,
            block_names: 0,
            block_failed: None,
            in_failed: false,
        };
        let mut state = Vec::new();
        for part in &flow.parts {
            match part {
                FlowPart::State { name, ty, value } => state.push(self.state(&mut f, *name, ty, value)),
                FlowPart::Block(block) => self.declare_block(&mut f, block),
                _ => {}
            }
        }
        if f.block_asts.is_empty() && !torn {
            let at = flow.name.span.at(self.file(module));
            let text = self.name(flow.name.symbol);
            self.error(codes::EMPTY_FLOW, at, format!("`{text}` has no block"), "where would a call be?")
                .add_help("give it a block, such as `end bye { say \"Goodbye.\" }`");
            f.lost = true;
        }
        let mut on_hangup = Vec::new();
        for part in &flow.parts {
            match part {
                FlowPart::Arm(arm) => self.flow_arm(&mut f, arm, &mut on_hangup),
                FlowPart::Choice(choice) => {
                    let told = self.choice(&mut f, choice, true);
                    self.add_choice(&mut f, told);
                }
                _ => {}
            }
        }
        self.flow_arm_outcomes(&mut f, flow);
        let mut blocks = Vec::with_capacity(f.block_asts.len());
        for index in 0..f.block_asts.len() {
            let block = f.block_asts[index];
            blocks.push(self.block(&mut f, index, block));
        }
        let lost = f.lost;
        let entry = &mut self.program.flows[id];
        entry.params = params;
        entry.locals = f.scope.locals;
        entry.state = state;
        entry.blocks = blocks;
        entry.on_hangup = on_hangup;
        if !lost {
            self.reach(id);
            self.never_returned(id, module, flow);
        }
    }

    fn add_choice(&mut self, f: &mut FlowContext<'a>, told: Told) {
        if let Some(first) = f.choices.iter().find(|c| c.choice.keys == told.choice.keys) {
            let first = first.choice.location;
            self.key_twice(&told.choice, first);
            return;
        }
        f.choices.push(told);
    }

    fn state(
        &mut self,
        f: &mut FlowContext<'a>,
        name: ast::Name,
        ty: &ast::Type,
        value: &ast::Expr,
    ) -> (LocalId, hir::Expr) {
        let module = f.scope.module;
        let ty = self.ty(module, ty);
        let value = self.expr(&mut f.scope, value, Some(&ty.kind));
        let place = format!("`{}`", self.name(name.symbol));
        let value = self.coerce(value, &ty, &place);
        let currency = self.currency_of(&f.scope, &value);
        let local = self.declare(&mut f.scope, name, ty, true);
        // An amount keeps the currency that it begins with.
        f.scope.currencies.extend(currency.map(|currency| (local, currency)));
        f.state.push(local);
        (local, value)
    }

    fn declare_block(&mut self, f: &mut FlowContext<'a>, block: &'a ast::Block) {
        let module = f.scope.module;
        let mut shape = self.signature(module, &block.params);
        self.defaults(module, &block.params, &mut shape);
        let shape = Rc::new(shape);
        let id = f.block_asts.len();
        if let Some(first) = f.blocks.get(&block.name.symbol) {
            let first = f.block_asts[*first].name.span.at(f.scope.file);
            let text = self.name(block.name.symbol);
            let at = f.scope.at(block.name.span);
            self.error(codes::DEFINED_TWICE, at, format!("two blocks are named `{text}`"), "the second one")
                .add_label(first, "the first one")
                .add_help(format!("rename one of them; every `-> {text}` is ambiguous until then"));
            f.lost = true;
        } else {
            f.blocks.insert(block.name.symbol, id);
        }
        if id == 0 && shape.defaults.iter().any(Option::is_none) {
            let at = f.scope.at(block.name.span);
            self.error(
                codes::MISSING_ARGUMENT,
                at,
                "the call starts at the first block, and there is nobody to give it arguments",
                "takes parameters",
            )
            .add_help("let the flow take them: its parameters are known in every block");
        }
        f.block_shapes.push(shape);
        f.block_asts.push(block);
    }

    fn flow_arm(&mut self, f: &mut FlowContext<'a>, arm: &ast::Arm, on_hangup: &mut Vec<hir::Statement>) {
        let location = f.scope.at(arm.span);
        if arm.events.iter().any(|e| self.path_text(&e.outcome) == "hangup") {
            match &arm.go {
                ast::Go::Body(body) => {
                    f.after_hangup = true;
                    let statements = self.only_statements(f, body, "on hangup");
                    f.after_hangup = false;
                    for statement in &statements {
                        if crate::reach::speaks(std::slice::from_ref(statement)) {
                            self.error(
                                codes::STATEMENTS_ONLY,
                                statement.location,
                                "nobody hears this: the caller has left",
                                "speech",
                            );
                        }
                    }
                    on_hangup.extend(statements);
                }
                ast::Go::Exit(_) => {
                    self.error(
                        codes::STATEMENTS_ONLY,
                        location,
                        "after a hang-up the call goes nowhere",
                        "has an exit",
                    )
                    .add_help("write what to note down: `on hangup { mark left }`");
                }
            }
            return;
        }
        let mark = f.scope.names.len();
        let mut events = Vec::new();
        for event in &arm.events {
            let Some(name) = event.outcome.names.first() else { continue };
            let at = f.scope.at(event.span);
            let fields = match event.bindings.is_empty() {
                true => Vec::new(),
                false => self.known_outcome_data(f, name.symbol),
            };
            let bindings = self.bind(&mut f.scope, &event.bindings, &fields, at);
            events.push((name.symbol, bindings, at));
        }
        let times = self.times(f, arm);
        f.in_failed = arm.events.iter().any(|e| self.path_text(&e.outcome) == "failed");
        let tail = self.go(f, &arm.go, Rules { again: false, silent: false });
        f.in_failed = false;
        f.scope.names.truncate(mark);
        f.arms.push(FlowArm { events, times, tail, location });
    }

    /// Data of an outcome wherever it occurs; for the arms of a flow.
    fn known_outcome_data(&mut self, f: &FlowContext<'a>, name: Symbol) -> Vec<hir::Type> {
        match self.name(name) {
            "talked" => vec![open(TypeKind::Text), open(TypeKind::Duration)],
            "recorded" | "refused" => vec![open(TypeKind::Text)],
            _ => {
                let mut runs = f.block_asts.iter().filter_map(|b| run_target(b));
                let module = f.scope.module;
                let found = runs.find_map(|path| {
                    let last = path.names.first()?;
                    match self.names[module].items.get(&last.symbol)?.def {
                        crate::names::Def::Flow(id) => {
                            let shape = self.shapes.flows[id].clone();
                            shape.gives.iter().find(|(n, _)| *n == name).map(|(_, s)| s.types.clone())
                        }
                        _ => None,
                    }
                });
                found.unwrap_or_default()
            }
        }
    }

    /// Each event of a flow's arm must be an outcome of some block in it, or nobody ever takes it.
    fn flow_arm_outcomes(&mut self, f: &mut FlowContext<'a>, flow: &'a ast::Flow) {
        // A service that fails without `else` of its own takes `on failed`, so that is never out of place.
        let mut known: BTreeSet<String> = BTreeSet::from(["failed".into()]);
        let mut dynamic = f.torn;
        for block in &f.block_asts {
            let Some(kind) = crate::kinds::kind(self.name(block.kind.symbol)) else { continue };
            known.extend(kind.outcomes.iter().map(|o| (*o).to_owned()));
            if matches!(kind.word, "run" | "after_hours") {
                match self.named_outcomes(f, block) {
                    Some(outcomes) => known.extend(outcomes),
                    None => dynamic = true,
                }
            }
        }
        let mut seen: HashMap<Symbol, Location> = HashMap::new();
        let mut guesses = HashMap::new();
        let named: Vec<&str> =
            f.arms.iter().flat_map(|arm| &arm.events).map(|event| self.name(event.0)).collect();
        for arm in &f.arms {
            for (name, _, at) in &arm.events {
                let text = self.name(*name);
                if let Some(first) = seen.insert(*name, *at) {
                    self.error(
                        codes::HANDLED_TWICE,
                        *at,
                        format!("`{text}` has two arms in this flow"),
                        "again",
                    )
                    .add_label(first, "the first one")
                    .add_help("remove one of them");
                    continue;
                }
                if known.contains(text) || dynamic {
                    continue;
                }
                let free: Vec<&str> =
                    known.iter().map(String::as_str).filter(|o| !named.contains(o)).collect();
                let near = crate::outcomes::meant(text, &free);
                let flow_name = self.name(flow.name.symbol);
                let message = format!("no block of `{flow_name}` ends as `{text}`");
                let is_outcome = crate::kinds::KINDS.iter().any(|kind| kind.outcomes.contains(&text));
                if near.is_empty() && is_outcome {
                    // An arm for blocks that may come does no harm.
                    self.warning(codes::NEEDLESS_OUTCOME, *at, message, "never happens here")
                        .add_help(format!("take `{text}` out, or keep it for a block to come"));
                    continue;
                }
                guesses.extend(near.first().map(|right| (*name, (*right).to_owned())));
                let diagnostic = self.error(codes::UNKNOWN_OUTCOME, *at, message, "never happens");
                diagnostic.suggest(text, &near, *at);
                if let Some(help) = foreign::ours(Sort::Outcome, text).filter(|_| near.is_empty()) {
                    diagnostic.add_help(help);
                }
            }
        }
        f.guesses = guesses;
    }

    /// The outcomes that a `run` or `after_hours` block takes from what it names, when that is known.
    fn named_outcomes(&self, f: &FlowContext<'a>, block: &ast::Block) -> Option<Vec<String>> {
        let path = block.body.elements.iter().find_map(|e| match &e.kind {
            ast::ElementKind::Setting(ast::Setting::Flow { path, .. } | ast::Setting::Calendar(path)) => {
                Some(path)
            }
            _ => None,
        })?;
        let mut module = f.scope.module;
        let mut def = None;
        for name in &path.names {
            def = Some(self.names[module].items.get(&name.symbol)?.def);
            if let Some(crate::names::Def::Module(inner)) = def {
                module = inner;
            }
        }
        match def? {
            crate::names::Def::Flow(id) => {
                Some(self.program.flows.get(id)?.gives.iter().map(|g| g.name.clone()).collect())
            }
            crate::names::Def::Calendar(id) => Some(self.program.calendars.get(id)?.states.clone()),
            _ => None,
        }
    }

    /// A flow that this one goes to or runs must speak what its caller may have chosen.
    pub fn speaks_all(&mut self, f: &FlowContext<'a>, flow: usize, at: Location) {
        let other = &self.program.flows[flow].languages;
        let missing: Vec<String> = f
            .scope
            .languages
            .iter()
            .filter(|l| !other.contains(l))
            .map(|l| format!("`{}`", self.program.languages[*l]))
            .collect();
        if !missing.is_empty() {
            let name = self.program.flows[flow].name.clone();
            let all = listed(&missing, "and");
            self.error(
                codes::MISSING_LANGUAGE,
                at,
                format!("`{name}` does not speak {all}"),
                "a caller may have chosen it",
            )
            .add_help(format!("add {all} to the `speaks` of `{name}`"));
        }
    }

    /// How often an arm waits until it is taken.
    pub fn times(&mut self, f: &FlowContext<'a>, arm: &ast::Arm) -> Option<u32> {
        let times = arm.times?;
        let at = f.scope.at(times.span);
        for event in &arm.events {
            let text = self.path_text(&event.outcome);
            if !matches!(text.as_str(), "no_input" | "no_match" | "invalid") {
                self.error(
                    codes::TIMES,
                    at,
                    format!("`{text}` is not asked again, so it cannot be counted"),
                    "counts what happens once",
                )
                .add_help("only `no_input`, `no_match` and `invalid` take `N times`; a block's entries are counted by `visits`")
                .add_fix(uncounted(f, arm, times));
                return None;
            }
        }
        if !(1..=100).contains(&times.value) {
            self.error(codes::OUT_OF_RANGE, at, "an arm counts from 1 to 100 times", "not in this range");
            return None;
        }
        u32::try_from(times.value).ok()
    }
}

/// The flow that a `run` block names.
pub(crate) fn run_target(block: &ast::Block) -> Option<&ast::Path> {
    block.body.elements.iter().find_map(|e| match &e.kind {
        ast::ElementKind::Setting(ast::Setting::Flow { path, .. }) => Some(path),
        _ => None,
    })
}

/// An exit that stands for one that could not be read; no pass follows it.
pub(crate) fn nowhere(location: Location) -> Exit {
    Exit { kind: ExitKind::Again, location }
}

/// Takes `N times` out of an arm.
fn uncounted(f: &FlowContext<'_>, arm: &ast::Arm, times: ast::IntLiteral) -> Fix {
    let go = match &arm.go {
        ast::Go::Exit(exit) => exit.span,
        ast::Go::Body(body) => body.span,
    };
    let counted = f.scope.at(Span::new(times.span.start, go.start));
    fix("do not count", Applicability::Unsafe, counted, "")
}
