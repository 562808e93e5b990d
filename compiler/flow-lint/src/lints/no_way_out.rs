//! A queue in which callers may wait for long and have no key to do anything else.

use flow_check::hir::{TimedWhat, Wait};
use flow_diagnostics::Diagnostic;

use super::menu_depth::wait_of;
use crate::{Found, Project, codes};

/// Milliseconds of waiting that people bear without being offered anything.
const MOST: u64 = 10 * 60_000;

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    let Some(program) = project.program else { return };
    for flow in &program.flows {
        for block in &flow.blocks {
            let Some(Wait::Queue(stay)) = wait_of(block) else { continue };
            let offered = !stay.choices.is_empty()
                || stay.timed.iter().any(|timed| matches!(timed.what, TimedWhat::Choice { .. }));
            if offered || stay.longest_millis <= MOST || !project.is_own(block.location.file) {
                continue;
            }
            let minutes = stay.longest_millis / 60_000;
            found.push(
                Diagnostic::warning(
                    codes::NO_WAY_OUT,
                    format!(
                        "callers may wait in `{}` for {minutes} minutes and can only hang up",
                        block.name
                    ),
                    block.location,
                    "no key leads out of it",
                )
                .with_help("offer something: `after 2m press 1 for \"leaving a message\" -> …`"),
            );
        }
    }
}
