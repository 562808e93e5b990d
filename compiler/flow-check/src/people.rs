//! Skills, teams, agents and the shared queues that they serve.

use flow_diagnostics::{Location, Symbol};
use flow_syntax::ast::{self, BinaryOp as Op, ElementKind, ExprKind as Ast, ItemKind, Setting, UnaryOp};

use crate::codes;
use crate::context::{Checker, Say, Source};
use crate::flows::FlowContext;
use crate::hir::{self, AgentsRule, BinaryOp, Pick, Queue, SkillCondition};
use crate::kinds::SHARED_QUEUE;
use crate::near::nearest;

/// More combinations of levels than this are not tried when a relaxation is judged.
const MOST_COMBINATIONS: usize = 20_000;

impl<'a> Checker<'a> {
    /// The vocabulary of people, then the people.
    pub fn people(&mut self) {
        for source in self.sources.others.clone() {
            match &source.item.kind {
                ItemKind::Skill(names) => {
                    for name in names {
                        let next = self.program.skills.len();
                        if self.vocabulary(source.module, *name, next, |p| &mut p.skills, "skills") {
                            self.program.skills.push(self.name(name.symbol).into());
                        }
                    }
                }
                ItemKind::Team(names) => {
                    for name in names {
                        let next = self.program.teams.len();
                        if self.vocabulary(source.module, *name, next, |p| &mut p.teams, "teams") {
                            self.program.teams.push(self.name(name.symbol).into());
                        }
                    }
                }
                _ => {}
            }
        }
        for source in self.sources.others.clone() {
            self.agent(source);
        }
        for source in self.sources.others.clone() {
            if let ItemKind::Roster(from) = &source.item.kind {
                self.roster(source.module, from);
            }
        }
        self.unskilled();
    }

    /// Skills that no agent has, where the agents are those of the file.
    fn unskilled(&mut self) {
        if self.program.agents.is_empty() || self.has_roster {
            return;
        }
        let mut had = vec![false; self.program.skills.len()];
        for (skill, _) in self.program.agents.iter().flat_map(|agent| &agent.skills) {
            had[*skill] = true;
        }
        for source in self.sources.others.clone() {
            let ItemKind::Skill(names) = &source.item.kind else { continue };
            for name in names {
                if self.people.skills.get(&name.symbol).is_some_and(|id| !had[*id]) {
                    let text = self.name(name.symbol);
                    let at = name.span.at(self.file(source.module));
                    self.warning(
                        codes::NOBODY_SKILLED,
                        at,
                        format!("no agent has the skill `{text}`"),
                        "nobody",
                    )
                    .add_help(format!("give it to an agent: `{{ {text} 3 }}`, or remove it"));
                }
            }
        }
    }

    fn vocabulary(
        &mut self,
        module: usize,
        name: ast::Name,
        next: usize,
        map: fn(&mut crate::names::People) -> &mut std::collections::HashMap<Symbol, usize>,
        what: &str,
    ) -> bool {
        let fresh = !map(&mut self.people).contains_key(&name.symbol);
        if fresh {
            map(&mut self.people).insert(name.symbol, next);
        } else {
            let text = self.name(name.symbol);
            let at = name.span.at(self.file(module));
            self.error(codes::DEFINED_TWICE, at, format!("two {what} are named `{text}`"), "the second one")
                .add_help("remove one of them");
        }
        fresh
    }

    fn agent(&mut self, source: Source<'a>) {
        let ItemKind::Agent { name, address, teams, skills } = &source.item.kind else { return };
        let module = source.module;
        let next = self.program.agents.len();
        if !self.vocabulary(module, *name, next, |p| &mut p.agents, "agents") {
            return;
        }
        let text = crate::items::plain_text(address);
        if !crate::waits::sip_uri(&text) {
            let at = address.span.at(self.file(module));
            self.error(codes::BAD_ADDRESS, at, format!("\"{text}\" cannot be rung"), "not a SIP address")
                .add_help("write \"sip:NAME@HOST\"");
        }
        self.not_dear(&text, address.span.at(self.file(module)));
        let teams = teams.iter().filter_map(|t| self.team(module, *t)).collect();
        let mut levels: Vec<(usize, u32)> = Vec::new();
        for (skill, level) in skills {
            let Some(id) = self.skill(module, *skill) else { continue };
            let at = level.span.at(self.file(module));
            let Some(number) = u32::try_from(level.value).ok().filter(|l| (1..=100).contains(l)) else {
                self.error(codes::OUT_OF_RANGE, at, "a level goes from 1 to 100", "not in this range");
                continue;
            };
            levels.push((id, number));
        }
        let location = name.span.at(self.file(module));
        self.program.agents.push(hir::Agent {
            name: self.name(name.symbol).into(),
            address: text,
            teams,
            skills: levels,
            location,
        });
    }

