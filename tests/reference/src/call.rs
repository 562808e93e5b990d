//! One call: its flows, their blocks, and what stops it.

use std::collections::BTreeMap;

use flow_check::hir::{Block, BlockBody, BlockId, FlowId, Program};

use crate::exits::{Place, Way};
use crate::value::Value;
use crate::world::{Answer, Deed, Given, Sort, World};

/// Flows and functions that may run each other at most.
const DEEPEST: u32 = 32;

/// The values of a flow's names; `None` before they have one.
pub(crate) type Locals = Vec<Option<Value>>;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The program was through, or its caller gone.
    Over,
    /// The program failed.
    Fault(Fault),
    /// It was given up after so many steps without a wait.
    TooLong,
    /// It needed something that is not told here.
    Unknown,
}

/// Why a program fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A number left its range.
    Overflow,
    /// Division by zero.
    DivideByZero,
    /// Amounts of two currencies put together.
    MixedCurrencies,
    /// A text longer than a text may be.
    TextTooLong,
    /// Flows or functions ran each other too deep.
    TooDeep,
    /// The call came to where no call can come.
    Unreachable,
    /// A value of a type that cannot be there: the checker is wrong, or this crate.
    Impossible,
}

/// What ends a stretch of work before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    Fault(Fault),
    HungUp,
    Ended,
    TooLong,
    Unknown,
    /// A statement left its body.
    Leaves(Way),
    /// A service failed that nobody in the statement answers for.
    ServiceFailed,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

/// A call that is going on.
pub(crate) struct Call<'p, 'w> {
    pub(crate) program: &'p Program,
    pub(crate) world: &'w mut dyn World,
    /// How often each block was entered since the outermost `run`.
    visits: BTreeMap<(FlowId, BlockId), u32>,
    /// The caller hung up, which takes effect when the call next asks for something.
    gone: bool,
    /// A handler of hang-up is running.
    pub(crate) unwinding: bool,
    depth: u32,
    /// Steps that may be taken until the next wait.
    steps: u32,
    most_steps: u32,
}

/// One call through a flow of the program, with so many steps between two waits at most.
pub fn run(
    program: &Program,
    flow: FlowId,
    arguments: Vec<Value>,
    most_steps: u32,
    world: &mut dyn World,
) -> End {
    let mut call = Call {
        program,
        world,
        visits: BTreeMap::new(),
        gone: false,
        unwinding: false,
        depth: 1,
        steps: most_steps,
        most_steps,
    };
    match call.flow(flow, arguments) {
        Ok(_) | Err(Stop::Ended | Stop::HungUp) => End::Over,
        Err(Stop::Fault(fault)) => End::Fault(fault),
        Err(Stop::TooLong) => End::TooLong,
        Err(Stop::Unknown) => End::Unknown,
        Err(Stop::Leaves(_) | Stop::ServiceFailed) => End::Fault(Fault::Unreachable),
    }
}

