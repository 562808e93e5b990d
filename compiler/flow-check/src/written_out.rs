//! What is small where it stands and large when it is written out: a prompt that speaks a prompt twice, which speaks
//! one twice, and so on. The same for records in records, functions that call functions, and flows that run flows.
//! All of it is known here, so none of it is left to the machine, which would give up in the middle of a call.

use flow_diagnostics::Location;

use crate::codes;
use crate::context::{Checker, Say as _};
use crate::hir::{Segment, Spoken, SpokenKind, TypeKind, Words};

/// Pieces of a text, or of a prompt with all prompts in it.
pub const MOST_PIECES: usize = 1_000;
/// Decisions and prompts within prompts; the machine follows 16.
const MOST_SPEECH_DEPTH: u32 = 12;
/// Fields of a record with those of all records in it.
const MOST_FIELDS: usize = 4_096;
/// Records within records; the machine follows 16, lists and options included.
const MOST_TYPE_DEPTH: u32 = 16;
/// Variants of an enum, as many as the machine knows.
pub const MOST_VARIANTS: usize = 1_024;
/// Calls of functions that one call may make, all in all, and how many may be under way at once.
const MOST_CALLS: usize = 1_000;
const MOST_CALL_DEPTH: u32 = 16;
/// Flows that are run by each other at once; with the functions as many as the machine has frames.
const MOST_RUN_DEPTH: u32 = 16;

/// How much something is when it is written out, and how deep.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Size {
    all: usize,
    depth: u32,
}

/// The sizes of things that are made of each other. What is made of itself was told elsewhere, and counts once.
fn sizes(own: &[Size], uses: &[Vec<usize>]) -> Vec<Size> {
    let mut known: Vec<Option<Size>> = vec![None; own.len()];
    let mut under_way = vec![false; own.len()];
    for start in 0..own.len() {
        let mut todo = vec![start];
        while let Some(&at) = todo.last() {
            if known[at].is_some() {
                todo.pop();
                continue;
            }
            if !std::mem::replace(&mut under_way[at], true) {
                let first = todo.len();
                todo.extend(uses[at].iter().filter(|of| known[**of].is_none() && !under_way[**of]));
                if todo.len() > first {
                    continue;
                }
            }
            let mut size = own[at];
            let mut below = 0;
            for inner in uses[at].iter().filter_map(|of| known[*of]) {
                size.all = size.all.saturating_add(inner.all);
                below = below.max(inner.depth);
            }
            size.depth = size.depth.saturating_add(below);
            known[at] = Some(size);
            todo.pop();
        }
    }
    known.into_iter().map(Option::unwrap_or_default).collect()
}

/// The first that are too large: those of which no part is so itself.
fn too_large(sizes: &[Size], uses: &[Vec<usize>], most: Size) -> Vec<usize> {
    let over = |size: &Size| size.all > most.all || size.depth > most.depth;
    let found = sizes
        .iter()
        .enumerate()
        .filter(|(at, size)| over(size) && !uses[*at].iter().any(|of| over(&sizes[*of])));
    found.map(|(at, _)| at).collect()
}

/// Uses by what uses, from pairs.
fn by_user(nodes: usize, pairs: &[(usize, usize, Location)]) -> Vec<Vec<usize>> {
    let mut uses = vec![Vec::new(); nodes];
    for (user, used, _) in pairs {
        if *used < nodes
            && let Some(of) = uses.get_mut(*user)
        {
            of.push(*used);
        }
    }
    uses
}

