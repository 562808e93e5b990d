//! The program as data: what the container holds and the verifier checks.

// Names of fields and variants say what they are; what they do not say stands beside them.
#![allow(missing_docs)]

use crate::decimal::{Currency, Decimal, Money};
use crate::effects::Effect;
pub use crate::pures::Pure;
pub use crate::services::*;
use crate::types::{Type, TypeId};

/// Index into `Program::texts`.
pub type TextId = u32;

/// Everything a `.flow` project compiles to. Tables are in source order; equal texts, types, constants and
/// templates are kept once, so that equal projects give equal bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Program {
    /// The project's name.
    pub name: String,
    /// IANA zone names; the first is the program's own.
    pub zones: Vec<String>,
    /// Language codes; the first is the default.
    pub languages: Vec<String>,
    pub texts: Vec<String>,
    pub types: Vec<Type>,
    pub constants: Vec<Constant>,
    pub variants: Vec<VariantEntry>,
    pub templates: Vec<Template>,
    pub pures: Vec<PureEntry>,
    pub effects: Vec<EffectEntry>,
    pub jump_tables: Vec<Vec<u32>>,
    pub keys: Vec<KeyTable>,
    pub forms: Vec<FormTable>,
    pub stays: Vec<StayTable>,
    pub rings: Vec<RingTable>,
    pub shares: Vec<Vec<u32>>,
    pub settings: Vec<Setting>,
    pub switches: Vec<TextId>,
    pub calendars: Vec<Calendar>,
    pub skills: Vec<TextId>,
    pub teams: Vec<TextId>,
    pub agents: Vec<Agent>,
    pub queues: Vec<Queue>,
    pub limits: Vec<Limit>,
    pub callbacks: Vec<CallbackTable>,
    pub campaigns: Vec<Campaign>,
    pub schemas: Vec<Schema>,
    pub services: Vec<Service>,
    pub operations: Vec<Operation>,
    pub tables: Vec<DataTable>,
    pub functions: Vec<Function>,
    pub blocks: Vec<Block>,
    pub inbound: Vec<Inbound>,
    /// All functions' instructions, one after the other.
    pub code: Vec<u32>,
    pub source_map: SourceMap,
}

/// A constant of any type; texts by index.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Constant {
    Bool(bool),
    Int(i64),
    Decimal(Decimal),
    Money(Money),
    Text(TextId),
    Digits(TextId),
    Phone(TextId),
    Duration(i64),
    Date(i32),
    Time(i32),
    /// Milliseconds since 1970, zone.
    DateTime(i64, u16),
    Language(u16),
    /// A variant without data of an enum type without data.
    Variant(TypeId, u16),
    /// A handle into the table of the type: `Keys`, `Form`, `Stay`, `Rings`, `Shares`, `Calendar`, `Queue`,
    /// `Switch`, `Limit`, `Setting`, `Operation`, `Table`, `Callback`.
    Table(Type, u16),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VariantEntry {
    /// An enum type.
    pub ty: TypeId,
    pub variant: u16,
}

