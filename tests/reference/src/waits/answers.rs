//! Arms that count, and what is said when a question is asked again.

use flow_check::hir::{Again, Arm, Question, Spoken};

use crate::call::{Call, Fault, Locals, Stop};
use crate::exits::{Place, Way};
use crate::sentences::Sentence;

/// A question that is being asked.
pub(super) struct Asking<'p> {
    pub(super) question: &'p Question,
    pub(super) arms: &'p [Arm],
    /// By counter of the arms.
    counts: Vec<u32>,
    /// How often it was asked again since it was last asked from its start.
    pub(super) again: usize,
}

impl<'p> Asking<'p> {
    pub(super) fn new(question: &'p Question, arms: &'p [Arm]) -> Self {
        let counters = arms.iter().filter_map(|arm| arm.times).map(|(counter, _)| counter + 1).max();
        Asking { question, arms, counts: vec![0; counters.unwrap_or(0)], again: 0 }
    }
}

impl<'p> Call<'p, '_> {
    /// Where an outcome of a question leads; `None` when it is to be asked again.
    pub(super) fn answered(
        &mut self,
        locals: &mut Locals,
        asking: &mut Asking<'p>,
        outcome: usize,
    ) -> Result<Option<Way>, Stop> {
        let arm = asking.arms.iter().find(|arm| arm.outcome == outcome);
        let arm = arm.ok_or(Stop::Fault(Fault::Unreachable))?;
        if let Some((counter, times)) = arm.times {
            asking.counts[counter] += 1;
            if asking.counts[counter] < times {
                return Ok(None);
            }
        }
        self.left(|call| call.tail(locals, &arm.tail, Place::default())).map(Some)
    }

    /// What is said when it is asked again after an outcome: of the `again`s of that outcome, or else of those of
    /// any, the next, and at last the last over and over; where none is written, a sentence and the question.
    pub(super) fn asked_again(
        &mut self,
        locals: &mut Locals,
        asking: &mut Asking<'p>,
        outcome: usize,
        sentences: Option<(Sentence, Sentence)>,
    ) -> Result<String, Stop> {
        let of = |after: Option<usize>| -> Vec<&'p Again> {
            asking.question.again.iter().filter(|again| again.after == after).collect()
        };
        let agains = match of(Some(outcome)) {
            own if own.is_empty() => of(None),
            own => own,
        };
        let attempt = asking.again;
        asking.again += 1;
        if let Some(last) = agains.len().checked_sub(1) {
            return self.speech(locals, &agains[attempt.min(last)].spoken);
        }
        // Who hears one sentence over and over hangs up; where nobody can be asked more than twice, it is said once.
        let over_and_over = asking.arms.iter().any(|arm| arm.times.is_some_and(|(_, times)| times > 2));
        let sentence = sentences.map(|(first, next)| if attempt > 0 && over_and_over { next } else { first });
        self.with_sentence(locals, (sentence, None), asking.question.ask.as_ref())
    }

    /// What is asked first.
    pub(super) fn asked(&mut self, locals: &mut Locals, ask: Option<&'p Spoken>) -> Result<String, Stop> {
        match ask {
            Some(spoken) => self.speech(locals, spoken),
            None => self.with_sentence(locals, (None, None), None),
        }
    }
}