    fn skill(&mut self, module: usize, name: ast::Name) -> Option<usize> {
        self.known(module, name, "skill")
    }

    fn team(&mut self, module: usize, name: ast::Name) -> Option<usize> {
        self.known(module, name, "team")
    }

    fn known(&mut self, module: usize, name: ast::Name, what: &str) -> Option<usize> {
        let map = if what == "skill" { &self.people.skills } else { &self.people.teams };
        if let Some(id) = map.get(&name.symbol) {
            return Some(*id);
        }
        let text = self.name(name.symbol);
        let all: &[String] = if what == "skill" { &self.program.skills } else { &self.program.teams };
        let near: Vec<String> =
            nearest(text, all.iter().map(String::as_str)).into_iter().map(String::from).collect();
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        let at = name.span.at(self.file(module));
        self.error(
            codes::UNKNOWN_NAME,
            at,
            format!("there is no {what} `{text}`"),
            format!("unknown {what}"),
        )
        .suggest(text, &near, at)
        .add_help(format!("declare it: `{what} {text}`"));
        None
    }

    /// Queues at the top of a file.
    pub fn queues(&mut self) {
        for id in 0..self.sources.queues.len() {
            let source = self.sources.queues[id];
            let ItemKind::Queue { name, body } = &source.item.kind else { continue };
            let elements: Vec<&ast::Element> = body.elements.iter().collect();
            for element in &elements {
                self.queue_clause(source.module, element);
            }
            let location = name.span.at(self.file(source.module));
            let full = self.full_name(source.module, name.symbol);
            let queue = self.queue(source.module, full, &elements, location);
            self.program.queues.push(queue);
        }
    }

    fn queue_clause(&mut self, module: usize, element: &ast::Element) {
        let at = element.span.at(self.file(module));
        let word = match &element.kind {
            ElementKind::Setting(setting) => self.clause_word(setting),
            ElementKind::Timed(ast::Timed { what: ast::Timely::Agents(_), repeats: false, .. }) => return,
            ElementKind::Timed(_) => "every",
            ElementKind::Statement(_) => "say",
            ElementKind::Choice(_) => "press",
            ElementKind::Arm(_) => "on",
            _ => "an exit",
        };
        if SHARED_QUEUE.contains(&word) {
            return;
        }
        self.error(
            codes::MISPLACED_CLAUSE,
            at,
            format!("`{word}` is not a clause of a shared queue"),
            "belongs to a caller's stay in it",
        )
        .add_help("write it in the `queue` block of a flow that joins this queue");
    }

    /// A `queue` block with agents of its own is both at once.
    pub fn own_queue(
        &mut self,
        f: &FlowContext<'a>,
        block: &ast::Block,
        elements: &[&ast::Element],
    ) -> usize {
        let location = f.scope.at(block.name.span);
        let name = format!("{}.{}", self.program.flows[f.id].name, self.name(block.name.symbol));
        let queue = self.queue(f.scope.module, name, elements, location);
        self.program.queues.push(queue);
        self.program.queues.len() - 1
    }

    fn queue(
        &mut self,
        module: usize,
        name: String,
        elements: &[&ast::Element],
        location: Location,
    ) -> Queue {
        let mut queue = Queue {
            name,
            agents: AgentsRule::default(),
            after: Vec::new(),
            pick: Pick::LongestIdle,
            capacity: None,
            beyond_capacity: None,
            wrap_millis: 0,
            location,
        };
        let mut places = Vec::new();
        for element in elements {
            let at = element.span.at(self.file(module));
            match &element.kind {
                ElementKind::Setting(Setting::Agents(agents)) => queue.agents = self.agents(module, agents),
                ElementKind::Timed(ast::Timed { what: ast::Timely::Agents(agents), period, .. }) => {
                    let rule = self.agents(module, agents);
                    queue.after.push((period.millis, rule));
                    places.push(at);
                }
                ElementKind::Setting(Setting::Pick { word, argument }) => {
                    queue.pick = self.pick(module, *word, *argument).unwrap_or(queue.pick);
                }
                ElementKind::Setting(Setting::Capacity { count, but_priority }) => {
                    if !(1..=1_000_000).contains(&count.value) {
                        self.error(
                            codes::OUT_OF_RANGE,
                            at,
                            "a queue holds at least one caller",
                            "not in this range",
                        );
                    }
                    queue.capacity = u32::try_from(count.value).ok();
                    queue.beyond_capacity = but_priority.and_then(|p| u32::try_from(p.value).ok());
                    if but_priority.is_some_and(|p| !(1..=10).contains(&p.value)) {
                        self.error(
                            codes::OUT_OF_RANGE,
                            at,
                            "a priority goes from 1 (first) to 10",
                            "not in this range",
                        );
                    }
                }
                ElementKind::Setting(Setting::Duration { word, value })
                    if self.name(word.symbol) == "wrap" =>
                {
                    queue.wrap_millis = value.millis;
                }
                _ => {}
            }
        }
        self.narrowing(&queue, &places);
        queue.after.sort_by_key(|(millis, _)| *millis);
        self.served(&queue);
        queue
    }

