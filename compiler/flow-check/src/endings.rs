//! Rule R1: every path through a body ends in exactly one exit.

use flow_diagnostics::{Location, Span};
use flow_syntax::ast::{self, ElementKind, Go};

use crate::codes;
use crate::context::{Checker, Say};
use crate::flows::FlowContext;
use crate::hir::{self, End, Exit, ExitKind, Expr, ExprKind, Tail, Test, TypeKind};
use crate::names::Def;
use crate::near::nearest;

/// Bodies in bodies, deeper than anybody writes.
pub(crate) const DEEPEST_BODY: u16 = 24;

/// Cases of a decision that are named one by one.
const MOST_CASES: usize = 4;

/// What a body of arms may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Whether a fresh key or word led here, so that `-> again` may stand.
    pub again: bool,
    /// `route`: no effects, no speech.
    pub silent: bool,
}

impl<'a> Checker<'a> {
    /// What follows an arm: one exit, or a body that ends in one.
    pub fn go(&mut self, f: &mut FlowContext<'a>, go: &ast::Go, rules: Rules) -> Tail {
        match go {
            Go::Exit(exit) => {
                Tail { statements: Vec::new(), end: End::Exit(self.exit(f, exit, rules.again)) }
            }
            Go::Body(body) if f.bodies >= DEEPEST_BODY => {
                f.lost = true;
                let at = f.scope.at(body.span);
                self.too_deep(at);
                plain(Exit { kind: ExitKind::Again, location: at })
            }
            Go::Body(body) => {
                f.bodies += 1;
                let elements: Vec<&ast::Element> = body.elements.iter().collect();
                let tail = self.tail(f, &elements, f.scope.at(body.span), rules);
                f.bodies -= 1;
                tail
            }
        }
    }

    /// Statements, then exactly one end. `at` is the body with its braces.
    pub fn tail(
        &mut self,
        f: &mut FlowContext<'a>,
        elements: &[&ast::Element],
        at: Location,
        rules: Rules,
    ) -> Tail {
        let mark = f.scope.names.len();
        let mut statements = Vec::new();
        let mut exit: Option<(Exit, Location)> = None;
        let mut arms: Vec<(Expr, Tail)> = Vec::new();
        let mut otherwise: Option<(Tail, Location)> = None;
        let mut shares: Vec<(u32, Tail, Location)> = Vec::new();
        for element in elements {
            let here = f.scope.at(element.span);
            if let Some((_, end)) = &exit {
                let end = *end;
                self.after_exit(here, end);
                break;
            }
            match &element.kind {
                ElementKind::Statement(statement) => {
                    if !arms.is_empty() || otherwise.is_some() || !shares.is_empty() {
                        self.error(
                            codes::ORDER,
                            here,
                            "statements come before the decision",
                            "after `when` or `share`",
                        )
                        .add_help("move it up, or into the arms");
                        continue;
                    }
                    if rules.silent && !matches!(statement, ast::Statement::Let { .. }) {
                        self.error(
                            codes::STATEMENT_NOT_HERE,
                            here,
                            "a `route` decides silently and without effect",
                            "an effect",
                        )
                        .add_help("do it in a `step` or `greet` before or after");
                        continue;
                    }
                    if rules.silent && self.waits_for_a_service(f, statement) {
                        self.error(
                            codes::STATEMENT_NOT_HERE,
                            here,
                            "a `route` decides silently and without effect",
                            "waits for a service",
                        )
                        .add_help("ask the service in a `step` before");
                        continue;
                    }
                    statements.extend(self.statement(f, statement, here));
                }
                ElementKind::Exit(e) => exit = Some((self.exit(f, e, rules.again), here)),
                ElementKind::When { condition, go } => {
                    if let Some((_, there)) = &otherwise {
                        let there = *there;
                        self.error(codes::AFTER_EXIT, here, "nothing comes after `otherwise`", "never asked")
                            .add_label(there, "takes all that is left");
                        break;
                    }
                    let inner = f.scope.names.len();
                    let condition = self.condition(&mut f.scope, condition);
                    let tail = self.go(f, go, rules);
                    f.scope.names.truncate(inner);
                    arms.push((condition, tail));
                }
                ElementKind::Otherwise(go) => {
                    let tail = self.go(f, go, rules);
                    if let Some((_, there)) = &otherwise {
                        let there = *there;
                        self.error(codes::AFTER_EXIT, here, "nothing comes after `otherwise`", "never taken")
                            .add_label(there, "takes all that is left");
                        break;
                    }
                    otherwise = Some((tail, here));
                }
                ElementKind::Share { percent, go } => {
                    let tail = self.go(f, go, rules);
                    let part = u32::try_from(percent.value).unwrap_or(0);
                    shares.push((part, tail, here));
                }
                other => self.misplaced_in_body(other, here),
            }
        }
        f.scope.names.truncate(mark);
        let end = self.end_of(f, at, exit, arms, otherwise, shares);
        Tail { statements, end }
    }

