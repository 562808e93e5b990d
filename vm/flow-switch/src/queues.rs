//! Queues: who waits, in which order, and who may serve them. One queue per name in the whole deployment.
//!
//! A *place* is a caller's: it has an age, which it keeps when the caller leaves the queue by a key and comes
//! back, or goes on to another queue. Nothing here knows of legs or coroutines.

use std::collections::btree_set::Iter;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;

use flow_bytecode::Program;
use flow_bytecode::program::Pick;
use slab::Slab;

use crate::agents::{Agents, Rule};
use crate::boundary::CallId;
use crate::chance::Chance;

/// How long serving a caller takes when a queue has not served any yet.
const SERVICE_MICROS_AT_FIRST: u64 = 180_000_000;

/// The order of places in a queue: priority 1 first, then age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    priority: u8,
    born: u64,
    place: u32,
}

/// Whose a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Call(CallId),
    /// A promised callback, by its number among them.
    Callback(u32),
}

/// One caller's place.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) whose: Whose,
    pub(crate) queue: u32,
    priority: u8,
    /// When its age began, in whichever queue.
    born: u64,
    /// When it came into this queue.
    pub(crate) joined: u64,
    /// Since when its caller is away.
    pub(crate) away_since: Option<u64>,
    /// Somebody's phone rings for it.
    engaged: bool,
    /// Held out for one person until then.
    prefer: Option<(u32, u64)>,
}

impl Place {
    fn rank(&self, place: u32) -> Rank {
        Rank { priority: self.priority, born: self.born, place }
    }
}

#[derive(Debug)]
struct Queue {
    name: String,
    rule: Rule,
    /// Relaxations by microseconds waited in this queue.
    after: Vec<(u64, Rule)>,
    pick: Pick,
    capacity: Option<u32>,
    beyond_capacity: Option<u32>,
    wrap_micros: u64,
    /// Those who wait, those whose agent's phone rings included; not those who are away.
    line: BTreeSet<Rank>,
    away: u32,
    /// Where round robin goes on.
    hand: u32,
    service_micros: u64,
}

impl Queue {
    fn rules(&self) -> impl Iterator<Item = &Rule> + Clone {
        std::iter::once(&self.rule).chain(self.after.iter().map(|(_, rule)| rule))
    }

    /// The rules that hold after so long a wait: relaxations add people.
    fn rules_after(&self, waited: u64) -> impl Iterator<Item = &Rule> {
        let relaxed = self.after.iter().take_while(move |(after, _)| *after <= waited);
        std::iter::once(&self.rule).chain(relaxed.map(|(_, rule)| rule))
    }
}

/// All queues and places.
#[derive(Debug, Default)]
pub(crate) struct Queues {
    list: Vec<Queue>,
    by_name: BTreeMap<String, u32>,
    places: Slab<Place>,
}

/// What a queue says to a caller who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Place(u32),
    Full,
    Unstaffed,
}

