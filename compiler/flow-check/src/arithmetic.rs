//! Operators that calculate and compare: which values they stand between, and what comes out.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, BinaryOp as Op};
use rust_decimal::Decimal;

use crate::codes;
use crate::context::{Checker, Say, Scope, unknown};
use crate::hir::{self, Builtin, Expr, ExprKind, Type, TypeKind};
use crate::money::{widened, written_number};
use crate::types::{article, fits, opened};

pub(crate) fn hir_op(op: Op) -> hir::BinaryOp {
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

pub(crate) fn sign(op: Op) -> &'static str {
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

/// Whether values of a type come one before the other.
pub(crate) fn ordered(kind: &TypeKind) -> bool {
    matches!(
        kind,
        TypeKind::Int
            | TypeKind::Decimal
            | TypeKind::Money
            | TypeKind::Duration
            | TypeKind::Date
            | TypeKind::Time
            | TypeKind::DateTime
            | TypeKind::Unknown
    )
}

impl Checker<'_> {
    pub(crate) fn equal(
        &mut self,
        s: &mut Scope,
        op: Op,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Location,
    ) -> Expr {
        let (left, right) = self.two_sides(s, left, right);
        let (left, right) = alike(left, right);
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
        if holds_key(&left.ty.kind) || holds_key(&right.ty.kind) {
            self.error(codes::OPERATOR, at, "keys are not compared, only encrypted by", "compared");
            return unknown(at);
        }
        if secret && !s.in_check {
            self.secret_decides(at, if self.is_secret(&left) { &left } else { &right });
        }
        self.one_currency(s, &left, &right, at);
        if op == Op::NotEqual {
            self.learn_nonzero(s, Op::NotEqual, &left, &right);
        }
        let kind = ExprKind::Binary(hir_op(op), Box::new(left), Box::new(right));
        Expr { kind, ty: Type { kind: TypeKind::Bool, secret: secret && s.in_check }, location: at }
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

    pub(crate) fn arithmetic(
        &mut self,
        s: &mut Scope,
        op: Op,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Location,
    ) -> Expr {
        let (left, right) = self.two_sides(s, left, right);
        let secret = left.ty.secret || right.ty.secret;
        let compared = matches!(op, Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual);
        let kind = result(op, &left.ty.kind, &right.ty.kind, compared);
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
        if self.whole_days(op, &left, &right) || self.zero_divisor(op, &right) {
            return unknown(at);
        }
        // What calculates exactly does so in decimals on both sides.
        let exact = !compared && matches!(kind, TypeKind::Decimal | TypeKind::Money);
        let (left, right) = match exact {
            true => (widened(left), widened(right)),
            false => alike(left, right),
        };
        self.one_currency(s, &left, &right, at);
        if compared {
            self.learn_nonzero(s, op, &left, &right);
            if secret && !s.in_check {
                self.secret_decides(at, if self.is_secret(&left) { &left } else { &right });
            }
        }
        let divides = matches!(op, Op::Divide | Op::Remainder) && kind != TypeKind::Unknown;
        let kind = match divides && !self.is_nonzero(s, &right) {
            true => TypeKind::Optional(Box::new(kind)),
            false => kind,
        };
        let kind_out = ExprKind::Binary(hir_op(op), Box::new(left), Box::new(right));
        Expr { kind: kind_out, ty: Type { kind, secret }, location: at }
    }

    /// A date moves by whole days.
    fn whole_days(&mut self, op: Op, left: &Expr, right: &Expr) -> bool {
        let span = match (op, &left.ty.kind, &right.ty.kind) {
            (Op::Add | Op::Subtract, TypeKind::Date, TypeKind::Duration) => right,
            (Op::Add, TypeKind::Duration, TypeKind::Date) => left,
            _ => return false,
        };
        let ExprKind::Duration(millis) = span.kind else { return false };
        let part = millis % MILLIS_PER_DAY != 0;
        if part {
            self.error(codes::NOT_WHOLE_DAYS, span.location, "a date moves by whole days", "not whole days")
                .add_help("write days, as in `2d`, or calculate with a moment, as in `now + 36h`");
        }
        part
    }

    fn zero_divisor(&mut self, op: Op, divisor: &Expr) -> bool {
        let zero = matches!(op, Op::Divide | Op::Remainder)
            && written_number(divisor).is_some_and(|number| number.is_zero());
        if zero {
            self.error(codes::DIVISOR, divisor.location, "nothing can be divided by zero", "zero")
                .add_help("divide by something else");
        }
        zero
    }

    /// Whether a divisor is provably not zero: written so, or tested.
    fn is_nonzero(&self, s: &Scope, divisor: &Expr) -> bool {
        match &divisor.kind {
            ExprKind::Local(local) => s.names.is_nonzero(*local),
            ExprKind::Builtin(Builtin::DecimalOf, of) => of.first().is_some_and(|of| self.is_nonzero(s, of)),
            _ => written_number(divisor).is_some_and(|number| !number.is_zero()),
        }
    }

    /// Keeps what a comparison with a written number says of a name: `n > 0`, `n != 0`.
    fn learn_nonzero(&mut self, s: &mut Scope, op: Op, left: &Expr, right: &Expr) {
        let (value, number, op) = match (written_number(left), written_number(right)) {
            (None, Some(number)) => (left, number, op),
            (Some(number), None) => (right, number, mirrored(op)),
            _ => return,
        };
        let value = match &value.kind {
            ExprKind::Builtin(Builtin::DecimalOf, of) => of.first().unwrap_or(value),
            _ => value,
        };
        let ExprKind::Local(local) = value.kind else { return };
        let zero = Decimal::ZERO;
        let told = match op {
            Op::NotEqual => number == zero,
            Op::Greater => number >= zero,
            Op::GreaterOrEqual => number > zero,
            Op::Less => number <= zero,
            Op::LessOrEqual => number < zero,
            _ => false,
        };
        // State may change between the test and the division.
        if !told || s.locals[local].is_state {
            return;
        }
        s.names.push_nonzero(local);
    }
}

const MILLIS_PER_DAY: i64 = 86_400_000;

/// The comparison seen from the other side.
fn mirrored(op: Op) -> Op {
    match op {
        Op::Less => Op::Greater,
        Op::LessOrEqual => Op::GreaterOrEqual,
        Op::Greater => Op::Less,
        Op::GreaterOrEqual => Op::LessOrEqual,
        other => other,
    }
}

/// The type of what comes out, when the operator fits; a quotient's without the option that it may be.
fn result(op: Op, left: &TypeKind, right: &TypeKind, compared: bool) -> Option<TypeKind> {
    use TypeKind::{Bool, Date, DateTime, Decimal, Duration, Int, Money, Text, Unknown};
    let numbers = matches!((left, right), (Int | Decimal, Int | Decimal));
    Some(match (op, left, right) {
        (_, Unknown, _) | (_, _, Unknown) => {
            if compared {
                Bool
            } else {
                Unknown
            }
        }
        (_, a, b) if compared && ((a == b && ordered(a)) || numbers) => Bool,
        (Op::Add | Op::Subtract | Op::Multiply | Op::Remainder, Int, Int) => Int,
        (Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder, _, _) if numbers => Decimal,
        (Op::Add | Op::Subtract, Money, Money) => Money,
        (Op::Multiply, Money, Int | Decimal) | (Op::Multiply, Int | Decimal, Money) => Money,
        (Op::Divide, Money, Int | Decimal) => Money,
        (Op::Add | Op::Subtract, Duration, Duration) => Duration,
        (Op::Multiply, Duration, Int) | (Op::Multiply, Int, Duration) => Duration,
        (Op::Divide, Duration, Int) => Duration,
        (Op::Add | Op::Subtract, DateTime, Duration) | (Op::Add, Duration, DateTime) => DateTime,
        (Op::Subtract, DateTime, DateTime) => Duration,
        (Op::Add | Op::Subtract, Date, Duration) | (Op::Add, Duration, Date) => Date,
        (Op::Subtract, Date, Date) => Duration,
        (Op::Add, Text, Text) => Text,
        _ => return None,
    })
}

/// Two numbers that are compared: both decimals where one is.
fn alike(left: Expr, right: Expr) -> (Expr, Expr) {
    match (&left.ty.kind, &right.ty.kind) {
        (TypeKind::Int, TypeKind::Decimal) => (widened(left), right),
        (TypeKind::Decimal, TypeKind::Int) => (left, widened(right)),
        _ => (left, right),
    }
}

/// Whether a type is a key to encrypt by, or made of one.
fn holds_key(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::PublicKey => true,
        TypeKind::Optional(of) | TypeKind::List(of) => holds_key(of),
        TypeKind::Map(key, value) => holds_key(key) || holds_key(value),
        _ => false,
    }
}
