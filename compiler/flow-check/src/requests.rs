//! Asking a service during a call: `let`, `set` and `do` wait for it, `send` does not.
//!
//! What fails leads where its `else` says; without one it is the block's outcome `failed` (rule R2), whatever
//! the kind of the block.

use flow_diagnostics::{Location, Span};
use flow_syntax::ast::{self, ElementKind, ExprKind as Ast, Go, Statement, Timely};

use crate::codes;
use crate::context::{Checker, Say, open, unknown};
use crate::flows::FlowContext;
use crate::hir::{
    Arm, Expr, Failed, Keep, LocalId, OperationId, Request, ServiceKind, StatementKind, Type, TypeKind,
    Variant,
};
use crate::names::Def;
use crate::outcomes::{Extra, OwnArms};

/// What a block hides while its `failed` is read: names that may not be set yet.
pub(crate) struct Hidden {
    names: Option<crate::scope::Hidden>,
    was_in_failed: bool,
}

/// A service statement taken apart.
struct Asked<'e> {
    service: Def,
    operation: ast::Name,
    arguments: &'e ast::Arguments,
    /// `else VALUE`
    value: Option<&'e ast::Expr>,
}

impl<'a> Checker<'a> {
    /// The service that a path leads to, without marking anything as used.
    fn service_at(&self, module: usize, e: &ast::Expr) -> Option<usize> {
        let (module, name) = match &e.kind {
            Ast::Name(name) => (module, *name),
            Ast::Field { of, name, optional: false } => {
                let Ast::Name(file) = &of.kind else { return None };
                let Def::Module(inner) = self.names[module].items.get(file)?.def else { return None };
                (inner, name.symbol)
            }
            _ => return None,
        };
        match self.names[module].items.get(&name)?.def {
            Def::Service(id) => Some(id),
            _ => None,
        }
    }