impl Queues {
    /// Takes a program's queues, which replace those of the same names; gives the deployment's number for
    /// each of the program's.
    pub(crate) fn load(&mut self, program: &Program, agents: &mut Agents) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(program.queues.len());
        for entry in &program.queues {
            let name = program.texts.get(entry.name as usize).map_or("", String::as_str);
            let rule = agents.rule(program, &entry.agents);
            let after = entry
                .after
                .iter()
                .map(|(millis, rule)| (millis * 1000, agents.rule(program, rule)))
                .collect();
            let pick = match entry.pick {
                Pick::Best(skill) => Pick::Best(agents.skill(program, skill)),
                other => other,
            };
            let index = self.by_name.get(name).copied().unwrap_or_else(|| {
                self.by_name.insert(name.to_owned(), self.list.len() as u32);
                self.list.push(Queue {
                    name: name.to_owned(),
                    rule: Rule::default(),
                    after: Vec::new(),
                    pick,
                    capacity: None,
                    beyond_capacity: None,
                    wrap_micros: 0,
                    line: BTreeSet::new(),
                    away: 0,
                    hand: 0,
                    service_micros: SERVICE_MICROS_AT_FIRST,
                });
                self.list.len() as u32 - 1
            });
            let queue = &mut self.list[index as usize];
            queue.rule = rule;
            queue.after = after;
            queue.pick = pick;
            queue.capacity = entry.capacity;
            queue.beyond_capacity = entry.beyond_capacity;
            queue.wrap_micros = entry.wrap_millis * 1000;
            numbers.push(index);
        }
        numbers
    }

    pub(crate) fn name(&self, queue: u32) -> &str {
        &self.list[queue as usize].name
    }

    pub(crate) fn wrap_micros(&self, queue: u32) -> u64 {
        self.list[queue as usize].wrap_micros
    }

    pub(crate) fn place(&self, place: u32) -> &Place {
        &self.places[place as usize]
    }

    /// A caller comes to a queue, perhaps with a place that was kept.
    pub(crate) fn join(
        &mut self,
        now: u64,
        call: CallId,
        queue: u32,
        priority: i64,
        kept: Option<u32>,
        agents: &Agents,
    ) -> Entry {
        let priority = priority.clamp(1, 10) as u8;
        let target = &self.list[queue as usize];
        if agents.signed_in(target.rules()) == 0 {
            self.leave(kept);
            return Entry::Unstaffed;
        }
        // Who comes back to the queue whose place was kept is never refused as full.
        if let Some(place) = kept
            && self.place(place).queue == queue
        {
            let own = &mut self.places[place as usize];
            own.priority = own.priority.min(priority);
            if own.away_since.take().is_some() {
                self.list[queue as usize].away -= 1;
            }
            let rank = own.rank(place);
            self.list[queue as usize].line.insert(rank);
            return Entry::Place(place);
        }
        let inside = target.line.len() as u32 + target.away;
        let beyond = target.beyond_capacity.is_some_and(|least| u32::from(priority) <= least);
        if target.capacity.is_some_and(|capacity| inside >= capacity) && !beyond {
            self.leave(kept);
            return Entry::Full;
        }
        let born = kept.map_or(now, |place| self.place(place).born);
        self.leave(kept);
        let own = Place {
            whose: Whose::Call(call),
            queue,
            priority,
            born,
            joined: now,
            away_since: None,
            engaged: false,
            prefer: None,
        };
        let place = self.places.insert(own) as u32;
        let rank = self.place(place).rank(place);
        self.list[queue as usize].line.insert(rank);
        Entry::Place(place)
    }

    /// Whether a place is there, and a call's.
    pub(crate) fn is_of(&self, place: u32, call: CallId) -> bool {
        self.places.get(place as usize).is_some_and(|own| own.whose == Whose::Call(call))
    }

    /// Gives a place up.
    pub(crate) fn leave(&mut self, place: Option<u32>) {
        let Some(place) = place else { return };
        let own = self.places.remove(place as usize);
        let queue = &mut self.list[own.queue as usize];
        if own.away_since.is_some() {
            queue.away -= 1;
        } else {
            queue.line.remove(&own.rank(place));
        }
    }

    /// Of a place: when it was born and when it came into its queue, its priority and queue.
    pub(crate) fn parts(&self, place: u32) -> (u64, u64, u8, u32) {
        let own = self.place(place);
        (own.born, own.joined, own.priority, own.queue)
    }

    pub(crate) fn named(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// A place of a call that was restored: kept, until the call takes it up.
    pub(crate) fn take_up(
        &mut self,
        whose: Whose,
        queue: u32,
        priority: u8,
        born: u64,
        joined: u64,
        now: u64,
    ) -> u32 {
        let priority = priority.clamp(1, 10);
        let away_since = Some(now);
        let own = Place { whose, queue, priority, born, joined, away_since, engaged: false, prefer: None };
        self.list[queue as usize].away += 1;
        self.places.insert(own) as u32
    }

    /// Gives a place to somebody who is not there, such as a callback: the one that a caller had, or a new one at
    /// the end of the line. It is away at first. `None` when the queue is full.
    pub(crate) fn give(
        &mut self,
        now: u64,
        kept: Option<u32>,
        queue: u32,
        priority: i64,
        whose: Whose,
    ) -> Option<u32> {
        let priority = priority.clamp(1, 10) as u8;
        if let Some(place) = kept
            && self.place(place).queue == queue
        {
            self.away(now, place);
            let own = &mut self.places[place as usize];
            own.whose = whose;
            own.priority = own.priority.min(priority);
            own.prefer = None;
            return Some(place);
        }
        let target = &self.list[queue as usize];
        let inside = target.line.len() as u32 + target.away;
        let beyond = target.beyond_capacity.is_some_and(|least| u32::from(priority) <= least);
        if target.capacity.is_some_and(|capacity| inside >= capacity) && !beyond {
            return None;
        }
        let born = kept.map_or(now, |place| self.place(place).born);
        self.leave(kept);
        Some(self.take_up(whose, queue, priority, born, now, now))
    }

    /// A place changes hands.
    pub(crate) fn set_whose(&mut self, place: u32, whose: Whose) {
        self.places[place as usize].whose = whose;
    }

    /// A place that was away is in line again.
    pub(crate) fn back(&mut self, place: u32) {
        let own = &mut self.places[place as usize];
        if own.away_since.take().is_some() {
            let rank = own.rank(place);
            let queue = &mut self.list[own.queue as usize];
            queue.away -= 1;
            queue.line.insert(rank);
        }
    }

    /// The caller leaves by a key: the place is kept, and skipped meanwhile.
    pub(crate) fn away(&mut self, now: u64, place: u32) {
        let own = &mut self.places[place as usize];
        own.engaged = false;
        if own.away_since.is_none() {
            own.away_since = Some(now);
            let rank = own.rank(place);
            let queue = &mut self.list[own.queue as usize];
            queue.line.remove(&rank);
            queue.away += 1;
        }
    }

    /// A better priority; never a worse one.
    pub(crate) fn set_priority(&mut self, place: u32, priority: i64) {
        let own = &mut self.places[place as usize];
        let priority = priority.clamp(1, 10) as u8;
        if priority >= own.priority {
            return;
        }
        let before = own.rank(place);
        own.priority = priority;
        let rank = own.rank(place);
        let line = &mut self.list[own.queue as usize].line;
        if line.remove(&before) {
            line.insert(rank);
        }
    }

    pub(crate) fn set_prefer(&mut self, place: u32, prefer: Option<(u32, u64)>) {
        self.places[place as usize].prefer = prefer;
    }

    /// Whether somebody's phone rings for a place.
    pub(crate) fn set_engaged(&mut self, place: u32, engaged: bool) {
        self.places[place as usize].engaged = engaged;
    }

    /// From 1, among those who wait.
    pub(crate) fn position(&self, place: u32) -> u32 {
        let own = self.place(place);
        self.list[own.queue as usize].line.range(..own.rank(place)).count() as u32 + 1
    }

    pub(crate) fn waiting(&self, queue: u32) -> u32 {
        self.list[queue as usize].line.len() as u32
    }

    /// How long who waits longest has waited, in microseconds.
    pub(crate) fn longest_wait(&self, queue: u32, now: u64) -> u64 {
        let line = &self.list[queue as usize].line;
        let joined = line.iter().map(|rank| self.place(rank.place).joined).min();
        joined.map_or(0, |joined| now.saturating_sub(joined))
    }

    pub(crate) fn staff(&self, queue: u32, agents: &Agents) -> u32 {
        agents.signed_in(self.list[queue as usize].rules())
    }

    pub(crate) fn free(&self, queue: u32, agents: &Agents, now: u64) -> u32 {
        let queue = &self.list[queue as usize];
        let may = |agent: &&u32| queue.rules().any(|rule| agents.admitted(rule, **agent));
        agents.free(now).iter().filter(may).count() as u32
    }

    /// How long who has so many before them will wait, by what serving has taken lately; `None` when nobody
    /// serves.
    pub(crate) fn expected_micros(&self, queue: u32, before: u32, agents: &Agents, now: u64) -> Option<u64> {
        let staff = u64::from(self.staff(queue, agents));
        if staff == 0 {
            return None;
        }
        if self.free(queue, agents, now) > before {
            return Some(0);
        }
        Some((u64::from(before) + 1) * self.list[queue as usize].service_micros / staff)
    }

    /// A talk is over: what serving takes is remembered, the newest weighing an eighth.
    pub(crate) fn served(&mut self, queue: u32, talk_micros: u64) {
        let queue = &mut self.list[queue as usize];
        let took = talk_micros.saturating_add(queue.wrap_micros);
        queue.service_micros = queue.service_micros / 8 * 7 + took / 8;
    }

    /// When time alone will change who may serve a place.
    pub(crate) fn next_change(&self, place: u32, now: u64) -> Option<u64> {
        let own = self.place(place);
        if own.engaged || own.away_since.is_some() {
            return None;
        }
        let relaxations = self.list[own.queue as usize].after.iter().map(|(after, _)| own.joined + after);
        let prefer = own.prefer.map(|(_, until)| until);
        relaxations.chain(prefer).filter(|at| *at > now).min()
    }

    /// Calls in a queue, in line order.
    pub(crate) fn calls(&self) -> Vec<CallId> {
        let lines = self.list.iter().flat_map(|queue| queue.line.iter());
        let whose = lines.map(|rank| self.place(rank.place).whose);
        whose
            .filter_map(|whose| match whose {
                Whose::Call(call) => Some(call),
                Whose::Callback(_) => None,
            })
            .collect()
    }

    /// Brings free people and waiting callers together, the lowest priority and then the oldest place first,
    /// across all queues. Gives who is to be rung for whom.
    pub(crate) fn dispatch(
        &mut self,
        now: u64,
        agents: &Agents,
        chance: &mut Chance,
    ) -> Vec<(Whose, Vec<u32>)> {
        let mut free = agents.free(now);
        let mut offers = Vec::new();
        if free.is_empty() {
            return offers;
        }
        // Only queues that somebody free may serve at all take part.
        let mut lines: Vec<(usize, Peekable<Iter<'_, Rank>>)> = Vec::new();
        for (index, queue) in self.list.iter().enumerate() {
            let may = |agent: &u32| queue.rules().any(|rule| agents.admitted(rule, *agent));
            if !queue.line.is_empty() && free.iter().any(may) {
                lines.push((index, queue.line.iter().peekable()));
            }
        }
        let mut hands: Vec<u32> = self.list.iter().map(|queue| queue.hand).collect();
        while !free.is_empty() {
            let first = lines.iter_mut().filter_map(|(queue, line)| Some((**line.peek()?, *queue, line)));
            let Some((rank, index, line)) = first.min_by_key(|(rank, ..)| *rank) else { break };
            line.next();
            let own = &mut self.places[rank.place as usize];
            if own.engaged {
                continue;
            }
            let queue = &self.list[index];
            let waited = now.saturating_sub(own.joined);
            let admitted = |agent: &u32| queue.rules_after(waited).any(|rule| agents.admitted(rule, *agent));
            let mut candidates: Vec<u32> = free.iter().copied().filter(admitted).collect();
            // There is no holding out for somebody who is not there or may not serve.
            if let Some((preferred, until)) = own.prefer
                && until > now
                && agents.is_here(preferred)
                && admitted(&preferred)
            {
                candidates.retain(|agent| *agent == preferred);
            }
            let picked = match queue.pick {
                Pick::Best(skill) => agents.pick_best(skill, &candidates),
                pick => agents.pick(pick, &candidates, &mut hands[index], chance),
            };
            if picked.is_empty() {
                continue;
            }
            free.retain(|agent| !picked.contains(agent));
            own.engaged = true;
            offers.push((own.whose, picked));
        }
        for (queue, hand) in self.list.iter_mut().zip(hands) {
            queue.hand = hand;
        }
        offers
    }
}

#[cfg(test)]
mod tests {
    use flow_bytecode::program::{Agent, AgentsRule, Queue as Entry, SkillTerm};

    use super::*;

    /// Two agents, `ann` in team 0 and `bob` in none, and a queue that team 0 serves; bob after a minute.
    fn desk() -> (Queues, Agents) {
        let rule = |team| AgentsRule { team, condition: Vec::<SkillTerm>::new() };
        let agent = |name, teams| Agent { name, address: name, teams, skills: Vec::new() };
        let program = Program {
            texts: ["ann", "bob", "desk", "help"].map(str::to_owned).to_vec(),
            teams: vec![2],
            agents: vec![agent(0, vec![0]), agent(1, Vec::new())],
            queues: vec![Entry {
                name: 3,
                agents: rule(Some(0)),
                after: vec![(60_000, rule(None))],
                pick: Pick::LongestIdle,
                capacity: Some(2),
                beyond_capacity: Some(1),
                wrap_millis: 0,
            }],
            ..Program::default()
        };
        let (mut queues, mut agents) = (Queues::default(), Agents::default());
        agents.load(0, &program);
        queues.load(&program, &mut agents);
        (queues, agents)
    }

    const CALL: CallId = CallId { slot: 0, generation: 0 };
    const SECOND: u64 = 1_000_000;

    fn offered(queues: &mut Queues, agents: &Agents, now: u64) -> Vec<u32> {
        let offers = queues.dispatch(now, agents, &mut Chance::new(0));
        offers.into_iter().flat_map(|(_, agents)| agents).collect()
    }

    #[test]
    fn a_preference_is_held_out_for_while_it_can_come_true() {
        let (ann, bob) = (0, 1);
        // Ann is preferred and free; bob is preferred, but may not serve this queue yet.
        for whom in [ann, bob] {
            let (mut queues, agents) = desk();
            let super::Entry::Place(place) = queues.join(0, CALL, 0, 5, None, &agents) else { panic!() };
            queues.set_prefer(place, Some((whom, 20 * SECOND)));
            assert_eq!(offered(&mut queues, &agents, SECOND), [ann]);
        }
        // After a minute both may serve: bob is waited for while he is at other work, but not when he is gone.
        let (mut queues, mut agents) = desk();
        let super::Entry::Place(place) = queues.join(0, CALL, 0, 5, None, &agents) else { panic!() };
        queues.set_prefer(place, Some((bob, 90 * SECOND)));
        agents.get_mut(bob).occupied = true;
        assert!(offered(&mut queues, &agents, 70 * SECOND).is_empty());
        assert_eq!(queues.next_change(place, 70 * SECOND), Some(90 * SECOND));
        agents.get_mut(bob).here = false;
        assert_eq!(offered(&mut queues, &agents, 71 * SECOND), [ann]);
    }

    #[test]
    fn nobody_serves_a_program_that_does_not_name_them() {
        let (_, mut agents) = desk();
        assert_eq!(agents.free(SECOND).len(), 2);
        agents.load(SECOND, &Program::default());
        assert!(agents.free(SECOND).is_empty());
    }

    #[test]
    fn no_more_than_so_many_phones_ring_for_one_caller() {
        let mut agents = Agents::default();
        let person = |index: u32| crate::boundary::Person {
            name: format!("a{index}"),
            address: format!("sip:a{index}@h"),
            teams: Vec::new(),
            skills: Vec::new(),
        };
        agents.employ(0, &(0..100).map(person).collect::<Vec<_>>());
        let free = agents.free(SECOND);
        assert_eq!(free.len(), 100);
        let picked = agents.pick(Pick::All, &free, &mut 0, &mut Chance::new(0));
        assert_eq!(picked.len(), 32);
        assert_eq!(agents.pick(Pick::All, &free[..5], &mut 0, &mut Chance::new(0)), free[..5]);
    }

    #[test]
    fn capacity_counts_who_is_away_and_lets_the_first_in_beyond_it() {
        let (mut queues, agents) = desk();
        let mut join = |priority, kept| queues.join(0, CALL, 0, priority, kept, &agents);
        let super::Entry::Place(first) = join(5, None) else { panic!() };
        assert!(matches!(join(5, None), super::Entry::Place(_)));
        assert_eq!(join(5, None), super::Entry::Full);
        assert!(matches!(join(1, None), super::Entry::Place(_)), "priority 1 is beyond the capacity");
        queues.away(SECOND, first);
        assert_eq!(
            queues.join(0, CALL, 0, 5, None, &agents),
            super::Entry::Full,
            "a place that is away counts"
        );
        assert_eq!(queues.waiting(0), 2);
        assert_eq!(queues.join(0, CALL, 0, 5, Some(first), &agents), super::Entry::Place(first));
        // Priority 1 is first, then age.
        assert_eq!(queues.position(first), 2);
        assert_eq!(queues.longest_wait(0, 5 * SECOND), 5 * SECOND);
    }
}
