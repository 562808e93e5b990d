//! One call's state, and what it may ask for.

use flow_bytecode::program::{FunctionKind, SourceEntry};
use flow_bytecode::{Datum, TrapReason, VerifiedProgram};

use crate::arena::Arena;
use crate::limits::{BUDGET, SLICE};
use crate::value;

/// One effect of one call: the number of its `Begin`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Op(pub u32);

/// What a call asks of its owner, or says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Begin the effect of an entry of `Program::effects`; [`Fiber::arguments`] reads its arguments until it
    /// finishes or reports. At-once effects are to be answered before anything else happens to the call.
    Begin {
        /// What its events name.
        op: Op,
        /// Index into `Program::effects`.
        entry: u16,
    },
    /// The effect is no longer wanted; its events are stale from now on.
    Cancel {
        /// The effect that had reported.
        op: Op,
    },
    /// The call has entered a block of `Program::blocks`.
    Entered {
        /// Index into `Program::blocks`.
        block: u16,
    },
    /// Nothing more before the next event.
    Waiting,
    /// The slice is used up: poll again after the others had their turn.
    Yielded,
    /// The program is over: hang up.
    Ended,
    /// The program failed: the call goes to the deployment's fall-back.
    Trapped(Trap),
}

/// Where and why a program failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trap {
    /// Why.
    pub reason: TrapReason,
    /// The instruction of `Program::code`.
    pub at: u32,
}

impl Trap {
    /// The source of the instruction, when the program has a source map: the file, and the place in it.
    pub fn location<'a>(&self, program: &'a VerifiedProgram) -> Option<(&'a str, &'a SourceEntry)> {
        program.source_map.location(self.at)
    }
}

/// Why a flow cannot be begun so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentError {
    /// There is no flow of this index.
    NoFlow,
    /// The flow has another number of parameters.
    Count,
    /// The argument of this index has another type than the parameter, or is too large.
    Argument(usize),
}

impl std::fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoFlow => f.write_str("there is no such flow"),
            Self::Count => f.write_str("the flow has another number of parameters"),
            Self::Argument(index) => write!(f, "argument {index} does not fit its parameter"),
        }
    }
}

impl std::error::Error for ArgumentError {}

/// What a call is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Ready,
    /// The instruction before `pc` is a `perform` or `wait`.
    Waiting,
    Ended,
    Trapped(TrapReason),
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fiber {
    /// For each frame its registers; between two frames, where the outer goes on (see `link`).
    pub(crate) stack: Vec<u64>,
    pub(crate) arena: Arena,
    /// Bytes of the arena that lived when it was last compacted.
    pub(crate) settled: u32,
    /// The next instruction; when trapped, the instruction that failed.
    pub(crate) pc: u32,
    /// Instructions left for this event, and the number at which this slice ends.
    pub(crate) budget: u32,
    pub(crate) slice_end: u32,
    /// The last number given to an effect; while waiting, `awaited` is the one waited for.
    pub(crate) last_op: u32,
    pub(crate) awaited: u32,
    /// The effect in flight that has reported; 0 is none.
    pub(crate) reported: u32,
    /// Events that came too late.
    pub(crate) stale: u32,
    /// Where the running frame's registers begin in `stack`.
    pub(crate) base: u16,
    pub(crate) function: u16,
    pub(crate) state: State,
    /// Frames, from 1.
    pub(crate) depth: u8,
    /// The caller is gone, which the program has not been told.
    pub(crate) hung_up: bool,
    /// The handlers of hang-up are running.
    pub(crate) unwinding: bool,
}

