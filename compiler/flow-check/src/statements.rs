//! Statements: instant or bounded effects, in order, before the wait.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, ElementKind, Speech, Statement as Ast};

use crate::codes;
use crate::context::{Checker, Say as _, open};
use crate::flows::FlowContext;
use crate::hir::{self, Recording, Say, Spoken, SpokenKind, Statement, StatementKind, Type, TypeKind};
use crate::names::Def;
use crate::types::opened;

impl<'a> Checker<'a> {
    /// Checks one statement; `None` when it is one of a later version.
    pub fn statement(
        &mut self,
        f: &mut FlowContext<'a>,
        st: &ast::Statement,
        at: Location,
    ) -> Option<Statement> {
        let kind = match st {
            Ast::Let { value, .. } | Ast::Set { value, .. } if self.asks(f, &value.expr) => {
                self.ask_and_keep(f, st, value)?
            }
            Ast::Let { name, ty, value } => self.let_statement(f, *name, ty.as_ref(), value),
            Ast::Set { target, value } => self.set_statement(f, target, value)?,
            Ast::Speech(speech) => StatementKind::Say(self.speech(f, speech, at)),
            Ast::Do(value) => self.do_statement(f, value, at)?,
            Ast::Send(value) => self.send_statement(f, value)?,
            Ast::Count { limit, arguments, otherwise } => {
                let (limit, key) = self.limit_key(f, limit, arguments)?;
                if otherwise.is_none() && !f.after_hangup {
                    self.error(codes::UNOPENED, at, "`count` may find the limit reached", "and then?")
                        .add_help("say where the call goes then: `else -> BLOCK`");
                }
                let otherwise = otherwise.as_ref().map(|exit| self.exit(f, exit, false));
                StatementKind::Count { limit, key, otherwise }
            }
            Ast::Reset { limit, arguments } => {
                let (limit, key) = self.limit_key(f, limit, arguments)?;
                StatementKind::Reset { limit, key }
            }
            Ast::If { condition, body } => {
                let mark = f.scope.names.len();
                let condition = self.condition(&mut f.scope, condition);
                let body = self.only_statements(f, body, "if");
                f.scope.names.truncate(mark);
                StatementKind::If { condition, body }
            }
            Ast::Each { name, list, body } => {
                let list = self.expr(&mut f.scope, list, None);
                let element = self.element(&list);
                if list.ty.secret {
                    self.secret_decides(list.location, &list);
                }
                let mark = f.scope.names.len();
                let local = self.declare(&mut f.scope, *name, element, false);
                let body = self.only_statements(f, body, "each");
                f.scope.names.truncate(mark);
                StatementKind::Each { local, list, body }
            }
            Ast::Mark { name, value } => {
                let value = value.as_ref().map(|v| self.expr(&mut f.scope, v, None));
                if let Some(value) = &value {
                    self.refuse_secret(value, "written to the call record");
                }
                StatementKind::Mark { name: self.name(name.symbol).into(), value }
            }
            Ast::Discard => StatementKind::Discard,
        };
        Some(Statement { kind, location: at })
    }

    fn let_statement(
        &mut self,
        f: &mut FlowContext<'a>,
        name: ast::Name,
        ty: Option<&ast::Type>,
        value: &ast::Value,
    ) -> StatementKind {
        let stated = ty.map(|ty| self.ty(f.scope.module, ty));
        let place = format!("`{}`", self.name(name.symbol));
        let (value, otherwise, found) = self.value(f, value, stated.as_ref(), &place);
        let ty = stated.unwrap_or(found);
        if ty.kind == TypeKind::Nothing {
            self.untold(value.location);
        }
        let currency = self.currency_of(&f.scope, &value);
        let local = self.declare(&mut f.scope, name, ty, false);
        if let Some(currency) = currency {
            f.scope.currencies.insert(local, currency);
        }
        StatementKind::Let { local, value, otherwise }
    }

