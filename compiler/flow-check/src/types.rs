//! What a written type means, whether a value fits, and what a type is called.

use flow_diagnostics::{Applicability, Span};
use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Say, fix, open, unknown};
use crate::hir::{self, ExprKind, Type, TypeKind};
use crate::names::Def;
use crate::near::nearest;

const BASIC: &[(&str, TypeKind)] = &[
    ("bool", TypeKind::Bool),
    ("int", TypeKind::Int),
    ("decimal", TypeKind::Decimal),
    ("money", TypeKind::Money),
    ("text", TypeKind::Text),
    ("digits", TypeKind::Digits),
    ("phone", TypeKind::Phone),
    ("duration", TypeKind::Duration),
    ("date", TypeKind::Date),
    ("time", TypeKind::Time),
    ("datetime", TypeKind::DateTime),
    ("language", TypeKind::Language),
    ("public_key", TypeKind::PublicKey),
];

/// What other languages call ours.
const SYNONYMS: &[(&str, &str)] = &[
    ("string", "text"),
    ("str", "text"),
    ("integer", "int"),
    ("number", "int"),
    ("boolean", "bool"),
    ("seconds", "duration"),
    ("timestamp", "datetime"),
];

impl Checker<'_> {
    /// The meaning of a written type.
    pub fn ty(&mut self, module: usize, ty: &ast::Type) -> Type {
        let kind = self.type_base(module, &ty.base, ty.span, 0);
        let kind =
            if ty.optional && kind != TypeKind::Unknown { TypeKind::Optional(Box::new(kind)) } else { kind };
        Type { kind, secret: ty.secret || secret_inside(&ty.base) }
    }

    fn type_base(&mut self, module: usize, base: &ast::TypeBase, span: Span, depth: usize) -> TypeKind {
        let at = span.at(self.file(module));
        match base {
            ast::TypeBase::Named(path) => self.named_type(module, path, at),
            ast::TypeBase::Applied { name, arguments } => {
                let text = self.name(name.symbol);
                match (text, arguments.as_slice()) {
                    ("list", [of]) if depth < 16 => {
                        let inner = self.type_base(module, &of.base, of.span, depth + 1);
                        let inner = if of.optional { TypeKind::Optional(Box::new(inner)) } else { inner };
                        TypeKind::List(Box::new(inner))
                    }
                    ("map", [key, value]) if depth < 16 => {
                        let part = |this: &mut Self, of: &ast::Type| {
                            let inner = this.type_base(module, &of.base, of.span, depth + 1);
                            if of.optional { TypeKind::Optional(Box::new(inner)) } else { inner }
                        };
                        let (key_at, key) = (key.span.at(at.file), part(self, key));
                        let value = part(self, value);
                        self.map_key(&key, key_at);
                        TypeKind::Map(Box::new(key), Box::new(value))
                    }
                    ("map", _) => {
                        self.error(
                            codes::UNKNOWN_TYPE,
                            at,
                            "a map has one sort of key and one sort of value",
                            "not a map type",
                        )
                        .add_help("write `map[text, int]`");
                        TypeKind::Unknown
                    }
                    ("list", _) => {
                        self.error(
                            codes::UNKNOWN_TYPE,
                            at,
                            "a list has one sort of element",
                            "not a list type",
                        )
                        .add_help("write `list[text]`");
                        TypeKind::Unknown
                    }
                    _ => {
                        self.error(
                            codes::UNKNOWN_TYPE,
                            at,
                            format!("there is no type `{text}[…]`"),
                            "unknown type",
                        )
                        .add_help("only `list[…]` and `map[…, …]` take types in brackets");
                        TypeKind::Unknown
                    }
                }
            }
        }
    }

    fn named_type(&mut self, module: usize, path: &ast::Path, at: flow_diagnostics::Location) -> TypeKind {
        if let [one] = path.names.as_slice() {
            let text = self.name(one.symbol);
            if let Some((_, kind)) = BASIC.iter().find(|(n, _)| *n == text) {
                return kind.clone();
            }
            if text == "audio" {
                self.later_type(at, &format!("`{text}`"));
                return TypeKind::Unknown;
            }
            match self.item(module, one.symbol) {
                Some(Def::Record(id)) => return TypeKind::Record(id),
                Some(Def::Enum(id)) => return TypeKind::Enum(id),
                Some(Def::Silent) => return TypeKind::Unknown,
                Some(def) => {
                    let what = def.what();
                    self.error(
                        codes::UNKNOWN_TYPE,
                        at,
                        format!("`{text}` is {what}, not a type"),
                        "not a type",
                    );
                    return TypeKind::Unknown;
                }
                None => {
                    let mut near: Vec<&str> =
                        SYNONYMS.iter().filter(|(n, _)| *n == text).map(|(_, ours)| *ours).collect();
                    near.extend(nearest(text, BASIC.iter().map(|(n, _)| *n)));
                    near.extend(
                        self.near_items(module, text, |def| matches!(def, Def::Record(_) | Def::Enum(_))),
                    );
                    near.dedup();
                    near.truncate(3);
                    self.error(codes::UNKNOWN_TYPE, at, format!("there is no type `{text}`"), "unknown type")
                        .suggest(text, &near, at);
                    return TypeKind::Unknown;
                }
            }
        }
        let kind = self.resolve_as(module, path, "type", |def| match def {
            Def::Record(id) => Some(TypeKind::Record(id)),
            Def::Enum(id) => Some(TypeKind::Enum(id)),
            _ => None,
        });
        kind.unwrap_or(TypeKind::Unknown)
    }

    /// Refuses what cannot be looked up: only plain values are keys.
    pub fn map_key(&mut self, kind: &TypeKind, at: flow_diagnostics::Location) {
        use TypeKind::{Bool, Date, DateTime, Decimal, Digits, Duration, Int, Language, Phone, Text, Time};
        let plain = matches!(
            kind,
            Bool | Int | Decimal | Text | Digits | Phone | Duration | Date | Time | DateTime | Language
        ) || matches!(kind, TypeKind::Enum(_) | TypeKind::Unknown);
        if !plain {
            let text = article(&self.type_text(kind));
            self.error(codes::MAP_KEY_TYPE, at, format!("{text} cannot be the key of a map"), text)
                .add_help("take something plain that tells the values apart: a text, a number, an enum");
        }
    }

    /// Refuses a type or expression that later versions bring.
    pub fn later_type(&mut self, at: flow_diagnostics::Location, what: &str) {
        self.error(
            codes::LATER_TYPE,
            at,
            format!("{what} is not built in this version of flowc"),
            "comes with a later version",
        );
    }

    /// What a type is called in messages.
    pub fn type_text(&self, kind: &TypeKind) -> String {
        match kind {
            TypeKind::Optional(inner) => format!("{}?", self.type_text(inner)),
            TypeKind::List(inner) => format!("list[{}]", self.type_text(inner)),
            TypeKind::Map(k, v) => format!("map[{}, {}]", self.type_text(k), self.type_text(v)),
            TypeKind::Record(id) => self.program.records[*id].name.clone(),
            TypeKind::Enum(id) => self.program.enums[*id].name.clone(),
            TypeKind::Nothing => "none".into(),
            TypeKind::Unknown => "something unknown".into(),
            basic => {
                let found = BASIC.iter().find(|(_, k)| k == basic);
                found.map_or(String::new(), |(n, _)| (*n).into())
            }
        }
    }

    /// Makes a value fit the type of the place it goes to, or complains once. `place` says what wants it:
    /// "`rank` of `waiting`".
    pub fn coerce(&mut self, value: hir::Expr, wanted: &Type, place: &str) -> hir::Expr {
        if value.ty.secret && !wanted.secret && wanted.kind != TypeKind::Unknown {
            self.secret_stored(&value, place);
        }
        self.coerce_kind(value, &wanted.kind, place)
    }

    /// Like [`Self::coerce`] for places that ask nothing about secrets.
    pub fn coerce_kind(&mut self, mut value: hir::Expr, wanted: &TypeKind, place: &str) -> hir::Expr {
        let at = value.location;
        if let (ExprKind::Text(text), TypeKind::Text) = (&value.kind, &value.ty.kind) {
            let problem = match wanted {
                TypeKind::Phone => Some(phone_problem(text)),
                TypeKind::Digits => Some(digits_problem(text)),
                _ => None,
            };
            if let Some(problem) = problem {
                if let Some(problem) = problem {
                    let shown = text.clone();
                    let what = self.type_text(wanted);
                    self.error(
                        codes::BAD_LITERAL,
                        at,
                        format!("{place} takes {}, and \"{shown}\" is not that", article(&what)),
                        problem,
                    )
                    .add_help(match wanted {
                        TypeKind::Phone => {
                            "write a telephone number with its plus and country: \"+15550123\""
                        }
                        _ => "only 0 to 9 stand in digits",
                    });
                    return unknown(at);
                }
                value.ty.kind = wanted.clone();
                return value;
            }
        }
        // A written whole number is a decimal where one is wanted: nothing is converted when the call runs.
        if *wanted == TypeKind::Decimal
            && value.ty.kind == TypeKind::Int
            && let Some(number) = crate::money::written_number(&value)
        {
            value.kind = ExprKind::Decimal(number);
            value.ty.kind = TypeKind::Decimal;
            return value;
        }
        if fits(&value.ty.kind, wanted) {
            if matches!(value.ty.kind, TypeKind::Nothing) {
                value.ty.kind = wanted.clone();
            }
            return value;
        }
        let wanted_text = self.type_text(wanted);
        let found_text = self.type_text(&value.ty.kind);
        if let TypeKind::Optional(inner) = &value.ty.kind
            && fits(inner, wanted)
        {
            self.unopened(at, &format!("{place} takes {}", article(&wanted_text)));
            self.may_be_by_zero(&value);
            return unknown(at);
        }
        let is_text = matches!(value.kind, ExprKind::Text(_) | ExprKind::Interpolated(_));
        let quoted = match &value.kind {
            ExprKind::Text(text) => Some(text.clone()),
            _ => None,
        };
        let diagnostic = self.error(
            codes::MISMATCH,
            at,
            format!("{place} takes {}, but this is {}", article(&wanted_text), article(&found_text)),
            article(&found_text),
        );
        match wanted {
            TypeKind::Optional(inner) if fits(&value.ty.kind, inner) => {
                let start =
                    flow_diagnostics::Location { span: Span::new(at.span.start, at.span.start), ..at };
                let end = flow_diagnostics::Location { span: Span::new(at.span.end, at.span.end), ..at };
                let mut mend = fix("wrap it in `some(…)`", Applicability::Safe, start, "some(");
                mend.edits.push(flow_diagnostics::Edit { location: end, text: ")".into() });
                diagnostic
                    .add_help("write `some(…)` around it: the place may also hold `none`")
                    .add_fix(mend);
            }
            TypeKind::Duration | TypeKind::Int | TypeKind::Time | TypeKind::Date if is_text => {
                if let Some(text) = quoted {
                    diagnostic.add_help(format!("remove the quotes: `{text}`")).add_fix(fix(
                        "remove the quotes",
                        Applicability::Unsafe,
                        at,
                        text,
                    ));
                }
            }
            TypeKind::Decimal if value.ty.kind == TypeKind::Int => {
                diagnostic.add_help("write `decimal(…)` around it");
            }
            TypeKind::Money if matches!(value.ty.kind, TypeKind::Int | TypeKind::Decimal) => {
                diagnostic.add_help("say of which currency: `EUR(…)`");
            }
            TypeKind::Int if value.ty.kind == TypeKind::Decimal => {
                diagnostic.add_help("say how to round: `round(…)`, `floor(…)` or `ceil(…)`");
            }
            TypeKind::Text if matches!(value.ty.kind, TypeKind::Int) => {
                diagnostic.add_help("write `text(…)` around it");
            }
            TypeKind::Int if matches!(value.ty.kind, TypeKind::Text | TypeKind::Digits) => {
                diagnostic.add_help("`int(…)` reads a number from text; it is an option, so add `else`");
            }
            _ => {}
        }
        unknown(at)
    }

    /// A value that may be missing is used as if it were there.
    pub fn unopened(&mut self, at: flow_diagnostics::Location, place: &str) {
        self.error(codes::UNOPENED, at, format!("{place}, but this may be missing"), "may be `none`")
            .add_help(
                "open it: `… else VALUE` gives a default; in a block before, `let x = … else -> BLOCK` names what is \
                 there and leads on without it",
            );
    }

    /// The type in which two branches meet; reports when they do not.
    pub fn join_types(&mut self, a: &hir::Expr, b: &hir::Expr) -> TypeKind {
        if let Some(kind) = joined(&a.ty.kind, &b.ty.kind) {
            return kind;
        }
        let (left, right) = (self.type_text(&a.ty.kind), self.type_text(&b.ty.kind));
        self.error(
            codes::MISMATCH,
            b.location,
            format!("this is {}, but the other way gives {}", article(&right), article(&left)),
            article(&right),
        )
        .add_label(a.location, article(&left));
        self.may_be_by_zero(a);
        self.may_be_by_zero(b);
        TypeKind::Unknown
    }

    /// Says of what was just refused why a quotient may be missing.
    fn may_be_by_zero(&mut self, value: &hir::Expr) {
        let by_zero =
            matches!(value.kind, ExprKind::Binary(hir::BinaryOp::Divide | hir::BinaryOp::Remainder, ..))
                && matches!(value.ty.kind, TypeKind::Optional(_));
        if by_zero && let Some(refused) = self.diagnostics.last_mut() {
            refused.add_help("the divisor may be zero: test it first, as in `n > 0`, or add `else`");
        }
    }
}

