//! What a call can reach: blocks that nothing leads to, and refusals that come too late.

use crate::codes;
use crate::context::{Checker, Say};
use crate::cycles::each_exit;
use crate::hir::{self, Block, BlockBody, ExitKind, FlowId, Statement, StatementKind, Tail, Wait};

impl Checker<'_> {
    /// Asks it of one flow whose every exit is known.
    pub fn reach(&mut self, flow: FlowId) {
        let blocks = &self.program.flows[flow].blocks;
        let mut seen = vec![false; blocks.len()];
        // Blocks that a call may enter after it has been answered.
        let mut answered = vec![false; blocks.len()];
        let mut todo = vec![(0, false)];
        while let Some((index, was_answered)) = todo.pop() {
            if seen[index] && (answered[index] || !was_answered) {
                continue;
            }
            seen[index] = true;
            answered[index] |= was_answered;
            let block = &blocks[index];
            let here = answered[index] || waits_for_people(block);
            each_exit(block, &mut |exit, edge| {
                if let ExitKind::Block(target, _) = exit.kind {
                    todo.push((target, if edge.before { answered[index] } else { here || edge.spoke }));
                }
            });
        }
        let mut problems = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            if !seen[index] {
                problems.push((block.location, block.name.clone(), false));
            } else if answered[index] && matches!(block.body, BlockBody::Decline { .. }) {
                problems.push((block.location, block.name.clone(), true));
            }
        }
        for (at, name, late) in problems {
            match late {
                false => self
                    .error(
                        codes::UNREACHABLE,
                        at,
                        format!("no call ever reaches `{name}`"),
                        "nothing leads here",
                    )
                    .add_help(format!("lead there with `-> {name}`, or remove it")),
                true => self
                    .error(
                        codes::LATE_DECLINE,
                        at,
                        format!("a call that comes to `{name}` has already been answered"),
                        "too late to refuse",
                    )
                    .add_help("decline before anything is said, or say goodbye with `end`"),
            };
        }
    }
}

/// Whether being in this block answers the call by itself.
fn waits_for_people(block: &Block) -> bool {
    match &block.body {
        BlockBody::Wait { before, wait, .. } => !matches!(wait, Wait::AfterHours { .. }) || speaks(before),
        BlockBody::Act(tail) => speaks(&tail.statements),
        BlockBody::End { .. } => true,
        BlockBody::Decline { .. } => false,
    }
}

/// Whether any of the statements is heard.
pub(crate) fn speaks(statements: &[Statement]) -> bool {
    statements.iter().any(|s| match &s.kind {
        StatementKind::Say(_) => true,
        StatementKind::If { body, .. } | StatementKind::Each { body, .. } => speaks(body),
        _ => false,
    })
}

/// The tails inside an end.
pub(crate) fn inner_tails(tail: &Tail) -> Vec<&Tail> {
    match &tail.end {
        hir::End::Exit(_) => Vec::new(),
        hir::End::Decide { arms, otherwise } => {
            arms.iter().map(|(_, t)| t).chain(otherwise.iter().map(|t| &**t)).collect()
        }
        hir::End::Share(parts) => parts.iter().map(|(_, t)| t).collect(),
    }
}
