//! Waits: one thing is asked of the world, and each of its outcomes has an arm.

mod answers;
mod question;
mod queue;
mod survey;
mod tables;
mod talks;

use flow_check::hir::{Arm, Choice, End, ExitKind, Spoken, Statement, StatementKind, Tail, TypeKind, Wait};

use crate::call::{Call, Fault, Locals, Stop};
use crate::exits::{Place, Way, index_of};
use crate::shown::shown;
use crate::value::Value;
use crate::world::{Given, Sort};

/// Data of a type.
fn of(kind: TypeKind) -> Given {
    Given::Of(kind)
}

impl<'p> Call<'p, '_> {
    pub(crate) fn wait(
        &mut self,
        locals: &mut Locals,
        before: &'p [Statement],
        wait: &'p Wait,
        arms: &'p [Arm],
    ) -> Result<Way, Stop> {
        match wait {
            Wait::Menu(question) => self.menu(locals, before, question, arms),
            Wait::Collect(collect) => self.collect(locals, before, collect, arms),
            Wait::Queue(stay) => self.queue(locals, before, stay, arms),
            Wait::Survey { questions, choices } => self.survey(locals, before, (questions, choices), arms),
            Wait::Questions(survey) => self.list_survey(locals, before, survey, arms),
            _ => {
                self.statements(locals, before, Place::default())?;
                self.plain_wait(locals, wait, arms)
            }
        }
    }

    fn plain_wait(&mut self, locals: &mut Locals, wait: &'p Wait, arms: &'p [Arm]) -> Result<Way, Stop> {
        let program = self.program;
        let (word, arguments, outcomes) = match wait {
            Wait::AfterHours { calendar } => {
                let calendar = &program.calendars[*calendar];
                let state = Given::Below(calendar.states.len());
                let state = self.read("calendar_state", vec![calendar.name.clone()], state)?;
                return self.arm(locals, arms, index_of(&[state])?, Vec::new());
            }
            Wait::Run { flow, arguments } => {
                let arguments = self.values(locals, arguments)?;
                let (outcome, data) = self.run(*flow, arguments)?;
                return self.arm(locals, arms, outcome, data);
            }
            Wait::Dial(dial) => return self.dial(locals, dial, arms),
            Wait::Voicemail { longest_millis, silence_millis, deliver_to } => {
                let to = self.text_of(locals, deliver_to)?;
                let silence = silence_millis.unwrap_or(0);
                let arguments = vec![millis(*longest_millis), millis(silence), shown(&Value::Text(to))];
                ("voicemail", arguments, vec![vec![of(TypeKind::Text)], vec![], vec![]])
            }
            Wait::Callback(callback) => {
                let arguments = self.callback(locals, callback)?;
                ("callback", arguments, vec![vec![], vec![], vec![of(TypeKind::Text)], vec![], vec![]])
            }
            Wait::Detect { longest_millis } => {
                ("detect", vec![millis(*longest_millis)], vec![vec![], vec![], vec![]])
            }
            Wait::Transfer { rings } => {
                let mut addresses = Vec::new();
                for address in rings.iter().flat_map(|ring| &ring.addresses) {
                    addresses.push(Value::Text(self.text_of(locals, address)?));
                }
                (
                    "transfer",
                    vec![tables::rings_in_order(rings), shown(&Value::List(addresses))],
                    vec![vec![]],
                )
            }
            Wait::Conference { room, longest_millis, music } => {
                let room = self.text_of(locals, room)?;
                let stay = tables::music_only(music.as_deref());
                let arguments = vec![shown(&Value::Text(room)), millis(*longest_millis), stay];
                ("conference", arguments, vec![vec![], vec![], vec![]])
            }
            _ => return Err(Fault::Impossible.into()),
        };
        let (outcome, data) = self.perform(Sort::Waits, word, arguments, outcomes)?;
        self.arm(locals, arms, outcome, data)
    }

    /// What an outcome leads to.
    fn arm(
        &mut self,
        locals: &mut Locals,
        arms: &'p [Arm],
        outcome: usize,
        data: Vec<Value>,
    ) -> Result<Way, Stop> {
        let arm = arms.iter().find(|arm| arm.outcome == outcome).ok_or(Stop::Fault(Fault::Unreachable))?;
        for (binding, value) in arm.bindings.iter().zip(data) {
            if let Some(local) = binding {
                locals[*local] = Some(value);
            }
        }
        self.left(|call| call.tail(locals, &arm.tail, Place::default()))
    }

    /// What one hears who is about to be joined with the caller.
    fn whisper(&mut self, locals: &mut Locals, spoken: Option<&'p Spoken>) -> Result<String, Stop> {
        Ok(match spoken {
            Some(spoken) => format!("some({})", self.speech(locals, spoken)?),
            None => "none".into(),
        })
    }

    /// Names and values in turn.
    fn screen(
        &mut self,
        locals: &mut Locals,
        show: &'p [(String, flow_check::hir::Expr)],
    ) -> Result<String, Stop> {
        let mut lines = Vec::new();
        for (name, value) in show {
            lines.push(Value::Text(name.clone()));
            lines.push(Value::Text(self.text_of(locals, value)?));
        }
        Ok(shown(&Value::List(lines)))
    }
}

