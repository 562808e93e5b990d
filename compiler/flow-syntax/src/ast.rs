//! The syntax tree: what the text says, before anybody asks whether it makes sense.
//!
//! It knows nothing of types, kinds' rules or other files. Every node that a message may point at carries
//! its [`Span`]; names are interned [`Symbol`]s, so that later passes compare integers. A broken item stays
//! in the tree as [`ItemKind::Broken`], and its neighbours are whole.

use flow_diagnostics::{Span, Symbol};

/// A name with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    pub symbol: Symbol,
    pub span: Span,
}

/// `a.b.c`: one name or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub names: Vec<Name>,
    pub span: Span,
}

/// Text between quotes, unescaped; `parts` alternates text and holes. A literal without holes has one text
/// part (or none when it is empty).
#[derive(Debug, Clone, PartialEq)]
pub struct TextLiteral {
    pub parts: Vec<TextPart>,
    /// The literal with its quotes.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TextPart {
    Text(Box<str>),
    Hole(Box<Hole>),
}

/// `{expr}`, `{n as digits}`, `{n plural one "caller" other "callers"}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Hole {
    pub value: Expr,
    /// `as READING`.
    pub reading: Option<Name>,
    /// `plural CLASS "text" …`.
    pub plural: Vec<(Name, Box<str>)>,
    pub span: Span,
}

/// A span of time in milliseconds (`1h30m` is 5,400,000).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationLiteral {
    pub millis: u64,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntLiteral {
    pub value: i64,
    pub span: Span,
}

/// A calendar date as written; whether it exists is asked later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: i16,
    pub month: u8,
    pub day: u8,
}

/// A time of day as written, in minutes and seconds since midnight; `24:00` is allowed as an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

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
        ty: Type,
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
        result: Type,
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
        with: Option<Expr>,
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
        formula: Formula,
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
    pub ty: Type,
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

// ---------------------------------------------------------------- calendars