    fn end_of(
        &mut self,
        f: &mut FlowContext<'a>,
        at: Location,
        exit: Option<(Exit, Location)>,
        arms: Vec<(Expr, Tail)>,
        otherwise: Option<(Tail, Location)>,
        shares: Vec<(u32, Tail, Location)>,
    ) -> End {
        if !shares.is_empty() {
            let sum: u32 = shares.iter().map(|(p, _, _)| *p).fold(0, u32::saturating_add);
            let whole = Location { span: shares[0].2.span.to(shares[shares.len() - 1].2.span), ..at };
            if sum != 100 || shares.iter().any(|(p, _, _)| *p == 0) {
                self.error(
                    codes::SHARES,
                    whole,
                    format!("the shares make {sum} %, not 100 %"),
                    "must make 100 %",
                );
            }
            if let Some((_, there)) = exit.map(|(e, l)| (Some(e), l)).or(otherwise.map(|(_, l)| (None, l))) {
                self.error(codes::AFTER_EXIT, there, "the shares already take every call", "never taken");
            }
            return End::Share(shares.into_iter().map(|(p, t, _)| (p, t)).collect());
        }
        if !arms.is_empty() {
            // A last bare exit after `when`s is what `otherwise` says.
            let otherwise = match (otherwise, exit) {
                (Some((tail, there)), None) => Some((tail, there)),
                (None, Some((exit, there))) => {
                    Some((Tail { statements: Vec::new(), end: End::Exit(exit) }, there))
                }
                (Some((tail, there)), Some((_, late))) => {
                    self.after_exit(late, there);
                    Some((tail, there))
                }
                (None, None) => None,
            };
            self.decision(f, at, &arms, otherwise.as_ref().map(|(_, l)| *l));
            return End::Decide { arms, otherwise: otherwise.map(|(t, _)| Box::new(t)) };
        }
        if let Some((exit, _)) = exit {
            return End::Exit(exit);
        }
        if let Some((_, there)) = otherwise {
            self.error(codes::INCOMPLETE, there, "`otherwise` follows no `when`", "what else?")
                .add_help("write the exit alone");
        } else {
            f.lost = true;
            if self.is_torn(at) {
                return End::Exit(Exit { kind: ExitKind::Again, location: at });
            }
            let close = Location { span: Span::new(at.span.end.saturating_sub(1), at.span.end), ..at };
            self.error(
                codes::NO_EXIT,
                close,
                "this body ends without saying where the call goes",
                "and then?",
            )
            .add_label(at, "this body")
            .add_help("end it with `-> BLOCK`")
            .add_note("a caller who gets here would hear silence");
        }
        End::Exit(Exit { kind: ExitKind::Again, location: at })
    }

    fn after_exit(&mut self, here: Location, exit: Location) {
        self.error(codes::AFTER_EXIT, here, "this can never happen: the call has left", "after the exit")
            .add_label(exit, "the call goes there now, and does not come back")
            .add_help("remove it, or move it above the exit");
    }

