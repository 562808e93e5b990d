//! Whole numbers that the tests of a decision have taken already: after `n > 5` nothing is left for `n > 10`.

use crate::endings::same_value;
use crate::hir::{BinaryOp, Expr, ExprKind, TypeKind};

/// A span of whole numbers, both ends in it.
type Span = (i64, i64);

/// Up to so many tests of a decision are looked at; a longer one was made by a machine.
const MOST: usize = 1_000;

/// What the tests so far have taken, value by value: spans in order that do not touch.
#[derive(Default)]
pub(crate) struct Taken<'e> {
    values: Vec<(&'e Expr, Vec<Span>)>,
    tests: usize,
}

impl<'e> Taken<'e> {
    /// Whether a test is left no number; else what it takes is taken from those that come.
    pub fn takes_all(&mut self, condition: &'e Expr) -> bool {
        if self.tests >= MOST {
            return false;
        }
        let Some((value, span, exact)) = span_of(condition) else { return false };
        if span.0 > span.1 {
            return false;
        }
        self.tests += 1;
        let known = self.values.iter().position(|(known, _)| same_value(known, value));
        let spans = match known {
            Some(at) => &mut self.values[at].1,
            None if exact => {
                self.values.push((value, vec![span]));
                return false;
            }
            None => return false,
        };
        if spans.iter().any(|(low, high)| *low <= span.0 && span.1 <= *high) {
            return true;
        }
        if exact {
            add(spans, span);
        }
        false
    }
}

/// Adds a span, joined with those that it touches.
fn add(spans: &mut Vec<Span>, mut span: Span) {
    spans.retain(|(low, high)| {
        let apart = high.saturating_add(1) < span.0 || span.1.saturating_add(1) < *low;
        if !apart {
            span = (span.0.min(*low), span.1.max(*high));
        }
        apart
    });
    spans.push(span);
}

/// The value that a test asks, and for which numbers it may hold; and whether it holds for all of them.
fn span_of(condition: &Expr) -> Option<(&Expr, Span, bool)> {
    match &condition.kind {
        ExprKind::Binary(BinaryOp::And, left, right) => match (span_of(left), span_of(right)) {
            (Some((value, one, a)), Some((other, two, b))) if same_value(value, other) => {
                Some((value, (one.0.max(two.0), one.1.min(two.1)), a && b))
            }
            (Some((value, span, _)), _) | (None, Some((value, span, _))) => Some((value, span, false)),
            (None, None) => None,
        },
        ExprKind::Binary(op, left, right) => {
            let (value, op, number) = match (number(left), number(right)) {
                (None, Some(number)) => (left, *op, number),
                (Some(number), None) => (right, mirrored(*op), number),
                _ => return None,
            };
            let span = match op {
                BinaryOp::Equal => (number, number),
                BinaryOp::Less => (i64::MIN, number.checked_sub(1)?),
                BinaryOp::LessOrEqual => (i64::MIN, number),
                BinaryOp::Greater => (number.checked_add(1)?, i64::MAX),
                BinaryOp::GreaterOrEqual => (number, i64::MAX),
                _ => return None,
            };
            is_own(value).then_some((&**value, span, true))
        }
        ExprKind::Between { value, low, high, inclusive } => {
            let (low, high) = (number(low)?, number(high)?);
            let high = if *inclusive { high } else { high.checked_sub(1)? };
            is_own(value).then_some((&**value, (low, high), true))
        }
        _ => None,
    }
}

/// Whether a value is a whole number of the call's own, which stays as it is while a decision is made.
fn is_own(value: &Expr) -> bool {
    value.ty.kind == TypeKind::Int && matches!(value.kind, ExprKind::Local(_) | ExprKind::Field(..))
}

fn number(value: &Expr) -> Option<i64> {
    match &value.kind {
        ExprKind::Int(number) => Some(*number),
        ExprKind::Negate(of) => number(of)?.checked_neg(),
        _ => None,
    }
}

fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessOrEqual => BinaryOp::GreaterOrEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterOrEqual => BinaryOp::LessOrEqual,
        other => other,
    }
}
