//! Flows, their blocks, and where each way leads.

use flow_diagnostics::Location;

use super::{BlockId, Expr, FlowId, LanguageId, LocalId, Spoken, Statement, Type, Variant, Wait};

#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    pub name: String,
    pub params: Vec<LocalId>,
    pub locals: Vec<Local>,
    /// Declared outcomes; empty when the flow never returns.
    pub gives: Vec<Variant>,
    /// First is the default.
    pub languages: Vec<LanguageId>,
    pub state: Vec<(LocalId, Expr)>,
    /// The call starts at the first.
    pub blocks: Vec<Block>,
    /// `on hangup { … }`: instant statements only.
    pub on_hangup: Vec<Statement>,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Local {
    pub name: String,
    pub ty: Type,
    /// State lives as long as the flow; everything else as long as its block.
    pub is_state: bool,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub name: String,
    /// The kind's word.
    pub kind: &'static str,
    pub params: Vec<LocalId>,
    pub visits: Option<(u32, Exit)>,
    pub body: BlockBody,
    /// Where a service that fails without an `else` of its own leads; there when any may.
    pub failed: Option<Tail>,
    /// Of the block's name.
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum BlockBody {
    /// `greet`, `step`, `route`: statements and a way on.
    Act(Tail),
    /// Speech and statements, then one wait, then an arm for each of its outcomes.
    Wait { before: Vec<Statement>, wait: Wait, arms: Vec<Arm> },
    /// `end`: what is spoken, then goodbye.
    End { before: Vec<Statement> },
    /// SIP status to refuse with, 400 to 699.
    Decline { code: u16 },
}

/// Statements, then exactly one end.
#[derive(Debug, Clone, PartialEq)]
pub struct Tail {
    pub statements: Vec<Statement>,
    pub end: End,
}

#[derive(Debug, Clone, PartialEq)]
pub enum End {
    Exit(Exit),
    /// The first arm whose condition holds; without `otherwise` the arms were proved complete, and the last
    /// one is taken.
    Decide {
        arms: Vec<(Expr, Tail)>,
        otherwise: Option<Box<Tail>>,
    },
    /// Percents that make 100.
    Share(Vec<(u32, Tail)>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Exit {
    pub kind: ExitKind,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExitKind {
    Block(BlockId, Vec<Expr>),
    /// Leaves this flow for good.
    Flow(FlowId, Vec<Expr>),
    /// Stay: in menus and collections the question is asked from its start, in a queue the wait goes on.
    Again,
    /// Index into `Flow::gives`.
    Return(usize, Vec<Expr>),
}

/// What to do about one outcome of the block's wait.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Index into [`Wait::outcomes`].
    pub outcome: usize,
    /// Until the counter reaches the limit the question is asked again; then the tail is taken. Arms of one
    /// `on a, b 3 times` share a counter; it starts at each entry of the block.
    pub times: Option<(CounterId, u32)>,
    /// One for each datum of the outcome that the arm names.
    pub bindings: Vec<Option<LocalId>>,
    pub tail: Tail,
    pub origin: Origin,
    pub location: Location,
}

/// Counters of one block, numbered from 0.
pub type CounterId = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Own,
    Otherwise,
    Flow,
}

/// A key, perhaps words, and where they lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub keys: String,
    /// By language.
    pub phrases: Vec<(LanguageId, Vec<String>)>,
    /// What follows `for` or `to`, where it holds no values: whoever is listened to may say that too.
    pub label: Vec<(LanguageId, String)>,
    /// The sentence that tells a choice with phrases, without values: for asking which of two was meant.
    pub told: Option<Spoken>,
    pub tail: Tail,
    /// From the flow, not from the block.
    pub from_flow: bool,
    pub location: Location,
}
