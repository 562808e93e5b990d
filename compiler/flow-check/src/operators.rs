//! Operators: which values they stand between, and what comes out.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, BinaryOp as Op, UnaryOp};

use crate::codes;
use crate::context::{Checker, Say, Scope, open, unknown};
use crate::hir::{self, Expr, ExprKind, Test, Type, TypeKind};
use crate::types::{article, fits, opened};

fn hir_op(op: Op) -> hir::BinaryOp {
    match op {
        Op::Or => hir::BinaryOp::Or,
        Op::And => hir::BinaryOp::And,
        Op::Equal => hir::BinaryOp::Equal,
        Op::NotEqual => hir::BinaryOp::NotEqual,
        Op::Less => hir::BinaryOp::Less,
        Op::LessOrEqual => hir::BinaryOp::LessOrEqual,
        Op::Greater => hir::BinaryOp::Greater,
        Op::GreaterOrEqual => hir::BinaryOp::GreaterOrEqual,
        Op::Add => hir::BinaryOp::Add,
        Op::Subtract => hir::BinaryOp::Subtract,
        Op::Multiply => hir::BinaryOp::Multiply,
        Op::Divide => hir::BinaryOp::Divide,
        Op::Remainder => hir::BinaryOp::Remainder,
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Or => "or",
        Op::And => "and",
        Op::Equal => "==",
        Op::NotEqual => "!=",
        Op::Less => "<",
        Op::LessOrEqual => "<=",
        Op::Greater => ">",
        Op::GreaterOrEqual => ">=",
        Op::Add => "+",
        Op::Subtract => "-",
        Op::Multiply => "*",
        Op::Divide => "/",
        Op::Remainder => "%",
    }
}

/// Who may be recorded, in the order of their numbers.
const RECORDED: [&str; 4] = ["nobody", "caller", "agent", "both"];

fn ordered(kind: &TypeKind) -> bool {
    matches!(
        kind,
        TypeKind::Int
            | TypeKind::Duration
            | TypeKind::Date
            | TypeKind::Time
            | TypeKind::DateTime
            | TypeKind::Unknown
    )
}

