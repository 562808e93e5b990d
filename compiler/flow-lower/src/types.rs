//! Types of the language to types of registers.

use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{self, TypeKind};

use crate::Lowering;

impl Lowering<'_> {
    /// The register type of a type of the language.
    pub(crate) fn ty(&mut self, kind: &TypeKind) -> TypeId {
        let shape = match kind {
            TypeKind::Record(id) => Some(*id),
            TypeKind::Enum(id) => Some(self.hir.records.len() + *id),
            _ => None,
        };
        if let Some(known) = shape.and_then(|shape| self.shape_types[shape]) {
            return known;
        }
        let ty = match kind {
            TypeKind::Bool => Type::Bool,
            TypeKind::Int => Type::Int,
            TypeKind::Digits => Type::Digits,
            TypeKind::Phone => Type::Phone,
            TypeKind::Duration => Type::Duration,
            TypeKind::Date => Type::Date,
            TypeKind::Time => Type::Time,
            TypeKind::DateTime => Type::DateTime,
            TypeKind::Language => Type::Language,
            TypeKind::Optional(inner) => Type::Option(self.ty(inner)),
            TypeKind::List(inner) => Type::List(self.ty(inner)),
            TypeKind::Record(id) => Type::Record(self.field_types(&self.hir.records[*id].fields)),
            TypeKind::Enum(id) => {
                let variants = &self.hir.enums[*id].variants;
                Type::Enum(variants.iter().map(|v| self.field_types(&v.fields)).collect())
            }
            TypeKind::Decimal => Type::Decimal,
            TypeKind::Money => Type::Money,
            TypeKind::PublicKey => Type::PublicKey,
            TypeKind::Map(key, value) => Type::Map(self.ty(key), self.ty(value)),
            // `none` beside nothing that tells what it could be: an option of anything.
            TypeKind::Nothing => Type::Option(self.tables.ty(Type::Text)),
            TypeKind::Text | TypeKind::Unknown => Type::Text,
        };
        let id = self.tables.ty(ty);
        if let Some(shape) = shape {
            self.shape_types[shape] = Some(id);
        }
        id
    }

    /// The register types of fields.
    pub(crate) fn field_types(&mut self, fields: &[hir::Field]) -> Vec<TypeId> {
        fields.iter().map(|field| self.ty(&field.ty.kind)).collect()
    }

    /// The register type of an expression; `want` decides where the expression alone cannot (`none`, `[]`).
    pub(crate) fn type_of(&mut self, expr: &hir::Expr, want: Option<TypeId>) -> TypeId {
        match want {
            Some(want) if is_open(&expr.ty.kind) => want,
            _ => self.ty(&expr.ty.kind),
        }
    }
}

/// Whether a type has a part that only its surroundings tell.
fn is_open(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::Nothing | TypeKind::Unknown => true,
        TypeKind::Optional(inner) | TypeKind::List(inner) => is_open(inner),
        TypeKind::Map(key, value) => is_open(key) || is_open(value),
        _ => false,
    }
}
