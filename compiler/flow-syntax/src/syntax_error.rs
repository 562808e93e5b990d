//! Where the grammar stopped, in words: the typical mistakes by name, the rest by what was expected.
//!
//! Each explanation says as well how the tokens are mended so that the rest of the item can be read.

mod peers;

use flow_diagnostics::{Code, Diagnostic, FileId, Fix, Location, Span, is_misspelt, nearest};
use logos::Logos;

use crate::actions::Actions;
use crate::clauses::{self, Place, begins_clause};
use crate::codes;
pub(crate) use crate::complaints::{diagnostic as complaint, hidden_characters};
use crate::complaints::{safe, unsafe_fix};
use crate::expected::Expected;
use crate::foreign::{self, Sort};
use crate::items_to_ast::Failure;
use crate::text_to_tokens::{Tok, Token};
use crate::words;

/// A place where the grammar stopped.
pub(crate) struct Mistake<'a> {
    pub file: FileId,
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub failure: &'a Failure,
}

/// How the tokens of an item are mended so that the rest can be read.
pub(crate) enum Mend {
    /// This is missing before the token.
    Insert(Tok),
    /// The token means this.
    Replace(Tok),
    /// The token before is one too many.
    DropBefore,
    /// These tokens mean that.
    ReplaceAll(Vec<(usize, Tok)>),
    /// The clause around it is left out.
    LeaveOut,
    /// The line that it stands on is left out.
    LeaveOutLine,
}

type Explained = (Diagnostic, Mend);

/// Explains a mistake, and says how to go on.
pub(crate) fn explain(mistake: &Mistake<'_>) -> Explained {
    let at = mistake.failure.at;
    let reader = Reader {
        file: mistake.file,
        text: mistake.text,
        tokens: mistake.tokens,
        at,
        expected: Expected::new(&mistake.failure.expected),
        place: clauses::group_of(mistake.tokens, at).place,
    };
    reader
        .item_word()
        .or_else(|| reader.borrowed_word())
        .or_else(|| reader.of_peers())
        .or_else(|| reader.else_branch())
        .or_else(|| reader.equals())
        .or_else(|| reader.block_head())
        .or_else(|| reader.no_outcome())
        .or_else(|| reader.missing_arrow())
        .or_else(|| reader.missing_colon())
        .or_else(|| reader.missing_comma())
        .or_else(|| reader.hard_word())
        .or_else(|| reader.unknown_word())
        .unwrap_or_else(|| reader.anything_else())
}

/// What a tree of such tokens would be too deep for.
pub(crate) fn too_deep(at: Location) -> Diagnostic {
    Diagnostic::error(codes::TOO_DEEP, "this is nested too deeply", at, "more than 250 levels")
        .with_help("give the inner parts names of their own with `let`, `fn` or a block")
}

/// A mistake inside the braces of a hole.
pub(crate) fn in_hole(
    actions: &Actions<'_>,
    tokens: &[Token],
    failure: &Failure,
    inside: Span,
) -> Diagnostic {
    let at = tokens.get(failure.at).map_or(inside, |token| token.span());
    let expected = Expected::new(&failure.expected).in_words();
    let label = match expected {
        Some(words) if tokens.get(failure.at).is_none() => format!("ends too early; expected {words}"),
        Some(words) => format!("expected {words}"),
        None => "not expected here".to_owned(),
    };
    Diagnostic::error(codes::BAD_HOLE, "this hole cannot be read", at.at(actions.file), label)
        .with_help("a hole is a value, `{n as digits}` or `{n plural one \"caller\" other \"callers\"}`; `{{` is a brace")
}

/// A mistake with its surroundings.
struct Reader<'a> {
    file: FileId,
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    expected: Expected<'a>,
    place: Place,
}

