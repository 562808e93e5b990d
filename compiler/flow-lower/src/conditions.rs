//! Conditions as jumps: `and`, `or`, `not` by short circuit, `is` with what it binds, comparisons.
//!
//! After a condition, code goes on where it holds; what `is` binds is readable there and nowhere else.

use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::{Constant, Pure};
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{self, BinaryOp, Expr, ExprKind, Test, TypeKind};

use crate::Lowering;
use crate::assembler::Label;

impl Lowering<'_> {
    /// Goes on when the condition holds, with what it binds; else jumps.
    pub(crate) fn condition(&mut self, expr: &Expr, no: Label) {
        let boolean = self.tables.ty(Type::Bool);
        self.at(expr.location);
        match &expr.kind {
            ExprKind::Bool(true) => {}
            ExprKind::Bool(false) => self.jump(no),
            ExprKind::Binary(BinaryOp::And, left, right) => {
                self.condition(left, no);
                self.condition(right, no);
            }
            ExprKind::Binary(BinaryOp::Or, left, right) => {
                let (second, yes) = (self.label(), self.label());
                let mark = self.mark();
                self.condition(left, second);
                self.release(mark);
                self.jump(yes);
                self.place(second);
                self.condition(right, no);
                self.release(mark);
                self.place(yes);
            }
            ExprKind::Not(of) => {
                let yes = self.label();
                let mark = self.mark();
                self.condition(of, yes);
                self.release(mark);
                self.jump(no);
                self.place(yes);
            }
            ExprKind::Is(is) => self.is(&is.value, is.test, is.negated, &is.bindings, no),
            ExprKind::Between { value, low, high, inclusive } => {
                let mark = self.mark();
                let ty = self.type_of(value, None);
                let value = self.value(value, None);
                let low = self.value(low, Some(ty));
                let test = self.alloc();
                self.ordered(Opcode::LessOrEqual, test, low, value);
                self.jump_unless(test, no);
                let high = self.value(high, Some(ty));
                let op = if *inclusive { Opcode::LessOrEqual } else { Opcode::Less };
                self.ordered(op, test, value, high);
                self.jump_unless(test, no);
                self.release(mark);
            }
            _ => {
                let mark = self.mark();
                let test = self.value(expr, Some(boolean));
                self.jump_unless(test, no);
                self.release(mark);
            }
        }
    }

    /// A condition as a value.
    pub(crate) fn condition_value(&mut self, expr: &Expr, dest: u8, ty: TypeId) {
        let (no, done) = (self.label(), self.label());
        let mark = self.mark();
        self.condition(expr, no);
        self.release(mark);
        self.load(dest, Constant::Bool(true), ty);
        self.jump(done);
        self.place(no);
        self.load(dest, Constant::Bool(false), ty);
        self.place(done);
    }

    fn is(&mut self, value: &Expr, test: Test, negated: bool, bindings: &[Option<hir::LocalId>], no: Label) {
        let (int, boolean) = (self.tables.ty(Type::Int), self.tables.ty(Type::Bool));
        // What is bound outlives the test's own registers, so its registers come first.
        let bound = self.mark();
        for _ in bindings {
            self.alloc();
        }
        let mark = self.mark();
        let value = self.value(value, None);
        let Some(ty) = self.type_in(value) else { return };
        let holds = self.alloc();
        let jump_when = match test {
            Test::None | Test::Some => {
                self.abc(Opcode::IsNone, holds, value, 0, boolean);
                (test == Test::None) == negated
            }
            Test::Variant(_, variant) => {
                let tag = self.alloc();
                if self.is_plain_enum(ty) {
                    self.load(tag, Constant::Variant(ty, variant as u16), ty);
                    self.abc(Opcode::Equal, holds, value, tag, boolean);
                } else {
                    let wanted = self.alloc();
                    self.abc(Opcode::Tag, tag, value, 0, int);
                    self.load_int(wanted, variant as i64);
                    self.abc(Opcode::Equal, holds, tag, wanted, boolean);
                }
                negated
            }
        };
        if jump_when {
            self.jump_if(holds, no);
        } else {
            self.jump_unless(holds, no);
        }
        if !negated && bindings.iter().any(Option::is_some) {
            match test {
                Test::None => {}
                Test::Some => {
                    let inner = self.inner(ty);
                    self.abc(Opcode::Unwrap, bound, value, 0, inner);
                }
                Test::Variant(_, variant) => self.unpack(bound, value, variant, ty),
            }
            for (register, local) in (bound..).zip(bindings) {
                if let Some(local) = local {
                    self.frame.locals[*local] = Some(register);
                }
            }
        }
        self.release(mark);
    }

    /// Puts the fields of a variant into registers from `first` on.
    pub(crate) fn unpack(&mut self, first: u8, value: u8, variant: usize, ty: TypeId) {
        let fields = match self.tables.type_at(ty) {
            Type::Enum(variants) => variants[variant].clone(),
            _ => Vec::new(),
        };
        let Some(head) = fields.first() else { return };
        self.abc(Opcode::Unpack, first, value, variant as u8, *head);
        for (register, ty) in (first..).zip(fields) {
            self.define(register, ty);
        }
    }

    pub(crate) fn comparison(&mut self, op: BinaryOp, left: &Expr, right: &Expr, dest: u8) {
        let boolean = self.tables.ty(Type::Bool);
        if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            let ty = if matches!(left.ty.kind, TypeKind::Nothing) {
                self.type_of(right, None)
            } else {
                self.type_of(left, None)
            };
            let left = self.value(left, Some(ty));
            let right = self.value(right, Some(ty));
            self.equal(dest, left, right, ty);
            if op == BinaryOp::NotEqual {
                self.abc(Opcode::Not, dest, dest, 0, boolean);
            }
            return;
        }
        let ty = self.type_of(left, None);
        let left = self.value(left, None);
        let right = self.value(right, Some(ty));
        match op {
            BinaryOp::Less => self.ordered(Opcode::Less, dest, left, right),
            BinaryOp::LessOrEqual => self.ordered(Opcode::LessOrEqual, dest, left, right),
            BinaryOp::Greater => self.ordered(Opcode::Less, dest, right, left),
            _ => self.ordered(Opcode::LessOrEqual, dest, right, left),
        }
    }

    /// `R[dest] = R[left] < R[right]` or `<=`; instants are compared by the time between them, decimals and
    /// money by which is more.
    fn ordered(&mut self, op: Opcode, dest: u8, left: u8, right: u8) {
        let (int, boolean) = (self.tables.ty(Type::Int), self.tables.ty(Type::Bool));
        let Some(ty) = self.type_in(left) else { return };
        let mark = self.mark();
        match self.tables.type_at(ty) {
            Type::DateTime => {
                let duration = self.tables.ty(Type::Duration);
                let (between, zero) = (self.alloc(), self.alloc());
                self.abc(Opcode::SubtractTime, between, left, right, duration);
                self.load(zero, Constant::Duration(0), duration);
                self.abc(op, dest, between, zero, boolean);
            }
            Type::Decimal | Type::Money => {
                let (order, zero) = (self.alloc(), self.alloc());
                self.apply(Pure::Compare, &[(left, ty), (right, ty)], order, int);
                self.load_int(zero, 0);
                self.abc(op, dest, order, zero, boolean);
            }
            _ => self.abc(op, dest, left, right, boolean),
        }
        self.release(mark);
    }
}