/// What is spoken, or made into text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Template {
    /// Types of its arguments; `Speech` for a part that is itself decided at run time.
    pub arguments: Vec<TypeId>,
    /// One for each language, or a single one without a language (`None`) that fits all.
    pub variants: Vec<TemplateVariant>,
    /// Play all variants one after the other.
    pub in_turn: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TemplateVariant {
    /// Index into `Program::languages`.
    pub language: Option<u16>,
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// One sentence or part of one: the unit that is recorded.
    Text(TextId),
    /// Argument by index, read aloud so.
    Hole(u8, Reading),
    /// The text of the argument's plural class.
    Plural(u8, Vec<(PluralClass, TextId)>),
    /// A recording by name, and its words.
    Recording(TextId, TextId),
    /// A sound without words, by name.
    Sound(TextId),
    /// An argument of type `Speech`.
    Speech(u8),
    /// As `Text`, and said only where the call is listened to: what may be said instead of a key.
    IfListening(TextId),
    /// As `Text`, and said only where the call is not listened to.
    IfNotListening(TextId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reading {
    Plain,
    Digits,
    Ordinal,
    Spelled,
    Date,
    Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PluralClass {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// A library function at the types it is used with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PureEntry {
    pub function: Pure,
    pub arguments: Vec<TypeId>,
    pub result: TypeId,
}

/// An effect at the types it is used with: the signature's own, but for `any`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EffectEntry {
    pub effect: Effect,
    pub arguments: Vec<TypeId>,
    /// For each outcome, then each report, the types of its data.
    pub outcomes: Vec<Vec<TypeId>>,
}

/// Choices by key, in the order that `choice(index)` counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct KeyTable {
    pub choices: Vec<KeyChoice>,
    /// Index into `Program::templates`: what is said before two choices of which the caller may have meant either.
    pub between: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyChoice {
    /// `1`, `12`, `*`, `#`, `*9`.
    pub keys: TextId,
    /// Words by language.
    pub phrases: Vec<(u16, Vec<TextId>)>,
    /// Index into `Program::templates`, without arguments: the sentence that tells this choice.
    pub told: Option<u16>,
}

/// How a value is collected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FormTable {
    pub form: Form,
    /// Keys by count, both ends included.
    pub length: (u16, u16),
    /// `#` or `*` as ASCII.
    pub until: Option<u8>,
    pub by_key: bool,
    pub by_voice: bool,
    pub secret: bool,
    /// Words that stand for keys of the value: the variants of an enum by their names.
    pub words: KeyTable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    Digits,
    Number,
    Phone,
    Date,
    Time,
    /// In this currency; `*` is the point.
    Money(Currency),
    YesNo,
    /// What was said, as text; it has no keys.
    Speech,
}

/// What happens while a caller waits in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StayTable {
    pub music: Option<TextId>,
    pub timed: Vec<Timed>,
    /// All choices, those of timed entries too.
    pub keys: KeyTable,
    /// Index into `Program::calendars`.
    pub during: Option<u16>,
    pub recall_millis: Option<u64>,
    /// What the person may start for the caller, by the numbers of its keys.
    pub assists: Vec<Assist>,
}

/// A flow that the person who talks may start for the caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Assist {
    /// What the person reads.
    pub label: TextId,
    /// The flow's name.
    pub flow: TextId,
}

/// Reports `due(index)` when its time comes; one that repeats every 0 ms reports once, as the stay begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Timed {
    pub repeats: bool,
    pub millis: u64,
    /// A choice of the stay's keys that is live only from then on.
    pub activates: Option<u16>,
}

/// How addresses are rung.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RingTable {
    /// Tried in turn: how many addresses of the list each takes, and for how long they ring.
    pub rings: Vec<(u16, u64)>,
    pub pick: Pick,
    pub music: Option<TextId>,
    /// The key that accepts, as ASCII, and for how long it is waited for.
    pub accept: Option<(u8, u64)>,
    pub recall_millis: Option<u64>,
    /// The greatest length of the talk.
    pub longest_millis: Option<u64>,
    /// As in a [`StayTable`].
    pub assists: Vec<Assist>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: TextId,
    pub ty: TypeId,
    /// Index into `Program::constants`.
    pub default: Option<u32>,
    pub secret: bool,
}