    fn misplaced_in_body(&mut self, kind: &ElementKind, here: Location) {
        let what = match kind {
            ElementKind::Setting(setting) => format!("`{}`", self.clause_word(setting)),
            ElementKind::Timed(_) => "`every` or `after`".into(),
            ElementKind::Arm(_) => "`on`".into(),
            _ => "`press`".into(),
        };
        self.error(
            codes::MISPLACED_CLAUSE,
            here,
            format!("{what} belongs to a waiting block, not into a body that is under way"),
            "not here",
        )
        .add_help("move it to the block itself");
    }

    /// Whether a list of `when` is complete, and each of it can be taken.
    fn decision(
        &mut self,
        f: &FlowContext<'a>,
        at: Location,
        arms: &[(Expr, Tail)],
        otherwise: Option<Location>,
    ) {
        let mut seen: Vec<(&Expr, Test, bool)> = Vec::new();
        let mut numbers = crate::taken_numbers::Taken::default();
        let mut complete = false;
        if arms.iter().any(|(condition, _)| self.asks_too_large(condition)) {
            return;
        }
        for (condition, _) in arms {
            if complete || matches!(condition.kind, ExprKind::Bool(false)) {
                self.dead(condition.location);
                continue;
            }
            if numbers.takes_all(condition) {
                self.dead(condition.location);
                continue;
            }
            let Some((value, test, holds)) = simple_test(condition) else {
                if matches!(condition.kind, ExprKind::Bool(true)) {
                    complete = true;
                }
                continue;
            };
            if seen.iter().any(|(v, t, h)| *t == test && *h == holds && same_value(v, value)) {
                self.dead(condition.location);
                continue;
            }
            seen.push((value, test, holds));
            complete = self.covers(&seen, value);
        }
        match (complete, otherwise) {
            (true, Some(there)) => self.dead(there),
            (false, None) if self.is_torn(at) => {}
            (false, None) => {
                let missing = seen.first().map(|(value, _, _)| self.missing_cases(&seen, value));
                let asked = seen.first().map(|(value, _, _)| *value);
                let cases = asked.zip(missing.as_ref()).and_then(|(value, missing)| {
                    let is_enum = matches!(value.ty.kind, TypeKind::Enum(_));
                    let few = is_enum && !missing.is_empty() && missing.len() <= MOST_CASES;
                    let text = self.written(f, value)?;
                    few.then(|| {
                        let lines = missing
                            .iter()
                            .map(|case| format!("`when {text} is {} -> BLOCK`", case.trim_matches('`')));
                        crate::near::listed(&lines.collect::<Vec<_>>(), "and")
                    })
                });
                let diagnostic = self.error(
                    codes::INCOMPLETE,
                    at,
                    "this decision does not cover every case",
                    "and otherwise?",
                );
                if let Some(missing) = missing.filter(|m| !m.is_empty()) {
                    diagnostic.add_note(format!("left out: {}", missing.join(", ")));
                }
                match cases {
                    Some(cases) => {
                        diagnostic.add_help(format!("write {cases}; or `otherwise -> BLOCK` for them alike"))
                    }
                    None => diagnostic.add_help("add `otherwise -> BLOCK`"),
                };
            }
            _ => {}
        }
    }

    /// A name or a field as it would be written.
    fn written(&self, f: &FlowContext<'a>, value: &Expr) -> Option<String> {
        match &value.kind {
            ExprKind::Local(local) => Some(f.scope.locals.get(*local)?.name.clone()),
            ExprKind::Field(of, index) => {
                let TypeKind::Record(record) = of.ty.kind else { return None };
                let field = *self.shapes.records.get(record)?.names.get(*index)?;
                Some(format!("{}.{}", self.written(f, of)?, self.name(field)))
            }
            _ => None,
        }
    }

    fn dead(&mut self, at: Location) {
        self.error(
            codes::DEAD_DECISION,
            at,
            "this is never taken",
            "what comes before takes every such call",
        )
        .add_help("remove it, or put it first");
    }

    /// Whether a test asks an enum that was refused for its size.
    fn asks_too_large(&self, condition: &Expr) -> bool {
        simple_test(condition).is_some_and(|(value, _, _)| match value.ty.kind {
            TypeKind::Enum(id) => self.shapes.enums[id].len() > crate::written_out::MOST_VARIANTS,
            _ => false,
        })
    }

