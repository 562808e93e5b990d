//! What an expression means and of which type it is. Calls, members and operators have files of their own.

use std::collections::BTreeMap;

use flow_diagnostics::{Location, Symbol};
use flow_syntax::ast::{self, ExprKind as Ast};
use flow_syntax::foreign::{self, Sort};
use rust_decimal::Decimal;

use crate::codes;
use crate::context::{Checker, Place, Say, Scope, open, unknown};
use crate::hir::{self, Expr, ExprKind, Type, TypeKind};
use crate::names::Def;
use crate::near::nearest;
use crate::types::opened;

/// Deeper than anybody writes by hand; shallow enough for any thread's stack.
pub(crate) const DEEPEST: u16 = 100;

/// Where a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// As a value.
    Value,
    /// Before a point.
    Owner,
    /// Before arguments.
    Called,
    /// After `say`, `ask` and the like.
    Spoken,
}

impl Checker<'_> {
    /// Checks an expression. `want` is the type of the place it goes to, when that is known: it gives `none`,
    /// lists and bare variants their type; whether the value fits is asked by the caller.
    pub fn expr(&mut self, scope: &mut Scope, e: &ast::Expr, want: Option<&TypeKind>) -> Expr {
        let at = scope.at(e.span);
        if scope.depth >= DEEPEST {
            self.too_deep(at);
            return unknown(at);
        }
        let keeps = std::mem::take(&mut scope.keeps);
        let mark = scope.names.len();
        scope.depth += 1;
        let out = self.expr_inner(scope, e, at, want);
        scope.depth -= 1;
        if !keeps {
            scope.names.truncate(mark);
        }
        out
    }

    /// Like [`Self::expr`], where what the expression tests holds for what is read next: what `is` names and what
    /// comparisons tell stays in the scope until the caller removes it. Elsewhere it ends with the expression, as
    /// nobody knows there whether the test held.
    pub fn tested(&mut self, scope: &mut Scope, e: &ast::Expr, want: Option<&TypeKind>) -> Expr {
        scope.keeps = true;
        let out = self.expr(scope, e, want);
        scope.keeps = false;
        out
    }

    /// Something nested more deeply than a reader can follow.
    pub fn too_deep(&mut self, at: Location) {
        self.error(codes::TOO_DEEP, at, "this is nested too deeply", "too deep")
            .add_help("give parts of it a name with `let`, `fn` or a block of their own");
    }

    fn expr_inner(&mut self, s: &mut Scope, e: &ast::Expr, at: Location, want: Option<&TypeKind>) -> Expr {
        let simple = |kind, ty| Expr { kind, ty: open(ty), location: at };
        match &e.kind {
            Ast::Int(value) => simple(ExprKind::Int(*value), TypeKind::Int),
            Ast::Bool(value) => simple(ExprKind::Bool(*value), TypeKind::Bool),
            Ast::Duration(millis) => {
                simple(ExprKind::Duration(i64::try_from(*millis).unwrap_or(i64::MAX)), TypeKind::Duration)
            }
            Ast::None => match want {
                Some(kind @ TypeKind::Optional(_)) => simple(ExprKind::None, kind.clone()),
                _ => simple(ExprKind::None, TypeKind::Nothing),
            },
            Ast::Date(date) => match self.date(at, *date) {
                Some(days) => simple(ExprKind::Date(days), TypeKind::Date),
                None => unknown(at),
            },
            Ast::Time(time) => match self.time_of_day(at, *time) {
                Some(millis) => simple(ExprKind::Time(millis), TypeKind::Time),
                None => unknown(at),
            },
            Ast::DateTime(date, time) => match self.datetime(s.module, at, *date, *time) {
                Some((millis, zone)) => simple(ExprKind::DateTime(millis, zone), TypeKind::DateTime),
                None => unknown(at),
            },
            Ast::Text(literal) => self.text(s, literal),
            Ast::Name(name) => self.named(s, *name, at, want),
            Ast::Field { of, name, optional } => self.field(s, of, *name, *optional, at),
            Ast::Call { of, arguments } => self.call(s, of, arguments, at, want),
            Ast::Unary { op, of } => self.unary(s, *op, of, at),
            Ast::Binary { op, left, right } => self.binary(s, *op, left, right, at),
            Ast::Is { of, negated, pattern } => self.is(s, of, *negated, pattern, at),
            Ast::In { of, range } => self.within(s, of, range, at),
            Ast::Else { of, otherwise } => self.default(s, of, otherwise, at, want),
            Ast::When { arms, otherwise } => self.when(s, arms, otherwise, at, want),
            Ast::List(values) => self.list(s, values, at, want),
            Ast::Comprehension { value, name, list, condition } => {
                self.comprehension(s, value, *name, list, condition.as_deref(), at)
            }
            Ast::Map(entries) => self.map(s, entries, at, want),
            Ast::Decimal(text) => match Decimal::from_str_exact(text) {
                Ok(number) => simple(ExprKind::Decimal(number.normalize()), TypeKind::Decimal),
                Err(_) => {
                    self.error(codes::OUT_OF_RANGE, at, "a number has at most 28 digits", "too many digits");
                    unknown(at)
                }
            },
            Ast::Percent(_) => {
                self.error(codes::MISMATCH, at, "a percentage stands only after `share`", "not a value");
                unknown(at)
            }
            Ast::Any => {
                self.error(codes::UNKNOWN_NAME, at, "`_` stands only in tests and patterns", "not a value");
                unknown(at)
            }
            Ast::Broken => unknown(at),
        }
    }

    /// A text, with or without holes.
    fn text(&mut self, s: &mut Scope, literal: &ast::TextLiteral) -> Expr {
        let location = s.at(literal.span);
        if literal.parts.iter().all(|p| matches!(p, ast::TextPart::Text(_))) {
            return crate::items::text_expr(crate::items::plain_text(literal), location);
        }
        let (segments, secret) = self.segments(s, literal, false);
        Expr { kind: ExprKind::Interpolated(segments), ty: Type { kind: TypeKind::Text, secret }, location }
    }

    /// What a single name stands for.
    fn named(&mut self, s: &mut Scope, name: Symbol, at: Location, want: Option<&TypeKind>) -> Expr {
        if let Some(local) = s.find(name) {
            return Expr { kind: ExprKind::Local(local), ty: s.locals[local].ty.clone(), location: at };
        }
        if let Some(TypeKind::Enum(id)) = want.map(strip)
            && let Some(index) =
                self.shapes.enums.get(*id).and_then(|v| v.iter().position(|(n, _)| *n == name))
        {
            return self.variant_value(*id, index, at);
        }
        if let Some(TypeKind::Language) = want {
            let code = crate::sentences::language_code(self.name(name));
            if let Some(id) = self.program.languages.iter().position(|l| *l == code) {
                return Expr { kind: ExprKind::Language(id), ty: open(TypeKind::Language), location: at };
            }
        }
        if let Some(def) = self.item(s.module, name) {
            return self.item_value(s, def, self.name(name), at);
        }
        if let Some(found) = self.builtin_name(s, self.name(name), at) {
            return found;
        }
        if let Some([(id, index)]) = self.variants.get(&name).map(Vec::as_slice) {
            let (id, index) = (*id, *index);
            return self.variant_value(id, index, at);
        }
        self.unknown_name(s, name, at, Role::Value)
    }

    /// Reports a name that nothing has, with those that could stand in its `role`.
    pub(crate) fn unknown_name(&mut self, s: &Scope, name: Symbol, at: Location, role: Role) -> Expr {
        let text = self.name(name);
        let locals: Vec<&str> = s.names.iter().map(|(n, _)| self.name(n)).collect();
        let builtins: &[&str] = match role {
            Role::Value | Role::Spoken => &["language", "voice", "called", "now", "today"],
            Role::Owner => &["caller", "call", "called", "now", "today"],
            Role::Called => &[],
        };
        let waiting: &[&str] = if s.in_queue { &["position", "wait"] } else { &[] };
        let mut near = match role {
            Role::Called => nearest(text, crate::members::FUNCTIONS.iter().copied()),
            _ => nearest(text, locals.into_iter().chain(builtins.iter().chain(waiting).copied())),
        };
        near.extend(self.near_items(s.module, text, |def| match role {
            Role::Value => def.is_value(),
            Role::Owner => def.is_asked(),
            Role::Called => def.is_called(),
            Role::Spoken => def.is_value() || matches!(def, Def::Prompt(_)),
        }));
        near.truncate(3);
        let several = self.variants.contains_key(&name);
        let is_agent = self.people.agents.contains_key(&name);
        let member = self.member_named(s, text).filter(|_| near.is_empty());
        // A word of other systems is that word, unless it is a name of here with a slip in it.
        let slipped = near.first().is_some_and(|near| flow_diagnostics::is_misspelt(text, near));
        let foreign = foreign::ours(Sort::Value, text).filter(|_| !slipped);
        if foreign.is_some() {
            near.clear();
        }
        let diagnostic = self.error(
            codes::UNKNOWN_NAME,
            at,
            format!("`{text}` is not known here"),
            "nothing has this name",
        );
        if several {
            diagnostic
                .add_note("several enums have a variant of this name, and nothing tells which is meant");
        }
        diagnostic.suggest(text, &near, at);
        if is_agent {
            diagnostic.add_help(format!(
                "`{text}` is an agent: calls come to agents by a queue; a dial rings addresses, `ring \"sip:…\" for 20s`"
            ));
        } else if let Some(help) = foreign {
            diagnostic.add_help(help);
        } else if let Some(member) = member {
            diagnostic.add_help(format!("did you mean `{member}`?"));
        } else if role == Role::Spoken && near.is_empty() {
            diagnostic.add_help(format!("what callers hear stands in quotes: `\"{text}\"`"));
        }
        unknown(at)
    }

    /// `row.phone` for `phone`: the field of this name of the only record that is named here and has one.
    fn member_named(&self, s: &Scope, text: &str) -> Option<String> {
        let mut found = s.locals.iter().filter_map(|local| match local.ty.kind {
            TypeKind::Record(id) => {
                let has = self.shapes.records.get(id)?.names.iter().any(|name| self.name(*name) == text);
                has.then(|| format!("{}.{text}", local.name))
            }
            _ => None,
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Whether nothing that can be seen here has this name.
    pub(crate) fn is_nothing(&self, s: &Scope, name: Symbol) -> bool {
        s.find(name).is_none()
            && !self.names[s.module].items.contains_key(&name)
            && !self.variants.contains_key(&name)
            && !crate::members::is_builtin(self.name(name), true)
    }

    fn variant_value(&mut self, id: usize, index: usize, at: Location) -> Expr {
        let (name, shape) = self.shapes.enums[id][index].clone();
        let arguments = self.arguments(None, &shape, None, self.name(name), at);
        Expr { kind: ExprKind::Variant(id, index, arguments), ty: open(TypeKind::Enum(id)), location: at }
    }

    /// An item as a value, where it is one.
    pub fn item_value(&mut self, s: &mut Scope, def: Def, text: &str, at: Location) -> Expr {
        let sample = |kind, ty| Expr { kind: ExprKind::Sample(kind), ty: open(ty), location: at };
        match def {
            Def::Setting(id) => {
                if s.place == Place::Constant {
                    self.not_constant(at, "a setting comes from the deployment");
                }
                let ty = self.setting_type(id);
                Expr { kind: ExprKind::Setting(id), ty, location: at }
            }
            Def::Switch(id) => {
                self.needs_call(s, at);
                sample(hir::Sample::Switch(id), TypeKind::Bool)
            }
            Def::Table(id) => self.rows(s, id, at),
            Def::Const(id) => Expr { location: at, ..self.constant(id) },
            Def::Silent => unknown(at),
            Def::Function(id) => {
                let shape = self.shapes.functions[id].clone();
                let text = text.to_owned();
                self.error(codes::MISMATCH, at, format!("`{text}` is a function, not a value"), "not called")
                    .add_help(format!("call it: `{text}({})`", vec!["…"; shape.names.len()].join(", ")));
                unknown(at)
            }
            other => {
                let what = other.what();
                let text = text.to_owned();
                let diagnostic = self.error(
                    codes::WRONG_THING,
                    at,
                    format!("`{text}` is {what}, not a value"),
                    "not a value",
                );
                match other {
                    Def::Queue(_) => {
                        diagnostic.add_help(format!("ask it: `{text}.expected_wait`, `{text}.staffed`"));
                    }
                    Def::Calendar(_) => {
                        diagnostic.add_help(format!("ask it: `{text}.open`, `{text}.next_open`"));
                    }
                    Def::Prompt(_) => {
                        diagnostic.add_help(format!("speak it: `say {text}`"));
                    }
                    _ => {}
                }
                unknown(at)
            }
        }
    }

    /// A setting's type; settings are read before constants and functions, but a default may look ahead.
    fn setting_type(&mut self, id: usize) -> Type {
        match self.program.settings.get(id) {
            Some(setting) => setting.ty.clone(),
            None => open(TypeKind::Unknown),
        }
    }

    /// A value that is not known when the flow is built.
    pub fn not_constant(&mut self, at: Location, why: &str) {
        self.error(codes::NOT_CONSTANT, at, "this must be known when the flow is built", why.to_owned());
    }

    /// Samples of the world are refused where no call runs.
    pub fn needs_call(&mut self, s: &Scope, at: Location) {
        match s.place {
            Place::Call => {}
            Place::Constant => self.not_constant(at, "known only during a call"),
            Place::Pure => {
                self.error(
                    codes::NOT_CONSTANT,
                    at,
                    "a function sees only its parameters",
                    "known only during a call",
                )
                .add_help("pass it as an argument");
            }
        }
    }

    /// `a else b`
    fn default(
        &mut self,
        s: &mut Scope,
        of: &ast::Expr,
        otherwise: &ast::Expr,
        at: Location,
        want: Option<&TypeKind>,
    ) -> Expr {
        let wanted_option = want.map(|kind| TypeKind::Optional(Box::new(strip(kind).clone())));
        let value = self.expr(s, of, wanted_option.as_ref());
        let Some(inner) = opened(&value.ty) else {
            let other = self.expr(s, otherwise, want);
            if value.ty.kind != TypeKind::Unknown && value.ty.kind != TypeKind::Nothing {
                self.needless_else(value.location);
            }
            return Expr { location: at, ..other };
        };
        let mut other = self.expr(s, otherwise, Some(&inner.kind));
        let secret = value.ty.secret || other.ty.secret;
        // `option else none` keeps the option: the other may be one as well.
        if crate::types::fits(&other.ty.kind, &value.ty.kind)
            && !crate::types::fits(&other.ty.kind, &inner.kind)
        {
            let ty = Type { kind: value.ty.kind.clone(), secret };
            return Expr { kind: ExprKind::Else(Box::new(value), Box::new(other)), ty, location: at };
        }
        other = self.coerce_kind(other, &inner.kind, "the value after `else`");
        let ty = Type { kind: inner.kind, secret };
        Expr { kind: ExprKind::Else(Box::new(value), Box::new(other)), ty, location: at }
    }

    /// `else` after a value that is always there.
    pub fn needless_else(&mut self, at: Location) {
        self.error(codes::NEEDLESS_ELSE, at, "`else` follows a value that is always there", "never missing")
            .add_help("remove the `else` part");
    }

    /// `when a then x … otherwise z`
    fn when(
        &mut self,
        s: &mut Scope,
        arms: &[(ast::Expr, ast::Expr)],
        otherwise: &ast::Expr,
        at: Location,
        want: Option<&TypeKind>,
    ) -> Expr {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for (condition, value) in arms {
            let mark = s.names.len();
            conditions.push(self.condition(s, condition));
            values.push(self.expr(s, value, want));
            s.names.truncate(mark);
        }
        values.push(self.expr(s, otherwise, want));
        let ty = self.joined(&mut values);
        let otherwise = Box::new(values.pop().unwrap_or_else(|| unknown(at)));
        let arms = conditions.into_iter().zip(values).collect();
        let ty = ty.unwrap_or_else(|| otherwise.ty.clone());
        Expr { kind: ExprKind::When { arms, otherwise }, ty, location: at }
    }

    /// The one type of values that stand for each other; `None` when there are none. Beside digits or phone
    /// numbers a written text is one as well.
    fn joined(&mut self, values: &mut [Expr]) -> Option<Type> {
        let written =
            |value: &Expr| matches!(value.kind, ExprKind::Text(_)) && matches!(value.ty.kind, TypeKind::Text);
        let kind = values.iter().filter(|value| !written(value)).map(|value| value.ty.kind.clone()).next();
        if let Some(kind @ (TypeKind::Digits | TypeKind::Phone)) = kind {
            for value in values.iter_mut().filter(|value| written(value)) {
                let text = std::mem::replace(value, unknown(value.location));
                *value = self.coerce_kind(text, &kind, "this");
            }
        }
        // Beside decimals a written whole number is one as well.
        if values.iter().any(|value| value.ty.kind == TypeKind::Decimal) {
            for value in values.iter_mut().filter(|value| value.ty.kind == TypeKind::Int) {
                if crate::money::written_number(value).is_some() {
                    let number = std::mem::replace(value, unknown(value.location));
                    *value = crate::money::widened(number);
                }
            }
        }
        let mut ty = None;
        let mut before: Option<&Expr> = None;
        for value in values.iter() {
            self.join_into(&mut ty, value, before);
            before = Some(value);
        }
        ty
    }

    fn join_into(&mut self, ty: &mut Option<Type>, value: &Expr, before: Option<&Expr>) {
        let Some(current) = ty else {
            *ty = Some(value.ty.clone());
            return;
        };
        let secret = current.secret || value.ty.secret;
        let kind = match (crate::types::joined(&current.kind, &value.ty.kind), before) {
            (Some(kind), _) => kind,
            (None, Some(before)) => {
                let seen = Expr { ty: current.clone(), ..before.clone() };
                self.join_types(&seen, value)
            }
            (None, None) => current.kind.clone(),
        };
        *ty = Some(Type { kind, secret });
    }

    fn list(&mut self, s: &mut Scope, values: &[ast::Expr], at: Location, want: Option<&TypeKind>) -> Expr {
        let element = match want {
            Some(TypeKind::List(inner)) => Some((**inner).clone()),
            _ => None,
        };
        let mut out: Vec<Expr> = Vec::new();
        for value in values {
            let value = self.expr(s, value, element.as_ref());
            out.push(match &element {
                Some(kind) => self.coerce_kind(value, kind, "this list"),
                None => value,
            });
        }
        let joined = self.joined(&mut out);
        let ty = match element {
            Some(kind) => Some(Type { kind, secret: joined.is_some_and(|ty| ty.secret) }),
            None => joined,
        };
        let inner = ty.unwrap_or_else(|| {
            self.untold(at);
            open(TypeKind::Unknown)
        });
        let ty = Type { kind: TypeKind::List(Box::new(inner.kind)), secret: inner.secret };
        Expr { kind: ExprKind::List(out), ty, location: at }
    }

    /// `[k: v, …]`
    fn map(
        &mut self,
        s: &mut Scope,
        entries: &[(ast::Expr, ast::Expr)],
        at: Location,
        want: Option<&TypeKind>,
    ) -> Expr {
        let (want_key, want_value) = match want {
            Some(TypeKind::Map(key, value)) => (Some((**key).clone()), Some((**value).clone())),
            _ => (None, None),
        };
        let (mut keys, mut values): (Vec<Expr>, Vec<Expr>) = (Vec::new(), Vec::new());
        let mut written = BTreeMap::new();
        for (key, value) in entries {
            let mut key = self.expr(s, key, want_key.as_ref());
            if let Some(kind) = &want_key {
                key = self.coerce_kind(key, kind, "this map's key");
            }
            if let Some(text) = written_key(&key)
                && let Some(first) = written.insert(text, key.location)
            {
                self.error(codes::MAP_KEY_TWICE, key.location, "this key stands twice in the map", "again")
                    .add_label(first, "the first time")
                    .add_help("remove one of them; a key has one value");
            }
            keys.push(key);
            let mut value = self.expr(s, value, want_value.as_ref());
            if let Some(kind) = &want_value {
                value = self.coerce_kind(value, kind, "this map");
            }
            values.push(value);
        }
        let (key, value) = (self.joined(&mut keys), self.joined(&mut values));
        let secret = [&key, &value].into_iter().flatten().any(|ty| ty.secret);
        let kind = |want: Option<TypeKind>, found: Option<Type>| {
            want.or(found.map(|ty| ty.kind)).unwrap_or(TypeKind::Unknown)
        };
        let (key, value) = (kind(want_key, key), kind(want_value, value));
        self.map_key(&key, at);
        let ty = Type { kind: TypeKind::Map(Box::new(key), Box::new(value)), secret };
        Expr { kind: ExprKind::Map(keys.into_iter().zip(values).collect()), ty, location: at }
    }

    fn comprehension(
        &mut self,
        s: &mut Scope,
        value: &ast::Expr,
        name: ast::Name,
        list: &ast::Expr,
        condition: Option<&ast::Expr>,
        at: Location,
    ) -> Expr {
        let list = self.expr(s, list, None);
        let element = self.element(&list);
        let mark = s.names.len();
        let local = self.declare(s, name, element, false);
        let condition = condition.map(|c| Box::new(self.condition(s, c)));
        let value = self.expr(s, value, None);
        s.names.truncate(mark);
        // How many there are tells of a secret list as well.
        let secret = list.ty.secret || value.ty.secret;
        let ty = Type { kind: TypeKind::List(Box::new(value.ty.kind.clone())), secret };
        let kind = ExprKind::Comprehension { local, list: Box::new(list), condition, value: Box::new(value) };
        Expr { kind, ty, location: at }
    }

    /// The type of a list's elements; complains about what is no list.
    pub fn element(&mut self, list: &Expr) -> Type {
        match &list.ty.kind {
            TypeKind::List(inner) => Type { kind: (**inner).clone(), secret: list.ty.secret },
            TypeKind::Map(key, _) => Type { kind: (**key).clone(), secret: list.ty.secret },
            TypeKind::Unknown => open(TypeKind::Unknown),
            other => {
                let text = crate::types::article(&self.type_text(other));
                self.error(
                    codes::MISMATCH,
                    list.location,
                    format!("a list is needed, but this is {text}"),
                    text,
                );
                open(TypeKind::Unknown)
            }
        }
    }

    /// A yes or no that is not secret; its bindings stay in the scope until the caller removes them.
    pub fn condition(&mut self, s: &mut Scope, e: &ast::Expr) -> Expr {
        let value = self.tested(s, e, Some(&TypeKind::Bool));
        if value.ty.secret && !s.in_check {
            self.secret_decides(value.location, &value);
        }
        self.coerce_kind(value, &TypeKind::Bool, "a condition")
    }
}

/// What tells a key apart that is there in the text itself, so that two can be seen to be equal.
fn written_key(key: &Expr) -> Option<String> {
    use ExprKind as K;
    if let Some(number) = crate::money::written_number(key) {
        return Some(number.normalize().to_string());
    }
    Some(match &key.kind {
        K::Text(text) => text.clone(),
        K::Bool(is) => is.to_string(),
        K::Duration(number) => number.to_string(),
        K::Date(number) | K::Time(number) => number.to_string(),
        K::Variant(_, index, data) if data.is_empty() => index.to_string(),
        _ => return None,
    })
}

/// The type inside an option, or the type itself.
fn strip(kind: &TypeKind) -> &TypeKind {
    match kind {
        TypeKind::Optional(inner) => inner,
        other => other,
    }
}