/// `list[secret text]` is a secret list.
fn secret_inside(base: &ast::TypeBase) -> bool {
    match base {
        ast::TypeBase::Named(_) => false,
        ast::TypeBase::Applied { arguments, .. } => {
            arguments.iter().any(|a| a.secret || secret_inside(&a.base))
        }
    }
}

/// Whether a value of one type may stand where another is wanted.
pub(crate) fn fits(found: &TypeKind, wanted: &TypeKind) -> bool {
    match (found, wanted) {
        (TypeKind::Unknown, _) | (_, TypeKind::Unknown) => true,
        (TypeKind::Nothing, TypeKind::Optional(_)) => true,
        (TypeKind::Optional(a), TypeKind::Optional(b)) | (TypeKind::List(a), TypeKind::List(b)) => fits(a, b),
        (TypeKind::Map(a, x), TypeKind::Map(b, y)) => fits(a, b) && fits(x, y),
        (a, b) => a == b,
    }
}

/// The type in which two meet, when they do.
pub(crate) fn joined(a: &TypeKind, b: &TypeKind) -> Option<TypeKind> {
    match (a, b) {
        (TypeKind::Nothing, TypeKind::Optional(_)) => Some(b.clone()),
        _ if fits(b, a) => Some(if *a == TypeKind::Unknown { b.clone() } else { a.clone() }),
        _ if fits(a, b) => Some(b.clone()),
        _ => None,
    }
}

