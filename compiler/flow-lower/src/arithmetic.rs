//! Sums and products of numbers, spans of time, dates and instants.

use flow_bytecode::instruction::Opcode;
use flow_bytecode::types::TypeId;
use flow_check::hir::{BinaryOp, Expr, ExprKind, TypeKind};

use crate::Lowering;

const MILLIS_PER_DAY: i64 = 86_400_000;

impl Lowering<'_> {
    pub(crate) fn arithmetic(
        &mut self,
        expr: &Expr,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        dest: u8,
        ty: TypeId,
    ) {
        use TypeKind as T;
        let (l, r) = (&left.ty.kind, &right.ty.kind);
        match (op, l, r) {
            (BinaryOp::Add, T::Int, T::Int) => {
                if let ExprKind::Int(small @ 0..=255) = right.kind {
                    let left = self.value(left, None);
                    self.abc(Opcode::AddInt, dest, left, small as u8, ty);
                    return;
                }
                self.binary(Opcode::Add, left, right, dest, ty);
            }
            (BinaryOp::Add, T::DateTime, T::Duration) => self.binary(Opcode::AddTime, left, right, dest, ty),
            (BinaryOp::Add, T::Duration, T::DateTime) => self.binary(Opcode::AddTime, right, left, dest, ty),
            (BinaryOp::Subtract, T::DateTime, T::DateTime) => {
                self.binary(Opcode::SubtractTime, left, right, dest, ty);
            }
            (BinaryOp::Subtract, T::DateTime, T::Duration) => {
                let left = self.value(left, None);
                let back = self.alloc();
                let duration = self.ty(&T::Duration);
                self.into(right, back, Some(duration));
                self.abc(Opcode::Negate, back, back, 0, duration);
                self.abc(Opcode::AddTime, dest, left, back, ty);
            }
            (BinaryOp::Add | BinaryOp::Subtract, T::Date, T::Duration) => {
                let ExprKind::Duration(millis) = right.kind else {
                    self.unsupported(expr.location, "a date with a span of time that is not written as days");
                    return;
                };
                let left = self.value(left, None);
                let days = self.alloc();
                self.load_int(days, millis / MILLIS_PER_DAY);
                let op = if op == BinaryOp::Add { Opcode::Add } else { Opcode::Subtract };
                self.abc(op, dest, left, days, ty);
            }
            (BinaryOp::Add, T::Int, T::Date) => self.binary(Opcode::Add, right, left, dest, ty),
            (BinaryOp::Multiply, T::Int, T::Duration) => self.binary(Opcode::Multiply, right, left, dest, ty),
            (_, T::Int | T::Duration | T::Date, T::Int | T::Duration) => {
                let op = match op {
                    BinaryOp::Add => Opcode::Add,
                    BinaryOp::Subtract => Opcode::Subtract,
                    BinaryOp::Multiply => Opcode::Multiply,
                    BinaryOp::Divide => Opcode::Divide,
                    _ => Opcode::Remainder,
                };
                self.binary(op, left, right, dest, ty);
            }
            (BinaryOp::Add, T::Text, T::Text) => {
                self.begin_block(dest);
                let first = self.values_of(&[left, right]);
                self.joined(first, 2, "");
                self.move_to(dest, first);
            }
            _ => self.unsupported(expr.location, "this arithmetic"),
        }
    }

    fn binary(&mut self, op: Opcode, left: &Expr, right: &Expr, dest: u8, ty: TypeId) {
        let left = self.value(left, None);
        let right = self.value(right, None);
        self.abc(op, dest, left, right, ty);
    }

    /// Values as texts in fresh registers that follow one another.
    pub(crate) fn values_of(&mut self, exprs: &[&Expr]) -> u8 {
        let first = self.mark();
        for expr in exprs {
            let register = self.alloc();
            self.text_of(expr, register);
        }
        first
    }
}
