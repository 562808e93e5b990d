//! Services: where each is, how it knows us, and what it can be asked. What a URL and a JSON body can carry is
//! decided here; how it is asked during a call is the matter of `requests`.

use std::rc::Rc;

use flow_diagnostics::Location;
use flow_syntax::ast::{self, ItemKind, TextPart};

use crate::codes;
use crate::context::{Checker, Place, Say, Scope, Signature, open};
use crate::hir::{
    Credentials, Expr, ExprKind, Method, Operation, OperationId, OperationParam, PathPiece, Service,
    ServiceKind, Type, TypeKind,
};
use crate::types::article;

/// The longest that a caller is made to wait for a service.
const LONGEST_MILLIS: u64 = 60_000;
/// How long what is sent without anybody waiting may take at each attempt.
const SEND_MILLIS: u64 = 30_000;

impl<'a> Checker<'a> {
    /// Every service of the project.
    pub fn services(&mut self) {
        for source in self.sources.services.clone() {
            let ItemKind::Service { name, at, with, operations } = &source.item.kind else { continue };
            let mut scope = Scope::new(source.module, self.file(source.module), Place::Call, Vec::new());
            let address = self.service_address(&mut scope, at);
            let credentials = with.as_ref().and_then(|with| self.credentials(&mut scope, with));
            let location = name.span.at(scope.file);
            let text = self.full_name(source.module, name.symbol);
            let id = self.program.services.len();
            let kind = ServiceKind::Http;
            self.program.services.push(Service { name: text, kind, address, credentials, location });
            let mut known = Vec::new();
            for operation in operations {
                let at = operation.name.span.at(scope.file);
                if known.iter().any(|(symbol, _)| *symbol == operation.name.symbol) {
                    let text = self.name(operation.name.symbol);
                    self.error(
                        codes::DEFINED_TWICE,
                        at,
                        format!("`{text}` stands twice in this service"),
                        "the second one",
                    );
                    continue;
                }
                known.push((operation.name.symbol, self.operation(&scope, id, operation)));
            }
            self.shapes.services.push(known);
        }
    }

    /// A text that is written, a constant, or a setting; secret only where that is fine.
    fn given(&mut self, s: &mut Scope, value: &ast::Expr, what: &str) -> Option<Expr> {
        let found = self.expr(s, value, Some(&TypeKind::Text));
        if found.ty.kind == TypeKind::Unknown {
            return None;
        }
        let is_given = matches!(found.kind, ExprKind::Text(_) | ExprKind::Setting(_));
        if !is_given || found.ty.kind != TypeKind::Text {
            self.error(
                codes::SERVICE_ADDRESS,
                found.location,
                format!("{what} is a text or a setting of type text"),
                "something else",
            )
            .add_help("declare it: `setting crm_url: text`, and give it in flow.toml");
            return None;
        }
        Some(found)
    }

    fn service_address(&mut self, s: &mut Scope, at: &ast::Expr) -> Option<Expr> {
        let found = self.given(s, at, "the address of a service")?;
        if found.ty.secret {
            self.secret_in_url(found.location);
            return None;
        }
        if let ExprKind::Text(text) = &found.kind
            && !["http://", "https://"]
                .iter()
                .any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
        {
            let text = text.clone();
            self.error(
                codes::SERVICE_ADDRESS,
                found.location,
                format!("\"{text}\" is no address of a service"),
                "not http or https",
            )
            .add_help("write it like \"https://crm.example/api\"");
            return None;
        }
        Some(found)
    }

    /// `bearer(key)`, `basic(user, password)`, `header("X-Api-Key", key)`
    fn credentials(&mut self, s: &mut Scope, with: &ast::Expr) -> Option<Credentials> {
        if let ast::ExprKind::Call { of, arguments } = &with.kind
            && let ast::ExprKind::Name(word) = &of.kind
        {
            let values: Vec<&ast::Expr> = arguments.list.iter().map(|argument| &argument.value).collect();
            match (self.name(*word), values.as_slice()) {
                ("bearer", [key]) => return Some(Credentials::Bearer(self.given(s, key, "a key")?)),
                ("basic", [user, password]) => {
                    let user = self.given(s, user, "a user")?;
                    return Some(Credentials::Basic(user, self.given(s, password, "a password")?));
                }
                ("header", [name, value]) => {
                    let name = self.given(s, name, "a header's name")?;
                    let value = self.given(s, value, "a header's value")?;
                    if let ExprKind::Text(text) = &name.kind
                        && !text.is_empty()
                        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                    {
                        return Some(Credentials::Header(text.to_string(), value));
                    }
                    self.error(
                        codes::SERVICE_ADDRESS,
                        name.location,
                        "this is no name of a header",
                        "letters, digits and `-` only",
                    );
                    return None;
                }
                _ => {}
            }
        }
        let at = s.at(with.span);
        self.error(codes::SERVICE_ADDRESS, at, "a service is not known by this", "after `with`").add_help(
            "write `with bearer(key)`, `with basic(user, password)` or `with header(\"X-Api-Key\", key)`",
        );
        None
    }

