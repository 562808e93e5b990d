//! What stands behind a point: fields of records, what calendars, queues and the call itself can be asked;
//! and the built-in names.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, ExprKind as Ast};

use crate::codes;
use crate::context::{Checker, Say, Scope, open, unknown};
use crate::expressions::Role;
use crate::hir::{Expr, ExprKind, Sample, Type, TypeKind};
use crate::names::Def;
use crate::near::{listed, nearest};

/// Names that every call knows.
pub(crate) const BUILTINS: &[&str] =
    &["language", "voice", "recording", "caller", "called", "call", "now", "today"];

/// Names that are called as functions are, and are built in.
pub(crate) const FUNCTIONS: &[&str] = &[
    "some",
    "text",
    "last",
    "encrypt",
    "round",
    "int",
    "decimal",
    "digits",
    "phone",
    "floor",
    "ceil",
    "check_digit",
];

/// Whether a name is built in, and so cannot be given to something else.
pub(crate) fn is_builtin(name: &str, in_queue: bool) -> bool {
    BUILTINS.contains(&name) || (in_queue && matches!(name, "position" | "wait"))
}

fn option(kind: TypeKind) -> TypeKind {
    TypeKind::Optional(Box::new(kind))
}

const CALENDAR: &[&str] = &["open", "next_open", "closes", "reason", "open_at"];
const QUEUE: &[&str] = &["expected_wait", "longest_wait", "waiting", "free", "staffed"];

