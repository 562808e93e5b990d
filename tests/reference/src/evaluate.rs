//! Expressions to values, from left to right.

use flow_check::hir::{BinaryOp, Expr, ExprKind, Sample, Segment, Test, Type, TypeKind};

use crate::arithmetic::{calculate, divide, negate, order, text};
use crate::builtins::builtin;
use crate::call::{Call, Fault, Locals, Stop};
use crate::plurals;
use crate::shown::shown;
use crate::value::Value;
use crate::world::{Given, Sort};
use crate::written::written;

impl<'p> Call<'p, '_> {
    /// The value of an expression.
    pub(crate) fn value(&mut self, locals: &mut Locals, expr: &'p Expr) -> Result<Value, Stop> {
        self.tick()?;
        Ok(match &expr.kind {
            ExprKind::Bool(truth) => Value::Bool(*truth),
            ExprKind::Int(number) => Value::Int(*number),
            ExprKind::Decimal(number) => Value::decimal(*number),
            ExprKind::Money(amount, code) => Value::money(*amount, *code),
            ExprKind::Text(text) => Value::Text(text.to_string()),
            ExprKind::Duration(millis) => Value::Duration(*millis),
            ExprKind::Date(days) => Value::Date((*days).into()),
            ExprKind::Time(millis) => Value::Time((*millis).into()),
            ExprKind::DateTime(millis, zone) => Value::DateTime(*millis, *zone),
            ExprKind::Language(index) => Value::Language(*index),
            ExprKind::None => Value::None,
            ExprKind::Some(inner) => Value::Some(Box::new(self.value(locals, inner)?)),
            ExprKind::Local(local) => match &locals[*local] {
                Some(value) => value.clone(),
                None => return Err(Fault::Impossible.into()),
            },
            ExprKind::Setting(setting) => {
                let setting = &self.program.settings[*setting];
                self.sample("setting", vec![setting.name.clone()], &setting.ty.kind)?
            }
            ExprKind::Interpolated(segments) => self.interpolated(locals, segments)?,
            ExprKind::Field(of, index) => match self.value(locals, of)? {
                Value::Record(mut fields) => fields.swap_remove(*index),
                _ => return Err(Fault::Impossible.into()),
            },
            ExprKind::OptionalField(of, index) => match self.value(locals, of)? {
                Value::Some(inner) => match *inner {
                    Value::Record(mut fields) => match fields.swap_remove(*index) {
                        // An option in an option's record is not wrapped again.
                        already @ (Value::None | Value::Some(_)) => already,
                        other => Value::Some(Box::new(other)),
                    },
                    _ => return Err(Fault::Impossible.into()),
                },
                _ => Value::None,
            },
            ExprKind::Else(of, otherwise) => match (self.value(locals, of)?, &expr.ty.kind) {
                (Value::None, _) => self.value(locals, otherwise)?,
                // `a else b` where b may itself be missing stays an option.
                (some, TypeKind::Optional(_)) if of.ty.kind == expr.ty.kind => some,
                (Value::Some(inner), _) => *inner,
                _ => return Err(Fault::Impossible.into()),
            },
            ExprKind::Not(of) => Value::Bool(!self.holds(locals, of)?),
            ExprKind::Negate(of) => negate(self.value(locals, of)?)?,
            ExprKind::Binary(op, left, right) => self.binary(locals, *op, (left, right), &expr.ty)?,
            ExprKind::Between { value, low, high, inclusive } => {
                let value = self.value(locals, value)?;
                let low = self.value(locals, low)?;
                if order(&low, &value)?.is_gt() {
                    return Ok(Value::Bool(false));
                }
                let high = self.value(locals, high)?;
                let ordering = order(&value, &high)?;
                Value::Bool(ordering.is_lt() || (*inclusive && ordering.is_eq()))
            }
            ExprKind::Contains { list, value } => {
                let list = self.value(locals, list)?;
                let wanted = self.value(locals, value)?;
                match list {
                    Value::List(items) => Value::Bool(items.iter().any(|item| item.is_same(&wanted))),
                    _ => return Err(Fault::Impossible.into()),
                }
            }
            ExprKind::Is(is) => {
                let flow_check::hir::Is { value, test, negated, bindings } = &**is;
                let value = self.value(locals, value)?;
                let (holds, data) = match (test, value) {
                    (Test::None, value) => (matches!(value, Value::None), Vec::new()),
                    (Test::Some, Value::Some(inner)) => (true, vec![*inner]),
                    (Test::Variant(_, wanted), Value::Variant(index, data)) => (index == *wanted, data),
                    _ => (false, Vec::new()),
                };
                if holds && !negated {
                    for (binding, value) in bindings.iter().zip(data) {
                        if let Some(local) = binding {
                            locals[*local] = Some(value);
                        }
                    }
                }
                Value::Bool(holds != *negated)
            }
            ExprKind::When { arms, otherwise } => {
                for (condition, value) in arms {
                    if self.holds(locals, condition)? {
                        return self.value(locals, value);
                    }
                }
                self.value(locals, otherwise)?
            }
            ExprKind::List(items) => Value::List(self.values(locals, items)?),
            ExprKind::Map(entries) => {
                let keys = entries.iter().map(|(key, _)| self.value(locals, key));
                let keys = keys.collect::<Result<Vec<_>, _>>()?;
                let values = entries.iter().map(|(_, value)| self.value(locals, value));
                let values = values.collect::<Result<Vec<_>, _>>()?;
                Value::map(keys.into_iter().zip(values).collect())
            }
            ExprKind::Comprehension(all) => {
                let flow_check::hir::Comprehension { local, list, condition, value } = &**all;
                let mut made = Vec::new();
                for item in self.items(locals, list)? {
                    self.tick()?;
                    locals[*local] = Some(item);
                    let wanted = match condition {
                        Some(condition) => self.holds(locals, condition)?,
                        None => true,
                    };
                    if wanted {
                        made.push(self.value(locals, value)?);
                    }
                }
                Value::List(made)
            }
            ExprKind::Record(_, fields) => Value::Record(self.values(locals, fields)?),
            ExprKind::Variant(_, index, data) => Value::Variant(*index as usize, self.values(locals, data)?),
            ExprKind::Call(function, arguments) => {
                let arguments = self.values(locals, arguments)?;
                let function = &self.program.functions[*function];
                let mut inner: Locals = vec![None; function.locals.len()];
                for (local, argument) in function.params.iter().zip(arguments) {
                    inner[*local] = Some(argument);
                }
                self.deeper(|call| call.value(&mut inner, &function.body))?
            }
            ExprKind::Builtin(function, arguments) => {
                let kind = arguments.first().map_or(&TypeKind::Unknown, |first| &first.ty.kind);
                let values = self.values(locals, arguments)?;
                builtin(self.program, *function, values, (kind, &expr.ty.kind))?
            }
            ExprKind::Sample(sample) => self.sampled(locals, sample)?,
        })
    }

    /// Values from left to right.
    pub(crate) fn values(&mut self, locals: &mut Locals, exprs: &'p [Expr]) -> Result<Vec<Value>, Stop> {
        exprs.iter().map(|expr| self.value(locals, expr)).collect()
    }

    /// Whether a condition holds; what it binds is in the locals where it does.
    pub(crate) fn holds(&mut self, locals: &mut Locals, expr: &'p Expr) -> Result<bool, Stop> {
        match self.value(locals, expr)? {
            Value::Bool(truth) => Ok(truth),
            _ => Err(Fault::Impossible.into()),
        }
    }

    /// What `each` goes over: the elements of a list, the keys of a map.
    pub(crate) fn items(&mut self, locals: &mut Locals, list: &'p Expr) -> Result<Vec<Value>, Stop> {
        match self.value(locals, list)? {
            Value::List(items) => Ok(items),
            Value::Map(entries) => Ok(entries.into_iter().map(|(key, _)| key).collect()),
            _ => Err(Fault::Impossible.into()),
        }
    }

    /// A value as text.
    pub(crate) fn text_of(&mut self, locals: &mut Locals, expr: &'p Expr) -> Result<String, Stop> {
        let value = self.value(locals, expr)?;
        match text(written(self.program, &expr.ty.kind, &value))? {
            Value::Text(text) => Ok(text),
            _ => Err(Fault::Impossible.into()),
        }
    }

    fn binary(
        &mut self,
        locals: &mut Locals,
        op: BinaryOp,
        (left, right): (&'p Expr, &'p Expr),
        ty: &Type,
    ) -> Result<Value, Stop> {
        match op {
            BinaryOp::And => {
                return Ok(Value::Bool(self.holds(locals, left)? && self.holds(locals, right)?));
            }
            BinaryOp::Or => {
                return Ok(Value::Bool(self.holds(locals, left)? || self.holds(locals, right)?));
            }
            _ => {}
        }
        let left = self.value(locals, left)?;
        let right = self.value(locals, right)?;
        Ok(match op {
            BinaryOp::Equal => Value::Bool(left.is_same(&right)),
            BinaryOp::NotEqual => Value::Bool(!left.is_same(&right)),
            BinaryOp::Less => Value::Bool(order(&left, &right)?.is_lt()),
            BinaryOp::LessOrEqual => Value::Bool(order(&left, &right)?.is_le()),
            BinaryOp::Greater => Value::Bool(order(&left, &right)?.is_gt()),
            BinaryOp::GreaterOrEqual => Value::Bool(order(&left, &right)?.is_ge()),
            BinaryOp::Divide | BinaryOp::Remainder => {
                let quotient = divide(op, left, right)?;
                match (&ty.kind, quotient) {
                    (TypeKind::Optional(_), quotient) => Value::option(quotient),
                    (_, Some(quotient)) => quotient,
                    (_, None) => return Err(Fault::DivideByZero.into()),
                }
            }
            _ => calculate(op, left, right)?,
        })
    }

    fn interpolated(&mut self, locals: &mut Locals, segments: &'p [Segment]) -> Result<Value, Stop> {
        let mut out = String::new();
        for segment in segments {
            match segment {
                Segment::Text(text) => out.push_str(text),
                Segment::Hole { value, .. } => out.push_str(&self.text_of(locals, value)?),
                Segment::Listening { .. } => return Err(Fault::Impossible.into()),
                Segment::Plural(plural) => {
                    let flow_check::hir::Plural { value, forms } = &**plural;
                    let Value::Int(number) = self.value(locals, value)? else {
                        return Err(Fault::Impossible.into());
                    };
                    let language = self.program.languages.first().map_or("en", String::as_str);
                    let class = plurals::class(language, number).ok_or(Stop::Unknown)?;
                    let form = forms.iter().find(|(of, _)| *of == class);
                    let form = form
                        .or_else(|| forms.iter().find(|(of, _)| *of == flow_check::hir::PluralClass::Other));
                    out.push_str(form.or(forms.last()).map_or("", |(_, text)| text));
                }
            }
        }
        Ok(text(out)?)
    }

    fn sampled(&mut self, locals: &mut Locals, sample: &'p Sample) -> Result<Value, Stop> {
        let option = |kind: TypeKind| TypeKind::Optional(Box::new(kind));
        let program = self.program;
        let calendar = |id: &usize| vec![program.calendars[*id].name.clone()];
        let queue = |id: &usize| vec![program.queues[*id].name.clone()];
        let (word, arguments, kind) = match sample {
            Sample::CallerNumber => ("caller_number", vec![], option(TypeKind::Phone)),
            Sample::CallerName => ("caller_name", vec![], option(TypeKind::Text)),
            Sample::CallerAttested => ("caller_attested", vec![], TypeKind::Bool),
            Sample::Called => ("called", vec![], TypeKind::Phone),
            Sample::CallId => ("call_id", vec![], TypeKind::Text),
            Sample::Now => ("now", vec![], TypeKind::DateTime),
            Sample::Today => ("today", vec![], TypeKind::Date),
            Sample::Language => ("language", vec![], TypeKind::Language),
            Sample::Recording => ("recorded", vec![], TypeKind::Int),
            Sample::Position => ("position", vec![], TypeKind::Int),
            Sample::Wait => ("expected_wait", vec![], TypeKind::Duration),
            Sample::CalendarOpen(id) => {
                let states = program.calendars[*id].states.len();
                let state = self.read("calendar_state", calendar(id), Given::Below(states))?;
                return Ok(Value::Bool(matches!(state, Value::Int(0))));
            }
            Sample::CalendarNextOpen(id) => ("calendar_next_open", calendar(id), option(TypeKind::DateTime)),
            Sample::CalendarCloses(id) => ("calendar_closes", calendar(id), TypeKind::DateTime),
            Sample::CalendarReason(id) => ("calendar_reason", calendar(id), TypeKind::Text),
            Sample::CalendarOpenAt(id, at) => {
                let at = self.value(locals, at)?;
                let mut arguments = calendar(id);
                arguments.push(shown(&at));
                ("calendar_open_at", arguments, TypeKind::Bool)
            }
            Sample::QueueExpectedWait(id) => ("queue_expected_wait", queue(id), option(TypeKind::Duration)),
            Sample::QueueLongestWait(id) => ("queue_longest_wait", queue(id), TypeKind::Duration),
            Sample::QueueWaiting(id) => ("queue_waiting", queue(id), TypeKind::Int),
            Sample::QueueFree(id) => ("queue_free", queue(id), TypeKind::Int),
            Sample::QueueStaffed(id) => ("queue_staffed", queue(id), TypeKind::Bool),
            Sample::Switch(id) => ("switch_state", vec![program.switches[*id].name.clone()], TypeKind::Bool),
            Sample::Encrypt(value, key) => {
                let value = Value::Text(self.text_of(locals, value)?);
                let key = self.value(locals, key)?;
                ("encrypt", vec![shown(&value), shown(&key)], TypeKind::Text)
            }
            Sample::Find(id, by) => {
                let (column, value) = &**by;
                let table = &program.tables[*id];
                let value = self.value(locals, value)?;
                let arguments = vec![table.name.clone(), column.to_string(), shown(&value)];
                ("find", arguments, option(TypeKind::Record(table.row)))
            }
            Sample::Rows(id) => {
                let table = &program.tables[*id];
                let rows = TypeKind::List(Box::new(TypeKind::Record(table.row)));
                ("rows", vec![table.name.clone()], rows)
            }
        };
        self.sample(word, arguments, &kind)
    }

    fn sample(&mut self, word: &'static str, arguments: Vec<String>, kind: &TypeKind) -> Result<Value, Stop> {
        self.read(word, arguments, Given::Of(kind.clone()))
    }

    /// What the world says of something that is only read.
    pub(crate) fn read(
        &mut self,
        word: &'static str,
        arguments: Vec<String>,
        given: Given,
    ) -> Result<Value, Stop> {
        let (_, data) = self.perform(Sort::Sample, word, arguments, vec![vec![given]])?;
        data.into_iter().next().ok_or_else(|| Fault::Impossible.into())
    }
}