    /// A value, perhaps with an exit when it is missing; the type is that of what is kept.
    fn value(
        &mut self,
        f: &mut FlowContext<'a>,
        value: &ast::Value,
        stated: Option<&Type>,
        place: &str,
    ) -> (hir::Expr, Option<hir::Exit>, Type) {
        let Some(exit) = &value.otherwise else {
            let found = self.expr(&mut f.scope, &value.expr, stated.map(|t| &t.kind));
            let found = match stated {
                Some(stated) => self.coerce(found, stated, place),
                None => found,
            };
            let ty = found.ty.clone();
            return (found, None, ty);
        };
        let wanted = stated.map(|t| TypeKind::Optional(Box::new(t.kind.clone())));
        let found = self.expr(&mut f.scope, &value.expr, wanted.as_ref());
        if found.ty.secret {
            self.secret_decides(found.location, &found);
        }
        let exit = self.exit(f, exit, false);
        let Some(inner) = opened(&found.ty) else {
            if found.ty.kind != TypeKind::Unknown {
                self.needless_else(found.location);
            }
            let ty = found.ty.clone();
            return (found, Some(exit), ty);
        };
        let found = match stated {
            Some(stated) => {
                let option =
                    Type { kind: TypeKind::Optional(Box::new(stated.kind.clone())), secret: stated.secret };
                self.coerce(found, &option, place)
            }
            None => found,
        };
        (found, Some(exit), inner)
    }

    fn set_statement(
        &mut self,
        f: &mut FlowContext<'a>,
        target: &ast::Path,
        value: &ast::Value,
    ) -> Option<StatementKind> {
        let at = f.scope.at(target.span);
        let text = self.path_text(target);
        let [name] = target.names.as_slice() else {
            self.error(codes::NOT_SETTABLE, at, format!("`{text}` cannot be set"), "not a state")
                .add_help("set the whole state to a new record");
            return None;
        };
        if let Some(local) = f.scope.find(name.symbol) {
            if !f.state.contains(&local) {
                let there = f.scope.locals[local].location;
                self.error(
                    codes::NOT_SETTABLE,
                    at,
                    format!("`{text}` is not `state`, so it cannot be set"),
                    "set",
                )
                .add_label(there, "named here, once")
                .add_help("declare a `state` in the flow for what changes");
                return None;
            }
            let ty = f.scope.locals[local].ty.clone();
            let (value, otherwise, _) = self.value(f, value, Some(&ty), &format!("`{text}`"));
            self.keeps_currency(&f.scope, local, &value);
            return Some(StatementKind::Set { local, value, otherwise });
        }
        match text.as_str() {
            "language" => {
                let value = self.expr(&mut f.scope, &value.expr, Some(&TypeKind::Language));
                let value = self.coerce(value, &open(TypeKind::Language), "`language`");
                if let hir::ExprKind::Language(id) = value.kind
                    && !f.scope.languages.contains(&id)
                {
                    let name = self.program.languages[id].clone();
                    self.error(
                        codes::OTHER_LANGUAGE,
                        value.location,
                        format!("this flow does not speak `{name}`"),
                        "not spoken",
                    )
                    .add_help("add it to the flow's `speaks`");
                }
                Some(StatementKind::SetLanguage(value))
            }
            "voice" => {
                let value = self.expr(&mut f.scope, &value.expr, Some(&TypeKind::Text));
                Some(StatementKind::SetVoice(self.coerce(value, &open(TypeKind::Text), "`voice`")))
            }
            "recording" => self.set_recording(f, &value.expr),
            _ => {
                let known: Vec<&str> = f.scope.names.iter().map(|(n, _)| self.name(n)).collect();
                let near =
                    crate::near::nearest(&text, known.into_iter().chain(["language", "voice", "recording"]));
                self.error(codes::NOT_SETTABLE, at, format!("there is no state `{text}`"), "unknown")
                    .suggest(&text, &near, at)
                    .add_help("a flow may set its `state`, `language`, `voice` and `recording`");
                None
            }
        }
    }

