//! What values can be asked: their properties, and functions of them that are built in.

use flow_diagnostics::Location;
use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Scope, open, unknown};
use crate::hir::{Builtin, Expr, ExprKind, Part, Sample, Type, TypeKind};
use crate::types::article;

fn option(kind: TypeKind) -> TypeKind {
    TypeKind::Optional(Box::new(kind))
}

fn list(kind: &TypeKind) -> TypeKind {
    TypeKind::List(Box::new(kind.clone()))
}

const DATE: &[(&str, Part)] =
    &[("year", Part::Year), ("month", Part::Month), ("day", Part::Day), ("weekday", Part::Weekday)];
const TIME: &[(&str, Part)] = &[("hour", Part::Hour), ("minute", Part::Minute)];
const DURATION: &[(&str, Part)] =
    &[("days", Part::Days), ("hours", Part::Hours), ("minutes", Part::Minutes), ("seconds", Part::Seconds)];

/// The property of a value, and its type.
pub(crate) fn property(kind: &TypeKind, name: &str) -> Option<(Builtin, TypeKind)> {
    let part = |table: &[(&str, Part)]| {
        let found = table.iter().find(|(word, _)| *word == name);
        found.map(|(_, part)| (Builtin::Part(*part), TypeKind::Int))
    };
    match (kind, name) {
        (TypeKind::List(_) | TypeKind::Map(..), "length")
        | (TypeKind::Text | TypeKind::Digits | TypeKind::Phone, "length") => {
            Some((Builtin::Length, TypeKind::Int))
        }
        (TypeKind::List(of), "first") => Some((Builtin::First, option((**of).clone()))),
        (TypeKind::List(of), "sum") => match **of {
            TypeKind::Int | TypeKind::Duration | TypeKind::Decimal => Some((Builtin::Sum, (**of).clone())),
            TypeKind::Money => Some((Builtin::Sum, option(TypeKind::Money))),
            _ => None,
        },
        (TypeKind::Map(key, _), "keys") => Some((Builtin::Keys, list(key))),
        (TypeKind::Map(_, value), "values") => Some((Builtin::Values, list(value))),
        (TypeKind::Money, "amount") => Some((Builtin::Amount, TypeKind::Decimal)),
        (TypeKind::Money, "currency") => Some((Builtin::Currency, TypeKind::Text)),
        (TypeKind::DateTime, "date") => Some((Builtin::Part(Part::Date), TypeKind::Date)),
        (TypeKind::DateTime, "time") => Some((Builtin::Part(Part::Time), TypeKind::Time)),
        (TypeKind::DateTime, _) => part(DATE).or_else(|| part(TIME)),
        (TypeKind::Date, _) => part(DATE),
        (TypeKind::Time, _) => part(TIME),
        (TypeKind::Duration, _) => part(DURATION),
        _ => None,
    }
}

/// What a value can be asked, for messages.
pub(crate) fn properties(kind: &TypeKind) -> &'static [&'static str] {
    match kind {
        TypeKind::List(_) => &["length", "first", "sum", "at", "contains"],
        TypeKind::Map(..) => &["length", "keys", "values", "at"],
        TypeKind::Money => &["amount", "currency"],
        TypeKind::DateTime => &["date", "time", "year", "month", "day", "weekday", "hour", "minute"],
        TypeKind::Date => &["year", "month", "day", "weekday"],
        TypeKind::Time => &["hour", "minute"],
        TypeKind::Duration => &["days", "hours", "minutes", "seconds"],
        TypeKind::Text | TypeKind::Digits | TypeKind::Phone => {
            &["length", "starts_with", "ends_with", "contains"]
        }
        _ => &[],
    }
}

/// Names of functions that every file knows.
pub(crate) const FUNCTIONS: &[&str] = &[
    "some",
    "text",
    "int",
    "decimal",
    "digits",
    "phone",
    "round",
    "floor",
    "ceil",
    "last",
    "encrypt",
    "check_digit",
];

