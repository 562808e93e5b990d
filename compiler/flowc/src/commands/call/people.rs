//! The people behind the line: what each of them does when a call comes.

use std::str::FromStr;

use flow_bytecode::VerifiedProgram;
use flow_project::Problem;
use flow_sim::flow_switch::boundary::LegId;
use flow_sim::{Answering, Person, World};

use super::Args;

/// How long a simulated phone rings, and how long its owner talks, in milliseconds.
pub(super) const ANSWERS_AFTER: u64 = 3_000;
pub(super) const TALKS: u64 = 20_000;

/// What an agent does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers after three seconds and talks for twenty.
    Ready,
    /// Is there, and on the phone.
    Busy,
    /// Is not signed in.
    Away,
    /// Lets it ring.
    Silent,
}

impl Behaviour {
    fn answering(self) -> Answering {
        match self {
            Self::Ready => Answering::After(ANSWERS_AFTER),
            Self::Busy => Answering::Busy,
            Self::Away => Answering::Unreachable,
            Self::Silent => Answering::Never,
        }
    }
}

impl FromStr for Behaviour {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "ready" => Ok(Self::Ready),
            "busy" => Ok(Self::Busy),
            "away" => Ok(Self::Away),
            "silent" => Ok(Self::Silent),
            other => Err(format!("`{other}` is none of ready, busy, away, silent")),
        }
    }
}

/// `dana=busy`.
pub(super) fn one(text: &str) -> Result<(String, Behaviour), String> {
    let (name, behaviour) = text.split_once('=').ok_or("write NAME=BEHAVIOUR, as `dana=busy`")?;
    Ok((name.to_owned(), behaviour.parse()?))
}

/// Puts everybody in the place that the arguments say.
pub(super) fn set(world: &mut World, program: &VerifiedProgram, arguments: &Args) -> Result<(), Problem> {
    let text = |id: u32| program.texts[id as usize].clone();
    let answering = arguments.agents.answering();
    world.stranger = Person { answering, talks: Some(TALKS), accepts: Some(b'1') };
    for agent in &program.agents {
        change(world, program, &text(agent.name), arguments.agents);
    }
    for (name, behaviour) in &arguments.agent {
        if !change(world, program, name, *behaviour) {
            let names: Vec<String> =
                program.agents.iter().map(|agent| format!("`{}`", text(agent.name))).collect();
            return Err(Problem {
                what: format!("there is no agent `{name}`"),
                action: match names.as_slice() {
                    [] => "this project has no agents".into(),
                    names => format!("agents are {}", names.join(", ")),
                },
            });
        }
    }
    Ok(())
}

/// Puts one agent in a place, or whoever is at an address; false when there is no such agent.
pub(super) fn change(world: &mut World, program: &VerifiedProgram, name: &str, behaviour: Behaviour) -> bool {
    let person = Person { answering: behaviour.answering(), talks: Some(TALKS), accepts: Some(b'1') };
    let Some(agent) = program.agents.iter().find(|agent| program.texts[agent.name as usize] == name) else {
        let is_address = name.starts_with('+') || name.starts_with("sip:");
        if is_address {
            world.person(name, person);
        }
        return is_address;
    };
    world.person(&program.texts[agent.address as usize], person);
    world.presence(name, behaviour != Behaviour::Away);
    world.occupied(name, behaviour == Behaviour::Busy);
    true
}

/// The leg of an agent who is rung or talks.
pub(super) fn leg(world: &World, program: &VerifiedProgram, name: &str) -> Option<LegId> {
    let agent = program.agents.iter().find(|agent| program.texts[agent.name as usize] == name)?;
    world.legs_at(&program.texts[agent.address as usize]).first().copied()
}
