//! What stands when a server starts, before its first caller: where services are, what is still to be called, how
//! switches and people were left, and which names operators may use.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use flow_bytecode::VerifiedProgram;
use flow_node::{Admin, Input, Node};
use flow_switch::NotStarted;
use flow_switch::boundary::{Now, ProgramId};
use flow_switch::services::ServicePlace;

use crate::error::StartError;
use crate::orders::{self, Named, Word};
use crate::promised::{self, Promised};
use crate::server::KeptProgram;

/// Tells the node where switches and agents stood.
pub(crate) fn stand(node: &mut Node, at: Now, standing: Vec<Word>) {
    for word in standing {
        let admin = match word {
            Word::Lever { name, thrown } => Admin::Lever { name, thrown },
            Word::Agent { name, ready } => Admin::Presence { agent: name, ready },
            // It is started by its order, once.
            Word::Campaign { .. } => continue,
        };
        node.handle(at, Input::Admin(admin));
    }
}

/// Gives the node what is still to be called; tells how much of it has lost its program.
pub(crate) fn take_up(
    node: &mut Node,
    at: Now,
    programs: &BTreeMap<String, ProgramId>,
    promised: Promised,
) -> usize {
    let mut lost = 0;
    for callback in promised.callbacks {
        match programs.get(&callback.program) {
            Some(program) => node.restore_callback(at, *program, callback),
            None => lost += 1,
        }
    }
    for run in promised.campaigns {
        match programs.get(&run.program) {
            Some(program) => node.resume_campaign(at, *program, run),
            None => lost += 1,
        }
    }
    lost
}

/// Where each program's services are, in the order that programs are loaded in.
pub(crate) fn places(kept: &[KeptProgram], newest: &[ServicePlace]) -> Vec<Vec<ServicePlace>> {
    kept.iter().map(|kept| kept.services.clone()).chain([newest.to_vec()]).collect()
}

/// Starts a campaign that is to begin with the server; a service that is started again and again calls nobody
/// twice. Tells what came of it.
pub(crate) fn begin(
    node: &mut Node,
    at: Now,
    program: ProgramId,
    state: &Path,
    name: String,
) -> Result<String, StartError> {
    let refused = |reason: String| StartError::State { path: state.to_owned(), reason };
    if let Some(run) = promised::last_run(state, &name).map_err(refused)?
        && run.ended.is_some()
    {
        return Ok(format!(
            "the campaign {name} is done already; `flowc campaign start {name} --state {}` calls again",
            state.display()
        ));
    }
    match node.start_campaign(at, program, &name) {
        Ok(()) => Ok(format!("the campaign {name} is started")),
        Err(NotStarted::Running) => Ok(format!("the campaign {name} goes on where it was")),
        Err(error) => Err(StartError::Campaign { name, reason: error.to_string() }),
    }
}

/// The names that operators may use, by what they name.
pub(crate) struct Names {
    switches: BTreeSet<String>,
    agents: BTreeSet<String>,
    campaigns: BTreeSet<String>,
}

impl Names {
    /// Of programs, the newest last: campaigns are started on that alone.
    pub(crate) fn of<'p>(programs: impl Iterator<Item = &'p VerifiedProgram>) -> Names {
        let mut names =
            Names { switches: BTreeSet::new(), agents: BTreeSet::new(), campaigns: BTreeSet::new() };
        for program in programs {
            let text = |index: u32| program.texts.get(index as usize).cloned().unwrap_or_default();
            names.switches.extend(program.switches.iter().map(|name| text(*name)));
            names.agents = program.agents.iter().map(|agent| text(agent.name)).collect();
            names.campaigns = program.campaigns.iter().map(|campaign| text(campaign.name)).collect();
        }
        names
    }

    pub(crate) fn write(&self, state: &Path) -> Result<(), StartError> {
        let all = [
            (Named::Switch, &self.switches),
            (Named::Agent, &self.agents),
            (Named::Campaign, &self.campaigns),
        ];
        for (named, names) in all {
            orders::write_names(state, named, names)
                .map_err(|reason| StartError::State { path: state.to_owned(), reason })?;
        }
        Ok(())
    }
}
