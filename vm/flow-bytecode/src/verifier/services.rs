//! Whether services, schemas and tables name only what is there, and say of each type what it is made of.

use super::Checker;
use crate::fault::FaultKind;
use crate::limits;
use crate::program::{
    Credentials, DataTable, Given, Operation, PathPiece, Program, Schema, SchemaId, Service, ServiceKind,
    Shape, TextId,
};
use crate::types::{Type, TypeId};

impl Checker<'_> {
    pub(super) fn services(&mut self) {
        let p: &Program = self.program;
        for (index, schema) in p.schemas.iter().enumerate() {
            self.schema(index, schema);
        }
        if !self.faults.is_empty() {
            return;
        }
        for service in &p.services {
            self.service(service);
        }
        for operation in &p.operations {
            self.operation(operation);
        }
        for table in &p.tables {
            self.data_table(table);
        }
    }

    /// Parts stand before what is made of them, so no schema contains itself.
    fn schema(&mut self, index: usize, schema: &Schema) {
        if !self.type_id("a schema", schema.ty) {
            return;
        }
        let before = |id: SchemaId| (id as usize) < index;
        let part = |id: SchemaId, ty: TypeId| {
            before(id) && self.program.schemas.get(id as usize).is_some_and(|part| part.ty == ty)
        };
        let parts = |named: &[(TextId, SchemaId)], types: &[TypeId]| {
            named.len() == types.len() && named.iter().zip(types).all(|((_, id), ty)| part(*id, *ty))
        };
        let fits = match (&schema.shape, self.ty(schema.ty)) {
            (Shape::Plain, ty) => is_plain(ty),
            (Shape::Of(id), Type::Option(of) | Type::List(of)) => part(*id, *of),
            (Shape::Map(key, value), Type::Map(keys, values)) => part(*key, *keys) && part(*value, *values),
            (Shape::Record(named), Type::Record(types)) => parts(named, types),
            (Shape::Enum(named), Type::Enum(variants)) => {
                named.len() == variants.len()
                    && named.iter().zip(variants).all(|((_, named), types)| parts(named, types))
            }
            _ => false,
        };
        if !fits {
            self.fault(FaultKind::Types, format!("schema {index} is not made as its type is"));
        }
        let names: Vec<TextId> = match &schema.shape {
            Shape::Plain | Shape::Of(_) | Shape::Map(..) => Vec::new(),
            Shape::Record(named) => named.iter().map(|(name, _)| *name).collect(),
            Shape::Enum(variants) => variants
                .iter()
                .flat_map(|(name, named)| std::iter::once(*name).chain(named.iter().map(|(name, _)| *name)))
                .collect(),
        };
        for name in names {
            self.text_id("a schema", name);
        }
    }

    fn schema_id(&mut self, what: &str, id: SchemaId) -> bool {
        self.index(&format!("schema of {what}"), id as usize, self.program.schemas.len())
    }

    fn given(&mut self, given: Given) {
        match given {
            Given::Text(id) => self.text_id("a service", id),
            Given::Setting(index) => {
                let known = self.index("setting", usize::from(index), self.program.settings.len());
                if known && *self.ty(self.program.settings[usize::from(index)].ty) != Type::Text {
                    self.fault(FaultKind::Types, "a service takes a setting that is no text");
                }
            }
        }
    }

    fn service(&mut self, service: &Service) {
        self.text_id("a service", service.name);
        if (service.kind == ServiceKind::Http) != service.address.is_some() {
            self.fault(FaultKind::Index, "a service over HTTP has an address, and no other has one");
        }
        if let Some(address) = service.address {
            self.given(address);
        }
        match service.credentials {
            None => {}
            Some(Credentials::Bearer(key)) => self.given(key),
            Some(Credentials::Basic(user, password)) => {
                self.given(user);
                self.given(password);
            }
            Some(Credentials::Header(name, value)) => {
                self.text_id("a service", name);
                self.given(value);
            }
        }
    }

    fn operation(&mut self, operation: &Operation) {
        self.index("service", usize::from(operation.service), self.program.services.len());
        self.text_id("an operation", operation.name);
        self.limit("parameters", operation.params.len(), limits::FIELDS);
        for param in &operation.params {
            self.text_id("a parameter", param.name);
            self.schema_id("a parameter", param.schema);
        }
        for piece in &operation.path {
            match *piece {
                PathPiece::Text(id) => self.text_id("a path", id),
                PathPiece::Param(index) => {
                    self.index("parameter", usize::from(index), operation.params.len());
                    let param = operation.params.get(usize::from(index));
                    if param.is_some_and(|param| param.secret || !param.in_path) {
                        self.fault(FaultKind::Types, "a path holds what may not stand in one");
                    }
                }
            }
        }
        if let Some(result) = operation.result {
            self.schema_id("an answer", result);
        }
    }

    fn data_table(&mut self, table: &DataTable) {
        self.text_id("a table", table.name);
        if !self.schema_id("a table", table.row) {
            return;
        }
        let Some(columns) = self.program.columns(table.row) else {
            return self.fault(FaultKind::Types, "the rows of a table are no records of plain values");
        };
        let optional: Vec<bool> = columns
            .iter()
            .map(|id| matches!(self.ty(self.program.schemas[*id as usize].ty), Type::Option(_)))
            .collect();
        for row in &table.rows {
            if row.len() != optional.len() {
                return self.fault(FaultKind::Index, "a row of a table has another number of fields");
            }
            for (cell, optional) in row.iter().zip(&optional) {
                match cell {
                    Some(id) => self.text_id("a row", *id),
                    None if *optional => {}
                    None => self.fault(FaultKind::Types, "a row of a table lacks a field"),
                }
            }
        }
    }
}

/// Whether a type has no parts, and means something outside of a program.
fn is_plain(ty: &Type) -> bool {
    !matches!(
        ty,
        Type::Option(_)
            | Type::List(_)
            | Type::Map(..)
            | Type::Record(_)
            | Type::Enum(_)
            | Type::Speech
            | Type::Keys
            | Type::Form
            | Type::Stay
            | Type::Rings
            | Type::Shares
            | Type::Calendar
            | Type::Queue
            | Type::Switch
            | Type::Limit
            | Type::Setting
            | Type::Operation
            | Type::Table
    )
}
