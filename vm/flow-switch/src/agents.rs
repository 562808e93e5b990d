//! Agents: the people of the deployment, by name. What they can, whether they are there, what they are at.

use std::collections::BTreeMap;

use flow_bytecode::Program;
use flow_bytecode::program::{AgentsRule, Comparison, Pick, SkillTerm};

use crate::boundary::Person;
use crate::chance::Chance;

/// Names given numbers that hold for the whole deployment.
#[derive(Debug, Default)]
struct Names(BTreeMap<String, u16>);

impl Names {
    fn number(&mut self, name: &str) -> u16 {
        let next = self.0.len() as u16;
        *self.0.entry(name.to_owned()).or_insert(next)
    }
}

/// Phones that ring at once for one caller, as in a `dial`; of more people, those who have been idle longest.
const MOST_RUNG: usize = 32;

/// What an agent is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Busy {
    Free,
    Ringing,
    Talking,
    /// After-call work until then.
    Wrapping(u64),
}

/// One person.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) name: String,
    pub(crate) address: String,
    teams: Vec<u16>,
    skills: Vec<(u16, u32)>,
    /// Whether the newest program that spoke of agents names this one.
    employed: bool,
    /// Signed in.
    pub(crate) here: bool,
    /// At other work.
    pub(crate) occupied: bool,
    pub(crate) busy: Busy,
    /// Not offered calls until then, after not coming to the phone.
    paused_until: u64,
    idle_since: u64,
    calls: u32,
    talked_micros: u64,
}

impl Agent {
    /// Whether no call rings, goes on or is being worked on after its end.
    pub(crate) fn is_at_no_call(&self) -> bool {
        self.busy == Busy::Free
    }

    fn is_free(&self, now: u64) -> bool {
        self.employed && self.here && !self.occupied && self.busy == Busy::Free && self.paused_until <= now
    }

    /// When the agent becomes free by time alone.
    pub(crate) fn deadline(&self, now: u64) -> Option<u64> {
        match self.busy {
            Busy::Wrapping(until) => Some(until),
            Busy::Free if self.paused_until > now => Some(self.paused_until),
            _ => None,
        }
    }
}

/// Who may serve, in the deployment's numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rule {
    team: Option<u16>,
    condition: Vec<SkillTerm>,
}

impl Rule {
    fn admits(&self, agent: &Agent) -> bool {
        if self.team.is_some_and(|team| !agent.teams.contains(&team)) {
            return false;
        }
        // The condition is in postfix order; the stack is a word's bits, which the verifier's depth fits.
        let (mut stack, mut depth) = (0_u64, 0_u32);
        for term in &self.condition {
            match term {
                SkillTerm::Compare(skill, comparison, number) => {
                    let level =
                        agent.skills.iter().find(|(of, _)| of == skill).map_or(0, |(_, level)| *level);
                    stack = stack << 1 | u64::from(compare(i64::from(level), *comparison, *number));
                    depth += 1;
                }
                SkillTerm::Not if depth >= 1 => stack ^= 1,
                SkillTerm::And if depth >= 2 => {
                    stack = stack >> 1 & (stack | !1);
                    depth -= 1;
                }
                SkillTerm::Or if depth >= 2 => {
                    stack = stack >> 1 | stack & 1;
                    depth -= 1;
                }
                _ => return false,
            }
        }
        depth == 0 || stack & 1 == 1
    }
}

fn compare(level: i64, comparison: Comparison, number: i64) -> bool {
    match comparison {
        Comparison::Equal => level == number,
        Comparison::NotEqual => level != number,
        Comparison::Less => level < number,
        Comparison::LessOrEqual => level <= number,
        Comparison::Greater => level > number,
        Comparison::GreaterOrEqual => level >= number,
    }
}

/// All agents.
#[derive(Debug, Default)]
pub(crate) struct Agents {
    list: Vec<Agent>,
    by_name: BTreeMap<String, u32>,
    /// Those who are employed, by their address.
    by_address: BTreeMap<String, u32>,
    skills: Names,
    teams: Names,
}