    /// Whether an expression asks a service.
    fn asks_service(&self, module: usize, e: &ast::Expr) -> bool {
        match &e.kind {
            Ast::Else { of, .. } => self.asks_service(module, of),
            Ast::Call { of, .. } => match &of.kind {
                Ast::Field { of, .. } => {
                    self.service_at(module, of).is_some() || self.standard(module, of).is_some()
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// `email` or `sms`, where nothing of the file has that name.
    fn standard(&self, module: usize, e: &ast::Expr) -> Option<ServiceKind> {
        let Ast::Name(name) = &e.kind else { return None };
        if self.names[module].items.contains_key(name) {
            return None;
        }
        match self.name(*name) {
            "email" => Some(ServiceKind::Email),
            "sms" => Some(ServiceKind::Sms),
            _ => None,
        }
    }

    /// Whether the value of a statement asks a service.
    pub(crate) fn asks(&self, f: &FlowContext<'a>, e: &ast::Expr) -> bool {
        self.asks_service(f.scope.module, e) && !self.is_local(f, e)
    }

    fn is_local(&self, f: &FlowContext<'a>, e: &ast::Expr) -> bool {
        match &e.kind {
            Ast::Else { of, .. } | Ast::Call { of, .. } | Ast::Field { of, .. } => self.is_local(f, of),
            Ast::Name(name) => f.scope.find(*name).is_some(),
            _ => false,
        }
    }

    /// Whether a statement waits for a service.
    pub(crate) fn waits_for_a_service(&self, f: &FlowContext<'a>, statement: &Statement) -> bool {
        match statement {
            Statement::Let { value, .. } | Statement::Set { value, .. } | Statement::Do(value) => {
                self.asks(f, &value.expr)
            }
            Statement::If { body, .. } | Statement::Each { body, .. } => body.elements.iter().any(|element| {
                matches!(&element.kind, ElementKind::Statement(inner) if self.waits_for_a_service(f, inner))
            }),
            _ => false,
        }
    }

    /// Whether something in a body asks a service and leaves its failure to the block.
    pub(crate) fn asks_without_else(&self, module: usize, body: &ast::Body) -> bool {
        self.asked_without_else(module, body).is_some()
    }

    /// The first that a body asks of a service and leaves its failure to the block.
    pub(crate) fn asked_without_else(&self, module: usize, body: &ast::Body) -> Option<Span> {
        body.elements.iter().find_map(|element| match &element.kind {
            ElementKind::Statement(statement) => match statement {
                Statement::Let { value, .. } | Statement::Set { value, .. } | Statement::Do(value) => {
                    let without = value.otherwise.is_none()
                        && !matches!(value.expr.kind, Ast::Else { .. })
                        && self.asks_service(module, &value.expr);
                    without.then_some(value.expr.span)
                }
                Statement::If { body, .. } | Statement::Each { body, .. } => {
                    self.asked_without_else(module, body)
                }
                _ => None,
            },
            ElementKind::Arm(ast::Arm { go, .. })
            | ElementKind::Choice(ast::Choice { go, .. })
            | ElementKind::When { go, .. }
            | ElementKind::Otherwise(go)
            | ElementKind::Share { go, .. } => self.gone_without_else(module, go),
            ElementKind::Timed(ast::Timed { what: Timely::Choice(choice), .. }) => {
                self.gone_without_else(module, &choice.go)
            }
            _ => None,
        })
    }

    fn goes_without_else(&self, module: usize, go: &Go) -> bool {
        self.gone_without_else(module, go).is_some()
    }

    fn gone_without_else(&self, module: usize, go: &Go) -> Option<Span> {
        match go {
            Go::Body(body) => self.asked_without_else(module, body),
            Go::Exit(_) => None,
        }
    }

    /// Whether an arm or choice of the flow itself leaves a failure to the block.
    pub(crate) fn flow_asks_without_else(&self, module: usize, flow: &ast::Flow) -> bool {
        flow.parts.iter().any(|part| match part {
            ast::FlowPart::Arm(arm) => self.goes_without_else(module, &arm.go),
            ast::FlowPart::Choice(choice) => self.goes_without_else(module, &choice.go),
            _ => false,
        })
    }

    // ------------------------------------------------------------ failed

    /// Begins to read what `failed` leads to.
    pub(crate) fn enter_failed(&mut self, f: &mut FlowContext<'a>, fails: bool) -> Hidden {
        let was_in_failed = f.in_failed;
        f.in_failed |= fails;
        let names = (fails && f.block_may_fail).then(|| f.scope.names.hide(f.block_names));
        Hidden { names, was_in_failed }
    }

    /// The end of that.
    pub(crate) fn leave_failed(&mut self, f: &mut FlowContext<'a>, hidden: Hidden) {
        f.in_failed = hidden.was_in_failed;
        if let Some(names) = hidden.names {
            f.scope.names.truncate(f.block_names);
            f.scope.names.show(names);
        }
    }

    /// What `failed` leads to in a block that waits for nothing else.
    pub(crate) fn failed_of(&mut self, f: &mut FlowContext<'a>, block: &ast::Block) {
        if f.block_may_fail {
            let arms = block.body.elements.iter().filter_map(|element| match &element.kind {
                ElementKind::Arm(arm) => Some(arm),
                _ => None,
            });
            let own = OwnArms { arms: arms.collect(), otherwise: None };
            if !own.arms.is_empty() || self.asks_without_else(f.scope.module, &block.body) {
                self.arms_and_failed(f, block, Vec::new(), &own, None);
            }
        }
    }

    /// The arms of a block, and what a service that fails leads to: the arm of `failed`, which the block has
    /// for that even where its kind has none.
    pub(crate) fn arms_and_failed(
        &mut self,
        f: &mut FlowContext<'a>,
        block: &ast::Block,
        mut outcomes: Vec<Variant>,
        own: &OwnArms<'_>,
        extra: Option<&Extra>,
    ) -> Vec<Arm> {
        let of_kind = outcomes.len();
        if f.block_may_fail && !outcomes.iter().any(|outcome| outcome.name == "failed") {
            outcomes.push(Variant { name: "failed".into(), fields: Vec::new() });
        }
        let mut arms = self.arms(f, block, &outcomes, own, extra);
        if f.block_may_fail {
            let failed = arms.iter().find(|arm| outcomes[arm.outcome].name == "failed");
            f.block_failed = failed.map(|arm| arm.tail.clone());
        }
        arms.retain(|arm| arm.outcome < of_kind);
        arms
    }

    // ------------------------------------------------------------ statements

    fn taken_apart<'e>(&mut self, f: &FlowContext<'a>, e: &'e ast::Expr) -> Option<Asked<'e>> {
        let (call, value) = match &e.kind {
            Ast::Else { of, otherwise } => (&**of, Some(&**otherwise)),
            _ => (e, None),
        };
        let Ast::Call { of, arguments } = &call.kind else { return None };
        let Ast::Field { of, name, .. } = &of.kind else { return None };
        let service = match self.static_item(&f.scope, of) {
            Some(def) => def,
            None => Def::Silent,
        };
        Some(Asked { service, operation: *name, arguments, value })
    }

    /// The operation that is asked, with its arguments.
    fn asked(
        &mut self,
        f: &mut FlowContext<'a>,
        asked: &Asked<'_>,
        e: &ast::Expr,
    ) -> Option<(OperationId, Vec<Expr>)> {
        let at = f.scope.at(asked.operation.span);
        let Def::Service(service) = asked.service else {
            return self.standard_asked(f, asked, e);
        };
        let known = self.shapes.services.get(service)?;
        let Some((_, id)) = known.iter().find(|(name, _)| *name == asked.operation.symbol) else {
            let names: Vec<&str> = known.iter().map(|(name, _)| self.name(*name)).collect();
            let what = format!("the service `{}`", self.program.services[service].name);
            self.unknown_property(&what, &names, asked.operation, at);
            for argument in &asked.arguments.list {
                self.expr(&mut f.scope, &argument.value, None);
            }
            return None;
        };
        let id = *id;
        let shape = self.shapes.operations[id].clone();
        let text = self.operation_text(id);
        let values = self.arguments(Some(&mut f.scope), &shape, Some(asked.arguments), &text, at);
        for (value, ty) in values.iter().zip(&shape.types) {
            // One that is secret as a whole was refused when it did not fit its parameter.
            if !ty.secret && !value.ty.secret {
                self.refuse_secret(value, "sent in the open");
            }
        }
        Some((id, values))
    }

    fn standard_asked(
        &mut self,
        f: &mut FlowContext<'a>,
        asked: &Asked<'_>,
        e: &ast::Expr,
    ) -> Option<(OperationId, Vec<Expr>)> {
        let call = match &e.kind {
            Ast::Else { of, .. } => of,
            _ => e,
        };
        let Ast::Call { of, .. } = &call.kind else { return None };
        let Ast::Field { of, .. } = &of.kind else { return None };
        let kind = self.standard(f.scope.module, of)?;
        let at = f.scope.at(asked.operation.span);
        if self.name(asked.operation.symbol) != "send" {
            let what = if kind == ServiceKind::Email { "`email`" } else { "`sms`" };
            self.unknown_property(what, &["send"], asked.operation, at);
            return None;
        }
        let id = self.standard_operation(kind, at);
        let params = self.program.operations[id].params.clone();
        let mut values: Vec<Option<Expr>> = vec![None; params.len()];
        for (position, argument) in asked.arguments.list.iter().enumerate() {
            let index = match argument.name {
                Some(name) => params.iter().position(|param| param.name == self.name(name.symbol)),
                None => Some(position).filter(|position| *position < params.len()),
            };
            let value = self.expr(&mut f.scope, &argument.value, index.map(|index| &params[index].ty.kind));
            let Some(index) = index else {
                self.error(
                    codes::EXTRA_ARGUMENT,
                    value.location,
                    "nobody asked for this",
                    "unknown argument",
                );
                continue;
            };
            let label = format!("`{}`", params[index].name);
            values[index] = Some(self.coerce(value, &params[index].ty, &label));
        }
        let missing: Vec<String> = params
            .iter()
            .zip(&values)
            .filter(|(_, value)| value.is_none())
            .map(|(param, _)| format!("`{}`", param.name))
            .collect();
        if !missing.is_empty() {
            let all = crate::near::listed(&missing, "and");
            self.error(codes::MISSING_ARGUMENT, at, format!("this needs {all}"), "argument missing");
        }
        Some((id, values.into_iter().map(|value| value.unwrap_or_else(|| unknown(at))).collect()))
    }

    fn operation_text(&self, id: OperationId) -> String {
        let operation = &self.program.operations[id];
        format!("{}.{}", self.program.services[operation.service].name, operation.name)
    }

    /// Complains of `email.send` and the like where an answer is waited for.
    fn waited_for(&mut self, id: OperationId, at: Location) {
        if self.program.services[self.program.operations[id].service].kind != ServiceKind::Http {
            let text = self.operation_text(id);
            self.error(codes::ONLY_SENT, at, format!("nobody answers `{text}`"), "waited for")
                .add_help(format!("write `send {text}(…)`: it is delivered, and the caller does not wait"));
        }
    }

    /// What happens when the service fails, for what has no value of its own.
    fn without_value(&mut self, f: &mut FlowContext<'a>, value: &ast::Value, at: Location) -> Failed {
        if let Some(exit) = &value.otherwise {
            return Failed::Exit(self.exit(f, exit, false));
        }
        if f.in_failed {
            self.error(codes::FAILS_AGAIN, at, "this may fail, and here it already has", "and then?")
                .add_help("say what then: `… else -> BLOCK`, or a value");
        }
        Failed::Block
    }

    /// `let x = crm.customer(n)`, `set x = crm.customer(n) else none`
    pub(crate) fn ask_and_keep(
        &mut self,
        f: &mut FlowContext<'a>,
        statement: &Statement,
        value: &ast::Value,
    ) -> Option<StatementKind> {
        let at = f.scope.at(value.expr.span);
        let asked = self.taken_apart(f, &value.expr)?;
        let found = self.asked(f, &asked, &value.expr);
        let answer = found.as_ref().and_then(|(id, _)| self.program.operations[*id].result.clone());
        if let Some((id, _)) = &found {
            self.waited_for(*id, at);
            if answer.is_none()
                && self.program.services[self.program.operations[*id].service].kind == ServiceKind::Http
            {
                let text = self.operation_text(*id);
                let there = self.program.operations[*id].location;
                self.error(
                    codes::NO_ANSWER,
                    at,
                    format!("`{text}` gives no answer to keep"),
                    "nothing comes back",
                )
                .add_label(there, "declared without a type of its answer")
                .add_help("write `do` to wait for it, or declare its answer: `…(…): Type`");
            }
        }
        let answer = answer.unwrap_or_else(|| open(TypeKind::Unknown));
        let (keep, wanted, place) = self.kept(f, statement, &answer)?;
        let failed = match asked.value {
            Some(instead) => {
                let instead = self.expr(&mut f.scope, instead, Some(&wanted.kind));
                Failed::Value(self.coerce(instead, &wanted, &place))
            }
            None => self.without_value(f, value, at),
        };
        let keep = match keep {
            Some(local) => Keep::Set(local),
            None => {
                let Statement::Let { name, .. } = statement else { return None };
                Keep::Let(self.declare(&mut f.scope, *name, wanted, false))
            }
        };
        let (operation, arguments) = found?;
        Some(StatementKind::Request(Box::new(Request { operation, arguments, keep, failed })))
    }

    /// Where the answer goes: a state that is there, or `None` for a new name; its type; what to call it.
    fn kept(
        &mut self,
        f: &mut FlowContext<'a>,
        statement: &Statement,
        answer: &Type,
    ) -> Option<(Option<LocalId>, Type, String)> {
        let at = |span| f.scope.at(span);
        match statement {
            Statement::Let { name, ty, value } => {
                let place = format!("`{}`", self.name(name.symbol));
                let here = at(value.expr.span);
                let wanted = match ty {
                    Some(ty) => {
                        let wanted = self.ty(f.scope.module, ty);
                        self.answer_fits(answer, &wanted, &place, here);
                        wanted
                    }
                    None => answer.clone(),
                };
                Some((None, wanted, place))
            }
            Statement::Set { target, value } => {
                let text = self.path_text(target);
                let place = format!("`{text}`");
                let here = at(value.expr.span);
                let there = at(target.span);
                let local = match target.names.as_slice() {
                    [name] => f.scope.find(name.symbol).filter(|local| f.state.contains(local)),
                    _ => None,
                };
                let Some(local) = local else {
                    self.error(codes::NOT_SETTABLE, there, format!("{place} is no `state`"), "cannot be set")
                        .add_help("declare a `state` in the flow for what changes, or use `let`");
                    return None;
                };
                let wanted = f.scope.locals[local].ty.clone();
                self.answer_fits(answer, &wanted, &place, here);
                Some((Some(local), wanted, place))
            }
            _ => None,
        }
    }

    /// Complains when an answer does not fit where it is to be kept.
    fn answer_fits(&mut self, answer: &Type, wanted: &Type, place: &str, at: Location) {
        let value = Expr { kind: crate::hir::ExprKind::None, ty: answer.clone(), location: at };
        self.coerce(value, wanted, place);
    }

    /// `do crm.keep(id)`
    pub(crate) fn do_statement(
        &mut self,
        f: &mut FlowContext<'a>,
        value: &ast::Value,
        at: Location,
    ) -> Option<StatementKind> {
        if !self.asks(f, &value.expr) {
            return self.no_service(f, &value.expr, "do");
        }
        let asked = self.taken_apart(f, &value.expr)?;
        let found = self.asked(f, &asked, &value.expr);
        if let Some((id, _)) = &found {
            self.waited_for(*id, at);
        }
        let failed = match asked.value {
            None => self.without_value(f, value, at),
            Some(ast::Expr { kind: Ast::None, .. }) => Failed::GoOn,
            Some(other) => {
                let at = f.scope.at(other.span);
                self.error(
                    codes::MISMATCH,
                    at,
                    "`do` keeps nothing, so there is nothing to put in its place",
                    "a value",
                )
                .add_help("write `else none` to go on all the same, or `else -> BLOCK`");
                Failed::GoOn
            }
        };
        let (operation, arguments) = found?;
        Some(StatementKind::Request(Box::new(Request { operation, arguments, keep: Keep::Nothing, failed })))
    }

    /// `send crm.rate(id, score)`
    pub(crate) fn send_statement(&mut self, f: &mut FlowContext<'a>, e: &ast::Expr) -> Option<StatementKind> {
        if !self.asks(f, e) {
            return self.no_service(f, e, "send");
        }
        if let Ast::Else { otherwise, .. } = &e.kind {
            let at = f.scope.at(otherwise.span);
            self.error(
                codes::NEEDLESS_ELSE,
                at,
                "`send` never fails: it is kept and delivered later",
                "never taken",
            )
            .add_help("remove the `else` part");
        }
        let asked = self.taken_apart(f, e)?;
        let (operation, arguments) = self.asked(f, &asked, e)?;
        for value in &arguments {
            self.refuse_secret(value, "written to disk until it is delivered");
        }
        Some(StatementKind::Send { operation, arguments })
    }

    fn no_service<T>(&mut self, f: &mut FlowContext<'a>, e: &ast::Expr, word: &str) -> Option<T> {
        let before = self.diagnostics.len();
        self.expr(&mut f.scope, e, None);
        if self.diagnostics.len() == before {
            let at = f.scope.at(e.span);
            self.error(
                codes::NOT_A_SERVICE,
                at,
                format!("`{word}` takes a service, and this is none"),
                "not a service",
            )
            .add_help(format!("write `{word} SERVICE.OPERATION(…)`"));
        }
        None
    }

    /// A service stands inside of an expression.
    pub(crate) fn service_in_expression(&mut self, at: Location) -> Expr {
        self.error(
            codes::SERVICE_IN_EXPRESSION,
            at,
            "a service is asked in a statement of its own",
            "waits, and may fail",
        )
        .add_help("ask it before: `let x = SERVICE.OPERATION(…) else …`, and use `x` here");
        unknown(at)
    }
}
