//! The kinds of tokens: the words and signs of the language, as logos reads them.
//!
//! The order matters: [`Tok::is_word`] asks whether a token lies among the words that may be names.

use logos::Logos;

/// What a piece of text is. It carries no data: a token's words and figures are read from its span.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[logos(skip r"[ \t\r\n\x0C\u{FEFF}]+")]
pub(crate) enum Tok {
    // The 18 hard words: never names.
    #[token("true")]
    True,
    #[token("false")]
    False,
    #[token("none")]
    None,
    #[token("not")]
    Not,
    #[token("and")]
    And,
    #[token("or")]
    Or,
    #[token("in")]
    In,
    #[token("is")]
    Is,
    #[token("else")]
    Else,
    #[token("when")]
    When,
    #[token("then")]
    Then,
    #[token("otherwise")]
    Otherwise,
    #[token("after")]
    After,
    #[token("every")]
    Every,
    #[token("return")]
    Return,
    #[token("secret")]
    Secret,
    #[token("in_turn")]
    InTurn,
    #[token("already")]
    Already,
    // Contextual words with a place of their own in the grammar; names everywhere else.
    #[token("public")]
    Public,
    #[token("edition")]
    Edition,
    #[token("use")]
    Use,
    #[token("as")]
    As,
    #[token("inbound")]
    Inbound,
    #[token("timezone")]
    Timezone,
    #[token("setting")]
    Setting,
    #[token("switch")]
    Switch,
    #[token("const")]
    Const,
    #[token("enum")]
    Enum,
    #[token("record")]
    Record,
    #[token("fn")]
    Fn,
    #[token("table")]
    Table,
    #[token("of")]
    Of,
    #[token("from")]
    From,
    #[token("prompt")]
    Prompt,
    #[token("calendar")]
    Calendar,
    #[token("like")]
    Like,
    #[token("holidays")]
    Holidays,
    #[token("service")]
    Service,
    #[token("at")]
    At,
    #[token("with")]
    With,
    #[token("skill")]
    Skill,
    #[token("team")]
    Team,
    #[token("agent")]
    Agent,
    #[token("roster")]
    Roster,
    #[token("limit")]
    Limit,
    #[token("per")]
    Per,
    #[token("queue")]
    Queue,
    #[token("flow")]
    Flow,
    #[token("gives")]
    Gives,
    #[token("campaign")]
    Campaign,
    #[token("test")]
    Test,
    #[token("always")]
    Always,
    #[token("never")]
    Never,
    #[token("budget")]
    Budget,
    #[token("open")]
    Open,
    #[token("closed")]
    Closed,
    #[token("day")]
    Day,
    #[token("observed")]
    Observed,
    #[token("substituted")]
    Substituted,
    #[token("easter")]
    Easter,
    #[token("to")]
    To,
    #[token("within")]
    Within,
    #[token("speaks")]
    Speaks,
    #[token("state")]
    State,
    #[token("set")]
    Set,
    #[token("say")]
    Say,
    #[token("play")]
    Play,
    #[token("do")]
    Do,
    #[token("send")]
    Send,
    #[token("count")]
    Count,
    #[token("reset")]
    Reset,
    #[token("if")]
    If,
    #[token("each")]
    Each,
    #[token("let")]
    Let,
    #[token("mark")]
    Mark,
    #[token("discard")]
    Discard,
    #[token("on")]
    On,
    #[token("times")]
    Times,
    #[token("press")]
    Press,
    #[token("for")]
    For,
    #[token("silently")]
    Silently,
    #[token("recording")]
    Recording,
    #[token("agents")]
    Agents,
    #[token("priority")]
    Priority,
    #[token("visits")]
    Visits,
    #[token("again")]
    Again,
    #[token("take")]
    Take,
    #[token("until")]
    Until,
    #[token("by")]
    By,
    #[token("check")]
    Check,
    #[token("confirm")]
    Confirm,
    #[token("during")]
    During,
    #[token("join")]
    Join,
    #[token("accept")]
    Accept,
    #[token("capacity")]
    Capacity,
    #[token("but")]
    But,
    #[token("pick")]
    Pick,
    #[token("prefer")]
    Prefer,
    #[token("music")]
    Music,
    #[token("ring")]
    Ring,
    #[token("show")]
    Show,
    #[token("assist")]
    Assist,
    #[token("afterwards")]
    Afterwards,
    #[token("deliver")]
    Deliver,
    #[token("question")]
    Question,
    #[token("scale")]
    Scale,
    #[token("key")]
    Key,
    #[token("voice")]
    Voice,
    #[token("retry")]
    Retry,
    #[token("share")]
    Share,
    #[token("pace")]
    Pace,
    #[token("call")]
    Call,
    #[token("skip")]
    Skip,
    #[token("given")]
    Given,
    #[token("answers")]
    Answers,
    #[token("fails")]
    Fails,
    #[token("draw")]
    Draw,
    #[token("party")]
    Party,
    #[token("declines")]
    Declines,
    #[token("presses")]
    Presses,
    #[token("hangs")]
    Hangs,
    #[token("up")]
    Up,
    #[token("time")]
    Time,
    #[token("passes")]
    Passes,
    #[token("caller")]
    Caller,
    #[token("waits")]
    Waits,
    #[token("sees")]
    Sees,
    #[token("starts")]
    Starts,
    #[token("expect")]
    Expect,
    #[token("leads")]
    Leads,
    #[token("plural")]
    Plural,
    #[token("announce")]
    Announce,
    // Classes: words of one shape share one token, which keeps the tables small.
    #[token("greet")]
    #[token("step")]
    #[token("route")]
    #[token("after_hours")]
    #[token("menu")]
    #[token("collect")]
    #[token("dial")]
    #[token("callback")]
    #[token("voicemail")]
    #[token("survey")]
    #[token("detect")]
    #[token("transfer")]
    #[token("conference")]
    #[token("run")]
    #[token("end")]
    #[token("decline")]
    KKind,
    #[token("wait")]
    #[token("gap")]
    #[token("recall")]
    #[token("longest")]
    #[token("silence")]
    #[token("delay")]
    #[token("expires")]
    #[token("wrap")]
    KDuration,
    #[token("code")]
    #[token("concurrent")]
    KInt,
    #[token("number")]
    #[token("room")]
    #[token("questions")]
    KExpr,
    #[token("ask")]
    #[token("whisper")]
    KSpoken,
    #[token("get")]
    #[token("post")]
    #[token("put")]
    #[token("delete")]
    KMethod,
    #[token("ready")]
    #[token("busy")]
    #[token("away")]
    KState,
    #[token("enters")]
    #[token("says")]
    #[token("hears")]
    KVerb,
    #[token("mon")]
    #[token("tue")]
    #[token("wed")]
    #[token("thu")]
    #[token("fri")]
    #[token("sat")]
    #[token("sun")]
    KDay,
    #[token("jan")]
    #[token("feb")]
    #[token("mar")]
    #[token("apr")]
    #[token("may")]
    #[token("jun")]
    #[token("jul")]
    #[token("aug")]
    #[token("sep")]
    #[token("oct")]
    #[token("nov")]
    #[token("dec")]
    KMonth,
    #[token("first")]
    #[token("second")]
    #[token("third")]
    #[token("fourth")]
    #[token("fifth")]
    #[token("last")]
    KOrdinal,
    /// Any other name.
    #[regex("[A-Za-z_][A-Za-z0-9_]*", priority = 3)]
    Ident,
    /// A name with letters outside ASCII: reported, then read as a name.
    #[regex(r"[\p{L}_][\p{L}\p{N}\p{M}_]*", priority = 2)]
    ForeignIdent,