fn millis(millis: u64) -> String {
    shown(&Value::Duration(i64::try_from(millis).unwrap_or(i64::MAX)))
}

/// What of a block's statements is repeated with its question: its speech, and nothing that has an effect.
fn speech_of(before: &[Statement]) -> impl Iterator<Item = &flow_check::hir::Say> {
    before.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Say(say) => Some(say),
        _ => None,
    })
}

/// Every exit of a tail, of its statements too.
fn exits<'t>(tail: &'t Tail, found: &mut Vec<&'t ExitKind>) {
    exits_of(&tail.statements, found);
    match &tail.end {
        End::Exit(exit) => found.push(&exit.kind),
        End::Decide { arms, otherwise } => {
            arms.iter().for_each(|(_, tail)| exits(tail, found));
            otherwise.iter().for_each(|tail| exits(tail, found));
        }
        End::Share(shares) => shares.iter().for_each(|(_, tail)| exits(tail, found)),
    }
}

fn exits_of<'t>(statements: &'t [Statement], found: &mut Vec<&'t ExitKind>) {
    for statement in statements {
        match &statement.kind {
            StatementKind::Let { otherwise, .. }
            | StatementKind::Set { otherwise, .. }
            | StatementKind::Count { otherwise, .. } => found.extend(otherwise.iter().map(|exit| &exit.kind)),
            StatementKind::Request(request) => {
                if let flow_check::hir::Failed::Exit(exit) = &request.failed {
                    found.push(&exit.kind);
                }
            }
            StatementKind::If { body, .. } | StatementKind::Each { body, .. } => exits_of(body, found),
            _ => {}
        }
    }
}

/// Whether a tail may stay in its block.
fn may_stay(tail: &Tail) -> bool {
    let mut found = Vec::new();
    exits(tail, &mut found);
    found.contains(&&ExitKind::Again)
}

/// Whether anything of a tail takes time.
fn takes_time(tail: &Tail) -> bool {
    tail.statements.iter().any(statement_takes_time)
        || match &tail.end {
            End::Exit(_) => false,
            End::Decide { arms, otherwise } => {
                arms.iter().any(|(_, tail)| takes_time(tail)) || otherwise.as_deref().is_some_and(takes_time)
            }
            End::Share(shares) => shares.iter().any(|(_, tail)| takes_time(tail)),
        }
}

/// What is said does not count: over the music of a queue it takes no time of the call.
fn statement_takes_time(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Count { .. } | StatementKind::Request(_) | StatementKind::Send { .. } => true,
        StatementKind::If { body, .. } | StatementKind::Each { body, .. } => {
            body.iter().any(statement_takes_time)
        }
        _ => false,
    }
}

/// The choices that are there.
fn below(choices: &[&Choice]) -> Given {
    Given::Below(choices.len())
}
