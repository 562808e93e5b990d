//! The world around a call: what is asked of it, and what it says.

use flow_check::hir::TypeKind;

use crate::value::Value;

/// How an effect takes its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Reads something and changes nothing: of two that stand between the same waits, order and number mean nothing.
    Sample,
    /// Changes something at once.
    AtOnce,
    /// Takes time: the caller may hang up meanwhile.
    Waits,
}

/// A datum of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Any value of a type.
    Of(TypeKind),
    /// A number from 0, below this one.
    Below(usize),
}

/// What a call asks of the world.
#[derive(Debug, Clone)]
pub struct Deed {
    /// Its name.
    pub word: &'static str,
    /// Its arguments, shown.
    pub arguments: Vec<String>,
    /// What it may end with, or say while it lasts, and the data of each.
    pub outcomes: Vec<Vec<Given>>,
    /// From here on, `outcomes` only say something: the effect goes on.
    pub reports_from: usize,
    /// How it takes its time.
    pub sort: Sort,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Answer {
    /// One of the outcomes, with its data.
    Came {
        /// Index into [`Deed::outcomes`].
        outcome: usize,
        /// As the outcome says.
        data: Vec<Value>,
        /// The caller hangs up right behind it, before anything else is asked.
        then_hangs_up: bool,
    },
    /// The caller hung up meanwhile.
    HungUp,
}

/// Whatever a call is in.
pub trait World {
    /// What comes of an effect.
    fn answer(&mut self, deed: &Deed) -> Answer;
    /// What an effect that has only reported says next.
    fn next(&mut self, deed: &Deed) -> Answer;
    /// An effect that has only reported is no longer wanted.
    fn cancelled(&mut self);
    /// The call has entered a block of a flow.
    fn entered(&mut self, flow: &str, block: &str);
}
