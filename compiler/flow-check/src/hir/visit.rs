//! The one walk over what a block holds: its tails, with the way that leads into each, and its statements. Whoever
//! asks a question of all exits or statements asks it here, so that a new kind of wait is forgotten by nobody.

use super::{Arm, Block, BlockBody, Choice, End, Spoken, Statement, StatementKind, Tail, TimedWhat, Wait};

/// How a call comes into a tail of a block.
#[derive(Debug, Clone, Copy)]
pub enum Way<'h> {
    /// At once.
    Act,
    /// By how the wait ended.
    Arm(&'h Arm),
    /// By a key or word.
    Choice(&'h Choice),
    /// Because something failed that has no way of its own.
    Failed,
}

impl Block {
    /// What happens in order before the block waits, or ends.
    pub fn before(&self) -> &[Statement] {
        match &self.body {
            BlockBody::Wait { before, .. } | BlockBody::End { before } => before,
            BlockBody::Act(_) | BlockBody::Decline { .. } => &[],
        }
    }

    /// Every tail, in the order of the text, each as a whole.
    pub fn each_tail<'h>(&'h self, take: &mut dyn FnMut(Way<'h>, &'h Tail)) {
        if let Some(tail) = &self.failed {
            take(Way::Failed, tail);
        }
        match &self.body {
            BlockBody::Act(tail) => take(Way::Act, tail),
            BlockBody::Wait { wait, arms, .. } => {
                arms.iter().for_each(|arm| take(Way::Arm(arm), &arm.tail));
                wait.each_choice(&mut |choice| take(Way::Choice(choice), &choice.tail));
            }
            BlockBody::End { .. } | BlockBody::Decline { .. } => {}
        }
    }

    /// Every statement, those inside of `if` and `each` after the one that they stand in.
    pub fn each_statement<'h>(&'h self, take: &mut dyn FnMut(&'h Statement)) {
        each_of(self.before(), take);
        self.each_tail(&mut |_, tail| tail.each_statement(take));
    }
}

impl Wait {
    /// Every choice, those that come after a time first.
    pub fn each_choice<'h>(&'h self, take: &mut dyn FnMut(&'h Choice)) {
        let choices = match self {
            Wait::Menu(question) => &question.choices[..],
            Wait::Collect(collect) => &collect.question.choices,
            Wait::Survey { choices, .. } => choices,
            Wait::Questions(survey) => &survey.choices,
            Wait::Queue(stay) => {
                for timed in &stay.timed {
                    if let TimedWhat::Choice { choice, .. } = &timed.what {
                        take(choice);
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
        choices.iter().for_each(take);
    }

    /// What is said while it waits, besides its questions.
    pub fn each_said<'h>(&'h self, take: &mut dyn FnMut(&'h Spoken)) {
        let Wait::Queue(stay) = self else { return };
        for timed in &stay.timed {
            match &timed.what {
                TimedWhat::Speech(say) => take(&say.spoken),
                TimedWhat::Choice { question, .. } => take(question),
                TimedWhat::Priority(_) => {}
            }
        }
    }
}

impl Tail {
    /// The tails inside of its end, one level down.
    pub fn inner(&self) -> Vec<&Tail> {
        match &self.end {
            End::Exit(_) => Vec::new(),
            End::Decide { arms, otherwise } => {
                arms.iter().map(|(_, tail)| tail).chain(otherwise.iter().map(|tail| &**tail)).collect()
            }
            End::Share(parts) => parts.iter().map(|(_, tail)| tail).collect(),
        }
    }

    fn each_statement<'h>(&'h self, take: &mut dyn FnMut(&'h Statement)) {
        each_of(&self.statements, take);
        for inner in self.inner() {
            inner.each_statement(take);
        }
    }
}

fn each_of<'h>(statements: &'h [Statement], take: &mut dyn FnMut(&'h Statement)) {
    for statement in statements {
        take(statement);
        if let StatementKind::If { body, .. } | StatementKind::Each { body, .. } = &statement.kind {
            each_of(body, take);
        }
    }
}