impl Checker<'_> {
    /// `text(x)`, `round(x, 2)`, …; `None` when there is no such function.
    pub(crate) fn builtin_call(
        &mut self,
        s: &mut Scope,
        text: &str,
        arguments: &ast::Arguments,
        at: Location,
        want: Option<&TypeKind>,
    ) -> Option<Expr> {
        if let Some(code) = crate::money::code(text) {
            return Some(self.money_call(s, code, arguments, at));
        }
        if !FUNCTIONS.contains(&text) {
            return None;
        }
        let values: Vec<&ast::Expr> = arguments.list.iter().map(|a| &a.value).collect();
        Some(match (text, values.as_slice()) {
            ("some", [value]) => {
                let inner = match want {
                    Some(TypeKind::Optional(inner)) => Some(&**inner),
                    _ => None,
                };
                let mut value = self.expr(s, value, inner);
                if let Some(inner) = inner {
                    value = self.coerce_kind(value, inner, "`some`");
                }
                let ty = Type { kind: option(value.ty.kind.clone()), secret: value.ty.secret };
                Expr { kind: ExprKind::Some(Box::new(value)), ty, location: at }
            }
            ("text", [value]) => {
                let value = self.expr(s, value, None);
                if !crate::types::writable(&value.ty.kind) {
                    self.unspeakable(&value, "`text` writes");
                }
                // A text of a whole tells all that is in it.
                let secret = self.is_secret(&value);
                let ty = Type { kind: TypeKind::Text, secret };
                Expr { kind: ExprKind::Builtin(Builtin::TextOf, vec![value]), ty, location: at }
            }
            ("last", [count, value]) => self.last(s, count, value, at),
            ("encrypt", [value, key]) => self.encrypt(s, value, key, at),
            ("round", [value, places]) => {
                let value = self.expr(s, value, None);
                let places = self.expr(s, places, Some(&TypeKind::Int));
                let places = self.coerce_kind(places, &TypeKind::Int, "the places of `round`");
                match value.ty.kind.clone() {
                    kind @ (TypeKind::Decimal | TypeKind::Money | TypeKind::Unknown) => {
                        made(Builtin::Round, kind, vec![value, places], at)
                    }
                    _ => self.not_of(&value, "round", "a decimal or money"),
                }
            }
            (_, [value]) if !matches!(text, "last" | "encrypt") => {
                let value = self.expr(s, value, None);
                self.converted(text, value, at)
            }
            _ => {
                let count = match text {
                    "last" | "encrypt" => "two arguments",
                    "round" => "one or two arguments",
                    _ => "one argument",
                };
                self.error(
                    codes::MISSING_ARGUMENT,
                    at,
                    format!("`{text}` takes {count}"),
                    "not these arguments",
                );
                unknown(at)
            }
        })
    }

    /// The functions that make one sort of value of another.
    fn converted(&mut self, text: &str, value: Expr, at: Location) -> Expr {
        use TypeKind::{Bool, Decimal, Digits, Int, Phone, Text, Unknown};
        let kind = value.ty.kind.clone();
        let (builtin, result) = match (text, kind) {
            (_, Unknown) => return unknown(at),
            ("int", Text | Digits | Decimal) => (Builtin::IntOf, option(Int)),
            ("decimal", Int) => return Expr { location: at, ..crate::money::widened(value) },
            ("decimal", Text | Digits) => (Builtin::DecimalOf, option(Decimal)),
            ("digits", Text) => (Builtin::DigitsOf, option(Digits)),
            ("phone", Text) => (Builtin::PhoneOf, option(Phone)),
            ("round", Decimal) => (Builtin::Round, Int),
            ("floor", Decimal) => (Builtin::Floor, Int),
            ("ceil", Decimal) => (Builtin::Ceiling, Int),
            ("check_digit", Digits | Text) => (Builtin::Luhn, Bool),
            ("int", _) => return self.not_of(&value, text, "text, digits or a decimal"),
            ("decimal", _) => return self.not_of(&value, text, "an int, text or digits"),
            ("round" | "floor" | "ceil", _) => return self.not_of(&value, text, "a decimal"),
            ("check_digit", _) => return self.not_of(&value, text, "digits"),
            _ => return self.not_of(&value, text, "text"),
        };
        made(builtin, result, vec![value], at)
    }

    fn not_of(&mut self, value: &Expr, function: &str, wanted: &str) -> Expr {
        let found = article(&self.type_text(&value.ty.kind));
        self.error(
            codes::MISMATCH,
            value.location,
            format!("`{function}` takes {wanted}, but this is {found}"),
            found,
        );
        unknown(value.location)
    }

    /// `encrypt(x, key)`: one of the ways out for a secret.
    fn encrypt(&mut self, s: &mut Scope, value: &ast::Expr, key: &ast::Expr, at: Location) -> Expr {
        self.needs_call(s, at);
        let value = self.expr(s, value, None);
        let key = self.expr(s, key, Some(&TypeKind::PublicKey));
        let key = self.coerce(key, &open(TypeKind::PublicKey), "the key of `encrypt`");
        let fits = TypeKind::Digits == value.ty.kind || TypeKind::Text == value.ty.kind;
        if !fits && value.ty.kind != TypeKind::Unknown {
            return self.not_of(&value, "encrypt", "text or digits");
        }
        let kind = ExprKind::Sample(Sample::Encrypt(Box::new(value), Box::new(key)));
        Expr { kind, ty: open(TypeKind::Text), location: at }
    }

    /// `last(4, card)`: the end of digits. Of a secret at most 4 of at least three times as many.
    fn last(&mut self, s: &mut Scope, count: &ast::Expr, value: &ast::Expr, at: Location) -> Expr {
        let count = self.expr(s, count, Some(&TypeKind::Int));
        let count = self.coerce(count, &open(TypeKind::Int), "the first argument of `last`");
        let value = self.expr(s, value, None);
        if !matches!(value.ty.kind, TypeKind::Digits | TypeKind::Text | TypeKind::Phone | TypeKind::Unknown) {
            return self.not_of(&value, "last", "digits");
        }
        if self.is_secret(&value) {
            self.last_of_secret(&count, &value);
        }
        let kind = if value.ty.kind == TypeKind::Digits { TypeKind::Digits } else { TypeKind::Text };
        Expr { kind: ExprKind::Builtin(Builtin::Last, vec![count, value]), ty: open(kind), location: at }
    }

    /// `m.at(key)`, `t.starts_with(x)`: what a value is asked with an argument.
    pub(crate) fn value_method(
        &mut self,
        s: &mut Scope,
        value: Expr,
        name: &str,
        arguments: &ast::Arguments,
        at: Location,
    ) -> Option<Expr> {
        use TypeKind::{Digits, List, Map, Phone, Text};
        let kind = value.ty.kind.clone();
        let (builtin, wanted, result) = match (&kind, name) {
            (List(of), "at") => (Builtin::At, TypeKind::Int, option((**of).clone())),
            (Map(key, of), "at") => (Builtin::At, (**key).clone(), option((**of).clone())),
            (Text | Digits | Phone, "starts_with") => (Builtin::StartsWith, Text, TypeKind::Bool),
            (Text | Digits | Phone, "ends_with") => (Builtin::EndsWith, Text, TypeKind::Bool),
            (Text | Digits | Phone, "contains") => (Builtin::Includes, Text, TypeKind::Bool),
            (List(of), "contains") => {
                let argument = self.one_argument(s, arguments, name, of, at);
                let secret = self.is_secret(&value) || self.is_secret(&argument);
                let kind = ExprKind::Contains { list: Box::new(value), value: Box::new(argument) };
                return Some(Expr { kind, ty: Type { kind: TypeKind::Bool, secret }, location: at });
            }
            _ => return None,
        };
        let argument = self.one_argument(s, arguments, name, &wanted, at);
        Some(made(builtin, result, vec![value, argument], at))
    }
}

/// A call of a library function that tells of its arguments no more than how many there are, or gives what was in
/// them: secret when an argument is so itself. What is secret inside of them stays so by the type of what comes out.
fn made(builtin: Builtin, kind: TypeKind, arguments: Vec<Expr>, at: Location) -> Expr {
    let secret = arguments.iter().any(|argument| argument.ty.secret);
    Expr { kind: ExprKind::Builtin(builtin, arguments), ty: Type { kind, secret }, location: at }
}