impl Checker<'_> {
    /// Records and enums that hold too much.
    pub fn large_shapes(&mut self) {
        let records = self.shapes.records.len();
        let enums = self.shapes.enums.len();
        let mut uses: Vec<Vec<usize>> = vec![Vec::new(); records + enums];
        let mut own = vec![Size { all: 1, depth: 1 }; records + enums];
        for (at, shape) in self.shapes.records.iter().enumerate() {
            own[at].all = shape.types.len().max(1);
            shape.types.iter().for_each(|ty| parts(&ty.kind, records, &mut uses[at]));
        }
        for (id, variants) in self.shapes.enums.iter().enumerate() {
            let at = records + id;
            own[at].all = variants.iter().map(|(_, shape)| shape.types.len()).sum::<usize>().max(1);
            for ty in variants.iter().flat_map(|(_, shape)| &shape.types) {
                parts(&ty.kind, records, &mut uses[at]);
            }
        }
        let place = |this: &Self, at: usize| {
            let source =
                if at < records { this.sources.records[at] } else { this.sources.enums[at - records] };
            source.item.span.at(this.file(source.module))
        };
        for id in 0..enums {
            let count = self.shapes.enums[id].len();
            if count > MOST_VARIANTS {
                let (at, name) = (place(self, records + id), self.program.enums[id].name.clone());
                let message =
                    format!("`{name}` has {count} variants, and an enum has at most {MOST_VARIANTS}");
                self.error(codes::WRITTEN_OUT, at, message, "too many")
                    .add_help("keep what is so many as a text, or as the rows of a `table`");
            }
        }
        let most = Size { all: MOST_FIELDS, depth: MOST_TYPE_DEPTH };
        let sizes = sizes(&own, &uses);
        for index in too_large(&sizes, &uses, most) {
            let name = match index < records {
                true => self.program.records[index].name.clone(),
                false => self.program.enums[index - records].name.clone(),
            };
            let message = match sizes[index].all > most.all {
                true => {
                    format!("`{name}` holds more than {MOST_FIELDS} fields, with those of what it is made of")
                }
                false => format!("`{name}` is made of more than {MOST_TYPE_DEPTH} records within each other"),
            };
            self.error(codes::WRITTEN_OUT, place(self, index), message, "too large")
                .add_help("keep less in it: what nobody asks for need not be there");
        }
    }

    /// Prompts that are too long with all that they speak. A word stands for each then, so that nobody walks through
    /// them.
    pub fn large_prompts(&mut self) {
        let own: Vec<Size> = self.program.prompts.iter().map(|prompt| spoken_size(&prompt.spoken)).collect();
        let uses = by_user(own.len(), &self.uses.prompts);
        let most = Size { all: MOST_PIECES, depth: MOST_SPEECH_DEPTH };
        let sizes = sizes(&own, &uses);
        for index in too_large(&sizes, &uses, most) {
            let (at, name) = (self.program.prompts[index].location, self.program.prompts[index].name.clone());
            let message = match sizes[index].all > most.all {
                true => {
                    format!("`{name}` has more than {MOST_PIECES} pieces, with the prompts that it speaks")
                }
                false => format!("`{name}` speaks prompts and decisions more than {MOST_SPEECH_DEPTH} deep"),
            };
            self.error(codes::WRITTEN_OUT, at, message, "too large when it is spoken")
                .add_help("decide once, and say less: nobody listens to the end of this");
        }
        for (prompt, size) in self.program.prompts.iter_mut().zip(sizes) {
            if size.all > most.all || size.depth > most.depth {
                let words =
                    Words { language: 0, segments: [Segment::Text("x".into())].into(), recording: None };
                prompt.spoken.kind = SpokenKind::Words { variants: [words].into(), in_turn: false };
            }
        }
    }

    /// Functions that call too many, and flows that run too deep.
    pub fn large_calls(&mut self) {
        let functions = self.program.functions.len();
        let uses = by_user(functions, &self.uses.functions);
        let sizes = sizes(&vec![Size { all: 1, depth: 1 }; functions], &uses);
        let most = Size { all: MOST_CALLS, depth: MOST_CALL_DEPTH };
        for index in too_large(&sizes, &uses, most) {
            let function = &self.program.functions[index];
            let (at, name) = (function.location, function.name.clone());
            let message = match sizes[index].all > most.all {
                true => format!(
                    "`{name}` makes more than {MOST_CALLS} calls of functions, with those that they make"
                ),
                false => format!("`{name}` calls functions more than {MOST_CALL_DEPTH} deep"),
            };
            self.error(codes::WRITTEN_OUT, at, message, "too much to calculate")
                .add_help("keep what is needed twice in a `let`, and pass it on")
                .add_note("a call would be lost while it calculates");
        }
        let flows = self.program.flows.len();
        let uses = by_user(flows, &self.uses.runs);
        let sizes = self::sizes(&vec![Size { all: 0, depth: 1 }; flows], &uses);
        for index in too_large(&sizes, &uses, Size { all: usize::MAX, depth: MOST_RUN_DEPTH }) {
            let flow = &self.program.flows[index];
            let (at, name) = (flow.location, flow.name.clone());
            self.error(
                codes::WRITTEN_OUT,
                at,
                format!("`{name}` runs flows more than {MOST_RUN_DEPTH} deep"),
                "too deep",
            )
            .add_help("go on to a flow with `-> FLOW` where nothing comes back")
            .add_note("a call would be lost where the last of them is run");
        }
    }
}

/// The records and enums that a type names, enums numbered behind `records`.
fn parts(kind: &TypeKind, records: usize, out: &mut Vec<usize>) {
    match kind {
        TypeKind::Optional(of) | TypeKind::List(of) => parts(of, records, out),
        TypeKind::Map(key, value) => {
            parts(key, records, out);
            parts(value, records, out);
        }
        TypeKind::Record(id) => out.push(*id),
        TypeKind::Enum(id) => out.push(records + id),
        _ => {}
    }
}

/// What speech is without the prompts in it.
fn spoken_size(spoken: &Spoken) -> Size {
    match &spoken.kind {
        SpokenKind::Words { variants, .. } => {
            let longest = variants.iter().map(|words| words.segments.len()).max();
            Size { all: longest.unwrap_or_default().max(1), depth: 0 }
        }
        SpokenKind::Sequence(all) => together(all.iter()),
        SpokenKind::When { arms, otherwise } => {
            let inner = together(arms.iter().map(|(_, spoken)| spoken).chain([&**otherwise]));
            Size { all: inner.all.saturating_add(1), depth: inner.depth + 1 }
        }
        SpokenKind::Prompt(..) | SpokenKind::Sound(_) => Size { all: 1, depth: 0 },
    }
}

fn together<'s>(all: impl Iterator<Item = &'s Spoken>) -> Size {
    all.map(spoken_size).fold(Size::default(), |one, other| Size {
        all: one.all.saturating_add(other.all),
        depth: one.depth.max(other.depth),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_twice_counts_twice_and_a_circle_once() {
        let own = vec![Size { all: 1, depth: 1 }; 64];
        let uses: Vec<Vec<usize>> =
            (0..64).map(|at| if at < 63 { vec![at + 1, at + 1] } else { Vec::new() }).collect();
        let found = sizes(&own, &uses);
        assert_eq!(found[63], Size { all: 1, depth: 1 });
        assert_eq!(found[62], Size { all: 3, depth: 2 });
        assert_eq!(found[53].all, 2047);
        assert_eq!(found[0], Size { all: usize::MAX, depth: 64 });
        assert_eq!(too_large(&found, &uses, Size { all: 2000, depth: 99 }), [53]);
        assert_eq!(sizes(&own[..2], &[vec![1], vec![0]])[1], Size { all: 1, depth: 1 });
    }
}
