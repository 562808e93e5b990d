//! Rule R3: every cycle of blocks, also through other flows, holds a `visits` or an edge that only a fresh
//! key or word of the caller takes. And the same for what must not go round at all: `run`, `fn`, prompts.

use flow_diagnostics::Location;

use crate::codes;
use crate::context::{Checker, Say};
use crate::hir::{
    Block, BlockBody, End, Exit, ExitKind, Failed, Program, Statement, StatementKind, Tail, Wait, Way,
};

/// Circles reported at once; whoever has more begins with these.
const MOST_CIRCLES: usize = 20;

/// How an exit is taken.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Edge {
    /// Only by a fresh key or word.
    pub fresh: bool,
    /// Before anything of the block was heard.
    pub before: bool,
    /// After waiting for the caller or another person, so that the call is answered.
    pub waited: bool,
    /// Something was said on the way.
    pub spoke: bool,
    /// The way out of `visits`, which the count does not bound.
    pub visited_out: bool,
}

/// Every exit of a block with how it is taken.
pub(crate) fn each_exit(block: &Block, take: &mut dyn FnMut(&Exit, Edge)) {
    if let Some((_, exit)) = &block.visits {
        take(exit, Edge { before: true, visited_out: true, ..Edge::default() });
    }
    let spoke = statement_exits(block.before(), Edge::default(), take);
    // What waits has been answered, but for the question what time it is.
    let waited = match &block.body {
        BlockBody::Wait { wait, .. } => !matches!(wait, Wait::AfterHours { .. }),
        _ => false,
    };
    let collects = matches!(&block.body, BlockBody::Wait { wait: Wait::Collect(_), .. });
    block.each_tail(&mut |way, tail| {
        let edge = match way {
            Way::Act | Way::Failed => Edge::default(),
            // Only keys or words complete a value.
            Way::Arm(arm) => Edge { fresh: collects && arm.outcome == 0, spoke, waited, ..Edge::default() },
            Way::Choice(_) => Edge { fresh: true, spoke, waited, ..Edge::default() },
        };
        tail_exits(tail, edge, take);
    });
}

fn tail_exits(tail: &Tail, mut edge: Edge, take: &mut dyn FnMut(&Exit, Edge)) {
    edge.spoke |= statement_exits(&tail.statements, edge, take);
    if let End::Exit(exit) = &tail.end {
        take(exit, edge);
    }
    for inner in tail.inner() {
        tail_exits(inner, edge, take);
    }
}

/// Exits of `else`, each with what was said before it; whether anything was said at all.
fn statement_exits(statements: &[Statement], mut edge: Edge, take: &mut dyn FnMut(&Exit, Edge)) -> bool {
    for statement in statements {
        match &statement.kind {
            StatementKind::Let { otherwise: Some(exit), .. }
            | StatementKind::Set { otherwise: Some(exit), .. }
            | StatementKind::Count { otherwise: Some(exit), .. } => {
                take(exit, Edge { before: !edge.spoke && !edge.waited, ..edge })
            }
            StatementKind::Request(request) => {
                if let Failed::Exit(exit) = &request.failed {
                    take(exit, Edge { before: !edge.spoke && !edge.waited, ..edge });
                }
            }
            _ => edge.spoke |= crate::reach::speaks(std::slice::from_ref(statement)),
        }
    }
    edge.spoke
}

/// Groups of nodes that lead back to themselves, each in the order of a way round; smallest node first.
pub(crate) fn circles(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (from, to) in edges {
        if *from < nodes && *to < nodes {
            out[*from].push(*to);
        }
    }
    let group = components(&out);
    let mut sizes = vec![0usize; nodes];
    for g in &group {
        sizes[*g] += 1;
    }
    let mut done = vec![false; nodes];
    let mut found = Vec::new();
    for start in 0..nodes {
        let g = group[start];
        let itself = out[start].contains(&start);
        if found.len() >= MOST_CIRCLES {
            break;
        }
        if done[g] || (sizes[g] < 2 && !itself) {
            continue;
        }
        done[g] = true;
        found.push(way_round(&out, &group, start));
    }
    found
}