    fn covers(&self, seen: &[(&Expr, Test, bool)], value: &Expr) -> bool {
        // Fewer tests than variants, none of them negated, leave one out.
        if let TypeKind::Enum(id) = value.ty.kind
            && seen.len() < self.shapes.enums[id].len()
            && seen.iter().all(|(_, _, holds)| *holds)
        {
            return false;
        }
        seen.iter().any(|(v, _, _)| same_value(v, value)) && self.missing_cases(seen, value).is_empty()
    }

    /// The cases of a value that nobody asked for; empty when all are covered.
    fn missing_cases(&self, seen: &[(&Expr, Test, bool)], value: &Expr) -> Vec<String> {
        let asked = |test: Test, holds: bool| {
            seen.iter().any(|(v, t, h)| *t == test && *h == holds && same_value(v, value))
        };
        match &value.ty.kind {
            TypeKind::Bool => {
                let mut out = Vec::new();
                if !asked(Test::Some, true) {
                    out.push("`true`".into());
                }
                if !asked(Test::Some, false) {
                    out.push("`false`".into());
                }
                out
            }
            TypeKind::Optional(_) => {
                let mut out = Vec::new();
                if !asked(Test::Some, true) && !asked(Test::None, false) {
                    out.push("`some(_)`".into());
                }
                if !asked(Test::None, true) && !asked(Test::Some, false) {
                    out.push("`none`".into());
                }
                out
            }
            TypeKind::Enum(id) => {
                let variants = self.shapes.enums[*id].iter().enumerate();
                let one_not = (0..self.shapes.enums[*id].len())
                    .any(|i| asked(Test::Variant(*id, i), true) && asked(Test::Variant(*id, i), false));
                variants
                    .filter(|(i, _)| !one_not && !asked(Test::Variant(*id, *i), true))
                    .map(|(_, (name, _))| format!("`{}`", self.name(*name)))
                    .collect()
            }
            _ => vec![String::new()],
        }
    }

    /// Where the call goes.
    pub fn exit(&mut self, f: &mut FlowContext<'a>, exit: &ast::Exit, again: bool) -> Exit {
        let location = f.scope.at(exit.span);
        let kind = match &exit.kind {
            ast::ExitKind::To { target, arguments } => {
                self.exit_to(f, target, arguments.as_ref(), again, location)
            }
            ast::ExitKind::Return { outcome, arguments } => {
                self.exit_return(f, *outcome, arguments.as_ref(), location)
            }
        };
        Exit { kind: kind.unwrap_or(ExitKind::Again), location }
    }