/// "a duration", "an int", "text", "digits".
pub(crate) fn article(text: &str) -> String {
    match text {
        "text" | "digits" | "money" | "none" | "something unknown" => text.into(),
        "phone" => "a phone number".into(),
        _ if text.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) => format!("an {text}"),
        _ => format!("a {text}"),
    }
}

/// Whether values of a type have a text.
pub(crate) fn writable(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::Optional(of) | TypeKind::List(of) => writable(of),
        TypeKind::Map(key, value) => writable(key) && writable(value),
        TypeKind::PublicKey | TypeKind::Nothing => false,
        _ => true,
    }
}

/// What is wrong with a telephone number in E.164, if anything.
pub(crate) fn phone_problem(text: &str) -> Option<&'static str> {
    match text.strip_prefix('+') {
        None => Some("no `+` and country code"),
        Some(rest) if !rest.bytes().all(|b| b.is_ascii_digit()) => Some("not only digits after the `+`"),
        Some(rest) if rest.len() < 4 => Some("too short"),
        Some(rest) if rest.len() > 15 => Some("more than 15 digits"),
        Some(rest) if rest.starts_with('0') => Some("no country code begins with 0"),
        Some(_) => None,
    }
}

fn digits_problem(text: &str) -> Option<&'static str> {
    let only_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if only_digits { None } else { Some("not only 0 to 9") }
}

/// A type that a hole can read aloud.
pub(crate) fn speakable(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::List(inner) => speakable(inner),
        TypeKind::Bool
        | TypeKind::Record(_)
        | TypeKind::Enum(_)
        | TypeKind::Optional(_)
        | TypeKind::Map(..)
        | TypeKind::PublicKey
        | TypeKind::Nothing => false,
        _ => true,
    }
}

/// The inner type of an option.
pub(crate) fn opened(ty: &Type) -> Option<Type> {
    match &ty.kind {
        TypeKind::Optional(inner) => Some(Type { kind: (**inner).clone(), secret: ty.secret }),
        TypeKind::Unknown => Some(open(TypeKind::Unknown)),
        _ => None,
    }
}