/// Rules over days, by rank; see the evaluation in this crate's `calendar` module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub name: TextId,
    /// Index into `Program::zones`.
    pub zone: u16,
    /// 0 open, 1 closed, then reasons.
    pub states: Vec<TextId>,
    pub rules: Vec<CalendarRule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRule {
    /// 1 switch, 2 date, 3 yearly, 4 weekly.
    pub rank: u8,
    pub days: DaySet,
    /// Minutes of the day, half open; empty is the whole day; an end before the start is on the next day.
    pub hours: Vec<(u16, u16)>,
    pub state: u16,
    pub inherited: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DaySet {
    /// Bit 0 is Monday.
    Week(u8),
    /// Days since 1970-01-01, both included.
    Dates(i32, i32),
    Yearly(u8, u8),
    /// Ordinal 1 to 5 or 0 for last, weekday from 0 for Monday, month.
    Nth(u8, u8, u8),
    Holidays(Vec<Holiday>),
    /// Index into `Program::switches`.
    Switch(u16),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    pub day: HolidayDay,
    pub name: TextId,
    pub observed: Observed,
}

/// Where a holiday is kept that falls on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// On its day.
    No,
    /// On the nearest weekday.
    Nearest,
    /// On its day, and on the next weekday that no other holiday of the list takes.
    Next,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolidayDay {
    Yearly(u8, u8),
    Nth(u8, u8, u8),
    /// Days from Easter Sunday.
    Easter(i16),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub name: TextId,
    pub address: TextId,
    pub teams: Vec<u16>,
    /// Skill and level.
    pub skills: Vec<(u16, u32)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    pub name: TextId,
    pub agents: AgentsRule,
    /// Relaxations by milliseconds waited.
    pub after: Vec<(u64, AgentsRule)>,
    pub pick: Pick,
    pub capacity: Option<u32>,
    pub beyond_capacity: Option<u32>,
    pub wrap_millis: u64,
}

/// Who may serve.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentsRule {
    pub team: Option<u16>,
    /// In postfix order; empty is everybody.
    pub condition: Vec<SkillTerm>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkillTerm {
    /// Whether the person's level in the skill compares so with the number.
    Compare(u16, Comparison, i64),
    And,
    Or,
    Not,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pick {
    LongestIdle,
    LeastBusy,
    FewestCalls,
    RoundRobin,
    /// By level of a skill.
    Best(u16),
    InOrder,
    Random,
    All,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub name: TextId,
    pub count: u32,
    pub per_millis: u64,
}

/// How a callback that was booked is made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallbackTable {
    /// Index into `Program::calendars`: calls are made while it is open.
    pub during: Option<u16>,
    /// The first call is not made before.
    pub delay_millis: u64,
    /// No call is begun after.
    pub expires_millis: u64,
    pub retry: Option<Retry>,
    /// Index into `Program::functions`: runs for a customer who stays on the line after the talk.
    pub afterwards: Option<u16>,
}

/// When a call that was not answered is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Retry {
    pub busy: bool,
    pub no_answer: bool,
    /// Refused by the person, or not connected.
    pub failed: bool,
    pub times: u32,
    pub every_millis: u64,
}

/// Calls that are placed row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    pub name: TextId,
    /// Index into `Program::functions`: a flow of one parameter, the row, which performs `place_call` first.
    pub function: u16,
    /// The name of the table that the rows are in.
    pub table: TextId,
    /// Index into `Program::calendars`.
    pub during: Option<u16>,
    /// So many calls begin within so many milliseconds.
    pub pace: Option<(u32, u64)>,
    /// Calls at once.
    pub concurrent: u32,
    pub retry: Option<Retry>,
}

/// A flow, a `fn` or a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub name: TextId,
    pub kind: FunctionKind,
    /// In registers 0, 1, …
    pub params: Vec<TypeId>,
    /// How many registers its frame has, at most 255.
    pub registers: u8,
    /// Half open, in instructions of `Program::code`.
    pub code: (u32, u32),
    /// Where `on hangup` begins, in instructions of `Program::code`; ends with `end`.
    pub on_hangup: Option<u32>,
    /// Types of registers at places that are jumped to or waited at, sorted by place; see the verifier.
    pub maps: Vec<TypeMap>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FunctionKind {
    /// With the outcomes that it gives.
    Flow { gives: Vec<Vec<TypeId>> },
    /// With its result.
    Pure(TypeId),
}

/// What is in the live registers before an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeMap {
    /// Instruction of `Program::code`.
    pub at: u32,
    /// Register and type, by register; others may not be read.
    pub registers: Vec<(u8, TypeId)>,
}

/// A block, for records, traces and coverage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub flow: u16,
    pub name: TextId,
    pub kind: TextId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// E.164 with its plus.
    pub number: TextId,
    /// Index into `Program::functions`.
    pub flow: u16,
}

/// Where instructions come from; kept in a section of its own, never on the hot path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceMap {
    /// Paths relative to the project.
    pub files: Vec<String>,
    /// By first instruction; each holds until the next.
    pub entries: Vec<SourceEntry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceEntry {
    pub at: u32,
    pub file: u16,
    pub start: u32,
    pub end: u32,
    /// From 1.
    pub line: u32,
}

impl SourceMap {
    /// Where an instruction comes from: its file and its place in it.
    pub fn location(&self, at: u32) -> Option<(&str, &SourceEntry)> {
        let index = self.entries.partition_point(|entry| entry.at <= at).checked_sub(1)?;
        let entry = &self.entries[index];
        Some((self.files.get(usize::from(entry.file))?, entry))
    }
}
