//! Services: their tables, the schemas of what they take and answer, and the statements that ask them.

use flow_bytecode::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::{self, Given, SchemaId, Shape};
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{self, Expr, ExprKind, Failed, Keep, OperationId, Request, TypeKind};

use crate::Lowering;
use crate::flow::Place;

impl<'h> Lowering<'h> {
    /// Services and their operations.
    pub(crate) fn services(&mut self) {
        let hir = self.hir;
        for service in &hir.services {
            let name = self.tables.text(&service.name);
            let address = service.address.as_ref().map(|address| self.given(address));
            let credentials = service.credentials.as_ref().map(|credentials| match credentials {
                hir::Credentials::Bearer(key) => program::Credentials::Bearer(self.given(key)),
                hir::Credentials::Basic(user, password) => {
                    program::Credentials::Basic(self.given(user), self.given(password))
                }
                hir::Credentials::Header(name, value) => {
                    program::Credentials::Header(self.tables.text(name), self.given(value))
                }
            });
            let kind = match service.kind {
                hir::ServiceKind::Http => program::ServiceKind::Http,
                hir::ServiceKind::Email => program::ServiceKind::Email,
                hir::ServiceKind::Sms => program::ServiceKind::Sms,
            };
            self.program.services.push(program::Service { name, kind, address, credentials });
        }
        for operation in &hir.operations {
            let params = operation.params.iter().map(|param| {
                let schema = self.schema(&param.ty.kind);
                program::OperationParam {
                    name: self.tables.text(&param.name),
                    schema,
                    secret: param.ty.secret,
                    in_path: param.in_path,
                }
            });
            let params = params.collect();
            let path = operation.path.iter().map(|piece| match piece {
                hir::PathPiece::Text(text) => program::PathPiece::Text(self.tables.text(text)),
                hir::PathPiece::Param(index) => program::PathPiece::Param(*index as u16),
            });
            let path = path.collect();
            let result = operation.result.as_ref().map(|ty| self.schema(&ty.kind));
            let method = match operation.method {
                hir::Method::Get => program::Method::Get,
                hir::Method::Post => program::Method::Post,
                hir::Method::Put => program::Method::Put,
                hir::Method::Delete => program::Method::Delete,
            };
            let name = self.tables.text(&operation.name);
            let service = operation.service as u16;
            let within_millis = operation.within_millis;
            self.program.operations.push(program::Operation {
                service,
                name,
                method,
                path,
                params,
                result,
                within_millis,
            });
        }
    }

    fn given(&mut self, expr: &Expr) -> Given {
        match &expr.kind {
            ExprKind::Setting(setting) => Given::Setting(*setting as u16),
            ExprKind::Text(text) => Given::Text(self.tables.text(text)),
            // The checker lets nothing else through.
            _ => Given::Text(self.tables.text("")),
        }
    }

    /// The schema of a type: the type with the names of its parts.
    pub(crate) fn schema(&mut self, kind: &TypeKind) -> SchemaId {
        let ty = self.ty(kind);
        let hir = self.hir;
        let shape = match kind {
            TypeKind::Optional(inner) | TypeKind::List(inner) => Shape::Of(self.schema(inner)),
            TypeKind::Map(key, value) => Shape::Map(self.schema(key), self.schema(value)),
            TypeKind::Record(id) => Shape::Record(self.named_schemas(&hir.records[*id].fields)),
            TypeKind::Enum(id) => {
                let variants = hir.enums[*id].variants.iter();
                let variants = variants
                    .map(|variant| (self.tables.text(&variant.name), self.named_schemas(&variant.fields)));
                Shape::Enum(variants.collect())
            }
            _ => Shape::Plain,
        };
        self.tables.schema(program::Schema { ty, shape })
    }

    fn named_schemas(&mut self, fields: &[hir::Field]) -> Vec<(u32, SchemaId)> {
        fields.iter().map(|field| (self.tables.text(&field.name), self.schema(&field.ty.kind))).collect()
    }

    /// The operation and its arguments as a record, in registers that follow one another; the record's type.
    fn operation_arguments(&mut self, operation: OperationId, arguments: &[Expr]) -> (u8, TypeId) {
        let hir = self.hir;
        let params = &hir.operations[operation].params;
        let types: Vec<TypeId> = params.iter().map(|param| self.ty(&param.ty.kind)).collect();
        let record = self.tables.ty(Type::Record(types.clone()));
        let a = self.alloc();
        self.load_handle(a, Type::Operation, operation);
        let first = self.values(arguments, &types);
        self.reserve_to(first.saturating_add(1));
        self.abx(Opcode::Record, first, record.0, record);
        (a, record)
    }

    /// Hands something to a service and goes on.
    pub(crate) fn send(&mut self, operation: OperationId, arguments: &[Expr]) {
        let (a, record) = self.operation_arguments(operation, arguments);
        let effect = if self.flow_frame.hung_up { Effect::Post } else { Effect::Send };
        self.perform_with(effect, a, Some(record), None);
    }

    /// Asks a service and waits for its answer.
    pub(crate) fn request(&mut self, request: &'h Request, place: &Place) {
        let hir = self.hir;
        let kept = match request.keep {
            Keep::Let(local) => {
                let register = self.alloc();
                Some((local, register))
            }
            Keep::Set(local) => self.frame.locals[local].map(|register| (local, register)),
            Keep::Nothing => None,
        };
        let operation = &hir.operations[request.operation];
        let (a, record) = self.operation_arguments(request.operation, &request.arguments);
        let answer = match &operation.result {
            Some(ty) => self.ty(&ty.kind),
            // Nobody asks what it says: whether it came is all.
            None => self.tables.ty(Type::Bool),
        };
        let entry = self.perform_with(Effect::Request, a, Some(record), Some(answer));
        let (answered, failed, done) = (self.label(), self.label(), self.label());
        self.switch_outcome(a, entry, &[answered, failed]);

        self.place(answered);
        let end = a.saturating_add(2);
        if self.mark() > end {
            self.release(end);
        }
        self.reserve_to(end);
        if let Some((_, register)) = kept {
            self.move_to(register, a.saturating_add(1));
        }
        self.release(a);
        self.jump(done);

        self.place(failed);
        self.release(a);
        match &request.failed {
            Failed::GoOn => self.jump(done),
            Failed::Value(value) => {
                if let Some((local, register)) = kept {
                    let ty = &hir.flows[self.flow_frame.flow].locals[local];
                    let want = self.ty(&ty.ty.kind);
                    self.into(value, register, Some(want));
                }
                self.release(a);
                self.jump(done);
            }
            Failed::Exit(exit) => self.exit(exit, place),
            Failed::Block => match self.flow_frame.failed {
                Some(label) => self.jump(label),
                None => self.out_of_reach(),
            },
        }
        self.place(done);
        self.release(a);
        if let (Keep::Let(local), Some((_, register))) = (request.keep, kept) {
            self.frame.locals[local] = Some(register);
        }
    }
}