impl Agents {
    /// Takes a program's people in place of those that were there: nobody serves a program that does not name them.
    pub(crate) fn load(&mut self, now: u64, program: &Program) {
        let text = |id: u32| program.texts.get(id as usize).map_or("", String::as_str).to_owned();
        let team = |index: &u16| text(program.teams.get(usize::from(*index)).copied().unwrap_or(u32::MAX));
        let skill = |index: u16| text(program.skills.get(usize::from(index)).copied().unwrap_or(u32::MAX));
        let people = program.agents.iter().map(|entry| Person {
            name: text(entry.name),
            address: text(entry.address),
            teams: entry.teams.iter().map(team).collect(),
            skills: entry.skills.iter().map(|(index, level)| (skill(*index), *level)).collect(),
        });
        let people: Vec<Person> = people.collect();
        self.employ(now, &people);
    }

    /// Takes people: they replace what is known of them, and who is not named is not offered calls any more. New
    /// people are there at once.
    pub(crate) fn employ(&mut self, now: u64, people: &[Person]) {
        for agent in &mut self.list {
            agent.employed = false;
        }
        self.by_address.clear();
        for person in people {
            let name = person.name.as_str();
            let index = self.by_name.get(name).copied().unwrap_or_else(|| {
                self.by_name.insert(name.to_owned(), self.list.len() as u32);
                self.list.push(Agent {
                    name: name.to_owned(),
                    address: String::new(),
                    teams: Vec::new(),
                    skills: Vec::new(),
                    employed: true,
                    here: true,
                    occupied: false,
                    busy: Busy::Free,
                    paused_until: 0,
                    idle_since: now,
                    calls: 0,
                    talked_micros: 0,
                });
                self.list.len() as u32 - 1
            });
            let teams = person.teams.iter().map(|team| self.teams.number(team)).collect();
            let skills = person.skills.iter();
            let skills = skills.map(|(skill, level)| (self.skills.number(skill), *level)).collect();
            let agent = &mut self.list[index as usize];
            agent.employed = true;
            agent.address.clone_from(&person.address);
            (agent.teams, agent.skills) = (teams, skills);
            self.by_address.insert(person.address.clone(), index);
        }
    }

    /// A program's rule in the deployment's numbers.
    pub(crate) fn rule(&mut self, program: &Program, rule: &AgentsRule) -> Rule {
        let text = |ids: &[u32], index: u16| {
            let id = ids.get(usize::from(index)).copied().unwrap_or(u32::MAX);
            program.texts.get(id as usize).map_or("", String::as_str)
        };
        let condition = rule.condition.iter().map(|term| match term {
            SkillTerm::Compare(skill, comparison, number) => {
                let skill = self.skills.number(text(&program.skills, *skill));
                SkillTerm::Compare(skill, *comparison, *number)
            }
            other => other.clone(),
        });
        let condition = condition.collect();
        Rule { team: rule.team.map(|team| self.teams.number(text(&program.teams, team))), condition }
    }

    /// How many are rung or talk.
    pub(crate) fn engaged(&self) -> usize {
        self.list.iter().filter(|agent| matches!(agent.busy, Busy::Ringing | Busy::Talking)).count()
    }

    pub(crate) fn named(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// Whose phone is at an address.
    pub(crate) fn at_address(&self, address: &str) -> Option<u32> {
        self.by_address.get(address).copied()
    }

    /// Whether an agent's phone rings or is in use for one of our calls.
    pub(crate) fn is_engaged(&self, index: u32) -> bool {
        matches!(self.get(index).busy, Busy::Ringing | Busy::Talking)
    }

    pub(crate) fn get(&self, index: u32) -> &Agent {
        &self.list[index as usize]
    }

    pub(crate) fn get_mut(&mut self, index: u32) -> &mut Agent {
        &mut self.list[index as usize]
    }

    /// Whether somebody is signed in, whatever they are at.
    pub(crate) fn is_here(&self, index: u32) -> bool {
        let agent = self.get(index);
        agent.employed && agent.here
    }

    /// Those who could be offered a call now.
    pub(crate) fn free(&self, now: u64) -> Vec<u32> {
        (0..self.list.len() as u32).filter(|index| self.get(*index).is_free(now)).collect()
    }

    /// Whether somebody whom one of the rules admits is signed in, and how many are.
    pub(crate) fn signed_in<'a>(&self, rules: impl Iterator<Item = &'a Rule> + Clone) -> u32 {
        let may =
            |agent: &&Agent| agent.employed && agent.here && rules.clone().any(|rule| rule.admits(agent));
        self.list.iter().filter(may).count() as u32
    }

    pub(crate) fn admitted(&self, rule: &Rule, agent: u32) -> bool {
        rule.admits(self.get(agent))
    }

