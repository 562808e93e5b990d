//! Operators: `and`, `or`, `not`, `is` and `in`; those that calculate and compare are in `arithmetic`.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, BinaryOp as Op, UnaryOp};

use crate::arithmetic::{hir_op, ordered, sign};

use crate::codes;
use crate::context::{Checker, Say, Scope, open, unknown};
use crate::hir::{self, Expr, ExprKind, Test, Type, TypeKind};
use crate::types::article;

impl Checker<'_> {
    pub fn unary(&mut self, s: &mut Scope, op: UnaryOp, of: &ast::Expr, at: Location) -> Expr {
        match op {
            UnaryOp::Not => {
                let value = self.expr(s, of, Some(&TypeKind::Bool));
                let ty = Type { kind: TypeKind::Bool, secret: value.ty.secret };
                let value = self.coerce_kind(value, &TypeKind::Bool, "`not`");
                Expr { kind: ExprKind::Not(Box::new(value)), ty, location: at }
            }
            UnaryOp::Negate => {
                let value = self.expr(s, of, None);
                use TypeKind::{Decimal, Duration, Int, Money, Unknown};
                if !matches!(value.ty.kind, Int | Decimal | Money | Duration | Unknown) {
                    let text = article(&self.type_text(&value.ty.kind));
                    self.error(codes::OPERATOR, at, format!("`-` does not fit {text}"), text);
                    return unknown(at);
                }
                let ty = value.ty.clone();
                Expr { kind: ExprKind::Negate(Box::new(value)), ty, location: at }
            }
        }
    }

    pub fn binary(
        &mut self,
        s: &mut Scope,
        op: Op,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Location,
    ) -> Expr {
        match op {
            Op::And | Op::Or => self.logic(s, op, left, right, at),
            Op::Equal | Op::NotEqual => self.equal(s, op, left, right, at),
            _ => self.arithmetic(s, op, left, right, at),
        }
    }

    fn logic(&mut self, s: &mut Scope, op: Op, left: &ast::Expr, right: &ast::Expr, at: Location) -> Expr {
        let place = format_args!("`{}`", sign(op));
        // What `is` binds holds for the rest of an `and` chain; after `or` nobody knows which side held.
        let bool = Some(&TypeKind::Bool);
        let (left, right) = match op {
            Op::Or => (self.expr(s, left, bool), self.expr(s, right, bool)),
            _ => (self.tested(s, left, bool), self.tested(s, right, bool)),
        };
        let secret = left.ty.secret || right.ty.secret;
        let left = self.coerce_kind(left, &TypeKind::Bool, place);
        let right = self.coerce_kind(right, &TypeKind::Bool, place);
        let kind = ExprKind::Binary(hir_op(op), Box::new(left), Box::new(right));
        Expr { kind, ty: Type { kind: TypeKind::Bool, secret }, location: at }
    }

    /// `x is PATTERN`; what it binds stays in the scope.
    pub fn is(
        &mut self,
        s: &mut Scope,
        of: &ast::Expr,
        negated: bool,
        pattern: &ast::Pattern,
        at: Location,
    ) -> Expr {
        let value = self.expr(s, of, None);
        let ty = Type { kind: TypeKind::Bool, secret: value.ty.secret };
        let (test, types) = match (pattern, &value.ty.kind) {
            (_, TypeKind::Unknown) => {
                self.bind_unknown(s, pattern);
                return unknown(at);
            }
            (ast::Pattern::None(_), TypeKind::Optional(_)) => (Test::None, Vec::new()),
            (ast::Pattern::Variant { path, .. }, TypeKind::Optional(inner)) if self.is_some(path) => {
                (Test::Some, vec![Type { kind: (**inner).clone(), secret: value.ty.secret }])
            }
            (ast::Pattern::Variant { path, span, .. }, TypeKind::Enum(id)) => {
                let id = *id;
                let Some(name) = path.names.last() else { return unknown(at) };
                let Some(index) = self.shapes.enums[id].iter().position(|(n, _)| *n == name.symbol) else {
                    self.unknown_variant(id, *name, s.at(*span));
                    self.bind_unknown(s, pattern);
                    return unknown(at);
                };
                let shape = self.shapes.enums[id][index].1.clone();
                let of_secret = value.ty.secret;
                let types = shape.types.iter().map(|t| Type { secret: t.secret || of_secret, ..t.clone() });
                (Test::Variant(id, index), types.collect())
            }
            (_, other) => {
                let text = article(&self.type_text(other));
                let help = match other {
                    TypeKind::Optional(_) => {
                        "an option is `none` or `some(x)`; open it before asking for more"
                    }
                    _ => "compare with `==`; `is` asks options and enums",
                };
                self.error(codes::PATTERN, at, format!("{text} never is this"), "never fits").add_help(help);
                self.bind_unknown(s, pattern);
                return unknown(at);
            }
        };
        let bindings = match pattern {
            ast::Pattern::None(_) => Vec::new(),
            ast::Pattern::Variant { bindings, span, .. } => self.bind(s, bindings, &types, s.at(*span)),
        };
        if negated && bindings.iter().any(Option::is_some) {
            self.error(
                codes::PATTERN,
                at,
                "`is not` names nothing: it holds when the rest is not there",
                "names",
            )
            .add_help("write `_` for what is inside");
        }
        let kind = ExprKind::Is(Box::new(hir::Is { value, test, negated, bindings }));
        Expr { kind, ty, location: at }
    }

    fn is_some(&self, path: &ast::Path) -> bool {
        matches!(path.names.as_slice(), [one] if self.name(one.symbol) == "some")
    }

    /// Declares what a pattern or an arm names, one for each datum.
    pub fn bind(
        &mut self,
        s: &mut Scope,
        bindings: &[ast::Binding],
        types: &[Type],
        at: Location,
    ) -> Vec<Option<hir::LocalId>> {
        if bindings.len() > types.len() {
            let (has, named) = (types.len(), bindings.len());
            let plural = if has == 1 { "value" } else { "values" };
            self.error(codes::PATTERN, at, format!("{named} names for {has} {plural}"), "too many names");
        }
        let mut out = Vec::new();
        for (index, binding) in bindings.iter().enumerate() {
            let ty = types.get(index).cloned().unwrap_or_else(|| open(TypeKind::Unknown));
            out.push(match binding {
                ast::Binding::Name(name) => Some(self.declare(s, *name, ty, false)),
                ast::Binding::Ignored(_) => None,
            });
        }
        out.resize(types.len(), None);
        out
    }

    fn bind_unknown(&mut self, s: &mut Scope, pattern: &ast::Pattern) {
        if let ast::Pattern::Variant { bindings, span, .. } = pattern {
            let types = vec![open(TypeKind::Unknown); bindings.len()];
            self.bind(s, bindings, &types, s.at(*span));
        }
    }

    /// `x in xs`, `x in a..b`, `x in a to b`
    pub fn within(&mut self, s: &mut Scope, of: &ast::Expr, range: &ast::InRange, at: Location) -> Expr {
        let value = self.expr(s, of, None);
        match range {
            ast::InRange::Of(list) => {
                let list = self.expr(s, list, Some(&TypeKind::List(Box::new(value.ty.kind.clone()))));
                let element = self.element(&list);
                let value = self.coerce_kind(value, &element.kind, "`in`");
                let secret = self.is_secret(&value) || self.is_secret(&list);
                if secret && !s.in_check {
                    self.secret_decides(at, if self.is_secret(&value) { &value } else { &list });
                }
                let kind = ExprKind::Contains { list: Box::new(list), value: Box::new(value) };
                Expr { kind, ty: Type { kind: TypeKind::Bool, secret: secret && s.in_check }, location: at }
            }
            ast::InRange::Until(low, high) => self.between(s, value, low, high, false, at),
            ast::InRange::To(low, high) => self.between(s, value, low, high, true, at),
        }
    }

    fn between(
        &mut self,
        s: &mut Scope,
        value: Expr,
        low: &ast::Expr,
        high: &ast::Expr,
        inclusive: bool,
        at: Location,
    ) -> Expr {
        let kind = value.ty.kind.clone();
        if !ordered(&kind) {
            let text = article(&self.type_text(&kind));
            self.error(codes::OPERATOR, value.location, format!("{text} has no order"), text);
            return unknown(at);
        }
        let low = self.expr(s, low, Some(&kind));
        let low = self.coerce_kind(low, &kind, "the range's start");
        self.one_currency(s, &value, &low, at);
        let high = self.expr(s, high, Some(&kind));
        let high = self.coerce_kind(high, &kind, "the range's end");
        let empty = match (&low.kind, &high.kind) {
            (ExprKind::Int(a), ExprKind::Int(b)) | (ExprKind::Duration(a), ExprKind::Duration(b)) => {
                if inclusive {
                    a > b
                } else {
                    a >= b
                }
            }
            (ExprKind::Date(a), ExprKind::Date(b)) => {
                if inclusive {
                    a > b
                } else {
                    a >= b
                }
            }
            (ExprKind::Time(a), ExprKind::Time(b)) => a == b && !inclusive,
            _ => false,
        };
        if empty {
            self.error(codes::EMPTY_RANGE, at, "this range holds nothing", "ends before it begins");
        }
        let secret = value.ty.secret || low.ty.secret || high.ty.secret;
        if secret && !s.in_check {
            let from = [&low, &high].into_iter().find(|side| side.ty.secret);
            self.secret_decides(at, from.filter(|_| !value.ty.secret).unwrap_or(&value));
        }
        // Hours that end before they begin run into the next day: they are what the hours between leave out.
        if let (ExprKind::Time(a), ExprKind::Time(b)) = (&low.kind, &high.kind)
            && a > b
            && !inclusive
        {
            let day = ExprKind::Between {
                value: Box::new(value),
                low: Box::new(high),
                high: Box::new(low),
                inclusive: false,
            };
            let ty = Type { kind: TypeKind::Bool, secret: secret && s.in_check };
            let day = Expr { kind: day, ty: ty.clone(), location: at };
            return Expr { kind: ExprKind::Not(Box::new(day)), ty, location: at };
        }
        let kind =
            ExprKind::Between { value: Box::new(value), low: Box::new(low), high: Box::new(high), inclusive };
        Expr { kind, ty: Type { kind: TypeKind::Bool, secret: secret && s.in_check }, location: at }
    }
}
