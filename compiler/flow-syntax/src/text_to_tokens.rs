//! Text to tokens: words, literals, signs and comments with their byte spans.
//!
//! It never fails: what is not of the language becomes [`Tok::Unknown`] and a diagnostic, and the parser
//! goes on. It knows nothing of items or grammar rules; text literals are only measured here (their escapes
//! and holes are read by `text_literal`), and comments go to a side table.

use flow_diagnostics::Span;
use logos::Logos;

/// How deep texts may stand in the holes of texts (`"{a else "{b}"}"` is two).
pub(crate) const MAX_TEXT_NESTING: usize = 4;

/// How many bytes of a file may be looked at in vain for the ends of holes.
const MAX_WASTED: usize = 1 << 22;

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

    // Made by the parser's driver, never read from text: which rule of the grammar is wanted.
    StartItem,
    StartHole,
}

impl Tok {
    /// Whether it is a word that may be a name: everything spelt with letters but the hard words.
    pub(crate) fn is_word(self) -> bool {
        (self as u8) >= (Tok::Public as u8) && (self as u8) <= (Tok::Ident as u8)
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

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub tok: Tok,
    pub start: u32,
    pub end: u32,
}

impl Token {
    /// Its bytes.
    pub(crate) fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// What a comment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentKind {
    /// `//`
    Line,
    /// `///`: about what follows.
    Doc,
    /// `//!`: about the file.
    FileDoc,
}

/// A comment, kept for documentation and for the formatter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// From its slashes to the end of its line.
    pub span: Span,
    pub kind: CommentKind,
    /// Nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// The tokens of `text`, in order, with the bytes counted from `offset`. Comments are pushed to `comments`,
/// complaints to `complain`.
pub(crate) fn tokens_of(
    text: &str,
    offset: u32,
    comments: &mut Vec<Comment>,
    mut complain: impl FnMut(Complaint),
) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5 + 8);
    let mut lexer = Tok::lexer(text);
    let mut wasted = 0;
    while let Some(read) = lexer.next() {
        let mut range = lexer.span();
        let read = match read {
            Ok(Tok::Text) => {
                let (length, closed) = text_length(lexer.remainder(), &mut wasted);
                lexer.bump(length);
                Ok(if closed { Tok::Text } else { Tok::UnclosedText })
            }
            Ok(Tok::ForeignText) => {
                let (length, read) = foreign_text_length(&text[range.clone()], lexer.remainder());
                lexer.bump(length);
                Ok(read)
            }
            read => read,
        };
        range.end = lexer.span().end;
        let span = Span::new(offset + range.start as u32, offset + range.end as u32);
        let slice = &text[range.clone()];
        let mut push = |tok: Tok| tokens.push(Token { tok, start: span.start, end: span.end });
        match read.unwrap_or(Tok::Unknown) {
            Tok::Comment => comments.push(Comment {
                span: Span::new(span.start, span.start + slice.trim_end().len() as u32),
                kind: comment_kind(slice),
                own_line: text[..range.start]
                    .bytes()
                    .rev()
                    .find(|b| !b" \t\r\x0C".contains(b))
                    .is_none_or(|b| b == b'\n'),
            }),
            Tok::Semicolon => complain(Complaint::Semicolon(span)),
            Tok::ForeignArrow => {
                complain(Complaint::ForeignArrow(span));
                push(Tok::Arrow);
            }
            Tok::ForeignAnd => {
                complain(Complaint::ForeignWord(span, "and"));
                push(Tok::And);
            }
            Tok::ForeignOr => {
                complain(Complaint::ForeignWord(span, "or"));
                push(Tok::Or);
            }
            Tok::ForeignNot => {
                complain(Complaint::ForeignWord(span, "not"));
                push(Tok::Not);
            }
            Tok::ForeignText => {
                complain(Complaint::ForeignQuotes(span));
                push(Tok::Text);
            }
            Tok::ForeignIdent => {
                complain(Complaint::ForeignName(span));
                push(Tok::Ident);
            }
            Tok::UnclosedText => {
                complain(Complaint::UnclosedText(span));
                push(Tok::Text);
            }
            Tok::BadNumber => {
                complain(Complaint::BadNumber(span));
                push(Tok::Duration);
            }
            Tok::BadDate => {
                complain(Complaint::BadDate(span));
                push(if slice.contains('T') { Tok::DateTime } else { Tok::Date });
            }
            Tok::BlockComment => {
                let rest = lexer.remainder();
                let length = rest.find("*/").map_or(rest.len(), |at| at + 2);
                lexer.bump(length);
                complain(Complaint::BlockComment(Span::new(span.start, span.end + length as u32)));
            }
            Tok::Unknown => {
                // A run of strange characters is one complaint.
                match tokens.last_mut() {
                    Some(last) if last.tok == Tok::Unknown && last.end == span.start => last.end = span.end,
                    _ => tokens.push(Token { tok: Tok::Unknown, start: span.start, end: span.end }),
                }
            }
            tok => push(tok),
        }
    }
    tokens.retain(|token| {
        if token.tok == Tok::Unknown {
            complain(Complaint::StrangeCharacters(token.span()));
        }
        token.tok != Tok::Unknown
    });
    tokens
}