    /// The end of an offer that came to nothing by the agent's doing: no calls for a while.
    pub(crate) fn pause(&mut self, agent: u32, now: u64, until: u64) {
        let agent = self.get_mut(agent);
        agent.busy = Busy::Free;
        agent.paused_until = until;
        agent.idle_since = now;
    }

    /// The end of an offer that was taken back.
    pub(crate) fn let_go(&mut self, agent: u32) {
        self.get_mut(agent).busy = Busy::Free;
    }

    /// The end of a talk.
    pub(crate) fn talked(&mut self, agent: u32, now: u64, talk_micros: u64, wrap_micros: u64) {
        let agent = self.get_mut(agent);
        agent.calls = agent.calls.saturating_add(1);
        agent.talked_micros = agent.talked_micros.saturating_add(talk_micros);
        agent.idle_since = now.saturating_add(wrap_micros);
        agent.busy =
            if wrap_micros == 0 { Busy::Free } else { Busy::Wrapping(now.saturating_add(wrap_micros)) };
    }

    /// Time has passed for an agent: whether that made it free.
    pub(crate) fn due(&mut self, agent: u32, now: u64) -> bool {
        let agent = self.get_mut(agent);
        if let Busy::Wrapping(until) = agent.busy
            && until <= now
        {
            agent.busy = Busy::Free;
        }
        agent.is_free(now)
    }

    /// Chooses among free people, by a queue's strategy and its round-robin hand.
    pub(crate) fn pick(&self, pick: Pick, among: &[u32], hand: &mut u32, chance: &mut Chance) -> Vec<u32> {
        let least = |key: &dyn Fn(&Agent) -> u64| {
            among.iter().copied().min_by_key(|index| (key(self.get(*index)), *index)).into_iter().collect()
        };
        match pick {
            Pick::LongestIdle => least(&|agent| agent.idle_since),
            Pick::LeastBusy => least(&|agent| agent.talked_micros),
            Pick::FewestCalls => least(&|agent| u64::from(agent.calls)),
            Pick::RoundRobin => {
                let next = among.iter().copied().find(|index| *index >= *hand).or(among.first().copied());
                *hand = next.map_or(*hand, |index| index + 1);
                next.into_iter().collect()
            }
            Pick::Best(_) => least(&|_| 0),
            Pick::InOrder => among.first().copied().into_iter().collect(),
            Pick::Random => match among.len() {
                0 => Vec::new(),
                count => vec![among[chance.below(count as u32) as usize]],
            },
            Pick::All => {
                let mut all = among.to_vec();
                if all.len() > MOST_RUNG {
                    all.sort_unstable_by_key(|index| (self.get(*index).idle_since, *index));
                    all.truncate(MOST_RUNG);
                }
                all
            }
        }
    }

    /// The same with the level of a skill (in the deployment's numbers) as what counts: the best first, then
    /// who has been idle longest.
    pub(crate) fn pick_best(&self, skill: u16, among: &[u32]) -> Vec<u32> {
        let key =
            |index: &u32| (std::cmp::Reverse(self.level(*index, skill)), self.get(*index).idle_since, *index);
        among.iter().copied().min_by_key(key).into_iter().collect()
    }

    /// The level of an agent in a skill (in the deployment's numbers).
    pub(crate) fn level(&self, agent: u32, skill: u16) -> u32 {
        let skills = &self.get(agent).skills;
        skills.iter().find(|(of, _)| *of == skill).map_or(0, |(_, level)| *level)
    }

    /// Since when an agent is idle, how many calls they had, and how long they talked.
    pub(crate) fn used(&self, agent: u32) -> (u64, u32, u64) {
        let agent = self.get(agent);
        (agent.idle_since, agent.calls, agent.talked_micros)
    }

    /// The deployment's number of a program's skill, when it has one.
    pub(crate) fn skill_of(&self, program: &Program, skill: u16) -> Option<u16> {
        let id = *program.skills.get(usize::from(skill))?;
        self.skills.0.get(program.texts.get(id as usize)?).copied()
    }

    /// The deployment's number of a program's skill.
    pub(crate) fn skill(&mut self, program: &Program, skill: u16) -> u16 {
        let id = program.skills.get(usize::from(skill)).copied().unwrap_or(u32::MAX);
        self.skills.number(program.texts.get(id as usize).map_or("", String::as_str))
    }
}
