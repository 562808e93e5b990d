//! What may happen between the caller and a person who talk, and who that person should be: `prefer`, `assist`,
//! relaxations in a block; and `conference`, where several talk.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, Setting};

use crate::codes;
use crate::context::{Checker, Say as _, Scope, open, unknown};
use crate::flows::FlowContext;
use crate::hir::{self, Assist, Expr, ExprKind, TypeKind, Wait};
use crate::items::plain_text;
use crate::names::Def;
use crate::waits::settings;

/// A key and a digit start an assist, so there are as many as digits.
const MOST_ASSISTS: usize = 9;
/// Who may be recorded, in the order of their numbers.
const RECORDED: [&str; 4] = ["nobody", "caller", "agent", "both"];

impl<'a> Checker<'a> {
    /// `prefer customer.agent for 20s`
    pub fn prefer(
        &mut self,
        f: &mut FlowContext<'a>,
        whom: &ast::Expr,
        period: ast::DurationLiteral,
    ) -> Option<(hir::Expr, u64)> {
        let millis = self.positive(f, period);
        let value = self.expr(&mut f.scope, whom, None);
        let at = value.location;
        self.refuse_secret(&value, "used to find a person");
        let is_text = |kind: &TypeKind| matches!(kind, TypeKind::Text | TypeKind::Unknown);
        match &value.ty.kind {
            TypeKind::Optional(inner) if is_text(inner) => {}
            TypeKind::Nothing => return None,
            kind if is_text(kind) => {}
            other => {
                let text = crate::types::article(&self.type_text(other));
                let message = format!("`prefer` takes an agent's name, but this is {text}");
                self.error(codes::MISMATCH, at, message, text);
                return None;
            }
        }
        if let hir::ExprKind::Text(name) = &value.kind
            && !self.has_roster
            && !self.program.agents.iter().any(|agent| agent.name == *name)
        {
            let near: Vec<String> =
                crate::near::nearest(name, self.program.agents.iter().map(|a| a.name.as_str()))
                    .into_iter()
                    .map(String::from)
                    .collect();
            let message = format!("there is no agent `{name}`, so nobody is held out for");
            let diagnostic = self.error(codes::UNKNOWN_NAME, at, message, "unknown agent");
            if let Some(near) = near.first() {
                diagnostic.add_help(format!("did you mean `{near}`?"));
            }
        }
        Some((value, millis))
    }

    /// `assist take_card(account.id) "Take a card payment"`
    pub fn assist(
        &mut self,
        f: &mut FlowContext<'a>,
        flow: &ast::Path,
        arguments: &ast::Arguments,
        label: &ast::TextLiteral,
    ) -> Option<Assist> {
        let id = self.resolve_as(f.scope.module, flow, "flow", |d| match d {
            Def::Flow(id) => Some(id),
            _ => None,
        })?;
        let at = f.scope.at(flow.span);
        let shape = self.shapes.flows[id].clone();
        let text = self.path_text(flow);
        let arguments = self.arguments(Some(&mut f.scope), &shape.signature, Some(arguments), &text, at);
        if !shape.returns {
            self.error(
                codes::LEAVING,
                at,
                format!("`{text}` gives nothing, so the person who waits would never get the caller back"),
                "has no `gives`",
            )
            .add_help("let it `gives` an outcome, and `return` that");
            return None;
        }
        self.uses.runs.push((f.id, id, at));
        self.speaks_all(f, id, at);
        Some(Assist { flow: id, arguments, label: plain_text(label), location: at })
    }

    /// More assists than there are digits, or two that look the same.
    pub fn assists(&mut self, assists: &[Assist]) {
        for (index, assist) in assists.iter().enumerate() {
            if index == MOST_ASSISTS {
                let message = format!("a person may start {MOST_ASSISTS} things at most, one for each digit");
                self.error(codes::OUT_OF_RANGE, assist.location, message, "one too many");
            }
            if let Some(first) = assists[..index].iter().find(|other| other.label == assist.label) {
                let message = format!("two assists are called \"{}\"", assist.label);
                self.error(codes::DEFINED_TWICE, assist.location, message, "the second one")
                    .add_label(first.location, "the first one")
                    .add_help("the person who reads them could not tell them apart: rename one");
            }
        }
    }

    /// `after 60s agents …` in a block: only where the block's agents are its own.
    pub fn relaxation(&mut self, f: &FlowContext<'a>, timed: &ast::Timed, elements: &[&ast::Element]) {
        let at = f.scope.at(timed.span);
        let joins = settings(elements).any(|(s, _)| matches!(s, Setting::Join(_)));
        if joins {
            self.error(
                codes::MISPLACED_CLAUSE,
                at,
                "who serves a queue that is joined is said in that queue",
                "of the queue, not of one caller's stay",
            )
            .add_help("write it in the `queue` at the top of the file, where it holds for everybody in line");
        } else if timed.repeats {
            self.error(
                codes::MISPLACED_CLAUSE,
                at,
                "who may serve is relaxed once, not again and again",
                "`every`",
            )
            .add_help("write `after`");
        }
    }

    /// A conference room.
    pub fn conference(&mut self, f: &mut FlowContext<'a>, elements: &[&ast::Element]) -> Option<Wait> {
        let mut room = None;
        let mut longest_millis = 1;
        let mut music = None;
        for (setting, _) in settings(elements) {
            match setting {
                Setting::Expr { value, .. } => {
                    let value = self.expr(&mut f.scope, value, Some(&TypeKind::Text));
                    self.refuse_secret(&value, "used as the name of a room");
                    room = Some(match value.ty.kind {
                        TypeKind::Digits | TypeKind::Phone | TypeKind::Int => value,
                        _ => self.coerce(value, &open(TypeKind::Text), "`room`"),
                    });
                }
                Setting::Duration { value, .. } => longest_millis = self.positive(f, *value),
                Setting::Music(name) => music = Some(self.sound(&f.scope, name)),
                _ => {}
            }
        }
        let nameless = || crate::items::text_expr(String::new(), f.scope.at(Default::default()));
        let room = room.unwrap_or_else(nameless);
        Some(Wait::Conference { room, longest_millis, music })
    }

    /// `recording == nobody`: the one comparison that who is recorded takes part in.
    pub fn recording_is(
        &mut self,
        s: &mut Scope,
        op: hir::BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        at: Location,
    ) -> Option<Expr> {
        let word = |checker: &Self, e: &ast::Expr| match &e.kind {
            ast::ExprKind::Name(name) => Some(checker.name(*name).to_owned()),
            _ => None,
        };
        let (left, right) = (word(self, left)?, word(self, right)?);
        let other = match (left.as_str(), right.as_str()) {
            ("recording", other) | (other, "recording") => other.to_owned(),
            _ => return None,
        };
        let Some(number) = RECORDED.iter().position(|known| *known == other) else {
            let near = crate::near::nearest(&other, RECORDED.iter().copied());
            self.error(codes::OUT_OF_RANGE, at, format!("nobody is recorded as `{other}`"), "unknown")
                .suggest(&other, &near, at)
                .add_help("compare with `nobody`, `caller`, `agent` or `both`");
            return Some(unknown(at));
        };
        self.needs_call(s, at);
        let value = |kind| Expr { kind, ty: open(TypeKind::Int), location: at };
        let sample = Box::new(value(ExprKind::Sample(hir::Sample::Recording)));
        let number = Box::new(value(ExprKind::Int(number as i64)));
        Some(Expr { kind: ExprKind::Binary(op, sample, number), ty: open(TypeKind::Bool), location: at })
    }
}
