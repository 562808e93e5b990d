//! Rule R2: each outcome takes the block's own arm, else its own `otherwise`, else the flow's arm. What is
//! left over is listed, in one message, with what to write.

use flow_diagnostics::{Applicability, Location, Span};
use flow_syntax::ast;
use flow_syntax::foreign::{self, Sort};

use crate::codes;
use crate::context::{Checker, Say, fix, open};
use crate::endings::Rules;
use crate::flows::FlowContext;
use crate::hir::{Arm, Origin, Type, TypeKind, Variant};
use crate::near::{listed, nearest};

/// The arms that a block writes itself.
#[derive(Default)]
pub(crate) struct OwnArms<'e> {
    pub arms: Vec<&'e ast::Arm>,
    pub otherwise: Option<(&'e ast::Go, Location)>,
}

/// What `done` of a value or survey may name without a binding of its own.
pub(crate) struct Extra {
    pub outcome: &'static str,
    pub names: Vec<(flow_diagnostics::Symbol, usize)>,
}

impl<'a> Checker<'a> {
    /// The arms of a block: one for each outcome, whoever gives it.
    pub fn arms(
        &mut self,
        f: &mut FlowContext<'a>,
        block: &ast::Block,
        outcomes: &[Variant],
        own: &OwnArms<'_>,
        extra: Option<&Extra>,
    ) -> Vec<Arm> {
        let mut out: Vec<Option<Arm>> = vec![None; outcomes.len()];
        let mut counter = 0;
        for arm in &own.arms {
            self.own_arm(f, block, outcomes, arm, extra, &mut counter, &mut out);
        }
        if let Some((go, location)) = own.otherwise {
            let hidden = self.enter_failed(f, f.block_may_fail);
            let tail = self.go(f, go, Rules { again: false, silent: false });
            self.leave_failed(f, hidden);
            if out.iter().all(Option::is_some) {
                self.error(
                    codes::DEAD_DECISION,
                    location,
                    "this is never taken: every outcome has an arm",
                    "nothing is left",
                )
                .add_help("remove it")
                .add_fix(fix("remove the `otherwise`", Applicability::Unsafe, location, ""));
            }
            for (index, slot) in out.iter_mut().enumerate() {
                if slot.is_none() {
                    *slot = Some(Arm {
                        outcome: index,
                        times: None,
                        bindings: vec![None; outcomes[index].fields.len()],
                        tail: tail.clone(),
                        origin: Origin::Otherwise,
                        location,
                    });
                }
            }
        }
        self.flow_arms(f, outcomes, &mut counter, &mut out);
        let missing: Vec<&Variant> =
            outcomes.iter().zip(&out).filter(|(_, arm)| arm.is_none()).map(|(o, _)| o).collect();
        if !missing.is_empty() {
            self.unhandled(f, block, &missing);
        }
        out.into_iter().flatten().collect()
    }

    #[expect(clippy::too_many_arguments, reason = "one arm in the midst of its block")]
    fn own_arm(
        &mut self,
        f: &mut FlowContext<'a>,
        block: &ast::Block,
        outcomes: &[Variant],
        arm: &ast::Arm,
        extra: Option<&Extra>,
        counter: &mut usize,
        out: &mut [Option<Arm>],
    ) {
        let mark = f.scope.names.len();
        let mut taken: Vec<(usize, Vec<Option<usize>>, Location)> = Vec::new();
        let mut typed = false;
        for event in &arm.events {
            let at = f.scope.at(event.span);
            let text = self.path_text(&event.outcome);
            let found = outcomes.iter().position(|o| o.name == text);
            // What is told of here counts as the one that is meant: one slip, one message.
            let Some(index) = found.or_else(|| self.unknown_outcome(f, block, outcomes, event, at)) else {
                continue;
            };
            if found.is_none() && out[index].is_some() {
                continue;
            }
            let types: Vec<Type> = outcomes[index].fields.iter().map(|field| field.ty.clone()).collect();
            let bindings = self.bind(&mut f.scope, &event.bindings, &types, at);
            if let Some(extra) = extra.filter(|e| e.outcome == text) {
                f.scope.names.extend(extra.names.iter().copied());
                typed = self.name(block.kind.symbol) == "collect";
            }
            if let Some(first) = &out[index] {
                let first = first.location;
                self.error(codes::HANDLED_TWICE, at, format!("`{text}` has two arms in this block"), "again")
                    .add_label(first, "the first one")
                    .add_help("remove one of them");
                continue;
            }
            taken.push((index, bindings, at));
        }
        let times = self.times(f, arm).map(|times| (*counter, times));
        *counter += usize::from(times.is_some());
        let fails = arm.events.iter().any(|event| self.path_text(&event.outcome) == "failed");
        let hidden = self.enter_failed(f, fails);
        // Only keys or words complete a value, so the arm of `done` is taken by the caller.
        let tail = self.go(f, &arm.go, Rules { again: typed, silent: false });
        self.leave_failed(f, hidden);
        f.scope.names.truncate(mark);
        for (outcome, bindings, at) in taken {
            out[outcome] =
                Some(Arm { outcome, times, bindings, tail: tail.clone(), origin: Origin::Own, location: at });
        }
    }