    // Literals.
    #[regex("[0-9]+", priority = 10)]
    Int,
    #[regex(r"[0-9]+\.[0-9]+", priority = 10)]
    Decimal,
    #[regex("[0-9]+%", priority = 10)]
    Percent,
    #[regex("([0-9]+(ms|s|m|h|d))+", priority = 10)]
    Duration,
    #[regex("[0-9]{4}-[0-9]{2}-[0-9]{2}", priority = 30)]
    Date,
    #[regex("[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", priority = 30)]
    Clock,
    #[regex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", priority = 40)]
    DateTime,
    /// `5min`, `1.5h`: figures with letters that mean nothing.
    #[regex(r"[0-9]+(\.[0-9]+)?[A-Za-z_][0-9A-Za-z_]*", priority = 4)]
    BadNumber,
    /// `2026-3-5`: a date with figures left out.
    #[regex("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(T[0-9:]*)?", priority = 4)]
    BadDate,
    /// `"…"`, holes and all.
    #[token("\"")]
    Text,
    /// A text whose closing quote is missing; it ends with its line.
    UnclosedText,
    /// `'…'` or `“…”`: read as text.
    #[token("'")]
    #[token("‘")]
    #[token("“")]
    #[token("„")]
    #[token("«")]
    ForeignText,

