//! Skills, teams, agents, queues and limits, to their tables.

use flow_bytecode::program::{self, AgentsRule, Comparison, Pick, SkillTerm};
use flow_check::hir::{self, BinaryOp, SkillCondition};

use crate::Lowering;

impl Lowering<'_> {
    pub(crate) fn people(&mut self) {
        let hir = self.hir;
        self.program.skills = hir.skills.iter().map(|name| self.tables.text(name)).collect();
        self.program.teams = hir.teams.iter().map(|name| self.tables.text(name)).collect();
        for agent in &hir.agents {
            let agent = program::Agent {
                name: self.tables.text(&agent.name),
                address: self.tables.text(&agent.address),
                teams: agent.teams.iter().map(|team| *team as u16).collect(),
                skills: agent.skills.iter().map(|(skill, level)| (*skill as u16, *level)).collect(),
            };
            self.program.agents.push(agent);
        }
        for queue in &hir.queues {
            let queue = program::Queue {
                name: self.tables.text(&queue.name),
                agents: rule(&queue.agents),
                after: queue.after.iter().map(|(millis, agents)| (*millis, rule(agents))).collect(),
                pick: pick(queue.pick),
                capacity: queue.capacity,
                beyond_capacity: queue.beyond_capacity,
                wrap_millis: queue.wrap_millis,
            };
            self.program.queues.push(queue);
        }
        for limit in &hir.limits {
            let name = self.tables.text(&limit.name);
            let limit = program::Limit { name, count: limit.count, per_millis: limit.per_millis };
            self.program.limits.push(limit);
        }
    }
}

fn rule(rule: &hir::AgentsRule) -> AgentsRule {
    let mut condition = Vec::new();
    if let Some(of) = &rule.condition {
        postfix(of, &mut condition);
    }
    AgentsRule { team: rule.team.map(|team| team as u16), condition }
}

fn postfix(condition: &SkillCondition, terms: &mut Vec<SkillTerm>) {
    match condition {
        SkillCondition::And(left, right) => {
            postfix(left, terms);
            postfix(right, terms);
            terms.push(SkillTerm::And);
        }
        SkillCondition::Or(left, right) => {
            postfix(left, terms);
            postfix(right, terms);
            terms.push(SkillTerm::Or);
        }
        SkillCondition::Not(of) => {
            postfix(of, terms);
            terms.push(SkillTerm::Not);
        }
        SkillCondition::Compare(skill, op, level) => {
            terms.push(SkillTerm::Compare(*skill as u16, comparison(*op), *level));
        }
    }
}

/// A condition over skills compares with nothing else; the checker refuses the rest.
fn comparison(op: BinaryOp) -> Comparison {
    match op {
        BinaryOp::NotEqual => Comparison::NotEqual,
        BinaryOp::Less => Comparison::Less,
        BinaryOp::LessOrEqual => Comparison::LessOrEqual,
        BinaryOp::Greater => Comparison::Greater,
        BinaryOp::GreaterOrEqual => Comparison::GreaterOrEqual,
        _ => Comparison::Equal,
    }
}

pub(crate) fn pick(pick: hir::Pick) -> Pick {
    match pick {
        hir::Pick::LongestIdle => Pick::LongestIdle,
        hir::Pick::LeastBusy => Pick::LeastBusy,
        hir::Pick::FewestCalls => Pick::FewestCalls,
        hir::Pick::RoundRobin => Pick::RoundRobin,
        hir::Pick::Best(skill) => Pick::Best(skill as u16),
        hir::Pick::InOrder => Pick::InOrder,
        hir::Pick::Random => Pick::Random,
        hir::Pick::All => Pick::All,
    }
}
