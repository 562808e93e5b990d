//! Agents, shared queues, and who may serve them.

use flow_diagnostics::Location;

use super::{BinaryOp, SkillId, TeamId};

#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    pub name: String,
    /// A SIP URI.
    pub address: String,
    pub teams: Vec<TeamId>,
    pub skills: Vec<(SkillId, u32)>,
    pub location: Location,
}

/// The shared queue: one per name in the whole system.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    pub name: String,
    pub agents: AgentsRule,
    /// Relaxations by waiting time in milliseconds, in order.
    pub after: Vec<(u64, AgentsRule)>,
    pub pick: Pick,
    pub capacity: Option<u32>,
    /// `but priority N`: that priority and better enters beyond the capacity.
    pub beyond_capacity: Option<u32>,
    pub wrap_millis: u64,
    pub location: Location,
}

/// Who may serve: over skills and team only, so that it can be asked of any person at any time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AgentsRule {
    pub team: Option<TeamId>,
    pub condition: Option<SkillCondition>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum SkillCondition {
    And(Box<SkillCondition>, Box<SkillCondition>),
    Or(Box<SkillCondition>, Box<SkillCondition>),
    Not(Box<SkillCondition>),
    /// Level of the person in the skill (0 if none) compared with a number.
    Compare(SkillId, BinaryOp, i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    LongestIdle,
    LeastBusy,
    FewestCalls,
    RoundRobin,
    Best(SkillId),
    InOrder,
    Random,
    All,
}
