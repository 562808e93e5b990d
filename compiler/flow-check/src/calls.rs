//! Arguments: of functions, records, variants, prompts, limits, blocks and flows.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, ExprKind as Ast};

use crate::codes;
use crate::context::{Checker, Place, Say, Scope, Signature, open, unknown};
use crate::expressions::Role;
use crate::hir::{Expr, ExprKind, Sample, Type, TypeKind};
use crate::names::Def;
use crate::near::{listed, nearest};

impl Checker<'_> {
    /// Matches arguments with what is wanted, by place and by name. Without a scope there are none to read.
    pub fn arguments(
        &mut self,
        scope: Option<&mut Scope>,
        shape: &Signature,
        arguments: Option<&ast::Arguments>,
        what: &str,
        at: Location,
    ) -> Vec<Expr> {
        let mut given: Vec<Option<Expr>> = vec![None; shape.names.len()];
        if let (Some(scope), Some(arguments)) = (scope, arguments) {
            for (position, argument) in arguments.list.iter().enumerate() {
                let span = argument.name.map_or(argument.value.span, |n| n.span);
                let place = scope.at(span);
                let index = match argument.name {
                    Some(name) => shape.names.iter().position(|n| *n == name.symbol),
                    None => Some(position).filter(|p| *p < shape.names.len()),
                };
                let Some(index) = index else {
                    self.expr(scope, &argument.value, None);
                    self.extra(shape, argument.name, what, place);
                    continue;
                };
                let ty = &shape.types[index];
                let value = self.expr(scope, &argument.value, Some(&ty.kind));
                let label = format!("`{}` of `{what}`", self.name(shape.names[index]));
                let value = self.coerce(value, ty, &label);
                if given[index].is_some() {
                    self.error(
                        codes::EXTRA_ARGUMENT,
                        place,
                        format!("{label} is given twice"),
                        "given again",
                    );
                }
                given[index] = Some(value);
            }
        }
        let mut missing = Vec::new();
        let mut out = Vec::with_capacity(given.len());
        for (index, value) in given.into_iter().enumerate() {
            match value.or_else(|| shape.defaults[index].clone()) {
                Some(value) => {
                    // A default that was not read yet, or was wrong and is reported.
                    if value.ty.kind == TypeKind::Unknown && shape.defaults[index].is_some() {
                        self.default_too_early(shape, index, at);
                    }
                    out.push(value);
                }
                None => {
                    let ty = self.type_text(&shape.types[index].kind);
                    missing.push(format!("`{}: {ty}`", self.name(shape.names[index])));
                    out.push(unknown(at));
                }
            }
        }
        if !missing.is_empty() {
            let all = listed(&missing, "and");
            self.error(codes::MISSING_ARGUMENT, at, format!("`{what}` needs {all}"), "argument missing")
                .add_help(format!("write `{what}(…)` with {all}"));
        }
        out
    }

    /// A default that needs another default which is read later.
    fn default_too_early(&mut self, shape: &Signature, index: usize, at: Location) {
        if shape.types[index].kind == TypeKind::Unknown || self.has_errors() {
            return;
        }
        let name = self.name(shape.names[index]);
        self.error(
            codes::NOT_CONSTANT,
            at,
            format!("the default of `{name}` is not known yet here"),
            "left out",
        )
        .add_help(format!("write `{name}: …`"));
    }

    fn extra(&mut self, shape: &Signature, name: Option<ast::Name>, what: &str, at: Location) {
        let names: Vec<&str> = shape.names.iter().map(|n| self.name(*n)).collect();
        let quoted: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
        let takes = if quoted.is_empty() { "nothing".into() } else { listed(&quoted, "and") };
        let near = name.map_or(Vec::new(), |n| nearest(self.name(n.symbol), names));
        let message = match name {
            Some(name) => format!("`{what}` has no argument named `{}`", self.name(name.symbol)),
            None => format!("`{what}` gets too many arguments"),
        };
        let written = name.map_or("", |n| self.name(n.symbol));
        self.error(codes::EXTRA_ARGUMENT, at, message, "unknown argument")
            .add_note(format!("`{what}` takes {takes}"))
            .suggest(written, &near, at);
    }

    /// `f(x)`, `Customer(…)`, `paid(ref)`, `some(x)`, `office.open_at(t)`.
    pub fn call(
        &mut self,
        s: &mut Scope,
        of: &ast::Expr,
        arguments: &ast::Arguments,
        at: Location,
        want: Option<&TypeKind>,
    ) -> Expr {
        match &of.kind {
            Ast::Name(name) if s.find(*name).is_none() => {
                if let Some(TypeKind::Enum(id)) = want
                    && let Some(index) = self.shapes.enums[*id].iter().position(|(n, _)| n == name)
                {
                    return self.variant_call(s, *id, index, arguments, at);
                }
                if let Some(def) = self.item(s.module, *name) {
                    let text = self.name(*name);
                    return self.call_item(s, def, text, arguments, at);
                }
                if let Some(found) = self.builtin_call(s, self.name(*name), arguments, at, want) {
                    return found;
                }
                if let Some([(id, index)]) = self.variants.get(name).map(Vec::as_slice) {
                    let (id, index) = (*id, *index);
                    return self.variant_call(s, id, index, arguments, at);
                }
                if self.is_nothing(s, *name) {
                    for argument in &arguments.list {
                        self.expr(s, &argument.value, None);
                    }
                    return self.unknown_name(s, *name, s.at(of.span), Role::Called);
                }
            }
            Ast::Field { of: inner, name, .. } => {
                if let Some(def) = self.static_item(s, inner) {
                    match def {
                        Def::Calendar(id) if self.name(name.symbol) == "open_at" => {
                            self.needs_call(s, at);
                            let moment = self.one_argument(s, arguments, "open_at", &TypeKind::DateTime, at);
                            let kind = ExprKind::Sample(Sample::CalendarOpenAt(id, Box::new(moment)));
                            return Expr { kind, ty: open(TypeKind::Bool), location: at };
                        }
                        Def::Module(module) => {
                            let def = self.public_item(module, *name, s.at(name.span));
                            let text = self.name(name.symbol);
                            return self.call_item(s, def, text, arguments, at);
                        }
                        Def::Table(id) if self.name(name.symbol) == "find" => {
                            return self.find(s, id, arguments, at);
                        }
                        Def::Table(_) => return self.method(s, inner, *name, arguments, at),
                        Def::Service(_) => {
                            for argument in &arguments.list {
                                self.expr(s, &argument.value, None);
                            }
                            return self.service_in_expression(at);
                        }
                        Def::Silent => return unknown(at),
                        _ => {}
                    }
                } else {
                    return self.method(s, inner, *name, arguments, at);
                }
            }
            _ => {}
        }
        let value = self.expr(s, of, None);
        if value.ty.kind != TypeKind::Unknown {
            self.error(
                codes::NOT_CALLABLE,
                at,
                "only functions, records and variants take arguments",
                "called",
            );
        }
        unknown(at)
    }

    fn call_item(
        &mut self,
        s: &mut Scope,
        def: Def,
        text: &str,
        arguments: &ast::Arguments,
        at: Location,
    ) -> Expr {
        match def {
            Def::Function(id) => {
                if s.place == Place::Constant {
                    self.not_constant(at, "a function is called");
                }
                if let Some(caller) = s.function {
                    self.uses.functions.push((caller, id, at));
                }
                let shape = self.shapes.functions[id].clone();
                let values = self.arguments(Some(s), &shape, Some(arguments), text, at);
                let secret = values.iter().any(|v| v.ty.secret);
                let module = self.sources.functions[id].module;
                let result = match &self.sources.functions[id].item.kind {
                    ast::ItemKind::Fn { result, .. } => self.quiet_type(module, result),
                    _ => open(TypeKind::Unknown),
                };
                let ty = Type { kind: result.kind, secret: secret || result.secret };
                Expr { kind: ExprKind::Call(id, values), ty, location: at }
            }
            Def::Record(id) => {
                let shape = self.shapes.records[id].clone();
                let values = self.arguments(Some(s), &shape, Some(arguments), text, at);
                Expr { kind: ExprKind::Record(id, values), ty: open(TypeKind::Record(id)), location: at }
            }
            Def::Silent => {
                for argument in &arguments.list {
                    self.expr(s, &argument.value, None);
                }
                unknown(at)
            }
            other => {
                let (what, text) = (other.what(), text.to_owned());
                self.error(
                    codes::NOT_CALLABLE,
                    at,
                    format!("`{text}` is {what}, which is not called in an expression"),
                    "called",
                );
                unknown(at)
            }
        }
    }

    /// A type whose mistakes are reported where it is declared.
    fn quiet_type(&mut self, module: usize, ty: &ast::Type) -> Type {
        let before = self.diagnostics.len();
        let ty = self.ty(module, ty);
        self.diagnostics.truncate(before);
        ty
    }

    fn variant_call(
        &mut self,
        s: &mut Scope,
        id: usize,
        index: usize,
        arguments: &ast::Arguments,
        at: Location,
    ) -> Expr {
        let (name, shape) = self.shapes.enums[id][index].clone();
        let values = self.arguments(Some(s), &shape, Some(arguments), self.name(name), at);
        Expr { kind: ExprKind::Variant(id, index, values), ty: open(TypeKind::Enum(id)), location: at }
    }

    /// The only argument of a method.
    pub fn one_argument(
        &mut self,
        s: &mut Scope,
        arguments: &ast::Arguments,
        what: &str,
        kind: &TypeKind,
        at: Location,
    ) -> Expr {
        let [argument] = arguments.list.as_slice() else {
            self.error(
                codes::MISSING_ARGUMENT,
                at,
                format!("`{what}` takes one argument"),
                "not these arguments",
            );
            return unknown(at);
        };
        let value = self.expr(s, &argument.value, Some(kind));
        self.coerce(value, &open(kind.clone()), &format!("`{what}`"))
    }
}