impl Checker<'_> {
    pub fn unary(&mut self, s: &mut Scope, op: UnaryOp, of: &ast::Expr, at: Location) -> Expr {
        match op {
            UnaryOp::Not => {
                let mark = s.names.len();
                let value = self.expr(s, of, Some(&TypeKind::Bool));
                s.names.truncate(mark);
                let ty = Type { kind: TypeKind::Bool, secret: value.ty.secret };
                let value = self.coerce_kind(value, &TypeKind::Bool, "`not`");
                Expr { kind: ExprKind::Not(Box::new(value)), ty, location: at }
            }
            UnaryOp::Negate => {
                let value = self.expr(s, of, None);
                if !matches!(value.ty.kind, TypeKind::Int | TypeKind::Duration | TypeKind::Unknown) {
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
        let place = format!("`{}`", sign(op));
        let mark = s.names.len();
        let left = self.expr(s, left, Some(&TypeKind::Bool));
        // What `is` binds holds for the rest of an `and` chain; after `or` nobody knows which side held.
        if op == Op::Or {
            s.names.truncate(mark);
        }
        let right = self.expr(s, right, Some(&TypeKind::Bool));
        if op == Op::Or {
            s.names.truncate(mark);
        }
        let secret = left.ty.secret || right.ty.secret;
        let left = self.coerce_kind(left, &TypeKind::Bool, &place);
        let right = self.coerce_kind(right, &TypeKind::Bool, &place);
        let kind = ExprKind::Binary(hir_op(op), Box::new(left), Box::new(right));
        Expr { kind, ty: Type { kind: TypeKind::Bool, secret }, location: at }
    }

    fn equal(&mut self, s: &mut Scope, op: Op, left: &ast::Expr, right: &ast::Expr, at: Location) -> Expr {
        if let Some(found) = self.recording_is(s, op, left, right, at) {
            return found;
        }
        let (left, right) = self.two_sides(s, left, right);
        let secret = self.is_secret(&left) || self.is_secret(&right);
        if !fits(&left.ty.kind, &right.ty.kind) && !fits(&right.ty.kind, &left.ty.kind) {
            let (a, b) = (self.type_text(&left.ty.kind), self.type_text(&right.ty.kind));
            let diagnostic = self.error(
                codes::OPERATOR,
                at,
                format!("{} is never equal to {}", article(&a), article(&b)),
                "compared",
            );
            diagnostic.add_label(left.location, article(&a)).add_label(right.location, article(&b));
            if let Some(inner) = opened(&left.ty)
                && fits(&right.ty.kind, &inner.kind)
            {
                diagnostic.add_help("open the first with `is some(x)` or `else`, then compare");
            }
            return unknown(at);
        }
        if secret && !s.in_check {
            self.secret_decides(at);
        }
        let kind = ExprKind::Binary(hir_op(op), Box::new(left), Box::new(right));
        Expr { kind, ty: Type { kind: TypeKind::Bool, secret: secret && s.in_check }, location: at }
    }

    /// `recording == nobody`: the one comparison that who is recorded takes part in.
    fn recording_is(
        &mut self,
        s: &mut Scope,
        op: Op,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Location,
    ) -> Option<Expr> {
        let word = |checker: &Self, e: &ast::Expr| match &e.kind {
            ast::ExprKind::Name(name) => Some(checker.name(*name).to_owned()),
            _ => None,
        };
        let (left, right) = (word(self, left)?, word(self, right)?);
        let other = match (left.as_str(), right.as_str()) {
            ("recording", other) | (other, "recording") => other.to_owned(),
            _ => return None,
        };
        let Some(number) = RECORDED.iter().position(|known| *known == other) else {
            let near = crate::near::nearest(&other, RECORDED.iter().copied());
            self.error(codes::OUT_OF_RANGE, at, format!("nobody is recorded as `{other}`"), "unknown")
                .suggest(&near, at)
                .add_help("compare with `nobody`, `caller`, `agent` or `both`");
            return Some(unknown(at));
        };
        self.needs_call(s, at);
        let value = |kind| Expr { kind, ty: open(TypeKind::Int), location: at };
        let sample = Box::new(value(ExprKind::Sample(hir::Sample::Recording)));
        let number = Box::new(value(ExprKind::Int(number as i64)));
        Some(Expr {
            kind: ExprKind::Binary(hir_op(op), sample, number),
            ty: open(TypeKind::Bool),
            location: at,
        })
    }

    /// Both sides, each a hint for the other: enum variants, `none` and quoted numbers take their type.
    fn two_sides(&mut self, s: &mut Scope, left: &ast::Expr, right: &ast::Expr) -> (Expr, Expr) {
        let left = self.expr(s, left, None);
        let right = self.expr(s, right, Some(&left.ty.kind));
        let literal = |e: &Expr| matches!(e.kind, ExprKind::Text(_)) && matches!(e.ty.kind, TypeKind::Text);
        if literal(&right) && matches!(left.ty.kind, TypeKind::Phone | TypeKind::Digits) {
            let kind = left.ty.kind.clone();
            let right = self.coerce_kind(right, &kind, "the comparison");
            return (left, right);
        }
        if literal(&left) && matches!(right.ty.kind, TypeKind::Phone | TypeKind::Digits) {
            let kind = right.ty.kind.clone();
            let left = self.coerce_kind(left, &kind, "the comparison");
            return (left, right);
        }
        (left, right)
    }

    fn arithmetic(
        &mut self,
        s: &mut Scope,
        op: Op,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Location,
    ) -> Expr {
        let (left, right) = self.two_sides(s, left, right);
        let secret = left.ty.secret || right.ty.secret;
        use TypeKind::{Bool, Date, DateTime, Duration, Int, Text, Unknown};
        let compared = matches!(op, Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual);
        let kind = match (op, &left.ty.kind, &right.ty.kind) {
            (_, Unknown, _) | (_, _, Unknown) => Some(if compared { Bool } else { Unknown }),
            (_, a, b) if compared && a == b && ordered(a) => Some(Bool),
            (Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder, Int, Int) => Some(Int),
            (Op::Add | Op::Subtract, Duration, Duration) => Some(Duration),
            (Op::Multiply, Duration, Int) | (Op::Multiply, Int, Duration) => Some(Duration),
            (Op::Divide, Duration, Int) => Some(Duration),
            (Op::Add | Op::Subtract, DateTime, Duration) => Some(DateTime),
            (Op::Subtract, DateTime, DateTime) => Some(Duration),
            (Op::Add | Op::Subtract, Date, Duration) => Some(Date),
            (Op::Subtract, Date, Date) => Some(Duration),
            (Op::Add, Text, Text) => Some(Text),
            _ => None,
        };
        let Some(kind) = kind else {
            let (a, b) = (self.type_text(&left.ty.kind), self.type_text(&right.ty.kind));
            let optional = opened(&left.ty).is_some() || opened(&right.ty).is_some();
            let diagnostic = self.error(
                codes::OPERATOR,
                at,
                format!("`{}` does not fit {} and {}", sign(op), article(&a), article(&b)),
                "does not fit",
            );
            diagnostic.add_label(left.location, article(&a)).add_label(right.location, article(&b));
            if optional {
                diagnostic.add_help("open what may be missing first: `… else VALUE`, or `… is some(x)`");
            }
            return unknown(at);
        };
        if matches!(op, Op::Divide | Op::Remainder)
            && right.ty.kind == Int
            && !matches!(right.kind, ExprKind::Int(n) if n != 0)
        {
            self.error(
                codes::DIVISOR,
                right.location,
                "the divisor may be zero",
                "not a number other than zero",
            )
            .add_help("divide by a written number or constant that is not zero");
        }
        if secret && compared && !s.in_check {
            self.secret_decides(at);
        }
        let kind_out = ExprKind::Binary(hir_op(op), Box::new(left), Box::new(right));
        Expr { kind: kind_out, ty: Type { kind, secret }, location: at }
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
        let kind = ExprKind::Is { value: Box::new(value), test, negated, bindings };
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
                    self.secret_decides(at);
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
            (ExprKind::Date(a), ExprKind::Date(b)) | (ExprKind::Time(a), ExprKind::Time(b)) => {
                if inclusive {
                    a > b
                } else {
                    a >= b
                }
            }
            _ => false,
        };
        if empty {
            self.error(codes::EMPTY_RANGE, at, "this range holds nothing", "ends before it begins");
        }
        let secret = value.ty.secret || low.ty.secret || high.ty.secret;
        if secret && !s.in_check {
            self.secret_decides(at);
        }
        let kind =
            ExprKind::Between { value: Box::new(value), low: Box::new(low), high: Box::new(high), inclusive };
        Expr { kind, ty: Type { kind: TypeKind::Bool, secret: secret && s.in_check }, location: at }
    }
}