    fn exit_to(
        &mut self,
        f: &mut FlowContext<'a>,
        target: &ast::Path,
        arguments: Option<&ast::Arguments>,
        again: bool,
        location: Location,
    ) -> Option<ExitKind> {
        let at = f.scope.at(target.span);
        let text = self.path_text(target);
        if let [name] = target.names.as_slice() {
            if let Some(block) = f.blocks.get(&name.symbol) {
                let block = *block;
                let shape = f.block_shapes[block].clone();
                let values = self.arguments(Some(&mut f.scope), &shape, arguments, &text, at);
                return Some(ExitKind::Block(block, values));
            }
            if text == "again" {
                if !again {
                    self.error(
                        codes::AGAIN,
                        location,
                        "`-> again` stands only where a key or word of the caller led",
                        "nobody pressed anything",
                    )
                    .add_help("count it: `on no_input 3 times -> BLOCK` asks again by itself until then")
                    .add_note("without a fresh key the call could go round for ever");
                }
                return Some(ExitKind::Again);
            }
            if !self.names[f.scope.module].items.contains_key(&name.symbol) {
                f.lost = true;
                if f.torn {
                    return None;
                }
                let blocks = f.block_asts.iter().map(|b| self.name(b.name.symbol));
                let mut near = self.nearest(&text, blocks);
                near.extend(self.near_items(f.scope.module, &text, |def| matches!(def, Def::Flow(_))));
                near.truncate(3);
                let there = near.first().and_then(|n| {
                    f.block_asts
                        .iter()
                        .find(|b| self.name(b.name.symbol) == *n)
                        .map(|b| b.name.span.at(at.file))
                });
                let diagnostic = self.error(
                    codes::UNKNOWN_TARGET,
                    at,
                    format!("unknown block `{text}`"),
                    "no block of this flow, and no flow, has this name",
                );
                if let Some(there) = there {
                    diagnostic.add_label(there, "a block with a similar name");
                }
                diagnostic.suggest(&text, &near, at);
                return None;
            }
        }
        let flow = self.resolve_as(f.scope.module, target, "block or flow", |d| match d {
            Def::Flow(id) => Some(id),
            _ => None,
        });
        let Some(flow) = flow else {
            f.lost = true;
            return None;
        };
        let shape = self.shapes.flows[flow].clone();
        let values = self.arguments(Some(&mut f.scope), &shape.signature, arguments, &text, at);
        if f.returns {
            self.error(
                codes::LEAVING,
                location,
                format!("this flow gives an outcome to who runs it, so it cannot leave for `{text}`"),
                "would never come back",
            )
            .add_help("`return` an outcome, and let the flow that runs this one go there");
        } else if shape.returns {
            self.error(
                codes::LEAVING,
                location,
                format!("`{text}` gives an outcome, and nobody would be there to take it"),
                "leaves for good",
            )
            .add_help(format!("run it: `run NAME {{ flow {text}  on … }}`"));
        }
        self.speaks_all(f, flow, at);
        Some(ExitKind::Flow(flow, values))
    }

    fn exit_return(
        &mut self,
        f: &mut FlowContext<'a>,
        outcome: ast::Name,
        arguments: Option<&ast::Arguments>,
        location: Location,
    ) -> Option<ExitKind> {
        let at = f.scope.at(outcome.span);
        let text = self.name(outcome.symbol);
        let shape = self.shapes.flows[f.id].clone();
        let Some(index) = shape.gives.iter().position(|(n, _)| *n == outcome.symbol) else {
            f.lost = true;
            if shape.returns {
                let known: Vec<&str> = shape.gives.iter().map(|(n, _)| self.name(*n)).collect();
                let near = nearest(text, known);
                self.error(
                    codes::UNKNOWN_OUTCOME,
                    at,
                    format!("this flow does not give `{text}`"),
                    "not among what it gives",
                )
                .suggest(text, &near, at)
                .add_help(format!("add `{text}` to its `gives`"));
            } else {
                self.error(
                    codes::LEAVING,
                    location,
                    "this flow gives nothing, so it cannot `return`",
                    "returns",
                )
                .add_help(format!("write `gives {text}` after the flow's name, or go to a block with `->`"));
            }
            return None;
        };
        let wanted = shape.gives[index].1.clone();
        let values = self.arguments(Some(&mut f.scope), &wanted, arguments, text, at);
        Some(ExitKind::Return(index, values))
    }
}

/// A test of one value that completeness understands: the value, what it is asked, and whether it must hold.
fn simple_test(condition: &Expr) -> Option<(&Expr, Test, bool)> {
    match &condition.kind {
        ExprKind::Is { value, test, negated, .. } => Some((value, *test, !negated)),
        ExprKind::Not(inner) => simple_test(inner).map(|(v, t, h)| (v, t, !h)),
        ExprKind::Local(_) | ExprKind::Field(..) => Some((condition, Test::Some, true)),
        _ => None,
    }
}

/// Whether two expressions read the same thing of the call's own data.
pub(crate) fn same_value(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Local(x), ExprKind::Local(y)) => x == y,
        (ExprKind::Field(x, i), ExprKind::Field(y, j)) => i == j && same_value(x, y),
        _ => false,
    }
}

/// A tail that only goes somewhere.
pub(crate) fn plain(exit: Exit) -> Tail {
    hir::Tail { statements: Vec::new(), end: End::Exit(exit) }
}
