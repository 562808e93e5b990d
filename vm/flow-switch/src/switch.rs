//! The switch itself: inputs in, outputs out.

use std::collections::VecDeque;
use std::sync::Arc;

use flow_bytecode::{Datum, Program};

use crate::boundary::{Incoming, Input, LegId, Now, Output, ProgramId};
use crate::options::Options;

/// All calls of one node.
#[derive(Debug)]
pub struct Switch {
    options: Options,
    programs: Vec<(Arc<Program>, Vec<Datum>)>,
    outputs: VecDeque<Output>,
    legs: u32,
}

impl Switch {
    /// A switch without programs and calls.
    pub fn new(options: Options) -> Self {
        Self { options, programs: Vec::new(), outputs: VecDeque::new(), legs: 0 }
    }

    /// Takes a program in. Agents and queues are deployment-wide by name: those of the newest program hold.
    /// Calls finish on the program that they began with. `settings` are in the program's order.
    pub fn load(&mut self, _now: Now, program: Arc<Program>, settings: Vec<Datum>) -> ProgramId {
        self.programs.push((program, settings));
        ProgramId(u32::try_from(self.programs.len() - 1).unwrap_or(u32::MAX))
    }

    /// A call has come in: gives its leg, and outputs about it may wait at once.
    pub fn incoming(&mut self, _now: Now, _incoming: Incoming) -> LegId {
        let leg = LegId { slot: self.legs, generation: 0 };
        self.legs += 1;
        self.outputs.push_back(Output::Decline(leg, 503));
        leg
    }

    /// Something has happened. Inputs about what is gone are dropped.
    pub fn handle(&mut self, _now: Now, _input: Input) {}

    /// The next thing that the driver is to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When `Input::Deadline` is due, in monotonic microseconds.
    pub fn next_deadline(&self) -> Option<u64> {
        None
    }

    /// How many calls there are.
    pub fn calls(&self) -> usize {
        0
    }

    /// Whether there is no call and no leg, and nothing waits to be polled.
    pub fn is_idle(&self) -> bool {
        self.outputs.is_empty()
    }

    /// Ends every call at once: each leaves its record.
    pub fn shutdown(&mut self, _now: Now) {}

    /// What it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }
}
