//! `queue`: a place in a queue, and what happens while the caller has it.

use flow_check::hir::{Arm, Choice, QueueStay, Statement, StatementKind, TimedWhat, TypeKind};

use super::{below, may_stay, millis, of, tables, takes_time};
use crate::call::{Call, Fault, Locals, Stop};
use crate::exits::{Place, Way, index_of};
use crate::shown::shown;
use crate::value::Value;
use crate::world::{Deed, Given, Sort};
use crate::written::written;

/// The priority of a caller of whom nothing is said.
pub(super) const MIDDLE: i64 = 5;
/// The reports of the effect, as its outcomes are counted.
const DUE: usize = 7;
const PRESSED: usize = 8;

const IN_QUEUE: Place = Place { in_queue: true };

impl<'p> Call<'p, '_> {
    pub(super) fn queue(
        &mut self,
        locals: &mut Locals,
        before: &'p [Statement],
        stay: &'p QueueStay,
        arms: &'p [Arm],
    ) -> Result<Way, Stop> {
        // The place begins before the block's speech, which is heard over the music.
        let speaks = before.iter().rev().take_while(|statement| speaks_only(statement)).count();
        let (before, greeting) = before.split_at(before.len() - speaks);
        self.statements(locals, before, Place::default())?;
        let late = stay.timed.iter().filter_map(|timed| match &timed.what {
            TimedWhat::Choice { choice, .. } => Some(choice),
            _ => None,
        });
        let choices: Vec<&'p Choice> = stay.choices.iter().chain(late).collect();
        let comes_back = choices.iter().any(|choice| may_stay(&choice.tail) && takes_time(&choice.tail));
        let mut greeted = false;
        loop {
            let deed = self.place_in_queue(locals, stay, &choices, !greeting.is_empty())?;
            let (mut outcome, mut data) = self.begin(&deed)?;
            let way = loop {
                let way = match outcome {
                    DUE => {
                        self.due(locals, stay, index_of(&data)?, (greeting, comes_back && greeted))?;
                        greeted = true;
                        Way::Again
                    }
                    PRESSED => {
                        let index = index_of(&data)?;
                        let choice = *choices.get(index).ok_or(Stop::Fault(Fault::Impossible))?;
                        let stays = may_stay(&choice.tail);
                        let in_place = stays && !takes_time(&choice.tail);
                        // What takes time cannot be done while the caller waits: the wait is given up first, and
                        // the place kept.
                        if !in_place {
                            self.world.cancelled();
                        }
                        let place = Place { in_queue: in_place };
                        let way = self.left(|call| call.tail(locals, &choice.tail, place))?;
                        match way {
                            Way::Again if !in_place => break Way::Again,
                            way => way,
                        }
                    }
                    _ => return self.came_out(locals, stay, arms, (outcome, data)),
                };
                match way {
                    Way::Again => (outcome, data) = self.wait_on(&deed)?,
                    way => break way,
                }
            };
            match way {
                Way::Again => {}
                way => return Ok(way),
            }
        }
    }

    fn place_in_queue(
        &mut self,
        locals: &mut Locals,
        stay: &'p QueueStay,
        choices: &[&'p Choice],
        greets: bool,
    ) -> Result<Deed, Stop> {
        let program = self.program;
        let priority = match &stay.priority {
            Some(priority) => self.value(locals, priority)?,
            None => Value::Int(MIDDLE),
        };
        let (preferred, period) = match &stay.prefer {
            Some((expr, period)) => {
                let value = match (self.value(locals, expr)?, &expr.ty.kind) {
                    (Value::Some(inner), TypeKind::Optional(_)) => Value::Some(inner),
                    (Value::None, _) => Value::None,
                    (value, kind) => Value::Some(Box::new(Value::Text(written(program, kind, &value)))),
                };
                (value, *period)
            }
            None => (Value::None, 0),
        };
        let table = tables::stay(program, stay, choices, greets);
        let whisper = self.whisper(locals, stay.whisper.as_ref())?;
        let screen = self.screen(locals, &stay.show)?;
        let arguments = vec![
            program.queues[stay.queue].name.clone(),
            shown(&priority),
            millis(stay.longest_millis),
            table,
            shown(&preferred),
            millis(period),
            whisper,
            screen,
        ];
        let closed = stay.during.is_some();
        let outcomes = vec![
            vec![of(TypeKind::Text), of(TypeKind::Duration)],
            vec![],
            vec![],
            vec![],
            vec![],
            if closed { vec![] } else { vec![Given::Below(0)] },
            vec![Given::Below(stay.assists.len())],
            vec![Given::Below(usize::from(greets) + stay.timed.len())],
            vec![below(choices)],
        ];
        Ok(Deed { word: "queue", arguments, outcomes, reports_from: DUE, sort: Sort::Waits })
    }

    /// What is due while the caller waits; the greeting not again for one who only stepped out of the queue.
    fn due(
        &mut self,
        locals: &mut Locals,
        stay: &'p QueueStay,
        index: usize,
        (greeting, greeted): (&'p [Statement], bool),
    ) -> Result<(), Stop> {
        let index = match (greeting.is_empty(), index) {
            (false, 0) if greeted => return Ok(()),
            (false, 0) => return self.statements(locals, greeting, IN_QUEUE),
            (false, index) => index - 1,
            (true, index) => index,
        };
        let timed = stay.timed.get(index).ok_or(Stop::Fault(Fault::Impossible))?;
        match &timed.what {
            TimedWhat::Speech(say) => self.say(locals, say, IN_QUEUE),
            TimedWhat::Choice { question, .. } => {
                let speech = self.speech(locals, question)?;
                self.at_once("interject", vec![speech])
            }
            TimedWhat::Priority(priority) => {
                let priority = self.value(locals, priority)?;
                self.at_once("set_priority", vec![shown(&priority)])
            }
        }
    }

    fn came_out(
        &mut self,
        locals: &mut Locals,
        stay: &'p QueueStay,
        arms: &'p [Arm],
        (outcome, data): (usize, Vec<Value>),
    ) -> Result<Way, Stop> {
        const FAILED: usize = 4;
        const ASSIST: usize = 6;
        let (outcome, data) = match outcome {
            ASSIST => self.assisted(locals, &stay.assists, data, FAILED)?,
            _ => (outcome, data),
        };
        self.arm(locals, arms, outcome, data)
    }
}

fn speaks_only(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Say(_) => true,
        StatementKind::If { body, .. } | StatementKind::Each { body, .. } => body.iter().all(speaks_only),
        _ => false,
    }
}
