//! Flows, their blocks, and what stands in them.

use flow_diagnostics::Span;

use super::*;

#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    pub name: Name,
    pub params: Vec<Param>,
    /// `gives a(x: int), b`; `None` when the word is absent.
    pub gives: Option<Vec<Variant>>,
    pub parts: Vec<FlowPart>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FlowPart {
    Speaks(Vec<Name>),
    State { name: Name, ty: Box<Type>, value: Expr },
    Arm(Box<Arm>),
    Choice(Box<Choice>),
    Block(Box<Block>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub doc: Option<Box<str>>,
    /// The kind's word: `menu`, `greet`, … or `queue`.
    pub kind: Name,
    pub name: Name,
    pub params: Vec<Param>,
    pub body: Body,
    pub span: Span,
}

/// `{ … }`: elements in source order; which fits where is asked later.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    pub elements: Vec<Element>,
    /// With its braces.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    pub kind: ElementKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ElementKind {
    Statement(Statement),
    Setting(Setting),
    Timed(Box<Timed>),
    Arm(Box<Arm>),
    Choice(Box<Choice>),
    Exit(Exit),
    When {
        condition: Expr,
        go: Box<Go>,
    },
    Otherwise(Box<Go>),
    /// `share 30% -> a`
    Share {
        percent: IntLiteral,
        go: Box<Go>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Go {
    Exit(Exit),
    Body(Body),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Exit {
    pub kind: ExitKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExitKind {
    /// `-> again` is the path `again` without arguments.
    To {
        target: Path,
        arguments: Option<Box<Arguments>>,
    },
    Return {
        outcome: Name,
        arguments: Option<Box<Arguments>>,
    },
}

/// `on busy, talked(agent, talk) 2 times -> x`
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    pub events: Vec<ArmEvent>,
    pub times: Option<IntLiteral>,
    pub go: Go,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ArmEvent {
    pub outcome: Path,
    pub bindings: Vec<Binding>,
    pub span: Span,
}

impl ArmEvent {
    /// One that keeps nothing of what came.
    pub(crate) fn plain(outcome: Path) -> Self {
        let span = outcome.span;
        Self { outcome, bindings: Vec::new(), span }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    Name(Name),
    Ignored(Span),
}

/// `press 1 for "sales" or say "buy" silently -> sales`
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub key: Key,
    pub label: Option<(LabelWord, Label)>,
    pub phrases: Option<Phrases>,
    pub silently: Option<Span>,
    pub go: Go,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelWord {
    For,
    To,
}

/// The keys as typed: `1`, `12`, `*`, `#`, `*9`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub keys: Box<str>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Label {
    Text(TextLiteral),
    Languages(Vec<LanguageText>),
    /// A shared prompt.
    Prompt {
        path: Path,
        arguments: Option<Box<Arguments>>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Phrases {
    Untagged(Vec<TextLiteral>),
    Languages(Vec<(Name, Vec<TextLiteral>)>),
}

/// `en "text" recording "file"`
#[derive(Debug, Clone, PartialEq)]
pub struct LanguageText {
    pub language: Name,
    pub text: TextLiteral,
    pub recording: Option<TextLiteral>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    pub kind: SpokenKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum SpokenKind {
    /// A text literal, a shared prompt, a decision between texts.
    Expr {
        value: Expr,
        recording: Option<Box<TextLiteral>>,
    },
    Languages {
        variants: Vec<LanguageText>,
        in_turn: bool,
    },
}

/// `every 45s …`, `after 2m …`
#[derive(Debug, Clone, PartialEq)]
pub struct Timed {
    pub repeats: bool,
    pub period: DurationLiteral,
    pub what: Timely,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Timely {
    Speech(Speech),
    Choice(Choice),
    Agents(Agents),
    Priority(Expr),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Speech {
    Say(Spoken),
    Announce(Spoken),
    Play(TextLiteral),
}

/// `agents in team with technical >= 2`
#[derive(Debug, Clone, PartialEq)]
pub struct Agents {
    pub team: Option<Path>,
    pub with: Option<Expr>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    Let { name: Name, ty: Option<Box<Type>>, value: Box<Value> },
    Set { target: Path, value: Box<Value> },
    Speech(Speech),
    Do(Box<Value>),
    Send(Expr),
    Count { limit: Path, arguments: Box<Arguments>, otherwise: Option<Box<Exit>> },
    Reset { limit: Path, arguments: Box<Arguments> },
    If { condition: Expr, body: Box<Body> },
    Each { name: Name, list: Expr, body: Box<Body> },
    Mark { name: Name, value: Option<Expr> },
    Discard,
}

/// `EXPR` (whose own `else` gives a value) or `EXPR else EXIT`.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub expr: Expr,
    pub otherwise: Option<Box<Exit>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    Visits {
        count: IntLiteral,
        otherwise: Box<Exit>,
    },
    Ask(Spoken),
    Whisper(Spoken),
    Again {
        after: Option<Name>,
        spoken: Box<Spoken>,
    },
    Take(Box<Take>),
    Check {
        condition: Expr,
        otherwise: Box<Spoken>,
    },
    Confirm(Option<Spoken>),
    During(Path),
    Calendar(Path),
    Join(Path),
    Accept {
        key: Key,
        within: Option<DurationLiteral>,
    },
    From(Expr),
    Agents(Box<Agents>),
    Priority(Expr),
    /// `wait`, `gap`, `recall`, `longest`, `silence`, `delay`, `expires`, `wrap`.
    Duration {
        word: Name,
        value: DurationLiteral,
    },
    Capacity {
        count: IntLiteral,
        but_priority: Option<IntLiteral>,
    },
    /// `code`, `concurrent`.
    Int {
        word: Name,
        value: IntLiteral,
    },
    /// `number`, `room`, `questions`.
    Expr {
        word: Name,
        value: Expr,
    },
    /// `pick longest_idle`, `pick best(skill)`.
    Pick {
        word: Name,
        argument: Option<Name>,
    },
    Prefer {
        whom: Expr,
        period: DurationLiteral,
    },
    Music(TextLiteral),
    Ring {
        addresses: Vec<Expr>,
        period: DurationLiteral,
    },
    Show(Vec<(Name, Expr)>),
    Assist {
        flow: Path,
        arguments: Box<Arguments>,
        label: Box<TextLiteral>,
    },
    Flow {
        path: Path,
        arguments: Option<Box<Arguments>>,
    },
    Afterwards {
        path: Path,
        arguments: Option<Box<Arguments>>,
    },
    DeliverTo(Expr),
    Question {
        name: Name,
        spoken: Box<Spoken>,
        low: IntLiteral,
        high: IntLiteral,
    },
    Retry(Box<Retry>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Take {
    pub secret: bool,
    pub form: Path,
    pub length: Option<(IntLiteral, Option<IntLiteral>)>,
    pub until: Option<Key>,
    pub by: Option<Sources>,
    pub name: Name,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sources {
    Key,
    Voice,
    KeyOrVoice,
}