/// The shortest way from a node back to itself within its group.
fn way_round(out: &[Vec<usize>], group: &[usize], start: usize) -> Vec<usize> {
    let mut from: Vec<Option<usize>> = vec![None; out.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in &out[node] {
            if *next == start {
                let mut way = vec![node];
                let mut at = node;
                while at != start {
                    let Some(before) = from[at] else { break };
                    at = before;
                    way.push(at);
                }
                way.reverse();
                return way;
            }
            if group[*next] == group[start] && from[*next].is_none() {
                from[*next] = Some(node);
                queue.push_back(*next);
            }
        }
    }
    vec![start]
}

/// Strongly connected components (Tarjan's, without recursion: programs may be deep).
fn components(out: &[Vec<usize>]) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let mut index = vec![NEW; out.len()];
    let mut low = vec![0; out.len()];
    let mut on_stack = vec![false; out.len()];
    let mut group = vec![NEW; out.len()];
    let mut stack = Vec::new();
    let mut next = 0;
    let mut groups = 0;
    for root in 0..out.len() {
        if index[root] != NEW {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                index[node] = next;
                low[node] = next;
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(target) = out[node].get(edge) {
                work.push((node, edge + 1));
                if index[*target] == NEW {
                    work.push((*target, 0));
                } else if on_stack[*target] {
                    low[node] = low[node].min(index[*target]);
                }
                continue;
            }
            if low[node] == index[node] {
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    group[member] = groups;
                    if member == node {
                        break;
                    }
                }
                groups += 1;
            }
            if let Some((parent, _)) = work.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
        }
    }
    group
}

impl Program {
    /// The flows that lead back to each other by `-> flow(args)`: of each flow the number of its circle, and
    /// `None` of a flow that no call can come back to. What belongs to the call, the counts of `visits`, has
    /// to go round with it.
    pub fn circles_of_flows(&self) -> Vec<Option<usize>> {
        let mut out: Vec<Vec<usize>> = vec![Vec::new(); self.flows.len()];
        for (from, flow) in self.flows.iter().enumerate() {
            for block in &flow.blocks {
                each_exit(block, &mut |exit, _| {
                    if let ExitKind::Flow(to, _) = exit.kind
                        && !out[from].contains(&to)
                    {
                        out[from].push(to);
                    }
                });
            }
        }
        let groups = components(&out);
        let mut sizes = vec![0usize; out.len()];
        groups.iter().for_each(|group| sizes[*group] += 1);
        let comes_back = |(flow, group): (usize, &usize)| sizes[*group] > 1 || out[flow].contains(&flow);
        groups.iter().enumerate().map(|flow| comes_back(flow).then_some(*flow.1)).collect()
    }
}