impl Reader<'_> {
    fn tok(&self, ahead: usize) -> Option<Tok> {
        self.tokens.get(self.at + ahead).map(|token| token.tok)
    }

    fn before(&self, back: usize) -> Option<Token> {
        self.at.checked_sub(back).and_then(|at| self.tokens.get(at)).copied()
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The token's words.
    fn word(&self) -> &str {
        self.tokens.get(self.at).map_or("", |token| self.slice(token.span()))
    }

    fn word_before(&self, back: usize) -> &str {
        self.before(back).map_or("", |token| self.slice(token.span()))
    }

    /// The token's place; behind the last token when they end too early.
    fn here(&self) -> Location {
        match self.tokens.get(self.at) {
            Some(token) => token.span().at(self.file),
            None => self.gap(),
        }
    }

    /// The place right behind the token before.
    fn gap(&self) -> Location {
        let end = self.before(1).map_or(0, |token| token.end);
        Span::new(end, end).at(self.file)
    }

    fn error(&self, code: Code, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message, self.here(), label)
    }

    fn write(&self, text: &str) -> Fix {
        safe(&format!("write `{text}`"), self.here(), text)
    }

    /// Puts a word in the place of a misspelt one. It is safe where the word begins its line and can be no other:
    /// elsewhere the parser may be lost, and the word be one of many.
    fn respelt(&self, near: &[&str]) -> Fix {
        let right = near.first().copied().unwrap_or_default();
        let certain = near.len() == 1 && is_misspelt(self.word(), right) && self.begins();
        match certain {
            true => self.write(right),
            false => unsafe_fix(&format!("write `{right}`"), self.here(), right),
        }
    }

    /// Whether the token begins a line, or what stands between braces.
    fn begins(&self) -> bool {
        self.is_first_of_line(self.at) || self.before(1).is_none_or(|before| before.tok == Tok::OpenBrace)
    }

    /// The word that begins the item.
    fn item(&self) -> Option<&str> {
        let first = self.tokens.iter().find(|token| token.tok != Tok::Public)?;
        Some(self.slice(first.span()))
    }

    /// The item itself begins with something else.
    fn item_word(&self) -> Option<Explained> {
        let first = self.at == 0 || (self.at == 1 && self.before(1)?.tok == Tok::Public);
        if !first || self.expected.value() {
            return None;
        }
        let word = self.word();
        let all = nearest(word, words::ITEMS.iter().copied());
        if self.tok(0)?.is_word()
            && let Some(near) = all.first()
        {
            let fix = self.respelt(&all);
            let diagnostic = self
                .error(codes::UNKNOWN_WORD, format!("nothing in a file begins with `{word}`"), "unknown word")
                .with_help(format!("did you mean `{near}`?"))
                .with_fix(fix);
            return Some((diagnostic, Mend::Replace(token_of(near)?)));
        }
        if let Some(help) = foreign::ours(Sort::Item, word) {
            let diagnostic = self
                .error(
                    codes::UNKNOWN_WORD,
                    format!("nothing in a file begins with `{word}`"),
                    "a word of other systems",
                )
                .with_help(help);
            return Some((diagnostic, Mend::LeaveOut));
        }
        let diagnostic = self.error(
            codes::NOT_AN_ITEM,
            format!("`{word}` belongs to nothing in this file"),
            "no `flow`, `queue`, `calendar` … is open here",
        );
        let help = if begins_clause(Place::Flow, self.tok(0)?) || begins_clause(Place::Body, self.tok(0)?) {
            "blocks and clauses stand between the braces of a `flow`; perhaps a `}` before it is one too many"
        } else {
            "a file is made of `flow`, `queue`, `calendar`, `service`, `prompt`, `record`, `enum`, `test` and the like"
        };
        Some((diagnostic.with_help(help), Mend::LeaveOut))
    }

    /// `goto x`, `-> goto x`, `a ? b : c`, `function`, …: words of other languages.
    fn borrowed_word(&self) -> Option<Explained> {
        let next_is_name = self.tok(1).is_some_and(Tok::is_word);
        if matches!(self.word(), "goto" | "jump" | "go" | "next") && next_is_name && self.place == Place::Body
        {
            let word = self.word();
            let diagnostic = self
                .error(
                    codes::FOREIGN_ARROW,
                    format!("`{word}` is written `->`"),
                    "the call goes on with an arrow",
                )
                .with_help("write `->`")
                .with_fix(self.write("->"));
            return Some((diagnostic, Mend::Replace(Tok::Arrow)));
        }
        if matches!(self.word_before(1), "goto" | "jump" | "go") && self.before(2)?.tok == Tok::Arrow {
            let word = self.word_before(1);
            let place = self.before(1)?.span().to(Span::new(self.here().span.start, self.here().span.start));
            let only = self.before(1)?.span().at(self.file);
            let message = format!("`->` says it all: `{word}` is not needed");
            let diagnostic = Diagnostic::error(codes::FOREIGN_ARROW, message, only, "one word too many")
                .with_help("remove it")
                .with_fix(safe(&format!("remove `{word}`"), place.at(self.file), ""));
            return Some((diagnostic, Mend::DropBefore));
        }
        if self.tok(0) == Some(Tok::QuestionMark) {
            let diagnostic = self
                .error(codes::UNEXPECTED, "there is no `? :`", "not expected here")
                .with_help("decide with `when a then x otherwise y`");
            return Some((diagnostic, Mend::LeaveOut));
        }
        None
    }

    /// `else` behind an `if`, or as the last arm.
    fn else_branch(&self) -> Option<Explained> {
        if self.tok(0)? != Tok::Else {
            return None;
        }
        let clause = clauses::first_word(self.tokens, self.at);
        if clause == Some(Tok::If) {
            let diagnostic =
                self.error(codes::ELSE_BRANCH, "an `if` has no `else`", "not expected here").with_help(
                    "write a second `if not …`; or decide with `when … otherwise …`, where the call parts",
                );
            return Some((diagnostic, Mend::LeaveOut));
        }
        if matches!(clause, Some(Tok::When | Tok::On | Tok::Press | Tok::Share)) && self.place == Place::Body
        {
            let diagnostic = self
                .error(
                    codes::ELSE_BRANCH,
                    "the last arm begins with `otherwise`",
                    "`else` is for what is missing or fails",
                )
                .with_help("write `otherwise`")
                .with_fix(self.write("otherwise"));
            return Some((diagnostic, Mend::Replace(Tok::Otherwise)));
        }
        None
    }

    /// `=` for `==`, and the other way round.
    fn equals(&self) -> Option<Explained> {
        match self.tok(0)? {
            Tok::Assign if self.expected.has("==") => {
                let diagnostic = self
                    .error(codes::EQUALS, "one `=` gives a value; two compare", "compares nothing")
                    .with_help("write `==`")
                    .with_fix(self.write("=="));
                Some((diagnostic, Mend::Replace(Tok::Equal)))
            }
            Tok::Equal if self.expected.has("=") => {
                let diagnostic = self
                    .error(codes::EQUALS, "two `=` compare; one gives a value", "gives no value")
                    .with_help("write `=`")
                    .with_fix(self.write("="));
                Some((diagnostic, Mend::Replace(Tok::Assign)))
            }
            _ => None,
        }
    }

    /// `menue main {`, `main {`: the kind of a block.
    fn block_head(&self) -> Option<Explained> {
        if self.place != Place::Flow || !self.expected.has("KIND") || !self.tok(0)?.is_word() {
            return None;
        }
        let word = self.word();
        let opens = |tok: Option<Tok>| matches!(tok, Some(Tok::OpenBrace | Tok::OpenParen));
        if opens(self.tok(1)) {
            let diagnostic = self
                .error(
                    codes::MISSING_KIND,
                    format!("the block `{word}` does not say what it is"),
                    "a name without a kind",
                )
                .with_help(format!("write a kind before it: `menu {word}`, `greet {word}`, `step {word}` …"));
            return Some((diagnostic, Mend::Insert(Tok::KKind)));
        }
        if self.tok(1)?.is_word() && opens(self.tok(2)) {
            let mut diagnostic =
                self.error(codes::UNKNOWN_KIND, format!("there is no block kind `{word}`"), "unknown kind");
            let near = nearest(word, words::KINDS.iter().copied());
            diagnostic = match near.first() {
                Some(first) => {
                    diagnostic.with_help(format!("did you mean `{first}`?")).with_fix(self.respelt(&near))
                }
                None => match foreign::ours(Sort::Kind, word) {
                    Some(kind) => diagnostic.with_help(format!("the kind for this is {kind}")),
                    None => diagnostic.with_help(format!("the kinds are {}", words::list(&words::KINDS))),
                },
            };
            return Some((diagnostic, Mend::Replace(Tok::KKind)));
        }
        if begins_clause(Place::Body, self.tok(0)?) {
            let diagnostic = self
                .error(
                    codes::UNEXPECTED,
                    format!("`{word}` stands in no block"),
                    "only blocks, `on`, `press`, `state` and `speaks` stand directly in a flow",
                )
                .with_help(format!("put it into a block: `greet hello {{ {word} … }}`"));
            return Some((diagnostic, Mend::LeaveOut));
        }
        None
    }

    /// `on -> x`.
    fn no_outcome(&self) -> Option<Explained> {
        if self.before(1)?.tok != Tok::On || self.expected.value() || self.tok(0)?.is_word() {
            return None;
        }
        let on = self.before(1)?.span().at(self.file);
        let diagnostic = Diagnostic::error(codes::MISSING_OUTCOME, "this `on` names no outcome", on, "on what?")
            .with_help("name what happens: `on busy -> …`, `on no_input, no_match -> …`; `otherwise -> …` takes the rest");
        Some((diagnostic, Mend::LeaveOut))
    }

    /// `on busy message`, `press 1 for "sales" sales`.
    fn missing_arrow(&self) -> Option<Explained> {
        if !self.expected.has("->") || self.place == Place::Service {
            return None;
        }
        let arm = self.expected.has("{") && self.expected.has("return");
        let tok = self.tok(0)?;
        // A label without its text comes first: `press 1 for -> sales` lacks that, not the arrow.
        let names_place = tok.is_word()
            && !begins_clause(self.place, tok)
            && !self.tok(1).is_some_and(|next| next.is_literal() || next == Tok::Colon);
        let go = self.expected.has("return") || self.item() == Some("inbound");
        if names_place && go && !self.expected.clause() {
            let word = self.word();
            let diagnostic = self
                .error(
                    codes::MISSING_ARROW,
                    format!("there is no `->` before `{word}`"),
                    "the call goes on with an arrow",
                )
                .with_help(format!("write `-> {word}`"))
                .with_fix(safe(
                    &format!("write `-> {word}`"),
                    Span::new(self.here().span.start, self.here().span.start).at(self.file),
                    "-> ",
                ));
            return Some((diagnostic, Mend::Insert(Tok::Arrow)));
        }
        if arm && (tok == Tok::CloseBrace || begins_clause(self.place, tok)) {
            let start = clauses::first_index(self.tokens, self.at)?;
            let span = self.tokens[start].span().to(self.before(1)?.span());
            let written = self.slice(span);
            let written = written.split('\n').next().unwrap_or(written).trim_end();
            let diagnostic = Diagnostic::error(
                codes::MISSING_ARROW,
                format!("`{written}` does not say where the call goes"),
                span.at(self.file),
                "and then?",
            )
            .with_help("add `-> ` and the name of a block, or `{ … }` with an arrow at its end");
            return Some((diagnostic, Mend::LeaveOut));
        }
        None
    }

    /// `id text`, `state x = 3`, `fn f(): …` with an arrow.
    fn missing_colon(&self) -> Option<Explained> {
        if !self.expected.has(":") || self.expected.has("->") || self.expected.has("+") {
            return None;
        }
        let name = self.word_before(1);
        match self.tok(0)? {
            Tok::Arrow => {
                let diagnostic = self
                    .error(codes::MISSING_COLON, "a result type stands behind `:`", "`->` moves a call")
                    .with_help("write `:`")
                    .with_fix(self.write(":"));
                Some((diagnostic, Mend::Replace(Tok::Colon)))
            }
            Tok::Assign => {
                let diagnostic = self
                    .error(
                        codes::MISSING_COLON,
                        format!("`{name}` does not say its type"),
                        "expected `:` and a type",
                    )
                    .with_help(format!(
                        "write what it is before the `=`: `{name}: {} = …`",
                        self.type_ahead()
                    ));
                Some((diagnostic, Mend::LeaveOut))
            }
            tok if tok.is_word() || tok == Tok::Secret || tok.is_literal() => {
                let word = self.word();
                let diagnostic = Diagnostic::error(
                    codes::MISSING_COLON,
                    format!("there is no `:` between `{name}` and `{word}`"),
                    self.before(1)?.span().to(self.here().span).at(self.file),
                    "a name, then what it is",
                )
                .with_help(format!("write `{name}: {word}`"))
                .with_fix(safe("write `:`", self.gap(), ":"));
                Some((diagnostic, Mend::Insert(Tok::Colon)))
            }
            _ => None,
        }
    }

    /// The type of what stands behind the `=`, where its first sign tells it.
    fn type_ahead(&self) -> &'static str {
        let negative = usize::from(self.tok(1) == Some(Tok::Minus));
        match self.tok(1 + negative) {
            Some(Tok::Int) => "int",
            Some(Tok::Decimal) => "decimal",
            Some(Tok::True | Tok::False | Tok::Not) => "bool",
            Some(Tok::Duration) => "duration",
            Some(Tok::Date) => "date",
            Some(Tok::Clock) => "time",
            Some(Tok::DateTime) => "datetime",
            Some(Tok::None) => "text?",
            Some(Tok::Ident) if self.tok(2) == Some(Tok::OpenParen) => {
                let word = self.tokens.get(self.at + 1).map_or("", |token| self.slice(token.span()));
                let currency = word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase());
                if currency { "money" } else { "text" }
            }
            _ => "text",
        }
    }

    /// `a b` where `a, b` is meant.
    fn missing_comma(&self) -> Option<Explained> {
        let tok = self.tok(0)?;
        let starts_one = tok.is_word() || tok.is_literal();
        let in_list = self.expected.has(")") || self.expected.has("]") || self.place == Place::List;
        if !self.expected.has(",") || !starts_one || !in_list {
            return None;
        }
        let (left, right) = (self.word_before(1), self.word());
        let diagnostic = Diagnostic::error(
            codes::MISSING_COMMA,
            format!("there is no `,` between `{left}` and `{right}`"),
            self.before(1)?.span().to(self.here().span).at(self.file),
            "two things side by side",
        )
        .with_help("write a `,` between them")
        .with_fix(unsafe_fix("write `,`", self.gap(), ","));
        Some((diagnostic, Mend::Insert(Tok::Comma)))
    }

    /// `let not = …`.
    fn hard_word(&self) -> Option<Explained> {
        let word = self.word();
        if !self.expected.name_only() || !words::HARD.contains(&word) {
            return None;
        }
        let diagnostic = self
            .error(codes::HARD_WORD, format!("`{word}` cannot be a name"), "a word of the language")
            .with_note(format!("only these are never names: {}", words::list(&words::HARD)))
            .with_help("choose another name");
        Some((diagnostic, Mend::LeaveOut))
    }

    /// A clause that begins with a word of no clause.
    fn unknown_word(&self) -> Option<Explained> {
        let tok = self.tok(0)?;
        let known = words::of_place(self.place);
        let begins = known.iter().any(|word| self.expected.has(word)) && !self.expected.has("IDENT");
        let between = self.before(1)?.tok == Tok::OpenBrace
            || (self.before(1)?.tok.ends_operand() && self.place != Place::Body)
            || self.expected.clause();
        if !begins || !between || !tok.is_word() {
            return None;
        }
        let word = self.word();
        if self.place == Place::Body && (tok == Tok::KKind || tok == Tok::Queue) {
            let diagnostic = self
                .error(codes::UNEXPECTED, "a block cannot stand in a block", "a second block begins here")
                .with_help("close the block before it with `}`");
            return Some((diagnostic, Mend::LeaveOut));
        }
        let what = match self.place {
            Place::Test => "step of a test",
            Place::Calendar | Place::Holidays => "rule",
            Place::Service => "operation",
            _ => "clause",
        };
        let mut diagnostic =
            self.error(codes::UNKNOWN_WORD, format!("no {what} begins with `{word}`"), "unknown word");
        let near = nearest(word, known.iter().copied());
        let mend = match near.first() {
            Some(first) if self.begins() || is_misspelt(word, first) => {
                diagnostic =
                    diagnostic.with_help(format!("did you mean `{first}`?")).with_fix(self.respelt(&near));
                token_of(first).map_or(Mend::LeaveOut, Mend::Replace)
            }
            _ => {
                if known.len() <= 12 {
                    diagnostic = diagnostic.with_help(format!("the words are {}", words::list(known)));
                } else {
                    diagnostic =
                        diagnostic.with_help("see `flowc explain F0031` for the words that begin one");
                }
                Mend::LeaveOut
            }
        };
        Some((diagnostic, mend))
    }

    /// Everything without a name of its own: what is here, and what would be.
    fn anything_else(&self) -> Explained {
        let expected = self.expected.in_words();
        let ends = match self.tok(0) {
            None | Some(Tok::CloseBrace | Tok::CloseParen | Tok::CloseBracket) => true,
            Some(Tok::Arrow | Tok::Return) => self.expected.value(),
            Some(tok) => begins_clause(self.place, tok) && !self.expected.value(),
        };
        let first = clauses::first_index(self.tokens, self.at).unwrap_or(0);
        let subject = self.tokens.get(first).map_or("", |token| self.slice(token.span()));
        let form = words::form(subject, self.place).map(|form| format!("its form is `{form}`"));
        let with_form = |diagnostic: Diagnostic| match form {
            Some(form) => diagnostic.with_help(form),
            None => diagnostic,
        };
        if ends && let Some(before) = self.before(1) {
            let label = match expected {
                Some(words) => format!("expected {words} after this"),
                None => "something is missing after this".to_owned(),
            };
            let message = if subject.is_empty() {
                "this is not finished".to_owned()
            } else {
                format!("this `{subject}` is not finished")
            };
            let diagnostic =
                Diagnostic::error(codes::UNFINISHED, message, before.span().at(self.file), label);
            return (with_form(diagnostic), Mend::LeaveOut);
        }
        let word = self.word();
        let what = if word.starts_with('"') { "this text".to_owned() } else { format!("`{word}`") };
        let label = expected.map_or_else(|| "not expected".to_owned(), |words| format!("expected {words}"));
        (
            with_form(self.error(codes::UNEXPECTED, format!("{what} does not belong here"), label)),
            Mend::LeaveOut,
        )
    }
}

/// The token of a word of the language.
fn token_of(word: &str) -> Option<Tok> {
    Tok::lexer(word).next()?.ok()
}