impl Fiber {
    /// A call at the first instruction of a flow; poll it to begin.
    pub fn new(program: &VerifiedProgram, flow: u16, arguments: &[Datum]) -> Result<Fiber, ArgumentError> {
        let Some(function) = program.functions.get(usize::from(flow)) else {
            return Err(ArgumentError::NoFlow);
        };
        if !matches!(function.kind, FunctionKind::Flow { .. }) {
            return Err(ArgumentError::NoFlow);
        }
        if function.params.len() != arguments.len() {
            return Err(ArgumentError::Count);
        }
        let mut stack = Vec::new();
        stack.reserve_exact(usize::from(function.registers));
        stack.resize(usize::from(function.registers), 0);
        let mut arena = Arena::default();
        for (index, (datum, ty)) in arguments.iter().zip(&function.params).enumerate() {
            if let Some(slot) = value::plain(program, *ty, datum) {
                stack[index] = slot;
                continue;
            }
            if value::size(program, *ty, datum).is_none() {
                return Err(ArgumentError::Argument(index));
            }
            let slot = value::store(program, &mut arena, *ty, datum);
            stack[index] = slot.map_err(|_| ArgumentError::Argument(index))?;
        }
        Ok(Fiber {
            stack,
            settled: arena.len() as u32,
            arena,
            pc: function.code.0,
            budget: BUDGET,
            slice_end: BUDGET - SLICE,
            last_op: 0,
            awaited: 0,
            reported: 0,
            stale: 0,
            base: 0,
            function: flow,
            state: State::Ready,
            depth: 1,
            hung_up: false,
            unwinding: false,
        })
    }

    /// A call that runs nothing: it is over, and takes no event. For a call that people are in before a flow is.
    pub fn nothing() -> Fiber {
        Fiber {
            stack: Vec::new(),
            settled: 0,
            arena: Arena::default(),
            pc: 0,
            budget: 0,
            slice_end: 0,
            last_op: 0,
            awaited: 0,
            reported: 0,
            stale: 0,
            base: 0,
            function: 0,
            state: State::Ended,
            depth: 0,
            hung_up: false,
            unwinding: false,
        }
    }

    /// Whether nothing will come of this call any more.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Ended | State::Trapped(_))
    }

    /// The effect that the call waits for: its number, and its entry of `Program::effects`.
    #[inline]
    pub fn in_flight(&self, program: &VerifiedProgram) -> Option<(Op, u16)> {
        match self.state {
            State::Waiting => {
                Some((Op(self.awaited), program.machine().steps[self.pc as usize - 1].x as u16))
            }
            _ => None,
        }
    }

    /// The flow that is running, an index into `Program::functions`.
    pub fn flow(&self) -> u16 {
        self.function
    }

    /// How many events came for effects that were no longer in flight.
    pub fn stale_events(&self) -> u32 {
        self.stale
    }

    /// Bytes that this call holds: the fiber itself and the capacity of what it has on the heap.
    pub fn footprint(&self) -> usize {
        size_of::<Fiber>() + self.stack.capacity() * size_of::<u64>() + self.arena.capacity()
    }

    /// What comes next. The owner polls until `Waiting`, `Yielded`, `Ended` or `Trapped`.
    #[inline]
    pub fn poll(&mut self, program: &VerifiedProgram) -> Output {
        match self.state {
            State::Ready => self.run(program),
            State::Waiting => Output::Waiting,
            State::Ended => Output::Ended,
            State::Trapped(reason) => Output::Trapped(Trap { reason, at: self.pc }),
        }
    }

    /// Begins the handler of the innermost frame that has one; without any the call is over.
    pub(crate) fn unwind(&mut self, program: &VerifiedProgram) {
        self.awaited = 0;
        self.reported = 0;
        self.hung_up = false;
        self.unwinding = true;
        self.refill();
        loop {
            if let Some(handler) = program.functions[usize::from(self.function)].on_hangup {
                self.pc = handler;
                self.state = State::Ready;
                return;
            }
            if !self.pop(program) {
                self.state = State::Ended;
                return;
            }
        }
    }

    /// A handler is through: on to the next frame's.
    pub(crate) fn unwind_further(&mut self, program: &VerifiedProgram) {
        match self.pop(program) {
            true => self.unwind(program),
            false => self.state = State::Ended,
        }
    }

    /// A new event: a whole budget.
    pub(crate) fn refill(&mut self) {
        self.budget = BUDGET;
        self.slice_end = BUDGET - SLICE;
    }
}
