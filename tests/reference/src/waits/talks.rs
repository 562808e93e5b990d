//! `dial`, `callback`, and what a person may start for the caller during a talk.

use flow_check::hir::{Arm, Assist, Callback, Dial, Expr, TypeKind};

use super::queue::MIDDLE;
use super::{of, tables};
use crate::call::{Call, Fault, Locals, Stop};
use crate::exits::{Way, index_of};
use crate::shown::shown;
use crate::value::Value;
use crate::world::{Given, Sort};
use crate::written::{joined, written};

impl<'p> Call<'p, '_> {
    pub(super) fn dial(&mut self, locals: &mut Locals, dial: &'p Dial, arms: &'p [Arm]) -> Result<Way, Stop> {
        const FAILED: usize = 3;
        const ASSIST: usize = 4;
        let mut addresses = Vec::new();
        for address in dial.rings.iter().flat_map(|ring| &ring.addresses) {
            addresses.push(Value::Text(self.text_of(locals, address)?));
        }
        let from = self.shown_number(locals, dial.from.as_ref())?;
        let whisper = self.whisper(locals, dial.whisper.as_ref())?;
        let screen = self.screen(locals, &dial.show)?;
        let table = tables::rings(self.program, dial);
        let arguments = vec![table, shown(&Value::List(addresses)), from, whisper, screen];
        let outcomes = vec![
            vec![of(TypeKind::Text), of(TypeKind::Duration)],
            vec![],
            vec![],
            vec![],
            vec![Given::Below(dial.assists.len())],
        ];
        let (outcome, data) = match self.perform(Sort::Waits, "dial", arguments, outcomes)? {
            (ASSIST, data) => self.assisted(locals, &dial.assists, data, FAILED)?,
            came => came,
        };
        self.arm(locals, arms, outcome, data)
    }

    /// The number that is shown to who is called.
    fn shown_number(&mut self, locals: &mut Locals, number: Option<&'p Expr>) -> Result<String, Stop> {
        let Some(number) = number else { return Ok("none".into()) };
        let value = match (self.value(locals, number)?, &number.ty.kind) {
            (Value::None, TypeKind::Optional(_)) => Value::None,
            (value, kind) => Value::Some(Box::new(Value::Text(written(self.program, kind, &value)))),
        };
        Ok(shown(&value))
    }

    pub(super) fn callback(
        &mut self,
        locals: &mut Locals,
        callback: &'p Callback,
    ) -> Result<Vec<String>, Stop> {
        let number = self.text_of(locals, &callback.number)?;
        let priority = match &callback.priority {
            Some(priority) => self.value(locals, priority)?,
            None => Value::Int(MIDDLE),
        };
        let from = self.shown_number(locals, callback.from.as_ref())?;
        let whisper = self.whisper(locals, callback.whisper.as_ref())?;
        let screen = self.screen(locals, &callback.show)?;
        let afterwards = match &callback.afterwards {
            Some((_, arguments)) if !arguments.is_empty() => Value::Record(self.values(locals, arguments)?),
            _ => Value::Bool(false),
        };
        Ok(vec![
            shown(&Value::Text(number)),
            self.program.queues[callback.queue].name.clone(),
            shown(&priority),
            tables::callback(self.program, callback),
            from,
            whisper,
            screen,
            shown(&afterwards),
        ])
    }

    /// A person started something for the caller: its flow runs, its result is shown, and both are joined again. How
    /// the talk ends at last, as the wait's own outcomes count.
    pub(super) fn assisted(
        &mut self,
        locals: &mut Locals,
        assists: &'p [Assist],
        mut data: Vec<Value>,
        failed: usize,
    ) -> Result<(usize, Vec<Value>), Stop> {
        loop {
            let assist = assists.get(index_of(&data)?).ok_or(Stop::Fault(Fault::Impossible))?;
            let arguments = self.values(locals, &assist.arguments)?;
            let (outcome, given) = self.run(assist.flow, arguments)?;
            let variant = &self.program.flows[assist.flow].gives[outcome];
            // What the person reads: the outcome and its data, but for secrets.
            let open = variant.fields.iter().zip(&given);
            let open = open.filter(|(field, _)| !field.ty.secret && is_writable(&field.ty.kind));
            let told = open.map(|(field, value)| written(self.program, &field.ty.kind, value));
            let result = joined(std::iter::once(variant.name.clone()).chain(told), " ");
            let arguments = vec![shown(&crate::arithmetic::text(result)?)];
            let outcomes = vec![
                vec![of(TypeKind::Text), of(TypeKind::Duration)],
                vec![Given::Below(assists.len())],
                vec![],
            ];
            match self.perform(Sort::Waits, "rejoin", arguments, outcomes)? {
                (0, talk) => return Ok((0, talk)),
                (1, number) => data = number,
                _ => return Ok((failed, Vec::new())),
            }
        }
    }
}

fn is_writable(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::Optional(inner) | TypeKind::List(inner) => is_writable(inner),
        TypeKind::Map(key, value) => is_writable(key) && is_writable(value),
        kind => !matches!(kind, TypeKind::PublicKey),
    }
}
