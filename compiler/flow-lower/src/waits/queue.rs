//! `queue`: a place in a queue, and what happens while the caller has it.
//!
//! The effect reports what is due and which key was pressed; after each report the wait goes on, or is
//! cancelled because the call leaves. The place begins before the block's speech, so what is said first is
//! due as the stay begins.

use flow_bytecode::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::{Constant, KeyTable, StayTable, Timed};
use flow_bytecode::types::Type;
use flow_check::hir::{Arm, Choice, End, Expr, QueueStay, Spoken, Statement, StatementKind, Tail, TimedWhat};

use super::may_stay;
use crate::Lowering;
use crate::assembler::Label;
use crate::flow::{Place, Staying};
use crate::speech::Utterance;

/// Priority of a caller when nothing is said.
pub(super) const MIDDLE_PRIORITY: i64 = 5;
/// The outcome `failed`, as arms count.
const FAILED: usize = 4;

impl<'h> Lowering<'h> {
    pub(super) fn queue(&mut self, stay: &'h QueueStay, before: &'h [Statement], arms: &'h [Arm]) {
        let spoken = before.iter().rev().take_while(|statement| speaks_only(statement)).count();
        let (before, greeting) = before.split_at(before.len() - spoken);
        self.statements(before, &Place::default());
        let choices: Vec<&'h Choice> = all_choices(stay);
        let rejoins = choices.iter().any(|choice| must_rejoin(&choice.tail));
        let greeting = Greeting { statements: greeting, said: rejoins.then(|| self.flag()) };
        let live = self.live();
        let again = self.label_with(live);
        if rejoins {
            self.place(again);
        }
        let a = self.queue_arguments(stay, &choices, &greeting);
        let entry = self.perform(Effect::Queue, a, None);
        let outcomes = self.labels(Effect::Queue.signature().outcomes.len());
        let [due, pressed] = [self.label(), self.label()];
        let labels: Vec<_> = outcomes.iter().copied().chain([due, pressed]).collect();
        self.switch_outcome(a, entry, &labels);
        let staying = Staying { register: a, entry, labels };

        self.place(due);
        self.timed(stay, &greeting, &staying);
        self.place(pressed);
        self.pressed(&choices, again, &staying);

        self.arms_with_assists(&stay.assists, a, &outcomes, FAILED, arms);
    }

    /// A register that holds `false`.
    pub(crate) fn flag(&mut self) -> u8 {
        let (boolean, register) = (self.tables.ty(Type::Bool), self.alloc());
        self.load(register, Constant::Bool(false), boolean);
        register
    }

