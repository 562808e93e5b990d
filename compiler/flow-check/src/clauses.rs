//! Which clause fits which kind: the table of `kinds`, asked.

use flow_diagnostics::{Applicability, Location};
use flow_syntax::ast::{self, ElementKind, Setting};

use crate::codes;
use crate::context::{Checker, Say, fix};
use crate::flows::FlowContext;
use crate::kinds::{Kind, LATER_CLAUSES, REPEATED, Shape, kinds_with};
use crate::near::listed;

impl<'a> Checker<'a> {
    /// The word by which a clause is known.
    pub fn clause_word(&self, setting: &Setting) -> &'a str {
        match setting {
            Setting::Visits { .. } => "visits",
            Setting::Ask(_) => "ask",
            Setting::Whisper(_) => "whisper",
            Setting::Again { .. } => "again",
            Setting::Take(_) => "take",
            Setting::Check { .. } => "check",
            Setting::Confirm(_) => "confirm",
            Setting::During(_) => "during",
            Setting::Calendar(_) => "calendar",
            Setting::Join(_) => "join",
            Setting::Accept { .. } => "accept",
            Setting::From(_) => "from",
            Setting::Agents(_) => "agents",
            Setting::Priority(_) => "priority",
            Setting::Duration { word, .. } | Setting::Int { word, .. } | Setting::Expr { word, .. } => {
                self.name(word.symbol)
            }
            Setting::Capacity { .. } => "capacity",
            Setting::Pick { .. } => "pick",
            Setting::Prefer { .. } => "prefer",
            Setting::Music(_) => "music",
            Setting::Ring { .. } => "ring",
            Setting::Show(_) => "show",
            Setting::Assist { .. } => "assist",
            Setting::Flow { .. } => "flow",
            Setting::Afterwards { .. } => "afterwards",
            Setting::DeliverTo(_) => "deliver to",
            Setting::Question { .. } => "question",
            Setting::Retry(_) => "retry",
        }
    }

    /// The word of any element that is a clause.
    fn element_word(&self, kind: &ElementKind) -> Option<&'a str> {
        match kind {
            ElementKind::Statement(ast::Statement::Speech(_)) => Some("speech"),
            ElementKind::Statement(_) => None,
            ElementKind::Setting(setting) => Some(self.clause_word(setting)),
            ElementKind::Timed(timed) => Some(if timed.repeats { "every" } else { "after" }),
            ElementKind::Arm(_) => Some("on"),
            ElementKind::Choice(_) => Some("press"),
            ElementKind::Exit(_) => Some("exit"),
            ElementKind::When { .. } => Some("when"),
            ElementKind::Otherwise(_) => Some("otherwise"),
            ElementKind::Share { .. } => Some("share"),
        }
    }

    /// Checks which elements stand in a block, and in which order; gives those that belong there.
    pub fn fitting<'e>(
        &mut self,
        f: &FlowContext<'a>,
        kind: &Kind,
        block: &'e ast::Block,
    ) -> Vec<&'e ast::Element> {
        let mut out = Vec::with_capacity(block.body.elements.len());
        let mut seen: Vec<(&str, Location)> = Vec::new();
        let mut clause_before: Option<Location> = None;
        for element in &block.body.elements {
            let at = f.scope.at(element.span);
            let Some(word) = self.element_word(&element.kind) else {
                self.statement_order(at, clause_before);
                if kind.shape == Shape::End && kind.word == "decline" {
                    self.statement_in_decline(at);
                    continue;
                }
                out.push(element);
                continue;
            };
            if word == "speech" {
                self.statement_order(at, clause_before);
                if matches!(kind.word, "decline" | "route") {
                    self.statement_in_decline_or_route(kind, at);
                    continue;
                }
                if !seen.iter().any(|(w, _)| *w == word) {
                    seen.push((word, at));
                }
                out.push(element);
                continue;
            }
            if !self.word_fits(kind, word, &element.kind, at, f.block_may_fail) {
                continue;
            }
            if word != "visits" && kind.shape == Shape::Wait {
                clause_before = Some(at);
            }
            if let Some((_, first)) = seen.iter().find(|(w, _)| *w == word)
                && !REPEATED.contains(&word)
                && word != "on"
                && word != "exit"
            {
                let first = *first;
                self.error(codes::CLAUSE_TWICE, at, format!("`{word}` is written twice"), "the second one")
                    .add_label(first, "the first one")
                    .add_help("keep one of them")
                    .add_fix(fix("remove the second one", Applicability::Unsafe, at, ""));
                continue;
            }
            if !seen.iter().any(|(w, _)| *w == word) {
                seen.push((word, at));
            }
            out.push(element);
        }
        self.required(f, kind, block, &seen);
        out
    }

    fn statement_order(&mut self, at: Location, before: Option<Location>) {
        if let Some(before) = before {
            self.error(codes::ORDER, at, "statements come before the clauses of a block", "too late")
                .add_label(before, "a clause stands here already")
                .add_help("move it up: a block first does, then waits");
        }
    }

    fn statement_in_decline(&mut self, at: Location) {
        self.error(codes::STATEMENT_NOT_HERE, at, "`decline` only refuses", "an effect")
            .add_help("do it in a `step` before");
    }

    fn statement_in_decline_or_route(&mut self, kind: &Kind, at: Location) {
        let word = kind.word;
        self.error(codes::STATEMENT_NOT_HERE, at, format!("a `{word}` says nothing"), "speech").add_help(
            match word {
                "route" => "say it in a `greet` before or after",
                _ => "a call that is declined is never answered; to speak, use `end`",
            },
        );
    }

    fn word_fits(
        &mut self,
        kind: &Kind,
        word: &'a str,
        element: &ElementKind,
        at: Location,
        may_fail: bool,
    ) -> bool {
        let own_word = kind.word;
        let fits = match word {
            "on" => kind.shape == Shape::Wait || may_fail,
            "otherwise" => kind.shape == Shape::Wait || kind.takes("otherwise"),
            "exit" => kind.shape == Shape::Act,
            _ => kind.takes(word),
        };
        if fits {
            let later = LATER_CLAUSES.contains(&word) || (word, own_word) == ("longest", "dial");
            if later {
                self.error(
                    codes::LATER_CLAUSE,
                    at,
                    format!("`{word}` in a `{own_word}` is not built in this version of flowc"),
                    "comes with a later version",
                );
            }
            return !later;
        }
        let shown = match element {
            ElementKind::Exit(_) => "`->`".to_owned(),
            _ => format!("`{word}`"),
        };
        let owners: Vec<String> = kinds_with(word).iter().map(|k| format!("`{k}`")).collect();
        let label = match (word, kind.shape) {
            ("exit", Shape::Wait) => "a block that waits leaves by its arms".to_owned(),
            ("exit" | "on" | "otherwise" | "when", Shape::End) => "the call ends here".to_owned(),
            _ if owners.is_empty() => "not here".to_owned(),
            _ => format!("{} {} it", listed(&owners, "and"), if owners.len() == 1 { "has" } else { "have" }),
        };
        let diagnostic = self.error(
            codes::MISPLACED_CLAUSE,
            at,
            format!("{shown} is not a clause of `{own_word}`"),
            label,
        );
        match (word, kind.shape) {
            ("exit", Shape::Wait) => {
                diagnostic.add_help("say when it goes there: `on OUTCOME -> BLOCK`, or `otherwise -> BLOCK`");
            }
            ("exit" | "on" | "otherwise", Shape::End) => {
                diagnostic.add_help(format!("remove it: `{own_word}` is where a call ends"));
            }
            ("on", Shape::Act) => {
                diagnostic.add_help(format!("`{own_word}` waits for nothing; decide with `when`"));
            }
            _ => {
                diagnostic.add_help("remove it, or move it to a block whose kind has it");
            }
        }
        false
    }

    fn required(&mut self, f: &FlowContext<'a>, kind: &Kind, block: &ast::Block, seen: &[(&str, Location)]) {
        let has = |word: &str| seen.iter().any(|(w, _)| *w == word);
        let missing: Vec<&str> = kind
            .required
            .iter()
            .copied()
            .filter(|word| match *word {
                // A body without an exit is R1's matter.
                "exit" => false,
                "when" => !has("when") && !has("share"),
                word => !has(word),
            })
            .collect();
        let queue_alone = kind.word == "queue" && !has("join") && !has("agents");
        let mut quoted: Vec<String> = missing
            .iter()
            .map(|w| if *w == "speech" { "something to say".to_owned() } else { format!("`{w}`") })
            .collect();
        if queue_alone {
            quoted.push("`join` (or `agents` of its own)".into());
        }
        if quoted.is_empty() || self.is_torn(f.scope.at(block.span)) {
            return;
        }
        let at = f.scope.at(block.name.span);
        let name = self.name(block.name.symbol);
        let word = kind.word;
        if missing == ["speech"] && word == "end" {
            let name = name.to_owned();
            self.silent_end(&name, at);
            return;
        }
        let example = match missing.first().copied() {
            Some("longest") => "write `longest 10m`: nobody waits for ever",
            Some("ask") => "write `ask \"…\"`: the caller must hear what to enter",
            Some("take") => "write `take digits 4 as pin`",
            Some("calendar") => "write `calendar office`",
            Some("press") => "write `press 1 for \"…\" -> BLOCK`",
            Some("number") => "write `number PHONE` and `join QUEUE`: who is called, and in whose turn",
            Some("ring") => "write `ring \"sip:…\" for 30s`",
            Some("deliver to") => "write `deliver to \"mailto:…\"`",
            Some("flow") => "write `flow NAME`",
            Some("question") => "write `question score \"…\" scale 1 to 5`",
            Some("when") => "write `when … -> BLOCK` and `otherwise -> BLOCK`, or shares",
            Some("code") => "write `code 486`",
            Some("speech") => "write `say \"…\"`",
            _ => "write `join QUEUE`",
        };
        self.error(
            codes::MISSING_CLAUSE,
            at,
            format!("this `{word}` lacks {}", listed(&quoted, "and")),
            format!("a `{word}` {}", kind.does),
        )
        .add_help(example);
    }
}