#[derive(Debug, Clone, PartialEq)]
pub struct CalendarRule {
    pub kind: CalendarRuleKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CalendarRuleKind {
    Timezone(TextLiteral),
    /// No hours: the whole day.
    Open {
        days: Days,
        hours: Vec<Hours>,
    },
    Closed {
        days: Days,
        hours: Vec<Hours>,
        reason: Option<Name>,
    },
    ClosedWhen {
        condition: Expr,
        reason: Option<Name>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Days {
    /// `mon to fri, sun`
    Week(Vec<(Weekday, Option<Weekday>)>, Span),
    EveryDay(Span),
    /// `2026-12-24 to 2026-12-31`
    Dates {
        from: Date,
        to: Option<Date>,
        span: Span,
    },
    /// `dec 24`
    Yearly {
        month: Month,
        day: IntLiteral,
        span: Span,
    },
    /// `third mon of jan`
    Nth {
        ordinal: Ordinal,
        weekday: Weekday,
        month: Month,
        span: Span,
    },
    /// A list of holidays by name.
    Named(Path),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// 1 is January.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(pub u8);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordinal {
    First,
    Second,
    Third,
    Fourth,
    Fifth,
    Last,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Holiday {
    pub day: HolidayDay,
    pub name: Option<TextLiteral>,
    pub observed: bool,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum HolidayDay {
    Yearly {
        month: Month,
        day: IntLiteral,
    },
    Nth {
        ordinal: Ordinal,
        weekday: Weekday,
        month: Month,
    },
    /// Days before (negative) or after Easter Sunday, in milliseconds as written.
    Easter {
        offset_millis: i64,
        span: Span,
    },
}

// ---------------------------------------------------------------- services and campaigns

#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    pub method: Name,
    pub name: Name,
    pub params: Vec<Param>,
    pub result: Option<Type>,
    pub path: TextLiteral,
    pub within: DurationLiteral,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CampaignPart {
    From { table: Path, row: Name },
    Call { number: Expr, target: Path, arguments: Option<Arguments> },
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

// ---------------------------------------------------------------- flows and blocks

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
    State { name: Name, ty: Type, value: Expr },
    Arm(Arm),
    Choice(Choice),
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
    Timed(Timed),
    Arm(Arm),
    Choice(Choice),
    Exit(Exit),
    When {
        condition: Expr,
        go: Go,
    },
    Otherwise(Go),
    /// `share 30% -> a`
    Share {
        percent: IntLiteral,
        go: Go,
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
        arguments: Option<Arguments>,
    },
    Return {
        outcome: Name,
        arguments: Option<Arguments>,
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
        arguments: Option<Arguments>,
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
        recording: Option<TextLiteral>,
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
    Let { name: Name, ty: Option<Type>, value: Value },
    Set { target: Path, value: Value },
    Speech(Speech),
    Do(Value),
    Send(Expr),
    Count { limit: Path, arguments: Arguments, otherwise: Option<Exit> },
    Reset { limit: Path, arguments: Arguments },
    If { condition: Expr, body: Body },
    Each { name: Name, list: Expr, body: Body },
    Mark { name: Name, value: Option<Expr> },
    Discard,
}

/// `EXPR` (whose own `else` gives a value) or `EXPR else EXIT`.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub expr: Expr,
    pub otherwise: Option<Exit>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    Visits {
        count: IntLiteral,
        otherwise: Exit,
    },
    Ask(Spoken),
    Whisper(Spoken),
    Again {
        after: Option<Name>,
        spoken: Spoken,
    },
    Take(Box<Take>),
    Check {
        condition: Expr,
        otherwise: Spoken,
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
    Agents(Agents),
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
        arguments: Arguments,
        label: TextLiteral,
    },
    Flow {
        path: Path,
        arguments: Option<Arguments>,
    },
    Afterwards {
        path: Path,
        arguments: Option<Arguments>,
    },
    DeliverTo(Expr),
    Question {
        name: Name,
        spoken: Spoken,
        low: IntLiteral,
        high: IntLiteral,
    },
    Retry(Retry),
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

// ---------------------------------------------------------------- expressions

#[derive(Debug, Clone, PartialEq)]
pub struct Arguments {
    pub list: Vec<Argument>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    pub name: Option<Name>,
    pub value: Expr,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Name(Symbol),
    Int(i64),
    /// As written, with its point.
    Decimal(Box<str>),
    Text(Box<TextLiteral>),
    /// Milliseconds.
    Duration(u64),
    Date(Date),
    Time(TimeOfDay),
    DateTime(Date, TimeOfDay),
    Percent(i64),
    Bool(bool),
    None,
    /// `_`, in tests.
    Any,
    Field {
        of: Box<Expr>,
        name: Name,
        optional: bool,
    },
    Call {
        of: Box<Expr>,
        arguments: Box<Arguments>,
    },
    Unary {
        op: UnaryOp,
        of: Box<Expr>,
    },
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Is {
        of: Box<Expr>,
        negated: bool,
        pattern: Box<Pattern>,
    },
    /// `x in xs`, `x in a .. b`, `x in a to b`
    In {
        of: Box<Expr>,
        range: Box<InRange>,
    },
    Else {
        of: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// `when a then x when b then y otherwise z`
    When {
        arms: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    Comprehension {
        value: Box<Expr>,
        name: Name,
        list: Box<Expr>,
        condition: Option<Box<Expr>>,
    },
    /// Could not be read; already reported.
    Broken,
}

#[derive(Debug, Clone, PartialEq)]
pub enum InRange {
    Of(Expr),
    /// The end excluded.
    Until(Expr, Expr),
    /// The end included.
    To(Expr, Expr),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    None(Span),
    Variant { path: Path, bindings: Vec<Binding>, span: Span },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    Not,
    Negate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

// ---------------------------------------------------------------- tests and properties

#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub kind: StepKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    At(Date, TimeOfDay),
    GivenAnswers {
        operation: Path,
        arguments: Arguments,
        answer: Expr,
        after: Option<DurationLiteral>,
    },
    GivenFails {
        operation: Path,
        arguments: Arguments,
    },
    /// `ready`, `busy`, `away`.
    GivenAgent {
        agent: Name,
        presence: Name,
    },
    GivenSwitch(Path),
    /// As written.
    GivenDraw(Box<str>),
    /// `answers`, `busy`, `no_answer`, `machine`.
    GivenAddress {
        address: TextLiteral,
        reach: Name,
    },
    GivenTable {
        table: Path,
        rows: Expr,
    },
    Party {
        address: TextLiteral,
        act: Act,
    },
    TimePasses(DurationLiteral),
    Call {
        flow: Path,
        arguments: Option<Arguments>,
        from: Option<Expr>,
        to: Option<Expr>,
    },
    Caller(Act),
    Agent {
        agent: Name,
        act: Act,
    },
    Expect {
        already: bool,
        condition: Expr,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Answers,
    Declines,
    HangsUp,
    Presses(Key),
    Enters(TextLiteral),
    Says(TextLiteral),
    Hears(TextLiteral),
    Waits(DurationLiteral),
    Sees(Vec<(Name, Expr)>),
    Starts(Path),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    Holds(Expr),
    LeadsTo { from: Expr, to: Expr, within: Option<DurationLiteral> },
}