impl Checker<'_> {
    /// `language`, `now`, `position` …
    pub fn builtin_name(&mut self, s: &mut Scope, text: &str, at: Location) -> Option<Expr> {
        let (sample, ty) = match text {
            "language" => (Sample::Language, TypeKind::Language),
            "now" => (Sample::Now, TypeKind::DateTime),
            "today" => (Sample::Today, TypeKind::Date),
            "called" => (Sample::Called, TypeKind::Phone),
            "position" if s.in_queue => (Sample::Position, TypeKind::Int),
            "wait" if s.in_queue => (Sample::Wait, TypeKind::Duration),
            "position" | "wait" => {
                self.error(
                    codes::UNKNOWN_NAME,
                    at,
                    format!("`{text}` is known only in a `queue` block"),
                    "nobody waits in line here",
                );
                return Some(unknown(at));
            }
            "caller" | "call" => {
                let help = if text == "caller" { "`caller.number` or `caller.name`" } else { "`call.id`" };
                self.error(codes::MISMATCH, at, format!("`{text}` is not one value"), "of what?")
                    .add_help(format!("write {help}"));
                return Some(unknown(at));
            }
            _ => return None,
        };
        self.needs_call(s, at);
        Some(Expr { kind: ExprKind::Sample(sample), ty: open(ty), location: at })
    }

    /// The item that an expression names, when it is a path to one: `office`, `shared.office`.
    pub fn static_item(&mut self, s: &Scope, e: &ast::Expr) -> Option<Def> {
        match &e.kind {
            Ast::Name(name) if s.find(*name).is_none() => {
                let def = self.item(s.module, *name)?;
                matches!(
                    def,
                    Def::Module(_)
                        | Def::Calendar(_)
                        | Def::Queue(_)
                        | Def::Enum(_)
                        | Def::Service(_)
                        | Def::Table(_)
                        | Def::Silent
                )
                .then_some(def)
            }
            Ast::Field { of, name, .. } => match self.static_item(s, of)? {
                Def::Module(module) => Some(self.public_item(module, *name, s.at(name.span))),
                Def::Silent => Some(Def::Silent),
                _ => None,
            },
            _ => None,
        }
    }

    /// `a.b` and `a?.b`
    pub fn field(
        &mut self,
        s: &mut Scope,
        of: &ast::Expr,
        name: ast::Name,
        optional: bool,
        at: Location,
    ) -> Expr {
        let text = self.name(name.symbol);
        if let Ast::Name(owner) = &of.kind
            && s.find(*owner).is_none()
            && !self.names[s.module].items.contains_key(owner)
            && let Some(found) = self.call_property(s, self.name(*owner), name, at)
        {
            return found;
        }
        match self.static_item(s, of) {
            Some(Def::Module(module)) => {
                let def = self.public_item(module, name, s.at(name.span));
                return self.item_value(s, def, text, at);
            }
            Some(Def::Calendar(id)) => return self.calendar_property(s, id, name, at),
            Some(Def::Queue(id)) => return self.queue_property(s, id, name, at),
            Some(Def::Enum(id)) => {
                if let Some(index) = self.shapes.enums[id].iter().position(|(n, _)| *n == name.symbol) {
                    let (_, shape) = self.shapes.enums[id][index].clone();
                    let values = self.arguments(None, &shape, None, text, at);
                    let kind = ExprKind::Variant(id, index, values);
                    return Expr { kind, ty: open(TypeKind::Enum(id)), location: at };
                }
                self.unknown_variant(id, name, s.at(name.span));
                return unknown(at);
            }
            Some(Def::Silent) => return unknown(at),
            _ => {}
        }
        if let Ast::Name(owner) = &of.kind
            && self.is_nothing(s, *owner)
        {
            return self.unknown_name(s, *owner, s.at(of.span), Role::Owner);
        }
        let value = self.expr(s, of, None);
        self.value_field(s, value, name, optional, at)
    }

    fn value_field(&mut self, s: &Scope, value: Expr, name: ast::Name, optional: bool, at: Location) -> Expr {
        let text = self.name(name.symbol);
        let secret = value.ty.secret;
        let here = s.at(name.span);
        match (&value.ty.kind, optional) {
            (TypeKind::Unknown, _) => unknown(at),
            (TypeKind::Record(id), _) => {
                if optional {
                    self.needless_else(value.location);
                    return unknown(at);
                }
                let id = *id;
                match self.field_of(id, name, here) {
                    Some((index, ty)) => {
                        let ty = Type { secret: ty.secret || secret, ..ty };
                        Expr { kind: ExprKind::Field(Box::new(value), index), ty, location: at }
                    }
                    None => unknown(at),
                }
            }
            (TypeKind::Optional(inner), true) => {
                let TypeKind::Record(id) = **inner else {
                    return self.no_fields(&value, text, here, at);
                };
                match self.field_of(id, name, here) {
                    Some((index, ty)) => {
                        let kind = match ty.kind {
                            already @ TypeKind::Optional(_) => already,
                            other => option(other),
                        };
                        let ty = Type { kind, secret: ty.secret || secret };
                        Expr { kind: ExprKind::OptionalField(Box::new(value), index), ty, location: at }
                    }
                    None => unknown(at),
                }
            }
            (TypeKind::Optional(_), false) => {
                self.error(
                    codes::UNOPENED,
                    value.location,
                    format!("`{text}` is asked of something that may be missing"),
                    "may be `none`",
                )
                .add_help(format!("write `?.{text}`, or open it first with `is some(x)` or `else`"));
                unknown(at)
            }
            (of, false) if !crate::values::properties(of).is_empty() => {
                let Some((builtin, kind)) = crate::values::property(of, text) else {
                    let what = crate::types::article(&self.type_text(of));
                    let known = crate::values::properties(of);
                    return self.unknown_property(&what, known, name, here);
                };
                let ty = Type { kind, secret };
                Expr { kind: ExprKind::Builtin(builtin, vec![value]), ty, location: at }
            }
            _ => self.no_fields(&value, text, here, at),
        }
    }

    fn no_fields(&mut self, value: &Expr, text: &str, here: Location, at: Location) -> Expr {
        let kind = crate::types::article(&self.type_text(&value.ty.kind));
        let text = text.to_owned();
        self.error(codes::UNKNOWN_FIELD, here, format!("{kind} has no `{text}`"), "no such field");
        unknown(at)
    }

    fn field_of(&mut self, record: usize, name: ast::Name, here: Location) -> Option<(usize, Type)> {
        // A table's rows are of no record when its own type could not be found, which was told.
        let shape = self.shapes.records.get(record)?.clone();
        if let Some(index) = shape.names.iter().position(|n| *n == name.symbol) {
            return Some((index, shape.types[index].clone()));
        }
        let names: Vec<&str> = shape.names.iter().map(|n| self.name(*n)).collect();
        let what = format!("`{}`", self.program.records[record].name);
        self.unknown_property(&what, &names, name, here);
        None
    }

    pub(crate) fn unknown_property(
        &mut self,
        what: &str,
        known: &[&str],
        name: ast::Name,
        here: Location,
    ) -> Expr {
        let text = self.name(name.symbol);
        let near = nearest(text, known.iter().copied());
        let quoted: Vec<String> = known.iter().map(|n| format!("`{n}`")).collect();
        let all = listed(&quoted, "and");
        let diagnostic = self.error(codes::UNKNOWN_FIELD, here, format!("{what} has no `{text}`"), "unknown");
        diagnostic.suggest(text, &near, here);
        if near.is_empty() && !quoted.is_empty() {
            diagnostic.add_note(format!("{what} has {all}"));
        }
        unknown(here)
    }

    /// `caller.number`, `call.id`
    fn call_property(&mut self, s: &Scope, owner: &str, name: ast::Name, at: Location) -> Option<Expr> {
        let text = self.name(name.symbol);
        let (sample, ty) = match (owner, text) {
            ("caller", "number") => (Sample::CallerNumber, option(TypeKind::Phone)),
            ("caller", "name") => (Sample::CallerName, option(TypeKind::Text)),
            ("caller", "attested") => (Sample::CallerAttested, TypeKind::Bool),
            ("call", "id") => (Sample::CallId, TypeKind::Text),
            ("caller", _) => {
                let here = s.at(name.span);
                return Some(self.unknown_property("`caller`", &["number", "name", "attested"], name, here));
            }
            ("call", _) => return Some(self.unknown_property("`call`", &["id"], name, s.at(name.span))),
            _ => return None,
        };
        self.needs_call(s, at);
        Some(Expr { kind: ExprKind::Sample(sample), ty: open(ty), location: at })
    }

    fn calendar_property(&mut self, s: &Scope, id: usize, name: ast::Name, at: Location) -> Expr {
        let (sample, ty) = match self.name(name.symbol) {
            "open" => (Sample::CalendarOpen(id), TypeKind::Bool),
            "next_open" => (Sample::CalendarNextOpen(id), option(TypeKind::DateTime)),
            "closes" => (Sample::CalendarCloses(id), TypeKind::DateTime),
            "reason" => (Sample::CalendarReason(id), TypeKind::Text),
            _ => return self.unknown_property("a calendar", CALENDAR, name, s.at(name.span)),
        };
        self.needs_call(s, at);
        Expr { kind: ExprKind::Sample(sample), ty: open(ty), location: at }
    }

    fn queue_property(&mut self, s: &Scope, id: usize, name: ast::Name, at: Location) -> Expr {
        let (sample, ty) = match self.name(name.symbol) {
            "expected_wait" => (Sample::QueueExpectedWait(id), option(TypeKind::Duration)),
            "longest_wait" => (Sample::QueueLongestWait(id), TypeKind::Duration),
            "waiting" => (Sample::QueueWaiting(id), TypeKind::Int),
            "free" => (Sample::QueueFree(id), TypeKind::Int),
            "staffed" => (Sample::QueueStaffed(id), TypeKind::Bool),
            _ => return self.unknown_property("a queue", QUEUE, name, s.at(name.span)),
        };
        self.needs_call(s, at);
        Expr { kind: ExprKind::Sample(sample), ty: open(ty), location: at }
    }

    /// `xs.at(i)`, `xs.contains(x)`
    pub fn method(
        &mut self,
        s: &mut Scope,
        of: &ast::Expr,
        name: ast::Name,
        arguments: &ast::Arguments,
        at: Location,
    ) -> Expr {
        let value = self.expr(s, of, None);
        if value.ty.kind == TypeKind::Unknown {
            return unknown(at);
        }
        let kind = crate::types::article(&self.type_text(&value.ty.kind));
        if let Some(asked) = self.value_method(s, value, self.name(name.symbol), arguments, at) {
            return asked;
        }
        let text = self.name(name.symbol);
        self.error(
            codes::UNKNOWN_FIELD,
            s.at(name.span),
            format!("{kind} cannot be asked `{text}(…)`"),
            "unknown",
        );
        unknown(at)
    }

    /// An enum has no variant of this name.
    pub fn unknown_variant(&mut self, id: usize, name: ast::Name, here: Location) {
        let text = self.name(name.symbol);
        let known: Vec<&str> = self.shapes.enums[id].iter().map(|(n, _)| self.name(*n)).collect();
        let near = nearest(text, known.iter().copied());
        let quoted: Vec<String> = known.iter().map(|n| format!("`{n}`")).collect();
        let owner = self.program.enums[id].name.clone();
        let all = listed(&quoted, "and");
        self.error(
            codes::UNKNOWN_VARIANT,
            here,
            format!("`{owner}` has no variant `{text}`"),
            "unknown variant",
        )
        .add_note(format!("`{owner}` is {all}"))
        .suggest(text, &near, here);
    }
}
