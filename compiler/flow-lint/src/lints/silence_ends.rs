//! The first menu of a call ends it at the first silence: whoever was still getting the telephone to the ear is
//! gone. Collections are left alone: some are asked only of those who are ready to answer.

use flow_check::hir::{BlockBody, End, ExitKind, Wait};
use flow_diagnostics::Diagnostic;

use super::menu_depth::{levels, wait_of};
use crate::{Found, Project, codes};

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    let Some(program) = project.program else { return };
    let asks = |wait: Option<&Wait>| matches!(wait, Some(Wait::Menu(_) | Wait::Collect(_)));
    let levels = levels(program, |block| asks(wait_of(block)));
    for (flow, levels) in program.flows.iter().zip(levels) {
        for (block, level) in flow.blocks.iter().zip(levels) {
            let BlockBody::Wait { wait, arms, .. } = &block.body else { continue };
            if level != Some(1) || !matches!(wait, Wait::Menu(_)) || !project.is_own(block.location.file) {
                continue;
            }
            let outcomes = wait.outcomes(program);
            for arm in arms {
                let silence = outcomes.get(arm.outcome).is_some_and(|outcome| outcome.name == "no_input");
                let End::Exit(exit) = &arm.tail.end else { continue };
                let ExitKind::Block(target, _) = exit.kind else { continue };
                let ends = matches!(flow.blocks[target].body, BlockBody::End { .. });
                if !silence || arm.times.is_some_and(|(_, times)| times > 1) || !ends {
                    continue;
                }
                found.push(
                    Diagnostic::warning(
                        codes::SILENCE_ENDS,
                        format!("a caller who is silent once at `{}` is sent away", block.name),
                        arm.location,
                        "ends the call without asking again",
                    )
                    .with_label(block.location, "the first question of the call")
                    .with_help("ask again first: `on no_input 2 times -> …`"),
                );
            }
        }
    }
}