    fn operation(&mut self, s: &Scope, service: usize, operation: &ast::Operation) -> OperationId {
        let mut shape = self.signature(s.module, &operation.params);
        self.defaults(s.module, &operation.params, &mut shape);
        let (path, in_path) = self.path(s, operation, &shape);
        for ((param, ty), in_path) in operation.params.iter().zip(&shape.types).zip(&in_path) {
            let at = s.at(param.ty.span);
            match in_path {
                true => self.fits_url(param, ty, at),
                false => self.fits_json(&ty.kind, at),
            }
        }
        let method = match self.name(operation.method.symbol) {
            "get" => Method::Get,
            "put" => Method::Put,
            "delete" => Method::Delete,
            _ => Method::Post,
        };
        if matches!(method, Method::Get | Method::Delete) {
            let word = self.name(operation.method.symbol);
            for (param, _) in operation.params.iter().zip(&in_path).filter(|(_, in_path)| !**in_path) {
                let text = self.name(param.name.symbol);
                self.error(
                    codes::BODY_ON_GET,
                    s.at(param.name.span),
                    format!("a `{word}` sends no body, so `{text}` would get lost"),
                    "not in the path",
                )
                .add_help(format!("put it into the path: `…?{text}={{{text}}}`, or use `post`"));
            }
        }
        let result = operation.result.as_ref().map(|ty| {
            let at = s.at(ty.span);
            let ty = self.ty(s.module, ty);
            self.fits_json(&ty.kind, at);
            ty
        });
        if !(1..=LONGEST_MILLIS).contains(&operation.within.millis) {
            let at = s.at(operation.within.span);
            self.error(codes::OUT_OF_RANGE, at, "nobody waits on a telephone for so long", "from 1ms to 60s")
                .add_help("a caller notices 2s; after 10s most have hung up");
        }
        let params = operation.params.iter().zip(&shape.types).zip(in_path);
        let params = params.map(|((param, ty), in_path)| OperationParam {
            name: self.name(param.name.symbol).into(),
            ty: ty.clone(),
            in_path,
        });
        let params = params.collect();
        self.program.operations.push(Operation {
            service,
            name: self.name(operation.name.symbol).into(),
            method,
            path,
            params,
            result,
            within_millis: operation.within.millis,
            location: s.at(operation.name.span),
        });
        self.shapes.operations.push(Rc::new(shape));
        self.program.operations.len() - 1
    }

    /// The path in pieces, and which parameters stand in it.
    fn path(
        &mut self,
        s: &Scope,
        operation: &ast::Operation,
        shape: &Signature,
    ) -> (Vec<PathPiece>, Vec<bool>) {
        let mut in_path = vec![false; shape.names.len()];
        let mut pieces = Vec::new();
        let at = s.at(operation.path.span);
        let begins =
            matches!(operation.path.parts.first(), Some(TextPart::Text(text)) if text.starts_with('/'));
        if !begins {
            self.error(codes::SERVICE_PATH, at, "a path begins with `/`", "not a path")
                .add_help("write what follows the service's address: \"/customers/{id}\"");
        }
        for part in &operation.path.parts {
            match part {
                TextPart::Text(text) => {
                    if text.bytes().any(|byte| byte <= b' ' || byte >= 0x7f || byte == b'#') {
                        self.error(
                            codes::SERVICE_PATH,
                            at,
                            "this cannot stand in a URL",
                            "blank, `#` or not ASCII",
                        );
                    }
                    pieces.push(PathPiece::Text(text.to_string()));
                }
                TextPart::Hole(hole) => {
                    let index = match &hole.value.kind {
                        ast::ExprKind::Name(name) if hole.reading.is_none() && hole.plural.is_empty() => {
                            shape.names.iter().position(|known| known == name)
                        }
                        _ => None,
                    };
                    match index {
                        Some(index) => {
                            in_path[index] = true;
                            pieces.push(PathPiece::Param(index));
                        }
                        None => {
                            self.no_such_placeholder(s.at(hole.span), operation, shape);
                            // Which parameter was meant is not known: none is said to get lost.
                            in_path.fill(true);
                        }
                    }
                }
            }
        }
        (pieces, in_path)
    }