/// What the lexer has to say; `syntax_error` words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Complaint {
    StrangeCharacters(Span),
    Semicolon(Span),
    ForeignArrow(Span),
    /// `&&` for `and`.
    ForeignWord(Span, &'static str),
    ForeignQuotes(Span),
    ForeignName(Span),
    UnclosedText(Span),
    BadNumber(Span),
    BadDate(Span),
    BlockComment(Span),
}

impl Complaint {
    /// Where the text is so broken that what follows on its line says nothing.
    pub(crate) fn spoils(self) -> Option<u32> {
        match self {
            Complaint::StrangeCharacters(span)
            | Complaint::UnclosedText(span)
            | Complaint::BlockComment(span) => Some(span.start),
            _ => None,
        }
    }
}

fn comment_kind(comment: &str) -> CommentKind {
    if comment.starts_with("//!") {
        CommentKind::FileDoc
    } else if comment.starts_with("///") && !comment.starts_with("////") {
        CommentKind::Doc
    } else {
        CommentKind::Line
    }
}

/// After an opening quote: how many bytes the text goes on, its closing quote included, and whether there is
/// one. A text never leaves its line. A hole may hold texts of its own; when a hole is not closed on the line
/// the text ends at the next quote instead. `wasted` counts the bytes looked at in vain, so that a file full
/// of open holes does not take for ever.
fn text_length(rest: &str, wasted: &mut usize) -> (usize, bool) {
    let bytes = rest.as_bytes();
    let mut at = 0;
    let mut holes = *wasted < MAX_WASTED;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return (at + 1, true),
            b'\n' => break,
            b'\\' if bytes.get(at + 1).is_some_and(|b| *b != b'\n') => at += 2,
            b'{' if bytes.get(at + 1) == Some(&b'{') => at += 2,
            b'{' if holes => match hole_length(&rest[at + 1..]) {
                Ok(length) => at += 1 + length,
                Err(looked_at) => {
                    *wasted += looked_at;
                    holes = false;
                    at += 1;
                }
            },
            _ => at += 1,
        }
    }
    let at = at.min(bytes.len());
    (rest[..floor(rest, at)].trim_end_matches(['\r', ' ', '\t']).len(), false)
}

/// After the `{` of a hole: how many bytes it goes on, its `}` included, if it is closed on its line; else how
/// many bytes were looked at.
pub(crate) fn hole_length(rest: &str) -> Result<usize, usize> {
    let bytes = rest.as_bytes();
    // Even: in a hole; odd: in a text within a hole.
    let mut depth = 0;
    let mut at = 0;
    while at < bytes.len() {
        let in_text = depth % 2 == 1;
        match bytes[at] {
            b'\n' => return Err(at),
            b'}' if depth == 0 => return Ok(at + 1),
            b'}' if !in_text => depth -= 1,
            b'"' if in_text => depth -= 1,
            b'"' => depth += 1,
            b'\\' if in_text => at += 1,
            b'{' if in_text && bytes.get(at + 1) == Some(&b'{') => at += 1,
            b'{' if in_text => depth += 1,
            _ => {}
        }
        at += 1;
    }
    Err(at.min(bytes.len()))
}

/// The nearest character boundary at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// After a quote of another kind: a text when its partner stands on the same line, else a strange character.
fn foreign_text_length(open: &str, rest: &str) -> (usize, Tok) {
    let closers: &[char] = match open {
        "'" => &['\''],
        "‘" => &['’'],
        "„" => &['“', '”', '"'],
        "«" => &['»'],
        _ => &['”', '"'],
    };
    let line = rest.split('\n').next().unwrap_or("");
    match line.find(closers) {
        Some(at) => (at + line[at..].chars().next().map_or(0, char::len_utf8), Tok::ForeignText),
        None => (0, Tok::Unknown),
    }
}