impl Checker<'_> {
    /// Cycles of blocks over all flows. A block with `visits` keeps only its way out, which
    /// the count does not bound.
    pub fn endless_cycles(&mut self) {
        let mut first = Vec::new();
        let mut nodes = 0;
        for flow in &self.program.flows {
            first.push(nodes);
            nodes += flow.blocks.len();
        }
        let mut owner: Vec<(usize, usize)> = Vec::with_capacity(nodes);
        for (f, flow) in self.program.flows.iter().enumerate() {
            owner.extend((0..flow.blocks.len()).map(|b| (f, b)));
        }
        let mut edges: Vec<(usize, usize)> = Vec::new();
        for (f, flow) in self.program.flows.iter().enumerate() {
            for (b, block) in flow.blocks.iter().enumerate() {
                let node = first[f] + b;
                each_exit(block, &mut |exit, edge| {
                    let bounded = block.visits.is_some() && !edge.visited_out;
                    if edge.fresh || bounded {
                        return;
                    }
                    match exit.kind {
                        ExitKind::Block(target, _) => edges.push((node, first[f] + target)),
                        ExitKind::Flow(target, _) if !self.program.flows[target].blocks.is_empty() => {
                            edges.push((node, first[target]));
                        }
                        _ => {}
                    }
                });
            }
        }
        for way in circles(nodes, &edges) {
            let mut names = Vec::new();
            let mut labels: Vec<Location> = Vec::new();
            for node in &way {
                let (f, b) = owner[*node];
                let block = &self.program.flows[f].blocks[b];
                names.push(format!("`{}`", block.name));
                labels.push(block.location);
            }
            names.push(names[0].clone());
            let start = names[0].clone();
            // A question that asks itself again counts better: whoever listens to a choice is not thrown out.
            let counted = match way.as_slice() {
                [only] => self.asks_itself(owner[*only]),
                _ => None,
            };
            let diagnostic = self.error(
                codes::ENDLESS,
                labels[0],
                format!("a call could go round for ever: {}", names.join(" -> ")),
                "comes back here without a key from the caller",
            );
            for (index, at) in labels.iter().enumerate().skip(1).take(6) {
                diagnostic.add_label(*at, format!("then goes on to {}", names[index + 1]));
            }
            if let Some(outcomes) = counted {
                diagnostic.add_help(format!(
                    "count it: `on {outcomes} 3 times -> BLOCK` asks again by itself until then"
                ));
                continue;
            }
            diagnostic.add_help(format!("bound it: `visits 3 else -> BLOCK` in {start}"));
        }
    }

    /// The outcomes by which a question leads back to itself, where those are all of its ways there.
    fn asks_itself(&self, (flow, block): (usize, usize)) -> Option<String> {
        let body = &self.program.flows[flow].blocks[block];
        let BlockBody::Wait { wait: wait @ (Wait::Menu(_) | Wait::Collect(_)), arms, .. } = &body.body else {
            return None;
        };
        let outcomes = wait.outcomes(&self.program);
        let mut names: Vec<&str> = Vec::new();
        for arm in arms {
            let back = matches!(&arm.tail.end, End::Exit(exit) if matches!(exit.kind, ExitKind::Block(to, _) if to == block));
            if back {
                names.push(outcomes.get(arm.outcome).map(|outcome| outcome.name.as_str())?);
            }
        }
        let counted = names.iter().all(|name| matches!(*name, "no_input" | "no_match" | "invalid"));
        (counted && !names.is_empty()).then(|| names.join(", "))
    }

    /// What must not need itself: flows that run flows, functions, prompts.
    pub fn recursion(&mut self) {
        let runs = std::mem::take(&mut self.uses.runs);
        self.circle_of(
            &runs,
            codes::RUN_RECURSION,
            "these flows run or begin each other without end",
            |c, id| c.program.flows[id].name.clone(),
        );
        let functions = std::mem::take(&mut self.uses.functions);
        self.circle_of(
            &functions,
            codes::RECURSION,
            "these functions call each other without end",
            |c, id| c.program.functions[id].name.clone(),
        );
        let prompts = std::mem::take(&mut self.uses.prompts);
        self.circle_of(&prompts, codes::RECURSION, "these prompts speak each other without end", |c, id| {
            c.program.prompts[id].name.clone()
        });
    }

    fn circle_of(
        &mut self,
        uses: &[(usize, usize, Location)],
        code: flow_diagnostics::Code,
        message: &str,
        name: fn(&Self, usize) -> String,
    ) {
        let pairs: Vec<(usize, usize)> = uses.iter().map(|(a, b, _)| (*a, *b)).collect();
        let nodes = pairs.iter().map(|(a, b)| a.max(b) + 1).max().unwrap_or(0);
        for circle in circles(nodes, &pairs) {
            let mut names: Vec<String> = circle.iter().map(|id| format!("`{}`", name(self, *id))).collect();
            names.push(names[0].clone());
            let last = circle[circle.len() - 1];
            let Some((_, _, at)) = uses.iter().find(|(a, b, _)| *a == last && *b == circle[0]) else {
                continue;
            };
            self.error(code, *at, format!("{message}: {}", names.join(" -> ")), "closes the circle")
                .add_help("break the circle: one of them must do without the others");
        }
    }
}
