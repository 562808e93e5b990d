//! The checked program: every name resolved, every expression typed, every outcome given a way.
//!
//! What is here is whole: a value of [`Program`] is only made when no error was reported, so later passes
//! need not ask again. Defaults are already spread: a block's arms hold what its own `on` arms, its
//! `otherwise` and the flow's `on` arms give, in that order (rule R2), and a menu's question is assembled.
//! It knows nothing of registers or bytecode.
#![allow(missing_docs)]

use flow_diagnostics::Location;

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
    pub flows: Vec<Flow>,
    pub inbound: Vec<Inbound>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Inbound {
    /// E.164 with its plus.
    pub number: String,
    pub flow: FlowId,
    pub location: Location,
}

// ---------------------------------------------------------------- types

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    pub kind: TypeKind,
    pub secret: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeKind {
    Bool,
    Int,
    Decimal,
    Text,
    Digits,
    Phone,
    Duration,
    Date,
    Time,
    DateTime,
    Money,
    Optional(Box<TypeKind>),
    List(Box<TypeKind>),
    Map(Box<TypeKind>, Box<TypeKind>),
    Record(RecordId),
    Enum(EnumId),
    /// What a language is: an index into `Program::languages`.
    Language,
    /// The type of `none` before it meets another; fits every `Optional`.
    Nothing,
    /// Something already reported; fits everything, never complained about again.
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub name: String,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub ty: Type,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    pub name: String,
    pub variants: Vec<Variant>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub name: String,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub name: String,
    pub ty: Type,
    /// A constant.
    pub default: Option<Expr>,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Switch {
    pub name: String,
    pub location: Location,
}

/// A pure function of one expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    pub name: String,
    pub params: Vec<LocalId>,
    pub locals: Vec<Local>,
    pub result: Type,
    pub body: Expr,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    pub name: String,
    pub params: Vec<LocalId>,
    pub locals: Vec<Local>,
    pub spoken: Spoken,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    pub name: String,
    pub params: Vec<Type>,
    pub count: u32,
    pub per_millis: u64,
    pub location: Location,
}

// ---------------------------------------------------------------- calendars

