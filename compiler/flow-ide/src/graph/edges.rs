//! The ways out of one block, each with what makes the call take it.

use flow_check::hir::{
    Block, BlockBody, Choice, End, Exit, Failed, Origin, Program, Statement, StatementKind, Tail, TimedWhat,
    Wait,
};
use flow_diagnostics::{Location, SourceMap};
use flow_syntax::ast::LabelWord;

use super::places::text;
use super::words::{sentences, shortened};
use super::written::Written;
use super::{Cause, EdgeOrigin};

/// The longest source text that stands for a cause, in characters.
const LONGEST_CAUSE: usize = 120;

/// A way out before its target has an id.
pub(super) struct Way<'a> {
    pub(super) causes: Vec<Cause>,
    pub(super) origin: EdgeOrigin,
    pub(super) says: Vec<String>,
    pub(super) exit: &'a Exit,
    /// Of the arm or choice; the exit's own where there is none.
    pub(super) location: Location,
}

/// What a walk needs to know of the project.
pub(super) struct Walk<'a> {
    pub(super) program: &'a Program,
    pub(super) sources: &'a SourceMap,
    pub(super) written: &'a Written,
    /// The flow's own first language.
    pub(super) language: usize,
}

impl<'a> Walk<'a> {
    /// All ways out of a block, in the order of the text within each group.
    pub(super) fn ways(&self, block: &'a Block) -> Vec<Way<'a>> {
        let mut out = Vec::new();
        let own = EdgeOrigin::Own;
        if let Some((count, exit)) = block.visits.as_deref() {
            out.push(way(vec![Cause::Visits { count: *count }], own, Vec::new(), exit, exit.location));
        }
        match &block.body {
            BlockBody::Act(tail) => self.tail(tail, &[], own, None, &mut out),
            BlockBody::Wait { before, wait, arms } => {
                self.statements(before, &[], own, None, &mut out);
                self.choices(wait, &mut out);
                let outcomes = wait.outcomes(self.program);
                for arm in arms {
                    let name = outcomes.get(arm.outcome).map_or_else(String::new, |o| o.name.clone());
                    let cause = Cause::Outcome { name, times: arm.times.map(|(_, times)| times) };
                    let origin = match arm.origin {
                        Origin::Own => EdgeOrigin::Own,
                        Origin::Otherwise => EdgeOrigin::Otherwise,
                        Origin::Flow => EdgeOrigin::Flow,
                    };
                    self.tail(&arm.tail, &[cause], origin, Some(arm.location), &mut out);
                }
            }
            BlockBody::End { before } => {
                self.statements(before, &[], own, None, &mut out);
            }
            BlockBody::Decline { .. } => {}
        }
        if let Some(tail) = &block.failed {
            self.tail(tail, &[Cause::Failed], own, None, &mut out);
        }
        for way in &mut out {
            if way.origin == EdgeOrigin::Own && self.written.of_flow(way.exit.location) {
                way.origin = EdgeOrigin::Flow;
            }
        }
        out
    }

    fn choices(&self, wait: &'a Wait, out: &mut Vec<Way<'a>>) {
        let choices: &[Choice] = match wait {
            Wait::Menu(question) => &question.choices,
            Wait::Collect(collect) => &collect.question.choices,
            Wait::Survey { choices, .. } => choices,
            Wait::Questions(survey) => &survey.choices,
            Wait::Queue(stay) => {
                for timed in &stay.timed {
                    match &timed.what {
                        TimedWhat::Choice { choice, .. } => {
                            self.choice(choice, Some(Cause::After { millis: timed.millis }), out);
                        }
                        TimedWhat::Speech(_) | TimedWhat::Priority(_) => {}
                    }
                }
                &stay.choices
            }
            Wait::AfterHours { .. }
            | Wait::Dial(_)
            | Wait::Callback(_)
            | Wait::Detect { .. }
            | Wait::Transfer { .. }
            | Wait::Voicemail { .. }
            | Wait::Conference { .. }
            | Wait::Run { .. } => &[],
        };
        for choice in choices {
            self.choice(choice, None, out);
        }
    }

    fn choice(&self, choice: &'a Choice, after: Option<Cause>, out: &mut Vec<Way<'a>>) {
        let written = self.written.label(choice.location);
        let label = written.map(|(_, label)| label.clone());
        let deed = written.is_some_and(|(word, _)| *word == LabelWord::To);
        let own = choice.phrases.iter().find(|(language, _)| *language == self.language);
        let phrases = own.or(choice.phrases.first()).map(|(_, p)| p.clone()).unwrap_or_default();
        let mut causes: Vec<Cause> = after.into_iter().collect();
        causes.push(Cause::Key { keys: choice.keys.clone(), label, deed, phrases });
        let origin = if choice.from_flow { EdgeOrigin::Flow } else { EdgeOrigin::Own };
        self.tail(&choice.tail, &causes, origin, Some(choice.location), out);
    }

    fn tail(
        &self,
        tail: &'a Tail,
        causes: &[Cause],
        origin: EdgeOrigin,
        at: Option<Location>,
        out: &mut Vec<Way<'a>>,
    ) {
        let says = self.statements(&tail.statements, causes, origin, at, out);
        let within = |cause: Cause| {
            let mut causes = causes.to_vec();
            causes.push(cause);
            causes
        };
        match &tail.end {
            End::Exit(exit) => {
                // What a block says on its way on is said in the block.
                let says = if causes.is_empty() { Vec::new() } else { says };
                out.push(way(causes.to_vec(), origin, says, exit, at.unwrap_or(exit.location)));
            }
            End::Decide { arms, otherwise } => {
                for (condition, tail) in arms {
                    let cause = Cause::When { text: self.source(condition.location) };
                    self.tail(tail, &within(cause), origin, at, out);
                }
                if let Some(tail) = otherwise {
                    self.tail(tail, &within(Cause::Otherwise), origin, at, out);
                }
            }
            End::Share(shares) => {
                for (percent, tail) in shares {
                    self.tail(tail, &within(Cause::Share { percent: *percent }), origin, at, out);
                }
            }
        }
    }

    /// Exits of `else`; what is said on the way.
    fn statements(
        &self,
        statements: &'a [Statement],
        causes: &[Cause],
        origin: EdgeOrigin,
        at: Option<Location>,
        out: &mut Vec<Way<'a>>,
    ) -> Vec<String> {
        let mut says = Vec::new();
        for statement in statements {
            let exit = match &statement.kind {
                StatementKind::Let { otherwise, .. }
                | StatementKind::Set { otherwise, .. }
                | StatementKind::Count { otherwise, .. } => otherwise.as_deref(),
                StatementKind::Request(request) => match &request.failed {
                    Failed::Exit(exit) => Some(exit),
                    Failed::Value(_) | Failed::GoOn | Failed::Block => None,
                },
                StatementKind::Say(say) => {
                    says.extend(sentences(self.program, self.sources, self.language, &say.spoken));
                    None
                }
                StatementKind::If { body, .. } | StatementKind::Each { body, .. } => {
                    says.extend(self.statements(body, causes, origin, at, out));
                    None
                }
                StatementKind::SetLanguage(_)
                | StatementKind::SetVoice(_)
                | StatementKind::SetRecording(_)
                | StatementKind::Reset { .. }
                | StatementKind::Send { .. }
                | StatementKind::Mark { .. }
                | StatementKind::Discard => None,
            };
            if let Some(exit) = exit {
                let mut causes = causes.to_vec();
                causes.push(Cause::Else { what: self.source(statement.location) });
                out.push(way(causes, origin, Vec::new(), exit, at.unwrap_or(exit.location)));
            }
        }
        says
    }

    fn source(&self, at: Location) -> String {
        shortened(&text(self.sources, at), LONGEST_CAUSE)
    }
}

fn way(
    causes: Vec<Cause>,
    origin: EdgeOrigin,
    says: Vec<String>,
    exit: &Exit,
    location: Location,
) -> Way<'_> {
    Way { causes, origin, says, exit, location }
}