    fn agents(&mut self, module: usize, agents: &ast::Agents) -> AgentsRule {
        let team = agents.team.as_ref().and_then(|path| match path.names.as_slice() {
            [one] => self.team(module, *one),
            _ => None,
        });
        let condition = agents.with.as_ref().and_then(|e| self.skill_condition(module, e, 0));
        AgentsRule { team, condition }
    }

    fn skill_condition(&mut self, module: usize, e: &ast::Expr, depth: usize) -> Option<SkillCondition> {
        let at = e.span.at(self.file(module));
        match &e.kind {
            _ if depth > 64 => {
                self.error(codes::TOO_DEEP, at, "this condition is nested too deeply", "too deep");
                None
            }
            Ast::Binary { op: op @ (Op::And | Op::Or), left, right } => {
                let left = self.skill_condition(module, left, depth + 1);
                let right = self.skill_condition(module, right, depth + 1);
                let (left, right) = (Box::new(left?), Box::new(right?));
                Some(if *op == Op::And {
                    SkillCondition::And(left, right)
                } else {
                    SkillCondition::Or(left, right)
                })
            }
            Ast::Unary { op: UnaryOp::Not, of } => {
                let inner = self.skill_condition(module, of, depth + 1)?;
                Some(SkillCondition::Not(Box::new(inner)))
            }
            Ast::Binary { op, left, right } => {
                let compare = match op {
                    Op::Equal => BinaryOp::Equal,
                    Op::NotEqual => BinaryOp::NotEqual,
                    Op::Less => BinaryOp::Less,
                    Op::LessOrEqual => BinaryOp::LessOrEqual,
                    Op::Greater => BinaryOp::Greater,
                    Op::GreaterOrEqual => BinaryOp::GreaterOrEqual,
                    _ => return self.not_a_skill(at),
                };
                match (&left.kind, &right.kind) {
                    (Ast::Name(symbol), Ast::Int(level)) => {
                        let skill = self.skill(module, ast::Name { symbol: *symbol, span: left.span })?;
                        Some(SkillCondition::Compare(skill, compare, *level))
                    }
                    _ => self.not_a_skill(at),
                }
            }
            _ => self.not_a_skill(at),
        }
    }

    fn not_a_skill(&mut self, at: Location) -> Option<SkillCondition> {
        self.error(codes::SKILLS_ONLY, at, "who may serve is asked of skills and levels only", "not a level")
            .add_help("write `with technical >= 2 and spanish >= 1`");
        None
    }

    /// `pick longest_idle`, `pick best(technical)`
    pub fn pick(&mut self, module: usize, word: ast::Name, argument: Option<ast::Name>) -> Option<Pick> {
        const WORDS: [&str; 8] = [
            "longest_idle",
            "least_busy",
            "fewest_calls",
            "round_robin",
            "best",
            "in_order",
            "random",
            "all",
        ];
        let at = word.span.at(self.file(module));
        let text = self.name(word.symbol);
        Some(match (text, argument) {
            ("longest_idle", None) => Pick::LongestIdle,
            ("least_busy", None) => Pick::LeastBusy,
            ("fewest_calls", None) => Pick::FewestCalls,
            ("round_robin", None) => Pick::RoundRobin,
            ("in_order", None) => Pick::InOrder,
            ("random", None) => Pick::Random,
            ("all", None) => Pick::All,
            ("best", Some(skill)) => Pick::Best(self.skill(module, skill)?),
            ("best", None) => {
                self.error(codes::MISSING_ARGUMENT, at, "`best` needs the skill that counts", "in what?")
                    .add_help("write `pick best(technical)`");
                return None;
            }
            _ => {
                let near = nearest(text, WORDS);
                let all = crate::near::listed(&WORDS.map(|w| format!("`{w}`")), "and");
                self.error(codes::OUT_OF_RANGE, at, format!("nobody is picked by `{text}`"), "unknown")
                    .suggest(text, &near, at)
                    .add_note(format!("there are {all}"));
                return None;
            }
        })
    }

    /// A relaxation must let in all whom the rule before let in.
    fn narrowing(&mut self, queue: &Queue, places: &[Location]) {
        let mut current = &queue.agents;
        let mut last = 0;
        for ((millis, rule), at) in queue.after.iter().zip(places) {
            if *millis <= last {
                self.error(
                    codes::OUT_OF_RANGE,
                    *at,
                    "the times of `after` go up",
                    "not later than the one before",
                );
            }
            last = *millis;
            if narrower(current, rule) {
                self.error(codes::NARROWS, *at, "this lets in fewer people than before", "narrows")
                    .add_help("relax it: a lower level, another team, or fewer conditions")
                    .add_note(
                        "somebody who could have taken the call no longer may, while the caller waits longer",
                    );
            }
            current = rule;
        }
    }

