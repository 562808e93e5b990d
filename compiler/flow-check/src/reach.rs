//! What a call can reach: blocks that nothing leads to, and refusals that come too late.

use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Say};
use crate::cycles::each_exit;
use crate::hir::{
    self, Block, BlockBody, ExitKind, FlowId, Program, Segment, Spoken, SpokenKind, Statement, StatementKind,
    TypeKind, Wait,
};

impl Checker<'_> {
    /// The blocks of a flow, whose every exit is known, that nothing leads to.
    pub fn reach(&mut self, flow: FlowId) {
        let blocks = &self.program.flows[flow].blocks;
        let mut seen = vec![false; blocks.len()];
        let mut todo = vec![0];
        while let Some(index) = todo.pop() {
            if std::mem::replace(&mut seen[index], true) {
                continue;
            }
            each_exit(&blocks[index], &mut |exit, _| {
                if let ExitKind::Block(target, _) = exit.kind {
                    todo.push(target);
                }
            });
        }
        let unseen = blocks.iter().zip(&seen).filter(|(_, seen)| !**seen);
        let unseen: Vec<_> = unseen.map(|(block, _)| (block.location, block.name.clone())).collect();
        for (at, name) in unseen {
            self.error(
                codes::UNREACHABLE,
                at,
                format!("no call ever reaches `{name}`"),
                "nothing leads here",
            )
            .add_help(format!("lead there with `-> {name}`, or remove it"));
        }
    }

    /// Outcomes that a flow gives and never returns: whoever runs it handles them for nothing.
    pub fn never_returned(&mut self, id: FlowId, module: usize, flow: &ast::Flow) {
        let given = self.program.flows[id].gives.len();
        let mut returned = vec![false; given];
        for block in &self.program.flows[id].blocks {
            each_exit(block, &mut |exit, _| {
                if let ExitKind::Return(index, _) = exit.kind
                    && let Some(slot) = returned.get_mut(index)
                {
                    *slot = true;
                }
            });
        }
        let variants = flow.gives.iter().flatten();
        for (variant, _) in variants.zip(returned).filter(|(_, returned)| !returned) {
            let at = variant.name.span.at(self.file(module));
            let (name, flow) = (self.name(variant.name.symbol), self.name(flow.name.symbol));
            let message = format!("`{flow}` never returns `{name}`");
            self.warning(codes::NEVER_RETURNED, at, message, "given, but never returned")
                .add_help(format!("`return {name}` somewhere, or take it out of `gives`"));
        }
    }

    /// Refusals that come too late: a call may get there after it was answered, in whichever flow.
    pub fn late_declines(&mut self) {
        let flows = &self.program.flows;
        let mut answered: Vec<Vec<bool>> = flows.iter().map(|flow| vec![false; flow.blocks.len()]).collect();
        let mut seen = answered.clone();
        let mut todo: Vec<_> = (0..flows.len()).map(|flow| (flow, 0, false)).collect();
        while let Some((flow, index, was_answered)) = todo.pop() {
            let Some(block) = flows[flow].blocks.get(index) else { continue };
            if seen[flow][index] && (answered[flow][index] || !was_answered) {
                continue;
            }
            seen[flow][index] = true;
            answered[flow][index] |= was_answered;
            let before = answered[flow][index];
            let here = before || waits_for_people(block);
            each_exit(block, &mut |exit, edge| {
                let after = if edge.before { before } else { here || edge.spoke };
                match exit.kind {
                    ExitKind::Block(target, _) => todo.push((flow, target, after)),
                    ExitKind::Flow(target, _) => todo.push((target, 0, after)),
                    ExitKind::Again | ExitKind::Return(..) => {}
                }
            });
            if let BlockBody::Wait { before: statements, wait: Wait::Run { flow: run, .. }, .. } = &block.body
            {
                todo.push((*run, 0, before || speaks(statements)));
            }
            if let BlockBody::Wait { wait, .. } = &block.body {
                todo.extend(assists(wait).iter().map(|assist| (assist.flow, 0, true)));
            }
        }
        let mut late = Vec::new();
        for (flow, answered) in flows.iter().zip(&answered) {
            for (block, _) in flow.blocks.iter().zip(answered).filter(|(_, answered)| **answered) {
                if matches!(block.body, BlockBody::Decline { .. }) {
                    late.push((block.location, block.name.clone()));
                }
            }
        }
        for (at, name) in late {
            self.error(
                codes::LATE_DECLINE,
                at,
                format!("a call that comes to `{name}` has already been answered"),
                "too late to refuse",
            )
            .add_help("decline before anything is said, or say goodbye with `end`");
        }
    }
}

/// What a person may start in a wait.
fn assists(wait: &Wait) -> &[hir::Assist] {
    match wait {
        Wait::Queue(stay) => &stay.assists,
        Wait::Dial(dial) => &dial.assists,
        _ => &[],
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

/// Whether the statements have words that are heard, whatever the values are when the call is there.
pub(crate) fn has_words(statements: &[Statement], program: &Program) -> bool {
    statements.iter().any(|s| match &s.kind {
        StatementKind::Say(say) => spoken_words(&say.spoken, program, 0),
        // What an `if` or an `each` says is not said on every call.
        _ => false,
    })
}

/// Whether every value of a type is heard: a text or a list may be empty.
fn always_speaks(kind: &TypeKind) -> bool {
    !matches!(kind, TypeKind::Text | TypeKind::Digits | TypeKind::Optional(_) | TypeKind::List(_))
}

fn spoken_words(spoken: &Spoken, program: &Program, depth: usize) -> bool {
    match &spoken.kind {
        // Prompts that speak each other without end are reported as such.
        _ if depth > 16 => true,
        SpokenKind::Words { variants, .. } => variants.iter().all(|words| {
            words.segments.iter().any(|segment| match segment {
                Segment::Text(text) => text.chars().any(char::is_alphanumeric),
                Segment::Hole { value, .. } => always_speaks(&value.ty.kind),
                Segment::Plural { forms, .. } => {
                    forms.iter().all(|(_, text)| text.chars().any(char::is_alphanumeric))
                }
            })
        }),
        SpokenKind::Prompt(id, _) => {
            program.prompts.get(*id).is_none_or(|prompt| spoken_words(&prompt.spoken, program, depth + 1))
        }
        SpokenKind::When { arms, otherwise } => {
            arms.iter().all(|(_, spoken)| spoken_words(spoken, program, depth + 1))
                && spoken_words(otherwise, program, depth + 1)
        }
        SpokenKind::Sequence(all) => all.iter().any(|spoken| spoken_words(spoken, program, depth + 1)),
        SpokenKind::Sound(_) => false,
    }
}