    /// Where the arms of a block lead whose outcomes are not known: what is wrong there is told at once.
    pub fn ways_of_arms(&mut self, f: &mut FlowContext<'a>, own: &OwnArms<'_>) {
        for arm in &own.arms {
            let mark = f.scope.names.len();
            for event in &arm.events {
                let unknown = vec![open(TypeKind::Unknown); event.bindings.len()];
                let at = f.scope.at(event.span);
                self.bind(&mut f.scope, &event.bindings, &unknown, at);
            }
            self.go(f, &arm.go, Rules { again: true, silent: false });
            f.scope.names.truncate(mark);
        }
        if let Some((go, _)) = own.otherwise {
            self.go(f, go, Rules { again: true, silent: false });
        }
    }

    /// An outcome that a block never has; the one that is meant, when that can be told.
    fn unknown_outcome(
        &mut self,
        f: &FlowContext<'a>,
        block: &ast::Block,
        outcomes: &[Variant],
        event: &ast::ArmEvent,
        at: Location,
    ) -> Option<usize> {
        let text = self.path_text(&event.outcome);
        let kind = self.name(block.kind.symbol);
        let place = f.scope.at(block.kind.span);
        if text == "hangup" {
            self.error(
                codes::UNKNOWN_OUTCOME,
                at,
                "a hang-up is not an outcome of a block",
                "stands in the flow",
            )
            .add_help("write `on hangup { … }` in the flow, outside of its blocks");
            return None;
        }
        let known: Vec<&str> = outcomes.iter().map(|o| o.name.as_str()).collect();
        let near = meant(&text, &known);
        let all: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        let diagnostic = self.error(
            codes::UNKNOWN_OUTCOME,
            at,
            format!("this `{kind}` never ends as `{text}`"),
            "never happens",
        );
        if !all.is_empty() {
            diagnostic.add_label(place, format!("ends as {}", listed(&all, "or")));
        }
        diagnostic.suggest(&text, &near, at);
        if let Some(help) = foreign::ours(Sort::Outcome, &text).filter(|_| near.is_empty()) {
            diagnostic.add_help(help);
        }
        known.iter().position(|name| near.first() == Some(name))
    }

    fn flow_arms(
        &mut self,
        f: &FlowContext<'a>,
        outcomes: &[Variant],
        counter: &mut usize,
        out: &mut [Option<Arm>],
    ) {
        for arm in &f.arms {
            let mut counts = false;
            for (name, bindings, _) in &arm.events {
                let text = self.name(*name);
                let found = outcomes.iter().position(|o| o.name == text);
                let guessed =
                    || f.guesses.get(name).and_then(|right| outcomes.iter().position(|o| o.name == *right));
                let Some(index) = found.or_else(guessed) else { continue };
                if out[index].is_some() {
                    continue;
                }
                counts = true;
                let mut bindings = bindings.clone();
                bindings.resize(outcomes[index].fields.len(), None);
                out[index] = Some(Arm {
                    outcome: index,
                    times: arm.times.map(|times| (*counter, times)),
                    bindings,
                    tail: arm.tail.clone(),
                    origin: Origin::Flow,
                    location: arm.location,
                });
            }
            *counter += usize::from(counts && arm.times.is_some());
        }
    }

