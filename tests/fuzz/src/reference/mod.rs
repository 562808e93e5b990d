//! One call, told twice: by the reference interpreter over the checked program, and by the machine over its bytecode,
//! in the same world.
//!
//! The interpreter goes first. What it asks of the world is written down with the answers; then the machine must ask
//! the same, word for word and in the same order, and gets the same answers. What is only read between two effects
//! may be read in any order, and as often as one likes.

mod machine;
mod told;
mod world;

use flow_bytecode::{VerifiedProgram, verify};
use flow_check::hir;
use flow_project::Loaded;
use flow_reference::End;

use crate::random::Random;
use world::Script;

/// Steps of the interpreter between two waits, after which it is left undecided.
const STEPS: u32 = 20_000;
/// Flows of one program that are called.
const FLOWS: usize = 4;

/// What came of comparing a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// Both did the same, from begin to end: so many effects.
    Same(usize),
    /// They did the same until one of them came to a limit that the other has not.
    Undecided(String),
    /// They did not.
    Different(String),
}

/// Compares calls through the flows of a project that has no mistakes; `None` where it has some, or is too large.
pub fn compare(loaded: &Loaded, seed: u64, calls: u64) -> Option<Vec<Compared>> {
    let program = loaded.program.as_ref()?;
    let code = match flow_lower::lower(program, &loaded.sources).map(verify) {
        Ok(Ok(code)) => code,
        Ok(Err(faults)) => {
            let refused = flow_lower::limits::beyond(program, &faults).is_none();
            return refused.then(|| vec![Compared::Different(format!("it is refused: {}", faults[0]))]);
        }
        Err(limits) => {
            // Too large is too large; but what the checker lets through has a meaning.
            let unable = limits.iter().find(|limit| limit.code == flow_lower::limits::NOT_YET)?;
            return Some(vec![Compared::Different(unable.message.clone())]);
        }
    };
    let flows = 0..program.flows.len().min(FLOWS);
    let calls = flows.flat_map(|flow| (0..calls).map(move |call| (flow, call)));
    Some(calls.map(|(flow, call)| compare_call(program, &code, flow, seed.wrapping_add(call << 8))).collect())
}

/// Compares one call through a flow, in the world of a seed.
pub fn compare_call(program: &hir::Program, code: &VerifiedProgram, flow: usize, seed: u64) -> Compared {
    let mut random = Random::new(seed, flow as u64);
    let params = program.flows[flow].params.iter();
    let arguments: Vec<_> = params
        .map(|local| world::value(program, &program.flows[flow].locals[*local].ty.kind, &mut random, 0))
        .collect();
    let mut script = Script::new(program, random);
    let end = flow_reference::run(program, flow, arguments.clone(), STEPS, &mut script);
    if end == End::Fault(flow_reference::Fault::Impossible) {
        return Compared::Different(format!("the reference has no meaning for it\n{}", script.told()));
    }
    machine::play(code, flow, &arguments, &script, end)
}
