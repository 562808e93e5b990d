//! What the grammar does when it has read something: spans to names, figures and nodes.
//!
//! Everything that must look into the text happens here, so that the grammar stays a grammar. Complaints
//! about literals (a month 13, a figure too large) are made here; those about order and missing pieces are
//! the driver's.

use flow_diagnostics::{Diagnostic, FileId, Interner, Span};

use crate::ast::*;
use crate::codes;
use crate::documentation;
use crate::layout::{Clause, ClauseKind};
use crate::literals;
use crate::text_to_tokens::Comment;

/// What the parser gives back for its two start tokens.
pub(crate) enum Root {
    Item(Box<Item>),
    Hole(Box<Hole>),
}

/// The text being read, and what is gathered while reading it.
pub(crate) struct Actions<'a> {
    pub file: FileId,
    pub text: &'a str,
    pub interner: &'a mut Interner,
    pub comments: &'a [Comment],
    pub diagnostics: Vec<Diagnostic>,
    /// How many texts the one being read stands in.
    pub text_nesting: usize,
    /// Names declared in the wrong case are gathered, and reported with all their uses at the end.
    pub declared: Vec<(Name, NameCase)>,
    /// Places of words in holes, which are in no token list.
    pub hole_words: Vec<Span>,
    /// What was left out to read the rest.
    pub left_out: Vec<Span>,
    /// How many tokens may still be read anew after a mistake, so that many mistakes do not take for ever.
    pub reread_budget: usize,
    /// The elements of the bodies being read, the innermost body's last.
    pub elements: Vec<Element>,
    /// What the item is that is being finished.
    kind: Option<ItemKind>,
    /// The parts of the flow being read.
    pub parts: Vec<FlowPart>,
    /// Where characters were dropped or a text never ended: what the grammar says of these lines is noise.
    pub spoilt: Vec<u32>,
    /// Where clauses begin, when somebody wants to know.
    pub clauses: Option<Vec<Clause>>,
}

/// Who acts in a step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Caller,
    Agent,
    Party,
}

/// How a kind of name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameCase {
    /// `snake_case`: values, blocks, flows, outcomes.
    Snake,
    /// `UpperCamel`: types.
    Camel,
}

/// Enough for thousands of mistakes in an ordinary file.
const REREAD_BUDGET: usize = 4_000_000;

impl<'a> Actions<'a> {
    pub(crate) fn new(
        file: FileId,
        text: &'a str,
        interner: &'a mut Interner,
        comments: &'a [Comment],
    ) -> Self {
        Self {
            file,
            text,
            interner,
            comments,
            diagnostics: Vec::new(),
            text_nesting: 0,
            declared: Vec::new(),
            hole_words: Vec::new(),
            left_out: Vec::new(),
            reread_budget: REREAD_BUDGET,
            elements: Vec::new(),
            kind: None,
            parts: Vec::new(),
            spoilt: Vec::new(),
            clauses: None,
        }
    }
}