    fn unhandled(&mut self, f: &mut FlowContext<'a>, block: &ast::Block, missing: &[&Variant]) {
        f.lost = true;
        if self.is_torn(f.scope.at(block.span)) || f.torn {
            return;
        }
        let mut missing = missing.to_vec();
        let asked = self.asked_without_else(f.scope.module, &block.body);
        if let Some(asked) = asked.filter(|_| missing.iter().any(|o| o.name == "failed")) {
            missing.retain(|outcome| outcome.name != "failed");
            self.may_fail(f.scope.at(asked));
            if missing.is_empty() {
                return;
            }
        }
        let names: Vec<String> = missing.iter().map(|o| format!("`{}`", o.name)).collect();
        let plain: Vec<&str> = missing.iter().map(|o| o.name.as_str()).collect();
        let kind = self.name(block.kind.symbol);
        let name = self.name(block.name.symbol);
        let at = f.scope.at(block.name.span);
        let end =
            f.block_asts.iter().rev().find(|b| self.name(b.kind.symbol) == "end").map(|b| b.name.symbol);
        let target = match end {
            Some(end) => format!("-> {}", self.name(end)),
            None if f.returns => self.a_return(f, &plain),
            None => "-> BLOCK".to_owned(),
        };
        // What the block is for leads on; only what goes wrong, or nowhere, may lead to the end.
        let (on, off): (Vec<&str>, Vec<&str>) = plain.iter().copied().partition(|name| ONWARD.contains(name));
        let close = block.body.span.end.saturating_sub(1);
        let insert = f.scope.at(Span::new(close, close));
        let mut lines: Vec<String> = on.iter().map(|name| format!("on {name} -> BLOCK")).collect();
        if !off.is_empty() {
            let counted = off.iter().all(|name| matches!(*name, "no_input" | "no_match" | "invalid"));
            let times = if counted { " 3 times" } else { "" };
            lines.push(format!("on {}{times} {target}", off.join(", ")));
        }
        let line = lines.join("` and `");
        let noun = if names.len() == 1 { "outcome" } else { "outcomes" };
        let diagnostic = self.error(
            codes::UNHANDLED,
            at,
            format!("`{name}` says nothing about its {noun} {}", listed(&names, "and")),
            format!("this `{kind}` may also end as {}", listed(&names, "or")),
        );
        diagnostic
            .add_help(format!("write `{line}` in the block, or once for the whole flow"))
            .add_note("a caller to whom it happens would hear silence");
        if on.is_empty() && target != "-> BLOCK" {
            diagnostic.add_fix(fix(
                format!("add `{line}`"),
                Applicability::Unsafe,
                insert,
                format!("    {line}\n    "),
            ));
        }
    }

    /// A service that nothing says what to do without.
    fn may_fail(&mut self, asked: Location) {
        self.error(
            codes::UNHANDLED,
            asked,
            "this may fail, and nothing says where the call goes then",
            "a service that does not answer, or not in time",
        )
        .add_help(
            "write `else -> BLOCK` behind it, with a block that does without the answer; or `on failed -> BLOCK` in \
             the block or the flow",
        )
        .add_note("a caller to whom it happens would hear silence");
    }

    /// How a flow that gives outcomes goes on: by the one of the same name, or one without data.
    fn a_return(&self, f: &FlowContext<'a>, outcomes: &[&str]) -> String {
        let given = &self.shapes.flows[f.id].gives;
        let bare = || given.iter().filter(|(_, shape)| shape.names.is_empty());
        let found =
            bare().find(|(name, _)| outcomes.contains(&self.name(*name))).or_else(|| bare().next_back());
        found.map_or("return OUTCOME".to_owned(), |(name, _)| format!("return {}", self.name(*name)))
    }
}

/// Outcomes that a block is there for.
const ONWARD: [&str; 3] = ["done", "open", "human"];

/// The outcomes that may be meant by a name that is none: those like it, else those that other systems call so.
pub(crate) fn meant<'k>(text: &str, known: &[&'k str]) -> Vec<&'k str> {
    let near = nearest(text, known.iter().copied());
    if !near.is_empty() {
        return near;
    }
    let ours = foreign::outcomes(text);
    ours.iter().filter_map(|name| known.iter().find(|known| *known == name)).copied().take(1).collect()
}
