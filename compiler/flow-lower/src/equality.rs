//! `==` over every type: numbers and texts by one instruction, options, records and variants part by part.

use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::Constant;
use flow_bytecode::types::{Type, TypeId};
use flow_diagnostics::Location;

use crate::Lowering;
use crate::assembler::Label;

impl Lowering<'_> {
    /// `R[dest] =` whether two registers of one type hold equal values.
    pub(crate) fn equal(&mut self, dest: u8, left: u8, right: u8, ty: TypeId, at: Location) {
        let boolean = self.tables.ty(Type::Bool);
        match self.tables.type_at(ty) {
            Type::Text | Type::Digits | Type::Phone => {
                self.abc(Opcode::EqualText, dest, left, right, boolean)
            }
            ty if is_number(ty) => self.abc(Opcode::Equal, dest, left, right, boolean),
            _ => {
                let (no, done) = (self.label(), self.label());
                let mark = self.mark();
                self.same(left, right, ty, no, at);
                self.release(mark);
                self.load(dest, Constant::Bool(true), boolean);
                self.jump(done);
                self.place(no);
                self.load(dest, Constant::Bool(false), boolean);
                self.place(done);
            }
        }
    }

    /// Goes on when both are equal; else jumps.
    fn same(&mut self, left: u8, right: u8, ty: TypeId, no: Label, at: Location) {
        let (int, boolean) = (self.tables.ty(Type::Int), self.tables.ty(Type::Bool));
        let mark = self.mark();
        match self.tables.type_at(ty).clone() {
            Type::Text | Type::Digits | Type::Phone => {
                let test = self.alloc();
                self.abc(Opcode::EqualText, test, left, right, boolean);
                self.jump_unless(test, no);
            }
            Type::DateTime => {
                let duration = self.tables.ty(Type::Duration);
                let (between, zero) = (self.alloc(), self.alloc());
                self.abc(Opcode::SubtractTime, between, left, right, duration);
                self.load(zero, Constant::Duration(0), duration);
                self.abc(Opcode::Equal, between, between, zero, boolean);
                self.jump_unless(between, no);
            }
            Type::Option(inner) => {
                let (absent, done) = (self.label(), self.label());
                let (one, other) = (self.alloc(), self.alloc());
                self.abc(Opcode::IsNone, one, left, 0, boolean);
                self.abc(Opcode::IsNone, other, right, 0, boolean);
                self.jump_if(one, absent);
                self.jump_if(other, no);
                self.abc(Opcode::Unwrap, one, left, 0, inner);
                self.abc(Opcode::Unwrap, other, right, 0, inner);
                self.same(one, other, inner, no, at);
                self.release(mark);
                self.jump(done);
                self.place(absent);
                self.jump_unless(other, no);
                self.release(mark);
                self.place(done);
            }
            Type::Record(fields) => {
                let (one, other) = (self.alloc(), self.alloc());
                for (index, field) in fields.iter().enumerate() {
                    self.abc(Opcode::Field, one, left, index as u8, *field);
                    self.abc(Opcode::Field, other, right, index as u8, *field);
                    self.same(one, other, *field, no, at);
                }
            }
            Type::Enum(variants) if variants.iter().any(|v| !v.is_empty()) => {
                let (one, other, test) = (self.alloc(), self.alloc(), self.alloc());
                self.abc(Opcode::Tag, one, left, 0, int);
                self.abc(Opcode::Tag, other, right, 0, int);
                self.abc(Opcode::Equal, test, one, other, boolean);
                self.jump_unless(test, no);
                self.same_fields(left, right, one, ty, &variants, no, at);
            }
            number if is_number(&number) => {
                let test = self.alloc();
                self.abc(Opcode::Equal, test, left, right, boolean);
                self.jump_unless(test, no);
            }
            _ => self.unsupported(at, "a comparison of lists"),
        }
        self.release(mark);
    }

    #[allow(clippy::too_many_arguments)]
    fn same_fields(
        &mut self,
        left: u8,
        right: u8,
        tag: u8,
        ty: TypeId,
        variants: &[Vec<TypeId>],
        no: Label,
        at: Location,
    ) {
        let labels = self.labels(variants.len());
        let done = self.label();
        self.switch(tag, &labels);
        for (index, (label, fields)) in labels.iter().zip(variants).enumerate() {
            self.place(*label);
            let mark = self.mark();
            let one = self.mark();
            self.reserve_to(one.saturating_add(fields.len() as u8));
            let other = self.mark();
            self.reserve_to(other.saturating_add(fields.len() as u8));
            self.unpack(one, left, index, ty);
            self.unpack(other, right, index, ty);
            for (offset, field) in (0u8..).zip(fields) {
                self.same(one + offset, other + offset, *field, no, at);
            }
            self.release(mark);
            self.jump(done);
        }
        self.place(done);
    }
}

fn is_number(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Int | Type::Duration | Type::Date | Type::Time | Type::Language => true,
        Type::Enum(variants) => variants.iter().all(Vec::is_empty),
        _ => false,
    }
}