    // Signs.
    #[token("{")]
    OpenBrace,
    #[token("}")]
    CloseBrace,
    #[token("(")]
    OpenParen,
    #[token(")")]
    CloseParen,
    #[token("[")]
    OpenBracket,
    #[token("]")]
    CloseBracket,
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token(".")]
    Dot,
    #[token("?.")]
    QuestionDot,
    #[token("..")]
    DotDot,
    #[token("->")]
    Arrow,
    #[token("=")]
    Assign,
    #[token("==")]
    Equal,
    #[token("!=")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessOrEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterOrEqual,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("%")]
    PercentSign,
    #[token("#")]
    Hash,
    #[token("?")]
    QuestionMark,
    #[token("_", priority = 5)]
    Underscore,

    // Signs of other languages: each has one meaning here, which is reported and put in its place.
    #[token(";")]
    Semicolon,
    #[token("=>")]
    #[token("→")]
    #[token("-->")]
    ForeignArrow,
    #[token("&&")]
    ForeignAnd,
    #[token("||")]
    ForeignOr,
    #[token("!")]
    ForeignNot,
    #[regex(r"/\*")]
    BlockComment,

    // Comments: kept beside the tokens.
    #[regex(r"//[^\n]*", allow_greedy = true)]
    Comment,

    /// Nothing that the language knows.
    Unknown,

    // Made by the parser's driver, never read from text: which rule of the grammar is wanted, and …
    StartItem,
    StartHole,
    /// A word where a name may stand.
    Name,
}

impl Tok {
    /// Whether it is a word that may be a name: everything spelt with letters but the hard words.
    pub(crate) fn is_word(self) -> bool {
        (self as u8) >= (Tok::Public as u8) && (self as u8) <= (Tok::Ident as u8)
    }

    /// Whether it goes to the grammar as it is: no comment, nothing to complain of, and no `#`, which may be the
    /// beginning of a comment of other languages.
    pub(crate) fn is_plain(self) -> bool {
        !matches!(
            self,
            Tok::ForeignIdent
                | Tok::BadNumber
                | Tok::BadDate
                | Tok::UnclosedText
                | Tok::ForeignText
                | Tok::Hash
                | Tok::Semicolon
                | Tok::ForeignArrow
                | Tok::ForeignAnd
                | Tok::ForeignOr
                | Tok::ForeignNot
                | Tok::BlockComment
                | Tok::Comment
                | Tok::Unknown
        )
    }

    /// Whether it is one of `{ } ( ) [ ]`.
    pub(crate) fn is_bracket(self) -> bool {
        (self as u8) >= (Tok::OpenBrace as u8) && (self as u8) <= (Tok::CloseBracket as u8)
    }

    /// Whether an expression can end with this token.
    pub(crate) fn ends_operand(self) -> bool {
        self.is_word()
            || self.is_literal()
            || matches!(
                self,
                Tok::True
                    | Tok::False
                    | Tok::None
                    | Tok::Underscore
                    | Tok::CloseBrace
                    | Tok::CloseParen
                    | Tok::CloseBracket
            )
    }

    /// Whether it is a figure, a date, a text …
    pub(crate) fn is_literal(self) -> bool {
        matches!(
            self,
            Tok::Int
                | Tok::Decimal
                | Tok::Percent
                | Tok::Duration
                | Tok::Date
                | Tok::Clock
                | Tok::DateTime
                | Tok::Text
        )
    }
}
