//! Pure functions and constants.

use flow_bytecode::instruction::{Instruction, Opcode};
use flow_bytecode::program::{Constant, FunctionKind};
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{Expr, ExprKind, FunctionId};

use crate::Lowering;

impl Lowering<'_> {
    pub(crate) fn pure_function(&mut self, id: FunctionId) {
        let function = &self.hir.functions[id];
        self.at(function.location);
        let start = self.here();
        self.begin_frame(function.locals.len());
        let params = self.local_types(&function.params, &function.locals);
        for (local, ty) in function.params.iter().zip(&params) {
            let register = self.alloc();
            self.define(register, *ty);
            self.frame.locals[*local] = Some(register);
        }
        let result = self.ty(&function.result.kind);
        let value = self.value(&function.body, Some(result));
        self.leave(Instruction::abc(Opcode::Return, value, 0, 0));
        let finished = self.finish_frame();
        self.function(
            &function.name,
            FunctionKind::Pure(result),
            params,
            start,
            None,
            finished,
            function.location,
        );
    }

    /// The constant of an expression that is one; of an option what is in it, and none of `none`.
    pub(crate) fn constant(&mut self, expr: &Expr, ty: TypeId) -> Option<u32> {
        if let ExprKind::Some(of) = &expr.kind {
            return self.constant(of, self.inner(ty));
        }
        if matches!(expr.kind, ExprKind::None) {
            return None;
        }
        let constant = match &expr.kind {
            ExprKind::Bool(value) => Constant::Bool(*value),
            ExprKind::Int(value) => Constant::Int(*value),
            ExprKind::Decimal(number) => Constant::Decimal(*number),
            ExprKind::Money(amount, code) => crate::expressions::money(*amount, code),
            ExprKind::Text(text) => {
                let text = self.tables.text(text);
                match self.tables.type_at(ty) {
                    Type::Digits => Constant::Digits(text),
                    Type::Phone => Constant::Phone(text),
                    _ => Constant::Text(text),
                }
            }
            ExprKind::Duration(millis) => Constant::Duration(*millis),
            ExprKind::Date(days) => Constant::Date(*days),
            ExprKind::Time(millis) => Constant::Time(*millis),
            ExprKind::DateTime(millis, zone) => Constant::DateTime(*millis, *zone as u16),
            ExprKind::Language(language) => Constant::Language(*language as u16),
            ExprKind::Variant(_, variant, _) if self.is_plain_enum(ty) => {
                Constant::Variant(ty, *variant as u16)
            }
            ExprKind::Negate(of) => match of.kind {
                ExprKind::Int(value) => Constant::Int(value.checked_neg()?),
                ExprKind::Duration(millis) => Constant::Duration(millis.checked_neg()?),
                ExprKind::Decimal(number) => Constant::Decimal(-number),
                _ => return None,
            },
            _ => {
                self.unsupported(expr.location, "a default of this kind for a setting");
                return None;
            }
        };
        Some(self.tables.constant(constant))
    }
}
