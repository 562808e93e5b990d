//! The checked program: every name resolved, every expression typed, every outcome given a way.
//!
//! What is here is whole: a value of [`Program`] is only made when no error was reported, so later passes
//! need not ask again. Defaults are already spread: a block's arms hold what its own `on` arms, its
//! `otherwise` and the flow's `on` arms give, in that order (rule R2), and a menu's question is assembled.
//! It knows nothing of registers or bytecode.
#![allow(missing_docs)]

mod calendars;
mod expressions;
mod flows;
mod items;
mod outbound;
mod people;
mod services;
mod speech;
mod statements;
mod types;
mod visit;
mod waits;

use flow_diagnostics::Location;

pub use calendars::*;
pub use expressions::*;
pub use flows::*;
pub use items::*;
pub use outbound::*;
pub use people::*;
pub use services::*;
pub use speech::*;
pub use statements::*;
pub use types::*;
pub use visit::Way;
pub use waits::*;

/// Indices into the vectors of [`Program`].
pub type RecordId = usize;
pub type EnumId = usize;
pub type SettingId = usize;
pub type SwitchId = usize;
pub type FunctionId = usize;
pub type PromptId = usize;
pub type CalendarId = usize;
pub type QueueId = usize;
pub type SkillId = usize;
pub type TeamId = usize;
pub type AgentId = usize;
pub type LimitId = usize;
pub type ServiceId = usize;
pub type TableId = usize;
pub type FlowId = usize;
/// Index into `Flow::blocks`.
pub type BlockId = usize;
/// Index into `Flow::locals` (or `Function::locals`, `Prompt::locals`).
pub type LocalId = usize;
/// Index into `Program::zones`.
pub type ZoneId = usize;
/// Index into `Program::languages`.
pub type LanguageId = usize;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Program {
    /// The project's name.
    pub name: String,
    /// IANA names; the first is the project's own (`UTC` when no file says one).
    pub zones: Vec<String>,
    /// BCP 47 language codes in use; the first is the default (`en` when nothing says one).
    pub languages: Vec<String>,
    pub records: Vec<Record>,
    pub enums: Vec<Enum>,
    pub settings: Vec<Setting>,
    pub switches: Vec<Switch>,
    pub functions: Vec<Function>,
    pub prompts: Vec<Prompt>,
    pub calendars: Vec<Calendar>,
    pub skills: Vec<String>,
    pub teams: Vec<String>,
    pub agents: Vec<Agent>,
    pub queues: Vec<Queue>,
    pub limits: Vec<Limit>,
    pub services: Vec<Service>,
    pub operations: Vec<Operation>,
    pub tables: Vec<Table>,
    pub flows: Vec<Flow>,
    pub inbound: Vec<Inbound>,
    pub campaigns: Vec<Campaign>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Inbound {
    /// E.164 with its plus.
    pub number: String,
    pub flow: FlowId,
    pub location: Location,
}