impl Actions<'_> {
    pub(crate) fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// A span whose end is never before its start (an empty rule's end is the token before it).
    pub(crate) fn span(&self, start: u32, end: u32) -> Span {
        Span::new(start, end.max(start))
    }

    pub(crate) fn name(&mut self, start: u32, end: u32) -> Name {
        let text = self.text.get(start as usize..end as usize).unwrap_or("");
        Name { symbol: self.interner.intern(text), span: Span::new(start, end) }
    }

    pub(crate) fn path(&mut self, start: u32, end: u32) -> Path {
        Path::of(self.name(start, end))
    }

    pub(crate) fn written(&self, start: u32, end: u32) -> Box<str> {
        self.slice(start, end).into()
    }

    /// `42` or `30%`.
    pub(crate) fn int(&mut self, start: u32, end: u32) -> IntLiteral {
        let span = Span::new(start, end);
        let value = self.checked(span, literals::int);
        IntLiteral { value, span }
    }

    pub(crate) fn duration(&mut self, start: u32, end: u32) -> DurationLiteral {
        let span = Span::new(start, end);
        let millis = self.checked(span, literals::duration);
        DurationLiteral { millis, span }
    }

    pub(crate) fn date(&mut self, start: u32, end: u32) -> Date {
        self.checked(Span::new(start, end), literals::date)
    }

    pub(crate) fn time(&mut self, start: u32, end: u32) -> TimeOfDay {
        self.checked(Span::new(start, end), literals::time)
    }

    pub(crate) fn date_time(&mut self, start: u32, end: u32) -> (Date, TimeOfDay) {
        let at = self.slice(start, end).find('T').map_or(end, |at| start + at as u32);
        let date = self.checked(Span::new(start, at), literals::date);
        (date, self.checked(Span::new((at + 1).min(end), end), literals::time))
    }

    /// Reads a literal; what is wrong with it is reported, and the nearest value taken.
    fn checked<T>(&mut self, span: Span, read: fn(&str) -> literals::Read<T>) -> T {
        let literals::Read { value, problem } = read(self.slice(span.start, span.end));
        if let Some(problem) = problem {
            self.diagnostics.push(problem.diagnostic(span.at(self.file)));
        }
        value
    }

    pub(crate) fn weekday(&self, start: u32, end: u32) -> Weekday {
        match self.slice(start, end) {
            "mon" => Weekday::Mon,
            "tue" => Weekday::Tue,
            "wed" => Weekday::Wed,
            "thu" => Weekday::Thu,
            "fri" => Weekday::Fri,
            "sat" => Weekday::Sat,
            _ => Weekday::Sun,
        }
    }

    pub(crate) fn month(&self, start: u32, end: u32) -> Month {
        const MONTHS: [&str; 12] =
            ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        let word = self.slice(start, end);
        Month(MONTHS.iter().position(|month| *month == word).map_or(1, |at| at as u8 + 1))
    }

    pub(crate) fn ordinal(&self, start: u32, end: u32) -> Ordinal {
        match self.slice(start, end) {
            "first" => Ordinal::First,
            "second" => Ordinal::Second,
            "third" => Ordinal::Third,
            "fourth" => Ordinal::Fourth,
            "fifth" => Ordinal::Fifth,
            _ => Ordinal::Last,
        }
    }

    /// A key as written: a figure, a sign, or a text of keys.
    pub(crate) fn key(&mut self, start: u32, end: u32) -> Key {
        let span = Span::new(start, end);
        let written = self.slice(start, end);
        let keys = written.trim_matches('"');
        let keys: Box<str> = keys.into();
        if keys.is_empty()
            || keys.len() > literals::MAX_KEYS
            || !keys.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#')
        {
            self.diagnostics.push(literals::Problem::Keys.diagnostic(span.at(self.file)));
        }
        Key { keys, span }
    }

    /// What the item being read is; [`Self::item`] makes the item of it.
    pub(crate) fn kind(&mut self, kind: ItemKind) {
        self.note_declared(&kind);
        self.kind = Some(kind);
    }

    pub(crate) fn item(&mut self, start: u32, end: u32, public: bool) -> Box<Item> {
        let kind = self.kind.take().unwrap_or(ItemKind::Broken { word: None, name: None });
        let doc = documentation::before(self.text, self.comments, start);
        Box::new(Item { public, doc, kind, span: Span::new(start, end) })
    }

    pub(crate) fn block(
        &mut self,
        start: u32,
        end: u32,
        kind: Name,
        name: Name,
        params: Option<Vec<Param>>,
        body: Body,
    ) -> Box<Block> {
        let doc = documentation::before(self.text, self.comments, start);
        self.declared.push((name, NameCase::Snake));
        let params = params.unwrap_or_default();
        self.declared.extend(params.iter().map(|param| (param.name, NameCase::Snake)));
        Box::new(Block { doc, kind, name, params, body, span: Span::new(start, end) })
    }

    /// A further element of the body being read; its place is told by [`Self::place_element`].
    pub(crate) fn element(&mut self, kind: ElementKind) {
        self.elements.push(Element { kind, span: Span::default() });
    }

    pub(crate) fn statement(&mut self, statement: Statement) {
        self.element(ElementKind::Statement(statement));
    }

    pub(crate) fn speech(&mut self, speech: Speech) {
        self.statement(Statement::Speech(speech));
    }

    pub(crate) fn setting(&mut self, setting: Setting) {
        self.element(ElementKind::Setting(setting));
    }

    /// `every 45s …` or `after 2m …`
    pub(crate) fn timed(
        &mut self,
        repeats: bool,
        period: DurationLiteral,
        what: Timely,
        start: u32,
        end: u32,
    ) {
        let span = Span::new(start, end);
        self.element(ElementKind::Timed(Box::new(Timed { repeats, period, what, span })));
    }

    /// A further part of the flow being read.
    pub(crate) fn part(&mut self, part: FlowPart) {
        self.parts.push(part);
    }

    /// The parts of a flow, from number `first` on.
    pub(crate) fn gathered_parts(&mut self, first: usize) -> Vec<FlowPart> {
        self.parts.drain(first.min(self.parts.len())..).collect()
    }

    /// Where the last element stands.
    pub(crate) fn place_element(&mut self, start: u32, end: u32) {
        if let Some(element) = self.elements.last_mut() {
            element.span = Span::new(start, end);
            if let Some(clauses) = &mut self.clauses {
                clauses.push(Clause { start, kind: ClauseKind::of(&element.kind) });
            }
        }
    }

    /// A part of a flow, a rule of a calendar, a step of a test … begins here.
    pub(crate) fn clause(&mut self, start: u32) {
        if let Some(clauses) = &mut self.clauses {
            clauses.push(Clause { start, kind: ClauseKind::Part });
        }
    }

    /// A body of the elements from number `first` on.
    pub(crate) fn body(&mut self, start: u32, end: u32, first: usize) -> Body {
        let elements = self.elements.drain(first.min(self.elements.len())..).collect();
        Body { elements, span: Span::new(start, end) }
    }

    pub(crate) fn spoken_setting(&mut self, word: Name, spoken: Spoken) {
        let setting = match self.slice(word.span.start, word.span.end) {
            "whisper" => Setting::Whisper(spoken),
            _ => Setting::Ask(spoken),
        };
        self.setting(setting);
    }

    pub(crate) fn verb(&self, start: u32, end: u32, text: TextLiteral) -> Act {
        match self.slice(start, end) {
            "enters" => Act::Enters(text),
            "says" => Act::Says(text),
            _ => Act::Hears(text),
        }
    }

    /// Reports what this person cannot do: only agents see screens, a caller cannot decline.
    pub(crate) fn check_act(&mut self, subject: Subject, start: u32, end: u32, act: &Act) {
        let (who, acts, can) = match subject {
            Subject::Caller => (
                "a caller",
                "`presses`, `enters`, `says`, `hears`, `waits`, `answers` and `hangs up`",
                !matches!(act, Act::Declines | Act::Sees(_) | Act::Starts(_)),
            ),
            Subject::Agent => (
                "an agent",
                "`answers`, `declines`, `hears`, `sees`, `starts` and `hangs up`",
                !matches!(act, Act::Presses(_) | Act::Enters(_) | Act::Says(_) | Act::Waits(_)),
            ),
            Subject::Party => (
                "a party",
                "`answers`, `declines`, `presses`, `hears` and `hangs up`",
                !matches!(act, Act::Enters(_) | Act::Says(_) | Act::Waits(_) | Act::Sees(_) | Act::Starts(_)),
            ),
        };
        if can {
            return;
        }
        let verb = self.slice(start, end).split_whitespace().next().unwrap_or("").to_owned();
        let at = Span::new(start, end).at(self.file);
        self.diagnostics.push(
            Diagnostic::error(
                codes::WRONG_ACT,
                format!("{who} never `{verb}` in a test"),
                at,
                "not theirs to do",
            )
            .with_help(format!("{who} {acts}")),
        );
    }

    pub(crate) fn binary(&self, op: BinaryOp, left: Expr, right: Expr) -> Expr {
        let span = left.span.to(right.span);
        Expr { kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }
    }

    pub(crate) fn unary(&self, op: UnaryOp, start: u32, of: Expr) -> Expr {
        let span = Span::new(start, of.span.end);
        Expr { kind: ExprKind::Unary { op, of: Box::new(of) }, span }
    }

    pub(crate) fn within(&self, of: Expr, range: InRange) -> Expr {
        let last = match &range {
            InRange::Of(last) | InRange::Until(_, last) | InRange::To(_, last) => last.span,
        };
        let span = of.span.to(last);
        Expr { kind: ExprKind::In { of: Box::new(of), range: Box::new(range) }, span }
    }

    pub(crate) fn field(&self, of: Expr, name: Name, optional: bool) -> Expr {
        let span = of.span.to(name.span);
        Expr { kind: ExprKind::Field { of: Box::new(of), name, optional }, span }
    }

    pub(crate) fn call(&self, of: Expr, arguments: Box<Arguments>) -> Expr {
        let span = of.span.to(arguments.span);
        Expr { kind: ExprKind::Call { of: Box::new(of), arguments }, span }
    }

    /// Remembers the names that an item declares, with the case each should have.
    fn note_declared(&mut self, kind: &ItemKind) {
        use NameCase::{Camel, Snake};
        let declared = &mut self.declared;
        match kind {
            ItemKind::Record { name, fields } => {
                params_declared(declared, fields);
                declared.push((*name, Camel));
            }
            ItemKind::Enum { name, variants } => {
                variants.iter().for_each(|variant| params_declared(declared, &variant.fields));
                declared.extend(variants.iter().map(|variant| (variant.name, Snake)));
                declared.push((*name, Camel));
            }
            ItemKind::Service { name, operations, .. } => {
                operations.iter().for_each(|operation| params_declared(declared, &operation.params));
                declared.extend(operations.iter().map(|operation| (operation.name, Snake)));
                declared.push((*name, Snake));
            }
            ItemKind::Flow(flow) => {
                params_declared(declared, &flow.params);
                for variant in flow.gives.iter().flatten() {
                    params_declared(declared, &variant.fields);
                    declared.push((variant.name, Snake));
                }
                for part in &flow.parts {
                    if let FlowPart::State { name, .. } = part {
                        declared.push((*name, Snake));
                    }
                }
                declared.push((flow.name, Snake));
            }
            ItemKind::Fn { name, params: list, .. }
            | ItemKind::Prompt { name, params: list, .. }
            | ItemKind::Limit { name, params: list, .. } => {
                params_declared(declared, list);
                declared.push((*name, Snake));
            }
            ItemKind::Setting { name, .. }
            | ItemKind::Switch(name)
            | ItemKind::Const { name, .. }
            | ItemKind::Table { name, .. }
            | ItemKind::Agent { name, .. }
            | ItemKind::Queue { name, .. }
            | ItemKind::Calendar { name, .. }
            | ItemKind::Holidays { name, .. }
            | ItemKind::Campaign { name, .. } => declared.push((*name, Snake)),
            ItemKind::Skill(names) | ItemKind::Team(names) => {
                declared.extend(names.iter().map(|name| (*name, Snake)));
            }
            ItemKind::Edition(_)
            | ItemKind::Use { .. }
            | ItemKind::Inbound { .. }
            | ItemKind::Timezone(_)
            | ItemKind::Roster(_)
            | ItemKind::Test { .. }
            | ItemKind::Always { .. }
            | ItemKind::Never { .. }
            | ItemKind::Budget { .. }
            | ItemKind::Broken { .. } => {}
        }
    }
}

fn params_declared(declared: &mut Vec<(Name, NameCase)>, params: &[Param]) {
    declared.extend(params.iter().map(|param| (param.name, NameCase::Snake)));
}
