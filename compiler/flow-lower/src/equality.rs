//! `==` over every type: numbers and texts by one instruction, everything else part by part in the machine.

use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::Pure;
use flow_bytecode::types::{Type, TypeId};

use crate::Lowering;

impl Lowering<'_> {
    /// `R[dest] =` whether two registers of one type hold equal values.
    pub(crate) fn equal(&mut self, dest: u8, left: u8, right: u8, ty: TypeId) {
        let boolean = self.tables.ty(Type::Bool);
        match self.tables.type_at(ty) {
            Type::Text | Type::Digits | Type::Phone => {
                self.abc(Opcode::EqualText, dest, left, right, boolean)
            }
            ty if is_number(ty) => self.abc(Opcode::Equal, dest, left, right, boolean),
            _ => self.apply(Pure::Same, &[(left, ty), (right, ty)], dest, boolean),
        }
    }
}

fn is_number(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Int | Type::Duration | Type::Date | Type::Time | Type::Language => true,
        Type::Enum(variants) => variants.iter().all(Vec::is_empty),
        _ => false,
    }
}