    /// Somebody must be able to serve.
    fn served(&mut self, queue: &Queue) {
        let at = queue.location;
        let name = queue.name.clone();
        if self.program.agents.is_empty() && self.has_roster {
            return;
        }
        if self.program.agents.is_empty() {
            self.warning(
                codes::NO_AGENTS,
                at,
                format!("nobody is there to serve `{name}`"),
                "no agent is declared",
            )
            .add_help("declare one: `agent dana at \"sip:dana@pbx.example\" { technical 3 }`");
            return;
        }
        let fits = |rule: &AgentsRule| {
            self.program.agents.iter().any(|agent| {
                let level =
                    |skill| agent.skills.iter().find(|(s, _)| *s == skill).map_or(0, |(_, l)| i64::from(*l));
                rule.team.is_none_or(|t| agent.teams.contains(&t))
                    && rule.condition.as_ref().is_none_or(|c| holds(c, &level))
            })
        };
        if fits(&queue.agents) {
            return;
        }
        let first = queue.after.iter().find(|(_, rule)| fits(rule)).map(|(millis, _)| *millis);
        if let Some(millis) = first {
            let wait = millis / 1000;
            self.warning(
                codes::NOBODY_AT_FIRST,
                at,
                format!("nobody can serve `{name}` in the first {wait} seconds"),
                "no agent fits until it is relaxed",
            )
            .add_help("ask less from the start, or give an agent the level")
            .add_note("every caller in it waits that long for nothing");
        } else {
            self.error(codes::NOBODY_SERVES, at, format!("nobody can ever serve `{name}`"), "no agent fits")
                .add_help("lower what it asks, or give an agent the level")
                .add_note("every caller in it would wait for nothing");
        }
    }
}

fn holds(condition: &SkillCondition, level: &dyn Fn(usize) -> i64) -> bool {
    match condition {
        SkillCondition::And(a, b) => holds(a, level) && holds(b, level),
        SkillCondition::Or(a, b) => holds(a, level) || holds(b, level),
        SkillCondition::Not(a) => !holds(a, level),
        SkillCondition::Compare(skill, op, number) => {
            let found = level(*skill);
            match op {
                BinaryOp::Equal => found == *number,
                BinaryOp::NotEqual => found != *number,
                BinaryOp::Less => found < *number,
                BinaryOp::LessOrEqual => found <= *number,
                BinaryOp::Greater => found > *number,
                _ => found >= *number,
            }
        }
    }
}

/// Whether somebody of the first rule does not fit the second: every level that could matter is tried.
fn narrower(before: &AgentsRule, after: &AgentsRule) -> bool {
    if after.team.is_some() && before.team.is_some() && after.team != before.team {
        // Another team is a choice, not a narrower one.
        return false;
    }
    if after.team.is_some() && before.team.is_none() {
        return true;
    }
    let mut levels: Vec<(usize, Vec<i64>)> = Vec::new();
    for condition in [&before.condition, &after.condition].into_iter().flatten() {
        interesting(condition, &mut levels);
    }
    let combinations = levels.iter().map(|(_, l)| l.len()).fold(1usize, usize::saturating_mul);
    if combinations > MOST_COMBINATIONS {
        return false;
    }
    (0..combinations).any(|mut number| {
        let chosen: Vec<(usize, i64)> = levels
            .iter()
            .map(|(skill, values)| {
                let value = values[number % values.len()];
                number /= values.len();
                (*skill, value)
            })
            .collect();
        let level = |skill| chosen.iter().find(|(s, _)| *s == skill).map_or(0, |(_, l)| *l);
        before.condition.as_ref().is_none_or(|c| holds(c, &level))
            && !after.condition.as_ref().is_none_or(|c| holds(c, &level))
    })
}

/// The levels at which a condition may change its answer.
fn interesting(condition: &SkillCondition, out: &mut Vec<(usize, Vec<i64>)>) {
    match condition {
        SkillCondition::And(a, b) | SkillCondition::Or(a, b) => {
            interesting(a, out);
            interesting(b, out);
        }
        SkillCondition::Not(a) => interesting(a, out),
        SkillCondition::Compare(skill, _, number) => {
            let index = out.iter().position(|(s, _)| s == skill).unwrap_or_else(|| {
                out.push((*skill, vec![0]));
                out.len() - 1
            });
            let levels = &mut out[index].1;
            for level in [number.saturating_sub(1), *number, number.saturating_add(1)] {
                if level >= 0 && !levels.contains(&level) {
                    levels.push(level);
                }
            }
        }
    }
}
