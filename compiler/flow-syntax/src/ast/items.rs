//! What stands at the top of a file, and its types; services and campaigns.

use flow_diagnostics::Span;

use super::*;

/// One file, cut into items.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// `//!` lines at the top, joined.
    pub doc: Option<Box<str>>,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub public: bool,
    /// `///` lines before it, joined.
    pub doc: Option<Box<str>>,
    pub kind: ItemKind,
    pub span: Span,
}

impl Item {
    /// The name under which it is known in its file, that of a broken item too if it could be read.
    pub fn name(&self) -> Option<Name> {
        match &self.kind {
            ItemKind::Setting { name, .. }
            | ItemKind::Switch(name)
            | ItemKind::Const { name, .. }
            | ItemKind::Enum { name, .. }
            | ItemKind::Record { name, .. }
            | ItemKind::Fn { name, .. }
            | ItemKind::Prompt { name, .. }
            | ItemKind::Table { name, .. }
            | ItemKind::Agent { name, .. }
            | ItemKind::Limit { name, .. }
            | ItemKind::Queue { name, .. }
            | ItemKind::Calendar { name, .. }
            | ItemKind::Holidays { name, .. }
            | ItemKind::Service { name, .. }
            | ItemKind::Campaign { name, .. } => Some(*name),
            ItemKind::Flow(flow) => Some(flow.name),
            ItemKind::Broken { name, .. } => *name,
            ItemKind::Edition(_)
            | ItemKind::Use { .. }
            | ItemKind::Inbound { .. }
            | ItemKind::Timezone(_)
            | ItemKind::Roster(_)
            | ItemKind::Skill(_)
            | ItemKind::Team(_)
            | ItemKind::Test { .. }
            | ItemKind::Always { .. }
            | ItemKind::Never { .. }
            | ItemKind::Budget { .. } => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// `edition 2026`
    Edition(IntLiteral),
    /// `use a.b.c as d`
    Use {
        path: Path,
        rename: Option<Name>,
    },
    /// `inbound "+1…", "+1…" -> flow`
    Inbound {
        numbers: Vec<TextLiteral>,
        target: Path,
    },
    /// `timezone "Europe/Madrid"`
    Timezone(TextLiteral),
    /// `setting name: type = default`
    Setting {
        name: Name,
        ty: Box<Type>,
        default: Option<Expr>,
    },
    Switch(Name),
    Const {
        name: Name,
        value: Expr,
    },
    Enum {
        name: Name,
        variants: Vec<Variant>,
    },
    Record {
        name: Name,
        fields: Vec<Param>,
    },
    Fn {
        name: Name,
        params: Vec<Param>,
        result: Box<Type>,
        body: Expr,
    },
    Prompt {
        name: Name,
        params: Vec<Param>,
        spoken: Spoken,
    },
    Table {
        name: Name,
        row: Name,
        from: TextLiteral,
    },
    Roster(TextLiteral),
    Skill(Vec<Name>),
    Team(Vec<Name>),
    Agent {
        name: Name,
        address: TextLiteral,
        teams: Vec<Name>,
        skills: Vec<(Name, IntLiteral)>,
    },
    Limit {
        name: Name,
        params: Vec<Param>,
        count: IntLiteral,
        per: DurationLiteral,
    },
    /// The shared queue at the top of a file.
    Queue {
        name: Name,
        body: Body,
    },
    Calendar {
        name: Name,
        like: Option<Path>,
        rules: Vec<CalendarRule>,
    },
    Holidays {
        name: Name,
        days: Vec<Holiday>,
    },
    Service {
        name: Name,
        at: Expr,
        with: Option<Box<Expr>>,
        operations: Vec<Operation>,
    },
    Flow(Box<Flow>),
    Campaign {
        name: Name,
        parts: Vec<CampaignPart>,
    },
    Test {
        title: TextLiteral,
        steps: Vec<Step>,
    },
    Always {
        title: TextLiteral,
        flow: Path,
        formula: Box<Formula>,
    },
    Never {
        title: TextLiteral,
        flow: Path,
        condition: Expr,
    },
    Budget {
        flow: Path,
        lines: Vec<(Name, Expr)>,
    },
    /// An item that could not be read; its errors are reported, its tokens are kept as text by its span.
    /// The name is there when the item began well (`flow support { …broken… }`), so that uses of it resolve.
    Broken {
        word: Option<Name>,
        name: Option<Name>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub name: Name,
    pub fields: Vec<Param>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    pub name: Name,
    pub ty: Box<Type>,
    pub default: Option<Expr>,
}

/// `secret list[text]?`
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    pub secret: bool,
    pub base: TypeBase,
    pub optional: bool,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TypeBase {
    Named(Path),
    Applied { name: Name, arguments: Vec<Type> },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    pub method: Name,
    pub name: Name,
    pub params: Vec<Param>,
    pub result: Option<Box<Type>>,
    pub path: TextLiteral,
    pub within: DurationLiteral,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CampaignPart {
    From { table: Path, row: Name },
    Call { number: Expr, target: Path, arguments: Option<Box<Arguments>> },
    During(Path),
    Pace { count: IntLiteral, per: DurationLiteral },
    Concurrent(IntLiteral),
    Retry(Retry),
    SkipWhen(Expr),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    pub causes: Vec<Name>,
    pub times: IntLiteral,
    pub every: DurationLiteral,
}
