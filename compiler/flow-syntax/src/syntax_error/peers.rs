//! What people write who come from other systems, and texts without quotes: what it is here.
//!
//! Such a line is lost to the parser, so that nothing in it is changed without a person looking: but for signs and
//! names of days that have one meaning.

use flow_diagnostics::{Diagnostic, Edit, Fix, Span};

use super::{Explained, Mend, Reader};
use crate::clauses::{Place, begins_clause};
use crate::codes;
use crate::complaints::{safe, unsafe_fix};
use crate::foreign::{self, Sort};
use crate::text_to_tokens::Tok;
use crate::words;

/// Words that a text follows.
const SPEAK: [&str; 8] = ["say", "announce", "ask", "again", "whisper", "play", "music", "confirm"];
/// The ways to pick somebody that are two words.
const PICKS: [&str; 5] = ["longest_idle", "least_busy", "fewest_calls", "round_robin", "in_order"];

impl Reader<'_> {
    /// What is written as another system has it.
    pub(super) fn of_peers(&self) -> Option<Explained> {
        self.unquoted()
            .or_else(|| self.assignment())
            .or_else(|| self.days())
            .or_else(|| self.hours())
            .or_else(|| self.outcome_without_on())
            .or_else(|| self.if_that_goes())
            .or_else(|| self.else_with_braces())
            .or_else(|| self.span_without_unit())
            .or_else(|| self.pick_of_two_words())
            .or_else(|| self.agents_by_name())
            .or_else(|| self.named_block())
            .or_else(|| self.borrowed_clause())
    }

    /// The first token of the line of the failing one, or of the one before it when the line ended too early.
    fn line(&self) -> usize {
        let mut first = self.at.min(self.tokens.len().saturating_sub(1));
        if self.at >= self.tokens.len() || self.is_first_of_line(self.at) {
            first = self.at.saturating_sub(1);
        }
        while first > 0 && !self.is_first_of_line(first) {
            first -= 1;
        }
        first
    }

    /// Whether a token begins its line.
    pub(super) fn is_first_of_line(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.end);
        at == 0 || self.text.get(before as usize..token.start as usize).is_some_and(|gap| gap.contains('\n'))
    }

    fn word_at(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| self.slice(token.span()))
    }

    fn tok_at(&self, at: usize) -> Option<Tok> {
        self.tokens.get(at).map(|token| token.tok)
    }

    /// The rest of a line behind a token: without the comment, a brace, an arrow.
    fn rest_of_line(&self, from: u32) -> Span {
        let rest = self.text.get(from as usize..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        let ends = ["->", "//", "{", "}"].iter().filter_map(|sign| line.find(sign)).min();
        let text = line.get(..ends.unwrap_or(line.len())).unwrap_or(line);
        let start = from + (text.len() - text.trim_start().len()) as u32;
        Span::new(start, start + text.trim().len() as u32)
    }

    /// `say Welcome to support`, `music hold`, `press 1 for Sales department -> …`
    fn unquoted(&self) -> Option<Explained> {
        if !matches!(self.place, Place::Body | Place::Flow | Place::Header) {
            return None;
        }
        let line = self.line();
        let last = self.at.min(self.tokens.len());
        let word = (line..last).rev().find(|at| {
            let speaks = SPEAK.contains(&self.word_at(*at));
            let labels =
                matches!(self.tok_at(*at), Some(Tok::For | Tok::To)) && self.tok_at(line) == Some(Tok::Press);
            speaks || labels
        })?;
        let begins = word + 1;
        let (first, lost) = (self.tokens.get(begins)?, self.tok_at(self.at)?);
        // What is lost stands on the line, behind nothing but words.
        let words = self.tokens.get(begins..self.at.max(begins + 1))?;
        let plain = words
            .iter()
            .all(|token| token.tok.is_word() || matches!(token.tok, Tok::Int | Tok::Comma | Tok::Dot));
        let here = self.at >= begins && !self.is_first_of_line(self.at) && !self.is_first_of_line(begins);
        if !here
            || !first.tok.is_word()
            || !plain
            || !(lost.is_word() || lost == Tok::Int || lost == Tok::Comma)
        {
            return None;
        }
        let written = self.rest_of_line(first.start);
        let text = self.slice(written);
        if text.contains(['"', '\'']) {
            return None;
        }
        let word = self.word_at(word);
        let diagnostic = Diagnostic::error(
            codes::UNQUOTED,
            "this text has no quotes",
            written.at(self.file),
            "words to be spoken, or a name?",
        )
        .with_help(format!("a text stands in quotes: `{word} \"{text}\"`"))
        .with_fix(unsafe_fix("put it in quotes", written.at(self.file), &format!("\"{text}\"")));
        Some((diagnostic, Mend::LeaveOutLine))
    }

    /// `count = count + 1`
    fn assignment(&self) -> Option<Explained> {
        let line = match self.tok(0)? {
            Tok::Assign => self.at.checked_sub(1)?,
            _ => self.at,
        };
        let start = self.tokens.get(line)?;
        let begins = self.is_first_of_line(line) || line > 0 && self.tok_at(line - 1) == Some(Tok::OpenBrace);
        let named = start.tok.is_word() && self.tok_at(line + 1) == Some(Tok::Assign);
        if self.place != Place::Body
            || !named
            || !begins
            || matches!(start.tok, Tok::Let | Tok::Set | Tok::Mark)
        {
            return None;
        }
        let name = self.word_at(line);
        let rest = self.rest_of_line(start.start);
        let diagnostic = Diagnostic::error(
            codes::FOREIGN_FORM,
            format!("`{name}` is changed by `set`"),
            start.span().at(self.file),
            "begins no clause",
        )
        .with_help(format!(
            "write `set {}`, where the flow has `state {name}: …`; a name of the block alone begins with `let`",
            self.slice(rest)
        ))
        .with_fix(unsafe_fix("write `set`", Span::new(start.start, start.start).at(self.file), "set "));
        Some((diagnostic, Mend::LeaveOutLine))
    }

    /// `open monday to friday`, `closed december 24`, `open mon-fri`
    fn days(&self) -> Option<Explained> {
        if !matches!(self.place, Place::Calendar | Place::Holidays) {
            return None;
        }
        let line = self.line_of_rule();
        let (mut edits, mut mends, mut written) = (Vec::new(), Vec::new(), Vec::new());
        for at in line.clone() {
            let Some(token) = self.tokens.get(at) else { continue };
            let is_as = at > 0 && self.tok_at(at - 1) == Some(Tok::As);
            let word = self.word_at(at);
            let found = match token.tok {
                Tok::Ident if is_as => None,
                Tok::Ident => match (foreign::weekday(word), foreign::month(word)) {
                    (Some(day), _) => Some((day, Tok::KDay)),
                    (_, Some(month)) => Some((month, Tok::KMonth)),
                    _ => None,
                },
                Tok::Minus if self.is_day(at.wrapping_sub(1)) && self.is_day(at + 1) => {
                    Some((" to ", Tok::To))
                }
                _ => None,
            };
            if let Some((right, tok)) = found {
                edits.push(Edit { location: token.span().at(self.file), text: right.into() });
                mends.push((at, tok));
                written.push((word, right.trim()));
            }
        }
        let (first, right) = *written.first()?;
        let at = edits[0].location;
        let message = format!("`{first}` is written `{right}`");
        let all: Vec<String> = written.iter().map(|(_, right)| format!("`{right}`")).collect();
        let mut diagnostic = Diagnostic::error(
            codes::FOREIGN_FORM,
            message,
            at,
            "days and months have three letters, and `to` between them",
        )
        .with_help(format!("write {}", all.join(", ")));
        diagnostic.fixes.push(Fix { edits, ..safe("write it so", at, "") });
        Some((diagnostic, Mend::ReplaceAll(mends)))
    }

    fn is_day(&self, at: usize) -> bool {
        self.tok_at(at) == Some(Tok::KDay) || foreign::weekday(self.word_at(at)).is_some()
    }

    /// The tokens of the rule around the failing one.
    fn line_of_rule(&self) -> std::ops::Range<usize> {
        let begins = |at: usize| self.tok_at(at).is_some_and(|tok| begins_clause(self.place, tok));
        let last = self.at.min(self.tokens.len().saturating_sub(1));
        let start = (0..=last).rev().find(|at| *at < self.at && begins(*at)).unwrap_or(last);
        let end = (last + 1..self.tokens.len()).find(|at| begins(*at) || self.is_first_of_line(*at));
        start..end.unwrap_or(self.tokens.len())
    }

    /// `09:00-17:00`, `5:30pm`, `9..17`
    fn hours(&self) -> Option<Explained> {
        if self.place != Place::Calendar {
            return None;
        }
        if self.tok(0)? == Tok::Minus && self.before(1)?.tok == Tok::Clock && self.tok(1)? == Tok::Clock {
            let diagnostic = self
                .error(codes::FOREIGN_FORM, "hours are written with `..`", "from when to when?")
                .with_help(format!("write `{}..{}`", self.word_before(1), self.word_at(self.at + 1)))
                .with_fix(self.write(".."));
            return Some((diagnostic, Mend::Replace(Tok::DotDot)));
        }
        let half = self.word().to_ascii_lowercase();
        if matches!(half.as_str(), "am" | "pm") && self.before(1)?.tok == Tok::Clock {
            let span = self.before(1)?.span().to(self.here().span);
            let right = foreign::clock(self.slice(span))?;
            let diagnostic = Diagnostic::error(
                codes::FOREIGN_FORM,
                "times have 24 hours",
                span.at(self.file),
                "not a time of day",
            )
            .with_help(format!("write `{right}`"))
            .with_fix(unsafe_fix(&format!("write `{right}`"), span.at(self.file), &right));
            return Some((diagnostic, Mend::LeaveOutLine));
        }
        if self.tok(0)? == Tok::Int && matches!(self.tok(1), Some(Tok::DotDot | Tok::Minus | Tok::To)) {
            let diagnostic = self
                .error(codes::FOREIGN_FORM, "times have hours and minutes", "not a time of day")
                .with_help(format!("write `{:0>2}:00..17:00`, for example", self.word()));
            return Some((diagnostic, Mend::LeaveOutLine));
        }
        None
    }

    /// `no_input -> bye`
    fn outcome_without_on(&self) -> Option<Explained> {
        let arrow = matches!(self.tok(1), Some(Tok::Arrow | Tok::Comma));
        if !matches!(self.place, Place::Body | Place::Flow) || !arrow || !self.is_first_of_line(self.at) {
            return None;
        }
        let word = self.word();
        if !words::OUTCOMES.contains(&word) && foreign::outcomes(word).is_empty() {
            return None;
        }
        let ours = if words::OUTCOMES.contains(&word) { word } else { *foreign::outcomes(word).first()? };
        let start = Span::new(self.here().span.start, self.here().span.start).at(self.file);
        let diagnostic = self
            .error(
                codes::FOREIGN_FORM,
                format!("what happens is named by `on`: `on {ours}`"),
                "begins no clause",
            )
            .with_help(format!("write `on {ours} -> BLOCK`"))
            .with_fix(unsafe_fix("write `on`", start, "on "));
        Some((diagnostic, Mend::LeaveOutLine))
    }

    /// `if x -> a else -> b`
    fn if_that_goes(&self) -> Option<Explained> {
        if self.tok(0)? != Tok::Arrow || !self.expected.has("{") {
            return None;
        }
        let clause = (0..self.at)
            .rev()
            .take_while(|at| !matches!(self.tok_at(*at), Some(Tok::OpenBrace | Tok::CloseBrace)));
        let clause = clause.into_iter().find(|at| self.tok_at(*at) == Some(Tok::If))?;
        let condition = self.tokens.get(clause)?.span();
        let diagnostic = self
            .error(codes::ELSE_BRANCH, "an `if` does not part the call", "goes nowhere")
            .with_label(condition.at(self.file), "has a body of statements, and goes on behind it")
            .with_help("decide with `when … -> BLOCK`, and `otherwise -> BLOCK` last");
        Some((diagnostic, Mend::LeaveOutLine))
    }

    /// `else { return declined }`
    fn else_with_braces(&self) -> Option<Explained> {
        if self.tok(0)? != Tok::OpenBrace || self.before(1)?.tok != Tok::Else {
            return None;
        }
        let close = self.text.get(self.here().span.start as usize..)?.split('\n').next()?;
        let inner = close.get(1..close.find('}')?)?.trim();
        let goes = inner.starts_with("->") || inner.starts_with("return");
        let span = Span::new(self.here().span.start, self.here().span.start + close.find('}')? as u32 + 1);
        let diagnostic = self.error(
            codes::FOREIGN_FORM,
            "after `else` the call goes on at once, without braces",
            "not a body",
        );
        let diagnostic = if goes {
            diagnostic.with_help(format!("write `else {inner}`")).with_fix(unsafe_fix(
                &format!("write `{inner}`"),
                span.at(self.file),
                inner,
            ))
        } else {
            diagnostic.with_help("write `else -> BLOCK`, and put the rest into that block")
        };
        Some((diagnostic, Mend::LeaveOutLine))
    }

    /// `longest 10`, `longest 5 minutes`
    fn span_without_unit(&self) -> Option<Explained> {
        let before = self.before(1)?.tok;
        let timed =
            matches!(before, Tok::KDuration | Tok::Every | Tok::After | Tok::For | Tok::Within | Tok::Per);
        if self.tok(0)? != Tok::Int || !timed || !self.expected.has("DURATION") || self.expected.value() {
            return None;
        }
        let (word, number) = (self.word_before(1), self.word());
        let unit = match self.word_at(self.at + 1).to_ascii_lowercase().as_str() {
            "ms" | "milliseconds" | "millis" => Some("ms"),
            "s" | "sec" | "secs" | "second" | "seconds" => Some("s"),
            "m" | "min" | "mins" | "minute" | "minutes" => Some("m"),
            "h" | "hr" | "hrs" | "hour" | "hours" => Some("h"),
            "d" | "day" | "days" => Some("d"),
            _ => None,
        };
        let Some(unit) = unit else {
            let diagnostic = self
                .error(codes::FOREIGN_FORM, format!("`{number}` has no unit"), "how long is that?")
                .with_help(format!(
                    "write `{word} {number}s` for seconds, or `{word} {number}m` for minutes"
                ));
            return Some((diagnostic, Mend::Replace(Tok::Duration)));
        };
        let span = self.here().span.to(self.tokens.get(self.at + 1)?.span());
        let right = format!("{number}{unit}");
        let diagnostic = Diagnostic::error(
            codes::FOREIGN_FORM,
            format!("this time span is written `{right}`"),
            span.at(self.file),
            "a figure with its unit",
        )
        .with_help(format!("write `{word} {right}`"))
        .with_fix(unsafe_fix(&format!("write `{right}`"), span.at(self.file), &right));
        Some((diagnostic, Mend::LeaveOutLine))
    }

    /// `pick longest idle`
    fn pick_of_two_words(&self) -> Option<Explained> {
        if self.before(2)?.tok != Tok::Pick || !self.tok(0)?.is_word() || self.is_first_of_line(self.at) {
            return None;
        }
        let span = self.before(1)?.span().to(self.here().span);
        let joined = format!("{}_{}", self.word_before(1), self.word());
        let right = PICKS.contains(&joined.as_str());
        let ways: Vec<String> = PICKS.iter().map(|way| format!("`{way}`")).collect();
        let mut diagnostic = Diagnostic::error(
            codes::FOREIGN_FORM,
            "how agents are picked is one word",
            span.at(self.file),
            "two words",
        );
        diagnostic = match right {
            true => diagnostic.with_help(format!("write `pick {joined}`")).with_fix(unsafe_fix(
                &format!("write `{joined}`"),
                span.at(self.file),
                &joined,
            )),
            false => diagnostic.with_help(format!("write `pick` and one of {}", ways.join(", "))),
        };
        Some((diagnostic, Mend::LeaveOutLine))
    }

    /// `agents tony, maria`
    fn agents_by_name(&self) -> Option<Explained> {
        if self.before(1)?.tok != Tok::Agents || !self.tok(0)?.is_word() || self.is_first_of_line(self.at) {
            return None;
        }
        let name = self.word();
        let diagnostic = self
            .error(codes::FOREIGN_FORM, "a queue names who serves it by team or skill", "not a team, nor a skill")
            .with_help(format!(
                "write `agents in {name}` if that is a team, `agents with {name}` if it is a skill, or `agents` alone for all; \
                 who is in a team stands at the agent: `agent tony at \"sip:…\" in TEAM {{ }}`"
            ));
        Some((diagnostic, Mend::LeaveOutLine))
    }

    /// `end tell(order) {`
    fn named_block(&self) -> Option<Explained> {
        if self.place != Place::Flow
            || !matches!(self.tok(0)?, Tok::CloseParen | Tok::Comma)
            || !self.expected.has(":")
        {
            return None;
        }
        let name = self.word_before(1);
        let gap = self.gap();
        let diagnostic = Diagnostic::error(
            codes::MISSING_COLON,
            format!("`{name}` does not say its type"),
            self.before(1)?.span().at(self.file),
            "of what type?",
        )
        .with_help(format!("what a block takes has a type: `{name}: text`; in the block it is `{name}` then"))
        .with_fix(unsafe_fix(&format!("write `{name}: text`"), gap, ": text"));
        Some((diagnostic, Mend::LeaveOut))
    }

    /// A line that begins with a word of another system.
    fn borrowed_clause(&self) -> Option<Explained> {
        let word = self.word();
        let first = self.is_first_of_line(self.at) || self.before(1)?.tok == Tok::OpenBrace;
        if !first || !self.tok(0)?.is_word() || begins_clause(self.place, self.tok(0)?) {
            return None;
        }
        let sort = match self.place {
            Place::Body => Sort::Clause,
            // A kind that does not exist has a name behind it, and is told of as such.
            Place::Flow
                if !self
                    .tok(1)
                    .is_some_and(|tok| tok.is_word() || tok == Tok::OpenBrace || tok == Tok::OpenParen) =>
            {
                Sort::Clause
            }
            _ => return None,
        };
        let help = foreign::ours(sort, word)?;
        let diagnostic = self
            .error(codes::UNKNOWN_WORD, format!("no clause begins with `{word}`"), "a word of other systems")
            .with_help(help);
        Some((diagnostic, Mend::LeaveOutLine))
    }
}
