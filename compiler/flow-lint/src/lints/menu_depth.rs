//! A menu behind more menus than callers bear, and how many questions a call has met at a block.

use std::collections::VecDeque;

use flow_check::each_exit;
use flow_check::hir::{Block, BlockBody, ExitKind, Program, Wait};
use flow_diagnostics::Diagnostic;

use crate::{Found, Project, codes};

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    let Some(program) = project.program else { return };
    let most = project.config.menu_depth;
    let levels = levels(program, |block| matches!(wait_of(block), Some(Wait::Menu(_))));
    for (flow, levels) in program.flows.iter().zip(levels) {
        for (block, level) in flow.blocks.iter().zip(levels) {
            // Menus further down are deep because of this one.
            let first_too_deep = level == Some(most + 1) && matches!(wait_of(block), Some(Wait::Menu(_)));
            if !first_too_deep || !project.is_own(block.location.file) {
                continue;
            }
            let level = most + 1;
            found.push(
                Diagnostic::warning(
                    codes::MENU_DEPTH,
                    format!("`{}` is at least the {} menu in a row", block.name, ordinal(level)),
                    block.location,
                    format!("a caller has answered {most} menus before this one"),
                )
                .with_help("ask less: join menus, or let a person, a queue or an announcement answer sooner"),
            );
        }
    }
}

/// How a block waits, if it does.
pub(super) fn wait_of(block: &Block) -> Option<&Wait> {
    match &block.body {
        BlockBody::Wait { wait, .. } => Some(wait),
        _ => None,
    }
}

/// How many blocks that `counts` a call has entered when it is in a block, itself included, on the way with the
/// fewest; a person (a queue, a dial, a mailbox) begins the count anew. `None` where no call comes.
pub(super) fn levels(program: &Program, counts: impl Fn(&Block) -> bool) -> Vec<Vec<Option<u32>>> {
    let mut first = Vec::with_capacity(program.flows.len());
    let mut blocks: Vec<(usize, &Block)> = Vec::new();
    for (flow, it) in program.flows.iter().enumerate() {
        first.push(blocks.len());
        blocks.extend(it.blocks.iter().map(|block| (flow, block)));
    }
    let ways = Ways::of(program, &first, &blocks);
    let starts = starts(program).into_iter().filter(|flow| !program.flows[*flow].blocks.is_empty());
    let starts: Vec<usize> = starts.map(|flow| first[flow]).collect();

    let mut reached = vec![false; blocks.len()];
    let mut todo = starts.clone();
    // Where counting begins: at the starts, and behind every person that a call can reach.
    let mut begin = starts;
    while let Some(node) = todo.pop() {
        if std::mem::replace(&mut reached[node], true) {
            continue;
        }
        if is_person(blocks[node].1) {
            begin.extend(ways.of_node(node));
        }
        todo.extend(ways.of_node(node));
    }

    // Steps that do not count go to the front, those that do to the back: each block settles at its least.
    let mut levels: Vec<Option<u32>> = vec![None; blocks.len()];
    let mut todo: VecDeque<(usize, u32)> = VecDeque::new();
    let enter = |todo: &mut VecDeque<(usize, u32)>, node: usize, before: u32| {
        if counts(blocks[node].1) {
            todo.push_back((node, before + 1));
        } else {
            todo.push_front((node, before));
        }
    };
    begin.into_iter().for_each(|node| enter(&mut todo, node, 0));
    while let Some((node, level)) = todo.pop_front() {
        if levels[node].is_some() {
            continue;
        }
        levels[node] = Some(level);
        if !is_person(blocks[node].1) {
            ways.of_node(node).iter().for_each(|target| enter(&mut todo, *target, level));
        }
    }
    program.flows.iter().zip(&first).map(|(flow, at)| levels[*at..at + flow.blocks.len()].to_vec()).collect()
}

fn is_person(block: &Block) -> bool {
    matches!(wait_of(block), Some(Wait::Queue(_) | Wait::Dial(_) | Wait::Voicemail { .. }))
}

/// The blocks that each block leads to; a flow that it runs begins at that flow's first.
struct Ways {
    /// Of all blocks, one after the other.
    targets: Vec<usize>,
    /// By block, where its targets end.
    ends: Vec<usize>,
}

impl Ways {
    fn of(program: &Program, first: &[usize], blocks: &[(usize, &Block)]) -> Self {
        let mut ways = Self { targets: Vec::new(), ends: Vec::with_capacity(blocks.len()) };
        let begins = |flow: usize| (!program.flows[flow].blocks.is_empty()).then_some(first[flow]);
        for (flow, block) in blocks {
            each_exit(block, &mut |exit| match exit.kind {
                ExitKind::Block(target, _) => ways.targets.push(first[*flow] + target),
                ExitKind::Flow(target, _) => ways.targets.extend(begins(target)),
                ExitKind::Again | ExitKind::Return(..) => {}
            });
            if let Some(Wait::Run { flow: inner, .. }) = wait_of(block) {
                ways.targets.extend(begins(*inner));
            }
            ways.ends.push(ways.targets.len());
        }
        ways
    }

    fn of_node(&self, node: usize) -> &[usize] {
        let start = node.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.targets[start..self.ends[node]]
    }
}

/// The flows in which calls begin: those with a number; without any, those that no other leads to.
fn starts(program: &Program) -> Vec<usize> {
    if !program.inbound.is_empty() {
        return program.inbound.iter().map(|inbound| inbound.flow).collect();
    }
    let mut led_to = vec![false; program.flows.len()];
    for flow in &program.flows {
        for block in &flow.blocks {
            each_exit(block, &mut |exit| {
                if let ExitKind::Flow(target, _) = exit.kind {
                    led_to[target] = true;
                }
            });
            if let Some(Wait::Run { flow: inner, .. }) = wait_of(block) {
                led_to[*inner] = true;
            }
        }
    }
    (0..program.flows.len()).filter(|flow| *flow == 0 || !led_to[*flow]).collect()
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (1, n) if n != 11 => "st",
        (2, n) if n != 12 => "nd",
        (3, n) if n != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