#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    pub name: String,
    pub zone: ZoneId,
    /// Names of the states: 0 is `open`, 1 is `closed`, then each reason.
    pub states: Vec<String>,
    /// Those of the calendars it is like first (rank wins over order; see `inherited`).
    pub rules: Vec<CalendarRule>,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CalendarRule {
    /// 1 switch, 2 date, 3 yearly or holidays, 4 weekly; the smallest that applies to a day decides it.
    pub rank: u8,
    pub days: DaySet,
    /// Minutes of the day, half open; empty means the whole day. An end smaller than the start runs into
    /// the next day; 1440 is midnight at the end.
    pub hours: Vec<(u16, u16)>,
    /// Index into `Calendar::states`; 0 opens.
    pub state: usize,
    /// From the calendar it is `like`: within a rank its own rules win over it for the hours they name.
    pub inherited: bool,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum DaySet {
    /// Bit 0 is Monday.
    Week(u8),
    /// Days since 1970-01-01, both ends included.
    Dates(i32, i32),
    /// Month 1 to 12, day 1 to 31.
    Yearly(u8, u8),
    /// Ordinal 1 to 5, or 0 for last; weekday 0 is Monday; month.
    Nth(u8, u8, u8),
    Holidays(Vec<HolidayRule>),
    /// While a lever is thrown.
    Switch(SwitchId),
}

#[derive(Debug, Clone, PartialEq)]
pub struct HolidayRule {
    pub day: HolidayDay,
    pub name: String,
    /// A weekend day moves to the nearest weekday.
    pub observed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolidayDay {
    Yearly(u8, u8),
    Nth(u8, u8, u8),
    /// Days from Easter Sunday.
    Easter(i16),
}

// ---------------------------------------------------------------- people and queues

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

// ---------------------------------------------------------------- flows

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
    pub tail: Tail,
    /// From the flow, not from the block.
    pub from_flow: bool,
    pub location: Location,
}

// ---------------------------------------------------------------- waits

#[derive(Debug, Clone, PartialEq)]
pub enum Wait {
    AfterHours { calendar: CalendarId },
    Menu(Question),
    Collect(Box<Collect>),
    Queue(Box<QueueStay>),
    Dial(Box<Dial>),
    Voicemail { longest_millis: u64, silence_millis: Option<u64>, deliver_to: Expr },
    Survey { questions: Vec<SurveyQuestion>, choices: Vec<Choice> },
    Run { flow: FlowId, arguments: Vec<Expr> },
}

/// Something asked, its repeats, and how long to wait for keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The whole first question (a menu's is made of its labels when nothing was written).
    pub ask: Option<Spoken>,
    /// The next ones in turn, the last repeats; when empty, `ask` is repeated after a short standard
    /// sentence (`no_input`, `no_match`, `invalid`).
    pub again: Vec<Again>,
    pub choices: Vec<Choice>,
    pub wait_millis: u64,
    pub gap_millis: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    /// Index into the wait's outcomes; `None` for any cause.
    pub after: Option<usize>,
    pub spoken: Spoken,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Collect {
    pub question: Question,
    pub form: Form,
    /// Keys by count, both ends included; for `phone` etc. the form's own.
    pub length: (u16, u16),
    /// `#` or `*`.
    pub until: Option<char>,
    pub by_key: bool,
    pub by_voice: bool,
    /// Takes the value in `checks`, `confirm` and the `done` arm.
    pub value: LocalId,
    pub checks: Vec<(Expr, Spoken)>,
    pub confirm: Option<Spoken>,
    pub secret: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Digits,
    Number,
    Phone,
    Date,
    Time,
    Money,
    YesNo,
}

#[derive(Debug, Clone, PartialEq)]
pub struct QueueStay {
    pub queue: QueueId,
    pub priority: Option<Expr>,
    pub longest_millis: u64,
    pub music: Option<String>,
    pub timed: Vec<Timed>,
    pub choices: Vec<Choice>,
    pub during: Option<CalendarId>,
    pub prefer: Option<(Expr, u64)>,
    pub whisper: Option<Spoken>,
    pub show: Vec<(String, Expr)>,
    pub recall_millis: Option<u64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Timed {
    pub repeats: bool,
    pub millis: u64,
    pub what: TimedWhat,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TimedWhat {
    Speech(Say),
    /// Announced when due (`question`), live from then on.
    Choice {
        question: Spoken,
        choice: Choice,
    },
    Priority(Expr),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Dial {
    /// Tried in turn; the addresses of one ring are picked from by `pick`.
    pub rings: Vec<Ring>,
    pub pick: Pick,
    pub from: Option<Expr>,
    pub music: Option<String>,
    pub accept: Option<(char, u64)>,
    pub whisper: Option<Spoken>,
    pub show: Vec<(String, Expr)>,
    pub recall_millis: Option<u64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    /// Text (a SIP URI) or phone.
    pub addresses: Vec<Expr>,
    pub for_millis: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SurveyQuestion {
    pub name: String,
    pub spoken: Spoken,
    pub low: i64,
    pub high: i64,
    /// Takes the answer (`int?`) in the `done` arm.
    pub value: LocalId,
}

// ---------------------------------------------------------------- statements

#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub kind: StatementKind,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// With `otherwise`, `value` is an option that is opened into the local.
    Let {
        local: LocalId,
        value: Expr,
        otherwise: Option<Exit>,
    },
    /// A state variable.
    Set {
        local: LocalId,
        value: Expr,
        otherwise: Option<Exit>,
    },
    SetLanguage(Expr),
    SetVoice(Expr),
    SetRecording(Recording),
    Say(Say),
    Count {
        limit: LimitId,
        key: Vec<Expr>,
        otherwise: Option<Exit>,
    },
    Reset {
        limit: LimitId,
        key: Vec<Expr>,
    },
    If {
        condition: Expr,
        body: Vec<Statement>,
    },
    Each {
        local: LocalId,
        list: Expr,
        body: Vec<Statement>,
    },
    Mark {
        name: String,
        value: Option<Expr>,
    },
    Discard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    Nobody,
    Caller,
    Agent,
    Both,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Say {
    pub spoken: Spoken,
    /// `say` may be cut by a key; `announce` is heard to its end.
    pub interruptible: bool,
}

// ---------------------------------------------------------------- speech

#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    pub kind: SpokenKind,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum SpokenKind {
    /// One variant per language; `in_turn` plays all of them.
    Words {
        variants: Vec<Words>,
        in_turn: bool,
    },
    /// A shared prompt with its arguments.
    Prompt(PromptId, Vec<Expr>),
    When {
        arms: Vec<(Expr, Spoken)>,
        otherwise: Box<Spoken>,
    },
    /// One after the other.
    Sequence(Vec<Spoken>),
    /// A sound file without words.
    Sound(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    pub language: LanguageId,
    pub segments: Vec<Segment>,
    /// A recording that has exactly these words.
    pub recording: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Segment {
    Text(String),
    Hole {
        value: Expr,
        reading: Reading,
    },
    /// CLDR plural class and text.
    Plural {
        value: Expr,
        forms: Vec<(PluralClass, String)>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// By type.
    Plain,
    Digits,
    Ordinal,
    Spelled,
    Date,
    Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PluralClass {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

// ---------------------------------------------------------------- expressions

#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Type,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Bool(bool),
    Int(i64),
    /// Text, digits or phone.
    Text(String),
    /// Milliseconds.
    Duration(i64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Milliseconds since midnight.
    Time(i32),
    /// Milliseconds since 1970-01-01T00:00Z, and the zone to speak it in.
    DateTime(i64, ZoneId),
    Language(LanguageId),
    None,
    Some(Box<Expr>),
    Local(LocalId),
    Setting(SettingId),
    /// Text made of pieces, as a value.
    Interpolated(Vec<Segment>),
    /// Field by index.
    Field(Box<Expr>, usize),
    /// `a?.b`: `a` is an option; the result is an option (not nested).
    OptionalField(Box<Expr>, usize),
    /// `a else b`: `a` is an option.
    Else(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x in a..b` (`inclusive` false) or `x in a to b`.
    Between {
        value: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
        inclusive: bool,
    },
    Contains {
        list: Box<Expr>,
        value: Box<Expr>,
    },
    /// `x is none`, `x is some(c)`, `x is variant(a, b)`; bindings are set when it holds.
    Is {
        value: Box<Expr>,
        test: Test,
        negated: bool,
        bindings: Vec<Option<LocalId>>,
    },
    When {
        arms: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    List(Vec<Expr>),
    Comprehension {
        local: LocalId,
        list: Box<Expr>,
        condition: Option<Box<Expr>>,
        value: Box<Expr>,
    },
    Record(RecordId, Vec<Expr>),
    Variant(EnumId, usize, Vec<Expr>),
    Call(FunctionId, Vec<Expr>),
    Builtin(Builtin, Vec<Expr>),
    /// Read from outside the call's own data; a recorded event that finishes at once.
    Sample(Sample),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    None,
    Some,
    Variant(EnumId, usize),
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
    /// Of integers, by a divisor that is provably not zero; rounds toward zero until decimals arrive.
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// `text(x)`
    TextOf,
    /// `int(text)`: an option.
    IntOf,
    /// `xs.length`, `t.length`
    Length,
    /// `xs.first`: an option.
    First,
    /// `xs.at(i)`: an option.
    At,
    /// `xs.sum`
    Sum,
    /// `last(n, x)`
    Last,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    CallerNumber,
    CallerName,
    CallerAttested,
    Called,
    CallId,
    Now,
    Today,
    Language,
    /// In a queue block: the caller's place from 1, and the expected wait.
    Position,
    Wait,
    CalendarOpen(CalendarId),
    CalendarNextOpen(CalendarId),
    CalendarCloses(CalendarId),
    CalendarReason(CalendarId),
    CalendarOpenAt(CalendarId, Box<Expr>),
    QueueExpectedWait(QueueId),
    QueueLongestWait(QueueId),
    QueueWaiting(QueueId),
    QueueFree(QueueId),
    QueueStaffed(QueueId),
    Switch(SwitchId),
}

impl Wait {
    /// The closed set of outcomes of this wait with the names and types of their data, in the order that
    /// [`Arm::outcome`] counts. For `run` it is what the flow gives, so the program is needed.
    pub fn outcomes(&self, program: &Program) -> Vec<Variant> {
        crate::kinds::outcomes_of(self, program)
    }
}
