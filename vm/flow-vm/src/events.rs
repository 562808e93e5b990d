//! What happens to a call: events, each checked before anything changes.

use flow_bytecode::steps::Carries;
use flow_bytecode::{Datum, VerifiedProgram};

use crate::fiber::{Fiber, Op, State};
use crate::limits::ARENA_BYTES;
use crate::value;

/// What happened.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The effect is over, with an outcome by index and its data.
    Finished {
        /// The effect.
        op: Op,
        /// Index into the signature's outcomes.
        outcome: u16,
        /// Of the types that the entry says.
        data: &'a [Datum],
    },
    /// The effect goes on, and says something.
    Reported {
        /// The effect.
        op: Op,
        /// Index into the signature's reports.
        report: u16,
        /// Of the types that the entry says.
        data: &'a [Datum],
    },
    /// The caller is gone. Whatever is in flight is the owner's to drop.
    HungUp,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// The call goes on: poll it.
    Taken,
    /// It came too late: the effect is no longer in flight, or the call is over. Dropped and counted.
    Stale,
}

/// An event that no honest owner sends; the call is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The effect has no such outcome or report.
    Outcome,
    /// The data of this index is missing, too much or of another type.
    Datum(usize),
    /// The data does not fit into what a call may remember: finish with a failure instead.
    TooLarge,
    /// The call is still at work on the last event: poll it first.
    Busy,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Outcome => f.write_str("the effect has no such outcome or report"),
            Self::Datum(index) => write!(f, "datum {index} does not fit its type"),
            Self::TooLarge => f.write_str("the data is more than a call may remember"),
            Self::Busy => f.write_str("the call has not been polled since its last event"),
        }
    }
}

impl std::error::Error for Refused {}

impl Fiber {
    /// Takes one event.
    #[inline]
    pub fn handle(&mut self, program: &VerifiedProgram, event: Event<'_>) -> Result<Handled, Refused> {
        match event {
            Event::Finished { op, outcome, data } => self.answer::<false>(program, op, outcome, data),
            Event::Reported { op, report, data } => self.answer::<true>(program, op, report, data),
            Event::HungUp => Ok(self.hang_up(program)),
        }
    }

    fn hang_up(&mut self, program: &VerifiedProgram) -> Handled {
        match self.state {
            _ if self.unwinding || self.hung_up => self.late(),
            State::Waiting => {
                self.unwind(program);
                Handled::Taken
            }
            State::Ready => {
                self.hung_up = true;
                Handled::Taken
            }
            State::Ended | State::Trapped(_) => self.late(),
        }
    }

    fn late(&mut self) -> Handled {
        self.stale = self.stale.saturating_add(1);
        Handled::Stale
    }

    /// An outcome of the effect, or with `REPORTS` a report.
    #[inline]
    fn answer<const REPORTS: bool>(
        &mut self,
        program: &VerifiedProgram,
        op: Op,
        which: u16,
        data: &[Datum],
    ) -> Result<Handled, Refused> {
        if !matches!(self.state, State::Waiting) || op.0 != self.awaited {
            return self.not_awaited(op);
        }
        let machine = program.machine();
        let step = &machine.steps[self.pc as usize - 1];
        let (outcomes, count) = (u32::from(step.b), (step.y >> 32) as u32);
        let (index, end) = match REPORTS {
            false => (u32::from(which), outcomes),
            true => (outcomes + u32::from(which), count),
        };
        if index >= end {
            return Err(Refused::Outcome);
        }
        let carries = machine.carries[step.y as u32 as usize + index as usize];
        let first = usize::from(self.base) + usize::from(step.a);
        // One small value, as most events carry, needs no second look.
        match (carries, data, self.stack.get_mut(first..)) {
            (Carries::Int, [Datum::Int(number)], Some([outcome, datum, ..])) => {
                (*outcome, *datum) = (u64::from(index), *number as u64)
            }
            (Carries::Nothing, [], Some([outcome, ..])) => *outcome = u64::from(index),
            _ => self.take(program, step.x as usize, index as usize, data, first)?,
        }
        self.awaited = 0;
        if REPORTS {
            self.reported = op.0;
        } else if self.reported == op.0 {
            self.reported = 0;
        }
        self.state = State::Ready;
        // A loop of at-once effects is a loop without a wait.
        if step.c == 0 {
            self.refill();
        }
        Ok(Handled::Taken)
    }

    /// An event of an effect that is not waited for.
    #[cold]
    fn not_awaited(&mut self, op: Op) -> Result<Handled, Refused> {
        if op.0 != 0 && op.0 == self.reported && !self.is_over() {
            return Err(Refused::Busy);
        }
        Ok(self.late())
    }

    /// Stores an outcome or report of an entry, and what it carries; nothing changes unless all of it fits.
    #[inline(never)]
    fn take(
        &mut self,
        program: &VerifiedProgram,
        entry: usize,
        outcome: usize,
        data: &[Datum],
        first: usize,
    ) -> Result<(), Refused> {
        let types = &program.effects[entry].outcomes[outcome];
        if types.len() != data.len() {
            return Err(Refused::Datum(types.len().min(data.len())));
        }
        let mut room = ARENA_BYTES - self.arena.len();
        for (index, (ty, datum)) in types.iter().zip(data).enumerate() {
            let size = value::size(program, *ty, datum).ok_or(Refused::Datum(index))?;
            room = room.checked_sub(size).ok_or(Refused::TooLarge)?;
        }
        for (offset, (ty, datum)) in types.iter().zip(data).enumerate() {
            let slot = value::store(program, &mut self.arena, *ty, datum).map_err(|_| Refused::TooLarge)?;
            self.stack[first + 1 + offset] = slot;
        }
        self.stack[first] = outcome as u64;
        Ok(())
    }
}