    fn queue_arguments(
        &mut self,
        stay: &'h QueueStay,
        choices: &[&'h Choice],
        greeting: &Greeting<'h>,
    ) -> u8 {
        let a = self.alloc();
        self.load_handle(a, Type::Queue, stay.queue);
        let register = self.alloc();
        match &stay.priority {
            Some(priority) => self.into(priority, register, None),
            None => self.load_int(register, MIDDLE_PRIORITY),
        }
        let register = self.alloc();
        self.load_millis(register, stay.longest_millis);
        let keys = self.key_table(choices.iter().copied());
        let table = self.stay_table(stay, keys, !greeting.statements.is_empty());
        let register = self.alloc();
        self.load_handle(register, Type::Stay, usize::from(table));
        self.preference(stay.prefer.as_ref());
        let register = self.alloc();
        self.whisper(stay.whisper.as_ref(), register);
        let register = self.alloc();
        self.screen(&stay.show, register);
        a
    }

    /// Whom to hold out for, and for how long, in the next two registers.
    fn preference(&mut self, prefer: Option<&'h (Expr, u64)>) {
        let text = self.tables.ty(Type::Text);
        let option = self.tables.ty(Type::Option(text));
        let (whom, period) = (self.alloc(), self.alloc());
        match prefer {
            Some((expr, millis)) => {
                let ty = self.type_of(expr, Some(option));
                if ty == option {
                    self.into(expr, whom, Some(option));
                } else {
                    self.text_of(expr, whom);
                    self.abc(Opcode::Some, whom, whom, 0, option);
                }
                self.load_millis(period, *millis);
            }
            None => {
                self.abx(Opcode::None, whom, option.0, option);
                self.load_millis(period, 0);
            }
        }
    }

    /// What the person hears before the join.
    pub(super) fn whisper(&mut self, whisper: Option<&'h Spoken>, register: u8) {
        let speech = self.tables.ty(Type::Speech);
        let option = self.tables.ty(Type::Option(speech));
        match whisper {
            Some(spoken) => {
                self.speech(&[Utterance::Written(spoken)], register);
                self.abc(Opcode::Some, register, register, 0, option);
            }
            None => self.abx(Opcode::None, register, option.0, option),
        }
    }

    /// The person's screen: names and values in turn.
    pub(super) fn screen(&mut self, show: &'h [(String, Expr)], register: u8) {
        let text = self.tables.ty(Type::Text);
        let list = self.tables.ty(Type::List(text));
        if show.is_empty() {
            self.abx(Opcode::EmptyList, register, list.0, list);
            return;
        }
        let mark = self.mark();
        for (name, value) in show {
            let field = self.alloc();
            self.load_text(field, name, text);
            let field = self.alloc();
            self.text_of(value, field);
        }
        self.abc(Opcode::List, register, mark, (show.len() * 2).min(usize::from(u8::MAX)) as u8, list);
        self.release(mark);
    }

    fn stay_table(&mut self, stay: &QueueStay, keys: KeyTable, greets: bool) -> u16 {
        let first = greets.then_some(Timed { repeats: true, millis: 0, activates: None });
        let mut next_choice = stay.choices.len() as u16;
        let timed = stay.timed.iter().map(|timed| {
            let activates = matches!(timed.what, TimedWhat::Choice { .. }).then_some(next_choice);
            next_choice += u16::from(activates.is_some());
            Timed { repeats: timed.repeats, millis: timed.millis, activates }
        });
        let table = StayTable {
            timed: first.into_iter().chain(timed).collect(),
            music: stay.music.as_ref().map(|name| self.tables.text(name)),
            keys,
            during: stay.during.map(|calendar| calendar as u16),
            recall_millis: stay.recall_millis,
            assists: self.assist_table(&stay.assists),
        };
        self.tables.stay(table)
    }

    /// What is due: something is said, or the caller moves up; then the wait goes on.
    fn timed(&mut self, stay: &'h QueueStay, greeting: &Greeting<'h>, staying: &Staying) {
        let a = staying.register;
        let place = Place { again: None, stay: Some(staying.clone()) };
        let greets = usize::from(!greeting.statements.is_empty());
        let labels = self.labels(greets + stay.timed.len());
        self.choose(a.saturating_add(1), &labels);
        if greets > 0 {
            self.place(labels[0]);
            self.release(a);
            self.reserve_to(a.saturating_add(1));
            self.greet(greeting, &place);
            self.stay_on(staying);
        }
        for (timed, label) in stay.timed.iter().zip(labels.into_iter().skip(greets)) {
            self.place(label);
            self.release(a);
            self.reserve_to(a.saturating_add(1));
            self.at(timed.location);
            match &timed.what {
                TimedWhat::Speech(say) => self.say(say, &place),
                TimedWhat::Choice { question, .. } => {
                    let register = self.alloc();
                    self.speech(&[Utterance::Written(question)], register);
                    self.perform(Effect::Interject, register, None);
                }
                TimedWhat::Priority(priority) => {
                    let register = self.alloc();
                    self.into(priority, register, None);
                    self.perform(Effect::SetPriority, register, None);
                }
            }
            self.stay_on(staying);
        }
    }

    /// What the block says first; not again when the call only stepped out of the queue to count something.
    fn greet(&mut self, greeting: &Greeting<'h>, place: &Place) {
        let Some(said) = greeting.said else { return self.statements(greeting.statements, place) };
        let boolean = self.tables.ty(Type::Bool);
        let done = self.label();
        self.jump_if(said, done);
        self.statements(greeting.statements, place);
        self.load(said, Constant::Bool(true), boolean);
        self.place(done);
    }

    fn stay_on(&mut self, staying: &Staying) {
        self.wait_again(staying.register, staying.entry);
        self.switch_outcome(staying.register, staying.entry, &staying.labels);
    }

    /// A key was pressed: the call leaves the queue, or stays.
    ///
    /// While a wait goes on, only what finishes at once may be done. Where a call that stays has to wait for
    /// something else, it gives up the wait, keeps its place, and comes back to it.
    fn pressed(&mut self, choices: &[&'h Choice], again: Label, staying: &Staying) {
        let a = staying.register;
        let labels = self.labels(choices.len());
        self.choose(a.saturating_add(1), &labels);
        for (choice, label) in choices.iter().zip(labels) {
            self.place(label);
            self.release(a);
            self.at(choice.location);
            if must_rejoin(&choice.tail) {
                self.bx(Opcode::Cancel, staying.entry);
                self.tail(&choice.tail, &Place { again: Some(again), stay: None });
            } else if may_stay(&choice.tail) {
                self.reserve_to(a.saturating_add(1));
                let place = Place { again: None, stay: Some(staying.clone()) };
                self.tail(&choice.tail, &place);
            } else {
                self.bx(Opcode::Cancel, staying.entry);
                self.tail(&choice.tail, &Place::default());
            }
        }
    }
}

/// What a queue block says as its place begins.
struct Greeting<'h> {
    statements: &'h [Statement],
    /// Says whether it was heard, where the call may come back to its place within the block.
    said: Option<u8>,
}

/// Whether a statement is heard and does nothing else.
fn speaks_only(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Say(_) => true,
        StatementKind::If { body, .. } | StatementKind::Each { body, .. } => body.iter().all(speaks_only),
        _ => false,
    }
}

/// Whether a tail may stay in the queue after something that cannot be done during the wait.
fn must_rejoin(tail: &Tail) -> bool {
    may_stay(tail) && counts(tail)
}

fn counts(tail: &Tail) -> bool {
    tail.statements.iter().any(counts_something)
        || match &tail.end {
            End::Exit(_) => false,
            End::Decide { arms, otherwise } => {
                arms.iter().any(|(_, tail)| counts(tail)) || otherwise.as_deref().is_some_and(counts)
            }
            End::Share(shares) => shares.iter().any(|(_, tail)| counts(tail)),
        }
}

fn counts_something(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Count { .. } | StatementKind::Request(_) | StatementKind::Send { .. } => true,
        StatementKind::If { body, .. } | StatementKind::Each { body, .. } => {
            body.iter().any(counts_something)
        }
        _ => false,
    }
}

/// The choices that are live from the start, then those that come with time.
fn all_choices(stay: &QueueStay) -> Vec<&Choice> {
    let timed = stay.timed.iter().filter_map(|timed| match &timed.what {
        TimedWhat::Choice { choice, .. } => Some(choice),
        TimedWhat::Speech(_) | TimedWhat::Priority(_) => None,
    });
    stay.choices.iter().chain(timed).collect()
}