    fn no_such_placeholder(&mut self, at: Location, operation: &ast::Operation, shape: &Signature) {
        let names: Vec<String> =
            shape.names.iter().map(|name| format!("`{{{}}}`", self.name(*name))).collect();
        let text = self.name(operation.name.symbol);
        let diagnostic = self.error(
            codes::SERVICE_PATH,
            at,
            format!("the path of `{text}` names no parameter here"),
            "only a parameter stands in braces",
        );
        match names.is_empty() {
            true => diagnostic.add_help("declare it as a parameter of the operation"),
            false => diagnostic.add_help(format!("it may be {}", crate::near::listed(&names, "or"))),
        };
    }

    fn fits_url(&mut self, param: &ast::Param, ty: &Type, at: Location) {
        if ty.secret {
            self.secret_in_url(at);
            return;
        }
        let plain = match &ty.kind {
            TypeKind::Enum(id) => self.program.enums[*id].variants.iter().all(|v| v.fields.is_empty()),
            TypeKind::Optional(_)
            | TypeKind::List(_)
            | TypeKind::Map(..)
            | TypeKind::Record(_)
            | TypeKind::Money
            | TypeKind::Nothing => false,
            _ => true,
        };
        if !plain {
            let name = self.name(param.name.symbol);
            let kind = article(&self.type_text(&ty.kind));
            self.error(
                codes::NOT_CARRIED,
                at,
                format!("`{name}` stands in the path, and {kind} is not written in one word"),
                "does not fit into a URL",
            )
            .add_help("pass its parts as parameters of their own, or leave it out of the path of a `post`");
        }
    }

    fn secret_in_url(&mut self, at: Location) {
        self.error(
            codes::SECRET_IN_URL,
            at,
            "a secret would stand in a URL, which every proxy and log keeps",
            "this is secret",
        )
        .add_help("use `post` and leave it out of the path, so that it goes into the body");
    }

    /// Whether JSON has a form for values of a type.
    fn fits_json(&mut self, kind: &TypeKind, at: Location) {
        if let TypeKind::Map(key, _) = kind
            && !matches!(**key, TypeKind::Text | TypeKind::Digits | TypeKind::Phone)
        {
            self.error(codes::NOT_CARRIED, at, "the keys of a map are text in JSON", "keys of another type")
                .add_help("use `map[text, …]`, or a list of records");
        }
    }

    /// `email.send` and `sms.send`, which the deployment places; made when first used. Their parameters have no
    /// symbols, so their shape is empty and arguments are matched by text.
    pub(crate) fn standard_operation(&mut self, kind: ServiceKind, at: Location) -> OperationId {
        let mut known = self.program.operations.iter();
        if let Some(id) = known.position(|known| self.program.services[known.service].kind == kind) {
            return id;
        }
        let (name, params): (&str, &[(&str, TypeKind)]) = match kind {
            ServiceKind::Email => {
                ("email", &[("to", TypeKind::Text), ("subject", TypeKind::Text), ("body", TypeKind::Text)])
            }
            _ => ("sms", &[("to", TypeKind::Phone), ("text", TypeKind::Text)]),
        };
        let name = name.to_owned();
        self.program.services.push(Service { name, kind, address: None, credentials: None, location: at });
        let param = |(name, kind): &(&str, TypeKind)| OperationParam {
            name: (*name).into(),
            ty: open(kind.clone()),
            in_path: false,
        };
        self.program.operations.push(Operation {
            service: self.program.services.len() - 1,
            name: "send".into(),
            method: Method::Post,
            path: vec![PathPiece::Text("/".into())],
            params: params.iter().map(param).collect(),
            result: None,
            within_millis: SEND_MILLIS,
            location: at,
        });
        self.shapes.operations.push(Rc::new(Signature::default()));
        self.program.operations.len() - 1
    }
}
