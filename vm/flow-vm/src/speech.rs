//! Something to be spoken, as its listener reads it: a template of the program and typed arguments.
//!
//! The slot of a sentence without arguments is the template's index, shifted left by one, and 1; of any other
//! the handle, shifted left by one.

use flow_bytecode::program::Template;
use flow_bytecode::{Type, TypeId, VerifiedProgram};

use crate::arena::Arena;
use crate::arguments::Value;

/// A sentence: a template and its arguments, some of which may be sentences.
#[derive(Clone, Copy)]
pub struct SpeechView<'a> {
    pub(crate) program: &'a VerifiedProgram,
    pub(crate) arena: &'a Arena,
    pub(crate) slot: u64,
}

impl<'a> SpeechView<'a> {
    /// Index into `Program::templates`.
    pub fn template_index(&self) -> u16 {
        template_of(self.arena, self.slot)
    }

    /// What is said, with holes.
    pub fn template(&self) -> &'a Template {
        &self.program.templates[usize::from(self.template_index())]
    }

    /// How many arguments it has.
    pub fn len(&self) -> usize {
        self.template().arguments.len()
    }

    /// Whether it has no arguments.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The argument that the template's holes name by index.
    pub fn argument(&self, index: usize) -> Option<Value<'a>> {
        let ty = *self.template().arguments.get(index)?;
        let slot = self.arena.slot(first_argument(self.slot)? + 8 * index);
        Some(Value { program: self.program, arena: self.arena, ty, slot })
    }
}

fn template_of(arena: &Arena, speech: u64) -> u16 {
    match speech & 1 {
        1 => (speech >> 1) as u16,
        _ => arena.count((speech >> 1) as usize - 1) as u16,
    }
}

/// Where the arguments begin.
pub(crate) fn first_argument(speech: u64) -> Option<usize> {
    (speech & 1 == 0).then_some((speech >> 1) as usize + 7)
}

/// Template, depth and where the arguments begin, of a sentence that has some.
pub(crate) fn parts(arena: &Arena, speech: u64) -> Option<(u16, u32, usize)> {
    let first = first_argument(speech)?;
    Some((template_of(arena, speech), arena.count(first - 4) as u32, first))
}

/// How deep the deepest of these arguments nests sentences.
pub(crate) fn depth(program: &VerifiedProgram, arena: &Arena, types: &[TypeId], slots: &[u64]) -> u32 {
    let speeches = types.iter().zip(slots).filter(|(id, _)| *program.ty(**id) == Type::Speech);
    speeches.filter_map(|(_, slot)| parts(arena, *slot)).map(|(_, depth, _)| depth).max().unwrap_or(0)
}