    fn set_recording(&mut self, f: &FlowContext<'a>, value: &ast::Expr) -> Option<StatementKind> {
        let word = match &value.kind {
            ast::ExprKind::Name(name) => self.name(*name),
            _ => "",
        };
        let recording = match word {
            "nobody" => Recording::Nobody,
            "caller" => Recording::Caller,
            "agent" => Recording::Agent,
            "both" => Recording::Both,
            _ => {
                let at = f.scope.at(value.span);
                self.error(codes::OUT_OF_RANGE, at, "nobody is recorded so", "unknown")
                    .add_help("write `nobody`, `caller`, `agent` or `both`");
                return None;
            }
        };
        Some(StatementKind::SetRecording(recording))
    }

    fn limit_key(
        &mut self,
        f: &mut FlowContext<'a>,
        limit: &ast::Path,
        arguments: &ast::Arguments,
    ) -> Option<(hir::LimitId, Vec<hir::Expr>)> {
        let id = self.resolve_as(f.scope.module, limit, "limit", |d| match d {
            Def::Limit(id) => Some(id),
            _ => None,
        })?;
        let shape = self.shapes.limits[id].clone();
        let text = self.path_text(limit);
        let at = f.scope.at(limit.span);
        let key = self.arguments(Some(&mut f.scope), &shape, Some(arguments), &text, at);
        // A secret given to a key that is not declared so has been refused already.
        for (value, ty) in key.iter().zip(&shape.types) {
            if ty.secret {
                self.refuse_secret(value, "kept as the key of a limit");
            }
        }
        Some((id, key))
    }

    /// The body of `if`, `each` and `on hangup`: statements, never exits.
    pub fn only_statements(
        &mut self,
        f: &mut FlowContext<'a>,
        body: &ast::Body,
        word: &str,
    ) -> Vec<Statement> {
        if f.bodies >= crate::endings::DEEPEST_BODY {
            self.too_deep(f.scope.at(body.span));
            return Vec::new();
        }
        f.bodies += 1;
        let mark = f.scope.names.len();
        let mut out = Vec::new();
        for element in &body.elements {
            let at = f.scope.at(element.span);
            match &element.kind {
                ElementKind::Statement(statement) => {
                    let leaves = matches!(
                        statement,
                        Ast::Let { value, .. } | Ast::Set { value, .. } | Ast::Do(value)
                            if value.otherwise.is_some()
                    ) || matches!(statement, Ast::Count { otherwise: Some(_), .. });
                    if leaves {
                        self.no_exit_here(at, word);
                    }
                    if word == "on hangup" && self.waits_for_a_service(f, statement) {
                        self.no_exit_here(at, word);
                        continue;
                    }
                    out.extend(self.statement(f, statement, at));
                }
                _ => self.no_exit_here(at, word),
            }
        }
        f.scope.names.truncate(mark);
        f.bodies -= 1;
        out
    }

    fn no_exit_here(&mut self, at: Location, word: &str) {
        self.error(
            codes::STATEMENTS_ONLY,
            at,
            format!("`{word}` holds statements only, and this may leave or wait"),
            "not a statement",
        )
        .add_help("decide with `when … -> …` at the end of the body");
    }

    /// `say`, `announce`, `play`
    pub fn speech(&mut self, f: &mut FlowContext<'a>, speech: &Speech, at: Location) -> Say {
        match speech {
            Speech::Say(spoken) => Say { spoken: self.spoken(&mut f.scope, spoken), interruptible: true },
            Speech::Announce(spoken) => {
                Say { spoken: self.spoken(&mut f.scope, spoken), interruptible: false }
            }
            Speech::Play(name) => {
                let sound = self.sound(&f.scope, name);
                let spoken = Spoken { kind: SpokenKind::Sound(sound), location: at };
                Say { spoken, interruptible: true }
            }
        }
    }
}
