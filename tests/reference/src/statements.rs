//! Statements: what happens in order.

use flow_check::hir::{
    Expr, ExprKind, Failed, Keep, Recording, Request, Say, Statement, StatementKind, TypeKind,
};

use crate::call::{Call, Locals, Stop};
use crate::exits::Place;
use crate::shown::shown;
use crate::value::Value;
use crate::world::{Given, Sort};

impl<'p> Call<'p, '_> {
    pub(crate) fn statements(
        &mut self,
        locals: &mut Locals,
        statements: &'p [Statement],
        place: Place,
    ) -> Result<(), Stop> {
        for statement in statements {
            self.tick()?;
            self.statement(locals, &statement.kind, place)?;
        }
        Ok(())
    }

    fn statement(&mut self, locals: &mut Locals, kind: &'p StatementKind, place: Place) -> Result<(), Stop> {
        match kind {
            StatementKind::Let { local, value, otherwise }
            | StatementKind::Set { local, value, otherwise } => {
                let value = self.value(locals, value)?;
                let value = match (otherwise, value) {
                    (None, value) => value,
                    (Some(_), Value::Some(inner)) => *inner,
                    (Some(exit), _) => return Err(Stop::Leaves(self.exit(locals, exit, place)?)),
                };
                locals[*local] = Some(value);
            }
            StatementKind::SetLanguage(language) => {
                let language = self.value(locals, language)?;
                self.at_once("set_language", vec![shown(&language)])?;
            }
            StatementKind::SetVoice(voice) => {
                let voice = self.value(locals, voice)?;
                self.at_once("set_voice", vec![shown(&voice)])?;
            }
            StatementKind::SetRecording(whom) => {
                let whom = match whom {
                    Recording::Nobody => "0",
                    Recording::Caller => "1",
                    Recording::Agent => "2",
                    Recording::Both => "3",
                };
                self.at_once("set_recording", vec![whom.into()])?;
            }
            StatementKind::Say(say) => self.say(locals, say, place)?,
            StatementKind::Count { limit, key, otherwise } => {
                let key = self.limit_key(locals, *limit, key)?;
                match otherwise {
                    None => self.at_once("tally", key)?,
                    Some(exit) => {
                        let (outcome, _) = self.perform(Sort::Waits, "count", key, vec![vec![], vec![]])?;
                        if outcome == 1 {
                            return Err(Stop::Leaves(self.exit(locals, exit, place)?));
                        }
                    }
                }
            }
            StatementKind::Reset { limit, key } => {
                let key = self.limit_key(locals, *limit, key)?;
                self.at_once("reset", key)?;
            }
            StatementKind::Request(request) => self.request(locals, request, place)?,
            StatementKind::Send { operation, arguments } => {
                let arguments = self.operation(locals, *operation, arguments)?;
                match self.unwinding {
                    true => self.at_once("post", arguments)?,
                    false => drop(self.perform(Sort::Waits, "send", arguments, vec![vec![]])?),
                }
            }
            StatementKind::If { condition, body } => {
                if self.holds(locals, condition)? {
                    self.statements(locals, body, place)?;
                }
            }
            StatementKind::Each { local, list, body } => {
                for item in self.items(locals, list)? {
                    self.tick()?;
                    locals[*local] = Some(item);
                    self.statements(locals, body, place)?;
                }
            }
            StatementKind::Mark { name, value } => {
                let value = match value {
                    Some(value) => Value::Some(Box::new(Value::Text(self.text_of(locals, value)?))),
                    None => Value::None,
                };
                self.at_once("mark", vec![shown(&Value::Text(name.to_string())), shown(&value)])?;
            }
            StatementKind::Discard => self.at_once("discard", Vec::new())?,
        }
        Ok(())
    }

    pub(crate) fn at_once(&mut self, word: &'static str, arguments: Vec<String>) -> Result<(), Stop> {
        self.perform(Sort::AtOnce, word, arguments, vec![vec![]])?;
        Ok(())
    }

    /// Speaks; over the music where the caller is in a queue.
    pub(crate) fn say(&mut self, locals: &mut Locals, say: &'p Say, place: Place) -> Result<(), Stop> {
        let speech = self.speech(locals, &say.spoken)?;
        if place.in_queue {
            return self.at_once("interject", vec![speech]);
        }
        self.perform(Sort::Waits, "say", vec![speech, say.interruptible.to_string()], vec![vec![]])?;
        Ok(())
    }

    fn limit_key(&mut self, locals: &mut Locals, limit: usize, key: &'p [Expr]) -> Result<Vec<String>, Stop> {
        let mut parts = Vec::new();
        for part in key {
            parts.push(self.text_of(locals, part)?);
        }
        // A mark between the parts that no key has.
        let key = crate::arithmetic::text(parts.join("\u{1f}"))?;
        Ok(vec![self.program.limits[limit].name.clone(), shown(&key)])
    }

    /// An operation's name, and its arguments.
    fn operation(
        &mut self,
        locals: &mut Locals,
        operation: usize,
        arguments: &'p [Expr],
    ) -> Result<Vec<String>, Stop> {
        let operation = &self.program.operations[operation];
        let service = &self.program.services[operation.service];
        let arguments = Value::Record(self.values(locals, arguments)?);
        Ok(vec![format!("{}.{}", service.name, operation.name), shown(&arguments)])
    }

    fn request(&mut self, locals: &mut Locals, request: &'p Request, place: Place) -> Result<(), Stop> {
        let arguments = self.operation(locals, request.operation, &request.arguments)?;
        let result = self.program.operations[request.operation].result.as_ref();
        let answer = result.map_or(TypeKind::Bool, |ty| ty.kind.clone());
        let outcomes = vec![vec![Given::Of(answer)], vec![]];
        let (outcome, data) = self.perform(Sort::Waits, "request", arguments, outcomes)?;
        let value = match (outcome, &request.failed) {
            (0, _) => data.into_iter().next(),
            (_, Failed::GoOn) => None,
            (_, Failed::Value(_)) if request.keep == Keep::Nothing => None,
            (_, Failed::Value(value)) => Some(self.value(locals, value)?),
            (_, Failed::Exit(exit)) => return Err(Stop::Leaves(self.exit(locals, exit, place)?)),
            (_, Failed::Block) => return Err(Stop::ServiceFailed),
        };
        if let (Some(value), Keep::Let(local) | Keep::Set(local)) = (value, request.keep) {
            locals[local] = Some(value);
        }
        Ok(())
    }
}

/// Whether a value stands in the text as it is.
pub(crate) fn is_written(expr: &Expr) -> bool {
    use ExprKind::*;
    match &expr.kind {
        Bool(_) | Int(_) | Decimal(_) | Money(..) | Text(_) => true,
        Duration(_) | Date(_) | Time(_) | DateTime(..) | Language(_) | None => true,
        Some(inner) => is_written(inner),
        List(items) => items.iter().all(is_written),
        Record(_, items) | Variant(_, _, items) => items.iter().all(is_written),
        Map(entries) => entries.iter().all(|(key, value)| is_written(key) && is_written(value)),
        _ => false,
    }
}
