//! The people of the deployment, read anew while the server runs: on a thread of its own, because reading them
//! checks the whole project, and held against the flows that run.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};

use flow_bytecode::VerifiedProgram;
use flow_switch::boundary::Person;

use crate::error::StartError;
use crate::orders::{self, Named};
use crate::server::RosterSource;
use crate::threads;

/// Told what came of it. Called on the roster's thread.
pub(crate) type RosterSink = Box<dyn Fn(Result<Vec<Person>, String>) + Send>;

/// The way to the thread that reads people.
pub(crate) struct Roster {
    asked: Option<Sender<()>>,
}

impl Roster {
    /// Starts the thread, where there is something to read.
    pub(crate) fn start(
        source: Option<RosterSource>,
        known: Known,
        state: PathBuf,
        sink: RosterSink,
    ) -> Result<Roster, StartError> {
        let Some(mut source) = source else { return Ok(Roster { asked: None }) };
        let (asked, asks) = channel();
        let read = move || {
            while asks.recv().is_ok() {
                // Several words at once are one.
                while asks.try_recv().is_ok() {}
                let people = source().and_then(|people| {
                    known.check(&people)?;
                    let names = people.iter().map(|person| person.name.clone()).collect();
                    orders::write_names(&state, Named::Agent, &names)?;
                    Ok(people)
                });
                sink(people);
            }
        };
        threads::vital("roster", read).map_err(StartError::System)?;
        Ok(Roster { asked: Some(asked) })
    }

    /// Reads the people again.
    pub(crate) fn read(&self) {
        if let Some(asked) = &self.asked {
            // A thread that is gone reads nothing; the process is ending.
            let _ = asked.send(());
        }
    }
}

/// What the flows that run know of people.
pub(crate) struct Known {
    teams: BTreeSet<String>,
    skills: BTreeSet<String>,
}

impl Known {
    pub(crate) fn of(program: &VerifiedProgram) -> Known {
        let text = |index: &u32| program.texts.get(*index as usize).cloned().unwrap_or_default();
        Known {
            teams: program.teams.iter().map(text).collect(),
            skills: program.skills.iter().map(text).collect(),
        }
    }

    /// Whether everybody is in teams and has skills that the flows ask for.
    fn check(&self, people: &[Person]) -> Result<(), String> {
        for person in people {
            let team = person.teams.iter().find(|team| !self.teams.contains(*team));
            let skill =
                person.skills.iter().map(|(skill, _)| skill).find(|skill| !self.skills.contains(*skill));
            let (what, name) = match (team, skill) {
                (Some(team), _) => ("team", team),
                (_, Some(skill)) => ("skill", skill),
                _ => continue,
            };
            return Err(format!(
                "{} has the {what} `{name}`, which the flows that run do not know; start the server anew",
                person.name
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_fit_the_flows_that_run() {
        let known = Known { teams: BTreeSet::from(["desk".to_owned()]), skills: BTreeSet::new() };
        let person = |team: &str| Person {
            name: "ann".into(),
            address: "sip:ann@h".into(),
            teams: vec![team.into()],
            skills: Vec::new(),
        };
        assert_eq!(known.check(&[person("desk")]), Ok(()));
        let why = known.check(&[person("desk"), person("night")]).unwrap_err();
        assert!(why.starts_with("ann has the team `night`, which the flows that run do not know"), "{why}");
    }
}
