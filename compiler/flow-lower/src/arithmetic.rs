//! Sums and products of numbers, money, spans of time, dates and instants.
//!
//! The checker has made both sides fit: where one side of numbers is a decimal, the other is made one.

use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::Pure;
use flow_bytecode::types::{Type, TypeId};
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
        if matches!(op, BinaryOp::Divide | BinaryOp::Remainder) {
            return self.division(op, left, right, dest, ty);
        }
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
                let left = self.value(left, None);
                let days = self.days(right);
                let op = if op == BinaryOp::Add { Opcode::Add } else { Opcode::Subtract };
                self.abc(op, dest, left, days, ty);
            }
            (BinaryOp::Add, T::Duration, T::Date) => {
                let right = self.value(right, None);
                let days = self.days(left);
                self.abc(Opcode::Add, dest, right, days, ty);
            }
            (BinaryOp::Subtract, T::Date, T::Date) => self.exact(Pure::Between, left, right, dest, ty),
            (BinaryOp::Multiply, T::Int, T::Duration) => self.binary(Opcode::Multiply, right, left, dest, ty),
            (_, T::Int | T::Duration, T::Int | T::Duration) => {
                let op = match op {
                    BinaryOp::Add => Opcode::Add,
                    BinaryOp::Subtract => Opcode::Subtract,
                    _ => Opcode::Multiply,
                };
                self.binary(op, left, right, dest, ty);
            }
            (BinaryOp::Multiply, T::Decimal, T::Money) => {
                self.exact(Pure::Multiply, right, left, dest, ty);
            }
            (_, T::Decimal | T::Money, T::Decimal | T::Money) => {
                let function = match op {
                    BinaryOp::Add => Pure::Add,
                    BinaryOp::Subtract => Pure::Subtract,
                    _ => Pure::Multiply,
                };
                self.exact(function, left, right, dest, ty);
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

    /// Whole days of a span of time.
    fn days(&mut self, span: &Expr) -> u8 {
        let days = self.alloc();
        if let ExprKind::Duration(millis) = span.kind {
            self.load_int(days, millis.div_euclid(MILLIS_PER_DAY));
            return days;
        }
        let (int, duration) = (self.tables.ty(Type::Int), self.tables.ty(Type::Duration));
        let span = self.value(span, None);
        self.apply(Pure::Days, &[(span, duration)], days, int);
        days
    }

    /// A quotient or remainder; none, when the checker could not see that the divisor is something else than
    /// zero.
    fn division(&mut self, op: BinaryOp, left: &Expr, right: &Expr, dest: u8, ty: TypeId) {
        let whole = !matches!(left.ty.kind, TypeKind::Decimal | TypeKind::Money);
        let (one, other) = (self.value(left, None), self.value(right, None));
        let (Some(left), Some(right)) = (self.type_in(one), self.type_in(other)) else { return };
        let inner = match *self.tables.type_at(ty) {
            Type::Option(inner) => Some(inner),
            _ => None,
        };
        let quotient = inner.unwrap_or(ty);
        let (absent, done) = (self.label(), self.label());
        if inner.is_some() {
            let mark = self.mark();
            let zero = self.is_zero(other, right);
            self.jump_if(zero, absent);
            self.release(mark);
        }
        let result = if inner.is_some() { self.alloc() } else { dest };
        match (whole, op) {
            (true, BinaryOp::Divide) => self.abc(Opcode::Divide, result, one, other, quotient),
            (true, _) => self.abc(Opcode::Remainder, result, one, other, quotient),
            (false, BinaryOp::Divide) => {
                self.apply(Pure::Divide, &[(one, left), (other, right)], result, quotient);
            }
            (false, _) => self.apply(Pure::Remainder, &[(one, left), (other, right)], result, quotient),
        }
        if inner.is_some() {
            self.abc(Opcode::Some, dest, result, 0, ty);
            self.jump(done);
            self.place(absent);
            self.abx(Opcode::None, dest, ty.0, ty);
            self.place(done);
        }
    }

    /// What a library function makes of two values.
    fn exact(&mut self, function: Pure, left: &Expr, right: &Expr, dest: u8, ty: TypeId) {
        let (left, right) = (self.value(left, None), self.value(right, None));
        let (Some(one), Some(other)) = (self.type_in(left), self.type_in(right)) else { return };
        self.apply(function, &[(left, one), (right, other)], dest, ty);
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
