//! Calls that go round: flows that lead back to each other by `-> flow(args)`.
//!
//! Each flow has a frame of its own, and the counts of `visits` belong to the call. So every flow of a circle
//! is given the counts of all its blocks, as parameters behind its own, and hands them on. It knows nothing
//! of registers.

use flow_check::hir::{BlockId, FlowId, Program};

/// Which flows are in circles, what they hand on, and where they are entered with it.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    circles: Vec<Option<usize>>,
    /// Of each flow: the blocks of its circle that count their visits, in the order of the parameters.
    counts: Vec<Vec<(FlowId, BlockId)>>,
    /// Of each flow: the function that takes the counts.
    entries: Vec<Option<u16>>,
}

impl Rounds {
    pub(crate) fn of(program: &Program) -> Self {
        let circles = program.circles_of_flows();
        let counts: Vec<Vec<(FlowId, BlockId)>> = circles
            .iter()
            .map(|circle| {
                let Some(circle) = circle else { return Vec::new() };
                let flows = (0..circles.len()).filter(|flow| circles[*flow] == Some(*circle));
                let blocks = flows.flat_map(|flow| {
                    program.flows[flow]
                        .blocks
                        .iter()
                        .enumerate()
                        .map(move |(index, block)| (flow, index, block))
                });
                blocks
                    .filter(|(_, _, block)| block.visits.is_some())
                    .map(|(flow, index, _)| (flow, index))
                    .collect()
            })
            .collect();
        let mut next = program.flows.len() + program.functions.len();
        let entries = counts
            .iter()
            .map(|counts| {
                (!counts.is_empty()).then(|| {
                    next += 1;
                    (next - 1) as u16
                })
            })
            .collect();
        Self { circles, counts, entries }
    }

    /// The counts that a flow is given.
    pub(crate) fn counts_of(&self, flow: FlowId) -> &[(FlowId, BlockId)] {
        &self.counts[flow]
    }

    /// The function that a call that goes round enters a flow by; `None` where nothing is counted.
    pub(crate) fn entry_of(&self, flow: FlowId) -> Option<u16> {
        self.entries[flow]
    }

    /// Whether two flows are in one circle.
    pub(crate) fn same_circle(&self, one: FlowId, other: FlowId) -> bool {
        self.circles[one].is_some() && self.circles[one] == self.circles[other]
    }
}
