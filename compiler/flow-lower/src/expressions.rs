//! Expressions to registers.
//!
//! `value` gives the register that holds a value, without a copy where it is there already; `into` puts it
//! into a register that is named. A register that is named is written last, after everything was read,
//! unless it is fresh. Conditions are jumps: what `is` binds is there where the condition holds.

use flow_bytecode::decimal::{Currency, Decimal, Money};
use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::{Constant, Pure};
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{self, BinaryOp, Expr, ExprKind, TypeKind};

use crate::Lowering;
use crate::assembler::Label;

impl Lowering<'_> {
    /// The register that holds the value.
    pub(crate) fn value(&mut self, expr: &Expr, want: Option<TypeId>) -> u8 {
        if let ExprKind::Local(local) = &expr.kind {
            return self.frame.locals[*local].unwrap_or_else(|| self.unbound(expr, want));
        }
        if let ExprKind::Sample(sample) = &expr.kind {
            return self.sample(sample);
        }
        if let ExprKind::Setting(setting) = &expr.kind {
            return self.setting(*setting, expr);
        }
        let register = self.alloc();
        self.into(expr, register, want);
        register
    }

    /// A local that no way here has set: a fault of the compiler, reported rather than run.
    fn unbound(&mut self, expr: &Expr, want: Option<TypeId>) -> u8 {
        self.unsupported(expr.location, "a name that is not set on every way here");
        let (register, ty) = (self.alloc(), self.type_of(expr, want));
        self.define(register, ty);
        register
    }

    /// Puts values into fresh registers that follow one another, and gives the first.
    pub(crate) fn values(&mut self, exprs: &[Expr], wants: &[TypeId]) -> u8 {
        let first = self.mark();
        for (expr, want) in exprs.iter().zip(wants) {
            let register = self.alloc();
            self.into(expr, register, Some(*want));
        }
        first
    }

    /// Puts the value into a register.
    pub(crate) fn into(&mut self, expr: &Expr, dest: u8, want: Option<TypeId>) {
        let mark = self.mark();
        let ty = self.type_of(expr, want);
        match &expr.kind {
            ExprKind::Bool(value) => self.load(dest, Constant::Bool(*value), ty),
            ExprKind::Int(value) => self.load_int(dest, *value),
            ExprKind::Decimal(number) => self.load(dest, Constant::Decimal(*number), ty),
            ExprKind::Money(amount, code) => self.load(dest, money(*amount, code), ty),
            ExprKind::Map(entries) => self.map(entries, dest, ty),
            ExprKind::Text(text) => self.load_text(dest, text, ty),
            ExprKind::Duration(millis) => self.load(dest, Constant::Duration(*millis), ty),
            ExprKind::Date(days) => self.load(dest, Constant::Date(*days), ty),
            ExprKind::Time(millis) => self.load(dest, Constant::Time(*millis), ty),
            ExprKind::DateTime(millis, zone) => {
                self.load(dest, Constant::DateTime(*millis, *zone as u16), ty)
            }
            ExprKind::Language(language) => self.load(dest, Constant::Language(*language as u16), ty),
            ExprKind::None => self.abx(Opcode::None, dest, ty.0, ty),
            ExprKind::Some(inner) => {
                let want = self.inner(ty);
                let inner = self.value(inner, Some(want));
                self.abc(Opcode::Some, dest, inner, 0, ty);
            }
            ExprKind::Local(_) | ExprKind::Setting(_) | ExprKind::Sample(_) => {
                let register = self.value(expr, want);
                self.move_to(dest, register);
            }
            ExprKind::Interpolated(segments) => self.interpolated(segments, dest),
            ExprKind::Field(of, index) => {
                let record = self.value(of, None);
                self.abc(Opcode::Field, dest, record, *index as u8, ty);
            }
            ExprKind::OptionalField(of, index) => self.optional_field(of, *index, dest, ty),
            ExprKind::Else(of, otherwise) => self.option_else(of, otherwise, dest, ty),
            ExprKind::Negate(of) if matches!(of.ty.kind, TypeKind::Decimal | TypeKind::Money) => {
                let of = self.value(of, want);
                self.apply(Pure::Negate, &[(of, ty)], dest, ty);
            }
            ExprKind::Negate(of) => {
                let of = self.value(of, want);
                self.abc(Opcode::Negate, dest, of, 0, ty);
            }
            ExprKind::Binary(op, left, right) if is_arithmetic(*op) => {
                self.arithmetic(expr, *op, left, right, dest, ty);
            }
            ExprKind::Not(of) if !binds(of) => {
                let of = self.value(of, None);
                self.abc(Opcode::Not, dest, of, 0, ty);
            }
            ExprKind::Binary(op, left, right) if !matches!(op, BinaryOp::And | BinaryOp::Or) => {
                self.comparison(*op, left, right, dest);
            }
            ExprKind::Contains { list, value } => {
                let list_type = self.type_of(list, None);
                let element = self.inner(list_type);
                let first = self.begin_block(dest);
                let register = self.alloc();
                self.into(list, register, Some(list_type));
                let register = self.alloc();
                self.into(value, register, Some(element));
                self.library(Pure::Contains, first, vec![list_type, element], ty);
                self.move_to(dest, first);
            }
            ExprKind::Not(_) | ExprKind::Binary(..) | ExprKind::Between { .. } | ExprKind::Is(_) => {
                self.condition_value(expr, dest, ty);
            }
            ExprKind::When { arms, otherwise } => {
                let done = self.label();
                for (condition, value) in arms {
                    let next = self.label();
                    let mark = self.mark();
                    self.condition(condition, next);
                    self.into(value, dest, Some(ty));
                    self.release(mark);
                    self.jump(done);
                    self.place(next);
                }
                self.into(otherwise, dest, Some(ty));
                self.place(done);
            }
            ExprKind::List(items) => self.list(items, dest, ty),
            ExprKind::Comprehension(all) => {
                self.comprehension(all.local, &all.list, all.condition.as_ref(), &all.value, dest, ty);
            }
            ExprKind::Record(id, fields) => {
                let types = self.field_types(&self.hir.records[*id].fields);
                self.begin_block(dest);
                let first = self.values(fields, &types);
                self.reserve_to(first + 1);
                self.abx(Opcode::Record, first, ty.0, ty);
                self.move_to(dest, first);
            }
            ExprKind::Variant(id, variant, fields) => {
                let types = self.field_types(&self.hir.enums[*id].variants[*variant as usize].fields);
                if self.is_plain_enum(ty) {
                    self.load(dest, Constant::Variant(ty, *variant as u16), ty);
                } else {
                    self.begin_block(dest);
                    let first = self.values(fields, &types);
                    self.reserve_to(first + 1);
                    let entry = self.tables.variant(ty, *variant as u16);
                    self.abx(Opcode::Variant, first, entry, ty);
                    self.move_to(dest, first);
                }
            }
            ExprKind::Call(function, arguments) => {
                let types = self.parameter_types(*function);
                self.begin_block(dest);
                let first = self.values(arguments, &types);
                self.reserve_to(first + 1);
                let index = self.hir.flows.len() + function;
                self.abx(Opcode::Call, first, index as u16, ty);
                self.move_to(dest, first);
            }
            ExprKind::Builtin(builtin, arguments) => self.builtin(*builtin, arguments, dest, ty),
        }
        self.release(mark);
    }

    /// Where values that follow one another may begin, when their result goes to `dest`: there, if nothing
    /// is in it yet.
    pub(crate) fn begin_block(&mut self, dest: u8) -> u8 {
        if self.is_fresh_top(dest) {
            self.release(dest);
        }
        self.mark()
    }

    /// What is in an option or list type.
    pub(crate) fn inner(&self, ty: TypeId) -> TypeId {
        match self.tables.type_at(ty) {
            Type::Option(inner) | Type::List(inner) => *inner,
            _ => ty,
        }
    }

    /// Whether an enum has no variant with data, so that its value is an index.
    pub(crate) fn is_plain_enum(&self, ty: TypeId) -> bool {
        matches!(self.tables.type_at(ty), Type::Enum(variants) if variants.iter().all(Vec::is_empty))
    }

    pub(crate) fn load_text(&mut self, dest: u8, text: &str, ty: TypeId) {
        let text = self.tables.text(text);
        let constant = match self.tables.type_at(ty) {
            Type::Digits => Constant::Digits(text),
            Type::Phone => Constant::Phone(text),
            _ => Constant::Text(text),
        };
        self.load(dest, constant, ty);
    }

    /// `R[first] = function(R[first], …)`.
    pub(crate) fn library(&mut self, function: Pure, first: u8, arguments: Vec<TypeId>, result: TypeId) {
        let entry = self.tables.pure_entry(function, arguments, result);
        self.abx(Opcode::Pure, first, entry, result);
    }

    fn parameter_types(&mut self, function: hir::FunctionId) -> Vec<TypeId> {
        let function = &self.hir.functions[function];
        function.params.iter().map(|local| self.ty(&function.locals[*local].ty.kind)).collect()
    }

    fn optional_field(&mut self, of: &Expr, index: usize, dest: u8, ty: TypeId) {
        let (absent, done) = (self.label(), self.label());
        let option = self.value(of, None);
        let test = self.alloc();
        let boolean = self.tables.ty(Type::Bool);
        self.abc(Opcode::IsNone, test, option, 0, boolean);
        self.jump_if(test, absent);
        let record_type = self.type_in(option).map_or(ty, |option| self.inner(option));
        let field_type = match self.tables.type_at(record_type) {
            Type::Record(fields) => fields[index],
            _ => ty,
        };
        let record = self.alloc();
        self.abc(Opcode::Unwrap, record, option, 0, record_type);
        if field_type == ty {
            self.abc(Opcode::Field, dest, record, index as u8, ty);
        } else {
            self.abc(Opcode::Field, record, record, index as u8, field_type);
            self.abc(Opcode::Some, dest, record, 0, ty);
        }
        self.jump(done);
        self.place(absent);
        self.abx(Opcode::None, dest, ty.0, ty);
        self.place(done);
    }

    fn option_else(&mut self, of: &Expr, otherwise: &Expr, dest: u8, ty: TypeId) {
        let (absent, done) = (self.label(), self.label());
        let option_type = self.tables.ty(Type::Option(ty));
        let option = self.value(of, Some(option_type));
        let test = self.alloc();
        let boolean = self.tables.ty(Type::Bool);
        self.abc(Opcode::IsNone, test, option, 0, boolean);
        self.jump_if(test, absent);
        // `a else b` where `b` may itself be missing: the option goes on as it is.
        if self.type_in(option) == Some(ty) {
            self.move_to(dest, option);
        } else {
            self.abc(Opcode::Unwrap, dest, option, 0, ty);
        }
        self.jump(done);
        self.place(absent);
        self.into(otherwise, dest, Some(ty));
        self.place(done);
    }

    pub(crate) fn list(&mut self, items: &[Expr], dest: u8, ty: TypeId) {
        let element = self.inner(ty);
        let mut chunks = items.chunks(usize::from(LONGEST_LIST));
        let Some(head) = chunks.next() else {
            self.abx(Opcode::EmptyList, dest, ty.0, ty);
            return;
        };
        let first = self.values(head, &vec![element; head.len()]);
        self.abc(Opcode::List, dest, first, head.len() as u8, ty);
        for item in chunks.flatten() {
            let mark = self.mark();
            let item = self.value(item, Some(element));
            self.abc(Opcode::Append, dest, dest, item, ty);
            self.release(mark);
        }
    }

    /// `[value each local in list if condition]`
    fn comprehension(
        &mut self,
        local: hir::LocalId,
        list: &Expr,
        condition: Option<&Expr>,
        value: &Expr,
        dest: u8,
        ty: TypeId,
    ) {
        let result = self.alloc();
        self.abx(Opcode::EmptyList, result, ty.0, ty);
        let element = self.inner(ty);
        self.each(local, list, |this, next| {
            if let Some(condition) = condition {
                this.condition(condition, next);
            }
            let item = this.value(value, Some(element));
            this.abc(Opcode::Append, result, result, item, ty);
        });
        self.move_to(dest, result);
    }

    /// A loop over a list; the body gets the label of the next round.
    pub(crate) fn each(&mut self, local: hir::LocalId, list: &Expr, body: impl FnOnce(&mut Self, Label)) {
        let outer = self.mark();
        let mut list_type = self.type_of(list, None);
        let mut items = self.value(list, Some(list_type));
        // Over a map: over its keys.
        if let Type::Map(key, _) = *self.tables.type_at(list_type) {
            let (map, keys) = (list_type, self.alloc());
            list_type = self.tables.ty(Type::List(key));
            self.apply(Pure::Keys, &[(items, map)], keys, list_type);
            items = keys;
        }
        self.each_of(local, items, list_type, body);
        self.release(outer);
    }

    /// A loop over a list in a register.
    pub(crate) fn each_of(
        &mut self,
        local: hir::LocalId,
        items: u8,
        list_type: TypeId,
        body: impl FnOnce(&mut Self, Label),
    ) {
        self.each_item(items, list_type, |this, item, next| {
            this.frame.locals[local] = Some(item);
            body(this, next);
        });
    }

    /// A loop over a list in a register; the body gets the register of the element, and the next round's label.
    pub(crate) fn each_item(
        &mut self,
        items: u8,
        list_type: TypeId,
        body: impl FnOnce(&mut Self, u8, Label),
    ) {
        let outer = self.mark();
        let (int, boolean) = (self.tables.ty(Type::Int), self.tables.ty(Type::Bool));
        let element = self.inner(list_type);
        let length = self.alloc();
        self.move_to(length, items);
        self.library(Pure::Length, length, vec![list_type], int);
        let index = self.alloc();
        self.load_int(index, 0);
        let item = self.alloc();
        let live = self.live();
        let (again, next, done) = (self.label_with(live), self.label(), self.label());
        self.place(again);
        let mark = self.mark();
        let test = self.alloc();
        self.abc(Opcode::Less, test, index, length, boolean);
        self.jump_unless(test, done);
        self.release(mark);
        self.abc(Opcode::Element, item, items, index, element);
        body(self, item, next);
        self.release(mark);
        self.place(next);
        self.abc(Opcode::AddInt, index, index, 1, int);
        self.jump(again);
        self.place(done);
        self.release(outer);
    }
}

/// Elements of a list that are made by one instruction; more are appended one by one.
const LONGEST_LIST: u8 = 64;

/// Money as a constant; the checker has seen that the code is one.
pub(crate) fn money(amount: Decimal, code: &[u8; 3]) -> Constant {
    Constant::Money(Money::new(amount, currency(code)))
}

pub(crate) fn currency(code: &[u8; 3]) -> Currency {
    std::str::from_utf8(code).ok().and_then(Currency::new).unwrap_or(Currency::NONE)
}

fn is_arithmetic(op: BinaryOp) -> bool {
    use BinaryOp::{Add, Divide, Multiply, Remainder, Subtract};
    matches!(op, Add | Subtract | Multiply | Divide | Remainder)
}

/// Whether an expression has an `is` inside, so that it is lowered as a condition.
fn binds(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Is(_) | ExprKind::Between { .. } => true,
        ExprKind::Not(of) => binds(of),
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, _, _) => true,
        _ => false,
    }
}