impl<'p> Call<'p, '_> {
    /// One more step.
    pub(crate) fn tick(&mut self) -> Result<(), Stop> {
        self.steps = self.steps.checked_sub(1).ok_or(Stop::TooLong)?;
        Ok(())
    }

    /// Something within something.
    pub(crate) fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Stop>) -> Result<T, Stop> {
        if self.depth >= DEEPEST {
            return Err(Fault::TooDeep.into());
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// Runs another flow and comes back with what it gives; counts of visits begin anew.
    pub(crate) fn run(&mut self, flow: FlowId, arguments: Vec<Value>) -> Result<(usize, Vec<Value>), Stop> {
        let visits = std::mem::take(&mut self.visits);
        let result = self.deeper(|call| call.flow(flow, arguments));
        self.visits = visits;
        result
    }

    /// A flow, and those that it goes on to for good, until one gives something.
    fn flow(&mut self, mut id: FlowId, mut arguments: Vec<Value>) -> Result<(usize, Vec<Value>), Stop> {
        loop {
            let flow = &self.program.flows[id];
            let mut locals: Locals = vec![None; flow.locals.len()];
            for (local, argument) in flow.params.iter().zip(arguments) {
                locals[*local] = Some(argument);
            }
            // A caller who is gone before the state is known was never in the flow: its handler has nothing to do.
            self.state(id, &mut locals)?;
            match self.blocks(id, &mut locals) {
                Ok(Way::Return(outcome, data)) => return Ok((outcome, data)),
                Ok(Way::Flow(next, values)) => (id, arguments) = (next, values),
                Ok(_) => return Err(Fault::Unreachable.into()),
                Err(Stop::HungUp) => {
                    self.hung_up(id, &mut locals)?;
                    return Err(Stop::HungUp);
                }
                Err(stop) => return Err(stop),
            }
        }
    }

    /// The first values of a flow's state: those that stand in the text before those that are asked for.
    fn state(&mut self, id: FlowId, locals: &mut Locals) -> Result<(), Stop> {
        let (written, asked): (Vec<_>, Vec<_>) =
            self.program.flows[id].state.iter().partition(|(_, value)| crate::statements::is_written(value));
        for (local, value) in written.into_iter().chain(asked) {
            let value = self.value(locals, value)?;
            locals[*local] = Some(value);
        }
        Ok(())
    }

    fn hung_up(&mut self, id: FlowId, locals: &mut Locals) -> Result<(), Stop> {
        self.unwinding = true;
        self.gone = false;
        self.steps = self.most_steps;
        self.statements(locals, &self.program.flows[id].on_hangup, Place::default())
    }

    /// From the first block on, until the call leaves the flow.
    fn blocks(&mut self, id: FlowId, locals: &mut Locals) -> Result<Way, Stop> {
        let flow = &self.program.flows[id];
        let mut index = 0;
        loop {
            self.tick()?;
            let block = &flow.blocks[index];
            self.world.entered(&flow.name, &block.name);
            let way = match self.block((id, index), block, locals) {
                Err(Stop::Leaves(way)) => way,
                Err(Stop::ServiceFailed) => match &block.failed {
                    Some(tail) => self.left(|call| call.tail(locals, tail, Place::default()))?,
                    None => return Err(Fault::Unreachable.into()),
                },
                other => other?,
            };
            match way {
                Way::Block(next, values) => {
                    for (local, value) in flow.blocks[next].params.iter().zip(values) {
                        locals[*local] = Some(value);
                    }
                    index = next;
                }
                // A question can be asked again; everything else cannot.
                Way::Again => return Err(Fault::Unreachable.into()),
                way => return Ok(way),
            }
        }
    }

    fn block(&mut self, key: (FlowId, BlockId), block: &'p Block, locals: &mut Locals) -> Result<Way, Stop> {
        if let Some(visits) = &block.visits {
            let (most, exit) = &**visits;
            let count = self.visits.entry(key).or_insert(0);
            *count += 1;
            if *count > *most {
                return self.exit(locals, exit, Place::default());
            }
        }
        match &block.body {
            BlockBody::Act(tail) => self.tail(locals, tail, Place::default()),
            BlockBody::Wait { before, wait, arms } => self.wait(locals, before, wait, arms),
            BlockBody::End { before } => {
                self.statements(locals, before, Place::default())?;
                Err(Stop::Ended)
            }
            BlockBody::Decline { code } => {
                self.perform(Sort::Waits, "decline", vec![code.to_string()], vec![vec![]])?;
                Err(Stop::Ended)
            }
        }
    }

    // ------------------------------------------------------------ the world

    /// Asks the world for something that ends with one of its outcomes.
    pub(crate) fn perform(
        &mut self,
        sort: Sort,
        word: &'static str,
        arguments: Vec<String>,
        outcomes: Vec<Vec<Given>>,
    ) -> Result<(usize, Vec<Value>), Stop> {
        let reports_from = outcomes.len();
        self.begin(&Deed { word, arguments, outcomes, reports_from, sort })
    }

    /// Asks the world for something.
    pub(crate) fn begin(&mut self, deed: &Deed) -> Result<(usize, Vec<Value>), Stop> {
        self.stays()?;
        let answer = self.world.answer(deed);
        self.came(deed, answer)
    }

    /// Waits on for something that has only reported.
    pub(crate) fn wait_on(&mut self, deed: &Deed) -> Result<(usize, Vec<Value>), Stop> {
        self.stays()?;
        let answer = self.world.next(deed);
        self.came(deed, answer)
    }

    fn stays(&mut self) -> Result<(), Stop> {
        if self.gone { Err(Stop::HungUp) } else { Ok(()) }
    }

    fn came(&mut self, deed: &Deed, answer: Answer) -> Result<(usize, Vec<Value>), Stop> {
        if deed.sort == Sort::Waits {
            self.steps = self.most_steps;
        }
        match answer {
            Answer::Came { outcome, data, then_hangs_up } => {
                self.gone = then_hangs_up && !self.unwinding;
                Ok((outcome, data))
            }
            Answer::HungUp => Err(Stop::HungUp),
        }
    }
}
